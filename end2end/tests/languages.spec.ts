// English and Chinese, light and dark: as the browser asks for or as chosen, on the server and after
// hydration alike.
import { expect, test } from "../support/test.ts";

const day = 86_400_000;

test("the browser's language is spoken, on the server and in the browser", async ({ browse, register }) => {
  const [alice, bob] = [await register("Alice"), await register("Bob")];
  const { conversation_id } = await bob.writeTo(alice, "[b1] 早上好");
  const browser = await browse(alice, { locale: "zh-CN" });
  const { page } = browser;
  await page.goto(`/c/${conversation_id}`);
  await expect(page.getByRole("status", { name: "连接" })).toHaveText("已连接");
  await expect(page.locator("html")).toHaveAttribute("lang", "zh-Hans");
  await expect(page.getByRole("textbox", { name: "消息", exact: true })).toBeVisible();
  await expect(page.getByRole("article", { name: /^Bob，\d\d:\d\d$/ })).toBeVisible();
  await expect(page.getByText("今天", { exact: true })).toBeVisible();
  // What appears only later has its texts, too.
  await page.getByRole("textbox", { name: "消息", exact: true }).fill("字".repeat(4_990));
  await expect(page.getByText("还可以输入 10 个字符")).toBeVisible();
  await page.getByRole("button", { name: "账号" }).click();
  await expect(page.getByRole("menuitem", { name: "退出登录" })).toBeVisible();
});

for (const [locale, yesterday] of [["en-GB", "Yesterday"], ["zh-CN", "昨天"]] as const) {
  test(`days are told in words, before and after hydration, ${locale}`, async ({ browse, register, kith }) => {
    const [alice, bob] = [await register("Alice"), await register("Bob")];
    const { conversation_id, created_at } = await bob.writeTo(alice, "[b1] Good morning");
    const timeZone = "Asia/Kathmandu";
    // What stands on the page when the message is so many days old.
    const told = async (days: number, javaScriptEnabled = true) => {
      const { page } = await browse(alice, { locale, javaScriptEnabled });
      await page.context().addCookies([{ name: "tz", value: timeZone, url: kith.url }]);
      const at = created_at - days * day;
      await kith.execute(`
        UPDATE message SET created_at = ${at} WHERE conversation_id = ${conversation_id};
        UPDATE conversation SET last_activity = ${at} WHERE id = ${conversation_id};
      `);
      await page.goto(`/c/${conversation_id}`);
      if (days > 0) await expect(page.getByRole("navigation").locator("time")).not.toHaveText(/:/);
      const article = await page.getByRole("article").getAttribute("aria-label");
      return { divider: await page.locator(".day").innerText(), article, row: await page.locator("nav time").innerText() };
    };
    expect(await told(0)).toEqual(await told(0, false));
    expect(await told(1)).toMatchObject({ divider: yesterday, row: yesterday });
    // The browser knows the words, and so do we; how they are joined differs by a comma or a space.
    const as = (days: number, options: Intl.DateTimeFormatOptions) =>
      new Intl.DateTimeFormat(locale, { timeZone, ...options }).format(created_at - days * day);
    const joined = (text: string) => text.replace(/[ ,]/g, "");
    const later = await told(400);
    expect(joined(later.divider)).toBe(joined(as(400, { weekday: "long", day: "numeric", month: "long", year: "numeric" })));
    const month = (text: string) => text.replace(/[a-z]{3,}/i, (name) => name.slice(0, 3));
    expect(joined(later.row)).toBe(joined(month(as(400, { day: "numeric", month: "long", year: "numeric" }))));
    expect((await told(3)).row).toBe(as(3, { weekday: "short" }));
  });
}

test("a language is chosen before signing in and afterwards", async ({ browse, register }) => {
  const alice = await register("Alice");
  for (const javaScriptEnabled of [true, false]) {
    const { page } = await browse(null, { javaScriptEnabled });
    await page.goto("/register?next=/new");
    await page.getByRole("button", { name: "简体中文" }).click();
    await expect(page).toHaveURL(/\/register\?next=/);
    await expect(page.getByRole("button", { name: "创建账号" })).toBeVisible();
    await page.goto("/login");
    await page.getByLabel("用户名").fill(alice.user.username);
    await page.getByLabel("密码").fill("not the right one");
    await page.getByRole("button", { name: "登录" }).click();
    await expect(page.getByRole("alert")).toHaveText("用户名与密码不匹配。");
    await page.getByLabel("密码").fill(alice.password);
    await page.getByRole("button", { name: "登录" }).click();
    await expect(page.getByRole("navigation", { name: "聊天" })).toBeVisible();
    await page.goto("/settings");
    await page.getByRole("button", { name: "English" }).click();
    await expect(page.getByRole("heading", { name: "Settings" })).toBeVisible();
    await expect(page.getByRole("button", { name: "English" })).toHaveAttribute("aria-pressed", "true");
  }
});

test("a theme is chosen, and there from the first paint", async ({ browse, register }) => {
  const alice = await register("Alice");
  for (const javaScriptEnabled of [true, false]) {
    const { page } = await browse(alice, { javaScriptEnabled, colorScheme: "light" });
    const scheme = () => page.locator("html").evaluate((root) => getComputedStyle(root).colorScheme);
    const background = () => page.locator("body").evaluate((body) => getComputedStyle(body).backgroundColor);
    await page.goto("/settings");
    expect(await scheme()).toBe("light dark");
    const light = await background();
    await page.getByRole("button", { name: "Dark" }).click();
    await expect(page.getByRole("button", { name: "Dark" })).toHaveAttribute("aria-pressed", "true");
    expect(await scheme()).toBe("dark");
    expect(await background()).not.toBe(light);
    // The sheet is not there yet when the browser first paints; the head says it, too.
    await expect(page.locator("meta[name=color-scheme]")).toHaveAttribute("content", "dark");
    await page.getByRole("button", { name: "System" }).click();
    await expect(page.getByRole("button", { name: "System" })).toHaveAttribute("aria-pressed", "true");
    expect(await background()).toBe(light);
  }
});
