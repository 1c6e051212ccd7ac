// Keys beyond the browser's own, contents that follow the scroll, and buttons that
// copy code. Nothing on the site needs them.
(function () {
  "use strict";

  const t = deploysiteWords.t, all = selector => Array.from(document.querySelectorAll(selector));
  const shown = node => node.getClientRects().length > 0;

  function el(name, props, ...children) {
    const node = Object.assign(document.createElement(name), props);
    node.append(...children);
    return node;
  }

  const places = {
    h: ["index.html", () => t("keys.home")],
    t: ["timeline/index.html", () => t("nav.timeline")],
    l: ["lessons/index.html", () => t("nav.lessons")],
    s: ["services/index.html", () => t("facet.service.list")],
    e: ["environments/index.html", () => t("facet.environment.list")]
  };
  const go = page => { location.href = new URL(page, document.querySelector(".brand").href).href; };

  // step moves the focus along the main links of a list; Enter opens them as ever.
  function step(by) {
    const links = all("main tbody tr[data-status] th a, main .notes-of h3 a, main .hit h2 a, main .terms th a").filter(shown);
    const at = links.findIndex(a => a === document.activeElement || a.closest("tr, section, li").contains(document.activeElement));
    const next = links[at < 0 ? (by > 0 ? 0 : -1) : at + by];
    if (next) next.focus();
    return !!next;
  }

  function follow(rel) {
    const link = document.querySelector('main [rel="' + rel + '"], main [data-' + rel + "] a");
    if (link) location.href = link.href;
    return !!link;
  }

  let dialog;
  function help() {
    if (!dialog) {
      const rows = [["/", t("dialog.placeholder")], ["j k", t("keys.step")], ["Enter", t("keys.open")], ["[ ]", t("keys.beside")]]
        .concat(Object.keys(places).map(key => ["g " + key, places[key][1]()]), [["?", t("keys.title")]]);
      const title = el("h2", {id: "keys-title"}, t("keys.title"));
      const close = el("button", {type: "button", onclick: () => dialog.close()}, t("dialog.close"));
      dialog = el("dialog", {className: "keys"}, title, el("dl", {}, ...rows.map(([keys, what]) => el("div", {},
        el("dt", {}, ...keys.split(" ").flatMap((key, i) => [i ? " " : "", el("kbd", {}, key)])), el("dd", {}, what)))), close);
      dialog.setAttribute("aria-labelledby", "keys-title");
      document.body.append(dialog);
    }
    if (!dialog.open) dialog.showModal();
    return true;
  }

  let before = "", timer = 0; // the g of two keys
  const keys = {"?": help, j: () => step(1), k: () => step(-1), "[": () => follow("prev"), "]": () => follow("next")};
  document.addEventListener("keydown", e => {
    const typing = e.target.closest("input, textarea, select, [contenteditable]") && e.target.type !== "checkbox";
    if (e.defaultPrevented || e.isComposing || e.ctrlKey || e.metaKey || e.altKey || typing || document.querySelector("dialog[open]")) return;
    const place = before === "g" && places[e.key];
    clearTimeout(timer);
    before = e.key;
    timer = setTimeout(() => { before = ""; }, 1500);
    if (place) go(place[0]);
    else if (!keys[e.key] || !keys[e.key]()) return;
    e.preventDefault();
  });
  all("[data-keys]").forEach(button => {
    button.addEventListener("click", help);
    button.hidden = false;
  });

  // Contents mark the section that is read.
  function contents(toc) {
    const links = Array.from(toc.querySelectorAll("a")), box = toc.closest("aside");
    const heads = links.map(a => document.getElementById(decodeURIComponent(a.hash.slice(1))));
    let now = null, asked = false;
    function mark() {
      asked = false;
      const at = heads.filter(h => h && h.getBoundingClientRect().top < 120).length - 1;
      if (links[at] === now) return;
      if (now) now.removeAttribute("aria-current");
      now = links[at];
      if (!now) return;
      now.setAttribute("aria-current", "location");
      if (box) box.scrollTop = Math.max(0, now.offsetTop - box.offsetTop - box.clientHeight / 2);
    }
    addEventListener("scroll", () => { if (!asked) { asked = true; requestAnimationFrame(mark); } }, {passive: true});
    mark();
  }
  all(".toc").forEach(contents);

  function copy(text) {
    if (navigator.clipboard) return navigator.clipboard.writeText(text);
    const area = el("textarea", {value: text}); // a page that is neither on https nor on this machine
    document.body.append(area);
    area.select();
    const done = document.execCommand("copy");
    area.remove();
    return done ? Promise.resolve() : Promise.reject(new Error("not copied"));
  }
  all("main pre").forEach(pre => {
    const button = el("button", {type: "button", className: "copy"}, t("site.copy"));
    button.addEventListener("click", () => copy(pre.textContent).then(() => {
      button.textContent = t("site.copied");
      setTimeout(() => { button.textContent = t("site.copy"); }, 2000);
    }, () => {}));
    const box = el("div", {className: "code"});
    pre.replaceWith(box);
    box.append(pre, button);
  });
})();
