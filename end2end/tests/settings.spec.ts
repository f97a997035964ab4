// Settings, with and without script: every form says in its place whether it worked.
import type { Page } from "@playwright/test";
import { violations } from "../support/axe.ts";
import { Messenger } from "../support/messenger.ts";
import { expect, test } from "../support/test.ts";

const part = (page: Page, name: string) => page.getByRole("region", { name, exact: true });

for (const javaScriptEnabled of [true, false]) {
  test.describe(javaScriptEnabled ? "with script" : "without script", () => {
    test("a name is changed, and refused where it stands", async ({ browse, register }) => {
      const alice = await register("Alice");
      const { page } = await browse(alice, { javaScriptEnabled });
      await page.goto("/");
      await page.getByRole("button", { name: "Account" }).click();
      await page.getByRole("menuitem", { name: "Settings" }).click();
      await expect(page).toHaveTitle(/Settings · Kith$/);
      const profile = part(page, "Profile");
      const nickname = page.getByRole("textbox", { name: "Nickname" });
      await nickname.fill("x".repeat(65));
      await profile.getByRole("button", { name: "Save" }).click();
      await expect(profile.getByRole("alert")).toHaveText("A nickname has at most 64 characters, in one line.");
      await expect(nickname).toBeFocused();
      await nickname.fill("Alice the Second");
      await profile.getByRole("button", { name: "Save" }).click();
      await expect(profile.getByRole("status")).toHaveText("Saved.");
      await expect(nickname).toHaveValue("Alice the Second");
    });

    test("a password is changed, and the other devices are out", async ({ browse, register, kith }) => {
      const alice = await register("Alice");
      const { page } = await browse(alice, { javaScriptEnabled });
      const other = await browse(alice);
      await page.goto("/settings");
      const passwords = part(page, "Password");
      const change = async (old: string) => {
        await page.getByLabel("Current password").fill(old);
        await page.getByLabel("New password").fill("a new and better one");
        await passwords.getByRole("button", { name: "Change password" }).click();
      };
      await change("not the right one");
      await expect(passwords.getByRole("alert")).toHaveText("That is not your password.");
      await expect(passwords.getByRole("alert")).toBeInViewport();
      await change(alice.password);
      await expect(passwords.getByRole("status")).toBeVisible();
      await expect(passwords.getByRole("status")).toBeInViewport();
      await other.page.goto(`${kith.url}/settings`);
      await expect(other.page).toHaveURL(/\/login/);
    });

    test("devices are ended, and an account is deleted", async ({ browse, register }) => {
      const alice = await register("Alice");
      const { page } = await browse(alice, { javaScriptEnabled });
      const others = [await browse(alice), await browse(alice)];
      await page.goto("/settings");
      const devices = part(page, "Devices");
      // The one here, those two, and the one that registered.
      await expect(devices.getByRole("listitem")).toHaveCount(4);
      await devices.getByRole("button", { name: "End", exact: true }).first().click();
      await expect(devices.getByRole("listitem")).toHaveCount(3);
      await devices.getByRole("button", { name: "End all others" }).click();
      await expect(devices.getByRole("listitem")).toHaveCount(1);
      for (const other of others) {
        await other.page.goto("/");
        await expect(other.page).toHaveURL(/\/login/);
      }
      const end = part(page, "Delete account");
      await end.getByLabel("Your password").fill("not the right one");
      await end.getByRole("button", { name: "Delete account" }).click();
      await expect(end.getByRole("alert")).toBeInViewport();
      await end.getByLabel("Your password").fill(alice.password);
      await end.getByRole("button", { name: "Delete account" }).click();
      await expect(page).toHaveURL(/\/register/);
      await page.goto("/");
      await expect(page).toHaveURL(/\/login/);
    });

    test("what others may know, and logging out", async ({ browse, register }) => {
      const { page } = await browse(await register("Alice"), { javaScriptEnabled });
      await page.goto("/settings");
      const box = page.getByRole("checkbox", { name: "Show when I was last here" });
      await expect(box).toBeChecked();
      await box.uncheck();
      await part(page, "Privacy").getByRole("button", { name: "Save" }).click();
      await expect(part(page, "Privacy").getByRole("status")).toHaveText("Saved.");
      await expect(box).not.toBeChecked();
      await page.getByRole("button", { name: "Log out" }).click();
      await expect(page).toHaveURL(/\/login/);
    });
  });
}

test("the page is alive around the settings", async ({ browse, register }) => {
  const [alice, bob] = [await register("Alice"), await register("Bob")];
  const browser = await browse(alice);
  await browser.open("/settings");
  const nickname = browser.page.getByRole("textbox", { name: "Nickname" });
  await nickname.fill("Half a na");
  const { conversation_id } = await bob.writeTo(alice, "[b1] Are you there?");
  await expect(browser.unreadRow("Bob", 1)).toBeVisible();
  await expect(browser.page).toHaveTitle("(1) Settings · Kith");
  // Esc does not throw away what is being typed.
  await nickname.press("Escape");
  await expect(nickname).toHaveValue("Half a na");
  await browser.row("Bob").click();
  await expect(browser.message("[b1]")).toBeVisible();
  await browser.page.goBack();
  await expect(browser.page.getByRole("heading", { name: "Settings" })).toBeVisible();
  await browser.connected();
  await browser.page.goForward();
  await expect(browser.page).toHaveURL(new RegExp(`/c/${conversation_id}$`));
  await expect(browser.message("[b1]")).toBeVisible();
});

