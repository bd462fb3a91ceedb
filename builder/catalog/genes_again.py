"""The genes of the collection after a change, from those of the build before.

A figure that comes or goes changes the pairs of its own genes with it, and how often its words stand for them. All else
is taken over in today's numbers.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from builder.catalog.arrays import run_starts, spans, unique
from builder.catalog.genes import Genes, Identity, by_count, identity_of, spelt_best
from builder.catalog.splice import Splice

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from builder.catalog.arrays import Longs
    from builder.catalog.figures import RawMentions
    from builder.catalog.genes import Arrays
    from builder.catalog.rejoined import Change

__all__ = ["genes_again"]

MOST_PAIRS = 50_000
"""New pairs of gene and figure that are put in one by one."""


class _Seen(NamedTuple):
    """Mentions of some figures: gene, word and figure of each."""

    gene: Longs
    word: Longs
    figure: Longs

    def pairs(self, figures: int) -> tuple[Longs, Longs]:
        """Every figure of every gene once: gene and figure, by gene and figure."""
        keys = unique(self.gene * figures + self.figure)
        return keys // figures, keys % figures

    def words(self, figures: int, words: int) -> Longs:
        """Gene and word of each, in one number, once for each figure."""
        keys = unique((self.gene * words + self.word) * figures + self.figure)
        found: Longs = keys // figures
        return found


class _Turned(NamedTuple):
    """Genes as they were, and as they are."""

    now: Longs
    """Today's number of each former gene, -1 for one that is gone."""
    was: Longs
    """Former number of each of today's genes, -1 for a new one."""


def _identity(former: Genes, change: Change, raw: RawMentions, default_organism: str, *, alike: bool) -> Identity:
    """Which genes there are; former ones are taken over where no other spelling became the most frequent one.

    It is given what ``genes_again`` is.
    """
    if not alike:
        return identity_of(raw, default_organism)
    marks = np.zeros(len(former), np.bool_)
    marks[former.spelling[change.former.uses["gene"] != raw.uses["gene"]]] = True
    spellings: dict[int, list[int]] = {}
    at = np.flatnonzero(marks[former.spelling])
    for i, gene in zip(at.tolist(), former.spelling[at].tolist(), strict=True):
        spellings.setdefault(gene, []).append(i)
    uses = raw.uses["gene"].tolist()
    if any(raw.genes[spelt_best(found, raw.genes, uses)][1] != former.symbol[g] for g, found in spellings.items()):
        return identity_of(raw, default_organism)
    return Identity(former.key, former.symbol, former.path, former.spelling)


def _turned(former: Genes, identity: Identity) -> _Turned | None:
    """How genes are numbered now; None where their order changed."""
    if identity.key is former.key:
        same = np.arange(len(former))
        return _Turned(same, same)
    number = {key: i for i, key in enumerate(identity.key)}
    now = np.fromiter((number.get(key, -1) for key in former.key), np.int64, len(former))
    kept = now[now >= 0]
    if not (kept[1:] > kept[:-1]).all():
        return None
    was = np.full(len(identity.key), -1, np.int64)
    was[kept] = np.flatnonzero(now >= 0)
    return _Turned(now, was)


def _pairs(former: Genes, figure_now: NDArray[np.int32], turned: _Turned, new: tuple[Longs, Longs]) -> Arrays:
    """Every figure of every gene once, as ``Genes`` has them.

    Args:
        former: the genes as they were.
        figure_now: today's number of each former figure, -1 for one that is gone, or whose mentions changed.
        turned: how genes are numbered.
        new: gene and figure of each pair of the other figures, by gene and figure.
    """
    figure = figure_now[former.pair_figure]
    gone = np.flatnonzero(figure < 0)
    ends = [-1, *gone.tolist(), len(figure)]
    still = np.concatenate([figure[a + 1 : b] for a, b in pairwise(ends)])
    border = former.start - np.searchsorted(gone, former.start)
    # Genes that are gone have no pair left, and a new one stands where the next former one begins.
    first = np.append(np.where(turned.was >= 0, border[turned.was], len(still)), len(still))
    first = np.minimum.accumulate(first[::-1])[::-1]
    own = new[1].astype(np.int32)
    at = [a + int(still[a:b].searchsorted(f)) for a, b, f in zip(first[new[0]], first[new[0] + 1], own, strict=True)]
    pieces: list[NDArray[np.int32]] = []
    for n, (a, b) in enumerate(pairwise([0, *at, len(still)])):
        pieces += (still[a:b], own[n : n + 1])
    pair_figure = np.concatenate(pieces)
    count = len(turned.was)
    totals = np.diff(first) + np.bincount(new[0], minlength=count)
    start = np.concatenate((np.zeros(1, np.int64), np.cumsum(totals)))
    return np.repeat(np.arange(count, dtype=np.int32), totals), pair_figure, start


