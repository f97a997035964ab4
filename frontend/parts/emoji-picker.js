// The emoji picker: shows the emoji, finds them by name, and leads arrows through them. What is chosen the
// page hears by itself (app/src/ui/overlays).
// @ts-check

/** So many emoji stand in a row, as the style has it: arrows up and down go as far. */
const COLUMNS = 8;

/** Steps of the keys that move within the list. @type {Record<string, number>} */
const STEPS = { ArrowDown: COLUMNS, ArrowUp: -COLUMNS, ArrowRight: 1, ArrowLeft: -1 };

/** Pickers that are listened to already. @type {WeakSet<HTMLElement>} */
const heard = new WeakSet();

/**
 * Fills a picker that has been opened, the first time; fails where the emoji cannot be had.
 * @param {HTMLElement} picker
 */
export async function open(picker) {
  const field = /** @type {HTMLInputElement} */ (picker.querySelector("input"));
  const list = /** @type {HTMLElement} */ (picker.querySelector(".emoji-list"));
  if (!heard.has(picker)) {
    heard.add(picker);
    field.addEventListener("input", () => narrow(list, field.value));
    picker.addEventListener("keydown", (press) => walk(list, press));
    picker.addEventListener("toggle", (change) => {
      // The next time all are shown, whatever was looked for now.
      if (/** @type {ToggleEvent} */ (change).newState === "closed") narrow(list, (field.value = ""));
    });
  }
  if (list.firstChild) return;
  const answer = await fetch("/emoji");
  if (!answer.ok) throw new Error(`emoji: ${answer.status}`);
  // They are the server's own, and nobody's text.
  list.innerHTML = await answer.text();
  narrow(list, field.value);
}

/**
 * Those whose name has what was typed stay.
 * @param {HTMLElement} list
 * @param {string} typed
 */
function narrow(list, typed) {
  const wanted = typed.trim().toLowerCase();
  for (const emoji of list.querySelectorAll("button")) emoji.hidden = !emoji.title.includes(wanted);
}

/**
 * Goes to the emoji that a key leads to: from the field to the first, from the last to the first and back.
 * @param {HTMLElement} list
 * @param {KeyboardEvent} press
 */
function walk(list, press) {
  if (press.altKey || press.ctrlKey || press.metaKey || press.shiftKey) return;
  // Keys that an input method takes; some browsers tell it by this code alone.
  if (press.isComposing || press.keyCode === 229) return;
  const emoji = [...list.querySelectorAll("button")].filter((button) => !button.hidden);
  const at = emoji.findIndex((button) => button === document.activeElement);
  const next = target(press.key, at, emoji.length);
  if (next === undefined) return;
  press.preventDefault();
  emoji[next]?.focus();
}

/**
 * @param {string} key
 * @param {number} at where the focus is, or -1
 * @param {number} count
 * @returns {number | undefined}
 */
function target(key, at, count) {
  if (count === 0) return undefined;
  if (at < 0) return key === "ArrowDown" ? 0 : undefined;
  if (key === "Home") return 0;
  if (key === "End") return count - 1;
  const step = STEPS[key];
  return step === undefined ? undefined : (((at + step) % count) + count) % count;
}
