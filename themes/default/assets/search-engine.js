// The search engine: reads the index that the build wrote (search/*.js) and
// ranks. It loads only the files that a query needs, as scripts, so that it
// works from file:// too; it touches nothing else of the page.
//
//   var engine = deploysiteSearch.create({root: "../", manifest: "search/manifest-….js"});
//   engine.search("certificate checkout", {limit: 10, facets: true}).then(…);
//
// What a query was not understood by is in "hints": pairs of a name and its
// values, for which the page has the words.
//
// internal/search does the same in Go; tests hold the two to the same results.
// All arithmetic is in whole numbers for that reason.
(function () {
  "use strict";

  // ---- Words ------------------------------------------------------------

  const MAX_TERM = 64, MAX_HASH = 12, MAX_PIECES = 8, MAX_LABELS = 10;
  const ACCENTS = /[\u0300-\u036f\u0591-\u05c7\u064b-\u065f\u0670]/g;
  const SPELLED = {"ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ħ": "h", "ı": "i", "ŋ": "n", "ŧ": "t", "ς": "σ"};
  const IDEOGRAPH = "\\u3005-\\u3007\\u3041-\\u309a\\u309d-\\u30fa\\u30fc-\\u30ff\\u31f0-\\u31ff\\u3400-\\u4dbf\\u4e00-\\u9fff\\uac00-\\ud7a3\\uf900-\\ufaff\\u{20000}-\\u{3ffff}";
  const LETTER = "(?![" + IDEOGRAPH + "])[\\p{L}\\p{N}]", LETTERS = "(?:(?![" + IDEOGRAPH + "])[\\p{L}\\p{N}\\p{M}])";
  const WORD = new RegExp("[" + IDEOGRAPH + "]+" +
    "|(?=((\\d{1,2}:\\d\\d)(?::\\d\\d(?!\\d)(?:\\.\\d+)?)?Z?))\\1(?![\\p{L}\\p{N}\\p{M}])" + // all of it or nothing
    "|(\\d{4}-\\d\\d-\\d\\d)(?:T(?=\\d)|-(\\d\\d)-(\\d\\d)(?![\\p{L}\\p{N}\\p{M}]))" +
    "|" + LETTER + LETTERS + "*(?:[-_.'’](?=" + LETTER + ")" + LETTERS + "+)*", "gu");
  const IDEOGRAPHS = new RegExp("^[" + IDEOGRAPH + "]", "u");
  const GOES_ON = new RegExp("^(?:" + LETTERS + "|[+#])", "u");
  const PLAIN = /^[a-z0-9]*$/, SEPARATORS = /[^\p{L}\p{N}\p{M}]+/gu, CONNECTORS = /[-_.'’]/, DAY = /^\d{4}-\d\d(\D|$)/;
  const NUMBER = /\d+(?:[-_.'’]\d+)+/, HOST = /(^|[^\d.-])(\d{1,3})-(\d{1,3})-(\d{1,3})-(\d{1,3})([^\d.-]|$)/g;

  function fold(s) {
    if (PLAIN.test(s)) return s;
    return s.normalize("NFKD").replace(ACCENTS, "").toLowerCase()
      .replace(/[ßæœøłđðþħıŋŧς]/g, c => SPELLED[c]).normalize("NFC");
  }

  // joined is a word without its connectors, but for a full stop between two
  // letters and two digits, and a hyphen between two digits that are no date.
  function joined(text) {
    const day = DAY.test(text), isDigit = c => c >= "0" && c <= "9";
    return fold(text).replace(SEPARATORS, (sep, at, all) => {
      const before = isDigit(all.charAt(at - 1)), after = isDigit(all.charAt(at + sep.length));
      return sep === "." ? (before === after ? "." : "") : (sep === "-" || sep === "_") && before && after && !day ? "-" : "";
    }).replace(HOST, "$1$2.$3.$4.$5$6");
  }

  const runes = s => Array.from(s);
  const cut = (s, most) => s.length <= most ? s : runes(s).slice(0, most).join("");

  function cutTerm(s) {
    if (s.length <= MAX_HASH) return s;
    return /^[0-9a-f]+$/.test(s) ? s.slice(0, MAX_HASH) : cut(s, MAX_TERM);
  }

  // withoutV is what stands before a version.
  const withoutV = s => s.replace(/(^|[-_.'’])[vV][-_.]?$|([A-Z])v$/, "$1$2").replace(/[-_.'’]+$/, "");

  // humps are the pieces of some, cut where a capital begins a word.
  const humps = pieces => [].concat.apply([], pieces.map(p => p.replace(/([a-z0-9])([A-Z])/g, "$1 $2").replace(/([A-Z])([A-Z][a-z])/g, "$1 $2").split(" ")));

  // terms are what a word is found by: whole, and in its parts. A version or the
  // like is one of them, with what follows it.
  function terms(text) {
    const all = [], number = NUMBER.exec(text), whole = joined(text), isDay = number && /^\d{4}-\d\d-\d\d$/.test(number[0]);
    const add = t => { t = cutTerm(t); if (t && !all.includes(t)) all.push(t); };
    // labels adds the terms of a host's labels that have parts, or of all of them.
    const labels = (parts, every) => {
      if (parts.length > MAX_LABELS) return;
      for (const p of parts) if (every || /[-_]/.test(p)) words(p).forEach(w => w.terms.forEach(add));
    };
    let pieces = humps(text.split(CONNECTORS)), before = "", parts = text.includes(".") ? text.split(".") : [];
    if (!number || pieces.length > MAX_PIECES) {
      add(whole);
      if (!number && /^v\d{2,}$/.test(whole)) add(whole.slice(1));
      if (!number && /^0x[0-9a-f]{4,}$/.test(whole)) add(whole.slice(2));
    } else {
      let rest = text.slice(number.index + number[0].length);
      parts = text.slice(0, number.index).split(".").slice(0, -1).concat(rest.split(".").slice(1));
      before = withoutV(text.slice(0, number.index));
      const named = isDay && rest;
      if (before || named) add(whole);
      if (named) {
        add(joined(number[0]));
        const second = NUMBER.exec(rest);
        if (second) {
          add(joined(rest.slice(second.index)));
          before += "-" + withoutV(rest.slice(0, second.index));
          rest = rest.slice(second.index + second[0].length);
        }
      } else {
        add(joined(text.slice(number.index)));
        const second = NUMBER.exec(rest);
        if (second) add(joined(rest.slice(second.index))); // "1.2.3-alpine3.18"
      }
      const last = joined(rest);
      if (/\d/.test(last) && runes(last).length > 1) add(last);
      pieces = humps((before + "-" + rest).split(CONNECTORS).filter(Boolean));
    }
    if (pieces.length > MAX_PIECES) {
      labels(parts, true);
      return all;
    }
    for (const p of pieces) {
      const part = joined(p).replace(/\./g, "");
      if (part.length > 1 && runes(part).length > 1) add(part);
    }
    if (!number && /[A-Za-z]{2}[-_]\d$/.test(text)) add(text.slice(-1)); // "node-1" is "node 1" as well
    if (before && !isDay && !number[0].includes(".")) number[0].split(CONNECTORS).forEach(n => { if (n.length > 2) add(n); });
    labels(parts, false);
    return all;
  }

  // signed takes in those that make another word of one: "C++", "C#", ".NET".
  function signed(text, at, word, terms) {
    let start = at, end = at + word.length;
    if (!/^[A-Za-z]+$/.test(word)) return {start: start, end: end, terms: terms};
    const sign = ["++", "#"].find(s => text.startsWith(s, end) && !GOES_ON.test(text.substr(end + s.length, 2)));
    if (sign) end += sign.length;
    if (at && text[at - 1] === "." && (at === 1 || " \t\n(/`\"".includes(text[at - 2]))) start--;
    if (end - start > word.length) terms = [text.slice(start, end).toLowerCase().slice(0, MAX_TERM)].concat(terms);
    return {start: start, end: end, terms: terms};
  }

  // words are those of a text, each with its place.
  function words(text) {
    const all = [];
    WORD.lastIndex = 0;
    for (let m; (m = WORD.exec(text));) {
      const at = m.index, next = WORD.lastIndex; // terms may look for words itself
      if (m[2]) all.push({start: at, end: at + m[2].length, terms: [m[2]]});
      else if (m[3]) {
        all.push({start: at, end: at + 10, terms: [m[3].replace(/-/g, "")]});
        if (m[4]) all.push({start: at + 11, end: at + 16, terms: [m[4] + ":" + m[5]]});
      } else if (IDEOGRAPHS.test(m[0])) {
        const chars = runes(m[0]);
        let from = at;
        for (let i = 0; i < Math.max(1, chars.length - 1); i++) {
          const pair = chars.slice(i, i + 2).join("");
          all.push({start: from, end: from + pair.length, terms: [fold(pair)]});
          from += chars[i].length;
        }
      } else {
        const t = terms(m[0]);
        if (t.length) all.push(signed(text, at, m[0], t));
      }
      WORD.lastIndex = next;
    }
    return all;
  }

  // ---- Stems ------------------------------------------------------------

  function ending(w, end, least) {
    const stem = w.slice(0, -end.length);
    return w.endsWith(end) && stem.length >= least && /[aeiouy]/.test(stem) ? stem : "";
  }

  function plural(w) {
    for (const e of ["ies", "es", "s"]) {
      const stem = ending(w, e, 3);
      if (stem && (e !== "s" || !/[sui]$/.test(stem))) return stem;
    }
    return w;
  }

  function verb(w) {
    for (const e of ["ied", "ed", "ings", "ing"]) {
      const stem = ending(w, e, 3);
      if (!stem || e === "ed" && stem.endsWith("e")) continue;
      if (stem.length > 3 && /([^lsz])\1$/.test(stem)) return [stem.slice(0, -1), true];
      return [stem, false];
    }
    return [w, false];
  }

  function stem(w) {
    if (!/^[a-z]{4,}$/.test(w)) return w;
    const one = plural(w), [cutVerb, doubled] = verb(one);
    let changed = cutVerb !== one || w.length - one.length === 2, s;
    w = cutVerb;
    for (const [e, least] of [["ment", 4], ["ion", 4], ["al", 5]]) {
      if ((s = ending(w, e, least)) && (e !== "ion" || /[st]$/.test(s))) {
        w = s;
        changed = changed || e === "ion";
        break;
      }
    }
    if ((s = ending(w, "e", 3))) { w = s; changed = true; }
    else if ((s = ending(w, "y", 3)) && !/[aeiou]$/.test(s)) w = s;
    if ((s = ending(w, "at", 4)) && changed && !doubled && !s.endsWith("e")) w = s;
    if ((s = ending(w, "ur", 4)) && changed) return s;
    return w.endsWith("ll") && w.length > 5 ? w.slice(0, -1) : w;
  }

  // ---- Numbers ----------------------------------------------------------

  const digit = c => (c > 92 ? c - 1 : c) - 35;
  const character = n => String.fromCharCode(n < 57 ? n + 35 : n + 36);

  function Numbers(text) { this.text = text; this.at = 0; }
  Numbers.prototype.next = function () {
    let n = 0, scale = 1, d;
    do {
      d = this.at < this.text.length ? digit(this.text.charCodeAt(this.at++)) : 0;
      n += (d & 31) * scale;
      scale *= 32;
    } while (d > 31);
    return n;
  };
  Numbers.prototype.wide = function () {
    const d = this.at < this.text.length ? digit(this.text.charCodeAt(this.at++)) : 0;
    return d < 80 ? d : 80 + this.next();
  };
  Numbers.prototype.signed = function () {
    const n = this.next();
    return n % 2 ? -(n + 1) / 2 : n / 2;
  };

  // fronts reads sorted words, each written as what it adds to the one before.
  function fronts(text) {
    const all = [];
    let last = "";
    for (const w of text.split(" ")) {
      if (!w) continue;
      last = cut(last, digit(w.charCodeAt(0))) + w.slice(1);
      all.push(last);
    }
    return all;
  }

  // compare is by code points, as the build sorts.
  function compare(a, b) {
    if (a === b) return 0;
    for (let i = 0; ; i++) {
      let x = a.charCodeAt(i), y = b.charCodeAt(i);
      if (x === y) continue;
      if (!(x >= 0)) return -1;
      if (!(y >= 0)) return 1;
      if (x >= 0xd800 && y >= 0xd800) { x = (x + 0x2000) & 0xffff; y = (y + 0x2000) & 0xffff; }
      return x - y;
    }
  }

  // last is the greatest index whose string is not above s.
  function last(sorted, s) {
    let low = 0, high = sorted.length;
    while (low < high) {
      const mid = (low + high) >> 1;
      if (compare(sorted[mid], s) <= 0) low = mid + 1; else high = mid;
    }
    return low - 1;
  }

  // bits is 16 times the binary logarithm of a/b, rounded down.
  function bits(a, b) {
    let n = 0;
    while (a >= 2 * b) { b *= 2; n += 16; }
    let x = Math.floor(a * 32768 / b);
    for (let f = 8; f; f >>= 1) {
      x = Math.floor(x * x / 32768);
      if (x >= 65536) { x = Math.floor(x / 2); n += f; }
    }
    return n;
  }

  // own is what an object has itself under a name that somebody typed.
  const own = (object, name) => Object.prototype.hasOwnProperty.call(object, name) ? object[name] : undefined;

  // ---- Loading ----------------------------------------------------------

  const arrived = {};
  window.deploysiteShard = function (path, value) { arrived[path] = value; };

  function loadError(path) {
    const e = new Error("the search index could not be loaded (" + path + "); reload the page");
    e.name = "SearchLoadError";
    return e;
  }

  function loadScript(root, path) {
    return new Promise((resolve, reject) => {
      const script = document.createElement("script");
      script.src = root + path;
      script.async = true;
      script.onload = () => {
        script.remove();
        if (path in arrived) { resolve(arrived[path]); delete arrived[path]; } else reject(loadError(path));
      };
      script.onerror = () => { script.remove(); reject(loadError(path)); };
      document.head.appendChild(script);
    });
  }

  const valueOf = text => JSON.parse(text.slice(text.indexOf(",") + 1, text.lastIndexOf(")")));

  // ---- Queries ----------------------------------------------------------

  const MAX_QUERY = 400, MAX_WORDS = 16, MAX_PHRASES = 8;
  const SPACE = /[\t-\r \u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\ufeff]+/g;
  const CLAUSE = /^(-?)(?:([A-Za-z]+):)?(?:["“”„]([^"“”„]*)["“”„]?|([^ ]+))/;

  // fieldsOf are the filters by all of their names: facets, and those that have
  // no values to choose from.
  function fieldsOf(facets) {
    const fields = {before: "before", after: "after", has: "has"};
    facets.forEach(names => names.forEach(name => { fields[name] = names[0]; }));
    return fields;
  }

  // parse reads a query into words, phrases and filters.
  function parse(text, fields) {
    const q = {words: [], phrases: [], filters: [], hints: [], open: false};
    text = text.replace(SPACE, " ");
    if (runes(text).length > MAX_QUERY) {
      text = cut(text, MAX_QUERY);
      q.hints.push(["too-long", {limit: MAX_QUERY}]);
    }
    q.open = text !== "" && !text.endsWith(" ");
    for (let rest = text.replace(/^ /, ""), m; rest; rest = rest.slice(m[0].length).replace(/^ /, "")) {
      m = CLAUSE.exec(rest) || [rest, "", "", undefined, rest];
      clause(q, fields, m, rest.length === m[0].length);
    }
    if (q.words.length > MAX_WORDS) {
      q.words.length = MAX_WORDS;
      q.hints.push(["too-many", {limit: MAX_WORDS}]);
    }
    return q;
  }

  function clause(q, fields, m, isLast) {
    const not = m[1] === "-", name = m[2] && m[2].toLowerCase(), quoted = m[3] !== undefined;
    const value = quoted ? m[3] : m[4];
    if (name && own(fields, name)) {
      if (value) q.filters.push({field: fields[name], value: value, not: not});
      return;
    }
    if (name && !value.startsWith("/")) q.hints.push(["no-filter", {name: m[2]}]);
    const raw = name ? m[2] + ":" + value : value, all = words(raw);
    if (quoted && !name) {
      if (all.length && q.phrases.length < MAX_PHRASES) q.phrases.push({text: value, words: all, not: not});
      return;
    }
    all.forEach((w, i) => q.words.push({text: raw.slice(w.start, w.end), terms: w.terms, not: not,
      open: q.open && isLast && !not && i === all.length - 1}));
  }

  // ---- The engine -------------------------------------------------------

  const NOTE_OF_ZONE = {2: "issue", 3: "lesson", 4: "tip", 5: "well"}, STEP = 6;
  const NOTE = {issue: 1, lesson: 2, tip: 4, well: 8}, ALL_NOTES = 15;
  const IMPACTS = [0, 11, 15, 19, 23, 27]; // what the levels of a posting count, of 32
  const HAS = {issue: 1, lesson: 2, tip: 4, well: 8, failed: 16};
  const MAX_SPAN = 2, MIN_PREFIX = 2, MAX_REST = 4, MAX_FACET = 50, FEW = 8;
  const SHARED = 1, TOLD = 2; // found in template text only, or in what somebody wrote
  // How well a term fits, of 16: itself, another form of the word, its parts
  // apart, one that it begins, one that is one or two letters off. A version or a
  // code names one thing, and what has another one comes behind.
  const EXACT = 16, FORM = 13, PARTS = 12, BEGINS = 9, NEAR = [0, 10, 7], SERIES = 6, PARTS_OF_ONE = 6, BEGINS_ONE = 5;

  function Engine(options) {
    this.root = options.root || "";
    this.path = options.manifest;
    this.fetch = options.load ? path => options.load(path).then(valueOf) : path => loadScript(this.root, path);
    this.files = {};
    this.decoded = {};
  }

  // file is the value in a file, which is loaded once.
  Engine.prototype.file = function (path) {
    if (!this.files[path]) {
      this.files[path] = this.fetch(path).catch(e => {
        delete this.files[path];
        throw e && e.name === "SearchLoadError" ? e : loadError(path);
      });
    }
    return this.files[path];
  };

  Engine.prototype.manifest = async function () {
    if (this.m) return this.m;
    const m = await this.file(this.path);
    m.first = fronts(m.terms);
    m.count = m.pages.reduce((a, b) => a + b, 0);
    m.size = m.base + m.count;
    m.fields = fieldsOf(m.facets);
    m.facet = m.facets.map(names => names[0]);
    m.lists = m.facet.filter(name => m.kinds.includes(name)); // a document has their values
    return (this.m = m);
  };

  // once keeps what was made of a file.
  Engine.prototype.once = function (key, make) {
    if (!this.decoded[key]) this.decoded[key] = make().catch(e => { delete this.decoded[key]; throw e; });
    return this.decoded[key];
  };

  // shard is a range of terms with where their postings are.
  Engine.prototype.shard = function (i) {
    return this.once("t" + i, async () => {
      const m = this.m, [names, counts, gaps, told] = await this.file("search/t" + i + "-" + m.hashes.substr(i * 6, 6) + ".js");
      const shard = {terms: fronts(names), lists: []};
      const reader = new Lists(m, counts, gaps, told);
      for (let k = 0; k < shard.terms.length; k++) shard.lists.push(reader.next());
      return shard;
    });
  };

  // Lists reads postings: documents, and for each the level and the notes that
  // the term is in.
  function Lists(m, counts, gaps, told) {
    this.m = m;
    this.counts = new Numbers(counts);
    this.gaps = new Numbers(gaps);
    this.told = told;
    this.at = 0;
  }
  Lists.prototype.next = function () {
    const n = this.counts.next(), pages = this.counts.next(), count = n >> 1, documents = new Uint32Array(count + pages);
    let at = 0, next = 0;
    if (n & 1) {
      for (let i = this.m.n - count; i > 0; i--) {
        const missing = next + this.gaps.next();
        while (next < missing) documents[at++] = next++;
        next++;
      }
      while (next < this.m.n) documents[at++] = next++;
    } else {
      for (; at < count; at++) documents[at] = next = next + this.gaps.next(), next++;
    }
    for (next = this.m.base; at < count + pages; at++) documents[at] = next = next + this.gaps.next(), next++;
    const list = {documents: documents, told: this.told, at: this.at};
    this.at += at;
    return list;
  };

  // range is the terms that begin with a text, at most a few shards of them.
  Engine.prototype.range = async function (text, near) {
    const m = this.m, end = text + "\u{10ffff}";
    let from = Math.max(0, last(m.first, text)), to = last(m.first, end);
    if (to - from > MAX_SPAN) {
      const at = last(m.first, near);
      from = Math.max(from, at - 1);
      to = Math.min(to, from + MAX_SPAN);
    }
    const shards = [];
    for (let i = from; i <= to; i++) shards.push(this.shard(i));
    const found = [];
    for (const s of await Promise.all(shards)) {
      for (let i = last(s.terms, text); i < s.terms.length; i++) {
        if (i < 0 || !s.terms[i].startsWith(text)) { if (i >= 0 && compare(s.terms[i], end) > 0) break; continue; }
        found.push({term: s.terms[i], list: s.lists[i]});
      }
    }
    return found;
  };

  // forms are a word itself and, where English is, its other forms.
  Engine.prototype.forms = async function (term, quality) {
    const base = this.m.stem ? stem(term) : term;
    const found = await this.range(base, term);
    return found.filter(f => f.term === term || this.m.stem && stem(f.term) === base)
      .map(f => ({term: f.term, list: f.list, quality: (f.term === term ? EXACT : FORM) * quality >> 4}));
  };

  // A group is all that one word of a query stands for.
  Engine.prototype.group = async function (word) {
    const whole = word.terms[0], g = {word: word, terms: [], begins: "", weight: 0, fixed: ""};
    let core = await this.forms(whole, 16);
    const digits = s => s.replace(/[^0-9]/g, "").length, parts = word.terms.slice(1);
    const apart = /^\d+[.-]\d/.test(whole) || digits(parts.join("")) < digits(whole) ? [] : parts;
    const pieces = await Promise.all(apart.map(t => this.forms(t, 16)));
    const series = await this.series(word), quality = digits(whole) ? BEGINS_ONE : BEGINS;
    series.forEach(f => g.terms.push(f.term));
    let begins = [];
    if (word.open && (runes(whole).length >= MIN_PREFIX || IDEOGRAPHS.test(whole))) {
      if (own(this.m.prefix, whole)) begins = [{term: "", list: await this.prefixList(whole), quality: quality}];
      else {
        const have = core.concat(series).map(c => c.term);
        begins = (await this.range(whole, whole)).filter(f => !have.includes(f.term))
          .map(f => ({term: f.term, list: f.list, quality: quality}));
      }
      if (begins.length) g.begins = whole;
    }
    begins = series.concat(begins);
    if (!word.not && !core.length && !begins.length && !(pieces.length && pieces.every(p => p.length))) {
      const near = await this.near(whole, word.open);
      for (const n of near) core = core.concat(await this.forms(n.term, NEAR[n.distance]));
      if (near.length) g.fixed = near[0].term;
    }
    this.merge(g, whole, core, pieces, begins);
    return g;
  };

  // series is the terms that go on where a version ends: 14.2.1 for "14.2", 2.0
  // for "v2".
  Engine.prototype.series = async function (word) {
    const whole = word.terms[0], major = /^v\d+$/.test(whole), base = major ? whole.slice(1) : whole;
    if (word.not || !major && !/\d[.-]\d+$/.test(whole)) return [];
    const fit = rest => {
      if (!rest || major && !/^\d*\./.test(rest)) return 0;
      if (!/^\d/.test(rest)) return SERIES;
      return major && word.open && base.length > 1 ? BEGINS_ONE : 0;
    };
    return (await this.range(base, base)).map(f => ({term: f.term, list: f.list, quality: fit(f.term.slice(base.length))})).filter(f => f.quality);
  };

  Engine.prototype.prefixList = function (text) {
    return this.once("x" + text, async () => {
      const [counts, gaps, told] = await this.file("search/x-" + this.m.prefix[text] + ".js");
      return new Lists(this.m, counts, gaps, told).next();
    });
  };

  // weight is how much a word tells that so many documents have.
  Engine.prototype.weight = function (documents) {
    return 1 + bits(this.m.n + this.m.count + 1, Math.max(1, documents));
  };

  // merge makes of a group's terms one value a document, and where it stands.
  Engine.prototype.merge = function (g, whole, core, pieces, begins) {
    this.empty(g);
    const seen = new Uint8Array(this.m.size);
    let count = 0;
    const tally = list => each(list, (d, level) => { if (level && !seen[d]) { seen[d] = 1; count++; } });
    const add = (list, quality, weight) => each(list, (d, level, notes) => {
      g.value[d] = Math.max(g.value[d], weight * quality * IMPACTS[level]);
      g.found[d] = Math.max(g.found[d], level ? TOLD : SHARED);
      g.notes[d] |= notes;
    });
    if (pieces.length && pieces.every(p => p.length)) core.push({list: this.together(pieces), quality: /^\.|[+#]/.test(whole) ? PARTS_OF_ONE : PARTS, terms: pieces});
    core.forEach(c => tally(c.list));
    g.weight = count ? this.weight(count) : core.length ? 1 : 0;
    core.forEach(c => {
      add(c.list, c.quality, g.weight);
      if (c.term) g.terms.push(c.term);
      else c.terms.forEach(p => p.forEach(f => g.terms.push(f.term)));
    });
    begins.forEach(c => tally(c.list));
    const weight = this.weight(count);
    begins.forEach(c => add(c.list, c.quality, weight));
    if (!g.weight && begins.length) g.weight = weight;
  };

  Engine.prototype.empty = function (g) {
    g.value = new Int32Array(this.m.size);
    g.notes = new Uint8Array(this.m.size);
    g.found = new Uint8Array(this.m.size);
  };

  // each calls f for each posting of a list.
  function each(list, f) {
    const documents = list.documents;
    for (let i = 0, at = list.at; i < documents.length; i++, at++) {
      const told = digit(list.told.charCodeAt(at)) - 1;
      if (told < 0) f(documents[i], 0, 0); else f(documents[i], 1 + (told >> 4), told & ALL_NOTES);
    }
  }

  // together is the documents that have all parts of a word, each in some form.
  Engine.prototype.together = function (pieces) {
    const size = this.m.size, least = new Uint8Array(size).fill(5), notes = new Uint8Array(size).fill(ALL_NOTES), have = new Uint8Array(size);
    pieces.forEach((forms, i) => {
      const best = new Uint8Array(size), where = new Uint8Array(size), here = new Uint8Array(size);
      forms.forEach(f => each(f.list, (d, level, n) => {
        best[d] = Math.max(best[d], level);
        where[d] |= n;
        here[d] = 1;
      }));
      for (let d = 0; d < size; d++) {
        if (!here[d] || have[d] !== i) continue;
        have[d]++;
        least[d] = Math.min(least[d], best[d]);
        notes[d] &= where[d];
      }
    });
    const documents = [], told = [];
    for (let d = 0; d < size; d++) {
      if (have[d] !== pieces.length) continue;
      documents.push(d);
      told.push(character(least[d] ? 1 + (least[d] - 1 << 4 | notes[d]) : 0));
    }
    return {documents: Uint32Array.from(documents), told: told.join(""), at: 0};
  };

  // ---- Mistyped words ---------------------------------------------------

  // near is the words that are one or two letters off, the likeliest first. A
  // word that is being typed may be the beginning of one.
  Engine.prototype.near = async function (word, open) {
    const letters = runes(word), n = letters.length, most = n < 4 ? 0 : n < 8 ? 1 : 2;
    if (!/^\p{L}+$/u.test(word) || IDEOGRAPHS.test(word)) return [];
    for (let distance = 1; distance <= most; distance++) {
      const lists = [], longest = n + (open && distance === 1 ? MAX_REST : distance);
      for (let k = n - distance; k <= longest; k++) if (this.m.words[k]) lists.push(this.vocabulary(k));
      const found = [];
      for (const list of await Promise.all(lists)) {
        list.words.forEach((w, i) => {
          const [whole, begin] = editDistance(letters, runes(w), distance), rest = whole <= distance ? 0 : 1;
          if (!rest || open && begin <= distance) {
            found.push({term: w, distance: distance, rest: rest, other: w[0] === word[0] ? 0 : 1, common: list.classes[i]});
          }
        });
      }
      if (found.length) {
        return found.sort((a, b) => a.rest - b.rest || a.other - b.other || b.common - a.common || compare(a.term, b.term)).slice(0, 3);
      }
    }
    return [];
  };

  Engine.prototype.vocabulary = function (length) {
    return this.once("w" + length, async () => {
      const [list, classes] = await this.file("search/w" + length + "-" + this.m.words[length] + ".js");
      return {words: fronts(list), classes: runes(classes).map(c => digit(c.charCodeAt(0)))};
    });
  };

  // editDistance counts letters that were left out, added, changed, or swapped
  // with the next: to make a of b, and to make a of what b begins with.
  function editDistance(a, b, most) {
    let before = [], row = b.map((_, j) => j + 1);
    row.unshift(0);
    for (let i = 1; i <= a.length; i++) {
      const next = [i];
      let least = i;
      for (let j = 1; j <= b.length; j++) {
        let d = Math.min(row[j] + 1, next[j - 1] + 1, row[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1));
        if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) d = Math.min(d, before[j - 2] + 1);
        next.push(d);
        least = Math.min(least, d);
      }
      if (least > most) return [most + 1, most + 1];
      before = row;
      row = next;
    }
    return [row[b.length], Math.min.apply(null, row)];
  }

  // ---- Phrases ----------------------------------------------------------

  // places are where a term stands: in each document, and in each line of the
  // template.
  Engine.prototype.places = async function (term) {
    const m = this.m, i = Math.max(0, last(m.first, term)), shard = await this.shard(i), k = last(shard.terms, term);
    if (k < 0 || shard.terms[k] !== term) return null;
    const all = await this.once("p" + i, async () => {
      const [text] = await this.file("search/p" + i + "-" + m.hashes.substr(i * 6, 6) + ".js");
      const r = new Numbers(text);
      return shard.lists.map(list => {
        const at = {documents: new Map(), lines: new Map()};
        each(list, (d, level) => {
          if (!level) return;
          let place = 0;
          const places = [];
          for (let n = r.next(); n >= 0; n--) places.push(place += r.signed());
          at.documents.set(d, places);
        });
        for (let lines = r.next(); lines > 0; lines--) {
          const line = r.next(), places = [];
          for (let n = r.next(); n >= 0; n--) places.push(r.next());
          at.lines.set(line, places);
        }
        return at;
      });
    });
    return {list: shard.lists[k], at: all[k]};
  };

  // phrase is the documents that have the words one after the other.
  Engine.prototype.phrase = async function (phrase) {
    const g = {word: phrase, terms: phrase.words.map(w => w.terms[0]), begins: "", phrase: true, fixed: ""};
    this.empty(g);
    const all = await Promise.all(g.terms.map(t => this.places(t)));
    g.weight = 1;
    if (all.some(p => !p)) return g;
    const follow = maps => {
      const found = [];
      for (const [key, first] of maps[0]) {
        const rest = maps.slice(1).map(m => m.get(key));
        if (rest.every(Boolean) && first.some(p => rest.every((places, i) => places.includes(p + i + 1)))) found.push(key);
      }
      return found;
    };
    const lines = follow(all.map(p => p.at.lines));
    if (lines.length) {
      const holders = await this.holders();
      lines.forEach(l => holders[l].forEach(d => { g.found[d] = SHARED; }));
    }
    const documents = follow(all.map(p => p.at.documents));
    g.weight = this.weight(documents.length);
    const told = all.map(p => { const of = new Map(); each(p.list, (d, level, notes) => of.set(d, [level, notes])); return of; });
    documents.forEach(d => {
      const of = told.map(m => m.get(d));
      g.found[d] = TOLD;
      g.notes[d] = of.reduce((n, o) => n & o[1], ALL_NOTES);
      g.value[d] = g.weight * EXACT * IMPACTS[of.reduce((least, o) => Math.min(least, o[0]), 5)];
    });
    return g;
  };

  Engine.prototype.holders = function () {
    return this.once("holders", async () => {
      const [counts, gaps] = await this.file("search/holders-" + this.m.holders + ".js");
      const reader = new Lists(this.m, counts, gaps, ""), all = [];
      while (reader.counts.at < counts.length) all.push(reader.next().documents);
      return all;
    });
  };

  // ---- Filters and facets -----------------------------------------------

  Engine.prototype.column = function (name) {
    return this.once("c" + name, async () => {
      if (!this.m.columns[name]) return {names: [], values: Array.from({length: this.m.n}, () => [])}; // such as that of sources where there is one
      const m = this.m, data = await this.file("search/c-" + name + "-" + m.columns[name] + ".js");
      if (name === "day") {
        const r = new Numbers(data[0]), days = new Int32Array(m.n);
        for (let i = 0, day = 0; i < m.n; i++) days[i] = day += r.signed();
        return days;
      }
      if (name === "has") return Uint8Array.from(runes(data[0]), c => digit(c.charCodeAt(0)));
      const counts = new Numbers(data[1]), r = new Numbers(data[2]), values = [];
      for (let i = 0; i < m.n; i++) {
        const of = [];
        for (let n = counts.wide(); n > 0; n--) of.push(r.wide());
        values.push(of);
      }
      return {names: data[0], values: values};
    });
  };

  // matchName tells whether a name is meant: the same words, or beginnings of them.
  function meant(names, value) {
    const key = s => [].concat.apply([], words(s).map(w => w.terms[0])).join(" ");
    const wanted = key(value), exact = names.map((n, i) => key(n) === wanted ? i : -1).filter(i => i >= 0);
    if (exact.length) return exact;
    const parts = words(value).map(w => w.terms[0]);
    return names.map((n, i) => {
      const have = [].concat.apply([], words(n).map(w => w.terms));
      return parts.length && parts.every(p => have.some(h => h.startsWith(p))) ? i : -1;
    }).filter(i => i >= 0);
  }

  Engine.prototype.meantKinds = function (values) {
    const kinds = this.m.kinds;
    return values.map(v => kinds[meant(kinds, v.replace(/s$/, ""))[0]]).filter(Boolean);
  };

  const dayNumber = (y, m, d) => Math.floor(Date.UTC(y, m - 1, d) / 864e5);
  const yearOf = day => new Date(day * 864e5).getUTCFullYear();

  // day is the first day of "2024", "2024-08" or "2024-08-31", or NaN.
  function day(text) {
    const m = /^([1-9]\d{3})(?:-(\d{1,2}))?(?:-(\d{1,2}))?$/.exec(text);
    if (!m || m[2] && (+m[2] < 1 || +m[2] > 12) || m[3] && (+m[3] < 1 || +m[3] > 31)) return NaN;
    return dayNumber(+m[1], +(m[2] || 1), +(m[3] || 1));
  }

  // A constraint tells of each document whether it may be a result.
  Engine.prototype.constraint = async function (filter, exact, hints) {
    const m = this.m, field = filter.field, not = !!filter.not, values = filter.values || [filter.value];
    const test = (f, pages) => ({field: field, allows: d => (d < m.base ? f(d) : !!pages && pages(d)) !== not});
    if (field === "kind") {
      const chosen = this.meantKinds(values);
      if (chosen.length < values.length) hints.push(["knows", {field, names: this.m.kinds.join(", ")}]);
      const mask = chosen.reduce((p, k) => p | (NOTE[k] || 0), 0), record = chosen.includes("record");
      const has = mask ? await this.column("has") : null;
      return {field: field, allows: (d, notes) => {
        if (d >= m.base) return chosen.includes(this.kindOfPage(d)) !== not;
        return (record || mask > 0 && ((notes ? notes[d] : has[d]) & mask) > 0) !== not;
      }};
    }
    if (field === "before" || field === "after") {
      const limit = day(values[0]), days = await this.column("day");
      if (limit !== limit) { hints.push(["no-day", {value: values[0]}]); return null; }
      return test(d => days[d] !== 0 && (field === "before" ? days[d] < limit : days[d] >= limit));
    }
    if (field === "year") {
      const days = await this.column("day");
      return test(d => days[d] !== 0 && values.includes(String(yearOf(days[d]))));
    }
    if (field === "has") {
      const has = await this.column("has"), names = Object.keys(HAS);
      const mask = values.reduce((p, v) => meant(names, v.replace(/s$/, "")).reduce((q, i) => q | HAS[names[i]], p), 0);
      if (!mask) hints.push(["knows", {field, names: names.join(", ")}]);
      return test(d => (has[d] & mask) > 0);
    }
    const column = await this.column(field), chosen = new Set();
    values.forEach(v => {
      const found = exact ? [column.names.indexOf(v)].filter(i => i >= 0) : meant(column.names, v);
      if (!found.length) {
        hints.push(["unknown", {facet: field, value: v}]);
        if (column.names.length && column.names.length <= FEW) hints.push(["knows", {field, names: column.names.join(", ")}]);
      }
      found.forEach(i => chosen.add(i));
    });
    return test(d => column.values[d].some(i => chosen.has(i)));
  };

  // kindOfPage is that of a document which is no record.
  Engine.prototype.kindOfPage = function (d) {
    const m = this.m;
    let i = d - m.base;
    for (let k = 0; k < m.kinds.length; k++) { if (i < m.pages[k]) return m.kinds[k]; i -= m.pages[k]; }
    return "";
  };

  // ---- Ranking ----------------------------------------------------------

  const cancelled = signal => {
    if (!signal || !signal.cancelled) return;
    const e = new Error("a newer query took its place");
    e.name = "SearchCancelled";
    throw e;
  };

  Engine.prototype.search = async function (text, options) {
    options = options || {};
    const signal = options.signal, m = await this.manifest(), q = parse(String(text), m.fields);
    cancelled(signal);
    const groups = await Promise.all(q.words.filter(w => !w.not).map(w => this.group(w))
      .concat(q.phrases.filter(p => !p.not).map(p => this.phrase(p))));
    const without = await Promise.all(q.words.filter(w => w.not).map(w => this.group(w))
      .concat(q.phrases.filter(p => p.not).map(p => this.phrase(p))));
    cancelled(signal);
    const constraints = await this.constraints(q, options.filters || {});
    cancelled(signal);
    const asked = groups.length > 0 || constraints.length > 0 || without.length > 0;
    const hits = asked || options.facets ? this.rank(groups, without) : {documents: [], scores: null, notes: null};
    const kept = [], facet = {};
    m.facet.forEach(f => { facet[f] = []; });
    for (const d of hits.documents) {
      let failing = "", several = false;
      for (const c of constraints) {
        if (c.allows(d, hits.notes)) continue;
        several = several || failing !== "" && failing !== c.field;
        failing = c.field;
      }
      if (!failing) kept.push(d);
      else if (!several && facet[failing]) facet[failing].push(d);
    }
    const result = {query: q, terms: [], hints: q.hints, corrected: "", total: asked ? kept.length : 0, results: [], facets: {}};
    result.query = String(text);
    result.terms = [].concat.apply([], groups.map(g => g.terms));
    result.corrected = corrected(String(text), groups);
    groups.forEach(g => { if (!g.weight) q.hints.push(["nowhere", {word: g.word.text}]); });
    const limit = !asked ? 0 : options.limit === undefined ? 10 : options.limit, offset = options.offset || 0;
    const best = this.best(kept, hits.scores, offset + limit).slice(offset);
    const kinds = this.noteKinds(q, options.filters || {});
    result.results = await Promise.all(best.map(d => this.result(d, hits.scores ? hits.scores[d] : 0, groups, kinds)));
    cancelled(signal);
    if (options.facets) result.facets = await this.facets(kept, facet, hits.notes);
    cancelled(signal);
    return result;
  };

  function corrected(text, groups) {
    const fixed = groups.filter(g => g.fixed);
    fixed.forEach(g => { text = text.replace(g.word.text, () => g.fixed); });
    return fixed.length ? text : "";
  }

  // noteKinds are the kinds of notes that are asked for instead of records.
  Engine.prototype.noteKinds = function (q, filters) {
    const named = q.filters.filter(f => f.field === "kind" && !f.not).map(f => f.value).concat(filters.kind || []);
    const kinds = this.meantKinds(named);
    return kinds.includes("record") ? [] : kinds.filter(k => NOTE[k]);
  };

  Engine.prototype.constraints = async function (q, filters) {
    const all = [];
    for (const f of q.filters) all.push(await this.constraint(f, false, q.hints));
    for (const field of Object.keys(filters).sort()) {
      const values = filters[field], name = own(this.m.fields, field);
      if (name && values && values.length) all.push(await this.constraint({field: name, values: values.map(String)}, true, q.hints));
    }
    return all.filter(Boolean);
  };

  // rank scores every document that has enough of the words.
  Engine.prototype.rank = function (groups, without) {
    const m = this.m, size = m.size;
    const excluded = d => without.some(g => g.found[d]);
    const documents = [];
    if (!groups.length) {
      for (let d = 0; d < m.n; d++) if (!excluded(d)) documents.push(d);
      return {documents: documents, scores: null, notes: null};
    }
    const scores = new Float64Array(size), notes = new Uint8Array(size), matched = new Float64Array(size);
    const total = groups.reduce((sum, g) => sum + g.weight, 0);
    let most = 0;
    for (let d = 0; d < size; d++) {
      let sum = 0, has = 0, tells = 0, common = ALL_NOTES, some = 0, complete = true;
      for (const g of groups) {
        const found = g.found[d];
        if (!found) {
          if (g.phrase) { complete = false; break; }
          continue;
        }
        has += g.weight;
        some++;
        if (found === TOLD) { tells += g.weight; sum += g.value[d]; common &= g.notes[d]; }
      }
      if (!complete || !some || excluded(d)) continue;
      matched[d] = has;
      most = Math.max(most, has);
      notes[d] = tells ? common : 0;
      sum = Math.floor(Math.floor(sum * (tells + 1) / (total + 1)) * (tells + 1) / (total + 1));
      if (some > 1 && notes[d]) sum = Math.floor(sum * 9 / 8);
      scores[d] = sum;
    }
    for (let d = 0; d < size; d++) if (matched[d] && matched[d] * 10 >= most * 6) documents.push(d);
    return {documents: documents, scores: scores, notes: notes};
  };

  // best is the documents with the highest scores, of equal ones the newest.
  Engine.prototype.best = function (documents, scores, count) {
    const m = this.m, span = m.n + m.count + 1;
    const place = d => d < m.base ? d + m.count : m.count - 1 - (d - m.base);
    const keys = Float64Array.from(documents, d => (scores ? scores[d] : 0) * span + place(d)).sort();
    const out = [];
    for (let i = keys.length - 1; i >= 0 && out.length < count; i--) {
      const p = keys[i] % span;
      out.push(p < m.count ? m.base + m.count - 1 - p : p - m.count);
    }
    return out;
  };

  Engine.prototype.facets = async function (kept, others, notes) {
    const m = this.m, out = {}, days = await this.column("day"), has = notes || await this.column("has");
    const columns = await Promise.all(m.facet.map(f => this.column(f)));
    for (const f of m.facet) {
      const counts = new Map(), column = columns[m.facet.indexOf(f)], count = k => counts.set(k, (counts.get(k) || 0) + 1);
      for (const d of kept.concat(others[f])) {
        if (f === "kind") {
          count(d < m.base ? "record" : this.kindOfPage(d));
          if (d < m.base) Object.keys(NOTE).forEach(k => { if (has[d] & NOTE[k]) count(k); });
        } else if (d < m.base) {
          if (f === "year" && days[d]) count(String(yearOf(days[d])));
          column.values[d].forEach(i => count(column.names[i]));
        }
      }
      const list = Array.from(counts, ([name, n]) => ({value: name, name: name, count: n}));
      list.sort((a, b) => f === "year" ? compare(b.value, a.value) : f === "kind" ? m.kinds.indexOf(a.value) - m.kinds.indexOf(b.value)
        : b.count - a.count || compare(a.value, b.value));
      out[f] = list.slice(0, MAX_FACET);
    }
    return out;
  };

  // ---- Results ----------------------------------------------------------

  Engine.prototype.document = async function (d) {
    const m = this.m, i = d < m.base ? Math.floor(d / m.per) : Math.ceil(m.n / m.per) + Math.floor((d - m.base) / m.per);
    const group = m.docs.substr(Math.floor(i / m.group) * 6, 6);
    const all = await this.file("search/d" + i + "-" + group + ".js");
    const doc = all[(d < m.base ? d : d - m.base) % m.per];
    doc[3].forEach(b => { if (b[1] === 0) b[1] = anchorOf(b[0], b[2]); });
    return doc;
  };

  // anchorOf is the anchor of most notes: their kind, and their first six words.
  const anchorOf = (zone, text) => NOTE_OF_ZONE[zone] + "-" + text.split(/[\t-\r ]+/).filter(Boolean).slice(0, 6).join(" ").toLowerCase()
    .split(/[^a-z0-9]+/).filter(Boolean).join("-").slice(0, 60).replace(/-$/, "");

  Engine.prototype.result = async function (d, score, groups, kinds) {
    const [kind, values, facts, blocks, shared] = await this.document(d), of = {};
    const [id, title, own, date, status] = facts, url = own || "records/" + id + "/index.html";
    this.m.lists.forEach((f, i) => { of[f] = values[i] || []; });
    const r = {id: id, kind: this.m.kinds[kind], title: title, url: url, score: score, excerpt: [], status: status, date: date, of: of, notes: []};
    const found = lines(blocks, groups);
    const notes = found.filter(f => f.zone in NOTE_OF_ZONE && (!kinds.length || kinds.includes(NOTE_OF_ZONE[f.zone])));
    const texts = found.filter(f => !(f.zone in NOTE_OF_ZONE));
    const best = (a, b) => b.score - a.score;
    r.notes = notes.filter(f => f.score).sort(best).slice(0, 3).map(f =>
      ({kind: NOTE_OF_ZONE[f.zone], url: url + "#" + encodeURIComponent(f.anchor), excerpt: crop(f.text, f.marks)}));
    let text = texts.filter(f => f.score).sort(best)[0];
    if (!text && !r.notes.length && groups.length) text = await this.sharedLine(shared, groups);
    if (!text && !r.notes.length) text = notes[0] || texts[0];
    if (text) r.excerpt = crop(text.text, text.marks);
    if (kinds.length && kind === 0) {
      const note = r.notes.shift();
      if (note) { r.kind = note.kind; r.url = note.url; r.excerpt = note.excerpt; }
    }
    return r;
  };

  // lines are those of a document, of each note the best, with what matches.
  function lines(blocks, groups) {
    const out = [];
    blocks.forEach(([zone, anchor, ...rest]) => {
      const own = rest.map(t => line(zone, anchor, t, groups));
      if (!(zone in NOTE_OF_ZONE)) { out.push(...own); return; }
      if (!own.length) return;
      const top = own.reduce((a, b) => b.score > a.score ? b : a);
      top.score = told(own.reduce((all, l) => all | l.groups, 0), groups);
      out.push(top);
    });
    return out;
  }

  // told is how much it tells to have the groups of a mask.
  const told = (mask, groups) => groups.reduce((sum, g, i) => sum + (mask >> i & 1 ? 100 + g.weight : 0), 0);

  function line(zone, anchor, text, groups) {
    const l = {zone: zone, anchor: anchor, text: text, marks: [], groups: 0, score: 0};
    const all = groups.length ? words(text) : [], masks = all.map(() => 0);
    groups.forEach((g, bit) => {
      if (g.phrase) {
        for (let i = 0; i + g.terms.length <= all.length; i++)
          if (g.terms.every((t, k) => all[i + k].terms.includes(t))) g.terms.forEach((t, k) => { masks[i + k] |= 1 << bit; });
      } else all.forEach((w, i) => { if (w.terms.some(t => g.terms.includes(t) || g.begins && t.startsWith(g.begins))) masks[i] |= 1 << bit; });
    });
    masks.forEach((mask, i) => {
      if (mask) l.marks.push({start: all[i].start, end: all[i].end, groups: mask});
      l.groups |= mask;
    });
    l.score = told(l.groups, groups);
    return l;
  }

  // sharedLine looks through the lines that the document has from the template.
  Engine.prototype.sharedLine = async function (shared, groups) {
    if (!shared) return null;
    const texts = await this.file("search/shared-" + this.m.shared + ".js"), r = new Numbers(shared), all = [];
    for (let next = 0; r.at < shared.length; next++) all.push(line(0, "", texts[next += r.signed()], groups));
    return all.filter(l => l.score).sort((a, b) => b.score - a.score)[0];
  };

  const WINDOW = 200, BEFORE = 40;

  // crop cuts the best part out of a line and tells its marks apart.
  function crop(text, marks) {
    let from = 0, to = text.length;
    if (to > WINDOW) {
      const first = densest(marks);
      from = first > BEFORE ? boundary(text, first - BEFORE) : 0;
      to = text.length - from > WINDOW ? boundary(text, from + WINDOW) : text.length;
    }
    const parts = [], add = (s, mark) => { if (s) parts.push({text: s, mark: mark}); };
    let at = from;
    if (from) add("…", false);
    marks.forEach(m => {
      const start = Math.max(m.start, at), end = Math.min(m.end, to);
      if (start >= end) return;
      add(text.slice(at, start), false);
      add(text.slice(start, end), true);
      at = end;
    });
    add(text.slice(at, to), false);
    if (to < text.length) add("…", false);
    return parts;
  }

  // densest is the place from where on most different words are near.
  function densest(marks) {
    let best = 0, place = 0;
    marks.forEach((m, i) => {
      let mask = 0, count = 0;
      for (let j = i; j < marks.length && marks[j].end - m.start <= WINDOW - BEFORE; j++) mask |= marks[j].groups;
      for (; mask; mask &= mask - 1) count++;
      if (count > best) { best = count; place = m.start; }
    });
    return place;
  }

  // boundary is the next blank at or after a place, or the place itself.
  function boundary(text, at) {
    const blank = text.indexOf(" ", at);
    if (blank >= 0 && blank - at < 24) return blank;
    const c = text.charCodeAt(at);
    return c >= 0xdc00 && c < 0xe000 ? at + 1 : at; // not inside a character
  }

  // ---- Seen before ------------------------------------------------------

  // What internal/recall does. Its lists of words and expressions come with the
  // manifest.

  const MAX_ERROR = 1 << 20, MAX_LINES = 40, MAX_LINE = 1000, MAX_LOOKED_UP = 24, MAX_CANDIDATES = 20;
  const OF_ANY_LOG = 1, OF_MANY = 4, OF_DATA = 1, OF_PAIR = 3, MOST_TOLD = 8;
  const LEAST_SHARED = 10, LEAST_OF_PIECE = 18, DOUBT = 12, KNOWN = 350;

  function Recall(lists) {
    const expression = flags => s => new RegExp(s.replace(/\\x\{/g, "\\u{"), flags);
    this.listed = new Map(lists.many.split(" ").map(w => [w, OF_MANY]).concat(lists.anyLog.split(" ").map(w => [w, OF_ANY_LOG])));
    [this.complaint, this.remedy, this.heading, this.none] = [lists.complaint, lists.remedy, lists.heading, lists.none].map(expression("iu"));
    [this.frame, this.border, this.isDense] = [lists.frame, lists.border, "^[" + lists.dense + "]"].map(expression("u"));
    [this.data, this.runs] = [lists.data, lists.runs].map(expression("gu"));
  }

  // words are those of a text, each with how much it tells.
  Recall.prototype.words = function (text) {
    const all = new Map(), data = Array.from(text.matchAll(this.data), m => [m.index, m.index + m[0].length]);
    for (const m of text.matchAll(this.runs)) {
      const isData = data.some(([from, to]) => from <= m.index && m.index < to);
      this.wordsIn(m[0]).forEach(word => { all.set(word, Math.max(all.get(word) || 0, isData ? OF_DATA : this.weight(word))); });
    }
    return all;
  };

  Recall.prototype.wordsIn = function (run) {
    if (this.isDense.test(run)) return runes(run).slice(1).map((c, i) => runes(run)[i] + c);
    if (/^[A-Z]+[0-9]{3,7}$/.test(run)) return [run.toLowerCase()];
    if (/^(?:0x)?[0-9a-fA-F]*[0-9][0-9a-fA-F]*$/.test(run)) return [];
    return run.toLowerCase().split(/\p{Nd}+/u).filter(part => runes(part).length > 1 && runes(part).length <= MAX_TERM);
  };

  Recall.prototype.weight = function (word) {
    return this.listed.get(word) || this.listed.get(word.replace(/s$/, "")) || (this.isDense.test(word) ? OF_PAIR : Math.min(MOST_TOLD, runes(word).length));
  };

  // units are those that begin with a line: itself, with the next, and its pieces.
  Recall.prototype.units = function (lines, i) {
    if (this.frame.test(lines[i])) return [];
    const cause = l => { const m = this.remedy.exec(l); return m ? l.slice(0, m.index) : l; };
    const text = cause(lines[i]), pieces = text.split(this.border), texts = [text];
    if (i + 1 < lines.length) texts.push(text + " " + cause(lines[i + 1]));
    const whole = texts.length;
    return texts.concat(pieces.length > 1 ? pieces : []).map((t, k) => ({words: this.words(t), piece: k >= whole}));
  };

  // error is what Of makes of a message or a log.
  Recall.prototype.error = function (text) {
    const e = {words: [], units: [], need: 0}, told = new Map(), rank = new Map(), complains = l => this.complaint.test(l);
    let lines = text.slice(0, MAX_ERROR).split("\n").map(l => cut(l.trim(), MAX_LINE)).filter(Boolean);
    let left = MAX_LINES, room = MAX_LINES - lines.filter(complains).length;
    lines = lines.filter(l => complains(l) ? left-- > 0 : room-- > 0);
    lines.forEach((l, i) => this.units(lines, i).forEach(u => {
      e.units.push(u);
      u.words.forEach((weight, word) => {
        told.set(word, Math.max(told.get(word) || 0, weight));
        rank.set(word, Math.max(rank.get(word) || 0, weight + (complains(l) ? MOST_TOLD : 0)));
      });
    }));
    told.forEach(weight => { e.need += weight; });
    e.need = Math.min(e.need, LEAST_SHARED);
    const telling = Array.from(told.keys()).filter(w => told.get(w) > OF_ANY_LOG), all = telling.length ? telling : Array.from(told.keys());
    e.words = all.sort((a, b) => rank.get(b) - rank.get(a) || compare(a, b)).slice(0, MAX_LOOKED_UP);
    return e;
  };

  // likeness is how much two units are alike, in thousandths.
  function likeness(u, v, need, names) {
    const told = (unit, word) => names.has(word) ? OF_DATA : unit.words.get(word);
    let a = 0, b = 0, shared = 0;
    u.words.forEach((_, word) => { if (!v.words.has(word)) a += told(u, word); });
    v.words.forEach((_, word) => { if (u.words.has(word)) shared += told(u, word) + told(v, word); else b += told(v, word); });
    if (!shared || shared < 2 * (u.piece || v.piece ? LEAST_OF_PIECE : need)) return 0;
    return Math.floor(4000 * shared / (4 * shared + 8 * Math.min(a, b) + Math.max(a, b) + 8 * Math.min(DOUBT, a + b)));
  }

  // remedyIn is what helped, by some lines: the nearest from one of them on, or
  // else the first.
  Recall.prototype.remedyIn = function (lines, from) {
    for (const part of [lines.slice(from), lines.slice(0, from)]) {
      for (let i = 0; i < part.length; i++) {
        const m = this.remedy.exec(part[i]);
        if (m && !this.none.test(m[1])) return m[1];
        if (i + 1 < part.length && this.heading.test(part[i].trim()) && !this.none.test(part[i + 1])) return part[i + 1];
      }
    }
    return "";
  };

  // match is the place in a record that is most like an error, null where it did
  // not have it.
  Recall.prototype.match = function (e, blocks, names) {
    const less = this.words(names.join(" ")), touches = l => l !== undefined && e.words.some(w => l.toLowerCase().includes(w));
    const isIssue = b => NOTE_OF_ZONE[b[0]] === "issue", issues = blocks.filter(isIssue), rank = m => m.likeness * (m.remedy ? 2 : 1);
    let best = null;
    blocks.forEach(block => {
      if (block[0] === STEP) return;
      const lines = block.slice(2), m = {likeness: 0, block: block, line: 0};
      lines.forEach((l, i) => {
        if (touches(l) || touches(lines[i + 1])) this.units(lines, i).forEach(v => e.units.forEach(u => {
          const like = likeness(u, v, e.need, less);
          if (like > m.likeness) { m.likeness = like; m.line = i; }
        }));
      });
      if (m.likeness < KNOWN) return;
      m.remedy = this.remedyIn(lines, m.line);
      m.text = lines[m.line];
      if (!best || rank(m) > rank(best)) best = m;
    });
    if (best && !best.remedy && !isIssue(best.block) && issues.length === 1) best.remedy = this.remedyIn(issues[0].slice(2), 0);
    if (best) best.rank = rank(best);
    return best;
  };

  // similar gives the records that had the like of an error, the best first.
  Engine.prototype.similar = async function (text, options) {
    const limit = options && options.limit || 5, m = await this.manifest();
    if (!this.recall) this.recall = new Recall(m.recall);
    const e = this.recall.error(String(text)), sums = new Float64Array(m.size);
    for (const list of await Promise.all(e.words.map(w => this.exact(fold(w))))) {
      if (!list) continue;
      let count = 0;
      each(list, (d, level) => { count += level ? 1 : 0; });
      const weight = this.weight(count);
      each(list, (d, level, notes) => { if (level && d < m.n) sums[d] += weight * (notes & NOTE.issue ? 5 : 4); });
    }
    const documents = [];
    for (let d = 0; d < m.n; d++) if (sums[d]) documents.push(d);
    const found = (await Promise.all(this.best(documents, sums, MAX_CANDIDATES).map(d => this.seen(d, e)))).filter(Boolean);
    return {results: found.sort((a, b) => b.rank - a.rank || b.document - a.document).slice(0, limit)};
  };

  // exact is the postings of one term, or null.
  Engine.prototype.exact = async function (term) {
    const shard = await this.shard(Math.max(0, last(this.m.first, term))), k = last(shard.terms, term);
    return k >= 0 && shard.terms[k] === term ? shard.lists[k] : null;
  };

  // seen is a record as a result for an error, null where it did not have it.
  Engine.prototype.seen = async function (d, e) {
    const r = await this.result(d, 0, [], []), blocks = (await this.document(d))[3];
    const m = this.recall.match(e, blocks, (r.of.environment || []).concat(r.of.service || []));
    if (!m) return null;
    const kind = NOTE_OF_ZONE[m.block[0]], words = [{terms: e.words.map(fold), weight: 1}];
    if (kind) r.kind = kind;
    if (m.block[1]) r.url += "#" + encodeURIComponent(m.block[1]);
    return Object.assign(r, {document: d, rank: m.rank, likeness: m.likeness / 1000, resolution: m.remedy, notes: [],
      excerpt: crop(m.text, line(0, "", m.text, words).marks)});
  };

  window.deploysiteSearch = {create: options => new Engine(options), fold: fold, words: words, stem: stem};
})();
