/**
 * The chemicals and diseases of the index, by the names that people have for them.
 *
 * @import { Table } from "./store.js"
 * @import { Concept } from "./types.js"
 */

import { readText } from "./store.js";
import { joinedWord } from "./words.js";

/** Letters from which on names are looked for: fewer begin too many. */
const LEAST = 3;

/**
 * The chemicals and the diseases of which a name, or a word of it, goes on as a text does: one of that name first, then by figures.
 * @param {Table} table
 * @param {string} home address of the site's home
 * @param {string} text
 * @param {number} limit of each kind
 * @returns {Promise<{chemicals: Concept[], diseases: Concept[]}>}
 */
export async function suggestConcepts(table, home, text, limit) {
  const start = joinedWord(text);
  const entries = [...start].length < LEAST ? [] : await table.beginning(start);
  /** @type {Map<string, {path: string, whole: boolean, concept: Concept}>} */
  const found = new Map();
  for (const { key, value } of entries) {
    for (const line of readText(value).split("\n")) {
      const [path, count, name, word] = line.split("\t");
      const whole = key === start && joinedWord(word || name) === start;
      const known = found.get(path);
      if (!known || (whole && !known.whole) || (whole === known.whole && !word)) {
        found.set(path, { path, whole, concept: { name, word, count: Number(count), href: `${home}${path}.html` } });
      }
    }
  }
  const ranked = [...found.values()].sort((a, b) => Number(b.whole) - Number(a.whole) || b.concept.count - a.concept.count || (a.path < b.path ? -1 : 1));
  const of = (/** @type {string} */ kind) => ranked.filter(({ path }) => path.startsWith(kind)).slice(0, limit).map(({ concept }) => concept);
  return { chemicals: of("chemicals/"), diseases: of("diseases/") };
}
