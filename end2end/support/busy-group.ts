// A group in which a lot has happened, as it looks after some weeks: for what is looked at, by axe and in pictures.
import type { Message, Person } from "./api.ts";

/** Where to look. */
export interface BusyGroup {
  /** The group. */
  id: number;
  /** A message in it, of the second person, that has been read by some. */
  seq: number;
}

/**
 * A group of `me`, an admin and others, with all sorts of messages and of members: renamed, with someone
 * who came later and someone who left, edited, recalled, forwarded, with reactions and mentions.
 * `me` knows the admin; the last of the others is a contact under another name.
 */
export async function busyGroup(me: Person, admin: Person, others: Person[]): Promise<BusyGroup> {
  const [guest, ...rest] = others;
  if (!guest || rest.length === 0) throw new Error("a busy group has four people or more");
  const id = await me.makeGroup("Tea", [admin, ...rest]);
  const group = `/api/v1/conversations/${id}`;
  await me.send("PATCH", group, { name: "Tea 茶 شاي" });
  await me.send("PATCH", `${group}/members/${admin.user.id}`, { role: "admin" });
  await admin.send("POST", `${group}/members`, { user_ids: [guest.user.id] });
  await admin.writeTo(me, "早上好 👋");
  await me.send("PUT", `/api/v1/contacts/${rest.at(-1)!.user.id}`, { alias: "My neighbour" });

  const asked = await admin.write(id, `@${me.user.username} shall we meet at four? ${"It is a long way. ".repeat(12)}`);
  await answer(me, asked, "Yes, **at the gate**. شكراً");
  for (const person of [me, guest]) {
    await person.send("PUT", `${place(asked)}/reactions/${encodeURIComponent("👍")}`);
  }
  await me.send("PATCH", place(await me.write(id, "See htps://example.org")), { content: "See https://example.org/tea" });
  await guest.send("DELETE", place(await guest.write(id, "Never mind")));
  await rest[0]!.send("POST", "/api/v1/messages", {
    client_id: crypto.randomUUID(),
    conversation_id: id,
    forward: { conversation_id: id, seq: asked.seq },
  });
  await guest.send("DELETE", `${group}/members/${guest.user.id}`);
  await me.markRead(id, asked.seq);
  return { id, seq: asked.seq };
}

function answer(person: Person, to: Message, content: string): Promise<Message> {
  const message = { client_id: crypto.randomUUID(), conversation_id: to.conversation_id, content };
  return person.send("POST", "/api/v1/messages", { ...message, reply_to_seq: to.seq });
}

const place = ({ conversation_id, seq }: Message) => `/api/v1/conversations/${conversation_id}/messages/${seq}`;
