// What is attached to a message: chosen from a menu, pasted or dropped, listed above the field until it is sent with
// what is written there, and then until it has been carried to the server.
// @ts-check
import { hintAtDrops } from "./drop-hint.js";
import { tellsPlace } from "./gps.js";
import { markOf } from "./kept.js";
import { looks } from "./looks.js";
import { begin as takeUp, forgetAll, parcels, put, retry, standing, takeOut } from "./parcels.js";
import { hydrated, place } from "./place.js";
import { prepare } from "./scaling.js";

/** @typedef {import("./kept.js").Parcel} Parcel */
/** @typedef {import("./kept.js").Upload} Upload */

/** So many files are one message. */
const MAX_IN_MESSAGE = 10;
/** The longest caption, in characters. */
const MAX_CAPTION = 5000;
/** What is looked at: other films than these no browser plays. */
const SEEN = /^(image\/|video\/(mp4|webm|quicktime)$)/;
/** What is left free around the menu, in CSS pixels. */
const MARGIN_PX = 8;

/** Rows that stand in the page, by upload. @type {Map<string, HTMLElement>} */
const rows = new Map();
/** Where the field led when it was last looked at. @type {{ form?: Element | null; target: string }} */
let last = { target: "" };
/** @type {Promise<void> | undefined} */
let ready;

/** The server's views and words. */
const views = () => /** @type {HTMLTemplateElement} */ (document.getElementById("attachment-views"));
const user = () => Number(views().dataset.user);
const composer = () => document.querySelector(".composer");
const field = () => /** @type {HTMLTextAreaElement | null} */ (document.querySelector(".composer textarea"));
const target = () => composer()?.getAttribute("action") ?? "";
/** What is chosen for where the field leads. */
const chosen = () => parcels.find((parcel) => !parcel.sent && parcel.target === target());

/** Begins, once a page: what was left here before goes on. */
export function begin() {
  return (ready ??= start());
}

async function start() {
  document.addEventListener("submit", submitted, true);
  document.addEventListener("keydown", typed, true);
  addEventListener("storage", ({ key, newValue }) => {
    // Logged out in another tab.
    if (key === markOf(user()) && newValue === null) forgetAll();
  });
  document.getElementById("attachments")?.addEventListener("click", (press) => {
    const entry = /** @type {Element} */ (press.target).closest("[data-pick]");
    if (entry) pick(entry.getAttribute("data-pick") ?? "");
  });
  const main = document.querySelector("main");
  if (main) new MutationObserver(show).observe(main, { childList: true, subtree: true, attributeFilter: ["action"] });
  await Promise.all([looks().then(hintAtDrops), hydrated()]);
  await takeUp(user(), show);
}

/**
 * Opens the menu beside its button.
 * @param {HTMLElement} button
 */
export async function open(button) {
  begin();
  const menu = /** @type {HTMLElement} */ (document.getElementById("attachments"));
  const hint = /** @type {HTMLElement} */ (menu.querySelector(".insecure-hint"));
  hint.hidden = !!navigator.mediaDevices;
  menu.togglePopover();
  if (!menu.matches(":popover-open")) return;
  const place = button.getBoundingClientRect();
  const left = Math.min(place.left, document.documentElement.clientWidth - menu.offsetWidth - MARGIN_PX);
  menu.style.left = `${Math.max(left, MARGIN_PX)}px`;
  menu.style.top = `${Math.max(place.top - menu.offsetHeight - MARGIN_PX, MARGIN_PX)}px`;
  /** @type {HTMLElement | null} */ (menu.querySelector("[role=menuitem]"))?.focus();
}

/** @param {string} what `photo`, `file` or `schedule` */
function pick(what) {
  document.getElementById("attachments")?.hidePopover();
  if (what === "schedule") {
    /** @type {{ beginPart?: (name: string) => void }} */ (globalThis).beginPart?.("schedule-form");
    return;
  }
  const input = document.createElement("input");
  input.type = "file";
  input.multiple = true;
  if (what === "photo") input.accept = "image/*,video/*";
  input.addEventListener("change", () => add([...(input.files ?? [])], what === "photo" ? undefined : "file"));
  input.click();
}

/**
 * Takes what was chosen, pasted or dropped. Pictures and films are to be looked at unless it is said otherwise.
 * @param {File[]} files
 * @param {"file"} [as]
 */
