// The search dialog, by "/" and Ctrl/⌘K: a combobox over a list of options. An
// option is a link, or it acts upon the field.
(function () {
  "use strict";

  const parts = window.deploysiteSearchParts;
  if (!parts) return;
  const {el, href, isolated, hint, button, fold, excerpt, queries} = parts, {t, n, nodes} = deploysiteWords;

  const most = 8, longest = 500, page = parts.place.getAttribute("href");
  let options = [], active = -1, wanted = null;

  const examples = [
    [t("dialog.words"), t("dialog.words-hint")],
    [t("dialog.exact"), t("dialog.exact-hint")],
    [t("dialog.not"), t("dialog.not-hint")],
    ["service:", t("dialog.service-hint")],
    ["status:failed", t("dialog.status-hint")],
    ["has:issue", t("dialog.has-hint")],
    ["after:2026-01", t("dialog.after-hint")]
  ];

  const input = el("input", {
    type: "text", role: "combobox", "aria-label": t("nav.search"), "aria-autocomplete": "list", "aria-controls": "finder-list",
    autocomplete: "off", autocapitalize: "off", spellcheck: "false", enterkeyhint: "go", placeholder: t("dialog.placeholder")
  });
  const words = el("div", {class: "finder-words"});
  const list = el("div", {id: "finder-list", class: "finder-list", role: "listbox", "aria-label": t("search.results")});
  const settings = el("div", {class: "finder-settings"});
  const body = el("div", {class: "finder-body"}, words, list, settings);
  const status = el("p", {class: "vh", role: "status"});
  const announce = parts.announcer(status);
  const key = (name, what) => el("span", null, el("kbd", null, name), " " + what);
  const dialog = el("dialog", {class: "finder", "aria-label": t("nav.search")},
    el("div", {class: "finder-field"}, input, button("", () => dialog.close(), t("dialog.close"))), body,
    el("p", {class: "finder-keys", "aria-hidden": "true"}, key("↑ ↓", t("dialog.choose")), key("Enter", t("dialog.go")), key("Esc", t("dialog.leave"))),
    status);

  function option(name, act, ...children) {
    const link = typeof act === "string" && act;
    return el(link ? "a" : "div", {class: "finder-option " + name, role: "option", href: link, tabindex: link && "-1", click: !link && act}, ...children);
  }

  const about = text => el("span", {class: "about"}, text);
  const group = (title, ...children) => el("div", {role: "group", "aria-label": title}, ...children);
  const headed = (title, ...children) => group(title, el("p", {class: "finder-head", "aria-hidden": "true"}, title), ...children);

  // show fills the dialog: what is told, what stands above the list, the list.
  function show(told, above, groups, first) {
    announce(told);
    words.replaceChildren(...above);
    settings.replaceChildren();
    list.replaceChildren(...groups.filter(Boolean));
    options = Array.from(list.querySelectorAll("[role=option]"));
    options.forEach((o, i) => { o.id = "finder-option-" + i; });
    list.hidden = !options.length;
    input.setAttribute("aria-expanded", String(!list.hidden));
    body.scrollTop = 0;
    activate(first);
  }

  function activate(i, still) {
    active = options[i] ? i : -1;
    options.forEach((o, at) => o.setAttribute("aria-selected", String(at === active)));
    input.setAttribute("aria-activedescendant", active < 0 ? "" : options[active].id);
    if (active > 0 && !still) options[active].scrollIntoView({block: "nearest"});
    else if (!still) body.scrollTop = 0;
  }

  const last = () => options.length - 1;

  function choose(tab) {
    const o = options[active];
    if (!o) return;
    if (!tab || !o.href) { o.click(); return; }
    queries.add(input.value);
    window.open(o.href, "_blank", "noopener");
  }

  function ask(query) {
    input.focus();
    input.value = query;
    update();
  }

  // Before anything is typed: what was asked lately, and what can be asked.
  function blank(first) {
    const recent = queries.list();
    const drop = q => e => { e.stopPropagation(); queries.drop(q); blank(); };
    show(recent.length ? t("dialog.recent-hint") : "", [], [
      recent.length && headed(t("dialog.recent"), ...recent.map(q => option("finder-recent", () => ask(q), isolated(q),
        el("span", {class: "finder-drop", "aria-hidden": "true", click: drop(q)}, "×")))),
      headed(t("dialog.ask"), ...examples.map(([text, what]) => option("finder-example", () => ask(text), el("code", null, text), " ", about(what)))),
      group(t("dialog.error"), option("", page + "#error", t("dialog.error-ask") + " ", about(t("dialog.error-hint"))))
    ], first);
    const box = el("input", {type: "checkbox", change: () => parts.slash.set(box.checked)});
    box.checked = parts.slash.on();
    settings.append(el("label", null, box, " ", ...nodes("dialog.slash", {key: el("kbd", null, "/")})),
      recent.length ? button("link", () => { queries.keep([]); ask(""); }, t("dialog.clear")) : "");
  }

  const result = found => r => group(r.title,
    option("", href(r.url), el("span", {class: "finder-title"}, parts.kind(r), " ", parts.title(r, found), " ", parts.outcome(r)), " ", parts.about(r), " ",
      excerpt("span", "finder-text", r), parts.resolution("span", "finder-text", r)),
    ...r.notes.map(n => option("finder-note", href(n.url), parts.kind(n), " ", excerpt("span", "finder-text", n))));

  function answer(query, found) {
    const total = n("found.results", found.total), above = parts.remarks(query.trim(), found);
    const all = found.total ? option("finder-all", page + "?q=" + encodeURIComponent(query.replace(/\p{Surrogate}/gu, "\ufffd")), n("dialog.all", found.total), about(t("dialog.all-hint"))) : "";
    show(found.total ? total : t("found.none"), above, found.results.map(result(found))
      .concat(parts.instead(query, found).map(([say, text, other]) => option("", () => ask(other), ...say(parts.strong(text)))), all), 0);
    if (wanted && found.total) wanted();
  }

  // What a log was like, where several lines were pasted.
  function like(found) {
    const text = parts.alike(found.results.length);
    show(text, [hint(text)], found.results.map(result(found)), 0);
  }

  // Fields whose values are offered while they are typed: by:ad → by:"Ada Park".
  const facetOf = field => parts.facets.find(names => names.includes(field.toLowerCase()));
  const filtered = new RegExp("^(|.*\\s)(-?)(" + parts.facets.flat().join("|") + "):\"?([^\\s\"]*)$", "i");

  // complete asks for them, and for results where there is nothing to add.
  function complete([, before, not, field, begun], engine, signal, whole) {
    return engine.search(before, {limit: 0, facets: true, signal: signal}).then(found => {
      const start = fold(begun), all = found.facets[facetOf(field)[0]];
      const values = all.filter(v => fold(v.name).includes(start)).slice(0, most);
      if (!values.length || all.some(v => fold(v.value) === start)) return whole();
      const written = v => before + not + field + ":" + (/\s/.test(v.value) ? "\"" + v.value + "\"" : v.value) + " ";
      return () => show(n("found.values", values.length), [], [group(t("dialog.values"), ...values.map(v =>
        option("", () => ask(written(v)), el("code", null, field + ":"), " ", isolated(v.name), " ", el("span", {class: "count"}, v.count))))], 0);
    });
  }

  const search = parts.asker(body, () => {
    const failure = parts.failure();
    show(failure.textContent, [failure], []);
  });

  function update() {
    const query = input.value.slice(0, longest), field = filtered.exec(query);
    wanted = null;
    if (!query.trim()) { search.cancel(); blank(); return; }
    search((engine, signal) => {
      const whole = () => engine.search(query, {limit: most, signal: signal}).then(found => () => answer(query, found));
      return field ? complete(field, engine, signal, whole) : whole();
    });
  }

  function enter(tab) {
    // It means the answer to what stands in the field, not the one before.
    if (search.waiting()) wanted = () => choose(tab);
    else choose(tab);
  }

  const keys = {
    ArrowDown: () => activate(active < last() ? active + 1 : 0), ArrowUp: () => activate(active > 0 ? active - 1 : last()),
    PageDown: () => activate(Math.min(active + 5, last())), PageUp: () => activate(Math.max(active - 5, 0)),
    Home: () => activate(0), End: () => activate(last())
  };

  input.addEventListener("keydown", e => {
    if (e.isComposing || e.altKey || e.shiftKey) return;
    const tab = e.ctrlKey || e.metaKey, recent = !input.value && queries.list()[active];
    if (e.key === "Enter") enter(tab);
    else if (e.key === "Delete" && recent) { queries.drop(recent); blank(active); }
    else if (keys[e.key] && options.length && !tab) keys[e.key]();
    else return;
    e.preventDefault();
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
    const o = e.target.closest("a");
    if (!o) return;
    queries.add(input.value);
    // A place on this page loads nothing that would close the dialog.
    if (o.pathname === location.pathname && o.search === location.search && !e.ctrlKey && !e.metaKey && !e.shiftKey) dialog.close();
  });
  list.addEventListener("mousedown", e => e.preventDefault()); // the focus stays in the field
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
