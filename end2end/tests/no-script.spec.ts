// Without JavaScript: registering, reading and sending by plain pages and forms.
import { uniqueUsername, Person } from "../support/api.ts";
import { expect, test } from "../support/test.ts";

test.use({ javaScriptEnabled: false });

test("someone without JavaScript registers, reads and answers", async ({ browse, register, kith }) => {
  const bob = await register("Bob");
  const browser = await browse(null);
  const username = uniqueUsername("Carol");
  await browser.register(username, "Carol", "correct horse battery");
  const carol = await Person.logIn(kith.url, username);
  const { conversation_id } = await bob.writeTo(carol, "[b1] Welcome, Carol");
  await bob.write(conversation_id, "[b2] See https://example.org/plain");

  await browser.page.reload();
  await browser.unreadRow("Bob", 2).click();
  await expect(browser.page).toHaveURL(new RegExp(`/c/${conversation_id}`));
  await expect(browser.message("[b1]")).toBeVisible();
  await expect(browser.message("[b2]").getByRole("link")).toHaveAttribute("href", "https://example.org/plain");

  await browser.composer.fill("[a1] Thank you\n[on a second line]");
  await browser.sendButton.click();
  await expect(browser.message("[a1]")).toBeVisible();
  expect((await bob.history(conversation_id)).at(-1)).toMatchObject({
    content: "[a1] Thank you\n[on a second line]",
    sender: { nickname: "Carol" },
  });
  // The form marked as read what it showed.
  await browser.page.goto("/");
  await expect(browser.row("Bob")).toBeVisible();
  await expect(browser.unreadRow("Bob", 2)).toHaveCount(0);
  expect(await carol.conversation(conversation_id)).toMatchObject({ unread: 0 });
});

test("someone without JavaScript finds a person and writes first", async ({ browse, register }) => {
  const [alice, bob] = [await register("Alice"), await register("Bob")];
  const browser = await browse(alice);
  await browser.page.goto("/");
  await browser.page.getByRole("link", { name: "New chat" }).click();
  await browser.page.getByRole("searchbox", { name: "Find people" }).fill(bob.user.username);
  await browser.page.getByRole("searchbox", { name: "Find people" }).press("Enter");
  await browser.page.getByRole("list", { name: "People" }).getByRole("link", { name: /Bob/ }).click();
  await browser.composer.fill("[a1] No script needed");
  await browser.sendButton.click();
  await expect(browser.page).toHaveURL(/\/c\/\d+/);
  await expect(browser.message("[a1]")).toBeVisible();
  const [conversation] = await bob.conversations();
  expect(conversation).toMatchObject({ unread: 1, peer: { id: alice.user.id } });
});

test("older messages are behind a link", async ({ browse, register }) => {
  const [alice, bob] = [await register("Alice"), await register("Bob")];
  const { conversation_id } = await bob.writeTo(alice, "[b1] The first");
  for (let number = 2; number <= 120; number++) await bob.write(conversation_id, `[b${number}] And another`);
  await alice.markRead(conversation_id, 120);
  const browser = await browse(alice);
  await browser.page.goto(`/c/${conversation_id}`);
  await expect(browser.message("[b120]")).toHaveCount(1);
  await expect(browser.message("[b1]")).toHaveCount(0);
  for (let pages = 0; (await browser.message("[b1]").count()) === 0; pages++) {
    expect(pages).toBeLessThan(3);
    await browser.page.getByRole("link", { name: "Older" }).click();
  }
  await browser.page.getByRole("link", { name: "Newer" }).click();
  await expect(browser.message("[b1]")).toHaveCount(0);
});

test("a conversation opens at its end, or where the unread begins", async ({ browse, register }) => {
  const [alice, bob] = [await register("Alice"), await register("Bob")];
  const { conversation_id } = await bob.writeTo(alice, "[b1] The first");
  for (let number = 2; number <= 80; number++) await bob.write(conversation_id, `[b${number}] And another`);
  const browser = await browse(alice);
  const middle = browser.page.getByText("New", { exact: true });

  await alice.markRead(conversation_id, 40);
  await browser.page.goto(`/c/${conversation_id}`);
  await expect(middle).toBeInViewport();
  await expect(browser.message("[b41]")).toBeInViewport();
  await test.step("and from there one scrolls freely", async () => {
    await browser.log.hover();
    // A page that has just appeared may miss the first turn of a wheel.
    await expect(async () => {
      const before = (await middle.boundingBox())!.y;
      await browser.page.mouse.wheel(0, 120);
      const moved = async () => (await middle.boundingBox())!.y - before;
      await expect.poll(moved, { timeout: 2_000 }).toBe(-120);
    }).toPass();
  });

  await alice.markRead(conversation_id, 80);
  await browser.page.goto(`/c/${conversation_id}`);
  await expect(browser.message("[b80]")).toBeInViewport({ ratio: 1 });
  await browser.page.goto(`/c/${conversation_id}?m=45`);
  await expect(browser.message("[b45]")).toBeInViewport({ ratio: 1 });
  await browser.page.goto(`/c/${conversation_id}?after=20`);
  await expect(browser.message("[b21]")).toBeInViewport({ ratio: 1 });
});

test("a short conversation stands at the foot", async ({ browse, register }) => {
  const [alice, bob] = [await register("Alice"), await register("Bob")];
  const { conversation_id } = await bob.writeTo(alice, "[b1] The only one");
  const browser = await browse(alice);
  await browser.page.goto(`/c/${conversation_id}`);
  const [message, composer] = [await browser.message("[b1]").boundingBox(), await browser.composer.boundingBox()];
  expect(composer!.y - message!.y - message!.height).toBeLessThan(80);
});

test("a wrong password is an alert, and what was typed as a name stays", async ({ browse, register }) => {
  const alice = await register("Alice");
  const { page } = await browse(null);
  await page.goto("/login");
  await page.getByRole("textbox", { name: "Username" }).fill(alice.user.username);
  await page.getByLabel("Password").fill("not the right one");
  await page.getByRole("button", { name: "Log in" }).click();
  await expect(page.getByRole("alert")).toBeVisible();
  await expect(page.getByRole("textbox", { name: "Username" })).toHaveValue(alice.user.username);
  await expect(page.getByLabel("Password")).toHaveValue("");
});
