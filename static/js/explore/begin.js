import { open, parseAddress } from "../search/engine.js";
import { NAMED, namedEarly, optionsOf } from "./search.js";

/**
 * Asks for what the address wants, before the page is there to show it: whoever asks again shares the answer.
 * @param {string} site address of the site
 */
export async function begin(site) {
  const state = parseAddress(location.href);
  try {
    const engine = await open(site);
    if (state.view === "genes") await engine.resolveGenes(state.set);
    else if (state.q.trim()) await Promise.all([engine.search(state.q, optionsOf(state)), namedEarly(state) && engine.suggest(state.q, NAMED)]);
  } catch {
    // The page says what is wrong.
  }
}
