// Runs before the first paint, or a chosen dark page would flash white.
(function () {
  "use strict";
  try {
    var theme = localStorage.getItem("deploysite-theme");
    if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
  } catch (e) { /* storage may be switched off; the system's choice stands */ }
})();
