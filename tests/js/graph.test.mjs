import assert from "node:assert/strict";
import { test } from "node:test";
import { both, drawn, edgesOf, lineWidth, threshold, toCx2, toSvg } from "../../static/js/graph.js";

/** A gene as the search engine gives it. */
function gene(symbol, ncbi, total = 3) {
  return { key: symbol, symbol, ncbi, organism: "Homo sapiens", total, href: `/sub/genes/${encodeURIComponent(symbol)}.html` };
}

const HOSTILE = '</script>"&';
const GENES = [gene("AKT1", "207"), gene("PTEN", "5728"), gene(HOSTILE, "")];
const FIGURES = [[1, 2, 5, 9], [2, 5, 7, 9, 11], [5]].map((ids) => Uint32Array.from(ids));
const PLACES = [{ x: 0, y: 0 }, { x: 100.06, y: -50 }, { x: -30, y: 70 }];

test("the figures of two genes are those that are in both lists", () => {
  assert.deepEqual([...both(FIGURES[0], FIGURES[1])], [2, 5, 9]);
  assert.deepEqual([...both([], FIGURES[1])], []);
  assert.deepEqual([...[0, 1, 2].map((at) => FIGURES[at]).reduce(both)], [5]);
});

test("edges count the figures that show both, most first, and there is none where there is no figure", () => {
  assert.deepEqual(edgesOf(FIGURES), [
    { from: 0, to: 1, figures: 3 },
    { from: 0, to: 2, figures: 1 },
    { from: 1, to: 2, figures: 1 },
  ]);
  assert.deepEqual(edgesOf([[1], [2]]), []);
});

test("edges agree with sets, whatever the lists", () => {
  const lists = Array.from({ length: 12 }, (_, seed) =>
    Array.from({ length: 60 }, (_, n) => n).filter((n) => (n * 31 + seed * 17) % (seed + 2) < 2),
  );
  for (const { from, to, figures } of edgesOf(lists)) {
    assert.equal(figures, lists[from].filter((id) => lists[to].includes(id)).length);
  }
});

test("the lines of the gene itself are always drawn, those between others from a number of figures on", () => {
  const edges = [
    { from: 1, to: 2, figures: 9 },
    { from: 1, to: 3, figures: 5 },
    { from: 0, to: 1, figures: 3 },
    { from: 2, to: 3, figures: 2 },
  ];
  assert.equal(threshold(edges, 2), 5);
  assert.equal(threshold(edges, 99), 2);
  assert.equal(threshold([edges[2]], 5), 1);
  assert.deepEqual(drawn(edges, 5).map((edge) => edge.figures), [9, 5, 3]);
});

test("more figures make a thicker line", () => {
  assert.ok(lineWidth(1, 100) < lineWidth(50, 100));
  assert.equal(lineWidth(100, 100), 8);
});

test("the SVG holds every gene and line within its frame, and no text that could be markup", () => {
  const svg = toSvg({ genes: GENES, places: PLACES, edges: edgesOf(FIGURES) }, `Network <of> ${HOSTILE}`);
  assert.equal(svg.match(/<circle/g).length, 3);
  assert.equal(svg.match(/<line/g).length, 3);
  assert.ok(!svg.includes(HOSTILE) && !svg.includes("<of>"));
  const [left, top, wide, high] = /viewBox="([^"]+)"/.exec(svg)[1].split(" ").map(Number);
  for (const { x, y } of PLACES) {
    assert.ok(x - 22 > left && x + 22 < left + wide && y - 22 > top && y + 22 < top + high);
  }
});

test("CX2 has the aspects in the order of its specification, counted, with every attribute declared", () => {
  const cx = JSON.parse(toCx2({ genes: GENES, places: PLACES, edges: edgesOf(FIGURES) }, "A network", "https://example.org/sub/genes/AKT1.html"));
  assert.deepEqual(cx[0], { CXVersion: "2.0", hasFragments: false });
  assert.deepEqual(cx.at(-1), { status: [{ error: "", success: true }] });
  const aspects = cx.slice(2, -1).map((part) => Object.entries(part)[0]);
  assert.deepEqual(aspects.map(([name]) => name), ["attributeDeclarations", "networkAttributes", "nodes", "edges", "visualProperties"]);
  assert.deepEqual(cx[1].metaData, aspects.map(([name, rows]) => ({ name, elementCount: rows.length })));
  const { attributeDeclarations: [declared], nodes, edges, networkAttributes } = Object.assign({}, ...cx.slice(2, -1));
  const kinds = { string: "string", integer: "number" };
  for (const [aspect, values] of [["nodes", nodes.map((n) => n.v)], ["edges", edges.map((e) => e.v)], ["networkAttributes", networkAttributes]])
    for (const value of values)
      for (const [name, found] of Object.entries(value)) assert.equal(typeof found, kinds[declared[aspect][name].d], `${aspect} ${name}`);
  assert.equal(nodes[0].v.represents, "ncbigene:207");
  const other = toCx2({ genes: [{ ...GENES[0], ncbi: "AT2G32950" }], places: PLACES, edges: [] }, "A network", "https://example.org/sub/");
  assert.match(other, /"represents":"AT2G32950"/);
  assert.equal(nodes[1].v.url, "https://example.org/sub/genes/PTEN.html");
  const ids = new Set(nodes.map((node) => node.id));
  assert.ok(edges.every((edge) => ids.has(edge.s) && ids.has(edge.t)));
});
