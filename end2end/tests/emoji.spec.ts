// The emoji picker: to write one where the caret stands, and to put any on a message.
import { expect, test } from "../support/test.ts";

test("any emoji is found, written and put on a message", async ({ browse, register }) => {
  const [alice, bob] = [await register("Alice"), await register("Bob")];
  await bob.writeTo(alice, "[b1] Shall we?");
  const browser = await browse(alice);
  const { page } = browser;
  await browser.open("/");
  const asked: string[] = [];
  page.on("request", (request) => asked.push(new URL(request.url()).pathname));
  await browser.row("Bob").click();
  await expect(browser.message("[b1]")).toBeVisible();
  expect(asked).not.toContain("/emoji");
  const picker = page.getByRole("dialog", { name: "Emoji", exact: true });
  const find = picker.getByRole("searchbox", { name: "Find emoji" });

  await test.step("written where the caret stands", async () => {
    await browser.composer.fill("ab");
    await browser.composer.press("ArrowLeft");
    await page.getByRole("button", { name: "Emoji", exact: true }).click();
    await expect(find).toBeFocused();
    await picker.getByRole("button", { name: "😀" }).first().click();
    await expect(browser.composer).toHaveValue("a😀b");
    await expect(browser.composer).toBeFocused();
    await page.keyboard.type("!");
    await expect(browser.composer).toHaveValue("a😀!b");
  });

  await test.step("found by its name, by keyboard alone", async () => {
    await page.getByRole("button", { name: "Emoji", exact: true }).press("Enter");
    await find.fill("hedgehog");
    await expect(picker.getByRole("button").filter({ visible: true })).toHaveText(["🦔"]);
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Enter");
    await expect(browser.composer).toHaveValue("a😀!🦔b");
    await browser.composer.press("Enter");
    await expect(browser.message("a😀!🦔b")).toBeVisible();
  });

  await test.step("put on a message", async () => {
    const article = browser.message("[b1]");
    await article.hover();
    await article.getByRole("button", { name: "Message actions" }).click();
    await page.getByRole("menuitem", { name: "React", exact: true }).click();
    await page.getByRole("menuitem", { name: "More emoji", exact: true }).click();
    await find.fill("sloth");
    await picker.getByRole("button", { name: "🦥" }).click();
    await expect(article.getByRole("button", { name: "🦥 1" })).toHaveAttribute("aria-pressed", "true");
    await expect(picker).toBeHidden();
  });

  await test.step("nothing is found, and then all is there again", async () => {
    await page.getByRole("button", { name: "Emoji", exact: true }).click();
    await find.fill("no such thing");
    await expect(picker.getByRole("button").filter({ visible: true })).toHaveCount(0);
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Escape");
    await page.getByRole("button", { name: "Emoji", exact: true }).click();
    await expect(find).toHaveValue("");
    await expect(picker.getByRole("button", { name: "😀" }).first()).toBeVisible();
  });

  await test.step("what is open closes when one goes elsewhere", async () => {
    await page.goBack();
    await expect(picker).toBeHidden();
  });
  expect(asked.filter((path) => path === "/emoji"), "fetched once").toHaveLength(1);
});

test("arrows walk among the emoji, Escape leaves them", async ({ browse, register }) => {
  const alice = await register("Alice");
  const { conversation_id } = await alice.writeTo(alice, "[a1]");
  const browser = await browse(alice);
  const { page } = browser;
  await browser.openConversation(conversation_id);
  await page.getByRole("button", { name: "Emoji", exact: true }).click();
  const signs = page.getByRole("dialog", { name: "Emoji" }).getByRole("button");
  await expect(signs.first()).toBeVisible();
  for (const [key, at] of [["Down", 0], ["Right", 1], ["Down", 9], ["Left", 8], ["Up", 0]] as const) {
    await page.keyboard.press(`Arrow${key}`);
    await expect(signs.nth(at)).toBeFocused();
  }
  await page.keyboard.press("Escape");
  await expect(page.getByRole("dialog", { name: "Emoji" })).toBeHidden();
  await expect(page.getByRole("button", { name: "Emoji", exact: true })).toBeFocused();
});
