// What one has typed is one's own: it can be undone, it waits, and no key takes it away.
import { expect, test } from "../support/test.ts";

test("a picked mention and a picked emoji can be undone", async ({ browse, register }) => {
  const [alice, bob] = [await register("Alice"), await register("Bob")];
  const id = await alice.makeGroup("Tea", [bob]);
  const browser = await browse(alice);
  const { page, composer } = browser;
  await browser.openConversation(id);
  await composer.pressSequentially("Hello @bo");
  await expect(page.getByRole("option")).toHaveCount(1);
  await composer.press("Enter");
  await expect(composer).toHaveValue(`Hello @${bob.user.username} `);
  await composer.press("Control+z");
  await expect(composer).toHaveValue("Hello @bo");
  await composer.press("Control+Shift+z");
  await expect(composer).toHaveValue(`Hello @${bob.user.username} `);
  await page.getByRole("button", { name: "Emoji", exact: true }).click();
  await page.getByRole("dialog", { name: "Emoji", exact: true }).getByRole("button", { name: "😀" }).first().click();
  await expect(composer).toHaveValue(`Hello @${bob.user.username} 😀`);
  await composer.press("Control+z");
  await expect(composer).toHaveValue(`Hello @${bob.user.username} `);
  // What is undone is what is sent.
  await composer.press("Control+z");
  await expect(composer).toHaveValue("Hello @bo");
  await composer.press("End");
  await composer.pressSequentially("b");
  await expect(page.getByRole("option")).toHaveAttribute("aria-selected", "true");
  await composer.press("Escape");
  await composer.press("Enter");
  await expect.poll(async () => (await bob.history(id)).at(-1)?.content).toBe("Hello @bob");
});

test("a begun edit waits in its conversation, over others and over a reload", async ({ browse, register }) => {
  const [alice, bob, carol] = [await register("Alice"), await register("Bob"), await register("Carol")];
  const { conversation_id } = await alice.writeTo(bob, "[a1] See you at five");
  await carol.writeTo(alice, "[c1] And you?");
  const browser = await browse(alice);
  const { page, composer } = browser;
  const save = page.getByRole("button", { name: "Save", exact: true });
  await browser.openConversation(conversation_id);
  await composer.fill("a draft");
  await browser.choose("[a1]", "Edit");
  await expect(composer).toBeFocused();
  await expect(composer).toHaveValue("[a1] See you at five");
  await composer.fill("[a1] See you at six");

  await browser.row("Carol").click();
  await expect(browser.message("[c1]")).toBeVisible();
  await expect(composer).toHaveValue("");
  await expect(save).toHaveCount(0);
  await browser.row("Bob").click();
  await expect(composer).toHaveValue("[a1] See you at six");
  await expect(save).toBeVisible();

  await page.reload();
  await browser.connected();
  await expect(composer).toHaveValue("[a1] See you at six");
  await expect(save).toBeVisible();
  await composer.press("Enter");
  await expect(browser.message("[a1] See you at six")).toContainText("edited");
  // The draft stood beside it all the time.
  await expect(composer).toHaveValue("a draft");
  await page.reload();
  await browser.connected();
  await expect(composer).toHaveValue("a draft");
  await expect(save).toHaveCount(0);

  await test.step("given up, it is gone for good", async () => {
    await browser.choose("[a1]", "Edit");
    await composer.fill("[a1] Never mind");
    await composer.press("Escape");
    await expect(composer).toHaveValue("a draft");
    await page.reload();
    await browser.connected();
    await expect(composer).toHaveValue("a draft");
  });
});

test("keys with others held down belong to the caret and to the system", async ({ browse, register }) => {
  const [alice, bob, carol] = [await register("Alice"), await register("Bob"), await register("Carol")];
  const { conversation_id } = await alice.writeTo(bob, "[a1] The last of mine");
  await carol.writeTo(alice, "[c1] Hello");
  const browser = await browse(alice);
  const { page, composer } = browser;
  const save = page.getByRole("button", { name: "Save", exact: true });
  const filter = page.getByRole("searchbox", { name: "Filter chats" });
  await browser.openConversation(conversation_id);

  await test.step("only a plain ↑ in an empty field edits", async () => {
    await composer.focus();
    for (const held of ["Shift", "Control", "Control+Alt", "Meta"]) await composer.press(`${held}+ArrowUp`);
    await expect(save).toHaveCount(0);
    await composer.fill(" ");
    await composer.press("ArrowUp");
    await expect(save).toHaveCount(0);
    await composer.fill("");
    await composer.press("ArrowUp");
    await expect(save).toBeVisible();
    await composer.press("Escape");
  });

  await test.step("Ctrl+Alt, which is AltGr, is no shortcut", async () => {
    for (const key of ["k", "/", "ArrowDown"]) await page.keyboard.press(`Control+Alt+${key}`);
    await expect(filter).not.toBeFocused();
    await expect(page.getByRole("dialog", { name: "Keyboard shortcuts" })).toBeHidden();
    await expect(page).toHaveURL(new RegExp(`/c/${conversation_id}$`));
    // Told by the state of AltGr alone, as some systems do.
    const taken = await composer.evaluate((field) => {
      const press = new KeyboardEvent("keydown", {
        key: "k", ctrlKey: true, modifierAltGraph: true, bubbles: true, cancelable: true,
      });
      field.dispatchEvent(press);
      return press.defaultPrevented;
    });
    expect(taken).toBe(false);
    await page.keyboard.press("Control+k");
    await expect(filter).toBeFocused();
  });

  await test.step("Alt and arrows move the caret while there is a draft", async () => {
    await composer.fill("one\ntwo");
    for (const key of ["ArrowUp", "ArrowDown"]) await composer.press(`Alt+${key}`);
    await expect(page).toHaveURL(new RegExp(`/c/${conversation_id}$`));
    await expect(composer).toHaveValue("one\ntwo");
    await composer.fill("");
    await composer.press("Alt+ArrowUp");
    await expect(browser.message("[c1]")).toBeVisible();
  });
});
