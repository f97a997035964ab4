// Two devices of one person: what is done on the one, or over the API, shows on the other by itself.
import type { Messenger } from "../support/messenger.ts";
import { expect, test } from "../support/test.ts";

/** The names of the chats, from top to bottom. */
function order(browser: Messenger): Promise<string[]> {
  return browser.chats.getByRole("list").locator("a .name").allTextContents();
}

test("marks, new and changed messages are the same on both", async ({ browse, register }) => {
  const [alice, bob] = [await register("Alice"), await register("Bob")];
  const { conversation_id } = await bob.writeTo(alice, "[b1] Which one are you at?");
  await bob.write(conversation_id, "[b2] Hello?");
  const [first, second] = [await browse(alice), await browse(alice)];
  await second.open("/");
  await expect(second.unreadRow("Bob", 2)).toBeVisible();

  await test.step("read on the one", async () => {
    await first.openConversation(conversation_id);
    await expect(first.message("[b2]")).toBeVisible();
    await expect(second.unreadRow("Bob", 2)).toHaveCount(0);
    await expect(second.row("Bob")).not.toHaveAccessibleName(/unread/);
  });

  await second.row("Bob").click();
  await test.step("written on the one", async () => {
    await first.send("[a1] At the first");
    await expect(second.message("[a1]")).toBeVisible();
    await second.send("[a2] And at the second");
    await expect(first.message("[a2]")).toBeVisible();
    await bob.markRead(conversation_id, 4);
    for (const device of [first, second]) {
      for (const mark of ["[a1]", "[a2]"]) await expect(device.state(mark, "Read")).toBeVisible();
    }
  });

  await test.step("changed on the one", async () => {
    await first.choose("[a2]", "Edit");
    await first.composer.fill("[a2] As I said");
    await first.composer.press("Enter");
    await expect(second.message("[a2] As I said")).toContainText("edited");
    await second.choose("[b2]", "React");
    await second.page.getByRole("menuitem", { name: "😂" }).click();
    const chip = first.message("[b2]").getByRole("button", { name: "😂 1" });
    await expect(chip).toHaveAttribute("aria-pressed", "true");
    await chip.click();
    await expect(second.message("[b2]").getByRole("button", { name: "😂 1" })).toHaveCount(0);
    await first.choose("[a1]", "Recall");
    await expect(second.message("[a1]")).toHaveCount(0);
    await expect(second.message("Message recalled")).toBeVisible();
  });
});

test("what one sets of a chat shows on both without a reload", async ({ browse, register }) => {
  const alice = await register("Alice");
  const ids: number[] = [];
  for (const name of ["Bob", "Carol", "Dave"]) {
    const { conversation_id } = await (await register(name)).writeTo(alice, `[${name}] Hello`);
    await alice.markRead(conversation_id, 1);
    ids.push(conversation_id);
  }
  const [bob, carol] = ids as [number, number];
  const devices = [await browse(alice), await browse(alice)];
  for (const device of devices) await device.open("/");
  const shows = async (names: string[]) => {
    for (const device of devices) await expect.poll(() => order(device)).toEqual(names);
  };
  await shows(["Dave", "Carol", "Bob"]);

  await test.step("a pinned chat is the first, and goes back", async () => {
    await alice.set(bob, { pinned: true });
    await shows(["Bob", "Dave", "Carol"]);
    await alice.set(bob, { pinned: false });
    await shows(["Dave", "Carol", "Bob"]);
  });

  await test.step("an archived chat goes, and a new message brings it back", async () => {
    await alice.set(carol, { archived: true });
    await shows(["Dave", "Bob"]);
    await alice.write(carol, "[a1] Not over yet");
    await shows(["Carol", "Dave", "Bob"]);
  });

  await test.step("one that is silent stays in the archive, until it is heard again", async () => {
    await alice.set(bob, { archived: true, muted_until: Date.now() + 3_600_000 });
    await shows(["Carol", "Dave"]);
    await alice.write(bob, "[a2] Into the silence");
    // A later change has come through, and this one changed nothing.
    await alice.set(carol, { pinned: true });
    await alice.write(carol, "[a3] Loud");
    for (const device of devices) await expect(device.row("Carol")).toContainText("[a3]");
    await shows(["Carol", "Dave"]);
    await alice.set(bob, { muted_until: Date.now() - 1 });
    await shows(["Carol", "Bob", "Dave"]);
  });
});
