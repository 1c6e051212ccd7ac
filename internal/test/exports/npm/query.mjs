// Answers questions in SQL by DuckDB: a list of them as JSON on stdin, the rows of
// each, as texts, as JSON on stdout. Files are found from the current folder.
import { text } from "node:stream/consumers";
import { DuckDBInstance } from "@duckdb/node-api";

const connection = await (await DuckDBInstance.create()).connect();
await connection.run("SET autoinstall_known_extensions = false"); // nothing is fetched
const answers = [];
for (const question of JSON.parse(await text(process.stdin))) {
  const rows = (await connection.runAndReadAll(question)).getRows();
  answers.push(rows.map((row) => row.map((value) => (value === null ? "" : String(value)))));
}
console.log(JSON.stringify(answers));
