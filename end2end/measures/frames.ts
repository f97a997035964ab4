// Measures a page's frames while it is scrolled by the wheel.
import type { CDPSession, Locator, Page } from "@playwright/test";

/** What came of scrolling for a while. */
export interface Frames {
  /** Milliseconds from what the page does for each frame to what it does for the next. */
  times: number[];
  /** Of a hundred frames of the display, how many passed without one of the page's. */
  missed: number;
  /** Milliseconds of work in the page's thread, on the average of these frames. */
  work: number;
  /** The most articles that stood in the page at once. */
  articles: number;
  /** The lowest and the highest number in brackets that an article had. */
  lowest: number;
  highest: number;
}

declare global {
  interface Window {
    /** Ends the measuring that `begin` put into the page. */
    endFrames(): Omit<Frames, "work">;
  }
}

/** Turns the wheel over the log by these distances in pixels, upwards where they are above 0. */
export async function scroll(page: Page, log: Locator, distances: number[], speed: number): Promise<Frames> {
  const cdp = await page.context().newCDPSession(page);
  await cdp.send("Performance.enable");
  const { x, y, width, height } = (await log.boundingBox())!;
  await begin(log);
  const before = await work(cdp);
  for (const yDistance of distances) {
    await cdp.send("Input.synthesizeScrollGesture", {
      x: x + width / 2,
      y: y + height / 2,
      yDistance,
      speed,
      gestureSourceType: "mouse",
      preventFling: true,
    });
  }
  const after = await work(cdp);
  const frames = await page.evaluate(() => window.endFrames());
  await cdp.detach();
  return { ...frames, work: (1_000 * (after - before)) / frames.times.length };
}

/** Seconds that the page's thread has been at work. */
async function work(cdp: CDPSession): Promise<number> {
  const { metrics } = await cdp.send("Performance.getMetrics");
  return metrics.find(({ name }) => name === "TaskDuration")!.value;
}

async function begin(log: Locator): Promise<void> {
  await log.evaluate((log) => {
    const shown = log.getElementsByTagName("article");
    const mark = (article?: Element) => Number(/\[(\d+)\]/.exec(article?.textContent ?? "")?.[1]);
    const [times, began]: [number[], number[]] = [[], []];
    let [articles, lowest, highest] = [0, Infinity, 0];
    let last = performance.now();
    let going = true;
    const frame = (beginning: number) => {
      const now = performance.now();
      began.push(beginning);
      times.push(now - last);
      last = now;
      articles = Math.max(articles, shown.length);
      lowest = Math.min(lowest, mark(shown[0]) || Infinity);
      highest = Math.max(highest, mark(shown[shown.length - 1]) || 0);
      if (going) requestAnimationFrame(frame);
    };
    requestAnimationFrame(frame);
    window.endFrames = () => {
      going = false;
      const intervals = began.slice(1).map((at, index) => at - began[index]!).sort((a, b) => a - b);
      // Most frames follow one another, so this is how often the display asks for one.
      const display = intervals[Math.floor(intervals.length / 4)]!;
      const passed = intervals.reduce((sum, interval) => sum + Math.round(interval / display), 0);
      const missed = (100 * (passed - intervals.length)) / passed;
      return { times: times.slice(1), missed, articles, lowest, highest };
    };
  });
}
