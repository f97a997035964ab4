// What the reader is told while the page is open: a notice of the operator, in a row above the panes until it was seen;
// a reminder that is due, over the page until it is closed or followed.
// @ts-check

import { ask as request } from "./session.js";

/** @typedef {{ id: number, kind: string, title: string, body: string, conversation_id?: number, seq?: number, at: number }} Notification */

/** So many reminders stand there at once; the others are in their list. */
const MOST = 3;
/** A reminder that comes later than this after its time says when it was due, in milliseconds. */
const LATE_MS = 60_000;

/** @param {string} id */
const element = (id) => /** @type {HTMLElement} */ (document.getElementById(id));
/** @param {string} id @returns {HTMLElement} what lies in a template */
const made = (id) => {
  const { content } = /** @type {HTMLTemplateElement} */ (element(id));
  return /** @type {HTMLElement} */ (/** @type {Element} */ (content.firstElementChild).cloneNode(true));
};
/** @template {Element} T @param {Element} inside @param {string} selector @returns {T} */
const find = (inside, selector) => /** @type {T} */ (inside.querySelector(selector));

/** What was told on this page: it may come again, such as after a server died. */
const known = new Set(
  [...document.querySelectorAll("#told [name=id]")].map((field) => Number(/** @type {HTMLInputElement} */ (field).value)),
);

/** @param {Notification} it */
export function tell(it) {
  if (known.has(it.id)) return;
  known.add(it.id);
  if (it.kind === "system") notice(it.id, it.body);
  else remind(it);
}

/** What there is to tell since the page was opened. */
export async function ask() {
  const [notices, reminders] = await Promise.all([items("notices"), items("reminders")]);
  for (const { id, text } of notices.reverse()) tell({ id, kind: "system", title: "", body: text, at: 0 });
  for (const { id, due, at, message, conversation } of reminders) {
    // What was due before stands above the panes.
    if (!due || at < performance.timeOrigin) continue;
    tell({ id, kind: "reminder", title: conversation.name, body: message.content, conversation_id: conversation.id, seq: message.seq, at });
  }
}

/** @param {string} list @returns {Promise<any[]>} */
async function items(list) {
  const answer = await request(`/api/v1/${list}`).catch(() => undefined);
  return answer?.ok ? (await answer.json()).items : [];
}

/** @param {number} id @param {string} text */
function notice(id, text) {
  const row = made("told-notice");
  find(row, "p").textContent = text;
  /** @type {HTMLInputElement} */ (find(row, "[name=id]")).value = String(id);
  /** @type {HTMLInputElement} */ (find(row, "[name=next]")).value = location.pathname + location.search;
  element("told").prepend(row);
  // The row is a landmark; that it has come is said like a reminder.
  say(text);
}

/** @param {string} text */
function say(text) {
  const said = document.createElement("p");
  said.className = "unseen";
  said.textContent = text;
  element("told-now").append(said);
}

/** @param {Notification} it */
function remind(it) {
  const note = made("told-reminder");
  const link = /** @type {HTMLAnchorElement} */ (find(note, "a"));
  link.href = it.conversation_id ? `/c/${it.conversation_id}${it.seq ? `?m=${it.seq}` : ""}` : "/reminders";
  find(link, "span").textContent = [it.title, it.body].filter(Boolean).join(": ");
  if (Date.now() - it.at > LATE_MS) {
    const then = new Date(it.at);
    const time = /** @type {HTMLTimeElement} */ (find(link, "time"));
    time.dateTime = then.toISOString();
    time.textContent = then.toLocaleString(document.documentElement.lang, { dateStyle: "short", timeStyle: "short" });
  }
  link.addEventListener("click", () => note.remove());
  find(note, "button").addEventListener("click", () => {
    note.remove();
    goOn();
  });
  const now = element("told-now");
  now.append(note);
  const all = now.querySelectorAll(".reminder");
  if (all.length > MOST) all[0]?.remove();
}

/**
 * A notice was seen.
 * @param {HTMLButtonElement} button
 */
export async function open(button) {
  const form = /** @type {HTMLFormElement} */ (button.form);
  const id = /** @type {HTMLInputElement} */ (find(form, "[name=id]")).value;
  const answer = await request(`/api/v1/notices/${id}/seen`, { method: "PUT" }).catch(() => undefined);
  // One that is gone meanwhile is seen as well.
  if (!answer?.ok && answer?.status !== 404) return form.submit();
  const focused = form.contains(document.activeElement);
  form.parentElement?.remove();
  if (focused) goOn();
}

/** The focus goes to where one goes on. */
function goOn() {
  const place = /** @type {HTMLElement | null} */ (document.querySelector(".composer textarea") ?? document.querySelector("main h1"));
  if (place?.tagName === "H1") place.tabIndex = -1;
  place?.focus();
}
