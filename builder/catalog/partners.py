"""Which genes a gene is seen with, the most specific first."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy import sparse

from builder.catalog.arrays import distinct

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from builder.catalog.figures import RawMentions
    from builder.catalog.genes import Genes

__all__ = ["Partners", "find_partners"]

BLOCK = 512
PARTNERS = 10
CANDIDATES = 60

Partners = tuple[list[tuple[int, int]], int]
"""The most specific partners of a gene with the figures that show both, and how many partners it has."""


def _same_word(genes: Genes, raw: RawMentions) -> sparse.csr_matrix:
    """Which genes each word of each figure stands for: one row a word of a figure."""
    key = raw.figure.astype(np.int64) * max(len(raw.words), 1) + raw.word
    known, _ = distinct(key)
    row = np.searchsorted(known, key)
    matrix = sparse.csr_matrix((np.ones(len(row), np.int32), (row, genes.mention_gene)), (len(known), len(genes)))
    matrix.data[:] = 1
    return matrix


def find_partners(genes: Genes, raw: RawMentions, figures: int) -> list[Partners]:
    """For each gene its ten most specific partners.

    A partner counts where another word of the figure stands for it: the members of a family
    that one word expands to (``AKT`` -> AKT1, AKT2, AKT3) are not seen with each other. Partners
    are ranked by their share of the log-likelihood of meeting by chance, ``k log(k N / (a b))``
    for ``k`` common figures of genes with ``a`` and ``b`` of ``N`` figures (pointwise mutual
    information weighted by frequency), so that what is merely frequent does not come first.
    Of a family that goes through one word most of the time, only the best member is listed.
    """
    if not len(genes):
        return []
    ones = np.ones(len(genes.pair_gene), np.int32)
    shown = sparse.csr_matrix((ones, genes.pair_figure, genes.start), (len(genes), figures))
    words = _same_word(genes, raw)
    by_word, by_figure = words.T.tocsr(), shown.T.tocsr()
    totals = genes.totals()
    families = _families(by_word, words, totals)
    out: list[Partners] = []
    for first in range(0, len(genes), BLOCK):
        rows = slice(first, min(first + BLOCK, len(genes)))
        both = (shown[rows] @ by_figure).tocsr()
        both.sort_indices()
        apart = _apart(both, (by_word[rows] @ words).tocsr(), first)
        owner = np.repeat(np.arange(both.shape[0]), np.diff(both.indptr))
        expected = totals[both.indices] * (totals[first + owner] / figures)
        score = np.round(apart.astype(np.float64) * np.log(np.maximum(apart / expected, 1e-9)), 9)
        out.extend(_best(both, apart, score, families))
    return out


def _families(by_word: sparse.csr_matrix, words: sparse.csr_matrix, totals: NDArray[np.int64]) -> sparse.csr_matrix:
    """Genes that stand together for one word in most figures of either."""
    same = (by_word @ words).tocoo()
    keep = same.data * 2 > np.minimum(totals[same.row], totals[same.col])
    kept = (same.data[keep], (same.row[keep], same.col[keep]))
    return sparse.csr_matrix(kept, same.shape)


def _apart(both: sparse.csr_matrix, same: sparse.csr_matrix, first: int) -> NDArray[np.int64]:
    """Common figures of each pair in ``both`` less those where one word stands for both genes."""
    width = both.shape[1]

    def keys(matrix: sparse.csr_matrix) -> NDArray[np.int64]:
        owner = np.repeat(np.arange(matrix.shape[0], dtype=np.int64), np.diff(matrix.indptr))
        return owner * width + matrix.indices

    same.sort_indices()
    apart = both.data.astype(np.int64)
    pairs = keys(both)
    apart[np.searchsorted(pairs, keys(same))] -= same.data
    apart[pairs // width + first == pairs % width] = 0
    return np.maximum(apart, 0)


def _best(
    both: sparse.csr_matrix, apart: NDArray[np.int64], score: NDArray[np.float64], families: sparse.csr_matrix
) -> Iterator[Partners]:
    """The best partners of the genes of one block."""
    for i in range(both.shape[0]):
        part = slice(both.indptr[i], both.indptr[i + 1])
        scores, other, shared = score[part], both.indices[part], both.data[part]
        keep = scores > 0
        if int(keep.sum()) > CANDIDATES:
            keep &= scores >= np.partition(scores, -CANDIDATES)[-CANDIDATES]
        found = np.flatnonzero(keep)
        found = found[np.lexsort((other[found], -scores[found]))]
        chosen: list[tuple[int, int]] = []
        mates: set[int] = set()
        for k in found.tolist():
            gene = int(other[k])
            if gene not in mates:
                chosen.append((gene, int(shared[k])))
                mates.update(families.indices[families.indptr[gene] : families.indptr[gene + 1]].tolist())
                if len(chosen) == PARTNERS:
                    break
        yield chosen, int((apart[part] > 0).sum())
