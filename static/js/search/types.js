/**
 * The types that the search engine speaks in. Nothing here runs.
 *
 * A figure is known by its id, a whole number: smaller ids are newer. Ids hold for one published state of the site only; an
 * address or a file says figids. A gene is known by its key, the path of its page below `genes/` without `.html`: `ERBB2`,
 * `Mus_musculus/Erbb2`.
 */

/**
 * What a query asks for; `parseQuery` reads it from text, `formatQuery` writes it.
 * @typedef {object} Query
 * @property {string[]} words as typed; all must be found
 * @property {string[]} without words of which none may be found
 * @property {boolean} open whether the last word may go on (it is being typed): no space and no quote follows it
 * @property {string[]} genes symbols, aliases, NCBI Gene ids or keys, which may have `=` before them; a figure must show all
 * @property {string[]} withoutGenes a figure may show none of them
 * @property {[number, number] | null} years first and last, both included
 * @property {[number, number][]} withoutYears none of them may be a figure's
 * @property {string[]} organisms Latin names; a figure must have one of them
 * @property {string[]} withoutOrganisms a figure may have none of them
 * @property {string[]} types figure types; a figure must be of one of them
 * @property {string[]} withoutTypes a figure may be of none of them
 */

/** @typedef {"genes" | "withoutGenes" | "organisms" | "withoutOrganisms" | "types" | "withoutTypes"} ListField */

/**
 * What narrows a search beside its text, with the same meaning as the fields of `Query`.
 * @typedef {Partial<Pick<Query, ListField | "years" | "withoutYears">>} Filters
 */

/**
 * @typedef {object} SearchOptions
 * @property {Filters} [filters]
 * @property {"relevance" | "newest"} [sort] relevance where there are words, else newest
 * @property {number} [offset] of the first row, from 0
 * @property {number} [limit] how many rows, 20 if not given
 * @property {number} [first] how many of them must be there with the answer, all if not given; `more` brings the others
 * @property {AbortSignal} [signal] an aborted search rejects with the signal's reason (`AbortError`)
 */

/**
 * What a card shows of a figure. All text is plain text: whoever shows it must escape it.
 * @typedef {object} Row
 * @property {number} id
 * @property {string} figid
 * @property {string} href address of its page, with the base path of the site
 * @property {string} title
 * @property {string} number label in the paper (`Figure 2`); empty if unknown
 * @property {string} year as published; empty if unknown
 * @property {string} paper title of the paper, clipped
 * @property {string} pmcid
 * @property {string[]} organisms
 * @property {string} type figure type
 * @property {string} thumb address of a picture; empty if there is none
 */

/**
 * The places to mark in a text: pairs of offsets `[from, to)` in UTF-16 code units, ascending.
 * @typedef {[number, number][]} Marks
 */

/**
 * What of a row answers the query.
 * @typedef {object} RowMarks
 * @property {Marks} title
 * @property {Marks} paper
 */

/**
 * @typedef {object} Facets
 * @property {{year: number, count: number}[]} years ascending; 0 for unknown
 * @property {{name: string, count: number}[]} organisms most frequent first
 * @property {{name: string, count: number}[]} types most frequent first
 */

/**
 * @typedef {object} DidYouMean
 * @property {string} word as typed
 * @property {string} instead
 * @property {string} query the whole query, corrected
 */

/**
 * @typedef {object} ShownGene
 * @property {string} symbol
 * @property {string} organism empty for the default one
 */

/**
 * @typedef {object} SearchResult
 * @property {Query} query what was understood, filters included
 * @property {number} total
 * @property {Uint32Array} ids of all answers, in the order asked for
 * @property {Row[]} rows those from `offset` on, `limit` at most, and no more than `first`
 * @property {RowMarks[]} marks of each of the rows
 * @property {() => Promise<{rows: Row[], marks: RowMarks[]}>} more the rows behind the first ones, up to `limit`
 * @property {(ids: ArrayLike<number>) => Promise<Row[]>} rowsOf the rows of any of the answers, in the same order, for tables to download;
 *   rejects with a `StaleIndex` where the site was published anew, since ids then mean other figures
 * @property {(ids: ArrayLike<number>) => Promise<ShownGene[][]>} genesOf likewise the genes that each shows
 * @property {DidYouMean[]} didYouMean where a word is found nowhere; best first
 * @property {string[]} unknown `gene:`, `organism:` and `type:` values that the collection does not know
 * @property {() => Promise<Facets>} facets counts over all answers; years are at hand, the others cost a small fetch
 * @property {() => Promise<Gene[][]>} matched of each of the rows, later ones included, the genes of the query that it shows; costs a small fetch
 * @property {(limit?: number, options?: {files?: number, spare?: number, like?: string}) => Promise<{genes: {gene: Gene, count: number}[], sampled: boolean}>} genes
 *   the genes that most of the answers show (20); `sampled` where which ones they are was found out on a part of many answers. That costs a few
 *   hundred kB at most, so ask for it once the rows are on the page; where more files may be read, up to 100 kB each
 */

