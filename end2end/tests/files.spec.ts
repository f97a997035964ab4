// Pictures and files in a conversation: chosen, dropped, carried through a bad line, shown, opened, and without script.
import type { Page } from "@playwright/test";
import { choose, drop, picture } from "../support/choosing.ts";
import { png } from "../support/drawn.ts";
import { expect, test } from "../support/test.ts";

const elementsOf = (page: Page) => ({
  chosen: page.getByRole("list", { name: "Attachments", exact: true }),
  bars: page.getByRole("progressbar"),
  viewer: page.getByRole("dialog", { name: "Picture", exact: true }),
});

test("an album of five that is dropped is one message, in the order in which it was dropped", async ({ browse, register }) => {
  const [alice, bob] = [await register("Alice"), await register("Bob")];
  const { conversation_id } = await alice.writeTo(bob, "[a1] Pictures follow");
  const [mine, theirs] = [await browse(alice), await browse(bob)];
  await mine.openConversation(conversation_id);
  await theirs.openConversation(conversation_id);
  const { page } = mine;
  const { chosen } = elementsOf(page);
  const sizes = [100, 110, 120, 130, 140];
  await drop(page, sizes.map((width) => picture(`p${width}.png`, width, 100)));
  await expect(chosen.getByRole("listitem")).toHaveCount(5);
  await mine.composer.fill("Summer");
  await mine.composer.press("Enter");
  await expect(mine.composer).toHaveValue("");
  await expect(chosen).toHaveCount(0);

  for (const { log, page } of [mine, theirs]) {
    await expect(log.getByRole("button", { name: "Summer", exact: true })).toHaveCount(5);
    // Each is there, and not only its place.
    await expect.poll(() => page.locator(".album img").evaluateAll((images) =>
      (images as HTMLImageElement[]).map((image) => image.complete && image.naturalWidth > 0))).toEqual(sizes.map(() => true));
  }
  const messages = await bob.history(conversation_id);
  expect(messages).toHaveLength(2);
  expect(messages[1]).toMatchObject({ message_type: "image", content: "Summer" });
  expect(messages[1]!.files.map(({ width }) => width)).toEqual(sizes);
  // On the way to the list it is told in a word.
  await expect(theirs.row("Alice")).toContainText("Summer");
});

test("files are listed with Remove, sent as they are, and downloaded by a link", async ({ browse, register }) => {
  const [alice, bob] = [await register("Alice"), await register("Bob")];
  const { conversation_id } = await alice.writeTo(bob, "[a1]");
  const mine = await browse(alice);
  await mine.openConversation(conversation_id);
  const { page } = mine;
  const { chosen } = elementsOf(page);
  const text = { name: "notes.txt", mimeType: "text/plain", buffer: Buffer.from("to the byte") };
  await choose(mine, "File", [text, picture("as-it-is.png")]);
  await expect(chosen.getByRole("listitem")).toHaveCount(2);
  await expect(mine.composer).toBeFocused();
  await chosen.getByRole("button", { name: "Remove", exact: true }).nth(1).click();
  await expect(chosen.getByRole("listitem")).toHaveCount(1);
  await mine.sendButton.click();
  const link = mine.log.getByRole("link", { name: /^notes\.txt/ });
  await expect(link).toContainText("11 B · TXT");
  const download = page.waitForEvent("download");
  await link.click();
  const stored = await (await download).createReadStream();
  const bytes: Buffer[] = [];
  for await (const piece of stored) bytes.push(piece as Buffer);
  expect(Buffer.concat(bytes).toString()).toBe("to the byte");
  await expect(mine.row("Bob")).toContainText("File");
});

test("pictures open over the window: arrows, Esc, and the focus comes back", async ({ browse, register }) => {
  const [alice, bob] = [await register("Alice"), await register("Bob")];
  const { conversation_id } = await alice.writeTo(bob, "[a1]");
  const files = await Promise.all([0, 1, 2].map((at) => alice.upload(`p${at}.png`, png(200 + at, 150), { as: "photo" })));
  await alice.sendFiles(conversation_id, "image", files);
  const theirs = await browse(bob);
  await theirs.openConversation(conversation_id);
  const { page } = theirs;
  const { viewer } = elementsOf(page);
  const pictures = theirs.log.getByRole("button", { name: "Photo", exact: true });
  await expect(pictures).toHaveCount(3);
  await pictures.nth(1).focus();
  // What looks after pictures comes just behind the page.
  await expect(async () => {
    await page.keyboard.press("Space");
    await expect(viewer).toBeVisible({ timeout: 2_000 });
  }).toPass();
  const image = viewer.getByRole("img");
  await expect(image).toHaveJSProperty("src", new URL(files[1]!.url, page.url()).href);
  await page.keyboard.press("ArrowRight");
  await expect(image).toHaveJSProperty("src", new URL(files[2]!.url, page.url()).href);
  await expect(viewer.getByRole("button", { name: "Next", exact: true })).toBeHidden();
  await viewer.getByRole("button", { name: "Previous", exact: true }).click();
  await viewer.getByRole("button", { name: "Previous", exact: true }).click();
  await expect(image).toHaveJSProperty("src", new URL(files[0]!.url, page.url()).href);
  await expect(viewer.getByRole("button", { name: "Download", exact: true })).toHaveJSProperty("href", new URL(`${files[0]!.url}?download`, page.url()).href);
  await page.keyboard.press("Escape");
  await expect(viewer).toBeHidden();
  await expect(pictures.first()).toBeFocused();
  // Esc has closed the picture, and not the conversation.
  await expect(page).toHaveURL(new RegExp(`/c/${conversation_id}$`));
});

