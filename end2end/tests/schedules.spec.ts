// Appointments: made, answered, moved and recalled, between two people in two zones; by keyboard, and without script.
import { violations } from "../support/axe.ts";
import type { Messenger } from "../support/messenger.ts";
import { expect, test } from "../support/test.ts";

/** A card, by its title. */
const card = (browser: Messenger, title: string) => browser.log.getByRole("group", { name: title, exact: true });
const button = (browser: Messenger, title: string, name: string) =>
  card(browser, title).getByRole("button", { name, exact: true });

test("two people in two zones agree on a time, and on another one", async ({ browse, register }) => {
  const [alice, bob] = [await register("Alice"), await register("Bob")];
  const { conversation_id } = await alice.writeTo(bob, "[a1]");
  const hers = await browse(alice, { timezoneId: "Europe/Berlin", locale: "en-GB" });
  const his = await browse(bob, { timezoneId: "Asia/Tokyo", locale: "en-GB" });
  await Promise.all([hers, his].map((browser) => browser.openConversation(conversation_id)));

  await hers.page.getByRole("button", { name: "Attach", exact: true }).click();
  await hers.page.getByRole("menuitem", { name: "Schedule", exact: true }).click();
  const dialog = hers.page.getByRole("dialog", { name: "New schedule", exact: true });
  const title = dialog.getByRole("textbox", { name: "Title", exact: true });
  await expect(title).toBeFocused();
  const create = dialog.getByRole("button", { name: "Create schedule", exact: true });
  await create.click();
  await expect(dialog.getByRole("alert")).toContainText("title");
  await expect(title).toBeFocused();
  await title.fill("Tea");
  // The day on which Berlin's clocks go forward.
  await dialog.getByLabel("Starts", { exact: true }).fill("2126-03-31T10:00");
  await dialog.getByLabel("Ends", { exact: true }).fill("2126-03-31T09:00");
  await create.click();
  await expect(dialog.getByRole("alert")).toContainText("end");
  await dialog.getByLabel("Ends", { exact: true }).fill("2126-03-31T11:30");
  await dialog.getByRole("textbox", { name: "Place", exact: true }).fill("Café Ritter");
  expect(await violations(hers.page)).toEqual([]);
  await create.click();
  await expect(dialog).toHaveCount(0);

  await expect(card(hers, "Tea")).toContainText("Café Ritter");
  await expect(card(hers, "Tea")).toContainText("10:00");
  await expect(card(hers, "Tea")).not.toContainText("Berlin");
  // Told in his zone, and in hers.
  await expect(card(his, "Tea")).toContainText("17:00");
  await expect(card(his, "Tea")).toContainText("10:00");
  await expect(card(his, "Tea")).toContainText("Europe/Berlin");

  await button(his, "Tea", "Yes").focus();
  await his.page.keyboard.press("Enter");
  for (const browser of [hers, his]) await expect(card(browser, "Tea")).toContainText("Yes (1) Bob");
  await expect(button(his, "Tea", "Yes")).toHaveAttribute("aria-pressed", "true");
  await expect(button(hers, "Tea", "Yes")).toHaveAttribute("aria-pressed", "false");
  // Whoever has pressed by keyboard is still there.
  await expect(button(his, "Tea", "Yes")).toBeFocused();
  await button(his, "Tea", "Maybe").click();
  await expect(card(hers, "Tea")).toContainText("Maybe (1) Bob");
  await button(his, "Tea", "Maybe").click();
  await expect(card(hers, "Tea")).not.toContainText("Bob");
  await button(his, "Tea", "No").click();
  await expect(card(hers, "Tea")).toContainText("No (1) Bob");
  await expect(hers.row("Bob")).toContainText("Tea");

  await hers.choose("Café Ritter", "Move");
  const move = hers.page.getByRole("dialog", { name: "Move schedule", exact: true });
  await expect(move.getByRole("textbox", { name: "Title", exact: true })).toHaveValue("Tea");
  await expect(move.getByLabel("Starts", { exact: true })).toHaveValue("2126-03-31T10:00");
  await move.getByLabel("Starts", { exact: true }).fill("2126-03-31T12:15");
  await move.getByRole("button", { name: "Save", exact: true }).click();
  await expect(card(his, "Tea")).toContainText("19:15");
  await expect(card(his, "Tea")).toContainText("No (1) Bob");

  const file = his.page.waitForEvent("download");
  await card(his, "Tea").getByRole("link", { name: "Add to calendar", exact: true }).click();
  expect((await file).suggestedFilename()).toBe("schedule.ics");
  expect(await violations(his.page)).toEqual([]);
  await his.page.reload();
  await expect(card(his, "Tea")).toContainText("19:15");
  await expect(button(his, "Tea", "No")).toHaveAttribute("aria-pressed", "true");

  await hers.choose("Café Ritter", "Recall");
  for (const browser of [hers, his]) await expect(card(browser, "Tea")).toHaveCount(0);
});

