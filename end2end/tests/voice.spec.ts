// Voice messages: recorded from a microphone that the browser makes up, played, and left out where nothing can be recorded.
import { browser as common } from "../playwright.config.ts";
import { fakeMicrophone } from "../support/microphone.ts";
import { expect, test } from "../support/test.ts";

test.use({ launchOptions: fakeMicrophone(common.launchOptions) });

test("a voice message is recorded, sent and played", async ({ browse, register }) => {
  const [alice, bob] = [await register("Alice"), await register("Bob")];
  const { conversation_id } = await alice.writeTo(bob, "[a1]");
  const [mine, theirs] = [await browse(alice), await browse(bob)];
  await mine.openConversation(conversation_id);
  await theirs.openConversation(conversation_id);
  const record = mine.page.getByRole("button", { name: "Record a voice message", exact: true });

  await test.step("what is discarded is not sent", async () => {
    await record.click();
    await mine.page.getByRole("button", { name: "Discard", exact: true }).click();
    await expect(mine.composer).toBeVisible();
  });

  await test.step("by keyboard alone", async () => {
    await record.press("Enter");
    const recording = mine.page.getByRole("group", { name: "Recording", exact: true });
    await expect(recording).toContainText("0:01");
    await expect(mine.sendButton).toBeFocused();
    await mine.page.keyboard.press("Enter");
    await expect(recording).toHaveCount(0);
  });

  const { page } = theirs;
  const play = theirs.log.getByRole("button", { name: "Play", exact: true });
  await expect(play).toBeVisible();
  await expect(theirs.row("Alice")).toContainText("Voice message");
  await play.click();
  await expect(theirs.log.getByRole("button", { name: "Pause", exact: true })).toBeVisible();
  const slider = theirs.log.getByRole("slider", { name: "Position", exact: true });
  await expect.poll(async () => Number(await slider.inputValue())).toBeGreaterThan(0);
  const [, voice] = await bob.history(conversation_id);
  expect(voice!.files).toMatchObject([{ voice: true, mime: expect.stringMatching(/^audio\//) }]);
  const { duration_ms, waveform } = voice!.files[0] as unknown as { duration_ms: number; waveform: number[] };
  expect(duration_ms).toBeGreaterThan(900);
  expect(await slider.getAttribute("max")).toBe(String(duration_ms));
  expect(waveform.length).toBeGreaterThan(10);
  await expect(page.locator(".waveform rect")).toHaveCount(waveform.length);
});

test("a button that is held: letting go sends, sliding off discards", async ({ browse, register }) => {
  const alice = await register("Alice");
  const { conversation_id } = await alice.writeTo(alice, "[a1]");
  const mine = await browse(alice);
  await mine.openConversation(conversation_id);
  const { page } = mine;
  const record = page.getByRole("button", { name: "Record a voice message", exact: true });
  const recording = page.getByRole("group", { name: "Recording", exact: true });
  const press = async () => {
    await record.hover();
    await page.mouse.down();
    await expect(recording).toContainText("Let go to send, slide off to discard");
    await expect(recording).toContainText("0:01");
  };

  await test.step("slid off", async () => {
    await press();
    const { x, y } = (await recording.boundingBox())!;
    await page.mouse.move(x, y - 100, { steps: 5 });
    await expect(recording).toContainText("Let go to discard");
    await page.mouse.up();
    await expect(recording).toHaveCount(0);
    await expect(mine.composer).toBeVisible();
  });

  await test.step("let go", async () => {
    await press();
    await page.mouse.up();
    await expect(recording).toHaveCount(0);
    await expect(mine.log.getByRole("button", { name: "Play", exact: true })).toHaveCount(1);
  });
  expect(await alice.history(conversation_id)).toHaveLength(2);
});

test("a finger that slides off the button discards, and one that lets go on it sends", async ({ browse, register }) => {
  const alice = await register("Alice");
  const { conversation_id } = await alice.writeTo(alice, "[a1]");
  const mine = await browse(alice, { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true });
  await mine.openConversation(conversation_id);
  const { page } = mine;
  const recording = page.getByRole("group", { name: "Recording", exact: true });
  const touch = await page.context().newCDPSession(page);
  const finger = (type: "touchStart" | "touchMove" | "touchEnd", ...touchPoints: { x: number; y: number }[]) =>
    touch.send("Input.dispatchTouchEvent", { type, touchPoints });
  const button = (await page.getByRole("button", { name: "Record a voice message", exact: true }).boundingBox())!;
  const [x, y] = [button.x + button.width / 2, button.y + button.height / 2];
  await finger("touchStart", { x, y });
  await expect(recording).toContainText("0:01");
  // In steps, as a finger moves: the browser is not to take it for scrolling.
  for (let moved = 20; moved <= 160; moved += 20) await finger("touchMove", { x: x - moved / 2, y: y - moved });
  await expect(recording).toContainText("Let go to discard");
  await finger("touchEnd");
  await expect(recording).toHaveCount(0);
  await finger("touchStart", { x, y });
  await expect(recording).toContainText("0:01");
  await finger("touchEnd");
  await expect(mine.log.getByRole("button", { name: "Play", exact: true })).toHaveCount(1);
  expect(await alice.history(conversation_id)).toHaveLength(2);
});

test("where nothing can be recorded the button is left out, and a sentence says why", async ({ browse, register }) => {
  const alice = await register("Alice");
  const { conversation_id } = await alice.writeTo(alice, "[a1]");
  const mine = await browse(alice);
  // As in a page that came over plain HTTP from elsewhere.
  await mine.page.addInitScript(() => Object.defineProperty(Navigator.prototype, "mediaDevices", { get: () => undefined }));
  await mine.openConversation(conversation_id);
  await expect(mine.page.getByRole("button", { name: "Record a voice message", exact: true })).toBeHidden();
  await mine.page.getByRole("button", { name: "Attach", exact: true }).click();
  await expect(mine.page.getByText("Voice messages can be recorded over https alone.")).toBeVisible();
});
