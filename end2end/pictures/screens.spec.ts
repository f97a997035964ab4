// Every screen, wide and narrow, light and dark, with many scripts on it.
import { resolve } from "node:path";
import type { Person } from "../support/api.ts";
import type { Messenger } from "../support/messenger.ts";
import { test } from "../support/test.ts";
import { Wire } from "../support/wire.ts";

const folder = resolve(import.meta.dirname, "../screens");
const sizes = { wide: { width: 1280, height: 800 }, phone: { width: 390, height: 844 } };

/** People and conversations as in a team's week; answers the one to show, between `me` and Mei Lin. */
async function aWeek(me: Person, register: (nickname: string) => Promise<Person>): Promise<number> {
  const others: [string, string[]][] = [
    ["Jana Berg", ["Dinner at ours on Tuesday?", "Bring nothing, Omar cooks"]],
    ["Donaudampfschifffahrtsgesellschaftskapitän", ["Rindfleischetikettierungsüberwachungsaufgabenübertragungsgesetz"]],
    ["نور الهاشمي", ["شكراً، أراك غداً في الصباح"]],
    ["图书馆小组 Library", ["The new shelves are up 📚", "图片明天发"]],
    ["Tomás Kowalczyk-Hernández", ["I looked at the second one and it fits"]],
  ];
  for (const [name, texts] of others) {
    const person = await register(name);
    for (const text of texts) await person.writeTo(me, text);
  }
  const mei = await register("Mei Lin 林美");
  const { conversation_id } = await mei.writeTo(me, "早上好 👋 Did the migration go through?");
  const talk: [Person, string][] = [
    [me, "It did, 10 million rows and nobody had to log out. Figures are at https://kith.example/perf"],
    [mei, "太好了！"],
    [mei, "Then I can tell the others that we move on Monday. Two things before that:\n• the backup runs at 03:00\n• Omar wants to see the log"],
    [me, "Both done. The log is long, but there is nothing in it."],
    [mei, "🎉"],
    [mei, "Will you come to the lake after work? North gate, half past five."],
    [me, "Yes, and I bring the small tripod."],
    [mei, "نور تقول: أراك غداً في الصباح"],
    [me, "Already on my list"],
  ];
  for (const [person, text] of talk) await person.write(conversation_id, text);
  await mei.markRead(conversation_id, talk.length + 1);
  await me.markRead(conversation_id, talk.length + 1);
  return conversation_id;
}

for (const colorScheme of ["light", "dark"] as const) {
  test(`screens, ${colorScheme}`, async ({ browse, register }) => {
    const me = await register("Ada Wong");
    const conversation = await aWeek(me, register);
    for (const [size, viewport] of Object.entries(sizes)) {
      const shoot = async (browser: Messenger, name: string) =>
        browser.page.screenshot({ path: `${folder}/${name}-${size}-${colorScheme}.png` });

      const stranger = await browse(null, { colorScheme, viewport });
      for (const path of ["login", "register"]) {
        await stranger.page.goto(`/${path}`);
        await shoot(stranger, path);
      }
      await stranger.page.goto("/api/docs");
      await shoot(stranger, "docs");
      await stranger.page.goto("/login");
      await stranger.page.getByRole("textbox", { name: "Username" }).fill("nobody.here");
      await stranger.page.getByLabel("Password").fill("not the right one");
      await stranger.page.getByRole("button", { name: "Log in" }).click();
      await stranger.page.getByRole("alert").waitFor();
      await shoot(stranger, "login-refused");

      const newcomer = await browse(await register("Newcomer"), { colorScheme, viewport });
      await newcomer.open("/");
      await shoot(newcomer, "empty");

      const browser = await browse(me, { colorScheme, viewport });
      await browser.open("/");
      await shoot(browser, "list");
      await browser.page.getByRole("button", { name: "Account" }).click();
      await shoot(browser, "account");
      await browser.open("/new");
      await browser.page.getByRole("searchbox", { name: "Find people" }).fill("mei");
      await browser.page.getByRole("list", { name: "People" }).getByRole("link").first().waitFor();
      await shoot(browser, "new");
      await browser.openConversation(conversation);
      await shoot(browser, "conversation");
 
      const lively = await browse(me, { colorScheme, viewport });
      const wire = await Wire.tap(lively.page);
      wire.answer = ({ type, id, client_id }) =>
        type === "message"
          ? { type: "error", id, client_id, code: 403, kind: "forbidden", message: "No" }
          : undefined;
      await lively.openConversation(conversation);
      const rows = (await me.conversations()).filter((row) => row.peer);
      rows.forEach((row, index) =>
        wire.tell({
          type: "presence",
          user_id: row.peer!.id,
          status: index % 3 === 1 ? "away" : "online",
          last_seen_at: null,
        }));
      wire.tell({ type: "typing", conversation_id: rows[1]!.id, user_id: rows[1]!.peer!.id, active: true });
      await lively.send("One that is refused");
      await lively.state("One that is refused", "Not sent").waitFor();
      await shoot(lively, "lively");
      await lively.page.context().setOffline(true);
      await lively.page.getByText("Offline:").waitFor();
      await shoot(lively, "offline");
      await lively.page.context().setOffline(false);
      await lively.open("/");
      await shoot(lively, "lively-list");
      await lively.page.keyboard.press("?");
      await lively.page.getByRole("dialog").waitFor();
      await shoot(lively, "keys");
    }
  });
}
