// The site's own words, for the other scripts. The build puts those that some
// script names into the line "data"; see docs/guide/languages.md.
(function () {
  "use strict";

  const data = /* words */ {};
  const texts = data.texts || {};

  // number sets thousands apart: 12,345.
  const number = n => String(n).replace(/\B(?=(\d{3})+$)/g, data.thousands);

  // form is a text, in its plural form where it counts something.
  function form(key, values) {
    const text = texts[key] || "{" + key + "}";
    if (typeof text === "string") return text;
    return text[new Intl.PluralRules(data.language).select(values.count)] || text.other;
  }

  // nodes is a text in pieces, for values that are elements.
  function nodes(key, values) {
    return form(key, values).split(/\{([a-z][a-z0-9-]*)\}/).map((piece, i) => {
      const value = i % 2 ? values[piece] : piece;
      return typeof value === "number" ? number(value) : value;
    });
  }

  const t = (key, values) => nodes(key, values || {}).join("");
  const n = (key, count, values) => t(key, Object.assign({count: count}, values));

  // day writes the day of an RFC 3339 time, as its own clock had it.
  function day(date) {
    const [year, month, day] = date.split(/[-T]/).map(Number);
    const fields = {year: year, "month-number": month, "month-padded": String(month).padStart(2, "0"), day: day, "day-padded": String(day).padStart(2, "0"),
      month: data.months[month - 1], "month-short": data.monthsShort[month - 1]};
    return data.day.replace(/\{([a-z-]+)\}/g, (_, name) => fields[name]);
  }

  window.deploysiteWords = {t, n, nodes, day, number};
})();
