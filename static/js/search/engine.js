/**
 * Search over the published index: `open(base)` gives an engine, and all else is asked of it.
 *
 * Only files of the site are fetched, plain, in parallel, and kept for as long as the page lives. A method that takes a signal
 * rejects with the signal's reason once that is aborted, so that a stale answer never arrives.
 *
 * @import { Gene, GeneSetOptions, GeneSetResult, Query, Resolved, Row, SearchOptions, SearchResult, Suggestions } from "./types.js"
 */

export { formatAddress, formatQuery, parseAddress, parseQuery } from "./query.js";

/** The engine of one site. */
export class Engine {
  /** @param {string} base absolute address of the site's home, with a slash at its end */
  constructor(base) {
    this.base = base;
  }

  /** How many figures and genes the collection holds, and its organisms, types and years with their figures. */
  get collection() {
    return {
      figures: 0,
      genes: 0,
      /** @type {{name: string, count: number}[]} */ organisms: [],
      /** @type {{name: string, count: number}[]} */ types: [],
      /** @type {{year: number, count: number}[]} ascending; 0 for unknown */ years: [],
    };
  }

  /**
   * What to offer while a reader types.
   * @param {string} text
   * @param {{limit?: number, signal?: AbortSignal}} [options] how many of each kind, 8 if not given
   * @returns {Promise<Suggestions>}
   */
  async suggest(text, options) {
    throw new Error(`not made yet: ${text} ${options}`);
  }

  /**
   * @param {string | Query} query
   * @param {SearchOptions} [options]
   * @returns {Promise<SearchResult>}
   */
  async search(query, options) {
    throw new Error(`not made yet: ${query} ${options}`);
  }

  /**
   * @param {ArrayLike<number>} ids
   * @param {AbortSignal} [signal]
   * @returns {Promise<Row[]>} in the same order
   */
  async rows(ids, signal) {
    throw new Error(`not made yet: ${ids} ${signal}`);
  }

  /**
   * The genes of keys; a key that the collection does not know is passed over.
   * @param {readonly string[]} keys
   * @param {AbortSignal} [signal]
   * @returns {Promise<Gene[]>}
   */
  async genes(keys, signal) {
    throw new Error(`not made yet: ${keys} ${signal}`);
  }

  /**
   * The figures that show each gene, newest first, by key; for a network of genes.
   * @param {readonly string[]} keys
   * @param {AbortSignal} [signal]
   * @returns {Promise<Map<string, Uint32Array>>}
   */
  async figuresByGene(keys, signal) {
    throw new Error(`not made yet: ${keys} ${signal}`);
  }

  /**
   * The figures that show all of some genes, newest first.
   * @param {readonly string[]} keys
   * @param {AbortSignal} [signal]
   * @returns {Promise<Uint32Array>}
   */
  async geneFigures(keys, signal) {
    throw new Error(`not made yet: ${keys} ${signal}`);
  }

  /**
   * The genes that a pasted text names: symbols, aliases, NCBI Gene ids or keys, in any separator.
   * @param {string | readonly string[]} text
   * @param {{organism?: string, signal?: AbortSignal}} [options] organism to prefer, the site's default if not given
   * @returns {Promise<Resolved>}
   */
  async resolveGenes(text, options) {
    throw new Error(`not made yet: ${text} ${options}`);
  }

  /**
   * The figures that share most with a set of genes.
   * @param {readonly Gene[]} genes of one organism, as `resolveGenes` recognised them
   * @param {GeneSetOptions} [options]
   * @returns {Promise<GeneSetResult>}
   */
  async geneSet(genes, options) {
    throw new Error(`not made yet: ${genes} ${options}`);
  }
}

/**
 * Opens the index of a site.
 * @param {string} base address of the site's home (`new URL(".", ...)`, or the base path), absolute or relative to the page
 * @returns {Promise<Engine>} rejects with an `Error` whose message says what a reader can do, also on `file://`
 */
export async function open(base) {
  return new Engine(new URL(base, globalThis.location?.href).href);
}
