// What was begun to be written is there again: after a reload, in the list, in every tab.
import { expect, test } from "../support/test.ts";

test("a draft waits in its conversation, over others and over a reload", async ({ browse, register }) => {
  const [alice, bob, carol] = [await register("Alice"), await register("Bob"), await register("Carol")];
  const { conversation_id } = await bob.writeTo(alice, "What do you say?");
  await carol.writeTo(alice, "And you?");
  const browser = await browse(alice);
  await browser.openConversation(conversation_id);
  await browser.composer.fill("I say that\n我还在写");

  await browser.row("Carol").click();
  await expect(browser.message("And you?")).toBeVisible();
  await expect(browser.composer).toHaveValue("");
  await expect(browser.row("Bob")).toContainText("Draft: I say that 我还在写");
  await browser.composer.fill("Something else");
  await browser.row("Bob").click();
  await expect(browser.composer).toHaveValue("I say that\n我还在写");
  await expect(browser.row("Carol")).toContainText("Draft: Something else");

  await browser.page.reload();
  await browser.connected();
  await expect(browser.composer).toHaveValue("I say that\n我还在写");
  await expect(browser.row("Carol")).toContainText("Draft: Something else");
  await browser.composer.press("Enter");
  await expect(browser.message("I say that")).toHaveCount(1);
  await browser.page.reload();
  await browser.connected();
  await expect(browser.composer).toHaveValue("");
  await expect(browser.row("Bob")).not.toContainText("Draft:");
});

test("what is begun before the first message is sent goes along into the conversation", async ({ browse, register, network }) => {
  const [alice, bob] = [await register("Alice"), await register("Bob")];
  const browser = await browse(alice, { baseURL: network.url });
  await browser.open(`/new/${bob.user.id}`);
  network.silence();
  await browser.send("[a1] The first");
  await browser.composer.fill("[a2] Begun while it was on its way");
  network.mend();
  await expect(browser.page).toHaveURL(/\/c\/\d+/);
  await expect(browser.composer).toHaveValue("[a2] Begun while it was on its way");
  await browser.page.reload();
  await browser.connected();
  await expect(browser.composer).toHaveValue("[a2] Begun while it was on its way");
});
