// What the benchmark calls on the page of each search.
"use strict";

function load(path) {
  return new Promise(function (resolve, reject) {
    var script = document.createElement("script");
    script.src = path;
    script.onload = resolve;
    script.onerror = function () { reject(new Error("cannot load " + path)); };
    document.head.appendChild(script);
  });
}

// recordOf is the ID of the record that an address leads to, or the address.
function recordOf(url) {
  var match = /records\/([^\/]+)\//.exec(url);
  return match ? match[1] : url;
}

// ask gives, for each query in turn, the answer and how long it took, in ms.
function ask(queries) {
  return queries.reduce(function (before, query) {
    return before.then(function (answers) {
      var start = performance.now();
      return search.find(query).then(function (ids) {
        answers.push({ids: ids, ms: performance.now() - start});
        return answers;
      });
    });
  }, Promise.resolve([]));
}

// first is ask for one query, with loading the search before it.
function first(query) {
  var start = performance.now();
  return search.open().then(function () { return search.find(query); }).then(function (ids) {
    return {ids: ids, ms: performance.now() - start};
  });
}
