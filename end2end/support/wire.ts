// A page's WebSocket, tapped: what it sends is seen, and frames and closes can be slipped in.
import type { Page, WebSocketRoute } from "@playwright/test";

/** A frame, in either direction. */
export type Frame = Record<string, unknown> & { type: string };

export class Wire {
  /** All that the page has sent, over all its sockets. */
  readonly sent: Frame[] = [];
  private readonly sockets: WebSocketRoute[] = [];
  /** Decides over a frame of the page's: answered here, and then it does not reach the server. */
  answer: (frame: Frame) => Frame | number | "nothing" | undefined = () => undefined;

  private constructor() {}

  /** To be done before the page is opened. */
  static async tap(page: Page): Promise<Wire> {
    const wire = new Wire();
    await page.routeWebSocket(/\/ws$/, (socket) => {
      wire.sockets.push(socket);
      const server = socket.connectToServer();
      socket.onMessage((text) => {
        const frame = JSON.parse(String(text)) as Frame;
        wire.sent.push(frame);
        const answer = wire.answer(frame);
        if (answer === undefined) server.send(text);
        else if (typeof answer === "number") void socket.close({ code: answer });
        else if (answer !== "nothing") socket.send(JSON.stringify(answer));
      });
    });
    return wire;
  }

  /** How often the page has connected. */
  get connections(): number {
    return this.sockets.length;
  }

  /** Sends the page a frame, as if the server did. */
  tell(frame: Frame): void {
    this.sockets.at(-1)!.send(JSON.stringify(frame));
  }

  /** Closes the page's socket with this code, as if the server did. */
  async close(code: number): Promise<void> {
    await this.sockets.at(-1)!.close({ code });
  }

  sentOf(type: string): Frame[] {
    return this.sent.filter((frame) => frame.type === type);
  }
}
