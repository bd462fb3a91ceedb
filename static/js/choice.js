import { h } from "./dom.js";
import { refit } from "./panel.js";

/** @import { GeneRow, Word } from "./genetable.js" */

/**
 * An organism of which the panel shows genes.
 * @typedef {object} Organism
 * @property {string} name
 * @property {string} group empty if unknown
 * @property {string} folder path of the folder of its genes
 */

/**
 * The organisms of the panel's genes: the page names them in the order of their genes, each of which has its organism's
 * folder. Tells each row its organism.
 * @param {Element} panel
 * @param {readonly Word[]} words
 * @returns {Organism[]} empty where all genes are of one
 */
function readOrganisms(panel, words) {
  const rows = words.flatMap((word) => word.rows);
  const folders = [...new Set(rows.map((row) => row.folder))];
  const organisms = [...panel.querySelectorAll(".of > li")].map((item, index) => ({
    name: item.firstChild?.textContent?.trim() ?? "",
    group: item.querySelector("small")?.textContent ?? "",
    folder: folders[index],
  }));
  const known = new Map(organisms.map((organism) => [organism.folder, organism]));
  for (const row of rows) {
    const organism = known.get(row.folder);
    if (organism) Object.assign(row, { organism: organism.name, group: organism.group });
  }
  return organisms;
}

/**
 * The words with the rows that a choice leaves.
 * @param {readonly Word[]} words
 * @param {string} organism `organism:` or `group:` and a name; empty for all
 * @param {string} lexicon empty for all
 * @returns {Word[]} words as they were where nothing is chosen
 */
export function chosen(words, organism, lexicon) {
  const [kind, name] = [organism.slice(0, organism.indexOf(":")), organism.slice(organism.indexOf(":") + 1)];
  /** @param {GeneRow} row */
  const fits = (row) => !organism || (kind === "group" ? row.group : row.organism) === name;
  return words.map((word) => ({
    ...word,
    rows: lexicon && word.lexicon !== lexicon ? [] : word.rows.filter(fits),
  }));
}

/**
 * @param {string} label
 * @param {HTMLElement[]} options
 */
function select(label, ...options) {
  return h("select", { "aria-label": label }, ...options);
}

/**
 * @param {string} text
 * @param {string} value
 */
function option(text, value) {
  return h("option", { value }, text);
}

/**
 * The choice of an organism or of a group of them, each group with its organisms below it.
 * @param {readonly Organism[]} organisms
 */
function organismSelect(organisms) {
  const groups = [...new Set(organisms.map(({ group }) => group))];
  const parts = groups.flatMap((group) => {
    const own = organisms.filter((organism) => organism.group === group);
    const options = own.map(({ name }) => option(name, `organism:${name}`));
    if (!group) return options;
    const all = own.length > 1 ? [option(`All ${group}`, `group:${group}`)] : [];
    return [h("optgroup", { label: group }, ...all, ...options)];
  });
  return select("Organism", option("All organisms", ""), ...parts);
}

/**
 * Offers a choice of organism and lexicon, where there are several: in the place where the page names the organisms,
 * else above the gene table.
 * @param {HTMLElement} panel
 * @param {HTMLElement | null} details
 * @param {readonly Word[]} words
 * @param {(words: readonly Word[]) => void} changed is told the words that are left, each with its place as before
 */
export function geneChoice(panel, details, words, changed) {
  const organisms = readOrganisms(panel, words);
  const lexicons = [...new Set(words.map((word) => word.lexicon))].filter(Boolean);
  const organism = organisms.length > 1 ? organismSelect(organisms) : null;
  const all = [option("All lexicons", ""), ...lexicons.map((name) => option(name, name))];
  const source = lexicons.length > 1 ? select("Lexicon", ...all) : null;
  const selects = [organism, source].filter((item) => item !== null);
  if (!selects.length) return;
  const choose = () => {
    const left = chosen(words, organism?.value ?? "", source?.value ?? "");
    show(panel, words, left);
    changed(left);
  };
  for (const item of selects) item.addEventListener("change", choose);
  const place = h("p", { className: "of" }, ...selects);
  const named = panel.querySelector(".of");
  // Where the page names no organisms it has no place for a choice: one that appeared would push the genes down.
  if (named) named.replaceWith(place);
  else details?.querySelector("summary")?.after(place);
}

/**
 * Shows what is left of the panel.
 * @param {HTMLElement} panel
 * @param {readonly Word[]} words all
 * @param {readonly Word[]} left
 */
function show(panel, words, left) {
  const shown = new Set();
  panel.querySelectorAll("dt").forEach((term, index) => {
    const data = term.nextElementSibling;
    const rows = new Set(left[index].rows);
    term.hidden = !rows.size;
    if (!(data instanceof HTMLElement)) return;
    data.hidden = !rows.size;
    data.classList.add("open"); // a folded family would fold the wrong genes
    data.querySelector("button")?.remove();
    data.querySelectorAll("a").forEach((link, place) => {
      link.hidden = !rows.has(words[index].rows[place]);
      if (!link.hidden) shown.add(link.href);
    });
  });
  for (const link of /** @type {NodeListOf<HTMLAnchorElement>} */ (panel.querySelectorAll(".flat a")))
    link.hidden = !shown.has(link.href);
  refit(panel);
  count(panel, shown.size, new Set(left.filter((word) => word.rows.length).map((word) => word.word)).size);
}

/**
 * Says in the heading how many genes and words are left.
 * @param {HTMLElement} panel
 * @param {number} genes
 * @param {number} words
 */
function count(panel, genes, words) {
  const heading = panel.querySelector("h2");
  const small = heading?.querySelector("small");
  if (!heading?.firstChild || !small) return;
  heading.firstChild.textContent = `${genes} gene${genes === 1 ? "" : "s"} `;
  small.textContent = `in ${words} word${words === 1 ? "" : "s"}`;
}
