// Pagefind through its API. It loads the text of a result only when asked to;
// its own interfaces ask for five at first, or for all of them.
"use strict";

var pagefind = null;

var search = {
  open: function () {
    // In full, since from the disk a script has no address to be relative to.
    return import(new URL("../pagefind/pagefind.js", location.href)).then(function (module) {
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
