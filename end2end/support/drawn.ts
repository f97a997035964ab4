// Pictures and sound that are made here, so that no file of anyone's is needed.
import { randomBytes } from "node:crypto";
import { deflateSync } from "node:zlib";

/** A PNG of this size: two colours that run into one another. */
export function png(width: number, height: number, [from, to]: [number[], number[]] = [[30, 140, 150], [250, 190, 90]]): Uint8Array<ArrayBuffer> {
  return drawn(width, height, (x, y, channel) => {
    const share = (x / width + y / height) / 2;
    return from[channel]! * (1 - share) + to[channel]! * share;
  });
}

/** A PNG of this size that no format makes much smaller. */
export function noise(width: number, height: number): Uint8Array<ArrayBuffer> {
  const values = randomBytes(width * height * 3);
  return drawn(width, height, (x, y, channel) => values[(y * width + x) * 3 + channel]!);
}

function drawn(width: number, height: number, value: (x: number, y: number, channel: number) => number): Uint8Array<ArrayBuffer> {
  const rows = Buffer.alloc(height * (1 + width * 3));
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      for (let channel = 0; channel < 3; channel++) rows[y * (1 + width * 3) + 1 + x * 3 + channel] = value(x, y, channel);
    }
  }
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 2, 0, 0, 0], 8);
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  const parts = [signature, chunk("IHDR", header), chunk("IDAT", deflateSync(rows)), chunk("IEND", Buffer.alloc(0))];
  return Uint8Array.from(Buffer.concat(parts));
}

/** The same PNG with Exif that tells a latitude, as a camera writes it. */
export function withPlace(picture: Uint8Array): Uint8Array<ArrayBuffer> {
  // One directory that names another, in which is the latitude.
  const exif = Buffer.alloc(68);
  exif.write("MM\0*", 0, "latin1");
  exif.writeUInt32BE(8, 4);
  writeField(exif, 8, [0x8825, 4, 1, 26]);
  writeField(exif, 26, [2, 5, 3, 44]);
  // Degrees, minutes and seconds.
  [47, 1, 22, 1, 30, 1].forEach((part, index) => exif.writeUInt32BE(part, 44 + index * 4));
  const header = 8 + 25;
  return Uint8Array.from(Buffer.concat([picture.subarray(0, header), chunk("eXIf", exif), picture.subarray(header)]));
}

/** A directory of one field: its name, type, count and value. */
function writeField(exif: Buffer, at: number, [name, type, count, value]: [number, number, number, number]): void {
  exif.writeUInt16BE(1, at);
  exif.writeUInt16BE(name, at + 2);
  exif.writeUInt16BE(type, at + 4);
  exif.writeUInt32BE(count, at + 6);
  exif.writeUInt32BE(value, at + 10);
}

function chunk(name: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(name, "latin1"), data]);
  const framed = Buffer.alloc(body.length + 8);
  framed.writeUInt32BE(data.length, 0);
  framed.set(body, 4);
  framed.writeUInt32BE(crc(body), body.length + 4);
  return framed;
}

function crc(bytes: Buffer): number {
  let sum = 0xffffffff;
  for (const byte of bytes) {
    sum ^= byte;
    for (let bit = 0; bit < 8; bit++) sum = sum & 1 ? (sum >>> 1) ^ 0xedb88320 : sum >>> 1;
  }
  return (sum ^ 0xffffffff) >>> 0;
}

/** The beginning of a sound in Ogg: enough to be known as one, and nothing that could be heard. */
export function ogg(): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(Buffer.concat([Buffer.from("OggS"), Buffer.alloc(24), Buffer.from("OpusHead"), Buffer.alloc(20)]));
}
