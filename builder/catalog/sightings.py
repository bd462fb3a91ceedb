"""Which genes the figures show and by which words, laid out so that partners of genes can be computed.

All of it depends on all figures, but a changed figure changes little of it: the rows of its words, and the families of
the genes that it shows. A later build lays those out anew and takes the others over.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations, pairwise
from typing import TYPE_CHECKING

import numpy as np

from builder.catalog.arrays import levels, run_starts, spans, starts
from builder.catalog.splice import Splice
from builder.vocabulary import fold, mix, numbered, summed

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from scipy import sparse

    from builder.catalog.arrays import Longs
    from builder.catalog.figures import RawMentions
    from builder.catalog.genes import Genes

__all__ = ["STEPS", "Families", "Groups", "Sightings", "WordRows", "sightings", "word_rows"]

MOST_PAIRS = 1_000_000
"""Pairs of genes of the words of one figure that are held against each other."""
STEPS = 8
"""Frequencies count in steps of an eighth of an octave, so that one figure more changes few of them."""


@dataclass(slots=True)
class WordRows:
    """Which genes each word of each figure stands for: a row a word and organism; each pair of genes is in one alone.

    They stand by figure.
    """

    first: Longs
    """Where the rows of each figure begin, and where the last ones end."""
    border: Longs
    """Where the genes of the rows of each figure begin, and where the last ones end."""
    size: NDArray[np.int32]
    """Genes of each row."""
    gene: NDArray[np.int32]
    """The genes of all rows, one row after another."""

    def with_rows(self, was: Longs, others: WordRows) -> WordRows:
        """The rows of today's figures, of which most are among these.

        Args:
            was: of each figure the number under which its rows stand here, -1 for others.
            others: the rows of those.
        """
        rows, entries = Splice(was, self.first, others.first), Splice(was, self.border, others.border)
        sizes, genes = rows.of(self.size, others.size), entries.of(self.gene, others.gene)
        return WordRows(rows.ends(), entries.ends(), sizes, genes)


@dataclass(slots=True)
class Families:
    """Pairs of genes that stand for one word in most figures of either, each both ways, as a build found them."""

    gene: NDArray[np.integer]
    mate: NDArray[np.integer]
    changed: NDArray[np.bool_]
    """Genes of which pairs may be others now."""


class Groups:
    """Genes in groups: those of a figure, or those for which one word of a figure stands."""

    def __init__(self, start: NDArray[np.integer], gene: NDArray[np.int32], count: int, *, all_asked: bool) -> None:
        """Make ready.

        Args:
            start: where each group begins among the genes, and where the last one ends.
            gene: the genes of all groups, one group after another.
            count: how many genes there are.
            all_asked: whether all genes will be asked for.
        """
        from builder.catalog.matrices import sparse  # noqa: PLC0415 - slow to load, and most builds need it not

        self._start, self._gene, self._count = start, gene, count
        # Of one type with what it is multiplied by, or all of it would be copied for each product.
        self._groups = sparse.csr_matrix((np.ones(len(gene), np.int32), gene, start), (len(start) - 1, count))
        # To turn the matrix over takes several looks at each gene of each group; to find few genes there, one.
        self._by_gene = self._groups.T.tocsr() if all_asked else None

    def together(self, asked: Longs) -> sparse.csr_matrix:
        """For each of some genes, ascending, and each other gene, how many groups have both."""
        own = self._of(asked) if self._by_gene is None else self._by_gene[asked]
        both: sparse.csr_matrix = (own @ self._groups).tocsr()
        return both

    def _of(self, asked: Longs) -> sparse.csr_matrix:
        """The groups of some genes, a row a gene."""
        from builder.catalog.matrices import sparse  # noqa: PLC0415 - as above

        place = np.full(self._count, -1, np.int32)
        place[asked] = np.arange(len(asked), dtype=np.int32)
        at = np.flatnonzero((place >= 0)[self._gene])
        # Of another type than the starts the places would have all of those copied.
        group = np.searchsorted(self._start, at.astype(self._start.dtype), side="right") - 1
        ones = np.ones(len(at), np.int32)
        return sparse.csr_matrix((ones, (place[self._gene[at]], group)), (len(asked), len(self._start) - 1))


@dataclass(slots=True)
class Sightings:
    """Which genes the figures show, and by which words."""

    sheets: Groups
    """A sheet is a figure with its genes of one organism."""
    rows: WordRows
    words: Groups
    """The genes of each of ``rows``."""
    families: sparse.csr_matrix
    """Genes by genes that stand with them for one word in most figures of either."""
    level: Longs
    """How frequent each gene is, in ``STEPS`` an octave."""
    octaves: int


def sightings(
    genes: Genes, shown: tuple[NDArray[np.int32], Longs], rows: WordRows, known: Families | None
) -> Sightings:
    """Lay out the mentions so that rows of partners can be computed.

    Args:
        genes: of the collection.
        shown: genes of each figure, ascending, and where those of each begin, as in ``Outline``.
        rows: which genes each word of each figure stands for.
        known: what a former build found of families; None for nothing.
    """
    gene, gene_start = shown
    # Half the bytes of what other numbers would take are read in half the time.
    kind: type[np.int32 | np.int64] = np.int32 if len(rows.gene) <= np.iinfo(np.int32).max else np.int64
    start: NDArray[np.int32 | np.int64] = np.zeros(len(rows.size) + 1, kind)
    np.cumsum(rows.size, out=start[1:])
    all_asked = known is None
    words = Groups(start, rows.gene, len(genes), all_asked=all_asked)
    totals = genes.totals()
    families = _families(words, totals, known)
    sheets = Groups(_sheets(genes, gene, gene_start), gene, len(genes), all_asked=all_asked)
    return Sightings(sheets, rows, words, families, levels(totals, STEPS), (len(gene_start) - 1).bit_length())


def _families(words: Groups, totals: NDArray[np.integer], known: Families | None) -> sparse.csr_matrix:
    """Genes by genes that stand with them for one word in most figures of either."""
    from builder.catalog.matrices import sparse  # noqa: PLC0415 - as above

    asked = np.arange(len(totals)) if known is None else np.flatnonzero(known.changed)
    same = words.together(asked).tocoo()
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


def _sheets(genes: Genes, gene: NDArray[np.int32], gene_start: Longs) -> Longs:
    """Where each sheet begins among the genes of figures, which stand by organism, and where the last one ends.

    Tables give a word's genes in each organism of a paper, so that a gene would be seen with those of all of them.
    """
    organism = _organisms(genes)
    if not len(organism) or organism[-1] == 0:
        return gene_start
    own = organism[gene]
    new = np.zeros(len(gene) + 1, np.bool_)
    np.not_equal(own[1:], own[:-1], out=new[1:-1])
    new[gene_start] = True
    return np.flatnonzero(new)


def word_rows(genes: Genes, raw: RawMentions, figures: Longs) -> WordRows:
    """Which genes each word of each of some figures stands for.

    Args:
        genes: of the collection.
        raw: its mentions.
        figures: which to look at, ascending; in the rows they are numbered among themselves.
    """
    n, w = max(len(genes), 1), max(len(raw.words), 1)
    first, last = raw.start[figures], raw.start[figures + 1]
    mentions = slice(None) if len(figures) == len(raw.start) - 1 else spans(first, last)
    keys = np.repeat(np.arange(len(figures)), last - first)
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
    begin = np.flatnonzero(new)
    start = np.append(begin, len(keys))
    figure = keys[begin] // w
    # Words of one figure that stand for the same genes, such as AKT and Akt, are one sighting of them.
    own = mix(gene.astype(np.uint64) + np.uint64(1))  # what is mixed of 0 is 0
    alike = fold(summed(own, start), figure.astype(np.uint64))
    kept = np.sort(numbered(alike)[1])
    figure, size = figure[kept], start[kept + 1] - start[kept]
    figure, size, gene = _each_pair_once(figure, size, gene[spans(start[kept], start[kept + 1])])
    rows = starts(figure, len(figures))
    border = np.concatenate((np.zeros(1, np.int64), np.cumsum(size)))[rows]
    return WordRows(rows, border, size.astype(np.int32), gene)


def _each_pair_once(figure: Longs, size: Longs, gene: NDArray[np.int32]) -> tuple[Longs, Longs, NDArray[np.int32]]:
    """Rows of genes of which no two of one figure hold the same pair: a figure shows it once, by however many words.

    Args:
        figure: of each row, ascending.
        size: genes of each.
        gene: those of all rows, one row after another.
    """
    end = np.cumsum(size)
    start = end - size
    out, done = [], 0
    for f in _overlapping(figure, size, gene).tolist():
        first, last = np.searchsorted(figure, (f, f + 1)).tolist()
        own = [gene[a:b].tolist() for a, b in zip(start[first:last].tolist(), end[first:last].tolist(), strict=True)]
        if sum(len(r) ** 2 for r in own) > MOST_PAIRS:
            continue  # thousands of genes for one word: no pair of them means anything
        apart = _apart(own)
        out += [(figure[done:first], size[done:first], gene[start[done] : start[first]])]
        out += [(np.full(len(apart), f), np.array([len(r) for r in apart]), np.array([g for r in apart for g in r]))]
        done = last
    if not done:
        return figure, size, gene
    out.append((figure[done:], size[done:], gene[end[done - 1] :]))
    figures, sizes, genes = map(np.concatenate, zip(*out, strict=True))
    return figures, sizes, genes.astype(np.int32)


def _overlapping(figure: Longs, size: Longs, gene: NDArray[np.int32]) -> Longs:
    """The figures in which two genes stand in more than one row each, ascending; the args are as above."""
    many = np.repeat(size > 1, size)
    keys = np.sort(np.repeat(figure, size)[many] << 32 | gene[many])
    again = keys[1:][keys[1:] == keys[:-1]]
    again = again[run_starts(again)] >> 32
    first = run_starts(again)
    found: Longs = again[first[np.diff(np.append(first, len(again))) > 1]]
    return found


def _apart(rows: list[list[int]]) -> list[list[int]]:
    """Rows with the same pairs, each pair in one row: the largest ones first, of others what they hold no pair of."""
    out, known = [], set[tuple[int, int]]()
    for row in sorted(rows, key=len, reverse=True):
        pairs = {*combinations(sorted(row), 2)}
        if known.isdisjoint(pairs):
            out.append(row)
        else:
            out += map(list, sorted(pairs - known))
        known |= pairs
    return out
