/**
 * The genes of the index: by key, and by the names that people have for them.
 *
 * @import { Entry, Table } from "./store.js"
 * @import { Gene } from "./types.js"
 */

import { unescaped } from "./names.js";
import { countIds, readIds } from "./lists.js";
import { readText } from "./store.js";
import { distance } from "./spelling.js";
import { joinedWord, latinWord, spelledOut } from "./words.js";

/**
 * A gene that a name may mean.
 * @typedef {object} Named
 * @property {string} key
 * @property {number} count figures in which the name stands for it
 * @property {number} total figures that show it
 * @property {string} word the name as seen; empty where it is the symbol
 */

/**
 * A gene that a name means, with its figures.
 * @typedef {object} Meant
 * @property {Gene} gene
 * @property {Uint8Array} list
 * @property {number} count figures in which the name stands for it; 0 for all genes of a symbol, which stands for each
 */

/** Of the genes that a word stands for, those that it stands for in so small a part of its figures are errors of recognition. */
const RARE = 0.1;
/** Genes that are offered for a name that nobody knows. */
const SUGGESTED = 3;

/**
 * Symbol and organism of a key; no organism for the default one.
 * @param {string} key
 */
export function partsOfKey(key) {
  const steps = key.split("/");
  const symbol = unescaped(steps[steps.length - 1].split(".")[0]);
  return { symbol, organism: steps.length > 1 ? unescaped(steps[0]) : "" };
}

/**
 * What `gene:` says of a gene so that it means no other: its key, with `=` before it where that could be a symbol that others have too.
 * @param {string} key
 * @param {boolean} alone whether no other gene has its symbol
 */
function exactName(key, alone) {
  return key.includes("/") || (alone && /^[A-Za-z0-9-]+$/.test(key)) ? key : `=${key}`;
}

/** The genes of one index. */
export class Genes {
  /** @type {Map<string, Uint32Array>} */
  #figures = new Map();
  /** @type {Map<string, Promise<Entry[]>>} */
  #letters = new Map();

  /**
   * @param {Table} table figures of genes
   * @param {Table} names
   * @param {string} folder address of the folder of gene pages
   * @param {string} organism the default one
   */
  constructor(table, names, folder, organism) {
    this.table = table;
    this.names = names;
    this.folder = folder;
    this.organism = organism;
  }

  /**
   * All genes of a normalised symbol, of any organism, with their figures.
   * @param {string} symbol
   * @returns {Promise<{gene: Gene, list: Uint8Array}[]>}
   */
  async bySymbol(symbol) {
    const entries = await this.table.beginning(`${symbol}\t`);
    return entries.map(({ key: text, value }) => {
      const [, key, symbol, ncbi, organism] = text.split("\t");
      const about = { key, exact: exactName(key, entries.length === 1), symbol, ncbi, organism: organism || this.organism };
      return { gene: { ...about, total: countIds(value), href: this.href(key) }, list: value };
    });
  }

  /**
   * The figures of a gene, ascending: its list is read once.
   * @param {{gene: Gene, list: Uint8Array}} found
   */
  figures({ gene, list }) {
    const known = this.#figures.get(gene.key);
    if (known) return known;
    const ids = readIds(list);
    this.#figures.set(gene.key, ids);
    return ids;
  }

  /** @param {string} key */
  href(key) {
    return `${this.folder}${key}.html`;
  }

  /**
   * The gene of a key with its figures; undefined if there is none.
   * @param {string} key
   */
  async byKey(key) {
    const found = await this.bySymbol(joinedWord(partsOfKey(key).symbol));
    return found.find(({ gene }) => gene.key === key);
  }

  /**
   * The genes that a name means exactly, best first.
   * @param {string} name symbol, alias or id
   * @returns {Promise<Named[]>}
   */
  async byName(name) {
    // Digits alone are an id before they are a word: "2.19", which is one with 219, was read in figures too.
    const number = /^\d+$/.test(name) ? await this.byId(name) : [];
    if (number.length) return number;
    for (const key of spellings(name)) {
      const value = await this.names.find(key);
      if (value) return readNames(value);
    }
    return this.byId(name);
  }

  /**
   * The gene of an id: of NCBI Gene, or another that records give (AT2G32950).
   * @param {string} id
   * @returns {Promise<Named[]>}
   */
  async byId(id) {
    for (const own of new Set([id, id.toUpperCase()])) {
      const value = await this.names.find(`#${own}`);
      if (value) return readNames(value);
    }
    return [];
  }

  /**
   * The genes that a value of `gene:` means: a key, else all of that symbol, else all that the word stands for. A key that
   * could be a symbol has `=` before it.
   * @param {string} value
   * @returns {Promise<Meant[]>}
   */
  async meant(value) {
    const key = value.replace(/^=/, "");
    if (key !== value || partsOfKey(key).symbol !== key) {
      const exact = await this.byKey(key);
      if (exact || key !== value) return exact ? [{ ...exact, count: 0 }] : [];
    }
    const number = /^\d+$/.test(value) ? await this.byId(value) : [];
    for (const symbol of number.length ? [] : spellings(value)) {
      const own = await this.bySymbol(symbol);
      if (own.length) return own.map((item) => ({ ...item, count: 0 }));
    }
    const named = number.length ? number : await this.byName(value);
    return this.counted(named.filter(({ count }) => count >= named[0].count * RARE));
  }

