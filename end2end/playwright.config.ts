// How the browser tests run: Debian's Chromium, two at a time, each worker with a Kith of its own.
import { defineConfig, type PlaywrightTestConfig } from "@playwright/test";
import type { WorkerOptions } from "./support/test.ts";

/** What the tests and the screenshots have in common. */
export const browser = {
  // A zone that is not a whole hour from UTC shows at once when a time is rendered in the wrong one.
  timezoneId: "Asia/Kathmandu",
  locale: "en-GB",
  video: "off",
  launchOptions: {
    executablePath: process.env.KITH_CHROMIUM ?? "/usr/bin/chromium",
    args: [
      "--no-sandbox",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
      "--no-first-run",
    ],
  },
} satisfies PlaywrightTestConfig["use"];

/**
 * What is about the browser, and asks the database nothing that the server's own tests do not ask on both: on SQLite, and
 * in `make test-all` on both. The others are walks through all of it.
 */
const browserAlone = [
  "accessibility",
  "addresses",
  "attachments",
  "avatars",
  "background",
  "before-hydration",
  "clock",
  "connection",
  "drafts",
  "editing",
  "emoji",
  "files-no-script",
  "files-through-nginx",
  "history",
  "input-methods",
  "keyboard",
  "languages",
  "menus",
  "naming",
  "network",
  "new-chat",
  "notices",
  "parts",
  "phone",
  "presence",
  "profile",
  "reminders",
  "schedules",
  "settings",
  "tabs",
  "told",
  "voice",
].map((name) => `**/${name}.spec.ts`);

export default defineConfig<object, WorkerOptions>({
  testDir: "tests",
  workers: 2,
  fullyParallel: true,
  forbidOnly: !!process.env.CI,
  // A machine that is busy with something else may make a browser miss a beat. What passes only at
  // the second try is listed as flaky.
  retries: process.env.CI ? 1 : 0,
  timeout: 90_000,
  expect: { timeout: 15_000 },
  reporter: [["list"]],
  use: { ...browser, trace: "retain-on-failure", screenshot: "only-on-failure" },
  projects: [
    { name: "sqlite", use: { engine: "sqlite" } },
    { name: "mariadb", use: { engine: "mariadb" }, testIgnore: process.env.KITH_TEST_ALL ? [] : browserAlone },
  ],
});
