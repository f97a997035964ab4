// Measures scrolling inside the page, frame by frame: whether what one reads moves by itself.
import type { Locator } from "@playwright/test";

/** What one turn of the wheel did to the article that stood in the middle of the view. */
export interface Turn {
  /** Pixels by which it moved other than with the wheel, at worst, in any frame. */
  drift: number;
  /** All marks in the page, from top to bottom. */
  texts: string[];
  /** The most articles that the page held at once. */
  most: number;
  /** Nothing is above. */
  atTop: boolean;
}

declare global {
  interface Window {
    /** The measuring that `watch` puts into the page. */
    scrolling: {
      prepare(): number;
      settle(up: number): Promise<Turn>;
    };
  }
}

/** Puts the measuring into the page; to be done once a page. */
export async function watch(log: Locator): Promise<void> {
  await log.evaluate((log) => {
    let scroller: Element = log;
    while (!/auto|scroll/.test(getComputedStyle(scroller).overflowY) && scroller.parentElement) {
      scroller = scroller.parentElement;
    }
    const articles = () => [...log.querySelectorAll<HTMLElement>("article, [role=article]")];
    const mark = (article: HTMLElement) => /\[[\w -]+\]/.exec(article.textContent ?? "")?.[0];
    const frame = () => new Promise((next) => requestAnimationFrame(next));
    const top = (article: HTMLElement) => article.getBoundingClientRect().top;

    let most = 0;
    let changes = 0;
    let anchor: HTMLElement;
    let anchorMark: string | undefined;
    let before = 0;
    new MutationObserver(() => {
      changes += 1;
      most = Math.max(most, articles().length);
    }).observe(log, { childList: true, subtree: true });

    window.scrolling = {
      // Chooses the article in mid-view, and answers how far the wheel may turn without meeting
      // the end, so that every pixel that the article moves is either asked for or a fault.
      prepare() {
        const view = scroller.getBoundingClientRect();
        const middle = view.top + view.height / 2;
        const distance = (article: HTMLElement) => {
          const { top, bottom } = article.getBoundingClientRect();
          return Math.abs((top + bottom) / 2 - middle);
        };
        anchor = articles().reduce((best, article) => (distance(article) < distance(best) ? article : best));
        anchorMark = mark(anchor);
        before = top(anchor);
        changes = 0;
        return Math.floor(Math.min(scroller.scrollTop, view.height * 0.75));
      },
      // Follows the article until it has moved by `up` and the page has been still for a while;
      // at the top of what is loaded that is when older messages have come, or none are left.
      async settle(up) {
        let drift = 0;
        let still = 0;
        let last = NaN;
        const start = performance.now();
        while (still < 6) {
          await frame();
          if (!anchor.isConnected) {
            const again = articles().find((article) => mark(article) === anchorMark);
            if (!again) throw new Error(`${anchorMark} is gone from the page`);
            anchor = again;
          }
          const moved = top(anchor) - before;
          // In between it may be anywhere on its way, but never off it.
          drift = Math.max(drift, -moved, moved - up);
          const waiting = moved < up - 1 || (scroller.scrollTop < 1 && changes === 0 && !isFirst());
          still = moved === last && !waiting ? still + 1 : 0;
          last = moved;
          if (performance.now() - start > 10_000) {
            throw new Error(`not settled after 10 s: moved ${moved} of ${up}, ${scroller.scrollTop} from the top`);
          }
        }
        drift = Math.max(drift, Math.abs(last - up));
        most = Math.max(most, articles().length);
        return {
          drift,
          most,
          texts: articles().map((article) => article.textContent ?? ""),
          atTop: scroller.scrollTop < 1,
        };
      },
    };

    // The first message of all is the one that every test here marks with 1.
    const isFirst = () => articles().some((article) => mark(article) === "[1]");
  });
}

/**
 * Chooses the article in mid-view as the one to follow, and answers how many pixels the wheel may turn
 * up without meeting the end of what is loaded.
 */
export function prepare(log: Locator): Promise<number> {
  return log.evaluate(() => window.scrolling.prepare());
}

/** Follows that article until it has moved down by `up` pixels and the page is still. */
export function settle(log: Locator, up: number): Promise<Turn> {
  return log.evaluate((_log, up) => window.scrolling.settle(up), up);
}
