// Where one is: the tab says it, and Back and Forward lead there.
import { expect, test } from "../support/test.ts";

test("the tab's name is the same before and after hydration, with the number of unread", async ({ browse, register }) => {
  const [alice, bob, carol] = [await register("Alice"), await register("Bob"), await register("Carol")];
  await bob.writeTo(alice, "[b1] One");
  const { conversation_id } = await bob.writeTo(alice, "[b2] Two");
  const browser = await browse(alice);
  const titles = {
    "/": "(2) Kith",
    "/new": "(2) New chat · Kith",
    [`/new/${carol.user.id}`]: "(2) Carol · Kith",
    [`/new/${alice.user.id}`]: "(2) Notes · Kith",
    "/c/999999": "(2) Nothing here · Kith",
    "/nowhere": "(2) Nothing here · Kith",
    [`/c/${conversation_id}`]: "(2) Bob · Kith",
  };
  for (const [path, title] of Object.entries(titles)) {
    await test.step(path, async () => {
      const html = await (await browser.page.request.get(path)).text();
      expect(/<title>(.*?)<\/title>/.exec(html)?.[1]).toBe(title);
      // What it is at first, at hydration and from then on, until the messages are read.
      await browser.page.addInitScript(() => {
        const seen = new Set<string>();
        (window as Window & { titles?: Set<string> }).titles = seen;
        new MutationObserver(() => seen.add(document.title)).observe(document, { childList: true, subtree: true, characterData: true });
      });
      await browser.open(path);
      const seen = () => browser.page.evaluate(() => [...(window as Window & { titles?: Set<string> }).titles!]);
      const known = (await seen()).filter((name) => name !== "");
      expect(known.filter((name) => name.replace("(2) ", "") !== title.replace("(2) ", ""))).toEqual([]);
      expect(known).toContain(title);
    });
  }
  await expect(browser.page).toHaveTitle("Bob · Kith");
  await expect.poll(async () => (await alice.conversation(conversation_id)).unread).toBe(0);
  await browser.page.goto("/");
  await expect(browser.page).toHaveTitle("Kith");
  await bob.write(conversation_id, "[b3] Three");
  await expect(browser.page).toHaveTitle("(1) Kith");
});

test("Back leads to a person whom the page does not know yet", async ({ browse, register }) => {
  const [alice, bob, carol] = [await register("Alice"), await register("Bob"), await register("Carol")];
  await bob.writeTo(alice, "[b1] Hello");
  const browser = await browse(alice);
  const { page } = browser;
  await browser.open("/new");
  await page.getByRole("searchbox", { name: "Find people" }).fill(carol.user.username);
  await page.getByRole("list", { name: "People" }).getByRole("link").click();
  await expect(page.getByRole("heading", { level: 1, name: "Carol" })).toBeVisible();
  await browser.row("Bob").click();
  await expect(browser.message("[b1]")).toBeVisible();
  // From here on the page knows nothing of what it was before.
  await page.reload();
  await browser.connected();
  await page.evaluate(() => ((window as Window & { same?: boolean }).same = true));
  await page.goBack();
  await expect(page).toHaveURL(`/new/${carol.user.id}`);
  await expect(page.getByRole("heading", { level: 1, name: "Carol" })).toBeVisible();
  await expect(page).toHaveTitle("Carol · Kith");
  expect(await page.evaluate(() => (window as Window & { same?: boolean }).same)).toBe(true);
  await browser.send("[a1] Hello Carol");
  await expect(browser.message("[a1]")).toHaveCount(1);
  await expect.poll(async () => (await carol.conversations()).length).toBe(1);
});
