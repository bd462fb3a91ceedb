"""Figures that show much the same genes, the rare ones counting most."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from builder.catalog.arrays import best_of_rows, levels, run_starts, spans

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray
    from scipy import sparse

    from builder.catalog.arrays import Longs
    from builder.catalog.genes import Genes

__all__ = [
    "ALL",
    "KEY_GENES",
    "MASK",
    "KeyGenes",
    "SimilarRows",
    "key_genes",
    "key_genes_of",
    "rarities",
    "reached",
    "shared_genes",
    "similar_rows",
]

SIMILAR = 8
KEY_GENES = 8
"""Genes of a figure that are compared: the rarest that another figure shows too. Frequent ones say little."""
LEAST_SHARED = 2
"""Key genes that similar figures share."""
STEPS = 4
"""Weights in steps of a quarter of an octave, so that a new figure changes the weights of few genes."""

BLOCK = 1024
PAIRS = 65_536
MASK = 20
"""Where, in the number of a pair, its shared key genes stand as bits, above the number of all of its shared genes."""
_COUNT = 1 << 40
"""Where the number of shared genes stands in a sum, above the sum of their weights."""
_SCALE = 1 << 20
ALL = -1
"""In place of a score: a list that has room for every other."""


@dataclass(slots=True)
class KeyGenes:
    """The rarest genes of each figure, by figure."""

    figure: NDArray[np.int32]
    gene: NDArray[np.int32]
    weight: Longs
    """The square of the gene's rarity: the logarithm of its share of all figures, in whole steps."""
    start: Longs
    """Where the genes of figure ``f`` begin; they end at ``start[f + 1]``."""
    length: Longs
    """The sum of the weights of each figure."""

    @classmethod
    def of(cls, figure: NDArray[np.int32], gene: NDArray[np.int32], rarity: Longs, figures: int) -> KeyGenes:
        """Key genes of all figures, given by figure.

        Args:
            figure: of each.
            gene: likewise.
            rarity: of every gene of the collection.
            figures: how many there are.
        """
        weight = rarity[gene] ** 2
        start = np.concatenate((np.zeros(1, np.int64), np.cumsum(np.bincount(figure, minlength=figures))))
        return cls(figure, gene, weight, start, np.bincount(figure, weight, figures).astype(np.int64))


class SimilarRows(NamedTuple):
    """Figures that are similar to some figures."""

    figure: Longs
    """The figures asked for, each as often as it has similar ones;"""
    other: Longs
    """those, the most similar first."""
    worst: Longs
    """Of each figure asked for the score of the last in its list; ``ALL`` where the list is not full."""


def rarities(genes: Genes, figures: int) -> Longs:
    """How rare each gene is: the logarithm of its share of all figures, in whole steps; 0 if one figure alone shows it.

    Such a gene ties its figure to no other.
    """
    totals = genes.totals()
    rarity = np.maximum(STEPS * figures.bit_length() - levels(totals, STEPS), 1)
    rarity[totals < 2] = 0  # noqa: PLR2004 - one figure and another
    return rarity


def key_genes(genes: Genes, rarity: Longs, figures: int) -> KeyGenes:
    """The genes by which figures are compared.

    Args:
        genes: of the collection.
        rarity: of each of them.
        figures: how many there are.
    """
    return KeyGenes.of(*key_genes_of(genes.pair_figure, genes.pair_gene, rarity), rarity, figures)


def key_genes_of(
    figure: NDArray[np.integer], gene: NDArray[np.int32], rarity: Longs
) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """The rarest genes of some figures, by figure, rarest first.

    Args:
        figure: of each gene that one of them shows.
        gene: likewise; of equally rare ones the smaller number goes first.
        rarity: of every gene of the collection.
    """
    shared = rarity[gene] > 0
    figure, gene = figure[shared], gene[shared]
    highest = int(rarity.max(initial=1))
    gene_bits = len(rarity).bit_length()
    bits = gene_bits + highest.bit_length()
    key = figure.astype(np.int64) << bits
    key |= ((highest - rarity) << gene_bits | np.arange(len(rarity)))[gene]
    key.sort()
    first = run_starts(key >> bits)
    key = key[np.arange(len(key)) - np.repeat(first, np.diff(np.append(first, len(key)))) < KEY_GENES]
    return (key >> bits).astype(np.int32), (key & ((1 << gene_bits) - 1)).astype(np.int32)


