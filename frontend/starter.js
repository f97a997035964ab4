// Runs on each page: loads a part when it is first asked for. That is by a button, by files that are pasted or
// dropped, by pictures in a message that came after the page, or by an upload that was begun before.
// @ts-check

const composer = () => document.querySelector(".composer");
/** @param {string} [name] */
const part = (name) => import(`./parts/${name}.js`);
const attachments = () => part("attachments");
const failed = async () => {
  // What is put there before would confuse the page's own code.
  await /** @type {{ hydrated?: Promise<void> }} */ (globalThis).hydrated;
  if (document.querySelector(".part-failed")) return;
  const { content } = /** @type {HTMLTemplateElement} */ (document.getElementById("part-failed"));
  const note = /** @type {Element} */ (/** @type {Element} */ (content.firstElementChild).cloneNode(true));
  note.setAttribute("role", "alert");
  composer()?.before(note);
};

/** Loads a part and brings an element to life by it. @param {string | undefined} name @param {Element} [element] */
const beginPart = (name, element) => part(name).then(({ open }) => open(element)).catch(failed);

/** @param {DataTransfer | null} data */
const hasFiles = (data) => data?.types.includes("Files") && composer();
/** @param {DataTransfer} data what can be read only now */
const take = (data) => {
  const files = [...data.files];
  attachments().then(({ add }) => add(files)).catch(failed);
};

// What records is not there for pages that came over plain HTTP.
if (!navigator.mediaDevices) document.documentElement.classList.add("insecure");

/** @param {Event} press @returns {HTMLElement | null} what begins a part */
const pressed = (press) => /** @type {Element} */ (press.target).closest("[data-part]");
// A part is loaded while the button is still held: it may want to know.
document.addEventListener("pointerdown", (press) => {
  const button = pressed(press);
  if (!button) return;
  button.dataset.held = "";
  addEventListener("pointerup", () => delete button.dataset.held, { once: true });
  part(button.dataset.part).catch(failed);
});
document.addEventListener("click", (press) => {
  const button = pressed(press);
  if (!button) return;
  // What sends a plain form where there is no script.
  press.preventDefault();
  beginPart(button.dataset.part, button);
});

// The page's own code, and a part, has other parts begun. It also hands on what tells the reader something beside messages,
// and that its socket is ready: what was told while there was none is asked for.
let returns = false;
Object.assign(globalThis, {
  beginPart,
  told: (/** @type {string} */ frame) => {
    const it = JSON.parse(frame);
    if (it.type === "notification") part("told").then(({ tell }) => tell(it)).catch(failed);
    else if (it.type === "ready") {
      // Where it cannot be had, the next page tells it.
      if (returns) part("told").then(({ ask }) => ask()).catch(() => {});
      returns = true;
    }
  },
});

document.addEventListener("paste", (paste) => {
  const data = paste.clipboardData;
  // What an office program copies is text, with a picture of it beside.
  if (!data || !hasFiles(data) || data.types.includes("text/plain")) return;
  paste.preventDefault();
  take(data);
});

document.addEventListener("dragover", (drag) => {
  if (!hasFiles(drag.dataTransfer)) return;
  drag.preventDefault();
  // It says that they can be dropped.
  attachments().then(({ begin }) => begin()).catch(failed);
});
document.addEventListener("drop", (drop) => {
  if (!drop.dataTransfer || !hasFiles(drop.dataTransfer)) return;
  drop.preventDefault();
  take(drop.dataTransfer);
});

if (Object.keys(localStorage).some((key) => key.endsWith(":uploads"))) attachments().then(({ begin }) => begin());

const shown = document.getElementsByClassName("files");
const seen = new MutationObserver(look);
function look() {
  if (shown.length === 0) return;
  seen.disconnect();
  // Where it cannot be had, the next page asks again.
  part("message-files").then(({ open }) => open()).catch(() => {});
}
seen.observe(document.body, { childList: true, subtree: true });
look();
