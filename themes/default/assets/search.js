// What the search dialog and the search page share. The finding is done by
// search-engine.js, which is loaded on first use.
//
// Anybody can write into a record. Its text reaches the page by el() and its
// address by href(), in no other way, so that it stays text.
(function () {
  "use strict";

  const place = document.querySelector("[data-search]");
  if (!place) return;
  // The facets that results are filtered by, each with all of its names: its own
  // first. The build puts them here.
  const facets = /* facets */ [];
  const root = place.dataset.root, {t, n, nodes, day} = deploysiteWords;

  // el makes an element. Functions among the attributes are listeners, texts
  // among the children stay texts.
  function el(tag, attributes, ...children) {
    const e = document.createElement(tag);
    Object.entries(attributes || {}).forEach(([name, value]) => {
      if (typeof value === "function") e.addEventListener(name, value);
      else if (value !== false && value !== "") e.setAttribute(name, value);
    });
    e.append(...children.filter(Boolean));
    return e;
  }

  // href is where a result leads, or "" where that is not a page of this site.
  const href = url => !url || /^\/|^[^/?#]*:|[\s\\\u0000-\u001f]/.test(url) ? "" : root + url;

  // How a kind and an outcome are called.
  const kindName = kind => facets.some(([name]) => name === kind) ? t("facet." + kind + ".name") : t("kind." + kind), outcomeName = status => t("status." + status);

  // An isolated text cannot reorder what stands around it.
  const isolated = text => el("bdi", null, text);
  const strong = text => el("strong", null, isolated(text));
  const hint = (...children) => el("p", {class: "hint"}, ...children);
  const button = (name, act, ...children) => el("button", {type: "button", class: name, click: act}, ...children);
  const kind = r => r.kind === "record" ? "" : el("span", {class: "kind " + r.kind}, kindName(r.kind));
  const outcome = r => r.status && el("span", {class: "status " + r.status}, outcomeName(r.status));
  const resolution = (tag, name, r) => r.resolution && el(tag, {class: name}, ...nodes("found.helped", {text: isolated(r.resolution)}));

  const fold = text => text.normalize("NFKD").replace(/[\u0300-\u036f]/g, "").toLowerCase();
  const marked = pieces => el("bdi", null, ...pieces.map(p => p.mark ? el("mark", null, p.text) : p.text));
  const excerpt = (tag, name, r) => r.excerpt.length && el(tag, {class: name}, marked(r.excerpt));

  // title marks the words that were found, and what the last one typed begins.
  function title(r, found) {
    const begun = /[\p{L}\p{N}]{2,}$/u.exec(fold(found.query || "")), terms = found.terms || [];
    const meant = word => terms.includes(word) || begun && word.startsWith(begun[0]);
    return marked(r.title.split(/([\p{L}\p{N}]+)/u).map(text => ({text, mark: meant(fold(text))})));
  }

  // about is when, by whom, what, where and how like, with dots between.
  function about(r) {
    const names = [r.of.deployer, r.of.service, r.of.environment].map(list => list.join(t("lists.between"))).map(text => text && isolated(text));
    const all = [r.date && el("time", {datetime: r.date}, day(r.date))].concat(names, r.likeness && t("found.likeness", {percent: Math.round(r.likeness * 100)})).filter(Boolean);
    return el("span", {class: "about"}, ...all.reduce((out, part) => out.concat(out.length ? " · " : "", part), []));
  }

  const alike = many => many ? n("found.alike", many) : t("found.not-alike");

  // said is a hint of the engine in words.
  const said = (what, values) => what === "unknown" ? t("facet." + values.facet + ".unknown", values) : t("hint." + what, values);

  // remarks are what there is to say above results.
  function remarks(query, found) {
    const hints = found.hints.map(([what, values]) => hint(isolated(said(what, values))));
    if (!found.total) hints.unshift(el("p", null, ...(query ? nodes("found.none-for", {query: strong(query)}) : [t("found.none-dot")])));
    else if (found.corrected) hints.unshift(hint(...nodes("found.corrected", {query: strong(found.corrected)})));
    return hints;
  }

  // instead lists what to ask where nothing was found: words that were meant,
  // or the query without a -word, a "phrase", a field:value. Each is a function
  // that says so around an element, the text of that, and the other query.
  function instead(query, found) {
    if (found.total) return [];
    const parts = (query.match(/-?[\w-]+:(?:"[^"]*"?|\S*)|-?"[^"]*"?|(?:^|\s)-\S+/g) || []).slice(0, 8);
    return [[node => nodes("found.meant", {query: node}), found.corrected, found.corrected]].concat(parts.map(p =>
      [node => nodes("found.without", {part: node}), p.trim(), query.replace(p, " ").replace(/\s+/g, " ").trim()])).filter(([, , other]) => other);
  }

  let loading = null;

  // engine loads the engine once. After a failure the next question tries anew.
  function engine() {
    loading = loading || new Promise((resolve, reject) => {
      document.head.append(el("script", {src: place.dataset.engine, load: resolve, error: reject}));
    }).then(() => window.deploysiteSearch.create({root: root, manifest: place.dataset.manifest}));
    loading.catch(() => { loading = null; });
    return loading;
  }

  // asker answers the newest question only; it cancels the one before. A
  // question promises a function that shows the answer.
  function asker(node, failed) {
    let current = null;
    function set(signal) {
      if (current) current.cancelled = true;
      current = signal;
      node.setAttribute("aria-busy", String(!!signal));
    }
    function ask(question) {
      const signal = {cancelled: false};
      const finish = show => {
        if (signal !== current) return;
        set(null);
        show();
      };
      set(signal);
      engine().then(e => signal.cancelled || question(e, signal)).then(finish, () => finish(failed));
    }
    ask.cancel = () => set(null);
    ask.waiting = () => current !== null;
    return ask;
  }

  // announcer tells screen readers, once typing has paused.
  function announcer(node) {
    let timer = 0;
    return text => {
      clearTimeout(timer);
      timer = setTimeout(() => { node.textContent = text; }, 500);
    };
  }

  const failure = () => el("div", null,
    el("p", null, t("found.failure")), button("", () => location.reload(), t("found.reload")));

  // kept is what this browser keeps under a key; it may keep nothing.
  function kept(key, value) {
    try {
      if (value) localStorage.setItem(key, value);
      return localStorage.getItem(key);
    } catch (e) { return null; }
  }

  // The last few queries are kept in this browser, or as long as this page.
  const recentKey = "deploysite-searches " + new URL(root || ".", location.href).pathname;
  let recent = [];
  try { recent = JSON.parse(kept(recentKey)).filter(q => q && typeof q === "string" && q.length <= 500).slice(0, 6); } catch (e) { /* none, or not ours */ }
  const queries = {
    list: () => recent,
    keep: list => { recent = list.slice(0, 6); kept(recentKey, JSON.stringify(recent)); },
    drop: query => queries.keep(recent.filter(q => q !== query)),
    add: query => queries.keep([query.trim()].concat(recent).filter((q, i, all) => q && all.indexOf(q) === i))
  };

  // A key of one character must be possible to switch off: speech input types.
  const slash = {
    on: () => kept("deploysite-slash") !== "off",
    set: on => kept("deploysite-slash", on ? "on" : "off")
  };

  const typing = node => node.closest("input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]");

  document.addEventListener("keydown", e => {
    if (e.defaultPrevented || e.isComposing || e.altKey) return;
    const control = e.ctrlKey || e.metaKey;
    if (!(control ? e.key.toLowerCase() === "k" && !e.shiftKey : e.key === "/" && !typing(e.target) && slash.on())) return;
    e.preventDefault();
    // Where the character comes apart from its key, it would land in the field.
    document.addEventListener("keypress", press => { if (press.key === e.key) press.preventDefault(); }, {once: true});
    shared.open();
  });
  place.addEventListener("click", e => {
    if (e.ctrlKey || e.metaKey || e.shiftKey) return; // a new tab or window, as with any link
    e.preventDefault();
    shared.open();
  });

  const shared = window.deploysiteSearchParts = {
    facets, place, el, href, kindName, outcomeName, isolated, strong, hint, button, kind, outcome, resolution, fold, title, excerpt, about, said, remarks, instead, alike,
    engine, asker, announcer, failure, queries, slash, open: () => {}
  };
})();
