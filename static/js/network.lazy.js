import { button, copy, download, h } from "./dom.js";
import { allOf } from "./explore-links.js";
import { LOOK, both, drawn, edgesOf, lineWidth, threshold, toCx2, toSvg } from "./graph.js";
import { open } from "./search/engine.js";
import { StaleIndex, message } from "./search/store.js";

/** @import { Core } from "cytoscape" */
/** @import { Drawing, Edge } from "./graph.js" */
/** @import { Gene } from "./search/types.js" */

const PARTNERS = 25;
const FILES = 80; // of a hundred thousand figures all 70, some 6 MB
const ABOUT = 40; // edges between partners that are drawn at first
const FORCES = { nodeRepulsion: () => 2e6, idealEdgeLength: () => 130, nodeOverlap: 40, gravity: 0.2, numIter: 1500, padding: 24 };

/**
 * The genes of its organism most seen with one, and the figures of each. Who asks for it waits for all files that its figures lie in.
 * @param {string} base address of the site's home
 * @param {string} key of the gene
 * @returns {Promise<{genes: Gene[], figures: ArrayLike<number>[], sampled: boolean}>} the gene itself first; whether the others were
 *   found on a part of its figures
 */
export async function neighbourhood(base, key) {
  const engine = await open(base);
  const [own] = await engine.genes([key]);
  if (!own) throw new Error("The search index does not know this gene.");
  const result = await engine.search("", { filters: { genes: [own.exact] }, limit: 0 });
  const { genes: most, sampled } = await result.genes(PARTNERS + 1, { files: FILES, spare: 3 * PARTNERS, like: own.key });
  const genes = [own, ...most.map((item) => item.gene).filter((gene) => gene.key !== own.key)].slice(0, PARTNERS + 1);
  const figures = await engine.figuresByGene(genes.map((gene) => gene.key));
  return { genes, figures: genes.map((gene) => figures.get(gene.key) ?? []), sampled };
}

/**
 * Fills a section with the network of a gene: the picture, what exports it, and the same as tables.
 * @param {HTMLElement} section
 * @param {string} base address of the site's home
 * @param {string} key of the gene
 * @param {(tables: HTMLTableElement[]) => Promise<void>} toolsOf gives tables what sorts and copies them
 * @returns {Promise<boolean>} whether that is all there is to say; else it may be asked for again
 */
export async function geneNetwork(section, base, key, toolsOf) {
  const status = h("p", { className: "shown", role: "status" }, "Looking up the genes seen with it …");
  section.append(status);
  try {
    const { genes, figures, sampled } = await neighbourhood(base, key).catch((error) => {
      if (!(error instanceof StaleIndex)) throw error;
      return neighbourhood(base, key); // the site was published anew meanwhile
    });
    if (genes.length < 2) {
      status.textContent = "No other gene was seen in its figures.";
      return true;
    }
    const edges = edgesOf(figures);
    const tables = [chooser(genes, figures, edges, base), pairTable(genes, edges)];
    section.append(...tables);
    void toolsOf([...section.querySelectorAll("table")]);
    const { default: cytoscape } = await import("./cytoscape.lazy.js");
    picture(status, cytoscape, genes, edges);
    if (sampled) status.append(` Which genes these are was found on a part of the figures of ${genes[0].symbol}; they are counted on all.`);
  } catch (error) {
    status.textContent = `The network cannot be drawn. ${message(error)}`;
    return false;
  }
  return true;
}

/** @param {number} count */
function figuresText(count) {
  return `${count.toLocaleString("en")} figure${count === 1 ? "" : "s"}`;
}

/**
 * @param {HTMLElement} status
 * @param {typeof import("cytoscape")} cytoscape
 * @param {Gene[]} genes
 * @param {Edge[]} edges
 */
function picture(status, cytoscape, genes, edges) {
  const name = `${genes[0].symbol} and the ${genes.length - 1} genes most seen with it`;
  // Cytoscape would put a style element into the page if there were none of this id; `.graph` has its one rule.
  const canvas = h("div", { className: "graph", role: "img", "aria-label": `${name}. The tables below say the same.` });
  canvas.append(h("span", { id: "__________cytoscape_stylesheet", hidden: true }));
  const others = edges.filter((edge) => edge.from > 0);
  const least = h("input", { type: "range", min: "1", max: String(others[0]?.figures ?? 1), id: "least" });
  const shownFrom = h("output", { htmlFor: "least" });
  status.after(canvas);
  const cy = draw(canvas, cytoscape, genes, edges);
  const show = () => {
    shownFrom.textContent = figuresText(Number(least.value));
    const kept = new Set(drawn(edges, Number(least.value)).map(edgeId));
    cy.batch(() => cy.edges().forEach((edge) => void edge.style("display", kept.has(edge.id()) ? "element" : "none")));
  };
  least.value = String(threshold(edges, ABOUT));
  least.addEventListener("input", show);
  show();
  cy.layout({ name: "cose", animate: false, randomize: false, ...FORCES }).run();
  const drawing = () => ({
    genes,
    places: genes.map((_, at) => cy.getElementById(String(at)).position()),
    edges: drawn(edges, Number(least.value)),
  });
  status.textContent = `${name}: the thicker a line, the more figures show both. A click on a gene opens its page.`;
  canvas.after(
    h("p", { className: "least" }, h("label", { for: "least" }, "Lines between the others from"), least, shownFrom),
    exports(cy, drawing, name, genes[0].symbol),
  );
}

/** @param {Edge} edge */
function edgeId({ from, to }) {
  return `${from}-${to}`;
}

/**
 * @param {HTMLElement} canvas
 * @param {typeof import("cytoscape")} cytoscape
 * @param {Gene[]} genes
 * @param {Edge[]} edges
 * @returns {Core}
 */
