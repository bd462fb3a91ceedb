import { keysOf } from "./match.js";

/** Texts as people sort them: `a2` before `a10`, case and accents aside. */
const COLLATOR = new Intl.Collator("en", { numeric: true, sensitivity: "base" });

/**
 * The number that a cell shows, `1,234` as 1234; NaN for what is no number.
 * @param {string} text
 */
export function numberOf(text) {
  const plain = text.trim().replaceAll(",", "");
  return /^-?\d+(\.\d+)?$/.test(plain) ? Number(plain) : NaN;
}

/**
 * The order of some rows by one column: as they come where two are alike, and empty cells last whichever way it goes.
 * @param {readonly string[]} cells of that column, row by row
 * @param {boolean} numeric
 * @param {boolean} down largest first
 * @returns {number[]} indexes of the rows
 */
export function order(cells, numeric, down) {
  const keys = cells.map((text) => (numeric ? numberOf(text) : text.trim()));
  const empty = keys.map((key) => key === "" || Number.isNaN(key));
  const sign = down ? -1 : 1;
  /** @type {(a: string | number, b: string | number) => number} */
  const compare = numeric ? (a, b) => Number(a) - Number(b) : (a, b) => COLLATOR.compare(String(a), String(b));
  return cells
    .map((_, index) => index)
    .sort((a, b) => Number(empty[a]) - Number(empty[b]) || (empty[a] ? 0 : sign * compare(keys[a], keys[b])) || a - b);
}

/**
 * Whether a row is one of those that a filter asks for: each of its words stands somewhere in the row.
 * @param {string} row normalised
 * @param {string} query as typed
 */
export function matches(row, query) {
  return query.split(/\s+/).every((word) => {
    const keys = keysOf(word);
    return !keys.length || keys.some((key) => row.includes(key));
  });
}

/**
 * A table as TSV. Unquoted, so tabs, breaks and other control characters become spaces, and a text that a spreadsheet would
 * take for a formula, perhaps without the quotation marks before it, gets an apostrophe in front.
 * @param {readonly (readonly (string | number)[])[]} rows
 */
export function toTsv(rows) {
  return rows.map((row) => `${row.map(cell).join("\t")}\n`).join("");
}

/** @param {string | number} value */
export function cell(value) {
  const plain = String(value).replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]+/g, " ").trim();
  return /^["\s]*[=+@\-\uff1d\uff0b\uff0d\uff20]/.test(plain) ? `'${plain}` : plain;
}
