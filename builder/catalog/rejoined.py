"""Join the gene mentions of changed buckets with those that the build before joined.

Texts are numbered in the order of their hashes, so the same mentions have the same numbers however they came together.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from builder.catalog.figures import RawMentions, join_mentions

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from builder.catalog.arrays import Longs
    from builder.read.columns import Columns, MentionColumns

__all__ = ["KINDS", "Layout", "layout_of", "rejoin"]

KINDS = {"genes": "gene", "words": "word", "matches": "match", "lexicons": "lexicon"}
"""Lists of texts of mentions, and the column of each with their numbers."""


class Layout(NamedTuple):
    """Where the figures of joined mentions stand."""

    order: Longs
    """The figures that are published, as places in all buckets one after another."""
    counts: NDArray[np.int32]
    """Good records of each bucket, by number."""
    digests: NDArray[np.uint64]
    """Hash of the mentions of each bucket: two numbers."""

    def whole(self) -> bool:
        """Whether all good records are published: of others the lists have texts that no mention is left of."""
        return len(self.order) == int(self.counts.sum())


def layout_of(buckets: Sequence[Columns], order: Longs) -> Layout:
    """The layout of some buckets of which these figures are published."""
    counts = np.array([len(c.figid) for c in buckets], np.int32)
    return Layout(
        order, counts, np.frombuffer(b"".join([c.mentions_digest for c in buckets]), np.uint64).reshape(-1, 2)
    )


def rejoin(
    former: RawMentions, was: Layout, now: Layout, buckets: Sequence[Columns], load: Callable[[int], MentionColumns]
) -> RawMentions | None:
    """The mentions of all figures in their order; None where too much changed.

    Args:
        former: the mentions that the build before joined.
        was: how its figures stood.
        now: how figures stand.
        buckets: the columns of every bucket, by number.
        load: loads the mentions of a bucket, by its number.
    """
    if not (was.whole() and now.whole() and len(was.counts) == len(now.counts)):
        return None
    same = (was.digests == now.digests).all(axis=1)
    changed = np.flatnonzero(~same)
    today = _numbers_now(was, now, same)
    kept = today[today >= 0]
    if len(changed) * 2 > len(same) or not (kept[1:] > kept[:-1]).all():
        return None
    bucket = np.repeat(np.arange(len(now.counts)), now.counts)
    figures = np.flatnonzero(~same[bucket[now.order]])
    place = np.cumsum(~same[bucket]) - 1  # of each figure among those of changed buckets
    numbers = changed.tolist()
    own = join_mentions([buckets[n] for n in numbers], [load(n) for n in numbers], place[now.order[figures]])
    return _merged(former, today, own, figures)


def _numbers_now(was: Layout, now: Layout, same: NDArray[np.bool_]) -> Longs:
    """Today's number of each former figure whose bucket is the same, -1 for others."""
    bucket = np.repeat(np.arange(len(was.counts)), was.counts)[was.order]
    moved = np.cumsum(now.counts, dtype=np.int64) - np.cumsum(was.counts, dtype=np.int64)
    before = np.concatenate((np.zeros(1, np.int64), moved[:-1]))
    number = np.empty(len(now.order), np.int64)
    number[now.order] = np.arange(len(now.order))
    out = np.full(len(was.order), -1, np.int64)
    still = same[bucket]
    out[still] = number[(was.order + before[bucket])[still]]
    return out


def _merged(former: RawMentions, today: Longs, own: RawMentions, figures: Longs) -> RawMentions:
    """Former mentions of figures that have a number today, and others.

    Args:
        former: the mentions that the build before joined.
        today: today's number of each of its figures, ascending; -1 for those to leave out.
        own: mentions to join with them.
        figures: today's number of each of their figures.
    """
    keep = today[former.figure] >= 0
    figure = today[former.figure[keep]].astype(np.int32)
    new = figures[own.figure].astype(np.int32)
    at = np.searchsorted(figure, new)
    columns: dict[str, Any] = {"figure": np.insert(figure, at, new)}
    for texts, column in KINDS.items():
        numbers = getattr(former, column)[keep], getattr(own, column)
        known = [(getattr(raw, f"{column}_hashes"), getattr(raw, texts)) for raw in (former, own)]
        columns[texts], hashes, (old, more) = _one_list(known, numbers)
        columns[f"{column}_hashes"], columns[column] = hashes, np.insert(old, at, more)
    return RawMentions(**columns)


def _one_list(
    known: Sequence[tuple[NDArray[np.uint64], list[Any]]], numbers: Sequence[NDArray[np.int32]]
) -> tuple[list[Any], NDArray[np.uint64], list[NDArray[np.int32]]]:
    """Of several lists of texts with their hashes one, of the texts that have numbers; and those numbers in it."""
    used = []
    for (hashes, _), own in zip(known, numbers, strict=True):
        marks = np.zeros(len(hashes), np.bool_)
        marks[own] = True
        used.append(np.flatnonzero(marks))
    every = np.unique(np.concatenate([hashes[at] for (hashes, _), at in zip(known, used, strict=True)]))
    texts: list[Any] = [None] * len(every)
    out = []
    for (hashes, own_texts), at, own in zip(known, used, numbers, strict=True):
        places = np.searchsorted(every, hashes[at])
        for i, place in zip(at.tolist(), places.tolist(), strict=True):
            texts[place] = own_texts[i]
        number = np.zeros(len(hashes), np.int32)
        number[at] = places
        out.append(number[own])
    return texts, every, out
