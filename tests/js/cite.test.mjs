import assert from "node:assert/strict";
import { test } from "node:test";
import { familyFirst, parseReference, tex, toBibtex, toPlain, toRis } from "../../static/js/cite.js";

const SOURCE = {
  id: "PMC7464074__cancers-12-02081-g001",
  title: "HER2 signaling pathway",
  label: "Figure 1",
  url: "https://example.org/figures/PMC7464074__cancers-12-02081-g001.html",
  site: "Pathway Figures",
  paper: "The Changing Paradigm.",
  reference: "Aena Patel, et al. Cancers (Basel). 2020 Aug;12(8):2081.",
  pmcid: "PMC7464074",
  paperUrl: "https://pmc.ncbi.nlm.nih.gov/articles/PMC7464074/",
  doi: "10.3390/cancers12082081",
  journal: "Cancers",
  keywords: ["HER2", "50% of trials"],
  year: "2020",
};
const ONLY_FIGURE = { ...SOURCE, paper: "", reference: "", pmcid: "", paperUrl: "", doi: "", journal: "", keywords: [] };

test("a reference as PubMed writes it comes apart", () => {
  const part = (text) => parseReference(text);
  assert.deepEqual(part(SOURCE.reference), {
    authors: ["Aena Patel"], more: true, journal: "Cancers (Basel)", year: "2020", volume: "12", issue: "8", pages: "2081",
  });
  assert.deepEqual(part("V. J. Denef, et al. J Bacteriol. 2005 Dec;187(23):7996-8005."), {
    authors: ["V. J. Denef"], more: true, journal: "J Bacteriol", year: "2005", volume: "187", issue: "23", pages: "7996-8005",
  });
  assert.deepEqual(part("Yan A. Su. Proc Natl Acad Sci U S A. 2007;104:3084-3088."), {
    authors: ["Yan A. Su"], more: false, journal: "Proc Natl Acad Sci U S A", year: "2007", volume: "104", issue: "", pages: "3084-3088",
  });
  assert.deepEqual(part("Sandeep Kumar, et al. Biochim Biophys Acta. ;1821(1):198-205."), {
    authors: ["Sandeep Kumar"], more: true, journal: "Biochim Biophys Acta", year: "", volume: "1821", issue: "1", pages: "198-205",
  });
  assert.deepEqual(part("Doe J, van der Berg AB. Plant Cell. 2024 May;36(2):1-12."), {
    authors: ["Doe J", "van der Berg AB"], more: false, journal: "Plant Cell", year: "2024", volume: "36", issue: "2", pages: "1-12",
  });
  assert.deepEqual(part("Sato T, Yano M. Nature. 2021;5:1-9.").authors, ["Sato T", "Yano M"]);
  assert.deepEqual(part("John F. Kennedy, Anna B. Smith. Nature. 2020;1:3").authors, ["John F. Kennedy", "Anna B. Smith"]);
});

test("of a reference in another form nothing is made up", () => {
  for (const text of ["", "()", "Some book, chapter 3", "2020"]) assert.equal(parseReference(text), null);
  assert.match(toBibtex({ ...SOURCE, reference: "Some book, chapter 3" }), /note = \{Some book, chapter 3\}/);
  assert.doesNotMatch(toBibtex({ ...SOURCE, reference: "Some book, chapter 3", journal: "" }), /author|journal/);
});

test("names turn round for RIS, particles and initials where they belong", () => {
  assert.equal(familyFirst("Aena Patel"), "Patel, Aena");
  assert.equal(familyFirst("Robert van Lis"), "van Lis, Robert");
  assert.equal(familyFirst("Jon Anders Stavang"), "Stavang, Jon Anders");
  assert.equal(familyFirst("Denef VJ"), "Denef, VJ");
  assert.equal(familyFirst("Consortium"), "Consortium");
  assert.equal(familyFirst("Aging and Disease Group"), "Aging and Disease Group");
});

test("the plain citation names figure, paper, site and address", () => {
  assert.equal(
    toPlain(SOURCE),
    "HER2 signaling pathway. Figure 1 of: The Changing Paradigm. Aena Patel, et al. Cancers (Basel). 2020 Aug;12(8):2081. PMC7464074. " +
      "doi:10.3390/cancers12082081. " +
      "Pathway Figures, https://example.org/figures/PMC7464074__cancers-12-02081-g001.html",
  );
  assert.equal(toPlain(ONLY_FIGURE), `HER2 signaling pathway. Pathway Figures, ${SOURCE.url}`);
});

