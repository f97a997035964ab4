// Pictures, sound, files and appointments in a log: fetches what the server renders for messages that came after the page, many
// at once, and brings to life what is pressed. What was fetched is put back at once where its article returns.
// @ts-check
import { looks } from "./looks.js";
import { ask } from "./session.js";

/** So many messages are remembered. */
const REMEMBERED = 500;
/** After a failure the next attempt waits so long, in milliseconds. */
const RETRY_MS = 3000;

/** So much of a caption is what its pictures are called, in characters. */
const LONGEST_NAME = 160;

/** What the server rendered, by conversation and message; of an appointment it is good up to a `rev`. @type {Map<string, { html: string, rev: number }>} */
const known = new Map();

/** Whether the page is looked after already. */
let isOpen = false;
/** Whether messages are being asked for. */
let isAsking = false;

/** Looks after the messages of this page from now on. */
export async function open() {
  if (isOpen) return;
  isOpen = true;
  bringToLife(document.body);
  await looks();
  fill();
  const main = document.querySelector("main");
  if (!main) return;
  new MutationObserver((changes) => {
    for (const { target, removedNodes } of changes) {
      for (const node of removedNodes) {
        remember(node);
        if (node instanceof Element && !node.matches("article")) rememberCard(node);
      }
      describe(target);
    }
    fill();
  }).observe(main, { childList: true, characterData: true, subtree: true });
}

/**
 * What is pressed in a place with pictures and sound comes to life.
 * @param {HTMLElement} place
 */
function bringToLife(place) {
  place.addEventListener("click", (press) => {
    const pressed = /** @type {Element} */ (press.target);
    const tile = /** @type {HTMLAnchorElement | null} */ (pressed.closest("a.tile"));
    const plain = !(press.ctrlKey || press.metaKey || press.shiftKey || press.altKey);
    if (tile && plain) {
      press.preventDefault();
      // Where the viewer cannot be had, the picture is shown by itself.
      import("./picture-viewer.js").then((viewer) => viewer.show(tile), () => location.assign(tile.href));
    }
    const sound = /** @type {HTMLElement | null} */ (pressed.closest(".sound"));
    if (sound && pressed.closest("button")) play(sound);
  });
  place.addEventListener("keydown", (press) => {
    const tile = /** @type {Element} */ (press.target).closest("a.tile");
    // A link that is a button is pressed as one.
    if (press.key === " " && tile) {
      press.preventDefault();
      /** @type {HTMLElement} */ (tile).click();
    }
  });
  place.addEventListener("input", (moved) => {
    const sound = /** @type {HTMLElement | null} */ (/** @type {Element} */ (moved.target).closest(".sound"));
    if (sound) import("./player.js").then((player) => player.seek(sound), () => plainly(sound));
  });
}

/** @param {HTMLElement} sound */
function play(sound) {
  import("./player.js").then((player) => player.toggle(sound), () => plainly(sound));
}

/** By the browser's own controls, where there is no code of ours. @param {HTMLElement} sound */
function plainly(sound) {
  sound.classList.add("plain");
}

/** @type {Promise<typeof import("./schedule.js")> | undefined} */
let cards;
/** Looks after appointments; where their code cannot be had, they are plain forms. */
function schedules() {
  cards ??= import("./schedule.js").then((part) => (part.begin(), part));
  cards.then((part) => part.look(), () => (cards = undefined));
}

/** Where the conversation that is shown is, such as `/c/12`. */
const address = () => document.querySelector(".composer")?.getAttribute("action") ?? "";

/** @param {Element} article */
const seqOf = (article) => Number(article.id.slice("m-".length));

/** @param {Node} node what has gone from the page */
function remember(node) {
  const files = node instanceof Element && node.matches("article") && node.querySelector(".files");
  if (!files || files.querySelector(":scope > canvas")) return;
  // Of a conversation that was left the composer is gone, too: the pictures say where they were.
  const place = files.querySelector("[data-message]")?.getAttribute("data-message");
  if (place) keep(place, files.innerHTML, revOf(files));
}

