import { h } from "./dom.js";
import { findGenes, keysOf, normalise } from "./match.js";
import { geneNames } from "./names.js";
import { unescaped } from "./search/names.js";

/** @import { Hit } from "./match.js" */

const LIMIT = 200;

/**
 * Filter as you type on the gene index: a letter's page filters its own rows, the first page the list of all genes.
 * @param {HTMLElement} place where the filter goes
 */
export function geneFilter(place) {
  const table = /** @type {HTMLTableElement | null} */ (document.querySelector(".genelist"));
  if (!table) return;
  const own = place.dataset.own !== undefined;
  const input = h("input", { type: "search", id: "filter", autocomplete: "off", spellcheck: false });
  const count = h("span", { role: "status", className: "shown" });
  const most = Number(place.dataset.most ?? 0);
  const all = most ? `Filter the ${most.toLocaleString("en")} most mentioned genes` : "Filter all genes";
  place.append(h("label", { for: "filter" }, own ? "Filter these" : all), input, count);
  const nowhere = (/** @type {string} */ query) => elsewhere(query, own ? place.dataset.all : undefined);
  const show = own ? filterRows(table.tBodies[0]) : filterAll(table.tBodies[0], place.dataset.names ?? "names.json");
  const update = async () => {
    const query = input.value.trim();
    const address = new URL(location.href);
    if (query) address.searchParams.set("q", query);
    else address.searchParams.delete("q");
    history.replaceState(history.state, "", address);
    const text = await show(query, () => input.value.trim() === query);
    if (text === null) return;
    const more = text && /^\d+$/.test(query) ? [". ", ...nowhere(query)] : []; // 672 is found in ZNF672, and may be an id
    count.replaceChildren(...(query ? (text ? [text, ...more] : nowhere(query)) : []));
  };
  input.addEventListener("input", () => void update());
  input.value = new URLSearchParams(location.search).get("q") ?? "";
  if (input.value) void update();
}

/** @param {number} found */
function genesFound(found) {
  return found === 1 ? "1 gene" : `${found} genes`;
}

/** @param {number} found */
function message(found) {
  return found ? genesFound(found) : "";
}

/**
 * What to say where no gene is left: where else it may be found.
 * @param {string} query
 * @param {string | undefined} all address of the index of all genes, on a page of some
 * @returns {(string | HTMLElement)[]}
 */
function elsewhere(query, all) {
  const explore = /** @type {HTMLFormElement | null} */ (document.querySelector("form[role=search]"))?.action;
  if (/^\d+$/.test(query.trim()) && explore) {
    return ["Ids of NCBI Gene are found in ", h("a", { href: `${explore}?q=gene:${query.trim()}` }, "Explore"), "."];
  }
  if (!all) return ["No gene has this name. A shorter beginning may find it."];
  return ["None on this page. ", h("a", { href: `${all}?q=${encodeURIComponent(query)}` }, "Look in all genes"), "."];
}

/**
 * @callback Show
 * @param {string} query
 * @param {() => boolean} current whether the answer is still wanted
 * @returns {Promise<string | null>} what to say of those that are shown, empty if there are none; null if not wanted any more
 */

/**
 * @param {HTMLTableSectionElement} body
 * @returns {Show}
 */
function filterRows(body) {
  const narrow = rowFilter(body);
  return async (query) => message(narrow(query));
}

/**
 * @param {HTMLTableSectionElement} body
 * @returns {(query: string) => number} how many rows are left
 */
function rowFilter(body) {
  const rows = [...body.rows].map((row) => {
    const [symbol, words] = [...row.cells].map((cell) => cell.textContent ?? "");
    return { row, key: [symbol, ...words.split(",")].map(normalise).join(" ") };
  });
  return (query) => {
    const keys = keysOf(query);
    let found = 0;
    for (const item of rows) {
      item.row.hidden = keys.length > 0 && !keys.some((key) => item.key.includes(key));
      if (!item.row.hidden) found++;
    }
    return found;
  };
}

/**
 * @param {HTMLTableSectionElement} body
 * @param {string} address of the list
 * @returns {Show}
 */
function filterAll(body, address) {
  const names = new URL(address, location.href).href;
  const before = [...body.rows];
  const narrow = rowFilter(body);
  return async (query, current) => {
    const genes = query ? await geneNames(names) : [];
    if (!current()) return null;
    if (!genes.length) {
      body.replaceChildren(...before);
      return `${genesFound(narrow(query))} among these. The list of all genes is not available at the moment.`;
    }
    const hits = findGenes(genes, query, LIMIT);
    const most = Math.max(...hits.map(({ gene }) => gene.figures));
    body.replaceChildren(...hits.map((hit) => row(hit, names, most)));
    return hits.length < LIMIT ? message(hits.length) : `the first ${LIMIT} genes`;
  };
}

/**
 * @param {Hit} hit
 * @param {string} names
 * @param {number} most figures of a gene among these
 */
function row({ gene }, names, most) {
  const link = h("a", { href: new URL(gene.path, names).href }, gene.symbol);
  const count = h("td", { className: "n" }, gene.figures.toLocaleString("en"), bar(gene.figures / most));
  const organism = organismOf(gene.path);
  const name = organism ? [link, " ", h("i", {}, organism)] : [link];
  return h("tr", {}, h("td", {}, ...name), h("td", {}, gene.words), count);
}

/**
 * The bar behind a number, as rows that come with the page have it.
 * @param {number} part of the longest
 */
function bar(part) {
  const make = (/** @type {string} */ name) => document.createElementNS("http://www.w3.org/2000/svg", name);
  const [svg, rect] = [make("svg"), make("rect")];
  svg.setAttribute("class", "m");
  svg.setAttribute("aria-hidden", "true");
  rect.setAttribute("width", `${Math.max(part * 100, 1)}%`);
  rect.setAttribute("height", "4");
  svg.append(rect);
  return svg;
}

/**
 * The organism of a gene, which its page stands in the folder of; empty for the site's usual one.
 * @param {string} path of its page
 */
function organismOf(path) {
  const folder = path.split("/").at(-2) ?? "";
  return folder === "genes" ? "" : unescaped(decodeURIComponent(folder));
}
