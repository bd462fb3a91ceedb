import { joinedWord, latinLetter, spelledOut } from "./search/words.js";

/**
 * A gene of the list that the site publishes.
 * @typedef {object} Gene
 * @property {string} symbol
 * @property {string} path address, relative to the list's own
 * @property {number} figures how many show it
 * @property {string} words as which it was seen, comma separated
 * @property {string} key the symbol, normalised
 * @property {string[]} keys the words, normalised
 */

/**
 * A gene that answers a query.
 * @typedef {object} Hit
 * @property {Gene} gene
 * @property {string} word the word that matched; empty where the symbol did
 */

/**
 * A text as it is compared: `IL-6`, `il6` and `Il 6` are one, as are `TGFβ` and `TGFb`.
 * @param {string} text
 * @returns {string}
 */
export function normalise(text) {
  return text
    .normalize("NFKD")
    .toLowerCase()
    .replace(/[\u03b1-\u03c9]/g, latinLetter)
    .replace(/[^\p{L}\p{N}]+/gu, "");
}

/**
 * The genes of the published list; an entry of another form is passed over.
 * @param {unknown} data `[[symbol, path, figures, words], ...]`
 * @returns {Gene[]}
 */
export function parseNames(data) {
  if (!Array.isArray(data)) return [];
  return data.flatMap((item) => {
    if (!Array.isArray(item) || typeof item[0] !== "string" || typeof item[1] !== "string") return [];
    const words = Array.isArray(item[3]) ? item[3].map(String) : String(item[3] ?? "").split(/,\s*/);
    const seen = words.filter(Boolean);
    return [
      {
        symbol: item[0],
        path: item[1],
        figures: Number(item[2]) || 0,
        words: seen.join(", "),
        key: normalise(item[0]),
        keys: seen.map(normalise),
      },
    ];
  });
}

/**
 * How well a gene answers: 0 the symbol itself, 1 a word itself, 2 the symbol's beginning, 3 a word's, 4 within the
 * symbol; -1 not at all.
 * @param {Gene} gene
 * @param {string} key the query, normalised
 * @returns {[number, number]} that, and which word matched (-1: the symbol)
 */
function rank(gene, key) {
  if (gene.key === key) return [0, -1];
  const whole = gene.keys.indexOf(key);
  if (whole >= 0) return [1, whole];
  if (gene.key.startsWith(key)) return [2, -1];
  const start = gene.keys.findIndex((word) => word.startsWith(key));
  if (start >= 0) return [3, start];
  return [gene.key.includes(key) ? 4 : -1, -1];
}

/**
 * The genes that answer a query, best first; among equals, those that most figures show.
 * @param {readonly Gene[]} genes
 * @param {string} query
 * @param {number} limit
 * @returns {Hit[]}
 */
export function findGenes(genes, query, limit) {
  /** @type {Map<string, Hit>} */
  const found = new Map();
  for (const key of keysOf(query)) {
    for (const hit of hitsOf(genes, key, limit)) if (!found.has(hit.gene.path)) found.set(hit.gene.path, hit);
  }
  return [...found.values()].slice(0, limit);
}

/**
 * What a query is compared as: with the letters that look like Greek ones, as symbols have them, and with their names; `TGF-beta1`,
 * which is spelt out, as it stands and as TGFB1.
 * @param {string} query
 * @returns {string[]} none for one without a letter or digit
 */
export function keysOf(query) {
  const key = normalise(query);
  return [...new Set([key, joinedWord(query), spelledOut(key) ?? key])].filter(Boolean);
}

/**
 * @param {readonly Gene[]} genes
 * @param {string} key normalised
 * @param {number} limit
 * @returns {Hit[]}
 */
function hitsOf(genes, key, limit) {
  /** @type {[number, Hit][]} */
  const hits = [];
  for (const gene of genes) {
    const [order, word] = rank(gene, key);
    if (order >= 0) hits.push([order, { gene, word: word < 0 ? "" : gene.words.split(", ")[word] }]);
  }
  hits.sort(([a, x], [b, y]) => a - b || y.gene.figures - x.gene.figures || (x.gene.symbol < y.gene.symbol ? -1 : 1));
  return hits.slice(0, limit).map(([, hit]) => hit);
}
