import { button, download, h, say } from "../dom.js";
import { figureIds, figureTable, geneSets } from "./files.js";
import { commas } from "./numbers.js";

/** @import { Engine } from "../search/engine.js" */

/** More figures than these are better taken from the files of the whole collection. */
export const MOST_SAVED = 10000;
const BATCH = 1000;

/**
 * The answers as files.
 * @param {Engine} engine
 * @param {Uint32Array} ids
 * @param {string} site address of the site
 * @param {AbortSignal} signal
 * @returns {HTMLElement}
 */
export function saving(engine, ids, site, signal) {
  const wanted = ids.subarray(0, MOST_SAVED);
  const rows = () => inBatches(wanted, (some) => engine.rows(some, signal));
  const genes = () => inBatches(wanted, (some) => engine.figureGenes(some, signal));
  const files = {
    "Figure ids": ["figures.txt", "text/plain", async () => figureIds(await rows())],
    "Table with citations (TSV)": [
      "figures.tsv",
      "text/tab-separated-values",
      async () => figureTable(await rows(), site),
    ],
    "Gene sets (GMT)": ["figures.gmt", "text/plain", async () => geneSets(await rows(), await genes())],
  };
  const buttons = Object.entries(files).map(([text, [name, type, make]]) =>
    fileButton(text, /** @type {string} */ (name), /** @type {string} */ (type), /** @type {Make} */ (make)),
  );
  const limit = ids.length > MOST_SAVED ? [h("p", { className: "shown" }, tooMany(ids.length))] : [];
  return menu("Download", ...buttons, ...limit);
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

/** @param {number} found */
function tooMany(found) {
  const most = commas(MOST_SAVED);
  return `The first ${most} of ${commas(found)}. The downloads of this site have all figures.`;
}

/**
 * @template T
 * @param {Uint32Array} ids
 * @param {(ids: Uint32Array) => Promise<T[]>} take
 * @returns {Promise<T[]>} of all, in the same order
 */
async function inBatches(ids, take) {
  /** @type {T[]} */
  const out = [];
  for (let at = 0; at < ids.length; at += BATCH) out.push(...(await take(ids.subarray(at, at + BATCH))));
  return out;
}

/**
 * What is wrong, for readers.
 * @param {unknown} error
 * @returns {string}
 */
export function message(error) {
  return error instanceof Error ? error.message : String(error);
}
