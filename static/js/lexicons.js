/**
 * A lexicon in which words of figures were looked up.
 * @typedef {object} Lexicon
 * @property {string} id as in records
 * @property {string} meaning of a match in it, a sentence
 */

/**
 * What pages call a lexicon -> the lexicon. The words are those of LEXICONS in builder/render/lexicons.py.
 * @type {ReadonlyMap<string, Lexicon>}
 */
export const LEXICONS = new Map([
  ["symbol at HGNC", { id: "hgnc_symbol", meaning: "The word is the approved symbol of the gene." }],
  ["alias at HGNC", { id: "hgnc_alias_symbol", meaning: "The word is another name of the gene that HGNC lists." }],
  [
    "previous symbol at HGNC",
    { id: "hgnc_prev_symbol", meaning: "The word was the approved symbol of the gene in the past." },
  ],
  [
    "family in Bioentities",
    {
      id: "bioentities_symbol",
      meaning: "The word names a family or complex (Bioentities, today FamPlex); all of its genes are listed.",
    },
  ],
  [
    "family in FamPlex",
    { id: "famplex_relations", meaning: "The word names a family or complex in FamPlex; all of its genes are listed." },
  ],
  ["symbol at NCBI Gene", { id: "ncbigene_symbol", meaning: "The word is the symbol of the gene in NCBI Gene." }],
  ["synonym at NCBI Gene", { id: "ncbigene_synonym", meaning: "The word is another name of the gene in NCBI Gene." }],
]);

/** What pages call the lexicon of a word that is itself a symbol of HGNC: such words carry no note. */
export const PLAIN = "symbol at HGNC";

/**
 * The lexicon that a page names so; one that is not known here is named by its id.
 * @param {string} words
 * @returns {Lexicon}
 */
export function lexicon(words) {
  return LEXICONS.get(words) ?? { id: words, meaning: `The word was found in the lexicon ${words}.` };
}
