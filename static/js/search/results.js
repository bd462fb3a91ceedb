/**
 * The answers to a query.
 *
 * @import { Index } from "./engine.js"
 * @import { Found } from "./match.js"
 * @import { DidYouMean, Gene, Marks, Query, SearchOptions, SearchResult } from "./types.js"
 */

import { has } from "./geneset.js";
import { readIds } from "./lists.js";
import { answers, byScore, conjunction, findText } from "./match.js";
import { latin } from "./names.js";
import { formatQuery } from "./query.js";
import { frequentGenes } from "./shown.js";
import { distance, nearWords } from "./spelling.js";
import { chunksOf, leftOut } from "./words.js";

/**
 * The figures that a query finds.
 * @param {Index} index
 * @param {Query} query
 * @param {SearchOptions} options
 * @returns {Promise<SearchResult>}
 */
export async function searchFigures(index, query, options) {
  return search(index, query, options, true);
}

/**
 * @param {Index} index
 * @param {Query} query
 * @param {SearchOptions} options
 * @param {boolean} mend whether to look for what a query that finds nothing may have meant
 * @returns {Promise<SearchResult>}
 */
async function search(index, query, { sort, offset = 0, limit = 20, first = limit }, mend) {
  const { meta, narrowing } = index;
  /** @type {string[]} */
  const unknown = [];
  if (limit) void index.rows.names().catch(() => {}); // rows will be wanted, and their errors are told then
  const [found, without, tests] = await Promise.all([
    Promise.all(query.words.map((word, i) => findText(index, word, query.open && i === query.words.length - 1))),
    // What cannot be looked up in full would leave out more than it says: -"T cell" all that has "cell".
    Promise.all(query.without.map((word) => (leftOut(word).length ? [] : findText(index, word, false)))),
    narrowing.of(query, unknown),
  ]);
  const chunks = found.flat();
  const barred = without.filter((each) => each.length).map((each) => each.map(({ weight }) => weight));
  const passes = (/** @type {number} */ id) => tests.every((test) => test(id)) && !barred.some((each) => each.every((weight) => weight[id]));
  const keep = tests.length || barred.length ? passes : null;
  const ranked = chunks.length ? best(conjunction(chunks, meta.figures, keep), sort) : kept(await narrowing.every(), keep);
  const page = ranked.subarray(offset, offset + limit);
  const read = async (/** @type {Uint32Array} */ ids) => {
    const rows = await index.rows.read(ids);
    return { rows, marks: rows.map((row) => ({ title: marksOf(row.title, chunks), paper: marksOf(row.paper, chunks) })) };
  };
  const [shown, didYouMean] = await Promise.all([
    read(page.subarray(0, first)),
    ranked.length || !mend ? [] : meant(index, query, chunks),
  ]);
  return {
    query,
    total: ranked.length,
    ids: ranked,
    ...shown,
    more: () => read(page.subarray(first)),
    rowsOf: (ids) => index.rows.read(ids),
    genesOf: (ids) => index.shown.genesOf(ids),
    didYouMean,
    unknown,
    facets: () => narrowing.facets(ranked),
    matched: () => matchedGenes(index, query, chunks, page),
    genes: (most = 20, options = {}) => frequentGenes(index, ranked, most, options),
  };
}

/**
 * @param {{ids: Uint32Array, scores: Uint32Array}} found
 * @param {SearchOptions["sort"]} sort
 */
function best({ ids, scores }, sort) {
  return sort === "newest" ? ids.sort() : byScore(ids, scores);
}

/**
 * @param {Uint32Array} ids
 * @param {((id: number) => boolean) | null} keep
 */
function kept(ids, keep) {
  return keep ? ids.filter(keep) : ids;
}

/**
 * The pieces of a text that answer a query.
 * @param {string} text
 * @param {readonly Found[]} found
 * @returns {Marks}
 */
function marksOf(text, found) {
  const marked = chunksOf(text).filter(({ parts, joined }) => [...parts, ...joined].some((word) => answers(found, word)));
  /** @type {Marks} */
  const marks = [];
  for (const { start, end } of marked) {
    const last = marks.at(-1);
    if (last && start < last[1]) last[1] = end; // pairs of characters lie over each other
    else marks.push([start, end]);
  }
  return marks;
}

