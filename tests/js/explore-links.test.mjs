import assert from "node:assert/strict";
import { test } from "node:test";
import { allOf, geneKey, rankedBy } from "../../static/js/explore-links.js";

const BASE = "https://example.org/sub/";

test("the key of a gene is the path of its page below the folder of genes", () => {
  assert.equal(geneKey("/sub/genes/AKT1.html", BASE), "AKT1");
  assert.equal(geneKey("https://example.org/sub/genes/Mus_musculus/Akt1.html", BASE), "Mus_musculus/Akt1");
  assert.equal(geneKey("/sub/genes/%CE%B2-catenin.html", BASE), "\u03b2-catenin");
});

test("figures with all of some genes are a search with one gene: a gene", () => {
  const address = new URL(allOf(["AKT1", "Mus_musculus/Akt1"], BASE));
  assert.equal(address.origin + address.pathname, "https://example.org/sub/explore/");
  assert.equal(address.searchParams.get("q"), "gene:=AKT1 gene:Mus_musculus/Akt1");
});

test("figures with some of them are a gene set behind the hash, however many there are", () => {
  const keys = Array.from({ length: 2000 }, (_, at) => `GENE,${at}`);
  const address = new URL(rankedBy(keys, BASE));
  assert.equal(address.searchParams.get("view"), "genes");
  assert.deepEqual(address.hash.slice(1).split(",").map(decodeURIComponent), keys);
  assert.equal(allOf(keys, BASE), "");
});
