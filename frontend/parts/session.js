// Requests in the name of who is signed in: where the access token is past its time, the login is refreshed as the
// page's own code does it (app/src/client/refresh.rs), under the same lock, and the request made again.
// @ts-check

/** A refresh that any tab did within ten seconds need not be done again. */
const RECENTLY_REFRESHED = "refreshed=1;max-age=10;path=/;samesite=lax";

/**
 * Asks, and once more where the token had run out. Fails where the network is away.
 * @param {string} address
 * @param {RequestInit} [options] with a body that can be sent twice
 * @returns {Promise<Response>}
 */
export async function ask(address, options) {
  const answer = await fetch(address, options);
  return answer.status === 401 && (await refresh()) ? fetch(address, options) : answer;
}

/**
 * What the server says of a failure, such as `quota`.
 * @param {Response} answer
 * @returns {Promise<string>}
 */
export async function kindOf(answer) {
  const told = await answer.json().catch(() => undefined);
  return told?.error?.kind ?? "unavailable";
}

/** @returns {Promise<boolean>} whether the login lives */
async function refresh() {
  return navigator.locks ? await navigator.locks.request("kith-refresh", unlocked) : unlocked();
}

async function unlocked() {
  if (document.cookie.includes("refreshed=1")) return true;
  const answer = await fetch("/api/v1/auth/refresh", { method: "POST" });
  if (answer.ok) document.cookie = RECENTLY_REFRESHED;
  return answer.ok;
}
