/** Names as the files of pages have them. */

/**
 * The name that an escaped name of a file stands for: `Mus_musculus` is `Mus musculus`.
 * @param {string} stem
 */
export function unescaped(stem) {
  try {
    return decodeURIComponent(stem.replaceAll("_", " ").replaceAll("%", "%25").replace(/~([0-9A-F]{2})/g, "%$1"));
  } catch {
    return stem;
  }
}
