// Runs on each page: loads a part when it is first asked for. That is by a button, by files that are pasted or
// dropped, by pictures in a message that came after the page, or by an upload that was begun before.
// @ts-check

/** @param {string} template */
const copy = (template) => {
  const { content } = /** @type {HTMLTemplateElement} */ (document.getElementById(template));
  return /** @type {HTMLElement} */ (/** @type {Element} */ (content.firstElementChild).cloneNode(true));
};
const composer = () => document.querySelector(".composer");
const attachments = () => import("./parts/attachments.js");
/** @type {Record<string, () => Promise<{ open(button: HTMLElement): Promise<void> }>>} */
const parts = {
  attachments,
  recorder: () => import("./parts/recorder.js"),
};
const failed = async () => {
  // What is put there before would confuse the page's own code.
  await /** @type {{ hydrated?: Promise<void> }} */ (globalThis).hydrated;
  if (document.querySelector(".part-failed")) return;
  const note = copy("part-failed");
  note.setAttribute("role", "alert");
  composer()?.before(note);
};

/** @param {DataTransfer | null} data */
const hasFiles = (data) => data?.types.includes("Files") && composer();
/** @param {DataTransfer} data what can be read only now */
const take = (data) => {
  const files = [...data.files];
  attachments().then((part) => part.add(files)).catch(failed);
};

// What records is not there for pages that came over plain HTTP.
if (!navigator.mediaDevices) document.documentElement.classList.add("insecure");

document.addEventListener("click", (press) => {
  /** @type {HTMLElement | null} */
  const button = /** @type {Element} */ (press.target).closest("[data-part]");
  if (!button) return;
  parts[button.dataset.part ?? ""]?.().then((part) => part.open(button)).catch(failed);
});

document.addEventListener("paste", (paste) => {
  const data = paste.clipboardData;
  // What an office program copies is text, with a picture of it beside.
  if (!data || !hasFiles(data) || data.types.includes("text/plain")) return;
  paste.preventDefault();
  take(data);
});

/** @type {HTMLElement | undefined} */
let hint;
const hide = () => {
  hint?.remove();
  hint = undefined;
};
document.addEventListener("dragover", (drag) => {
  if (!hasFiles(drag.dataTransfer)) return;
  drag.preventDefault();
  if (hint) return;
  document.body.append((hint = copy("drop-hint")));
  // With its looks.
  attachments().then((part) => part.begin(), failed);
});
document.addEventListener("dragleave", (drag) => drag.relatedTarget || hide());
document.addEventListener("drop", (drop) => {
  hide();
  if (!drop.dataTransfer || !hasFiles(drop.dataTransfer)) return;
  drop.preventDefault();
  take(drop.dataTransfer);
});

if (Object.keys(localStorage).some((key) => key.endsWith(":uploads"))) attachments().then((part) => part.begin());

const shown = document.getElementsByClassName("files");
const seen = new MutationObserver(look);
function look() {
  if (shown.length === 0) return;
  seen.disconnect();
  // Where it cannot be had, the next page asks again.
  import("./parts/message-files.js").then((part) => part.open()).catch(() => {});
}
seen.observe(document.body, { childList: true, subtree: true });
look();
