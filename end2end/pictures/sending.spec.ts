// What is about to be sent, recorded or played: wide and narrow, light and dark, in both languages.
import { resolve } from "node:path";
import { browser as common } from "../playwright.config.ts";
import { film, picture } from "../support/choosing.ts";
import { png, withPlace } from "../support/drawn.ts";
import { fakeMicrophone } from "../support/microphone.ts";
import { expect, test } from "../support/test.ts";

test.use({ launchOptions: fakeMicrophone(common.launchOptions) });

const folder = resolve(import.meta.dirname, "../screens");
const sizes = { wide: { width: 1280, height: 800 }, phone: { width: 390, height: 844 } };

for (const theme of ["light", "dark"] as const) {
  for (const lang of ["en", "zh"] as const) {
    test(`sending, ${theme}, ${lang}`, async ({ browse, kith, register }) => {
      const [me, mei] = [await register("Ada Wong"), await register("Mei Lin 林美")];
      const { conversation_id } = await mei.writeTo(me, "Do you have the pictures from the lake?");
      for (const [size, viewport] of Object.entries(sizes)) {
        const touch = size === "phone";
        const { page } = await browse(me, { viewport, hasTouch: touch, isMobile: touch });
        const shoot = async (name: string) =>
          page.screenshot({ path: `${folder}/${name}-${lang}-${size}-${theme}.png` });
        const cookie = (name: string, value: string) => ({ name, value, url: kith.url });
        await page.context().addCookies([cookie("theme", theme), cookie("lang", lang)]);
        const open = async () => {
          await page.goto(`/c/${conversation_id}`);
          await expect(page.locator("[role=status]").first()).toHaveText(/Connected|已连接/);
        };
        await open();
        const walk = await mei.upload("walk.webm", await film(page), { as: "photo", width: "320", height: "180", duration_ms: "600" });
        const files = [await mei.upload("lake.png", png(640, 480), { as: "photo" }), walk];
        await mei.sendFiles(conversation_id, "image", files, "At the lake");
        await page.locator(".album a.tile").last().click();
        await expect(page.locator("#picture-viewer video")).toBeVisible();
        await shoot("sending-film");
        await page.keyboard.press("Escape");
        const camera = { ...picture("DSC_0042 湖边 with quite a long name.png"), buffer: Buffer.from(withPlace(png(320, 240))) };
        const chooser = page.waitForEvent("filechooser");
        await page.locator("[data-part=attachments]").click();
        await page.locator("[data-pick=file]").click();
        await (await chooser).setFiles([picture("plain.png"), camera]);
        await expect(page.locator(".chosen .place")).toBeVisible();
        await shoot("sending-place");
        await page.locator(".record").hover();
        await page.mouse.down();
        await expect(page.locator(".recording.held")).toBeVisible();
        await shoot("sending-held");
        await page.mouse.move(40, 300);
        await expect(page.locator(".recording.off")).toBeVisible();
        await shoot("sending-off");
        await page.mouse.up();
        await expect(page.locator(".recording")).toHaveCount(0);
        await page.locator(".record").press("Enter");
        await expect(page.locator(".recording")).toBeVisible();
        await shoot("sending-recorded");
      }
    });
  }
}
