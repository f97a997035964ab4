// Cards of appointments: tells when they are in the reader's zone (and in their maker's, where it differs), and sends
// answers without leaving the page.
// @ts-check
import { ask } from "./session.js";

const LANGUAGE = document.documentElement.lang;

/** @type {{ message: string, answer: string } | undefined} the button that had the focus last */
let focused;

/** Begins, once a page. */
export function begin() {
  document.addEventListener("submit", submitted);
  document.addEventListener("focusin", ({ target }) => {
    const [card, button] = [cardOf(target), target instanceof Element ? target.closest("[data-answer]") : null];
    // What is taken from the page under a focus gives it to nobody: that is no going on.
    if (card && button) focused = { message: nameOf(card), answer: button.getAttribute("data-answer") ?? "" };
    else if (target !== document.body) focused = undefined;
  });
}

/** @param {EventTarget | null} inside @returns {HTMLElement | null} */
const cardOf = (inside) => (inside instanceof Element ? inside.closest(".schedule") : null);
/** @param {Element} card */
const nameOf = (card) => card.getAttribute("data-message") ?? "";

/** Looks after the cards that have come into the page. */
export function look() {
  for (const when of document.querySelectorAll(".when[data-zone]:not([data-told])")) tell(/** @type {HTMLElement} */ (when));
  if (focused && document.activeElement === document.body) {
    const card = document.querySelector(`.schedule[data-message="${CSS.escape(focused.message)}"]`);
    /** @type {HTMLElement | null | undefined} */ (card?.querySelector(`[data-answer="${focused.answer}"]`))?.focus();
  }
}

/** @param {HTMLElement} when */
function tell(when) {
  when.dataset.told = "";
  const { starts, ends, zone } = when.dataset;
  /** @param {string} [timeZone] */
  const told = (timeZone) => {
    const form = new Intl.DateTimeFormat(LANGUAGE, {
      timeZone, weekday: "long", day: "numeric", month: "long", year: "numeric",
      hour: "2-digit", minute: "2-digit", hourCycle: "h23",
    });
    return ends ? form.formatRange(Number(starts), Number(ends)) : form.format(Number(starts));
  };
  /** @type {string | undefined} */
  let theirs;
  try {
    theirs = told(zone);
  } catch {
    // A zone that this browser does not know.
  }
  const ours = told();
  const line = document.createElement("span");
  line.className = "theirs";
  line.textContent = theirs === ours ? "" : (when.textContent ?? "").trim();
  when.replaceChildren(ours, ...(line.textContent ? [line] : []));
}

/** @param {SubmitEvent} submit */
async function submitted(submit) {
  const [card, button] = [cardOf(submit.target), submit.submitter];
  if (!card || !button?.matches("[data-answer]")) return;
  submit.preventDefault();
  const answer = button.getAttribute("data-answer");
  const pressed = card.querySelector('[aria-pressed="true"]');
  /** @param {Element | null} chosen */
  const show = (chosen) => {
    for (const other of card.querySelectorAll("[data-answer]")) other.setAttribute("aria-pressed", `${other === chosen}`);
  };
  card.querySelector(".alert")?.remove();
  const takes = pressed === button;
  show(takes ? null : button);
  const [, , conversation, seq] = nameOf(card).split("/");
  const address = `/api/v1/conversations/${conversation}/messages/${seq}/answer`;
  const options = takes
    ? { method: "DELETE" }
    : { method: "PUT", headers: { "content-type": "application/json" }, body: JSON.stringify({ answer }) };
  const done = await ask(address, options).then(({ ok }) => ok, () => false);
  if (done) return;
  show(pressed);
  const note = document.createElement("p");
  note.className = "alert";
  note.setAttribute("role", "alert");
  note.textContent = card.dataset.failed ?? "";
  card.append(note);
}
