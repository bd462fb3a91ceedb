/**
 * What became of the names of a gene set: which genes they were taken for, which stand for several, which nobody knows.
 *
 * @import { Gene, GeneSetResult, Resolved } from "../search/types.js"
 * @import { View } from "./page.js"
 */

import { button, h } from "../dom.js";
import { toTsv } from "../rows.js";
import { CERTAIN, databaseOf } from "./geneinput.js";
import { commas, counted } from "./numbers.js";
import { fileButton } from "./save.js";

/** Genes of another organism that are named; */
const NAMED = 12;
/** names that are listed without being asked for. */
const OPEN = 5;

/**
 * How many genes count, and what became of the other names.
 * @param {Resolved} named
 * @param {Pick<GeneSetResult, "set" | "organism"> | null} result
 * @returns {string}
 */
export function account({ recognised, unrecognised, repeated, leftOut }, result) {
  const given = counted(recognised.length + unrecognised.length + repeated.length, "name");
  const organism = result ? ` of ${result.organism}` : "";
  const parts = [`${counted(result?.set ?? 0, "gene")}${organism} of ${given}.`];
  /** @type {Map<string, string[]>} */
  const others = new Map();
  for (const { gene } of recognised) {
    if (gene.organism !== result?.organism) others.set(gene.organism, [...(others.get(gene.organism) ?? []), gene.symbol]);
  }
  for (const [name, symbols] of others) {
    const more = symbols.length > NAMED ? ` and ${symbols.length - NAMED} more` : "";
    parts.push(`Not counted: ${counted(symbols.length, "gene")} of ${name} (${symbols.slice(0, NAMED).join(", ")}${more}).`);
  }
  if (repeated.length) parts.push(`${counted(repeated.length, "name")} of a gene that was there already.`);
  const dates = recognised.filter((own) => own.dated);
  if (dates.length) {
    const read = dates.slice(0, NAMED).map(({ name, gene }) => `${name} as ${gene.symbol}`);
    const more = dates.length > NAMED ? ` and ${dates.length - NAMED} more` : "";
    parts.push(`Dates that a spreadsheet made of symbols: ${read.join(", ")}${more}.`);
  }
  if (leftOut) parts.push(`${counted(leftOut, "name")} beyond the limit left out.`);
  return parts.join(" ");
}

/**
 * What became of the names.
 * @param {Resolved} named
 * @param {GeneSetResult | null} result
 * @param {View} view
 * @returns {HTMLElement}
 */
export function recognised(named, result, view) {
  const about = h("p", { className: "shown" }, account(named, result));
  return h("div", {}, about, ...unknown(named, view), ...several(named, view), ...taken(named, view));
}

/**
 * The set with a name replaced by genes, or by none.
 * @param {Resolved} named
 * @param {View} view
 * @param {string} name
 * @param {readonly Gene[]} genes
 */
function change({ parts }, { state, go }, name, genes) {
  const names = state.set.flatMap((own) => parts.get(own) ?? [own]);
  go({ set: names.flatMap((own) => (own === name ? genes.map(({ key }) => key) : [own])), page: 1 });
}

/**
 * The set without a gene: without all names that were taken for it.
 * @param {Resolved} named
 * @param {View} view
 * @param {Gene} gene
 */
function leave({ parts, recognised, repeated }, { state, go }, gene) {
  const own = new Set([...recognised, ...repeated].filter((item) => item.gene.key === gene.key).map(({ name }) => name));
  go({ set: state.set.flatMap((name) => parts.get(name) ?? [name]).filter((name) => !own.has(name)), page: 1 });
}

/**
 * The database of whose ids a name is one; of what could be a symbol too only where no gene is like it.
 * @param {Resolved["unrecognised"][number]} unrecognised
 * @returns {string} empty for none
 */
function elsewhere({ name, suggestions }) {
  const database = databaseOf(name);
  return CERTAIN.has(database) || !suggestions?.length ? database : "";
}

/**
 * Names that nobody knows, with genes that may be meant.
 * @param {Resolved} named
 * @param {View} view
 */
function unknown(named, view) {
  const { unrecognised } = named;
  if (!unrecognised.length) return [];
  const rows = unrecognised.map(({ name, suggestions }) => {
    const database = elsewhere({ name, suggestions });
    const buttons = database ? [] : suggestions?.map((gene) => {
      return button(gene.symbol, () => change(named, view, name, [gene]), `Take ${gene.symbol} for ${name}`);
    });
    const why = database ? `an id of ${database}, which this search does not know` : "nothing like it here";
    return h("li", {}, h("b", {}, name), " ", ...(buttons?.length === 0 ? [h("small", {}, why)] : (buttons ?? [])));
  });
  const foreign = unrecognised.some((own) => elsewhere(own) !== "");
  const advice = foreign ? [h("p", { className: "shown" }, "Take symbols, or ids of NCBI Gene, in place of ids of other databases.")] : [];
  return [folded(`${counted(rows.length, "name")} not recognised`, "unknown", rows, advice)];
}

