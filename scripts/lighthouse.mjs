#!/usr/bin/env node
// Lighthouse on the sign-in page and on a conversation, as a phone and as a desktop, each a few
// times: on a machine that does something else besides, the best round is nearest to the truth.
//     npm install --prefix /tmp/lighthouse lighthouse@12.8.2
//     node scripts/lighthouse.mjs http://127.0.0.1:3000 ada <password that `make demo` says> [rounds]
import { createRequire } from "node:module";
import { resolve } from "node:path";

const [site, username, password, rounds = "3"] = process.argv.slice(2);
if (!password) throw new Error("usage: lighthouse.mjs SITE USERNAME PASSWORD [ROUNDS]");

const require = createRequire(resolve(process.env.LIGHTHOUSE ?? "/tmp/lighthouse", "package.json"));
const { default: lighthouse, desktopConfig } = await import(require.resolve("lighthouse"));
const { default: puppeteer } = await import(require.resolve("puppeteer-core"));
const targets = { performance: 95, accessibility: 100, "best-practices": 100 };
const presets = { phone: undefined, desktop: desktopConfig };

const browser = await puppeteer.launch({
  executablePath: process.env.KITH_CHROMIUM ?? "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-extensions"],
});

/** Prints a page's scores, the best of all rounds for each; tells whether they meet the targets. */
async function measure(page, path, preset) {
  const best = {};
  for (let round = 0; round < Number(rounds); round++) {
    // The cookies stay: an extra header would not go along with the WebSocket.
    const flags = { disableStorageReset: true, onlyCategories: Object.keys(targets), logLevel: "error" };
    const { lhr } = await lighthouse(site + path, flags, presets[preset], page);
    if (new URL(lhr.finalDisplayedUrl).pathname !== path) throw new Error(`led to ${lhr.finalDisplayedUrl}`);
    for (const { id, score } of Object.values(lhr.categories)) {
      best[id] = Math.max(best[id] ?? 0, Math.round(score * 100));
    }
  }
  console.log(`${path}, ${preset}:`, Object.entries(best).map(([id, score]) => `${id} ${score}`).join(", "));
  return Object.entries(targets).every(([id, target]) => best[id] >= target);
}

try {
  const page = await browser.newPage();
  const good = [];
  for (const preset of Object.keys(presets)) good.push(await measure(page, "/login", preset));
  await page.goto(`${site}/login`);
  await page.type("#username", username);
  await page.type("#password", password);
  await Promise.all([page.waitForNavigation(), page.click("form button")]);
  const path = await page.$eval("nav li a[href^='/c/']", (link) => link.getAttribute("href"));
  for (const preset of Object.keys(presets)) good.push(await measure(page, path, preset));
  if (good.includes(false)) process.exitCode = 1;
} finally {
  await browser.close();
}
