// Forwarding: from a message's page to a chat or to someone who is searched for; and keys in the forms
// of static panes, which have no script of their own.
import type { Page } from "@playwright/test";
import { expect, test } from "../support/test.ts";

/** The list of where to, and an entry of it. */
const entry = (page: Page, name: string | RegExp) =>
  page.getByRole("list", { name: "Forward to", exact: true }).getByRole("button", { name });

for (const javaScriptEnabled of [true, false]) {
  test.describe(`${javaScriptEnabled ? "with" : "without"} JavaScript`, () => {
    test.use({ javaScriptEnabled });

    test("a message goes on to a chat, and to someone who is searched for", async ({ browse, register }) => {
      const [alice, bob] = [await register("Alice"), await register("Bob")];
      const [carol, dora] = [await register("Carol"), await register("Dora")];
      const { conversation_id, seq } = await bob.writeTo(alice, "[b1] Tea at four");
      await carol.writeTo(alice, "[c1] Hello");
      const browser = await browse(alice, { javaScriptEnabled });
      const { page } = browser;
      await page.goto(`/c/${conversation_id}/forward?m=${seq}`);
      await expect(page.getByRole("heading", { level: 1, name: "Forward", exact: true })).toBeVisible();
      await expect(page.getByRole("link", { name: "Bob [b1] Tea at four", exact: true })).toBeVisible();
      await expect(page.getByRole("searchbox", { name: "Find a chat or a person" })).toBeFocused();

      await entry(page, /^Carol/).click();
      await expect(browser.message("[b1]")).toContainText("Forwarded from Bob");
      await expect(browser.message("[c1]")).toBeVisible();

      await page.goto(`/c/${conversation_id}/forward?m=${seq}`);
      await page.keyboard.type(dora.user.username);
      await page.keyboard.press("Enter");
      await expect(entry(page, /^Carol/)).toHaveCount(0);
      await entry(page, /^Dora/).click();
      await expect(page.getByRole("heading", { level: 1, name: "Dora" })).toBeVisible();
      await expect(browser.message("[b1]")).toContainText("Forwarded from Bob");
      const [received] = await dora.conversations();
      expect(received).toMatchObject({ unread: 1, peer: { id: alice.user.id } });
    });

    test("Back leads to the message", async ({ browse, register }) => {
      const [alice, bob] = [await register("Alice"), await register("Bob")];
      const { conversation_id, seq } = await bob.writeTo(alice, "[b1] Tea at four");
      const { page } = await browse(alice, { javaScriptEnabled });
      await page.goto(`/c/${conversation_id}/forward?m=${seq}`);
      await page.getByRole("link", { name: "Back", exact: true }).click();
      await expect(page).toHaveURL(new RegExp(`/c/${conversation_id}\\?m=${seq}$`));
    });

    test("Enter in a new group's name makes it, in its search it searches", async ({ browse, register }) => {
      const [alice, bob] = [await register("Alice"), await register("Bob")];
      const { page } = await browse(alice, { javaScriptEnabled });
      await page.goto("/new/group");
      const name = page.getByRole("textbox", { name: "Group name", exact: true });
      const search = page.getByRole("searchbox", { name: "Find people", exact: true });
      await page.getByRole("checkbox", { name: "Anyone may find" }).check();
      await search.fill(bob.user.username);
      await search.press("Enter");
      await page.getByRole("checkbox", { name: /Bob/ }).check();
      await name.fill("Tea");
      await name.press("Enter");
      await expect(page.getByRole("heading", { level: 1, name: "Tea" })).toBeVisible();
      const [group] = await bob.conversations();
      expect(group).toMatchObject({ name: "Tea", member_count: 2, open: true });
    });

    test("Enter in a group's name saves it", async ({ browse, register }) => {
      const alice = await register("Alice");
      const { page } = await browse(alice, { javaScriptEnabled });
      const id = await alice.makeGroup("Tea", []);
      await page.goto(`/c/${id}/info`);
      const name = page.getByRole("textbox", { name: "Group name", exact: true });
      await name.fill("Coffee");
      await name.press("Enter");
      await expect(page.locator("#name").getByRole("status")).toHaveText("Saved.");
      expect(await alice.conversation(id)).toMatchObject({ name: "Coffee" });
    });
  });
}
