// axe finds nothing on any page, light or dark, wide or narrow, with all sorts of messages on it.
import { browser as common } from "../playwright.config.ts";
import type { Person } from "../support/api.ts";
import { violations } from "../support/axe.ts";
import { busyGroup } from "../support/busy-group.ts";
import { choose, picture } from "../support/choosing.ts";
import { ogg, png, withPlace } from "../support/drawn.ts";
import { fakeMicrophone } from "../support/microphone.ts";
import { expect, test } from "../support/test.ts";

test.use({ launchOptions: fakeMicrophone(common.launchOptions) });

/** A conversation with everything that messages can be by now. */
async function allSorts(alice: Person, bob: Person): Promise<number> {
  const { conversation_id } = await bob.writeTo(alice, "Good morning 👋 see https://example.org/a?b=c");
  const texts = [
    [alice, "两个人在说话。\n第二行。"],
    [bob, "شكراً، أراك غداً في الصباح"],
    [bob, "Donaudampfschifffahrtsgesellschaftskapitän".repeat(4)],
    [alice, "🎉"],
    [bob, "Not read yet"],
  ] as const;
  for (const [person, text] of texts) await person.write(conversation_id, text);
  const pictures = await Promise.all([120, 160].map((width) => bob.upload("lake.png", png(width, 90), { as: "photo" })));
  await bob.sendFiles(conversation_id, "image", pictures);
  const sounds = [await bob.upload("voice.ogg", ogg(), { as: "voice", duration_ms: "300", waveform: "10,90,40" })];
  await bob.sendFiles(conversation_id, "file", sounds);
  const notes = await bob.upload("notes.txt", Uint8Array.from(Buffer.from("notes")));
  await bob.sendFiles(conversation_id, "file", [notes], "What we said");
  return conversation_id;
}

