// Sending through trouble: a reload, a killed server, a hasty finger. Nothing is lost or doubled.
import type { Locator, Page } from "@playwright/test";
import { marks, Person } from "../support/api.ts";
import type { Messenger } from "../support/messenger.ts";
import { Kith } from "../support/server.ts";
import { expect, test } from "../support/test.ts";

const MARKS = Array.from({ length: 12 }, (_, index) => `[a${index + 1}]`);

/** The sign that the server has a message. */
function stored(browser: Messenger, mark: string): Locator {
  return browser.state(mark, "Sent").or(browser.state(mark, "Delivered"));
}

/** The marks in the conversation's history, in the order of `seq`. */
async function history(person: Person, conversation: number): Promise<string[]> {
  return marks((await person.history(conversation)).map((message) => message.content));
}

test("a reload in the middle of sending loses nothing and doubles nothing", async ({ browse, register, network }) => {
  const [alice, bob] = [await register("Alice"), await register("Bob")];
  const { conversation_id } = await bob.writeTo(alice, "Tell me everything");
  const browser = await browse(alice, { baseURL: network.url });
  await browser.openConversation(conversation_id);

  // The server stores what it is sent, but its answers are lost: everything is in the middle.
  network.loseAnswers();
  for (const mark of MARKS) await browser.send(`${mark} and so on`);
  await expect(browser.state(MARKS.at(-1)!, "Sending")).toBeVisible();
  await expect.poll(() => history(bob, conversation_id)).toContain(MARKS[0]);

  await browser.page.reload();
  await browser.connected();
  for (const mark of MARKS) await expect(stored(browser, mark)).toBeVisible();
  expect(await history(bob, conversation_id)).toEqual(MARKS);
  expect(await browser.marks()).toEqual(MARKS);
});

test("a server killed in the middle of sending loses nothing and doubles nothing", async ({ browse, engine }) => {
  const kith = await Kith.start(engine);
  try {
    const [alice, bob] = [await Person.register(kith.url, "Alice"), await Person.register(kith.url, "Bob")];
    const { conversation_id } = await bob.writeTo(alice, "Tell me everything");
    const [browser, other] = [await browse(alice, { baseURL: kith.url }), await browse(bob, { baseURL: kith.url })];
    await browser.openConversation(conversation_id);
    await other.openConversation(conversation_id);

    for (const mark of MARKS.slice(0, 4)) await browser.send(`${mark} and so on`);
    await kith.kill();
    await browser.disconnected();
    for (const mark of MARKS.slice(4, 8)) await browser.send(`${mark} and so on`);
    await expect(browser.state(MARKS[7]!, "Sending")).toBeVisible();
    await kith.restart();
    for (const mark of MARKS.slice(8)) await browser.send(`${mark} and so on`);

    await expect(browser.state(MARKS.at(-1)!, "Read")).toBeVisible({ timeout: 60_000 });
    expect(await history(bob, conversation_id)).toEqual(MARKS);
    for (const side of [browser, other]) expect(await side.marks()).toEqual(MARKS);
  } finally {
    await kith.dispose();
  }
});

test("a double press of Send sends once", async ({ browse, register }) => {
  const [alice, bob] = [await register("Alice"), await register("Bob")];
  const { conversation_id } = await bob.writeTo(alice, "Once is enough");
  const browser = await browse(alice);
  await browser.openConversation(conversation_id);
  await browser.composer.fill("[a1] As you say");
  await browser.sendButton.dblclick();
  await browser.send("[a2] Indeed");
  await expect(stored(browser, "[a2]")).toBeVisible();
  expect(await history(bob, conversation_id)).toEqual(["[a1]", "[a2]"]);
});

