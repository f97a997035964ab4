// The `test` of this suite: a running Kith for each worker, people in it, and browsers for them.
import { type BrowserContextOptions, expect, test as base } from "@playwright/test";
import { Person } from "./api.ts";
import type { Engine } from "./database.ts";
import { Messenger } from "./messenger.ts";
import { Proxy } from "./proxy.ts";
import { note } from "./secrets.ts";
import { Kith } from "./server.ts";

export { expect };

/** Opens a browser of its own: signed in as a person, or nobody; anywhere else than at Kith itself. */
type OpenBrowser = (
  person: Person | null,
  options?: BrowserContextOptions,
) => Promise<Messenger>;

interface TestFixtures {
  /** A new person. */
  register: (nickname: string) => Promise<Person>;
  browse: OpenBrowser;
  /** A network that can fail; give its `url` to `browse` as `baseURL`. */
  network: Proxy;
}

export interface WorkerOptions {
  /** What Kith keeps everything in. */
  engine: Engine;
}

interface WorkerFixtures extends WorkerOptions {
  kith: Kith;
}

export const test = base.extend<TestFixtures, WorkerFixtures>({
  engine: ["mariadb", { option: true, scope: "worker" }],

  kith: [
    async ({ engine }, use) => {
      const kith = await Kith.start(engine);
      await use(kith);
      await kith.dispose();
    },
    { scope: "worker" },
  ],

  register: async ({ kith }, use) => {
    await use((nickname) => Person.register(kith.url, nickname));
  },

  network: async ({ kith }, use) => {
    const network = await Proxy.start(kith.port);
    await use(network);
    await network.stop();
  },

  browse: async ({ browser, kith }, use) => {
    const faults: string[] = [];
    const contexts: { close(): Promise<void> }[] = [];
    await use(async (person, options = {}) => {
      const baseURL = options.baseURL ?? kith.url;
      const context = await browser.newContext({ baseURL, ...options });
      contexts.push(context);
      context.on("request", (request) => note(request.postData()));
      context.on("page", (page) =>
        page.on("websocket", (socket) => {
          socket.on("framesent", ({ payload }) => note(payload));
          socket.on("framereceived", ({ payload }) => note(payload));
        }),
      );
      await person?.signIn(context, baseURL);
      const page = await context.newPage();
      page.on("pageerror", (error) => faults.push(error.stack ?? error.message));
      page.on("console", (message) => {
        // A network that fails, or an address that does not exist, is an error line, too; those
        // are what some tests are about.
        if (message.type() === "error" && !/Failed to load resource|WebSocket connection to/.test(message.text())) {
          faults.push(message.text());
        }
      });
      return new Messenger(page);
    });
    await Promise.all(contexts.map((context) => context.close()));
    expect(faults, "errors in the browsers' consoles").toEqual([]);
  },
});
