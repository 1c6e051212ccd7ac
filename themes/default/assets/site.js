// Everything that a page does. A classic script, since browsers load no modules
// from file://. Reading needs none of it.
(function () {
  "use strict";

  var t = deploysiteWords.t, n = deploysiteWords.n;
  function all(selector) { return Array.from(document.querySelectorAll(selector)); }

  var store = {
    get: function (key) { try { return localStorage.getItem(key); } catch (e) { return null; } },
    set: function (key, value) {
      try { if (value) localStorage.setItem(key, value); else localStorage.removeItem(key); } catch (e) { /* private mode */ }
    }
  };

  // Theme: system → light → dark → system.
  function themeSwitch(button) {
    var names = ["system", "light", "dark"];
    function show() {
      var name = document.documentElement.dataset.theme || "system";
      var called = {system: t("site.theme-system"), light: t("site.theme-light"), dark: t("site.theme-dark")}[name];
      button.querySelector("[data-theme-name]").textContent = called;
      button.setAttribute("aria-label", t("site.theme", {theme: called}));
    }
    button.addEventListener("click", function () {
      var now = document.documentElement.dataset.theme || "system";
      var next = names[(names.indexOf(now) + 1) % names.length];
      if (next === "system") delete document.documentElement.dataset.theme;
      else document.documentElement.dataset.theme = next;
      store.set("deploysite-theme", next === "system" ? "" : next);
      show();
    });
    button.hidden = false;
    show();
  }

  // A filter hides what does not fit. Its state is the page's address, so a
  // filtered list can be sent to somebody.
  function filter(form) {
    var items = all("tr[data-status], li[data-kind]").filter(function (item) { return !item.closest(".recurring"); });
    var groups = all("[data-group]").map(function (group) { return {node: group, items: items.filter(function (item) { return group.contains(item); })}; });
    var none = document.querySelector("[data-none]"), result = document.querySelector("[data-result]");
    var chips = document.querySelector("[data-chips]"), beyond = document.querySelector("[data-beyond]");
    var fold = document.querySelector("[data-fold]");
    var names = Array.from(new Set(Array.from(form.elements, function (input) { return input.name; }).filter(Boolean)));
    var chosen = names.filter(function (name) { return ["q", "from", "to"].indexOf(name) < 0; });
    var texts = null; // folded texts, made when the first text is typed

    function folded(text) {
      return text.normalize("NFKD").replace(/[\u0300-\u036f]/g, "").toLowerCase();
    }
    function boxes(name) { return Array.from(form.querySelectorAll('input[type="checkbox"][name="' + name + '"]')); }
    function field(name) { return form.elements.namedItem(name); }
    function get(name) {
      var ticks = boxes(name);
      return ticks.length ? ticks.filter(function (b) { return b.checked; }).map(function (b) { return b.value; }).join(" ") : field(name).value;
    }
    function set(name, value) {
      var ticks = boxes(name), input = field(name);
      ticks.forEach(function (b) { b.checked = value.split(" ").indexOf(b.value) >= 0; });
      if (ticks.length) return;
      // A value that no box offers, such as two outcomes at once, gets an option.
      if (input.tagName === "SELECT" && value && !Array.from(input.options).some(function (o) { return o.value === value; })) {
        input.add(new Option(said(name, value), value));
      }
      input.value = value;
    }

    // said says a value as the form has it, and several at once.
    function said(name, value) {
      if (boxes(name).length === 0 && field(name).tagName !== "SELECT") return value;
      return value.split(" ").map(function (one) {
        var box = boxes(name).find(function (b) { return b.value === one; });
        if (box) return box.nextSibling.textContent.trim() || box.nextElementSibling.textContent;
        var option = Array.from(field(name).options || []).find(function (o) { return o.value === one; });
        return option ? option.text : one;
      }).reduce(function (one, other) { return t("filter.or", {one: one, other: other}); });
    }
    function title(name) {
      var input = boxes(name)[0] || field(name), set = input.closest("fieldset");
      return (set ? set.querySelector("legend") : input.closest("label").firstChild).textContent.trim();
    }

    // An address is cut where somebody made it so long that it would hold the page up.
    function read() {
      var params = new URLSearchParams(location.search);
      names.forEach(function (name) { set(name, (params.get(name) || "").slice(0, 2000)); });
      if (!/^\d+[dfspi]$/.test(field("step").value)) set("step", "");
    }

    function wanted() {
      var want = {};
      names.forEach(function (name) { if (get(name)) want[name] = get(name); });
      return want;
    }

    function write() {
      var query = new URLSearchParams(wanted()).toString();
      history.replaceState(null, "", location.pathname + (query ? "?" + query : "") + location.hash);
    }

    function within(item, want) {
      if (!want.from && !want.to) return true;
      var time = (item.querySelector("time") || (item.closest("[data-group]") || item).querySelector("time"));
      var day = time ? time.getAttribute("datetime").slice(0, 10) : "";
      return !!day && (!want.from || day >= want.from) && (!want.to || day <= want.to);
    }

    function apply() {
      var want = wanted(), any = Object.keys(want).length > 0, shown = 0, counts = {};
      var words = want.q ? folded(want.q).split(/\s+/).filter(Boolean) : [];
      if (words.length && !texts) texts = items.map(function (item) { return folded((item.closest("section[data-group]") || item).textContent); });
      var facets = chosen.filter(function (name) { return boxes(name).length; });
      facets.forEach(function (name) { counts[name] = Object.create(null); }); // a value may be called constructor
      items.forEach(function (item, i) {
        var misses = chosen.filter(function (name) {
          var has = (item.dataset[name] || "").split(" ");
          return want[name] && !want[name].split(" ").some(function (v) { return has.indexOf(v) >= 0; });
        });
        var rest = words.every(function (w) { return texts[i].indexOf(w) >= 0; }) && within(item, want);
        item.hidden = !rest || misses.length > 0;
        if (!item.hidden) shown++;
        if (rest) facets.forEach(function (name) { // how many there would be with that value ticked
          if (misses.some(function (miss) { return miss !== name; })) return;
          (item.dataset[name] || "").split(" ").forEach(function (v) { counts[name][v] = (counts[name][v] || 0) + 1; });
        });
      });
      groups.forEach(function (group) {
        var left = group.items.filter(function (item) { return !item.hidden; }).length, count = group.node.querySelector("[data-count]");
        group.node.hidden = left === 0;
        if (count) count.textContent = deploysiteWords.number(left);
      });
      facets.forEach(function (name) {
        boxes(name).forEach(function (b) { b.closest("label").querySelector("[data-count]").textContent = deploysiteWords.number(counts[name][b.value] || 0); });
      });
      if (none) none.hidden = shown > 0;
      result.textContent = any ? told(shown, want.step) : "";
      chips.replaceChildren.apply(chips, Object.keys(want).filter(function (name) { return name !== "step"; }).map(function (name) { return chip(name, want[name]); }));
      if (beyond) {
        beyond.hidden = !any;
        beyond.href = elsewhere(want);
      }
    }

    // A chip takes its part of the filter back.
    function chip(name, value) {
      var button = document.createElement("button"), word = document.createElement("span");
      button.type = "button";
      button.className = "chip";
      word.className = "vh";
      word.textContent = t("found.remove") + " ";
      button.append(word, t("found.chip", {name: title(name), value: said(name, value)}) + " ×");
      button.addEventListener("click", function () {
        set(name, "");
        write();
        apply();
        (chips.querySelector("button") || field(names[0])).focus();
      });
      return button;
    }

    // elsewhere is the same filter in the search of the whole history.
    var search = beyond && beyond.getAttribute("href");
    function elsewhere(want) {
      var params = new URLSearchParams(search.split("?")[1] || ""), days = [];
      if (want.from) days.push("after:" + want.from);
      var after = new Date(Date.parse(want.to) + 864e5); // before: excludes its own day
      if (!isNaN(after)) days.push("before:" + after.toISOString().slice(0, 10));
      var q = [want.q].concat(days).filter(Boolean).join(" ");
      if (q) params.set("q", q);
      chosen.filter(function (name) { return want[name] && name !== "step" && name !== "fate"; }).forEach(function (name) { // the search knows neither
        want[name].split(" ").forEach(function (value) { params.append(name, name === "status" || name === "kind" ? value : said(name, value)); });
      });
      return search.split("?")[0] + "?" + params;
    }

    // told is how many are shown; a step is its number in the checklist and the
    // first letter of a state.
    function told(shown, step) {
      if (!step) return n("filter.shown", shown, {total: items.length});
      var states = {d: t("filter.step-done"), f: t("filter.step-failed"), s: t("filter.step-skipped"), p: t("filter.step-open"), i: t("filter.step-running")};
      return n("filter.shown-step", shown, {total: items.length, number: parseInt(step, 10) + 1, state: states[step.slice(-1)] || ""});
    }

    var timer = 0;
    function changed() {
      clearTimeout(timer);
      timer = setTimeout(function () { write(); apply(); }, 60);
    }
    form.addEventListener("input", changed);
    form.addEventListener("submit", function (e) { e.preventDefault(); write(); apply(); });
    form.addEventListener("reset", function () {
      field("step").value = ""; // a hidden field is not reset by itself
      setTimeout(function () { write(); apply(); }, 0);
    });
    all("[data-clear]").forEach(function (b) {
      b.addEventListener("click", function () { form.reset(); });
    });
    window.addEventListener("popstate", function () { read(); apply(); });
    form.hidden = fold.hidden = false;
    read();
    if (location.search || form.querySelector("fieldset")) apply();
  }

  // A table is sorted by the column whose heading is clicked. Groups, such as months,
  // are there as long as it stands in its own order.
  function sortable(table) {
    var heads = Array.from(table.tHead.rows[0].cells), bodies = Array.from(table.tBodies);
    var own = bodies.map(function (body) { return Array.from(body.rows); }), flat = document.createElement("tbody");
    var collator = new Intl.Collator(document.documentElement.lang, {numeric: true, sensitivity: "base"});
    function value(row, column) {
      var cell = row.cells[column], time = cell.querySelector("time");
      return cell.dataset.n || (time ? time.getAttribute("datetime") : cell.textContent.trim().replace(/^–$/, ""));
    }
    function restore() {
      bodies.forEach(function (body, i) { body.append.apply(body, own[i]); });
      flat.remove();
    }
    function sort(column, down) {
      var rows = [].concat.apply([], own).filter(function (row) { return !row.matches(".month"); });
      var keyed = rows.map(function (row) { return {row: row, key: value(row, column)}; });
      keyed.sort(function (a, b) {
        if (!a.key || !b.key) return !a.key - !b.key; // what is unknown comes last
        return (down ? -1 : 1) * collator.compare(a.key, b.key);
      });
      flat.append.apply(flat, keyed.map(function (k) { return k.row; }));
      table.append(flat);
    }
    heads.forEach(function (head, column) {
      var button = document.createElement("button");
      button.type = "button";
      button.append.apply(button, head.childNodes);
      head.append(button);
      button.addEventListener("click", function () {
        var was = head.getAttribute("aria-sort"), next = {ascending: "descending", descending: ""}[was];
        if (was === null) next = head.matches(".right") ? "descending" : "ascending";
        if (was && head.matches(".right")) next = {descending: "ascending", ascending: ""}[was];
        heads.forEach(function (h) { h.removeAttribute("aria-sort"); });
        if (next) head.setAttribute("aria-sort", next);
        table.classList.toggle("sorted", !!next);
        if (next) sort(column, next === "descending"); else restore();
      });
    });
  }

  // The reading list keeps what was read, in this browser.
  function reading(list) {
    var key = "deploysite-read " + location.pathname;
    var items = Array.prototype.slice.call(list.querySelectorAll("[data-reading]"));
    var read;
    try { read = Object.assign({}, JSON.parse(store.get(key))); } catch (e) { read = {}; }
    var progress = document.querySelector("[data-progress]");
    function show() {
      var done = items.filter(function (item) { return read[item.dataset.reading]; }).length;
      progress.textContent = n("onboarding.progress", done, {total: items.length});
    }
    items.forEach(function (item) {
      var label = item.querySelector("label"), box = label.querySelector("input");
      box.checked = !!read[item.dataset.reading];
      box.addEventListener("change", function () {
        if (box.checked) read[item.dataset.reading] = true; else delete read[item.dataset.reading];
        store.set(key, JSON.stringify(read));
        show();
      });
      label.hidden = false;
    });
    progress.hidden = false;
    document.querySelector("[data-progress-hint]").hidden = false;
    show();
  }

  // Times say on hover how long ago they are, and the ages of what runs beside them.
  var units = [["year", 31557600], ["month", 2629800], ["day", 86400], ["hour", 3600], ["minute", 60]];
  var ago = new Intl.RelativeTimeFormat(document.documentElement.lang, {numeric: "auto"});
  function age(stamp, now) {
    var seconds = (Date.parse(stamp) - now) / 1000;
    if (isNaN(seconds)) return "";
    var unit = units.find(function (u) { return Math.abs(seconds) >= u[1] * (u[0] === "month" ? 2 : 1); }) || units[4];
    return ago.format(Math.trunc(seconds / unit[1]), unit[0]);
  }
  function ages(root, now) {
    root.querySelectorAll("time[datetime]").forEach(function (time) {
      var text = age(time.getAttribute("datetime"), now);
      time.title = text;
      if (text && time.hasAttribute("data-age")) time.textContent += " (" + text + ")";
    });
  }

  // What ran on a day: each quarter has a script with the cells that changed in it.
  function days(form) {
    var cells = {}, today = {}, loaded = {}, wanted = "", said = form.querySelector("[data-said]");
    document.querySelectorAll("td[data-line]").forEach(function (td) { today[td.dataset.line] = td.outerHTML; });
    function cell(line) { return document.querySelector('td[data-line="' + line + '"]'); }
    function write(line, html, now) {
      cell(line).outerHTML = html;
      ages(cell(line), now);
    }
    // Quarters in which nothing changed have no script: then the one before tells.
    var quarters = form.dataset.quarters.trim().split(" ");
    function quarterOf(day) {
      var of = day.slice(0, 4) + "-q" + Math.ceil(day.slice(5, 7) / 3);
      return quarters.find(function (quarter) { return quarter <= of; }) || quarters[quarters.length - 1];
    }
    window.deploysiteDays = function (lines) { cells = lines; };
    function show() {
      history.replaceState(null, "", location.pathname + (wanted ? "?day=" + wanted : "") + location.hash);
      if (!wanted || wanted === form.day.max) { // that day is not over
        Object.keys(today).forEach(function (line) { write(line, today[line], Date.now()); });
        said.textContent = "";
        return;
      }
      var quarter = quarterOf(wanted);
      if (loaded[quarter]) return fill(loaded[quarter]);
      var script = document.createElement("script");
      script.src = quarter + "/days.js";
      script.onload = function () { loaded[quarter] = cells; if (quarterOf(wanted) === quarter) fill(cells); };
      document.head.append(script);
    }
    function fill(lines) {
      var end = Date.parse(wanted + "T23:59:59");
      Object.keys(lines).forEach(function (line) {
        var last = lines[line].filter(function (c) { return c[0] <= wanted; }).pop();
        if (last && cell(line)) write(line, last[1], end);
      });
      said.textContent = t("standing.on-day", {day: deploysiteWords.day(wanted)});
    }
    form.day.addEventListener("change", function () {
      if (form.day.value && !form.day.checkValidity()) return;
      wanted = form.day.value;
      show();
    });
    form.addEventListener("submit", function (e) { e.preventDefault(); });
    form.addEventListener("reset", function () { wanted = ""; show(); });
    form.hidden = false;
    form.day.value = wanted = new URLSearchParams(location.search).get("day") || "";
    if (wanted && form.day.value === wanted && form.day.checkValidity()) show();
  }

  // On a wide page the list of documents is open, and its links can be reached.
  if (matchMedia("(min-width: 48rem)").matches) all(".pages details").forEach(function (list) { list.open = true; });

  document.querySelectorAll("[data-day]").forEach(days);
  ages(document, Date.now());
  document.querySelectorAll("[data-theme-switch]").forEach(themeSwitch);
  all("table[data-sort]").forEach(sortable);
  document.querySelectorAll("[data-filter]").forEach(filter);
  document.querySelectorAll("ol.reading").forEach(reading);
})();
