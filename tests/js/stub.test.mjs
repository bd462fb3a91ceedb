import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { runInNewContext } from "node:vm";

const SCRIPT = readFileSync(new URL("../../static/js/stub.js", import.meta.url), "utf8");

/** Where the stub of an older address leads; nothing where it leaves that to the page's own refresh. */
function lead(asked, dataset = {}) {
  let place = "";
  const { search, hash } = new URL(asked, "https://old.example/");
  const link = { href: "https://example.org/sub/explore/", dataset };
  const document = { querySelector: () => link };
  const location = { search, hash, replace: (to) => (place = to) };
  runInNewContext(SCRIPT, { document, location, window: { stop() {} }, URL, URLSearchParams });
  return place.replace("/sub/explore/", "");
}

const FILTERS = { parameter: "Organism", query: 'organism:"{}"' };
const SEARCH = { parameter: "query", query: "{}" };
const HUMAN = "organism%3A%22Homo%20sapiens%22";

test("a parameter becomes a query, the others are kept as they were written, and so is the fragment", () => {
  assert.equal(lead("?Organism=Homo%20sapiens&x=1#h", FILTERS), `?q=${HUMAN}&x=1#h`);
  assert.equal(lead("?page=2&Organism=Homo+sapiens&y=a%26b+c&z", FILTERS), `?q=${HUMAN}&page=2&y=a%26b+c&z`);
  assert.equal(lead("?query=a,b%26c&q=lost", SEARCH), "?q=a%2Cb%26c");
});

test("of several organisms each has a part of the query", () => {
  const both = `?q=${HUMAN}%20organism%3A%22Mus%20musculus%22`;
  assert.equal(lead("?Organism=Homo%20sapiens,Mus%20musculus,", FILTERS), both);
  assert.equal(lead("?Organism=Homo%20sapiens&x=1&Organism=Mus%20musculus", FILTERS), `${both}&x=1`);
});

test("what asks for nothing keeps its address, and the page leads on where nothing is to be kept", () => {
  assert.equal(lead("?Organism=&x=1", FILTERS), "?Organism=&x=1");
  assert.equal(lead("?a=1&b=2#c"), "?a=1&b=2#c");
  assert.equal(lead("/old", FILTERS), "");
});
