"""Which figures hold which word: all buckets in one table."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from builder.catalog.arrays import run_starts, spans
from builder.read.terms import GENE, TEXT
from builder.search.shards import Table, numbers, varints
from builder.vocabulary import join

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from builder.read.terms import Terms

__all__ = ["FIELD_BITS", "Words", "changed_places", "id_lists", "open_places", "places", "word_table"]

FIELD_BITS = 3
BLOCK = 1 << 19
MORE = 128
"""A byte from which on more of the same number follow."""


class Words(NamedTuple):
    """The table of words, and in how many figures each stands."""

    table: Table
    figures: NDArray[np.int64]


def id_lists(ids: NDArray[np.int64], first: NDArray[np.int64]) -> tuple[bytes, NDArray[np.int64]]:
    """Ascending ids of several lists as bytes, and how many bytes each list takes.

    Of each id stands how far it is from the one before; of the first of a list, from -1.

    Args:
        ids: all lists, one after the other; none is empty.
        first: where each begins.
    """
    data, widths = varints(_steps(ids, first))
    return data, _sums(widths, first)


def _steps(ids: NDArray[np.integer], first: NDArray[np.int64]) -> NDArray[np.int32]:
    """How far each id is from the one before in its list."""
    steps = ids.astype(np.int32)
    steps[1:] -= ids[:-1].astype(np.int32)
    steps[first] = ids[first] + 1
    return steps


def _sums(numbers: NDArray[Any], first: NDArray[np.int64]) -> NDArray[np.int64]:
    """The sums of runs of numbers that begin at given places."""
    ends = np.zeros(len(numbers) + 1, np.int64)
    np.cumsum(numbers, out=ends[1:])
    return np.diff(np.append(ends[first], ends[-1]))


def _places(
    ids: NDArray[np.int64], fields: NDArray[np.uint8], first: NDArray[np.int64]
) -> tuple[bytes, NDArray[np.int64]]:
    """Ids with where a word stands, as bytes, and how many bytes each list takes.

    A list begins with where the word stands mostly. Then comes for each figure its step, doubled; where the word stands
    elsewhere, eight times the step and where it stands, doubled, and one more.
    """
    gene, text = _sums(fields == GENE, first), _sums(fields == TEXT, first)
    usual = np.where(gene > text, GENE, TEXT).astype(np.uint8)
    steps = _steps(ids, first)
    common = fields == np.repeat(usual, np.diff(np.append(first, len(ids))))
    values = np.where(common, steps << 1, ((steps << FIELD_BITS | fields) << 1) | 1)
    data, widths = varints(np.insert(values, first, usual))
    return data, _sums(widths, first + np.arange(len(first)))


def places(owner: NDArray[np.int64], codes: NDArray[np.int64]) -> tuple[NDArray[np.int64], list[bytes]]:
    """The values of some words.

    Args:
        owner: the word of each pair of word and figure, ascending.
        codes: the figure's id and where the word stands in it, as ``open_places`` gives them; ascending for each word.

    Returns:
        The words that stand somewhere, and the value of each.
    """
    first = run_starts(owner)
    data, sizes = _places(codes >> FIELD_BITS, (codes & ((1 << FIELD_BITS) - 1)).astype(np.uint8), first)
    ends = np.cumsum(sizes)
    return owner[first], [data[a:b] for a, b in zip((ends - sizes).tolist(), ends.tolist(), strict=True)]


def open_places(values: Sequence[bytes]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The figures in the values of some words.

    Args:
        values: of the words; empty for a word that stands nowhere.

    Returns:
        For each pair of word and figure the number of the word, and the figure's id with where the word stands in the
        lowest bits; ascending.
    """
    data = b"".join(values)
    found = numbers(data)
    ends = np.flatnonzero(np.frombuffer(data, np.uint8) < MORE)
    bounds = np.searchsorted(ends, np.cumsum([0, *map(len, values)]))
    count = np.maximum(np.diff(bounds) - 1, 0)
    owner = np.repeat(np.arange(len(values)), count)
    at = spans(bounds[:-1] + 1, bounds[:-1] + 1 + count)
    usual = found[np.minimum(bounds[:-1], max(len(found) - 1, 0))][owner] if len(found) else found
    rest = found[at] >> 1
    common = found[at] & 1 == 0
    steps = np.where(common, rest, rest >> FIELD_BITS)
    total = np.cumsum(steps)
    first = run_starts(owner)
    base = (total - steps)[first]
    ids = total - np.repeat(base, np.diff(np.append(first, len(owner)))) - 1
    return owner, ids << FIELD_BITS | np.where(common, usual, rest & ((1 << FIELD_BITS) - 1))


