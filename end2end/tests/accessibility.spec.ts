// axe finds nothing on any page, light or dark, wide or narrow, with all sorts of messages on it.
import { AxeBuilder } from "@axe-core/playwright";
import type { Page } from "@playwright/test";
import type { Person } from "../support/api.ts";
import { expect, test } from "../support/test.ts";

/** What axe has to say, in a form that one can read. */
async function violations(page: Page): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  return violations.flatMap(({ id, nodes }) =>
    nodes.map((node) => `${id}: ${node.html}\n${node.failureSummary ?? ""}`));
}

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
  return conversation_id;
}

for (const colorScheme of ["light", "dark"] as const) {
  for (const viewport of [{ width: 1280, height: 800 }, { width: 390, height: 844 }]) {
    test(`axe finds nothing, ${colorScheme}, ${viewport.width} px wide`, async ({ browse, register }) => {
      const [alice, bob] = [await register("Alice Abbott"), await register("Bob 林")];
      const conversation = await allSorts(alice, bob);
      const stranger = await browse(null, { colorScheme, viewport });
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
      const browser = await browse(alice, { colorScheme, viewport });
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
      await test.step("nobody to talk to yet", async () => {
        const newcomer = await browse(await register("Carol"), { colorScheme, viewport });
        await newcomer.open("/");
        expect(await violations(newcomer.page)).toEqual([]);
      });
    });
  }
}
