/**
 * What narrows a search beside its words: genes, years, organisms, types; and how many figures of a result each would leave.
 *
 * @import { Index } from "./engine.js"
 * @import { Facets, Query } from "./types.js"
 */

import { figuresOf } from "./genes.js";
import { readIds } from "./lists.js";
import { latin } from "./names.js";

/** @typedef {(id: number) => boolean} Test */

/** The filters of one index. */
export class Narrowing {
  /** @param {Index} index */
  constructor(index) {
    this.index = index;
  }

  /** The ids of all figures, ascending. */
  async every() {
    const list = await this.index.columns.find("a");
    return list ? readIds(list) : new Uint32Array();
  }

  /**
   * The figures of an organism or a type; undefined where the collection has none.
   * @param {"o" | "t"} kind
   * @param {string} name
   * @returns {Promise<Test | undefined>}
   */
  async #value(kind, name) {
    const folded = kind === "o" ? latin(name) : name.toLowerCase();
    /** @type {[string, ...unknown[]][]} */
    const all = kind === "o" ? this.index.meta.organisms : this.index.meta.types;
    // Types that differ by capitals are several.
    const known = (all.find(([other]) => other === name) ?? all.find(([other]) => other.toLowerCase() === folded))?.[0];
    if (known === undefined) return undefined;
    const [list, others] = await Promise.all([this.index.columns.find(`${kind}\t${known}`), this.index.columns.find(`${kind}\t!${known}`)]);
    const marked = figuresOf([{ list: list ?? others ?? new Uint8Array() }], this.index.meta.end);
    return list ? (id) => marked[id] === 1 : (id) => marked[id] === 0;
  }

  /**
   * Tests that a figure must pass for the filters of a query.
   * @param {Query} query
   * @param {string[]} [unknown] is given the values that the collection does not know
   * @returns {Promise<Test[]>}
   */
  async of(query, unknown = []) {
    const { end } = this.index.meta;
    const gene = async (/** @type {string} */ name, /** @type {boolean} */ wanted) => {
      const found = await this.index.genes.meant(name);
      if (!found.length) unknown.push(name.replace(/^=/, ""));
      const shown = figuresOf(found, end);
      return (/** @type {number} */ id) => (shown[id] === 1) === wanted;
    };
    const anyOf = async (/** @type {"o" | "t"} */ kind, /** @type {string[]} */ names, wanted = true) => {
      const tests = await Promise.all(names.map((name) => this.#value(kind, name)));
      tests.forEach((test, i) => test || unknown.push(names[i]));
      return (/** @type {number} */ id) => tests.some((test) => test?.(id)) === wanted;
    };
    const outside = async (/** @type {[number, number]} */ years) => {
      const inside = this.#years(years);
      return (/** @type {number} */ id) => !inside(id);
    };
    return Promise.all([
      ...query.genes.map((name) => gene(name, true)),
      ...query.withoutGenes.map((name) => gene(name, false)),
      ...(query.organisms.length ? [anyOf("o", query.organisms)] : []),
      ...(query.types.length ? [anyOf("t", query.types)] : []),
      ...(query.withoutOrganisms.length ? [anyOf("o", query.withoutOrganisms, false)] : []),
      ...(query.withoutTypes.length ? [anyOf("t", query.withoutTypes, false)] : []),
      ...(query.years ? [this.#years(query.years)] : []),
      ...query.withoutYears.map(outside),
    ]);
  }

  /**
   * @param {[number, number]} years
   * @returns {Test}
   */
  #years([from, to]) {
    const blocks = this.#blocks().filter(({ year }) => year >= from && year <= to && year > 0);
    return (id) => blocks.some(({ first, last }) => id >= first && id < last);
  }

  /** The blocks of ids of years, newest first. */
  #blocks() {
    const { years, end } = this.index.meta;
    return years.map(([year, first], i) => ({ year, first, last: years[i + 1]?.[1] ?? end }));
  }

  /**
   * How many of some figures are of each year, organism and type.
   * @param {Uint32Array} ids
   * @returns {Promise<Facets>}
   */
  async facets(ids) {
    const { meta, columns } = this.index;
    const marked = new Uint8Array(meta.end);
    for (const id of ids) marked[id] = 1;
    const counts = this.#blocks().map(({ year, first, last }) => {
      let count = 0;
      for (let id = first; id < last; id++) count += marked[id];
      return { year, count };
    });
    const count = async (/** @type {"o" | "t"} */ kind) => {
      const entries = await columns.beginning(`${kind}\t`);
      const all = entries.map(({ key, value }) => {
        let own = 0;
        for (const id of readIds(value)) own += marked[id];
        const name = key.slice(2);
        return name.startsWith("!") ? { name: name.slice(1), count: ids.length - own } : { name, count: own };
      });
      return all.filter((value) => value.count).sort((a, b) => b.count - a.count || (a.name < b.name ? -1 : 1));
    };
    const [organisms, types] = await Promise.all([count("o"), count("t")]);
    return { years: counts.filter((year) => year.count).sort((a, b) => a.year - b.year), organisms, types };
  }
}
