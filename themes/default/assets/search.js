// Search in the browser: what the dialog (search-dialog.js) and the page
// (search-page.js) have in common. The finding is done by search-engine.js,
// which is loaded on first use.
//
// Anybody can write into a record. Its text reaches the page by el() and its
// address by href(), never in another way, so that it stays text.
(function () {
  "use strict";

  const place = document.querySelector("[data-search]");
  if (!place) return;
  const root = place.dataset.root;

  // el makes an element. Functions among the attributes are listeners; texts
  // among the children stay texts.
  function el(tag, attributes, ...children) {
    const e = document.createElement(tag);
    Object.entries(attributes || {}).forEach(([name, value]) => {
      if (typeof value === "function") e.addEventListener(name, value);
      else if (value !== false && value !== "") e.setAttribute(name, value === true ? "" : value);
    });
    e.append(...children.filter(c => c || c === 0));
    return e;
  }

  // href is where a result leads, or "" where that is not a page of this site.
  function href(url) {
    if (!url || /^\/|^[^/?#]*:|[\s\\\u0000-\u001f]/.test(url)) return "";
    return root + url.replace(/(^|\/)(?=[?#]|$)/, "$1index.html"); // file:// shows folders as lists
  }

  const map = object => new Map(Object.entries(object));
  const kinds = map({
    record: "Deployment", issue: "Issue", lesson: "Lesson", tip: "Tip", well: "Went well", process: "Process", checklist: "Checklist",
    deployer: "Person", service: "Service", environment: "Environment", tag: "Tag"
  });
  const outcomes = map({
    "in-progress": "In progress", unfinished: "Unfinished", succeeded: "Succeeded", failed: "Failed", "rolled-back": "Rolled back", cancelled: "Cancelled"
  });
  const months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

  // An isolated text cannot reorder what stands around it.
  const isolated = text => el("bdi", null, text);
  const strong = text => el("strong", null, isolated(text));
  const hint = (...children) => el("p", {class: "hint"}, ...children);
  const button = (name, act, ...children) => el("button", {type: "button", class: name, click: act}, ...children);
  const count = (n, one, many) => String(n).replace(/\B(?=(\d{3})+$)/g, ",") + " " + (n === 1 ? one : many || one + "s");
  const kindMark = kind => kind === "record" ? "" : el("span", {class: "kind " + kind}, kinds.get(kind) || kind);
  const outcomeMark = status => status ? el("span", {class: "status " + status}, outcomes.get(status) || status) : "";

  // Excerpts stand in pieces, some of them marked. One that is the title is shown there.
  const marked = pieces => el("bdi", null, ...pieces.map(p => p.mark ? el("mark", null, p.text) : p.text));
  const excerpt = (tag, name, pieces) => pieces.length ? el(tag, {class: name}, marked(pieces)) : "";
  const plain = pieces => pieces.map(p => p.text).join("");
  const title = r => plain(r.excerpt) === r.title ? marked(r.excerpt) : isolated(r.title);
  const body = (tag, name, r) => plain(r.excerpt) === r.title ? "" : excerpt(tag, name, r.excerpt);
  const resolution = (tag, name, r) => r.resolution ? el(tag, {class: name}, el("strong", null, "What helped: "), isolated(r.resolution)) : "";

  // The day as the record's own clock had it, not the reader's.
  function day(date) {
    const d = /^(\d{4})-(\d\d)-(\d\d)/.exec(date || "");
    return d ? el("time", {datetime: date}, Number(d[3]) + " " + months[d[2] - 1] + " " + d[1]) : "";
  }

  // about is when, by whom, what, where and how like, with dots between.
  function about(r) {
    const names = [r.people, r.services, [r.environment]].map(list => (list || []).filter(Boolean).join(", "));
    const parts = [day(r.date)].concat(names.map(n => n && isolated(n)), r.likeness && Math.round(r.likeness * 100) + " % alike").filter(Boolean);
    return el("span", {class: "about"}, ...parts.reduce((all, p) => all.concat(all.length ? " · " : "", p), []));
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

  // asker asks one question at a time: a newer one cancels the one before, and
  // only the newest is answered. A question promises a function that shows it.
  function asker(on) {
    let current = null;
    function ask(question) {
      ask.cancel();
      const signal = current = {cancelled: false};
      const timer = setTimeout(on.busy, 200, true); // what is quicker needs no notice
      signal.end = () => { clearTimeout(timer); current = null; on.busy(false); };
      const finish = show => {
        if (signal.cancelled) return;
        signal.end();
        show();
      };
      engine().then(e => signal.cancelled ? null : question(e, signal)).then(finish, () => finish(on.failed));
    }
    ask.cancel = () => {
      if (!current) return;
      current.cancelled = true;
      current.end();
    };
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
    el("p", null, "The search index could not be loaded. Most likely the site was rebuilt after this page was opened."),
    button("", () => location.reload(), "Reload the page"));

  // without lists what a query may leave out, each with the query that is left:
  // -word, "a phrase", field:value.
  const without = query => (query.match(/-?[\w-]+:(?:"[^"]*"?|\S*)|-?"[^"]*"?|(?:^|\s)-\S+/g) || [])
    .map(part => [part.trim(), query.replace(part, " ").replace(/\s+/g, " ").trim()]).filter(([, rest]) => rest);

  function read(key) { try { return localStorage.getItem(key); } catch (e) { return null; } }
  function write(key, value) { try { localStorage.setItem(key, value); } catch (e) { /* private mode */ } }

  // The last few queries are kept in this browser, or for the time of this page
  // where it keeps nothing.
  const recentKey = "deploysite-searches " + new URL(root || ".", location.href).pathname;
  let recent = [];
  try { recent = JSON.parse(read(recentKey)).filter(q => q && typeof q === "string"); } catch (e) { /* none, or not ours */ }
  const queries = {
    list: () => recent,
    keep: list => { recent = list.slice(0, 6); write(recentKey, JSON.stringify(recent)); },
    drop: query => queries.keep(recent.filter(q => q !== query)),
    add: query => { if (query) queries.keep([query].concat(recent.filter(q => q !== query))); }
  };

  // A key of one character must be possible to switch off: speech input types.
  const slash = {
    on: () => read("deploysite-slash") !== "off",
    set: on => write("deploysite-slash", on ? "on" : "off")
  };

  const typing = node => node.closest && node.closest("input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]");

  document.addEventListener("keydown", e => {
    if (e.defaultPrevented || e.isComposing || e.altKey) return;
    const control = e.ctrlKey || e.metaKey;
    const asked = control ? !e.shiftKey && e.key.toLowerCase() === "k" : e.key === "/" && !typing(e.target) && slash.on();
    if (!asked) return;
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
    place, el, href, map, kinds, outcomes, isolated, strong, hint, button, count, kindMark, outcomeMark, title, body, excerpt, resolution, about,
    engine, asker, announcer, failure, without, queries, slash, open: () => {}
  };
})();
