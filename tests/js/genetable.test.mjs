import assert from "node:assert/strict";
import { test } from "node:test";
import { distinct, geneIds, readGenes, toTsv } from "../../static/js/genetable.js";

/** One row as the table gives it. */
function row(word, symbol, ncbi = "1", human = true) {
  return { word, match: word.toUpperCase(), source: "hgnc_symbol", symbol, ncbi, human };
}

const GENES = "https://example.org/sub/genes/";

/** A word of the panel with its genes, given by the ends of their addresses. */
function seen(word, note, ...genes) {
  return { word, note, genes: genes.map((name) => ({ symbol: name.split("/").at(-1), href: `${GENES}${name}.html` })) };
}

test("each gene of a word is a row, with its id from the structured data, and human by the folder of its page", () => {
  const words = [
    seen("RAS", "family in Bioentities", "HRAS", "KRAS"),
    seen("Trp53", "TRP53 · in-house", "Mus_musculus/Trp53"),
    seen("K-Ras", "KRAS · symbol at HGNC", "KRAS", "HRAS"),
  ];
  const rows = readGenes(words, ["3265", "", "22059", "9"], "/sub/genes/").flatMap((word) => word.rows);
  const folder = "/sub/genes/";
  const ras = { word: "RAS", match: "RAS", source: "bioentities_symbol", human: true, folder };
  const kras = { word: "K-Ras", match: "KRAS", source: "hgnc_symbol", human: true, folder };
  assert.deepEqual(rows, [
    { ...ras, symbol: "HRAS", ncbi: "3265" },
    { ...ras, symbol: "KRAS", ncbi: "" },
    {
      ...{ word: "Trp53", match: "TRP53", source: "in-house", symbol: "Trp53", ncbi: "22059", human: false },
      folder: "/sub/genes/Mus_musculus/",
    },
    { ...kras, symbol: "KRAS", ncbi: "" },
    { ...kras, symbol: "HRAS", ncbi: "3265" },
  ]);
});

test("human genes are found where they have a folder of their own, and nowhere if the page names none", () => {
  const words = [seen("p53", "", "Homo_sapiens/TP53", "Tp53")];
  const human = (folder) => readGenes(words, [], folder)[0].rows.map((row) => row.human);
  assert.deepEqual(human("/sub/genes/Homo_sapiens/"), [true, false]);
  assert.deepEqual(human("/sub/genes/"), [false, true]);
  assert.deepEqual(human(undefined), [false, false]);
});

test("a note says match and lexicon, and leaves out what goes without saying", () => {
  const read = (note) => {
    const [{ match, lexicon, rows }] = readGenes([seen("Word", note, "A")], []);
    return [match, lexicon, rows[0].source];
  };
  assert.deepEqual(read(""), ["Word", "symbol at HGNC", "hgnc_symbol"]);
  assert.deepEqual(read("alias at HGNC"), ["Word", "alias at HGNC", "hgnc_alias_symbol"]);
  assert.deepEqual(read("WORD · symbol at HGNC"), ["WORD", "symbol at HGNC", "hgnc_symbol"]);
  assert.deepEqual(read("a · b · new_lexicon"), ["a · b", "new_lexicon", "new_lexicon"]);
  assert.deepEqual(read("no entry · constructor"), ["", "constructor", "constructor"]);
  assert.deepEqual(read("no entry · lexicon not named"), ["", "", ""]);
  assert.deepEqual(read("lexicon not named"), ["Word", "", ""]);
});

test("the ids of genes are read from compact identifiers and from those that are not NCBI's, and from nothing else", () => {
  const mentions = [{ "@id": "gene:5290" }, { "@type": "Gene", "@id": "/genes/COP1.html#gene", name: "COP1", identifier: "AT2G32950" }, { "@type": "Gene", name: "X" }, { "@id": "gene:x" }, { "@id": 7 }, null, "gene:1"];
  assert.deepEqual(geneIds(mentions), ["5290", "AT2G32950", "", "", "", "", ""]);
  assert.deepEqual(geneIds(undefined), []);
});

test("a gene seen by two words is one gene, in the order of first appearance", () => {
  const genes = distinct([row("Her2", "ERBB2", "2064"), row("MTOR", "MTOR", "2475"), row("neu", "ERBB2", "2064"), row("x", "X", ""), row("y", "Y", "")]);
  assert.deepEqual(
    genes.map((gene) => gene.symbol),
    ["ERBB2", "MTOR", "X", "Y"],
  );
});

test("genes whose ids are no ids of NCBI Gene are told apart by their symbols", () => {
  const genes = distinct([row("p53", "TP53", "-"), row("Mdm2", "MDM2", "-"), row("Egfr", "EGFR", "1956"), row("p53", "TP53", "-")]);
  assert.deepEqual(genes.map((gene) => gene.symbol), ["TP53", "MDM2", "EGFR"]);
});

test("the TSV has PFOCR's columns, one row a gene of a word, and ends with a line break", () => {
  assert.equal(toTsv([row("Her2", "ERBB2", "2064")]), "word\tsymbol\tsource\thgnc_symbol\tentrez\nHer2\tHER2\thgnc_symbol\tERBB2\t2064\n");
});

test("no text can break a row of the TSV or start a formula in a spreadsheet", () => {
  const [, line] = toTsv([row("a\tb\nc\u2028d", "=HYPERLINK(1)", "+1")]).split("\n");
  assert.equal(line.split("\t").length, 5);
  assert.equal(line, "a b c d\tA B C D\thgnc_symbol\t'=HYPERLINK(1)\t'+1");
});

test("where genes are of several organisms the file names each", () => {
  const rows = [{ ...row("Akt", "Akt1", "11651", false), organism: "Mus musculus" }, row("AKT", "AKT1", "207")];
  assert.equal(
    toTsv(rows),
    "word\tsymbol\tsource\thgnc_symbol\tentrez\torganism_name\n" +
      "Akt\tAKT\thgnc_symbol\tAkt1\t11651\tMus musculus\nAKT\tAKT\thgnc_symbol\tAKT1\t207\t\n",
  );
});
