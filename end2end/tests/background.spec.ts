// A tab that nobody looks at marks nothing as read.
import type { Page } from "@playwright/test";
import { expect, test } from "../support/test.ts";

/** Playwright makes every page count as visible and focused; this takes it back. */
async function nobodyLooks(page: Page): Promise<void> {
  await page.addInitScript(() => {
    let looked = false;
    Object.defineProperty(document, "visibilityState", { get: () => (looked ? "visible" : "hidden") });
    Object.defineProperty(document, "hidden", { get: () => !looked });
    document.hasFocus = () => looked;
    window.addEventListener("test:look", () => {
      looked = true;
      document.dispatchEvent(new Event("visibilitychange"));
      window.dispatchEvent(new Event("focus"));
    });
  });
}

test("a background tab leaves messages unread until someone looks at it", async ({ browse, register }) => {
  const [alice, bob] = [await register("Alice"), await register("Bob")];
  const { conversation_id } = await bob.writeTo(alice, "[b1] Written before");
  const [background, writer] = [await browse(alice), await browse(bob)];
  await nobodyLooks(background.page);
  await background.openConversation(conversation_id);
  await writer.openConversation(conversation_id);

  await writer.send("[b2] Written while it was away");
  await expect(background.message("[b2]")).toBeVisible();
  await expect(writer.state("[b2]", "Delivered")).toBeVisible();
  // One more round trip: a mark for the second would have come before the third's delivery.
  await writer.send("[b3] And one more");
  await expect(writer.state("[b3]", "Delivered")).toBeVisible();
  for (const mark of ["[b1]", "[b2]", "[b3]"]) await expect(writer.state(mark, "Delivered")).toBeVisible();
  await expect(background.unreadRow("Bob", 3)).toBeVisible();
  expect(await alice.conversation(conversation_id)).toMatchObject({ read_seq: 0, unread: 3 });

  await background.page.evaluate(() => window.dispatchEvent(new Event("test:look")));
  await expect(writer.state("[b3]", "Read")).toBeVisible();
  await expect(background.unreadRow("Bob", 3)).toHaveCount(0);
  await expect.poll(() => alice.conversation(conversation_id)).toMatchObject({ read_seq: 3, unread: 0 });
});

test("what is below the view stays unread", async ({ browse, register }) => {
  const [alice, bob] = [await register("Alice"), await register("Bob")];
  const { conversation_id } = await bob.writeTo(alice, "[b1] The first of many");
  for (let number = 2; number <= 80; number++) await bob.write(conversation_id, `[b${number}] And another`);
  const browser = await browse(alice);
  await browser.openConversation(conversation_id);
  await expect(browser.message("[b1]")).toBeInViewport();
  await expect.poll(async () => (await alice.conversation(conversation_id)).read_seq).toBeGreaterThan(0);
  const { read_seq } = await alice.conversation(conversation_id);
  expect(read_seq).toBeLessThan(50);
  await expect(browser.message(`[b${read_seq}]`)).toBeInViewport();
});
