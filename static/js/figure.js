import { toBibtex, toPlain, toRis } from "./cite.js";
import { button, copy, download, h } from "./dom.js";
import { distinct, readGenes, toTsv } from "./genetable.js";
import { toGpml } from "./gpml.js";
import { genePanel } from "./panel.js";
import { picture } from "./picture.js";

/** @import { Source } from "./cite.js" */

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
  const table = /** @type {HTMLTableElement | null} */ (article.querySelector("#table table"));
  if (table && panel) geneActions(panel, table, source);
  article
    .querySelector(".pub .tools")
    ?.append(
      button("Cite", () => citeDialog(source), "BibTeX, RIS or plain text"),
      button("Copy link", () => void copy(source.url, "Link")),
    );
  openForPrint(article);
}

/**
 * @param {HTMLElement} panel
 * @param {HTMLTableElement} table
 * @param {Source} source
 */
function geneActions(panel, table, source) {
  const lexicons = /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll(".lexicons dt"));
  const sources = new Map([...lexicons].map((name) => [name.textContent?.trim() ?? "", name.dataset.id ?? ""]));
  const rows = readGenes(table, sources);
  const genes = distinct(rows);
  const human = genes.filter((gene) => gene.human).map((gene) => gene.symbol);
  const tools = panel.querySelector(".tools");
  if (!tools) return;
  tools.prepend(
    button("TSV", () => download(`${source.id}-genes.tsv`, toTsv(rows), TSV), "Download the gene table"),
    button("PathVisio", () => void copy(toGpml(genes), "DataNodes for PathVisio"), "Copy DataNodes, to paste there"),
    button("Copy symbols", () => void copy(genes.map((gene) => gene.symbol).join("\n"), "Gene symbols")),
  );
  const drugstOne = tools.querySelector("a");
  if (drugstOne) Object.assign(drugstOne, { target: "_blank", rel: "noopener", title: NEW_TAB });
  if (human.length) tools.append(button("Enrichr", () => openEnrichr(human, source.title), NEW_TAB));
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
  const data = jsonLd();
  /** @param {string} type */
  const node = (type) => data.find((item) => [item["@type"]].flat().includes(type)) ?? {};
  const dataset = node("Dataset");
  const paper = node("ScholarlyArticle");
  const canonical = /** @type {HTMLLinkElement | null} */ (document.querySelector("link[rel=canonical]"));
  const site = /** @type {HTMLMetaElement | null} */ (document.querySelector('meta[property="og:site_name"]'));
  const url = canonical?.href ?? location.href;
  return {
    id: decodeURIComponent(url.replace(/^.*\//s, "").replace(/\.html$/, "")),
    title: text("h1"),
    label: text(".meta").split(" · ")[0],
    url,
    site: site?.content ?? location.host,
    paper: text(".pub cite") || string(paper.name),
    reference: text(".pub cite + span"),
    pmcid: /\bPMC\d+\b/.exec(`${string(paper.identifier)} ${text(".meta")}`)?.[0] ?? "",
    paperUrl: string(paper.url),
    doi: article.querySelector('.pub a[href^="https://doi.org/"]')?.textContent?.replace(/^doi:/, "") ?? "",
    year: string(paper.datePublished) || string(dataset.datePublished),
  };
}

/** @param {unknown} value */
function string(value) {
  return typeof value === "string" ? value : "";
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
  dialog.append(h("h2", { id: "cite" }, "Cite this figure", close));
  /** @type {[string, string][]} */
  const forms = [
    ["Plain text", toPlain(source)],
    ["BibTeX", toBibtex(source)],
    ["RIS", toRis(source)],
  ];
  for (const [name, text] of forms) {
    const copier = button("Copy", () => void copy(text, name));
    copier.setAttribute("aria-label", `Copy ${name}`);
    dialog.append(h("h3", {}, name, copier), h("pre", { tabIndex: 0 }, text));
  }
  dialog.addEventListener("close", () => dialog.remove());
  dialog.addEventListener("click", (event) => {
    if (event.target === dialog) dialog.close(); // the backdrop
  });
  document.body.append(dialog);
  dialog.showModal();
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
