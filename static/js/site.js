import { prepareMessages } from "./dom.js";
import { figurePage } from "./figure.js";
import { geneFilter } from "./filter.js";
import { quietThumbnails } from "./picture.js";
import { schemeSwitch } from "./scheme.js";
import { searchBoxes } from "./searchbox.js";

// Each part looks for its own place in the page, and does nothing where there is none.
schemeSwitch();
quietThumbnails();
searchBoxes();
prepareMessages();

const figure = /** @type {HTMLElement | null} */ (document.querySelector("article.fig"));
if (figure) figurePage(figure);

const filter = /** @type {HTMLElement | null} */ (document.querySelector(".filter"));
if (filter) geneFilter(filter);
