import { toBibtex, toPlain, toRis } from "./cite.js";
import { geneChoice } from "./choice.js";
import { geneTable } from "./details.js";
import { button, copy, download, h, messagesIn } from "./dom.js";
import { allOf, geneKey, rankedBy } from "./explore-links.js";
import { distinct, geneIds, readGenes, readPanel, toTsv } from "./genetable.js";
import { toGpml } from "./gpml.js";
import { genePanel } from "./panel.js";
import { picture } from "./picture.js";

/** @import { Source } from "./cite.js" */
/** @import { Word } from "./genetable.js" */

const DRUGST_ONE = "https://drugst.one/standalone?nodes=";
const DRUGST_ONE_OPTIONS =
  "&autofillEdges=true&activateNetworkMenuButtonAdjacentDrugs=true&interactionDrugProtein=NeDRex&licensedDatasets=true";
const MOST_NODES = 400; // more make an address too long
const ENRICHR = "https://maayanlab.cloud/Enrichr/enrich";
const NEW_TAB = "Opens the human genes in a new tab";
const TSV = "text/tab-separated-values";

/**
 * The actions of a figure page.
 * @param {HTMLElement} article
 */
export function figurePage(article) {
  const plate = /** @type {HTMLElement | null} */ (article.querySelector(".plate"));
  if (plate) picture(plate);
  const panel = /** @type {HTMLElement | null} */ (article.querySelector("#genes"));
  if (panel) genePanel(panel);
  const source = readSource(article);
  if (panel?.querySelector("dl")) genes(panel, article.querySelector("#table"), source);
  article
    .querySelector(".pub")
    ?.append(
      tools(
        button("Cite", () => citeDialog(source), "BibTeX, RIS or plain text"),
        button("Copy link", () => void copy(source.url, "Link")),
        ...imageLink(plate),
      ),
    );
  article.querySelector(".meta")?.setAttribute("data-address", source.url); // for paper
  openForPrint(article);
}

/**
 * A link to the picture in its full size.
 * @param {HTMLElement | null} plate
 */
function imageLink(plate) {
  const link = /** @type {HTMLAnchorElement | null} */ (plate?.querySelector(":scope > a"));
  return link ? [h("a", { href: link.href, rel: link.rel, title: "The picture alone, in its full size" }, "Image")] : [];
}

/** @param {...HTMLElement} actions */
function tools(...actions) {
  return h("p", { className: "tools" }, ...actions);
}

/**
 * The table of the panel's genes, and what can be done with them.
 * @param {HTMLElement} panel
 * @param {HTMLElement | null} details
 * @param {Source} source
 */
function genes(panel, details, source) {
  const words = readGenes(readPanel(panel), geneIds(node("Dataset").mentions), panel.dataset.human);
  const [place, explore] = [tools(), tools()];
  /** @param {readonly Word[]} left */
  const offer = (left) => {
    if (details) geneTable(details, left);
    place.replaceChildren(...geneTools(left, source, Boolean(panel.dataset.human)));
    explore.replaceChildren(...exploreLinks(panel));
  };
  geneChoice(panel, details, words, offer);
  offer(words);
  panel.append(place, explore);
}

/**
 * What can be done with genes.
 * @param {readonly Word[]} words
 * @param {Source} source
 * @param {boolean} known whether the figure has human genes, which are those that Drugst.One knows
 */
function geneTools(words, source, known) {
  const rows = words.flatMap((word) => word.rows);
  const each = distinct(rows);
  const human = [...new Set(rows.filter((row) => row.human).map((row) => row.symbol))];
  /** @type {HTMLElement[]} */
  const actions = [
    button("TSV", () => download(`${source.id}-genes.tsv`, toTsv(rows), TSV), "Download the gene table"),
    button("PathVisio", () => void copy(toGpml(each), "DataNodes for PathVisio"), "Copy DataNodes, to paste there"),
    button("Copy symbols", () => void copy(each.map((gene) => gene.symbol).join("\n"), "Gene symbols")),
  ];
  // Of a choice without human genes Drugst.One gets the symbols that were chosen; of a figure without any, nothing.
  const nodes = human.length || !known ? human : each.map((gene) => gene.symbol);
  if (nodes.length && nodes.length <= MOST_NODES) actions.push(drugstOne(nodes));
  if (human.length) actions.push(button("Enrichr", () => openEnrichr(human, source.title), NEW_TAB));
  return actions;
}

/**
 * Links to Explore with the genes of the panel.
 * @param {HTMLElement} panel
 */
function exploreLinks(panel) {
  const home = /** @type {HTMLAnchorElement | null} */ (document.querySelector("header .brand"))?.href ?? location.href;
  const links = /** @type {NodeListOf<HTMLAnchorElement>} */ (panel.querySelectorAll("dd a:not([hidden])"));
  const keys = [...new Set([...links].map((link) => geneKey(link.href, home)))];
  const all = allOf(keys, home);
  const some = { href: rankedBy(keys, home), "aria-label": "Figures with some of these genes" };
  return all
    ? [h("a", { href: all, title: "In Explore" }, "Figures with all of these"), h("a", some, "with some")]
    : [h("a", some, "Figures with some of these genes")];
}

