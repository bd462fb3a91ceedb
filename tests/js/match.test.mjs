import assert from "node:assert/strict";
import { test } from "node:test";
import { findGenes, normalise, parseNames } from "../../static/js/match.js";

const GENES = parseNames([
  ["AKT1", "AKT1.html", 900, "Akt, PKB"],
  ["AKT2", "AKT2.html", 950, "Akt"],
  ["AKTIP", "AKTIP.html", 5, ""],
  ["ERBB2", "ERBB2.html", 2310, "HER2, ErbB2, neu"],
  ["IL6", "IL6.html", 1800, ["IL-6", "interleukin 6"]],
  ["MAKT", "MAKT.html", 1, ""],
]);
const found = (query, limit = 9) => findGenes(GENES, query, limit).map((hit) => hit.gene.symbol);

test("spelling with hyphens, spaces, case or full-width letters makes no difference", () => {
  for (const text of ["IL-6", "il6", "Il 6", "ＩＬ６"]) assert.equal(normalise(text), "il6");
  assert.deepEqual(found("il-6"), ["IL6"]);
});

test("the symbol itself comes first, then words, then beginnings; more figures before fewer", () => {
  assert.deepEqual(found("akt1"), ["AKT1"]);
  assert.deepEqual(found("akt"), ["AKT2", "AKT1", "AKTIP", "MAKT"]);
  assert.deepEqual(found("ak"), ["AKT2", "AKT1", "AKTIP", "MAKT"]);
  assert.deepEqual(found("akt", 2), ["AKT2", "AKT1"]);
});

test("a gene is found by a word that figures use, and the answer says which", () => {
  const [hit] = findGenes(GENES, "her2", 5);
  assert.equal(hit.gene.symbol, "ERBB2");
  assert.equal(hit.word, "HER2");
  assert.equal(findGenes(GENES, "interleu", 5)[0].word, "interleukin 6");
  assert.equal(findGenes(GENES, "erbb2", 5)[0].word, "");
});

test("a query without a letter or digit finds nothing, not everything", () => {
  for (const query of ["", " ", "-", "<b>".replace("b", "")]) assert.deepEqual(found(query), []);
});

test("a list that is not what was expected gives no genes, and no error", () => {
  for (const data of [null, {}, "x", [1, null, ["A"], [1, 2]]]) assert.deepEqual(parseNames(data), []);
  assert.deepEqual(parseNames([["A", "A.html"]])[0].words, "");
});

test("Greek letters, and their names, find symbols that are written with Latin ones", () => {
  const genes = parseNames([["TGFB1", "TGFB1.html", 9, "TGF-β1"], ["NFKB1", "NFKB1.html", 8, ""]]);
  const symbols = (query) => findGenes(genes, query, 9).map((hit) => hit.gene.symbol);
  for (const query of ["TGFβ", "TGF-β1", "TGFb1", "TGF-beta1"]) assert.deepEqual(symbols(query), ["TGFB1"], query);
  const words = parseNames([["PSEN1", "PSEN1.html", 9, "gamma-secretase"], ["CTNNB1", "CTNNB1.html", 8, "B-catenin, beta-catenin"]]);
  for (const [query, symbol] of [["γ-secretase", "PSEN1"], ["gamma-secretase", "PSEN1"], ["β-catenin", "CTNNB1"]])
    assert.deepEqual(findGenes(words, query, 9).map((hit) => hit.gene.symbol), [symbol], query);
  for (const query of ["NFκB", "NF-kappaB", "nfkb"]) assert.deepEqual(symbols(query), ["NFKB1"], query);
});
