import assert from "node:assert/strict";
import { test } from "node:test";
import { distinct, readGenes, toTsv } from "../../static/js/genetable.js";

/** One row as the table gives it. */
function row(word, symbol, ncbi = "1", human = true) {
  return { word, match: word.toUpperCase(), source: "hgnc_symbol", symbol, ncbi, human };
}

/** As much of a table as the reader asks for: cells hold a text and perhaps a link. */
function table(...bodies) {
  const cell = ([textContent, link]) => ({ textContent, querySelector: () => (link ? {} : null) });
  return { tBodies: bodies.map((rows) => ({ rows: rows.map((cells) => ({ cells: cells.map(cell) })) })) };
}

test("the genes of a word share the three cells that span them", () => {
  const rows = readGenes(
    table(
      [
        [["RAS"], ["RAS"], ["gene family"], ["HRAS", true], ["3265"]],
        [["KRAS", true], ["3845"]],
      ],
      [[["Trp53"], ["TRP53"], ["other"], ["Trp53"], [" 22059 "]]],
    ),
    new Map([["gene family", "bioentities_symbol"]]),
  );
  assert.deepEqual(rows, [
    { word: "RAS", match: "RAS", source: "bioentities_symbol", symbol: "HRAS", ncbi: "3265", human: true },
    { word: "RAS", match: "RAS", source: "bioentities_symbol", symbol: "KRAS", ncbi: "3845", human: true },
    { word: "Trp53", match: "TRP53", source: "other", symbol: "Trp53", ncbi: "22059", human: false },
  ]);
});

test("a gene seen by two words is one gene, in the order of first appearance", () => {
  const genes = distinct([row("Her2", "ERBB2", "2064"), row("MTOR", "MTOR", "2475"), row("neu", "ERBB2", "2064"), row("x", "X", ""), row("y", "Y", "")]);
  assert.deepEqual(
    genes.map((gene) => gene.symbol),
    ["ERBB2", "MTOR", "X", "Y"],
  );
});

test("the TSV has PFOCR's columns, one row a gene of a word, and ends with a line break", () => {
  assert.equal(toTsv([row("Her2", "ERBB2", "2064")]), "word\tsymbol\tsource\thgnc_symbol\tentrez\nHer2\tHER2\thgnc_symbol\tERBB2\t2064\n");
});

test("no text can break a row of the TSV or start a formula in a spreadsheet", () => {
  const [, line] = toTsv([row("a\tb\nc\u2028d", "=HYPERLINK(1)", "+1")]).split("\n");
  assert.equal(line.split("\t").length, 5);
  assert.equal(line, "a b c d\tA B C D\thgnc_symbol\t'=HYPERLINK(1)\t'+1");
});
