// A long history: scrolled to its very first message, nothing jumps and little is held.
import type { Locator } from "@playwright/test";
import { converse, marks } from "../support/api.ts";
import { expect, test } from "../support/test.ts";

const COUNT = 1_000;

/** What one turn of the wheel did to the article that stood in the middle of the view. */
interface Turn {
  /** Pixels by which it moved other than with the wheel, at worst, in any frame. */
  drift: number;
  /** All marks in the page, from top to bottom. */
  texts: string[];
  /** The most articles that the page held at once. */
  most: number;
  /** Nothing is above. */
  atTop: boolean;
}

test("1,000 messages scroll to the first: the one in mid-view stays where it is", async ({ browse, register }) => {
  test.setTimeout(240_000);
  const [alice, bob] = [await register("Alice"), await register("Bob")];
  const conversation = await converse(alice, bob, COUNT);
  await alice.markRead(conversation, COUNT);
  const history = marks((await alice.history(conversation)).map((message) => message.content));
  expect(history).toHaveLength(COUNT);

  const browser = await browse(alice);
  await browser.openConversation(conversation);
  await expect(browser.message(history.at(-1)!)).toBeInViewport();
  await watch(browser.log);
  await browser.log.hover();

  const seen = new Set<string>();
  let worst = 0;
  let most = 0;
  const first = browser.message(history[0]!);
  for (let turns = 0; ; turns++) {
    expect(turns, "turns of the wheel to the first message").toBeLessThan(2_000);
    const up = await prepare(browser.log);
    if (up > 0) await browser.page.mouse.wheel(0, -up);
    const turn = await settle(browser.log, up);
    worst = Math.max(worst, turn.drift);
    most = Math.max(most, turn.most);
    expect(worst, "pixels that the article in mid-view moved by itself").toBeLessThanOrEqual(1);
    expect(most, "articles in the page").toBeLessThanOrEqual(200);
    const shown = marks(turn.texts);
    for (const mark of shown) seen.add(mark);
    const start = history.indexOf(shown[0]!);
    expect(shown, "a piece of the history, in order").toEqual(history.slice(start, start + shown.length));
    if (turn.atTop && shown[0] === history[0]) break;
  }
  await expect(first).toBeInViewport();
  expect(seen.size, "messages that came by").toBe(COUNT);

  await test.step("and back to the latest", async () => {
    await browser.page.getByRole("button", { name: /^Jump to latest/ }).click();
    await expect(browser.message(history.at(-1)!)).toBeInViewport();
    await expect(browser.page.getByRole("button", { name: /^Jump to latest/ })).toHaveCount(0);
  });
});

test("a message that arrives while one reads further up moves nothing", async ({ browse, register }) => {
  const [alice, bob] = [await register("Alice"), await register("Bob")];
  const conversation = await converse(alice, bob, 60);
  await alice.markRead(conversation, 60);
  const browser = await browse(alice);
  await browser.openConversation(conversation);
  await watch(browser.log);
  await browser.log.hover();
  const up = await prepare(browser.log);
  await browser.page.mouse.wheel(0, -up);
  await settle(browser.log, up);

  await prepare(browser.log);
  await bob.write(conversation, "[new] Something has happened");
  await expect(browser.page.getByRole("button", { name: /^Jump to latest.*1/ })).toBeVisible();
  expect((await settle(browser.log, 0)).drift).toBeLessThanOrEqual(1);
  await expect(browser.message("[new]")).not.toBeInViewport();
  await browser.page.getByRole("button", { name: /^Jump to latest/ }).click();
  await expect(browser.message("[new]")).toBeInViewport();
});

test("a conversation opens at the first unread message, under a divider", async ({ browse, register }) => {
  const [alice, bob] = [await register("Alice"), await register("Bob")];
  const { conversation_id: conversation } = await bob.writeTo(alice, "[1] The first of many");
  for (let number = 2; number <= 120; number++) await bob.write(conversation, `[${number}] And another`);
  await alice.markRead(conversation, 60);
  const browser = await browse(alice);
  await browser.openConversation(conversation);
  await expect(browser.message("[61]")).toBeInViewport();
  await expect(browser.log.getByText("New", { exact: true })).toBeInViewport();
  await expect(browser.message("[120]")).not.toBeInViewport();
});

declare global {
  interface Window {
    /** The measuring that `watch` puts into the page. */
    scrolling: {
      prepare(): number;
      settle(up: number): Promise<Turn>;
    };
  }
}

/** Puts the measuring into the page. */
async function watch(log: Locator): Promise<void> {
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

function prepare(log: Locator): Promise<number> {
  return log.evaluate(() => window.scrolling.prepare());
}

function settle(log: Locator, up: number): Promise<Turn> {
  return log.evaluate((_log, up) => window.scrolling.settle(up), up);
}
