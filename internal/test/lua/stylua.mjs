// Formats Lua files with StyLua as it is by default, so that the stylua of any
// editor does the same: stylua.mjs [--check] FILE...
//
// With --check it changes nothing, names the files that are not formatted, and
// exits with status 1 if there are any.
import { readFileSync, writeFileSync } from "node:fs";
import { Config, LuaVersion, OutputVerification, formatCode } from "@johnnymorganz/stylua";

const check = process.argv[2] === "--check";
const files = process.argv.slice(check ? 3 : 2);

function complain(file, what) {
  console.error(`${file}: ${what}`);
  process.exitCode = 1;
}

function format(file) {
  const config = Config.new(); // formatCode takes it over; each call needs one
  config.syntax = LuaVersion.Lua51;
  const code = readFileSync(file, "utf8");
  const formatted = formatCode(code, config, null, OutputVerification.Full);
  if (code === formatted) return;
  if (check) complain(file, "not formatted; mise run fmt");
  else writeFileSync(file, formatted);
}

for (const file of files) {
  try {
    format(file);
  } catch (error) {
    complain(file, error);
  }
}
