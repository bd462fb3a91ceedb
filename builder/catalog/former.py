"""What the build before found of neighbours, in today's numbers of figures and genes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec
import numpy as np

from builder.catalog.arrays import Longs, spans
from builder.catalog.similar import ALL

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["Memory", "Was", "genes_of"]


class Memory(msgspec.Struct, array_like=True):
    """What a build leaves for the next one; arrays as views of bytes."""

    whole: bytes
    """Digest of all that neighbours depend on."""
    octaves: int
    spelling: str
    """As ``RawMentions`` has it."""
    who: memoryview
    """Identity of each figure in its order: figid and year."""
    says: memoryview
    """Hash of the gene mentions of each figure, as its record has them."""
    shows: memoryview
    """Hash of the genes of each figure."""
    reads: memoryview
    """Hash of the genes of each figure with the words that stand for them."""
    keys: memoryview
    """Hash of the key genes of each figure with their weights."""
    key_gene: memoryview
    key_start: memoryview
    gene: memoryview
    """Genes of each figure, by figure."""
    gene_start: memoryview
    gene_who: memoryview
    """Identity of each gene in its order: organism, id and symbol."""
    rarity: memoryview
    """Of each gene as ``rarities`` gives it."""
    level: memoryview
    family: memoryview
    """With ``mate``: pairs of genes of one family."""
    mate: memoryview
    row_first: memoryview
    """With the next three: ``WordRows``."""
    row_border: memoryview
    row_size: memoryview
    row_gene: memoryview
    similar: memoryview
    similar_start: memoryview
    shared: memoryview
    """As ``shared_genes`` gives it."""
    similar_worst: memoryview
    """Of each figure as in ``SimilarRows``."""
    partner: memoryview
    partner_start: memoryview
    together: memoryview
    partner_totals: memoryview
    partner_worst: memoryview
    """Of each gene as in ``PartnerRows``."""


class Was:
    """What the build before left, and how its figures and genes are numbered now."""

    def __init__(self, memory: Memory, who: NDArray[np.uint64], gene_who: NDArray[np.uint64]) -> None:
        """Find today's figures and genes among the former ones.

        Args:
            memory: what the build before left.
            who: identity of each of today's figures, as in ``Memory``.
            gene_who: likewise of each gene.
        """
        self.memory = memory
        self.figure = _places(self.array("who", np.uint64), who)
        """Former number of each of today's figures, -1 for a new one."""
        self.gene = _places(self.array("gene_who", np.uint64), gene_who)
        self.figure_now = _numbers_now(self.figure, len(memory.who) // 8)
        """Today's number of each former figure, -1 for one that is gone."""
        self.gene_now = _numbers_now(self.gene, len(memory.gene_who) // 8).astype(np.int32)
        self._as_numbered = np.array_equal(self.gene_now, np.arange(len(self.gene_now)))

    def array(self, name: str, kind: Any) -> NDArray[Any]:
        """An array of the memory."""
        return np.frombuffer(getattr(self.memory, name), kind)

    def genes(self, name: str) -> NDArray[np.int32]:
        """Today's numbers of an array of former genes."""
        former: NDArray[np.int32] = self.array(name, np.int32)
        return former if self._as_numbered else self.gene_now[former]

    def same(self, now: NDArray[np.uint64], name: str) -> NDArray[np.bool_]:
        """Figures that were there before, with the same hash of this name."""
        former = self.array(name, np.uint64)
        known = self.figure >= 0
        out = np.zeros(len(now), bool)
        out[known] = former[self.figure[known]] == now[known]
        return out

    def gone(self, same: NDArray[np.bool_]) -> Longs:
        """Former figures that are no more, or no more the same."""
        kept = np.zeros(len(self.memory.who) // 8, bool)
        kept[self.figure[same]] = True
        return np.flatnonzero(~kept)

    def marked(self, former: NDArray[np.integer], now: NDArray[np.integer], count: int) -> NDArray[np.bool_]:
        """Today's genes that are among some former and some present ones."""
        marks = np.zeros(count, bool)
        marks[now] = True
        today = self.gene_now[former]
        marks[today[today >= 0]] = True
        return marks

    def listing(
        self, others: Longs, names: tuple[str, str], places: NDArray[np.integer], count: int
    ) -> NDArray[np.bool_]:
        """Which of today's figures or genes had one of some former ones in their lists.

        Args:
            others: former numbers.
            names: of the lists and of where they start.
            places: today's numbers of former ones.
            count: how many there are today.
        """
        start = self.array(names[1], np.int64)
        marks = np.zeros(len(places), bool)
        marks[others] = True
        owner = np.searchsorted(start, np.flatnonzero(marks[self.array(names[0], np.int32)]), side="right") - 1
        today = places[owner]
        out = np.zeros(count, bool)
        out[today[today >= 0]] = True
        return out

    def worst(self, name: str, places: Longs) -> Longs:
        """Of each of today's figures or genes the score of the last in its former list; ``ALL`` for new ones."""
        worst = np.full(len(places), ALL, np.int64)
        known = places >= 0
        worst[known] = self.array(name, np.int64)[places[known]]
        return worst

    def taken_over(
        self, todo: Longs, places: NDArray[np.int64], names: tuple[str, str, str], other: NDArray[np.integer]
    ) -> tuple[Longs, Longs, Longs]:
        """The former entries of all that is not to do, by today's numbers: owner, other, count."""
        keep = np.ones(len(places), bool)
        keep[todo] = False
        owners = np.flatnonzero(keep)
        start = self.array(names[1], np.int64)
        first, last = start[places[owners]], start[places[owners] + 1]
        at = spans(first, last)
        return (
            np.repeat(owners, last - first),
            other[self.array(names[0], np.int32)[at]].astype(np.int64),
            self.array(names[2], np.int32)[at].astype(np.int64),
        )


def _places(former: NDArray[np.uint64], now: NDArray[np.uint64]) -> NDArray[np.int64]:
    """Where each of today's things stood before; -1 for a new one."""
    if not len(former):
        return np.full(len(now), -1, np.int64)
    order = np.argsort(former)
    at = np.minimum(np.searchsorted(former[order], now), len(former) - 1)
    return np.where(former[order[at]] == now, order[at], -1)


def _numbers_now(places: Longs, count: int) -> Longs:
    """Today's numbers of former things, given where each of today's stood."""
    out = np.full(count, -1, np.int64)
    known = np.flatnonzero(places >= 0)
    out[places[known]] = known
    return out


def genes_of(figures: Longs, gene: NDArray[np.integer], start: Longs) -> NDArray[np.integer]:
    """Genes of some figures, with repeats."""
    return gene[spans(start[figures], start[figures + 1])]
