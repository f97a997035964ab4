// Pictures of people and groups: cut to a square, shown everywhere at once, and taken away.
import type { Locator, Page } from "@playwright/test";
import { picture } from "../support/choosing.ts";
import { expect, test } from "../support/test.ts";
import { tabTo } from "../support/tabbing.ts";

const elementsOf = (page: Page) => ({
  change: page.getByRole("button", { name: "Change picture", exact: true }),
  remove: page.getByRole("button", { name: "Remove picture", exact: true }),
  crop: page.getByRole("dialog", { name: "Crop picture", exact: true }),
  save: page.getByRole("dialog").getByRole("button", { name: "Save", exact: true }),
  area: page.getByRole("application", { name: "Picture", exact: true }),
});

/** Chooses a picture, and waits until it can be cut. */
async function choose(page: Page, file = picture("me.png", 900, 500)): Promise<void> {
  const chooser = page.waitForEvent("filechooser");
  await elementsOf(page).change.click();
  await (await chooser).setFiles(file);
  await expect(elementsOf(page).crop).toBeVisible();
}

/** A picture that is there, and not only its place. */
async function expectPicture(image: Locator): Promise<void> {
  await expect(image).toHaveAttribute("src", /^\/avatars\/[0-9a-f]{64}$/);
  await expect.poll(() => image.evaluate((image: HTMLImageElement) => image.naturalWidth)).toBeGreaterThan(0);
}

/** The colour in the middle of what is cut. */
const middle = (area: Locator) => area.locator("canvas").evaluate((canvas: HTMLCanvasElement) =>
  [...canvas.getContext("2d")!.getImageData(256, 256, 1, 1).data]);

test("a picture of oneself is shown to others at once wherever one is named, and taken away", async ({ browse, register }) => {
  const [alice, bob] = [await register("Alice"), await register("Bob")];
  const group = await alice.makeGroup("Walkers", [bob]);
  await alice.write(group, "[a1] In the group");
  const { conversation_id } = await alice.writeTo(bob, "[a2]");
  const [mine, elsewhere, theirs, inGroup] = [await browse(alice), await browse(alice), await browse(bob), await browse(bob)];
  await elsewhere.open("/");
  await theirs.openConversation(conversation_id);
  await inGroup.openConversation(group);
  await mine.open("/settings");
  const { page } = mine;
  const { remove, crop, save } = elementsOf(page);
  await expect(remove).toHaveCount(0);
  await choose(page);
  await crop.getByRole("slider", { name: "Zoom" }).fill("2");
  await save.click();
  await expect(crop).toBeHidden();
  await expect(page.getByRole("status").filter({ hasText: "Saved" })).toBeVisible();
  await expectPicture(page.locator("#avatar .avatar img"));
  await expectPicture(page.getByRole("button", { name: "Account" }).locator("img"));
  const shown = [
    elsewhere.page.getByRole("button", { name: "Account" }).locator("img"),
    theirs.row("Alice").locator(".avatar img"),
    theirs.page.locator("main header .avatar img"),
    inGroup.row("Alice").locator(".avatar img"),
    inGroup.message("[a1]").locator(".avatar img"),
  ];
  for (const image of shown) await expectPicture(image);
  await theirs.page.goto(`/c/${group}/info`);
  await expectPicture(theirs.page.getByRole("listitem").filter({ hasText: alice.user.username }).locator(".avatar img"));
  await remove.click();
  await expect(page.getByRole("status").filter({ hasText: "Saved" })).toBeVisible();
  await expect(remove).toHaveCount(0);
  await expect(theirs.row("Alice").locator(".avatar img")).toHaveCount(0);
  // Others are told of the same person once in ten seconds.
  await expect(inGroup.message("[a1]").locator(".avatar img")).toHaveCount(0, { timeout: 20_000 });
  await expect(inGroup.message("[a1]").locator(".avatar")).toHaveText("A");
});

test("a group has a picture that its admins change, and a message tells of it", async ({ browse, register }) => {
  const [alice, bob] = [await register("Alice"), await register("Bob")];
  const group = await alice.makeGroup("Walkers", [bob]);
  const [mine, theirs] = [await browse(alice), await browse(bob)];
  await theirs.openConversation(group);
  await mine.open(`/c/${group}/info`);
  const { page } = mine;
  const { remove, save } = elementsOf(page);
  await choose(page, picture("hills.png", 300, 600));
  await save.click();
  await expect(remove).toBeVisible();
  await expectPicture(theirs.row("Walkers").locator(".avatar img"));
  await expectPicture(theirs.page.locator("main header .avatar img"));
  await expect(theirs.log).toContainText("Alice changed the picture");
  await theirs.page.goto(`/c/${group}/info`);
  await expectPicture(theirs.page.locator(".self .avatar img"));
  await expect(elementsOf(theirs.page).change).toHaveCount(0);
  await remove.click();
  await expect(remove).toHaveCount(0);
  await expect(theirs.row("Walkers").locator(".avatar")).toHaveText("W");
});

