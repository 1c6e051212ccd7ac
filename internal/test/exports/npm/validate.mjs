// Checks events, an object a line on stdin, against the schemas of CDEvents in the
// folder that is the argument. Prints what is wrong; the status is 1 then.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import Ajv from "ajv/dist/2020.js";
import addFormats from "ajv-formats";

const ajv = new Ajv({ allErrors: true, strict: false });
addFormats(ajv);
const ofType = {};
for (const name of readdirSync(process.argv[2], { recursive: true })) {
  if (!name.endsWith(".json")) continue;
  const schema = JSON.parse(readFileSync(join(process.argv[2], name), "utf8"));
  ajv.addSchema(schema);
  const type = schema.properties?.context?.properties?.type;
  if (type) ofType[type.enum[0]] = schema.$id;
}
for (const line of (await text(process.stdin)).trimEnd().split("\n")) {
  const event = JSON.parse(line);
  const id = ofType[event.context?.type];
  if (id && ajv.getSchema(id)(event)) continue;
  console.log(id ? ajv.errorsText(ajv.getSchema(id).errors) : "no such type", line);
  process.exitCode = 1;
}
