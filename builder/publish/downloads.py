"""The bulk downloads: tables of figures and of gene mentions, and gene sets.

Byte for byte repeatable: rows in the order of figids, gzip without a clock. Text is unquoted
tab-separated (read with ``quote=""`` in R, ``csv.QUOTE_NONE`` in Python); tabs and line breaks
inside a value become spaces.
"""

from __future__ import annotations

import gzip
import re
from hashlib import sha256
from io import BytesIO
from itertools import islice
from typing import TYPE_CHECKING

import msgspec
import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from builder.catalog.catalog import Catalog

__all__ = ["Download", "make_downloads"]

ROWS_AT_ONCE = 10_000
GENES_A_SET = 3
"""A gene set of fewer genes cannot be tested for enrichment."""

FIGURE_COLUMNS = (
    "figid", "pmcid", "year", "figtype", "number", "title", "papertitle", "reftext", "organisms", "filename",
    "wpid", "ndex",
)  # fmt: skip
MENTION_COLUMNS = ("figid", "word", "match", "lexicon", "symbol", "ncbigene_id", "organism")

_BREAKS = re.compile(r"[\t\r\n\v\f\x1c-\x1e\x85\u2028\u2029]+")


class Download(msgspec.Struct, frozen=True):
    """A file and what the download page says of it."""

    path: str
    name: str
    description: str
    rows: int
    size: int
    """Bytes."""
    sha256: str
    data: bytes


def _cell(text: str) -> str:
    """A value of an unquoted table."""
    return _BREAKS.sub(" ", text)


def _download(path: str, description: str, rows: int, data: bytes) -> Download:
    return Download(path, path.rsplit("/", 1)[-1], description, rows, len(data), sha256(data).hexdigest(), data)


def _table(path: str, description: str, columns: tuple[str, ...], rows: Iterable[str], count: int) -> Download:
    """A gzipped table; the rows are packed as they come, since all of them as text would fill the memory."""
    packed = BytesIO()
    with gzip.GzipFile(filename="", mode="wb", compresslevel=6, fileobj=packed, mtime=0) as file:
        file.write(("\t".join(columns) + "\n").encode())
        stream = iter(rows)
        while part := "".join(islice(stream, ROWS_AT_ONCE)):
            file.write(part.encode("utf-8", "replace"))
    return _download(path, description, count, packed.getvalue())


def _figure_rows(catalog: Catalog, order: list[int]) -> Iterator[str]:
    f = catalog.figures
    for i in order:
        cells = (
            f.figid[i], f.pmcid[i], f.year[i], f.figtype[i], f.number[i], f.title[i], f.paper[i], f.reftext[i],
            "|".join(f.organisms[i]), f.filename[i], f.wpid[i], f.ndex[i],
        )  # fmt: skip
        yield "\t".join(map(_cell, cells)) + "\n"


def _mention_rows(catalog: Catalog, order: list[int], default_organism: str) -> Iterator[str]:
    """Rows of the mentions; the cells of a vocabulary are made once."""
    m, g = catalog.mentions, catalog.genes
    words, matches, lexicons = ([_cell(t) for t in v] for v in (m.words, m.matches, m.lexicons))
    genes = [
        "\t".join((_cell(symbol), _cell(ncbi), _cell(organism or default_organism)))
        for symbol, ncbi, organism in zip(g.symbol, g.ncbi, g.organism, strict=True)
    ]
    start = np.searchsorted(m.figure, np.arange(len(catalog.figures) + 1)).tolist()
    table = np.stack((m.word, m.match, m.lexicon, g.mention_gene), axis=1)
    for i in order:
        figid = _cell(catalog.figures.figid[i])
        # A figure at a time: as Python numbers all mentions would be ten times as large.
        for word, match, lexicon, gene in table[start[i] : start[i + 1]].tolist():
            yield f"{figid}\t{words[word]}\t{matches[match]}\t{lexicons[lexicon]}\t{genes[gene]}\n"


def _gene_sets(catalog: Catalog, order: list[int]) -> list[str]:
    """Lines of the GMT: figid, title, NCBI Gene ids of the default organism; three genes or more."""
    g = catalog.genes
    named = np.array([bool(n) and not o for n, o in zip(g.ncbi, g.organism, strict=True)], bool)
    keep = named[g.pair_gene] if len(g) else np.zeros(0, bool)
    figure, gene = g.pair_figure[keep], g.pair_gene[keep]
    by_figure = np.argsort(figure, kind="stable")
    figure, gene = figure[by_figure], gene[by_figure]
    start = np.searchsorted(figure, np.arange(len(catalog.figures) + 1)).tolist()
    lines = []
    for i in order:
        ids = sorted({g.ncbi[k] for k in gene[start[i] : start[i + 1]].tolist()}, key=lambda n: (len(n), n))
        if len(ids) >= GENES_A_SET:
            lines.append("\t".join((_cell(catalog.figures.figid[i]), _cell(catalog.figures.title[i]), *ids)) + "\n")
    return lines


def make_downloads(catalog: Catalog, default_organism: str) -> list[Download]:
    """The files of the download page."""
    f = catalog.figures
    order = sorted(range(len(f)), key=f.figid.__getitem__)
    sets = _gene_sets(catalog, order)
    return [
        _table(
            "downloads/figures.tsv.gz", "One row a figure: title, paper, year, organisms, image file.",
            FIGURE_COLUMNS, _figure_rows(catalog, order), len(f),
        ),
        _table(
            "downloads/gene-mentions.tsv.gz",
            "One row a gene mention: the word in the figure, the lexicon that knows it, gene symbol, NCBI Gene id.",
            MENTION_COLUMNS, _mention_rows(catalog, order, default_organism), len(catalog.mentions.figure),
        ),
        _download(
            "downloads/figures.gmt",
            f"Gene sets of {default_organism}: figid, title, NCBI Gene ids; figures of {GENES_A_SET} genes or more.",
            len(sets), "".join(sets).encode("utf-8", "replace"),
        ),
    ]  # fmt: skip
