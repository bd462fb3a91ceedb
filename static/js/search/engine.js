/**
 * Search over the published index: `open(base)` gives an engine, and all else is asked of it.
 *
 * Only files of the site are fetched, plain, in parallel, and kept for as long as the page lives. A method that takes a signal
 * rejects with the signal's reason once that is aborted, so that a stale answer never arrives.
 *
 * @import { Filters, Gene, GeneSetOptions, GeneSetResult, ListField, Query, Resolved, SearchOptions, SearchResult, Suggestions } from "./types.js"
 */

import { suggestConcepts } from "./concepts.js";
import { Genes } from "./genes.js";
import { genesByFigure, has, namesIn, overlaps, Ranking, readSizes, resolve } from "./geneset.js";
import { readRuns } from "./lists.js";
import { knowCut, latin } from "./names.js";
import { Narrowing } from "./narrow.js";
import { parseQuery } from "./query.js";
import { searchFigures } from "./results.js";
import { Rows } from "./rows.js";
import { ShownGenes } from "./shown.js";
import { StaleIndex, Store, Table, unlessAborted } from "./store.js";
import { joinedWord } from "./words.js";

export { formatAddress, formatQuery, parseAddress, parseQuery } from "./query.js";

const FORMAT = 2;
const LIMIT = 20;

/**
 * What the meta file says.
 * @typedef {object} Meta
 * @property {number} format
 * @property {number} figures
 * @property {number} end behind the last id
 * @property {[number, number, number][]} years newest first: year (0 for unknown), first id, figures
 * @property {[string, number, string][]} organisms name, figures, address of its page
 * @property {[string, number][]} types name, figures
 * @property {[string, number][]} genesOf organism, genes
 * @property {string} defaultOrganism
 * @property {string} imageUrl
 * @property {Record<string, string>} [cut] symbols of genes whose pages have names that were cut, by these
 * @property {string} rows
 * @property {number} idsARowShard
 * @property {string} figureGenes names of the files of the genes of figures, `-` for none
 * @property {number} idsAGeneShard
 * @property {{first: string[], names: string}} words
 * @property {{first: string[], names: string}} starts
 * @property {{first: string[], names: string}} spelling
 * @property {{first: string[], names: string}} [concepts] of indexes made before there were any they are none
 * @property {{first: string[], names: string}} genes
 * @property {{first: string[], names: string}} names
 * @property {{first: string[], names: string}} columns
 */

/** One published state of the index. */
export class Index {
  /**
   * @param {Store} store
   * @param {Meta} meta
   * @param {string} address of the site's home
   */
  constructor(store, meta, address) {
    this.store = store;
    this.meta = meta;
    this.words = new Table(store, "words", meta.words);
    this.starts = new Table(store, "starts", meta.starts);
    this.spelling = new Table(store, "spelling", meta.spelling);
    this.concepts = new Table(store, "concepts", meta.concepts ?? { first: [], names: "" });
    this.columns = new Table(store, "columns", meta.columns);
    const names = new Table(store, "names", meta.names);
    this.genes = new Genes(new Table(store, "genes", meta.genes), names, `${address}genes/`, meta.defaultOrganism);
    this.rows = new Rows(store, meta, address);
    this.shown = new ShownGenes(store, meta);
    this.narrowing = new Narrowing(this);
    /** @type {Map<string, Promise<Uint32Array>>} */
    this.sizes = new Map();
  }

  /**
   * How many genes of an organism each figure shows; read once.
   * @param {string} organism
   * @returns {Promise<Uint32Array>}
   */
  sizesOf(organism) {
    const known = this.sizes.get(organism);
    if (known) return known;
    const made = this.columns.find(`n\t${organism}`).then((column) => readSizes(column, this.meta.end));
    this.sizes.set(organism, made);
    made.catch(() => this.sizes.delete(organism)); // the next wish tries again
    return made;
  }
}

/** The engine of one site. */
export class Engine {
  /** @type {Index} */
  #index;
  /** @type {{key: string, index: Index, found: Promise<SearchResult>} | undefined} the search before */
  #last;
  /** @type {Promise<Index> | undefined} the index that is being read again */
  #renewing;

