import { h } from "./dom.js";
import { findGenes, normalise } from "./match.js";
import { geneNames } from "./names.js";

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
  place.append(h("label", { for: "filter" }, own ? "Filter these" : "Filter all genes"), input, count);
  const show = own ? filterRows(table.tBodies[0]) : filterAll(table.tBodies[0], place.dataset.names ?? "names.json");
  const update = async () => {
    const query = input.value.trim();
    const found = await show(query, () => input.value.trim() === query);
    if (found !== null) count.textContent = query ? message(found, own) : "";
  };
  input.addEventListener("input", () => void update());
  input.value = new URLSearchParams(location.search).get("q") ?? "";
  if (input.value) void update();
}

/**
 * @param {number} found
 * @param {boolean} own whether all are shown, however many
 */
function message(found, own) {
  if (!found) return "No gene has this name. A shorter beginning may find it.";
  if (found === 1) return "1 gene";
  return own || found < LIMIT ? `${found} genes` : `the first ${LIMIT} genes`;
}

/**
 * @callback Show
 * @param {string} query
 * @param {() => boolean} current whether the answer is still wanted
 * @returns {Promise<number | null>} how many are shown; null if not wanted any more
 */

/**
 * @param {HTMLTableSectionElement} body
 * @returns {Show}
 */
function filterRows(body) {
  const rows = [...body.rows].map((row) => {
    const [symbol, words] = [...row.cells].map((cell) => cell.textContent ?? "");
    return { row, key: [symbol, ...words.split(",")].map(normalise).join(" ") };
  });
  return async (query) => {
    const key = normalise(query);
    let found = 0;
    for (const item of rows) {
      item.row.hidden = !item.key.includes(key);
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
  return async (query, current) => {
    if (!query) {
      body.replaceChildren(...before);
      return 0;
    }
    const genes = await geneNames(names);
    if (!current()) return null;
    const hits = findGenes(genes, query, LIMIT);
    body.replaceChildren(...hits.map((hit) => row(hit, names)));
    return hits.length;
  };
}

/**
 * @param {Hit} hit
 * @param {string} names
 */
function row({ gene }, names) {
  const link = h("a", { href: new URL(gene.path, names).href }, gene.symbol);
  const count = h("td", { className: "n" }, gene.figures.toLocaleString("en"));
  return h("tr", {}, h("td", {}, link), h("td", {}, gene.words), count);
}