test("BibTeX has an entry for the figure and one for its paper", () => {
  const text = toBibtex(SOURCE);
  assert.match(text, /^@misc\{PMC7464074__cancers-12-02081-g001,\n {2}title = \{\{Figure 1: HER2 signaling pathway\}\},/);
  assert.match(text, /@article\{PMC7464074,\n {2}author = \{Patel, Aena and others\},\n {2}title = \{\{The Changing Paradigm\}\},\n {2}journal = \{Cancers \(Basel\)\},/);
  assert.doesNotMatch(text, /= \{\}/);
  assert.equal(toBibtex(ONLY_FIGURE).match(/@/g).length, 1);
  assert.match(toBibtex({ ...ONLY_FIGURE, doi: "10.5281/zenodo.1" }), /doi = \{10\.5281\/zenodo\.1\}/);
  assert.match(toRis({ ...ONLY_FIGURE, doi: "10.5281/zenodo.1" }), /DO {2}- 10\.5281\/zenodo\.1\r\n/);
  assert.equal(text.match(/doi = /g).length, 1);
});

test("a paper that has a citation and no title is an entry too", () => {
  const untitled = { ...SOURCE, paper: "", reference: "Doe J, van der Berg AB. Plant Cell. 2024 Jan;36(2):1-12." };
  assert.match(toBibtex(untitled), /@article\{PMC7464074,\n {2}author = \{Doe, J and van der Berg, AB\},\n {2}journal = \{Plant Cell\},/);
  assert.match(toRis(untitled), /TY {2}- JOUR\r\n[^]*AU {2}- Doe, J\r\n[^]*DO {2}- 10\.3390/);
  assert.equal(toBibtex(untitled).match(/doi = /g).length, 1);
});

test("a group is one author, and what is no year is left out", () => {
  const reference = "Aging and Disease Group, J Doe. Nat Genet. 2020 Aug;12(8):2081-90.";
  assert.match(toBibtex({ ...SOURCE, reference }), /author = \{\{Aging and Disease Group\} and Doe, J\}/);
  assert.match(toRis({ ...SOURCE, reference }), /AU {2}- Aging and Disease Group\r\nAU {2}- Doe, J\r\n/);
  const unknown = { ...SOURCE, reference: "", year: "in press" };
  assert.doesNotMatch(toBibtex(unknown), /year/);
  assert.doesNotMatch(toRis(unknown), /PY/);
});

test("no text can close a BibTeX field, run a TeX command or add an entry", () => {
  assert.equal(tex("50% of {A}_b & $x$ #1 ~^ \\input{x}\n}"), "50\\% of \\textbraceleft{}A\\textbraceright{}\\_b \\& \\$x\\$ \\#1 \\textasciitilde{}\\textasciicircum{} \\textbackslash{}input\\textbraceleft{}x\\textbraceright{} \\textbraceright{}");
  const text = toBibtex({ ...SOURCE, id: "a, b}\n@x{", title: "}\n@book{evil,", url: "https://example.org/}" });
  assert.equal(text.match(/^@/gm).length, 2);
  let depth = 0; // as BibTeX counts, which knows no escaped brace
  for (const brace of text.match(/[{}]/g)) assert.ok((depth += brace === "{" ? 1 : -1) >= 0);
  assert.equal(depth, 0);
});

test("RIS has two whole records, each field on a line of its own", () => {
  const text = toRis({ ...SOURCE, title: "A\r\nER  - \r\nTY  - EVIL" });
  assert.deepEqual(text.match(/^TY {2}- .*(?=\r)/gm), ["TY  - FIGURE", "TY  - JOUR"]);
  assert.equal(text.match(/^ER {2}- \r$/gm).length, 2);
  assert.match(text, /AU {2}- Patel, Aena\r\n/);
  assert.match(text, /SP {2}- 2081\r\n/);
  assert.match(toRis({ ...SOURCE, reference: "V. J. Denef, et al. J Bacteriol. 2005;187:7996-8005." }), /SP {2}- 7996\r\nEP {2}- 8005\r\n/);
});

test("the paper's journal stands in for that of its reference, and its keywords come along", () => {
  const source = { ...SOURCE, reference: "" };
  assert.match(toBibtex(source), /journal = \{Cancers\}/);
  assert.match(toBibtex(SOURCE), /keywords = \{HER2, 50\\% of trials\}/);
  assert.match(toRis(source), /T2 {2}- Cancers\r\n/);
  assert.match(toRis(SOURCE), /KW {2}- HER2\r\nKW {2}- 50% of trials\r\n/);
});
