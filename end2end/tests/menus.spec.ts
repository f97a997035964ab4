// Menus and what is seen of them: by mouse, by finger, by keyboard, and when what they are about goes.
import { expect, test } from "../support/test.ts";

const phone = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };

test("a second press on its button closes what the first has opened", async ({ browse, register }) => {
  const [alice, bob, carol] = [await register("Alice"), await register("Bob"), await register("Carol")];
  const { conversation_id } = await bob.writeTo(alice, "[b1] Hello");
  await bob.write(conversation_id, "[b2] Again");
  await carol.writeTo(alice, "[c1] Hello");
  const browser = await browse(alice);
  const { page } = browser;
  await browser.openConversation(conversation_id);
  const actions = (text: string) => browser.message(text).getByRole("button", { name: "Message actions" });
  const rows = browser.chats.getByRole("listitem");
  const chat = (name: string) => rows.filter({ hasText: name }).getByRole("button", { name: "Chat actions" });
  for (const [button, other, opened] of [
    [actions("[b1]"), actions("[b2]"), page.getByRole("menu", { name: "Message actions" })],
    [chat("Bob"), chat("Carol"), page.getByRole("menu", { name: "Chat actions" })],
    [page.getByRole("button", { name: "Emoji", exact: true }), null, page.getByRole("dialog", { name: "Emoji", exact: true })],
    [page.getByRole("button", { name: "Account" }), null, page.getByRole("menu", { name: "Account" })],
    [page.getByRole("button", { name: "Jump to date" }), null, page.locator("#to-date")],
  ] as const) {
    for (let times = 0; times < 2; times++) {
      await button.hover();
      await button.click();
      await expect(opened).toBeVisible();
      await button.click();
      await expect(opened).toBeHidden();
    }
    await button.focus();
    await page.keyboard.press("Enter");
    await expect(opened).toBeVisible();
    await page.keyboard.press("Escape");
    await expect(opened).toBeHidden();
    await expect(button).toBeFocused();
    if (!other) continue;
    // Another's button opens it there.
    await button.click();
    const before = (await opened.boundingBox())!;
    await other.click();
    await expect(opened).toBeVisible();
    await expect.poll(async () => (await opened.boundingBox())!.y).not.toBe(before.y);
    await other.click();
    await expect(opened).toBeHidden();
  }
});

test("a message's menu begins with six reactions, and has icons beside its entries", async ({ browse, register }) => {
  const [alice, bob] = [await register("Alice"), await register("Bob")];
  const { conversation_id } = await bob.writeTo(alice, "[b1] Hello");
  const browser = await browse(alice);
  const { page } = browser;
  await browser.openConversation(conversation_id);
  const article = browser.message("[b1]");
  const menu = page.getByRole("menu", { name: "Message actions" });
  const items = menu.locator("[role^=menuitem]").filter({ visible: true });
  const laughing = menu.getByRole("menuitemcheckbox", { name: "😂" });

  await test.step("one press puts one there", async () => {
    await article.hover();
    await article.getByRole("button", { name: "Message actions" }).click();
    await expect(items).toHaveText(["👍", "❤️", "😂", "😮", "😢", "🎉", "Reply", "React", "Forward", "Remind me", "Copy"]);
    const tops = await items.evaluateAll((all) => all.map((item) => item.getBoundingClientRect().top));
    expect(new Set(tops.slice(0, 6)).size, "side by side").toBe(1);
    await expect(items.filter({ has: page.locator("svg") })).toHaveText(["Reply", "React", "Forward", "Remind me", "Copy"]);
    await expect(laughing).not.toBeChecked();
    await laughing.click();
    await expect(menu).toBeHidden();
    await expect(article.getByRole("button", { name: "😂 1" })).toHaveAttribute("aria-pressed", "true");
  });

  await test.step("and takes it away again, by keyboard", async () => {
    await article.getByRole("button", { name: "Message actions" }).press("Enter");
    await expect(items.nth(6)).toBeFocused();
    await expect(laughing).toBeChecked();
    for (const [key, at] of [["Up", 0], ["Right", 1], ["Right", 2], ["Down", 6], ["Down", 7], ["Up", 6], ["Up", 0], ["Up", 10], ["Down", 0]] as const) {
      await page.keyboard.press(`Arrow${key}`);
      await expect(items.nth(at)).toBeFocused();
    }
    await page.keyboard.press("ArrowRight");
    await page.keyboard.press("ArrowRight");
    await page.keyboard.press("Enter");
    await expect(article.getByRole("button", { name: /😂/ })).toHaveCount(0);
  });
});

test("on a touch screen no button stands beside a message but with the focus", async ({ browse, register }) => {
  const [alice, bob] = [await register("Alice"), await register("Bob")];
  const { conversation_id } = await bob.writeTo(alice, "[b1] Hello");
  const browser = await browse(alice, phone);
  const { page } = browser;
  await browser.openConversation(conversation_id);
  const article = browser.message("[b1]");
  const button = article.getByRole("button", { name: "Message actions" });
  const sign = button.locator(".icon");
  await expect(sign).toHaveCSS("visibility", "hidden");

  await test.step("a long press opens the menu", async () => {
    await article.dispatchEvent("contextmenu", { pointerType: "touch" });
    await article.evaluate((element) => element.dispatchEvent(
      new PointerEvent("contextmenu", { bubbles: true, cancelable: true, pointerType: "touch" })));
    await expect(page.getByRole("menuitem", { name: "Reply" })).toBeVisible();
    await page.keyboard.press("Escape");
  });

  await test.step("so does the button that comes with the focus", async () => {
    await browser.log.focus();
    await page.keyboard.press("Tab");
    await expect(button).toBeFocused();
    await expect(sign).toHaveCSS("visibility", "visible");
    await page.keyboard.press("Enter");
    await expect(page.getByRole("menuitem", { name: "Reply" })).toBeVisible();
  });
});

test("who recalls a message takes nobody's focus along", async ({ browse, register }) => {
  const [alice, bob] = [await register("Alice"), await register("Bob")];
  const id = await alice.makeGroup("Tea", [bob]);
  const { seq: first } = await bob.write(id, "[b1] One");
  const { seq: second } = await bob.write(id, "[b2] Two");
  const browser = await browse(alice);
  const { page } = browser;
  await browser.openConversation(id);
  const recalled = (seq: number) => page.locator(`#m-${seq}`);

  await test.step("the message has it that had its button", async () => {
    await browser.log.focus();
    await page.keyboard.press("Tab");
    await expect(browser.message("[b1]").getByRole("button", { name: "Message actions" })).toBeFocused();
    await bob.recall(id, first);
    await expect(recalled(first)).toContainText("Message recalled");
    await expect(recalled(first)).toBeFocused();
    await page.keyboard.press("Tab");
    await expect(browser.message("[b2]").getByRole("button", { name: "Message actions" })).toBeFocused();
  });

  await test.step("nor is it lost when its menu was open", async () => {
    await page.keyboard.press("Enter");
    await expect(page.getByRole("menuitem", { name: "Reply" })).toBeVisible();
    await bob.recall(id, second);
    await expect(recalled(second)).toContainText("Message recalled");
    await page.keyboard.press("Escape");
    await expect(page.getByRole("menuitem", { name: "Reply" })).toBeHidden();
    await expect.poll(() => page.evaluate(() => document.activeElement?.tagName)).not.toBe("BODY");
    await expect(page).toHaveURL(new RegExp(`/c/${id}$`));
  });
});
