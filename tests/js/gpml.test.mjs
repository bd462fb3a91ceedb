import assert from "node:assert/strict";
import { test } from "node:test";
import { toGpml, xml } from "../../static/js/gpml.js";

const gene = (symbol, ncbi) => ({ word: symbol, match: symbol, source: "", symbol, ncbi, human: true });

/** The values of an attribute, in order. */
const values = (text, name) => [...text.matchAll(new RegExp(` ${name}="([^"]*)"`, "g"))].map((found) => found[1]);

test("each gene is a DataNode with its NCBI Gene id, as PathVisio reads it", () => {
  const text = toGpml([gene("ERBB2", "2064"), gene("ppsA", ""), gene("COP1", "AT2G32950")]);
  assert.match(text, /^<\?xml version="1.0" encoding="UTF-8"\?>\n<Pathway xmlns="http:\/\/pathvisio.org\/GPML\/2013a" Name="untitled" Data-Source="COPIED">/);
  assert.match(text, /<DataNode TextLabel="ERBB2" GraphId="f0001" Type="GeneProduct">\s+<Graphics [^>]+\/>\s+<Xref Database="Entrez Gene" ID="2064" \/>\s+<\/DataNode>/);
  assert.match(text, /TextLabel="ppsA"[^]+<Xref Database="" ID="" \/>/);
  assert.match(text, /TextLabel="COP1"[^]+<Xref Database="" ID="AT2G32950" \/>/);
  assert.match(text, /<InfoBox CenterX="0.0" CenterY="0.0" \/>\n<\/Pathway>\n$/);
});

test("the nodes stand in a grid without covering each other, about as wide as high, with ids of their own", () => {
  const text = toGpml(Array.from({ length: 339 }, (_, index) => gene(`G${index}`, String(index))));
  const x = values(text, "CenterX").slice(0, -1).map(Number);
  const y = values(text, "CenterY").slice(0, -1).map(Number);
  assert.equal(new Set(x.map((left, index) => `${left},${y[index]}`)).size, 339);
  const step = (list) => Math.min(...[...new Set(list)].sort((a, b) => a - b).map((value, index, all) => (index ? value - all[index - 1] : Infinity)));
  assert.ok(step(x) > 90 && step(y) > 25);
  const ratio = (Math.max(...x) - Math.min(...x)) / (Math.max(...y) - Math.min(...y));
  assert.ok(ratio > 0.7 && ratio < 1.4, String(ratio));
  const ids = values(text, "GraphId");
  assert.equal(new Set(ids).size, 339);
  assert.ok(ids.every((id) => /^[A-Za-z_][\w.-]*$/.test(id)));
});

test("no symbol can leave its attribute or make the XML ill-formed", () => {
  assert.equal(xml(`A&B<"c">'d'\u0000\u000b\n`), "A&#38;B&#60;&#34;c&#34;&#62;&#39;d&#39;&#10;");
  assert.equal(xml("\ud800x🧬"), "\ufffdx🧬");
});
