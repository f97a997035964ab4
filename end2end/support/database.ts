// Databases of the tests' own on the MariaDB that KITH_TEST_MYSQL_URL names.
import { execFile } from "node:child_process";
import { randomBytes } from "node:crypto";
import { promisify } from "node:util";

const run = promisify(execFile);

/** A new, empty database. */
export interface Database {
  /** For KITH_DATABASE_URL. */
  url: string;
  /** Runs SQL in it, for what a test needs more of than it could make by sending. */
  execute(statements: string): Promise<void>;
  drop(): Promise<void>;
}

export async function createDatabase(): Promise<Database> {
  const server = process.env.KITH_TEST_MYSQL_URL;
  if (!server) throw new Error("KITH_TEST_MYSQL_URL is not set: run these tests by `make test`.");
  const name = `kith_browser_${randomBytes(6).toString("hex")}`;
  await execute(server, `CREATE DATABASE ${name}`);
  const url = new URL(server);
  url.pathname = `/${name}`;
  return {
    url: url.href,
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
