import assert from "node:assert/strict";
import { test } from "node:test";
import { figureIds, figureTable, geneSets, rankedTable } from "../../static/js/explore/files.js";
import { filtersOf, withFilter, withoutField } from "../../static/js/explore/filters.js";
import { account, namesTable } from "../../static/js/explore/named.js";
import { databaseOf, geneNames, genesInFile, noText, textOf } from "../../static/js/explore/geneinput.js";
import { merged } from "../../static/js/explore/marked.js";
import { counted, probability, readable } from "../../static/js/explore/numbers.js";
import { pageNumbers } from "../../static/js/explore/pager.js";
import { barsOf, brushed, yearsText } from "../../static/js/explore/years.js";

const SITE = "https://example.org/pfocr/";
const row = (figid, more = {}) => ({
  id: 0, figid, href: `/pfocr/figures/${figid}.html`, title: `Title of ${figid}`, number: "Figure 1", year: "2020",
  paper: "A paper", pmcid: "PMC1", organisms: ["Homo sapiens", "Mus musculus"], type: "Pathway", thumb: "", ...more,
});
const gene = (symbol) => ({ key: symbol, symbol, ncbi: "1", organism: "Homo sapiens", total: 1, href: "" });

test("a filter is a clause of the search; another value of years, organism or type takes the place of the first", () => {
  assert.equal(withFilter("wnt", "years", "2018-2022"), "wnt year:2018-2022");
  assert.equal(withFilter("wnt year:2018-2022", "years", "2020"), "wnt year:2020");
  assert.equal(withFilter("wnt year:2020", "years", ""), "wnt");
  const mouse = withFilter('wnt organism:"Homo sapiens"', "organisms", "Mus musculus");
  assert.equal(mouse, 'wnt organism:"Mus musculus"');
  assert.equal(withFilter(mouse, "types", "Scheme"), 'wnt organism:"Mus musculus" type:Scheme');
});

test("genes add up, each once", () => {
  assert.equal(withFilter("gene:AKT1", "genes", "PTEN"), "gene:AKT1 gene:PTEN");
  assert.equal(withFilter("gene:AKT1 gene:PTEN", "genes", "PTEN"), "gene:AKT1 gene:PTEN");
});

test("each filter can be taken away by itself, and so can what is left out", () => {
  const found = filtersOf('wnt -cancer gene:AKT1 -gene:MYC year:2018- organism:"Mus musculus" -year:2019 -year:-2010');
  assert.deepEqual(found.map(({ field, value, without }) => [field, value, without]), [
    ["genes", "AKT1", false],
    ["organisms", "Mus musculus", false],
    ["years", "2018-", false],
    ["genes", "MYC", true],
    ["words", "cancer", true],
    ["years", "2019", true],
    ["years", "-2010", true],
  ]);
  assert.match(found[3].rest, /^wnt -cancer gene:AKT1 year/);
  assert.match(found[5].rest, /-year:-2010/);
  assert.doesNotMatch(found[5].rest, /-year:2019/);
  found.splice(0, found.length, ...filtersOf('wnt -cancer gene:AKT1 -gene:MYC year:2018- organism:"Mus musculus"'));
  assert.equal(found[2].rest, 'wnt -cancer gene:AKT1 -gene:MYC organism:"Mus musculus"');
  assert.equal(found[0].rest, 'wnt -cancer -gene:MYC year:2018- organism:"Mus musculus"');
});

test("a facet is counted over the search without its own filter; without one, over the search as typed", () => {
  assert.equal(withoutField("wnt year:2020 type:Scheme", "years"), "wnt type:Scheme");
  assert.equal(withoutField("type:Scheme   wnt", "years"), "type:Scheme   wnt");
});

test("genes are read from any list, each once, without the marks around them", () => {
  const wanted = ["AKT1", "PTEN", "207", "IL-6", "4EBP1"];
  for (const text of [
    "AKT1 PTEN 207 IL-6 4EBP1",
    "AKT1,PTEN;207|IL-6\t4EBP1",
    '"AKT1", "PTEN"\r\n(ncbigene:207)\n\nIL-6;akt1\u00a04EBP1.',
    "AKT1，PTEN、207·IL-6&4EBP1",
    "AKT1؛PTEN → 207・IL-6；4EBP1",
    "AKT1\t2.31\t1e-5\nPTEN\t-0.4\t0.01\nGeneID:207\t.5\t1.5E+3\nIL-6 4EBP1 -- ,",
  ])
    assert.deepEqual(geneNames(text), wanted, text);
  assert.deepEqual(geneNames(" ,;\n|—"), []);
});