/** @param {string[]} symbols */
function drugstOne(symbols) {
  const href = DRUGST_ONE + symbols.map(encodeURIComponent).join(",") + DRUGST_ONE_OPTIONS;
  return h("a", { href, target: "_blank", rel: "noopener", title: NEW_TAB }, "Drugst.One");
}

/**
 * Enrichr takes a list by a posted form alone.
 * @param {string[]} symbols
 * @param {string} description
 */
function openEnrichr(symbols, description) {
  const where = { action: ENRICHR, target: "_blank", rel: "noopener", hidden: true };
  const form = h("form", { method: "post", enctype: "multipart/form-data", ...where });
  for (const [name, value] of Object.entries({ list: symbols.join("\n"), description }))
    form.append(h("input", { type: "hidden", name, value }));
  document.body.append(form);
  form.submit();
  form.remove();
}

/**
 * What the page says of the figure and its paper: from its JSON-LD, and where that is silent from what it shows.
 * @param {HTMLElement} article
 * @returns {Source}
 */
function readSource(article) {
  /** @param {string} selector */
  const text = (selector) => article.querySelector(selector)?.textContent?.trim() ?? "";
  const dataset = node("Dataset");
  const paper = node("ScholarlyArticle");
  const reference = text(".pub p:not([class]) > span");
  const canonical = /** @type {HTMLLinkElement | null} */ (document.querySelector("link[rel=canonical]"));
  const site = document.querySelector("header .brand");
  const url = canonical?.href ?? location.href;
  return {
    id: decodeURIComponent(url.replace(/^.*\//s, "").replace(/\.html$/, "")),
    title: text("h1"),
    label: text(".meta").split(" · ")[0],
    url,
    site: site?.textContent?.trim() || location.host,
    paper: text(".pub cite") || (reference || paper.name === paper.identifier ? "" : string(paper.name)),
    reference,
    pmcid: /\bPMC\d+\b/.exec(`${string(paper.identifier)} ${text(".meta")}`)?.[0] ?? "",
    paperUrl: string(paper.url),
    doi: article.querySelector('.pub a[href^="https://doi.org/"]')?.textContent?.replace(/^doi:/, "") ?? "",
    journal: string(/** @type {any} */ (paper.isPartOf)?.name),
    keywords: Array.isArray(paper.keywords) ? paper.keywords.map(String) : [],
    year: string(paper.datePublished) || string(dataset.datePublished),
  };
}

/** @param {unknown} value */
function string(value) {
  return typeof value === "string" ? value : "";
}

/**
 * @param {string} type
 * @returns {Record<string, unknown>} the first node of that type in the page's graph
 */
function node(type) {
  return jsonLd().find((item) => [item["@type"]].flat().includes(type)) ?? {};
}

/** @returns {Record<string, unknown>[]} the nodes of the page's graph */
function jsonLd() {
  try {
    const script = document.querySelector('script[type="application/ld+json"]');
    const data = JSON.parse(script?.textContent ?? "{}");
    return Array.isArray(data["@graph"]) ? data["@graph"] : [data];
  } catch {
    return [];
  }
}

/** @param {Source} source */
function citeDialog(source) {
  const dialog = h("dialog", { "aria-labelledby": "cite" });
  const close = button("Close", () => dialog.close());
  dialog.append(h("div", { className: "head" }, h("h2", { id: "cite" }, "Cite this figure"), close));
  /** @type {[string, string][]} */
  const forms = [
    ["Plain text", toPlain(source)],
    ["BibTeX", toBibtex(source)],
    ["RIS", toRis(source)],
  ];
  for (const [name, text] of forms) {
    const copier = button("Copy", () => void copy(text, name));
    copier.setAttribute("aria-label", `Copy ${name}`);
    dialog.append(h("div", { className: "head" }, h("h3", {}, name), copier), h("pre", { tabIndex: 0 }, text));
  }
  dialog.addEventListener("close", () => {
    messagesIn(document.body);
    dialog.remove();
  });
  dialog.addEventListener("click", (event) => {
    if (event.target === dialog) dialog.close(); // the backdrop
  });
  document.body.append(dialog);
  dialog.showModal();
  messagesIn(dialog);
}

/**
 * The gene table is a part of the printed page, open or not.
 * @param {HTMLElement} article
 */
function openForPrint(article) {
  const details = article.querySelector("details");
  let opened = false;
  addEventListener("beforeprint", () => {
    opened = Boolean(details && !details.open);
    if (details) details.open = true;
  });
  addEventListener("afterprint", () => {
    if (details && opened) details.open = false;
  });
}
