/**
 * "Did you mean": words of the collection that are nearly the one that is found nowhere.
 *
 * @import { Table } from "./store.js"
 */

/**
 * How many letters must be put in, left out, changed or swapped with their neighbours to make one word of another.
 * @param {string} a
 * @param {string} b
 * @param {number} most beyond it the number does not matter
 */
export function distance(a, b, most) {
  if (Math.abs(a.length - b.length) > most) return most + 1;
  /** @type {number[]} */ let before = [];
  let last = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1];
      row[j] = Math.min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (same ? 0 : 1));
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) row[j] = Math.min(row[j], before[j - 2] + 1);
    }
    if (Math.min(...row) > most) return most + 1;
    [before, last] = [last, row];
  }
  return last[b.length];
}

/**
 * Words like one that is found nowhere, best first: the nearest, of those the most frequent.
 * @param {Table} table of frequent words; keys have two digits for the length behind the first letter
 * @param {string} word
 * @param {number} [limit]
 * @returns {Promise<string[]>}
 */
export async function nearWords(table, word, limit = 3) {
  const size = word.length;
  if (size < 4 || size > 40) return [];
  const most = size < 7 ? 1 : 2;
  const lengths = Array.from({ length: 2 * most + 1 }, (_, i) => size - most + i).filter((n) => n > 3);
  const search = async (/** @type {string} */ start) => {
    const entries = (await Promise.all(lengths.map((n) => table.beginning(start + String(n).padStart(2, "0"))))).flat();
    return entries
      .map(({ key, value }) => ({ word: start + key.slice(start.length + 2), often: value[0] }))
      .map((like) => ({ ...like, far: distance(word, like.word, most) }))
      .filter(({ far }) => far <= most);
  };
  // Hardly anybody mistypes the first letter but by swapping it with the second, and the words of a letter are a small part of all.
  const near = (await Promise.all([...new Set(word.slice(0, 2))].map(search))).flat();
  near.sort((a, b) => a.far - b.far || b.often - a.often || (a.word < b.word ? -1 : 1));
  return near.slice(0, limit).map((item) => item.word);
}
