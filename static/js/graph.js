/**
 * A network of genes by the figures that they share: what is counted, drawn and exported. Nothing here needs a browser.
 *
 * @import { Gene } from "./search/types.js"
 */

/**
 * @typedef {object} Edge
 * @property {number} from index of a gene
 * @property {number} to index of a gene, larger
 * @property {number} figures that show both
 */

/**
 * @typedef {object} Place
 * @property {number} x
 * @property {number} y
 */

/**
 * A picture of a network: where each gene stands, and which edges are drawn.
 * @typedef {object} Drawing
 * @property {readonly Gene[]} genes the one of the page first
 * @property {readonly Place[]} places of the genes
 * @property {readonly Edge[]} edges
 */

const RADIUS = 22;
const MARGIN = 48;
const INK = "#1d1b17";
const LINE = "#8a8476";
const ACCENT = "#0a5b72";
const CHIP = "#e9eedd";

/** Colours and sizes of the picture, which stands on white in both schemes, as figures do. */
export const LOOK = { RADIUS, INK, LINE, ACCENT, CHIP };

/**
 * The figures that are in both lists.
 * @param {ArrayLike<number>} one ascending
 * @param {ArrayLike<number>} other ascending
 * @returns {Uint32Array}
 */
export function both(one, other) {
  const out = new Uint32Array(Math.min(one.length, other.length));
  let found = 0;
  for (let i = 0, k = 0; i < one.length && k < other.length; ) {
    if (one[i] === other[k]) out[found++] = one[(k++, i++)];
    else if (one[i] < other[k]) i++;
    else k++;
  }
  return out.subarray(0, found);
}

/**
 * How many figures show each two genes: those that share any.
 * @param {readonly ArrayLike<number>[]} figures of each gene, ascending
 * @returns {Edge[]} most figures first
 */
export function edgesOf(figures) {
  const edges = figures.flatMap((mine, from) =>
    figures.slice(from + 1).map((theirs, at) => ({ from, to: from + 1 + at, figures: both(mine, theirs).length })),
  );
  return edges.filter((edge) => edge.figures).sort((a, b) => b.figures - a.figures || a.from - b.from || a.to - b.to);
}

/**
 * The edges to draw: those of the gene of the page, and of the others the ones of so many figures.
 * @param {readonly Edge[]} edges
 * @param {number} least
 */
export function drawn(edges, least) {
  return edges.filter((edge) => edge.from === 0 || edge.figures >= least);
}

/**
 * The least number of figures at which about so many edges between the other genes are drawn.
 * @param {readonly Edge[]} edges most figures first
 * @param {number} about
 */
export function threshold(edges, about) {
  const others = edges.filter((edge) => edge.from > 0);
  return others[Math.min(about, others.length) - 1]?.figures ?? 1;
}

/**
 * Width of a line, 1 to 8, by the square root of its figures.
 * @param {number} figures
 * @param {number} most
 */
export function lineWidth(figures, most) {
  return Math.round(10 * (1 + 7 * Math.sqrt(figures / Math.max(most, 1)))) / 10;
}

