/**
 * Gives tables what sorts, filters and copies them; it is fetched when a page has such a table.
 * @param {readonly HTMLTableElement[]} tables
 */
export async function toolsOf(tables) {
  if (!tables.length) return;
  const { tableTools } = await import("./tables.lazy.js");
  tables.forEach(tableTools);
}
