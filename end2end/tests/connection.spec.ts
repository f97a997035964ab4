// How the page tells of its connection, and what it does when the server has closed it.
import { Person } from "../support/api.ts";
import { Messenger } from "../support/messenger.ts";
import { Kith } from "../support/server.ts";
import { expect, test } from "../support/test.ts";
import { Wire } from "../support/wire.ts";

for (const code of [4408, 1008, 1012, 1006]) {
  test(`after ${code === 1006 ? "a lost connection" : code} it connects again and catches up`, async ({ browse, register, network }) => {
    const [alice, bob] = [await register("Alice"), await register("Bob")];
    const { conversation_id } = await bob.writeTo(alice, "[b1] Before");
    const browser = await browse(alice, { baseURL: network.url });
    const wire = await Wire.tap(browser.page);
    await browser.openConversation(conversation_id);
    if (code === 1006) {
      network.cut();
    } else {
      await wire.close(code);
    }
    await browser.disconnected();
    await expect(browser.connection).toHaveText("Reconnecting…");
    await bob.write(conversation_id, "[b2] Meanwhile");
    network.mend();
    await browser.connected();
    await expect(browser.message("[b2]")).toBeVisible();
    expect(wire.connections).toBeGreaterThan(1);
  });
}

for (const code of [4400, 1009]) {
  test(`a message over which the server closes with ${code} is Not sent, and the next one is`, async ({ browse, register }) => {
    const [alice, bob] = [await register("Alice"), await register("Bob")];
    const { conversation_id } = await bob.writeTo(alice, "Mind your words");
    const browser = await browse(alice);
    const wire = await Wire.tap(browser.page);
    wire.answer = (frame) => (String(frame.content).startsWith("[a1]") ? code : undefined);
    await browser.openConversation(conversation_id);
    await browser.send("[a1] Too much");
    await expect(browser.state("[a1]", "Not sent")).toBeVisible();
    await browser.connected();
    await browser.send("[a2] Better");
    await expect(browser.state("[a2]", "Sent").or(browser.state("[a2]", "Delivered"))).toBeVisible();
    expect(wire.sentOf("message").filter((frame) => String(frame.content).startsWith("[a1]"))).toHaveLength(1);
  });
}

test("who has sent too much waits, even when the user comes back", async ({ browse, register }) => {
  const browser = await browse(await register("Alice"));
  const { page } = browser;
  const wire = await Wire.tap(page);
  await page.clock.install();
  await browser.open("/");
  await wire.close(4429);
  await browser.disconnected();
  await page.evaluate(() => {
    window.dispatchEvent(new Event("focus"));
    window.dispatchEvent(new Event("online"));
  });
  await page.clock.fastForward(14_000);
  await expect(browser.connection).toHaveText("Reconnecting…");
  expect(wire.connections).toBe(1);
  await page.clock.fastForward(20_000);
  await browser.connected();
});

test("a message refused for the moment is sent again when the server has said, and not before", async ({ browse, register }) => {
  const [alice, bob] = [await register("Alice"), await register("Bob")];
  const { conversation_id } = await bob.writeTo(alice, "Slowly");
  const browser = await browse(alice);
  const wire = await Wire.tap(browser.page);
  await browser.page.clock.install();
  let busy = true;
  wire.answer = ({ type, id, client_id }) =>
    type === "message" && busy
      ? { type: "error", id, client_id, code: 429, kind: "rate_limited", message: "Wait", retry_after_ms: 60_000 }
      : undefined;
  await browser.openConversation(conversation_id);
  await browser.send("[a1] Now or later");
  await expect.poll(() => wire.sentOf("message").length).toBe(1);
  await expect(browser.state("[a1]", "Sending")).toBeVisible();
  busy = false;
  await browser.page.clock.fastForward(50_000);
  await browser.connected();
  expect(wire.sentOf("message")).toHaveLength(1);
  await browser.page.clock.fastForward(11_000);
  await expect(browser.state("[a1]", "Sent").or(browser.state("[a1]", "Delivered"))).toBeVisible();
  expect((await bob.history(conversation_id)).at(-1)?.content).toBe("[a1] Now or later");
});

