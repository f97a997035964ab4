// Reminders: set from a message's menu, told on every device, listed until they are deleted.
import { type Page } from "@playwright/test";
import { violations } from "../support/axe.ts";
import { expect, test } from "../support/test.ts";

const place = (id: number, seq: number) => `/api/v1/conversations/${id}/messages/${seq}/reminder`;
const list = (page: Page, name: string) => page.getByRole("list", { name, exact: true });
const told = (page: Page) => page.locator("#told-now .reminder");

test("a reminder is set by keyboard, told on two devices, and leads to the message", async ({ browse, kith, register }) => {
  const [alice, bob] = [await register("Alice"), await register("Bob")];
  const { conversation_id } = await bob.writeTo(alice, "[b1] Tea at *four*");
  const [desk, phone] = [await browse(alice), await browse(alice, { viewport: { width: 390, height: 844 } })];
  const { page } = desk;
  await phone.open("/");
  await desk.openConversation(conversation_id);
  await desk.message("[b1]").getByRole("button", { name: "Message actions", exact: true }).focus();
  await page.keyboard.press("Enter");
  const item = page.getByRole("menuitem", { name: "Remind me", exact: true });
  await expect(item).toBeVisible();
  await item.focus();
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { level: 1, name: "Remind me", exact: true })).toBeVisible();
  await page.getByLabel("Day", { exact: true }).fill("2099-07-03");
  await page.getByLabel("Time", { exact: true }).fill("10:30");
  await page.getByRole("button", { name: "Set reminder", exact: true }).press("Enter");
  await expect(page.getByRole("status").filter({ hasText: "You will be reminded" })).toContainText("3 July 2099, 10:30");
  const [reminder] = (await alice.send<{ items: { at: number }[] }>("GET", "/api/v1/reminders")).items;
  const zone = await page.evaluate(() => new Date("2099-07-03T10:30").getTime());
  expect(reminder?.at, "in the reader's zone").toBe(zone);

  await page.getByRole("link", { name: "All reminders" }).click();
  await expect(list(page, "Upcoming").getByRole("link")).toHaveText(/Bob.*\[b1\] Tea at four/);
  await desk.open("/");
  // Its time comes.
  await kith.execute(`UPDATE reminder SET remind_at = 1 WHERE conversation_id = ${conversation_id}`);
  for (const device of [desk, phone]) {
    await expect(told(device.page)).toHaveCount(1);
    await expect(told(device.page)).toContainText("Bob: [b1] Tea at four");
    expect(await violations(device.page)).toEqual([]);
  }
  await phone.page.getByRole("button", { name: "Close", exact: true }).click();
  await expect(told(phone.page)).toHaveCount(0);
  await told(page).getByRole("link").click();
  await expect(desk.message("[b1]")).toBeInViewport();
  await expect(told(page)).toHaveCount(0);

  // It stays due in the list, for whoever comes back as well.
  await page.reload();
  await desk.connected();
  await page.getByRole("link", { name: "Reminders are due" }).click();
  await expect(list(page, "Reminders").getByRole("link")).toHaveCount(1);
  expect(await violations(page)).toEqual([]);
  await list(page, "Reminders").getByRole("button", { name: "Delete", exact: true }).click();
  await expect(page.getByText("Nothing to be reminded of.")).toBeVisible();
  await expect(page.getByRole("link", { name: "Reminders are due" })).toHaveCount(0);
});

test("what came due while the socket was away is told when it is back", async ({ browse, kith, network, register }) => {
  const [alice, bob] = [await register("Alice"), await register("Bob")];
  const { conversation_id, seq } = await bob.writeTo(alice, "[b1] Tea");
  const browser = await browse(alice, { baseURL: network.url });
  await browser.open("/");
  const at = Date.now() + 3_000;
  await alice.send("PUT", place(conversation_id, seq), { at });
  network.cut();
  await browser.disconnected();
  await expect(async () => {
    const { items } = await alice.send<{ items: { due: boolean }[] }>("GET", "/api/v1/reminders");
    expect(items[0]?.due).toBe(true);
  }).toPass();
  await kith.execute("UPDATE reminder SET state = 3, owner = 0 WHERE remind_at < 9000000000000 AND state < 3");
  network.mend();
  await browser.connected();
  await expect(told(browser.page)).toHaveCount(1);
});

test("without JavaScript a reminder is set and deleted", async ({ browse, register }) => {
  const [alice, bob] = [await register("Alice"), await register("Bob")];
  const { conversation_id, seq } = await bob.writeTo(alice, "[b1] Tea at four");
  const { page } = await browse(alice, { javaScriptEnabled: false });
  await page.goto(`/c/${conversation_id}/remind?m=${seq}`);
  await page.getByRole("button", { name: /^Tomorrow morning/ }).click();
  await expect(page.getByText("You will be reminded: Tomorrow, 09:00.")).toBeVisible();
  await page.getByRole("link", { name: "All reminders" }).click();
  await list(page, "Upcoming").getByRole("link").click();
  await expect(page).toHaveURL(new RegExp(`/c/${conversation_id}\\?m=${seq}$`));
  await page.goto("/reminders");
  await page.getByRole("button", { name: "Delete", exact: true }).click();
  await expect(page.getByText("Nothing to be reminded of.")).toBeVisible();
});

test("the account menu leads to the reminders", async ({ browse, register }) => {
  const browser = await browse(await register("Alice"));
  await browser.open("/");
  await browser.page.getByRole("button", { name: "Account", exact: true }).click();
  await browser.page.getByRole("menuitem", { name: "Reminders", exact: true }).click();
  await expect(browser.page.getByRole("heading", { level: 1, name: "Reminders", exact: true })).toBeVisible();
});
