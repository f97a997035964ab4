// Says how much the first page makes a browser load after brotli: WASM, JS and CSS, at most 240 KB.
import { readFileSync } from "node:fs";
import { brotliCompressSync, constants } from "node:zlib";

const limit = 240_000;
let total = 0;
for (const name of ["kith_bg.wasm", "kith.js", "kith.css"]) {
  const bytes = readFileSync(new URL(`../target/site/pkg/${name}`, import.meta.url));
  const size = brotliCompressSync(bytes, {
    params: {
      [constants.BROTLI_PARAM_QUALITY]: 11,
      [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length,
    },
  }).length;
  total += size;
  console.log(`${name.padEnd(14)}${kilobytes(bytes.length)} ${kilobytes(size)} after brotli`);
}
console.log(`${"together".padEnd(14)}${" ".repeat(11)} ${kilobytes(total)} after brotli, at most ${limit / 1000} KB`);
process.exitCode = total <= limit ? 0 : 1;

function kilobytes(bytes) {
  return `${(bytes / 1000).toFixed(1).padStart(8)} KB`;
}
