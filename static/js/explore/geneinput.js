import { BETWEEN } from "../search/geneset.js";

/** A number as tables of results have them, also with a comma for the fraction. */
const NUMBER = /^[-+]?(?:\d+(?:[.,]\d*)?|[.,]\d+)(?:e[-+]?\d+)?$|^(?:nan?|inf)$/i;
/** A number that is no id: with a fraction or an exponent, */
const MEASURED = /^[-+]?(?:\d*[.]\d+(?:e[-+]?\d+)?|\d+[.]|\d*[.]?\d+e[-+]\d+)$/i;
/** the fraction perhaps behind a comma, where that stands between no cells. */
const FRACTION = /^[-+]?\d+,\d+$/;
/** What the column of genes is called in a table of results. */
const HEADING = /^(?:genes?|symbols?|(?:hgnc|gene|ncbi|entrez)[ ._-]?(?:gene)?[ ._-]?(?:symbols?|names?|ids?)|entrez)$/i;
const CELLS = ["\t", ";", ","];

/**
 * The genes of a text that a reader pastes or drops: symbols, aliases or ids, whatever stands between them; what may be a part of a
 * name too, as the slash, is left to who knows the names. Quotation marks,
 * prefixes of ids (`ncbigene:207`, `GeneID 207` has none) and numbers with a fraction, as tables of results have, fall away;
 * a name that comes twice counts once. Of a table of results only the column of the genes counts.
 * @param {string} text
 * @returns {string[]}
 */
export function geneNames(text) {
  /** @type {Map<string, string>} */
  const names = new Map();
  for (const part of (columnOfGenes(text) ?? text).split(BETWEEN)) {
    const name = part.replace(/^["'“”‘’([{<]+|["'“”‘’)\]}>.]+$/g, "").replace(/^(ncbi(gene)?|geneid|entrez):/i, "");
    const isName = /[\p{L}\p{N}]/u.test(name) && !MEASURED.test(name);
    if (isName && !names.has(name.toLowerCase())) names.set(name.toLowerCase(), name);
  }
  return [...names.values()];
}

/**
 * The genes in a file: of gene sets in GMT, those of all sets without their names and descriptions; lines that begin with `#` are
 * comments, as in GRP.
 * @param {string} text
 * @param {string} name of the file
 * @returns {string[]}
 */
export function genesInFile(text, name) {
  const lines = text.split(/\r\n?|\n/).filter((line) => !line.startsWith("#"));
  const sets = /\.gmt$/i.test(name);
  return geneNames(lines.map((line) => (sets ? line.split("\t").slice(2).join("\t") : line)).join("\n"));
}

/**
 * The column of genes of a table that has columns of numbers too; undefined of any other text.
 * @param {string} text
 * @returns {string | undefined}
 */
function columnOfGenes(text) {
  const lines = text.split(/\r\n?|\n/).filter((line) => line.trim());
  for (const sign of CELLS) {
    const rows = lines.map((line) => line.split(sign).map((cell) => cell.trim().replace(/^"(.*)"$/, "$1")));
    const width = rows[0]?.length ?? 0;
    if (rows.length < 2 || width < 2 || rows.some((row) => row.length !== width)) continue;
    const named = rows[0].findIndex((cell) => HEADING.test(cell));
    const numbers = rows[0].map((_, at) => rows.slice(1).every((row) => NUMBER.test(row[at]) || !row[at]));
    const measured = rows.some((row) => row.some((cell, at) => numbers[at] && (MEASURED.test(cell) || FRACTION.test(cell))));
    if (named < 0 && !measured) return undefined; // symbols and ids, several a line
    const heading = named >= 0 || rows[0].every((cell) => !NUMBER.test(cell));
    const column = named >= 0 ? named : Math.max(0, numbers.indexOf(false));
    return rows.slice(heading ? 1 : 0).map((row) => row[column]).join("\n");
  }
  return undefined;
}
