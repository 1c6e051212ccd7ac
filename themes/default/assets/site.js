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

  document.querySelectorAll("[data-theme-switch]").forEach(themeSwitch);
  document.querySelectorAll("[data-filter]").forEach(filter);
  document.querySelectorAll(".reading").forEach(reading);
})();
