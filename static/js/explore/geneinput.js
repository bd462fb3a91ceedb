import { BETWEEN } from "../search/geneset.js";

/** A number as tables of results have them, also with a comma for the fraction. */
const NUMBER = /^[-+]?(?:\d+(?:[.,]\d*)?|[.,]\d+)(?:e[-+]?\d+)?$|^(?:nan?|inf)$/i;
/** A number that is no id: with a fraction or an exponent, */
const MEASURED = /^[-+]?(?:\d*[.]\d+(?:e[-+]?\d+)?|\d+[.]|\d*[.]?\d+e[-+]\d+)$/i;
/** the fraction perhaps behind a comma, where that stands between no cells. */
const FRACTION = /^[-+]?\d+,\d+$/;
/** What the column of genes is called in a table of results, that of symbols or names first. */
const HEADINGS = [
  /^(?:genes?|symbols?|(?:hgnc|gene|ncbi|entrez|external)[ ._-]?(?:gene)?[ ._-]?(?:symbols?|names?))$/i,
  /^(?:(?:hgnc|gene|ncbi|entrez)[ ._-]?(?:gene)?[ ._-]?ids?|entrez)$/i,
];
/** What the columns of a table of pairs are called, of which both are genes. */
const PAIRS =
  /^#?(?:(?:node|protein|gene|symbol|name|interactor|participant)s?[ ._-]?(?:name|symbol)?[ ._-]?(?:1|2|a|b)|source|target|ligand|receptor|regulator|tf|from|to)(?:[ ._-]?(?:genes?|symbols?|names?))?$/i;
/** What looks like a symbol: most are of capitals and digits. */
const SYMBOL = /^(?!(?:chr|scaffold)[\dXYM]|[XYM]$)[A-Z][A-Z\d-]{1,11}$/i;
/** Ids of other databases, which stand for genes that have other names here. */
const FOREIGN = {
  Ensembl: /^(?:\d+\.)?ENS[A-Z]*[GTP]\d{6,}/i, // in STRING behind the number of the organism
  RefSeq: /^[NX][MRP]_\d+/i,
  HGNC: /^HGNC:?\d+$/i,
  UniProt: /^(?:[OPQ]\d[A-Z\d]{3}\d|[A-NR-Z]\d(?:[A-Z][A-Z\d]{2}\d){1,2})(?:-\d+)?$/i,
};
/** Databases whose ids look like no symbol: P2RY12 could be an id of UniProt. */
export const CERTAIN = new Set(["Ensembl", "RefSeq", "HGNC"]);
/** The number of an entry of a list, where these ascend from 1: `1.`, `2)`. */
const ENTRY = /^\(?\d{1,4}[.)]$/;
const CELLS = ["\t", ";", ",", / +/];
/** What R prints before the values of each line: `[1]`. */
const PRINTED = /^[ \t]*\[\d+\](?=\s)/gm;

/**
 * The database that an id is one of, by its form; empty for what is no id of those.
 * @param {string} name
 * @returns {string}
 */