function draw(canvas, cytoscape, genes, edges) {
  const most = edges[0].figures;
  const nodes = genes.map((gene, at) => {
    const angle = (2 * Math.PI * at) / (genes.length - 1);
    const position = at ? { x: 220 * Math.cos(angle), y: 220 * Math.sin(angle) } : { x: 0, y: 0 };
    return { data: { id: String(at), label: gene.symbol, href: gene.href }, position, classes: at ? "" : "own" };
  });
  const lines = edges.map((edge) => {
    const [source, target] = [String(edge.from), String(edge.to)];
    return { data: { id: edgeId(edge), source, target, width: lineWidth(edge.figures, most) } };
  });
  const cy = cytoscape({
    container: canvas,
    elements: [...nodes, ...lines],
    layout: { name: "preset" },
    // The wheel scrolls the page.
    userZoomingEnabled: false,
    // Nor does a drag beside the genes move all of them out of sight.
    userPanningEnabled: false,
    boxSelectionEnabled: false,
    style: [
      {
        selector: "node",
        style: {
          label: "data(label)",
          width: 2 * LOOK.RADIUS,
          height: 2 * LOOK.RADIUS,
          color: LOOK.INK,
          "background-color": LOOK.CHIP,
          "border-color": LOOK.LINE,
          "border-width": 1,
          "font-size": 11,
          "text-valign": "center",
        },
      },
      { selector: ".own", style: { color: "#fff", "background-color": LOOK.ACCENT } },
      { selector: "edge", style: { width: "data(width)", "line-color": LOOK.LINE, opacity: 0.5, "curve-style": "straight" } },
    ],
  });
  cy.on("tap", "node", (event) => location.assign(event.target.data("href")));
  cy.on("mouseover mouseout", "node", (event) => canvas.classList.toggle("over", event.type === "mouseover"));
  return cy;
}

/**
 * @param {Core} cy
 * @param {() => Drawing} drawing
 * @param {string} title
 * @param {string} symbol
 */
function exports(cy, drawing, title, symbol) {
  const file = `${symbol.replace(/[^\w.-]+/g, "_")}-network`;
  const source = location.href.split("#")[0];
  const png = () => {
    const blob = cy.png({ output: "blob", full: true, scale: 2, bg: "#fff" });
    download(`${file}.png`, blob, "image/png");
  };
  return h(
    "p",
    { className: "tools" },
    button("PNG", png, "Download the picture"),
    button("SVG", () => download(`${file}.svg`, toSvg(drawing(), title), "image/svg+xml"), "Download the picture as drawing"),
    button("CX2", () => download(`${file}.cx2`, toCx2(drawing(), title, source), "application/json"), "For Cytoscape and NDEx"),
    button("Copy symbols", () => void copy(drawing().genes.map((gene) => gene.symbol).join("\n"), "Gene symbols")),
  );
}

/**
 * The genes as a table, of which a reader chooses some: how many figures show them all, and where those are.
 * @param {Gene[]} genes
 * @param {ArrayLike<number>[]} figures of each gene
 * @param {Edge[]} edges
 * @param {string} base
 */
function chooser(genes, figures, edges, base) {
  const shared = new Map(edges.filter((edge) => edge.from === 0).map((edge) => [edge.to, edge.figures]));
  const answer = h("p", { className: "chosen", role: "status" });
  const boxes = genes.map((gene, at) => {
    const box = h("input", { type: "checkbox", checked: at === 0, "aria-label": `Choose ${gene.symbol}` });
    box.addEventListener("change", tell);
    return box;
  });
  function tell() {
    const chosen = genes.map((_, at) => at).filter((at) => boxes[at].checked);
    if (chosen.length < 2) return answer.replaceChildren("Choose two genes or more to find the figures that show all of them.");
    const count = chosen.map((at) => figures[at]).reduce(both).length;
    const text = `${chosen.map((at) => genes[at].symbol).join(" + ")}: ${figuresText(count)}`;
    const keys = chosen.map((at) => genes[at].key);
    answer.replaceChildren(count ? h("a", { href: allOf(keys, base) }, text) : text);
  }
  tell();
  const rows = genes.map((gene, at) => {
    const link = h("a", { href: gene.href }, gene.symbol);
    const number = at ? (shared.get(at) ?? 0) : gene.total;
    return h("tr", {}, h("td", {}, h("span", { className: "pick" }, boxes[at], link)), cell(number), cell(gene.total));
  });
  const own = genes[0].symbol;
  return h("div", {}, answer, table(`Genes most seen with ${own}`, ["Gene", `-Figures with ${own}`, "-Figures"], rows));
}

/**
 * @param {Gene[]} genes
 * @param {Edge[]} edges
 */
function pairTable(genes, edges) {
  const rows = edges.map(({ from, to, figures }) => {
    const names = [from, to].map((at) => h("td", {}, genes[at].symbol));
    return h("tr", {}, ...names, cell(figures));
  });
  const summary = h("summary", {}, "All pairs of these genes");
  return h("details", {}, summary, table("All pairs of these genes", ["Gene", "Other gene", "-Figures with both"], rows));
}

/** @param {number} count */
function cell(count) {
  return h("td", { className: "n" }, count.toLocaleString("en"));
}

/**
 * @param {string} label
 * @param {string[]} heads those of numbers begin with a minus
 * @param {HTMLTableRowElement[]} rows
 */
function table(label, heads, rows) {
  const cells = heads.map((head) => h("th", head.startsWith("-") ? { className: "n" } : {}, head.replace(/^-/, "")));
  const inner = h("table", { "aria-label": label }, h("thead", {}, h("tr", {}, ...cells)), h("tbody", {}, ...rows));
  return h("div", { className: "scroll", tabIndex: 0, role: "group", "aria-label": label }, inner);
}
