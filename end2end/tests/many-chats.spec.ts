// More chats than one page of the list: behind a link without script, by themselves with it.
import { Person } from "../support/api.ts";
import type { Messenger } from "../support/messenger.ts";
import { expect, test } from "../support/test.ts";

const CHATS = 130;

/** Someone to whom `CHATS` people have written, the first of them first. */
async function popular(register: (nickname: string) => Promise<Person>): Promise<Person> {
  const alice = await register("Alice");
  let next = 1;
  const writeOn = async () => {
    while (next <= CHATS) {
      const number = next++;
      await (await register(`Person ${number}.`)).writeTo(alice, `[p${number}]`);
    }
  };
  await Promise.all([writeOn(), writeOn(), writeOn(), writeOn()]);
  return alice;
}

test("all chats can be had with and without script", async ({ browse, register }) => {
  const alice = await popular(register);
  const rows = (browser: Messenger) => browser.chats.getByRole("list").getByRole("link");
  const older = (browser: Messenger) => browser.chats.getByRole("link", { name: "Older chats" });

  await test.step("without", async () => {
    const browser = await browse(alice, { javaScriptEnabled: false });
    await browser.page.goto("/");
    await expect(rows(browser)).toHaveCount(100);
    const first = await rows(browser).allTextContents();
    await older(browser).click();
    await expect(rows(browser)).toHaveCount(CHATS - 100);
    const all = [...first, ...(await rows(browser).allTextContents())];
    const people = new Set(all.map((text) => /\[p\d+\]/.exec(text)?.[0]));
    expect(people.size).toBe(CHATS);
    await expect(older(browser)).toHaveCount(0);
    await rows(browser).last().click();
    await expect(browser.articles).toHaveCount(1);
  });

  await test.step("with", async () => {
    const browser = await browse(alice);
    await browser.open("/");
    await expect(rows(browser)).toHaveCount(CHATS);
    await expect(older(browser)).toHaveCount(0);
  });

  await test.step("with, at the second page", async () => {
    const browser = await browse(alice);
    const html = await (await browser.page.request.get("/")).text();
    await browser.open(`/${/href="(\?chats=[^"]+)"/.exec(html)![1]!}`);
    await expect(rows(browser)).toHaveCount(CHATS);
  });
});
