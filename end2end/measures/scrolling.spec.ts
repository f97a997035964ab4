// Whether 100,000 messages scroll as smoothly as 100: frame times side by side, the order rotated.
import type { Person } from "../support/api.ts";
import type { Messenger } from "../support/messenger.ts";
import { fill } from "../support/seeding.ts";
import { type Frames, scroll } from "./frames.ts";
import { expect, print, quantile, rounds, median, test } from "./measure.ts";

const [SHORT, LONG, ROUNDS] = [100, 100_000, 5];
/** Pixels a second: a wheel that is turned quickly. */
const SPEED = 4_000;
/** Pixels in each direction. */
const DISTANCE = 40_000;

test("frame times while scrolling", async ({ browse, kith, register }) => {
  const [alice, bob, carol] = [await register("Alice"), await register("Bob"), await register("Carol")];
  const converse = async (other: Person, count: number) => {
    const { conversation_id } = await other.writeTo(alice, "[1] The first of all");
    await fill(kith, conversation_id, [alice, other], count);
    return conversation_id;
  };
  const [short, long] = [await converse(bob, SHORT), await converse(carol, LONG)];
  // As far in both directions, however high the conversation is.
  const there = [DISTANCE, -DISTANCE];
  const back = Array.from({ length: 12 }, (_, turn) => (DISTANCE / 6) * (turn % 2 ? -1 : 1));
  const ways: [string, string, number[]][] = [
    [`${SHORT}`, `/c/${short}`, back],
    [`${LONG}, from its end`, `/c/${long}`, there],
    [`${LONG}, from its middle`, `/c/${long}?m=${LONG / 2}`, there],
  ];

  const browser = await browse(alice);
  const measured: Frames[][] = ways.map(() => []);
  for (let round = 0; round < ROUNDS; round++) {
    for (let turn = 0; turn < ways.length; turn++) {
      const way = (turn + round) % ways.length;
      const [, path, distances] = ways[way]!;
      await browser.open(path);
      const frames = await scroll(browser.page, browser.log, distances, SPEED);
      expect(frames.articles, "articles in the page").toBeLessThanOrEqual(200);
      measured[way]!.push(frames);
    }
  }

  const p95 = (way: number) => measured[way]!.map(({ times }) => quantile(times, 0.95));
  print(`Frame times in ms, medians of ${ROUNDS} rounds with their range`, [
    ["messages", "p50", "p95", "worst", "missed of 100", "work a frame", "frames", "articles", "positions shown"],
    ...ways.map(([name], way) => {
      const all = measured[way]!;
      return [
        name,
        rounds(all.map(({ times }) => median(times))),
        rounds(p95(way)),
        rounds(all.map(({ times }) => Math.max(...times))),
        rounds(all.map(({ missed }) => missed)),
        rounds(all.map(({ work }) => work)),
        rounds(all.map(({ times }) => times.length), 0),
        `${Math.max(...all.map(({ articles }) => articles))}`,
        `${Math.min(...all.map(({ lowest }) => lowest))}–${Math.max(...all.map(({ highest }) => highest))}`,
      ];
    }),
  ]);
  for (const way of [1, 2]) {
    console.log(`  p95 against ${SHORT} messages: ${(median(p95(way)) / median(p95(0))).toFixed(2)} × (${ways[way]![0]}; at most 1.2)`);
  }
});

test("the time of a jump", async ({ browse, kith, register }) => {
  const [alice, bob] = [await register("Alice"), await register("Bob")];
  const { conversation_id } = await bob.writeTo(alice, "[1] The first of all");
  await fill(kith, conversation_id, [alice, bob], LONG);
  const far = [1, LONG / 10, LONG / 2, LONG - 5_000];
  for (const seq of far) await bob.answer(conversation_id, seq, `to ${seq}`);
  const browser = await browse(alice);
  const table = [["to", "ms from the press until it is in view"]];
  for (const seq of far) {
    await browser.openConversation(conversation_id);
    const times: number[] = [];
    for (let round = 0; round < 5; round++) {
      times.push(await jump(browser, seq));
      await browser.page.getByRole("button", { name: /^Jump to latest/ }).click();
      await expect(browser.articles.last()).toContainText(`to ${far.at(-1)}`);
    }
    table.push([`${seq}`, rounds(times, 0)]);
  }
  print(`Jumps within ${LONG} messages, medians with their range`, table);
});

/** Presses the quote of a message far above, and waits until that stands in view. */
async function jump(browser: Messenger, seq: number): Promise<number> {
  const quote = browser.log.locator(`a.quote[href$="?m=${seq}"]`);
  await quote.scrollIntoViewIfNeeded();
  return quote.evaluate((quote: HTMLElement, id) => {
    const start = performance.now();
    quote.click();
    return new Promise<number>((done) => {
      const look = () => {
        const place = document.getElementById(id)?.getBoundingClientRect();
        const inView = place && place.bottom > 0 && place.top < innerHeight;
        if (inView) done(performance.now() - start);
        else requestAnimationFrame(look);
      };
      look();
    });
  }, `m-${seq}`);
}