test("a form that is submitted twice is stored once", async ({ browse, register, kith }) => {
  const [alice, bob] = [await register("Alice"), await register("Bob")];
  const { conversation_id } = await bob.writeTo(alice, "Once is enough");
  const browser = await browse(alice, { javaScriptEnabled: false });
  await browser.page.goto(`/c/${conversation_id}`);
  await browser.composer.fill("[a1] As you say");
  // The same form, as a browser sends it when someone goes back and presses Send again.
  const form = browser.page.locator("form", { has: browser.composer });
  const action = await form.getAttribute("action");
  const fields: Record<string, string> = {};
  for (const field of await form.locator("input[name], textarea[name]").all()) {
    fields[(await field.getAttribute("name"))!] = await field.inputValue();
  }
  for (let times = 0; times < 2; times++) {
    const answer = await browser.page.request.post(new URL(action!, kith.url).href, {
      form: fields,
      headers: { Origin: kith.url },
    });
    expect(answer.ok()).toBe(true);
  }
  expect(await history(bob, conversation_id)).toEqual(["[a1]"]);
});

/** What the page lets pass, the server stores; so this refusal is made on the way. */
async function refuse(page: Page, mark: string): Promise<{ relent(): void }> {
  let refusing = true;
  await page.routeWebSocket(/\/ws$/, (socket) => {
    const server = socket.connectToServer();
    socket.onMessage((frame) => {
      const { type, id, client_id, content } = JSON.parse(String(frame)) as Record<string, string>;
      if (refusing && type === "message" && content?.startsWith(mark)) {
        const error = { code: 422, kind: "validation", message: "Too odd", field: "content" };
        socket.send(JSON.stringify({ type: "error", id, client_id, ...error }));
      } else {
        server.send(frame);
      }
    });
  });
  return { relent: () => (refusing = false) };
}

test("what was not sent survives a reload, and Retry sends it once", async ({ browse, register }) => {
  const [alice, bob] = [await register("Alice"), await register("Bob")];
  const { conversation_id } = await bob.writeTo(alice, "Try and try again");
  const browser = await browse(alice);
  const server = await refuse(browser.page, "[a1]");
  await browser.openConversation(conversation_id);
  await browser.send("[a1] This one is refused");
  await expect(browser.state("[a1]", "Not sent")).toBeVisible();
  await browser.send("[a2] This one is well");
  await expect(stored(browser, "[a2]")).toBeVisible();

  await browser.page.reload();
  await browser.connected();
  await expect(browser.state("[a1]", "Not sent")).toBeVisible();
  const retry = browser.message("[a1]").getByRole("button", { name: "Retry" });
  await retry.click();
  // Refused once more, it stands there as before.
  await expect(browser.state("[a1]", "Not sent")).toBeVisible();
  expect(await history(bob, conversation_id)).toEqual(["[a2]"]);

  server.relent();
  await retry.click();
  await expect(stored(browser, "[a1]")).toBeVisible();
  await expect(retry).toHaveCount(0);
  expect(await history(bob, conversation_id)).toEqual(["[a2]", "[a1]"]);
  expect(await browser.marks()).toEqual(["[a2]", "[a1]"]);
});

test("what cannot be sent says so, and can be deleted", async ({ browse, register }) => {
  const [alice, bob] = [await register("Alice"), await register("Bob")];
  const { conversation_id } = await bob.writeTo(alice, "How long can you go on?");
  const browser = await browse(alice);
  await refuse(browser.page, "[a1]");
  await browser.openConversation(conversation_id);
  await browser.composer.fill("[a1] This one is refused");
  await browser.sendButton.click();
  await expect(browser.state("[a1]", "Not sent")).toBeVisible();
  await browser.send("[a2] This one is well");
  await expect(stored(browser, "[a2]")).toBeVisible();
  await browser.message("[a1]").getByRole("button", { name: "Delete" }).click();
  await expect(browser.message("[a1]")).toHaveCount(0);
  await browser.page.reload();
  await browser.connected();
  expect(await browser.marks()).toEqual(["[a2]"]);
  expect(await history(bob, conversation_id)).toEqual(["[a2]"]);
});
