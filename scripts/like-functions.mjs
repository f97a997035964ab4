// Names the functions of a WebAssembly file so that like ones stand beside one another once they are sorted by name:
//     node scripts/like-functions.mjs kith.wasm named.wasm
// What follows on something like it takes less room after brotli. How like two are is told by samples of what they are
// made of (MinHash): the share of samples that agree is about that of the bytes in a row that both have.
import { readFileSync, writeFileSync } from "node:fs";
import { name, number, Reader, section, sections } from "./wasm-file.mjs";

const [from, to] = process.argv.slice(2);
const [CUSTOM, IMPORTS, CODE] = [0, 2, 10];
/** The part of the custom section `name` that has those of functions. */
const FUNCTION_NAMES = 1;
/** So many bytes in a row are compared. */
const ROW = 5;
const SAMPLES = 256;
/** With fewer samples that agree it is chance: the next is the one that was the next before. */
const FEWEST = 2;

const file = readFileSync(from);
const content = (wanted) => new Reader(sections(file).find(({ id }) => id === wanted).content);
// Only functions are imported (short-names.mjs).
const imported = content(IMPORTS).number();
const code = content(CODE);
const functions = Array.from({ length: code.number() }, () => code.take(code.number()));
const signatures = functions.map(signature);

/** For each of several hashes, the smallest of all rows of bytes. */
function signature(bytes) {
  const smallest = new Uint32Array(SAMPLES).fill(0xffffffff);
  for (let at = 0; at + ROW <= bytes.length; at++) {
    let row = 2166136261;
    for (let next = at; next < at + ROW; next++) row = Math.imul(row ^ bytes[next], 16777619);
    for (let sample = 0; sample < SAMPLES; sample++) {
      let hash = Math.imul(row ^ Math.imul(sample, 0x9e3779b1), 0x85ebca6b);
      hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
      hash = (hash ^ (hash >>> 16)) >>> 0;
      if (hash < smallest[sample]) smallest[sample] = hash;
    }
  }
  return smallest;
}

function likeness(one, other) {
  let same = 0;
  for (let sample = 0; sample < SAMPLES; sample++) if (one[sample] === other[sample]) same++;
  return same;
}

/** The functions in their order: behind each the one that is most like it of those that are left. */
function* ordered() {
  const left = new Set(functions.keys());
  for (let [last] = left; last !== undefined; ) {
    yield last;
    left.delete(last);
    let [best] = left;
    let most = FEWEST - 1;
    for (const candidate of left) {
      const like = likeness(signatures[last], signatures[candidate]);
      if (like > most) [best, most] = [candidate, like];
    }
    last = best;
  }
}

const names = [...ordered()].map((index, place) => ({ index, name: `f${String(place).padStart(6, "0")}` }));
names.sort((one, other) => one.index - other.index);
const entries = names.map(({ index, name: text }) => Buffer.concat([number(imported + index), name(text)]));
const list = Buffer.concat([number(entries.length), ...entries]);
writeFileSync(to, Buffer.concat([file, section(CUSTOM, Buffer.concat([name("name"), section(FUNCTION_NAMES, list)]))]));
