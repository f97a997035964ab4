// Files through Debian's nginx as it comes, which lets bodies of 1 MB pass, over a line that is cut.
import { drop, picture } from "../support/choosing.ts";
import { noise } from "../support/drawn.ts";
import { Nginx } from "../support/nginx.ts";
import { Proxy } from "../support/proxy.ts";
import { expect, test } from "../support/test.ts";

test("an album of five is dropped, one is cut off and goes on where it was, and both see it", async ({ browse, kith, register }) => {
  const nginx = await Nginx.start(kith.port);
  const network = await Proxy.start(nginx.socket);
  const [alice, bob] = [await register("Alice"), await register("Bob")];
  const { conversation_id } = await alice.writeTo(bob, "[a1] Pictures follow");
  const [mine, theirs] = [await browse(alice, { baseURL: network.url }), await browse(bob)];
  await mine.openConversation(conversation_id);
  await theirs.openConversation(conversation_id);
  const { page } = mine;

  /** The pieces of the large one, by where they begin: before the line is cut, and after. */
  const pieces: number[][] = [[], []];
  let large = "";
  let isCut = false;
  page.on("request", (request) => {
    if (request.method() !== "PATCH") return;
    const offset = Number(request.headers()["upload-offset"]);
    if (offset > 0) large ||= request.url();
    if (request.url() !== large) return;
    pieces[isCut ? 1 : 0]!.push(offset);
    if (isCut) return;
    isCut = true;
    network.cut();
  });
  const refused: number[] = [];
  page.on("response", (answer) => {
    if (answer.url().includes("/uploads") && answer.status() >= 400) refused.push(answer.status());
  });
  const widths = [100, 110, 1400, 130, 140];
  const files = widths.map((width) => width === 1400
    ? { name: "large.png", mimeType: "image/png", buffer: Buffer.from(noise(width, 1000)) }
    : picture(`p${width}.png`, width, 100));
  await drop(page, files);
  await expect(page.getByRole("list", { name: "Attachments", exact: true }).getByRole("listitem")).toHaveCount(5);
  await mine.composer.fill("Summer");
  await mine.composer.press("Enter");
  await expect.poll(() => isCut).toBe(true);
  await mine.disconnected();
  await expect(page.getByRole("progressbar", { name: "large.jpg", exact: true })).toBeVisible();
  network.mend();

  for (const { log, page } of [mine, theirs]) {
    await expect(log.getByRole("button", { name: "Summer", exact: true })).toHaveCount(5, { timeout: 60_000 });
    await expect.poll(() => page.locator(".album img").evaluateAll((images) =>
      (images as HTMLImageElement[]).every((image) => image.complete && image.naturalWidth > 0))).toBe(true);
  }
  const [, album, ...more] = await bob.history(conversation_id);
  expect(more).toEqual([]);
  expect(album!.files.map(({ width }) => width)).toEqual(widths);
  // What had arrived was not sent again, and nothing was too large for nginx.
  expect(Math.min(...pieces[1]!)).toBeGreaterThan(0);
  expect(refused).not.toContain(413);
  await network.stop();
  await nginx.stop();
});
