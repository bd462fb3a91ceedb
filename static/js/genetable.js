/**
 * One row of the gene table.
 * @typedef {object} GeneRow
 * @property {string} word as OCR read it
 * @property {string} match lexicon term
 * @property {string} source lexicon
 * @property {string} symbol
 * @property {string} ncbi NCBI Gene id, or empty
 * @property {boolean} human has a report at HGNC
 */

/**
 * The rows of a gene table whose first three cells span the genes of a word.
 * @param {HTMLTableElement} table
 * @param {Map<string, string>} [sources] lexicons as the record names them, by the name shown
 * @returns {GeneRow[]}
 */
export function readGenes(table, sources = new Map()) {
  return [...table.tBodies].flatMap((body) => {
    const [word, match, source] = [...body.rows[0].cells].map(text);
    return [...body.rows].map((row) => {
      const [symbol, ncbi] = [...row.cells].slice(-2);
      return {
        word,
        match,
        source: sources.get(source) ?? source,
        symbol: text(symbol),
        ncbi: text(ncbi),
        human: Boolean(symbol.querySelector("a")),
      };
    });
  });
}

/** @param {Element} cell */
function text(cell) {
  return (cell.textContent ?? "").trim();
}

/**
 * The rows with each gene once, in the order of first appearance.
 * @param {readonly GeneRow[]} rows
 * @returns {GeneRow[]}
 */
export function distinct(rows) {
  const seen = new Map();
  for (const row of rows) {
    const key = row.ncbi || row.symbol;
    if (!seen.has(key)) seen.set(key, row);
  }
  return [...seen.values()];
}

/** Columns as PFOCR names them in its own files. */
const COLUMNS = ["word", "symbol", "source", "hgnc_symbol", "entrez"];

/**
 * The table as TSV. Unquoted, so tabs, breaks and other control characters become spaces, and a text that a
 * spreadsheet would take for a formula gets an apostrophe in front.
 * @param {readonly GeneRow[]} rows
 * @returns {string}
 */
export function toTsv(rows) {
  const lines = rows.map((row) => [row.word, row.match, row.source, row.symbol, row.ncbi].map(cell).join("\t"));
  return `${[COLUMNS.join("\t"), ...lines].join("\n")}\n`;
}

/** @param {string} value */
function cell(value) {
  const plain = value.replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]+/g, " ").trim();
  return /^[=+@-]/.test(plain) ? `'${plain}` : plain;
}
