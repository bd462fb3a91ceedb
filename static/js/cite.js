/**
 * What a citation of a figure needs; an empty text is an absent one.
 * @typedef {object} Source
 * @property {string} id figure id
 * @property {string} title of the figure
 * @property {string} label in the paper: `Figure F1`
 * @property {string} url permalink
 * @property {string} site name of this site
 * @property {string} paper title of the paper
 * @property {string} reference the paper as published: `Aena Patel, et al. Cancers (Basel). 2020 Aug;12(8):2081.`
 * @property {string} pmcid
 * @property {string} paperUrl
 * @property {string} doi
 * @property {string} journal
 * @property {string[]} keywords of the paper
 * @property {string} year
 */

/**
 * A reference taken apart.
 * @typedef {object} Reference
 * @property {string[]} authors as written
 * @property {boolean} more whether others follow
 * @property {string} journal
 * @property {string} year
 * @property {string} volume
 * @property {string} issue
 * @property {string} pages
 */

// A group of authors with one name.
const GROUP = /\sand\s/i;
// Authors. Journal. Year and the rest; the stop after an initial (V. J. Denef) does not end the authors.
const REFERENCE =
  /^(?<authors>.+?)(?<!\b\p{L})\. (?<journal>\S.*?)\. (?:(?<year>(?:19|20)\d\d)\b|(?=;))(?<rest>.*)$/su;
// Where each author is a family name with initials, these may be one letter.
const FAMILY = String.raw`\p{L}[\p{L}'’. -]*\p{L} \p{Lu}{1,4}`;
const INITIALS = new RegExp(
  `^(?<authors>${FAMILY}(?:, ${FAMILY})*)\\. (?<journal>\\S[^,]*?)\\. (?:(?<year>(?:19|20)\\d\\d)\\b|(?=;))(?<rest>.*)$`,
  "su",
);
// ;volume(issue):pages
const PLACE = /;\s*(?<volume>[\p{L}\d-]+)?\s*(?:\((?<issue>[^)]*)\))?\s*(?::\s*(?<pages>[\p{L}\d–-]+))?/u;

/**
 * The parts of a reference in the form of PubMed; null where it has another form, for nothing is to be invented.
 * @param {string} text
 * @returns {Reference | null}
 */
export function parseReference(text) {
  const found = REFERENCE.exec(text.trim()) ?? INITIALS.exec(text.trim());
  if (!found?.groups) return null;
  const { authors, journal, year = "", rest } = found.groups;
  const names = authors.split(/,\s+/);
  const more = names.at(-1) === "et al";
  const place = PLACE.exec(rest)?.groups;
  return {
    authors: more ? names.slice(0, -1) : names,
    more,
    journal,
    year,
    volume: place?.volume ?? "",
    issue: place?.issue ?? "",
    pages: place?.pages ?? "",
  };
}

/**
 * A name with the family name first, as RIS wants it: `van Lis, Robert`. A name of one word stays.
 * @param {string} name
 * @returns {string}
 */
