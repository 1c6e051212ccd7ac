// The page /search/: results with facets, and the box for an error message.
// Its state is its address, so that a search can be sent to somebody.
(function () {
  "use strict";

  const parts = window.deploysiteSearchParts, page = document.querySelector("[data-search-page]");
  if (!parts || !page) return;
  const {el, href, isolated, strong, hint, button, count, queries} = parts;
  const part = name => document.querySelector("[data-" + name + "]");

  const step = 20, few = 8; // results at a time; values of a facet before "more"
  const input = page.querySelector("input[name=q]"), hits = part("hits"), more = part("more"), title = document.title;
  const say = parts.announcer(part("status"));
  const facetNames = parts.map({kind: "Kind", status: "Outcome", service: "Service", environment: "Environment", by: "By", tag: "Tag", year: "Year"});

  let chosen = new Map(); // facet → its ticked values
  let anew = true; // facets are to be sorted anew
  let shown = 0; // how many results stand there
  let settled = true; // the address is one to come back to

  const ticked = () => Array.from(chosen.values()).reduce((n, values) => n + values.size, 0);

  // hit is a result with its notes, each with its own address.
  function hit(r) {
    const link = (url, text) => href(url) ? el("a", {href: href(url)}, text) : text;
    const notes = r.notes.map(n => el("li", null, parts.kindMark(n.kind), " ", link(n.url, parts.excerpt("span", "", n.excerpt))));
    return el("li", {class: "hit"},
      el("h2", null, link(r.url, parts.title(r))),
      hint(parts.kindMark(r.kind), " ", parts.outcomeMark(r.status), " ", parts.about(r)),
      parts.body("p", "", r),
      notes.length && el("ul", {class: "hit-notes"}, ...notes), parts.resolution("p", "", r));
  }

  // A facet keeps its values in place while they are ticked, so that nothing
  // moves below the pointer; a new query sorts them anew.
  function facet(title, name) {
    const rows = new Map(), names = {kind: parts.kinds, status: parts.outcomes}[name] || new Map();
    const list = el("div"), rest = button("link", unfold);
    const node = el("fieldset", {hidden: true}, el("legend", null, title), list, rest);
    let all = false;

    function add(value, text) {
      const box = el("input", {type: "checkbox", name: name, value: value, change: () => {
        if (box.checked) chosen.get(name).add(value); else chosen.get(name).delete(value);
        changed(true);
      }});
      const row = {box, text: names.get(value) || text, count: el("span", {class: "count"})};
      row.node = el("label", null, box, isolated(row.text), row.count);
      rows.set(value, row);
      list.append(row.node);
    }

    function fold() {
      let n = 0, folded = 0;
      rows.forEach(r => {
        r.node.hidden = !all && ++n > few && !r.box.checked;
        if (r.node.hidden) folded++;
      });
      rest.hidden = folded === 0;
      rest.textContent = count(folded, "more", "more");
      node.hidden = rows.size === 0;
    }

    function unfold() {
      const first = Array.from(rows.values()).find(r => r.node.hidden);
      all = true;
      fold();
      first.box.focus();
    }

    function update(values) {
      if (anew) { rows.clear(); list.replaceChildren(); }
      const counts = new Map();
      (values || []).forEach(v => { counts.set(v.value, v.count); if (!rows.has(v.value)) add(v.value, v.name); });
      chosen.get(name).forEach(value => { if (!rows.has(value)) add(value, value); });
      rows.forEach((r, value) => {
        r.box.checked = chosen.get(name).has(value);
        r.count.textContent = counts.get(value) || 0;
      });
      fold();
    }

    return {node, update, text: value => rows.has(value) ? rows.get(value).text : value};
  }

  const facets = new Map(Array.from(facetNames, ([name, title]) => [name, facet(title, name)]));

  // A chip takes a filter back where the list of them is folded.
  const chip = (name, value) => button("chip", () => { chosen.get(name).delete(value); changed(true); input.focus(); },
    el("span", {class: "vh"}, "Remove the filter "), facetNames.get(name) + ": ", isolated(facets.get(name).text(value)), el("span", {"aria-hidden": "true"}, " ×"));

  // instead offers another query, or the same one without its filters.
  function instead(before, text, query, after) {
    const ask = () => {
      if (query) input.value = query; else chosen.forEach(values => values.clear());
      anew = true;
      changed(true);
      input.focus();
    };
    return el("p", null, before, button("link", ask, isolated(text)), after);
  }

  // words are what there is to say above the results.
  function words(query, found) {
    const out = [], chips = [];
    chosen.forEach((values, name) => values.forEach(value => chips.push(chip(name, value))));
    if (chips.length) out.push(el("p", {class: "chips"}, ...chips));
    if (!found.total) out.push(el("p", {class: "lead"}, "Nothing found", query.trim() && " for ", query.trim() && strong(query.trim()), "."));
    found.hints.forEach(h => out.push(hint(isolated(h))));
    if (found.corrected && found.total) out.push(hint("Results for ", strong(found.corrected)));
    else if (found.corrected) out.push(instead("Did you mean ", found.corrected, found.corrected, "?"));
    if (!found.total) {
      parts.without(query).forEach(([part, rest]) => out.push(instead("Search without ", part, rest)));
      if (chips.length) out.push(instead("Search without ", "any filter"));
    }
    return out;
  }

  function answer(query, asked, offset, found) {
    const items = found.results.map(hit), total = count(found.total, "result");
    if (!offset) hits.replaceChildren();
    hits.append(...items);
    shown = offset + items.length;
    more.hidden = !asked || !items.length || shown >= found.total;
    part("results").hidden = !asked;
    part("browse").hidden = asked;
    part("facets").hidden = !found.total && !ticked();
    facets.forEach((f, name) => f.update(found.facets[name]));
    anew = false;
    part("ticked").textContent = ticked() || "";
    part("words").replaceChildren(...(asked ? words(query, found) : []));
    part("found").textContent = asked && found.total ? total : "";
    say(!asked ? "" : offset ? count(items.length, "more result") : found.total ? total : "Nothing found");
    const first = offset && items[0] && items[0].querySelector("a");
    if (first) first.focus(); // the button may be gone, and reading goes on here
  }

  const search = parts.asker({
    busy: on => { page.classList.toggle("busy", on); if (on) say("Searching"); },
    failed: () => {
      const failure = parts.failure();
      part("facets").hidden = more.hidden = part("browse").hidden = true;
      part("results").hidden = false;
      part("found").textContent = "";
      hits.replaceChildren();
      part("words").replaceChildren(failure);
      say(failure.textContent);
    }
  });

  function run(offset) {
    const query = input.value, asked = query.trim() !== "" || ticked() > 0, filters = {};
    chosen.forEach((values, name) => { if (values.size) filters[name] = Array.from(values); });
    document.title = (query.trim() && query.trim() + " – ") + title;
    search((engine, signal) => engine.search(query, {limit: asked ? step : 0, offset: offset, filters: filters, facets: true, signal: signal})
      .then(found => () => answer(query, asked, offset, found)));
  }

  function read() {
    const params = new URLSearchParams(location.search);
    input.value = (params.get("q") || "").slice(0, input.maxLength);
    chosen = new Map(Array.from(facetNames.keys(), name => [name, new Set(params.getAll(name).filter(Boolean))]));
    anew = settled = true;
    run(0);
  }

  // What was opened, submitted or ticked stays in the history; what is on the
  // way while somebody types does not.
  function changed(settle) {
    const params = new URLSearchParams(), query = input.value;
    if (query.trim()) params.set("q", query);
    chosen.forEach((values, name) => values.forEach(value => params.append(name, value)));
    const address = params.toString() && "?" + params.toString();
    if (address !== location.search) {
      history[settled || settle ? "pushState" : "replaceState"](null, "", location.pathname + address);
      settled = settle;
    }
    settled = settled || settle;
    run(0);
  }

  // "Have you seen this error before?"
  function seen(form) {
    const text = form.querySelector("textarea"), results = part("seen-results"), status = part("seen-status");
    const ask = parts.asker({
      busy: on => { if (on) status.textContent = "Looking…"; },
      failed: () => status.replaceChildren(parts.failure())
    });
    function answer(found) {
      const n = found.results.length;
      status.textContent = n ? count(n, "deployment") + " had an error like this one" : "Nothing on record is like this error";
      results.replaceChildren(...found.results.map(hit));
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
    queries.add(input.value.trim());
    changed(true);
  });
  more.addEventListener("click", () => run(shown));
  hits.addEventListener("click", () => queries.add(input.value.trim()));
  window.addEventListener("popstate", read);

  // On a wide page the facets are always open.
  const wide = window.matchMedia("(min-width: 56rem)"), unfold = () => { part("facets").open = wide.matches; };
  wide.addEventListener("change", unfold);
  unfold();

  part("facets").append(el("div", {class: "facet-groups"}, ...Array.from(facets.values(), f => f.node)));
  part("sieve").append(part("browse")); // beside the facets
  parts.open = () => { input.focus(); input.select(); };
  page.hidden = false;
  read();
  seen(part("seen"));
})();
