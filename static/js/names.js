import { parseNames } from "./match.js";

/** @import { Gene } from "./match.js" */

/** @type {Map<string, Promise<Gene[]>>} */
const lists = new Map();

/**
 * The list of all genes, fetched once a page, when first wanted; empty when it cannot be had.
 * @param {string} url
 * @returns {Promise<Gene[]>}
 */
export function geneNames(url) {
  const known = lists.get(url);
  if (known) return known;
  const list = fetch(url)
    .then((response) => (response.ok ? response.json() : []))
    .then(parseNames)
    .catch(() => {
      lists.delete(url); // the next wish tries again
      return [];
    });
  lists.set(url, list);
  return list;
}
