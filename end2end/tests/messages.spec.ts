// What is done to messages that are there: replies, reactions, edits, recalls; and how they look.
import { expect, test } from "../support/test.ts";

test("a message is answered, edited, reacted to and recalled, and both sides see it", async ({ browse, register }) => {
  const [alice, bob] = [await register("Alice"), await register("Bob")];
  const { conversation_id } = await bob.writeTo(alice, "[b1] Shall we?");
  const [first, second] = [await browse(alice), await browse(bob)];
  await first.openConversation(conversation_id);
  await second.openConversation(conversation_id);

  await test.step("Alice answers", async () => {
    await first.choose("[b1]", "Reply");
    await expect(first.composer).toBeFocused();
    await first.send("Of course");
    const quote = second.message("Of course").getByRole("link", { name: /Bob.*\[b1\] Shall we\?/ });
    await expect(quote).toHaveAttribute("href", `/c/${conversation_id}?m=1`);
  });

  await test.step("a reply that was begun is cancelled", async () => {
    await first.choose("[b1]", "Reply");
    await first.page.getByRole("button", { name: "Cancel", exact: true }).click();
    await first.send("[a2] Plain");
    await expect(second.message("[a2]").getByRole("link")).toHaveCount(0);
  });

  await test.step("Bob reacts, and takes it back", async () => {
    await second.choose("[a2]", "React");
    await second.page.getByRole("menuitem", { name: "🎉" }).click();
    const chip = first.message("[a2]").getByRole("button", { name: "🎉 1" });
    await expect(chip).toBeVisible();
    await expect(chip).toHaveAttribute("aria-pressed", "false");
    await second.message("[a2]").getByRole("button", { name: "🎉 1" }).click();
    await expect(chip).toHaveCount(0);
  });

  await test.step("Alice edits her last one by the keyboard, and her draft comes back", async () => {
    await first.composer.focus();
    await first.page.keyboard.press("ArrowUp");
    await expect(first.composer).toHaveValue("[a2] Plain");
    await first.composer.fill("[a2] Better");
    await first.page.getByRole("button", { name: "Save", exact: true }).click();
    await expect(second.message("[a2] Better")).toContainText("edited");
    await expect(first.composer).toHaveValue("");
    await first.composer.fill("begun");
    await first.choose("[a2]", "Edit");
    await expect(first.composer).toHaveValue("[a2] Better");
    await first.page.keyboard.press("Escape");
    await expect(first.composer).toHaveValue("begun");
  });

  await test.step("Alice recalls it, and nothing more can be done with it", async () => {
    await first.choose("[a2]", "Recall");
    await expect(second.message("Message recalled")).toBeVisible();
    await expect(second.message("[a2]")).toHaveCount(0);
    await expect(second.message("Message recalled").getByRole("button")).toHaveCount(0);
  });

  await test.step("Bob may do less with what Alice wrote", async () => {
    const article = second.message("Of course");
    await article.hover();
    await article.getByRole("button", { name: "Message actions" }).click();
    const items = second.page.getByRole("menuitem");
    await expect(items.filter({ visible: true })).toHaveText(["Reply", "React", "Forward", "Remind me", "Copy"]);
    await expect(items.filter({ hasText: "Reply" })).toBeFocused();
    await second.page.keyboard.press("ArrowDown");
    await expect(items.filter({ hasText: "React" })).toBeFocused();
    await second.page.keyboard.press("Escape");
    await expect(article.getByRole("button", { name: "Message actions" })).toBeFocused();
  });
});

test("bold, italic and code are shown as such, before and after hydration", async ({ browse, register }) => {
  const [alice, bob] = [await register("Alice"), await register("Bob")];
  const text = "[b1] **bold** *slanted* `a*b*` <b>not</b>\n```\nlet x = 1;\n```";
  const { conversation_id } = await bob.writeTo(alice, text);
  const browser = await browse(alice);
  await browser.openConversation(conversation_id);
  const article = browser.message("[b1]");
  await expect(article.locator("strong")).toHaveText("bold");
  await expect(article.locator("em")).toHaveText("slanted");
  await expect(article.locator("code")).toHaveText("a*b*");
  await expect(article.locator("pre")).toHaveText("let x = 1;");
  await expect(article).toContainText("<b>not</b>");
});

test("a long text is folded until it is wanted", async ({ browse, register }) => {
  const [alice, bob] = [await register("Alice"), await register("Bob")];
  const { conversation_id } = await bob.writeTo(alice, "[b1] " + "quite a bit of talk ".repeat(120));
  const browser = await browse(alice);
  await browser.openConversation(conversation_id);
  const article = browser.message("[b1]");
  const height = async () => (await article.boundingBox())!.height;
  const before = await height();
  await article.getByText("Show all").click();
  await expect.poll(height).toBeGreaterThan(before + 40);
});
