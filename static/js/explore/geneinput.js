import { BETWEEN } from "../search/geneset.js";

/**
 * The genes of a text that a reader pastes or drops: symbols, aliases or ids, whatever stands between them; what may be a part of a
 * name too, as the slash, is left to who knows the names. Quotation marks,
 * prefixes of ids (`ncbigene:207`, `GeneID 207` has none) and numbers with a fraction, as tables of results have, fall away;
 * a name that comes twice counts once.
 * @param {string} text
 * @returns {string[]}
 */
export function geneNames(text) {
  /** @type {Map<string, string>} */
  const names = new Map();
  for (const part of text.split(BETWEEN)) {
    const name = part.replace(/^["'“”‘’([{<]+|["'“”‘’)\]}>.]+$/g, "").replace(/^(ncbi(gene)?|geneid|entrez):/i, "");
    const isName = /[\p{L}\p{N}]/u.test(name) && !/^[-+]?\d*[.]\d+(e[-+]?\d+)?$/i.test(name);
    if (isName && !names.has(name.toLowerCase())) names.set(name.toLowerCase(), name);
  }
  return [...names.values()];
}
