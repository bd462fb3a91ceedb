"""Join the gene mentions of changed figures with those of the others, which the build before joined.

Texts are numbered in the order of their hashes, so the same mentions have the same numbers however they came together.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from builder.catalog.arrays import spans, starts
from builder.catalog.figures import RawMentions, join_mentions
from builder.catalog.splice import Splice

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from builder.catalog.arrays import Longs
    from builder.catalog.figures import Figures
    from builder.read.columns import Columns, MentionColumns

__all__ = ["KINDS", "Change", "Layout", "layout_of", "rejoin"]

KINDS = {"genes": "gene", "words": "word", "matches": "match", "lexicons": "lexicon"}
"""Lists of texts of mentions, and the column of each with their numbers."""
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
    start: Longs
    """Where the mentions of each former figure begin, and where the last ones end."""


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
    start = starts(former.figure, len(was.who))
    splice = Splice(before, start, starts(own.figure, len(others)))
    gone = np.ones(len(was.who), np.bool_)
    gone[kept] = False
    change = Change(former, before, np.flatnonzero(gone), own, splice, start)
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
    numbers = np.unique(bucket)
    sizes = np.diff(first)[numbers]
    begin = np.cumsum(sizes) - sizes  # of each of these buckets among the figures of them all
    own = places - first[bucket] + begin[np.searchsorted(numbers, bucket)]
    return join_mentions([buckets[n] for n in numbers.tolist()], [load(n) for n in numbers.tolist()], own)


def _merged(change: Change) -> RawMentions:
    """Former mentions of figures that stand as they stood, and those of the others."""
    sizes = change.splice.sizes
    columns: dict[str, Any] = {"figure": np.repeat(np.arange(len(sizes), dtype=np.int32), sizes)}
    for texts, column in KINDS.items():
        known = [(getattr(raw, f"{column}_hashes"), getattr(raw, texts)) for raw in (change.former, change.own)]
        marks = _used(change, column), _marks(getattr(change.own, column), len(known[1][0]))
        columns[texts], hashes, numbers = _one_list(known, marks)
        columns[f"{column}_hashes"] = hashes
        old, more = (getattr(raw, column) for raw in (change.former, change.own))
        if not np.array_equal(numbers[0], np.arange(len(numbers[0]))):
            old = numbers[0][old]
        columns[column] = change.splice.of(old, numbers[1][more])
    return RawMentions(**columns)


def _marks(numbers: NDArray[np.integer], count: int) -> NDArray[np.bool_]:
    """Which of so many numbers there are."""
    marks = np.zeros(count, np.bool_)
    marks[numbers] = True
    return marks


def _used(change: Change, column: str) -> NDArray[np.bool_]:
    """Which former texts have mentions still: only of those that a figure had which is gone it takes a look."""
    former = getattr(change.former, column)
    count = len(getattr(change.former, f"{column}_hashes"))
    gone = former[spans(change.start[change.gone], change.start[change.gone + 1])]
    asked = _marks(gone, count)
    uses = np.bincount(former[np.flatnonzero(asked[former])], minlength=count) - np.bincount(gone, minlength=count)
    return ~asked | (uses > 0)


def _one_list(
    known: Sequence[tuple[NDArray[np.uint64], list[Any]]], used: Sequence[NDArray[np.bool_]]
) -> tuple[list[Any], NDArray[np.uint64], list[NDArray[np.int32]]]:
    """Of several lists of texts with their hashes one, of the texts that are used; and the number of each text in it.

    A text that is not used has any number.
    """
    (hashes, texts), (more, _) = known
    if used[0].all() and np.isin(more[used[1]], hashes).all():
        number = np.minimum(np.searchsorted(hashes, more), max(len(hashes) - 1, 0)).astype(np.int32)
        return texts, hashes, [np.arange(len(hashes), dtype=np.int32), number]
    every = np.unique(np.concatenate([own[marks] for (own, _), marks in zip(known, used, strict=True)]))
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