/** An appointment that has changed stands until the new card is there. @param {Element} gone */
function rememberCard(gone) {
  const card = gone.matches(".schedule") ? gone : gone.querySelector(".schedule");
  const message = card?.getAttribute("data-message");
  const rev = Number(card?.getAttribute("data-rev"));
  if (message && rev > (known.get(message)?.rev ?? -1)) keep(message, gone.outerHTML, rev);
}

/** @param {Element} files */
const revOf = (files) => Number(files.querySelector("[data-rev]")?.getAttribute("data-rev") ?? 0);

/**
 * @param {string} message such as `/c/12/34`
 * @param {string} html
 * @param {number} rev
 */
function keep(message, html, rev) {
  known.delete(message);
  known.set(message, { html, rev });
  for (const oldest of known.keys()) {
    if (known.size <= REMEMBERED) break;
    known.delete(oldest);
  }
}

/**
 * Calls pictures by their caption as it is now, which is edited without them.
 * @param {Node} node what has changed
 */
function describe(node) {
  const article = (node instanceof Element ? node : node.parentElement)?.closest("article");
  const text = article?.querySelector(".text")?.textContent?.replace(/\s+/g, " ").trim().slice(0, LONGEST_NAME);
  for (const tile of article?.querySelectorAll("a.tile") ?? []) {
    const label = text || (tile.getAttribute("data-named") ?? "");
    if (tile.getAttribute("aria-label") !== label) tile.setAttribute("aria-label", label);
  }
}

/** Puts in place what is known, and asks for the rest. */
function fill() {
  const conversation = address();
  /** @type {number[]} */
  const missing = [];
  for (const room of document.querySelectorAll(".files > canvas")) {
    const [files, article] = [room.parentElement, room.closest("article")];
    if (!files || !article?.id) continue;
    const kept = known.get(`${conversation}/${seqOf(article)}`);
    const wanted = Number(room.getAttribute("data-rev") ?? 0);
    // The server's own, in which names are text.
    if (kept) {
      files.innerHTML = kept.html;
      describe(files);
    } else missing.push(seqOf(article));
    if (kept && kept.rev < wanted) files.setAttribute("data-wanted", `${wanted}`);
    else files.removeAttribute("data-wanted");
  }
  for (const files of document.querySelectorAll(".files[data-wanted]")) {
    const article = files.closest("article");
    const kept = article && known.get(`${conversation}/${seqOf(article)}`);
    if (!article || files.querySelector(":scope > canvas")) continue;
    if (kept && kept.rev >= Number(files.getAttribute("data-wanted"))) {
      files.removeAttribute("data-wanted");
      files.innerHTML = kept.html;
    } else missing.push(seqOf(article));
  }
  if (document.querySelector(".schedule")) schedules();
  if (missing.length > 0 && !isAsking) fetchFrom(conversation, Math.min(...missing));
}

/**
 * @param {string} conversation
 * @param {number} first the position of the first message that is wanted
 */
async function fetchFrom(conversation, first) {
  isAsking = true;
  let wait = 0;
  try {
    const answer = await ask(`${conversation}/contents?after=${first - 1}`);
    if (!answer.ok) throw new Error(`contents: ${answer.status}`);
    const page = document.createElement("template");
    page.innerHTML = await answer.text();
    for (const message of page.content.querySelectorAll("[data-seq]")) {
      const rev = Number(message.getAttribute("data-rev") ?? 0);
      keep(`${conversation}/${message.getAttribute("data-seq")}`, message.innerHTML, rev);
    }
    // What was asked for and is not there was recalled meanwhile.
    const message = `${conversation}/${first}`;
    if (!known.has(message)) keep(message, "", Infinity);
  } catch {
    wait = RETRY_MS;
  }
  setTimeout(() => {
    isAsking = false;
    fill();
  }, wait);
}
