import { button, copy, h } from "../dom.js";
import { FIRST, PER_PAGE, cards, laterCards, painted } from "./cards.js";
import { facets } from "./facets.js";
import { filtersOf } from "./filters.js";
import { CERTAIN, databaseOf, geneNames } from "./geneinput.js";
import { released } from "./histogram.js";
import { counted } from "./numbers.js";
import { pager } from "./pager.js";
import { partsOfKey } from "../search/genes.js";
import { leftOut, trimmed, wantedOf } from "../search/words.js";
import { saving } from "./save.js";

/** @import { AddressState, Gene, RowMarks, SearchResult, Suggestions } from "../search/types.js" */
/** @import { View } from "./page.js" */

/**
 * What a state of the page asks of a search.
 * @param {AddressState} state
 */
export function optionsOf({ sort, page }) {
  return { sort: sort || undefined, offset: (page - 1) * PER_PAGE, limit: PER_PAGE, first: FIRST };
}

/** Filters that are shown without being asked for: a figure's own genes may be hundreds. */
const MOST_CHOSEN = 8;
/** How many pages of that name are offered, of each kind. */
export const NAMED = { limit: 3 };

/**
 * Whether pages of that name are looked for with the figures: a name of several words is rare, and would hold them up.
 * @param {AddressState} state
 */
export function namedEarly({ page, q }) {
  return page === 1 && !/\s/.test(q.trim());
}

/**
 * The answer to a search: how many figures, the first of them, then the others of the page, the genes that answer, the filters.
 * @param {View} view
 * @returns {Promise<void>} when all of it is there
 */
export async function searchView(view) {
  const { engine, state, signal } = view;
  const searching = engine.search(state.q, { ...optionsOf(state), signal });
  const suggest = () => engine.suggest(state.q, { ...NAMED, signal }).then(goTo, () => []);
  const early = namedEarly(state) ? suggest() : undefined;
  const result = await searching;
  await released();
  if (signal.aborted) return;
  view.count(counted(result.total, "figure"));
  const { all, fill } = figures(result, view);
  const names = state.page > 1 ? [] : await Promise.race([early, undefined]); // those that are there already
  const list = h("div", {}, ...(names ?? []), ...notes(result, view), ...all);
  // Others have a place of their own, beside the buttons or below everything, so that nothing moves when they come.
  const later = names ? [] : [h("div", { className: "late" })];
  const put = async (/** @type {Promise<HTMLElement[]>} */ coming) => {
    const found = await coming;
    if (!signal.aborted) later[0].replaceChildren(...found);
  };
  const naming = names ?? (early && put(early));
  const some = result.total > 0;
  const beside = h("div", {});
  const above = h("div", { className: "above" }, tools(result, view), ...later);
  if (some) view.show(above, chosen(view), h("div", { className: "found" }, beside, list));
  else view.show(chosen(view), list, ...(await geneSet(result, view)), ...later);
  if (signal.aborted) return;
  if (some) view.fill(beside, view.side); // not before: it may have the focus
  await painted();
  await fill();
  if (signal.aborted) return;
  await Promise.all([some && facets(result, view), naming ?? put(suggest())]);
}

/**
 * Buttons for an answer of some figures.
 * @param {SearchResult} result
 * @param {View} view
 */
function tools(result, { state, site, signal, href }) {
  const now = state.sort || (result.query.words.length ? "relevance" : "newest");
  const sorts = /** @type {const} */ (["relevance", "newest"]).map((sort) => {
    const link = h("a", { href: href({ sort, page: 1 }), "data-key": sort }, sort === "newest" ? "Newest" : "Relevance");
    if (sort === now) link.setAttribute("aria-current", "true");
    return link;
  });
  const sorting = h("span", { className: "sorts", role: "group", "aria-label": "Sort by" }, ...sorts);
  const link = button("Copy link", () => void copy(location.href, "Link"));
  return h("div", { className: "tools" }, sorting, saving(result, site, signal), link);
}

/**
 * A value of `gene:` for people: of a key its symbol, and the organism where it is not the usual one.
 * @param {string} value
 * @param {View["engine"]} engine
 */
function geneText(value, { collection }) {
  const { symbol, organism } = partsOfKey(value.replace(/^=/, ""));
  if (organism && collection.organisms.some(({ name }) => name === organism)) return `${symbol} (${organism})`;
  return value.startsWith("=") ? symbol : value;
}

/** @param {View} view */
function chosen({ engine, state, href }) {
  const links = filtersOf(state.q).map(({ field, value, without, rest }) => {
    const names = { genes: "Gene", organisms: "Organism", types: "Type", years: "Years", words: "Word" };
    const name = without ? `Not ${names[field].toLowerCase()}` : names[field];
    const text = `${name}: ${field === "genes" ? geneText(value, engine) : value}`;
    return h("a", { href: href({ q: rest, page: 1 }), "aria-label": `Remove ${text}` }, `${text} ×`);
  });
  const all = h("p", { className: "flat chosen" }, ...links);
  if (links.length <= MOST_CHOSEN) return all;
  return h("details", { className: "many" }, h("summary", {}, `${links.length} filters`), all);
}

/**
 * What to say before the figures: a word that is found nowhere, a value that is not known, nothing found.
 * @param {SearchResult} result
 * @param {View} view
 */