/**
 * What a query that finds nothing may have meant.
 * @param {Index} index
 * @param {Query} query
 * @param {readonly Found[]} found
 * @returns {Promise<DidYouMean[]>}
 */
async function meant(index, query, found) {
  const each = await Promise.all([corrections(index, query, found), genesInstead(index, query), valuesInstead(index, query)]);
  return each.flat();
}

/**
 * Queries that find something, with other words instead of those that are found nowhere: the nearest of each, and of one the others.
 * @param {Index} index
 * @param {Query} query
 * @param {readonly Found[]} found
 * @returns {Promise<DidYouMean[]>}
 */
async function corrections(index, query, found) {
  const nowhere = new Set(found.filter(({ ids }) => !ids.length).map(({ text }) => text));
  const near = await Promise.all(
    query.words.map(async (word) => {
      const [chunk, more] = chunksOf(word);
      const text = chunk?.parts.length === 1 && !more ? chunk.parts[0] : "";
      return nowhere.has(text) ? nearWords(index.spelling, text) : [];
    }),
  );
  const best = query.words.map((word, place) => near[place][0] ?? word);
  /** @type {Map<string, {word: string, instead: string, wanted: Query}>} */
  const offered = new Map();
  near.forEach((others, place) =>
    others.forEach((instead) => {
      const wanted = { ...query, words: best.map((other, i) => (i === place ? instead : other)) };
      const text = formatQuery(wanted);
      if (!offered.has(text)) offered.set(text, { word: query.words[place], instead, wanted });
    }),
  );
  const each = await Promise.all(
    [...offered].map(async ([text, { word, instead, wanted }]) => {
      const { total } = await search(index, { ...wanted, open: false }, { limit: 0 }, false);
      return total ? [{ word, instead, query: text }] : [];
    }),
  );
  return each.flat();
}

/**
 * Queries with a gene that the collection knows instead of one that it does not.
 * @param {Index} index
 * @param {Query} query
 * @returns {Promise<DidYouMean[]>}
 */
async function genesInstead({ genes }, query) {
  const each = await Promise.all(
    query.genes.map(async (name, place) => {
      if ((await genes.meant(name)).length) return [];
      return (await genes.like(name.replace(/^=/, ""))).map(({ exact, key, symbol }) => {
        const value = key.includes("/") ? exact : symbol;
        const instead = query.genes.map((other, i) => (i === place ? value : other));
        return { word: name, instead: symbol, query: formatQuery({ ...query, genes: instead }) };
      });
    }),
  );
  return each.flat();
}

/**
 * Queries with an organism or a type that the collection knows instead of one that it does not: of which it is a part, or nearly the name.
 * @param {Index} index
 * @param {Query} query
 * @returns {DidYouMean[]}
 */
function valuesInstead({ meta }, query) {
  const near = (/** @type {string} */ name, /** @type {string} */ wanted) =>
    name.includes(wanted) || distance(name, wanted, 2) <= 2;
  const known = { organisms: meta.organisms.map(([name]) => name), types: meta.types.map(([name]) => name) };
  return /** @type {const} */ (["organisms", "types"]).flatMap((field) =>
    query[field].flatMap((name, place) => {
      const wanted = field === "organisms" ? latin(name) : name.toLowerCase();
      if (known[field].some((other) => other.toLowerCase() === wanted)) return [];
      const found = known[field].filter((other) => near(other.toLowerCase(), wanted)).slice(0, 3);
      return found.map((instead) => ({
        word: name,
        instead,
        query: formatQuery({ ...query, [field]: query[field].map((other, i) => (i === place ? instead : other)) }),
      }));
    }),
  );
}

/**
 * The genes that a query names and each figure shows.
 * @param {Index} index
 * @param {Query} query
 * @param {readonly Found[]} found
 * @param {Uint32Array} ids
 * @returns {Promise<Gene[][]>}
 */
async function matchedGenes(index, query, found, ids) {
  const names = [...query.genes, ...found.map(({ text }) => text)];
  const genes = (await Promise.all(names.map((name) => index.genes.meant(name)))).flat();
  const lists = genes.map(({ list }) => readIds(list));
  return Array.from(ids, (id) => {
    const own = new Map(genes.flatMap(({ gene }, i) => (has(lists[i], id) ? [[gene.key, gene]] : [])));
    return [...own.values()];
  });
}
