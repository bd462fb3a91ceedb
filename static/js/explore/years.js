/**
 * Bars of the histogram of years: every year between the first and the last, those without figures too.
 * @typedef {object} Bar
 * @property {number} year
 * @property {number} count
 */

/**
 * @param {readonly (readonly [number, number])[]} counts year (0 where it is unknown) and figures, in any order
 * @returns {Bar[]} from the first year to the last; those of no year are left out
 */
export function barsOf(counts) {
  const known = new Map(counts.filter(([year, count]) => year > 0 && count > 0));
  if (!known.size) return [];
  const first = Math.min(...known.keys());
  const last = Math.max(...known.keys());
  // A slip in one record must not make a histogram of a thousand years.
  if (last - first > 400) return [...known].sort(([a], [b]) => a - b).map(([year, count]) => ({ year, count }));
  return Array.from({ length: last - first + 1 }, (_, at) => ({ year: first + at, count: known.get(first + at) ?? 0 }));
}

/**
 * The years between two places of the histogram, each a share of its width from 0 to 1, in either order.
 * @param {readonly Bar[]} bars at least one
 * @param {number} a
 * @param {number} b
 * @returns {[number, number]} first and last year
 */
export function brushed(bars, a, b) {
  const at = (/** @type {number} */ share) =>
    bars[Math.min(bars.length - 1, Math.max(0, Math.floor(share * bars.length)))].year;
  return a < b ? [at(a), at(b)] : [at(b), at(a)];
}

/**
 * A choice of years as a clause has it.
 * @param {number} first
 * @param {number} last
 * @returns {string}
 */
export function yearsText(first, last) {
  return first === last ? String(first) : `${Math.min(first, last)}-${Math.max(first, last)}`;
}
