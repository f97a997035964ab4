// Pictures of every screen, to be looked at: `npm run screens` writes them into end2end/screens.
import { defineConfig } from "@playwright/test";
import { browser } from "./playwright.config.ts";

export default defineConfig({
  testDir: "pictures",
  workers: 1,
  timeout: 120_000,
  expect: { timeout: 15_000 },
  reporter: [["list"]],
  use: browser,
});
