// A picture or a film over the whole window, and its way to the next and the one before: by buttons, arrows and swipes;
// a picture larger by a double press, the wheel or two fingers. The dialog is the server's (server/src/pages/overlays).
// @ts-check

/** The largest that a picture is shown, as a multiple of what fits. */
const LARGEST = 6;
/** How large a double press makes it. */
const LARGER = 2.5;
/** A finger that has moved so far has swiped, in CSS pixels. */
const SWIPE_PX = 60;

/** The pictures around the one that is shown. @type {HTMLAnchorElement[]} */
let tiles = [];
let at = 0;
/** How large it is, and by how much it is moved. */
let scale = 1;
let [x, y] = [0, 0];
/** The fingers on it. @type {Map<number, { x: number; y: number }>} */
const fingers = new Map();
/** Where a finger came down that is alone since. @type {{ x: number; y: number } | undefined} */
let began;
let isReady = false;

/** @returns {HTMLDialogElement} */
const dialog = () => /** @type {HTMLDialogElement} */ (document.getElementById("picture-viewer"));
/** @param {string} part @returns {HTMLElement} */
const part = (part) => /** @type {HTMLElement} */ (dialog().querySelector(part));
const picture = () => /** @type {HTMLImageElement} */ (part("img"));
const film = () => /** @type {HTMLVideoElement} */ (part("video"));

/**
 * Shows a picture.
 * @param {HTMLAnchorElement} tile what was pressed
 */
export function show(tile) {
  const place = tile.closest(".log, .shared-files") ?? document;
  tiles = [.../** @type {NodeListOf<HTMLAnchorElement>} */ (place.querySelectorAll("a.tile"))];
  if (!isReady) listen();
  turnTo(Math.max(0, tiles.indexOf(tile)));
  dialog().showModal();
  part(".close").focus();
}

/** @param {number} index */
function turnTo(index) {
  const tile = tiles[index];
  if (!tile) return;
  at = index;
  const isFilm = tile.dataset.mime?.startsWith("video/") ?? false;
  picture().hidden = isFilm;
  part(".film").hidden = !isFilm;
  if (isFilm) play(tile);
  else look(tile);
  const download = /** @type {HTMLAnchorElement} */ (part(".save-picture"));
  download.href = `${tile.href}?download`;
  /** @type {HTMLButtonElement} */ (part(".previous")).disabled = index === 0;
  /** @type {HTMLButtonElement} */ (part(".next")).disabled = index === tiles.length - 1;
  // What has the focus may not lead anywhere any more.
  if (document.activeElement?.matches(":disabled")) part(".close").focus();
}

/** @param {HTMLAnchorElement} tile */
function look(tile) {
  stop();
  enlarge(1);
  const image = picture();
  const small = tile.querySelector("img");
  // The small one stands there until the large one has come.
  image.src = small?.currentSrc || tile.href;
  const large = new Image();
  large.onload = () => {
    if (tiles[at] === tile) image.src = tile.href;
  };
  large.src = tile.href;
  image.alt = tile.getAttribute("aria-label") ?? "";
  image.width = Number(tile.dataset.width) || image.naturalWidth;
  image.height = Number(tile.dataset.height) || image.naturalHeight;
}

/** @param {HTMLAnchorElement} tile */
function play(tile) {
  film().src = tile.href;
  // Where that is not allowed, its own button does.
  film().play().catch(() => {});
}

/** Nothing is heard of a film any more, and nothing more of it comes. */
function stop() {
  film().pause();
  film().removeAttribute("src");
}

/**
 * @param {number} to
 */
function enlarge(to) {
  scale = Math.min(Math.max(to, 1), LARGEST);
  if (scale === 1) [x, y] = [0, 0];
  draw();
}

function draw() {
  picture().style.transform = `translate(${x}px, ${y}px) scale(${scale})`;
}

function listen() {
  isReady = true;
  const [whole, image] = [dialog(), picture()];
  part(".previous").addEventListener("click", () => turnTo(at - 1));
  part(".next").addEventListener("click", () => turnTo(at + 1));
  part(".close").addEventListener("click", () => whole.close());
  whole.addEventListener("click", (press) => {
    // Beside the picture or the film.
    if (press.target === whole || press.target === part(".film")) whole.close();
  });
  whole.addEventListener("close", () => {
    stop();
    tiles[at]?.focus();
  });
  // Wherever the focus is: what a key means here it does not mean for the page below.
  document.addEventListener("keydown", (press) => {
    if (!whole.open) return;
    press.stopPropagation();
    // There arrows move within the film.
    if (press.target === film()) return;
    const step = { ArrowLeft: -1, ArrowRight: 1 }[press.key];
    if (step) turnTo(at + step);
    const by = { "+": 1.4, "-": 1 / 1.4 }[press.key];
    if (by) enlarge(scale * by);
  }, true);
  image.addEventListener("dblclick", () => enlarge(scale > 1 ? 1 : LARGER));
  whole.addEventListener("wheel", (turn) => {
    if (image.hidden) return;
    turn.preventDefault();
    enlarge(scale * (turn.deltaY < 0 ? 1.15 : 1 / 1.15));
  }, { passive: false });
  image.addEventListener("pointerdown", (press) => {
    image.setPointerCapture(press.pointerId);
    fingers.set(press.pointerId, { x: press.clientX, y: press.clientY });
    began = fingers.size === 1 ? { x: press.clientX, y: press.clientY } : undefined;
  });
  image.addEventListener("pointermove", moved);
  for (const end of /** @type {const} */ (["pointerup", "pointercancel"])) image.addEventListener(end, lifted);
}

/** @param {PointerEvent} move */
function moved(move) {
  const before = fingers.get(move.pointerId);
  if (!before) return;
  const now = { x: move.clientX, y: move.clientY };
  const other = [...fingers].find(([id]) => id !== move.pointerId)?.[1];
  fingers.set(move.pointerId, now);
  if (other) {
    enlarge((scale * distance(now, other)) / (distance(before, other) || 1));
  } else if (scale > 1) {
    [x, y] = [x + now.x - before.x, y + now.y - before.y];
    draw();
  }
}

/** @param {PointerEvent} lift */
function lifted(lift) {
  fingers.delete(lift.pointerId);
  if (!began || scale > 1 || lift.type === "pointercancel") return;
  const [right, down] = [lift.clientX - began.x, lift.clientY - began.y];
  began = undefined;
  if (Math.abs(right) > SWIPE_PX && Math.abs(right) > Math.abs(down)) turnTo(at + (right < 0 ? 1 : -1));
  else if (down > SWIPE_PX * 1.5) dialog().close();
}

/**
 * @param {{ x: number; y: number }} one
 * @param {{ x: number; y: number }} other
 */
const distance = (one, other) => Math.hypot(one.x - other.x, one.y - other.y);
