// A person's page, and the ways to it and from it.
import { violations } from "../support/axe.ts";
import { expect, test } from "../support/test.ts";

for (const javaScriptEnabled of [true, false]) {
  test(`a conversation's details are its person, ${javaScriptEnabled ? "with" : "without"} script`, async ({ browse, register }) => {
    const [alice, bob] = [await register("Alice"), await register("Bob Baker")];
    const browser = await browse(alice, { javaScriptEnabled });
    const { page } = browser;
    await page.goto(`/new/${bob.user.id}`);
    await page.getByRole("button", { name: "Conversation details" }).click();
    await expect(page).toHaveURL(new RegExp(`/u/${bob.user.id}`));
    await expect(page.getByRole("heading", { level: 1, name: "Bob Baker" })).toBeVisible();
    await expect(page.getByText(`@${bob.user.username}`)).toBeVisible();
    await expect(page.getByText(/^Member since \w+ 20\d\d$/)).toBeVisible();
    // Nothing was said yet; then there is a conversation.
    await expect(page.getByRole("link", { name: "Message" })).toHaveAttribute("href", `/new/${bob.user.id}`);
    const { conversation_id } = await bob.writeTo(alice, "[b1] Hello");
    await page.reload();
    await page.getByRole("link", { name: "Message" }).click();
    await expect(page).toHaveURL(new RegExp(`/c/${conversation_id}$`));
    await expect(browser.message("[b1]")).toBeVisible();
  });
}

test("nobody's page says so, and one's own leads to the settings", async ({ browse, register }) => {
  const alice = await register("Alice");
  const { page } = await browse(alice);
  const answer = await page.goto("/u/1");
  expect(answer?.status()).toBe(404);
  await expect(page.getByRole("heading", { name: "Nobody here" })).toBeVisible();
  await expect(page).toHaveTitle("Nobody here · Kith");
  await page.goto(`/u/${alice.user.id}`);
  await page.getByRole("link", { name: "Edit your profile" }).click();
  await expect(page.getByRole("heading", { name: "Settings" })).toBeVisible();
});

test("axe finds nothing on a profile", async ({ browse, register }) => {
  const [alice, bob] = [await register("Alice"), await register("نور الهاشمي")];
  for (const viewport of [{ width: 1280, height: 800 }, { width: 390, height: 844 }]) {
    const browser = await browse(alice, { viewport });
    for (const path of [`/u/${bob.user.id}`, `/u/${alice.user.id}`, "/u/1"]) {
      await browser.open(path);
      expect(await violations(browser.page)).toEqual([]);
    }
  }
});
