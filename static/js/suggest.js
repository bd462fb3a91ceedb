import { h } from "./dom.js";
import { findGenes } from "./match.js";
import { geneNames } from "./names.js";

/** @import { Hit } from "./match.js" */

const LIMIT = 8;
let boxes = 0;

/**
 * Suggestions of a search form, as the combobox pattern of WAI-ARIA says: arrows move, Enter opens, Escape closes.
 * Without a choice the form is sent as it would be without scripts.
 */
class Suggestions {
  /** @type {Hit[]} */
  #hits = [];
  #active = -1;
  #id = `suggest${++boxes}`;
  #list = h("ul", { id: this.#id, className: "suggest", role: "listbox", "aria-label": "Genes", hidden: true });
  #names;
  #input;

  /** @param {HTMLFormElement} form its list of names lies beside its action */
  constructor(form) {
    this.#names = new URL("names.json", form.action).href;
    this.#input = /** @type {HTMLInputElement} */ (form.elements.namedItem("q"));
    form.append(this.#list);
    this.#describe();
    this.#listen();
  }

  #describe() {
    const attributes = {
      role: "combobox",
      autocomplete: "off",
      autocapitalize: "off",
      spellcheck: "false",
      "aria-expanded": "false",
      "aria-controls": this.#id,
      "aria-autocomplete": "list",
    };
    for (const [name, value] of Object.entries(attributes)) this.#input.setAttribute(name, value);
  }

  #listen() {
    this.#input.addEventListener("input", () => void this.#update());
    this.#input.addEventListener("keydown", (event) => this.#keydown(event));
    this.#input.addEventListener("focus", () => void geneNames(this.#names), { once: true });
    this.#input.addEventListener("blur", () => this.#close());
  }

  /** @param {number} index -1 for none */
  #choose(index) {
    this.#active = index;
    [...this.#list.children].forEach((item, at) => item.setAttribute("aria-selected", String(at === index)));
    if (index < 0) this.#input.removeAttribute("aria-activedescendant");
    else {
      this.#input.setAttribute("aria-activedescendant", `${this.#id}-${index}`);
      this.#list.children[index].scrollIntoView({ block: "nearest" });
    }
  }

  #close() {
    this.#list.hidden = true;
    this.#input.setAttribute("aria-expanded", "false");
    this.#choose(-1);
  }

  /** @param {number} index */
  #open(index) {
    location.assign(new URL(this.#hits[index].gene.path, this.#names));
  }

  async #update() {
    const query = this.#input.value;
    const genes = await geneNames(this.#names);
    if (this.#input.value !== query || document.activeElement !== this.#input) return; // not wanted any more
    this.#hits = findGenes(genes, query, LIMIT);
    this.#list.replaceChildren(...this.#hits.map((hit, at) => option(hit, `${this.#id}-${at}`, () => this.#open(at))));
    if (!this.#hits.length) return this.#close();
    this.#list.hidden = false;
    this.#input.setAttribute("aria-expanded", "true");
    this.#choose(-1);
  }

  /** @param {KeyboardEvent} event */
  #keydown(event) {
    const count = this.#list.hidden ? 0 : this.#hits.length;
    const at = this.#active;
    if (event.isComposing) return;
    if (event.key === "Escape" && count) this.#close();
    else if (event.key === "ArrowDown" && !count && this.#input.value) void this.#update();
    else if (event.key === "ArrowDown" && count) this.#choose(at + 1 < count ? at + 1 : -1);
    else if (event.key === "ArrowUp" && count) this.#choose(at < 0 ? count - 1 : at - 1);
    else if (event.key === "Enter" && at >= 0) this.#open(at);
    else return;
    event.preventDefault();
  }
}

/**
 * Gives a search form suggestions.
 * @param {HTMLFormElement} form
 */
export function suggest(form) {
  new Suggestions(form);
}

/**
 * @param {Hit} hit
 * @param {string} id
 * @param {() => void} open
 */
function option({ gene, word }, id, open) {
  const seen = word ? `seen as ${word}` : gene.words && `also ${gene.words}`;
  const count = `${gene.figures.toLocaleString("en")} figure${gene.figures === 1 ? "" : "s"}`;
  const parts = [h("b", {}, gene.symbol), h("span", {}, seen), h("small", {}, count)];
  const item = h("li", { id, role: "option", "aria-selected": "false" }, ...parts);
  // The press would take the focus from the input, which closes the list before the click comes.
  item.addEventListener("mousedown", (event) => event.preventDefault());
  item.addEventListener("click", open);
  return item;
}

/** `/` takes the reader to the search box that is on the page. */
export function slashFocuses() {
  document.addEventListener("keydown", (event) => {
    const target = /** @type {HTMLElement} */ (event.target);
    if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey) return;
    if (target.isContentEditable || /^(input|textarea|select)$/i.test(target.tagName)) return;
    if (document.querySelector("dialog[open]")) return;
    const inputs = /** @type {NodeListOf<HTMLInputElement>} */ (document.querySelectorAll("form[role=search] input"));
    const input = [...inputs].find((candidate) => candidate.getClientRects().length);
    if (!input) return;
    event.preventDefault();
    input.focus();
    input.select();
  });
}
