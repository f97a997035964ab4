// Going to places in a long conversation: to a day, and back to where one was.
import { converse, marks } from "../support/api.ts";
import { expect, test } from "../support/test.ts";

test("one goes to a day, with script and without", async ({ browse, register }) => {
  const [alice, bob] = [await register("Alice"), await register("Bob")];
  const conversation = await converse(alice, bob, 150);
  await alice.markRead(conversation, 150);
  const history = marks((await alice.history(conversation)).map((message) => message.content));
  const [first, last] = [history[0]!, history.at(-1)!];

  for (const javaScriptEnabled of [true, false]) {
    // Without script nobody tells the server the reader's zone: its days are those of UTC.
    const timeZone = javaScriptEnabled ? "Asia/Kathmandu" : "UTC";
    const today = new Intl.DateTimeFormat("sv", { timeZone }).format(new Date());
    const browser = await browse(alice, { javaScriptEnabled });
    const { page } = browser;
    if (javaScriptEnabled) await browser.openConversation(conversation);
    else await page.goto(`/c/${conversation}`);
    await expect(browser.message(first)).toHaveCount(0);
    await page.getByRole("button", { name: "Jump to date" }).click();
    await page.getByLabel("Jump to date").and(page.locator("input")).fill(today);
    await page.getByRole("button", { name: "Go", exact: true }).click();
    await expect(browser.message(first)).toBeInViewport();
    await expect(page).toHaveURL(/\?m=1$/);
    // Another day, later than all: to what was said last before it.
    await page.getByRole("button", { name: "Jump to date" }).click();
    await page.getByLabel("Jump to date").and(page.locator("input")).fill("2099-01-01");
    await page.getByRole("button", { name: "Go", exact: true }).click();
    await expect(page).toHaveURL(/\?m=150$/);
    await expect(browser.message(last)).toBeInViewport();
  }
});

test("one comes back to where one was reading", async ({ browse, register }) => {
  const [alice, bob, carol] = [await register("Alice"), await register("Bob"), await register("Carol")];
  const conversation = await converse(alice, bob, 200);
  await alice.markRead(conversation, 200);
  await carol.writeTo(alice, "[c1]");
  const browser = await browse(alice);
  const { page } = browser;
  await browser.openConversation(conversation);
  const history = marks((await alice.history(conversation)).map((message) => message.content));
  await page.goto(`/c/${conversation}?m=60`);
  await browser.connected();
  const reading = browser.message(history[59]!);
  await expect(reading).toBeInViewport();
  const top = () => reading.evaluate((article) => article.getBoundingClientRect().top);
  const before = await top();
  await browser.row("Carol").click();
  await expect(browser.message("[c1]")).toBeVisible();
  await browser.row("Bob").click();
  await expect(reading).toBeInViewport();
  await expect.poll(async () => Math.abs((await top()) - before)).toBeLessThanOrEqual(2);

  // At the end it opens at the end.
  await page.getByRole("button", { name: /^Jump to latest/ }).click();
  await expect(browser.message(history.at(-1)!)).toBeInViewport();
  await browser.row("Carol").click();
  await browser.row("Bob").click();
  await expect(browser.message(history.at(-1)!)).toBeInViewport();
});
