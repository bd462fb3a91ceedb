import { button, download, h, say } from "../dom.js";
import { message, unlessAborted } from "../search/store.js";
import { figureIds, figureTable, geneSets } from "./files.js";

/** @import { SearchResult } from "../search/types.js" */

/** Figures that are asked for at once; a file may be of the whole collection. */
const BATCH = 2000;

/**
 * The answers as files.
 * @param {SearchResult} result
 * @param {string} site address of the site
 * @param {AbortSignal} signal
 * @returns {HTMLElement}
 */
export function saving({ ids, rowsOf, genesOf }, site, signal) {
  const rows = () => inBatches(ids, rowsOf, signal);
  const genes = () => inBatches(ids, genesOf, signal);
  const files = {
    "Figure ids": ["figures.txt", "text/plain", async () => figureIds(await rows())],
    "Table (TSV)": [
      "figures.tsv",
      "text/tab-separated-values",
      async () => figureTable(await rows(), site),
    ],
    "Gene sets (GMT)": ["figures.gmt", "text/plain", async () => geneSets(await rows(), await genes())],
  };
  const buttons = Object.entries(files).map(([text, [name, type, make]]) =>
    fileButton(text, /** @type {string} */ (name), /** @type {string} */ (type), /** @type {Make} */ (make)),
  );
  return menu("Download", ...buttons);
}

/** @typedef {() => Promise<string>} Make */

/**
 * A button that makes a file when it is pressed, and says so where that takes its time.
 * @param {string} text
 * @param {string} name
 * @param {string} type
 * @param {Make} make
 */
export function fileButton(text, name, type, make) {
  let busy = false; // a button that is disabled meanwhile would lose the focus
  return button(text, async () => {
    if (busy) return;
    busy = true;
    const late = setTimeout(() => say("Preparing the file …"), 400);
    try {
      download(name, await make(), `${type};charset=utf-8`);
      say(`${name} saved`);
    } catch (error) {
      if (/** @type {Error} */ (error).name !== "AbortError") say(`The file could not be made. ${message(error)}`);
    } finally {
      clearTimeout(late);
      busy = false;
    }
  });
}

/**
 * A button that shows others.
 * @param {string} text
 * @param {...HTMLElement} parts
 */
export function menu(text, ...parts) {
  const details = h("details", { className: "menu" }, h("summary", { "data-key": text }, text), h("div", {}, ...parts));
  details.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !details.open) return;
    details.open = false;
    details.querySelector("summary")?.focus();
  });
  details.addEventListener("focusout", ({ relatedTarget }) => {
    if (relatedTarget && !details.contains(/** @type {Node} */ (relatedTarget))) details.open = false;
  });
  return details;
}

/**
 * What is told of figures, batch by batch. They are taken in the order of their ids, so that each file of the index is read once.
 * @template T
 * @param {ArrayLike<number>} ids
 * @param {(ids: Uint32Array) => Promise<T[]>} take
 * @param {AbortSignal} signal
 * @returns {Promise<T[]>} of all, in the order given
 */
export async function inBatches(ids, take, signal) {
  const ascending = Uint32Array.from(ids).sort();
  /** @type {Map<number, T>} */
  const known = new Map();
  for (let at = 0; at < ascending.length; at += BATCH) {
    const some = ascending.subarray(at, at + BATCH);
    (await unlessAborted(take(some), signal)).forEach((own, place) => known.set(some[place], own));
  }
  return Array.from(ids, (id) => /** @type {T} */ (known.get(id)));
}
