// README's picture, of the conversation that `kith demo` shows first.
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline";
import { expect, test } from "@playwright/test";
import { Messenger } from "../support/messenger.ts";

const binary = process.env.KITH_BIN ?? resolve(import.meta.dirname, "../../target/release/kith");
const picture = resolve(import.meta.dirname, "../../docs/images/conversation.png");

/** What a demo prints when it is ready. */
interface Demo {
  url: string;
  logins: { username: string; password: string }[];
}

/** Reads what `kith demo` says until it is ready. */
async function ready(demo: ChildProcess): Promise<Demo> {
  const said: string[] = [];
  for await (const line of createInterface({ input: demo.stdout! })) {
    said.push(line);
    const url = /Kith is ready at (\S+)/.exec(line)?.[1];
    const logins = [...said.join("\n").matchAll(/username (\S+) +password (\S+)/g)];
    if (url) return { url, logins: logins.map(([, username, password]) => ({ username: username!, password: password! })) };
  }
  throw new Error(`kith demo ended:\n${said.join("\n")}`);
}

test("README's picture", async ({ browser }) => {
  const folder = await mkdtemp(join(tmpdir(), "kith-picture-"));
  const demo = spawn(binary, ["demo"], {
    cwd: folder,
    env: { PATH: process.env.PATH, KITH_LISTEN: "127.0.0.1:0", KITH_ADMIN_LISTEN: "127.0.0.1:0" },
    stdio: ["ignore", "pipe", "inherit"],
  });
  try {
    const { url, logins } = await ready(demo);
    const viewport = { width: 1280, height: 800 };
    const messengers: Messenger[] = [];
    for (const { username, password } of logins) {
      const context = await browser.newContext({ baseURL: url, viewport, colorScheme: "light", timezoneId: "UTC" });
      const messenger = new Messenger(await context.newPage());
      await messenger.page.goto("/login");
      await messenger.page.getByRole("textbox", { name: "Username" }).fill(username);
      await messenger.page.getByLabel("Password").fill(password);
      await messenger.page.getByRole("button", { name: "Log in" }).click();
      await messenger.connected();
      messengers.push(messenger);
    }
    // The first one's page; the other one, Mei Lin, is there.
    const messenger = messengers[0]!;
    const { page } = messenger;
    await messenger.row("Mei Lin").click();
    await expect(page.getByRole("heading", { level: 1 })).toContainText("Mei Lin");
    await expect(messenger.message("Already on my list")).toBeVisible();
    await expect(page.locator("main header")).toContainText("online");
    await expect(page.getByRole("button", { name: "Play" })).toBeVisible();
    await page.waitForLoadState("networkidle");
    // The row that was pressed shows its time again.
    await messenger.log.hover();
    await page.screenshot({ path: picture });
    for (const { page } of messengers) await page.context().close();
  } finally {
    demo.kill("SIGTERM");
    if (demo.exitCode === null && demo.signalCode === null) await once(demo, "exit");
    await rm(folder, { recursive: true, force: true });
  }
});