test("whose account is deleted arrives where its form leads, however late", async ({ browse, register }) => {
  const alice = await register("Alice");
  const browser = await browse(alice);
  const { page } = browser;
  await browser.open("/settings");
  const otherTab = new Messenger(await page.context().newPage());
  await otherTab.open("/");
  await page.bringToFront();
  const refreshes: string[] = [];
  page.on("request", (request) => {
    if (request.url().includes("/auth/refresh")) refreshes.push(request.url());
  });
  await page.route("**/settings/delete", async (route) => {
    const answer = await route.fetch({ maxRedirects: 0 });
    // The sockets are closed, and whoever was not let go has gone to sign in.
    await expect(otherTab.page).toHaveURL(/\/login/);
    await route.fulfill({ response: answer });
  });
  await page.getByLabel("Your password").fill(alice.password);
  await page.getByRole("button", { name: "Delete account" }).click();
  await expect(page).toHaveURL(/\/register/);
  expect(refreshes).toEqual([]);
});

test("who is gone is named in the reader's language", async ({ browse, register, kith }) => {
  const [alice, bob] = [await register("Alice"), await register("Bob")];
  const { conversation_id } = await bob.writeTo(alice, "[b1] This is my last word");
  const gone = await browse(bob);
  await gone.page.goto("/settings");
  await gone.page.getByLabel("Your password").fill(bob.password);
  await gone.page.getByRole("button", { name: "Delete account" }).click();
  await expect(gone.page).toHaveURL(/\/register/);

  for (const javaScriptEnabled of [true, false]) {
    for (const [locale, name, article] of [
      ["en-GB", "Deleted account", /^Deleted account at/],
      ["zh-CN", "已注销的账号", /^已注销的账号，/],
    ] as const) {
      const { page } = await browse(alice, { javaScriptEnabled, locale });
      await page.goto(`${kith.url}/c/${conversation_id}`);
      if (javaScriptEnabled) await expect(page.getByRole("status").first()).toHaveText(/^(Connected|已连接)$/);
      await expect(page.getByRole("heading", { level: 1 })).toHaveText(name);
      await expect(page.getByRole("navigation").getByRole("link", { name })).toHaveCount(1);
      await expect(page.getByRole("article", { name: article })).toHaveCount(1);
      await expect(page.getByText("deleted-")).toHaveCount(0);
      await expect(page.locator(".beginning")).toContainText(name);
      await expect(page).toHaveTitle(new RegExp(`${name} · Kith$`));
      await page.goto(`${kith.url}/u/${bob.user.id}`);
      await expect(page.getByRole("heading", { level: 1 })).toHaveText(name);
      await expect(page.getByText("deleted-")).toHaveCount(0);
    }
  }
});

test("logging out from the settings warns of what was not sent", async ({ browse, register }) => {
  const [alice, bob] = [await register("Alice"), await register("Bob")];
  const { conversation_id } = await bob.writeTo(alice, "[b1] This is my last word");
  const gone = await browse(bob);
  await gone.page.goto("/settings");
  await gone.page.getByLabel("Your password").fill(bob.password);
  await gone.page.getByRole("button", { name: "Delete account" }).click();
  await expect(gone.page).toHaveURL(/\/register/);

  const browser = await browse(alice);
  const { page } = browser;
  await browser.openConversation(conversation_id);
  await browser.send("[a1] Wait!");
  await expect(browser.state("[a1]", "Not sent")).toBeVisible();
  await browser.open("/settings");
  const logOut = async (sure: boolean) => {
    const asked = page.waitForEvent("dialog").then(async (dialog) => {
      expect(dialog.message()).toContain("1 message was not sent");
      await (sure ? dialog.accept() : dialog.dismiss());
    });
    await page.getByRole("button", { name: "Log out" }).click();
    await asked;
  };
  const kept = () => page.evaluate(() => Object.keys(localStorage).filter((key) => key.startsWith("kith:")).length);
  await logOut(false);
  expect(await kept()).toBe(1);
  await logOut(true);
  await expect(page).toHaveURL(/\/login/);
  expect(await kept()).toBe(0);
});

for (const viewport of [{ width: 1280, height: 800 }, { width: 390, height: 844 }]) {
  test(`axe finds nothing in the settings, ${viewport.width} px wide`, async ({ browse, register }) => {
    const alice = await register("Alice");
    // Another device, to be ended.
    await browse(alice);
    const browser = await browse(alice, { viewport });
    const { page } = browser;
    for (const path of ["/settings", "/settings?done=password#password"]) {
      await browser.open(path);
      expect(await violations(page)).toEqual([]);
    }
    await page.getByRole("textbox", { name: "Nickname" }).fill(" ");
    await part(page, "Profile").getByRole("button", { name: "Save" }).click();
    await expect(page.getByRole("alert")).toBeVisible();
    expect(await violations(page)).toEqual([]);
  });
}
