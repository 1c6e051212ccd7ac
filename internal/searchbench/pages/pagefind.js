// Pagefind through its API. It loads the text of a result only when asked to;
// its own interfaces ask for five at first, or for all of them.
"use strict";

var pagefind = null;

var search = {
  open: function () {
    return import("../pagefind/pagefind.js").then(function (module) {
      pagefind = module;
      return pagefind.init();
    });
  },
  find: function (query) {
    return pagefind.search(query).then(function (answer) {
      return Promise.all(answer.results.slice(0, 5).map(function (r) { return r.data(); }));
    }).then(function (pages) {
      return pages.map(function (page) { return recordOf(page.url); });
    });
  }
};
