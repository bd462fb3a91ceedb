import { button, h, prepareMessages, say } from "../dom.js";
import { formatAddress, open, parseAddress } from "../search/engine.js";
import { StaleIndex, message } from "../search/store.js";
import { facetsTitle } from "./facets.js";
import { geneForm } from "./geneform.js";
import { genesView } from "./genes.js";
import { searchView } from "./search.js";

/** @import { Engine } from "../search/engine.js" */
/** @import { AddressState } from "../search/types.js" */
/** @import { GeneForm } from "./geneform.js" */

/**
 * What shows one state of the page.
 * @typedef {object} View
 * @property {Engine} engine
 * @property {AddressState} state
 * @property {string} site address of the site
 * @property {AbortSignal} signal aborted when another state is wanted
 * @property {(change: Partial<AddressState>) => string} href address of this state with a change
 * @property {(change: Partial<AddressState>) => void} go
 * @property {(text: string) => void} count says how much was found, to eyes and to screen readers
 * @property {(...parts: Node[]) => void} show what was found
 * @property {HTMLDetailsElement} side the facets, which stay until others are known
 * @property {(place: Element, ...parts: Node[]) => void} fill puts into a part of what is shown
 */

/** Genes of a set that the title names. */
const NAMED = 4;
const WIDE = "(min-width: 60rem)";
/** What the history keeps of a search that is being typed. */
const TYPED = "typed";
const PAUSE = 150; // ms without a key after which a search that is being typed is answered

/** `/explore/`: what it shows is what its address says. */
class Explore {
  #aborting = new AbortController();
  #answer;
  /** Whether the number of what is searched now is there, though perhaps not all of the answer. */
  #told = false;
  #said = h("p", { className: "hidden", role: "status" });
  #count = h("h2", { className: "count", tabIndex: -1 });
  /** @type {Promise<Engine> | undefined} */
  #engine;
  #form;
  #input;
  /** @type {GeneForm | undefined} made when it is wanted */
  #set;
  /** @type {HTMLElement | undefined} what had the focus before it went with what was shown */
  #lost;
  #root;
  /** @type {WeakMap<Element, string>} the address that a place shows something of */
  #shown = new WeakMap();
  #side = h("details", { className: "facets", open: matchMedia(WIDE).matches }, facetsTitle());
  #site;
  #title;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;

