// Several tabs of one browser: one outbox and the same drafts in all of them.
import { marks } from "../support/api.ts";
import { Messenger } from "../support/messenger.ts";
import { expect, test } from "../support/test.ts";
import { Wire } from "../support/wire.ts";

test("a draft and what is unsent show in every tab, and are sent once", async ({ browse, register, network }) => {
  const [alice, bob] = [await register("Alice"), await register("Bob")];
  const { conversation_id } = await bob.writeTo(alice, "Which of you is it?");
  const first = await browse(alice, { baseURL: network.url });
  const second = new Messenger(await first.page.context().newPage());
  const wires = [await Wire.tap(first.page), await Wire.tap(second.page)];
  for (const tab of [first, second]) await tab.openConversation(conversation_id);

  await first.composer.fill("Begun in the first");
  await expect(second.composer).toHaveValue("Begun in the first");
  await second.composer.fill("Begun in the first, ended in the second");
  await expect(first.composer).toHaveValue("Begun in the first, ended in the second");

  network.cut();
  for (const tab of [first, second]) await tab.disconnected();
  await first.send("[a1] From the first");
  await expect(second.state("[a1]", "Sending")).toBeVisible();
  await expect(second.composer).toHaveValue("");
  await second.send("[a2] From the second");
  await first.send("[a3] From the first again");
  for (const tab of [first, second]) await expect.poll(() => tab.marks()).toEqual(["[a1]", "[a2]", "[a3]"]);
  network.mend();
  for (const tab of [first, second]) {
    await tab.connected();
    for (const mark of ["[a1]", "[a2]", "[a3]"]) {
      await expect(tab.state(mark, "Sent").or(tab.state(mark, "Delivered"))).toBeVisible();
    }
    expect(await tab.marks()).toEqual(["[a1]", "[a2]", "[a3]"]);
  }
  const stored = marks((await bob.history(conversation_id)).map(({ content }) => content));
  expect(stored).toEqual(["[a1]", "[a2]", "[a3]"]);
  const names = wires.flatMap((wire) => wire.sentOf("message").map((frame) => frame.client_id));
  expect(names).toHaveLength(3);
});

test("what a closed tab has left unsent, another one sends", async ({ browse, register }) => {
  const [alice, bob] = [await register("Alice"), await register("Bob")];
  const { conversation_id } = await bob.writeTo(alice, "Do not go");
  const first = await browse(alice);
  const context = first.page.context();
  const [second, third] = [new Messenger(await context.newPage()), new Messenger(await context.newPage())];
  const [lost, ...others] = [await Wire.tap(first.page), await Wire.tap(second.page), await Wire.tap(third.page)];
  lost!.answer = ({ type }) => (type === "message" ? "nothing" : undefined);
  for (const tab of [first, second, third]) await tab.openConversation(conversation_id);
  await first.send("[a1] Too late for me");
  await expect(first.state("[a1]", "Sending")).toBeVisible();
  await first.page.close();
  for (const tab of [second, third]) {
    await expect(tab.state("[a1]", "Sent").or(tab.state("[a1]", "Delivered"))).toBeVisible();
  }
  expect(others.flatMap((wire) => wire.sentOf("message"))).toHaveLength(1);
  expect(marks((await bob.history(conversation_id)).map(({ content }) => content))).toEqual(["[a1]"]);
});
