// Pictures, sound and files: in a conversation, chosen, on their way, opened, in details and in the settings.
import { resolve } from "node:path";
import { ogg, png } from "../support/drawn.ts";
import { expect, test } from "../support/test.ts";

const folder = resolve(import.meta.dirname, "../screens");
const sizes = { wide: { width: 1280, height: 800 }, phone: { width: 390, height: 844 } };

for (const theme of ["light", "dark"] as const) {
  for (const lang of ["en", "zh"] as const) {
    test(`files, ${theme}, ${lang}`, async ({ browse, kith, register }) => {
      const [me, mei] = [await register("Ada Wong"), await register("Mei Lin 林美")];
      const { conversation_id: id } = await mei.writeTo(me, "看看这些 👀");
      const photo = (from: typeof me, name: string, width: number, height: number) =>
        from.upload(name, png(width, height), { as: "photo" });
      const album = [[800, 600], [600, 800], [900, 500], [500, 500], [640, 480]];
      await mei.sendFiles(id, "image", await Promise.all(
        album.map(([width, height], at) => photo(mei, `${at}.png`, width!, height!))), "Summer by the lake, شكراً");
      await me.sendFiles(id, "image", [await photo(me, "one.png", 1200, 700)]);
      const long = "Donaudampfschifffahrtsgesellschaft 会议记录 النسخة الأخيرة.pdf";
      const papers = [await mei.upload(long, new Uint8Array(2_400_000)), await mei.upload("notes.txt", new Uint8Array(12))];
      await mei.sendFiles(id, "file", papers);
      const waveform = Array.from({ length: 40 }, (_, at) => Math.round(50 + 45 * Math.sin(at / 2)));
      const voice = await me.upload("voice.ogg", ogg(), { as: "voice", duration_ms: "12400", waveform: waveform.join(",") });
      await me.sendFiles(id, "file", [voice]);
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
        const drawn = () => expect.poll(() => page.locator(".album img").evaluateAll((images) =>
          (images as HTMLImageElement[]).every((image) => image.complete && image.naturalWidth > 0))).toBe(true);

        await open(`/c/${id}?m=2`);
        await drawn();
        await shoot("files-album");
        await open(`/c/${id}`);
        await drawn();
        await shoot("files-end");
        await page.getByRole("button", { name: /^(Attach|添加附件)$/ }).click();
        await shoot("files-attach");
        const chooser = page.waitForEvent("filechooser");
        await page.getByRole("menuitem").first().click();
        await (await chooser).setFiles([
          { name: "Sunset 日落.png", mimeType: "image/png", buffer: Buffer.from(png(320, 240)) },
          { name: "Second.png", mimeType: "image/png", buffer: Buffer.from(png(240, 320)) },
        ]);
        await expect(page.locator(".chosen li")).toHaveCount(2);
        await shoot("files-chosen");
        await page.locator(".album a").last().click();
        await expect(page.getByRole("dialog")).toBeVisible();
        await shoot("files-viewer");
        await page.goto(`/c/${id}/info#shared`);
        for (const [at, kind] of ["image", "video", "file", "voice"].entries()) {
          await page.getByRole("tab").nth(at).click();
          await expect(page.getByRole("tab").nth(at)).toHaveAttribute("aria-selected", "true");
          await shoot(`files-shared-${kind}`);
        }
        await page.goto("/settings#files");
        await shoot("files-settings");
        await page.goto("/");
        await shoot("files-list");
      }
    });
  }
}
