// MiniSearch with its whole index in memory, as it is meant to be used.
"use strict";

var miniSearch = null;

// From the disk a page may not fetch; there the index is a script.
function loadIndex() {
  if (location.protocol !== "file:") {
    return fetch("minisearch.json").then(function (response) { return response.text(); });
  }
  return load("minisearch-index.js").then(function () { return miniSearchIndex; });
}

var search = {
  open: function () {
    return load("minisearch-lib.js")
      .then(function () { return load("minisearch-options.js"); })
      .then(loadIndex)
      .then(function (index) { miniSearch = MiniSearch.loadJSON(index, miniSearchOptions); });
  },
  find: function (query) {
    return Promise.resolve(miniSearch.search(query).slice(0, 10).map(function (r) { return r.id; }));
  }
};
