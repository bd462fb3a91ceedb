"""Join the gene mentions of changed figures with those of the others, which the build before joined.

Texts are numbered in the order of their hashes, so the same mentions have the same numbers however they came together.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from builder.catalog.arrays import among, counted, spans, unique
from builder.catalog.figures import KINDS, RawMentions, join_mentions
from builder.catalog.splice import Splice

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from builder.catalog.arrays import Longs
    from builder.catalog.figures import Figures
    from builder.read.columns import Columns, MentionColumns

__all__ = ["Change", "Layout", "layout_of", "rejoin"]

FEW = 2
"""Mentions are joined with those of the others where at most one of so many figures changed."""


class Layout(NamedTuple):
    """Which figures joined mentions are of."""

    who: NDArray[np.uint64]
    """Hash of the figid of each figure."""
    says: NDArray[np.uint64]
    """A hash of its mentions, as the record has them."""
    left_out: int
    """Good records that are not published: the lists have texts that no mention of others may have."""


class Change(NamedTuple):
    """How mentions came about that were joined with those of the build before."""

    former: RawMentions
    was: Longs
    """The former number of each figure whose mentions are as they were, ascending; -1 for others."""
    gone: Longs
    """Former numbers of figures that are no more, or whose mentions changed, ascending."""
    own: RawMentions
    """The mentions of the others, whose figures are numbered among themselves."""
    splice: Splice

    def left(self) -> Longs:
        """Places of the mentions of the figures that are gone."""
        return spans(self.former.start[self.gone], self.former.start[self.gone + 1])

    def uses(self, column: str) -> NDArray[np.int32]:
        """How many mentions of the figures that stand as they stood each former text has."""
        uses = self.former.uses[column]
        gone = counted(getattr(self.former, column)[self.left()], len(uses))
        return (uses - gone).astype(np.int32)


def layout_of(buckets: Sequence[Columns], figures: Figures) -> Layout:
    """The layout of the figures of some buckets that are published."""
    return Layout(figures.figid_hash, figures.mention_hash, sum(len(c.figid) for c in buckets) - len(figures))


def rejoin(
    former: RawMentions,
    layouts: tuple[Layout, Layout],
    order: Longs,
    buckets: Sequence[Columns],
    load: Callable[[int], MentionColumns],
) -> tuple[RawMentions, Change] | None:
    """The mentions of all figures in their order, and how they came about; None where too much changed.

    Args:
        former: the mentions that the build before joined.
        layouts: of its figures, and of today's.
        order: today's figures, as places in all buckets one after another.
        buckets: the columns of every bucket, by number.
        load: loads the mentions of a bucket, by its number.
    """
    was, now = layouts
    before = _as_before(was, now)
    kept = before[before >= 0]
    others = np.flatnonzero(before < 0)
    if was.left_out or now.left_out or len(others) * FEW > len(before) or not (kept[1:] > kept[:-1]).all():
        return None
    own = _own(order[others], buckets, load)
    splice = Splice(before, former.start, own.start)
    gone = np.ones(len(was.who), np.bool_)
    gone[kept] = False
    change = Change(former, before, np.flatnonzero(gone), own, splice)
    return _merged(change), change


def _as_before(was: Layout, now: Layout) -> Longs:
    """The former number of each of today's figures whose mentions are as they were, -1 for others."""
    if not len(was.who):
        return np.full(len(now.who), -1, np.int64)
    by_hash = np.argsort(was.who)
    place = by_hash[np.minimum(np.searchsorted(was.who[by_hash], now.who), len(was.who) - 1)]
    return np.where((was.who[place] == now.who) & (was.says[place] == now.says), place, -1)


def _own(places: Longs, buckets: Sequence[Columns], load: Callable[[int], MentionColumns]) -> RawMentions:
    """The mentions of some figures, given as places in all buckets one after another."""
    first = np.cumsum([0, *(len(c.figid) for c in buckets)])
    bucket = np.searchsorted(first, places, side="right") - 1
    numbers = unique(bucket)
    sizes = np.diff(first)[numbers]
    begin = np.cumsum(sizes) - sizes  # of each of these buckets among the figures of them all
    own = places - first[bucket] + begin[np.searchsorted(numbers, bucket)]
    return join_mentions([buckets[n] for n in numbers.tolist()], [load(n) for n in numbers.tolist()], own)


def _merged(change: Change) -> RawMentions:
    """Former mentions of figures that stand as they stood, and those of the others."""
    sizes = change.splice.sizes
    figure = np.repeat(np.arange(len(sizes), dtype=np.int32), sizes)
    columns: dict[str, Any] = {"start": change.splice.ends(), "figure": figure, "uses": {}}
    for texts, column in KINDS.items():
        known = [(getattr(raw, f"{column}_hashes"), getattr(raw, texts)) for raw in (change.former, change.own)]
        uses = change.uses(column), change.own.uses[column]
        columns[texts], hashes, numbers = _one_list(known, [u > 0 for u in uses])
        columns[f"{column}_hashes"] = hashes
        columns["uses"][column] = _added(len(hashes), numbers, uses)
        old, more = (getattr(raw, column) for raw in (change.former, change.own))
        if not np.array_equal(numbers[0], np.arange(len(numbers[0]))):
            old = numbers[0][old]
        columns[column] = change.splice.of(old, numbers[1][more])
    return RawMentions(**columns)


def _added(count: int, numbers: Sequence[NDArray[np.int32]], uses: Sequence[NDArray[np.int32]]) -> NDArray[np.int32]:
    """How many mentions each of so many texts has, given the numbers and uses of former and of other ones."""
    out = np.zeros(count, np.int32)
    for number, own in zip(numbers, uses, strict=True):
        out[number[own > 0]] += own[own > 0]
    return out


def _one_list(
    known: Sequence[tuple[NDArray[np.uint64], list[Any]]], used: Sequence[NDArray[np.bool_]]
) -> tuple[list[Any], NDArray[np.uint64], list[NDArray[np.int32]]]:
    """Of several lists of texts with their hashes one, of the texts that are used; and the number of each text in it.

    A text that is not used has any number.
    """
    (hashes, texts), (more, _) = known
    if used[0].all() and among(more[used[1]], hashes).all():
        number = np.minimum(np.searchsorted(hashes, more), max(len(hashes) - 1, 0)).astype(np.int32)
        return texts, hashes, [np.arange(len(hashes), dtype=np.int32), number]
    every = unique(np.concatenate([own[marks] for (own, _), marks in zip(known, used, strict=True)]))
    out: list[Any] = [None] * len(every)
    numbers = []
    for (own, own_texts), marks in zip(known, used, strict=True):
        at = np.flatnonzero(marks)
        places = np.searchsorted(every, own[at])
        for i, place in zip(at.tolist(), places.tolist(), strict=True):
            out[place] = own_texts[i]
        number = np.zeros(len(own), np.int32)
        number[at] = places
        numbers.append(number)
    return out, every, numbers
