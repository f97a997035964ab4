// Carries one file to the server, by tus: in chunks that pass any proxy, each of which may fail and be taken up again.
// @ts-check
import { forgetLocation, locationOf, noteLocation } from "./kept.js";
import { ask, kindOf } from "./session.js";

/** A proxy as it comes lets through 1 MB: so many bytes a chunk. */
const CHUNK = 900_000;
/** What a failed attempt waits, in milliseconds: at first, and at most. */
const [WAIT_MS, MAX_WAIT_MS] = [1000, 30_000];

/** What will not become better by itself; `kind` as the server names it. */
export class Refused extends Error {
  /** @param {string} kind */
  constructor(kind) {
    super(kind);
    this.kind = kind;
  }
}

/**
 * @param {import("./kept.js").Upload} upload
 * @param {(done: number) => void} progress hears how many bytes the server has; never fewer than before
 * @param {AbortSignal} signal ends it
 * @returns {Promise<number>} the file's id
 */
export async function carry(upload, progress, signal) {
  let location = await locationOf(upload.id);
  let wait = WAIT_MS;
  let most = 0;
  for (;;) {
    try {
      location ??= await create(upload, signal);
      let offset = await offsetOf(location, signal);
      for (;;) {
        // Something came through: the next failure is the first again.
        wait = offset > most ? WAIT_MS : wait;
        progress((most = Math.max(most, offset)));
        if (offset >= upload.blob.size) return Number(location.slice(location.lastIndexOf("/") + 1));
        offset = await send(location, upload.blob, offset, signal);
      }
    } catch (error) {
      if (signal.aborted || error instanceof Refused) throw error;
      // It has ended there: another is begun.
      if (error instanceof Gone) location = undefined;
      await pause(wait, signal);
      wait = Math.min(wait * 2, MAX_WAIT_MS);
    }
  }
}

/** The server knows an upload no more. */
class Gone extends Error {}

/**
 * Ends an upload there, if it was begun, which nobody waits for: what is carried anew has another name there.
 * @param {string} upload
 */
export async function discard(upload) {
  const location = await locationOf(upload);
  await forgetLocation(upload);
  if (location) ask(location, { method: "DELETE", headers: tus() }).catch(() => {});
}

/** @param {Record<string, string>} [more] */
const tus = (more) => ({ "Tus-Resumable": "1.0.0", ...more });

/**
 * @param {import("./kept.js").Upload} upload
 * @param {AbortSignal} signal
 */
async function create(upload, signal) {
  const facts = { filename: upload.name, filetype: upload.blob.type, as: upload.as, ...upload.facts };
  const metadata = Object.entries(facts)
    .filter(([, value]) => value)
    .map(([name, value]) => `${name} ${base64(value)}`);
  const headers = tus({ "Upload-Length": String(upload.blob.size), "Upload-Metadata": metadata.join() });
  const answer = await checked(ask("/api/v1/uploads", { method: "POST", headers, signal }));
  const location = answer.headers.get("Location");
  if (!location) throw new Error("no location");
  const path = new URL(location, document.baseURI).pathname;
  await noteLocation(upload.id, path);
  return path;
}

/**
 * @param {string} location
 * @param {AbortSignal} signal
 */
async function offsetOf(location, signal) {
  const answer = await checked(ask(location, { method: "HEAD", headers: tus(), signal }));
  return offsetIn(answer);
}

/**
 * @param {string} location
 * @param {Blob} blob
 * @param {number} offset
 * @param {AbortSignal} signal
 */
async function send(location, blob, offset, signal) {
  const headers = tus({ "Upload-Offset": String(offset), "Content-Type": "application/offset+octet-stream" });
  const body = blob.slice(offset, offset + CHUNK);
  return offsetIn(await checked(ask(location, { method: "PATCH", headers, body, signal })));
}

/** @param {Response} answer */
function offsetIn(answer) {
  const offset = Number(answer.headers.get("Upload-Offset") ?? Number.NaN);
  if (Number.isNaN(offset)) throw new Error("no offset");
  return offset;
}

/**
 * Tells what may be tried again from what may not.
 * @param {Promise<Response>} asked
 */
async function checked(asked) {
  const answer = await asked;
  if (answer.ok) return answer;
  if (answer.status === 404 || answer.status === 410) throw new Gone();
  // An offset that does not fit, another at the same upload, too much at once, the server away: asked anew.
  if ([409, 423, 429].includes(answer.status) || answer.status >= 500 && answer.status !== 507) throw new Error(`${answer.status}`);
  throw new Refused(await kindOf(answer));
}

/** @param {string} text */
function base64(text) {
  return btoa(String.fromCharCode(...new TextEncoder().encode(text)));
}

/**
 * @param {number} ms
 * @param {AbortSignal} signal
 */
function pause(ms, signal) {
  return new Promise((done) => {
    const end = () => {
      clearTimeout(timer);
      removeEventListener("online", end);
      signal.removeEventListener("abort", end);
      done(undefined);
    };
    const timer = setTimeout(end, ms);
    addEventListener("online", end);
    signal.addEventListener("abort", end);
  });
}