def changed_places(
    values: Sequence[bytes], word: NDArray[np.int64], codes: NDArray[np.int64], new: NDArray[np.bool_]
) -> tuple[list[bytes | None], list[int], list[int]] | None:
    """The values of some words after a change.

    Args:
        values: of the words as they were; empty for a word that stood nowhere.
        word: the number of a word for each pair of word and figure that came or went, ascending.
        codes: as in ``places``, ascending for each word.
        new: whether the pair came.

    Returns:
        The values as they are now, None for a word that stands nowhere, and in how many figures each stood and stands;
        None if the values are not those from which the pairs went.
    """
    owner, was_codes = open_places(values)
    bits = max(int(codes.max(initial=0)), int(was_codes.max(initial=0))).bit_length()
    was, pairs = owner << bits | was_codes, word << bits | codes
    gone = np.searchsorted(was, pairs[~new])
    if not np.array_equal(was[np.minimum(gone, len(was) - 1)] if len(was) else was, pairs[~new]):
        return None
    kept = np.delete(was, gone)
    come = np.searchsorted(kept, pairs[new])
    if len(kept) and (kept[np.minimum(come, len(kept) - 1)] == pairs[new]).any():
        return None
    now = np.insert(kept, come, pairs[new])
    bounds = np.arange(len(values) + 1) << bits
    before, after = (np.diff(np.searchsorted(keys, bounds)).tolist() for keys in (was, now))
    found, made = places(now >> bits, now & ((1 << bits) - 1))
    by_word = dict(zip(found.tolist(), made, strict=True))
    return [by_word.get(n) for n in range(len(values))], before, after


def _keys(
    terms: Sequence[Terms], ids: Sequence[NDArray[np.int64]], numbers: Sequence[NDArray[np.int64]], id_bits: int
) -> NDArray[np.int64]:
    """Word, id and fields of every pair in one number, sorted."""
    keys = np.empty(sum(len(t.fields) for t in terms), np.int64)
    end = 0
    for t, own, number in zip(terms, ids, numbers, strict=True):
        who = np.repeat(own[np.frombuffer(t.index, np.int32)], np.frombuffer(t.figure, np.int32))
        keep = who >= 0
        key = number[np.frombuffer(t.word, np.int32)]
        key = ((key << id_bits | who) << FIELD_BITS) | np.frombuffer(t.fields, np.uint8)
        key = key[keep]
        keys[end : end + len(key)] = key
        end += len(key)
    keys = keys[:end]
    keys.sort()
    return keys


def word_table(terms: Sequence[Terms], ids: Sequence[NDArray[np.int64]], id_bits: int) -> Words:
    """The table of all words.

    Args:
        terms: of every bucket.
        ids: of the records of every bucket, -1 for those that are not published.
        id_bits: how many bits an id takes.
    """
    texts, hashes, maps = join([t.words for t in terms])
    words = [t.encode() for t in texts]
    order = sorted(range(len(words)), key=words.__getitem__)
    rank = np.empty(len(words), np.int64)
    rank[order] = np.arange(len(words))
    keys = _keys(terms, ids, [rank[m] for m in maps], id_bits)
    found, data, sizes, figures = [], [], [], []
    for block in _blocks(keys, id_bits + FIELD_BITS):
        word = block >> (id_bits + FIELD_BITS)
        first = run_starts(word)
        own = (block >> FIELD_BITS) & ((1 << id_bits) - 1)
        lists, size = _places(own, (block & ((1 << FIELD_BITS) - 1)).astype(np.uint8), first)
        found.append(word[first])
        data.append(lists)
        sizes.append(size)
        figures.append(np.diff(np.append(first, len(block))))
    places = [order[i] for part in found for i in part.tolist()]
    empty = [np.zeros(0, np.int64)]
    table = Table([words[p] for p in places], hashes[places], b"".join(data), np.concatenate(empty + sizes))
    return Words(table, np.concatenate(empty + figures))


def _blocks(keys: NDArray[np.int64], shift: int) -> Iterator[NDArray[np.int64]]:
    """Sorted keys in blocks that end with a word: arrays of all of them would fill the memory several times."""
    first = 0
    while first < len(keys):
        last = min(first + BLOCK, len(keys))
        if last < len(keys):
            last = int(np.searchsorted(keys, ((keys[last] >> shift) + 1) << shift))
        yield keys[first:last]
        first = last
