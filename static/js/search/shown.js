/**
 * The genes that figures show.
 *
 * @import { Index, Meta } from "./engine.js"
 * @import { Gene, ShownGene } from "./types.js"
 */

import { figuresOf, partsOfKey } from "./genes.js";
import { Numbers } from "./lists.js";
import { readText } from "./store.js";

/** Files that are read, unless more are allowed, to find out which genes are frequent: ids are scattered, so some files are a sample. */
const SAMPLE = 5;

/** @typedef {{keys: string[], genes: Uint32Array[]}} Piece genes are places among the keys, by id less the first */

/** The genes of the figures of one index. */
export class ShownGenes {
  /**
   * @param {import("./store.js").Store} store
   * @param {Meta} meta
   */
  constructor(store, meta) {
    this.store = store;
    this.size = meta.idsAGeneShard;
    this.names = meta.figureGenes ? meta.figureGenes.split(" ") : [];
  }

  /**
   * @param {number} place
   * @returns {Promise<Piece>}
   */
  piece(place) {
    const name = this.names[place];
    if (name === "-") return Promise.resolve({ keys: [], genes: [] });
    return this.store.file(`figures/${name}.bin`, async (response) => readPiece(new Uint8Array(await response.arrayBuffer())));
  }

  /**
   * The genes of figures.
   * @param {ArrayLike<number>} ids
   * @returns {Promise<ShownGene[][]>} in the same order
   */
  genesOf(ids) {
    return Promise.all(
      Array.from(ids, async (id) => {
        const place = Math.floor(id / this.size);
        const { keys, genes } = await this.piece(place);
        return Array.from(genes[id - place * this.size] ?? [], (gene) => partsOfKey(keys[gene]));
      }),
    );
  }
}

/**
 * @param {Uint8Array} data
 * @returns {Piece}
 */
function readPiece(data) {
  const numbers = new Numbers(data);
  const sizes = Array.from({ length: numbers.next() }, () => numbers.next());
  const keys = sizes.map((size) => readText(data.subarray(numbers.at, (numbers.at += size))));
  const genes = [];
  while (numbers.more) {
    const own = new Uint32Array(numbers.next());
    for (let i = 0, at = -1; i < own.length; i++) own[i] = at += numbers.next();
    genes.push(own);
  }
  return { keys, genes };
}

/**
 * The genes that most of some figures show, most frequent first. Counts are exact; where the figures lie in more files than may be
 * read, which genes are counted is found out on those files that hold most of them.
 * @param {Index} index
 * @param {Uint32Array} ids
 * @param {number} most genes
 * @param {{files?: number, spare?: number, like?: string}} [options] files that may be read; genes to count where those are too few,
 *   `most` if not given; the key of a gene: genes of its organism alone
 * @returns {Promise<{genes: {gene: Gene, count: number}[], sampled: boolean}>}
 */
export async function frequentGenes(index, ids, most, { files = SAMPLE, spare = most, like } = {}) {
  const { shown, meta, genes } = index;
  const places = placesOf(ids, shown.size);
  const sampled = places.length > files;
  const counts = await countsIn(shown, places.slice(0, files));
  const wanted = like === undefined ? [...counts] : [...counts].filter(([key]) => folderOf(key) === folderOf(like));
  const best = wanted.sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1)).slice(0, sampled ? spare : most);
  const found = (await Promise.all(best.map(([key]) => genes.byKey(key)))).filter((item) => item !== undefined);
  const exact = found.map((item) => {
    let count = 0;
    const own = figuresOf([item], meta.end);
    for (const id of ids) count += own[id];
    return { gene: item.gene, count };
  });
  exact.sort((a, b) => b.count - a.count || (a.gene.key < b.gene.key ? -1 : 1));
  return { genes: exact.slice(0, most), sampled };
}

/**
 * What tells the organism in a gene's key: the folder of its page.
 * @param {string} key
 */
function folderOf(key) {
  return key.slice(0, key.lastIndexOf("/") + 1);
}

/**
 * Where figures lie: the files, those that hold most of them first, and the places in each.
 * @param {Uint32Array} ids
 * @param {number} size ids of a file
 * @returns {[number, number[]][]}
 */
function placesOf(ids, size) {
  /** @type {Map<number, number[]>} */
  const places = new Map();
  for (const id of ids) {
    const place = Math.floor(id / size);
    const own = places.get(place);
    if (own) own.push(id - place * size);
    else places.set(place, [id - place * size]);
  }
  return [...places].sort((a, b) => b[1].length - a[1].length || a[0] - b[0]);
}

/**
 * How many figures of some files show each gene, by key.
 * @param {ShownGenes} shown
 * @param {[number, number[]][]} places
 * @returns {Promise<Map<string, number>>}
 */
async function countsIn(shown, places) {
  /** @type {Map<string, number>} */
  const counts = new Map();
  await Promise.all(
    places.map(async ([place, own]) => {
      const { keys, genes } = await shown.piece(place);
      for (const id of own) for (const gene of genes[id] ?? []) counts.set(keys[gene], (counts.get(keys[gene]) ?? 0) + 1);
    }),
  );
  return counts;
}
