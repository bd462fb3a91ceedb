/** Servers refuse addresses much longer than this; a set of genes then stands behind the `#`, which they do not see. */
const LONGEST = 6000;

/**
 * The key by which Explore knows a gene: the path of its page below `genes/`, without `.html`.
 * @param {string} href address of its page
 * @param {string} base address of the site's home
 */
export function geneKey(href, base) {
  const path = new URL(href, base).pathname.slice(new URL("genes/", base).pathname.length);
  return decodeURIComponent(path.replace(/\.html$/, ""));
}

/**
 * Where Explore lists the figures that show all of some genes.
 * @param {readonly string[]} keys of the genes
 * @param {string} base address of the site's home
 * @returns {string} empty where so many genes make no address
 */
export function allOf(keys, base) {
  const address = new URL("explore/", base);
  // After `=` stands a key: AKT1 alone would be the mouse's Akt1 as well.
  address.searchParams.set("q", keys.map((key) => `gene:${key.includes("/") ? "" : "="}${key}`).join(" "));
  return address.href.length > LONGEST ? "" : address.href;
}

/**
 * Where Explore ranks figures by how many of some genes they show.
 * @param {readonly string[]} keys of the genes
 * @param {string} base address of the site's home
 */
export function rankedBy(keys, base) {
  const address = new URL("explore/?view=genes", base);
  address.hash = keys.map(encodeURIComponent).join(",");
  return address.href;
}
