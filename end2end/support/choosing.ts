// Files that are chosen by a menu, or dropped onto the window.
import type { Page } from "@playwright/test";
import { png } from "./drawn.ts";
import type { Messenger } from "./messenger.ts";

export interface Given {
  name: string;
  mimeType: string;
  buffer: Buffer;
}

export const picture = (name: string, width = 320, height = 240): Given => (
  { name, mimeType: "image/png", buffer: Buffer.from(png(width, height)) });

/** Chooses files by the menu. */
export async function choose({ page }: Messenger, entry: "Photo or video" | "File", files: Given[]): Promise<void> {
  const chooser = page.waitForEvent("filechooser");
  await page.getByRole("button", { name: "Attach", exact: true }).click();
  await page.getByRole("menuitem", { name: entry, exact: true }).click();
  await (await chooser).setFiles(files);
}

/** Drops files onto the window. */
export async function drop(page: Page, files: Given[]): Promise<void> {
  // As text: a list of numbers of some megabytes takes seconds.
  const given = files.map(({ name, mimeType: type, buffer }) => ({ name, type, bytes: buffer.toString("base64") }));
  const data = await page.evaluateHandle((files) => {
    const data = new DataTransfer();
    for (const { name, type, bytes } of files) {
      data.items.add(new File([Uint8Array.from(atob(bytes), (byte) => byte.charCodeAt(0))], name, { type }));
    }
    return data;
  }, given);
  await page.dispatchEvent("body", "dragover", { dataTransfer: data });
  await page.dispatchEvent("body", "drop", { dataTransfer: data });
}

/** Half a second of film, as this browser records it. */
export async function film(page: Page): Promise<Uint8Array<ArrayBuffer>> {
  const recorded = await page.evaluate(async () => {
    const canvas = document.createElement("canvas");
    [canvas.width, canvas.height] = [320, 180];
    const context = canvas.getContext("2d")!;
    const recorder = new MediaRecorder(canvas.captureStream(25), { mimeType: "video/webm;codecs=vp8" });
    const pieces: Blob[] = [];
    recorder.ondataavailable = ({ data }) => pieces.push(data);
    const ended = new Promise((done) => (recorder.onstop = done));
    recorder.start();
    for (let frame = 0; frame < 15; frame++) {
      context.fillStyle = `hsl(${frame * 20} 60% 50%)`;
      context.fillRect(0, 0, 320, 180);
      await new Promise((drawn) => setTimeout(drawn, 40));
    }
    recorder.stop();
    await ended;
    return [...new Uint8Array(await new Blob(pieces).arrayBuffer())];
  });
  return Uint8Array.from(recorded);
}
