// WebAssembly that comes late: the page is readable and usable before, and nothing moves when it comes.
import type { Page } from "@playwright/test";
import { converse, marks } from "../support/api.ts";
import { expect, test } from "../support/test.ts";

/** Lets the WebAssembly through only when the promise is kept; answers once it has been asked for. */
async function holdBack(page: Page, until: Promise<unknown>): Promise<{ asked: Promise<void> }> {
  let ask = () => {};
  const asked = new Promise<void>((resolve) => (ask = resolve));
  await page.route(/\.wasm(\?|$)/, async (route) => {
    ask();
    await until;
    await route.continue();
  });
  return { asked };
}

/** Adds up all layout shifts from the page's first paint on. */
async function watchShifts(page: Page): Promise<void> {
  await page.addInitScript(() => {
    const watched = window as Window & { shifts?: string[] };
    watched.shifts = [];
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries() as (PerformanceEntry & ShiftEntry)[]) {
        const nodes = entry.sources.map(({ node, previousRect: was, currentRect: is }) =>
          `${(node as Element | null)?.outerHTML ?? node?.textContent} from ${JSON.stringify(was)} to ${JSON.stringify(is)}`).join(", ");
        watched.shifts?.push(`${entry.value.toFixed(4)}${entry.hadRecentInput ? " after input" : ""}: ${nodes}`);
      }
    }).observe({ type: "layout-shift", buffered: true });
    interface ShiftEntry {
      value: number;
      hadRecentInput: boolean;
      sources: { node: Node | null; previousRect: DOMRect; currentRect: DOMRect }[];
    }
  });
}

test("what is typed and scrolled in the three seconds before WebAssembly stands", async ({ browse, register }) => {
  const [alice, bob] = [await register("Alice"), await register("Bob")];
  const conversation = await converse(alice, bob, 60);
  await alice.markRead(conversation, 60);
  const browser = await browse(alice);
  const { page } = browser;
  await watchShifts(page);
  const threeSeconds = new Promise((resolve) => setTimeout(resolve, 3_000));
  let release = () => {};
  const typed = new Promise<void>((resolve) => (release = resolve));
  const wasm = await holdBack(page, Promise.all([threeSeconds, typed]));
  // The load event waits for nothing that hydration needs, but the test must not wait for it either.
  await page.goto(`/c/${conversation}`, { waitUntil: "commit" });

  const newest = (await alice.history(conversation)).at(-1)!.content;
  await expect(browser.message(marks([newest])[0]!)).toBeInViewport();
  await browser.composer.click();
  await browser.composer.pressSequentially("Typed before it was alive");
  for (let times = 0; times < 6; times++) await page.keyboard.press("ArrowLeft");
  const state = () =>
    page.evaluate(() => {
      const field = document.activeElement as HTMLTextAreaElement;
      let scroller: Element | null = document.querySelector("[role=log]");
      while (scroller && !/auto|scroll/.test(getComputedStyle(scroller).overflowY)) scroller = scroller.parentElement;
      const top = document.querySelector("[role=log]")!.querySelector("article, [role=article]")!.getBoundingClientRect().top;
      return { text: field.value, caret: field.selectionStart, scroll: scroller!.scrollTop, top };
    });
  await browser.log.hover();
  const unscrolled = await state();
  await page.mouse.wheel(0, -300);
  await expect.poll(async () => (await state()).scroll).toBe(unscrolled.scroll - 300);
  const before = await state();
  expect(before).toMatchObject({ text: "Typed before it was alive", caret: "Typed before it was alive".length - 6 });
  await expect(browser.connection, "hydration must not have happened yet").not.toHaveText("Connected");

  await wasm.asked;
  release();
  await browser.connected();
  expect(await stable(state)).toEqual(before);
  expect(await page.evaluate(() => (window as Window & { shifts?: string[] }).shifts)).toEqual([]);

  await page.keyboard.press("End");
  await page.keyboard.type(", sent after");
  await page.keyboard.press("Enter");
  await expect(browser.message("Typed before it was alive, sent after")).toHaveCount(1);
  await expect.poll(async () => (await bob.history(conversation)).at(-1)?.content)
    .toBe("Typed before it was alive, sent after");
});

test("Send works before WebAssembly has come", async ({ browse, register }) => {
  const [alice, bob] = [await register("Alice"), await register("Bob")];
  const { conversation_id } = await bob.writeTo(alice, "[b1] In a hurry?");
  const browser = await browse(alice);
  let release = () => {};
  const wasm = await holdBack(browser.page, new Promise<void>((resolve) => (release = resolve)));
  await browser.page.goto(`/c/${conversation_id}`, { waitUntil: "commit" });
  await browser.composer.fill("[a1] Very much");
  await wasm.asked;
  await browser.sendButton.click();
  await expect(browser.message("[a1]")).toHaveCount(1);
  release();
  await browser.connected();
  expect(await browser.marks()).toEqual(["[b1]", "[a1]"]);
  expect(marks((await bob.history(conversation_id)).map(({ content }) => content))).toEqual(["[b1]", "[a1]"]);
});

test("who is looked for before WebAssembly has come is found when it comes", async ({ browse, register }) => {
  const [alice, bob] = [await register("Alice"), await register("Bob")];
  const browser = await browse(alice);
  const { page } = browser;
  let release = () => {};
  const wasm = await holdBack(page, new Promise<void>((resolve) => (release = resolve)));
  await page.goto("/new", { waitUntil: "commit" });
  const field = page.getByRole("searchbox", { name: "Find people" });
  await field.pressSequentially(bob.user.username);
  await wasm.asked;
  release();
  await browser.connected();
  const found = page.getByRole("list", { name: "People" }).getByRole("link");
  await expect(found).toHaveCount(1);
  await expect(found).toContainText(`@${bob.user.username}`);
  await expect(field).toHaveValue(bob.user.username);
  await expect(field).toBeFocused();
});

/** The value once two readings, a frame apart, agree. */
async function stable<T>(read: () => Promise<T>): Promise<T> {
  let last = await read();
  await expect
    .poll(async () => {
      const now = await read();
      const same = JSON.stringify(now) === JSON.stringify(last);
      last = now;
      return same;
    })
    .toBe(true);
  return last;
}
