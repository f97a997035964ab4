// What people are told beside messages while a page is open: wide and narrow, light and dark, in both languages.
import { resolve } from "node:path";
import { expect, test } from "../support/test.ts";

const folder = resolve(import.meta.dirname, "../screens");
const sizes = { wide: { width: 1280, height: 800 }, phone: { width: 390, height: 844 } };

for (const theme of ["light", "dark"] as const) {
  for (const lang of ["en", "zh"] as const) {
    test(`reminders and notices, ${theme}, ${lang}`, async ({ browse, kith, register }) => {
      const [me, mei] = [await register("Ada Wong"), await register("Mei Lin 林美")];
      const { conversation_id: id } = await mei.writeTo(me, "Shall we meet at four, at the gate behind the old mill?");
      await mei.write(id, "شكراً، أراك غداً في الصباح 🌿");
      const browsers = [];
      for (const [size, viewport] of Object.entries(sizes)) {
        const browser = await browse(me, { viewport });
        const cookie = (name: string, value: string) => ({ name, value, url: kith.url });
        await browser.page.context().addCookies([cookie("theme", theme), cookie("lang", lang)]);
        await browser.page.goto(`/c/${id}`);
        await browser.page.waitForFunction(() => /Connected|已连接/.test(document.querySelector("[role=status]")?.textContent ?? ""));
        browsers.push({ size, page: browser.page });
      }
      for (const seq of [1, 2]) {
        await me.send("PUT", `/api/v1/conversations/${id}/messages/${seq}/reminder`, { at: Date.now() + 1_000 * seq });
      }
      await kith.notice("Kith is away from six to seven this evening.", "--to", me.user.username);
      for (const { size, page } of browsers) {
        await expect(page.locator("#told-now .reminder")).toHaveCount(2);
        await expect(page.locator("#told section")).toHaveCount(1);
        await page.screenshot({ path: `${folder}/told-${lang}-${size}-${theme}.png` });
      }
    });
  }
}