function notes({ didYouMean, query, unknown, total }, { href, state: { q } }) {
  /** @type {HTMLElement[]} */
  const out = [];
  if (didYouMean.length) {
    const links = didYouMean.map(({ query }) => h("a", { href: href({ q: query, page: 1 }) }, query));
    out.push(h("p", { className: "meant" }, "Did you mean ", ...links.flatMap((link, at) => (at ? [" or ", link] : [link])), "?"));
  }
  const alone = [...new Set([...query.words, ...query.without].flatMap(leftOut))];
  if (alone.length) out.push(h("p", { className: "note" }, `Not searched, as letters and digits alone stand nearly everywhere: ${alone.join(", ")}.`));
  const barred = query.without.filter((word) => leftOut(word).length);
  if (barred.length) out.push(h("p", { className: "note" }, `Not left out, as not all of it is searched: ${barred.join(", ")}.`));
  const text = query.words.join(" ");
  if (text && !alone.length && !wantedOf(text).length)
    out.push(h("p", { className: "note" }, `Nothing of this can be searched: ${text}. Words such as "the" stand nearly everywhere.`));
  if (unknown.length) out.push(h("p", { className: "note" }, `Not in this collection: ${unknown.join(", ")}.`));
  if (query.words.some((word) => /^(?:AND|OR|NOT)$/.test(word)))
    out.push(h("p", { className: "note" }, "Figures have all of the words: AND and OR are not looked at. A minus leaves figures out: -cancer."));
  if (query.words.some((word) => /^year:/i.test(word)))
    out.push(h("p", { className: "note" }, "Years are written year:2020, year:2018-2022, year:2018- or year:-2018."));
  if (query.words.some((word) => /^(?:gene|organism|type):$/i.test(word)))
    out.push(h("p", { className: "note" }, "What is asked for stands right behind the colon: gene:AKT1, organism:mouse, type:Figure."));
  for (const year of query.words.filter((own) => /^(?:19|20)\d\d$/.test(own))) {
    const words = q.split(/(\s+)/).map((own) => (own === year ? `year:${year}` : own));
    const link = h("a", { href: href({ q: words.join(""), page: 1 }) }, `year:${year}`);
    out.push(h("p", { className: "note" }, `${year} is looked for as a word. Figures of that year: `, link));
  }
  for (const word of query.words.filter((own) => CERTAIN.has(databaseOf(own))))
    out.push(h("p", { className: "note" }, `${word} is an id of ${databaseOf(word)}, which this search does not know. Take the gene's symbol, or its id at NCBI.`));
  const one = query.words.length === 1 && !filtersOf(q).length;
  const none = one ? "No figure shows this." : "No figure shows all of this. Fewer words, or fewer filters, find more.";
  if (!total) out.push(h("p", { className: "empty" }, none));
  return out;
}

/**
 * Where no figure shows all of some genes: a way to those that show most of them.
 * @param {SearchResult} result
 * @param {View} view
 * @returns {Promise<HTMLElement[]>} none where the words are no genes
 */
async function geneSet({ query }, { engine, href, signal }) {
  const names = geneNames(query.words.join(" "));
  if (names.length < 2) return [];
  const { recognised } = await engine.resolveGenes(names, { signal });
  if (recognised.length < 2 || recognised.length * 2 < names.length) return [];
  const set = recognised.map(({ name }) => name);
  const link = h("a", { href: href({ view: "genes", set, q: "", page: 1 }) }, "Rank figures by how many of them they show");
  return [h("p", { className: "note" }, `${set.length} of these words are genes. `, link)];
}

/**
 * The figures of the page, those that are not there yet as empty places.
 * @param {SearchResult} result
 * @param {View} view
 * @returns {{all: HTMLElement[], fill: () => Promise<void>}} `fill` brings the others and the genes that answer
 */
function figures(result, { state, href }) {
  const { ids, marks, query, rows, total } = result;
  if (!rows.length) {
    const far = h("p", { className: "empty" }, "There are fewer pages than that. ", h("a", { href: href({ page: 1 }) }, "To the first"));
    return { all: total ? [far] : [], fill: async () => {} };
  }
  const before = (state.page - 1) * PER_PAGE;
  const asked = query.words.length > 0 || query.genes.length > 0;
  /** @type {(found: Gene[][]) => void} */
  let answer = () => {};
  const matched = asked ? new Promise((/** @type {(found: Gene[][]) => void} */ done) => (answer = done)) : null;
  const extras = (/** @type {RowMarks[]} */ own, /** @type {number} */ from) =>
    own.map((mark, at) => ({ ...mark, genes: matched?.then((lists) => lists[from + at]) }));
  const list = cards(rows, extras(marks, 0), before + 1);
  const missing = Math.min(PER_PAGE, ids.length - before) - rows.length;
  const later = laterCards(list, missing);
  const fill = async () => {
    if (missing) {
      const more = await result.more();
      later(more.rows, extras(more.marks, rows.length));
    }
    if (asked) answer(await result.matched());
  };
  return { all: [list, ...pager(state.page, Math.ceil(total / PER_PAGE), (page) => href({ page }))], fill };
}

/**
 * Links to genes, chemicals, diseases, organisms and figures of that name.
 * @param {Suggestions} found
 * @returns {HTMLElement[]} none where there is none
 */
function goTo({ genes, chemicals, diseases, organisms, figures: named }) {
  const links = [
    ...genes.map(({ gene, word }) => [gene.href, gene.symbol, [gene.key.includes("/") ? gene.organism : "", word ? `seen as ${trimmed(word)}` : ""].filter(Boolean).join(", ") || "gene"]),
    ...chemicals.map(({ href, name, word }) => [href, name, word ? `seen as ${trimmed(word)}` : "chemical"]),
    ...diseases.map(({ href, name, word }) => [href, name, word ? `seen as ${trimmed(word)}` : "disease"]),
    ...organisms.map(({ href, name }) => [href, name, "organism"]),
    ...named.map(({ href, figid, title }) => [href, title || figid, "figure"]),
  ].map(([href, text, note]) => h("a", { href }, h("b", {}, text), " ", h("small", {}, note)));
  return links.length ? [h("nav", { className: "goto", "aria-label": "Pages of this name" }, ...links)] : [];
}
