import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { chunksOf, kept, latinWord, leftOut, trimmed, variants, wantedOf } from "../../static/js/search/words.js";

const CASES = JSON.parse(readFileSync(new URL("words.json", import.meta.url), "utf8"));

/** The words under which a text is found. */
function wordsOf(text) {
  return [...new Set(chunksOf(text).flatMap(({ parts, joined }) => [...parts, ...joined].filter(kept)))];
}

test("a text has the words that the table of cases says, which the index passes too", () => {
  for (const [text, words] of CASES) assert.deepEqual(wordsOf(text).sort(), [...words].sort(), text);
});

test("singular and plural find each other, and no gene symbol is cut", () => {
  assert.ok(variants("cancers").includes("cancer"));
  assert.ok(variants("cancer").includes("cancers"));
  assert.ok(variants("pathways").includes("pathway"));
  assert.ok(variants("therapies").includes("therapy"));
  assert.ok(variants("therapy").includes("therapies"));
  assert.ok(variants("classes").includes("class"));
  assert.ok(variants("class").includes("classes"));
  assert.ok(variants("kras").includes("kras"));
  assert.deepEqual(variants("il6"), ["il6"]);
  assert.deepEqual(variants("pmc7464074"), ["pmc7464074"]);
  assert.deepEqual(variants("pi3ks"), ["pi3ks", "pi3k"]);
  assert.deepEqual(variants("pi3k"), ["pi3k"]);
  for (const [one, many] of [
    ["virus", "viruses"], ["metastasis", "metastases"], ["analysis", "analyses"], ["diagnosis", "diagnoses"], ["hypothesis", "hypotheses"],
    ["thrombosis", "thromboses"], ["kinase", "kinases"], ["phase", "phases"], ["disease", "diseases"], ["cause", "causes"],
  ]) {
    assert.ok(variants(many).includes(one), many);
    assert.ok(variants(one).includes(many), one);
  }
  for (const [one, many] of [
    ["nucleus", "nuclei"], ["matrix", "matrices"], ["axis", "axes"], ["bacterium", "bacteria"], ["stimulus", "stimuli"], ["mouse", "mice"],
    ["mitochondrion", "mitochondria"], ["streptococcus", "streptococci"], ["woman", "women"], ["microvillus", "microvilli"], ["thesis", "theses"],
  ]) {
    assert.ok(variants(many).includes(one), many);
    assert.ok(variants(one).includes(many), one);
  }
  assert.ok(!variants("theses").includes("these"));
  for (const [one, other] of [["man", "men"], ["ovum", "ova"], ["index", "indexes"], ["indexes", "indices"], ["catalyzes", "catalyze"], ["sizes", "size"]])
    assert.ok(variants(one).includes(other), one);
  assert.ok(!variants("mobilis").includes("mobilizes"));
  assert.deepEqual(variants("stamen"), ["stamen", "stamens"]);
  for (const word of ["analysis", "virus", "stress"]) assert.ok(!variants(word).includes(word.slice(0, -1)), word);
});

test("British and American spellings find each other, in singular and plural", () => {
  for (const [british, american] of [
    ["tumour", "tumor"], ["tumours", "tumor"], ["tumour", "tumors"], ["tumourigenesis", "tumorigenesis"], ["signalling", "signaling"],
    ["leukaemia", "leukemia"], ["leukaemias", "leukemia"], ["ischaemic", "ischemic"], ["haematopoietic", "hematopoietic"], ["haem", "heme"],
    ["oedema", "edema"], ["oestrogens", "estrogen"], ["foetal", "fetal"], ["anaesthesia", "anesthesia"], ["diarrhoea", "diarrhea"],
    ["sulphate", "sulfates"], ["disulphide", "disulfide"], ["fibres", "fiber"], ["homologue", "homologs"], ["ageing", "aging"],
    ["localisation", "localization"], ["polarised", "polarized"], ["hydrolyse", "hydrolyze"], ["neurones", "neuron"], ["paediatric", "pediatric"],
    ["haemoglobinisation", "hemoglobinization"], ["leucocytes", "leukocyte"], ["behaviour", "behavior"], ["oesophageal", "esophageal"],
  ]) {
    assert.ok(variants(british).includes(american), british);
    assert.ok(variants(american).includes(british), american);
  }
  assert.deepEqual(variants("kinase"), ["kinase", "kinases"]);
  assert.deepEqual(variants("stem"), ["stem", "stems"]);
  assert.ok(variants("tumour").length <= 4);
});

test("a Greek letter of a gene symbol is the Latin one that it looks like", () => {
  assert.deepEqual(["TGFβ1", "NF-κB", "PPARγ", "AKT1"].map(latinWord), ["tgfb1", "nfkb", "pparg", "akt1"]);
});

test("a word as OCR saw it is shown without the signs around it", () => {
  assert.deepEqual(["(HER2", "IFN-gamma,", "Ca2+", "p53", "++", "“β-catenin”."].map(trimmed), ["HER2", "IFN-gamma", "Ca2+", "p53", "++", "β-catenin"]);
});

test("a hyphenated word is asked for as one, and in its parts only where these say the same", () => {
  assert.deepEqual(wantedOf("il-6"), [{ any: ["il6"], all: [] }]);
  assert.deepEqual(wantedOf("HER2-positive"), [{ any: ["her2positive"], all: ["her2", "positive"] }]);
  assert.deepEqual(wantedOf("the NF-κB"), [{ any: ["nfkappab", "nfkb"], all: [] }]);
  for (const name of ["PKCδ", "TGF-beta", "IFN-γ", "ERα"]) assert.deepEqual(wantedOf(name)[0].all, [], name);
  assert.deepEqual(wantedOf("interferon-γ")[0].all, ["interferon", "gamma"]);
  assert.deepEqual(wantedOf("β-catenin")[0].all, ["beta", "catenin"]);
  assert.deepEqual(wantedOf("a the"), []);
  assert.deepEqual(wantedOf("TLR4/NF-κB"), [...wantedOf("TLR4"), ...wantedOf("NF-κB")]);
});

test("Greek letters that are spelt out are those of gene symbols too", () => {
  for (const [text, word] of [
    ["TGF-beta1", "tgfb1"], ["TGFbeta", "tgfb"], ["IL-1beta", "il1b"], ["PPARgamma", "pparg"], ["NF-kappaB", "nfkb"], ["GSK-3beta", "gsk3b"], ["HIF-1alpha", "hif1a"],
  ]) assert.ok(wantedOf(text)[0].any.includes(word), text);
  assert.deepEqual(wantedOf("alpha")[0].any, ["alpha"]);
  assert.deepEqual(wantedOf("catenin")[0].any, ["catenin"]);
});

test("letters and digits that stand alone are told to be left out", () => {
  assert.deepEqual(leftOut("T cell protein kinase C the vitamin D T"), ["T", "C", "D"]);
  assert.deepEqual(leftOut("T-cell NF-κB β"), []);
});
