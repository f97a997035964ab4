// What opens over a page: menus, the emoji picker, who may be named, the way to a day; and the list with its marks.
import { resolve } from "node:path";
import { busyGroup } from "../support/busy-group.ts";
import { expect, test } from "../support/test.ts";

const folder = resolve(import.meta.dirname, "../screens");
const sizes = { wide: { width: 1280, height: 800 }, phone: { width: 390, height: 844 } };

for (const theme of ["light", "dark"] as const) {
  for (const lang of ["en", "zh"] as const) {
    test(`overlays, ${theme}, ${lang}`, async ({ browse, kith, register }) => {
      const me = await register("Ada Wong");
      const admin = await register("Mei Lin 林美");
      const others = await Promise.all(
        ["نور الهاشمي", "Donaudampfschifffahrtsgesellschaftskapitän", "Tomás Kowalczyk"].map(register));
      const { id, seq } = await busyGroup(me, admin, others);
      await register(`Teo ${theme} ${lang}`);
      const { conversation_id: pinned } = await others[0]!.writeTo(me, "شكراً، أراك غداً في الصباح");
      const { conversation_id: muted } = await others[1]!.writeTo(me, "**Bold** words that go on and on and on");
      const { conversation_id: marked } = await others[2]!.writeTo(me, "```\nlet x = 1;\n```");
      const { conversation_id: archived } = await me.writeTo(me, "Aside");
      await me.set(pinned, { pinned: true });
      await me.set(muted, { muted_until: Date.now() + 86_400_000, pinned: true });
      await me.markRead(marked, 1);
      await me.set(marked, { marked_unread: true });
      await me.set(archived, { archived: true });
      for (const [size, viewport] of Object.entries(sizes)) {
        const touch = size === "phone";
        const browser = await browse(me, { viewport, hasTouch: touch, isMobile: touch });
        const { page } = browser;
        const shoot = async (name: string) =>
          page.screenshot({ path: `${folder}/${name}-${lang}-${size}-${theme}.png` });
        const cookie = (name: string, value: string) => ({ name, value, url: kith.url });
        await page.context().addCookies([cookie("theme", theme), cookie("lang", lang)]);
        const open = async (path: string) => {
          await page.goto(path);
          await expect(page.locator(".banner")).toHaveClass(/calm/);
          await expect(page.locator("[role=status]").first()).toHaveText(/Connected|已连接/);
        };
        const press = (selector: string) =>
          page.locator(selector).first().evaluate((element) => (element as HTMLElement).click());

        await open("/");
        await shoot("list");
        // Not the first, which is silent already.
        await press(".rows li:nth-child(3) .menu-button");
        await shoot("chat-menu");
        await press("#chat-menu [data-do=mute]");
        await shoot("mute-menu");
        await page.keyboard.press("Escape");
        await press(".shelf");
        await shoot("archive");
        await press(".shelf");
        await page.locator(".list input").fill(`te`);
        await expect(page.locator(".rows .found a")).not.toHaveCount(0);
        await shoot("found");

        await open(`/c/${id}?m=${seq}`);
        await press(`#m-${seq} .menu-button`);
        await shoot("message-menu");
        await press("#message-menu [data-do=react]");
        await shoot("reactions");
        await press("#reactions [data-do=more]");
        await expect(page.locator(".emoji-picker .emoji-list button")).not.toHaveCount(0);
        await shoot("emoji-picker");
        await page.keyboard.press("Escape");
        await page.locator(".composer textarea").fill("Hello @");
        await expect(page.locator(".mention-suggestions li")).not.toHaveCount(0);
        await shoot("mention-suggestions");
        await page.locator(".composer textarea").fill("");
        await press("[popovertarget=to-date]");
        await shoot("to-date");
        await page.keyboard.press("Escape");
        for (const [name, status] of [["part-updated", 404], ["part-unavailable", 503]] as const) {
          await open(`/c/${id}`);
          await page.route("**/parts/*", (route) => route.fulfill({ status }));
          await press(".composer .pick");
          await expect(page.locator(`#${name}`)).toBeVisible();
          await shoot(name);
          await page.unroute("**/parts/*");
        }
        await open("/");
        await press("[popovertarget=account-menu]");
        await shoot("account-menu");
      }
    });
  }
}
