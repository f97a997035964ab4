// People who act through the HTTP API: registered, writing and reading without a browser.
import { randomUUID } from "node:crypto";
import type { BrowserContext } from "@playwright/test";
import { note } from "./secrets.ts";

/** The parts of protocol objects that the tests look at. */
export interface User {
  id: number;
  username: string;
  nickname: string;
}
export interface Message {
  conversation_id: number;
  seq: number;
  client_id: string;
  sender: User;
  content: string;
  message_type: string;
  files: UploadedFile[];
  created_at: number;
  recalled: boolean;
}
export interface UploadedFile {
  id: number;
  name: string;
  size: number;
  mime: string;
  width: number | null;
  height: number | null;
  url: string;
}
export interface Conversation {
  id: number;
  peer: User | null;
  last_seq: number;
  read_seq: number;
  unread: number;
}
/** What someone sets of a conversation for themselves. */
interface Settings {
  pinned?: boolean;
  muted_until?: number;
  archived?: boolean;
  marked_unread?: boolean;
}
interface MessagePage {
  items: Message[];
  to_seq: number;
  has_more_after: boolean;
}

const password = "correct horse battery";

/** A username that nobody else has: the nickname's letters and something random. */
export function uniqueUsername(nickname: string): string {
  const letters = nickname.toLowerCase().replace(/[^a-z]/g, "").slice(0, 20) || "person";
  return `${letters}.${randomUUID().slice(0, 8)}`;
}

export class Person {
  private constructor(
    private readonly url: string,
    private readonly token: string,
    readonly user: User,
  ) {}

  readonly password = password;

  static async register(url: string, nickname: string): Promise<Person> {
    const body = { username: uniqueUsername(nickname), nickname, password };
    const { user, access_token } = await call<{ user: User; access_token: string }>(
      url, "POST", "/api/v1/auth/register", body);
    return new Person(url, access_token, user);
  }

  /** Someone who registered in a browser, over the API from now on. */
  static async logIn(url: string, username: string): Promise<Person> {
    const { user, access_token } = await call<{ user: User; access_token: string }>(
      url, "POST", "/api/v1/auth/login", { username, password });
    return new Person(url, access_token, user);
  }

  get name(): string {
    return this.user.nickname;
  }

  /** Gives a browser this person's cookies, as the login form would; `url` is where it will go. */
  async signIn(context: BrowserContext, url = this.url): Promise<void> {
    const answer = await context.request.post(`${url}/api/v1/auth/login`, {
      data: { username: this.user.username, password, cookies: true },
      headers: { Origin: url },
    });
    if (!answer.ok()) throw new Error(`login answered ${answer.status()}: ${await answer.text()}`);
  }

  /** Writes to a person; the first message makes the conversation. */
  writeTo(person: Person, content: string): Promise<Message> {
    return this.post({ to_user_id: person.user.id, content });
  }

  write(conversation: number, content: string): Promise<Message> {
    return this.post({ conversation_id: conversation, content });
  }

  /** Answers what stands at this position. */
  answer(conversation: number, reply_to_seq: number, content: string): Promise<Message> {
    return this.post({ conversation_id: conversation, reply_to_seq, content });
  }

  async edit(conversation: number, seq: number, content: string): Promise<void> {
    await this.change("PATCH", `${conversation}/messages/${seq}`, { content });
  }

  async recall(conversation: number, seq: number): Promise<void> {
    await this.change("DELETE", `${conversation}/messages/${seq}`);
  }

  /** Sends an appointment. */
  plan(conversation: number, schedule: { title: string; starts_at: number; ends_at?: number; zone?: string; place?: string }): Promise<Message> {
    return this.post({ conversation_id: conversation, message_type: "schedule", schedule });
  }

  /** Says whether one comes. */
  async comes(conversation: number, seq: number, answer: "yes" | "no" | "maybe"): Promise<void> {
    await this.change("PUT", `${conversation}/messages/${seq}/answer`, { answer });
  }

  async react(conversation: number, seq: number, emoji: string): Promise<void> {
    await this.change("PUT", `${conversation}/messages/${seq}/reactions/${encodeURIComponent(emoji)}`);
  }

  /** Makes a group of this person and these. */
  async makeGroup(name: string, members: Person[], options: { open?: boolean; history?: "joined" | "all" } = {}): Promise<number> {
    const body = { name, member_ids: members.map(({ user }) => user.id), ...options };
    return (await call<Conversation>(this.url, "POST", "/api/v1/conversations", body, this.token)).id;
  }

  async add(conversation: number, members: Person[]): Promise<void> {
    await this.change("POST", `${conversation}/members`, { user_ids: members.map(({ user }) => user.id) });
  }

  async setRole(conversation: number, member: Person, role: "owner" | "admin" | "member"): Promise<void> {
    await this.change("PATCH", `${conversation}/members/${member.user.id}`, { role });
  }

  /** Removes someone from a group. */
  async remove(conversation: number, member: Person): Promise<void> {
    await this.change("DELETE", `${conversation}/members/${member.user.id}`);
  }

