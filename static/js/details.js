import { h } from "./dom.js";
import { isNcbi } from "./genetable.js";
import { lexicon } from "./lexicons.js";
import { toolsOf } from "./tables.js";

/** @import { GeneRow, Word } from "./genetable.js" */

const HGNC = "https://www.genenames.org/data/gene-symbol-report/#!/symbol/";
const NCBI = "https://www.ncbi.nlm.nih.gov/gene/";

/**
 * The gene table under Details, with what a match in each of its lexicons means. The page has its place: there it would
 * say once more what the panel says.
 * @param {HTMLElement} details
 * @param {readonly Word[]} words
 */
export function geneTable(details, words) {
  const rows = words.flatMap((word) => word.rows);
  const organism = rows.some((row) => row.organism) ? ["Organism"] : [];
  const symbol = rows.some((row) => row.human) ? "Symbol, at HGNC" : "Symbol";
  const id = rows.every((row) => !row.ncbi || isNcbi(row.ncbi)) ? "NCBI Gene" : "Identifier";
  const columns = ["Word", "Match", "Lexicon", ...organism, symbol, id];
  const head = h("thead", {}, h("tr", {}, ...columns.map((name) => h("th", {}, name))));
  const table = h("table", { "aria-label": "Gene table" }, head, h("tbody", {}, ...words.flatMap(wordRows)));
  const summary = details.querySelector("summary");
  const choice = details.querySelectorAll(".of");
  if (summary) details.replaceChildren(summary, ...choice); // another choice of genes was there before
  const used = [...new Set(words.filter((word) => word.rows.length).map((word) => word.lexicon))].filter(Boolean);
  const meanings = used.flatMap((name) => [h("dt", {}, name), h("dd", {}, lexicon(name).meaning)]);
  details.append(
    h("div", { className: "scroll", tabIndex: 0, role: "group", "aria-label": "Gene table" }, table),
    h("dl", { className: "lexicons" }, ...meanings),
  );
  // Not whenever it opens: on paper it is open too.
  if (details instanceof HTMLDetailsElement && details.open) void toolsOf([table]);
  else summary?.addEventListener("click", () => void toolsOf([table]), { once: true });
}

/**
 * The genes of a word, each a row that stands for itself, so that rows can be sorted.
 * @param {Word} word
 */
function wordRows({ word, match, lexicon: named, rows }) {
  return rows.map((row) =>
    h("tr", {}, h("th", { scope: "row" }, word), h("td", {}, match), h("td", {}, named), ...geneCells(row)),
  );
}

/** @param {GeneRow} row */
function geneCells({ symbol, ncbi, human, organism }) {
  return [
    ...(organism ? [h("td", {}, h("i", {}, organism))] : []),
    h("td", {}, human ? h("a", { rel: "noopener", href: HGNC + encodeURIComponent(symbol) }, symbol) : symbol),
    h("td", {}, isNcbi(ncbi) ? h("a", { rel: "noopener", href: NCBI + ncbi }, ncbi) : ncbi),
  ];
}
