// A browser whose clock is wrong: what the server has stamped, or is to keep to, goes by the server's.
import { expect, test } from "../support/test.ts";

const HOUR = 3_600_000;

for (const [name, ahead] of [["three days ahead", 72 * HOUR], ["five hours behind", -5 * HOUR]] as const) {
  test(`a browser's clock may be ${name}`, async ({ browse, register, network }) => {
    const [alice, bob] = [await register("Alice"), await register("Bob")];
    const { conversation_id } = await bob.writeTo(alice, "[b1] Hello");
    const browser = await browse(alice, { baseURL: network.url });
    const { page } = browser;
    await page.addInitScript((ahead) => {
      const right = Date.now;
      Date.now = () => right() + ahead;
    }, ahead);
    await browser.openConversation(conversation_id);
    expect(await page.evaluate(() => Date.now()) - Date.now()).toBeLessThan(ahead + HOUR);
    const time = /^\d\d:\d\d$/;

    await test.step("today is today", async () => {
      await expect(browser.log.locator(".day")).toHaveText(["Today"]);
      await expect(browser.row("Bob").locator("time")).toHaveText(time);
      const shown = await browser.message("[b1]").locator("time").innerText();
      await browser.send("[a1] Hello to you");
      await expect(browser.state("[a1]", "Sent").or(browser.state("[a1]", "Delivered"))).toBeVisible();
      await expect(browser.log.locator(".day")).toHaveText(["Today"]);
      const mine = await browser.message("[a1]").locator("time").innerText();
      const minutes = (clock: string) => Number(clock.slice(0, 2)) * 60 + Number(clock.slice(3));
      expect((minutes(mine) - minutes(shown) + 24 * 60) % (24 * 60)).toBeLessThan(3);
    });

    await test.step("what waits to be sent shows the right time", async () => {
      network.silence();
      await browser.send("[a2] Later");
      await expect(browser.message("[a2]")).toBeVisible();
      await expect(browser.log.locator(".day")).toHaveText(["Today"]);
      const at = await browser.message("[a2]").locator("time").getAttribute("datetime");
      expect(Math.abs(Date.parse(at!) - Date.now())).toBeLessThan(HOUR / 10);
      network.mend();
      await expect(browser.state("[a2]", "Sent").or(browser.state("[a2]", "Delivered"))).toBeVisible();
    });

    await test.step("an hour of silence is an hour", async () => {
      const row = browser.chats.getByRole("listitem").filter({ hasText: "Bob" });
      await row.hover();
      await row.getByRole("button", { name: "Chat actions" }).click();
      await page.getByRole("menuitem", { name: "Mute…", exact: true }).click();
      await page.getByRole("menuitem", { name: "Mute for an hour" }).click();
      await expect(browser.row("Bob")).toHaveAccessibleName(/muted/);
      const until = async () =>
        (await alice.send<{ muted_until: number | null }>("GET", `/api/v1/conversations/${conversation_id}`)).muted_until;
      await expect.poll(until).not.toBeNull();
      expect(Math.abs((await until())! - Date.now() - HOUR)).toBeLessThan(HOUR / 30);
      // It has not ended already by the clock that is wrong.
      await page.reload();
      await browser.connected();
      await expect(browser.row("Bob")).toHaveAccessibleName(/muted/);
    });

    await test.step("who has just left was here just now", async () => {
      const theirs = await browse(bob);
      await theirs.openConversation(conversation_id);
      await expect(page.locator("main .handle")).toHaveText("online");
      await theirs.page.close();
      await expect(page.locator("main .handle")).toHaveText(/^last seen (just now|1 min ago)$/);
    });
  });
}
