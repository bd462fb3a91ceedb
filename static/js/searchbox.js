import { h } from "./dom.js";

let boxes = 0;

/**
 * Search boxes say at once what they are; what they suggest, and by what, is fetched when one takes the focus. Until then,
 * and where it cannot be had, the form is sent as it would be without scripts.
 */
export function searchBoxes() {
  for (const form of document.querySelectorAll("form[role=search]:not([data-own])")) {
    const input = form.querySelector("input");
    if (input) box(/** @type {HTMLFormElement} */ (form), input);
  }
  document.addEventListener("keydown", slash);
}

/**
 * @param {HTMLFormElement} form
 * @param {HTMLInputElement} input
 */
function box(form, input) {
  const id = `suggest${++boxes}`;
  const list = h("div", { id, className: "suggest", role: "listbox", "aria-label": "Suggestions", hidden: true });
  form.append(list);
  const attributes = { role: "combobox", autocomplete: "off", autocapitalize: "off", spellcheck: "false" };
  const aria = { "aria-expanded": "false", "aria-controls": id, "aria-autocomplete": "list" };
  for (const [name, value] of Object.entries({ ...attributes, ...aria })) input.setAttribute(name, value);
  let wanted = false;
  const start = () => {
    if (wanted) return;
    wanted = true;
    import("./suggest.lazy.js").then(
      ({ suggest }) => suggest(form, input, list),
      () => (wanted = false), // the next focus tries again
    );
  };
  input.addEventListener("focus", start);
  if (document.activeElement === input) start();
}

/**
 * `/` takes the reader to the search box that is on the page, or to the box of a gene set.
 * @param {KeyboardEvent} event
 */
function slash(event) {
  const target = /** @type {HTMLElement} */ (event.target);
  if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey) return;
  if (target.isContentEditable || /^(input|textarea|select)$/i.test(target.tagName)) return;
  if (document.querySelector("dialog[open]")) return;
  const inputs = /** @type {NodeListOf<HTMLInputElement>} */ (document.querySelectorAll("form[role=search] input, form.set textarea"));
  const input = [...inputs].find((candidate) => candidate.getClientRects().length);
  if (!input) return;
  event.preventDefault();
  input.focus();
  input.select();
}
