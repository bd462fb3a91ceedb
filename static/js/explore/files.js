import { cell, toTsv } from "../rows.js";

/** @import { Gene, RankedFigure, Row, ShownGene } from "../search/types.js" */

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
 * Gene sets as GSEA and its relatives read them: name, description, then the genes. A set has genes of one organism: a figure that
 * shows genes of two is two sets, of which that of the default organism has its name alone. A figure without genes is none.
 * @param {readonly Row[]} rows
 * @param {readonly (readonly ShownGene[])[]} genes of each
 * @returns {string}
 */
export function geneSets(rows, genes) {
  return rows.map((row, at) => setsOf(row, genes[at])).join("");
}

/**
 * @param {Row} row
 * @param {readonly ShownGene[]} genes
 */
function setsOf({ figid, title }, genes) {
  const organisms = [...new Set(genes.map((gene) => gene.organism))].sort();
  return organisms
    .map((organism) => {
      const symbols = new Set(genes.filter((gene) => gene.organism === organism).map((gene) => gene.symbol));
      const named = organism ? [`${figid}_${organism.replace(/\s+/g, "_")}`, `${title} (${organism})`] : [figid, title];
      return `${[...named, ...[...symbols].sort()].map(cell).join("\t")}\n`;
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
