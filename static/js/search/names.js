/** Names as the files of pages have them. */

/** What names of files stand for that were too long and are cut. @type {Map<string, string>} */
const cut = new Map();

/** @param {Record<string, string>} names by the names of files */
export function knowCut(names) {
  for (const [stem, name] of Object.entries(names)) cut.set(stem, name);
}

/**
 * The name that an escaped name of a file stands for: `Mus_musculus` is `Mus musculus`.
 * @param {string} stem
 */
export function unescaped(stem) {
  const known = cut.get(stem);
  if (known !== undefined) return known;
  try {
    return decodeURIComponent(stem.replaceAll("_", " ").replaceAll("%", "%25").replace(/~([0-9A-F]{2})/g, "%$1"));
  } catch {
    return stem;
  }
}

/** What people call organisms that figures often show. @type {Record<string, string>} */
const COMMON = {
  human: "homo sapiens",
  mouse: "mus musculus",
  rat: "rattus norvegicus",
  zebrafish: "danio rerio",
  "fruit fly": "drosophila melanogaster",
  yeast: "saccharomyces cerevisiae",
  arabidopsis: "arabidopsis thaliana",
  chicken: "gallus gallus",
  pig: "sus scrofa",
  cow: "bos taurus",
  dog: "canis lupus familiaris",
  rice: "oryza sativa",
  maize: "zea mays",
};

/**
 * The Latin name of an organism, in small letters.
 * @param {string} name Latin or common
 */
export function latin(name) {
  const folded = name.toLowerCase();
  return Object.hasOwn(COMMON, folded) ? COMMON[folded] : folded;
}
