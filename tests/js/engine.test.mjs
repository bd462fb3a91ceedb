import assert from "node:assert/strict";
import { test } from "node:test";
import { latin } from "../../static/js/search/names.js";
import { formatAddress, formatQuery, open, parseAddress, parseQuery } from "../../static/js/search/engine.js";
import { StaleIndex, message } from "../../static/js/search/store.js";
import { distance } from "../../static/js/search/spelling.js";
import { benjaminiHochberg } from "../../static/js/search/statistics.js";

/** A number as the index writes it. */
function varint(value) {
  const bytes = [];
  for (; value > 127; value = Math.floor(value / 128)) bytes.push((value % 128) + 128);
  return [...bytes, value];
}

/** A shard of a table of one key after another. */
function shard(entries) {
  const keys = entries.map(([key]) => [...new TextEncoder().encode(key)]);
  const values = entries.map(([, value]) => value);
  const sizes = [...keys, ...values].map((bytes) => bytes.length);
  const shared = entries.map(() => 0);
  return new Uint8Array([entries.length, ...shared, ...sizes].flatMap(varint).concat(keys.flat(), values.flat()));
}

const NONE = { first: [], names: "" };

/** A site of two figures, of which `word` stands in the second one's title; its files carry a name of one's own. */
function site(name, title) {
  const meta = {
    format: 2, figures: 2, end: 3, years: [[2020, 0, 2]], organisms: [], types: [["Figure", 2]], genesOf: [], defaultOrganism: "Homo sapiens",
    imageUrl: "", rows: name, idsARowShard: 88, figureGenes: "", idsAGeneShard: 2048, starts: NONE, spelling: NONE, genes: NONE, names: NONE, columns: NONE,
    words: { first: [""], names: name },
  };
  return {
    "index.json": JSON.stringify(meta),
    [`words/${name}.bin`]: shard([["word", [(1 << 3) | 1, 2]]]),
    [`rows/${name}.list.json`]: JSON.stringify(name),
    [`rows/${name}.json`]: JSON.stringify({ 0: ["PMC1__a"], 2: ["PMC1__b", title] }),
  };
}

/** A site of which the meta file says something else, too. */
function withMeta(files, more) {
  return { ...files, "index.json": JSON.stringify({ ...JSON.parse(files["index.json"]), ...more }) };
}

/** A site of two figures with that word, each row in a file of its own. */
function wide(name, titles) {
  return {
    ...withMeta(site(name, titles[1]), { idsARowShard: 1 }),
    [`words/${name}.bin`]: shard([["word", [(2 << 3) | 1, 0, 1]]]),
    [`rows/${name}.list.json`]: JSON.stringify(`${name}0 - ${name}2`),
    [`rows/${name}0.json`]: JSON.stringify({ 0: ["PMC1__a", titles[0]] }),
    [`rows/${name}2.json`]: JSON.stringify({ 0: ["PMC1__b", titles[1]] }),
  };
}

