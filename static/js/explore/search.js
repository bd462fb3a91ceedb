import { button, copy, h } from "../dom.js";
import { cards } from "./cards.js";
import { facets } from "./facets.js";
import { filtersOf } from "./filters.js";
import { counted } from "./numbers.js";
import { pager } from "./pager.js";
import { saving } from "./save.js";

/** @import { Gene, SearchResult, Suggestions } from "../search/types.js" */
/** @import { View } from "./page.js" */

const PER_PAGE = 20;
const PATIENCE = 100; // ms

/**
 * The answer to a search: how many figures, the filters, the figures of the page.
 * @param {View} view
 * @returns {Promise<void>} when all of it is there
 */
export async function searchView(view) {
  const { engine, state, signal } = view;
  const offset = (state.page - 1) * PER_PAGE;
  const options = { sort: state.sort || undefined, offset, limit: PER_PAGE, signal };
  const suggested = state.page === 1 ? engine.suggest(state.q, { limit: 3, signal }).catch(() => null) : null;
  const result = await engine.search(state.q, options);
  if (signal.aborted) return;
  view.count(counted(result.total, "figure"));
  const matched = await soon(result.query.words.length || result.query.genes.length ? result.matched() : null);
  if (signal.aborted) return;
  const list = h("div", {}, ...notes(result, view), ...figures(result, matched, view));
  const named = suggested && suggested.then((found) => found && goTo(found, list));
  await Promise.race([named, null]); // at once if they are there already, so that nothing moves
  const some = result.total > 0;
  const beside = h("div", {});
  view.show(tools(result, view), chosen(view), some ? h("div", { className: "found" }, beside, list) : list);
  if (some) view.fill(beside, view.side); // not before: it may have the focus
  await Promise.all([some && facets(result, view), named]);
}

/**
 * The genes of each row that answer: figures do not wait for them for long, but what follows them should not move when they come.
 * @param {Promise<Gene[][]> | null} coming
 * @returns {Promise<((row: number) => readonly Gene[] | Promise<readonly Gene[]>) | null>}
 */
async function soon(coming) {
  if (!coming) return null;
  const found = await Promise.race([coming, new Promise((done) => setTimeout(() => done(null), PATIENCE))]);
  return (row) => (found ? found[row] : coming.then((lists) => lists[row]));
}

/**
 * @param {SearchResult} result
 * @param {View} view
 */
function tools(result, { engine, state, site, signal, href }) {
  if (!result.total) return h("span", {});
  const now = state.sort || (result.query.words.length ? "relevance" : "newest");
  const sorts = /** @type {const} */ (["relevance", "newest"]).map((sort) => {
    const link = h("a", { href: href({ sort, page: 1 }), "data-key": sort }, sort === "newest" ? "Newest" : "Relevance");
    if (sort === now) link.setAttribute("aria-current", "true");
    return link;
  });
  const sorting = h("span", { className: "sorts", role: "group", "aria-label": "Sort by" }, ...sorts);
  const link = button("Copy link", () => void copy(location.href, "Link"));
  return h("div", { className: "tools" }, sorting, saving(engine, result.ids, site, signal), link);
}

/** @param {View} view */
function chosen({ state, href }) {
  const links = filtersOf(state.q).map(({ field, value, rest }) => {
    const names = { genes: "Gene", organisms: "Organism", types: "Type", years: "Years" };
    const text = `${names[field]}: ${value}`;
    return h("a", { href: href({ q: rest, page: 1 }), "aria-label": `Remove ${text}` }, `${text} ×`);
  });
  return h("p", { className: "flat chosen" }, ...links);
}

/**
 * What to say before the figures: a word that is found nowhere, a value that is not known, nothing found.
 * @param {SearchResult} result
 * @param {View} view
 */
function notes({ didYouMean, unknown, total }, { href }) {
  /** @type {HTMLElement[]} */
  const out = [];
  if (didYouMean.length) {
    const links = didYouMean.map(({ query }) => h("a", { href: href({ q: query, page: 1 }) }, query));
    out.push(h("p", { className: "meant" }, "Did you mean ", ...links.flatMap((link, at) => (at ? [" or ", link] : [link])), "?"));
  }
  if (unknown.length) out.push(h("p", { className: "note" }, `Not in this collection: ${unknown.join(", ")}.`));
  if (!total) out.push(h("p", { className: "empty" }, "No figure shows all of this. Fewer words, or fewer filters, find more."));
  return out;
}

/**
 * @param {SearchResult} result
 * @param {((row: number) => readonly Gene[] | Promise<readonly Gene[]>) | null} matched
 * @param {View} view
 */
function figures(result, matched, { state, href }) {
  if (!result.rows.length) {
    if (!result.total) return [];
    return [h("p", { className: "empty" }, "There are fewer pages than that. ", h("a", { href: href({ page: 1 }) }, "To the first"))];
  }
  const start = (state.page - 1) * PER_PAGE + 1;
  const pages = Math.ceil(result.total / PER_PAGE);
  const extras = result.marks.map((marks, at) => ({ ...marks, genes: matched?.(at) }));
  return [cards(result.rows, extras, start), ...pager(state.page, pages, (page) => href({ page }))];
}

/**
 * Genes, organisms and figures of that name, before the list.
 * @param {Suggestions} found
 * @param {HTMLElement} list
 */
function goTo({ genes, organisms, figures: named }, list) {
  const links = [
    ...genes.map(({ gene, word }) => [gene.href, gene.symbol, word ? `seen as ${word}` : "gene"]),
    ...organisms.map(({ href, name }) => [href, name, "organism"]),
    ...named.map(({ href, figid, title }) => [href, title || figid, "figure"]),
  ].map(([href, text, note]) => h("a", { href }, h("b", {}, text), " ", h("small", {}, note)));
  if (links.length) list.prepend(h("nav", { className: "goto", "aria-label": "Pages of this name" }, ...links));
}