  /**
   * @param {string} base absolute address of the site's home, with a slash at its end
   * @param {Index} index
   */
  constructor(base, index) {
    this.base = base;
    this.#index = index;
  }

  /** How many figures and genes the collection holds, and its organisms, types and years with their figures. */
  get collection() {
    const { figures, genesOf, organisms, types, years, defaultOrganism } = this.#index.meta;
    return {
      figures,
      genes: genesOf.reduce((sum, [, count]) => sum + count, 0),
      organisms: organisms.map(([name, count, href]) => ({ name, count, href })),
      types: types.map(([name, count]) => ({ name, count })),
      years: years.map(([year, , count]) => ({ year, count })).sort((a, b) => a.year - b.year),
      defaultOrganism,
    };
  }

  /**
   * The index to ask: read again once a file of the one at hand was gone, whoever missed it. What an answer brings later is read from
   * its own index and cannot be asked again of another, so it only leaves word.
   * @returns {Promise<Index>}
   */
  async #current() {
    if (!this.#index.store.stale) return this.#index;
    this.#renewing ??= readIndex(this.base)
      .then((index) => {
        this.#last = undefined;
        return (this.#index = index);
      })
      .finally(() => (this.#renewing = undefined));
    return this.#renewing;
  }

  /**
   * Runs a question; once more with the new index, where the site was published anew meanwhile.
   * @template T
   * @param {AbortSignal | undefined} signal
   * @param {(index: Index) => Promise<T>} question
   * @returns {Promise<T>}
   */
  async #ask(signal, question) {
    signal?.throwIfAborted();
    const run = async () => {
      try {
        return await question(await this.#current());
      } catch (error) {
        if (!(error instanceof StaleIndex)) throw error;
        return question(await this.#current());
      }
    };
    return unlessAborted(run(), signal);
  }

  /**
   * What to offer while a reader types. Genes come without their NCBI Gene ids.
   * @param {string} text
   * @param {{limit?: number, signal?: AbortSignal}} [options] how many of each kind, 8 if not given
   * @returns {Promise<Suggestions>}
   */
  suggest(text, { limit = 8, signal } = {}) {
    return this.#ask(signal, async (index) => {
      const start = joinedWord(text);
      const [genes, figures, concepts] = await Promise.all([
        index.genes.suggest(text, limit),
        figuresNamed(index, start, limit),
        suggestConcepts(index.concepts, this.base, text, Math.ceil(limit / 2)),
      ]);
      const begins = (/** @type {string} */ name) =>
        start && (joinedWord(name).startsWith(start) || name.split(/\s+/).some((word) => joinedWord(word).startsWith(start)));
      const common = latin(text.trim());
      const organisms = index.meta.organisms.filter(([name]) => begins(name) || name.toLowerCase() === common).slice(0, limit);
      return { genes, figures, ...concepts, organisms: organisms.map(([name, count, href]) => ({ name, count, href })) };
    });
  }

  /**
   * The figures that a query finds.
   * @param {string | Query} query
   * @param {SearchOptions} [options]
   * @returns {Promise<SearchResult>}
   */
  search(query, options = {}) {
    const parsed = typeof query === "string" ? parseQuery(query) : query;
    const { signal, ...asked } = options;
    return this.#ask(signal, (index) => this.#found(index, narrowed(parsed, options.filters), asked));
  }

  /**
   * The answer to a question; one that is asked twice in a row is looked for once.
   * @param {Index} index
   * @param {Query} query
   * @param {SearchOptions} asked
   */
  #found(index, query, asked) {
    const key = JSON.stringify([query, asked]);
    if (this.#last?.key === key && this.#last.index === index) return this.#last.found;
    const found = searchFigures(index, query, asked);
    this.#last = { key, index, found };
    found.catch(() => (this.#last = undefined));
    return found;
  }

  /**
   * The genes of keys; a key that the collection does not know is passed over.
   * @param {readonly string[]} keys
   * @param {AbortSignal} [signal]
   * @returns {Promise<Gene[]>}
   */
  genes(keys, signal) {
    return this.#ask(signal, async (index) => (await known(index, keys)).map(({ gene }) => gene));
  }

  /**
   * The figures that show each gene, newest first, by key; for a network of genes.
   * @param {readonly string[]} keys
   * @param {AbortSignal} [signal]
   * @returns {Promise<Map<string, Uint32Array>>}
   */
  figuresByGene(keys, signal) {
    return this.#ask(signal, async (index) => new Map((await known(index, keys)).map((found) => [found.gene.key, index.genes.figures(found)])));
  }

  /**
   * The figures that show all of some genes, newest first; none if the collection does not know one of them.
   * @param {readonly string[]} keys
   * @param {AbortSignal} [signal]
   * @returns {Promise<Uint32Array>}
   */
  geneFigures(keys, signal) {
    return this.#ask(signal, async (index) => {
      const own = [...new Set(keys)];
      const genes = await known(index, own);
      if (!own.length || genes.length < own.length) return new Uint32Array();
      const lists = genes.map((found) => index.genes.figures(found));
      const overlap = overlaps(lists, index.meta.end);
      return lists[0].filter((id) => overlap[id] === own.length);
    });
  }

  /**
   * The genes that a pasted text names: symbols, aliases, NCBI Gene ids or keys, in any separator.
   * @param {string | readonly string[]} text
   * @param {{organism?: string, signal?: AbortSignal}} [options] organism to prefer, the site's default if not given
   * @returns {Promise<Resolved>}
   */
  resolveGenes(text, { organism, signal } = {}) {
    return this.#ask(signal, (index) => {
      const { defaultOrganism, organisms } = index.meta;
      const asked = organism?.toLowerCase();
      const wanted = (asked && organisms.find(([name]) => name.toLowerCase() === asked)?.[0]) || defaultOrganism;
      // What the figures of a set are ranked by comes meanwhile; its errors are told by who asks for it.
      void Promise.all([index.sizesOf(wanted), index.rows.names()]).catch(() => {});
      return resolve(index.genes, namesIn(text), wanted);
    });
  }

