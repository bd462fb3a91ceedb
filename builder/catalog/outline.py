"""The collection in outline: which genes each figure shows, and the terms in which it is remembered.

A figure whose record mentions the genes that it mentioned before shows the same ones, unless what makes a gene that
gene changed. What the build before knew of such figures is taken over, in today's numbers; the others are looked at.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from builder.catalog.arrays import Longs, run_starts, spans, starts
from builder.catalog.similar import KeyGenes, key_genes, key_genes_of, rarities
from builder.catalog.splice import Splice
from builder.vocabulary import fold, fold_columns, mix, summed, summed_of

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from scipy import sparse

    from builder.catalog.figures import Figures, RawMentions
    from builder.catalog.former import Was
    from builder.catalog.genes import Genes

__all__ = ["Outline", "identities", "outline"]

FEW = 8
"""What is known of a collection is of use where at most one of so many figures is to be looked at."""


@dataclass(slots=True)
class Outline:
    """The collection as it is now; hashes as ``Memory`` has them."""

    who: NDArray[np.uint64]
    says: NDArray[np.uint64]
    shows: NDArray[np.uint64]
    reads: NDArray[np.uint64]
    keys_hash: NDArray[np.uint64]
    keys: KeyGenes
    rarity: Longs
    gene: NDArray[np.int32]
    """Genes of each figure, ascending; those of figure ``f`` are ``gene[gene_start[f] : gene_start[f + 1]]``."""
    gene_start: Longs
    gene_who: NDArray[np.uint64]
    shown: sparse.csr_matrix
    """Figures by genes."""


def identities(figures: Figures, genes: Genes) -> tuple[NDArray[np.uint64], NDArray[np.uint64]]:
    """A hash of what makes each figure that figure, and of what makes each gene that gene."""
    return fold(figures.figid_hash, figures.year.astype(np.uint64)), genes.hashes


@dataclass(slots=True)
class _Shown:
    """Genes of some figures."""

    row: Longs
    """Those figures, ascending."""
    length: Longs
    """Genes of each."""
    gene: NDArray[np.int32]
    shows: NDArray[np.uint64]
    reads: NDArray[np.uint64]


def _looked_at(rows: Longs, start: Longs, genes: Genes, raw: RawMentions, gene_who: NDArray[np.uint64]) -> _Shown:
    """What some figures show, from their mentions.

    Args:
        rows: the figures, ascending.
        start: where the mentions of each figure of the collection begin.
        genes: of the collection.
        raw: its mentions.
        gene_who: as in ``Outline``.
    """
    first, last = start[rows], start[rows + 1]
    at = spans(first, last)
    mention = genes.mention_gene[at]
    ends = np.concatenate((np.zeros(1, np.int64), np.cumsum(last - first)))
    n = max(len(genes), 1)
    keys = np.repeat(np.arange(len(rows)), last - first) * n + mention
    keys.sort()
    keys = keys[run_starts(keys)]
    gene = (keys % n).astype(np.int32)
    border = starts(keys // n, len(rows))
    said = fold_columns((raw.word_hashes, raw.word[at]), (gene_who, mention))
    return _Shown(rows, np.diff(border), gene, summed(mix(gene_who)[gene], border), summed(said, ends))


def _kept(figures: Figures, was: Was) -> NDArray[np.bool_]:
    """Figures that show what they showed, gene by gene and word by word."""
    kept = was.same(figures.mention_hash, "says")
    gone = (was.gene_now < 0)[was.array("gene", np.int32)]
    owner = np.searchsorted(was.array("gene_start", np.int64), np.flatnonzero(gone), side="right") - 1
    today = was.figure_now[owner]
    kept[today[today >= 0]] = False
    return kept


def _with_kept(kept: NDArray[np.bool_], was: Was, others: _Shown) -> tuple[NDArray[np.int32], Longs]:
    """Genes of all figures, by figure, and where those of each begin: former ones of some, and those of the others."""
    border = np.concatenate((np.zeros(1, np.int64), np.cumsum(others.length)))
    # Figures and genes keep their order from build to build.
    splice = Splice(np.where(kept, was.figure, -1), was.array("gene_start", np.int64), border)
    return splice.of(was.genes("gene"), others.gene), splice.ends()


def _hashes_with_kept(kept: NDArray[np.bool_], was: Was, others: _Shown, name: str) -> NDArray[np.uint64]:
    """A hash of each figure: former ones of some, and those of the others."""
    out = np.empty(len(kept), np.uint64)
    out[kept] = was.array(name, np.uint64)[was.figure[kept]]
    out[others.row] = getattr(others, name)
    return out


def _keys_again(
    kept: NDArray[np.bool_], was: Was, genes: Genes, rarity: Longs, shown: tuple[NDArray[np.int32], Longs]
) -> KeyGenes | None:
    """The key genes of all figures: former ones where the genes are as rare as they were; None where few are."""
    moved = np.ones(len(genes), np.bool_)
    known = was.gene >= 0
    moved[known] = was.array("rarity", np.int64)[was.gene[known]] != rarity[known]
    which = np.flatnonzero(moved)
    todo = ~kept
    todo[genes.pair_figure[spans(genes.start[which], genes.start[which + 1])]] = True
    rows = np.flatnonzero(todo)
    if len(rows) * FEW > len(kept):
        return None
    start = was.array("key_start", np.int64)
    own = np.zeros(len(start) - 1, np.bool_)
    own[was.figure[~todo]] = True
    size = np.diff(start)
    figure = np.repeat(was.figure_now[own], size[own])
    gene = was.gene_now[was.array("key_gene", np.int32)[np.repeat(own, size)]]
    entries, first = shown
    lengths = first[rows + 1] - first[rows]
    found = key_genes_of(np.repeat(rows, lengths), entries[spans(first[rows], first[rows + 1])], rarity)
    at = np.searchsorted(figure, found[0])
    return KeyGenes.of(np.insert(figure, at, found[0]), np.insert(gene, at, found[1]), rarity, len(kept))


def outline(
    figures: Figures,
    genes: Genes,
    raw: RawMentions,
    who: tuple[NDArray[np.uint64], NDArray[np.uint64]],
    was: Was | None,
) -> Outline:
    """The collection in outline; what is known of it makes it faster, not other.

    Args:
        figures: the collection.
        genes: its genes.
        raw: its mentions.
        who: as ``identities`` gives it.
        was: what the build before left; None for nothing.
    """
    from builder.catalog.matrices import sparse  # noqa: PLC0415 - slow to load, and most builds need it not

    count, gene_who = len(figures), who[1]
    alike = was is not None and was.memory.spelling == raw.spelling
    kept = _kept(figures, was) if was and alike else np.zeros(count, np.bool_)
    start, rarity = raw.start, rarities(genes, count)
    keys = None
    if was and np.count_nonzero(~kept) * FEW <= count:
        others = _looked_at(np.flatnonzero(~kept), start, genes, raw, gene_who)
        gene, gene_start = _with_kept(kept, was, others)
        shows, reads = (_hashes_with_kept(kept, was, others, name) for name in ("shows", "reads"))
        keys = _keys_again(kept, was, genes, rarity, (gene, gene_start))
        shown = sparse.csr_matrix((np.ones(len(gene), np.int32), gene, gene_start), (count, len(genes)))
    else:
        ones = np.ones(len(genes.pair_gene), np.int32)
        shown = sparse.csr_matrix((ones, genes.pair_figure, genes.start), (len(genes), count)).T.tocsr()
        gene, gene_start = shown.indices.astype(np.int32), shown.indptr.astype(np.int64)
        shows = summed_of(mix(gene_who), gene, gene_start)
        reads = summed(fold_columns((raw.word_hashes, raw.word), (gene_who, genes.mention_gene)), start)
    keys = keys or key_genes(genes, rarity, count)
    keys_hash = summed(fold(gene_who[keys.gene], keys.weight.astype(np.uint64)), keys.start)
    return Outline(
        who[0], figures.mention_hash, shows, reads, keys_hash, keys, rarity, gene, gene_start, gene_who, shown
    )