test("of a table of results the column of genes counts, and no number of another becomes a gene", () => {
  for (const text of [
    "gene\tlogFC\tp.value\nAKT1\t2.1\t0.001\nPTEN\t-1.5\t3e-5\nMTOR\t2\t1E-10\n",
    'baseMean,symbol,description\r\n12,"AKT1",kinase\r\n7,PTEN,phosphatase\r\n5728,MTOR,kinase',
    "AKT1;12,3;4\nPTEN;207,5;5\nMTOR;1;6",
    "AKT1\t2.5\t7\nPTEN\t1.0\tNA\nMTOR\t\t9",
  ])
    assert.deepEqual(geneNames(text), ["AKT1", "PTEN", "MTOR"], text);
  assert.deepEqual(geneNames("id\tentrez\tn\nx\t207\t1\ny\t5728\t2"), ["207", "5728"]);
  // Lists that only look like tables: several symbols or ids a line.
  assert.deepEqual(geneNames("3091, 405\n7422, 5054"), ["3091", "405", "7422", "5054"]);
  assert.deepEqual(geneNames("AKT1\tPTEN\nMTOR\tTSC1"), ["AKT1", "PTEN", "MTOR", "TSC1"]);
  assert.deepEqual(geneNames("AKT1;7157\nPTEN;405"), ["AKT1", "7157", "PTEN", "405"]);
});

test("of several columns of a table the one that can be looked up counts", () => {
  for (const text of [
    "gene_id\tgene_name\tlog2FoldChange\tpadj\nENSG00000142208\tAKT1\t2.1\t0.01\nENSG00000171862\tPTEN\t-1\t0.2",
    "ensembl_gene_id,external_gene_name,n\nENSG00000142208,AKT1,3\nENSG00000171862,PTEN,4",
    "ENSG00000142208\tAKT1\t2.1\nENSG00000171862\tPTEN\t3.5",
    '"baseMean"\t"log2FoldChange"\t"padj"\n"AKT1"\t12\t0.3\t1e-5\n"PTEN"\t7\t2\t0.04', // as write.table of R writes it
    "Protein\tPeptides\nAKT1\t12\nPTEN\t9",
    "AKT1\t5\nPTEN\t5",
    'c("AKT1","PTEN")',
    "['AKT1', 'PTEN']",
    "1\tAKT1\n2\tPTEN",
    "1. AKT1 2. PTEN",
    "1) AKT1\n2) PTEN",
  ])
    assert.deepEqual(geneNames(text), ["AKT1", "PTEN"], text);
  assert.deepEqual(geneNames("gene_id\tpadj\nENSG00000142208\t0.1\nENSG00000171862\t0.2"), ["ENSG00000142208", "ENSG00000171862"]);
  assert.deepEqual(geneNames("AKT1, PTEN\nMTOR, 207"), ["AKT1", "PTEN", "MTOR", "207"]);
  assert.deepEqual(geneNames("1. 2."), ["1", "2"]);
  for (const text of ["set(['AKT1', 'PTEN'])", "np.array(['AKT1','PTEN'])", 'list("AKT1", "PTEN")']) assert.deepEqual(geneNames(text), ["AKT1", "PTEN"], text);
  assert.deepEqual(geneNames("ENSG00000142208\t207\nENSG00000171862\t5728\nENSG00000198793\t2475").filter((name) => /^\d/.test(name)), ["207", "5728", "2475"]);
  // Numbers beside a name in each row count, or are the ids of what these name: none is another gene.
  for (const text of ["AKT1\t355\nPTEN\t207\nMTOR\t836", "5,AKT1\n7,PTEN\n9,MTOR"]) assert.deepEqual(geneNames(text), ["AKT1", "PTEN", "MTOR"], text);
  // What only looks like it: commas at the ends of lines, empty columns, pairs, ids in brackets.
  for (const text of ["AKT1,\nPTEN,\nTP53,", '"AKT1",\n"PTEN",\n"TP53",', "AKT1\t\nPTEN\t\nTP53\t", "AKT1\t\tPTEN\nTP53\t\t"])
    assert.deepEqual(geneNames(text), ["AKT1", "PTEN", "TP53"], text);
  assert.deepEqual(geneNames("AKT1, PTEN, TP53, \nMTOR, KRAS, BRAF, "), ["AKT1", "PTEN", "TP53", "MTOR", "KRAS", "BRAF"]);
  assert.deepEqual(geneNames("AKT1\tPTEN\t1\nTP53\tMDM2\t1\nKRAS\tRAF1\t1"), ["AKT1", "PTEN", "TP53", "MDM2", "KRAS", "RAF1"]);
  assert.deepEqual(geneNames("AKT1,PTEN\nMTOR,207\nKRAS,5290"), ["AKT1", "PTEN", "MTOR", "207", "KRAS", "5290"]);
  for (const text of ["1 TP53\n2 AKT1\n3 PTEN", ' [1] "TP53" "AKT1"\n [3] "PTEN"', "gene  n\nTP53  12\nAKT1  7\nPTEN  1", "  TP53 12\n  AKT1 7\n  PTEN 3"])
    assert.deepEqual(geneNames(text), ["TP53", "AKT1", "PTEN"], text);
  assert.deepEqual(geneNames("TP53 AKT1\nPTEN 207"), ["TP53", "AKT1", "PTEN", "207"]);
  assert.deepEqual(geneNames("AKT1 (207), PTEN (5728)"), ["AKT1", "207", "PTEN", "5728"]);
  assert.deepEqual(geneNames("TP53, 207."), ["TP53", "207"]);
});

