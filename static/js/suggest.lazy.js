import { h } from "./dom.js";
import { open } from "./search/engine.js";
import { trimmed } from "./search/words.js";

/** @import { Engine } from "./search/engine.js" */
/** @import { Suggestions as Found } from "./search/types.js" */

/**
 * What can be chosen: its parts, and where it leads.
 * @typedef {object} Choice
 * @property {string} text
 * @property {string} note
 * @property {string} count
 * @property {string} href
 */

const PAUSE = 60; // ms: one who types quickly asks once

/**
 * Suggestions of a search form, as the combobox pattern of WAI-ARIA says: arrows move, Enter opens, Escape closes.
 * Without a choice the form is sent as it would be without scripts.
 */
class Suggestions {
  #aborting = new AbortController();
  #active = -1;
  #form;
  #input;
  #list;
  /** @type {HTMLAnchorElement[]} */
  #options = [];
  /** @type {Promise<Engine> | undefined} */
  #engine;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;

  /**
   * @param {HTMLFormElement} form
   * @param {HTMLInputElement} input
   * @param {HTMLElement} list
   */
  constructor(form, input, list) {
    this.#form = form;
    this.#input = input;
    this.#list = list;
    input.addEventListener("input", () => this.#soon());
    input.addEventListener("keydown", (event) => this.#keydown(event));
    input.addEventListener("blur", () => this.#close());
    input.addEventListener("focus", () => void this.#open());
    // The press would take the focus from the input, which closes the list before the click comes.
    list.addEventListener("mousedown", (event) => event.preventDefault());
    void this.#open();
    if (input.value && document.activeElement === input) this.#soon();
  }

  /** The index; one that could not be had is tried again. */
  #open() {
    const engine = this.#engine ?? open(new URL("..", this.#form.action).href);
    this.#engine = engine;
    engine.catch(() => (this.#engine = undefined));
    return engine;
  }

  /** @param {number} index -1 for none */
  #choose(index) {
    this.#active = index;
    this.#options.forEach((option, at) => option.setAttribute("aria-selected", String(at === index)));
    if (index < 0) this.#input.removeAttribute("aria-activedescendant");
    else {
      this.#input.setAttribute("aria-activedescendant", this.#options[index].id);
      this.#options[index].scrollIntoView({ block: "nearest" });
    }
  }

  /** Closes the list, and keeps it closed whatever is being asked. */
  #close() {
    clearTimeout(this.#timer);
    this.#aborting.abort();
    this.#list.hidden = true;
    this.#input.setAttribute("aria-expanded", "false");
    this.#choose(-1);
  }

  /** Another text is being typed: what was chosen for the one before is not meant any more. */
  #soon() {
    this.#choose(-1);
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#update(), PAUSE);
  }

  async #update() {
    const query = this.#input.value.trim();
    if (!query) return this.#close();
    this.#aborting.abort();
    this.#aborting = new AbortController();
    const { signal } = this.#aborting;
    /** @type {Found} */
    let found = { genes: [], chemicals: [], diseases: [], organisms: [], figures: [] };
    try {
      found = await (await this.#open()).suggest(query, { limit: 6, signal });
    } catch {
      // Without the index the search of all is left: its page says what is wrong.
    }
    if (signal.aborted || this.#input.value.trim() !== query || document.activeElement !== this.#input) return; // not wanted any more
    this.#show(found, query);
  }

  /**
   * @param {Found} found
   * @param {string} query
   */
  #show(found, query) {
    const groups = [
      this.#group("Genes", found.genes.map(geneChoice)),
      this.#group("Chemicals", found.chemicals.map(conceptChoice)),
      this.#group("Diseases", found.diseases.map(conceptChoice)),
      this.#group("Organisms", found.organisms.map(organismChoice)),
      this.#group("Figures", found.figures.map(figureChoice)),
      this.#group("", [this.#everything(query)]),
    ];
    const chosen = this.#options[this.#active]?.href;
    this.#list.replaceChildren(...groups.flat());
    this.#options = [...this.#list.querySelectorAll("a")];
    this.#options.forEach((option, at) => (option.id = `${this.#list.id}-${at}`));
    this.#list.hidden = false;
    this.#input.setAttribute("aria-expanded", "true");
    // What was chosen while this was on its way stays chosen, if it is still there.
    this.#choose(this.#options.findIndex((option) => option.href === chosen));
  }

  /**
   * @param {string} query
   * @returns {Choice}
   */
  #everything(query) {
    const href = `${this.#form.action}?${new URLSearchParams({ q: query })}`;
    return { text: `Search all for “${query}”`, note: "", count: "", href };
  }

  /**
   * @param {string} label empty for none
   * @param {Choice[]} choices
   */
  #group(label, choices) {
    if (!choices.length) return [];
    const options = choices.map(({ text, note, count, href }) => {
      const parts = [h("b", {}, text), h("span", {}, note), h("small", {}, count)];
      // A link, so that it opens in another tab too; the arrows reach it, the tab key does not.
      return h("a", { role: "option", href, tabIndex: -1, "aria-selected": "false" }, ...parts);
    });
    if (!label) return options;
    const title = h("div", { "aria-hidden": "true" }, label);
    return [h("div", { role: "group", "aria-label": label }, title, ...options)];
  }

  /** @param {KeyboardEvent} event */
  #keydown(event) {
    const count = this.#list.hidden ? 0 : this.#options.length;
    const at = this.#active;
    if (event.isComposing) return;
    if (event.key === "Escape") {
      this.#close();
      if (!count) return; // browsers may empty the box
    } else if (event.key === "ArrowDown" && !count && this.#input.value) void this.#update();
    else if (event.key === "ArrowDown" && count) this.#choose(at + 1 < count ? at + 1 : -1);
    else if (event.key === "ArrowUp" && count) this.#choose(at < 0 ? count - 1 : at - 1);
    else if (event.key === "Enter" && at >= 0) location.assign(this.#options[at].href);
    else return;
    event.preventDefault();
  }
}

/** @param {number} count */
function figures(count) {
  return `${count.toLocaleString("en")} figure${count === 1 ? "" : "s"}`;
}

/**
 * @param {Found["genes"][number]} found
 * @returns {Choice}
 */
function geneChoice({ gene, word }) {
  const seen = word ? `seen as ${trimmed(word)}` : "";
  // The default organism's keys are bare symbols: of these it need not be said.
  const note = [gene.key.includes("/") ? gene.organism : "", seen].filter(Boolean).join(", ");
  return { text: gene.symbol, note, count: figures(gene.total), href: gene.href };
}

/**
 * @param {Found["chemicals"][number]} concept
 * @returns {Choice}
 */
function conceptChoice({ name, word, count, href }) {
  return { text: name, note: word ? `seen as ${trimmed(word)}` : "", count: figures(count), href };
}

/**
 * @param {Found["organisms"][number]} organism
 * @returns {Choice}
 */
function organismChoice({ name, count, href }) {
  return { text: name, note: "", count: figures(count), href };
}

/**
 * @param {Found["figures"][number]} figure
 * @returns {Choice}
 */
function figureChoice({ figid, title, year, href }) {
  return { text: title, note: figid, count: year, href };
}

/**
 * Gives a search form suggestions.
 * @param {HTMLFormElement} form
 * @param {HTMLInputElement} input
 * @param {HTMLElement} list where they are shown
 */
export function suggest(form, input, list) {
  new Suggestions(form, input, list);
}