for (const viewport of [{ width: 1280, height: 800 }, { width: 390, height: 844 }]) {
  test(`axe finds nothing, ${viewport.width} px wide`, async ({ browse, register }) => {
    test.setTimeout(300_000);
    const [alice, bob] = [await register("Alice Abbott"), await register("Bob 林")];
    const conversation = await allSorts(alice, bob);
    const stranger = await browse(null, { viewport });
    for (const path of ["/login", "/register", "/api/docs"]) {
      await test.step(path, async () => {
        await stranger.page.goto(path);
        expect(await violations(stranger.page)).toEqual([]);
      });
    }
    await test.step("a form that was refused", async () => {
      await stranger.page.goto("/login");
      await stranger.page.getByRole("textbox", { name: "Username" }).fill("nobody.at.all");
      await stranger.page.getByLabel("Password").fill("not the right one");
      await stranger.page.getByRole("button", { name: "Log in" }).click();
      await expect(stranger.page.getByRole("alert")).toBeVisible();
      expect(await violations(stranger.page)).toEqual([]);
    });
    const browser = await browse(alice, { viewport });
    for (const path of ["/", `/new/${alice.user.id}`, `/c/${conversation}`]) {
      await test.step(path, async () => {
        await browser.open(path);
        expect(await violations(browser.page)).toEqual([]);
      });
    }
    await test.step("/new with people", async () => {
      await browser.open("/new");
      await browser.page.getByRole("searchbox", { name: "Find people" }).fill(bob.user.username);
      await expect(browser.page.getByRole("list", { name: "People" }).getByRole("link")).toHaveCount(1);
      expect(await violations(browser.page)).toEqual([]);
    });
    await test.step("what opens over a conversation", async () => {
      const { page } = browser;
      await browser.openConversation(conversation);
      const press = (selector: string) =>
        page.locator(selector).first().evaluate((element) => (element as HTMLElement).click());
      for (const [button, opened] of [
        [".log .menu-button", "#message-menu"],
        ["#message-menu [data-do=react]", "#reactions"],
        ["#reactions [data-do=more]", "#emoji-picker .emoji-list button"],
        [".rows .menu-button", "#chat-menu"],
        ["#chat-menu [data-do=mute]", "#mute-menu"],
        ["[popovertarget=to-date]", "#to-date"],
        ["[popovertarget=account-menu]", "#account-menu"],
      ] as const) {
        await press(button);
        await expect(page.locator(opened).first()).toBeVisible();
        expect(await violations(page), opened).toEqual([]);
      }
    });
    await test.step("files: opened, chosen, on their way, recorded", async () => {
      const { page } = browser;
      await browser.openConversation(conversation);
      const seen = async (selector: string) => {
        await expect(page.locator(selector).first()).toBeVisible();
        expect(await violations(page), selector).toEqual([]);
      };
      await page.locator(".album a.tile").first().click();
      await seen("#picture-viewer");
      await page.keyboard.press("Escape");
      await page.getByRole("button", { name: "Attach", exact: true }).click();
      await seen("#attachments");
      await page.keyboard.press("Escape");
      const camera = { ...picture("camera.png"), buffer: Buffer.from(withPlace(png(320, 240))) };
      await choose(browser, "File", [picture("one.png"), camera]);
      await seen(".chosen .place");
      // One is on its way, one was refused.
      await page.route("**/api/v1/uploads", (route) => route.request().headers()["upload-length"] === String(camera.buffer.length)
        ? route.fulfill({ status: 507, json: { error: { code: 507, kind: "quota", message: "" } } })
        : route.abort());
      await browser.sendButton.click();
      await seen(".uploads .failed");
      await page.getByRole("button", { name: "Record a voice message", exact: true }).press("Enter");
      await seen(".recording");
      await page.getByRole("button", { name: "Discard", exact: true }).click();
      for (const left of [1, 0]) {
        await page.getByRole("button", { name: "Cancel upload", exact: true }).first().click();
        await expect(page.locator(".uploads li")).toHaveCount(left);
      }
    });
    await test.step("nobody to talk to yet", async () => {
      const newcomer = await browse(await register("Carol"), { viewport });
      await newcomer.open("/");
      expect(await violations(newcomer.page)).toEqual([]);
    });
  });

  test(`axe finds nothing in static panes, ${viewport.width} px wide`, async ({ browse, register }) => {
    // Twenty pages, each looked at as a whole.
    test.setTimeout(300_000);
    const me = await register("Alice Abbott");
    const admin = await register("Mei Lin 林美");
    const others = await Promise.all(["نور الهاشمي", "Donaudampfschifffahrtsgesellschaftskapitän", "Bob"].map(register));
    const { id, seq } = await busyGroup(me, admin, others);
    const pictures = await Promise.all([90, 91].map((width) => me.upload("hill.png", png(width, 60), { as: "photo" })));
    await me.sendFiles(id, "image", pictures);
    const papers = [await me.upload("route.txt", Uint8Array.from(Buffer.from("up"))),
      await me.upload("voice.ogg", ogg(), { as: "voice", duration_ms: "300", waveform: "10,90,40" })];
    for (const paper of papers) await me.sendFiles(id, "file", [paper]);
    const blocked = await register("Mallory");
    await me.send("PUT", `/api/v1/blocks/${blocked.user.id}`);
    await me.send("PATCH", `/api/v1/conversations/${id}`, { open: true });
    const at = Date.now() + 90_000_000;
    await me.send("PUT", `/api/v1/conversations/${id}/messages/${seq}/reminder`, { at });
    const browser = await browse(me, { viewport });
    const { page } = browser;
    await test.step("whom an @ may mean", async () => {
      await browser.openConversation(id);
      await browser.composer.pressSequentially("Hello @");
      await expect(page.getByRole("option").first()).toBeVisible();
      expect(await violations(page)).toEqual([]);
      await browser.composer.fill("");
    });
    for (const path of [
      `/c/${id}`,
      `/c/${id}/info`,
      `/c/${id}/info?files=file`,
      `/c/${id}/info?files=voice`,
      `/c/${id}/info?m=${seq}`,
      `/c/${id}/remind?m=${seq}`,
      "/reminders",
      `/c/${id}/forward?m=${seq}`,
      `/c/${id}/forward?m=${seq}&query=mei`,
      `/c/${id}/forward?m=${seq}&query=nobody-at-all`,
      "/new/group",
      `/new/group?name=Tea&query=mei&member=${admin.user.id}`,
      "/groups",
      "/contacts",
      `/u/${me.user.id}`,
      `/u/${admin.user.id}`,
      `/u/${blocked.user.id}`,
      "/settings",
    ]) {
      await test.step(path, async () => {
        await page.goto(path);
        expect(await violations(page)).toEqual([]);
      });
    }
    await test.step("a picture that is cut", async () => {
      await page.goto("/settings");
      const chooser = page.waitForEvent("filechooser");
      await page.getByRole("button", { name: "Change picture", exact: true }).click();
      await (await chooser).setFiles(picture("me.png", 300, 200));
      await expect(page.getByRole("dialog", { name: "Crop picture", exact: true })).toBeVisible();
      expect(await violations(page)).toEqual([]);
    });
    await test.step("what may be done about a member", async () => {
      await page.goto(`/c/${id}/info`);
      await page.getByLabel("Manage Mei Lin").click();
      expect(await violations(page)).toEqual([]);
    });
    const refused = async (path: string, press: string, field?: [string, string]) =>
      test.step(`${path}, refused`, async () => {
        await page.goto(path);
        if (field) await page.locator(field[0]).fill(field[1]);
        await page.locator(press).click();
        await expect(page.getByRole("alert")).toBeVisible();
        expect(await violations(page)).toEqual([]);
      });
    await refused("/settings", "#nickname form > .solid", ["[name=nickname]", "x".repeat(65)]);
    await refused("/new/group", "form.part > .solid", ["[name=name]", "x".repeat(65)]);
    await refused(`/c/${id}/info`, "#add form > .solid");
    await refused(`/u/${admin.user.id}`, "#contact .solid", ["[name=alias]", "x".repeat(65)]);
    await admin.send("PUT", `/api/v1/blocks/${me.user.id}`);
    await refused(`/c/${id}/forward?m=${seq}`, ".destinations button:has-text('Mei Lin')");
  });
}
