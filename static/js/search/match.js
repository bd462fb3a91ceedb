/**
 * Which figures a query finds, and how well: sets of ids with a score.
 *
 * @import { Index } from "./engine.js"
 */

import { readRuns } from "./lists.js";
import { spellings } from "./spellings.js";
import { kept, variants, wantedOf } from "./words.js";

/** Letters of a word that is still being typed from which on it may go on: fewer begin too many words. */
const PREFIX = 3;
const MOST_SCORE = 2 ** 20;
const MOST_ID = 2 ** 30;
/** Where the words of a beginning fill more shards than these, there is a list for all of them. */
const FEW_SHARDS = 2;
/** What a word weighs by where it stands: bit 1 the title, bit 2 the gene mentions, bit 4 all else. */
const WEIGHTS = [0, 8, 4, 12, 1, 9, 5, 13];

/**
 * What one chunk of a query found.
 * @typedef {object} Found
 * @property {string} text as typed
 * @property {Uint8Array} weight of each id, 0 where it was not found
 * @property {Uint32Array} ids that have it, in any order
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
 * The beginnings that a word stands for while it is typed; none if it may not go on.
 * @param {string} word
 */
function beginnings(word) {
  return mayGoOn(word) ? spellings(word) : [];
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
 * The ids of some lists, and the weight of each: that of the best list. An exact word weighs twice what a longer one does.
 *
 * Counted loops, here and below: on a page that was just opened nothing is compiled yet, and `for of` takes ten times as long.
 * @param {{list: Uint8Array, exact: boolean}[]} found
 * @param {number} end behind the last id
 */
function weigh(found, end) {
  const runs = found.flatMap(({ list, exact }) => readRuns(list).map(({ tag, ids }) => ({ ids, own: WEIGHTS[tag] * (exact ? 2 : 1) })));
  const weight = new Uint8Array(end);
  const all = new Uint32Array(runs.reduce((sum, { ids }) => sum + ids.length, 0));
  let count = 0;
  for (const { ids, own } of runs) {
    for (let i = 0; i < ids.length; i++) {
      const id = ids[i];
      if (weight[id] >= own) continue;
      if (!weight[id]) all[count++] = id;
      weight[id] = own;
    }
  }
  return { weight, ids: all.subarray(0, count) };
}

/**
 * The ids that have every part of a chunk, with the weight of the least, beside those of the whole chunk.
 * @param {{weight: Uint8Array, ids: Uint32Array}} whole its weights are changed
 * @param {{weight: Uint8Array, ids: Uint32Array}[]} parts
 * @returns {{weight: Uint8Array, ids: Uint32Array}}
 */
function withParts({ weight, ids }, parts) {
  const [first, ...others] = [...parts].sort((a, b) => a.ids.length - b.ids.length);
  const more = [];
  for (let i = 0; i < first.ids.length; i++) {
    const id = first.ids[i];
    let least = first.weight[id];
    for (const other of others) least = Math.min(least, other.weight[id]);
    if (weight[id] >= least) continue;
    if (!weight[id]) more.push(id);
    weight[id] = least;
  }
  const all = new Uint32Array(ids.length + more.length);
  all.set(ids);
  all.set(more, ids.length);
  return { weight, ids: all };
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
      // What Greek letters look like is short, and begins much else: "era" of ERalpha.
      const starts = last ? any.slice(0, 1).flatMap(beginnings) : [];
      const words = any.flatMap(variants);
      const [whole, parts] = await Promise.all([
        lists(index, words, starts),
        Promise.all(all.map((part, i) => lists(index, variants(part), last && i === all.length - 1 ? beginnings(part) : []))),
      ]);
      const own = weigh(whole, end);
      const { weight, ids } = parts.length ? withParts(own, parts.map((found) => weigh(found, end))) : own;
      const wholeWords = new Set([...words, ...all.flatMap(variants)]);
      return { text: any[0] ?? text, weight, ids, words: wholeWords, starts: [...starts, ...(last ? all.slice(-1).flatMap(beginnings) : [])] };
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
 * The ids that have every chunk, in any order, and their scores.
 * @param {Found[]} found at least one
 * @param {number} figures in the collection
 * @param {((id: number) => boolean) | null} keep which of them to keep
 * @returns {{ids: Uint32Array, scores: Uint32Array}}
 */
export function conjunction(found, figures, keep) {
  const [first, ...others] = [...found].sort((a, b) => a.ids.length - b.ids.length);
  const factors = [first, ...others].map(({ ids }) => rarity(figures, ids.length));
  const ids = new Uint32Array(first.ids.length);
  const scores = new Uint32Array(first.ids.length);
  let count = 0;
  each: for (let place = 0; place < first.ids.length; place++) {
    const id = first.ids[place];
    let score = first.weight[id] * factors[0];
    for (let i = 0; i < others.length; i++) {
      const own = others[i].weight[id];
      if (!own) continue each;
      score += own * factors[i + 1];
    }
    if (keep && !keep(id)) continue;
    ids[count] = id;
    scores[count++] = score;
  }
  return { ids: ids.subarray(0, count), scores: scores.subarray(0, count) };
}

/**
 * The ids by score, the highest first, equal ones newest first.
 * @param {Uint32Array} ids
 * @param {Uint32Array} scores
 */
export function byScore(ids, scores) {
  // One number for both sorts several times faster than a comparison of two.
  const keys = new Float64Array(ids.length);
  for (let i = 0; i < keys.length; i++) keys[i] = (MOST_SCORE - scores[i]) * MOST_ID + ids[i];
  keys.sort();
  const out = new Uint32Array(ids.length);
  for (let i = 0; i < keys.length; i++) out[i] = keys[i] - Math.floor(keys[i] / MOST_ID) * MOST_ID;
  return out;
}

/**
 * Whether a word answers one of the chunks of a query.
 * @param {readonly Found[]} found
 * @param {string} word
 */
export function answers(found, word) {
  return kept(word) && found.some(({ words, starts }) => words.has(word) || starts.some((start) => word.startsWith(start)));
}

