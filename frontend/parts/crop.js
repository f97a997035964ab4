// A square of a picture: the picture is moved and made larger under a window that stands still, by a pointer, the
// wheel, two fingers, keys and a slider.
// @ts-check

/** How far an arrow moves the picture, as a share of the window. */
const STEP = 0.05;
/** By how much a key makes it larger or smaller. */
const ZOOM_STEP = 1.15;
const QUALITY = 0.9;

/** @type {Record<string, [number, number]>} */
const ARROWS = { ArrowLeft: [-STEP, 0], ArrowRight: [STEP, 0], ArrowUp: [0, -STEP], ArrowDown: [0, STEP] };
/** @type {Record<string, number>} */
const ZOOMS = { "+": ZOOM_STEP, "=": ZOOM_STEP, "-": 1 / ZOOM_STEP };

export class Crop {
  /** @type {ImageBitmap | undefined} */
  #picture;
  /** What of the picture stands in the middle of the window, in its own pixels. */
  #x = 0;
  #y = 0;
  /** Where each finger is, in shares of the window. @type {Map<number, [number, number]>} */
  #fingers = new Map();

  /**
   * @param {HTMLElement} area the window, with a canvas in it
   * @param {HTMLInputElement} slider how large the picture is, from 1, where it just fills the window
   */
  constructor(area, slider) {
    this.area = area;
    this.slider = slider;
    this.canvas = /** @type {HTMLCanvasElement} */ (area.querySelector("canvas"));
    slider.addEventListener("input", () => this.#draw());
    area.addEventListener("keydown", (press) => this.#pressed(press));
    area.addEventListener("wheel", (turn) => {
      turn.preventDefault();
      this.#zoom(turn.deltaY < 0 ? ZOOM_STEP : 1 / ZOOM_STEP, this.#at(turn));
    }, { passive: false });
    area.addEventListener("pointerdown", (press) => {
      area.setPointerCapture(press.pointerId);
      this.#fingers.set(press.pointerId, this.#at(press));
    });
    area.addEventListener("pointermove", (move) => this.#moved(move));
    for (const end of /** @type {const} */ (["pointerup", "pointercancel"])) {
      area.addEventListener(end, ({ pointerId }) => this.#fingers.delete(pointerId));
    }
  }

  /**
   * Begins with the middle of a picture, as large as it fills the window.
   * @param {ImageBitmap} picture
   */
  show(picture) {
    this.#picture = picture;
    [this.#x, this.#y] = [picture.width / 2, picture.height / 2];
    this.slider.value = "1";
    this.#draw();
  }

  /** Lets go of the picture. */
  end() {
    this.#picture?.close();
    this.#picture = undefined;
    this.#fingers.clear();
  }

  /** @returns {Promise<Blob | null>} what is in the window, as a JPEG */
  cut() {
    return new Promise((done) => this.canvas.toBlob(done, "image/jpeg", QUALITY));
  }

  /** The side of what is in the window, in pixels of the picture. */
  get #side() {
    const { width = 1, height = 1 } = this.#picture ?? {};
    return Math.min(width, height) / Number(this.slider.value);
  }

  #draw() {
    const [picture, context, side] = [this.#picture, this.canvas.getContext("2d"), this.#side];
    if (!picture || !context) return;
    // Nothing beside the picture is in the window.
    this.#x = Math.min(Math.max(this.#x, side / 2), picture.width - side / 2);
    this.#y = Math.min(Math.max(this.#y, side / 2), picture.height - side / 2);
    const { width, height } = this.canvas;
    context.imageSmoothingQuality = "high";
    // Behind what can be seen through.
    context.fillStyle = "#fff";
    context.fillRect(0, 0, width, height);
    context.drawImage(picture, this.#x - side / 2, this.#y - side / 2, side, side, 0, 0, width, height);
  }

  /**
   * Where something happens, in shares of the window.
   * @param {MouseEvent} event
   * @returns {[number, number]}
   */
  #at({ clientX, clientY }) {
    const { left, top, width } = this.area.getBoundingClientRect();
    return [(clientX - left) / width, (clientY - top) / width];
  }

  /** @param {number} right how far the picture goes, in shares of the window @param {number} down */
  #move(right, down) {
    this.#x -= right * this.#side;
    this.#y -= down * this.#side;
    this.#draw();
  }

  /**
   * Makes the picture larger or smaller around a place, which stays where it is.
   * @param {number} by
   * @param {[number, number]} [place] else around the middle
   */
  #zoom(by, [right, down] = [0.5, 0.5]) {
    const before = this.#side;
    // The slider keeps to its own bounds.
    this.slider.value = String(Number(this.slider.value) * by);
    this.#x += (right - 0.5) * (before - this.#side);
    this.#y += (down - 0.5) * (before - this.#side);
    this.#draw();
  }

  /** @param {KeyboardEvent} press */
  #pressed(press) {
    if (press.ctrlKey || press.metaKey || press.altKey) return;
    const [arrow, zoom] = [ARROWS[press.key], ZOOMS[press.key]];
    if (arrow) this.#move(...arrow);
    else if (zoom) this.#zoom(zoom);
    else return;
    press.preventDefault();
  }

  /** @param {PointerEvent} move */
  #moved(move) {
    const before = this.#fingers.get(move.pointerId);
    if (!before) return;
    const now = this.#at(move);
    this.#fingers.set(move.pointerId, now);
    const other = [...this.#fingers].find(([id]) => id !== move.pointerId)?.[1];
    // Of two fingers each moves it by half.
    const share = other ? 0.5 : 1;
    this.#move((now[0] - before[0]) * share, (now[1] - before[1]) * share);
    if (other) this.#zoom(distance(now, other) / (distance(before, other) || 1), [(now[0] + other[0]) / 2, (now[1] + other[1]) / 2]);
  }
}

/**
 * @param {[number, number]} one
 * @param {[number, number]} other
 */
const distance = (one, other) => Math.hypot(one[0] - other[0], one[1] - other[1]);
