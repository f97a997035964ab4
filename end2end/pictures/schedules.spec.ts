// Appointments: their card, the dialog that makes one, and the address for calendars.
import { resolve } from "node:path";
import { expect, test } from "../support/test.ts";

const folder = resolve(import.meta.dirname, "../screens");
const sizes = { wide: { width: 1280, height: 800 }, phone: { width: 390, height: 844 } };

for (const theme of ["light", "dark"] as const) {
  for (const lang of ["en", "zh"] as const) {
    test(`schedules, ${theme}, ${lang}`, async ({ browse, kith, register }) => {
      const [me, mei] = [await register("Ada Wong"), await register("Mei Lin 林美")];
      const { conversation_id: id } = await mei.writeTo(me, "这个周末？");
      const starts_at = Date.UTC(2126, 2, 1, 9);
      const long = "Donaudampfschifffahrtsgesellschaftskapitänsversammlung, and then tea";
      await mei.plan(id, { title: long, starts_at, ends_at: starts_at + 26 * 3_600_000, zone: "Asia/Tokyo", place: "北门" });
      await me.plan(id, { title: "Tea by the lake", starts_at, ends_at: starts_at + 5_400_000, zone: "UTC", place: "Café Ritter" });
      await me.comes(id, 2, "maybe");
      await me.comes(id, 3, "yes");
      await mei.comes(id, 3, "yes");
      for (const [size, viewport] of Object.entries(sizes)) {
        const touch = size === "phone";
        const { page } = await browse(me, { viewport, hasTouch: touch, isMobile: touch, timezoneId: "UTC" });
        const shoot = async (name: string) =>
          page.screenshot({ path: `${folder}/${name}-${lang}-${size}-${theme}.png` });
        const cookie = (name: string, value: string) => ({ name, value, url: kith.url });
        await page.context().addCookies([cookie("theme", theme), cookie("lang", lang)]);
        await page.goto(`/c/${id}`);
        await expect(page.locator("[role=status]").first()).toHaveText(/Connected|已连接/);
        await expect(page.locator(".when[data-told]")).toHaveCount(2);
        await shoot("schedules-cards");
        await page.getByRole("button", { name: /^(Attach|添加附件)$/ }).click();
        await page.getByRole("menuitem").nth(2).click();
        await expect(page.getByRole("dialog")).toBeVisible();
        await shoot("schedules-dialog");
        await page.goto("/settings#calendar");
        await page.locator("#calendar button").first().click();
        await expect(page.locator("#calendar-address")).toBeVisible();
        await shoot("schedules-calendar");
      }
    });
  }
}
