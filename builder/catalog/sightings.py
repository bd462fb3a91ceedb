"""Which genes the figures show and by which words, laid out so that partners of genes can be computed.

All of it depends on all figures, but a changed figure changes little of it: the rows of its words, and the families of
the genes that it shows. A later build lays those out anew and takes the others over.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from builder.catalog.arrays import levels, numbers_of, run_starts, spans
from builder.vocabulary import fold, mix, numbered, summed

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from scipy import sparse

    from builder.catalog.arrays import Longs
    from builder.catalog.figures import RawMentions
    from builder.catalog.genes import Genes

__all__ = ["STEPS", "Families", "Sightings", "WordRows", "Words", "sightings", "word_rows"]

STEPS = 8
"""Frequencies count in steps of an eighth of an octave, so that one figure more changes few of them."""


@dataclass(slots=True)
class WordRows:
    """Which genes each word of each figure stands for: a row a word and organism, less those of the same genes.

    They stand by figure, word and organism.
    """

    figure: NDArray[np.int32]
    """Of each row."""
    size: NDArray[np.int32]
    """Genes of each row."""
    gene: NDArray[np.int32]
    """The genes of all rows, one row after another."""

    def with_rows(self, others: WordRows) -> WordRows:
        """These and the rows of other figures, all by figure."""
        at = np.searchsorted(self.figure, others.figure)
        ends = np.concatenate((np.zeros(1, np.int64), np.cumsum(self.size, dtype=np.int64)))
        return WordRows(
            np.insert(self.figure, at, others.figure),
            np.insert(self.size, at, others.size),
            np.insert(self.gene, np.repeat(ends[at], others.size), others.gene),
        )


@dataclass(slots=True)
class Families:
    """Pairs of genes that stand for one word in most figures of either, each both ways, as a build found them."""

    gene: NDArray[np.integer]
    mate: NDArray[np.integer]
    changed: NDArray[np.bool_]
    """Genes of which pairs may be others now."""


@dataclass(slots=True)
class Words:
    """The words of figures, with the genes that each stands for."""

    rows: WordRows
    genes: sparse.csr_matrix
    """Words by genes: a row for each of ``rows``."""
    by_gene: sparse.csr_matrix
    """The same by gene."""

    def same(self, asked: Longs) -> sparse.csr_matrix:
        """For each of some genes, and each other gene, how many words of figures stand for both."""
        same: sparse.csr_matrix = (self.by_gene[asked] @ self.genes).tocsr()
        return same


@dataclass(slots=True)
class Sightings:
    """Which genes the figures show, and by which words."""

    shown: sparse.csr_matrix
    """Genes by sheets: a sheet is a figure with its genes of one organism."""
    sheets: sparse.csr_matrix
    """Sheets by genes."""
    words: Words
    families: sparse.csr_matrix
    """Genes by genes that stand with them for one word in most figures of either."""
    level: Longs
    """How frequent each gene is, in ``STEPS`` an octave."""
    octaves: int


def sightings(genes: Genes, shown: sparse.csr_matrix, rows: WordRows, known: Families | None) -> Sightings:
    """Lay out the mentions so that rows of partners can be computed.

    Args:
        genes: of the collection.
        shown: figures by genes.
        rows: which genes each word of each figure stands for.
        known: what a former build found of families; None for nothing.
    """
    from builder.catalog.matrices import sparse  # noqa: PLC0415 - as above

    figures = shown.shape[0]
    sheet, count = _sheets(genes, figures)
    of_genes = sparse.csr_matrix((shown.data, sheet, genes.start), (len(genes), count))  # a 1 for each pair there too
    sheets = of_genes.T.tocsr() if count > figures else shown
    start = np.concatenate((np.zeros(1, np.int64), np.cumsum(rows.size, dtype=np.int64)))
    shape, small = (len(rows.size), len(genes)), np.ones(len(rows.gene), np.int8)
    by_gene = sparse.csr_matrix((small, rows.gene, start), shape).T.tocsr()  # products have the wider type
    own = sparse.csr_matrix((np.ones(len(rows.gene), np.int32), rows.gene, start), shape)
    words = Words(rows, own, by_gene)
    totals = genes.totals()
    families = _families(words, totals, known)
    return Sightings(of_genes, sheets, words, families, levels(totals, STEPS), figures.bit_length())


def _families(words: Words, totals: NDArray[np.integer], known: Families | None) -> sparse.csr_matrix:
    """Genes by genes that stand with them for one word in most figures of either."""
    from builder.catalog.matrices import sparse  # noqa: PLC0415 - as above

    asked = np.arange(len(totals)) if known is None else np.flatnonzero(known.changed)
    same = words.same(asked).tocoo()
    gene, mate = asked[same.row], same.col
    keep = same.data * 2 > np.minimum(totals[gene], totals[mate])
    gene, mate = gene[keep], mate[keep]
    if known is not None:
        other = ~known.changed[mate]
        still = ~(known.changed[known.gene] | known.changed[known.mate])
        gene, mate = (
            np.concatenate((gene, mate[other], known.gene[still])),
            np.concatenate((mate, gene[other], known.mate[still])),
        )
    return sparse.csr_matrix((np.ones(len(gene), np.int8), (gene, mate)), (len(totals), len(totals)))


def _organisms(genes: Genes) -> NDArray[np.int32]:
    """For each gene the number of its organism; genes stand by organism."""
    new = [a != b for a, b in pairwise(genes.organism)]
    return np.concatenate(([0], np.cumsum(new))).astype(np.int32)[: len(genes)]


def _sheets(genes: Genes, figures: int) -> tuple[NDArray[np.int32], int]:
    """The sheet of each pair of gene and figure, and how many sheets there are.

    Tables give a word's genes in each organism of a paper, so that a gene would be seen with those of all of them.
    """
    organism = _organisms(genes)[genes.pair_gene]
    other = organism > 0
    sheet, found = numbers_of(organism[other].astype(np.int64) * figures + genes.pair_figure[other])
    out = genes.pair_figure.copy()
    out[other] = figures + sheet
    return out, figures + found


def word_rows(genes: Genes, raw: RawMentions, some: NDArray[np.bool_] | None = None) -> WordRows:
    """Which genes each word of each figure stands for.

    Args:
        genes: of the collection.
        raw: its mentions.
        some: which figures to look at; None for all.
    """
    n, w = max(len(genes), 1), max(len(raw.words), 1)
    mentions = slice(None) if some is None else np.flatnonzero(some[raw.figure])
    keys = raw.figure[mentions].astype(np.int64)
    keys *= w
    keys += raw.word[mentions]
    keys *= n
    keys += genes.mention_gene[mentions]
    keys.sort()
    keys = keys[run_starts(keys)]
    gene = (keys % n).astype(np.int32)
    keys //= n
    organism = _organisms(genes)[gene]
    new = np.ones(len(keys), np.bool_)
    new[1:] = (keys[1:] != keys[:-1]) | (organism[1:] != organism[:-1])
    first = np.flatnonzero(new)
    start = np.append(first, len(keys))
    figure = keys[first] // w
    # Words of one figure that stand for the same genes, such as AKT and Akt, are one sighting of them.
    own = mix(gene.astype(np.uint64) + np.uint64(1))  # what is mixed of 0 is 0
    alike = fold(summed(own, start), figure.astype(np.uint64))
    kept = np.sort(numbered(alike)[1])
    size = (start[kept + 1] - start[kept]).astype(np.int32)
    return WordRows(figure[kept].astype(np.int32), size, gene[spans(start[kept], start[kept + 1])])
