// Groups with absurd names and messages: wide and narrow, light and dark, in both languages.
import { resolve } from "node:path";
import type { Person } from "../support/api.ts";
import { test } from "../support/test.ts";

const folder = resolve(import.meta.dirname, "../screens");
const sizes = { wide: { width: 1280, height: 800 }, phone: { width: 390, height: 844 } };

/** As many as a message takes. */
const faces = [..."👍❤😂😮😢🎉🔥🙏👀🚀✅❌💯🤔😍😡🥳🤯👏🙌"];
const zalgo = "Z̸̧̛͎̟̻̳͚̯̈́̈́͛̾̓̕͝ḁ̶̢̛̲̺̯̝̾͋̏̈́͒͘͝l̷̨̛̗̦̳̱͚̎̈́̑̋̕͝g̶̡̛̣̜̱̮̈́͋̈́̊̚͝ȯ̷̧̼̥͙͎̾̽͐̕͝";
/** As much of it as fits into a name. */
const zalgoName = [...zalgo].slice(0, 32).join("");

/** A group of four with all that is hard to show; answers it and a message with many reactions. */
async function absurd(me: Person, register: (nickname: string) => Promise<Person>): Promise<{ group: number; loud: number }> {
  const mei = await register("林美 Mei Lin");
  const long = await register("Donaudampfschifffahrtsgesellschaftskapitänswitwenrentenauszahlun");
  const noor = await register(`نور الهاشمي ${zalgoName}`);
  const others = [mei, long, noor];
  await me.makeGroup("مجموعة البحيرة والجبال والرحلات الطويلة في نهاية الأسبوع القادم", others);
  await me.makeGroup("W".repeat(64), others);
  const group = await mei.makeGroup(`周末湖边 Weekend ${zalgoName.slice(0, 20)} نهاية الأسبوع`, [me, long, noor], { history: "all" });
  await mei.setRole(group, me, "admin");
  const say = async (person: Person, text: string) => (await person.write(group, text)).seq;
  await say(long, "0123456789".repeat(500));
  await say(long, "Words of all sorts, again and again, until nobody reads on. ".repeat(83));
  const code = await say(mei, `Run this:\n\`\`\`\n${"kith serve --database-url mysql://user:secret@db.example/kith ".repeat(4)}\n  and that\n\`\`\`\nthen \`${"x".repeat(120)}\`, **bold** and *slanted*.`);
  await say(noor, "🎉");
  await say(noor, "👨‍👩‍👧‍👦🏳️‍🌈👍🏽");
  await say(noor, `${zalgo.repeat(6)}`);
  const reply = await me.answer(group, code, "这样可以吗？ https://kith.example/" + "path/".repeat(40));
  const loud = (await noor.answer(group, reply.seq, "نعم، هذا جيد جداً. Yes, mixed نص مختلط with 中文 in it.")).seq;
  for (const [index, face] of faces.entries()) {
    for (const person of others.slice(0, 1 + (index % 3))) await person.react(group, loud, face);
  }
  await me.react(group, loud, faces[0]!);
  const gone = await say(long, "[gone] Never mind");
  await long.recall(group, gone);
  await say(mei, `@${me.user.username} can you look at this? @all too`);
  const mine = await say(me, "With a last word of mine, which is somewhat longer than the bubble is wide on a telephone.");
  await me.edit(group, mine, "With a last word of mine, edited, which is somewhat longer than the bubble is wide on a telephone.");
  for (const person of others) await person.markRead(group, mine);
  return { group, loud };
}

for (const theme of ["light", "dark"] as const) {
  for (const lang of ["en", "zh"] as const) {
    test(`groups, ${theme}, ${lang}`, async ({ browse, kith, register }) => {
      const me = await register("Ada Wong");
      const { group, loud } = await absurd(me, register);
      await me.markRead(group, 99);
      for (const [size, viewport] of Object.entries(sizes)) {
        const browser = await browse(me, { viewport, hasTouch: size === "phone" });
        const { page } = browser;
        const shoot = (name: string) => page.screenshot({ path: `${folder}/group-${name}-${lang}-${size}-${theme}.png` });
        const cookie = (name: string, value: string) => ({ name, value, url: kith.url });
        await page.context().addCookies([cookie("theme", theme), cookie("lang", lang)]);
        await page.goto("/");
        await page.locator("[role=status].sr, [role=status]").first().waitFor({ state: "attached" });
        await shoot("list");
        await page.goto(`/c/${group}`);
        await page.locator(`#m-${loud}`).waitFor();
        await page.waitForFunction(() => document.querySelector("[role=status]")?.textContent?.match(/Connected|已连接/));
        await shoot("end");
        const article = page.locator(`#m-${loud}`);
        // On a touch screen the button is there with the focus only.
        const menu = () =>
          article.locator(".menu-button").evaluate((button) => (button as HTMLElement).click());
        await menu();
        await page.locator(".menu:popover-open [role=menuitem]").first().waitFor();
        await shoot("menu");
        await page.locator("#message-menu [data-do=react]").click();
        await page.locator("#reactions:popover-open").waitFor();
        await shoot("reactions");
        await page.keyboard.press("Escape");
        await menu();
        await page.locator("#message-menu [data-do=reply]").click();
        await page.locator(".composer .bar, .bar").first().waitFor();
        await shoot("reply");
        await page.goto(`/c/${group}?m=5`);
        await page.locator("#m-5").scrollIntoViewIfNeeded();
        await page.waitForFunction(() => document.querySelector("[role=status]")?.textContent?.match(/Connected|已连接/));
        await shoot("code");
        await page.goto(`/c/${group}?m=3`);
        await page.waitForFunction(() => document.querySelector("[role=status]")?.textContent?.match(/Connected|已连接/));
        await shoot("long");
        await page.goto(`/c/${group}/info`);
        await shoot("info");
        await page.locator("#members summary").first().click();
        await page.locator("#members").scrollIntoViewIfNeeded();
        await shoot("members");
        await page.locator("#leave summary").click();
        await page.locator("#leave").scrollIntoViewIfNeeded();
        await shoot("leave");
        await page.goto(`/c/${group}/info?m=${loud}`);
        await shoot("receipts");
        await page.goto("/new/group");
        await shoot("new");
      }
    });
  }
}