export function familyFirst(name) {
  if (GROUP.test(name)) return name;
  const initials = /^(?<family>.+) (?<given>\p{Lu}{1,3})$/u.exec(name);
  const words = initials ?? /^(?<given>.+?) (?<family>(?:\p{Ll}[\p{Ll}']* )*\S+)$/u.exec(name);
  return words?.groups ? `${words.groups.family}, ${words.groups.given}` : name;
}

/** @param {string} text one line, without control characters */
function line(text) {
  return text
    .replace(/\p{Cs}/gu, "\ufffd")
    .replace(/[\s\u0000-\u001f\u007f-\u009f\u2028\u2029]+/gu, " ")
    .trim();
}

/** @param {string} text without the stop at its end */
function bare(text) {
  return line(text).replace(/\.$/, "");
}

/** @param {Source} source */
function figureTitle(source) {
  return [source.label, bare(source.title)].filter(Boolean).join(": ");
}

/**
 * The citation as one paragraph of plain text.
 * @param {Source} source
 * @returns {string}
 */
export function toPlain(source) {
  const from = [source.paper, source.reference].map(bare).filter(Boolean).join(". ");
  return [
    `${bare(source.title)}.`,
    from && `${source.label ? `${line(source.label)} of` : "From"}: ${from}.`,
    source.pmcid && `${line(source.pmcid)}.`,
    source.doi && `doi:${line(source.doi)}.`,
    `${line(source.site)}, ${source.url}`,
  ]
    .filter(Boolean)
    .join(" ");
}

/** @type {Record<string, string>} */
const TEX = {
  "\\": "\\textbackslash{}",
  "~": "\\textasciitilde{}",
  "^": "\\textasciicircum{}",
  // BibTeX counts braces behind a backslash too: one alone would swallow the entries behind it.
  "{": "\\textbraceleft{}",
  "}": "\\textbraceright{}",
};

/**
 * A text in which TeX finds no command.
 * @param {string} text
 * @returns {string}
 */
export function tex(text) {
  return line(text)
    .replace(/[$&#_%]/g, "\n$&") // a sign for the backslash, which stands in no line of text
    .replace(/[\\~^{}]/g, (character) => TEX[character])
    .replace(/\n/g, "\\");
}

/**
 * @param {string} kind
 * @param {string} key
 * @param {[string, string][]} fields empty ones are left out
 * @returns {string}
 */
function entry(kind, key, fields) {
  const lines = fields.filter(([, value]) => value).map(([name, value]) => `  ${name} = {${value}}`);
  return `@${kind}{${key.replace(/[^\w:.+-]+/g, "-")},\n${lines.join(",\n")}\n}\n`;
}

/**
 * An author as BibTeX takes one: a name with "and" in it, as a group has, is no two.
 * @param {string} name
 * @returns {string}
 */
const author = (name) => (GROUP.test(name) ? `{${tex(name)}}` : tex(name === "others" ? name : familyFirst(name)));

/** What a record gives as a year, if it is one. @param {string} text */
const inYear = (text) => (/^\d{4}$/.test(text.trim()) ? text.trim() : "");

/**
 * The figure and its paper as two BibTeX entries.
 * @param {Source} source
 * @returns {string}
 */
export function toBibtex(source) {
  const reference = parseReference(source.reference);
  const authors = reference ? [...reference.authors, ...(reference.more ? ["others"] : [])] : [];
  const names = authors.map(author).join(" and ");
  const doi = line(source.doi).replace(/[{}\\]/g, "");
  const url = source.url.replace(/[{}\\\s]/g, encodeURIComponent);
  const figure = entry("misc", source.id, [
    ["title", `{${tex(figureTitle(source))}}`],
    ["howpublished", tex(source.site)],
    ["year", inYear(source.year)],
    ["doi", source.paper || reference ? "" : doi],
    ["url", url],
    ["note", tex(source.paper && `${source.label || "Figure"} of: ${bare(source.paper)}. ${source.pmcid}`)],
  ]);
  if (!source.paper && !reference) return figure;
  const paper = entry("article", source.pmcid || `${source.id}-paper`, [
    ["author", names],
    ["title", source.paper && `{${tex(bare(source.paper))}}`],
    ["journal", tex(reference?.journal || source.journal)],
    ["year", reference?.year || inYear(source.year)],
    ["volume", tex(reference?.volume ?? "")],
    ["number", tex(reference?.issue ?? "")],
    ["pages", tex(reference?.pages ?? "").replace(/[–-]+/, "--")],
    ["doi", doi],
    ["keywords", source.keywords.map(tex).join(", ")],
    ["pmcid", tex(source.pmcid)],
    ["url", source.paperUrl.replace(/[{}\\\s]/g, encodeURIComponent)],
    ["note", reference ? "" : tex(source.reference)],
  ]);
  return `${figure}\n${paper}`;
}

/** @param {[string, string][]} fields */
function record(fields) {
  const lines = fields.map(([tag, value]) => [tag, line(value)]).filter(([tag, value]) => value || tag === "ER");
  return lines.map(([tag, value]) => `${tag}  - ${value}\r\n`).join("");
}

/**
 * The figure and its paper as two RIS records.
 * @param {Source} source
 * @returns {string}
 */
export function toRis(source) {
  const reference = parseReference(source.reference);
  const [first, last = ""] = (reference?.pages ?? "").split(/[–-]/);
  const figure = record([
    ["TY", "FIGURE"],
    ["ID", source.id],
    ["TI", figureTitle(source)],
    ["T2", source.paper],
    ["PB", source.site],
    ["PY", inYear(source.year)],
    ["DO", source.paper || reference ? "" : source.doi],
    ["UR", source.url],
    ["ER", ""],
  ]);
  if (!source.paper && !reference) return figure;
  /** @type {[string, string][]} */
  const authors = (reference?.authors ?? []).map((name) => ["AU", familyFirst(name)]);
  /** @type {[string, string][]} */
  const keywords = source.keywords.map((word) => ["KW", word]);
  const paper = record([
    ["TY", "JOUR"],
    ["ID", source.pmcid],
    ...authors,
    ["TI", bare(source.paper)],
    ["T2", reference?.journal || source.journal],
    ["PY", reference?.year || inYear(source.year)],
    ["VL", reference?.volume ?? ""],
    ["IS", reference?.issue ?? ""],
    ["SP", first],
    ["EP", last],
    ["DO", source.doi],
    ...keywords,
    ["AN", source.pmcid],
    ["UR", source.paperUrl],
    ["N1", reference ? "" : source.reference],
    ["ER", ""],
  ]);
  return `${figure}\r\n${paper}`;
}