export async function add(files, as) {
  await begin();
  const to = target();
  if (!to) return;
  const ready = [];
  for (const file of files) {
    const isPicture = !as && SEEN.test(file.type);
    const photo = isPicture ? await prepare(file) : undefined;
    const { blob, name, facts } = photo ?? { blob: file, name: file.name, facts: {} };
    if (isPicture && !photo && !confirm(word("undecodable", file.name))) continue;
    const place = !photo && file.type.startsWith("image/") && (await tellsPlace(file));
    ready.push({ ...upload(photo ? "photo" : "file", name, blob, facts), place });
  }
  if (ready.length === 0) return;
  const parcel = parcels.find((parcel) => !parcel.sent && parcel.target === to) ?? newParcel(to);
  parcel.uploads.push(...ready);
  await put(parcel);
  field()?.focus();
}

/**
 * Has a picture that was chosen as a file go as a photo, which says no more where it was taken.
 * @param {Parcel} parcel
 * @param {Upload} chosen
 * @param {HTMLElement} row
 */
async function asPhoto(parcel, chosen, row) {
  const photo = await prepare(new File([chosen.blob], chosen.name, { type: chosen.blob.type }));
  const at = parcel.uploads.indexOf(chosen);
  if (!photo) {
    const place = row.querySelector(".place");
    if (place) place.textContent = word("notaphoto");
    row.querySelector(".as-photo")?.remove();
  } else if (at >= 0) {
    parcel.uploads[at] = upload("photo", photo.name, photo.blob, photo.facts);
    await put(parcel);
  }
  field()?.focus();
}

/**
 * Sends what was recorded.
 * @param {Blob} blob
 * @param {Record<string, string>} facts its length and its peaks
 */
export async function sendVoice(blob, facts) {
  await begin();
  const name = blob.type.includes("mp4") ? "voice.m4a" : "voice.webm";
  await put({ ...newParcel(target()), sent: true, reply_to: answered(), uploads: [upload("voice", name, blob, facts)] });
  endAnswer();
}

/**
 * @param {Upload["as"]} as
 * @param {string} name
 * @param {Blob} blob
 * @param {Record<string, string>} facts
 * @returns {Upload}
 */
const upload = (as, name, blob, facts) => ({ id: newName(), as, name, blob, facts });

/** @param {string} to @returns {Parcel} */
const newParcel = (to) => ({ client_id: newName(), user: user(), target: to, at: Date.now(), sent: false, caption: "", uploads: [] });

