import { h } from "../dom.js";

/**
 * A text with some of its parts marked.
 * @param {string} text
 * @param {readonly (readonly [number, number])[]} spans start and end of each part, in any order; they may overlap
 * @returns {Node[]}
 */
export function marked(text, spans) {
  /** @type {Node[]} */
  const nodes = [];
  let done = 0;
  for (const [start, end] of merged(text, spans)) {
    if (start > done) nodes.push(document.createTextNode(text.slice(done, start)));
    nodes.push(h("mark", {}, text.slice(start, end)));
    done = end;
  }
  if (done < text.length) nodes.push(document.createTextNode(text.slice(done)));
  return nodes;
}

/**
 * Parts in the order of the text, none within another.
 * @param {string} text
 * @param {readonly (readonly [number, number])[]} spans
 * @returns {[number, number][]}
 */
export function merged(text, spans) {
  /** @type {[number, number][]} */
  const out = [];
  for (const [from, to] of [...spans].sort(([a], [b]) => a - b)) {
    const start = Math.max(0, from);
    const end = Math.min(text.length, to);
    const before = out[out.length - 1];
    if (before && start <= before[1]) before[1] = Math.max(before[1], end);
    else if (start < end) out.push([start, end]);
  }
  return out;
}