  /**
   * The figures that share most with a set of genes. The organism is that of most of the genes; those of others do not count.
   * @param {readonly Gene[]} genes as `resolveGenes` recognised them
   * @param {GeneSetOptions} [options]
   * @returns {Promise<GeneSetResult>}
   */
  geneSet(genes, options = {}) {
    return this.#ask(options.signal, (index) => rankedFigures(index, genes, options));
  }
}

/**
 * @param {Index} index
 * @param {readonly string[]} keys
 */
async function known(index, keys) {
  const found = await Promise.all([...new Set(keys)].map((key) => index.genes.byKey(key)));
  return found.filter((item) => item !== undefined);
}

/**
 * A query with filters put to it.
 * @param {Query} query
 * @param {Filters} [filters]
 * @returns {Query}
 */
function narrowed(query, filters = {}) {
  const both = (/** @type {ListField} */ name) => [...new Set([...query[name], ...(filters[name] ?? [])])];
  const [from, to] = query.years ?? [0, 9999];
  const [first, last] = filters.years ?? [0, 9999];
  const years = query.years && filters.years ? /** @type {[number, number]} */ ([Math.max(from, first), Math.min(to, last)]) : null;
  return {
    ...query,
    genes: both("genes"),
    withoutGenes: both("withoutGenes"),
    organisms: both("organisms"),
    withoutOrganisms: both("withoutOrganisms"),
    types: both("types"),
    withoutTypes: both("withoutTypes"),
    withoutYears: [...query.withoutYears, ...(filters.withoutYears ?? [])],
    years: years ?? query.years ?? filters.years ?? null,
  };
}

/**
 * Figures whose figid or PMCID begins with a normalised text.
 * @param {Index} index
 * @param {string} start
 * @param {number} limit
 */
