// What is told to those who do not see it, and what is told at all.
import { expect, test } from "../support/test.ts";

test("results of a search are announced, by a region of their own", async ({ browse, register }) => {
  const [alice, bob, bobby] = [await register("Alice"), await register("Bob Quill"), await register("Quillan")];
  await bob.writeTo(alice, "[b1] Hello");
  const browser = await browse(alice);
  const { page, chats } = browser;

  await test.step("in the filter: chats, and people without one", async () => {
    await browser.open("/");
    const status = chats.getByRole("status");
    await expect(status).toHaveText("");
    await page.getByRole("searchbox", { name: "Filter chats" }).fill("bob quill");
    await expect(status).toHaveText(/^[1-9]\d* results?$/);
    await page.getByRole("searchbox", { name: "Filter chats" }).fill("nobody at all");
    await expect(status).toHaveText("0 results");
    await page.getByRole("searchbox", { name: "Filter chats" }).fill("");
    await expect(status).toHaveText("");
  });

  await test.step("where one finds people", async () => {
    await browser.open("/new");
    const status = page.getByRole("main").getByRole("status");
    await page.getByRole("searchbox", { name: "Find people" }).fill(bobby.user.username);
    await expect(status).toHaveText("1 result");
    await page.getByRole("searchbox", { name: "Find people" }).fill(`${bobby.user.username}.nobody`);
    await expect(status).toHaveText("0 results");
  });

  await test.step("and new messages by theirs, as before", async () => {
    await expect(page.locator("[aria-live=polite]")).toHaveCount(1);
    await expect(page.locator("[aria-live=polite]")).toHaveText("");
  });
});

test("a NUL in a message is named as what is wrong with it", async ({ browse, register }) => {
  const [alice, bob] = [await register("Alice"), await register("Bob")];
  const { conversation_id } = await alice.writeTo(bob, "[a1] Hello");
  const browser = await browse(alice);
  const { page, composer } = browser;
  await browser.openConversation(conversation_id);
  const put = (text: string) => composer.evaluate((field, text) => {
    (field as HTMLTextAreaElement).value = text;
    field.dispatchEvent(new InputEvent("input", { bubbles: true }));
  }, text);

  await test.step("when it is sent", async () => {
    await put("a\0b");
    await composer.press("Enter");
    await expect(page.getByRole("alert")).toHaveText("A message cannot hold the character NUL (U+0000).");
    await expect(composer).toHaveValue("a\0b");
  });

  await test.step("a length that is wrong is told as before", async () => {
    await put("x".repeat(5_001));
    await composer.press("Enter");
    await expect(page.getByRole("alert")).toHaveText("A message has 1 to 5,000 characters.");
  });

  await test.step("when a message is edited", async () => {
    await put("");
    await browser.choose("[a1]", "Edit");
    await put("[a1]\0");
    await composer.press("Enter");
    await expect(page.getByRole("alert")).toHaveText("A message cannot hold the character NUL (U+0000).");
  });
});

test("the list is never wider than its column, whatever the font", async ({ browse, register }) => {
  const [alice, bob] = [await register("Alice"), await register("Donaudampfschifffahrtsgesellschaftskapitän")];
  await bob.writeTo(alice, "[b1] Hello, this is a message of some length that does not fit into a row of the list");
  for (const width of [900, 1000, 1280]) {
    const browser = await browse(alice, { viewport: { width, height: 800 } });
    const { page } = browser;
    await browser.open("/");
    for (const style of [
      "font-family: monospace", "letter-spacing: 0.4em", "font-size: 24px", "font-family: serif; word-spacing: 1em",
    ]) {
      await page.evaluate((style) => {
        const sheet = new CSSStyleSheet();
        sheet.replaceSync(`* { ${style.replace(/;|$/g, " !important;")} }`);
        document.adoptedStyleSheets = [sheet];
      }, style);
      const out = await browser.chats.evaluate((nav) => {
        const edge = nav.getBoundingClientRect().right + 0.5;
        const within = [...nav.querySelectorAll<HTMLElement>(".head, .search, .rows, .row, .head > *, .search > *")];
        return within
          .filter((element) => element.checkVisibility() && element.getBoundingClientRect().right > edge)
          .map((element) => `${element.className || element.tagName}: ${element.getBoundingClientRect().right} > ${edge}`);
      });
      expect(out, `${width} px, ${style}`).toEqual([]);
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
    }
  }
});
