// A network that is cut, and one that falls silent: afterwards both sides hold the same history.
import { marks, type Person } from "../support/api.ts";
import type { Messenger } from "../support/messenger.ts";
import type { Proxy } from "../support/proxy.ts";
import { expect, test } from "../support/test.ts";

const faults = {
  cut: (network: Proxy) => network.cut(),
  silent: (network: Proxy) => network.silence(),
};

for (const [name, fault] of Object.entries(faults)) {
  test(`a ${name} network loses nothing, doubles nothing and keeps the order`, async ({ browse, register, network }) => {
    test.setTimeout(180_000);
    const [alice, bob] = [await register("Alice"), await register("Bob")];
    const { conversation_id } = await bob.writeTo(alice, "[b0] Can you hear me?");
    const away = await browse(alice, { baseURL: network.url });
    const there = await browse(bob);
    await away.openConversation(conversation_id);
    await there.openConversation(conversation_id);

    for (let round = 1; round <= 2; round++) {
      await away.send(`[a${round}-1] Just before`);
      fault(network);
      // Both write while neither hears the other.
      for (let number = 2; number <= 5; number++) {
        await away.send(`[a${round}-${number}] Into the dark`);
        await there.send(`[b${round}-${number}] Where are you?`);
      }
      await away.disconnected();
      await away.send(`[a${round}-6] Knowing that it is dark`);
      await expect(away.state(`[a${round}-6]`, "Sending")).toBeVisible();
      network.mend();
      await away.connected();
      await expect(away.state(`[a${round}-6]`, "Read")).toBeVisible({ timeout: 60_000 });
      await there.send(`[b${round}-7] There you are`);
      await expect(away.message(`[b${round}-7]`)).toBeVisible();
      await sameEverywhere(alice, conversation_id, [away, there], round);
    }
  });
}

/** Both pages show what the server has, and that is what was written, once, in the writers' order. */
async function sameEverywhere(reader: Person, conversation: number, sides: Messenger[], rounds: number): Promise<void> {
  const stored = marks((await reader.history(conversation)).map((message) => message.content));
  const written = { a: [] as string[], b: ["[b0]"] };
  for (let round = 1; round <= rounds; round++) {
    for (let number = 1; number <= 6; number++) written.a.push(`[a${round}-${number}]`);
    for (const number of [2, 3, 4, 5, 7]) written.b.push(`[b${round}-${number}]`);
  }
  expect(stored.filter((mark) => mark.startsWith("[a"))).toEqual(written.a);
  expect(stored.filter((mark) => mark.startsWith("[b"))).toEqual(written.b);
  for (const side of sides) await expect.poll(() => side.marks()).toEqual(stored);
}
