// How long 10,000 messages that waited take to come in, and whether one can write meanwhile.
import type { Person } from "../support/api.ts";
import { marks } from "../support/api.ts";
import type { Messenger } from "../support/messenger.ts";
import { Proxy } from "../support/proxy.ts";
import { strangersWrite } from "../support/seeding.ts";
import { expect, median, print, quantile, test } from "./measure.ts";

const [CONVERSATIONS, EACH] = [50, 200];
const ALL = CONVERSATIONS * EACH;

/** What came of one time. */
interface Arrival {
  /** Milliseconds until the chat list was right, until the server knew that the device has everything. */
  list: number;
  everything: number;
  /** Milliseconds until what was written meanwhile was acknowledged. */
  acks: number[];
}

declare global {
  interface Window {
    /** Of the message that is on its way: how long its mark took. */
    acknowledged: Promise<number>;
  }
}

test("10,000 waiting messages", async ({ browse, kith, register }) => {
  const table = [["how it comes back", "list right", "all in", "sent meanwhile", "ack p50", "ack worst"]];
  const show = (name: string, { list, everything, acks }: Arrival) =>
    table.push([name, ms(list), ms(everything), `${acks.length}`, ms(median(acks)), ms(quantile(acks, 1))]);
  let first = 1;
  const stranded = async (seed: (person: Person, friend: Person) => Promise<Arrival>) => {
    const [person, friend] = [await register("Alice"), await register("Friend")];
    const arrival = await seed(person, friend);
    first += CONVERSATIONS;
    return arrival;
  };

  for (let round = 1; round <= 3; round++) {
    show(`a new page, ${round}`, await stranded(async (person, friend) => {
      const { conversation_id } = await friend.writeTo(person, "[1] Write to me");
      await strangersWrite(kith, person, first, CONVERSATIONS, EACH);
      const browser = await browse(person);
      const start = performance.now();
      await browser.page.goto(`/c/${conversation_id}`);
      return arrive(browser, person, start, async () => browse(person));
    }));
    show(`a page that was cut off, ${round}`, await stranded(async (person, friend) => {
      const { conversation_id } = await friend.writeTo(person, "[1] Write to me");
      const network = await Proxy.start(kith.port);
      const browser = await browse(person, { baseURL: network.url });
      await browser.openConversation(conversation_id);
      network.cut();
      await browser.disconnected();
      await strangersWrite(kith, person, first, CONVERSATIONS, EACH);
      const start = performance.now();
      network.mend();
      // The user comes back to it, so that it does not wait for its next try.
      await browser.page.evaluate(() => window.dispatchEvent(new Event("online")));
      const arrival = await arrive(browser, person, start, async () => browse(person));
      await browser.page.close();
      await network.stop();
      return arrival;
    }));
  }
  print(`${ALL} messages in ${CONVERSATIONS} conversations, in ms (an ack within 200)`, table);

  async function arrive(browser: Messenger, person: Person, start: number, another: () => Promise<Messenger>): Promise<Arrival> {
    const acks: number[] = [];
    const [list, everything, , second] = await Promise.all([
      listRight(browser).then(() => performance.now() - start),
      delivered(person, ALL).then(() => performance.now() - start),
      writeOn(browser, person, acks),
      delivered(person, ALL / 4).then(another).then(async (device) => {
        await device.open("/");
        return device;
      }),
    ]);
    await listRight(second);
    // Each another, for what the one has read, the other opens further down.
    await readOne(browser, first + 6);
    await readOne(second, first + 7);
    return { list, everything, acks };
  }
});

const ms = (value: number) => value.toFixed(0);

/** Waits until a device of this person holds so many messages of strangers. */
async function delivered(person: Person, count: number): Promise<void> {
  const held = async () => {
    const waiting = (await person.heads()).filter(({ last_seq }) => last_seq === EACH);
    return waiting.reduce((sum, { delivered_seq }) => sum + delivered_seq, 0);
  };
  await expect.poll(held, { intervals: [20], timeout: 120_000 }).toBeGreaterThanOrEqual(count);
}

/** Waits until the page has a row of every stranger, each with what is unread. */
async function listRight(browser: Messenger): Promise<void> {
  const rows = browser.chats.getByRole("list").getByRole("link", { name: new RegExp(`^Stranger \\d+\\..*, ${EACH} unread$`) });
  await expect(rows).toHaveCount(CONVERSATIONS, { timeout: 120_000 });
}

/** Writes as long as not everything is in, one message after the other. */
async function writeOn(browser: Messenger, person: Person, acks: number[]): Promise<void> {
  let done = false;
  const all = delivered(person, ALL).then(() => (done = true));
  await browser.connected();
  for (let number = 1; !done; number++) acks.push(await ack(browser, `[a${number}] Meanwhile`));
  await all;
}

/** Sends a text; answers how long its mark `Sent` took, from the moment at which the key was pressed. */
async function ack(browser: Messenger, text: string): Promise<number> {
  await browser.composer.fill(text);
  await browser.log.evaluate((log, text) => {
    let pressed = 0;
    const listen = (key: KeyboardEvent) => (pressed = key.timeStamp);
    document.addEventListener("keydown", listen, { capture: true, once: true });
    window.acknowledged = new Promise((done) => {
      const watch = new MutationObserver(() => {
        const article = [...log.querySelectorAll("article")].findLast(({ textContent }) => textContent?.includes(text));
        if (!article?.querySelector('[role=img][aria-label="Sent"]')) return;
        watch.disconnect();
        done(performance.now() - pressed);
      });
      watch.observe(log, { childList: true, subtree: true, attributes: true });
    });
  }, text);
  await browser.composer.press("Enter");
  return browser.page.evaluate(() => window.acknowledged);
}

/** Opens a conversation and reads down to its end: everything is there, in order. */
async function readOne(browser: Messenger, number: number): Promise<void> {
  await browser.row(`Stranger ${number}.`).click();
  await expect(browser.message("[1]").first()).toBeVisible();
  const expected = Array.from({ length: EACH }, (_, index) => `[${index + 1}]`);
  const seen = new Set<string>();
  await browser.log.hover();
  await expect(async () => {
    await browser.page.mouse.wheel(0, 2_000);
    const shown = marks(await browser.articles.allTextContents());
    for (const mark of shown) seen.add(mark);
    const start = expected.indexOf(shown[0]!);
    expect(shown).toEqual(expected.slice(start, start + shown.length));
    expect([...seen]).toEqual(expected);
  }).toPass({ intervals: [50], timeout: 60_000 });
}
