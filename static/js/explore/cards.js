import { button, h } from "../dom.js";
import { marked } from "./marked.js";

/** Letters of a paper's title that a card shows. */
const PAPER = 80;
/** Figures of a page; */
export const PER_PAGE = 20;
/** so many fill a screen: the others are fetched once these stand. */
export const FIRST = 5;
/** Genes of a card at first: more than a line holds. */
const MOST_CHIPS = 12;

/** @import { Gene, Marks, Row } from "../search/types.js" */

/**
 * What a card shows of a figure beside its row.
 * @typedef {object} Extra
 * @property {Marks} [title] parts of the title to mark
 * @property {Marks} [paper] the same of the paper's
 * @property {readonly Gene[] | Promise<readonly Gene[]>} [genes] those that answer; their place is kept until they come
 * @property {Node} [numbers] of a ranked figure
 */

/**
 * Figures as cards, in a list that counts on from the pages before.
 * @param {readonly Row[]} rows
 * @param {readonly Extra[]} extras of each
 * @param {number} start number of the first
 * @returns {HTMLOListElement}
 */
export function cards(rows, extras, start) {
  return h("ol", { className: "hits", start }, ...rows.map((row, at) => card(row, extras[at] ?? {})));
}

/**
 * Adds places of cards that are on their way to a list, so that what stands below does not move when they come.
 * @param {HTMLOListElement} list
 * @param {number} count
 * @returns {(rows: readonly Row[], extras: readonly Extra[]) => void} puts the cards into their places
 */
export function laterCards(list, count) {
  const places = Array.from({ length: count }, () => h("li", { "aria-hidden": "true" }, h("div", { className: "frame" })));
  list.append(...places);
  return (rows, extras) => rows.forEach((row, at) => places[at].replaceWith(card(row, extras[at] ?? {})));
}

/** Waits until what was put into the page has been painted; where nobody looks at the page, a moment. */
export function painted() {
  return new Promise((done) => {
    requestAnimationFrame(() => setTimeout(done));
    setTimeout(done, 100);
  });
}

/**
 * @param {Row} row
 * @param {Extra} extra
 */
function card(row, { title = [], paper = [], genes, numbers }) {
  const about = h("p", {}, ...meta(row, paper));
  const link = h("a", { href: row.href }, ...marked(row.title || row.figid, title));
  const parts = [h("h3", {}, link), about];
  if (genes instanceof Promise || genes?.length) parts.push(chips(genes));
  return h("li", {}, picture(row), h("div", {}, ...parts), ...(numbers ? [numbers] : []));
}

/** @type {ResizeObserver | undefined} */
let lines;

/** Sees which lines hold less than all of their genes: those offer the others. */
function lineObserver() {
  lines ??= new ResizeObserver((entries) => {
    for (const { target } of entries) {
      const more = /** @type {HTMLElement | null} */ (target.nextElementSibling);
      // What is cut off is for the button to bring, not for the keyboard to pass through.
      const end = /** @type {HTMLElement} */ (target).offsetTop + target.clientHeight;
      for (const link of /** @type {Iterable<HTMLElement>} */ (target.children)) link.tabIndex = link.offsetTop >= end ? -1 : 0;
      if (more) more.hidden = target.childElementCount === Number(more.dataset.count) && target.scrollHeight <= target.clientHeight;
    }
  });
  return lines;
}

/**
 * One line of genes, whose place is kept, and a button that brings the others: a word such as WNT stands for a whole family.
 * @param {readonly Gene[] | Promise<readonly Gene[]>} genes
 */
function chips(genes) {
  const line = h("p", { className: "flat" });
  const place = h("div", { className: "line" }, line);
  const put = (/** @type {readonly Gene[]} */ found) => {
    line.append(...links(found.slice(0, MOST_CHIPS)));
    place.append(unfolder(line, found));
    lineObserver().observe(line);
  };
  if (genes instanceof Promise) genes.then(put, () => {}); // the page says what is wrong
  else put(genes);
  return place;
}

/**
 * @param {HTMLElement} line some of the genes
 * @param {readonly Gene[]} genes all of them
 */
function unfolder(line, genes) {
  const more = button(`All ${genes.length}`, () => {
    const shown = /** @type {HTMLElement[]} */ ([...line.children]);
    const cut = shown.find((link) => link.offsetTop >= line.offsetTop + line.clientHeight);
    const rest = links(genes.slice(shown.length));
    line.append(...rest);
    for (const link of shown) link.tabIndex = 0;
    line.parentElement?.classList.add("open");
    lineObserver().unobserve(line);
    more.remove();
    (cut ?? rest[0])?.focus();
  });
  more.hidden = true;
  more.dataset.count = String(genes.length);
  more.setAttribute("aria-label", `All ${genes.length} genes`);
  return more;
}

/**
 * Links to genes; those of another organism than the usual one say so, since their symbols may be the same.
 * @param {readonly Gene[]} genes
 */
function links(genes) {
  return genes.map((gene) => {
    const link = h("a", { href: gene.href }, gene.symbol);
    if (gene.key.includes("/")) link.append(" ", h("i", {}, gene.organism));
    return link;
  });
}

/**
 * @param {Row} row
 * @param {Marks} marks
 */
function meta(row, marks) {
  const paper = row.paper.length > PAPER ? `${row.paper.slice(0, PAPER - 1).trimEnd()}…` : row.paper;
  const own = paper ? marked(paper, marks.filter(([, end]) => end < PAPER || paper === row.paper)) : [row.pmcid];
  const before = [row.number, row.year].filter(Boolean).join(" · ");
  const after = row.organisms.length ? [" · ", h("i", {}, row.organisms.join(", "))] : [];
  return [...(before ? [`${before} · `] : []), ...own, ...after];
}

/**
 * The picture leads where the title does, so it is no link of its own; one that cannot be had leaves its frame.
 * @param {Row} row
 */
function picture(row) {
  const frame = h("div", { className: "frame" });
  if (!row.thumb) return frame;
  const image = h("img", { alt: "", loading: "lazy", decoding: "async", width: 160, height: 120 });
  image.addEventListener("load", () => frame.classList.add("come"));
  image.addEventListener("error", () => image.remove());
  image.src = row.thumb;
  frame.append(image);
  return frame;
}
