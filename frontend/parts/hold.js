// A press on a button that is held: whether it has slid off, and how it ends.
// @ts-check

/** A pointer that is so far from where the button was has slid off, in CSS pixels. */
const OFF_PX = 90;
/** What is shorter was a tap, in milliseconds. */
export const TAP_MS = 500;

/** How a press ends: at once, on the button after a while, or elsewhere. @typedef {"tap" | "release" | "off"} Ending */

export class Hold {
  isOver = false;
  /** Hears whether the pointer has slid off. @type {(isOff: boolean) => void} */
  slid = () => {};

  /** @param {HTMLElement} button that is pressed now */
  constructor(button) {
    const { left, top, width, height } = button.getBoundingClientRect();
    const [x, y, began] = [left + width / 2, top + height / 2, performance.now()];
    let isOff = false;
    const listening = new AbortController();
    const options = { signal: listening.signal, capture: true };
    /** @type {Promise<Ending>} */
    this.ended = new Promise((done) => {
      /** @param {Ending} ending */
      const end = (ending) => {
        this.isOver = true;
        listening.abort();
        done(ending);
      };
      // What was pressed may be hidden meanwhile: heard by the window, wherever the pointer is.
      addEventListener("pointermove", ({ clientX, clientY }) => {
        isOff = Math.hypot(clientX - x, clientY - y) > OFF_PX;
        this.slid(isOff);
      }, options);
      addEventListener("pointerup", () => {
        if (isOff) end("off");
        else end(performance.now() - began < TAP_MS ? "tap" : "release");
      }, options);
      // The system has taken the pointer: nothing is lost by it.
      addEventListener("pointercancel", () => end("tap"), options);
      // A menu of the system, for a long press.
      addEventListener("contextmenu", (menu) => menu.preventDefault(), options);
    });
  }
}
