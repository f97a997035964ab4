// What must not stand in the server's log: the passwords, tokens and texts that passed between it
// and the people and browsers of these tests.

/** Under these names people's secrets travel, in JSON and in forms. */
const names = ["password", "old", "new", "token", "access_token", "refresh_token", "content", "excerpt"];

/** Shorter ones stand in any log by chance. */
const shortest = 8;

/** Some tests send thousands of texts, all of the same sort. */
const kept = 500;

const secrets = new Set<string>();

/** Takes down whatever is secret in a request, an answer or a frame: JSON, or else a form. */
export function note(body: string | Buffer | null): void {
  if (!body) return;
  const text = body.toString();
  try {
    walk("", JSON.parse(text));
  } catch {
    for (const [name, value] of new URLSearchParams(text)) walk(name, value);
  }
}

function walk(name: string, value: unknown): void {
  if (typeof value === "string") {
    if (names.includes(name) && value.length >= shortest && secrets.size < kept) secrets.add(value);
  } else if (value !== null && typeof value === "object") {
    for (const [key, inner] of Object.entries(value)) {
      walk(Array.isArray(value) ? name : key, inner);
    }
  }
}

/** The lines of a log that hold what they must not: a secret, as it is or as JSON has it, or any JWT. */
export function revealing(log: string[]): string[] {
  const forms = [...secrets].flatMap((secret) => [secret, JSON.stringify(secret).slice(1, -1)]);
  const found = (line: string) =>
    /\beyJ[\w-]+\.eyJ/.test(line) || forms.some((secret) => line.includes(secret));
  return log.filter(found);
}