/** A name that nothing else has; `randomUUID` is for secure contexts alone. */
const newName = () => [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");

/** What is kept of the field for this user, such as what it answers. @param {string} kind */
function keptOfField(kind) {
  const [, page, id] = target().split("/");
  return localStorage.getItem(`kith:${user()}:${kind}:${kind === "edit" ? "" : page === "new" ? "u" : "c"}${id}`);
}

/** @returns {number | undefined} */
const answered = () => JSON.parse(keptOfField("reply") ?? "null")?.seq;
const endAnswer = () => /** @type {HTMLElement | null} */ (document.querySelector(".composer .bar button"))?.click();

/** Sends what is chosen, with what is written. */
async function send() {
  const parcel = chosen();
  const text = field();
  if (!parcel || !text) return;
  const groups = grouped(parcel.uploads);
  const [caption, reply_to] = [text.value.trim(), answered()];
  const [first, ...others] = groups;
  if (!first) return;
  text.value = "";
  text.dispatchEvent(new Event("input", { bubbles: true }));
  if (reply_to) endAnswer();
  Object.assign(parcel, { sent: true, caption, reply_to, at: Date.now(), uploads: first });
  const rest = others.map((uploads, index) => ({ ...newParcel(parcel.target), sent: true, at: parcel.at + 1 + index, uploads }));
  await Promise.all([parcel, ...rest].map(put));
}

/**
 * In order: pictures that follow one another are one message, and so are files.
 * @param {Upload[]} uploads
 */
function grouped(uploads) {
  /** @type {Upload[][]} */
  const groups = [];
  for (const upload of uploads) {
    const group = groups.at(-1);
    if (group && group[0]?.as === upload.as && group.length < MAX_IN_MESSAGE) group.push(upload);
    else groups.push([upload]);
  }
  return groups;
}

/** Whether what is chosen goes along with what is sent: not while a message is edited, or too much is written. */
const isOurs = () => chosen() !== undefined && !keptOfField("edit") && [...(field()?.value.trim() ?? "")].length <= MAX_CAPTION;

/** @param {SubmitEvent} submit */
function submitted(submit) {
  const form = /** @type {Element} */ (submit.target);
  if (form.matches(".composer") && isOurs()) {
    submit.preventDefault();
    submit.stopImmediatePropagation();
    send();
  }
  if (form.getAttribute("action") === "/logout" && parcels.length > 0) {
    if (confirm(word("logOut"))) forgetAll();
    else {
      submit.preventDefault();
      submit.stopImmediatePropagation();
    }
  }
}

/** @param {KeyboardEvent} press */
function typed(press) {
  const alone = !(press.shiftKey || press.ctrlKey || press.altKey || press.metaKey || press.isComposing || press.keyCode === 229);
  // Of people who are offered Enter picks one.
  if (press.key !== "Enter" || !alone || press.target !== field() || document.querySelector(".mention-suggestions *") || !isOurs()) return;
  press.preventDefault();
  press.stopImmediatePropagation();
  send();
}

/** Shows what is chosen and what is on its way where the reader is. */
function show() {
  const form = composer();
  if (!form) return;
  const to = target();
  if (form === last.form && to !== last.target) {
    // The person has become a conversation.
    for (const parcel of parcels) if (!parcel.sent && parcel.target === last.target) put(Object.assign(parcel, { target: to }));
  }
  last = { form, target: to };
  const text = field();
  const here = parcels.filter((parcel) => parcel.target === to);
  // Before the page's own code it is; a message with files may do without words.
  if (text && here.some((parcel) => !parcel.sent)) text.required = false;
  for (const [kind, isSent] of /** @type {const} */ ([["uploads", true], ["chosen", false]])) {
    const wanted = here.filter((parcel) => parcel.sent === isSent).flatMap((parcel) => parcel.uploads.map((upload) => row(kind, parcel, upload)));
    const list = document.querySelector(`.attachments ul.${kind}`) ?? (wanted.length > 0 ? place()?.appendChild(view(`ul.${kind}`)) : undefined);
    if (wanted.length === 0) list?.remove();
    else if (list && !isSame([...list.children], wanted)) list.replaceChildren(...wanted);
  }
  const alive = new Set(parcels.flatMap((parcel) => parcel.uploads.map((upload) => upload.id)));
  for (const id of rows.keys()) if (!alive.has(id.slice(id.indexOf(" ") + 1))) rows.delete(id);
}

/**
 * @param {Element[]} one
 * @param {Element[]} other
 */
const isSame = (one, other) => one.length === other.length && one.every((element, index) => element === other[index]);

/** @param {string} selector @returns {HTMLElement} */
const view = (selector) => /** @type {HTMLElement} */ (/** @type {Element} */ (views().content.querySelector(selector)).cloneNode(true));

/**
 * @param {string} name
 * @param {string} [about]
 */
const word = (name, about = "") => (views().dataset[name] ?? "").replace("{}", about);

/**
 * The row of a file, with how it stands.
 * @param {"chosen" | "uploads"} kind
 * @param {Parcel} parcel
 * @param {Upload} upload
 */
function row(kind, parcel, upload) {
  const key = `${kind} ${upload.id}`;
  const known = rows.get(key);
  const element = known ?? view(kind === "chosen" ? "li.chosen-file" : "li.upload");
  if (!known) {
    rows.set(key, element);
    const name = element.querySelector(".name");
    if (name) name.textContent = upload.name;
    element.querySelector("progress")?.setAttribute("aria-label", upload.name);
    element.querySelector(".remove")?.addEventListener("click", () => {
      const next = element.nextElementSibling ?? element.previousElementSibling;
      takeOut(parcel, upload);
      // The focus is not lost with what is gone.
      (/** @type {HTMLElement | null | undefined} */ (next?.querySelector(".remove")) ?? field())?.focus();
    });
    element.querySelector(".retry")?.addEventListener("click", () => retry(parcel, upload));
    element.querySelector(".as-photo")?.addEventListener("click", () => asPhoto(parcel, upload, element));
    if (!upload.place) for (const hint of element.querySelectorAll(".place, .as-photo")) hint.remove();
    const preview = element.querySelector("img");
    if (preview && upload.as === "photo" && upload.blob.type.startsWith("image/")) {
      preview.src = URL.createObjectURL(upload.blob);
      preview.onload = () => URL.revokeObjectURL(preview.src);
    } else preview?.remove();
  }
  const { done, failed } = standing(upload);
  const progress = element.querySelector("progress");
  if (progress) {
    progress.max = upload.blob.size || 1;
    progress.value = upload.file ? progress.max : done;
  }
  const why = element.querySelector(".why");
  if (why) {
    const told = failed ? word(`why${failed.replaceAll("_", "")}`) || word("why") : "";
    if (why.textContent !== told) why.textContent = told;
    element.classList.toggle("failed", !!failed);
  }
  return element;
}
