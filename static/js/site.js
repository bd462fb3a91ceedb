import { prepareMessages } from "./dom.js";
import { figurePage } from "./figure.js";
import { geneFilter } from "./filter.js";
import { quietThumbnails } from "./picture.js";
import { offerNetwork } from "./network.js";
import { schemeSwitch } from "./scheme.js";
import { searchBoxes } from "./searchbox.js";
import { toolsOf } from "./tables.js";

// Each part looks for its own place in the page, and does nothing where there is none.
schemeSwitch();
quietThumbnails();
searchBoxes();
prepareMessages();

const figure = /** @type {HTMLElement | null} */ (document.querySelector("article.fig"));
if (figure) figurePage(figure);

const filter = /** @type {HTMLElement | null} */ (document.querySelector(".filter"));
if (filter) geneFilter(filter);

// On phones the bar of letters is wider than the screen: the letter of this page is in sight.
const letter = /** @type {HTMLElement | null} */ (document.querySelector(".letters [aria-current]"));
const bar = /** @type {HTMLElement | null | undefined} */ (letter?.closest(".letters"));
if (letter && bar) bar.scrollLeft = letter.offsetLeft - bar.offsetLeft - bar.clientWidth / 2;

const sortable = /** @type {NodeListOf<HTMLTableElement>} */ (document.querySelectorAll("table.sortable"));
void toolsOf([...sortable]);

const network = /** @type {HTMLElement | null} */ (document.querySelector(".tools.network"));
if (network) offerNetwork(network);
