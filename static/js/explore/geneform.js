import { button, h, say } from "../dom.js";
import { MOST_NAMES } from "../search/geneset.js";
import { geneNames, genesInFile, noText, textOf } from "./geneinput.js";
import { commas } from "./numbers.js";

/** Sets to try where there are human genes, written as people write them: symbols, aliases, ids. */
const EXAMPLES = {
  "Hippo signaling": "YAP1 TAZ LATS1 LATS2 STK3 STK4 SAV1 MOB1A NF2 TEAD1 TEAD2 TEAD4 AMOT CTGF",
  "PI3K–AKT–mTOR": "PIK3CA PIK3R1 PTEN AKT1 AKT2 MTOR TSC1 TSC2 RHEB RPS6KB1 4EBP1 FOXO1 GSK3B PDPK1",
  Apoptosis: "CASP3 CASP8 CASP9 BAX BAK1 BCL2 BCL-XL CYCS APAF1 FAS FADD XIAP BID TP53",
  "Ids at NCBI": "3091, 405, 7422, 5054, 2113, 7157, 54583, 7428, 8453",
};

/**
 * The form of a set of genes.
 * @typedef {object} GeneForm
 * @property {HTMLElement} element
 * @property {(names: readonly string[]) => void} fill shows a set, where it is another one than before
 * @property {() => void} leave lets what was not sent be filled over
 */

/**
 * @param {(names: string[]) => void} find shows the figures of a set
 * @returns {GeneForm}
 */
export function geneForm(find) {
  const human = Boolean(document.querySelector(".explore[data-human]"));
  const area = h("textarea", {
    id: "set",
    rows: 4,
    spellcheck: false,
    placeholder: human ? "YAP1, TAZ\nLATS1 LATS2; 7003" : "Symbols or ids, with anything between them",
    "aria-describedby": "set-hint",
  });
  area.setAttribute("autocapitalize", "off");
  const file = h("input", { type: "file", id: "set-file", accept: ".txt,.tsv,.csv,.gmt,.grp,text/plain" });
  const form = h(
    "form",
    { className: "set" },
    h("label", { for: "set" }, "Genes"),
    area,
    h("p", { id: "set-hint", className: "shown" }, hint()),
    h("div", { className: "tools" }, h("button", { className: "main" }, "Find figures"), h("label", { for: "set-file" }, "From a file"), file),
  );
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const names = geneNames(area.value);
    if (names.length) return find(names);
    say("Write or paste some genes first");
    area.focus();
  });
  area.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) form.requestSubmit();
  });
  const read = async (/** @type {File | null | undefined} */ given) => {
    if (!given) return;
    const text = await textOf(given);
    const fault = noText(text);
    if (fault) return say(fault);
    area.value = genesInFile(text, given.name).join(", ");
    form.requestSubmit();
  };
  file.addEventListener("change", () => void read(file.files?.[0]));
  drops(form, area, read);
  const examples = Object.entries(EXAMPLES).map(([text, genes]) =>
    button(text, () => {
      area.value = genes;
      form.requestSubmit();
    }),
  );
  const element = h("div", {}, form);
  if (human) element.append(h("p", { className: "tools examples" }, "Try ", ...examples));
  let filled = "";
  const fill = (/** @type {readonly string[]} */ names) => {
    const set = names.join();
    if (set === filled) return; // a filter changed: what has been written since is not lost
    filled = set;
    if (geneNames(area.value).join() !== set) area.value = names.join(", ");
  };
  // Who comes back to an address finds its set in the box, not what was written and not sent before.
  const leave = () => {
    if (filled && geneNames(area.value).join() !== filled) filled = "";
  };
  return { element, fill, leave };
}

function hint() {
  const most = commas(MOST_NAMES);
  return `Symbols, other names or NCBI Gene ids, with anything between them; ${most} at most. A file can be dropped here.`;
}

/**
 * @param {HTMLElement} form
 * @param {HTMLTextAreaElement} area
 * @param {(file: File | undefined) => Promise<void>} read
 */
function drops(form, area, read) {
  const over = (/** @type {boolean} */ on) => area.classList.toggle("over", on);
  form.addEventListener("dragover", (event) => {
    if (!event.dataTransfer?.types.includes("Files")) return;
    event.preventDefault();
    over(true);
  });
  form.addEventListener("dragleave", () => over(false));
  form.addEventListener("drop", (event) => {
    over(false);
    const [file] = event.dataTransfer?.files ?? [];
    if (!file) return; // text falls into the box by itself
    event.preventDefault();
    void read(file);
  });
}
