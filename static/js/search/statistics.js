/** The statistics of gene sets. */

/** Natural logarithms of factorials, as far as they were wanted. @type {Float64Array} */
let factorials = new Float64Array(1);

/**
 * The natural logarithms of 0! to `limit`!.
 * @param {number} limit
 */
function logFactorials(limit) {
  if (factorials.length > limit) return factorials;
  const grown = new Float64Array(Math.max(limit + 1, 2 * factorials.length));
  // Summed with the error of each step carried on (Kahan), so that the last is as exact as the first.
  let sum = 0;
  let lost = 0;
  for (let n = 1; n < grown.length; n++) {
    const step = Math.log(n) - lost;
    const next = sum + step;
    lost = next - sum - step;
    grown[n] = sum = next;
  }
  return (factorials = grown);
}

/**
 * The natural logarithm of the probability to find at least `overlap` genes of a set among the genes of a figure by chance: the upper
 * tail of the hypergeometric distribution, summed from its largest term on, in logarithms, so that nothing becomes zero too early.
 * @param {number} overlap genes that both have
 * @param {number} background all genes
 * @param {number} set genes of the set
 * @param {number} size genes of the figure
 */
export function logHypergeometric(overlap, background, set, size) {
  const most = Math.min(set, size);
  if (overlap <= Math.max(0, set + size - background)) return 0;
  if (overlap > most) return -Infinity;
  const f = logFactorials(background);
  const fixed = f[set] + f[background - set] + f[size] + f[background - size] - f[background];
  const term = (/** @type {number} */ k) => fixed - f[k] - f[set - k] - f[size - k] - f[background - set - size + k];
  // Each term is this times the one before: the terms grow as far as the mode, then they fall.
  const ratio = (/** @type {number} */ k) => ((set - k) * (size - k)) / ((k + 1) * (background - set - size + k + 1));
  const mode = Math.floor(((set + 1) * (size + 1)) / (background + 2));
  if (overlap > mode) {
    let sum = 1;
    for (let k = overlap, t = 1; k < most && t > sum * 1e-17; k++) sum += t *= ratio(k);
    return Math.min(0, term(overlap) + Math.log(sum));
  }
  // Most of the probability lies in this tail: it is 1 less the other one.
  let sum = 1;
  const lowest = Math.max(0, set + size - background);
  for (let k = overlap - 1, t = 1; k > lowest && t > sum * 1e-17; k--) sum += t /= ratio(k - 1);
  return Math.min(0, Math.log1p(-Math.exp(term(overlap - 1) + Math.log(sum))));
}

/**
 * Adjusted p values after Benjamini and Hochberg (1995).
 * @param {ArrayLike<number>} ascending p values, ascending
 * @param {ArrayLike<number>} counts how many tests had each of them
 * @param {number} tests how many tests there were; those that are not given had larger p values
 * @returns {Float64Array}
 */
export function benjaminiHochberg(ascending, counts, tests) {
  const adjusted = new Float64Array(ascending.length);
  let place = 0;
  for (let i = 0; i < ascending.length; i++) {
    place += counts[i];
    adjusted[i] = (ascending[i] * tests) / place;
  }
  for (let i = ascending.length - 1, least = 1; i >= 0; i--) adjusted[i] = least = Math.min(least, adjusted[i]);
  return adjusted;
}
