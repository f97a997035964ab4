// A person's browser window, by the roles and names that people's assistive technology goes by.
import { expect, type Locator, type Page } from "@playwright/test";
import { marks } from "./api.ts";

/** How far a sent message has come; the exact name of its picture. */
export type MessageState = "Sending" | "Sent" | "Delivered" | "Read" | "Not sent";

export class Messenger {
  readonly chats: Locator;
  readonly log: Locator;
  readonly articles: Locator;
  readonly composer: Locator;
  readonly sendButton: Locator;
  readonly connection: Locator;

  constructor(readonly page: Page) {
    this.chats = page.getByRole("navigation", { name: "Chats", exact: true });
    this.log = page.getByRole("log", { name: "Messages", exact: true });
    this.articles = this.log.getByRole("article");
    this.composer = page.getByRole("textbox", { name: "Message", exact: true });
    this.sendButton = page.getByRole("button", { name: "Send", exact: true });
    this.connection = page.getByRole("status", { name: "Connection", exact: true });
  }

  /** Goes to a path and waits until the page is alive. */
  async open(path: string): Promise<void> {
    await this.page.goto(path);
    await this.connected();
  }

  async openConversation(id: number): Promise<void> {
    await this.open(`/c/${id}`);
  }

  async connected(): Promise<void> {
    await expect(this.connection).toHaveText("Connected", { timeout: 60_000 });
  }

  async disconnected(): Promise<void> {
    await expect(this.connection).not.toHaveText("Connected", { timeout: 60_000 });
  }

  /** The chat list's link of a conversation, whose name starts with the conversation's. */
  row(name: string): Locator {
    return this.chats.getByRole("list").getByRole("link", { name: new RegExp(`^${escape(name)}`) });
  }

  /** The same, while it shows a number of unread messages. */
  unreadRow(name: string, unread: number): Locator {
    return this.chats
      .getByRole("list")
      .getByRole("link", { name: new RegExp(`^${escape(name)}.*, ${unread} unread$`) });
  }

  /** The message with this text. */
  message(text: string): Locator {
    return this.articles.filter({ hasText: text });
  }

  state(text: string, state: MessageState): Locator {
    return this.message(text).getByRole("img", { name: state, exact: true });
  }

  /** Chooses an item of a message's menu. */
  async choose(text: string, item: string): Promise<void> {
    const article = this.message(text).first();
    await article.hover();
    await article.getByRole("button", { name: "Message actions", exact: true }).click();
    await this.page.getByRole("menuitem", { name: item, exact: true }).click();
  }

  /** Types a message and presses Enter. */
  async send(text: string): Promise<void> {
    await this.composer.fill(text);
    await this.composer.press("Enter");
    await expect(this.composer).toHaveValue("");
  }

  /** The marks in brackets of all messages that the page holds, from top to bottom. */
  async marks(): Promise<string[]> {
    return marks(await this.articles.allTextContents());
  }

  /** Registers by the form and arrives at the chat list. */
  async register(username: string, nickname: string, password: string): Promise<void> {
    await this.page.goto("/register");
    await this.page.getByRole("textbox", { name: "Username" }).fill(username);
    await this.page.getByRole("textbox", { name: "Nickname" }).fill(nickname);
    await this.page.getByLabel("Password").fill(password);
    await this.page.getByRole("button", { name: "Create account" }).click();
    await expect(this.chats).toBeVisible();
  }
}

function escape(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}
