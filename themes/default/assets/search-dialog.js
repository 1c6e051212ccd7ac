// The search dialog on every page, by "/" and Ctrl/⌘K: a combobox over a list
// of options. An option is a link, or it acts upon the field.
(function () {
  "use strict";

  const parts = window.deploysiteSearchParts;
  if (!parts || document.querySelector("[data-search-page]")) return;
  const {el, href, isolated, strong, hint, button, count, kindMark, excerpt, queries} = parts;

  const most = 8, page = parts.place.getAttribute("href");
  const acts = new WeakMap(); // option → what it does, where it is no link
  let options = [], active = -1, wanted = null;

  const examples = [
    ["lock timeout", "words, also begun or misspelt"],
    ["\"out of memory\"", "exactly these words"],
    ["-staging", "without this word"],
    ["service:", "one service; also env: by: tag:"],
    ["status:failed", "one outcome"],
    ["has:issue", "with an issue; also has:lesson, has:tip"],
    ["after:2026-01", "since then; also before:"]
  ];

  const input = el("input", {
    type: "text", role: "combobox", "aria-label": "Search", "aria-autocomplete": "list", "aria-controls": "finder-list", "aria-expanded": "false",
    autocomplete: "off", autocapitalize: "off", spellcheck: "false", enterkeyhint: "go", maxlength: 500, placeholder: "Search the history"
  });
  const words = el("div", {class: "finder-words"});
  const list = el("div", {id: "finder-list", class: "finder-list", role: "listbox", "aria-label": "Results"});
  const settings = el("div", {class: "finder-settings"});
  const body = el("div", {class: "finder-body"}, words, list, settings);
  const status = el("p", {class: "vh", role: "status"});
  const announce = parts.announcer(status);
  const control = /Mac|iPhone|iPad/.test(navigator.platform) ? "⌘" : "Ctrl";
  const key = (what, ...keys) => el("span", null, ...keys.map(k => el("kbd", null, k)), " " + what);
  const dialog = el("dialog", {class: "finder", "aria-label": "Search"},
    el("div", {class: "finder-field"}, el("span", {class: "lens", "aria-hidden": "true"}), input, button("", () => dialog.close(), "Close")), body,
    el("p", {class: "finder-keys", "aria-hidden": "true"}, key("choose", "↑", "↓"), key("open", "Enter"), key("in a new tab", control, "Enter"), key("close", "Esc")),
    status);

  function option(name, act, ...children) {
    const link = typeof act === "string" && act;
    const o = el(link ? "a" : "div", {class: "finder-option " + name, role: "option", "aria-selected": "false", href: link, tabindex: link && "-1"}, ...children);
    if (typeof act === "function") acts.set(o, act);
    return o;
  }

  const group = (title, ...children) => el("div", {role: "group", "aria-label": title}, ...children);
  const headed = (title, ...children) => group(title, el("p", {class: "finder-head", "aria-hidden": "true"}, title), ...children);

  // show puts groups of options into the list, and say what stands above it.
  function show(groups, first) {
    list.replaceChildren(...groups.filter(Boolean));
    options = Array.from(list.querySelectorAll("[role=option]"));
    options.forEach((o, i) => { o.id = "finder-option-" + i; });
    list.hidden = options.length === 0;
    input.setAttribute("aria-expanded", String(options.length > 0));
    active = -1;
    activate(first);
    body.scrollTop = 0;
  }

  function say(text, above) {
    words.replaceChildren(...(above || []));
    settings.replaceChildren();
    announce(text);
  }

  function activate(i, still) {
    if (options[active]) options[active].setAttribute("aria-selected", "false");
    active = options[i] ? i : -1;
    if (active < 0) { input.removeAttribute("aria-activedescendant"); return; }
    options[i].setAttribute("aria-selected", "true");
    input.setAttribute("aria-activedescendant", options[i].id);
    if (!still) options[i].scrollIntoView({block: "nearest"});
  }

  const move = step => activate(active < 0 && step < 0 ? options.length - 1 : (active + step + options.length) % options.length);

  // leaf goes as far as one can see.
  function leaf(step) {
    let i = Math.max(active, 0);
    const from = options[i].offsetTop;
    do i += step; while (options[i + step] && Math.abs(options[i + step].offsetTop - from) < body.clientHeight * 0.8);
    activate(Math.min(Math.max(i, 0), options.length - 1));
  }

  function choose(o, tab) {
    if (!o) return;
    if (!tab || !o.href) { o.click(); return; }
    queries.add(input.value.trim());
    window.open(o.href, "_blank", "noopener");
  }

  function ask(query) {
    input.value = query;
    input.focus();
    update();
  }

  // Before anything is typed: what was asked lately, and what can be asked.
  function blank(first) {
    const recent = queries.list();
    const drop = q => e => { e.stopPropagation(); queries.drop(q); blank(); };
    say(recent.length ? "Recent searches and examples; the Delete key removes a recent one" : "");
    show([
      recent.length && headed("Recent", ...recent.map(q => option("finder-recent", () => ask(q), isolated(q),
        el("span", {class: "finder-drop", "aria-hidden": "true", title: "Remove", click: drop(q)}, "×")))),
      headed("What you can ask", ...examples.map(([text, what]) => option("finder-example", () => ask(text),
        el("code", null, text), " ", el("span", {class: "about"}, what)))),
      group("An error", option("", page + "#error", "Have you seen this error before? ", el("span", {class: "about"}, "Paste a message or a log")))
    ], first);
    const box = el("input", {type: "checkbox", checked: parts.slash.on(), change: () => parts.slash.set(box.checked)});
    settings.append(el("label", null, box, " Open search with the key ", el("kbd", null, "/")),
      recent.length ? button("link", () => { queries.keep([]); ask(""); }, "Clear recent searches") : "");
  }

  const result = r => group(r.title,
    option("", href(r.url),
      el("span", {class: "finder-title"}, kindMark(r.kind), " ", parts.title(r), " ", parts.outcomeMark(r.status)), " ", parts.about(r), " ",
      parts.body("span", "finder-excerpt", r), parts.resolution("span", "finder-excerpt", r)),
    ...r.notes.map(n => option("finder-note", href(n.url), kindMark(n.kind), " ", excerpt("span", "finder-excerpt", n.excerpt))));

  function answer(query, found) {
    const again = (before, text, query) => option("", () => ask(query), before, strong(text));
    const hints = found.hints.map(h => hint(isolated(h)));
    if (!found.total) {
      say("Nothing found", [el("p", null, "Nothing found for ", strong(query.trim()), ".")].concat(hints));
      show([found.corrected && again("Did you mean ", found.corrected, found.corrected)].concat(parts.without(query).map(([part, rest]) => again("Search without ", part, rest))), 0);
      return;
    }
    const total = count(found.total, "result");
    const all = option("finder-all", page + "?q=" + encodeURIComponent(query), "All " + total, el("span", {class: "about"}, "with filters"));
    say(total, (found.corrected ? [hint("Results for ", strong(found.corrected))] : []).concat(hints));
    show(found.results.map(result).concat(all), 0);
    if (wanted) choose(options[active], wanted.tab);
  }

  // What a log was like, where several lines were pasted.
  function like(found) {
    const n = found.results.length, text = n ? count(n, "deployment") + " had an error like this one" : "Nothing on record is like this error";
    say(text, [hint(text)]);
    show(found.results.map(result), 0);
  }

  // Fields whose values are offered while they are typed: by:ad → by:"Ada Park".
  const fields = parts.map({service: "service", env: "environment", by: "by", status: "status", tag: "tag"});
  const fold = text => text.normalize("NFKD").replace(/[\u0300-\u036f]/g, "").toLowerCase();

  // complete asks for the values of the field that is being typed, and for
  // results where there is none, or where it is typed to its end.
  function complete([, before, not, field, begun], engine, signal, whole) {
    return engine.search(before.trim(), {limit: 0, facets: true, signal: signal}).then(found => {
      const start = fold(begun), all = found.facets[fields.get(field)] || [];
      const values = all.filter(v => fold(v.name).includes(start)).slice(0, most);
      if (!values.length || all.some(v => fold(v.value) === start)) return whole();
      return () => {
        say(count(values.length, "value"));
        show([group("Values", ...values.map(v => option("", () => ask(before + not + field + ":" + (/\s/.test(v.value) ? "\"" + v.value + "\"" : v.value) + " "),
          el("code", null, field + ":"), " ", isolated(v.name), " ", el("span", {class: "count"}, v.count))))], 0);
      };
    });
  }

  const search = parts.asker({
    busy: on => { dialog.classList.toggle("busy", on); if (on) announce("Searching"); },
    failed: () => { const f = parts.failure(); say(f.textContent, [f]); show([]); }
  });

  function update() {
    const query = input.value, field = /^(|.*\s)(-?)(service|env|by|status|tag):"?([^\s"]*)$/.exec(query);
    wanted = null;
    if (!query.trim()) { search.cancel(); blank(); return; }
    search((engine, signal) => {
      const whole = () => engine.search(query, {limit: most, signal: signal}).then(found => () => answer(query, found));
      return field ? complete(field, engine, signal, whole) : whole();
    });
  }

  function enter(tab) {
    // Enter means the answer to what stands in the field, not the one before.
    if (search.waiting()) wanted = {tab: tab};
    else choose(options[active], tab);
  }

  function dropActive() {
    const i = active;
    queries.drop(queries.list()[i]);
    blank(Math.min(i, queries.list().length - 1));
  }

  const keys = {
    ArrowDown: () => move(1), ArrowUp: () => move(-1), PageDown: () => leaf(1), PageUp: () => leaf(-1),
    Home: () => activate(0), End: () => activate(options.length - 1)
  };

  input.addEventListener("keydown", e => {
    if (e.isComposing || e.altKey || e.shiftKey) return;
    const tab = e.ctrlKey || e.metaKey;
    let act = null;
    if (e.key === "Enter") act = () => enter(tab);
    else if (e.key === "Delete" && !input.value && options[active] && options[active].matches(".finder-recent")) act = dropActive;
    else if (options.length && !tab) act = keys[e.key];
    if (!act) return;
    e.preventDefault();
    act();
  });
  input.addEventListener("input", update);
  input.addEventListener("paste", e => {
    const text = e.clipboardData.getData("text").trim();
    if (!text.includes("\n")) return;
    e.preventDefault();
    input.value = text.replace(/\s+/g, " ").slice(0, 500);
    search((engine, signal) => engine.similar(text, {limit: most, signal: signal}).then(found => () => like(found)));
  });
  list.addEventListener("click", e => {
    const o = e.target.closest("[role=option]");
    if (!o) return;
    if (acts.has(o)) { acts.get(o)(); return; }
    queries.add(input.value.trim());
    // A place on this page: nothing is loaded that would close the dialog.
    if (o.href && !e.ctrlKey && !e.metaKey && !e.shiftKey && o.pathname === location.pathname && o.search === location.search) dialog.close();
  });
  list.addEventListener("pointermove", e => {
    const i = options.indexOf(e.target.closest("[role=option]"));
    if (i >= 0 && i !== active) activate(i, true);
  });
  dialog.addEventListener("pointerdown", e => { if (e.target === dialog) dialog.close(); }); // beside it
  dialog.addEventListener("close", search.cancel);
  window.addEventListener("pagehide", () => dialog.close());
  document.body.append(dialog);

  parts.place.setAttribute("aria-haspopup", "dialog");
  parts.open = () => {
    if (!dialog.open) dialog.showModal();
    input.focus();
    input.select();
    parts.engine().catch(() => { /* the first question will tell */ });
    update();
  };
})();