/** Serves the files of a site, until others are given. */
function serving(files) {
  const served = { files, asked: [] };
  globalThis.fetch = async (address) => {
    const path = new URL(address).pathname.replace(/^.*\/search\//, "");
    served.asked.push(path);
    const body = served.files[path];
    return new Response(body ?? "", { status: body === undefined ? 404 : 200 });
  };
  return served;
}

test("what other databases put before words is no word", () => {
  assert.deepEqual(parseQuery("author:Kim -disease:cancer").words, ["Kim"]);
  assert.deepEqual(parseQuery("author:Kim -disease:cancer").without, ["cancer"]);
  assert.deepEqual(parseQuery('chemical:"fatty acid" mytitle:x').words, ["fatty acid", "mytitle:x"]);
  assert.deepEqual(parseQuery('"foo title:bar" x-disease:y').words, ["foo title:bar", "x-disease:y"]);
});

test("a query is read as it is meant, and written so that it is read the same", () => {
  const text = 'wnt -cancer gene:AKT1 -gene:"Il 6" year:2018-2022 organism:Mus_musculus type:"Graphical abstract" "two words" miR:21';
  const query = parseQuery(text);
  assert.deepEqual(query, {
    words: ["wnt", "two words", "miR:21"], without: ["cancer"], open: true, genes: ["AKT1"], withoutGenes: ["Il 6"], years: [2018, 2022],
    organisms: ["Mus musculus"], types: ["Graphical abstract"], withoutOrganisms: [], withoutTypes: [], withoutYears: [],
  });
  assert.deepEqual(parseQuery(formatQuery(query)), query);
  for (const [value, years] of [["2020", [2020, 2020]], ["2018-", [2018, 9999]], ["-2018", [1, 2018]], ["2022-2018", [2018, 2022]]]) {
    assert.deepEqual(parseQuery(`year:${value}`).years, years, value);
    assert.deepEqual(parseQuery(formatQuery(parseQuery(`year:${value}`))).years, years, value);
  }
  assert.deepEqual(parseQuery("year:soon").words, ["year:soon"]);
  assert.deepEqual(parseQuery("gene: AKT1 year: 2018-").genes, ["AKT1"]);
  assert.deepEqual(parseQuery("gene: AKT1 year: 2018-").years, [2018, 9999]);
  assert.deepEqual(parseQuery("hippo gene:").words, ["hippo", "gene:"]);
});

test("a minus before any filter leaves out what it names", () => {
  const query = parseQuery('wnt -organism:"Mus musculus" -type:Scheme -year:2019 -year:-2010 -organism:Danio_rerio');
  assert.deepEqual(query.words, ["wnt"]);
  assert.deepEqual(query.withoutOrganisms, ["Mus musculus", "Danio rerio"]);
  assert.deepEqual(query.withoutTypes, ["Scheme"]);
  assert.deepEqual(query.withoutYears, [[2019, 2019], [1, 2010]]);
  assert.deepEqual([query.organisms, query.types, query.years], [[], [], null]);
  assert.deepEqual(parseQuery(formatQuery(query)), query);
});

test("the last word may go on whatever filters stand around it, until a space or a quotation mark ends it", () => {
  for (const filter of ['organism:"Homo sapiens"', "year:2000-2022", "-cancer", "gene:MTOR", "type:Scheme"]) {
    for (const text of [`wnt autoph ${filter}`, `${filter} wnt autoph`]) {
      assert.equal(parseQuery(text).open, true, text);
      assert.equal(parseQuery(formatQuery(parseQuery(text))).open, true, text);
    }
  }
  for (const text of ["wnt ", '"wnt"', '"wnt" year:2020', '"wnt']) {
    const query = parseQuery(text);
    assert.equal(query.open, false, text);
    assert.deepEqual(parseQuery(formatQuery(query)), query, text);
  }
});

test("a filter that is only begun takes none that comes behind it for its value", () => {
  for (const text of ["wnt gene:", "wnt year:", "-organism: wnt"]) {
    const query = { ...parseQuery(text), years: [2018, 2018], organisms: ["Homo sapiens"], open: false };
    assert.deepEqual(parseQuery(formatQuery(query)), query, formatQuery(query));
  }
});

test("every value comes back from the text of a query", () => {
  const odd = ['Scheme "big"', '"', '""', '"a" "b"', "Candida_x y", "a_b", "-a", "year:2020", "gene:AKT1", 'organism:"x y"', "a\u00a0b", '5"', "=x", "gene:", "-Year:"];
  for (const value of odd) {
    for (const field of ["words", "without", "genes", "withoutGenes", "organisms", "withoutOrganisms", "types", "withoutTypes"]) {
      const query = { ...parseQuery(""), open: false, [field]: [value, "other", value] };
      assert.deepEqual(parseQuery(formatQuery(query)), query, `${field}: ${formatQuery(query)}`);
    }
  }
  assert.deepEqual(parseQuery("organism:Mus_musculus").organisms, ["Mus musculus"]);
});

test("an address says a state and no more, and a broken one says something sensible", () => {
  const state = { view: "genes", q: "year:2018-", sort: "newest", page: 3, set: ["AKT1", "a,b", "β"], size: [3, 50] };
  assert.deepEqual(parseAddress(`https://example.org/explore/${formatAddress(state)}`), state);
  assert.equal(formatAddress({ view: "search", q: "", sort: "", page: 1, set: [], size: null }), "");
  assert.deepEqual(parseAddress("/explore/?view=genes&size=50-10").size, [10, 50]);
  assert.deepEqual(parseAddress("/explore/?view=genes#genes=AKT1,a%3Db").set, ["AKT1", "a=b"]);
  const odd = parseAddress("/explore/?page=-7&sort=x&view=y&size=1#%E0%A4%A,AKT1");
  assert.deepEqual(odd, { view: "search", q: "", sort: "", page: 1, set: ["AKT1"], size: null });
});

test("a search finds, marks and shows; its files are fetched once", async () => {
  const served = serving(site("a", "A Word <b>"));
  const engine = await open("https://one.example/");
  const result = await engine.search("words");
  assert.deepEqual([...result.ids], [2]);
  assert.deepEqual(result.marks[0].title, [[2, 6]]);
  assert.equal(result.rows[0].title, "A Word <b>");
  await engine.search("word");
  assert.equal(new Set(served.asked).size, served.asked.length);
  assert.equal(await open("https://one.example/"), engine);
});

test("an aborted search never answers", async () => {
  serving(site("a", "Title"));
  const engine = await open("https://two.example/");
  const control = new AbortController();
  const search = engine.search("word", { signal: control.signal });
  control.abort();
  await assert.rejects(search, { name: "AbortError" });
  await assert.rejects(engine.search("word", { signal: control.signal }), { name: "AbortError" });
});

test("a site that is published anew while a page is open goes on answering", async () => {
  const served = serving(site("a", "Old"));
  const engine = await open("https://three.example/");
  served.files = site("b", "New");
  assert.equal((await engine.search("word")).rows[0].title, "New");
});

test("where the rest of an answer is gone, the same question is answered by what is published now", async () => {
  const served = serving(wide("a", ["Old A", "Old B"]));
  const engine = await open("https://five.example/");
  const ask = () => engine.search("word", { first: 1 });
  const old = await ask();
  served.files = wide("b", ["New A", "New B"]);
  await assert.rejects(old.more(), StaleIndex);
  const [found, other] = await Promise.all([ask(), engine.search("word", { limit: 1 })]);
  const titles = (rows) => rows.map(({ title }) => title);
  assert.deepEqual([...titles(found.rows), ...titles((await found.more()).rows)], ["New A", "New B"]);
  assert.deepEqual(titles(other.rows), ["New A"]);
  assert.equal(served.asked.filter((path) => path === "index.json").length, 2);
});

test("ids of an answer are never those of another index: its rows and genes are told to be gone, then found anew", async () => {
  const pieces = (name) => ({ figureGenes: name, idsAGeneShard: 1 });
  const served = serving(withMeta(wide("a", ["Old A", "Old B"]), pieces("a0 - a2")));
  const engine = await open("https://six.example/");
  const old = await engine.search("word", { first: 1 });
  served.files = wide("b", ["Other", "Figures"]);
  for (const read of [old.rowsOf, old.genesOf]) {
    const error = await read([0, 2]).catch((thrown) => thrown);
    assert.equal(message(error), "The site was published anew. Search again.");
  }
  await engine.suggest("word"); // by now the engine has the new index
  await assert.rejects(old.rowsOf([0, 2]), StaleIndex);
  const found = await engine.search("word", { first: 1 });
  assert.deepEqual((await found.rowsOf([0, 2])).map(({ title }) => title), ["Other", "Figures"]);
});

test("where search cannot work it says why, and a later try may succeed", async () => {
  await assert.rejects(open("file:///home/me/_site/"), /python3 -m http\.server/);
  serving({});
  await assert.rejects(open("https://four.example/"), /no search index \(404/);
  serving({ "index.json": JSON.stringify({ format: 99 }) });
  await assert.rejects(open("https://four.example/"), /reload the page/);
  serving(site("a", "Title"));
  assert.equal((await (await open("https://four.example/")).search("word")).total, 1);
});

test("letters put in, left out, changed or swapped are one step each", () => {
  const steps = (a, b) => distance(a, b, 2);
  assert.deepEqual([steps("glycolsis", "glycolysis"), steps("singal", "signal"), steps("abc", "abd"), steps("abc", "abc")], [1, 1, 1, 0]);
  assert.ok(steps("akt", "mapkinase") > 2);
});

test("adjusted p values never fall, are at most 1, and count all tests", () => {
  assert.deepEqual([...benjaminiHochberg([0.01, 0.02, 0.9], [1, 2, 1], 10)], [0.2 / 3, 0.2 / 3, 1].map((v, i) => (i < 2 ? (0.02 * 10) / 3 : v)));
});

test("addresses of papers and figures stand for what they name", () => {
  for (const [text, word] of [
    ["https://www.ncbi.nlm.nih.gov/pmc/articles/PMC7195595/", "PMC7195595"],
    ["https://pmc.ncbi.nlm.nih.gov/articles/PMC7195595/figure/gr5/", "PMC7195595"],
    ["https://example.org/figures/PMC7195595__gr5.html", "PMC7195595__gr5"],
    ["http://localhost:8000/figures/PMC7195595__gr5.html?x#top", "PMC7195595__gr5"],
    ["PMC7195595__gr5.html", "PMC7195595__gr5"],
    ["PMCID: PMC7195595", "PMC7195595"],
    ["https://doi.org/10.1105/tpc.19.00123", "10.1105/tpc.19.00123"],
    ["https://example.org/about", "https://example.org/about"],
  ]) assert.deepEqual(parseQuery(text).words, [word], text);
  assert.deepEqual(parseQuery('"PMC7195595__gr5.html"').words, ["PMC7195595__gr5.html"]);
});

test("organisms are known by what people call them", () => {
  for (const [name, wanted] of [["Mouse", "mus musculus"], ["Mus musculus", "mus musculus"], ["constructor", "constructor"]]) {
    assert.equal(latin(name), wanted);
  }
});
