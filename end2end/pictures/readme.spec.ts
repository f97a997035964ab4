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
  username: string;
  password: string;
}

/** Reads what `kith demo` says until it is ready; the first log-in is the one. */
async function ready(demo: ChildProcess): Promise<Demo> {
  const said: string[] = [];
  for await (const line of createInterface({ input: demo.stdout! })) {
    said.push(line);
    const url = /Kith is ready at (\S+)/.exec(line)?.[1];
    const login = /username (\S+) +password (\S+)/.exec(said.join("\n"));
    if (url && login) return { url, username: login[1]!, password: login[2]! };
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
    const { url, username, password } = await ready(demo);
    const viewport = { width: 1280, height: 800 };
    const context = await browser.newContext({ baseURL: url, viewport, colorScheme: "light", timezoneId: "UTC" });
    const messenger = new Messenger(await context.newPage());
    const { page } = messenger;
    await page.goto("/login");
    await page.getByRole("textbox", { name: "Username" }).fill(username);
    await page.getByLabel("Password").fill(password);
    await page.getByRole("button", { name: "Log in" }).click();
    await messenger.connected();
    await messenger.row("Mei Lin").click();
    await expect(page.getByRole("heading", { level: 1 })).toContainText("Mei Lin");
    await expect(messenger.message("Already on my list")).toBeVisible();
    await page.screenshot({ path: picture });
    await context.close();
  } finally {
    demo.kill("SIGTERM");
    if (demo.exitCode === null && demo.signalCode === null) await once(demo, "exit");
    await rm(folder, { recursive: true, force: true });
  }
});
