import { explore } from "./explore/page.js";

const root = /** @type {HTMLElement | null} */ (document.querySelector(".explore"));
if (root) explore(root);
