/**
 * The language of queries, and what the address of a search says.
 *
 * Words stand as they are; `gene:AKT1`, `year:2018-2022` (`year:2020`, `year:2018-`, `year:-2018`), `organism:"Mus musculus"`,
 * `type:Scheme` narrow a search; a minus before any of them, or before a word, leaves out. Quotes hold a value of several words together; one
 * within them stands twice.
 * What is no field stays a word: `miR:21` is a text to search for.
 *
 * @import { AddressState, ListField, Query } from "./types.js"
 */

/** @returns {Query} */
function emptyQuery() {
  const lists = { genes: [], withoutGenes: [], organisms: [], withoutOrganisms: [], types: [], withoutTypes: [] };
  return { words: [], without: [], open: false, years: null, withoutYears: [], ...lists };
}

/** What readers of other databases put before words, which are found without it, is passed over. */
const PART =
  /(-?)(?:(?:author|caption|chemical|disease|doi|figid|journal|pmcid|title):\s*(?=\S))*(?:(gene|year|organism|type):(?:[^\S\n]+(?=\S))?)?(?:"((?:[^"]|"")*)"?|(\S+))/giu;
/** Addresses of a paper or a figure, at PMC or at a site like this one: what they name, and a DOI, is searched for. */
const ADDRESS =
  /^(?:(?:https?:\/\/|www\.)\S*?\b(PMC\d+(?:__[^\s/?#]+?)?)(?:\.html?)?(?:[/?#]\S*)?|(PMC\d+__\S+?)\.html?|https?:\/\/(?:dx\.)?doi\.org\/(\S+))$/iu;

/** @param {string} word */
function meantBy(word) {
  const [, at, file, doi] = ADDRESS.exec(word) ?? [];
  return at ?? file ?? doi ?? word;
}

/**
 * The years that a value names.
 * @param {string} value `2020`, `2018-2022`, `2018-`, `-2018`
 * @returns {[number, number] | null}
 */
function readYears(value) {
  const match = /^(\d{4})?(?:(-|–|\.\.)(\d{4})?)?$/u.exec(value);
  if (!match || (!match[1] && !match[3])) return null;
  const first = match[1] ? Number(match[1]) : 1;
  const last = match[3] ? Number(match[3]) : match[2] ? 9999 : first;
  return first <= last ? [first, last] : [last, first];
}

/**
 * What a text asks for. Its last word may go on, wherever the filters stand, until a space or a quotation mark ends it.
 * @param {string} text
 * @returns {Query}
 */
export function parseQuery(text) {
  const query = emptyQuery();
  for (const { 0: whole, 1: minus, 2: field, 3: quoted, 4: bare, index } of text.matchAll(PART)) {
    const value = (quoted?.replaceAll('""', '"') ?? bare).trim();
    const name = (field ?? "").toLowerCase();
    if (!value) continue;
    const years = name === "year" ? readYears(value) : null;
    const words = quoted === undefined ? value.replaceAll("_", " ") : value;
    if (years && minus) query.withoutYears.push(years);
    else if (years) query.years = years;
    else if (name === "gene") (minus ? query.withoutGenes : query.genes).push(value);
    else if (name === "organism") (minus ? query.withoutOrganisms : query.organisms).push(words);
    else if (name === "type") (minus ? query.withoutTypes : query.types).push(value);
    else if (minus && !name) query.without.push(value);
    else {
      query.words.push(name ? whole : quoted === undefined ? meantBy(value) : value);
      query.open = quoted === undefined && !/^\s+$/u.test(text.slice(index + whole.length));
    }
  }
  return query;
}

const BEGUN = /^-*(gene|year|organism|type):$/i;

/**
 * A clause of one value, in quotation marks where it would be read as something else without them.
 * @param {string} before what stands before the value
 * @param {string} value
 * @param {"words" | "without" | ListField} name of the values that it belongs to
 * @param {boolean} [ended] whether it must not go on
 */
function clause(before, value, name, ended = false) {
  const read = parseQuery(before + value)[name];
  // A clause that is only begun (`gene:`) would take what follows it for its value.
  const plain = read.length === 1 && read[0] === value && !ended && !BEGUN.test(value);
  return before + (plain ? value : `"${value.replaceAll('"', '""')}"`);
}

/**
 * The text of a query; `parseQuery` reads the same query from it.
 * @param {Query} query
 * @returns {string}
 */
export function formatQuery(query) {
  const last = query.words.length - 1;
  const parts = query.words.map((word, at) => clause("", word, "words", at === last && !query.open));
  parts.push(...query.without.map((word) => clause("-", word, "without")));
  parts.push(...query.genes.map((gene) => clause("gene:", gene, "genes")));
  parts.push(...query.withoutGenes.map((gene) => clause("-gene:", gene, "withoutGenes")));
  if (query.years) parts.push(`year:${rangeOf(query.years)}`);
  parts.push(...query.withoutYears.map((years) => `-year:${rangeOf(years)}`));
  parts.push(...query.organisms.map((name) => clause("organism:", name, "organisms")));
  parts.push(...query.withoutOrganisms.map((name) => clause("-organism:", name, "withoutOrganisms")));
  parts.push(...query.types.map((name) => clause("type:", name, "types")));
  parts.push(...query.withoutTypes.map((name) => clause("-type:", name, "withoutTypes")));
  return parts.join(" ");
}

/**
 * Years as a query has them.
 * @param {[number, number]} years
 */
function rangeOf([first, last]) {
  return first === last ? `${first}` : `${first > 1 ? first : ""}-${last < 9999 ? last : ""}`;
}

/**
 * What an address says: `?q=wnt+year%3A2018-&sort=newest&page=2`, or `?view=genes#AKT1,PTEN`. A gene set stands behind the `#`,
 * which no server sees, since servers refuse long addresses; `#genes=AKT1,PTEN` is the same, as the pages of the site write it.
 * @param {string | URL} address
 * @returns {AddressState}
 */
export function parseAddress(address) {
  const url = new URL(address, "https://example.org/");
  const get = (/** @type {string} */ name) => url.searchParams.get(name) ?? "";
  const sort = get("sort");
  const size = /^(\d{1,6})-(\d{1,6})$/.exec(get("size"));
  return {
    view: get("view") === "genes" ? "genes" : "search",
    q: get("q"),
    sort: sort === "newest" || sort === "relevance" ? sort : "",
    page: Math.min(Math.max(Math.trunc(Number(get("page"))) || 1, 1), 1e6),
    set: url.hash.replace(/^#(genes=)?/, "").split(",").map(decoded).filter(Boolean),
    size: size && [Math.min(+size[1], +size[2]), Math.max(+size[1], +size[2])],
  };
}

/** @param {string} text */
function decoded(text) {
  try {
    return decodeURIComponent(text).trim();
  } catch {
    return "";
  }
}

/**
 * The part of an address that says a state: a query with `?`, a fragment with `#`; empty for the state that needs none.
 * @param {Partial<AddressState>} state
 * @returns {string}
 */
export function formatAddress(state) {
  const values = new URLSearchParams();
  if (state.view === "genes") values.set("view", "genes");
  if (state.q) values.set("q", state.q);
  if (state.sort) values.set("sort", state.sort);
  if (state.page && state.page > 1) values.set("page", String(state.page));
  if (state.size) values.set("size", state.size.join("-"));
  const query = values.toString();
  const hash = state.set?.length ? `#${state.set.map(encodeURIComponent).join(",")}` : "";
  return (query && `?${query}`) + hash;
}