test("whoever comes back asks for a sign of life", async ({ browse, register }) => {
  const browser = await browse(await register("Alice"));
  const wire = await Wire.tap(browser.page);
  await browser.open("/");
  for (const event of ["focus", "online", "pageshow"]) {
    const before = wire.sentOf("ping").length;
    await browser.page.evaluate((event) => window.dispatchEvent(new Event(event)), event);
    await expect.poll(() => wire.sentOf("ping").length, event).toBe(before + 1);
    // The answer, so that the next one is not thought under way.
    await browser.page.evaluate(() => new Promise((done) => setTimeout(done, 200)));
  }
});

test("a login that is past its time is refreshed once for all tabs, and one that has ended leads to the sign-in page", async ({ browse, register }) => {
  const [alice, bob] = [await register("Alice"), await register("Bob")];
  const { conversation_id } = await bob.writeTo(alice, "[b1] Hello");
  const first = await browse(alice);
  const context = first.page.context();
  const second = new Messenger(await context.newPage());
  let refreshes = 0;
  await context.route("**/api/v1/auth/refresh", (route) => {
    refreshes += 1;
    return route.continue();
  });
  const wires = [await Wire.tap(first.page), await Wire.tap(second.page)];
  await first.openConversation(conversation_id);
  await second.openConversation(conversation_id);
  await Promise.all(wires.map((wire) => wire.close(4401)));
  for (const [index, tab] of [first, second].entries()) {
    await expect.poll(() => wires[index]!.connections).toBe(2);
    await tab.connected();
  }
  expect(refreshes).toBe(1);

  const ended = await context.request.post("/api/v1/auth/logout", { headers: { Origin: new URL(first.page.url()).origin } });
  expect(ended.ok()).toBe(true);
  for (const tab of [first, second]) await expect(tab.page).toHaveURL(new RegExp(`/login\\?next=.*${conversation_id}`));
});

test("the banner is a row of its own, and says what becomes of what one writes", async ({ browse, register, network }) => {
  const [alice, bob] = [await register("Alice"), await register("Bob")];
  const { conversation_id } = await bob.writeTo(alice, "[b1] Hello");
  const browser = await browse(alice, { baseURL: network.url });
  const { page } = browser;
  await browser.openConversation(conversation_id);
  network.cut();
  await browser.disconnected();
  await page.context().setOffline(true);
  await expect(browser.connection).toHaveText("Offline: what you write will be sent");
  const banner = (await browser.connection.boundingBox())!;
  for (const place of [browser.chats, page.getByRole("main"), page.getByRole("heading", { level: 1 })]) {
    expect((await place.boundingBox())!.y).toBeGreaterThanOrEqual(banner.y + banner.height);
  }
  await expect(browser.composer).toBeInViewport({ ratio: 1 });
  await browser.send("[a1] Out of a tunnel");
  await page.context().setOffline(false);
  network.mend();
  await browser.connected();
  await expect(browser.state("[a1]", "Sent").or(browser.state("[a1]", "Delivered"))).toBeVisible();
});

test("the oldest tab gives way to a new one, until it is used again", async ({ browse, engine }) => {
  const kith = await Kith.start(engine, { KITH_MAX_SOCKETS_PER_USER: "1" });
  try {
    const [alice, bob] = [await Person.register(kith.url, "Alice"), await Person.register(kith.url, "Bob")];
    const { conversation_id } = await bob.writeTo(alice, "[b1] Where are you?");
    const [first, second] = [await browse(alice, { baseURL: kith.url }), await browse(alice, { baseURL: kith.url })];
    await first.openConversation(conversation_id);
    await second.openConversation(conversation_id);
    await expect(first.connection).toHaveText("Open elsewhere");
    await bob.write(conversation_id, "[b2] Still there?");
    await expect(second.message("[b2]")).toBeVisible();
    await expect(first.message("[b2]")).toHaveCount(0);

    await test.step("a button brings it back", async () => {
      await first.page.getByRole("button", { name: "Use here" }).click();
      await first.connected();
      await expect(first.message("[b2]")).toBeVisible();
      await expect(second.connection).toHaveText("Open elsewhere");
    });

    await test.step("so does writing", async () => {
      await second.send("[a1] Here");
      await second.connected();
      await expect(second.state("[a1]", "Delivered").or(second.state("[a1]", "Sent"))).toBeVisible();
      await expect(first.connection).toHaveText("Open elsewhere");
      expect((await bob.history(conversation_id)).map(({ content }) => content).at(-1)).toBe("[a1] Here");
    });
  } finally {
    await kith.dispose();
  }
});
