// What "deploysite serve" adds to a page: it loads itself again when it has
// changed, as the reader left it, and shows what is wrong with the records.
//
// Anybody can write into a record. Its text gets into the page as text only.
(function () {
  "use strict";

  const script = document.currentScript, tag = script.dataset.page, status = Number(script.dataset.status);
  const page = location.pathname, kept = "deploysite-serve " + page, dismissed = "deploysite-serve dismissed";

  const store = {
    get(key) { try { return sessionStorage.getItem(key); } catch (e) { return null; } },
    set(key, value) { try { sessionStorage.setItem(key, value); } catch (e) { /* the page begins at its top, then */ } },
    drop(key) { try { sessionStorage.removeItem(key); } catch (e) { /* nothing is kept */ } }
  };

  const all = selector => Array.from(document.querySelectorAll(selector));

  // ---- As the reader left it.

  // pathOf leads to an element from the nearest one with an id.
  function pathOf(e) {
    const steps = [];
    for (; e && e !== document.body && e.parentElement; e = e.parentElement) {
      if (e.id) { steps.unshift("#" + CSS.escape(e.id)); return steps.join(" > "); }
      const same = Array.from(e.parentElement.children).filter(c => c.tagName === e.tagName);
      steps.unshift(e.tagName.toLowerCase() + ":nth-of-type(" + (same.indexOf(e) + 1) + ")");
    }
    steps.unshift("body");
    return steps.join(" > ");
  }

  // at finds it again, if there still is one.
  function at(path) { try { return document.querySelector(path); } catch (e) { return null; } }

  // A place is the last element with an id above the window's top edge, and how
  // far above: what was edited before it does not move what is being read.
  function place() {
    if (!scrollY) return null;
    const above = all("main [id]").filter(e => e.getClientRects().length && e.getBoundingClientRect().top <= 1);
    const last = above[above.length - 1];
    return last ? {id: last.id, top: last.getBoundingClientRect().top} : null;
  }

  // What was open at first is no choice of the reader's.
  const opened = new WeakMap();
  const isText = e => e.matches("textarea, input:not([type=checkbox], [type=radio], [type=hidden], [type=file], [type=password], [type=submit], [type=button], [type=reset])");

  function field(e) {
    const f = {path: pathOf(e), value: e.value};
    if (e.type === "checkbox" || e.type === "radio") return {path: f.path, checked: e.checked};
    try { f.from = e.selectionStart; f.to = e.selectionEnd; } catch (err) { /* it has no text to select */ }
    return f;
  }

  function keep() {
    const dialog = document.querySelector("dialog[open]"), typed = dialog && dialog.querySelector("input, textarea");
    store.set(kept, JSON.stringify({
      x: scrollX, y: scrollY, place: place(),
      details: all("details").filter(e => e.open !== opened.get(e)).map(e => ({path: pathOf(e), open: e.open})),
      fields: dialog ? [] : all("main input, main textarea").filter(e => isText(e) ? e.value !== e.defaultValue || e === document.activeElement : e.checked !== e.defaultChecked).map(field),
      focus: document.activeElement && document.activeElement !== document.body && !dialog ? pathOf(document.activeElement) : "",
      dialog: typed ? {value: typed.value, from: typed.selectionStart, to: typed.selectionEnd} : null
    }));
    history.scrollRestoration = "manual";
  }

  function fill(e, f) {
    if (f.checked !== undefined) {
      if (e.checked !== f.checked) { e.checked = f.checked; e.dispatchEvent(new Event("change", {bubbles: true})); }
      return;
    }
    if (e.value !== f.value) {
      e.value = f.value;
      e.dispatchEvent(new Event("input", {bubbles: true}));
    }
  }

  function select(e, f) {
    try { if (typeof f.from === "number") e.setSelectionRange(f.from, f.to); } catch (err) { /* as above */ }
  }

  // A dialog is opened by the one control that says that it opens one.
  function reopen(d) {
    const openers = all("[aria-haspopup=dialog]");
    if (openers.length !== 1) return;
    openers[0].click();
    const input = document.querySelector("dialog[open] input, dialog[open] textarea");
    if (input) { fill(input, d); select(input, d); }
  }

  function restore() {
    all("details").forEach(e => opened.set(e, e.open));
    const text = store.get(kept);
    if (!text) return;
    store.drop(kept);
    const was = JSON.parse(text);
    was.details.forEach(d => { const e = at(d.path); if (e && e.tagName === "DETAILS") e.open = d.open; });
    was.fields.forEach(f => { const e = at(f.path); if (e) fill(e, f); });
    const focus = was.focus && at(was.focus);
    if (focus) {
      focus.focus({preventScroll: true});
      const f = was.fields.find(f => f.path === was.focus);
      if (f) select(focus, f);
    }
    const anchor = was.place && document.getElementById(was.place.id);
    scrollTo({left: was.x, top: anchor ? scrollY + anchor.getBoundingClientRect().top - was.place.top : was.y, behavior: "instant"});
    if (was.dialog) reopen(was.dialog);
    history.scrollRestoration = "auto";
  }

  // ---- What is wrong.

  const el = (name, attributes, ...children) => {
    const e = document.createElement(name);
    Object.entries(attributes).forEach(([key, value]) => {
      if (typeof value === "function") e.addEventListener(key, value);
      else e.setAttribute(key, value);
    });
    e.append(...children.filter(c => c !== ""));
    return e;
  };

  const item = p => el("li", {},
    p.place ? el("bdi", {class: "place"}, p.place) : "", p.place ? " " : "",
    el("span", {class: p.severity}, p.severity + ":"), " ", el("bdi", {}, p.message),
    p.hint ? el("bdi", {class: "hint"}, p.hint) : "");
  const list = problems => el("ol", {class: "problems"}, ...problems.map(item));
  const count = n => n + (n === 1 ? " problem" : " problems");

  const host = el("div", {}), shadow = host.attachShadow({mode: "open"});
  const sheet = el("link", {rel: "stylesheet", href: "/_deploysite/overlay.css", load: () => { host.hidden = false; }});
  const title = el("h2", {id: "title"}), body = el("div", {class: "body", tabindex: "0", role: "group", "aria-labelledby": "title"});
  const close = el("button", {type: "button", click: () => hide(true)}, "Close");
  const panel = el("section", {class: "panel", role: "dialog", "aria-labelledby": "title"},
    el("div", {class: "head"}, title, el("span", {class: "key", "aria-hidden": "true"}, "Esc"), close), body);
  const badge = el("button", {type: "button", class: "badge", "aria-expanded": "false", click: () => panel.hidden ? open() : hide(true)});
  const said = el("p", {class: "said", role: "status"});
  const region = el("section", {class: "region", lang: "en", dir: "ltr", "aria-label": "deploysite serve"}, panel, badge, said);
  panel.hidden = badge.hidden = host.hidden = true;
  shadow.append(sheet, region);

  let state = null, gone = false;

  function open() {
    panel.hidden = false;
    badge.setAttribute("aria-expanded", "true");
    close.focus({preventScroll: true});
  }

  // hide closes the panel; what a reader closed stays closed until it changes.
  function hide(byReader) {
    const held = panel.contains(shadow.activeElement);
    panel.hidden = true;
    badge.setAttribute("aria-expanded", "false");
    if (byReader) store.set(dismissed, signature());
    if (byReader && held && !badge.hidden) badge.focus({preventScroll: true});
  }

  const signature = () => JSON.stringify([gone ? page : "", state && state.failed]);

  function parts() {
    const out = [];
    if (gone) {
      out.push(el("p", {}, "This page is not on the site any more: its record was renamed or removed. What you see is what it was. "),
        el("p", {}, el("a", {href: "/"}, "To the start page")));
    }
    if (state.failed.length) out.push(el("p", {}, "You see the last site that could be built."), list(state.failed));
    if (state.total) {
      if (out.length) out.push(el("h3", {}, count(state.total)));
      out.push(list(state.problems));
      if (state.total > state.problems.length) out.push(el("p", {}, el("a", {href: "/problems/index.html"}, "All " + state.total)));
    }
    return out;
  }

  // show brings the panel up to date. It opens by itself for what keeps the page
  // from being the newest, but not for what has been wrong with records all along.
  function show() {
    const grave = gone || state.failed.length > 0, waiting = status >= 500;
    if (!host.isConnected && !grave && !state.total) return;
    if (!host.isConnected) document.body.append(host);
    title.textContent = gone ? "This page is gone" : state.failed.length ? "The site could not be built" : count(state.total);
    badge.textContent = grave ? title.textContent : count(state.total);
    badge.classList.toggle("grave", grave);
    badge.hidden = waiting || !grave && !state.total;
    body.replaceChildren(...parts());
    const opens = grave && !waiting && store.get(dismissed) !== signature();
    if (opens && panel.hidden) {
      panel.hidden = false; // without the focus: somebody may be typing
      badge.setAttribute("aria-expanded", "true");
      said.textContent = title.textContent;
    } else if (!grave && (badge.hidden || shownGrave)) {
      hide(false);
    }
    if (!grave) { said.textContent = ""; store.drop(dismissed); }
    shownGrave = grave;
  }
  let shownGrave = false;

  document.addEventListener("keydown", e => {
    if (e.key !== "Escape" || e.defaultPrevented || panel.hidden || document.querySelector("dialog[open]")) return;
    e.preventDefault();
    hide(true);
  });

  // ---- Listening. A tab in the background does not: browsers have few
  // connections to a server for all tabs together.

  let source = null, again = 0;

  function told(e) {
    state = JSON.parse(e.data);
    gone = state.page !== tag && !state.found && status === 200;
    if (state.page !== tag && !gone) {
      stop();
      keep();
      location.reload();
      return;
    }
    show();
  }

  function listen() {
    clearTimeout(again);
    if (source || document.hidden) return;
    source = new EventSource("/_deploysite/events?page=" + encodeURIComponent(page));
    source.onmessage = told;
    // Most browsers try again by themselves; those that give up are helped.
    source.onerror = () => {
      if (!source || source.readyState !== EventSource.CLOSED) return;
      stop();
      again = setTimeout(listen, 1000);
    };
  }

  function stop() {
    clearTimeout(again);
    if (source) source.close();
    source = null;
  }

  document.addEventListener("visibilitychange", () => document.hidden ? stop() : listen());
  addEventListener("pagehide", stop);
  addEventListener("pageshow", listen);
  document.addEventListener("DOMContentLoaded", restore); // when the page's own scripts have run
  listen();
})();
