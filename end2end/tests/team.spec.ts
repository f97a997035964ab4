// Four people with a browser each in one group: owner, admin, member, and someone who comes and goes.
import { marks, type Person } from "../support/api.ts";
import type { Messenger } from "../support/messenger.ts";
import { expect, test } from "../support/test.ts";

/** What has come over a browser's sockets from now on. */
function listen({ page }: Messenger): string[] {
  const frames: string[] = [];
  page.on("websocket", (socket) => socket.on("framereceived", ({ payload }) => frames.push(String(payload))));
  return frames;
}

/** Every page shows what is stored, in its order. */
async function sameEverywhere(reader: Person, group: number, pages: Messenger[], count: number): Promise<void> {
  const read = async () => marks((await reader.history(group)).map(({ content }) => content));
  // What shows at once may still be on its way.
  await expect.poll(read).toHaveLength(count);
  const stored = await read();
  for (const page of pages) await expect.poll(() => page.marks()).toEqual(stored);
}

test("four people in a group see the same, in one order, until one of them is removed", async ({ browse, register }) => {
  test.setTimeout(180_000);
  const [ada, ben, cleo, dan] = [await register("Ada"), await register("Ben"), await register("Cleo"), await register("Dan")];
  const group = await ada.makeGroup("Team", [ben, cleo], { history: "all" });
  await ada.setRole(group, ben, "admin");
  const [owner, admin, member, newcomer] = [await browse(ada), await browse(ben), await browse(cleo), await browse(dan)];
  const all = [owner, admin, member, newcomer];
  const heard = listen(newcomer);
  for (const browser of [owner, admin, member]) await browser.openConversation(group);
  await newcomer.open("/");

  await test.step("they write at once, and someone is added meanwhile", async () => {
    const write = async (browser: Messenger, name: string) => {
      for (let number = 1; number <= 8; number++) await browser.send(`[${name}${number}] All at once`);
    };
    const come = async () => {
      await ben.add(group, [dan]);
      await newcomer.row("Team").click();
      await write(newcomer, "d");
    };
    await Promise.all([write(owner, "a"), write(admin, "b"), write(member, "c"), come()]);
    await sameEverywhere(ada, group, all, 32);
    for (const browser of [owner, member]) await expect(browser.log.getByText("Ben added Dan")).toBeVisible();
    await expect(newcomer.log.getByText("Ben added you")).toBeVisible();
  });

  await test.step("an answer names what it answers", async () => {
    await member.choose("[a8]", "Reply");
    await member.send("[c9] To that");
    for (const browser of all) {
      await expect(browser.message("[c9]").getByRole("link", { name: /Ada.*\[a8\]/ })).toBeVisible();
    }
  });

  await test.step("an edit shows everywhere, in the answer's quote as well", async () => {
    await owner.choose("[a8]", "Edit");
    await owner.composer.fill("[a8] One after the other");
    await owner.composer.press("Enter");
    for (const browser of all) {
      await expect(browser.message("[a8] One after the other").first()).toContainText("edited");
      await expect(browser.message("[c9]").getByRole("link")).toContainText("One after the other");
    }
  });

  await test.step("reactions add up, and each knows their own", async () => {
    for (const browser of [admin, newcomer]) {
      await browser.choose("[c9]", "React");
      await browser.page.getByRole("menuitem", { name: "👍" }).click();
    }
    for (const browser of all) {
      const chip = browser.message("[c9]").getByRole("button", { name: "👍 2" });
      await expect(chip).toHaveAttribute("aria-pressed", `${browser === admin || browser === newcomer}`);
    }
  });

  await test.step("who manages the group recalls what another wrote, and a member may not", async () => {
    await member.message("[d8]").hover();
    await member.message("[d8]").getByRole("button", { name: "Message actions" }).click();
    await expect(member.page.getByRole("menuitem", { name: "Info" })).toBeVisible();
    await expect(member.page.getByRole("menuitem", { name: "Recall" })).toHaveCount(0);
    await member.page.keyboard.press("Escape");
    await admin.choose("[d8]", "Recall");
    for (const browser of all) {
      await expect(browser.message("Message recalled")).toHaveCount(1);
      await expect(browser.message("[d8]")).toHaveCount(0);
    }
  });

  await test.step("who is removed is told so, and hears nothing more", async () => {
    await ben.remove(group, dan);
    await expect(newcomer.page.getByRole("alert")).toContainText("You are not in this conversation, or not any more.");
    await expect(newcomer.page.getByRole("heading", { level: 1, name: "Team" })).toBeVisible();
    await expect(newcomer.composer).toBeHidden();
    await expect(newcomer.row("Team")).toHaveCount(0);
    await expect(newcomer.articles).toHaveCount(0);
    await member.send("[c10] Among ourselves");
    await member.choose("[c10]", "React");
    await member.page.getByRole("menuitem", { name: "🎉" }).click();
    for (const browser of [owner, member]) await expect(browser.log.getByText("Ben removed Dan")).toBeVisible();
    for (const browser of [owner, admin]) {
      await expect(browser.message("[c10]").getByRole("button", { name: "🎉 1" })).toBeVisible();
    }
    // What comes later has come, so what came before would have.
    await ada.writeTo(dan, "[a9] Sorry about that");
    await expect(newcomer.unreadRow("Ada", 1)).toBeVisible();
    expect(heard.filter((frame) => frame.includes("[a9]"))).not.toEqual([]);
    expect(heard.filter((frame) => frame.includes("[c10]"))).toEqual([]);
    await newcomer.page.reload();
    await expect(newcomer.page.getByRole("heading", { level: 1, name: "Nothing here" })).toBeVisible();
  });
});

