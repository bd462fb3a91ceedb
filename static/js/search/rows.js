/**
 * What results show of figures.
 *
 * @import { Store } from "./store.js"
 * @import { Row } from "./types.js"
 * @import { Meta } from "./engine.js"
 */

/** Kinds of figures that records leave unnamed. */
const USUAL_TYPE = "Figure";

/**
 * @param {string} figid
 * @param {string} address of the site's home
 */
function figureHref(figid, address) {
  return `${address}figures/${encodeURIComponent(figid)}.html`;
}

/**
 * Address of a figure's image at its publisher; empty if there can be none.
 * @param {string} template with fields in braces
 * @param {Record<string, string>} fields
 */
function imageAddress(template, fields) {
  // Hosts of PubMed Central have its own papers alone: `leads_to` of builder/names.py.
  const ofPmc = template.includes("{pmcid}") && /ncbi\.nlm\.nih\.gov\/|europepmc\.org\//.test(template);
  if (!fields.filename || (ofPmc && !/^PMC\d+$/.test(fields.pmcid))) return "";
  return template.replace(/\{(\w+)\}/g, (whole, name) => (name in fields ? encodeURIComponent(fields[name]) : whole));
}

/**
 * A row as the index holds it.
 * @param {number} id
 * @param {any[]} data
 * @param {string | undefined} thumb address of a picture of the site's own
 * @param {Meta} meta
 * @param {string} address of the site's home
 * @param {number} year of its block
 * @returns {Row}
 */
function readRow(id, data, thumb, meta, address, year) {
  const [figid, title = "", paper = "", number = "", organisms = [], type = "", file = "", shownYear = "", other = ""] = data;
  const [named, stem = ""] = figid.split(/__(.*)/s);
  const pmcid = other || named;
  const filename = file === null ? "" : file || `${stem}.jpg`;
  const text = shownYear || (year ? String(year) : "");
  return {
    id,
    figid,
    href: figureHref(figid, address),
    title: title || figid,
    number,
    year: text,
    paper,
    pmcid,
    organisms: (organisms || [meta.defaultOrganism]).map((/** @type {string} */ name) => spelt(name, meta)),
    type: type || USUAL_TYPE,
    thumb: thumb ?? imageAddress(meta.imageUrl, { pmcid, filename, figid, year: text, number }),
  };
}

/**
 * An organism as the site spells it.
 * @param {string} name
 * @param {Meta} meta
 */
function spelt(name, meta) {
  const folded = name.toLowerCase();
  return meta.organisms.find(([known]) => known.toLowerCase() === folded)?.[0] ?? name;
}

/** The rows of one index. */
export class Rows {
  /**
   * @param {Store} store
   * @param {Meta} meta
   * @param {string} address of the site's home
   */
  constructor(store, meta, address) {
    this.store = store;
    this.meta = meta;
    this.address = address;
  }

  /** The names of the shards of rows; asked for early, it is there when rows are wanted. */
  names() {
    return this.store.file(`rows/${this.meta.rows}.list.json`, async (response) => (await response.json()).split(" "));
  }

  /**
   * @param {ArrayLike<number>} ids
   * @returns {Promise<Row[]>}
   */
  async read(ids) {
    const names = await this.names();
    const size = this.meta.idsARowShard;
    return Promise.all(
      Array.from(ids, async (id) => {
        const place = Math.floor(id / size);
        const shard = await this.store.json(`rows/${names[place]}.json`);
        const year = this.meta.years.filter(([, first]) => first <= id).at(-1)?.[0] ?? 0;
        return readRow(id, shard[id - place * size], shard.thumbs?.[id - place * size], this.meta, this.address, year);
      }),
    );
  }
}
