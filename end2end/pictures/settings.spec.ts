// The settings, a profile, a conversation and the sign-in card: wide and narrow, light and dark, in both languages.
import { resolve } from "node:path";
import { test } from "../support/test.ts";

const folder = resolve(import.meta.dirname, "../screens");
const sizes = { wide: { width: 1280, height: 800 }, phone: { width: 390, height: 844 } };

for (const theme of ["light", "dark"] as const) {
  for (const lang of ["en", "zh"] as const) {
    test(`settings, ${theme}, ${lang}`, async ({ browse, kith, register }) => {
      const me = await register(lang === "zh" ? "林美 Mei Lin" : "Ada Wong");
      const other = await register("نور الهاشمي Donaudampfschifffahrtsgesellschaftskapitän");
      const { conversation_id } = await other.writeTo(me, "早上好 👋");
      await me.write(conversation_id, "Good morning, 早！");
      for (const [size, viewport] of Object.entries(sizes)) {
        const shoot = async (name: string) =>
          page.screenshot({ path: `${folder}/${name}-${lang}-${size}-${theme}.png` });
        // The cookie decides, whatever the system says.
        const colorScheme = theme === "light" ? "dark" : "light";
        const { page } = await browse(me, { colorScheme, viewport, javaScriptEnabled: false });
        const context = page.context();
        const cookie = (name: string, value: string) => ({ name, value, url: kith.url });
        await context.addCookies([cookie("theme", theme), cookie("lang", lang)]);
        await page.goto("/settings");
        await shoot("settings");
        await page.locator("[name=nickname]").fill("x".repeat(65));
        await page.locator("#nickname form > .solid").click();
        await shoot("settings-refused");
        await page.locator("[name=old]").fill("not the right one");
        await page.locator("[name=new]").fill("another password");
        await page.locator("#password button").click();
        await shoot("settings-password");
        await page.locator("#delete").scrollIntoViewIfNeeded();
        await shoot("settings-end");
        await page.goto(`/u/${other.user.id}`);
        await shoot("profile");
        await page.goto("/u/1");
        await shoot("profile-nobody");
        await page.goto(`/c/${conversation_id}`);
        await shoot("conversation");
        await page.goto("/");
        await page.locator("[popovertarget=account-menu]").click();
        await shoot("account");
        await context.clearCookies({ name: /kith/ });
        await page.goto("/login");
        await shoot("login");
      }
    });
  }
}
