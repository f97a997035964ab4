// Naming members of a group: `@` offers them, and who is named sees it in the list.
import type { Page } from "@playwright/test";
import { expect, test } from "../support/test.ts";

test("`@` offers members, and who is named is told so in the list", async ({ browse, register }) => {
  const [alice, bob, zoe] = [await register("Alice"), await register("Bob"), await register("Zoe")];
  const id = await alice.makeGroup("Tea", [bob, zoe]);
  const [mine, theirs] = [await browse(alice), await browse(bob)];
  await theirs.open("/");
  await mine.openConversation(id);
  const offers = mine.page.getByRole("listbox", { name: "Members", exact: true });
  const option = (name: string) => offers.getByRole("option", { name: new RegExp(name) });

  await test.step("all but oneself, and everyone", async () => {
    await mine.composer.pressSequentially("Hello @");
    await expect(offers.getByRole("option")).toHaveText([/Bob/, /Zoe/, /Everyone/]);
    await expect(option("Bob")).toHaveAttribute("aria-selected", "true");
    await expect(mine.composer).toHaveAttribute("aria-activedescendant", "offer-0");
  });

  await test.step("arrows choose, Enter and Tab take, Escape leaves", async () => {
    await mine.composer.press("ArrowDown");
    await expect(option("Zoe")).toHaveAttribute("aria-selected", "true");
    await mine.composer.press("ArrowUp");
    await mine.composer.press("ArrowUp");
    await expect(option("Everyone")).toHaveAttribute("aria-selected", "true");
    await mine.composer.press("Escape");
    await expect(offers).toHaveCount(0);
    await mine.composer.pressSequentially("bo");
    await expect(offers.getByRole("option")).toHaveCount(1);
    // Who was offered for "b" alone is taken by no key.
    await expect(option("Bob")).toHaveAttribute("aria-selected", "true");
    await mine.composer.press("Enter");
    await expect(mine.composer).toHaveValue(`Hello @${bob.user.username} `);
    await expect(offers).toHaveCount(0);
    await mine.composer.pressSequentially("and @Z");
    await option("Zoe").click();
    await expect(mine.composer).toHaveValue(`Hello @${bob.user.username} and @${zoe.user.username} `);
    await expect(mine.composer).toBeFocused();
  });

  await test.step("who is named sees a mark in the list, and themselves in the message", async () => {
    await mine.composer.press("Enter");
    await expect(theirs.row("Tea")).toHaveAccessibleName(/you are mentioned, 1 unread$/);
    await theirs.row("Tea").click();
    const named = theirs.message("Hello").locator(".mention");
    await expect(named).toHaveText([`@${bob.user.nickname}`, `@${zoe.user.nickname}`]);
    await expect(named.first()).toHaveAttribute("title", `@${bob.user.username}`);
    await expect(named.first()).toHaveClass(/\bme\b/);
    await expect(theirs.row("Tea")).not.toHaveAccessibleName(/mentioned/);
    // The writer sees at once whom the server has found to be named.
    await expect(mine.message("Hello").locator(".mention")).toHaveCount(2);
  });

  await test.step("in a private conversation nobody is offered", async () => {
    const { conversation_id } = await bob.writeTo(alice, "[b1]");
    await mine.openConversation(conversation_id);
    await mine.composer.pressSequentially("@");
    await expect(offers).toHaveCount(0);
  });
});

/** From now on what `@` offers is answered when `release` is called, and no sooner. */
async function holdOffers(page: Page): Promise<{ asked: Promise<unknown>; release: () => void }> {
  let release = () => {};
  const gate = new Promise<void>((open) => (release = open));
  await page.route("**/mentions?*", async (route) => {
    await gate;
    await route.continue();
  });
  return { asked: page.waitForRequest("**/mentions?*"), release };
}

test("Enter takes who is offered for what stands there, and nobody who was offered before", async ({ browse, register }) => {
  const [alice, bob] = [await register("Alice"), await register("Bob")];
  const id = await alice.makeGroup("Tea", [bob]);
  const browser = await browse(alice);
  const { page, composer } = browser;
  await browser.openConversation(id);
  const options = page.getByRole("listbox", { name: "Members", exact: true }).getByRole("option");

  await test.step("before there is an answer Enter sends what stands there", async () => {
    await composer.pressSequentially("see you @");
    await expect(options.first()).toHaveAttribute("aria-selected", "true");
    const { asked, release } = await holdOffers(page);
    await composer.pressSequentially("5pm");
    await asked;
    await expect(composer).not.toHaveAttribute("aria-activedescendant");
    await composer.press("Enter");
    await expect(composer).toHaveValue("");
    await expect(browser.message("see you")).toContainText("see you @5pm");
    release();
    await expect(options).toHaveCount(0);
    await page.unroute("**/mentions?*");
  });

  await test.step("nor where the caret has gone elsewhere", async () => {
    await composer.pressSequentially("to @bo");
    await expect(options).toHaveCount(1);
    await composer.press("Home");
    await composer.press("Enter");
    await expect(browser.message("to @bo")).toBeVisible();
    expect((await bob.history(id)).at(-1)?.content).toBe("to @bo");
  });

  await test.step("with an answer it takes who is offered", async () => {
    await composer.pressSequentially("@bo");
    await expect(options).toHaveCount(1);
    await composer.press("Enter");
    await expect(composer).toHaveValue(`@${bob.user.username} `);
  });
});
