// A long history: scrolled to its very first message, nothing jumps and little is held.
import { converse, marks } from "../support/api.ts";
import { prepare, settle, watch } from "../support/scrolling.ts";
import { expect, test } from "../support/test.ts";

const MESSAGES = 1_000;

test("1,000 messages scroll to the first: the one in mid-view stays where it is", async ({ browse, register }) => {
  test.setTimeout(240_000);
  const [alice, bob] = [await register("Alice"), await register("Bob")];
  const conversation = await converse(alice, bob, MESSAGES);
  await alice.markRead(conversation, MESSAGES);
  const history = marks((await alice.history(conversation)).map((message) => message.content));
  expect(history).toHaveLength(MESSAGES);

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
  expect(seen.size, "messages that came by").toBe(MESSAGES);

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

test("one that was left opens at its first unread message, too, however much has come since", async ({ browse, register }) => {
  const [alice, bob, carol] = [await register("Alice"), await register("Bob"), await register("Carol")];
  const conversation = await converse(bob, alice, 60);
  await alice.markRead(conversation, 60);
  await carol.writeTo(alice, "[c1] Hello");
  const browser = await browse(alice);
  await browser.openConversation(conversation);
  await expect(browser.articles.last()).toBeInViewport();
  await browser.row("Carol").click();
  await expect(browser.message("[c1]")).toBeVisible();
  // More than stand in the page at once.
  for (let number = 61; number <= 280; number++) await bob.write(conversation, `[${number}] And another`);
  await expect(browser.unreadRow("Bob", 220)).toBeVisible();
  await browser.row("Bob").click();
  await expect(browser.log.getByText("New", { exact: true })).toBeInViewport();
  await expect(browser.message("[61]")).toBeInViewport();
  await expect(browser.message("[280]")).not.toBeInViewport();
  await expect(browser.page.getByRole("button", { name: /^Jump to latest, \d+ new$/ })).toBeVisible();
});

test("the newest message stays in view while the field grows, shrinks and is filled anew", async ({ browse, register }) => {
  const [alice, bob] = [await register("Alice"), await register("Bob")];
  const conversation = await converse(alice, bob, 30);
  await alice.markRead(conversation, 30);
  const browser = await browse(alice);
  await browser.openConversation(conversation);
  const newest = browser.articles.last();
  await expect(newest).toBeInViewport({ ratio: 1 });
  const lines = (text: string) => Array.from({ length: 10 }, () => text).join("\n");
  // The second fill replaces ten lines by ten others: the height is the same, but not in between.
  for (const text of [lines("one"), lines("other"), "", lines("again")]) {
    await browser.composer.fill(text);
    await expect(newest).toBeInViewport({ ratio: 1 });
    await expect(browser.page.getByRole("button", { name: /^Jump to latest/ })).toBeHidden();
  }
});

test("in a window nearly as high as what the page holds one scrolls to the first message and back", async ({ browse, register }) => {
  const [alice, bob] = [await register("Alice"), await register("Bob")];
  const { conversation_id } = await bob.writeTo(alice, "[1]");
  for (let number = 2; number <= 300; number++) await bob.write(conversation_id, `[${number}]`);
  await alice.markRead(conversation_id, 300);
  const browser = await browse(alice, { viewport: { width: 900, height: 5_200 } });
  await browser.openConversation(conversation_id);
  await expect(browser.message("[300]")).toBeInViewport();
  await browser.log.hover();
  await expect(async () => {
    await browser.page.mouse.wheel(0, -1_000);
    await expect(browser.message("[1]")).toBeInViewport({ timeout: 100 });
  }).toPass();
  await expect(async () => {
    await browser.page.mouse.wheel(0, 1_000);
    await expect(browser.message("[300]")).toBeInViewport({ timeout: 100 });
  }).toPass();
  expect(await browser.articles.count()).toBeLessThanOrEqual(200);
});
