// The running binary: started on a database of its own, stopped, killed and started again.
import { type ChildProcess, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { chmod, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline";
import { createDatabase, type Database, type Engine } from "./database.ts";
import { revealing } from "./secrets.ts";

const binary = process.env.KITH_BIN ?? resolve(import.meta.dirname, "../../target/release/kith");

const site = resolve(import.meta.dirname, "../../target/site");

const dataFolder = (folder: string) => join(folder, "data");

export class Kith {
  private process?: ChildProcess;
  private listen = "127.0.0.1:0";
  private binary = binary;
  private log: string[] = [];

  private constructor(
    private readonly database: Database,
    private readonly folder: string,
    private readonly settings: Record<string, string>,
  ) {}

  /** A Kith that is ready, with nobody in it; `settings` are variables such as KITH_RATE_MESSAGES. */
  static async start(engine: Engine, settings: Record<string, string> = {}): Promise<Kith> {
    const folder = await mkdtemp(join(tmpdir(), "kith-browser-"));
    const kith = new Kith(await createDatabase(engine, dataFolder(folder)), folder, settings);
    await kith.launch();
    return kith;
  }

  /** Where it answers, without a slash at the end; the same after a restart. */
  get url(): string {
    return `http://${this.listen}`;
  }

  get port(): number {
    return Number(new URL(this.url).port);
  }

  /** Runs SQL in its database; what is in the database is read from there at the next occasion. */
  execute(statements: string): Promise<void> {
    return this.database.execute(statements);
  }

  /** Gives a notice of the operator, beside the running server. */
  async notice(...arguments_: string[]): Promise<void> {
    const env = { PATH: process.env.PATH, KITH_DATA_DIR: dataFolder(this.folder), ...this.database.settings };
    const child = spawn(this.binary, ["notice", ...arguments_], { cwd: this.folder, env, stdio: "ignore" });
    const [code] = (await once(child, "exit")) as [number | null];
    if (code !== 0) throw new Error(`kith notice ended with ${code}`);
  }

  /** Ends it as a power cut would. */
  async kill(): Promise<void> {
    await this.end("SIGKILL");
  }

  /** Starts it again after `kill`, at the same address. */
  async restart(): Promise<void> {
    await this.launch();
  }

  /** The same as a later release whose code for browsers is another: it has another mark of one file. */
  async upgrade(file: string): Promise<void> {
    const [release, bytes] = await Promise.all([readFile(this.binary), readFile(join(site, file))]);
    const mark = createHash("sha256").update(bytes).digest();
    let changed = 0;
    for (let at = release.indexOf(mark); at >= 0; at = release.indexOf(mark, at + 1), changed++) release[at]! ^= 1;
    if (changed === 0) throw new Error(`the binary does not carry ${file} as it was built`);
    this.binary = join(this.folder, "kith-later");
    await writeFile(this.binary, release);
    await chmod(this.binary, 0o755);
    await this.end("SIGTERM");
    await this.launch();
  }

  /** Ends it for good, with its database and its data folder; its log holds nobody's secrets. */
  async dispose(): Promise<void> {
    await this.end("SIGTERM");
    await this.database.drop();
    await rm(this.folder, { recursive: true, force: true });
    const lines = revealing(this.log);
    if (lines.length > 0) throw new Error(`secrets in the log:\n${lines.join("\n")}`);
  }

  private async launch(): Promise<void> {
    const child = spawn(this.binary, ["serve"], {
      cwd: this.folder,
      env: {
        PATH: process.env.PATH,
        KITH_LISTEN: this.listen,
        KITH_ADMIN_LISTEN: "127.0.0.1:0",
        KITH_DATA_DIR: dataFolder(this.folder),
        ...this.database.settings,
        // Everybody in these tests comes from one address and is in a hurry.
        KITH_RATE_LOGIN: "0",
        KITH_RATE_REGISTER: "0",
        KITH_RATE_MESSAGES: "0",
        KITH_RATE_WRITES: "0",
        KITH_LOG: "info,server=trace,app=trace,kith=trace",
        ...this.settings,
      },
      stdio: ["ignore", "pipe", "pipe"],
    });
    this.process = child;
    createInterface({ input: child.stderr }).on("line", (line) => this.log.push(line));
    this.listen = await new Promise<string>((ready, fail) => {
      createInterface({ input: child.stdout }).on("line", (line) => {
        this.log.push(line);
        const address = /Kith is ready at http:\/\/([^\s/]+)/.exec(line)?.[1];
        if (address) ready(address);
      });
      child.once("error", fail);
      child.once("exit", (code) => fail(new Error(`kith ended with ${code}:\n${this.log.join("\n")}`)));
    });
  }

  private async end(signal: NodeJS.Signals): Promise<void> {
    const child = this.process;
    this.process = undefined;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const exit = once(child, "exit");
    child.kill(signal);
    await exit;
  }
}
