// Static panes, about groups and people: wide and narrow, light and dark, in both languages.
import { resolve } from "node:path";
import { busyGroup } from "../support/busy-group.ts";
import { test } from "../support/test.ts";

const folder = resolve(import.meta.dirname, "../screens");
const sizes = { wide: { width: 1280, height: 800 }, phone: { width: 390, height: 844 } };

for (const theme of ["light", "dark"] as const) {
  for (const lang of ["en", "zh"] as const) {
    test(`static panes, ${theme}, ${lang}`, async ({ browse, kith, register }) => {
      const me = await register("Ada Wong");
      const admin = await register("Mei Lin 林美");
      const others = await Promise.all(
        ["نور الهاشمي", "Donaudampfschifffahrtsgesellschaftskapitän", "Tomás Kowalczyk"].map(register));
      const { id, seq } = await busyGroup(me, admin, others);
      const blocked = await register("Mallory");
      await me.send("PUT", `/api/v1/blocks/${blocked.user.id}`);
      await me.send("PATCH", `/api/v1/conversations/${id}`, { open: true });
      const notes = await me.send<{ conversation_id: number; seq: number }>("POST", "/api/v1/messages", {
        client_id: "1", to_user_id: me.user.id, content: "Milk, and شاي",
      });
      for (const [conversation, message] of [[id, seq], [id, seq - 1], [notes.conversation_id, notes.seq]]) {
        const path = `/api/v1/conversations/${conversation}/messages/${message}/reminder`;
        await me.send("PUT", path, { at: Date.now() + 90_000_000 });
      }
      await kith.execute(`UPDATE reminder SET remind_at = 1790000000000, state = 3 WHERE user_id = ${me.user.id} AND seq = ${seq - 1}`);
      await kith.notice("Kith is away from six to seven this evening. 今晚六点到七点维护。", "--to", me.user.username);
      // Someone is there, and someone was.
      const there = await browse(admin);
      await there.open("/");
      for (const [size, viewport] of Object.entries(sizes)) {
        const { page } = await browse(me, { viewport, javaScriptEnabled: false });
        const shoot = async (name: string) =>
          page.screenshot({ path: `${folder}/${name}-${lang}-${size}-${theme}.png` });
        const cookie = (name: string, value: string) => ({ name, value, url: kith.url });
        await page.context().addCookies([cookie("theme", theme), cookie("lang", lang)]);
        for (const [name, path] of [
          ["forward", `/c/${id}/forward?m=${seq}`],
          ["forward-found", `/c/${id}/forward?m=${seq}&query=mei`],
          ["forward-nobody", `/c/${id}/forward?m=${seq}&query=nobody-at-all`],
          ["remind", `/c/${id}/remind?m=${seq}`],
          ["reminders", "/reminders"],
          ["new-group", `/new/group?name=Tea&member=${admin.user.id}`],
          ["groups", "/groups"],
          ["contacts", "/contacts"],
          ["group-info", `/c/${id}/info`],
          ["message-info", `/c/${id}/info?m=${seq}`],
          ["profile-shared", `/u/${admin.user.id}`],
          ["profile-own", `/u/${me.user.id}`],
          ["profile-blocked", `/u/${blocked.user.id}`],
        ] as const) {
          await page.goto(path);
          await shoot(name);
        }
        await page.goto(`/c/${id}/info#add`);
        await shoot("group-info-add");
        await page.locator("#add form > .solid").click();
        await shoot("group-info-refused");
      }
    });
  }
}
