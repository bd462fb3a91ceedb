/**
 * Which figures a query finds, and how well: sets of ids with a score.
 *
 * @import { Index } from "./engine.js"
 */

import { readRuns } from "./lists.js";
import { kept, variants, wantedOf } from "./words.js";

/** Letters of a word that is still being typed from which on it may go on: fewer begin too many words. */
const PREFIX = 3;
/** Where the words of a beginning fill more shards than these, there is a list for all of them. */
const FEW_SHARDS = 2;
/** What a word weighs by where it stands: bit 1 the title, bit 2 the gene mentions, bit 4 all else. */
const WEIGHTS = [0, 8, 4, 12, 1, 9, 5, 13];

/**
 * What one chunk of a query found.
 * @typedef {object} Found
 * @property {string} text as typed
 * @property {Uint8Array} weight of each id, 0 where it was not found
 * @property {number} count of ids
 * @property {Set<string>} words that were looked for
 * @property {string[]} starts beginnings that were looked for
 */

/**
 * Whether a word may go on: `pmc1` begins a tenth of all identifiers.
 * @param {string} word
 */
function mayGoOn(word) {
  return [...word].length >= (/^pmc\d*$/.test(word) ? 7 : PREFIX);
}

/**
 * The lists of ids of some words.
 * @param {Index} index
 * @param {string[]} words
 * @param {string[]} starts beginnings of words
 * @returns {Promise<{list: Uint8Array, exact: boolean}[]>}
 */
async function lists(index, words, starts) {
  const [exact, open] = await Promise.all([
    Promise.all(words.map((word) => index.words.find(word))),
    Promise.all(starts.map((start) => begun(index, start))),
  ]);
  return [...exact.flatMap((list) => (list ? [{ list, exact: true }] : [])), ...open.flat().map((list) => ({ list, exact: false }))];
}

/**
 * The lists of the words that begin with a text, which may be one list for all of them.
 * @param {Index} index
 * @param {string} start
 * @returns {Promise<Uint8Array[]>}
 */
async function begun({ words, starts }, start) {
  const all = words.spread(start) > FEW_SHARDS && (await starts.find(start));
  return all ? [all] : (await words.beginning(start)).map(({ value }) => value);
}

/**
 * The weight of each id in some lists: that of the best. An exact word weighs twice what a longer one does.
 * @param {{list: Uint8Array, exact: boolean}[]} found
 * @param {number} end behind the last id
 */
function weigh(found, end) {
  const weight = new Uint8Array(end);
  for (const { list, exact } of found) {
    const times = exact ? 2 : 1;
    for (const { tag, ids } of readRuns(list)) {
      const own = WEIGHTS[tag] * times;
      for (const id of ids) if (weight[id] < own) weight[id] = own;
    }
  }
  return weight;
}

/**
 * What each chunk of a text finds.
 * @param {Index} index
 * @param {string} text
 * @param {boolean} open whether the last word may go on
 * @returns {Promise<Found[]>}
 */
export async function findText(index, text, open) {
  const { end } = index.meta;
  const wanted = wantedOf(text);
  return Promise.all(
    wanted.map(async ({ any, all }, place) => {
      const last = open && place === wanted.length - 1;
      const starts = last ? any.filter(mayGoOn) : [];
      const words = any.flatMap(variants);
      const [whole, parts] = await Promise.all([
        lists(index, words, starts),
        Promise.all(all.map((part, i) => lists(index, variants(part), last && i === all.length - 1 && mayGoOn(part) ? [part] : []))),
      ]);
      const weight = weigh(whole, end);
      if (parts.length) {
        const each = parts.map((found) => weigh(found, end));
        for (let id = 0; id < end; id++) {
          const least = Math.min(...each.map((own) => own[id]));
          if (weight[id] < least) weight[id] = least;
        }
      }
      let count = 0;
      for (const own of weight) if (own) count++;
      const wholeWords = new Set([...words, ...all.flatMap(variants)]);
      return { text: any[0] ?? text, weight, count, words: wholeWords, starts: [...starts, ...(last ? all.slice(-1).filter(mayGoOn) : [])] };
    }),
  );
}

/**
 * How much a chunk tells: the fewer figures have it, the more.
 * @param {number} figures
 * @param {number} count
 */
function rarity(figures, count) {
  return 1 + Math.floor(figures / Math.max(count, 1)).toString(2).length;
}

/**
 * The scores of all ids that have every chunk.
 * @param {Found[]} found at least one
 * @param {number} figures in the collection
 * @returns {{ids: Uint32Array, scores: Uint32Array}} ids ascending
 */
export function conjunction(found, figures) {
  const [first, ...others] = [...found].sort((a, b) => a.count - b.count);
  const factors = [first, ...others].map(({ count }) => rarity(figures, count));
  const ids = [];
  const scores = [];
  each: for (let id = 0; id < first.weight.length; id++) {
    if (!first.weight[id]) continue;
    let score = first.weight[id] * factors[0];
    for (let i = 0; i < others.length; i++) {
      const own = others[i].weight[id];
      if (!own) continue each;
      score += own * factors[i + 1];
    }
    ids.push(id);
    scores.push(score);
  }
  return { ids: Uint32Array.from(ids), scores: Uint32Array.from(scores) };
}

/**
 * The ids by score, the highest first, equal ones newest first.
 * @param {Uint32Array} ids ascending
 * @param {Uint32Array} scores
 */
export function byScore(ids, scores) {
  // One number for both sorts several times faster than a comparison of two.
  const keys = Float64Array.from(ids, (id, i) => (2 ** 20 - scores[i]) * 2 ** 30 + id).sort();
  return Uint32Array.from(keys, (key) => key % 2 ** 30);
}

/**
 * Whether a word answers one of the chunks of a query.
 * @param {readonly Found[]} found
 * @param {string} word
 */
export function answers(found, word) {
  return kept(word) && found.some(({ words, starts }) => words.has(word) || starts.some((start) => word.startsWith(start)));
}

