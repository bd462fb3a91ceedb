import { h } from "./dom.js";
import { lexicon } from "./lexicons.js";

/** @import { GeneRow, Word } from "./genetable.js" */

const COLUMNS = ["Word", "Match", "Lexicon", "Symbol, at HGNC", "NCBI Gene"];
const HGNC = "https://www.genenames.org/data/gene-symbol-report/#!/symbol/";
const NCBI = "https://www.ncbi.nlm.nih.gov/gene/";

/**
 * The gene table under Details, with what a match in each of its lexicons means. The page has its place: there it would
 * say once more what the panel says.
 * @param {HTMLElement} details
 * @param {readonly Word[]} words
 */
export function geneTable(details, words) {
  const head = h("thead", {}, h("tr", {}, ...COLUMNS.map((name) => h("th", {}, name))));
  const table = h("table", {}, head, ...words.filter((word) => word.rows.length).map(wordRows));
  const used = [...new Set(words.map((word) => word.lexicon))].filter(Boolean);
  const meanings = used.flatMap((name) => [h("dt", {}, name), h("dd", {}, lexicon(name).meaning)]);
  details.append(
    h("div", { className: "scroll", tabIndex: 0, role: "group", "aria-label": "Gene table" }, table),
    h("dl", { className: "lexicons" }, ...meanings),
  );
}

/**
 * The genes of a word; its own cells span them.
 * @param {Word} word
 * @returns {HTMLTableSectionElement}
 */
function wordRows({ word, match, lexicon: named, rows }) {
  const span = { rowSpan: rows.length };
  const own = [h("th", span, word), h("td", span, match), h("td", span, named)];
  return h("tbody", {}, ...rows.map((row, index) => h("tr", {}, ...(index ? [] : own), ...geneCells(row))));
}

/** @param {GeneRow} row */
function geneCells({ symbol, ncbi, human }) {
  return [
    h("td", {}, human ? h("a", { rel: "noopener", href: HGNC + encodeURIComponent(symbol) }, symbol) : symbol),
    h("td", {}, ncbi ? h("a", { rel: "noopener", href: NCBI + ncbi }, ncbi) : ""),
  ];
}
