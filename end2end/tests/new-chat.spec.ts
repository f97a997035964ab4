// The search for people opens at once, finds while one types, and is found again by Back.
import { expect, test } from "../support/test.ts";

test("a new chat opens without a page being loaded, and the search stands again after Back", async ({ browse, register }) => {
  const [me, mei] = [await register("Ada"), await register("Mei")];
  await mei.writeTo(me, "[m1] Hello");
  const browser = await browse(me);
  const { page } = browser;
  await browser.open("/");
  const main = page.getByRole("main");

  await test.step("what stands where nothing was picked is in the middle", async () => {
    const box = await main.getByRole("heading").boundingBox();
    const height = page.viewportSize()?.height ?? 0;
    expect(Math.abs((box?.y ?? 0) - height / 2)).toBeLessThan(height / 5);
  });

  let loads = 0;
  page.on("load", () => (loads += 1));
  const field = page.getByRole("searchbox", { name: "Find people" });
  const found = main.getByRole("link", { name: new RegExp(mei.user.username) });

  await test.step("typing finds and says how many", async () => {
    await page.getByRole("link", { name: "New chat" }).click();
    await expect(field).toBeFocused();
    await field.pressSequentially(mei.user.username);
    await expect(found).toBeVisible();
    await expect(main.getByRole("status")).toHaveText("1 result");
    // The two ways to groups stand beside one another.
    const ways = [main.getByRole("link", { name: "New group" }), main.getByRole("link", { name: "Open groups" })];
    const [one, other] = await Promise.all(ways.map((way) => way.boundingBox()));
    expect(one?.y).toBe(other?.y);
  });

  await test.step("Enter gives it an address, to which Back leads", async () => {
    await field.press("Enter");
    await expect(page).toHaveURL(/\/new\?query=mei/);
    await found.click();
    await expect(browser.composer).toBeVisible();
    await page.goBack();
    await expect(field).toHaveValue(mei.user.username);
    await expect(found).toBeVisible();
  });

  await test.step("Esc leads back to the list", async () => {
    await field.press("Escape");
    await expect(page).toHaveURL(/\/$/);
    expect(loads).toBe(0);
  });
});