test("a calendar's address is made, shown once, and ended", async ({ browse, register }) => {
  const { page } = await browse(await register("Alice"));
  await page.goto("/settings");
  const region = page.getByRole("region", { name: "Calendar address", exact: true });
  await region.getByRole("button", { name: "Make an address", exact: true }).click();
  const address = await region.getByRole("textbox", { name: "Calendar address", exact: true }).inputValue();
  expect((await page.request.get(address)).headers()["content-type"]).toBe("text/calendar; charset=utf-8");
  await page.goto("/settings");
  await expect(region.getByRole("textbox")).toHaveCount(0);
  await region.getByRole("button", { name: "End", exact: true }).click();
  await expect(region.getByRole("status")).toBeVisible();
  expect((await page.request.get(address)).status()).toBe(404);
});

test("where its dialog cannot be had the page says so, and a later press has it", async ({ browse, register }) => {
  const alice = await register("Alice");
  const { conversation_id } = await alice.writeTo(alice, "[a1]");
  await alice.plan(conversation_id, { title: "Tea", starts_at: Date.UTC(2126, 2, 1, 9), zone: "UTC" });
  for (const [entry, name] of [["Schedule", "New schedule"], ["Move", "Move schedule"]] as const) {
    const hers = await browse(alice);
    const { page } = hers;
    const press = async () => {
      if (entry === "Move") return hers.choose("Tea", "Move");
      await page.getByRole("button", { name: "Attach", exact: true }).click();
      await page.getByRole("menuitem", { name: entry, exact: true }).click();
    };
    await hers.openConversation(conversation_id);
    await page.route("**/schedule-form*", (route) => route.abort());
    await press();
    await expect(page.getByRole("alert").filter({ hasText: "This could not be loaded" })).toBeVisible();
    await page.unroute("**/schedule-form*");
    await press();
    await expect(page.getByRole("dialog", { name, exact: true })).toBeVisible();
  }
});

test.describe("without JavaScript", () => {
  test.use({ javaScriptEnabled: false });

  test("someone answers an appointment", async ({ browse, register }) => {
    const [alice, bob] = [await register("Alice"), await register("Bob")];
    const { conversation_id } = await alice.writeTo(bob, "[a1]");
    await alice.plan(conversation_id, { title: "Tea", starts_at: Date.UTC(2126, 2, 1, 9), zone: "Europe/Berlin" });
    const his = await browse(bob);
    await his.page.goto(`/c/${conversation_id}`);
    await expect(card(his, "Tea")).toContainText("10:00 (Europe/Berlin)");
    await button(his, "Tea", "Maybe").click();
    await expect(button(his, "Tea", "Maybe")).toHaveAttribute("aria-pressed", "true");
    await expect(card(his, "Tea")).toContainText("Maybe (1) Bob");
    await button(his, "Tea", "Maybe").click();
    await expect(button(his, "Tea", "Maybe")).toHaveAttribute("aria-pressed", "false");
  });
});
