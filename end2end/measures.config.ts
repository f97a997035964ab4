// Figures for people to read, which depend on the machine: `npm run measures` prints them.
import { defineConfig } from "@playwright/test";
import { browser } from "./playwright.config.ts";

export default defineConfig({
  testDir: "measures",
  workers: 1,
  timeout: 1_800_000,
  expect: { timeout: 60_000 },
  reporter: [["list"]],
  use: { ...browser, screenshot: "only-on-failure", viewport: { width: 1280, height: 800 } },
});