test("an upload that is cut off goes on where it was, and progress never goes back", async ({ browse, register, network }) => {
  const [alice, bob] = [await register("Alice"), await register("Bob")];
  const { conversation_id } = await alice.writeTo(bob, "[a1]");
  const mine = await browse(alice, { baseURL: network.url });
  await mine.openConversation(conversation_id);
  const { page } = mine;
  const { bars } = elementsOf(page);
  await page.evaluate(() => {
    const seen: number[] = [];
    (window as Window & { seen?: number[] }).seen = seen;
    new MutationObserver(() => {
      const bar = document.querySelector("progress");
      if (bar) seen.push(bar.value);
    }).observe(document, { subtree: true, childList: true, attributes: true });
  });
  const bytes = Buffer.alloc(6_000_000, "kith ");
  const chunks: string[] = [];
  page.on("request", (request) => {
    if (request.method() === "PATCH") chunks.push(request.headers()["upload-offset"] ?? "");
    if (chunks.length === 3 && request.method() === "PATCH") network.cut();
  });
  await choose(mine, "File", [{ name: "long.bin", mimeType: "application/octet-stream", buffer: bytes }]);
  await mine.sendButton.click();
  await expect(page.getByRole("progressbar", { name: "long.bin", exact: true })).toBeVisible();
  // A text does not wait for it.
  await mine.send("[a2] Meanwhile");
  await expect.poll(() => chunks.length).toBeGreaterThanOrEqual(3);
  network.mend();
  await expect(mine.log.getByRole("link", { name: /^long\.bin/ })).toBeVisible({ timeout: 60_000 });
  await expect(bars).toHaveCount(0);
  const seen = await page.evaluate(() => (window as Window & { seen?: number[] }).seen ?? []);
  expect(seen).toEqual([...seen].sort((one, other) => one - other));
  const [, , last] = await bob.history(conversation_id);
  expect(last!.files[0]).toMatchObject({ name: "long.bin", size: bytes.length });
});

test("a reload goes on with what was sent, and keeps what was chosen; logging out deletes it", async ({ browse, register }) => {
  const [alice, bob] = [await register("Alice"), await register("Bob")];
  const { conversation_id } = await alice.writeTo(bob, "[a1]");
  const mine = await browse(alice);
  await mine.openConversation(conversation_id);
  const { page } = mine;
  const { chosen, bars } = elementsOf(page);
  await page.route("**/api/v1/uploads/*", (route) => route.abort());
  await choose(mine, "File", [{ name: "first.txt", mimeType: "text/plain", buffer: Buffer.from("first") }]);
  await mine.composer.fill("Its caption");
  await mine.sendButton.click();
  await expect(bars).toHaveCount(1);
  await choose(mine, "File", [{ name: "second.txt", mimeType: "text/plain", buffer: Buffer.from("second") }]);
  await expect(chosen.getByRole("listitem")).toHaveCount(1);
  await page.reload();
  await mine.connected();
  await expect(chosen).toContainText("second.txt");
  await expect(bars).toHaveCount(1);
  await page.unroute("**/api/v1/uploads/*");
  await page.reload();
  await expect(mine.log.getByRole("link", { name: /^first\.txt/ })).toBeVisible();
  await expect(mine.message("Its caption")).toBeVisible();

  page.once("dialog", (dialog) => void dialog.accept());
  await page.getByRole("button", { name: "Account" }).click();
  await page.getByRole("menuitem", { name: "Log out" }).click();
  await expect(page).toHaveURL(/\/login/);
  const left = await page.evaluate(() => new Promise<number>((resolve, reject) => {
    const opened = indexedDB.open("kith");
    opened.onerror = reject;
    opened.onsuccess = () => {
      const count = opened.result.transaction("parcels").objectStore("parcels").count();
      count.onsuccess = () => resolve(count.result);
    };
  }));
  expect(left).toBe(0);
});

test("what the server refuses says why; Cancel takes it away and Retry tries again", async ({ browse, register }) => {
  const [alice, bob] = [await register("Alice"), await register("Bob")];
  const { conversation_id } = await alice.writeTo(bob, "[a1]");
  const mine = await browse(alice);
  await mine.openConversation(conversation_id);
  const { page } = mine;
  const refuse = (route: import("@playwright/test").Route) =>
    route.fulfill({ status: 507, json: { error: { code: 507, kind: "quota", message: "" } } });
  await page.route("**/api/v1/uploads", refuse);
  const files = ["one.txt", "two.txt"].map((name) => ({ name, mimeType: "text/plain", buffer: Buffer.from(name) }));
  await choose(mine, "File", files);
  await mine.sendButton.click();
  const uploads = page.getByRole("list", { name: "Uploads", exact: true }).getByRole("listitem");
  await expect(uploads).toHaveCount(2);
  for (const row of [uploads.first(), uploads.last()]) await expect(row).toContainText("Your room for files is used up");
  await uploads.first().getByRole("button", { name: "Cancel upload", exact: true }).click();
  await expect(uploads).toHaveCount(1);
  await page.unroute("**/api/v1/uploads");
  await uploads.getByRole("button", { name: "Retry upload", exact: true }).click();
  await expect(mine.log.getByRole("link", { name: /^two\.txt/ })).toBeVisible();
  await expect(mine.log.getByRole("link", { name: /^one\.txt/ })).toHaveCount(0);
});
