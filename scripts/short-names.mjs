// Gives what the WebAssembly and its JavaScript know of one another short names, in both files, in place:
//     node scripts/short-names.mjs kith.js kith_bg.wasm
// wasm-bindgen tells functions apart by hashes, two times eight bytes each that no compression makes
// smaller. Besides, it leaves out what leptos' server functions export for streams: nobody calls it here.
import { readFileSync, writeFileSync } from "node:fs";
import { name, number, Reader, section, sections } from "./wasm-file.mjs";

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

const file = readFileSync(module);
const changed = sections(file).map(({ id, content }) => {
  const change = { [IMPORTS]: imports, [EXPORTS]: exports }[id];
  return section(id, change ? change(new Reader(content)) : content);
});
writeFileSync(module, Buffer.concat([file.subarray(0, 8), ...changed]));

const text = readFileSync(script, "utf8")
  .replace(/^(export )?class IntoUnderlying[^]*?^}\n/gm, "")
  .replace(/^.*IntoUnderlying.*prototype.*\n/gm, "")
  .replace(/^const IntoUnderlying\w+Finalization[^]*?;\n/gm, "");
if (STREAMS.test(text)) throw new Error("the streams are still in the script");
writeFileSync(script, text.replace(/[\w$]+/g, (word) => names.get(word) ?? word));
