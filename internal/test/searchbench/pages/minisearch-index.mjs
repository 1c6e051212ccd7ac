// Builds MiniSearch's index: node minisearch-index.mjs LIBRARY OPTIONS TEXTS INDEX
import {readFileSync, writeFileSync} from "node:fs";
import {pathToFileURL} from "node:url";

const [library, options, texts, index] = process.argv.slice(2);
const {default: MiniSearch} = await import(pathToFileURL(library));
await import(pathToFileURL(options));

const miniSearch = new MiniSearch(globalThis.miniSearchOptions);
miniSearch.addAll(JSON.parse(readFileSync(texts, "utf8")));
writeFileSync(index, JSON.stringify(miniSearch));
