"""Ready-made lists for beginnings of many words: ``wnt`` begins the names of twenty genes of much the same figures.

Whoever types has an unfinished word, which may go on in any way. Where the words that begin so fill several shards, one
list says what all of them together would.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter, defaultdict
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from builder.search.files import LostError
from builder.search.lists import TAG_BITS, read_runs, run_bytes
from builder.search.shards import Table, table_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from numpy.typing import NDArray

    from builder.search.change import Change
    from builder.search.postings import Words
    from builder.search.revised import Revision

__all__ = ["revise_starts", "starts_table"]

BLOCK = 1 << 19
SHORTEST = 3
"""Letters of a word from which on it may go on, as the client has it;"""
SHORTEST_PMC = 7
"""of a PMCID."""
MOST_SHARDS = 2
"""Shards of words that the client reads without a ready-made list."""
_PMC = re.compile(r"pmc\d*")
_BY_WEIGHT = np.array([4, 2, 6, 1, 5, 3, 7], np.uint8)
"""Where a word stands (title 1, gene mentions 2, all else 4), by what it weighs: 1, 4, 5, 8, 9, 12, 13."""
_WEIGHT = np.array([0, 1, 4, 5, 8, 9, 12, 13], np.uint8)
_RANK = np.zeros(8, np.uint8)
_RANK[_BY_WEIGHT] = np.arange(1, 8)


class _Range(NamedTuple):
    """The words of a beginning."""

    start: bytes
    first: int
    last: int
    """Behind the last word."""


def _beginnings(borders: Sequence[str]) -> list[str]:
    """Beginnings of words that go on over more than a few shards.

    Args:
        borders: where shards of words begin, as the client knows it.
    """
    counts: Counter[str] = Counter()
    for text in borders:
        counts.update(text[:size] for size in range(SHORTEST, len(text)))
    return [s for s, n in counts.items() if n >= MOST_SHARDS and (len(s) >= SHORTEST_PMC or not _PMC.fullmatch(s))]


def _ranges(keys: Sequence[bytes], borders: Sequence[str]) -> list[_Range]:
    """The words of all beginnings, outer ones before those within."""
    out = []
    for text in _beginnings(borders):
        start = text.encode()
        out.append(_Range(start, bisect_left(keys, start), bisect_left(keys, start + b"\xf5")))
    return sorted(out, key=lambda r: (r.first, -r.last, r.start))


def _put(best: NDArray[np.uint8], words: Words, first: int, last: int) -> None:
    """Raise each figure to what the best of some words weighs in it, from 1 to 7."""
    for begin in range(first, last, BLOCK):
        pairs = words.pairs[begin : min(begin + BLOCK, last)]
        ids = pairs & ((1 << words.id_bits) - 1)
        rank = _RANK[pairs >> words.id_bits & ((1 << TAG_BITS) - 1)]
        for value in range(1, len(_WEIGHT)):
            own = ids[rank == value]
            best[own] = np.maximum(best[own], value)


def _best(
    words: Words, bounds: NDArray[np.int64], ranges: Sequence[_Range], end: int
) -> Iterator[tuple[_Range, NDArray[np.uint8]]]:
    """What the best word of each beginning weighs in every figure; each pair of word and figure is looked at once.

    Args:
        words: all of them.
        bounds: where the pairs of each word begin, and where they end.
        ranges: outer ones before those within.
        end: behind the last id.
    """
    within: list[tuple[_Range, NDArray[np.uint8]]] = []
    at = 0
    for r in [*ranges, _Range(b"", len(bounds), len(bounds))]:
        while within and within[-1][0].last <= r.first:
            done, best = within.pop()
            _put(best, words, int(bounds[at]), int(bounds[done.last]))
            at = done.last
            if within:
                np.maximum(within[-1][1], best, out=within[-1][1])
            yield done, best
        if within:
            _put(within[-1][1], words, int(bounds[at]), int(bounds[r.first]))
        at = r.first
        within.append((r, np.zeros(end, np.uint8)))


def _list(runs: Mapping[int, NDArray[np.int64]]) -> bytes:
    """Figures by where the word stands that is best in them, as bytes."""
    some = [(tag, ids) for tag, ids in sorted(runs.items()) if len(ids)]
    if not some:
        return b""
    sizes = np.array([len(ids) for _, ids in some])
    return run_bytes(np.concatenate([i for _, i in some]), np.cumsum(sizes) - sizes, np.array([t for t, _ in some]))[0]


def starts_table(words: Words, borders: Sequence[str], end: int) -> Table:
    """The lists of beginnings of many words: as those of words, but a figure stands in it only as what is best there.

    A figure is left out where the beginning itself is a word that stands in it and weighs as much: whoever asks looks
    for that word too, and a whole word weighs twice what a longer one does.

    Args:
        words: all of them.
        borders: where shards of the table of words begin, as the client knows it.
        end: behind the last id.
    """
    keys = words.table.keys
    bounds = np.concatenate((np.zeros(1, np.int64), np.cumsum(words.figures)))
    entries = []
    for r, best in _best(words, bounds, _ranges(keys, borders), end):
        if keys[r.first] == r.start:
            whole = np.zeros(end, np.uint8)
            _put(whole, words, int(bounds[r.first]), int(bounds[r.first + 1]))
            best[_WEIGHT[best] <= 2 * _WEIGHT[whole]] = 0  # `best` is nobody's any more
        entries.append((r.start, _list({tag: np.flatnonzero(best == _RANK[tag]) for tag in range(1, 8)})))
    return table_of(sorted(entries))


def _tags(starts: set[str], held: Sequence[tuple[str, int]]) -> dict[str, int]:
    """Where the word stands that is best in a figure for each beginning; none where the beginning itself does as well.

    Args:
        starts: all beginnings that have a list.
        held: the figure's words, and where they stand.
    """
    best: dict[str, int] = {}
    whole = {}
    for word, fields in held:
        rank = int(_RANK[fields])
        for size in range(SHORTEST, len(word) + 1):
            if (start := word[:size]) in starts:
                best[start] = max(best.get(start, 0), rank)
        if word in starts:
            whole[word] = rank
    weight = _WEIGHT.tolist()
    return {s: int(_BY_WEIGHT[b - 1]) for s, b in best.items() if weight[b] > 2 * weight[whole.get(s, 0)]}


def revise_starts(table: Revision, was: Sequence[str], now: Sequence[str], change: Change) -> None:
    """Bring the lists of beginnings up to date: what a figure's own words say decides where it stands.

    Args:
        table: of the lists, as it was.
        was: where shards of words began.
        now: where they begin.
        change: how words changed.

    Raises:
        LostError: if a beginning has a list now that it did not have.
    """
    before, starts = set(_beginnings(was)), set(_beginnings(now))
    if starts - before:
        raise LostError("starts")
    for start in before - starts:
        table.put(start.encode(), None)
    touched: dict[str, set[int]] = defaultdict(set)
    for n, code in zip(change.word.tolist(), change.codes.tolist(), strict=True):
        word = change.words[n].decode()
        for size in range(SHORTEST, len(word) + 1):
            if word[:size] in starts:
                touched[word[:size]].add(code >> TAG_BITS)
    tags = {i: _tags(starts, held) for i, held in change.held().items()} if touched else {}
    for start, ids in touched.items():
        value = table.value(start.encode())
        if value is None:
            raise LostError(start)
        old = dict(read_runs(value))
        gone = np.array(sorted(ids), np.int64)
        own = [tags[i].get(start) for i in gone.tolist()]
        runs = {
            tag: _exchanged(old.get(tag, gone[:0]), gone, gone[[mine == tag for mine in own]]) for tag in range(1, 8)
        }
        table.put(start.encode(), _list(runs))


def _exchanged(ids: NDArray[np.int64], gone: NDArray[np.int64], come: NDArray[np.int64]) -> NDArray[np.int64]:
    """Ascending ids without some, most of which are not among them, and with others; all ascending."""
    at = np.searchsorted(ids, gone)
    at = at[np.append(ids, -1)[at] == gone]
    ids = np.delete(ids, at) if len(at) else ids
    return np.insert(ids, np.searchsorted(ids, come), come) if len(come) else ids
