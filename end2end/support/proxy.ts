// A network that can fail: a TCP proxy in front of Kith that can be cut, or fall silent.
import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net";

/** What passes: everything; nothing, and whoever tries is told; nothing, and nobody is told. */
type State = "open" | "cut" | "silent";

interface Pipe {
  client: Socket;
  server: Socket;
  websocket: boolean;
}

export class Proxy {
  private state: State = "open";
  private readonly pipes = new Set<Pipe>();

  private constructor(
    private readonly listener: Server,
    private readonly target: number | string,
  ) {
    listener.on("connection", (client) => this.accept(client));
  }

  /** A proxy in front of this port, or of a socket in the file system. */
  static async start(target: number | string): Promise<Proxy> {
    const listener = createServer({ allowHalfOpen: false });
    const proxy = new Proxy(listener, target);
    listener.listen(0, "127.0.0.1");
    await once(listener, "listening");
    return proxy;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.listener.address() as AddressInfo).port}`;
  }

  /** Ends all connections and every new one, until `mend`. */
  cut(): void {
    this.state = "cut";
    for (const pipe of this.pipes) this.destroy(pipe);
  }

  /** Lets nothing through in either direction, without a word, until `mend`. */
  silence(): void {
    this.state = "silent";
    for (const pipe of this.pipes) pause(pipe);
  }

  /**
   * Lets nothing more through from the server on the WebSockets that are open now. What is sent
   * over them still arrives, and new connections are as ever: exactly the answers are lost.
   */
  loseAnswers(): void {
    for (const pipe of this.pipes) {
      if (pipe.websocket) pipe.server.pause();
    }
  }

  /** All is well again; what was held back in silence arrives late. */
  mend(): void {
    this.state = "open";
    for (const pipe of this.pipes) {
      pipe.client.resume();
      pipe.server.resume();
    }
  }

  async stop(): Promise<void> {
    this.cut();
    this.listener.close();
    await once(this.listener, "close");
  }

  private accept(client: Socket): void {
    if (this.state === "cut") {
      client.resetAndDestroy();
      return;
    }
    const server = typeof this.target === "string" ? connect(this.target) : connect(this.target, "127.0.0.1");
    const pipe: Pipe = { client, server, websocket: false };
    this.pipes.add(pipe);
    client.setNoDelay(true);
    server.setNoDelay(true);
    client.once("data", (first) => (pipe.websocket = first.toString("latin1").startsWith("GET /ws")));
    client.on("data", (bytes) => server.write(bytes));
    server.on("data", (bytes) => client.write(bytes));
    for (const socket of [client, server]) {
      socket.on("error", () => this.destroy(pipe));
      socket.on("close", () => this.destroy(pipe));
    }
    if (this.state === "silent") pause(pipe);
  }

  private destroy(pipe: Pipe): void {
    if (!this.pipes.delete(pipe)) return;
    pipe.client.destroy();
    pipe.server.destroy();
  }
}

function pause(pipe: Pipe): void {
  pipe.client.pause();
  pipe.server.pause();
}
