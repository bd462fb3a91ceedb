"""Figures that show much the same genes, the rare ones counting most."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy import sparse

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from builder.catalog.genes import Genes

__all__ = ["Similar", "find_similar"]

BLOCK = 1024
SIMILAR = 8
KEY_GENES = 8
"""Genes of a figure that are compared: the rarest that another figure shows too. Frequent ones say little."""
LEAST_SHARED = 2

Similar = tuple[tuple[int, int], ...]
"""Figures like a figure, the most similar first, each with the number of genes that both show."""


def _key_genes(genes: Genes, figures: int) -> sparse.csr_matrix:
    """Unit vectors of the rarest genes of each figure, each gene weighted by the log of its rarity."""
    totals = genes.totals()
    shared = totals[genes.pair_gene] > 1  # a gene of one figure alone ties it to no other
    figure, gene = genes.pair_figure[shared], genes.pair_gene[shared]
    order = np.lexsort((gene, totals[gene], figure))
    figure, gene = figure[order], gene[order]
    first = np.searchsorted(figure, np.arange(figures + 1))
    keep = np.arange(len(figure)) - first[figure] < KEY_GENES
    figure, gene = figure[keep], gene[keep]
    weight = np.log((figures + 1) / totals[gene])
    length = np.sqrt(np.bincount(figure, weight**2, figures))
    weight /= np.maximum(length[figure], 1e-12)
    return sparse.csr_matrix((weight, (figure, gene)), (figures, len(genes)))


def _closest(scores: sparse.csr_matrix, first: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Row and column of the best entries of each row, best first, the figure itself left out."""
    rows, columns = [], []
    for i in range(scores.shape[0]):
        part = slice(scores.indptr[i], scores.indptr[i + 1])
        other, score = scores.indices[part], np.round(scores.data[part], 9)
        if len(other) > SIMILAR + 1:
            # The figure itself is one of them, and equals may stand at the border.
            best = score >= np.partition(score, -SIMILAR - 1)[-SIMILAR - 1]
            other, score = other[best], score[best]
        other = other[np.lexsort((other, -score))]
        other = other[other != first + i][:SIMILAR]
        rows.append(np.full(len(other), first + i))
        columns.append(other)
    return np.concatenate(rows), np.concatenate(columns).astype(np.int64)


def find_similar(genes: Genes, figures: int) -> list[Similar]:
    """For each figure up to eight others that show much the same genes.

    The similarity is the cosine between the vectors of the figures' rarest genes, weighted by the
    inverse of their frequency (TF-IDF without term frequency). A figure with which fewer than two
    genes are shared is not similar.
    """
    if not figures or not len(genes):
        return [()] * figures
    vectors = _key_genes(genes, figures)
    across = vectors.T.tocsr()
    shown = sparse.csr_matrix(
        (np.ones(len(genes.pair_gene), np.int32), (genes.pair_figure, genes.pair_gene)), (figures, len(genes))
    )
    out: list[Similar] = []
    for first in range(0, figures, BLOCK):
        last = min(first + BLOCK, figures)
        rows, columns = _closest((vectors[first:last] @ across).tocsr(), first)
        shared = np.asarray(shown[rows].multiply(shown[columns]).sum(axis=1)).ravel()
        found: list[list[tuple[int, int]]] = [[] for _ in range(first, last)]
        for row, column, count in zip(rows.tolist(), columns.tolist(), shared.tolist(), strict=True):
            if count >= LEAST_SHARED:
                found[row - first].append((column, int(count)))
        out.extend(tuple(f) for f in found)
    return out
