// The dialog that makes an appointment, or moves one: the server's, with the times of the reader's zone.
// @ts-check
import { looks } from "./looks.js";
import { ask } from "./session.js";

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** From 1970 to 9999. */
const LAST_MS = 253_402_300_799_999;

const target = () => document.querySelector(".composer")?.getAttribute("action") ?? "";
const zone = () => Intl.DateTimeFormat().resolvedOptions().timeZone || "UTC";

/** @param {number} number @param {number} [length] */
const digits = (number, length = 2) => `${number}`.padStart(length, "0");
/** A moment as fields of the browser have it. @param {number} at @param {boolean} days */
function civil(at, days) {
  const then = new Date(at);
  const date = `${digits(then.getFullYear(), 4)}-${digits(then.getMonth() + 1)}-${digits(then.getDate())}`;
  return days ? date : `${date}T${digits(then.getHours())}:${digits(then.getMinutes())}`;
}
/** What a field of the browser says; an hour that is not is told as the one after it. @param {string} text */
const moment = (text) => (text ? new Date(text.includes("T") ? text : `${text}T00:00`).getTime() : NaN);

/**
 * Opens it: in the menu of a message to move what that is about, else to make one.
 * @param {Element} [button]
 */
export async function open(button) {
  const article = button?.closest("article");
  const seq = article?.id.slice("m-".length);
  const [, page, id] = target().split("/");
  const address = `/api/v1/conversations/${id}/messages/${seq}`;
  const [form, before] = await Promise.all([
    ask(`/schedule-form${seq ? "?moves=true" : ""}`),
    seq ? ask(`/api/v1/conversations/${id}/messages?around=${seq}&limit=1`) : undefined,
    looks(),
  ]);
  if (!form.ok || (before && !before.ok)) throw new Error("schedule-form");
  const known = before && (await before.json()).items[0]?.schedule;
  const place = document.createElement("div");
  place.innerHTML = await form.text();
  const dialog = /** @type {HTMLDialogElement} */ (place.firstElementChild);
  document.body.append(dialog);
  dialog.addEventListener("close", () => {
    dialog.remove();
    /** @type {HTMLElement | null} */ (article?.querySelector(".menu-button") ?? document.querySelector(".composer textarea"))?.focus();
  });
  dialog.querySelector(".cancel")?.addEventListener("click", () => dialog.close());
  const fields = /** @type {HTMLFormElement} */ (dialog.querySelector("form"));
  const field = (/** @type {string} */ name) => /** @type {HTMLInputElement} */ (fields.elements.namedItem(name));
  const [title, days, starts, ends, where] = ["title", "days", "starts", "ends", "place"].map(field);
  if (!title || !days || !starts || !ends || !where) return;

  const next = Math.ceil(Date.now() / HOUR_MS) * HOUR_MS;
  const shown = known ?? { title: "", starts_at: next, ends_at: next + HOUR_MS, all_day: false, place: "" };
  title.value = shown.title;
  where.value = shown.place;
  days.checked = shown.all_day;
  let lasts = shown.ends_at === null ? null : shown.ends_at - shown.starts_at;
  /** @param {number} from @param {number | null} to */
  const show = (from, to) => {
    starts.type = ends.type = days.checked ? "date" : "datetime-local";
    starts.value = civil(from, days.checked);
    // Of whole days the last one is named.
    ends.value = to === null ? "" : civil(days.checked ? Math.max(from, to - 1) : to, days.checked);
  };
  show(shown.starts_at, shown.ends_at);
  days.addEventListener("change", () => {
    const from = moment(starts.value);
    if (Number.isNaN(from)) show(next, next + HOUR_MS);
    else show(days.checked ? from : from + 12 * HOUR_MS, days.checked ? from + 1 : from + 13 * HOUR_MS);
  });
  starts.addEventListener("change", () => {
    const from = moment(starts.value);
    if (!Number.isNaN(from) && lasts !== null && !days.checked) ends.value = civil(from + lasts, false);
  });
  ends.addEventListener("change", () => {
    const [from, to] = [moment(starts.value), moment(ends.value)];
    lasts = Number.isNaN(to) ? null : Math.max(0, to - from);
  });

  const note = /** @type {HTMLElement} */ (dialog.querySelector(".alert"));
  /** @param {string} [what] @param {HTMLInputElement} [wrong] */
  const refuse = (what = "failed", wrong) => {
    for (const one of [title, starts, ends]) one.toggleAttribute("aria-invalid", false);
    note.textContent = dialog.dataset[what] ?? dialog.dataset.failed ?? "";
    note.hidden = false;
    wrong?.setAttribute("aria-invalid", "true");
    wrong?.focus();
  };
  const client_id = crypto.getRandomValues(new Uint32Array(4)).join("-");
  fields.addEventListener("submit", async (submit) => {
    submit.preventDefault();
    const from = moment(starts.value);
    let to = ends.value ? moment(ends.value) : null;
    // To the midnight after the last day.
    if (days.checked && to !== null) to = new Date(to).setDate(new Date(to).getDate() + 1);
    if (!title.value.trim()) return refuse("title", title);
    if (Number.isNaN(from) || from < 0 || from > LAST_MS) return refuse("starts", starts);
    if (to !== null && !(to >= from && to <= Math.min(LAST_MS, from + 366 * DAY_MS))) return refuse("ends", ends);
    const schedule = {
      title: title.value, starts_at: from, ends_at: to, all_day: days.checked, place: where.value,
      // Another zone only where its maker has chosen other times there.
      zone: known && known.starts_at === from && known.ends_at === to ? known.zone : zone(),
    };
    const body = seq
      ? { schedule }
      : {
          client_id, message_type: "schedule", content: field("about").value.trim(), schedule,
          ...(page === "new" ? { to_user_id: Number(id) } : { conversation_id: Number(id) }),
        };
    const answer = await ask(seq ? address : "/api/v1/messages", {
      method: seq ? "PATCH" : "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
    }).catch(() => undefined);
    if (!answer?.ok) {
      const told = await answer?.json().catch(() => undefined);
      return refuse({ title: "title", starts_at: "starts", ends_at: "ends" }[/** @type {string} */ (told?.error?.field)]);
    }
    dialog.close();
  });
  dialog.showModal();
  title.focus();
}