test("of a table of pairs both columns of genes count", () => {
  const four = ["TP53", "MDM2", "ATM", "CDKN1A"];
  const string = "#node1\tnode2\tnode1_string_id\tnode2_string_id\tcombined_score\n";
  const id = "9606.ENSP00000269305";
  assert.deepEqual(geneNames(`${string}TP53\tMDM2\t${id}\t${id}\t0.999\nATM\tCDKN1A\t${id}\t${id}\t0.9`), four);
  for (const head of ["", "ligand,receptor,score\n", "source,target,weight\n", "Gene A,Gene B,score\n", "regulator,target_gene,score\n"])
    assert.deepEqual(geneNames(`${head}TP53,MDM2,0.99\nATM,CDKN1A,0.5`), four, head);
  assert.deepEqual(geneNames("TP53\tMDM2\t0.99"), ["TP53", "MDM2"]);
  for (const text of ["TP53\tchr17\t0.5\nATM\tchr11\t0.1", "TP53\ttumor protein\t0.5\nATM\tATM kinase\t0.1", "TP53\tUP\t0.5\nATM\tUP\t0.1"])
    assert.deepEqual(geneNames(text), ["TP53", "ATM"], text);
});

test("a file that is no text is told, and text in the forms of spreadsheets is read", async () => {
  const utf16 = new Uint8Array([0xff, 0xfe, ...[..."AKT1\tPTEN"].flatMap((letter) => [letter.charCodeAt(0), 0])]);
  assert.equal(await textOf(new Blob([utf16])), "AKT1\tPTEN");
  assert.equal(await textOf(new Blob(["\ufeffβ-catenin"])), "β-catenin");
  assert.match(noText(await textOf(new Blob([new Uint8Array([0x50, 0x4b, 3, 4, 20, 0, 6, 0])]))), /spreadsheet/);
  assert.match(noText(await textOf(new Blob([new Uint8Array([0xd0, 0xcf, 0x11, 0xe0, 0xa1])]))), /spreadsheet/);
  assert.match(noText("a\0b"), /no text/);
  assert.equal(noText("AKT1"), "");
});

test("ids of other databases are told from names of genes", () => {
  const names = ["ENSG00000142208", "ENSMUSG00000001729.16", "9606.ENSP00000269305", "NM_005163.2", "HGNC:391", "P31749", "Q9Y243-2", "A0A024R1R8"];
  assert.deepEqual(names.map(databaseOf), ["Ensembl", "Ensembl", "Ensembl", "RefSeq", "HGNC", "UniProt", "UniProt", "UniProt"]);
  assert.deepEqual(["AKT1", "P53", "4EBP1", "PI3K", "ENSA", "p38MAPK"].map(databaseOf), ["", "", "", "", "", ""]);
});

