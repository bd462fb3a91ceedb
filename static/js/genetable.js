import { lexicon, PLAIN } from "./lexicons.js";
import { toTsv as tsv } from "./rows.js";

/**
 * A word of the gene panel, as it stands there.
 * @typedef {object} SeenWord
 * @property {string} word as OCR read it
 * @property {string} note what it matched, and in which lexicon
 * @property {{symbol: string, href: string}[]} genes
 */

/**
 * A word with its note taken apart.
 * @typedef {object} Word
 * @property {string} word as OCR read it
 * @property {string} match lexicon term
 * @property {string} lexicon what the page calls the lexicon, or empty
 * @property {GeneRow[]} rows
 */

/**
 * One row of the gene table.
 * @typedef {object} GeneRow
 * @property {string} word as OCR read it
 * @property {string} match lexicon term
 * @property {string} source lexicon, as the record names it
 * @property {string} symbol
 * @property {string} ncbi NCBI Gene id, or another id that records give, or empty
 * @property {boolean} human has a report at HGNC
 * @property {string} folder path of the folder of its organism's genes
 * @property {string} [organism] Latin name, where the page has genes of several
 * @property {string} [group] group of that organism, or empty
 */

/** What the page says where a record names no lexicon term or no lexicon: `_note` in builder/render/mentions.py. */
const NO_MATCH = "no entry";
const NO_LEXICON = "lexicon not named";
const BETWEEN = " · ";

/**
 * The words of the gene panel.
 * @param {Element} panel
 * @returns {SeenWord[]}
 */
export function readPanel(panel) {
  return [...panel.querySelectorAll("dt")].map((term) => ({
    word: wordOf(term),
    note: text(term.nextElementSibling?.querySelector("small")),
    genes: [...(term.nextElementSibling?.querySelectorAll("a") ?? [])].map((link) => ({
      symbol: text(link),
      href: link.href,
    })),
  }));
}

/**
 * The ids of genes in what a page's structured data mentions, NCBI Gene's or others; empty for what has none.
 * @param {unknown} mentions
 * @returns {string[]}
 */
export function geneIds(mentions) {
  return (Array.isArray(mentions) ? mentions : []).map((node) => {
    const other = node?.["@type"] === "Gene" && typeof node.identifier === "string" ? node.identifier : "";
    return /^gene:(\d+)$/.exec(node?.["@id"] ?? "")?.[1] ?? other;
  });
}

/**
 * Whether an id of a gene is NCBI Gene's.
 * @param {string} id
 */
export function isNcbi(id) {
  return /^\d+$/.test(id);
}

/**
 * The words with their genes as rows.
 * @param {readonly SeenWord[]} words
 * @param {readonly string[]} ids of the genes as `geneIds` gives them, each gene once, in the order of their first appearance
 * @param {string} [human] address of the folder of human genes
 * @returns {Word[]}
 */
export function readGenes(words, ids, human = "") {
  const hrefs = [...new Set(words.flatMap((seen) => seen.genes.map((gene) => gene.href)))];
  const known = new Map(hrefs.map((href, index) => [href, ids[index] ?? ""]));
  return words.map(({ word, note, genes }) => {
    const { match, lexicon: named } = takeApart(note, word);
    const source = named && lexicon(named).id;
    const rows = genes.map(({ symbol, href }) => {
      const folder = new URL(".", href).pathname;
      const ncbi = known.get(href) ?? "";
      const ours = Boolean(human) && folder === new URL(human, href).pathname;
      return { word, match, source, symbol, ncbi, human: ours, folder };
    });
    return { word, match, lexicon: named, rows };
  });
}

/**
 * Match and lexicon of a word from its note: what a note leaves out is as the word is.
 * @param {string} note
 * @param {string} word
 * @returns {{match: string, lexicon: string}}
 */
function takeApart(note, word) {
  const end = note.lastIndexOf(BETWEEN);
  const match = end < 0 ? word : note.slice(0, end);
  const named = (end < 0 ? note : note.slice(end + BETWEEN.length)) || PLAIN;
  return { match: match === NO_MATCH ? "" : match, lexicon: named === NO_LEXICON ? "" : named };
}

/**
 * The word of a term of the panel, without how often it was seen (`×2`).
 * @param {Element | null} term
 */
export function wordOf(term) {
  return text([...(term?.childNodes ?? [])].find((node) => node.nodeType === Node.TEXT_NODE));
}

/** @param {Node | null | undefined} node */
function text(node) {
  return node?.textContent?.trim() ?? "";
}

/**
 * The rows with each gene once, in the order of first appearance.
 * @param {readonly GeneRow[]} rows
 * @returns {GeneRow[]}
 */
export function distinct(rows) {
  const seen = new Map();
  for (const row of rows) {
    // Another id may be a dash that stands for none.
    const key = isNcbi(row.ncbi) ? row.ncbi : `${row.folder} ${row.symbol} ${row.ncbi}`;
    if (!seen.has(key)) seen.set(key, row);
  }
  return [...seen.values()];
}

/** Columns as PFOCR names them in its own files. */
const COLUMNS = ["word", "symbol", "source", "hgnc_symbol", "entrez"];

/**
 * The table as TSV; where the genes are of several organisms, it names each one's.
 * @param {readonly GeneRow[]} rows
 * @returns {string}
 */
export function toTsv(rows) {
  const several = rows.some((row) => row.organism);
  const head = several ? [...COLUMNS, "organism_name"] : COLUMNS;
  const cells = rows.map(({ word, match, source, symbol, ncbi, organism = "" }) => {
    const own = [word, match, source, symbol, ncbi];
    return several ? [...own, organism] : own;
  });
  return tsv([head, ...cells]);
}
