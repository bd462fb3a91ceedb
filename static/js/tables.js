/**
 * Gives tables what sorts, filters and copies them; it is fetched when a page has such a table. Where it cannot be had they
 * stay as they are without scripts.
 * @param {readonly HTMLTableElement[]} tables
 */
export async function toolsOf(tables) {
  if (!tables.length) return;
  const script = await import("./tables.lazy.js").catch(() => null);
  if (script) tables.forEach(script.tableTools);
}
