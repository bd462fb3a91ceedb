import assert from "node:assert/strict";
import { test } from "node:test";
import { matches, numberOf, order, toTsv } from "../../static/js/rows.js";
import { normalise } from "../../static/js/match.js";

/** The cells in the order that `order` gives. */
function sorted(cells, numeric = false, down = false) {
  return order(cells, numeric, down).map((at) => cells[at]);
}

test("numbers are read with their separators, and nothing else is a number", () => {
  assert.deepEqual(["1,234", " 7 ", "0", "2.5"].map(numberOf), [1234, 7, 0, 2.5]);
  for (const text of ["", "IL6", "1e5", "12 genes", "0x10"]) assert.ok(Number.isNaN(numberOf(text)), text);
});

test("texts sort as people do: numbers within them by value, case aside", () => {
  assert.deepEqual(sorted(["TP53", "IL10", "akt1", "IL6"]), ["akt1", "IL6", "IL10", "TP53"]);
  assert.deepEqual(sorted(["a", "C", "b"], false, true), ["C", "b", "a"]);
});

test("numbers sort by value, and what is empty or no number comes last both ways", () => {
  assert.deepEqual(sorted(["10", "1,000", "", "9"], true), ["9", "10", "1,000", ""]);
  assert.deepEqual(sorted(["10", "n/a", "1,000", "9"], true, true), ["1,000", "10", "9", "n/a"]);
  assert.deepEqual(sorted(["", "b", "a"], false, true), ["b", "a", ""]);
});

test("rows that are alike stay as they were", () => {
  assert.deepEqual(order(["1", "2", "1", "2"], true, true), [1, 3, 0, 2]);
  assert.deepEqual(order(["x", "X", "x"], false, false), [0, 1, 2]);
});

test("a filter finds rows by every word of the query, without regard to case, hyphens and accents", () => {
  const row = ["IL-6", "Interleukin, Sjögren"].map(normalise).join(" ");
  assert.ok(matches(row, "il6 sjogren"));
  assert.ok(matches(row, "  Il-6 "));
  assert.ok(matches(row, ""));
  assert.ok(!matches(row, "il6 il7"));
});

test("TSV keeps a row a line, whatever the cells hold", () => {
  assert.equal(toTsv([["Gene", "Figures"], ["a\tb\nc", "=1"]]), "Gene\tFigures\na b c\t'=1\n");
});
