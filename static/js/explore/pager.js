import { h } from "../dom.js";

/**
 * Numbers of pages to offer: the ends and the neighbourhood, 0 for a gap.
 * @param {number} page from 1
 * @param {number} pages
 * @returns {number[]}
 */
export function pageNumbers(page, pages) {
  const wanted = [1, page - 1, page, page + 1, pages].filter((number) => number >= 1 && number <= pages);
  /** @type {number[]} */
  const out = [];
  for (const number of [...new Set(wanted)].sort((a, b) => a - b)) {
    const last = out[out.length - 1] ?? 0;
    if (number - last === 2) out.push(number - 1);
    else if (number - last > 2) out.push(0);
    out.push(number);
  }
  return out;
}

/**
 * Links to the pages of an answer.
 * @param {number} page from 1
 * @param {number} pages
 * @param {(page: number) => string} href
 * @returns {HTMLElement[]} none where there is one page
 */
export function pager(page, pages, href) {
  if (pages < 2) return [];
  const step = (/** @type {number} */ to, /** @type {string} */ text) =>
    to >= 1 && to <= pages ? [h("a", { href: href(to) }, text)] : [];
  const numbers = pageNumbers(page, pages).map((number) => {
    if (!number) return h("span", {}, "…");
    const link = h("a", { href: href(number) }, String(number));
    if (number === page) link.setAttribute("aria-current", "page");
    return link;
  });
  const parts = [...step(page - 1, "Previous"), ...numbers, ...step(page + 1, "Next")];
  return [h("nav", { className: "pager", "aria-label": "Pages of figures" }, ...parts)];
}
