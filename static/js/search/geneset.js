/**
 * Gene sets: what a pasted text names, and the figures that share most with it.
 *
 * @import { Genes, Meant } from "./genes.js"
 * @import { Gene, RankedFigure, Resolved } from "./types.js"
 */

import { partsOfKey } from "./genes.js";
import { readRuns } from "./lists.js";
import { benjaminiHochberg, logHypergeometric } from "./statistics.js";

/** Names of a set that are looked at: so many are compared in seconds. */
export const MOST_NAMES = 2000;

/** What stands between names and in none: commas and semicolons of all scripts, bars, middle dots, ampersands, arrows. */
export const BETWEEN = /[\s,;|&\u00a0\u00b7\u055d\u060c\u061b\u1363\u1364\u1802\u2022\u2190-\u21ff\u22c5\u27f5-\u27ff\u3001\u30fb\ufe50-\ufe51\ufe54\uff06\uff0c\uff1b\uff5c\uff64\uff65]+/u;
/** What may stand between names or in one, such as a key or `HLA-A`; the one that keys hold comes behind those that hardly a name has. */
const DAY = /^\d{1,4}\/\d{1,2}\/\d{1,4}$/;
const WITHIN = ["->", ">", "<", "=", "+", "*", "~", "#", "\\", ":", ")(", "/"];
/** What many names have within: it stands between names only where each of them means a gene. */
const WITHIN_MANY = ["\u2013", "\u2014", "_", ".", "-"];
/** Symbols that spreadsheets take for a day and a month, `2-Sep` or `Sep-02`, by the month: as they are, and as they were once. */
const DATED = new Map([
  ["sep", ["SEPTIN", "SEPT"]],
  ["mar", ["MARCHF", "MARCH", "MTARC", "MARC"]],
  ["oct", ["OCT"]],
  ["dec", ["DEC", "DELEC"]],
]);
const DATE = /^(?:0?(\d{1,2})[-.](sep|mar|oct|dec)(?:t|tember|ch|ober|ember)?|(sep|mar|oct|dec)(?:t|tember|ch|ober|ember)?[-.]0?(\d{1,2}))$/i;
/** Unrecognised names for which others are looked up. */
const LIKE = 100;

/**
 * The names in a pasted text, each once: in any separator, quotes left out.
 * @param {string | readonly string[]} text
 * @returns {string[]}
 */
export function namesIn(text) {
  const parts = typeof text === "string" ? text.replaceAll('"', " ").split(BETWEEN) : text;
  const names = new Map([...parts].reverse().map((part) => [part.trim().toUpperCase(), part.trim()]));
  names.delete("");
  return [...names.values()].reverse();
}

/**
 * What became of the names of a set.
 * @param {Genes} genes
 * @param {readonly string[]} names
 * @param {string} organism to prefer
 * @returns {Promise<Resolved>}
 */
export async function resolve(genes, names, organism) {
  const looked = await Promise.all(names.slice(0, MOST_NAMES).map((name) => genesOf(genes, name, organism)));
  const found = looked.flat();
  /** @type {Resolved} */
  const out = { recognised: [], unrecognised: [], repeated: [], parts: new Map(), leftOut: Math.max(0, names.length - MOST_NAMES) };
  looked.forEach((own, i) => own.length > 1 && out.parts.set(names[i], own.map(({ name }) => name)));
  const seen = new Set();
  const unknown = [];
  for (const { name, gene, others, dated } of found.slice(0, MOST_NAMES)) {
    if (!gene) unknown.push(name);
    else if (seen.has(gene.key)) out.repeated.push({ name, gene });
    else out.recognised.push({ name, gene, others, dated });
    if (gene) seen.add(gene.key);
  }
  out.leftOut += Math.max(0, found.length - MOST_NAMES);
  const like = await Promise.all(unknown.map((name, i) => (i < LIKE ? genes.like(name) : null)));
  out.unrecognised = unknown.map((name, i) => ({ name, suggestions: like[i] }));
  return out;
}

/**
 * A name with the gene that it was taken for, and the others for which it stands as well.
 * @typedef {{name: string, gene: Gene | undefined, others: Gene[], dated?: boolean}} Taken
 */

/**
 * The gene that a name means, or those that its parts mean where it means none: `AKT1/PTEN`. A number beside a name (`HGNC:391`) is
 * no NCBI Gene id.
 * @param {Genes} genes
 * @param {string} name
 * @param {string} organism
 * @returns {Promise<Taken[]>} the name itself where no part means a gene either
 */
