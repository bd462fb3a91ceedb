/**
 * The words of a text, as the index holds them: `builder/read/words.py` does the same, says why, and has the rules.
 * `tests/js/words.json` is the table of cases that both must pass.
 */

import { spellings } from "./spellings.js";

/** Characters of a word that count. */
export const LONGEST = 80;

const MARKS = "\\u0300-\\u036f\\u1ab0-\\u1aff\\u1dc0-\\u1dff\\u20d0-\\u20ff\\ufe20-\\ufe2f";
const JOINERS = "-._'\\u2019\\u2010-\\u2015\\u2212";
const CHUNK = new RegExp(`[\\p{L}\\p{N}${MARKS}]+(?:(?:[${JOINERS}]{1,2}|/)[\\p{L}\\p{N}${MARKS}]+)*`, "gu");
const ALONE = /^[0-9A-Za-z]$/;
const MARK = new RegExp(`[${MARKS}]+`, "gu");
const PART = /[\p{L}\p{N}]+/gu;
const GREEK = /[\u03b1-\u03c9]/g;
const NAMES =
  "alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi omicron pi rho sigma sigma tau upsilon phi chi psi omega".split(
    " ",
  );
/** Letters of an abbreviation, behind which a Greek letter tells one protein from another: PKC, not interferon. */
const SYMBOL = 4;
const LATIN = "abgdezhqiklmnxoprsstufcyw";
const LETTER = /[øæœßłđðþı]/g;
/** @type {Record<string, string>} */
const LETTERS = { ø: "o", æ: "ae", œ: "oe", ß: "ss", ł: "l", đ: "d", ð: "d", þ: "th", ı: "i" };
const STOP_WORDS = new Set("an and are as at be by for from in is of on or that the this to which with".split(" "));

/**
 * A chunk in lower case, decomposed and without marks; Greek letters stay.
 * @param {string} chunk
 */
function folded(chunk) {
  const plain = chunk.toLowerCase().normalize("NFKD").toLowerCase().replace(MARK, "");
  return plain.replace(LETTER, (letter) => LETTERS[letter]);
}

/**
 * The letter that looks like a small Greek one.
 * @param {string} letter
 */
export function latinLetter(letter) {
  return LATIN[letter.charCodeAt(0) - 0x3b1];
}

/** @param {string} text */
function named(text) {
  return text.replace(GREEK, (letter) => `-${NAMES[letter.charCodeAt(0) - 0x3b1]}-`);
}

/** @param {string} text */
function parts(text) {
  return text.match(PART) ?? [];
}

const SPELT = /^(.{2,}?)(alpha|beta|gamma|delta|epsilon|kappa|lambda|omega|sigma|theta|zeta)([a-z]?\d{0,2})$/;

/**
 * A joined word with the letter that looks alike for a Greek one that is spelt out at its end, as gene symbols have it: `tgfbeta1` is
 * `tgfb1`, `nfkappab` is `nfkb`. Undefined where none is.
 * @param {string} word
 * @returns {string | undefined}
 */
export function spelledOut(word) {
  const found = SPELT.exec(word);
  return found ? found[1] + LATIN[NAMES.indexOf(found[2])] + found[3] : undefined;
}

/**
 * The beginning of a word that counts.
 * @param {string} word
 */
function cut(word) {
  return word.length <= LONGEST ? word : [...word].slice(0, LONGEST).join("");
}

/**
 * Whether a word is worth a search.
 * @param {string} word
 */
export function kept(word) {
  // eslint-disable-next-line no-control-regex
  return ([...word].length > 1 || !/^[\x00-\x7f]*$/.test(word)) && !STOP_WORDS.has(word);
}

/**
 * A piece of a text that holds together: `IL-6`, `NF-κB`, `HER2`.
 * @typedef {object} Chunk
 * @property {string[]} parts
 * @property {string[]} joined the parts as one word, where there are several; with Greek letters a second spelling
 * @property {number} start where it stands in the text, in UTF-16 code units
 * @property {number} end
 */

/**
 * The chunks of a run of letters and digits: a slash holds together what is a letter or digit alone on one side (`C/EBP`), no more.
 * @param {string} run
 * @param {number} index where it stands
 * @returns {{chunk: string, start: number}[]}
 */
