// Gives a person or a group another picture: it is chosen, cut to a square, and put there. Dialog and words are the
// server's (server/src/pages/shared/avatar_form.rs).
// @ts-check
import { Crop } from "./crop.js";
import { ask, kindOf } from "./session.js";

/** A picture is looked at with sides of at most so many pixels: larger ones are slow to move. */
const LONGEST = 2560;

/** @type {Crop | undefined} */
let crop;
/** Where the picture goes, and the page that tells that it has gone there. */
let [resource, done] = ["", ""];
/** Ends what is being saved. @type {AbortController | undefined} */
let saving;

const dialog = () => /** @type {HTMLDialogElement} */ (document.getElementById("crop-picture"));
/** @param {string} part @returns {HTMLElement} */
const part = (part) => /** @type {HTMLElement} */ (dialog().querySelector(part));

/**
 * Asks for a picture.
 * @param {HTMLElement} button
 */
export async function open(button) {
  const input = document.createElement("input");
  input.type = "file";
  input.accept = "image/*";
  input.addEventListener("change", () => input.files?.[0] && begin(button, input.files[0]));
  input.click();
}

/**
 * @param {HTMLElement} button
 * @param {File} file
 */
async function begin(button, file) {
  const picture = await read(file).catch(() => undefined);
  const note = /** @type {HTMLElement | null} */ (button.closest(".part")?.querySelector(".unreadable"));
  if (note) show(note, !picture);
  if (!picture) return;
  ({ resource = "", done = "" } = button.dataset);
  crop ??= listen();
  tell("");
  crop.show(picture);
  dialog().showModal();
}

/**
 * @param {File} file
 * @returns {Promise<ImageBitmap>} fails where the browser cannot read it
 */
async function read(file) {
  const whole = await createImageBitmap(file, { imageOrientation: "from-image" });
  const share = LONGEST / Math.max(whole.width, whole.height);
  if (share >= 1) return whole;
  const [resizeWidth, resizeHeight] = [whole.width, whole.height].map((side) => Math.max(1, Math.round(side * share)));
  const smaller = await createImageBitmap(whole, { resizeWidth, resizeHeight, resizeQuality: "high" });
  whole.close();
  return smaller;
}

function listen() {
  const whole = dialog();
  const begun = new Crop(part(".crop-area"), /** @type {HTMLInputElement} */ (part("input")));
  part(".cancel").addEventListener("click", () => whole.close());
  part(".save").addEventListener("click", () => save(begun));
  whole.addEventListener("close", () => {
    saving?.abort();
    begun.end();
  });
  // Wherever the focus is: what a key means here it does not mean for the page below.
  document.addEventListener("keydown", (press) => {
    if (whole.open && !whole.contains(/** @type {Node} */ (press.target))) press.stopPropagation();
  }, true);
  whole.addEventListener("keydown", (press) => press.stopPropagation());
  return begun;
}

/** @param {Crop} crop */
async function save(crop) {
  if (saving) return;
  const now = (saving = new AbortController());
  tell("");
  part("progress").hidden = false;
  let why = "failed";
  try {
    const answer = await ask(resource, { method: "PUT", body: await crop.cut(), signal: now.signal });
    if (answer.ok) return renew();
    why = await kindOf(answer);
  } catch {
    // The network is away.
  } finally {
    part("progress").hidden = true;
    saving = undefined;
  }
  if (!now.signal.aborted) tell(why);
}

/** What went wrong, as the server names it; nothing where all is well. @param {string} why */
function tell(why) {
  const { dataset } = dialog();
  const told = part(".alert");
  show(told, !!why);
  told.textContent = why && (dataset[why.replaceAll("_", "")] ?? dataset.failed ?? "");
}

/**
 * An alert is one once it is shown: a page that has none says nothing.
 * @param {HTMLElement} note
 * @param {boolean} isShown
 */
function show(note, isShown) {
  note.hidden = !isShown;
  note.setAttribute("role", "alert");
}

/** The page anew, which shows the picture wherever it stands. */
function renew() {
  const next = new URL(done, location.href);
  if (next.pathname + next.search === location.pathname + location.search) location.reload();
  else location.replace(next);
}
