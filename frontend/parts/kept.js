// What was chosen to be sent, kept by the browser until it is acknowledged, a user's apart from another's: in
// IndexedDB, and a mark in the storage that is emptied at log-out. What lies there without its mark is to be forgotten.
// Where a browser keeps nothing, it lasts as long as the page.
// @ts-check

/**
 * A file on its way.
 * @typedef {object} Upload
 * @property {string} id
 * @property {"photo" | "file" | "voice"} as
 * @property {string} name
 * @property {Blob} blob
 * @property {Record<string, string>} facts what its sender tells of it: width, height, duration_ms, waveform
 * @property {number} [file] the file's id, once it is whole
 * @property {boolean} [place] it is a picture that is sent as it is, and says where it was taken
 *
 * What is chosen for a message, or a message whose files are on their way.
 * @typedef {object} Parcel
 * @property {string} client_id
 * @property {number} user
 * @property {string} target where it goes: `/c/12`, `/new/34`
 * @property {number} at when it was begun, in milliseconds
 * @property {boolean} sent
 * @property {string} caption
 * @property {number} [reply_to] the position of the message that it answers
 * @property {Upload[]} uploads
 */

const PARCELS = "parcels";
/** Where the server takes each upload, by the upload's id. */
const LOCATIONS = "locations";

/** @type {Promise<IDBDatabase | undefined> | undefined} */
let opened;

/** What tells that something of a user is kept. @param {number} user */
export const markOf = (user) => `kith:${user}:uploads`;

function database() {
  opened ??= new Promise((resolve) => {
    // Private windows of some browsers have none.
    if (!globalThis.indexedDB) return resolve(undefined);
    const request = indexedDB.open("kith", 1);
    request.onupgradeneeded = () => {
      request.result.createObjectStore(PARCELS, { keyPath: "client_id" });
      request.result.createObjectStore(LOCATIONS);
    };
    request.onsuccess = () => resolve(request.result);
    request.onerror = request.onblocked = () => resolve(undefined);
  });
  return opened;
}

/**
 * @template T
 * @param {(transaction: IDBTransaction) => IDBRequest<T> | void} work
 * @returns {Promise<T | undefined>} undefined as well where it cannot be kept
 */
async function within(work) {
  const base = await database();
  if (!base) return undefined;
  return new Promise((resolve) => {
    const transaction = base.transaction([PARCELS, LOCATIONS], "readwrite");
    const request = work(transaction);
    transaction.oncomplete = () => resolve(request?.result);
    transaction.onerror = transaction.onabort = () => resolve(undefined);
  });
}

/**
 * Keeps a parcel, as it is now.
 * @param {Parcel} parcel
 */
export async function keep(parcel) {
  try {
    localStorage.setItem(markOf(parcel.user), "1");
  } catch {
    return;
  }
  await within((all) => all.objectStore(PARCELS).put(parcel));
}

/**
 * Lets go of a parcel.
 * @param {Parcel} parcel
 */
export async function release(parcel) {
  /** @type {Parcel[]} */
  const left = (await within((all) => {
    all.objectStore(PARCELS).delete(parcel.client_id);
    for (const { id } of parcel.uploads) all.objectStore(LOCATIONS).delete(id);
    return all.objectStore(PARCELS).getAll();
  })) ?? [];
  // Another tab may have some, too.
  if (!left.some(({ user }) => user === parcel.user)) localStorage.removeItem(markOf(parcel.user));
}

/**
 * What is kept of a user, oldest first. What another has left is forgotten where its mark is gone.
 * @param {number} user
 * @returns {Promise<Parcel[]>}
 */
export async function kept(user) {
  /** @type {Parcel[]} */
  const all = (await within((all) => all.objectStore(PARCELS).getAll())) ?? [];
  const marked = all.filter((parcel) => localStorage.getItem(markOf(parcel.user)));
  for (const parcel of all) if (!marked.includes(parcel)) await release(parcel);
  return marked.filter((parcel) => parcel.user === user).sort((one, other) => one.at - other.at);
}

/**
 * @param {string} upload
 * @returns {Promise<string | undefined>}
 */
export function locationOf(upload) {
  return within((all) => all.objectStore(LOCATIONS).get(upload));
}

/** @param {string} upload */
export async function forgetLocation(upload) {
  await within((all) => all.objectStore(LOCATIONS).delete(upload));
}

/**
 * @param {string} upload
 * @param {string} location
 */
export async function noteLocation(upload, location) {
  await within((all) => all.objectStore(LOCATIONS).put(location, upload));
}
