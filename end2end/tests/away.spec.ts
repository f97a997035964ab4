// A device that was away for long: beyond one page of messages and of changes, nothing is missing.
import { converse, type Message, type Person } from "../support/api.ts";
import type { Messenger } from "../support/messenger.ts";
import { prepare, settle, watch } from "../support/scrolling.ts";
import { expect, test } from "../support/test.ts";

/** Messages that were there before, and that are written meanwhile. */
const [BEFORE, MEANWHILE] = [60, 250];

/** Does something for each of these, several at a time. */
async function forEach<T>(items: T[], act: (item: T) => Promise<unknown>): Promise<void> {
  const left = [...items];
  const work = async () => {
    for (let item = left.shift(); item !== undefined; item = left.shift()) await act(item);
  };
  await Promise.all(Array.from({ length: 8 }, work));
}

/** Edits all that was there, puts a reaction on each, and recalls a third: so many changes. */
async function change(history: Message[], conversation: number, people: Person[], reader: Person): Promise<number> {
  const writer = (message: Message) => people.find(({ user }) => user.id === message.sender.id)!;
  await forEach(history, async (message) => {
    await writer(message).edit(conversation, message.seq, `${message.content} Or not.`);
    await reader.react(conversation, message.seq, "👍");
  });
  const recalled = history.filter(({ seq }) => seq % 3 === 2);
  await forEach(recalled, (message) => writer(message).recall(conversation, message.seq));
  return 2 * history.length + recalled.length;
}

/** What the page shows from its end up to the very first message: the texts of the articles, by mark. */
async function readAll(browser: Messenger): Promise<Map<string, string>> {
  const texts = new Map<string, string>();
  await watch(browser.log);
  await browser.log.hover();
  for (let atFirst = false; !atFirst; ) {
    const up = await prepare(browser.log);
    if (up > 0) await browser.page.mouse.wheel(0, -up);
    const turn = await settle(browser.log, up);
    for (const text of turn.texts) texts.set(/\[\d+\]/.exec(text)?.[0] ?? text, text);
    atFirst = turn.atTop && turn.texts.some((text) => text.includes("[1]"));
  }
  return texts;
}

for (const place of ["open", "left for another"]) {
  test(`a conversation that was ${place} is caught up beyond a page, in messages and changes`, async ({ browse, network, register }) => {
    test.setTimeout(180_000);
    const [alice, bob, carol] = [await register("Alice"), await register("Bob"), await register("Carol")];
    const conversation = await converse(bob, alice, BEFORE);
    const { conversation_id: another } = await carol.writeTo(alice, "[c1] Hello");
    await alice.markRead(conversation, BEFORE);
    const browser = await browse(alice, { baseURL: network.url });
    await browser.openConversation(conversation);
    await expect(browser.articles.first()).toBeAttached();
    if (place !== "open") {
      await browser.row("Carol").click();
      await expect(browser.message("[c1]")).toBeVisible();
    }

    network.cut();
    await browser.disconnected();
    const history = await bob.history(conversation);
    const changed = await change(history, conversation, [alice, bob], bob);
    expect(changed).toBeGreaterThan(100);
    const numbers = Array.from({ length: MEANWHILE }, (_, index) => BEFORE + index + 1);
    for (const number of numbers.slice(0, 5)) await bob.write(conversation, `[${number}] Meanwhile`);
    await forEach(numbers.slice(5), (number) => bob.write(conversation, `[${number}] Meanwhile`));
    await carol.write(another, "[c2] Anyone there?");
    network.mend();
    await browser.connected();

    await expect(browser.row("Carol")).toContainText("[c2]");
    if (place !== "open") await browser.row("Bob").click();
    const stored = await bob.history(conversation);
    await expect(async () => {
      await browser.log.press("End");
      await expect(browser.message(stored.at(-1)!.content)).toBeInViewport({ timeout: 500 });
    }).toPass();
    const shown = await readAll(browser);
    const kept = stored.filter(({ recalled }) => !recalled);
    for (const { content } of kept) {
      const text = shown.get(/\[\d+\]/.exec(content)![0]);
      expect(text, content).toContain(content.slice(0, 40));
      if (content.endsWith("Or not.")) expect(text).toMatch(/Or not\..*edited.*👍 1/s);
    }
    for (const { seq } of stored.filter(({ recalled }) => recalled)) {
      await expect.soft(browser.page.locator(`#m-${seq}`)).toContainText("Message recalled");
    }
    expect(kept).toHaveLength(stored.length - BEFORE / 3);
    expect([...shown.keys()].filter((mark) => mark.startsWith("["))).toHaveLength(kept.length);
  });
}
