// Messages whose files are on their way: carries the files there, in the order in which they were chosen, then sends the
// message. A stage before the page's own outbox: texts do not wait for it.
// @ts-check
import { keep, kept, release } from "./kept.js";
import { ask, kindOf } from "./session.js";
import { carry, discard, Refused } from "./upload.js";

/** @typedef {import("./kept.js").Parcel} Parcel */
/** @typedef {import("./kept.js").Upload} Upload */

/** So many files are carried at once. */
const AT_ONCE = 3;
/** A message that did not get through is sent again after so many milliseconds. */
const RETRY_MS = 3000;

/** How a file stands. @typedef {{ done: number; failed?: string; end?: AbortController }} Standing */

/** All of this user's that this tab looks after. @type {Parcel[]} */
export const parcels = [];
/** @type {Map<string, Standing>} */
const standings = new Map();
/** Messages that are being sent. @type {Set<string>} */
const sending = new Set();
/** Hears that something has changed. @type {() => void} */
let changed = () => {};

/**
 * Takes up what a user has left here before, unless another tab has it.
 * @param {number} user
 * @param {() => void} hear
 */
export async function begin(user, hear) {
  changed = hear;
  for (const parcel of await kept(user)) {
    if (await mine(parcel)) parcels.push(parcel);
  }
  changed();
  work();
}

/**
 * Whether this tab looks after it: it holds the parcel's lock until it is gone.
 * @param {Parcel} parcel
 * @returns {Promise<boolean>}
 */
function mine(parcel) {
  // Without locks the same may be sent twice, and is stored once.
  if (!navigator.locks) return Promise.resolve(true);
  return new Promise((told) => {
    navigator.locks.request(`kith-upload-${parcel.client_id}`, { ifAvailable: true }, (lock) => {
      told(lock !== null);
      return lock && new Promise((done) => held.set(parcel.client_id, () => done(undefined)));
    });
  });
}

/** Lets go of each parcel's lock. @type {Map<string, () => void>} */
const held = new Map();

/**
 * @param {Parcel} parcel
 */
export async function put(parcel) {
  if (!parcels.includes(parcel)) {
    parcels.push(parcel);
    await mine(parcel);
  }
  changed();
  await keep(parcel);
  work();
}

/**
 * How a file stands.
 * @param {Upload} upload
 * @returns {Standing}
 */
export function standing(upload) {
  const known = standings.get(upload.id) ?? { done: 0 };
  standings.set(upload.id, known);
  return known;
}

/**
 * Takes a file out of its message, and the message away with its last one.
 * @param {Parcel} parcel
 * @param {Upload} upload
 */
export async function takeOut(parcel, upload) {
  standing(upload).end?.abort();
  standings.delete(upload.id);
  discard(upload.id);
  parcel.uploads = parcel.uploads.filter((other) => other !== upload);
  if (parcel.uploads.length === 0) await letGo(parcel);
  else await put(parcel);
}

/** @param {Parcel} parcel */
export async function letGo(parcel) {
  const at = parcels.indexOf(parcel);
  if (at >= 0) parcels.splice(at, 1);
  changed();
  await release(parcel);
  held.get(parcel.client_id)?.();
  held.delete(parcel.client_id);
}

/**
 * @param {Parcel} parcel
 * @param {Upload} upload
 */
export async function retry(parcel, upload) {
  // The server has the file no more: it is carried anew.
  if (upload.file && standing(upload).failed === "validation") {
    delete upload.file;
    standing(upload).done = 0;
    await discard(upload.id);
  }
  delete standing(upload).failed;
  await put(parcel);
}

/** Ends all work, and forgets all: the user logs out. */
export async function forgetAll() {
  for (const { end } of standings.values()) end?.abort();
  await Promise.all([...parcels].map(letGo));
}

/** Begins what can be begun. */
function work() {
  const sent = parcels.filter((parcel) => parcel.sent);
  const files = sent.flatMap((parcel) => parcel.uploads.map((upload) => ({ parcel, upload })));
  let free = AT_ONCE - files.filter(({ upload }) => standing(upload).end).length;
  for (const { parcel, upload } of files) {
    const { end, failed } = standing(upload);
    if (free <= 0) break;
    if (upload.file || end || failed) continue;
    free -= 1;
    carryOne(parcel, upload);
  }
  for (const parcel of sent) {
    const isWhole = parcel.uploads.every((upload) => upload.file && !standing(upload).failed);
    if (isWhole && !sending.has(parcel.client_id)) post(parcel);
  }
}

/**
 * @param {Parcel} parcel
 * @param {Upload} upload
 */
async function carryOne(parcel, upload) {
  const now = standing(upload);
  now.end = new AbortController();
  try {
    upload.file = await carry(upload, (done) => {
      now.done = Math.max(now.done, done);
      changed();
    }, now.end.signal);
    if (parcels.includes(parcel)) await keep(parcel);
  } catch (error) {
    if (now.end.signal.aborted) return;
    now.failed = error instanceof Refused ? error.kind : "unavailable";
  } finally {
    delete now.end;
  }
  changed();
  work();
}

/**
 * Sends a message whose files are there.
 * @param {Parcel} parcel
 */
async function post(parcel) {
  sending.add(parcel.client_id);
  const [, kind, id] = parcel.target.split("/");
  const message = {
    client_id: parcel.client_id,
    [kind === "new" ? "to_user_id" : "conversation_id"]: Number(id),
    message_type: parcel.uploads.every(({ as }) => as === "photo") ? "image" : "file",
    content: parcel.caption,
    file_ids: parcel.uploads.map(({ file }) => file),
    reply_to_seq: parcel.reply_to,
  };
  const headers = { "Content-Type": "application/json" };
  try {
    const answer = await ask("/api/v1/messages", { method: "POST", headers, body: JSON.stringify(message) });
    if (answer.ok) return void (await letGo(parcel));
    if (answer.status === 429 || answer.status >= 500) throw new Error(`${answer.status}`);
    const why = await kindOf(answer);
    for (const upload of parcel.uploads) standing(upload).failed = why;
    changed();
  } catch {
    setTimeout(work, RETRY_MS);
  } finally {
    sending.delete(parcel.client_id);
  }
}
