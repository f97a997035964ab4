// Everything by keyboard: from the sign-in form to a conversation and back.
import { tabTo } from "../support/tabbing.ts";
import { expect, test } from "../support/test.ts";
import { Wire } from "../support/wire.ts";

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

  await test.step("the focus is on the chat that one comes from", async () => {
    await expect(browser.row("Bob")).toBeFocused();
  });

  await test.step("? and Ctrl+/ list the shortcuts, Escape closes them", async () => {
    const list = page.getByRole("dialog", { name: "Keyboard shortcuts" });
    await page.keyboard.press("?");
    await expect(list).toBeVisible();
    await expect(list.getByRole("button", { name: "Close" })).toBeFocused();
    await page.keyboard.press("Escape");
    await expect(list).toBeHidden();
    await expect(browser.row("Bob")).toBeFocused();
    await page.keyboard.press("Enter");
    await expect(browser.composer).toBeFocused();
    await page.keyboard.type("?");
    await expect(browser.composer).toHaveValue("?");
    await page.keyboard.press("Control+/");
    await expect(list).toBeVisible();
    await page.keyboard.press("Enter");
    await expect(list).toBeHidden();
    await expect(browser.composer).toBeFocused();
    await page.keyboard.press("Backspace");
    await page.keyboard.press("Escape");
    await expect(page).toHaveURL(/\/$/);
  });

  await test.step("log out", async () => {
    await tabTo(page, page.getByRole("button", { name: "Account" }));
    await page.keyboard.press("Enter");
    await expect(page.getByRole("menuitem", { name: "Contacts" })).toBeFocused();
    // Arrows walk a menu, and go round.
    for (const [key, name] of [["Down", "Reminders"], ["Up", "Contacts"], ["Up", "Log out"], ["Down", "Contacts"]]) {
      await page.keyboard.press(`Arrow${key}`);
      await expect(page.getByRole("menuitem", { name })).toBeFocused();
    }
    await tabTo(page, page.getByRole("menuitem", { name: "Log out" }));
    await page.keyboard.press("Enter");
    await expect(page).toHaveURL(/\/login/);
  });
});

test("Tab walks over everything and never gets lost", async ({ browse, register }) => {
  const [alice, bob] = [await register("Alice"), await register("Bob")];
  const { conversation_id } = await bob.writeTo(alice, "[b1] See https://example.org/keys");
  await (await register("Carol")).writeTo(alice, "[c1] Hello from Carol");
  const browser = await browse(alice);
  const { page } = browser;
  await browser.openConversation(conversation_id);
  const names = async () => {
    const seen: string[] = [];
    for (let stops = 0; stops < 40; stops++) {
      await page.keyboard.press("Tab");
      const name = await page.evaluate(() => {
        const element = document.activeElement;
        if (!element || element === document.body) return "";
        const { outlineStyle } = getComputedStyle(element);
        const boxed = element.closest(".box, .search");
        const shown = outlineStyle !== "none" || (boxed && getComputedStyle(boxed).boxShadow !== "none");
        const name = element.getAttribute("aria-label") ?? element.textContent ?? "";
        return shown ? name.replace(/, .*/, "") : `${name} without a sign of the focus`;
      });
      // From the last element Tab leads to the browser's own buttons, and from there to the first.
      if (name === "" || name === seen[0]) break;
      seen.push(name);
    }
    return seen;
  };
  await page.evaluate(() => (document.activeElement as HTMLElement).blur());
  await page.keyboard.press("Control+k");
  const walk = await names();
  expect(walk).toEqual(["Carol", "Chat actions", "Bob", "Chat actions", "Jump to date", "Conversation details", "Messages", "https://example.org/keys", "Message actions", "Message", "Emoji", "Attach", "Record a voice message", "Send"]);
});

test("someone without a mouse forwards a message and manages a group", async ({ browse, register }) => {
  const [alice, bob, carol] = [await register("Alice"), await register("Bob"), await register("Carol")];
  const id = await alice.makeGroup("Tea", [bob, carol]);
  const { seq } = await bob.write(id, "[b1] At four");
  await carol.writeTo(alice, "[c1] Hello");
  const browser = await browse(alice);
  const { page } = browser;

  await test.step("the focus is in the search, then come the chats", async () => {
    await page.goto(`/c/${id}/forward?m=${seq}`);
    await expect(page.getByRole("searchbox", { name: "Find a chat or a person" })).toBeFocused();
    await tabTo(page, page.getByRole("button", { name: "Search", exact: true }));
    await tabTo(page, page.getByRole("button", { name: /^Carol/ }));
    await page.keyboard.press("Enter");
    await expect(browser.message("[b1]")).toContainText("Forwarded from Bob");
  });

  await test.step("what may be done about a member opens and closes", async () => {
    await page.goto(`/c/${id}/info`);
    await tabTo(page, page.getByLabel("Manage Bob"));
    await page.keyboard.press("Enter");
    await tabTo(page, page.getByRole("button", { name: "Make admin", exact: true }));
    await page.keyboard.press("Enter");
    const members = page.getByRole("list", { name: "Members", exact: true });
    await expect(members.getByRole("listitem").filter({ hasText: "Bob" })).toContainText("Admin");
  });
});

test("a button that vanishes passes the focus on", async ({ browse, register }) => {
  const [alice, bob] = [await register("Alice"), await register("Bob")];
  const { conversation_id } = await bob.writeTo(alice, "Try");
  const browser = await browse(alice);
  const wire = await Wire.tap(browser.page);
  wire.answer = ({ type, id, client_id }) =>
    type === "message"
      ? { type: "error", id, client_id, code: 403, kind: "forbidden", message: "No" }
      : undefined;
  await browser.openConversation(conversation_id);
  await browser.send("[a1] Refused");
  const remove = browser.message("[a1]").getByRole("button", { name: "Delete" });
  await remove.focus();
  await browser.page.keyboard.press("Enter");
  await expect(browser.message("[a1]")).toHaveCount(0);
  await expect(browser.composer).toBeFocused();
});

test("new messages of others are announced, and nothing else", async ({ browse, register }) => {
  const [alice, bob] = [await register("Alice"), await register("Bob")];
  const { conversation_id } = await bob.writeTo(alice, "[b1] Before");
  const browser = await browse(alice);
  await browser.openConversation(conversation_id);
  const live = browser.page.locator("[aria-live=polite]");
  await expect(live).toHaveCount(1);
  await expect(live).toHaveText("");
  await bob.write(conversation_id, "[b2] Do you hear me?");
  await expect(live).toHaveText("Bob: [b2] Do you hear me?");
  await browser.send("[a1] I do");
  await expect(browser.state("[a1]", "Sent").or(browser.state("[a1]", "Delivered"))).toBeVisible();
  await expect(live).toHaveText("Bob: [b2] Do you hear me?");
});
