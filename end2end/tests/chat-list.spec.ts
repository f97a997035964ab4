// What one does with chats in the list: pin, mute, archive, mark, delete; and finding anyone from there.
import type { Locator } from "@playwright/test";
import type { Messenger } from "../support/messenger.ts";
import { expect, test } from "../support/test.ts";

/** The entry of the chat list that holds a chat's link and its button. */
function entry(browser: Messenger, name: string): Locator {
  return browser.chats.getByRole("listitem").filter({ hasText: name });
}

async function choose(browser: Messenger, name: string, ...items: string[]): Promise<void> {
  const chat = entry(browser, name);
  await chat.hover();
  await chat.getByRole("button", { name: "Chat actions", exact: true }).click();
  for (const item of items) {
    await browser.page.getByRole("menuitem", { name: item, exact: true }).click();
  }
}

const names = (browser: Messenger) => browser.chats.getByRole("list").first().getByRole("link");

test("chats are pinned, muted, marked, archived and deleted, in every tab", async ({ browse, register }) => {
  const alice = await register("Alice");
  const [bob, carol, dave] = [await register("Bob"), await register("Carol"), await register("Dave")];
  const { conversation_id } = await bob.writeTo(alice, "[b1] First");
  await carol.writeTo(alice, "[c1] Second");
  await dave.writeTo(alice, "[d1] Third");
  const [first, second] = [await browse(alice), await browse(alice)];
  await first.open("/");
  await second.open("/");
  await first.chats.getByRole("searchbox").hover();

  await test.step("pinned, a chat stands on top", async () => {
    await expect(names(first)).toContainText(["Dave", "Carol", "Bob"]);
    await choose(first, "Bob", "Pin");
    await expect(first.row("Bob")).toHaveAccessibleName(/pinned/);
    for (const browser of [first, second]) {
      await browser.chats.getByRole("searchbox").hover();
      await expect(names(browser)).toContainText(["Bob", "Dave", "Carol"]);
    }
  });

  await test.step("muted for a day, and no more", async () => {
    await choose(first, "Bob", "Mute…", "Mute for a day");
    await expect(second.row("Bob")).toHaveAccessibleName(/muted/);
    const { muted_until } = (await alice.conversation(conversation_id)) as unknown as { muted_until: number };
    expect(muted_until).toBeGreaterThan(Date.now() + 23 * 3_600_000);
    await choose(second, "Bob", "Unmute");
    await expect(first.row("Bob")).not.toHaveAccessibleName(/muted/);
  });

  await test.step("marked as read and as unread", async () => {
    await expect(second.unreadRow("Bob", 1)).toBeVisible();
    await choose(first, "Bob", "Mark as read");
    await expect(second.unreadRow("Bob", 1)).toHaveCount(0);
    await expect.poll(async () => (await alice.conversation(conversation_id)).read_seq).toBe(1);
    await choose(second, "Bob", "Mark as unread");
    await expect(first.row("Bob")).toHaveAccessibleName(/marked unread/);
    await first.row("Bob").click();
    await expect(second.row("Bob")).not.toHaveAccessibleName(/marked unread/);
  });

  await test.step("archived, a chat lies aside until something is said", async () => {
    await choose(first, "Carol", "Archive");
    await expect(second.row("Carol")).toHaveCount(0);
    await first.chats.getByRole("link", { name: "Archived chats" }).click();
    await expect(names(first)).toContainText(["Carol"]);
    // The conversation beside the list stays.
    await expect(first.message("[b1]")).toBeVisible();
    await choose(first, "Carol", "Unarchive");
    await expect(first.chats.getByText("No archived chats.")).toBeVisible();
    await first.chats.getByRole("link", { name: "All chats" }).click();
    await expect(first.row("Carol")).toBeVisible();
    await choose(second, "Carol", "Archive");
    await expect(first.row("Carol")).toHaveCount(0);
    await carol.writeTo(alice, "[c2] Are you there?");
    await expect(first.row("Carol")).toBeVisible();
    await expect(second.row("Carol")).toBeVisible();
  });

  await test.step("deleted, after a question, a chat is gone until something is said", async () => {
    first.page.once("dialog", (dialog) => void dialog.dismiss());
    await choose(first, "Bob", "Delete");
    await expect(first.row("Bob")).toBeVisible();
    first.page.once("dialog", (dialog) => void dialog.accept());
    await choose(first, "Bob", "Delete");
    await expect(first.row("Bob")).toHaveCount(0);
    await expect(second.row("Bob")).toHaveCount(0);
    await expect(first.page).toHaveURL(/\/$/);
    await bob.writeTo(alice, "[b2] Hello again");
    await second.row("Bob").click();
    await expect(second.message("[b2]")).toBeVisible();
    await expect(second.message("[b1]")).toHaveCount(0);
  });
});