/**
 * Names that stand for several genes, of which the one that most figures show was taken.
 * @param {Resolved} named
 * @param {View} view
 */
function several(named, view) {
  const found = named.recognised.filter(({ others }) => others.length);
  const rows = found.map(({ name, gene, others }) => {
    const all = others.length + 1;
    const every = () => change(named, view, name, [gene, ...others]);
    const takes = button(`Take all ${all}`, every, `Take ${[gene, ...others].map(({ symbol }) => symbol).join(", ")}`);
    return h("li", {}, h("b", {}, name), " ", `${gene.symbol}, one of ${all} genes `, takes);
  });
  const title = `${counted(rows.length, "name")} of several genes, of which one counts: that of most figures`;
  return rows.length ? [folded(title, "several", rows)] : [];
}

/** The lists that the reader has opened or closed: they stay so while names are mended one by one. */
const opened = new Map();

/**
 * A list that stays as the reader left it when a name of the set was mended.
 * @param {string} kind of the list
 * @param {boolean} open where the reader has not said
 * @param {string} title
 * @param {HTMLElement[]} parts
 */
function panel(kind, open, title, parts) {
  const details = h("details", { open: opened.get(kind) ?? open }, h("summary", { "data-key": kind }, title), ...parts);
  details.addEventListener("toggle", () => opened.set(kind, details.open));
  return details;
}

/**
 * A list that is open if it is short.
 * @param {string} title
 * @param {string} className
 * @param {HTMLElement[]} rows
 * @param {HTMLElement[]} [before]
 */
function folded(title, className, rows, before = []) {
  return panel(className, rows.length <= OPEN, title, [...before, h("ul", { className }, ...rows)]);
}

/**
 * Every name with its gene, to look at, to leave out, to take away; made when it is opened.
 * @param {Resolved} named
 * @param {View} view
 */
function taken(named, view) {
  if (!named.recognised.length) return [];
  const details = panel("taken", false, "Which gene each name was taken for", []);
  details.className = "taken";
  const fill = () => details.append(...takenTable(named, view));
  if (details.open) fill();
  else details.addEventListener("toggle", fill, { once: true });
  return [details];
}

/**
 * @param {Resolved} named
 * @param {View} view
 */
function takenTable(named, view) {
  const cells = namesTable(named);
  const save = fileButton("Save names as TSV", "gene-set-names.tsv", "text/tab-separated-values", async () => toTsv(cells));
  const id = named.recognised.every(({ gene }) => /^\d*$/.test(gene.ncbi)) ? "NCBI Gene" : "Identifier";
  const head = ["Name", "Gene", id, "Figures"].map((text) => h("th", { className: text === "Figures" ? "n" : "" }, text));
  const rows = named.recognised.map(({ name, gene }) => {
    const out = button("Leave out", () => leave(named, view, gene), `Leave ${name} out`);
    const link = h("a", { href: gene.href }, gene.symbol);
    const figures = h("td", { className: "n" }, commas(gene.total));
    return h("tr", {}, h("td", {}, name), h("td", {}, link), h("td", {}, gene.ncbi), figures, h("td", {}, out));
  });
  const table = h("table", {}, h("thead", {}, h("tr", {}, ...head, h("td"))), h("tbody", {}, ...rows));
  return [h("div", { className: "tools" }, save), h("div", { className: "scroll" }, table)];
}

/**
 * What became of every name, as cells of a table: without a gene where it means none.
 * @param {Resolved} named
 * @returns {string[][]}
 */
export function namesTable({ recognised, repeated, unrecognised }) {
  const head = ["name", "symbol", "ncbigene_id", "organism", "figures", "other_genes", "other_id"];
  const known = [...recognised, ...repeated.map((own) => ({ ...own, others: [] }))];
  const rows = known.map(({ name, gene, others }) => {
    const ids = /^\d+$/.test(gene.ncbi) ? [gene.ncbi, ""] : ["", gene.ncbi];
    const more = others.map(({ symbol }) => symbol).join("|");
    return [name, gene.symbol, ids[0], gene.organism, String(gene.total), more, ids[1]];
  });
  return [head, ...rows, ...unrecognised.map(({ name }) => [name, ...Array(head.length - 1).fill("")])];
}
