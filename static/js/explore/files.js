import { cell, toTsv } from "../rows.js";

/** @import { Gene, RankedFigure, Row } from "../search/types.js" */

const FIGURE = ["figid", "title", "number", "year", "pmcid", "organisms", "type"];

/** @param {Row} row */
function figureCells(row) {
  return [row.figid, row.title, row.number, row.year, row.pmcid, row.organisms.join("|"), row.type];
}

/**
 * The figures of a search, a line each.
 * @param {readonly Row[]} rows
 * @param {string} site address to which those of the rows are relative
 * @returns {string}
 */
export function figureTable(rows, site) {
  const lines = rows.map((row) => [...figureCells(row), row.paper, citation(row), address(row, site)]);
  return toTsv([[...FIGURE, "paper", "citation", "url"], ...lines]);
}

/**
 * What to cite of a figure: its label, the paper's title, year and PMCID. Authors and journal are in the record.
 * @param {Row} row
 */
function citation({ number, paper, year, pmcid }) {
  const parts = [number, paper.replace(/\s*\.$/, ""), year, pmcid];
  return `${parts.filter(Boolean).join(". ")}.`;
}

/**
 * The ids of figures, a line each.
 * @param {readonly Row[]} rows
 * @returns {string}
 */
export function figureIds(rows) {
  return rows.map((row) => `${row.figid}\n`).join("");
}

/**
 * Gene sets as GSEA and its relatives read them: name, description, then the genes. A figure without genes is no set.
 * @param {readonly Row[]} rows
 * @param {readonly (readonly string[])[]} genes of each
 * @returns {string}
 */
export function geneSets(rows, genes) {
  return rows
    .flatMap((row, at) => {
      const symbols = [...new Set(genes[at])].sort();
      return symbols.length ? [`${[row.figid, row.title, ...symbols].map(cell).join("\t")}\n`] : [];
    })
    .join("");
}

/**
 * The figures ranked by a set of genes, a line each.
 * @param {readonly RankedFigure[]} ranked
 * @param {readonly Row[]} rows of each
 * @param {readonly (readonly Gene[])[]} genes that each shares with the set
 * @param {(p: number, logP?: number) => string} probability writes p and q
 * @param {string} site address to which those of the rows are relative
 * @returns {string}
 */
export function rankedTable(ranked, rows, genes, probability, site) {
  const lines = ranked.map(({ overlap, size, p, logP, q }, at) => [
    at + 1,
    overlap,
    size,
    probability(p, logP),
    probability(q),
    genes[at].map((gene) => gene.symbol).join("|"),
    ...figureCells(rows[at]),
    rows[at].paper,
    address(rows[at], site),
  ]);
  return toTsv([["rank", "overlap", "size", "p", "q", "genes", ...FIGURE, "paper", "url"], ...lines]);
}

/**
 * @param {Row} row
 * @param {string} site
 */
function address(row, site) {
  return new URL(row.href, site).href;
}
