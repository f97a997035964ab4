// What stands over the page while files are dragged over it: that they can be dropped.
// @ts-check

/** @type {HTMLElement | undefined} */
let hint;

/** Shows it from now on, once its looks are there. */
export function hintAtDrops() {
  document.addEventListener("dragover", (drag) => {
    // Where they are taken, starter.js has said so.
    if (hint || !drag.defaultPrevented) return;
    const { content } = /** @type {HTMLTemplateElement} */ (document.getElementById("drop-hint"));
    hint = /** @type {HTMLElement} */ (/** @type {Element} */ (content.firstElementChild).cloneNode(true));
    document.body.append(hint);
  });
  const hide = () => {
    hint?.remove();
    hint = undefined;
  };
  document.addEventListener("dragleave", (drag) => drag.relatedTarget || hide());
  document.addEventListener("drop", hide);
}