def _word_numbers(former: RawMentions, raw: RawMentions) -> Longs:
    """Today's number of each former word; of one that is no more a number that no other has."""
    if former.words is raw.words:
        return np.arange(len(raw.words))
    place = np.searchsorted(raw.word_hashes, former.word_hashes)
    there = raw.word_hashes[np.minimum(place, max(len(raw.words) - 1, 0))] == former.word_hashes
    return np.where(there, place, len(raw.words) + np.arange(len(place)))


def _words(former: Genes, numbers: Longs, turned: _Turned, seen: tuple[_Seen, _Seen], raw: RawMentions) -> Arrays:
    """The words of each gene, the most frequent first, as ``Genes`` has them.

    Args:
        former: the genes as they were.
        numbers: today's number of each former word.
        turned: how genes are numbered.
        seen: what is gone, and what came: mentions in today's numbers.
        raw: the mentions.
    """
    touched = unique(np.concatenate([s.gene for s in seen]))
    known = turned.was[touched]
    known = known[known >= 0]
    first, last = former.word_start[known], former.word_start[known + 1]
    at, wide = spans(first, last), len(raw.words) + len(numbers) + 1
    here = np.repeat(turned.now[known], last - first) * wide + numbers[former.word[at]]
    n = max(int(s.figure.max(initial=0)) for s in seen) + 1
    gone, come = (s.words(n, wide) for s in seen)
    keys = np.concatenate((here, gone, come))
    counts = np.concatenate((former.word_count[at].astype(np.int64), np.full(len(gone), -1), np.full(len(come), 1)))
    order = np.argsort(keys, kind="stable")
    begin = run_starts(keys[order])
    counts = np.add.reduceat(counts[order], begin) if len(begin) else counts
    keys = keys[order][begin][counts > 0]
    counts = counts[counts > 0]
    gene, word = keys // wide, keys % wide
    order = by_count(gene, word, counts, raw.words)
    was = turned.was.copy()
    was[touched] = -1
    new = np.flatnonzero(was < 0)
    splice = Splice(was, former.word_start, np.searchsorted(gene, np.append(new, len(was))))
    same = np.array_equal(numbers, np.arange(len(numbers)))
    words = former.word if same else numbers[former.word].astype(np.int32)
    return (
        splice.of(words, word[order].astype(np.int32)),
        splice.of(former.word_count, counts[order].astype(np.int32)),
        splice.ends(),
    )


def genes_again(former: Genes, change: Change, raw: RawMentions, default_organism: str, *, alike: bool) -> Genes | None:
    """The genes after a change; None where too much changed.

    Args:
        former: the genes as they were.
        change: what became of the mentions.
        raw: the mentions.
        default_organism: organism of mentions that name none.
        alike: whether genes are spelt, and numbered, as they were.
    """
    if not (len(former) and len(raw.gene)):
        return None
    identity = _identity(former, change, raw, default_organism, alike=alike)
    turned = _turned(former, identity)
    if turned is None:
        return None
    numbers = _word_numbers(change.former, raw)
    others = np.flatnonzero(change.was < 0)
    at = change.left()
    gene = turned.now[former.mention_gene[at]]
    at, gene = at[gene >= 0], gene[gene >= 0]
    left = _Seen(gene, numbers[change.former.word[at]], change.former.figure[at].astype(np.int64))
    at = spans(raw.start[others], raw.start[others + 1])
    gene = identity.spelling[raw.gene[at]].astype(np.int64)
    came = _Seen(gene, raw.word[at].astype(np.int64), raw.figure[at].astype(np.int64))
    new = came.pairs(max(len(change.was), 1))
    if len(new[0]) > MOST_PAIRS:
        return None
    figure_now = np.full(len(change.former.start) - 1, -1, np.int32)
    kept = np.flatnonzero(change.was >= 0)
    figure_now[change.was[kept]] = kept
    pairs = _pairs(former, figure_now, turned, new)
    words = _words(former, numbers, turned, (left, came), raw)
    genes = Genes.of(identity, identity.spelling[raw.gene], pairs, words)
    if identity.key is former.key:
        genes.hashes = former.hashes
    return genes
