// Notices of the operator: on open pages at once, on others as they come, until they are dismissed.
import { violations } from "../support/axe.ts";
import { expect, test } from "../support/test.ts";

test("a notice comes to open pages, and goes when it is dismissed", async ({ browse, kith, register }) => {
  const [alice, bob] = [await register("Alice"), await register("Bob")];
  const { conversation_id } = await bob.writeTo(alice, "[b1] Tea");
  const [desk, phone] = [await browse(alice), await browse(alice, { viewport: { width: 390, height: 844 } })];
  const notice = (browser: typeof desk) => browser.page.getByRole("region", { name: "Notice", exact: true });
  await desk.openConversation(conversation_id);
  await phone.open("/");
  await desk.composer.fill("half a sentence");
  await kith.notice("Kith is away from six to seven <b>", "--to", alice.user.username);
  for (const browser of [desk, phone]) {
    await expect(notice(browser)).toContainText("Kith is away from six to seven <b>");
    expect(await violations(browser.page)).toEqual([]);
  }
  // Nothing of the page is lost, and the focus is somewhere.
  const dismiss = notice(desk).getByRole("button", { name: "Dismiss", exact: true });
  await dismiss.focus();
  await desk.page.keyboard.press("Enter");
  await expect(notice(desk)).toHaveCount(0);
  await expect(desk.composer).toHaveValue("half a sentence");
  await expect(desk.page.locator(":focus")).not.toHaveCount(0);
  await phone.page.reload();
  await phone.connected();
  await expect(notice(phone)).toHaveCount(0);
});

test("without JavaScript a notice stands on the page until it is dismissed", async ({ browse, kith, register }) => {
  const alice = await register("Alice");
  await kith.notice("Back at six", "--to", alice.user.username);
  const { page } = await browse(alice, { javaScriptEnabled: false });
  const notice = page.getByRole("region", { name: "Notice", exact: true });
  await page.goto("/contacts");
  await expect(notice).toContainText("Back at six");
  await page.goto("/settings");
  await notice.getByRole("button", { name: "Dismiss", exact: true }).click();
  await expect(page).toHaveURL(/\/settings$/);
  await expect(notice).toHaveCount(0);
});
