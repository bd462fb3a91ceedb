import { button, copy, h } from "../dom.js";
import { formatQuery, parseQuery } from "../search/engine.js";
import { FIRST, PER_PAGE, cards, laterCards, painted } from "./cards.js";
import { rankedTable } from "./files.js";
import { withFilter, yearsOf } from "./filters.js";
import { recognised } from "./named.js";
import { counted, probability, readable } from "./numbers.js";
import { pager } from "./pager.js";
import { fileButton, inBatches } from "./save.js";

/** @import { GeneSetResult, RankedFigure } from "../search/types.js" */
/** @import { View } from "./page.js" */

/**
 * The figures that share most with a set of genes.
 * @param {View} view
 * @returns {Promise<void>}
 */
export async function genesView(view) {
  const { engine, state, signal } = view;
  if (!state.set.length) {
    view.count("");
    view.show(method());
    return;
  }
  const { years, organisms } = parseQuery(state.q);
  const named = await engine.resolveGenes(state.set, { organism: organisms[0], signal });
  const genes = named.recognised.map(({ gene }) => gene);
  const offset = (state.page - 1) * PER_PAGE;
  const options = { filters: { years, organisms }, size: state.size ?? undefined, offset, limit: PER_PAGE, first: FIRST, signal };
  const result = genes.length ? await engine.geneSet(genes, options) : null;
  if (signal.aborted) return;
  view.count(result ? counted(result.total, "figure shares genes", "figures share genes") : "No gene was recognised");
  const found = result ? ranking(result, view) : { all: [], fill: async () => {} };
  view.show(recognised(named, result, view), ...(result ? [filters(view), tools(result, view)] : []), ...found.all, method(result));
  await painted();
  await found.fill();
}

/** @param {View} view */
function filters({ engine, state, go }) {
  const { years, organisms } = parseQuery(state.q);
  const all = engine.collection;
  const known = all.years.map(({ year }) => year).filter(Boolean);
  const options = all.organisms.map(({ name }) => h("option", { value: name, selected: name === organisms[0] }, name));
  const organism = h("select", { id: "set-organism" }, h("option", { value: "" }, "All"), ...options);
  organism.addEventListener("change", () => go({ q: withFilter(state.q, "organisms", organism.value), page: 1 }));
  const set = (/** @type {[number, number] | null} */ value) => {
    const query = parseQuery(state.q);
    go({ q: formatQuery({ ...query, years: value && [value[0], Math.min(value[1], 9999)] }), page: 1 });
  };
  const limits = /** @type {[number, number]} */ ([Math.min(...known, 9999), Math.max(...known, 1)]);
  return h(
    "div",
    { className: "narrow", role: "group", "aria-label": "Figures to list" },
    h("span", {}, h("label", { for: "set-organism" }, "Organism"), organism),
    // An end that is left open stays open in the address: figures of years to come belong to it.
    ends("Years", "set-years", limits, [1, 9999], years && (yearsOf(years) ? years : null), set),
    ends("Genes in figure", "set-size", [1, 999999], [1, 999999], state.size, (size) => go({ size, page: 1 })),
  );
}

/**
 * Two boxes for a range of numbers; an empty one leaves its end open.
 * @param {string} name
 * @param {string} id
 * @param {[number, number]} limits that the boxes take
 * @param {[number, number]} open what an end is that is left open
 * @param {[number, number] | null} chosen
 * @param {(range: [number, number] | null) => void} set
 */
function ends(name, id, limits, open, chosen, set) {
  const inputs = ["from", "to"].map((end, at) => {
    const value = chosen && chosen[at] > 1 && chosen[at] < (at ? Math.min(limits[1] + 1, 9999) : limits[1] + 1) ? chosen[at] : "";
    const place = { type: "number", id: `${id}-${end}`, min: String(limits[0]), max: String(limits[1]), "aria-label": `${name}, ${end}` };
    return h("input", { ...place, value: String(value), placeholder: end });
  });
  for (const input of inputs) {
    input.addEventListener("input", () => (input.dataset.typed = ""));
    input.addEventListener("change", () => {
      delete input.dataset.typed;
      // One that an answer replaced while it was typed in tells of half a number.
      if (!input.isConnected || !inputs.every((own) => own.reportValidity())) return;
      const [first, last] = inputs.map((own) => (own.value ? Number(own.value) : null));
      set(first === null && last === null ? null : [first ?? open[0], last ?? open[1]]);
    });
  }
  return h("span", {}, h("span", {}, name), inputs[0], "–", inputs[1]);
}

/**
 * @param {GeneSetResult} result
 * @param {View} view
 */
function tools(result, { site, signal }) {
  const make = async () => {
    const ranked = result.ranked();
    const rows = await inBatches(ranked.map(({ id }) => id), result.rowsOf, signal);
    return rankedTable(ranked, rows, ranked.map(result.genesOf), probability, site);
  };
  const save = fileButton("Save as TSV", "gene-set-figures.tsv", "text/tab-separated-values", make);
  const link = button("Copy link", () => void copy(location.href, "Link"));
  return h("div", { className: "tools" }, save, link);
}

/**
 * The figures of the page, those that are not there yet as empty places.
 * @param {GeneSetResult} result
 * @param {View} view
 * @returns {{all: HTMLElement[], fill: () => Promise<void>}} `fill` brings the others
 */
function ranking(result, { state, href }) {
  const { genes, page, rows, set, total } = result;
  if (!rows.length) {
    const far = ["There are fewer pages than that. ", h("a", { href: href({ page: 1 }) }, "To the first")];
    const none = total ? far : ["No figure is left. Wider filters list more."];
    return { all: [h("p", { className: "empty" }, ...none)], fill: async () => {} };
  }
  const start = (state.page - 1) * PER_PAGE;
  const extras = genes.map((own, at) => ({ genes: own, numbers: numbers(page[at], set) }));
  const list = cards(rows, extras, start + 1);
  const later = laterCards(list, genes.length - rows.length);
  const fill = async () => {
    if (genes.length > rows.length) later(await result.more(), extras.slice(rows.length));
  };
  return { all: [list, ...pager(state.page, Math.ceil(total / PER_PAGE), (page) => href({ page }))], fill };
}

/**
 * @param {RankedFigure} figure
 * @param {number} set genes of the set
 */
function numbers({ overlap, size, p, logP, q }, set) {
  const items = [
    ["shared", `${overlap} of ${set}`],
    ["in figure", String(size)],
    ["p", readable(probability(p, logP))],
    ["q", readable(probability(q))],
  ];
  return h("dl", { className: "nums" }, ...items.map(([name, value]) => h("div", {}, h("dt", {}, name), h("dd", {}, value))));
}

/** @param {GeneSetResult | null} [result] */
function method(result) {
  const background = result
    ? `the ${counted(result.background, "gene")} of ${result.organism} in this collection`
    : "the genes of the organism in this collection";
  const tested = result ? `all ${counted(result.tested, "figure")} that show one of them` : "all figures that show one of them";
  return h(
    "details",
    { className: "method" },
    h("summary", {}, "How figures are ranked"),
    h("p", {}, `p is the probability that a figure with so many genes shares at least so many with the set if its genes were drawn by chance (hypergeometric distribution). The background is ${background}; names outside it do not count.`),
    h("p", {}, `q is p adjusted by Benjamini and Hochberg over ${tested}. Filters choose what is listed, and leave p and q as they are. Figures of one paper often show the same genes, so they are not independent findings.`),
  );
}
