import { button, h } from "./dom.js";
import { wordOf } from "./genetable.js";

/** Keep equal to the rule in figure.css that hides the genes of a large family. */
const SHOWN = 5;
const FOLD_FROM = 8;
/** Genes that a keyboard may have to pass. */
const MOST_STOPS = 60;

/**
 * The panel of genes: the switch between words and a flat list, families unfolded on a click, a long list made whole.
 * @param {HTMLElement} panel
 */
export function genePanel(panel) {
  const words = panel.querySelector("dl");
  const heading = panel.querySelector("h2");
  if (!words || !heading) return;
  const flat = flatList(words);
  flat.hidden = true;
  words.after(flat);
  words.querySelectorAll("dd").forEach(fold);
  const lists = [words, flat];
  heading.after(viewSwitch(words, flat, () => lists.forEach(reachable)));
  if (words.scrollHeight > words.clientHeight + 1) offerWhole(words, flat);
}

/** @param {HTMLElement} dd */
function fold(dd) {
  const links = dd.querySelectorAll("a");
  if (links.length < FOLD_FROM) return;
  const more = button(`+${links.length - SHOWN}`, () => {
    dd.classList.add("open");
    more.remove();
    links[SHOWN].focus();
  });
  more.setAttribute("aria-label", `Show ${links.length - SHOWN} more genes of ${wordOf(dd.previousElementSibling)}`);
  dd.append(more);
}

/**
 * @param {HTMLElement} words
 * @returns {HTMLElement} each gene once, by the alphabet
 */
function flatList(words) {
  const links = new Map([...words.querySelectorAll("a")].map((link) => [link.href, link]));
  const sorted = [...links.values()].sort((a, b) => (a.text < b.text ? -1 : 1));
  return h("p", { className: "flat" }, ...sorted.map((link) => link.cloneNode(true)));
}

/**
 * @param {HTMLElement} words
 * @param {HTMLElement} flat
 * @param {() => void} changed
 */
function viewSwitch(words, flat, changed) {
  const choices = ["All", "As seen"].map((text, index) =>
    button(text, () => {
      words.hidden = index === 0;
      flat.hidden = index === 1;
      choices.forEach((choice, other) => choice.setAttribute("aria-pressed", String(other === index)));
      changed();
    }),
  );
  choices.forEach((choice, index) => choice.setAttribute("aria-pressed", String(index === 1)));
  return h("span", { className: "switch", role: "group", "aria-label": "Genes shown" }, ...choices);
}

/**
 * @param {HTMLElement} words
 * @param {HTMLElement} flat
 */
function offerWhole(words, flat) {
  const toggle = button("Show all", () => {
    const whole = words.classList.toggle("whole");
    flat.classList.toggle("whole", whole);
    toggle.textContent = whole ? "Show fewer" : "Show all";
    [words, flat].forEach(reachable);
  });
  toggle.dataset.whole = "";
  flat.after(toggle);
  reachable(words);
}

/**
 * Sees anew which genes of a panel are in view, once a choice has hidden some.
 * @param {HTMLElement} panel
 */
export function refit(panel) {
  const lists = /** @type {HTMLElement[]} */ ([...panel.querySelectorAll("dl, .flat")]);
  lists.forEach(reachable);
  const toggle = /** @type {HTMLElement | null} */ (panel.querySelector("[data-whole]"));
  const whole = lists.some((list) => list.classList.contains("whole"));
  if (toggle) toggle.hidden = !whole && !lists.some((list) => list.scrollHeight > list.clientHeight + 1);
}

/**
 * Of a long list of which a part is in view, that part alone is reached by the keyboard: hundreds of genes would stand before what follows.
 * The list itself is reached too, so that it can be scrolled.
 * @param {HTMLElement} list
 */
function reachable(list) {
  const every = /** @type {HTMLElement[]} */ ([...list.querySelectorAll("a, button")]);
  const items = every.filter((item) => item.offsetParent !== null);
  const cut = items.length > MOST_STOPS && list.scrollHeight > list.clientHeight + 1;
  if (cut) list.tabIndex = 0;
  else list.removeAttribute("tabindex");
  const end = list.getBoundingClientRect().top + list.clientHeight - list.scrollTop;
  for (const item of items) item.tabIndex = cut && item.getBoundingClientRect().bottom > end ? -1 : 0;
}
