// How the page tells of its connection, and what it does when the server has closed it.
import { Person } from "../support/api.ts";
import { Kith } from "../support/server.ts";
import { expect, test } from "../support/test.ts";

test("the oldest tab gives way to a new one, until it is used again", async ({ browse }) => {
  const kith = await Kith.start({ KITH_MAX_SOCKETS_PER_USER: "1" });
  try {
    const [alice, bob] = [await Person.register(kith.url, "Alice"), await Person.register(kith.url, "Bob")];
    const { conversation_id } = await bob.writeTo(alice, "[b1] Where are you?");
    const [first, second] = [await browse(alice, { baseURL: kith.url }), await browse(alice, { baseURL: kith.url })];
    await first.openConversation(conversation_id);
    await second.openConversation(conversation_id);
    await expect(first.connection).toHaveText("Open elsewhere");
    await bob.write(conversation_id, "[b2] Still there?");
    await expect(second.message("[b2]")).toBeVisible();
    await expect(first.message("[b2]")).toHaveCount(0);

    await test.step("a button brings it back", async () => {
      await first.page.getByRole("button", { name: "Use here" }).click();
      await first.connected();
      await expect(first.message("[b2]")).toBeVisible();
      await expect(second.connection).toHaveText("Open elsewhere");
    });

    await test.step("so does writing", async () => {
      await second.send("[a1] Here");
      await second.connected();
      await expect(second.state("[a1]", "Delivered").or(second.state("[a1]", "Sent"))).toBeVisible();
      await expect(first.connection).toHaveText("Open elsewhere");
      expect((await bob.history(conversation_id)).map(({ content }) => content).at(-1)).toBe("[a1] Here");
    });
  } finally {
    await kith.dispose();
  }
});
