/**
 * A whole number with commas. What a browser has for it takes longer at its first use than all else that a page of results needs.
 * @param {number} count
 * @returns {string}
 */
export function commas(count) {
  return String(count).replace(/\B(?=(\d{3})+$)/g, ",");
}

/**
 * A number and what it counts: `1 figure`, `2,310 figures`.
 * @param {number} count
 * @param {string} one
 * @param {string} [many]
 * @returns {string}
 */
export function counted(count, one, many = `${one}s`) {
  return `${commas(count)} ${count === 1 ? one : many}`;
}

/**
 * A probability in two digits and a power of ten, also where it is too small for a number of the machine.
 * @param {number} p
 * @param {number} [logP] its natural logarithm
 * @returns {string} `0.034`, `1.2e-15`
 */
export function probability(p, logP = Math.log(p)) {
  if (p >= 0.001) return String(Number(p.toPrecision(2)));
  if (logP === -Infinity) return "0";
  const ten = logP / Math.LN10;
  let exponent = Math.floor(ten);
  let digits = (10 ** (ten - exponent)).toFixed(1);
  if (digits === "10.0") {
    digits = "1.0";
    exponent += 1;
  }
  return `${digits}e${exponent}`;
}

const SUPERSCRIPT = "⁰¹²³⁴⁵⁶⁷⁸⁹";

/**
 * The same for readers: `1.2 × 10⁻¹⁵`.
 * @param {string} text
 * @returns {string}
 */
export function readable(text) {
  const [digits, exponent] = text.split("e-");
  if (!exponent) return text;
  return `${digits} × 10⁻${[...exponent].map((digit) => SUPERSCRIPT[Number(digit)]).join("")}`;
}
