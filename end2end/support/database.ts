// Databases of the tests' own: on the MariaDB that KITH_TEST_MYSQL_URL names, or SQLite's.
import { execFile } from "node:child_process";
import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);

export type Engine = "mariadb" | "sqlite";

/** A new, empty database. */
export interface Database {
  /** Names it to Kith. */
  settings: { KITH_DATABASE_URL?: string };
  /** Runs SQL in it, for what a test needs more of than it could make by sending. */
  execute(statements: string): Promise<void>;
  drop(): Promise<void>;
}

/** The one that Kith makes in its data folder, where nothing names another, and that goes with it. */
function sqlite(dataFolder: string): Database {
  // Python, which the tests need anyway, brings SQLite along.
  const script = "import sqlite3, sys; sqlite3.connect(sys.argv[1], timeout=5).executescript(sys.argv[2])";
  return {
    settings: {},
    execute: async (statements) => {
      await run("python3", ["-c", script, join(dataFolder, "kith.db"), statements]);
    },
    drop: () => Promise.resolve(),
  };
}

/** A database for a Kith with this data folder. */
export async function createDatabase(engine: Engine, dataFolder: string): Promise<Database> {
  if (engine === "sqlite") return sqlite(dataFolder);
  const server = process.env.KITH_TEST_MYSQL_URL;
  if (!server) throw new Error("KITH_TEST_MYSQL_URL is not set: run these tests by `make test`.");
  const name = `kith_browser_${randomBytes(6).toString("hex")}`;
  await execute(server, `CREATE DATABASE ${name}`);
  const url = new URL(server);
  url.pathname = `/${name}`;
  return {
    settings: { KITH_DATABASE_URL: url.href },
    execute: (statements) => execute(url.href, statements),
    drop: () => execute(server, `DROP DATABASE ${name}`),
  };
}

async function execute(server: string, statements: string): Promise<void> {
  const { hostname, port, username, password, pathname } = new URL(server);
  await run(
    "mariadb",
    ["--no-defaults", `--host=${hostname}`, `--port=${port}`, "--protocol=tcp",
      "--default-character-set=utf8mb4", `--user=${username}`, `--database=${pathname.slice(1)}`,
      `--execute=${statements}`],
    { env: { ...process.env, MYSQL_PWD: decodeURIComponent(password) } },
  );
}