  /**
   * The genes of names, with their figures.
   * @param {readonly Named[]} named
   * @returns {Promise<Meant[]>}
   */
  async counted(named) {
    const found = await Promise.all(named.map(async ({ key, count }) => ({ ...(await this.byKey(key)), count })));
    return found.flatMap(({ gene, list, count }) => (gene && list ? [{ gene, list, count }] : []));
  }

  /**
   * Genes whose symbol or word begins with a text, best first: the symbol itself; those for which it stands, or whose symbol begins
   * with it; beginnings of words. Among these those first that most figures show, as a reader of "akt" or "mapk" expects.
   * @param {string} text
   * @param {number} limit
   * @returns {Promise<{gene: Gene, word: string}[]>}
   */
  async suggest(text, limit) {
    const [typed, ...derived] = spellings(text);
    if (!typed) return [];
    const found = await Promise.all([this.#beginning(typed), ...[typed, ...derived].map((name) => this.byName(name))]);
    const exact = found.slice(1).flat();
    /** @type {Named[]} */
    let others = found[0];
    for (const start of derived) {
      if (!exact.length && !others.length) others = await this.#beginning(start); // "TGFβ" that no figure has
    }
    const least = Math.max(...exact.map(({ count }) => count)) * RARE;
    const ranked = [
      ...exact.map((named) => ({ named, rank: !named.word ? 0 : named.count >= least ? 1 : 2 })),
      ...others.map((named) => ({ named, rank: named.word ? 2 : 1 })),
    ];
    ranked.sort((a, b) => a.rank - b.rank || b.named.total - a.named.total || (a.named.key < b.named.key ? -1 : 1));
    /** @type {Map<string, {gene: Gene, word: string}>} */
    const out = new Map();
    for (const { named } of ranked) {
      if (!out.has(named.key)) out.set(named.key, { gene: this.#light(named), word: named.word });
      if (out.size === limit) break;
    }
    return [...out.values()];
  }

  /** @param {string} start */
  async #beginning(start) {
    if ([...start].length <= 2) {
      const best = await this.names.find(`=${start}`);
      return best ? readNames(best) : [];
    }
    const entries = await this.names.beginning(start);
    return entries.flatMap(({ value }) => readNames(value));
  }

  /**
   * A gene by what its name says: without its NCBI Gene id.
   * @param {Named} named
   * @returns {Gene}
   */
  #light({ key, total }) {
    const { symbol, organism } = partsOfKey(key);
    return { key, exact: exactName(key, false), symbol, ncbi: "", organism: organism || this.organism, total, href: this.href(key) };
  }

  /**
   * Genes whose names are nearly the one that nobody knows: mistyped by a letter or two, the nearest first; else those that begin alike.
   * @param {string} name
   * @returns {Promise<Gene[]>}
   */
  async like(name) {
    const word = joinedWord(name);
    const near = await this.#near(word);
    if (near.length) return near;
    for (let start = word; start.length > 2; start = start.slice(0, -1)) {
      const found = await this.suggest(start, SUGGESTED);
      if (found.length) return found.map(({ gene }) => gene);
    }
    return [];
  }

  /**
   * The names that begin with a letter: read once for all that are mistyped.
   * @param {string} letter
   */
  #ofLetter(letter) {
    const known = this.#letters.get(letter);
    if (known) return known;
    const found = this.names.beginning(letter);
    this.#letters.set(letter, found);
    found.catch(() => this.#letters.delete(letter)); // the next wish tries again
    return found;
  }

  /**
   * Genes whose names differ from a word by a letter left out, put in, changed or swapped with its neighbour; by two in a long word.
   * @param {string} word
   * @returns {Promise<Gene[]>}
   */
  async #near(word) {
    if (word.length < 4 || word.length > 40 || !/\p{L}/u.test(word)) return [];
    const most = word.length < 8 ? 1 : 2;
    // The first letter may be swapped with the second, or one too many; the names of a letter are a small part of all.
    const starts = new Set([word[0], word[1]].filter((start) => /\p{L}/u.test(start)));
    const entries = (await Promise.all([...starts].map((start) => this.#ofLetter(start)))).flat();
    /** @type {Map<string, {named: Named, far: number}>} */
    const best = new Map();
    for (const { key, value } of entries) {
      const far = distance(word, key, most);
      if (far > most) continue;
      for (const named of readNames(value)) {
        const known = best.get(named.key);
        if (!known || far < known.far) best.set(named.key, { named, far });
      }
    }
    const ranked = [...best.values()].sort((a, b) => a.far - b.far || b.named.total - a.named.total || (a.named.key < b.named.key ? -1 : 1));
    return ranked.slice(0, SUGGESTED).map(({ named }) => this.#light(named));
  }
}

/**
 * The keys under which a name may stand: one with Greek letters, or their names, has two, `TGFβ1` being written `TGFbeta1` and `TGFB1`.
 * @param {string} name
 * @returns {string[]}
 */
function spellings(name) {
  const joined = joinedWord(name);
  return [...new Set([joined, latinWord(name), spelledOut(joined) ?? ""])].filter(Boolean);
}

/**
 * @param {Uint8Array} value
 * @returns {Named[]}
 */
function readNames(value) {
  return readText(value)
    .split("\n")
    .map((line) => {
      const [key, count, total, word] = line.split("\t");
      return { key, count: Number(count), total: Number(total), word };
    });
}

/**
 * The figures of some genes, each once.
 * @param {readonly {list: Uint8Array}[]} genes
 * @param {number} end behind the last id
 */
export function figuresOf(genes, end) {
  const shown = new Uint8Array(end);
  for (const { list } of genes) for (const id of readIds(list)) shown[id] = 1;
  return shown;
}
