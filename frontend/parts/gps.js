// Whether a picture that is to be sent as it is says where it was taken: a hint, and no promise that it does not. Looks
// for Exif, which JPEG, PNG, WebP and HEIC keep in the same form, and for XMP, near the beginning and the end.
// @ts-check

/** So many bytes of a file are looked at: of its beginning, and of its end. */
const [HEAD, TAIL] = [1 << 20, 1 << 18];
/** The field of Exif that names where the fields of GPS are; and of these latitude. */
const [GPS, LATITUDE] = [0x8825, 2];
/** Directories have some dozens of fields, and a picture one Exif: more is not looked at, which could take for ever. */
const [MOST_FIELDS, MOST_PLACES] = [200, 1000];
/** How TIFF begins, in which Exif is written, in either order of bytes. */
const TIFF = [[0x49, 0x49, 0x2a, 0], [0x4d, 0x4d, 0, 0x2a]];
const XMP = [...new TextEncoder().encode("exif:GPSLatitude")];

/**
 * @param {Blob} picture
 * @returns {Promise<boolean>}
 */
export async function tellsPlace(picture) {
  const ends = [picture.slice(0, HEAD)];
  if (picture.size > HEAD) ends.push(picture.slice(Math.max(HEAD, picture.size - TAIL)));
  for (const end of ends) {
    const bytes = new Uint8Array(await end.arrayBuffer());
    if (find(bytes, XMP, 0) >= 0 || TIFF.some((mark) => tiffTellsPlace(bytes, mark))) return true;
  }
  return false;
}

/**
 * Where bytes stand in others, from a position on; -1 where they do not.
 * @param {Uint8Array} bytes
 * @param {number[]} wanted
 * @param {number} from
 */
function find(bytes, wanted, from) {
  for (let at = bytes.indexOf(wanted[0] ?? 0, from); at >= 0; at = bytes.indexOf(wanted[0] ?? 0, at + 1)) {
    if (wanted.every((byte, index) => bytes[at + index] === byte)) return at;
  }
  return -1;
}

/**
 * Whether something there that looks like TIFF has a latitude.
 * @param {Uint8Array} bytes
 * @param {number[]} mark
 */
function tiffTellsPlace(bytes, mark) {
  for (let at = find(bytes, mark, 0), left = MOST_PLACES; at >= 0 && left > 0; at = find(bytes, mark, at + 1), left--) {
    const tiff = new DataView(bytes.buffer, at);
    const isLittle = mark[0] === 0x49;
    const gps = field(tiff, 4, GPS, isLittle);
    if (gps !== undefined && field(tiff, gps, LATITUDE, isLittle) !== undefined) return true;
  }
  return false;
}

/**
 * Where the value of a field stands.
 * @param {DataView} tiff
 * @param {number} pointer where it is said at which place the directory begins
 * @param {number} wanted
 * @param {boolean} isLittle
 * @returns {number | undefined} undefined where the directory lacks it
 */
function field(tiff, pointer, wanted, isLittle) {
  if (pointer + 4 > tiff.byteLength) return undefined;
  const directory = tiff.getUint32(pointer, isLittle);
  if (directory + 2 > tiff.byteLength) return undefined;
  const count = Math.min(tiff.getUint16(directory, isLittle), MOST_FIELDS);
  for (let entry = directory + 2; entry < directory + 2 + count * 12; entry += 12) {
    if (entry + 12 > tiff.byteLength) return undefined;
    if (tiff.getUint16(entry, isLittle) === wanted) return entry + 8;
  }
  return undefined;
}
