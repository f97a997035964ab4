// Groups in the pages: made, named, and left by someone who is removed; with and without JavaScript.
import type { Messenger } from "../support/messenger.ts";
import { expect, test } from "../support/test.ts";

/** Makes a group by its page, with the person who is found under this name. */
async function makeGroup({ page }: Messenger, name: string, username: string): Promise<void> {
  await page.goto("/new");
  await page.getByRole("link", { name: "New group", exact: true }).click();
  await page.getByRole("textbox", { name: "Group name", exact: true }).fill(name);
  await page.getByRole("searchbox", { name: "Find people", exact: true }).fill(username);
  await page.getByRole("button", { name: "Search", exact: true }).click();
  await page.getByRole("checkbox", { name: new RegExp(username) }).check();
  // What was typed has stayed over the search.
  await expect(page.getByRole("textbox", { name: "Group name", exact: true })).toHaveValue(name);
  await page.getByRole("button", { name: "Create group", exact: true }).click();
  await expect(page).toHaveURL(/\/c\/\d+$/);
  await expect(page.getByRole("heading", { level: 1, name })).toBeVisible();
}

test("a group is made, renamed, and someone is removed, live for both", async ({ browse, register }) => {
  const [alice, bob] = [await register("Alice"), await register("Bob")];
  const [mine, theirs] = [await browse(alice), await browse(bob)];
  await theirs.open("/");
  await makeGroup(mine, "Tea", bob.user.username);
  await expect(theirs.row("Tea")).toBeVisible();
  await mine.connected();
  await mine.send("[a1] Hello");
  await theirs.row("Tea").click();
  await expect(theirs.message("[a1]")).toBeVisible();

  await mine.message("[a1]").hover();
  await mine.message("[a1]").getByRole("button", { name: "Message actions", exact: true }).click();
  await mine.page.getByRole("menuitem", { name: "Info", exact: true }).click();
  await expect(mine.page.getByRole("heading", { level: 1, name: "Message info" })).toBeVisible();
  // The page says how it stood when it was asked for.
  await expect(async () => {
    await mine.page.reload();
    const entry = mine.page.getByRole("listitem").filter({ hasText: "Bob" });
    await expect(entry).toContainText("Read", { timeout: 1_000 });
  }).toPass();
  await mine.page.goBack();

  await mine.page.getByRole("button", { name: "Conversation details", exact: true }).click();
  await expect(mine.page).toHaveURL(/\/info\??$/);
  await mine.page.getByRole("textbox", { name: "Group name", exact: true }).fill("Coffee");
  await mine.page.locator("#name").getByRole("button", { name: "Save", exact: true }).click();
  await expect(theirs.row("Coffee")).toBeVisible();

  await mine.page.getByLabel("Manage Bob").click();
  await mine.page.getByRole("button", { name: "Remove", exact: true }).click();
  await expect(mine.page.locator("#members")).toContainText("1 member");
  await expect(theirs.row("Coffee")).toHaveCount(0);
});

test.describe("without JavaScript", () => {
  test.use({ javaScriptEnabled: false });

  test("a group is made, and left by its member", async ({ browse, register }) => {
    const [alice, bob] = [await register("Alice"), await register("Bob")];
    const [mine, theirs] = [await browse(alice), await browse(bob)];
    await makeGroup(mine, "Tea", bob.user.username);
    await theirs.page.goto("/");
    await theirs.row("Tea").click();
    await theirs.page.getByRole("button", { name: "Conversation details", exact: true }).click();
    await theirs.page.locator("#leave summary").click();
    await theirs.page.getByRole("button", { name: "Leave", exact: true }).click();
    await expect(theirs.page).toHaveURL(/\/$/);
    await expect(theirs.row("Tea")).toHaveCount(0);
    await mine.page.getByRole("button", { name: "Conversation details", exact: true }).click();
    await expect(mine.page.locator("#members")).toContainText("1 member");
  });
});