function apart(run, index) {
  const pieces = run.split("/");
  const out = [{ chunk: pieces[0], start: index }];
  let at = index;
  for (let i = 1; i < pieces.length; i++) {
    at += pieces[i - 1].length + 1;
    if (ALONE.test(pieces[i - 1]) || ALONE.test(pieces[i])) out[out.length - 1].chunk += `/${pieces[i]}`;
    else out.push({ chunk: pieces[i], start: at });
  }
  return out;
}

const CJK = "\\u3005\\u3007\\u3041-\\u30ff\\u31f0-\\u31ff\\u3400-\\u4dbf\\u4e00-\\u9fff\\uf900-\\ufaff\\uff66-\\uff9f\\u{20000}-\\u{3ffff}";
const UNSPACED = new RegExp(`[${CJK}]`, "u");
const SCRIPTS = new RegExp(`[${CJK}]+|[^${CJK}]+`, "gu");

/**
 * A chunk, of which Chinese and Japanese fall into pairs of characters.
 * @param {{chunk: string, start: number}} piece
 * @returns {{chunk: string, start: number}[]}
 */
function paired({ chunk, start }) {
  if (!UNSPACED.test(chunk)) return [{ chunk, start }];
  return [...chunk.matchAll(SCRIPTS)].flatMap(({ 0: run, index }) => {
    const letters = [...run];
    if (letters.length === 1 || !UNSPACED.test(run)) return [{ chunk: run, start: start + index }];
    let at = start + index;
    return letters.slice(1).map((letter, i) => {
      const pair = { chunk: letters[i] + letter, start: at };
      at += letters[i].length;
      return pair;
    });
  });
}

/**
 * The chunks of a text.
 * @param {string} text
 * @returns {Chunk[]}
 */
export function chunksOf(text) {
  const chunks = [];
  for (const { chunk, start } of [...text.matchAll(CHUNK)].flatMap(({ 0: run, index }) => apart(run, index)).flatMap(paired)) {
    const plain = folded(chunk);
    const own = parts(named(plain));
    const joined = [];
    if (own.length > 1) {
      joined.push(cut(own.join("")));
      const latin = plain.replace(GREEK, latinLetter);
      if (latin !== plain) joined.push(cut(parts(latin).join("")));
    }
    chunks.push({ parts: own.map(cut), joined, start, end: start + chunk.length });
  }
  return chunks;
}

/**
 * All of a text as one word, for identifiers and gene symbols: `Nkx2-5` is `nkx25`.
 * @param {string} text
 */
export function joinedWord(text) {
  return cut(parts(named(folded(text))).join(""));
}

/**
 * A word as OCR saw it without the signs around it, for people: `(HER2` is `HER2`.
 * @param {string} word
 */
export function trimmed(word) {
  return /[\p{L}\p{N}].*[\p{L}\p{N}+]|[\p{L}\p{N}]/u.exec(word)?.[0] ?? word;
}

/**
 * As `joinedWord`, with the letter that looks alike for each Greek one, as gene symbols have it: `TGFβ1` is `tgfb1`.
 * @param {string} text
 */
export function latinWord(text) {
  return cut(parts(folded(text).replace(GREEK, latinLetter)).join(""));
}

/**
 * The forms of a word in singular and plural and in British and American spelling, itself included: whoever looks for one finds all.
 * @param {string} word
 * @returns {string[]}
 */
export function variants(word) {
  // Names of genes and proteins with digits within have a plural too, PI3Ks; hardly a figure has it alone, so only it leads to the other.
  if (/^(?=.*\d)[a-z][a-z\d]{2,6}[a-rt-z]s$/.test(word)) return [word, word.slice(0, -1)];
  if (!/^[a-z]+$/.test(word)) return [word];
  const known = irregular(word);
  if (word.length < 4 && !known) return [word];
  const stems = known ?? singulars(word);
  const forms = stems.flatMap((stem) => [stem, ...(stem === word || !known ? plurals(stem) : []), ...(irregular(stem) ?? [])]);
  return [...new Set([word, ...forms].flatMap(spellings))];
}

