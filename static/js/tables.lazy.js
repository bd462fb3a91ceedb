import { button, copy, h } from "./dom.js";
import { normalise } from "./match.js";
import { matches, numberOf, order, toTsv } from "./rows.js";

const FILTER_FROM = 30; // shorter tables are seen at a glance
let filters = 0;

/**
 * Lets a reader sort a table by its columns, filter its rows and copy them. The page keeps a place for it where it has an
 * element `.tabletools` before the table; on the gene index, which has a filter of its own, the tools stand beside that.
 * @param {HTMLTableElement} table one head row, one body, no spans
 */
export function tableTools(table) {
  const own = document.querySelector(".filter");
  const place = own ?? toolsPlace(table.closest(".scroll") ?? table);
  sortable(table);
  const [count, ...box] = !own && table.tBodies[0].rows.length >= FILTER_FROM ? filter(table) : [""];
  const name = table.getAttribute("aria-label") ?? "Table";
  const copier = button("Copy", () => void copy(toTsv(shownRows(table)), name), "Copy the rows shown, as tab-separated text");
  place.append(...box, copier, count);
}

/** @param {Element} box */
function toolsPlace(box) {
  const before = box.previousElementSibling;
  if (before?.matches(".tabletools")) return before;
  const place = h("div", { className: "tabletools" });
  box.before(place);
  return place;
}

/** @param {HTMLTableElement} table */
function headCells(table) {
  return [...(table.tHead?.rows[0].cells ?? [])];
}

/** @param {HTMLTableCellElement | undefined} cell */
function text(cell) {
  return cell?.textContent?.trim() ?? "";
}

/**
 * Head and shown rows, numbers without separators.
 * @param {HTMLTableElement} table
 */
function shownRows(table) {
  const heads = headCells(table);
  const numeric = heads.map((head) => head.matches(".n"));
  const rows = [...table.tBodies[0].rows].filter((row) => !row.hidden);
  const plain = (/** @type {string} */ value) => (Number.isNaN(numberOf(value)) ? value : String(numberOf(value)));
  const cells = rows.map((row) => [...row.cells].map((cell, at) => (numeric[at] ? plain(text(cell)) : text(cell))));
  return [heads.map(text), ...cells];
}

/**
 * The heads of the columns become buttons: numbers go down first, texts up; the third press brings the first order back.
 * @param {HTMLTableElement} table
 */
function sortable(table) {
  const body = table.tBodies[0];
  const heads = headCells(table);
  /** @type {HTMLTableRowElement[]} the rows in their first order, while there is another */
  let first = [];
  const forget = () => {
    for (const head of heads) head.removeAttribute("aria-sort");
    first = [];
  };
  const press = (/** @type {HTMLTableCellElement} */ head) => {
    const numeric = head.matches(".n");
    const ways = numeric ? ["descending", "ascending"] : ["ascending", "descending"];
    const way = ways[ways.indexOf(head.getAttribute("aria-sort") ?? "") + 1];
    const rows = first.length ? first : [...body.rows];
    forget();
    if (!way) return body.append(...rows);
    first = rows;
    const cells = rows.map((row) => text(row.cells[head.cellIndex]));
    body.append(...order(cells, numeric, way === "descending").map((at) => rows[at]));
    head.setAttribute("aria-sort", way);
  };
  for (const head of heads) head.replaceChildren(button(text(head), () => press(head)));
  // A filter that puts other rows in ends the order.
  new MutationObserver(() => {
    if (first.some((row) => !row.isConnected)) forget();
  }).observe(body, { childList: true });
}

/**
 * @param {HTMLTableElement} table
 * @returns {HTMLElement[]} what says how many rows are left, the label, and the box
 */
function filter(table) {
  const rows = [...table.tBodies[0].rows].map((row) => ({
    row,
    key: [...row.cells].map((cell) => normalise(text(cell))).join(" "),
  }));
  const count = h("span", { role: "status", className: "shown" });
  const id = `rows${++filters}`;
  const input = h("input", { type: "search", id, autocomplete: "off", spellcheck: false });
  input.addEventListener("input", () => {
    let found = 0;
    for (const { row, key } of rows) {
      row.hidden = !matches(key, input.value);
      if (!row.hidden) found++;
    }
    const wanted = input.value.trim();
    count.textContent = wanted && `${found.toLocaleString("en")} of ${rows.length.toLocaleString("en")}`;
    const explore = /** @type {HTMLFormElement | null} */ (document.querySelector("header form[role=search]"))?.action;
    if (wanted && !found && explore) {
      count.append(" here. ", h("a", { href: `${explore}?q=${encodeURIComponent(wanted)}` }, "Search all figures"), ".");
    }
  });
  return [count, h("label", { for: id }, "Filter these"), input];
}
