// What the browser does with files by itself: by keyboard, with films, places, files that are gone, and captions.
import type { Page } from "@playwright/test";
import { choose, film, picture } from "../support/choosing.ts";
import { png, withPlace } from "../support/drawn.ts";
import { tabTo } from "../support/tabbing.ts";
import { expect, test } from "../support/test.ts";

const elementsOf = (page: Page) => ({
  chosen: page.getByRole("list", { name: "Attachments", exact: true }),
  viewer: page.getByRole("dialog", { name: "Picture", exact: true }),
});

test("by keyboard alone: attached, sent, opened, the next one, closed, and the focus is back", async ({ browse, register }) => {
  const [alice, bob] = [await register("Alice"), await register("Bob")];
  const { conversation_id } = await alice.writeTo(bob, "[a1]");
  const mine = await browse(alice);
  await mine.openConversation(conversation_id);
  const { page } = mine;
  const { chosen, viewer } = elementsOf(page);
  await tabTo(page, page.getByRole("button", { name: "Attach", exact: true }));
  await page.keyboard.press("Enter");
  const [photo, file] = ["Photo or video", "File"].map((name) => page.getByRole("menuitem", { name, exact: true }));
  await expect(photo!).toBeFocused();
  await page.keyboard.press("ArrowDown");
  await expect(file!).toBeFocused();
  await page.keyboard.press("ArrowUp");
  const chooser = page.waitForEvent("filechooser");
  await page.keyboard.press("Enter");
  await (await chooser).setFiles([picture("one.png", 200, 150), picture("two.png", 210, 150), picture("three.png", 220, 150)]);
  await expect(mine.composer).toBeFocused();
  await page.keyboard.press("Shift+Tab");
  await expect(chosen.getByRole("button", { name: "Remove", exact: true }).last()).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(chosen.getByRole("listitem")).toHaveCount(2);
  // The focus is not lost with what was removed.
  await expect(chosen.getByRole("button", { name: "Remove", exact: true }).last()).toBeFocused();
  await page.keyboard.press("Tab");
  await expect(mine.composer).toBeFocused();
  await page.keyboard.type("Hills");
  await page.keyboard.press("Enter");
  const pictures = mine.log.getByRole("button", { name: "Hills", exact: true });
  await expect(pictures).toHaveCount(2);
  await tabTo(page, pictures.first(), "Shift+Tab");
  await page.keyboard.press("Enter");
  const image = viewer.getByRole("img");
  await expect(image).toHaveJSProperty("naturalWidth", 200);
  await tabTo(page, viewer.getByRole("button", { name: "Next", exact: true }));
  await page.keyboard.press("Enter");
  await expect(image).toHaveJSProperty("naturalWidth", 210);
  await page.keyboard.press("ArrowLeft");
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("Escape");
  await expect(viewer).toBeHidden();
  await expect(pictures.last()).toBeFocused();
});

test("a film among pictures plays where it is opened, and is silent once it is left", async ({ browse, register }) => {
  const [alice, bob] = [await register("Alice"), await register("Bob")];
  const { conversation_id } = await alice.writeTo(bob, "[a1]");
  const theirs = await browse(bob);
  await theirs.openConversation(conversation_id);
  const { page } = theirs;
  const { viewer } = elementsOf(page);
  const facts = { as: "photo", width: "320", height: "180", duration_ms: "600" };
  const files = [await alice.upload("lake.png", png(200, 150), { as: "photo" }), await alice.upload("walk.webm", await film(page), facts)];
  await alice.sendFiles(conversation_id, "image", files);
  await theirs.log.getByRole("button", { name: "Video", exact: true }).click();
  await expect(viewer.getByRole("group", { name: "Video", exact: true })).toBeVisible();
  const video = page.locator("#picture-viewer video");
  await expect(viewer.getByRole("img")).toHaveCount(0);
  await expect.poll(() => video.evaluate((video: HTMLVideoElement) => video.currentTime)).toBeGreaterThan(0);
  await page.keyboard.press("ArrowLeft");
  await expect(viewer.getByRole("img")).toHaveJSProperty("naturalWidth", 200);
  await expect(video).toBeHidden();
  await expect(video).toHaveJSProperty("paused", true);
  await page.keyboard.press("ArrowRight");
  await expect(video).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(video).toHaveJSProperty("paused", true);
});

test("a picture that is sent as it is and tells its place says so, and goes as a photo at a press", async ({ browse, register }) => {
  const [alice, bob] = [await register("Alice"), await register("Bob")];
  const { conversation_id } = await alice.writeTo(bob, "[a1]");
  const mine = await browse(alice);
  await mine.openConversation(conversation_id);
  const { page } = mine;
  const { chosen } = elementsOf(page);
  const camera = { ...picture("camera.png"), buffer: Buffer.from(withPlace(png(320, 240))) };
  await choose(mine, "File", [picture("plain.png"), camera]);
  const [plain, telling] = [chosen.getByRole("listitem").first(), chosen.getByRole("listitem").last()];
  await expect(telling).toContainText("This picture says where it was taken.");
  await expect(plain).not.toContainText("where it was taken");
  await telling.getByRole("button", { name: "Send as a photo, without the place", exact: true }).click();
  await expect(telling).not.toContainText("where it was taken");
  await mine.sendButton.click();
  await expect(mine.log.getByRole("link", { name: /^plain\.png/ })).toBeVisible();
  await expect(mine.log.getByRole("button", { name: "Photo", exact: true })).toBeVisible();
  const [, file, photo] = await bob.history(conversation_id);
  expect([file!.message_type, photo!.message_type]).toEqual(["file", "image"]);
});

test("a file that the server has no more is carried anew by Retry", async ({ browse, register }) => {
  const [alice, bob] = [await register("Alice"), await register("Bob")];
  const { conversation_id } = await alice.writeTo(bob, "[a1]");
  const mine = await browse(alice);
  await mine.openConversation(conversation_id);
  const { page } = mine;
  const sent: number[] = [];
  await page.route("**/api/v1/messages", (route) => {
    sent.push((route.request().postDataJSON() as { file_ids: number[] }).file_ids[0]!);
    const error = { code: 422, kind: "validation", message: "", field: "file_ids" };
    return sent.length === 1 ? route.fulfill({ status: 422, json: { error } }) : route.continue();
  });
  await choose(mine, "File", [{ name: "notes.txt", mimeType: "text/plain", buffer: Buffer.from("notes") }]);
  await mine.sendButton.click();
  await page.getByRole("button", { name: "Retry upload", exact: true }).click();
  await expect(mine.log.getByRole("link", { name: /^notes\.txt/ })).toBeVisible();
  expect(sent[1]).not.toBe(sent[0]);
});

test("a caption goes by Save", async ({ browse, register }) => {
  const [alice, bob] = [await register("Alice"), await register("Bob")];
  const { conversation_id } = await alice.writeTo(bob, "[a1]");
  await alice.sendFiles(conversation_id, "image", [await alice.upload("lake.png", png(200, 150), { as: "photo" })], "The lake");
  const mine = await browse(alice);
  await mine.openConversation(conversation_id);
  await mine.choose("The lake", "Edit");
  await mine.composer.fill("");
  await mine.page.getByRole("button", { name: "Save", exact: true }).click();
  await expect(mine.log.getByRole("button", { name: "Photo", exact: true })).toBeVisible();
  await expect(mine.message("The lake")).toHaveCount(0);
});
