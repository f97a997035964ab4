// Debian's nginx in front of Kith, with its limits as they come: bodies of 1 MB, each written down before it is passed on.
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { access, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { setTimeout as pause } from "node:timers/promises";

/** Where scripts/debian.sh has unpacked it, and where Debian has it. */
const PATH = [resolve(import.meta.dirname, "../../.tools/bin"), process.env.PATH, "/usr/sbin"].join(":");

export class Nginx {
  private constructor(
    private readonly process: ChildProcess,
    private readonly folder: string,
  ) {}

  /** One that passes everything on to this port. */
  static async start(port: number): Promise<Nginx> {
    const folder = await mkdtemp(join(tmpdir(), "kith-nginx-"));
    await writeFile(join(folder, "nginx.conf"), configuration(folder, port));
    const child = spawn("nginx", ["-p", folder, "-c", "nginx.conf", "-e", "error.log"], { env: { PATH }, stdio: "inherit" });
    const nginx = new Nginx(child, folder);
    const failed = once(child, "exit").then(([code]) => Promise.reject(new Error(`nginx ended with ${code}`)));
    await Promise.race([nginx.ready(), failed]);
    failed.catch(() => {});
    return nginx;
  }

  /** Where it listens: a socket in the file system, so that no port has to be guessed. */
  get socket(): string {
    return join(this.folder, "socket");
  }

  async stop(): Promise<void> {
    const exit = once(this.process, "exit");
    this.process.kill("SIGTERM");
    await exit;
    await rm(this.folder, { recursive: true, force: true });
  }

  private async ready(): Promise<void> {
    // It says nothing when it is.
    while (!(await access(this.socket).then(() => true, () => false))) await pause(20);
  }
}

/** What an operator has to set and nothing else. */
function configuration(folder: string, port: number): string {
  const temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"];
  return `
daemon off;
master_process off;
pid nginx.pid;
events {}
http {
  access_log off;
  ${temporary.map((name) => `${name}_temp_path ${name};`).join("\n  ")}
  map $http_upgrade $kith_connection { default upgrade; "" ""; }
  server {
    listen unix:${folder}/socket;
    location / {
      proxy_pass http://127.0.0.1:${port};
      proxy_http_version 1.1;
      proxy_set_header Host $http_host;
      proxy_set_header Upgrade $http_upgrade;
      proxy_set_header Connection $kith_connection;
    }
  }
}
`;
}