async function genesOf(genes, name, organism) {
  const taken = await geneOf(genes, name, organism);
  if (taken.gene) return [taken];
  for (const sign of [WITHIN, WITHIN_MANY].flatMap((signs) => signs.find((own) => name.includes(own)) ?? [])) {
    const parts = name.split(sign).map((part) => part.replace(/^\(+|\)+$/g, "")).filter(Boolean);
    const numbers = parts.filter((part) => !/\p{L}/u.test(part)).length; // `15:01` of an allele is none of a gene either
    if (parts.length < 2 || (numbers && numbers < parts.length) || DAY.test(name)) continue;
    const found = (await Promise.all(parts.map((part) => genesOf(genes, part, organism)))).flat();
    const enough = WITHIN_MANY.includes(sign) ? found.every((own) => own.gene) : found.some((own) => own.gene);
    if (enough) return found;
  }
  return [taken];
}

/**
 * The gene that a name means best: a key before a symbol, a symbol before an alias, the preferred organism before the default one, and
 * that before others. Of genes
 * for which it stands alike, as the name of a family does, it is the one that most figures show.
 * Its figures are read at once, while lists of other genes are still on their way.
 * @param {Genes} genes
 * @param {string} name
 * @param {string} organism
 * @returns {Promise<Taken>}
 */
async function geneOf(genes, name, organism) {
  const known = await meant(genes, name, organism);
  const [best, ...others] = alike(known.length ? known : await dated(genes, name, organism), [organism, genes.organism]);
  if (!best) return { name, gene: undefined, others: [] };
  genes.figures(best);
  const number = /^\d+$/.test(name); // an id means one gene
  return { name, gene: best.gene, others: number ? [] : others.map(({ gene }) => gene), dated: !known.length };
}

/**
 * The symbols that a spreadsheet may have made a date of; none for what is no date.
 * @param {string} name
 * @returns {string[]}
 */
function symbolsOfDate(name) {
  const [, day, month, otherMonth, otherDay] = DATE.exec(name) ?? [];
  const number = day ?? otherDay;
  return number ? (DATED.get((month ?? otherMonth).toLowerCase()) ?? []).map((symbol) => symbol + number) : [];
}

/**
 * Of the genes that a name may mean those of one organism for which it stands in as many figures, or half of that; the one that most show first.
 * @param {Meant[]} known
 * @param {readonly string[]} organisms to prefer, the first before the second
 * @returns {Meant[]}
 */
function alike(known, organisms) {
  const wanted = organisms.find((name) => known.some(({ gene }) => gene.organism === name)) ?? known[0]?.gene.organism;
  const own = known.filter(({ gene }) => gene.organism === wanted);
  const most = Math.max(...own.map(({ count }) => count));
  return own.filter(({ count }) => count >= most / 2).sort((a, b) => b.gene.total - a.gene.total);
}

/**
 * The genes of whose symbols a spreadsheet makes this date: one for each symbol, all alike.
 * @param {Genes} genes
 * @param {string} name
 * @param {string} organism
 * @returns {Promise<Meant[]>}
 */
async function dated(genes, name, organism) {
  const known = await Promise.all(symbolsOfDate(name).map((symbol) => meant(genes, symbol, organism)));
  const best = known.flatMap((own) => alike(own, [organism, genes.organism]).slice(0, 1));
  return [...new Map(best.map((item) => [item.gene.key, { ...item, count: 0 }])).values()];
}

/**
 * @param {Genes} genes
 * @param {string} name
 * @param {string} organism
 * @returns {Promise<Meant[]>}
 */
async function meant(genes, name, organism) {
  if (/^\d+$/.test(name)) return genes.counted((await genes.byId(name)).slice(0, 4));
  const exact = await genes.byKey(name);
  if (exact && (name.includes("/") || exact.gene.organism === organism)) return [{ ...exact, count: 0 }];
  const known = await genes.meant(name);
  if (!known.length || known.some(({ gene }) => gene.organism === organism)) return known;
  // A symbol of other organisms alone, such as p53 of flies: what the word stands for in the wanted one, if it is another than the
  // usual one, or if more figures say so.
  const words = await genes.byName(name);
  const named = words.filter(({ key }) => (partsOfKey(key).organism || genes.organism) === organism);
  const most = Math.max(0, ...named.map(({ count }) => count));
  if (!most || (organism === genes.organism && most <= Math.max(...known.map(({ gene }) => gene.total)))) return known;
  return genes.counted(named.filter(({ count }) => count >= most / 2));
}

/**
 * How many genes of an organism each figure shows.
 * @param {Uint8Array | undefined} data
 * @param {number} end behind the last id
 */
