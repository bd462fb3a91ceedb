/**
 * The language of queries, and what the address of a search says.
 *
 * Words stand as they are; `gene:AKT1`, `year:2018-2022` (`year:2020`, `year:2018-`, `year:-2018`), `organism:"Mus musculus"`,
 * `type:Scheme` narrow a search; a minus before a word or a gene leaves out. Quotes hold a value of several words together.
 * What is no field of ours stays a word: `miR:21` is a text to search for.
 *
 * @import { AddressState, Query } from "./types.js"
 */

/** @returns {Query} */
export function emptyQuery() {
  return { words: [], without: [], open: false, genes: [], withoutGenes: [], years: null, organisms: [], types: [] };
}

const PART = /(-?)(?:(gene|year|organism|type):)?(?:"([^"]*)"?|(\S+))/giu;

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
 * What a text asks for.
 * @param {string} text
 * @returns {Query}
 */
export function parseQuery(text) {
  const query = emptyQuery();
  for (const [whole, minus, field, quoted, bare] of text.matchAll(PART)) {
    const value = (quoted ?? bare).trim();
    const name = (field ?? "").toLowerCase();
    query.open = false;
    if (!value) continue;
    const years = name === "year" && !minus ? readYears(value) : null;
    if (years) query.years = years;
    else if (name === "gene") (minus ? query.withoutGenes : query.genes).push(value);
    else if (name === "organism" && !minus) query.organisms.push(value.replaceAll("_", " "));
    else if (name === "type" && !minus) query.types.push(value);
    else if (minus && !name) query.without.push(value);
    else {
      query.words.push(name ? whole : value);
      query.open = quoted === undefined && text.endsWith(whole);
    }
  }
  return query;
}

/**
 * A value as it stands in the text of a query.
 * @param {string} value
 * @param {boolean} [word] whether it must not be taken for a field or a word to leave out
 */
function quoted(value, word = false) {
  const plain = value.replaceAll('"', "");
  return /\s/u.test(plain) || (word && /^-/u.test(plain)) ? `"${plain}"` : plain;
}

/**
 * The text of a query; `parseQuery` reads the same query from it.
 * @param {Query} query
 * @returns {string}
 */
export function formatQuery(query) {
  const parts = query.words.map((word) => quoted(word, true));
  parts.push(...query.without.map((word) => `-${quoted(word)}`));
  parts.push(...query.genes.map((gene) => `gene:${quoted(gene)}`));
  parts.push(...query.withoutGenes.map((gene) => `-gene:${quoted(gene)}`));
  if (query.years) {
    const [first, last] = query.years;
    const range = first === last ? `${first}` : `${first > 1 ? first : ""}-${last < 9999 ? last : ""}`;
    parts.push(`year:${range}`);
  }
  parts.push(...query.organisms.map((name) => `organism:${quoted(name)}`));
  parts.push(...query.types.map((name) => `type:${quoted(name)}`));
  return parts.join(" ");
}

/**
 * What an address says: `?q=wnt+year%3A2018-&sort=newest&page=2`, or `?view=genes#AKT1,PTEN`. A gene set stands behind the `#`,
 * which no server sees, since servers refuse long addresses.
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
    set: url.hash.slice(1).split(",").map(decoded).filter(Boolean),
    size: size && [Number(size[1]), Number(size[2])],
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
