// The styles of pictures, sound and files: a page without any came without them.
// @ts-check

/** @type {Promise<unknown> | undefined} */
let loaded;

/** Loads them, once; ends as well where they cannot be had. */
export function looks() {
  return (loaded ??= load());
}

async function load() {
  const links = [...document.querySelectorAll("link")].map(({ href }) => href);
  const address = links.find((href) => href.endsWith("/kith.css"))?.replace("kith.css", "files.css");
  if (!address || links.includes(address)) return;
  const link = document.createElement("link");
  link.rel = "stylesheet";
  link.href = address;
  const done = new Promise((done) => (link.onload = link.onerror = done));
  document.head.append(link);
  await done;
}