  async set(conversation: number, settings: Settings): Promise<void> {
    await this.change("PATCH", `${conversation}`, settings);
  }

  /** Uploads a file at once; `fields` are those of the contract, such as `as`. */
  async upload(name: string, bytes: Uint8Array<ArrayBuffer>, fields: Record<string, string> = {}): Promise<UploadedFile> {
    const form = new FormData();
    for (const [field, value] of Object.entries({ filename: name, ...fields })) form.set(field, value);
    form.set("file", new Blob([bytes]), name);
    const answer = await fetch(`${this.url}/api/v1/files`, {
      method: "POST", headers: { authorization: `Bearer ${this.token}` }, body: form,
    });
    if (!answer.ok) throw new Error(`upload answered ${answer.status}: ${await answer.text()}`);
    return (await answer.json()) as UploadedFile;
  }

  /** Gives this person (`users/me`), or a group (`conversations/12`), a picture. */
  async setAvatar(of: string, picture: Uint8Array<ArrayBuffer>): Promise<void> {
    const headers = { authorization: `Bearer ${this.token}` };
    const answer = await fetch(`${this.url}/api/v1/${of}/avatar`, { method: "PUT", headers, body: picture });
    if (!answer.ok) throw new Error(`avatar answered ${answer.status}: ${await answer.text()}`);
  }

  /** Sends what was uploaded: pictures as an album, or files. */
  sendFiles(conversation: number, message_type: "image" | "file", files: UploadedFile[], content = ""): Promise<Message> {
    return this.post({ conversation_id: conversation, message_type, content, file_ids: files.map(({ id }) => id) });
  }

  /** Anything that has no method of its own. */
  send<T>(method: string, path: string, body?: object): Promise<T> {
    return call(this.url, method, path, body, this.token);
  }

  /** The whole history of a conversation, by `seq`. */
  async history(conversation: number): Promise<Message[]> {
    const messages: Message[] = [];
    for (let after = 0; ; ) {
      const page = await this.get<MessagePage>(
        `/api/v1/conversations/${conversation}/messages?after=${after}&limit=100`);
      messages.push(...page.items);
      if (!page.has_more_after) return messages;
      after = page.to_seq;
    }
  }

  conversation(id: number): Promise<Conversation> {
    return this.get(`/api/v1/conversations/${id}`);
  }

  async conversations(): Promise<Conversation[]> {
    return (await this.get<{ items: Conversation[] }>("/api/v1/conversations")).items;
  }

  /** How far each conversation has come, and how much of it one of this person's devices holds. */
  async heads(): Promise<{ id: number; last_seq: number; delivered_seq: number }[]> {
    const heads = await this.get<number[][]>("/api/v1/conversations/heads");
    return heads.map(([id, last_seq, , , delivered_seq]) => (
      { id: id!, last_seq: last_seq!, delivered_seq: delivered_seq! }));
  }

  async markRead(conversation: number, seq: number): Promise<void> {
    await this.change("POST", `${conversation}/read`, { seq });
  }

  private async change(method: string, path: string, body?: object): Promise<void> {
    await call(this.url, method, `/api/v1/conversations/${path}`, body, this.token);
  }

  private post(message: object): Promise<Message> {
    const body = { client_id: randomUUID(), ...message };
    return call(this.url, "POST", "/api/v1/messages", body, this.token);
  }

  private get<T>(path: string): Promise<T> {
    return call(this.url, "GET", path, undefined, this.token);
  }
}

/**
 * A conversation of two people with `count` messages of one to several lines. Each is marked with
 * a number in brackets; many are sent at once, so that `seq`, not the number, is their order.
 */
export async function converse(first: Person, second: Person, count: number): Promise<number> {
  const { conversation_id } = await first.writeTo(second, text(1));
  const senders = [first, second];
  let next = 2;
  const sendTheRest = async () => {
    while (next <= count) {
      const number = next++;
      await senders[Math.floor(number / 3) % 2]!.write(conversation_id, text(number));
    }
  };
  await Promise.all(Array.from({ length: 16 }, sendTheRest));
  return conversation_id;
}

/** The marks in brackets, in the order of the texts: what a history or a page shows. */
export function marks(texts: string[]): string[] {
  return texts.flatMap((text) => /\[[\w -]+\]/.exec(text) ?? []);
}

function text(number: number): string {
  const words = "Quite a bit of talk about nothing in particular, ".repeat((number * 7) % 11);
  return `[${number}] ${words}so it goes.`;
}

async function call<T>(url: string, method: string, path: string, body?: object, token?: string): Promise<T> {
  const headers: Record<string, string> = {};
  if (body) headers["Content-Type"] = "application/json";
  if (token) headers.Authorization = `Bearer ${token}`;
  const answer = await fetch(url + path, { method, headers, body: body && JSON.stringify(body) });
  const content = await answer.text();
  note(body ? JSON.stringify(body) : null);
  note(content);
  if (!answer.ok) throw new Error(`${method} ${path} answered ${answer.status}: ${content}`);
  return (content ? JSON.parse(content) : undefined) as T;
}
