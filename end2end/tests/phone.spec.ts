// On a phone: the list alone, the conversation alone, and a way back.
import type { Page } from "@playwright/test";
import { expect, test } from "../support/test.ts";

const phone = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };

/** Everything that one can press is 44 px wide and high; but for links in a text. */
async function fingersFit(page: Page): Promise<void> {
  const small = await page.evaluate(() =>
    [...document.querySelectorAll<HTMLElement>("a, button, input, textarea, [role=button]")]
      .filter((element) => element.checkVisibility({ visibilityProperty: true }) && !element.closest(".text"))
      .map((element) => ({ element, box: (element.closest("label") ?? element).getBoundingClientRect() }))
      .filter(({ box }) => box.width > 0 && Math.min(box.width, box.height) < 44)
      .map(({ element, box }) => `${element.outerHTML.slice(0, 80)}: ${box.width} × ${box.height}`));
  expect(small, "a finger's width").toEqual([]);
}

test("a phone shows the list or the conversation, and nothing sticks out", async ({ browse, register }) => {
  const [alice, bob] = [await register("Alice"), await register("Bob")];
  const { conversation_id } = await bob.writeTo(alice, `[b1] ${"Donaudampfschifffahrtsgesellschaft".repeat(8)}`);
  await bob.write(conversation_id, "[b2] شكراً، أراك غداً في الصباح");
  const browser = await browse(alice, phone);
  const { page } = browser;
  const fits = () => page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth);

  await browser.open("/");
  await expect(browser.chats).toBeVisible();
  await expect(browser.composer).toHaveCount(0);
  expect(await fits()).toBe(true);

  await browser.row("Bob").tap();
  await expect(browser.message("[b1]")).toBeVisible();
  await expect(browser.composer).toBeInViewport();
  await expect(browser.chats).toBeHidden();
  expect(await fits()).toBe(true);

  await browser.composer.fill("[a1] From the tram");
  await browser.sendButton.tap();
  await expect(browser.message("[a1]")).toBeInViewport();
  await fingersFit(page);

  await page.getByRole("link", { name: "Back" }).tap();
  await fingersFit(page);
  await expect(browser.row("Bob")).toBeVisible();
  await expect(browser.row("Bob")).toContainText("From the tram");
  await expect(browser.composer).toBeHidden();
});
