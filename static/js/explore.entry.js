import { begin } from "./explore/begin.js";
import { explore } from "./explore/page.js";

// The script may come before the page does: it asks for the index at once, and waits for the page to show what it found.
void begin(new URL("..", import.meta.url).href);
if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
else start();

function start() {
  const root = /** @type {HTMLElement | null} */ (document.querySelector(".explore"));
  if (root) explore(root);
}
