// The search of the site itself, as its own pages use it: the first ten results.
"use strict";

var engine = null;

var search = {
  open: function () {
    return load(settings.engine).then(function () {
      engine = deploysiteSearch.create({root: "../", manifest: settings.manifest});
    });
  },
  find: function (query) {
    return engine.search(query, {limit: 10}).then(function (answer) {
      return answer.results.map(function (r) { return recordOf(r.url); });
    });
  }
};
