// The same for building the index and for searching it: what MiniSearch's own
// documentation shows for a search as you type that forgives errors.
globalThis.miniSearchOptions = {
  idField: "id",
  fields: ["title", "service", "version", "tags", "people", "steps", "notes", "body"],
  storeFields: ["title"],
  searchOptions: {prefix: true, fuzzy: 0.2, boost: {title: 2}}
};