/** Plurals of Latin, Greek and English whose endings have no rule; what ends so goes with it, `streptococcus` too. */
const IRREGULAR = [
  "axis axes", "bacillus bacilli", "bacterium bacteria", "bronchus bronchi", "child children", "cilium cilia", "coccus cocci",
  "criterion criteria", "embolus emboli", "flagellum flagella", "foot feet", "fungus fungi", "ganglion ganglia", "genus genera", "helix helices",
  "hypha hyphae", "index indices", "larva larvae", "locus loci", "man men", "matrix matrices", "medium media", "mitochondrion mitochondria",
  "mouse mice", "nucleus nuclei", "ovum ova", "phenomenon phenomena", "spectrum spectra", "stimulus stimuli", "thesis theses", "thrombus thrombi",
  "tooth teeth", "vertebra vertebrae", "villus villi",
].map((pair) => pair.split(" "));

/**
 * Singular and plural of a word that has no rule; undefined for another.
 * @param {string} word
 * @returns {string[] | undefined} itself first
 */
function irregular(word) {
  for (const [one, many] of IRREGULAR) {
    for (const [own, other] of [[one, many], [many, one]]) {
      // A short one is not looked for in others: a woman is one of men, but stamen are not.
      if (word === own || (own.length > 4 && word.endsWith(own)) || word === `wo${own}`) return [word, word.slice(0, -own.length) + other];
    }
  }
  return undefined;
}

/** @param {string} stem */
function plurals(stem) {
  const all = [`${stem}s`];
  if (/(?:[^i]s|x|z|ch|sh)$/.test(stem)) all.push(`${stem}es`);
  if (/[aeioy]sis$/.test(stem)) all.push(`${stem.slice(0, -2)}es`);
  if (/[^aeiou]y$/.test(stem)) all.push(`${stem.slice(0, -1)}ies`);
  return all;
}

/**
 * The singulars that a word may be the plural of, or the word: `bases` is that of `base` and of `basis`, `causes` of `cause` alone,
 * but `viruses` of `virus`, and nobody's list of words is at hand.
 * @param {string} word
 */
function singulars(word) {
  if (/[^aeiou]ies$/.test(word) && word.length > 4) return [`${word.slice(0, -3)}y`];
  if (/[iy]zes$/.test(word)) return [word.slice(0, -1)];
  if (/(?:ss|x|z|ch|sh)es$/.test(word)) return [word.slice(0, -2)];
  if (/[aeioy]ses$/.test(word)) return [word.slice(0, -1), `${word.slice(0, -2)}is`, ...(/[ai]ses$/.test(word) ? [word.slice(0, -2)] : [])];
  if (/[^aeo]uses$/.test(word)) return [word.slice(0, -1), word.slice(0, -2)];
  if (/[^su]s$/.test(word) && !/(?:is)$/.test(word)) return [word.slice(0, -1)];
  return [word];
}

/**
 * The letters and digits of a text that stand alone, for which nothing is looked up: "T" of "T cell".
 * @param {string} text
 * @returns {string[]}
 */
export function leftOut(text) {
  const alone = chunksOf(text).filter(({ parts: own }) => own.length === 1 && !kept(own[0]) && !STOP_WORDS.has(own[0]));
  return [...new Set(alone.map(({ start, end }) => text.slice(start, end)))];
}

/** What a chunk of a query asks for: one of the words, or all of the parts. */
/**
 * @typedef {object} Wanted
 * @property {string[]} any words of which one is enough; the first is as it was typed, which may go on
 * @property {string[]} all parts that together are enough too; empty where they would be too little to say the same
 */

/**
 * What the words of a query ask for; chunks that say nothing (`a`, `the`) are left out.
 * @param {string} text
 * @returns {Wanted[]}
 */
export function wantedOf(text) {
  const out = [];
  for (const { parts: own, joined: whole } of chunksOf(text)) {
    const joined = [...new Set((own.length === 1 ? own : whole).flatMap((word) => [word, spelledOut(word) ?? word]))];
    if (own.length === 1) {
      if (kept(own[0])) out.push({ any: joined, all: [] });
      continue;
    }
    // "IL-6" must not find whatever has an IL and a 6 somewhere, nor PKCδ a PKC and another protein's delta.
    const isoform = own[0].length <= SYMBOL && NAMES.includes(own[own.length - 1]);
    const telling = !isoform && own.every((part) => kept(part) && !/^\p{N}+$/u.test(part));
    out.push({ any: joined.filter(kept), all: telling ? own : [] });
  }
  return out;
}
