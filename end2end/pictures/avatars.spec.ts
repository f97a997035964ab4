// Pictures of people and groups: where they are changed, cut and shown; wide and narrow, light and dark, in both languages.
import { resolve } from "node:path";
import { picture } from "../support/choosing.ts";
import { png } from "../support/drawn.ts";
import { expect, test } from "../support/test.ts";

const folder = resolve(import.meta.dirname, "../screens");
const sizes = { wide: { width: 1280, height: 800 }, phone: { width: 390, height: 844 } };

for (const theme of ["light", "dark"] as const) {
  for (const lang of ["en", "zh"] as const) {
    test(`avatars, ${theme}, ${lang}`, async ({ browse, kith, register }) => {
      const [me, mei] = [await register("Ada Wong"), await register("Mei Lin 林美")];
      const group = await me.makeGroup("Walkers 步行者", [mei]);
      await mei.write(group, "Shall we go up on Sunday?");
      await me.writeTo(mei, "早上好 👋");
      await me.setAvatar(`conversations/${group}`, png(300, 300, [[90, 60, 160], [240, 130, 110]]));
      await mei.setAvatar("users/me", png(300, 300, [[20, 90, 200], [200, 230, 140]]));
      for (const [size, viewport] of Object.entries(sizes)) {
        const touch = size === "phone";
        const { page } = await browse(me, { viewport, hasTouch: touch, isMobile: touch });
        const shoot = async (name: string) =>
          page.screenshot({ path: `${folder}/${name}-${lang}-${size}-${theme}.png` });
        const cookie = (name: string, value: string) => ({ name, value, url: kith.url });
        await page.context().addCookies([cookie("theme", theme), cookie("lang", lang)]);
        const open = async (path: string) => {
          await page.goto(path);
          await expect(page.locator("[role=status]").first()).toHaveText(/Connected|已连接/);
        };
        for (const [name, path] of [["settings", "/settings"], ["group", `/c/${group}/info`]] as const) {
          await open(path);
          await shoot(`avatar-${name}`);
          const choose = async (file: Parameters<typeof picture>[0], buffer?: Buffer) => {
            const chooser = page.waitForEvent("filechooser");
            await page.locator("[data-part=avatar-editor]").click();
            await (await chooser).setFiles({ ...picture(file, 900, 600), ...(buffer && { buffer }) });
          };
          await choose("none.png", Buffer.from("no picture"));
          await expect(page.locator(".unreadable")).toBeVisible();
          await shoot(`avatar-${name}-unreadable`);
          await choose("me.png");
          await page.locator(".crop input").fill("1.5");
          await shoot(`avatar-${name}-crop`);
          await page.route("**/avatar", (route) => route.abort());
          await page.locator(".crop .save").click();
          await expect(page.locator(".crop .alert")).toBeVisible();
          await shoot(`avatar-${name}-failed`);
        }
        await open(`/c/${group}`);
        await shoot("avatar-conversation");
        const { page: plain } = await browse(me, { viewport, javaScriptEnabled: false });
        await plain.context().addCookies([cookie("theme", theme), cookie("lang", lang)]);
        await plain.goto("/settings?done=avatar#avatar");
        await plain.screenshot({ path: `${folder}/avatar-plain-${lang}-${size}-${theme}.png` });
      }
    });
  }
}