/** @param {string} text */
function escaped(text) {
  return text.replace(/[&<>"]/g, (c) => `&#${c.charCodeAt(0)};`);
}

/** @param {number} value */
function round(value) {
  return Math.round(value * 10) / 10;
}

/**
 * The picture as SVG.
 * @param {Drawing} drawing
 * @param {string} title
 */
export function toSvg({ genes, places, edges }, title) {
  const xs = places.map((place) => place.x);
  const ys = places.map((place) => place.y);
  const [left, top] = [Math.min(...xs) - MARGIN, Math.min(...ys) - MARGIN].map(round);
  const [wide, high] = [Math.max(...xs) + MARGIN - left, Math.max(...ys) + MARGIN - top].map(round);
  const most = Math.max(1, ...edges.map((edge) => edge.figures));
  const lines = edges.map(({ from, to, figures }) => {
    const ends = `x1="${round(xs[from])}" y1="${round(ys[from])}" x2="${round(xs[to])}" y2="${round(ys[to])}"`;
    const what = escaped(`${genes[from].symbol} and ${genes[to].symbol}: ${figures}`);
    return `<line ${ends} stroke="${LINE}" stroke-width="${lineWidth(figures, most)}" stroke-opacity="0.5"><title>${what}</title></line>`;
  });
  const nodes = genes.map(({ symbol }, at) => {
    const colours = at ? `fill="${CHIP}" stroke="${LINE}"` : `fill="${ACCENT}" stroke="${ACCENT}"`;
    const [x, y] = [round(xs[at]), round(ys[at])];
    return (
      `<circle cx="${x}" cy="${y}" r="${RADIUS}" ${colours}/>` +
      `<text x="${x}" y="${y}" dy="0.35em" fill="${at ? INK : "#fff"}">${escaped(symbol)}</text>`
    );
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="${left} ${top} ${wide} ${high}" width="${wide}" height="${high}" font-family="sans-serif" font-size="11" text-anchor="middle">
<title>${escaped(title)}</title>
<rect x="${left}" y="${top}" width="${wide}" height="${high}" fill="#fff"/>
${[...lines, ...nodes].join("\n")}
</svg>
`;
}

/**
 * The network in CX2 (Cytoscape Exchange Format 2), which Cytoscape, Cytoscape Web and NDEx read.
 * @param {Drawing} drawing
 * @param {string} name
 * @param {string} source address of the page
 */
export function toCx2({ genes, places, edges }, name, source) {
  const text = { d: "string" };
  const count = { d: "integer" };
  const nodes = genes.map((gene, id) => ({
    id,
    x: round(places[id].x),
    y: round(places[id].y),
    v: {
      name: gene.symbol,
      represents: /^\d+$/.test(gene.ncbi) ? `ncbigene:${gene.ncbi}` : gene.ncbi || gene.symbol,
      organism: gene.organism,
      figures: gene.total,
      url: new URL(gene.href, source).href,
    },
  }));
  const links = edges.map(({ from, to, figures }, id) => {
    const v = { name: `${genes[from].symbol} (shown with) ${genes[to].symbol}`, interaction: "shown with", figures };
    return { id, s: from, t: to, v };
  });
  const declared = {
    networkAttributes: { name: text, description: text, source: text },
    nodes: { name: text, represents: text, organism: text, figures: count, url: text },
    edges: { name: text, interaction: text, figures: count },
  };
  const description = "Genes by the number of published pathway figures that show both.";
  const mapping = { type: "CONTINUOUS", definition: { attribute: "figures", type: "integer", map: widths(edges) } };
  const visual = {
    default: {
      network: { NETWORK_BACKGROUND_COLOR: "#FFFFFF" },
      node: { NODE_SHAPE: "ellipse", NODE_WIDTH: 2 * RADIUS, NODE_HEIGHT: 2 * RADIUS, NODE_BACKGROUND_COLOR: CHIP },
      edge: { EDGE_LINE_COLOR: LINE, EDGE_OPACITY: 0.5 },
    },
    nodeMapping: { NODE_LABEL: { type: "PASSTHROUGH", definition: { attribute: "name", type: "string" } } },
    edgeMapping: { EDGE_WIDTH: mapping },
  };
  const aspects = {
    attributeDeclarations: [declared],
    networkAttributes: [{ name, description, source }],
    nodes,
    edges: links,
    visualProperties: [visual],
  };
  const metaData = Object.entries(aspects).map(([aspect, rows]) => ({ name: aspect, elementCount: rows.length }));
  return JSON.stringify([
    { CXVersion: "2.0", hasFragments: false },
    { metaData },
    ...Object.entries(aspects).map(([aspect, rows]) => ({ [aspect]: rows })),
    { status: [{ error: "", success: true }] },
  ]);
}

/**
 * Widths of lines for CX2: what stands at the ends of the range of numbers.
 * @param {readonly Edge[]} edges
 */
function widths(edges) {
  const counts = edges.map((edge) => edge.figures);
  const [least, most] = [Math.min(...counts), Math.max(...counts)];
  const ends = { minVPValue: lineWidth(least, most), maxVPValue: lineWidth(most, most) };
  return [{ min: least, max: most, includeMin: true, includeMax: true, ...ends }];
}
