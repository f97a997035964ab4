// The few things that WebAssembly files are made of: numbers, names, and sections.

/** Reads numbers and names of a WebAssembly file, and what lies between. */
export class Reader {
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

/** The sections of a file, each with its id and what it holds, behind the eight bytes that every file begins with. */
export function sections(file) {
  const reader = new Reader(file);
  reader.take(8);
  const all = [];
  while (reader.at < file.length) {
    const [id] = reader.take(1);
    all.push({ id, content: reader.take(reader.number()) });
  }
  return all;
}

export function number(value) {
  const bytes = [];
  for (; value > 127; value = Math.floor(value / 128)) bytes.push((value & 127) | 128);
  return Buffer.from([...bytes, value]);
}

export function name(text) {
  const bytes = Buffer.from(text);
  return Buffer.concat([number(bytes.length), bytes]);
}

export function section(id, content) {
  return Buffer.concat([Buffer.of(id), number(content.length), content]);
}
