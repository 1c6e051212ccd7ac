// Everything that a page does. A classic script, since browsers load no modules
// from file://. Reading needs none of it.
(function () {
  "use strict";

  var t = deploysiteWords.t, n = deploysiteWords.n;

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
    var items = Array.prototype.slice.call(document.querySelectorAll("tr[data-status], li[data-kind]"));
    items = items.filter(function (item) { return !item.closest(".recurring"); });
    var months = Array.prototype.slice.call(document.querySelectorAll("[data-month]"));
    var none = document.querySelector("[data-none]");
    var result = form.querySelector("[data-result]");
    var names = Array.prototype.map.call(form.elements, function (input) { return input.name; }).filter(Boolean);
    var chosen = names.filter(function (name) { return name === "step" || form.elements.namedItem(name).tagName === "SELECT"; });
    var texts = null; // folded texts, made when the first text is typed

    function fold(text) {
      return text.normalize("NFKD").replace(/[\u0300-\u036f]/g, "").toLowerCase();
    }
    function field(name) { return form.elements.namedItem(name); }

    // A value that no box offers, such as two outcomes at once, gets an option.
    function read() {
      var params = new URLSearchParams(location.search);
      names.forEach(function (name) {
        var input = field(name), value = params.get(name) || "";
        if (!input) return;
        if (input.tagName === "SELECT" && value && !Array.prototype.some.call(input.options, function (o) { return o.value === value; })) {
          input.add(new Option(either(input, value.split(" ")), value));
        }
        input.value = value;
      });
    }

    // either says several values at once, each as its own option has it.
    function either(select, values) {
      return values.map(function (value) {
        var option = Array.prototype.find.call(select.options, function (o) { return o.value === value; });
        return option ? option.text : value;
      }).reduce(function (one, other) { return t("filter.or", {one: one, other: other}); });
    }

    function write() {
      var params = new URLSearchParams();
      names.forEach(function (name) {
        var input = field(name);
        if (input && input.value) params.set(name, input.value);
      });
      var query = params.toString();
      history.replaceState(null, "", location.pathname + (query ? "?" + query : "") + location.hash);
    }

    function apply() {
      var want = {}, any = false;
      names.forEach(function (name) {
        var input = field(name);
        if (input && input.value) { want[name] = input.value; any = true; }
      });
      var words = want.q ? fold(want.q).split(/\s+/).filter(Boolean) : [];
      if (words.length && !texts) texts = items.map(function (item) { return fold(item.textContent); });
      var shown = 0;
      items.forEach(function (item, i) {
        var data = item.dataset;
        var fits = words.every(function (w) { return texts[i].indexOf(w) >= 0; }) &&
          chosen.every(function (name) {
            if (!want[name]) return true;
            var has = (data[name] || "").split(" ");
            return want[name].split(" ").some(function (v) { return has.indexOf(v) >= 0; });
          });
        if (fits && (want.from || want.to)) {
          var time = item.querySelector("time");
          var day = time ? time.getAttribute("datetime").slice(0, 10) : "";
          fits = !!day && (!want.from || day >= want.from) && (!want.to || day <= want.to);
        }
        item.hidden = !fits;
        if (fits) shown++;
      });
      months.forEach(function (month) {
        var rows = month.querySelectorAll("tbody tr:not([hidden])").length;
        month.hidden = rows === 0;
        month.querySelector("[data-count]").textContent = deploysiteWords.number(rows);
      });
      if (none) none.hidden = shown > 0;
      result.textContent = any ? told(shown, want.step) : "";
      form.classList.toggle("active", any);
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
    document.querySelectorAll("[data-clear]").forEach(function (b) {
      b.addEventListener("click", function () { form.reset(); });
    });
    window.addEventListener("popstate", function () { read(); apply(); });
    form.hidden = false;
    read();
    if (location.search) apply();
  }

  // The reading list keeps what was read, in this browser.
  function reading(list) {
    var key = "deploysite-read " + location.pathname;
    var items = Array.prototype.slice.call(list.querySelectorAll("[data-reading]"));
    var read;
    try { read = JSON.parse(store.get(key)) || {}; } catch (e) { read = {}; }
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
    function quarterOf(day) { return day.slice(0, 4) + "-q" + Math.ceil(day.slice(5, 7) / 3); }
    window.deploysiteDays = function (lines) { cells = lines; };
    function show() {
      history.replaceState(null, "", location.pathname + (wanted ? "?day=" + wanted : "") + location.hash);
      if (!wanted) {
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

  document.querySelectorAll("[data-day]").forEach(days);
  ages(document, Date.now());
  document.querySelectorAll("[data-theme-switch]").forEach(themeSwitch);
  document.querySelectorAll("[data-filter]").forEach(filter);
  document.querySelectorAll(".reading").forEach(reading);
})();
