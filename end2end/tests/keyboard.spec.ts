// Everything by keyboard: from the sign-in form to a conversation and back.
import type { Locator, Page } from "@playwright/test";
import { expect, test } from "../support/test.ts";

/** Goes on with Tab until the element has the focus, which is seen at every stop. */
async function tabTo(page: Page, target: Locator): Promise<void> {
  for (let stops = 0; stops < 40; stops++) {
    await page.keyboard.press("Tab");
    if (await target.evaluate((element) => element === document.activeElement)) {
      const shown = await target.evaluate((element) => {
        const marked = (style: CSSStyleDeclaration) =>
          (style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0) || style.boxShadow !== "none";
        // A field may show its focus on the box around it.
        for (let at: Element | null = element; at && at !== document.body; at = at.parentElement) {
          if (marked(getComputedStyle(at)) && at.matches(":focus, :focus-within")) return true;
        }
        return false;
      });
      expect(shown, "the focus is visible").toBe(true);
      return;
    }
  }
  throw new Error(`Tab does not reach ${target}`);
}

test("a person without a mouse logs in, finds a chat, writes and leaves", async ({ browse, register }) => {
  const [alice, bob, carol] = [await register("Alice"), await register("Bob"), await register("Carol")];
  await carol.writeTo(alice, "[c1] Hello from Carol");
  const { conversation_id } = await bob.writeTo(alice, "[b1] Hello from Bob");
  const browser = await browse(null);
  const { page } = browser;

  await test.step("log in", async () => {
    await page.goto("/login");
    await tabTo(page, page.getByRole("textbox", { name: "Username" }));
    await page.keyboard.type(alice.user.username);
    await tabTo(page, page.getByLabel("Password"));
    await page.keyboard.type(alice.password);
    await page.keyboard.press("Enter");
    await browser.connected();
  });

  await test.step("Ctrl+K finds a chat", async () => {
    await page.keyboard.press("Control+k");
    await expect(page.getByRole("searchbox", { name: "Filter chats" })).toBeFocused();
    await page.keyboard.type("bo");
    await expect(browser.row("Carol")).toHaveCount(0);
    await tabTo(page, browser.row("Bob"));
    await page.keyboard.press("Enter");
    await expect(page).toHaveURL(new RegExp(`/c/${conversation_id}`));
    await expect(browser.message("[b1]")).toBeVisible();
  });

  await test.step("Enter sends, Shift+Enter breaks the line", async () => {
    if (!(await browser.composer.evaluate((field) => field === document.activeElement))) {
      await tabTo(page, browser.composer);
    }
    await page.keyboard.type("[a1] First line");
    await page.keyboard.press("Shift+Enter");
    await page.keyboard.type("second line");
    await page.keyboard.press("Enter");
    await expect(browser.message("[a1]")).toContainText("second line");
    await expect(browser.composer).toBeFocused();
    await expect.poll(async () => (await bob.history(conversation_id)).at(-1)?.content)
      .toBe("[a1] First line\nsecond line");
  });

  await test.step("Alt and arrows go from chat to chat, Escape goes back", async () => {
    await page.keyboard.press("Control+k");
    await page.keyboard.press("Control+a");
    await page.keyboard.press("Delete");
    await expect(browser.row("Carol")).toBeVisible();
    await page.keyboard.press("Alt+ArrowDown");
    await expect(browser.message("[c1]")).toBeVisible();
    await page.keyboard.press("Alt+ArrowUp");
    await expect(browser.message("[b1]")).toBeVisible();
    await page.keyboard.press("Escape");
    await expect(page).toHaveURL(/\/$/);
  });

  await test.step("log out", async () => {
    await tabTo(page, page.getByRole("button", { name: "Account" }));
    await page.keyboard.press("Enter");
    await expect(page.getByRole("menuitem", { name: "Settings" })).toBeFocused();
    await tabTo(page, page.getByRole("menuitem", { name: "Log out" }));
    await page.keyboard.press("Enter");
    await expect(page).toHaveURL(/\/login/);
  });
});