  /** @param {HTMLElement} root */
  constructor(root) {
    this.#root = root;
    this.#form = /** @type {HTMLFormElement} */ (root.querySelector("form"));
    this.#input = /** @type {HTMLInputElement} */ (this.#form.elements.namedItem("q"));
    this.#answer = /** @type {HTMLElement} */ (root.querySelector(".answer"));
    this.#site = new URL("..", this.#form.action).href;
    this.#title = document.title;
    root.querySelector(".why")?.remove();
    this.#answer.before(this.#said, this.#count);
    this.#listen();
    const early = this.#input.value.trim();
    const place = scrolled();
    if (place) history.scrollRestoration = "manual"; // else the browser goes as far as what is there yet
    const own = { moved: false };
    for (const kind of ["wheel", "touchmove", "keydown", "pointerdown"]) {
      addEventListener(kind, () => void (own.moved = true), { once: true, passive: true });
    }
    void this.#render().then(() => {
      if (place && !own.moved) scrollTo(0, place); // the browser may have gone a part of the way
      history.scrollRestoration = "auto";
    });
    this.#catchUp(early);
  }

  /**
   * Searches for what was typed before this script was there.
   * @param {string} early
   */
  #catchUp(early) {
    const { view, q } = this.#state();
    if (!early || view !== "search" || early === q.trim()) return;
    if (this.#input.value.trim() !== early) this.#input.value = early; // a box that had been left shows the address
    this.#typed();
  }

  #listen() {
    this.#form.addEventListener("submit", (event) => {
      event.preventDefault();
      clearTimeout(this.#timer);
      this.#go(formatAddress({ ...this.#state(), q: this.#input.value.trim(), page: 1 }));
    });
    this.#input.addEventListener("input", () => this.#typed());
    addEventListener("popstate", () => {
      clearTimeout(this.#timer);
      this.#input.value = ""; // it then shows the address, where it has the focus too
      void this.#render();
    });
    this.#root.addEventListener("click", (event) => this.#clicked(event));
    // What stands behind # in the address is a set of genes here.
    document.querySelector(".skip")?.addEventListener("click", (event) => {
      event.preventDefault();
      document.querySelector("main")?.focus();
    });
  }

  /**
   * A search that is being typed takes the place of what was typed before, or of none: Back leads out of it, not letter by letter. One
   * that was sent, chosen or opened stays.
   */
  #typed() {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      const q = this.#input.value.trim();
      if (q === this.#state().q) return;
      const address = this.#address({ ...this.#state(), q, page: 1 });
      if (history.state === TYPED || !this.#state().q) history.replaceState(TYPED, "", address);
      else history.pushState(TYPED, "", address);
      void this.#render();
    }, PAUSE);
  }

  /**
   * Links to other states of the page are followed without loading it again.
   * @param {MouseEvent} event
   */
  #clicked(event) {
    const link = /** @type {Element} */ (event.target).closest("a");
    const other = event.button || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey;
    if (!link || other || link.target || link.hasAttribute("download")) return;
    const { origin, pathname, search, hash } = new URL(link.href);
    if (origin !== location.origin || pathname !== new URL(this.#form.action).pathname) return;
    event.preventDefault();
    this.#go(search + hash, link.closest(".pager") !== null);
  }

  #state() {
    return parseAddress(location.href);
  }

  /** @param {Partial<AddressState>} state */
  #address(state) {
    return new URL(formatAddress(state), this.#form.action).href;
  }

  /**
   * @param {string} end of the address
   * @param {boolean} [top] whether to go to the top of the answer
   */
  #go(end, top = false) {
    const address = new URL(end, this.#form.action).href;
    if (address !== location.href) history.pushState(null, "", address);
    else history.replaceState(null, "");
    // A box that was left tells of its change before the focus is where it goes: what is shown anew must find it there.
    setTimeout(() => void this.#render());
    if (!top) return;
    // Now, not when the figures are there: by then the reader may be elsewhere.
    this.#lost = undefined;
    this.#count.focus({ preventScroll: true });
    this.#count.scrollIntoView();
  }

  async #render() {
    this.#aborting.abort();
    this.#aborting = new AbortController();
    const { signal } = this.#aborting;
    const state = this.#state();
    this.#frame(state);
    this.#told = false;
    const waiting = setTimeout(() => {
      this.#root.setAttribute("aria-busy", "true");
      if (!this.#told) this.#say("Searching …"); // not the number of what was searched before
    }, 300);
    try {
      this.#engine ??= open(this.#site);
      const engine = await this.#engine;
      if (!signal.aborted) await this.#answered(this.#view(engine, state, signal));
    } catch (error) {
      if (!signal.aborted) this.#fail(error);
    } finally {
      clearTimeout(waiting);
      if (!signal.aborted) this.#root.removeAttribute("aria-busy");
    }
  }

  /**
   * @param {Engine} engine
   * @param {AddressState} state
   * @param {AbortSignal} signal
   * @returns {View}
   */
  #view(engine, state, signal) {
    const fill = (/** @type {Element} */ place, /** @type {Node[]} */ ...parts) => {
      this.#shown.set(place, this.#address(state));
      this.#show(place, parts);
    };
    return {
      engine,
      state,
      signal,
      site: this.#site,
      href: (/** @type {Partial<AddressState>} */ change) => this.#address({ ...state, ...change }),
      go: (/** @type {Partial<AddressState>} */ change) => this.#go(formatAddress({ ...state, ...change })),
      count: (/** @type {string} */ text) => {
        this.#told = true;
        this.#say(text);
      },
      side: this.#side,
      show: (/** @type {Node[]} */ ...parts) => fill(this.#answer, ...parts),
      fill,
    };
  }

  /**
   * Shows a state; once more where the site was published anew before all of it was there.
   * @param {View} view
   */
  async #answered(view) {
    try {
      await shown(view);
    } catch (error) {
      if (!(error instanceof StaleIndex) || view.signal.aborted) throw error;
      // Screen readers have been told how much was found: again only if that is another number.
      await shown({ ...view, count: (text) => text === this.#said.textContent || view.count(text) });
    }
  }

  /**
   * Says how much was found, in the heading, and to screen readers in a place that is always there.
   * @param {string} text
   */
  #say(text) {
    this.#said.textContent = this.#count.textContent = text;
  }

  /** The form of gene sets. */
  #sets() {
    if (!this.#set) {
      this.#set = geneForm((set) => this.#go(formatAddress({ ...this.#state(), view: "genes", set, page: 1 })));
      this.#count.before(this.#set.element);
    }
    return this.#set;
  }

  /**
   * What surrounds the answer: the tabs, the box, the hints where there is no search.
   * @param {AddressState} state
   */
  #frame({ view, q, set, page }) {
    this.#root.querySelectorAll(".tabs a").forEach((tab, at) => {
      if ((at === 1) === (view === "genes")) tab.setAttribute("aria-current", "page");
      else tab.removeAttribute("aria-current");
    });
    const genes = view === "genes";
    const asked = genes ? set.slice(0, NAMED).join(", ") + (set.length > NAMED ? " …" : "") : q.trim();
    const at = asked && page > 1 ? `${asked}, page ${page}` : asked;
    document.title = at ? `${at} · ${this.#title}` : this.#title;
    this.#form.hidden = genes;
    if (genes) this.#sets().fill(set);
    else this.#set?.leave();
    if (this.#set) this.#set.element.hidden = !genes;
    for (const part of /** @type {NodeListOf<HTMLElement>} */ (this.#root.querySelectorAll(".intro, .syntax")))
      part.hidden = genes || (part.className === "intro" && q.trim() !== "");
    if (document.activeElement !== this.#input || !this.#input.value.trim()) this.#input.value = genes ? "" : q;
  }

  /**
   * New content in place of the old; what had the focus has it again, at once or when it comes.
   * @param {Element} place
   * @param {Node[]} parts
   */
  #show(place, parts) {
    const focused = /** @type {HTMLElement | null} */ (document.activeElement);
    const inside = focused && place.contains(focused) ? focused : null;
    place.replaceChildren(...parts);
    if (inside) {
      this.#lost = inside;
      this.#count.focus({ preventScroll: true });
    }
    this.#refocus();
  }

  #refocus() {
    if (!this.#lost || document.activeElement !== this.#count) return;
    if (this.#lost.isConnected) return this.#again(this.#lost);
    const { id, dataset } = this.#lost;
    const same = [...this.#answer.querySelectorAll(id ? `#${id}` : "[data-key]")].find(
      (element) => id || /** @type {HTMLElement} */ (element).dataset.key === dataset.key,
    );
    // A number that was being typed when the answer came goes on where it was.
    if (same instanceof HTMLInputElement && this.#lost instanceof HTMLInputElement && dataset.typed !== undefined) {
      same.value = this.#lost.value;
      same.dataset.typed = "";
    }
    if (same instanceof HTMLElement) this.#again(same);
  }

  /** @param {HTMLElement} element */
  #again(element) {
    this.#lost = undefined;
    element.focus({ preventScroll: true });
  }

  /**
   * Says what is wrong: in place of an answer, or below the figures of it that are there already.
   * @param {unknown} error
   */
  #fail(error) {
    this.#engine = undefined;
    const again = button("Try again", () => void this.#render());
    const address = this.#address(this.#state());
    const hits = this.#shown.get(this.#answer) === address && this.#answer.querySelector(".hits");
    if (!hits) {
      this.#say("The search is not available");
      this.#show(this.#answer, [h("p", { className: "note" }, message(error)), again]);
      return;
    }
    const what = `Not all of this page could be read. ${message(error)}`;
    hits.querySelectorAll("li[aria-hidden]").forEach((place) => place.remove());
    this.#answer.querySelector(".missing")?.remove();
    hits.after(h("div", { className: "missing" }, h("p", { className: "note" }, what), again));
    // Those of another search would lead back to it.
    if (this.#shown.get(this.#side) !== address) this.#show(this.#side, [facetsTitle(), h("p", { className: "empty" }, "The filters could not be read.")]);
    say(what); // what is missing may be far below
  }
}

/**
 * Shows what a state asks for.
 * @param {View} view
 */
async function shown(view) {
  if (view.state.view === "genes") return genesView(view);
  if (view.state.q.trim()) return searchView(view);
  view.count("");
  view.show();
}

/**
 * @param {string} name
 * @param {string} value
 */
function remember(name, value) {
  try {
    sessionStorage.setItem(name, value);
  } catch {
    // It is full, or refused: the reader begins at the top.
  }
}

/**
 * How far a reader who comes back had scrolled: the browser cannot tell, as what was there is not there yet.
 * @returns {number} 0 for who comes anew
 */
function scrolled() {
  const [way] = /** @type {PerformanceNavigationTiming[]} */ (performance.getEntriesByType("navigation"));
  addEventListener("pagehide", () => remember(location.href, String(Math.round(scrollY))));
  if (way?.type === "navigate") return 0;
  try {
    return Number(sessionStorage.getItem(location.href));
  } catch {
    return 0;
  }
}

/**
 * Makes the page work.
 * @param {HTMLElement} root
 */
export function explore(root) {
  prepareMessages();
  new Explore(root);
}
