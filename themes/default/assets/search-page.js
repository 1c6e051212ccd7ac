// The page /search/: results with facets, and the box for an error message.
// Its state is its address, so that a search can be sent to somebody.
(function () {
  "use strict";

  const parts = window.deploysiteSearchParts, page = document.querySelector("[data-search-page]");
  if (!parts) return;
  const {el, href, isolated, hint, button, excerpt, queries} = parts, {t, n, nodes} = deploysiteWords;
  const part = name => document.querySelector("[data-" + name + "]");

  const step = 20, few = 8, most = 50; // results at a time; values of a facet before "more", and those that an address may tick
  const input = page.querySelector("input[name=q]"), hits = part("hits"), more = part("more"), siteTitle = document.title;
  const say = parts.announcer(part("status"));

  const chosen = {}; // facet → its ticked values
  let anew = true; // facets are to be sorted anew
  let shown = 0; // how many results stand there
  let settled = true; // the address is one to come back to

  const label = name => t("facet." + name + ".label");
  const each = f => parts.facets.forEach(([name, ...others]) => f(name, chosen[name], facets[name], others));

  function ticked() {
    let n = 0;
    each((name, values) => { n += values.size; });
    return n;
  }

  // hit is a result with its notes, each with its own address.
  const hit = found => r => {
    const link = (url, text, name) => href(url) ? el("a", {href: href(url), class: name || ""}, text) : text;
    return el("li", {class: "note hit"},
      el("h2", null, link(r.url, parts.title(r, found))),
      hint(parts.kind(r), " ", parts.outcome(r), " ", parts.about(r)), excerpt("p", "", r),
      r.notes.length && el("ul", null, ...r.notes.map(n => el("li", null, parts.kind(n), " ", link(n.url, excerpt("span", "", n), "quiet")))),
      parts.resolution("p", "", r));
  };

  // A facet keeps its values in place while they are ticked, below the pointer.
  function facet(name, title) {
    const rows = new Map(), word = {kind: parts.kindName, status: parts.outcomeName, step: state => t("state." + state)}[name] || (text => text);
    const list = el("div"), rest = button("link", unfold);
    const node = el("fieldset", null, el("legend", null, title), list, rest);
    let all = false;

    function add(value, text) {
      const tick = () => { chosen[name][box.checked ? "add" : "delete"](value); changed(true); };
      const box = el("input", {type: "checkbox", name: name, value: value, change: tick});
      const row = {box, text: word(text), count: el("span", {class: "count"})};
      row.node = el("label", null, box, isolated(row.text), row.count);
      rows.set(value, row);
      list.append(row.node);
    }

    function fold() {
      const folded = Array.from(rows.values()).filter((r, i) => (r.node.hidden = !all && i >= few && !r.box.checked));
      rest.hidden = !folded.length;
      rest.textContent = n("found.more", folded.length);
      node.hidden = !rows.size;
      return folded;
    }

    function unfold() {
      const [first] = fold();
      all = true;
      fold();
      first.box.focus();
    }

    function update(values) {
      const counts = new Map();
      if (anew) { rows.clear(); list.replaceChildren(); }
      (values || []).forEach(v => { counts.set(v.value, v.count); if (!rows.has(v.value)) add(v.value, v.name); });
      chosen[name].forEach(value => { if (!rows.has(value)) add(value, value); });
      rows.forEach((r, value) => {
        r.box.checked = chosen[name].has(value);
        r.count.textContent = deploysiteWords.number(counts.get(value) || 0);
      });
      fold();
    }

    return {node, update, text: value => rows.get(value).text};
  }

  const facets = {};
  each(name => { facets[name] = facet(name, label(name)); });

  // A chip takes a filter back where the list of them is folded.
  const chip = (name, value) => button("chip", () => { chosen[name].delete(value); changed(true); input.focus(); },
    el("span", {class: "vh"}, t("found.remove") + " "), ...nodes("found.chip", {name: label(name), value: isolated(facets[name].text(value))}), el("span", {"aria-hidden": "true"}, " ×"));

  function ask(query) {
    input.value = query;
    anew = true;
    changed(true);
    input.focus();
  }

  function words(query, found) {
    const chips = [];
    each((name, values) => values.forEach(value => chips.push(chip(name, value))));
    return [el("p", {class: "chips"}, ...chips)].concat(parts.remarks(query, found), parts.instead(query, found)
      .map(([say, text, other]) => el("p", null, ...say(button("link", () => ask(other), isolated(text))))));
  }

  function answer(query, asked, offset, found) {
    const items = found.results.map(hit(found)), total = n("found.results", found.total);
    if (!offset) hits.replaceChildren();
    hits.append(...items);
    shown = offset + items.length;
    more.hidden = !items.length || shown >= found.total;
    each((name, values, facet) => facet.update(found.facets[name]));
    anew = false;
    part("ticked").textContent = ticked() || "";
    part("facets").hidden = !page.querySelector("fieldset:not([hidden])");
    part("results").hidden = !asked;
    part("browse").hidden = asked;
    part("found").textContent = found.total ? total : "";
    part("words").replaceChildren(...(asked ? words(query.trim(), found) : []));
    say(!asked ? "" : offset ? n("found.more", items.length) : found.total ? total : t("found.none"));
    const first = offset && items[0] && items[0].querySelector("a");
    if (first) first.focus(); // the button may be gone, and reading goes on here
  }

  const search = parts.asker(part("results"), () => {
    const failure = parts.failure();
    part("facets").hidden = part("browse").hidden = more.hidden = true;
    part("results").hidden = false;
    part("found").textContent = "";
    part("words").replaceChildren(failure);
    hits.replaceChildren();
    say(failure.textContent);
  });

  function run(offset) {
    const query = input.value, asked = query.trim() !== "" || ticked() > 0, filters = {};
    each((name, values) => { filters[name] = Array.from(values); });
    document.title = (query.trim() && query.trim() + " – ") + siteTitle;
    search((engine, signal) => engine.search(query, {limit: asked ? step : 0, offset: offset, filters: filters, facets: true, signal: signal})
      .then(found => () => answer(query, asked, offset, found)));
  }

  function read() {
    const params = new URLSearchParams(location.search);
    input.value = (params.get("q") || "").slice(0, input.maxLength);
    each((name, values, facet, others) => { chosen[name] = new Set([name].concat(others).flatMap(n => params.getAll(n)).filter(Boolean).slice(0, most)); });
    anew = settled = true;
    run(0);
  }

  // What was opened, submitted or ticked stays in the history, not each letter.
  function changed(settle) {
    const params = new URLSearchParams(input.value.trim() && {q: input.value});
    each((name, values) => values.forEach(value => params.append(name, value)));
    const address = params.toString() && "?" + params;
    if (address !== location.search) {
      history[settled || settle ? "pushState" : "replaceState"](null, "", location.pathname + address);
      settled = false;
    }
    settled = settled || settle;
    run(0);
  }

  // "Have you seen this error before?"
  function seen(form) {
    const text = form.querySelector("textarea"), status = part("seen-status");
    const ask = parts.asker(form, () => status.replaceChildren(parts.failure()));
    function answer(found) {
      status.textContent = parts.alike(found.results.length);
      part("seen-results").replaceChildren(...found.results.map(hit(found)));
    }
    function look() {
      if (text.value.trim()) ask((engine, signal) => engine.similar(text.value, {limit: 5, signal: signal}).then(found => () => answer(found)));
      else text.focus();
    }
    form.addEventListener("submit", e => { e.preventDefault(); look(); });
    text.addEventListener("paste", () => setTimeout(look)); // once it is in the box
    if (location.hash === "#error") form.closest("details").open = true;
    else input.focus();
  }

  input.addEventListener("input", () => { anew = true; changed(false); });
  input.form.addEventListener("submit", e => {
    e.preventDefault();
    queries.add(input.value);
    if (matchMedia("(pointer: coarse)").matches) input.blur(); // whose keys hide the results
    changed(true);
  });
  more.addEventListener("click", () => run(shown));
  hits.addEventListener("click", () => queries.add(input.value));
  window.addEventListener("popstate", read);

  // On a wide page the facets are always open.
  const wide = matchMedia("(min-width: 56rem)"), unfold = () => { part("facets").open = wide.matches; };
  wide.addEventListener("change", unfold);
  unfold();

  part("facets").append(el("div", {class: "facet-groups"}, ...Object.values(facets).map(f => f.node)));
  part("sieve").append(part("browse")); // beside the facets
  parts.open = () => { input.focus(); input.select(); };
  page.hidden = false;
  read();
  seen(part("seen"));
})();
