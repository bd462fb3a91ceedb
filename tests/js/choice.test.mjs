import assert from "node:assert/strict";
import { test } from "node:test";
import { chosen } from "../../static/js/choice.js";

/** A word with a gene of each of three organisms. */
function word(lexicon) {
  const genes = [
    ["Homo sapiens", "Primates"],
    ["Mus musculus", "Rodents"],
    ["Rattus norvegicus", "Rodents"],
  ];
  return { word: "Akt", match: "AKT", lexicon, rows: genes.map(([organism, group]) => ({ organism, group })) };
}

const WORDS = [word("symbol at NCBI Gene"), word("family in FamPlex")];

/** The organisms that a choice leaves of each word. */
function left(organism, lexicon) {
  return chosen(WORDS, organism, lexicon).map(({ rows }) => rows.map((row) => row.organism.split(" ")[0]));
}

test("nothing chosen leaves all", () => {
  assert.deepEqual(chosen(WORDS, "", ""), WORDS);
});

test("an organism, a group of organisms and a lexicon leave what is theirs, together what is of both", () => {
  assert.deepEqual(left("organism:Mus musculus", ""), [["Mus"], ["Mus"]]);
  assert.deepEqual(left("group:Rodents", ""), [
    ["Mus", "Rattus"],
    ["Mus", "Rattus"],
  ]);
  assert.deepEqual(left("organism:Homo sapiens", "family in FamPlex"), [[], ["Homo"]]);
});
