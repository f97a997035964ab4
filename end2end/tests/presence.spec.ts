// Who is there and who is typing, as the page shows it and as it tells of its user.
import type { Locator } from "@playwright/test";
import type { Person } from "../support/api.ts";
import type { Messenger } from "../support/messenger.ts";
import { expect, test } from "../support/test.ts";
import { Wire } from "../support/wire.ts";

/** Alice at what Bob wrote to her, on a wire that is tapped and by a clock that can be moved. */
async function aliceReadsBob({ browse, register }: {
  browse: (person: Person) => Promise<Messenger>;
  register: (nickname: string) => Promise<Person>;
}) {
  const [alice, bob] = [await register("Alice"), await register("Bob")];
  const { conversation_id } = await bob.writeTo(alice, "[b1] Hello");
  const browser = await browse(alice);
  const { page } = browser;
  const wire = await Wire.tap(page);
  await page.clock.install();
  await browser.openConversation(conversation_id);
  return { bob, browser, conversation_id, page, wire };
}

test("a person comes, types, goes; and the page says so", async ({ browse, register }) => {
  const { bob, browser, conversation_id, page, wire } = await aliceReadsBob({ browse, register });
  const head = page.getByRole("main").getByRole("banner").or(page.locator("main header")).first();
  const says = (place: Locator, text: string | RegExp) => expect(place).toContainText(text);
  const presence = (status: string, last_seen_at: number | null = null) =>
    wire.tell({ type: "presence", user_id: bob.user.id, status, last_seen_at });

  await says(head, `@${bob.user.username}`);
  presence("online");
  await says(head, "online");
  await expect(browser.row("Bob")).toHaveAccessibleName(/^Bob, online/);
  presence("away");
  await says(head, "away");

  wire.tell({ type: "typing", conversation_id, user_id: bob.user.id, active: true });
  await says(head, "typing…");
  await says(browser.row("Bob"), "typing…");
  await page.clock.fastForward(6_100);
  await says(head, "away");
  await says(browser.row("Bob"), "[b1] Hello");

  const now = await page.evaluate(() => Date.now());
  // The page looks at its clock every half a minute.
  presence("offline", now - 5.6 * 60_000);
  await says(head, "last seen 5 min ago");
  await page.clock.fastForward(3 * 60_000);
  await says(head, "last seen 8 min ago");
  await expect(browser.row("Bob")).toHaveAccessibleName(/^Bob, \[b1\]/);
});

test("others are told of typing once in three seconds, and of five idle minutes", async ({ browse, register }) => {
  const { browser, conversation_id, page, wire } = await aliceReadsBob({ browse, register });
  await browser.composer.pressSequentially("Quick", { delay: 20 });
  await expect.poll(() => wire.sentOf("typing")).toEqual([{ type: "typing", conversation_id, active: true }]);
  await page.clock.fastForward(3_100);
  await browser.composer.pressSequentially("er");
  await expect.poll(() => wire.sentOf("typing").length).toBe(2);

  expect(wire.sentOf("presence")).toEqual([]);
  await page.clock.fastForward(5 * 60_000);
  await expect.poll(() => wire.sentOf("presence").map(({ status }) => status)).toEqual(["away"]);
  await page.keyboard.press("Shift");
  await expect.poll(() => wire.sentOf("presence").map(({ status }) => status)).toEqual(["away", "online"]);
});

test("two people see one another come, type and go", async ({ browse, register }) => {
  const [alice, bob] = [await register("Alice"), await register("Bob")];
  const { conversation_id } = await bob.writeTo(alice, "[b1] Hello");
  const [here, there] = [await browse(alice), await browse(bob)];
  const head = here.page.locator("main header");
  await here.openConversation(conversation_id);
  await expect(head).not.toContainText("online");
  await there.openConversation(conversation_id);
  await expect(head).toContainText("online");
  await expect(there.page.locator("main header")).toContainText("online");

  await there.composer.pressSequentially("Let me see");
  await expect(head).toContainText("typing…");
  await expect(here.row("Bob")).toContainText("typing…");
  await there.composer.press("Enter");
  await expect(here.message("Let me see")).toBeVisible();
  await expect(head).toContainText("online");

  await there.page.close();
  await expect(head).toContainText("last seen just now");
  await here.page.reload();
  await here.connected();
  await expect(head).toContainText("last seen");
});
