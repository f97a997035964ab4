// Gives what the WebAssembly and its JavaScript know of one another short names, in both files, in place:
//     node scripts/short-names.mjs kith.js kith_bg.wasm
// wasm-bindgen tells functions apart by hashes, two times eight bytes each that no compression makes
// smaller. Besides, it leaves out what leptos' server functions export for streams: nobody calls it here.
import { readFileSync, writeFileSync } from "node:fs";

const [script, module] = process.argv.slice(2);
const IMPORTS = 2;
const EXPORTS = 7;
const OURS = /^(__wb|__externref|wasm_bindgen__)/;
const STREAMS = /intounderlying/i;

const names = new Map();
/** The short name of one of theirs; what we name ourselves keeps its name. */
function short(name) {
  if (!OURS.test(name)) return name;
  if (!names.has(name)) names.set(name, `$${names.size.toString(36)}`);
  return names.get(name);
}

/** Reads numbers and names of a WebAssembly file, and what lies between. */
class Reader {
  constructor(bytes) {
    this.bytes = bytes;
    this.at = 0;
  }
  number() {
    for (let value = 0, shift = 0; ; shift += 7) {
      const byte = this.bytes[this.at++];
      value += (byte & 127) * 2 ** shift;
      if (byte < 128) return value;
    }
  }
  take(length) {
    this.at += length;
    return this.bytes.subarray(this.at - length, this.at);
  }
  name() {
    return this.take(this.number()).toString();
  }
}

function number(value) {
  const bytes = [];
  for (; value > 127; value = Math.floor(value / 128)) bytes.push((value & 127) | 128);
  return Buffer.from([...bytes, value]);
}

function name(text) {
  const bytes = Buffer.from(text);
  return Buffer.concat([number(bytes.length), bytes]);
}

/** What is imported: always a function, by the index of its type. */
function description(reader) {
  if (reader.take(1)[0] !== 0) throw new Error("an import that is no function");
  return Buffer.concat([Buffer.of(0), number(reader.number())]);
}

function imports(reader) {
  const entries = Array.from({ length: reader.number() }, () =>
    Buffer.concat([name(reader.name()), name(short(reader.name())), description(reader)]));
  return Buffer.concat([number(entries.length), ...entries]);
}

function exports(reader) {
  const all = Array.from({ length: reader.number() }, () => {
    const exported = reader.name();
    const kind = reader.take(1);
    return { exported, rest: Buffer.concat([kind, number(reader.number())]) };
  });
  const called = all.filter(({ exported }) => !STREAMS.test(exported));
  const entries = called.map(({ exported, rest }) => Buffer.concat([name(short(exported)), rest]));
  return Buffer.concat([number(entries.length), ...entries]);
}

const reader = new Reader(readFileSync(module));
const parts = [reader.take(8)];
while (reader.at < reader.bytes.length) {
  const id = reader.take(1);
  const content = reader.take(reader.number());
  const change = { [IMPORTS]: imports, [EXPORTS]: exports }[id[0]];
  const changed = change ? change(new Reader(content)) : content;
  parts.push(id, number(changed.length), changed);
}
writeFileSync(module, Buffer.concat(parts));

const text = readFileSync(script, "utf8")
  .replace(/^(export )?class IntoUnderlying[^]*?^}\n/gm, "")
  .replace(/^.*IntoUnderlying.*prototype.*\n/gm, "")
  .replace(/^const IntoUnderlying\w+Finalization[^]*?;\n/gm, "");
if (STREAMS.test(text)) throw new Error("the streams are still in the script");
writeFileSync(script, text.replace(/[\w$]+/g, (word) => names.get(word) ?? word));