/**
 * @typedef {object} Gene
 * @property {string} key
 * @property {string} exact what `gene:` says so that it means this gene and no other
 * @property {string} symbol
 * @property {string} ncbi NCBI Gene id; empty if there is none
 * @property {string} organism Latin name
 * @property {number} total figures that show it
 * @property {string} href address of its page
 */

/**
 * A chemical or a disease.
 * @typedef {object} Concept
 * @property {string} name
 * @property {string} word that was seen, where another than the name matched
 * @property {number} count figures that mention it
 * @property {string} href
 */

/**
 * @typedef {object} Suggestions
 * @property {{gene: Gene, word: string}[]} genes `word` is the word that OCR saw, empty where the symbol itself matched
 * @property {{name: string, count: number, href: string}[]} organisms
 * @property {Concept[]} chemicals
 * @property {Concept[]} diseases
 * @property {Row[]} figures by figid or PMCID
 */

/**
 * What became of the names of a gene set.
 * @typedef {object} Resolved
 * @property {{name: string, gene: Gene, others: Gene[], dated?: boolean}[]} recognised in the order given, each gene once; others of
 *   its organism for which the name stands as well, as that of a family does, most shown first; whether it is the date of a spreadsheet
 * @property {{name: string, suggestions: Gene[] | null}[]} unrecognised with genes like them; null where there were too many to look
 * @property {{name: string, gene: Gene}[]} repeated names of a gene that was there already
 * @property {Map<string, string[]>} parts the names in those that mean no gene as a whole, such as `AKT1/PTEN`
 * @property {number} leftOut names beyond the limit of 2,000
 */

/**
 * @typedef {object} GeneSetOptions
 * @property {Filters} [filters] which figures to list; p and q are those of all figures all the same
 * @property {[number, number]} [size] fewest and most genes of a listed figure
 * @property {number} [atLeast] fewest genes shared with the set, 1 if not given
 * @property {number} [offset]
 * @property {number} [limit] how many figures with rows and genes, 20 if not given
 * @property {number} [first] how many of their rows must be there with the answer, all if not given; `more` brings the others
 * @property {AbortSignal} [signal]
 */

/**
 * A figure ranked by a gene set.
 * @typedef {object} RankedFigure
 * @property {number} id
 * @property {number} overlap genes of the set that it shows
 * @property {number} size its genes in the background
 * @property {number} p hypergeometric: P(at least so many)
 * @property {number} logP natural logarithm of p, where p is too small for a number
 * @property {number} q Benjamini-Hochberg over all figures
 */

/**
 * @typedef {object} GeneSetResult
 * @property {number} total figures that are listed
 * @property {number} tested figures that p was computed for: all that show a gene of the background
 * @property {number} background genes of the organism in the collection
 * @property {number} set genes of the set in the background
 * @property {string} organism whose genes are the background
 * @property {() => RankedFigure[]} ranked all that are listed, best first: by p, then overlap, size, newest
 * @property {RankedFigure[]} page those from `offset` on, `limit` at most
 * @property {Row[]} rows those from `offset` on, `limit` at most, and no more than `first`
 * @property {() => Promise<Row[]>} more the rows behind the first ones, up to `limit`
 * @property {(ids: ArrayLike<number>) => Promise<Row[]>} rowsOf the rows of any of the figures, in the same order; rejects with a
 *   `StaleIndex` where the site was published anew
 * @property {Gene[][]} genes of each of the rows, later ones included, the genes of the set that it shows
 * @property {(ranked: RankedFigure) => Gene[]} genesOf the same for any ranked figure, for tables to download
 */

/**
 * What the address of `/explore/` says.
 * @typedef {object} AddressState
 * @property {"search" | "genes"} view
 * @property {string} q text of the query
 * @property {"relevance" | "newest" | ""} sort empty: as the query suggests
 * @property {number} page from 1
 * @property {string[]} set names of the gene set
 * @property {[number, number] | null} size fewest and most genes of a listed figure
 */

export {};
