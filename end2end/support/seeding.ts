// History written straight into the database, where there has to be more of it than can be sent.
import type { Person } from "./api.ts";
import type { Kith } from "./server.ts";

/** What people write, of one to several lines, in several scripts. */
const texts = [
  "Yes",
  "早上好，你们什么时候来？我在北门等。",
  "I looked at the second one, and it fits better than I thought it would. The shelf is a little too wide for the door, so someone has to take it apart first.",
  "🎉🎉🎉",
  "It is all at https://kith.example/perf/2024?page=3&sort=date#figures, have a look",
  "Two things before that:\n• the backup runs at 03:00\n• Omar wants to see the log",
  "Then **not on Monday**, please; call `kith migrate` first:\n```\nkith migrate --url mysql://db/kith\nkith serve\n```\nand tell me *what it says*.",
  "نور تقول: أراك غداً في الصباح",
  "ok",
  "So it goes. ".repeat(40),
  "Donaudampfschifffahrtsgesellschaftskapitän 👨‍👩‍👧‍👦 says hello",
];

/** Milliseconds from one message to the next: some stand together, and now and then a day begins. */
const apart = 97_000;

/**
 * Lets two people have said `count` things in a conversation that has one message so far. Each carries
 * its position in brackets, and each is read.
 */
export async function fill(kith: Kith, conversation: number, people: [Person, Person], count: number): Promise<void> {
  const [first, second] = people.map((person) => person.user.id);
  const now = Date.now();
  await kith.execute(`
    INSERT INTO message (conversation_id, seq, sender_id, client_id, message_type, content, created_at)
      SELECT ${conversation}, seq, IF(seq DIV 3 % 2, ${first}, ${second}), CONCAT('seeded-', seq), 1,
        ${content("seq")}, ${now} - (${count} - seq) * ${apart} FROM seq_2_to_${count};
    UPDATE message SET created_at = ${now - count * apart} WHERE conversation_id = ${conversation} AND seq = 1;
    UPDATE conversation SET last_seq = ${count}, last_activity = ${now} WHERE id = ${conversation};
    UPDATE message_session SET read_seq = ${count}, delivered_seq = ${count} WHERE conversation_id = ${conversation};
  `);
}

/**
 * Lets `strangers` people, named "Stranger N.", have written `each` messages to someone who has not been
 * there since. People and conversations have the ids from `first` on; nobody else's are that small.
 */
export async function strangersWrite(kith: Kith, person: Person, first: number, strangers: number, each: number): Promise<void> {
  const me = person.user.id;
  const now = Date.now();
  const ids = `seq_${first}_to_${first + strangers - 1}`;
  await kith.execute(`
    INSERT INTO user (id, username, username_key, nickname, nickname_key, password_hash, created_at)
      SELECT seq, CONCAT('stranger', seq), CONCAT('stranger', seq), CONCAT('Stranger ', seq, '.'),
        CONCAT('stranger ', seq, '.'), 'x', ${now} FROM ${ids};
    INSERT INTO message (conversation_id, seq, sender_id, client_id, message_type, content, created_at)
      SELECT ids.seq, positions.seq, ids.seq, CONCAT('seeded-', positions.seq), 1,
        ${content("positions.seq")}, ${now} - (${each} - positions.seq) * ${apart} - ids.seq
        FROM ${ids} AS ids, seq_1_to_${each} AS positions;
    INSERT INTO message_session (user_id, conversation_id, read_seq, delivered_seq)
      SELECT seq, seq, ${each}, ${each} FROM ${ids} UNION ALL SELECT ${me}, seq, 0, 0 FROM ${ids};
    INSERT INTO conversation (id, pair_key, member_count, last_seq, last_activity)
      SELECT seq, CONCAT(seq, ':${me}'), 2, ${each}, ${now} - seq FROM ${ids};
  `);
}

/** SQL for what the message at this position says. */
function content(position: string): string {
  const choices = texts.map((text) => `'${text.replace(/[\\']/g, "\\$&")}'`).join(", ");
  return `CONCAT('[', ${position}, '] ', ELT(1 + ${position} % ${texts.length}, ${choices}))`;
}
