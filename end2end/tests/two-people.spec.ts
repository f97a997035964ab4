// From an empty server to two people talking, each in a browser of their own.
import { marks, uniqueUsername } from "../support/api.ts";
import { expect, test } from "../support/test.ts";

test("two people register, find one another and talk, live on both sides", async ({ browse }) => {
  const [alice, bob] = [await browse(null), await browse(null)];
  const [aliceName, bobName] = [uniqueUsername("Alice"), uniqueUsername("Bob")];

  await test.step("both create an account", async () => {
    await alice.page.goto("/login");
    await alice.page.getByRole("link", { name: "Create an account" }).click();
    await expect(alice.page).toHaveURL(/\/register$/);
    await alice.register(aliceName, "Alice Abbott", "correct horse battery");
    await bob.register(bobName, "Bob Baker", "correct horse battery");
    await bob.connected();
  });

  await test.step("Alice finds Bob and writes first", async () => {
    await alice.connected();
    await alice.page.getByRole("link", { name: "New chat" }).click();
    await alice.page.getByRole("searchbox", { name: "Find people" }).fill(bobName);
    await alice.page.getByRole("list", { name: "People" }).getByRole("link", { name: /Bob Baker/ }).click();
    await expect(alice.page.getByRole("heading", { level: 1, name: "Bob Baker" })).toBeVisible();
    await alice.send("Hello Bob, this is Alice");
    await expect(alice.message("Hello Bob, this is Alice")).toHaveCount(1);
    await expect(alice.page).toHaveURL(/\/c\/\d+/);
    await expect(alice.state("Hello Bob, this is Alice", "Delivered")).toBeVisible();
  });

  await test.step("it appears in Bob's list by itself, and he reads it", async () => {
    await expect(bob.unreadRow("Alice Abbott", 1)).toBeVisible();
    await bob.row("Alice Abbott").click();
    await expect(bob.message("Hello Bob, this is Alice")).toBeVisible();
    await expect(bob.message("Hello Bob, this is Alice")).toHaveAccessibleName(/^Alice Abbott at /);
    await expect(alice.state("Hello Bob, this is Alice", "Read")).toBeVisible();
    await expect(bob.unreadRow("Alice Abbott", 1)).toHaveCount(0);
  });

  await test.step("they talk, and both see the same in the same order", async () => {
    await bob.send("[b1] Hello Alice");
    await expect(alice.message("[b1]")).toBeVisible();
    await alice.send("[a1] How are you?");
    await expect(bob.message("[a1]")).toBeVisible();
    await bob.send("[b2] Well, and you?");
    await bob.send("[b3] 我很好 👋");
    await expect(alice.message("[b3]")).toBeVisible();
    await expect(bob.state("[b3]", "Read")).toBeVisible();
    for (const side of [alice, bob]) {
      expect(await side.marks()).toEqual(["[b1]", "[a1]", "[b2]", "[b3]"]);
    }
  });

  await test.step("a reload shows the same again", async () => {
    await alice.page.reload();
    await alice.connected();
    expect(await alice.marks()).toEqual(["[b1]", "[a1]", "[b2]", "[b3]"]);
    await expect(alice.row("Bob Baker")).toContainText("我很好 👋");
  });
});

test("whoever logs out must log in to come back, and then finds everything", async ({ browse, register }) => {
  const [alice, bob] = [await register("Alice"), await register("Bob")];
  const { conversation_id } = await bob.writeTo(alice, "Are you there?");
  const browser = await browse(alice);
  await browser.openConversation(conversation_id);
  await browser.page.getByRole("button", { name: "Account" }).click();
  await browser.page.getByRole("menuitem", { name: "Log out" }).click();
  await expect(browser.page).toHaveURL(/\/login/);

  await browser.page.goto(`/c/${conversation_id}`);
  await expect(browser.page).toHaveURL(/\/login/);
  await expect(browser.page.getByText("Are you there?")).toHaveCount(0);

  await browser.page.getByRole("textbox", { name: "Username" }).fill(alice.user.username);
  await browser.page.getByLabel("Password").fill("wrong password");
  await browser.page.getByRole("button", { name: "Log in" }).click();
  await expect(browser.page.getByRole("alert")).toBeVisible();
  await browser.page.getByRole("textbox", { name: "Username" }).fill(alice.user.username);
  await browser.page.getByLabel("Password").fill(alice.password);
  await browser.page.getByRole("button", { name: "Log in" }).click();
  await browser.row("Bob").click();
  await expect(browser.message("Are you there?")).toBeVisible();
});

test("logging out warns of what was not sent, and only a log-out that succeeds removes it", async ({ browse, register, network }) => {
  const [alice, bob] = [await register("Alice"), await register("Bob")];
  const { conversation_id } = await bob.writeTo(alice, "Going already?");
  const browser = await browse(alice, { baseURL: network.url });
  const { page } = browser;
  const logOut = async (sure: boolean) => {
    const asked = page.waitForEvent("dialog").then(async (dialog) => {
      expect(dialog.message()).toContain("1 message was not sent");
      await (sure ? dialog.accept() : dialog.dismiss());
    });
    const item = page.getByRole("menuitem", { name: "Log out" });
    if (!(await item.isVisible())) await page.getByRole("button", { name: "Account" }).click();
    await item.click();
    await asked;
  };
  const kept = () => page.evaluate(() => Object.keys(localStorage).filter((key) => key.startsWith("kith:")).length);
  await browser.openConversation(conversation_id);
  network.cut();
  await browser.disconnected();
  await browser.send("[a1] Not before you have read this");
  await browser.composer.fill("Nor before I have");
  await expect(browser.state("[a1]", "Sending")).toBeVisible();
  expect(await kept()).toBe(2);

  await test.step("who says no stays", async () => {
    await logOut(false);
    await expect(browser.message("[a1]")).toBeVisible();
  });

  await test.step("a log-out that fails says so, and keeps everything", async () => {
    await logOut(true);
    await expect(page.getByRole("alert")).toBeVisible();
    expect(await kept()).toBe(2);
    await page.keyboard.press("Escape");
    await expect(browser.composer).toHaveValue("Nor before I have");
  });

  await test.step("one that succeeds leaves nothing in the browser", async () => {
    // Pages come through, the socket does not: what is unsent stays so.
    await page.routeWebSocket(/\/ws$/, (socket) => socket.close());
    network.mend();
    await page.goto(`/c/${conversation_id}`);
    await expect(browser.state("[a1]", "Sending")).toBeVisible();
    await logOut(true);
    await expect(page).toHaveURL(/\/login/);
    expect(await kept()).toBe(0);
    expect(marks((await bob.history(conversation_id)).map(({ content }) => content))).toEqual([]);
  });
});

test("two tabs of one person show the same, each message once", async ({ browse, register }) => {
  const [alice, bob] = [await register("Alice"), await register("Bob")];
  const { conversation_id } = await bob.writeTo(alice, "[b1] Both of you see this");
  const [first, second] = [await browse(alice), await browse(alice)];
  await first.openConversation(conversation_id);
  await second.openConversation(conversation_id);
  await first.send("[a1] From the first");
  await expect(second.message("[a1]")).toHaveCount(1);
  await second.send("[a2] From the second");
  await expect(first.message("[a2]")).toHaveCount(1);
  await bob.write(conversation_id, "[b2] And to both");
  for (const tab of [first, second]) {
    await expect(tab.message("[b2]")).toBeVisible();
    expect(await tab.marks()).toEqual(["[b1]", "[a1]", "[a2]", "[b2]"]);
  }
});
