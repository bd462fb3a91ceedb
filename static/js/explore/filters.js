import { parseQuery, formatQuery } from "../search/engine.js";

/** @import { Query } from "../search/types.js" */

/** @typedef {"years" | "organisms" | "types" | "genes"} Field */
/** @typedef {"withoutGenes" | "withoutOrganisms" | "withoutTypes" | "without"} Excluded */

/**
 * A filter that a search has.
 * @typedef {object} Filter
 * @property {Field | "words"} field
 * @property {string} value as it is shown
 * @property {boolean} without whether it leaves out what it names
 * @property {string} rest text of the search without it
 */

/** @type {readonly [Excluded, Field | "words"][]} */
const EXCLUDED = [
  ["withoutGenes", "genes"],
  ["withoutOrganisms", "organisms"],
  ["withoutTypes", "types"],
  ["without", "words"],
];

/**
 * The years of a search as text.
 * @param {Query["years"]} years
 * @returns {string} `2018-2022`, `2018-` or `-2022` where an end is open; empty for all
 */
export function yearsOf(years) {
  if (!years) return "";
  const [first, last] = years.map((year) => (year > 1 && year < 9999 ? String(year) : ""));
  return first === last ? first : `${first}-${last}`;
}

/**
 * The text of a search with a filter more. Years, organism and type are of one value, genes of several, all of which a figure
 * must show.
 * @param {string} text
 * @param {Field} field
 * @param {string} value empty for none
 * @returns {string}
 */
export function withFilter(text, field, value) {
  const query = parseQuery(text);
  if (field === "years") query.years = value ? parseQuery(`year:${value}`).years : null;
  else if (field === "genes") query.genes = [...new Set([...query.genes, value])];
  else query[field] = value ? [value] : [];
  return formatQuery(query);
}

/**
 * The filters of a search, each with the text that is left without it.
 * @param {string} text
 * @returns {Filter[]}
 */
export function filtersOf(text) {
  const query = parseQuery(text);
  const rest = (/** @type {Partial<Query>} */ change) => formatQuery({ ...query, ...change });
  /** @type {Filter[]} */
  const out = [];
  for (const field of /** @type {("genes" | "organisms" | "types")[]} */ (["genes", "organisms", "types"]))
    query[field].forEach((value, at) =>
      out.push({ field, value, without: false, rest: rest({ [field]: query[field].filter((_, other) => other !== at) }) }),
    );
  if (query.years) out.push({ field: "years", value: yearsOf(query.years), without: false, rest: rest({ years: null }) });
  for (const [own, field] of EXCLUDED)
    query[own].forEach((value, at) =>
      out.push({ field, value, without: true, rest: rest({ [own]: query[own].filter((_, other) => other !== at) }) }),
    );
  query.withoutYears.forEach((years, at) => {
    const others = query.withoutYears.filter((_, other) => other !== at);
    out.push({ field: "years", value: yearsOf(years), without: true, rest: rest({ withoutYears: others }) });
  });
  return out;
}

/**
 * The text without the filters of a field: what its facet is counted over, so that another value can be chosen.
 * @param {string} text
 * @param {Field} field
 * @returns {string} the text itself where it has none
 */
export function withoutField(text, field) {
  const query = parseQuery(text);
  const none = field === "years" ? query.years === null : !query[field].length;
  return none ? text : formatQuery({ ...query, [field]: field === "years" ? null : [] });
}
