import { isNcbi } from "./genetable.js";

/** @import { GeneRow } from "./genetable.js" */

// GPML2013a, the schema that PathVisio 3 and WikiPathways read: http://pathvisio.org/GPML/2013a
const WIDTH = 90;
const HEIGHT = 25;
const GAP = 15;
const LEFT = 100;

/**
 * A text as the value of an XML attribute; characters that XML 1.0 forbids go.
 * @param {string} value
 * @returns {string}
 */
export function xml(value) {
  return value
    .replace(/\p{Cs}/gu, "\ufffd")
    .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, "")
    .replace(/[&<>"'\t\n\r]/g, (character) => `&#${character.charCodeAt(0)};`);
}

/**
 * Genes as a pathway of DataNodes, in a grid about as wide as it is high, to paste into PathVisio.
 * @param {readonly GeneRow[]} genes each gene once
 * @returns {string}
 */
export function toGpml(genes) {
  // Nodes are about three times as wide as high, so a square needs that many more rows than columns.
  const columns = Math.max(1, Math.ceil(Math.sqrt((genes.length * (HEIGHT + GAP)) / (WIDTH + GAP))));
  const nodes = genes.map((gene, index) => {
    const x = LEFT + (index % columns) * (WIDTH + GAP);
    const y = LEFT + Math.floor(index / columns) * (HEIGHT + GAP);
    const id = `f${(index + 1).toString(16).padStart(4, "0")}`;
    const place = `CenterX="${x}.0" CenterY="${y}.0" Width="${WIDTH}.0" Height="${HEIGHT}.0"`;
    const database = isNcbi(gene.ncbi) ? "Entrez Gene" : "";
    return [
      `  <DataNode TextLabel="${xml(gene.symbol)}" GraphId="${id}" Type="GeneProduct">`,
      `    <Graphics ${place} ZOrder="32768" FontSize="12" Valign="Middle" />`,
      `    <Xref Database="${database}" ID="${xml(gene.ncbi)}" />`,
      "  </DataNode>",
    ].join("\n");
  });
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<Pathway xmlns="http://pathvisio.org/GPML/2013a" Name="untitled" Data-Source="COPIED">',
    ...nodes,
    '  <InfoBox CenterX="0.0" CenterY="0.0" />',
    "</Pathway>",
    "",
  ].join("\n");
}
