import assert from "node:assert/strict";
import { test } from "node:test";
import { commas } from "../../static/js/explore/numbers.js";
import { inBatches } from "../../static/js/explore/save.js";
import { countIds, readIds, readRuns } from "../../static/js/search/lists.js";

// Gaps 0 2 0 4 10, of each one low bit (all 0), then 0 1 0 2 5 zeros with a one behind each.
const BITS = [(5 << 3) | 2, 1, 0b00000, 0b01001101, 0b00010000];

test("runs are read: whole numbers of few ids, bits of others", () => {
  const runs = readRuns(new Uint8Array([(2 << 3) | 4, 7, 0x80, 0x01, ...BITS, 1 << 3, 0]));
  assert.deepEqual(runs.map(({ tag, ids }) => [tag, [...ids]]), [[4, [7, 136]], [2, [0, 3, 4, 9, 20]], [0, [0]]]);
});

test("a list of one run says how many ids it holds; an empty one holds none", () => {
  assert.deepEqual([...readIds(new Uint8Array(BITS))], [0, 3, 4, 9, 20]);
  assert.equal(countIds(new Uint8Array(BITS)), 5);
  assert.deepEqual([[...readIds(new Uint8Array())], countIds(new Uint8Array())], [[], 0]);
});

test("a list that was cut short ends, it does not go on for ever", () => {
  assert.equal(readIds(new Uint8Array(BITS.slice(0, 4))).length, 5);
});

test("whole numbers have commas", () => {
  assert.deepEqual([0, 999, 1000, 103000, 1234567].map(commas), ["0", "999", "1,000", "103,000", "1,234,567"]);
});

test("rows of many figures are asked for in the order of the index, and given in the order wanted", async () => {
  const asked = [];
  const take = async (ids) => (asked.push([...ids]), [...ids].map((id) => ({ id })));
  const ids = Uint32Array.from({ length: 4500 }, (_, i) => (i * 7919) % 4500);
  const rows = await inBatches(ids, take, new AbortController().signal);
  assert.deepEqual(rows.map(({ id }) => id), [...ids]);
  assert.deepEqual(asked.flat(), Array.from({ length: 4500 }, (_, i) => i));
});