def similar_rows(keys: KeyGenes, rows: Longs, genes: int) -> SimilarRows:
    """For each of some figures up to eight others that show much the same genes.

    The similarity is the cosine between the vectors of the figures' rarest genes, each weighted by its rarity
    (TF-IDF without term frequency). Whole numbers make it exact: it does not depend on what else is computed, so that
    a later build may compute the rows alone that changed.

    Args:
        keys: the key genes of all figures.
        rows: the figures to find others for, ascending.
        genes: how many genes there are.

    """
    parts = [_block(keys, part, _scores(keys, across, part)) for across, part in _parts(keys, rows, genes)]
    if not parts:
        return SimilarRows(*(np.zeros(0, np.int64),) * 3)
    return SimilarRows(*map(np.concatenate, zip(*parts, strict=True)))


def reached(keys: KeyGenes, rows: Longs, genes: int, worst: Longs) -> NDArray[np.bool_]:
    """Which figures may list one of some figures among those similar to them.

    Args:
        keys: the key genes of all figures.
        rows: the figures that may be listed, ascending.
        genes: how many genes there are.
        worst: of each figure the score from which on another one is listed; as ``SimilarRows`` has it.
    """
    out = np.zeros(len(worst), np.bool_)
    for across, part in _parts(keys, rows, genes):
        row, other, dot = _scores(keys, across, part)
        score = (dot * _SCALE / np.sqrt(keys.length[part[row]])).astype(np.int64)
        out[other[score >= worst[other]]] = True
    return out


def _parts(keys: KeyGenes, rows: Longs, genes: int) -> Iterator[tuple[sparse.csr_matrix, Longs]]:
    """The weights of genes by figures, with a part of some figures each time."""
    from builder.catalog.matrices import sparse  # noqa: PLC0415 - slow to load, and most builds need it not

    shape = (genes, len(keys.length))
    across = sparse.csr_matrix((_COUNT + keys.weight, (keys.gene, keys.figure)), shape, dtype=np.int64)
    for i in range(0, len(rows), BLOCK):
        yield across, rows[i : i + BLOCK]


def _scores(keys: KeyGenes, across: sparse.csr_matrix, rows: Longs) -> tuple[Longs, Longs, Longs]:
    """The products of the vectors of few figures with those of all others that share enough genes with them.

    Returns:
        Place of the one figure in ``rows``, the other figure, the product.
    """
    from builder.catalog.matrices import sparse  # noqa: PLC0415 - as above

    lengths = keys.start[rows + 1] - keys.start[rows]
    own = spans(keys.start[rows], keys.start[rows + 1])
    start = np.concatenate(([0], np.cumsum(lengths)))
    ones = np.ones(len(own), np.int64)
    sums = (sparse.csr_matrix((ones, keys.gene[own], start), (len(rows), across.shape[0])) @ across).tocsr()
    at = np.flatnonzero(sums.data >= LEAST_SHARED * _COUNT)
    row = np.searchsorted(sums.indptr, at, side="right") - 1
    other, dot = sums.indices[at], sums.data[at] & (_COUNT - 1)
    apart = other != rows[row]
    return row[apart], other[apart], dot[apart]


def _block(keys: KeyGenes, rows: Longs, scores: tuple[Longs, Longs, Longs]) -> tuple[Longs, Longs, Longs]:
    """As ``similar_rows``, for few figures."""
    row, other, dot = scores
    score = (dot * _SCALE / np.sqrt(keys.length[other])).astype(np.int64)
    row, other, rank, score = best_of_rows(row, other, score, SIMILAR)
    worst = np.full(len(rows), ALL, np.int64)
    last = rank == SIMILAR - 1
    worst[row[last]] = score[last]
    return rows[row], other, worst


def shared_genes(shown: sparse.csr_matrix, keys: KeyGenes, figures: Longs, others: Longs) -> Longs:
    """How many genes both figures of each pair show, and which of the key genes of the one the other shows too.

    Args:
        shown: figures by genes.
        keys: the key genes of all figures.
        figures: one figure of each pair.
        others: the other.

    Returns:
        A number a pair: the shared genes, and above them, from bit ``MASK`` on, a bit for each key gene that is shared.
    """
    from builder.catalog.matrices import sparse  # noqa: PLC0415 - as above

    rank = np.arange(len(keys.figure)) - keys.start[keys.figure]
    bits = sparse.csr_matrix((1 << (MASK + rank), keys.gene, keys.start), shown.shape, dtype=np.int64)
    asked, place = np.unique(figures, return_inverse=True)
    marked = (shown[asked].astype(np.int64) + bits[asked]).tocsr()
    counts = [
        np.asarray(marked[place[i : i + PAIRS]].multiply(shown[others[i : i + PAIRS]]).sum(axis=1)).ravel()
        for i in range(0, len(figures), PAIRS)
    ]
    return np.concatenate(counts).astype(np.int64) if counts else np.zeros(0, np.int64)