test("by keyboard alone: chosen, moved, made larger, given up, saved", async ({ browse, register }) => {
  const mine = await browse(await register("Alice"));
  const { page } = mine;
  const { change, crop, area, save, remove } = elementsOf(page);
  await mine.open("/settings");
  const begin = async () => {
    if (!(await change.evaluate((button) => button === document.activeElement))) await tabTo(page, change);
    const chooser = page.waitForEvent("filechooser");
    await page.keyboard.press("Enter");
    await (await chooser).setFiles(picture("me.png", 900, 500));
    await expect(area).toBeFocused();
  };
  await begin();
  const before = await middle(area);
  await page.keyboard.press("ArrowLeft");
  expect(await middle(area), "another part is in the middle").not.toEqual(before);
  const slider = crop.getByRole("slider", { name: "Zoom" });
  await page.keyboard.press("+");
  await expect(slider).toHaveValue("1.15");
  await page.keyboard.press("Escape");
  await expect(crop).toBeHidden();
  // Esc has closed it, and not the settings.
  await expect(page).toHaveURL(/\/settings$/);
  await expect(change).toBeFocused();
  await begin();
  await expect(slider).toHaveValue("1");
  await tabTo(page, save);
  await page.keyboard.press("Enter");
  await expect(remove).toBeVisible();
});

test("on a phone the picture is moved and pinched, and all fits", async ({ browse, register }) => {
  const alice = await register("Alice");
  const mine = await browse(alice, { viewport: { width: 390, height: 664 }, hasTouch: true, isMobile: true });
  const { page } = mine;
  const { crop, area, save, remove } = elementsOf(page);
  await mine.open("/settings");
  await choose(page, picture("me.png", 500, 900));
  const before = await middle(area);
  const box = (await area.boundingBox())!;
  const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
  const touch = await page.context().newCDPSession(page);
  const touches = (type: "touchStart" | "touchMove" | "touchEnd", ...places: [number, number][]) =>
    touch.send("Input.dispatchTouchEvent", { type, touchPoints: places.map(([x, y], id) => ({ x, y, id })) });
  await touches("touchStart", [x, y]);
  await touches("touchMove", [x, y + 40]);
  await touches("touchEnd");
  await expect.poll(() => middle(area)).not.toEqual(before);
  await touches("touchStart", [x - 40, y], [x + 40, y]);
  await touches("touchMove", [x - 80, y], [x + 80, y]);
  await touches("touchEnd");
  await expect.poll(async () => Number(await crop.getByRole("slider").inputValue())).toBeCloseTo(2, 1);
  for (const part of [crop.getByRole("heading"), area, save]) await expect(part).toBeInViewport({ ratio: 1 });
  await save.tap();
  await expect(remove).toBeVisible();
});

test("what fails says why, and is tried again", async ({ browse, register }) => {
  const mine = await browse(await register("Alice"));
  const { page } = mine;
  const { crop, save, change, remove } = elementsOf(page);
  await mine.open("/settings");
  await test.step("what is no picture", async () => {
    const chooser = page.waitForEvent("filechooser");
    await change.click();
    await (await chooser).setFiles({ name: "me.png", mimeType: "image/png", buffer: Buffer.from("no picture") });
    await expect(page.getByRole("alert")).toHaveText("This browser cannot read that picture. JPEG, PNG, GIF and WebP can be used.");
    await expect(crop).toBeHidden();
  });
  await choose(page);
  await expect(page.getByRole("alert")).toHaveCount(0);
  await page.route("**/api/v1/users/me/avatar", (route) => route.abort());
  await save.click();
  await expect(crop.getByRole("alert")).toHaveText("The picture could not be saved. Check the connection, then try again.");
  await page.unroute("**/api/v1/users/me/avatar");
  await save.click();
  await expect(remove).toBeVisible();
});

test.describe("without JavaScript", () => {
  test.use({ javaScriptEnabled: false });

  test("a form takes a picture of oneself and of a group, and takes it away", async ({ browse, register }) => {
    const [alice, bob] = [await register("Alice"), await register("Bob")];
    const group = await alice.makeGroup("Walkers", [bob]);
    const { page } = await browse(alice);
    const { change, remove } = elementsOf(page);
    for (const path of ["/settings", `/c/${group}/info`]) {
      await page.goto(path);
      const field = page.getByLabel("Picture file", { exact: true });
      await field.setInputFiles({ name: "me.png", mimeType: "image/png", buffer: Buffer.from("no picture") });
      await change.click();
      await expect(page.getByRole("alert")).toHaveText(/^This is no picture that can be used/);
      await field.setInputFiles(picture("me.png"));
      await change.click();
      await expect(page).toHaveURL(new RegExp(`${path}\\?done=avatar#avatar$`));
      await expect(page.locator("#avatar .avatar img")).toHaveAttribute("src", /^\/avatars\//);
      await remove.click();
      await expect(page.locator("#avatar .avatar img")).toHaveCount(0);
      await expect(remove).toHaveCount(0);
    }
  });
});