export function readSizes(data, end) {
  const sizes = new Uint32Array(end);
  if (!data?.length) return sizes;
  const [{ ids }, { ids: sums }] = readRuns(data);
  for (let i = 0, before = -1; i < ids.length; i++) {
    sizes[ids[i]] = sums[i] - before;
    before = sums[i];
  }
  return sizes;
}

/**
 * How many genes of a set each figure shows.
 * @param {readonly Uint32Array[]} lists of ids, of each gene
 * @param {number} end behind the last id
 */
export function overlaps(lists, end) {
  const overlap = new Uint16Array(end);
  for (const ids of lists) {
    for (let i = 0; i < ids.length; i++) overlap[ids[i]]++;
  }
  return overlap;
}

/**
 * All figures that share a gene with a set, by p, then overlap, then size, then newest. Tens of thousands do, and few are shown: they
 * are numbers until somebody wants to see them.
 */
export class Ranking {
  /**
   * @param {Uint16Array} overlap of each id
   * @param {Uint32Array} sizes of each id
   * @param {number} background genes
   * @param {number} set genes of the set
   */
  constructor(overlap, sizes, background, set) {
    // Figures of one overlap and one size have one p: there are far fewer of these groups than figures.
    /** @type {Map<number, {overlap: number, size: number, logP: number, count: number, end: number}>} */
    const groups = new Map();
    /** How many figures p is computed for. */
    this.tested = 0;
    let shared = 0;
    for (let id = 0; id < overlap.length; id++) {
      const size = sizes[id];
      if (size) this.tested++;
      if (!overlap[id]) continue;
      shared++;
      const own = groups.get(overlap[id] * 65536 + size);
      if (own) own.count++;
      else {
        const logP = logHypergeometric(overlap[id], background, set, size);
        groups.set(overlap[id] * 65536 + size, { overlap: overlap[id], size, logP, count: 1, end: 0 });
      }
    }
    this.groups = [...groups.values()].sort((a, b) => a.logP - b.logP || b.overlap - a.overlap || a.size - b.size);
    this.p = this.groups.map(({ logP }) => Math.exp(logP));
    this.q = benjaminiHochberg(this.p, this.groups.map(({ count }) => count), this.tested);
    let end = 0;
    for (const group of this.groups) end = (group.end = end) + group.count;
    /** The figures, best first. */
    this.ids = new Uint32Array(shared);
    for (let id = 0; id < overlap.length; id++) {
      const group = overlap[id] ? groups.get(overlap[id] * 65536 + sizes[id]) : undefined;
      if (group) this.ids[group.end++] = id;
    }
  }

  /**
   * Leaves out what does not pass.
   * @param {(overlap: number, size: number) => boolean} group
   * @param {((id: number) => boolean) | null} figure
   * @returns {Uint32Array} the figures that are left, best first
   */
  kept(group, figure) {
    const passes = this.groups.map(({ overlap, size }) => group(overlap, size));
    if (!figure && passes.every(Boolean)) return this.ids;
    let at = 0;
    return this.ids.filter((id, place) => {
      while (place >= this.groups[at].end) at++;
      return passes[at] && (!figure || figure(id));
    });
  }

  /**
   * Figures with their numbers.
   * @param {Uint32Array} ids of some of the figures, best first
   * @returns {RankedFigure[]}
   */
  figures(ids) {
    const wanted = new Set(ids);
    /** @type {RankedFigure[]} */
    const out = [];
    let at = 0;
    for (let place = 0; place < this.ids.length && out.length < ids.length; place++) {
      while (place >= this.groups[at].end) at++;
      const { overlap, size, logP } = this.groups[at];
      const id = this.ids[place];
      if (wanted.has(id)) out.push({ id, overlap, size, p: this.p[at], logP, q: this.q[at] });
    }
    return out;
  }
}

/**
 * The genes of a set that each figure shows, for tables of all figures: looked up once, by the first who asks.
 * @param {readonly Gene[]} genes
 * @param {readonly Uint32Array[]} lists of ids, of each gene
 * @returns {(id: number) => Gene[]}
 */
export function genesByFigure(genes, lists) {
  /** @type {Map<number, Gene[]> | undefined} */
  let known;
  const look = () => {
    const own = new Map();
    lists.forEach((ids, at) => {
      for (const id of ids) {
        const shown = own.get(id);
        if (shown) shown.push(genes[at]);
        else own.set(id, [genes[at]]);
      }
    });
    return own;
  };
  return (id) => (known ??= look()).get(id) ?? [];
}

/**
 * Whether an id is in an ascending list.
 * @param {Uint32Array} ids
 * @param {number} id
 */
export function has(ids, id) {
  let low = 0;
  let high = ids.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (ids[middle] < id) low = middle + 1;
    else high = middle;
  }
  return ids[low] === id;
}