test("an open group is found and joined, and its owner hands it over by leaving", async ({ browse, register }) => {
  const [ada, ben, cleo] = [await register("Ada"), await register("Ben"), await register("Cleo")];
  const name = `Lake of ${ada.user.username}`;
  const group = await ada.makeGroup(name, [ben], { open: true });
  const [owner, member, visitor] = [await browse(ada), await browse(ben), await browse(cleo)];
  await owner.openConversation(group);
  await member.openConversation(group);

  await test.step("found and joined", async () => {
    await visitor.open("/new");
    await visitor.page.getByRole("link", { name: "Open groups" }).click();
    await visitor.page.getByRole("searchbox", { name: "Find groups" }).fill("lake of");
    await visitor.page.getByRole("button", { name: "Search", exact: true }).click();
    const entry = visitor.page.getByRole("list", { name: "Open groups" }).getByRole("listitem").filter({ hasText: name });
    await expect(entry).toContainText("2 members");
    await entry.getByRole("button", { name: "Join" }).click();
    await expect(visitor.page).toHaveURL(new RegExp(`/c/${group}`));
    await visitor.connected();
    for (const browser of [owner, member]) await expect(browser.log.getByText("Cleo joined the group")).toBeVisible();
    await visitor.send("[c1] Here I am");
    for (const browser of [owner, member]) await expect(browser.message("[c1]")).toBeVisible();
  });

  await test.step("handed over", async () => {
    await owner.page.getByRole("button", { name: "Conversation details" }).click();
    await owner.page.locator("#leave summary").click();
    await owner.page.getByRole("button", { name: "Leave", exact: true }).click();
    await expect(owner.page).toHaveURL(/\/$/);
    await expect(owner.row(name)).toHaveCount(0);
    await expect(visitor.log.getByText("Ada left the group")).toBeVisible();
    // The longest-standing member owns it now, and their page knows without a reload.
    await member.choose("[c1]", "Recall");
    await expect(visitor.message("Message recalled")).toBeVisible();
    await member.page.getByRole("button", { name: "Conversation details" }).click();
    await expect(member.page.locator("#members").getByRole("listitem").filter({ hasText: "Ben" })).toContainText("Owner");
    await expect(member.page.getByLabel("Manage Cleo")).toBeVisible();
  });
});