test("the archive can be read without script", async ({ browse, register }) => {
  const [alice, bob, carol] = [await register("Alice"), await register("Bob"), await register("Carol")];
  await bob.writeTo(alice, "[b1]");
  await carol.writeTo(alice, "[c1]");
  const lively = await browse(alice);
  await lively.open("/");
  await choose(lively, "Carol", "Archive");
  await expect(lively.row("Carol")).toHaveCount(0);
  const browser = await browse(alice, { javaScriptEnabled: false });
  await browser.page.goto("/");
  await browser.chats.getByRole("link", { name: "Archived chats" }).click();
  await expect(names(browser)).toContainText(["Carol"]);
  await browser.row("Carol").click();
  await expect(browser.message("[c1]")).toBeVisible();
});

test("the menu of a chat opens, walks and closes by keyboard, and on a phone by a long press", async ({ browse, register }) => {
  const [alice, bob] = [await register("Alice"), await register("Bob")];
  await bob.writeTo(alice, "[b1]");
  const browser = await browse(alice);
  const { page } = browser;
  await browser.open("/");
  await browser.row("Bob").focus();
  await page.keyboard.press("Tab");
  const button = entry(browser, "Bob").getByRole("button", { name: "Chat actions" });
  await expect(button).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(page.getByRole("menuitem", { name: "Mark as read" })).toBeFocused();
  for (const name of ["Pin", "Mute…", "Archive", "Delete", "Mark as read"]) {
    await page.keyboard.press("ArrowDown");
    await expect(page.getByRole("menuitem", { name, exact: true })).toBeFocused();
  }
  await page.keyboard.press("Escape");
  await expect(button).toBeFocused();
  // Whatever becomes of the row, the focus is somewhere.
  await page.keyboard.press("Enter");
  await page.keyboard.press("End");
  await page.keyboard.press("ArrowUp");
  // What is said before that is stored would be archived with the chat.
  const archived = page.waitForResponse((answer) => answer.request().method() === "PATCH");
  await page.keyboard.press("Enter");
  await expect(browser.row("Bob")).toHaveCount(0);
  await archived;
  await expect.poll(() => page.evaluate(() => document.activeElement?.tagName)).not.toBe("BODY");
  await bob.writeTo(alice, "[b2]");
  await expect(browser.row("Bob")).toBeVisible();

  const phone = await browse(alice, { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true });
  await phone.open("/");
  await phone.row("Bob").evaluate((row) => {
    const options = { pointerType: "touch", bubbles: true, cancelable: true };
    row.dispatchEvent(new PointerEvent("contextmenu", options));
  });
  await phone.page.getByRole("menuitem", { name: "Pin", exact: true }).tap();
  await expect(browser.row("Bob")).toHaveAccessibleName(/pinned/);
});

test("Ctrl+K finds people without a chat as well", async ({ browse, register }) => {
  const [alice, zoe, bob] = [await register("Alice"), await register("Zoé Quill"), await register("Bob")];
  const yan = await register("Yan");
  await bob.writeTo(alice, "[b1]");
  const browser = await browse(alice);
  const { page } = browser;
  await browser.open("/");
  await page.keyboard.press("Control+k");
  await page.keyboard.type(zoe.user.username.slice(0, -2));
  const people = browser.chats.getByRole("group", { name: "People", exact: true });
  await expect(people.getByRole("link", { name: /Zoé Quill/ })).toBeVisible();
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { level: 1, name: "Zoé Quill" })).toBeVisible();
  await expect(people).toHaveCount(0);
  await expect(browser.row("Bob")).toBeVisible();

  // Who has a chat stands there once.
  await page.keyboard.press("Control+k");
  await page.keyboard.type("bob");
  await expect(browser.row("Bob")).toBeVisible();
  await page.keyboard.type(bob.user.username.slice(3));
  await expect(people.getByRole("link")).toHaveCount(0);

  // Who is quicker than the search need not press twice.
  await page.keyboard.press("Control+a");
  await page.keyboard.insertText(yan.user.username);
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { level: 1, name: "Yan" })).toBeVisible();
  await expect(people).toHaveCount(0);
});