test("the table of names has every name, with the gene that it was taken for", () => {
  const named = {
    recognised: [{ name: "PI3K", gene: gene("PIK3CA"), others: [gene("PIK3CB")] }],
    repeated: [{ name: "p110a", gene: gene("PIK3CA") }],
    unrecognised: [{ name: "nosuch", suggestions: [] }],
  };
  const rows = namesTable(named).map(([name, symbol, , , , others]) => [name, symbol, others]);
  assert.deepEqual(rows.slice(1), [["PI3K", "PIK3CA", "PIK3CB"], ["p110a", "PIK3CA", ""], ["nosuch", "", ""]]);
});

test("of a file of gene sets the genes count, without names, descriptions and comments", () => {
  assert.deepEqual(genesInFile("SET_1\thttps://example.org/1\tAKT1\tPTEN\nSET_2\tna\tPTEN\tMTOR\n", "a.GMT"), ["AKT1", "PTEN", "MTOR"]);
  assert.deepEqual(genesInFile("# my genes\nAKT1\nPTEN\n", "a.grp"), ["AKT1", "PTEN"]);
});

test("a set of several organisms says which genes count, and which do not", () => {
  const mouse = (symbol) => ({ ...gene(symbol), key: `Mus_musculus/${symbol}`, organism: "Mus musculus" });
  const named = { unrecognised: [], repeated: [], parts: new Map(), leftOut: 0 };
  const recognised = ["AKT1", "PTEN"].map((name) => ({ name, gene: gene(name) }));
  const result = { set: 2, organism: "Homo sapiens" };
  assert.equal(account({ ...named, recognised }, result), "2 genes of Homo sapiens of 2 names.");
  recognised.push({ name: "Il6", gene: mouse("Il6") });
  const text = "2 genes of Homo sapiens of 3 names. Not counted: 1 gene of Mus musculus (Il6).";
  assert.equal(account({ ...named, recognised }, result), text);
  for (let n = 0; n < 13; n++) recognised.push({ name: `x${n}`, gene: mouse(`X${n}`) });
  assert.match(account({ ...named, recognised }, result), /Not counted: 14 genes of Mus musculus \(Il6, X0, .*, X10 and 2 more\)\.$/);
  assert.equal(account({ ...named, recognised: [] }, null), "0 genes of 0 names.");
  const dates = [{ name: "2-Sep", gene: gene("SEPTIN2"), dated: true }, { name: "AKT1", gene: gene("AKT1"), dated: false }];
  const told = "2 genes of Homo sapiens of 2 names. Dates that a spreadsheet made of symbols: 2-Sep as SEPTIN2.";
  assert.equal(account({ ...named, recognised: dates }, result), told);
});

test("the histogram has every year from first to last, none for figures without one", () => {
  assert.deepEqual(barsOf([[2020, 3], [0, 9], [2018, 1]]), [
    { year: 2018, count: 1 },
    { year: 2019, count: 0 },
    { year: 2020, count: 3 },
  ]);
  assert.deepEqual(barsOf([[0, 9]]), []);
  assert.equal(barsOf([[2, 1], [2020, 1]]).length, 2);
});

test("a brush takes whole years, in either direction, and stays within the bars", () => {
  const bars = barsOf([[2010, 1], [2019, 1]]);
  assert.deepEqual(brushed(bars, 0.25, 0.55), [2012, 2015]);
  assert.deepEqual(brushed(bars, 0.55, 0.25), [2012, 2015]);
  assert.deepEqual(brushed(bars, -1, 7), [2010, 2019]);
  assert.deepEqual(brushed(bars, 0.5, 0.5), [2015, 2015]);
  assert.deepEqual([yearsText(2012, 2015), yearsText(2015, 2012), yearsText(2015, 2015)], ["2012-2015", "2012-2015", "2015"]);
});

test("parts to mark come in order, none within another, none beyond the text", () => {
  assert.deepEqual(merged("0123456789", [[6, 8], [0, 2], [1, 4], [8, 99]]), [[0, 4], [6, 10]]);
  assert.deepEqual(merged("012", [[2, 2], [5, 9]]), []);
});

