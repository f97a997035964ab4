// Where what is attached stands: above the field of the conversation that is shown.
// @ts-check

/**
 * Waits until the page's own code has looked through the document: what is put there before would confuse it. Where
 * that code does not come, what is put there does no harm.
 */
export async function hydrated() {
  await /** @type {{ hydrated?: Promise<void> }} */ (globalThis).hydrated?.catch(() => {});
}

/** @returns {Element | undefined} none where nothing can be written; after hydration alone */
export function place() {
  const composer = document.querySelector(".composer");
  if (!composer) return undefined;
  const before = composer.previousElementSibling;
  if (before?.matches(".attachments")) return before;
  const place = document.createElement("div");
  place.className = "attachments";
  composer.before(place);
  return place;
}