async function figuresNamed(index, start, limit) {
  const digits = /^\d{5,}$/.test(start); // those of a PMCID, as references often give them
  if (!digits && !/^[a-z]+\d{3}/.test(start)) return [];
  const found = (await index.words.beginning(digits ? `pmc${start}` : start)).slice(0, 10 * limit);
  const ids = new Set(found.flatMap(({ value }) => readRuns(value).flatMap((run) => [...run.ids])));
  const rows = await index.rows.read([...ids].slice(0, limit));
  // Words of captions may begin likewise: P450.
  return rows.filter(({ figid, pmcid }) => [figid, pmcid].some((name) => joinedWord(name).startsWith(digits ? `pmc${start}` : start)));
}

/**
 * @param {Index} index
 * @param {readonly Gene[]} genes
 * @param {GeneSetOptions} options
 * @returns {Promise<GeneSetResult>}
 */
async function rankedFigures(index, genes, { filters, size, atLeast = 1, offset = 0, limit = LIMIT, first = limit }) {
  const { end, genesOf, defaultOrganism } = index.meta;
  const counts = new Map();
  for (const { organism } of genes) counts.set(organism, (counts.get(organism) ?? 0) + 1);
  const organism = [...counts].sort((a, b) => b[1] - a[1])[0]?.[0] ?? defaultOrganism;
  const keys = genes.filter((gene) => gene.organism === organism).map(({ key }) => key);
  void index.rows.names().catch(() => {}); // rows will be wanted, and their errors are told then
  const [set, sizes, narrow] = await Promise.all([
    known(index, keys),
    index.sizesOf(organism),
    filters ? index.narrowing.of({ ...parseQuery(""), ...filters }) : undefined,
  ]);
  const background = genesOf.find(([name]) => name === organism)?.[1] ?? 0;
  const lists = set.map((found) => index.genes.figures(found));
  const ranking = new Ranking(overlaps(lists, end), sizes, background, set.length);
  const [fewest, most] = size ?? [0, Infinity];
  const ids = ranking.kept(
    (overlap, size) => overlap >= atLeast && size >= fewest && size <= most,
    narrow?.length ? (id) => narrow.every((passes) => passes(id)) : null,
  );
  const page = ids.slice(offset, offset + limit);
  const shared = set.map(({ gene }) => gene);
  const genesOfId = genesByFigure(shared, lists);
  const rows = await index.rows.read(page.slice(0, first));
  return {
    total: ids.length,
    tested: ranking.tested,
    background,
    set: set.length,
    organism,
    page: ranking.figures(page),
    ranked: () => ranking.figures(ids),
    rows,
    more: () => index.rows.read(page.slice(first)),
    rowsOf: (wanted) => index.rows.read(wanted),
    genes: Array.from(page, (id) => shared.filter((_, i) => has(lists[i], id))),
    genesOf: ({ id }) => genesOfId(id),
  };
}

/** @param {string} base */
async function readIndex(base) {
  const folder = `${base}search/`;
  const response = await fetch(`${folder}index.json`, { cache: "no-cache" });
  if (!response.ok) throw new Error(`This site has no search index (${response.status} at ${folder}index.json).`);
  /** @type {Meta} */
  const meta = await response.json();
  if (meta.format !== FORMAT) throw new Error("The search index is of another version than this page: reload the page.");
  knowCut(meta.cut ?? {});
  return new Index(new Store(folder), meta, new URL(base).pathname);
}

/** @type {Map<string, Promise<Engine>>} */
const engines = new Map();

/**
 * Opens the index of a site; a second call for the same site gives the same engine.
 * @param {string} base address of the site's home (`new URL(".", ...)`, or the base path), absolute or relative to the page
 * @returns {Promise<Engine>} rejects with an `Error` whose message says what a reader can do, also on `file://`
 */
export function open(base) {
  const { href, protocol } = new URL(base, globalThis.location?.href);
  const known = engines.get(href);
  if (known) return known;
  const made = protocol === "file:" ? Promise.reject(new Error(ON_FILE)) : readIndex(href).then((index) => new Engine(href, index));
  engines.set(href, made);
  made.catch(() => engines.delete(href));
  return made;
}

const ON_FILE =
  "Search reads other files of this site, which browsers do not allow for pages opened from a disk. " +
  "Serve the folder and open it by its address, for example with: python3 -m http.server";
