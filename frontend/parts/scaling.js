// Makes what was chosen ready to be looked at by others: a photo is drawn anew at the size of a large screen, which
// also leaves behind where it was taken; of a film its size and length are found out.
// @ts-check

/** The longest side of a photo, in pixels. */
const LONGEST = 2560;
/** A JPEG of at most so many bytes that is small enough goes as it is: the server takes its place out. */
const SMALL_ENOUGH = 1_500_000;
const QUALITY = 0.85;
/** What cannot be told of a film within so many milliseconds is left out. */
const FILM_MS = 5000;

/**
 * @param {File} file
 * @returns {Promise<{ blob: Blob; name: string; facts: Record<string, string> } | undefined>} undefined where this
 *   browser cannot read the picture
 */
export async function prepare(file) {
  if (file.type.startsWith("video/")) return { blob: file, name: file.name, facts: await filmed(file) };
  const picture = await createImageBitmap(file, { imageOrientation: "from-image" }).catch(() => undefined);
  if (!picture) return undefined;
  const longest = Math.max(picture.width, picture.height);
  // One that moves would stand still.
  const asItIs = file.type === "image/gif" || file.type === "image/webp" ||
    (file.type === "image/jpeg" && longest <= LONGEST && file.size <= SMALL_ENOUGH);
  if (asItIs) return { blob: file, name: file.name, facts: {} };
  const share = Math.min(1, LONGEST / longest);
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, Math.round(picture.width * share));
  canvas.height = Math.max(1, Math.round(picture.height * share));
  canvas.getContext("2d")?.drawImage(picture, 0, 0, canvas.width, canvas.height);
  const isPng = file.type === "image/png" && isClear(picture);
  picture.close();
  const type = isPng ? "image/png" : "image/jpeg";
  /** @type {Blob | null} */
  const blob = await new Promise((done) => canvas.toBlob(done, type, QUALITY));
  if (!blob) return undefined;
  const name = isPng ? file.name : file.name.replace(/(\.[^.]*)?$/, ".jpg");
  return { blob, name, facts: {} };
}

/**
 * Whether something shines through it.
 * @param {ImageBitmap} picture
 */
function isClear(picture) {
  const side = 64;
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = side;
  const context = canvas.getContext("2d");
  context?.drawImage(picture, 0, 0, side, side);
  const pixels = context?.getImageData(0, 0, side, side).data ?? [];
  return pixels.some((value, index) => index % 4 === 3 && value < 255);
}

/**
 * @param {Blob} file
 * @returns {Promise<Record<string, string>>}
 */
function filmed(file) {
  const film = document.createElement("video");
  const address = URL.createObjectURL(file);
  return new Promise((done) => {
    const end = () => {
      URL.revokeObjectURL(address);
      const { videoWidth: width, videoHeight: height, duration } = film;
      /** @type {Record<string, string>} */
      const facts = width > 0 ? { width: String(width), height: String(height) } : {};
      if (Number.isFinite(duration)) facts.duration_ms = String(Math.round(duration * 1000));
      done(facts);
    };
    film.onloadedmetadata = film.onerror = end;
    setTimeout(end, FILM_MS);
    film.preload = "metadata";
    film.src = address;
  });
}
