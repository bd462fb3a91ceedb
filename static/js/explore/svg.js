const SPACE = "http://www.w3.org/2000/svg";

/**
 * An element of a drawing.
 * @param {string} name
 * @param {Record<string, string | number>} attributes
 * @returns {SVGElement}
 */
export function s(name, attributes) {
  const element = document.createElementNS(SPACE, name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, String(value));
  return element;
}

/**
 * A length beside a number: an attribute of a drawing, since a style would need a weaker policy.
 * @param {number} share from 0 to 1
 * @returns {SVGElement}
 */
export function bar(share) {
  const drawing = s("svg", { "aria-hidden": "true" });
  drawing.append(s("rect", { width: `${Math.max(1, Math.round(share * 100))}%`, height: 4 }));
  return drawing;
}