test("numbers say what they count; small probabilities are powers of ten, also below what a number holds", () => {
  assert.deepEqual([counted(1, "figure"), counted(2310, "figure")], ["1 figure", "2,310 figures"]);
  assert.deepEqual([probability(1), probability(0.0341), probability(1.24e-15)], ["1", "0.034", "1.2e-15"]);
  assert.equal(probability(0, -1000), "5.1e-435");
  assert.equal(probability(9.97e-5), "1.0e-4");
  assert.equal(probability(0), "0");
  assert.equal(readable("1.2e-15"), "1.2 × 10⁻¹⁵");
  assert.equal(readable("0.034"), "0.034");
});

test("pages are offered at the ends and around the present one, and a gap of one is that page", () => {
  assert.deepEqual(pageNumbers(1, 3), [1, 2, 3]);
  assert.deepEqual(pageNumbers(6, 20), [1, 0, 5, 6, 7, 0, 20]);
  assert.deepEqual(pageNumbers(4, 20), [1, 2, 3, 4, 5, 0, 20]);
});

test("tables have a row a figure and a cell a column, whatever the texts hold", () => {
  const rows = [row("PMC1__a"), row("PMC2__b", { title: "tab\there\nand a line\u2028more", organisms: [] })];
  const lines = figureTable(rows, SITE).split("\n");
  assert.equal(lines.length, 4);
  assert.deepEqual(lines.slice(0, 3).map((line) => line.split("\t").length), [10, 10, 10]);
  assert.deepEqual(lines[1].split("\t").slice(-2), ["Figure 1. A paper. 2020. PMC1.", "https://example.org/pfocr/figures/PMC1__a.html"]);
  assert.equal(lines[1].split("\t")[5], "Homo sapiens|Mus musculus");
  assert.equal(lines[2].split("\t")[1], "tab here and a line more");
  assert.equal(figureIds(rows), "PMC1__a\nPMC2__b\n");
});

const shown = (organism, ...symbols) => symbols.map((symbol) => ({ symbol, organism }));

test("gene sets name each gene once, and a figure without genes is none", () => {
  const text = geneSets([row("PMC1__a"), row("PMC2__b")], [shown("", "PTEN", "AKT1", "AKT1"), []]);
  assert.equal(text, "PMC1__a\tTitle of PMC1__a\tAKT1\tPTEN\n");
});

test("a gene set has genes of one organism, and no two sets have one name", () => {
  const genes = [...shown("Mus musculus", "Trp53"), ...shown("", "TP53", "AKT1"), ...shown("Mus musculus", "Akt1")];
  assert.deepEqual(geneSets([row("PMC1__a")], [genes]).split("\n"), [
    "PMC1__a\tTitle of PMC1__a\tAKT1\tTP53",
    "PMC1__a_Mus_musculus\tTitle of PMC1__a (Mus musculus)\tAkt1\tTrp53",
    "",
  ]);
});

test("what a spreadsheet would run as a formula is text in every table that is saved", () => {
  const evil = row("PMC1__a", { title: '=HYPERLINK("http://x.org")', paper: "+cmd|' /C calc'!A0", number: "@SUM(A1)", type: "-1+1" });
  const ranked = rankedTable([{ id: 0, overlap: 1, size: 1, p: 1, logP: 0, q: 1 }], [evil], [[gene("=A1")]], probability, SITE);
  for (const text of [figureTable([evil], SITE), ranked, geneSets([evil], [shown("", "AKT1")])]) {
    assert.ok(text.includes(`\t'=HYPERLINK`), text);
    assert.doesNotMatch(text, /(^|[\t\n])[=+@-]/);
  }
});

test("ranked figures are written with p that no number can hold", () => {
  const ranked = [{ id: 0, overlap: 2, size: 9, p: 0, logP: -1000, q: 0.02 }];
  const [head, line] = rankedTable(ranked, [row("PMC1__a")], [[gene("AKT1"), gene("PTEN")]], probability, SITE).split("\n");
  assert.deepEqual(head.split("\t").slice(0, 7), ["rank", "overlap", "size", "p", "q", "genes", "figid"]);
  assert.deepEqual(line.split("\t").slice(0, 7), ["1", "2", "9", "5.1e-435", "0.02", "AKT1|PTEN", "PMC1__a"]);
});
