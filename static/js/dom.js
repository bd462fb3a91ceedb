/**
 * An element with properties, attributes (names with a hyphen, `role`, `for`) and children; text stays text.
 * @template {keyof HTMLElementTagNameMap} K
 * @param {K} tag
 * @param {Record<string, unknown>} [props]
 * @param {...(Node | string)} children
 * @returns {HTMLElementTagNameMap[K]}
 */
export function h(tag, props = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (name.includes("-") || name === "role" || name === "for") element.setAttribute(name, String(value));
    else /** @type {Record<string, unknown>} */ (/** @type {unknown} */ (element))[name] = value;
  }
  element.append(...children);
  return element;
}

/**
 * A button that runs an action.
 * @param {string} text
 * @param {() => void} action
 * @param {string} [title] what it does, in a sentence
 * @returns {HTMLButtonElement}
 */
export function button(text, action, title = "") {
  const element = h("button", { type: "button" }, text);
  if (title) element.title = title;
  element.addEventListener("click", action);
  return element;
}

/** Makes the place of the messages, if another script has not: a live region must be in the page before its first message. */
export function prepareMessages() {
  if (!document.querySelector(".toast")) document.body.append(h("p", { className: "toast", role: "status" }));
}

/**
 * Moves the place of the messages: one over a modal dialog must be inside it, before it comes.
 * @param {Element} parent
 */
export function messagesIn(parent) {
  const toast = document.querySelector(".toast");
  if (toast) parent.append(toast);
}

/**
 * Says what happened, to eyes and to screen readers; the message goes after four seconds.
 * @param {string} message
 */
export function say(message) {
  // Looked up, and with its timer upon it, since scripts that are fetched later have a copy of this module of their own.
  const toast = /** @type {HTMLElement | null} */ (document.querySelector(".toast"));
  if (!toast) return;
  toast.textContent = message;
  clearTimeout(Number(toast.dataset.timer));
  toast.dataset.timer = String(setTimeout(() => (toast.textContent = ""), 4000));
}

/**
 * Copies text, and says so.
 * @param {string} text
 * @param {string} what for the message: `Link`
 */
export async function copy(text, what) {
  try {
    await navigator.clipboard.writeText(text);
    say(`${what} copied`);
  } catch {
    say(copyBySelection(text) ? `${what} copied` : "The browser did not allow copying.");
  }
}

/**
 * The way to copy where the clipboard is closed to scripts (plain http).
 * @param {string} text
 * @returns {boolean} whether it worked
 */
function copyBySelection(text) {
  const area = h("textarea", { value: text, className: "hidden" });
  const focused = /** @type {HTMLElement | null} */ (document.activeElement);
  (document.querySelector("dialog[open]") ?? document.body).append(area);
  area.select();
  const done = document.execCommand("copy");
  area.remove();
  focused?.focus();
  return done;
}

/**
 * Offers text as a file.
 * @param {string} name
 * @param {string | Blob} text
 * @param {string} type
 */
export function download(name, text, type) {
  const link = h("a", { href: URL.createObjectURL(new Blob([text], { type })), download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10000);
}
