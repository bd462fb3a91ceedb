import { button, h } from "../dom.js";
import { filtersOf, withFilter, withoutField } from "./filters.js";
import { histogram, released } from "./histogram.js";
import { parseQuery } from "../search/engine.js";
import { latin } from "../search/names.js";
import { commas } from "./numbers.js";
import { bar } from "./svg.js";

/** @import { Facets, SearchResult } from "../search/types.js" */
/** @import { Field } from "./filters.js" */
/** @import { View } from "./page.js" */

const SHOWN = 6;

/**
 * A value of a facet.
 * @typedef {object} Value
 * @property {string} value
 * @property {string} text as it is shown
 * @property {number} count
 */

/** What opens the facets where they are folded away. */
export function facetsTitle() {
  return h("summary", { "data-key": "filters" }, "Filters");
}

/**
 * Fills the facets of an answer, each counted over what its own filter leaves out too, so that a choice can be changed. Genes,
 * which take the most reading, come last.
 * @param {SearchResult} result
 * @param {View} view
 * @returns {Promise<void>}
 */
export async function facets(result, view) {
  const { state, go, side, signal } = view;
  const counts = countsWithout(result, view);
  const [ofYears, ofOrganisms, ofTypes] = await Promise.all([counts("years"), counts("organisms"), counts("types")]);
  await released();
  if (signal.aborted) return;
  const { q } = state;
  const bars = ofYears.years.map(({ year, count }) => /** @type {[number, number]} */ ([year, count]));
  const years = histogram(bars, parseQuery(q).years, (value) => go({ q: withFilter(q, "years", value), page: 1 }));
  const genes = h("section", {}, h("h3", {}, "Genes in these figures"), h("p", { className: "empty" }, "Counting …"));
  const parts = [
    section("Years", years),
    section("Organisms", list("organisms", named(ofOrganisms.organisms), view)),
    section("Figure types", list("types", named(ofTypes.types), view)),
    [genes],
  ];
  view.fill(side, facetsTitle(), ...parts.flat());
  const found = await result.genes(20 + parseQuery(q).genes.length).catch((error) => {
    genes.remove(); // they are not being counted any more
    throw error;
  });
  if (signal.aborted) return;
  const values = found.genes.map(({ gene, count }) => ({ value: gene.exact, text: gene.key.includes("/") ? `${gene.symbol} (${gene.organism})` : gene.symbol, count }));
  // A gene that all of them show leads no further: it is asked for already.
  const further = list("genes", values.filter(({ count }) => count < result.total), view);
  const parted = further && found.sampled ? [h("p", { className: "shown" }, "Found on a part of these figures; counted on all.")] : [];
  view.fill(genes, ...section("Genes in these figures", further).flatMap((part) => [...part.childNodes]), ...parted);
}

/**
 * @param {string} title
 * @param {HTMLElement | null} content
 * @returns {HTMLElement[]} none where there is nothing to choose
 */
function section(title, content) {
  return content ? [h("section", {}, h("h3", {}, title), content)] : [];
}

/**
 * @param {SearchResult} result
 * @param {View} view
 * @returns {(field: Field) => Promise<Facets>}
 */
function countsWithout(result, { engine, state: { q }, signal }) {
  /** @type {Map<string, Promise<Facets>>} */
  const known = new Map([[q, result.facets()]]);
  return (field) => {
    const rest = withoutField(q, field);
    const counts = known.get(rest) ?? engine.search(rest, { limit: 0, signal }).then((found) => found.facets());
    known.set(rest, counts);
    return counts;
  };
}

/** @param {readonly {name: string, count: number}[]} values */
function named(values) {
  return values.filter(({ name }) => name).map(({ name, count }) => ({ value: name, text: name, count }));
}

/**
 * The values as links, the chosen ones first; the rarer ones come on a click.
 * @param {Field} field
 * @param {readonly Value[]} values
 * @param {View} view
 * @returns {HTMLElement | null}
 */
function list(field, values, { state: { q }, href }) {
  if (!values.length) return null; // records may say nothing of it
  const known = field === "organisms" ? latin : (/** @type {string} */ value) => value.toLowerCase();
  const own = filtersOf(q).filter((filter) => filter.field === field && !filter.without);
  const chosen = new Map(own.map(({ value, rest }) => [known(value), rest]));
  const most = Math.max(...values.map((value) => value.count));
  const first = [true, false].flatMap((wanted) => values.filter(({ value }) => chosen.has(known(value)) === wanted));
  const items = first.map(({ value, text, count }) => {
    const rest = chosen.get(known(value));
    const link = h("a", { href: href({ q: rest ?? withFilter(q, field, value), page: 1 }), "data-key": `${field} ${value}` }, text);
    if (rest !== undefined) link.setAttribute("aria-current", "true");
    return h("li", {}, link, h("small", {}, commas(count)), bar(count / most));
  });
  items.slice(SHOWN).forEach((item) => (item.hidden = true));
  const element = h("ul", { className: "values" }, ...items);
  if (items.length <= SHOWN) return element;
  const more = button(`${items.length - SHOWN} more`, () => {
    items.forEach((item) => (item.hidden = false));
    items[SHOWN].querySelector("a")?.focus();
    more.remove();
  });
  return h("div", {}, element, more);
}