export function databaseOf(name) {
  return Object.entries(FOREIGN).find(([, form]) => form.test(name))?.[0] ?? "";
}

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
  const written = text.replace(PRINTED, "");
  const parts = (columnOfGenes(written) ?? written).split(BETWEEN);
  const entries = parts.filter((part) => ENTRY.test(part));
  const numbered = entries.length < parts.length && entries.every((entry, at) => Number.parseInt(entry.replace("(", ""), 10) === at + 1);
  for (const part of parts) {
    if (numbered && ENTRY.test(part)) continue;
    const name = part.replace(/^(?:(?:np\.)?[a-z]+)\([[({]*(?=["'“])/i, "").replace(/^["'“”‘’([{<]+|["'“”‘’)\]}>.]+$/g, "").replace(/^(ncbi(gene)?|geneid|entrez):/i, "");
    const wanted = /[\p{L}\p{N}]/u.test(name) && !MEASURED.test(name);
    if (wanted && !names.has(name.toLowerCase())) names.set(name.toLowerCase(), name);
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
 * Why a file cannot be read as text; empty if it can.
 * @param {string} text
 * @returns {string}
 */
export function noText(text) {
  if (/^PK\x03\x04|^\ufffd\ufffd\x11/.test(text)) return "This is a spreadsheet: copy its column of genes and paste it here, or save it as CSV.";
  return text.includes("\0") || text.startsWith("%PDF-") ? "This file is no text: copy the genes and paste them here." : "";
}

/**
 * The text of a file, which is UTF-8 unless a byte order mark says UTF-16, as spreadsheets write it.
 * @param {Blob} file
 * @returns {Promise<string>}
 */
export async function textOf(file) {
  const bytes = new Uint8Array(await file.arrayBuffer());
  const mark = bytes[0] * 256 + bytes[1];
  return new TextDecoder(mark === 0xfffe ? "utf-16le" : mark === 0xfeff ? "utf-16be" : "utf-8").decode(bytes);
}

/**
 * The column of genes of a table that has columns of numbers too; undefined of any other text.
 * @param {string} text
 * @returns {string | undefined}
 */
function columnOfGenes(text) {
  const lines = text.split(/\r\n?|\n/).filter((line) => line.trim());
  for (const sign of CELLS) {
    const rows = tableOf(lines, sign);
    if (!rows) continue;
    const [head, ...below] = rows;
    const numbers = head.map((_, at) => below.every((row) => NUMBER.test(row[at]) || !row[at]));
    const named = headed(rows);
    const measured = rows.some((row) => row.some((cell, at) => numbers[at] && (MEASURED.test(cell) || FRACTION.test(cell))));
    if (named < 0 && !measured) return withoutCounts(rows); // symbols and ids, several a line, unless numbers count
    const heading = named >= 0 || head.every((cell) => !NUMBER.test(cell));
    const column = named >= 0 ? named : Math.max(0, numbers.findIndex((own, at) => !own && !foreign(below, at)), numbers.indexOf(false));
    const columns = named >= 0 ? [named] : paired(rows, column, heading);
    return rows.slice(heading ? 1 : 0).map((row) => columns.map((at) => row[at]).join("\n")).join("\n");
  }
  return undefined;
}

/**
 * The columns of a table of pairs, as of interactions, in which genes stand; else the one that is given.
 * @param {string[][]} rows
 * @param {number} column
 * @param {boolean} heading whether the first row is one
 */
function paired(rows, column, heading) {
  const [head, ...below] = rows;
  const places = head.map((_, at) => at);
  if (heading) {
    const called = places.filter((at) => PAIRS.test(head[at]) && below.some((row) => /\p{L}/u.test(row[at])) && !foreign(below, at));
    return called.length > 1 ? called : [column];
  }
  // Without headings only what looks like a symbol in every row, and is not the same word all the time.
  const alike = (/** @type {number} */ at) => rows.every((row) => SYMBOL.test(row[at])) && new Set(rows.map((row) => row[at])).size * 2 > rows.length;
  return alike(column) ? places.filter((at) => at === column || alike(at)) : [column];
}

/**
 * Lines as rows of equal width; undefined if they are none. The first may lack a cell, as R writes it above the names of rows.
 * @param {string[]} lines
 * @param {string | RegExp} sign between cells
 */
function tableOf(lines, sign) {
  const rows = lines.map((line) => (typeof sign === "string" ? line : line.trim()).split(sign).map((cell) => cell.trim().replace(/^"(.*)"$/, "$1")));
  const width = rows[1]?.length ?? 0;
  if (width > 2 && rows[0].length === width - 1) rows[0].unshift("");
  return width > 1 && rows.every((row) => row.length === width) ? rows : undefined;
}

/**
 * The column whose heading says that genes stand in it, those of other databases last; -1 if none does.
 * @param {string[][]} rows
 */
function headed([head, ...below]) {
  const found = HEADINGS.flatMap((form) => head.flatMap((cell, at) => (form.test(cell) ? [at] : [])));
  return found.find((at) => !foreign(below, at)) ?? found[0] ?? -1;
}

/**
 * Whether most cells of a column are ids of other databases.
 * @param {string[][]} rows
 * @param {number} at
 */
function foreign(rows, at) {
  return rows.filter((row) => CERTAIN.has(databaseOf(row[at]))).length * 2 > rows.length;
}

/**
 * The cells of a table without the columns that count; undefined if there is no such column, or no other.
 * @param {string[][]} rows
 * @returns {string | undefined}
 */
function withoutCounts(rows) {
  const counts = rows[0].map((_, at) => counting(rows, at));
  if (!counts.includes(true) || !counts.includes(false)) return undefined;
  const heading = counts.some((own, at) => own && isHeading(rows[0][at]));
  return rows.slice(heading ? 1 : 0).map((row) => row.filter((_, at) => !counts[at]).join("\n")).join("\n");
}

/**
 * Whether a column of numbers has no ids: names stand beside them in each row, so that they count, or are of the genes that these name
 * already; it has a heading of its own; a number comes twice; or they count the rows.
 * @param {string[][]} rows
 * @param {number} at
 */
function counting(rows, at) {
  const values = rows.map((row) => row[at]);
  const heading = rows.length > 2 && isHeading(values[0]);
  const numbers = (heading ? values.slice(1) : values).filter(Boolean);
  if (!numbers.length || !numbers.every((value) => NUMBER.test(value))) return false;
  if (rows.length > 2 && rows[0].length === 2 && rows.every((row) => isName(row[1 - at]))) return true;
  return heading || new Set(numbers).size < numbers.length || numbers.every((value, row) => Number(value) === row + 1);
}

/**
 * Whether a cell may be the name of a gene: one word, and no id of another database.
 * @param {string} cell
 */
function isName(cell) {
  return /\p{L}/u.test(cell) && !/\s|^chr[\dXYM]/iu.test(cell) && !databaseOf(cell);
}

/**
 * Whether a cell above numbers is a word, and no symbol of a gene.
 * @param {string} cell
 */
function isHeading(cell) {
  return cell !== "" && !NUMBER.test(cell) && !/^[A-Z][A-Z0-9-]+$/.test(cell);
}
