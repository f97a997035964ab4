// Says how much a browser loads, after brotli: for the first page (WASM, JS and CSS) at most 239 KB, and for each part
// that is loaded when it is first used at most 40 KB.
import { readdirSync, readFileSync } from "node:fs";
import { brotliCompressSync, constants } from "node:zlib";

const FIRST_ROUTE_MAX = 239_000;
const PART_MAX = 40_000;
const folder = new URL("../target/site/pkg/", import.meta.url);

let total = 0;
for (const name of ["kith_bg.wasm", "kith.js", "kith.css", "starter.js"]) {
  const size = weigh(name);
  total += size;
  say(name, size);
}
say("together", total, FIRST_ROUTE_MAX);
for (const name of readdirSync(new URL("parts/", folder)).sort()) say(name, weigh(`parts/${name}`), PART_MAX);

/** A file's bytes after brotli. */
function weigh(name) {
  const bytes = readFileSync(new URL(name, folder));
  const params = {
    [constants.BROTLI_PARAM_QUALITY]: 11,
    [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length,
  };
  return brotliCompressSync(bytes, { params }).length;
}

/** Says what something weighs; too much is a failure. */
function say(name, size, limit = Infinity) {
  const bound = limit === Infinity ? "" : `, at most ${limit / 1000} KB`;
  console.log(`${name.padEnd(18)}${(size / 1000).toFixed(1).padStart(8)} KB after brotli${bound}`);
  if (size > limit) process.exitCode = 1;
}
