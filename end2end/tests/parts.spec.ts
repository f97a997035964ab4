// What is loaded when it is first used: through a failed download, and through an upgrade of the server.
import type { Page } from "@playwright/test";
import { Person } from "../support/api.ts";
import { Kith } from "../support/server.ts";
import { expect, test } from "../support/test.ts";

const PART = "**/parts/emoji-picker.js*";

const elementsOf = (page: Page) => ({
  button: page.getByRole("button", { name: "Emoji", exact: true }),
  picker: page.getByRole("dialog", { name: "Emoji", exact: true }),
  unavailable: page.getByRole("alertdialog", { name: "This could not be loaded", exact: true }),
  updated: page.getByRole("alertdialog", { name: "Kith was updated", exact: true }),
});

test("a part that cannot be loaded says so, and is there when it is asked for again", async ({ browse, register }) => {
  const alice = await register("Alice");
  const { conversation_id } = await alice.writeTo(alice, "[a1]");
  const browser = await browse(alice);
  const { page } = browser;
  const { button, picker, unavailable } = elementsOf(page);
  const asked: string[] = [];
  page.on("request", (request) => asked.push(new URL(request.url()).pathname));
  await browser.openConversation(conversation_id);
  const parts = () => asked.filter((path) => path.includes("/parts/"));
  expect(parts(), "before it is used").toEqual([]);
  await browser.composer.fill("Half");

  await test.step("its code does not come", async () => {
    await page.route(PART, (route) => route.abort());
    await button.click();
    await expect(unavailable).toContainText("Check the connection");
    await expect(picker).toBeHidden();
    await expect(unavailable.getByRole("button", { name: "Try again" })).toBeFocused();
  });

  await test.step("what its code needs does not come", async () => {
    await page.unroute(PART);
    await page.route("**/emoji", (route) => route.fulfill({ status: 503 }));
    await page.keyboard.press("Enter");
    await expect(unavailable).toBeVisible();
  });

  await test.step("it comes, and does what it was opened for", async () => {
    await page.unroute("**/emoji");
    await unavailable.getByRole("button", { name: "Try again" }).click();
    await expect(unavailable).toBeHidden();
    await picker.getByRole("button", { name: "😀" }).first().click();
    await expect(browser.composer).toHaveValue("Half😀");
  });

  await test.step("once it is there it is not loaded again", async () => {
    const before = parts().length;
    await button.click();
    await expect(picker.getByRole("button", { name: "😀" }).first()).toBeVisible();
    expect(parts()).toHaveLength(before);
  });
});

test("who closes what is still being loaded is told nothing", async ({ browse, register }) => {
  const alice = await register("Alice");
  const { conversation_id } = await alice.writeTo(alice, "[a1]");
  const browser = await browse(alice);
  const { page } = browser;
  const { button, picker, unavailable } = elementsOf(page);
  await browser.openConversation(conversation_id);
  let release = () => {};
  const held = new Promise<void>((go) => (release = go));
  await page.route(PART, async (route) => {
    await held;
    await route.abort();
  });
  // Its code, and what has become of it.
  let left = 2;
  const failed = page.waitForEvent("requestfailed", () => --left === 0);
  await button.click();
  await expect(picker).toBeVisible();
  await page.keyboard.press("Escape");
  release();
  await failed;
  await page.unroute(PART);
  await button.click();
  await expect(picker.getByRole("button", { name: "😀" }).first()).toBeVisible();
  await expect(unavailable).toBeHidden();
});

test("after an upgrade of the server a part of the page before leads to a new page, and drafts are kept", async ({ browse, engine }) => {
  const kith = await Kith.start(engine);
  const alice = await Person.register(kith.url, "Alice");
  const { conversation_id } = await alice.writeTo(alice, "[a1]");
  const browser = await browse(alice, { baseURL: kith.url });
  const { page } = browser;
  const { button, picker, updated } = elementsOf(page);
  await browser.openConversation(conversation_id);
  const script = () => page.locator("link[rel=modulepreload]").getAttribute("href");
  const before = await script();
  await browser.composer.fill("Half a thought");

  await kith.upgrade("pkg/parts/emoji-picker.js");
  await browser.send("[a2] Sent by the page before");
  await expect(browser.state("[a2]", "Sent").or(browser.state("[a2]", "Read"))).toBeVisible();
  await browser.composer.fill("Half a thought");
  await button.click();
  await expect(updated).toContainText("What you have written is kept.");
  await expect(picker).toBeHidden();
  await updated.getByRole("button", { name: "Reload" }).click();

  await expect(browser.composer).toHaveValue("Half a thought");
  await browser.connected();
  await expect.poll(script).not.toBe(before);
  await button.click();
  await picker.getByRole("button", { name: "😀" }).first().click();
  await expect(browser.composer).toHaveValue("Half a thought😀");
  await kith.dispose();
});
