"""Which figures hold which word: all buckets in one table."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from builder.catalog.arrays import run_starts
from builder.search.lists import TAG_BITS, counts_of, read_runs, run_bytes, sums
from builder.search.shards import Table
from builder.vocabulary import join

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from numpy.typing import NDArray

    from builder.model import Packed
    from builder.read.terms import Terms

__all__ = ["Buckets", "Words", "changed_places", "open_places", "places", "word_table"]

BLOCK = 1 << 19


class Buckets(NamedTuple):
    """What all buckets tell, of which only the words are held: all of it takes more memory than the index."""

    told: Callable[[], Iterable[Terms]]
    """Gives it, bucket by bucket."""
    ids: list[NDArray[np.int64]]
    """Of the records of each bucket, -1 for those that are not published."""
    words: list[Packed]
    """Of each bucket; emptied once they are joined."""
    pairs: int
    """Of word and figure, in all."""


class Words(NamedTuple):
    """All words."""

    table: Table
    figures: NDArray[np.int64]
    """In how many figures each stands."""
    pairs: NDArray[np.int64]
    """Number of a word, where it stands and id of a figure, in one number, ascending; as many of each word."""
    id_bits: int
    """Bits of it that the id takes; where the word stands takes the next three."""


def places(owner: NDArray[np.int64], codes: NDArray[np.int64]) -> tuple[NDArray[np.int64], list[bytes]]:
    """The values of some words.

    Args:
        owner: the word of each pair of word and figure, ascending.
        codes: the figure's id and where the word stands in it, as ``open_places`` gives them; ascending for each word.

    Returns:
        The words that stand somewhere, and the value of each.
    """
    bits = int(codes.max(initial=0)).bit_length()
    keys = ((owner << TAG_BITS | codes & ((1 << TAG_BITS) - 1)) << bits) | codes >> TAG_BITS
    keys.sort()
    tagged = keys >> bits
    first = run_starts(tagged)
    data, sizes = run_bytes(keys & ((1 << bits) - 1), first, tagged[first] & ((1 << TAG_BITS) - 1))
    of_word = run_starts(tagged[first] >> TAG_BITS)
    ends = np.cumsum(sums(sizes, of_word))
    values = [data[a:b] for a, b in pairwise([0, *ends.tolist()])]
    return tagged[first[of_word]] >> TAG_BITS, values


def open_places(values: Sequence[bytes]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The figures in the values of some words.

    Args:
        values: of the words; empty for a word that stands nowhere.

    Returns:
        For each pair of word and figure the number of the word, and the figure's id with where the word stands in the
        lowest bits; ascending.
    """
    none = [np.zeros(0, np.int64)]
    own = [np.sort(np.concatenate(none + [ids << TAG_BITS | tag for tag, ids in read_runs(v)])) for v in values]
    return np.repeat(np.arange(len(values)), [len(o) for o in own]), np.concatenate(none + own)


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


def _keys(buckets: Buckets, numbers: Iterable[NDArray[np.int64]], id_bits: int) -> NDArray[np.int64]:
    """Word, fields and id of every pair in one number, sorted."""
    keys = np.empty(buckets.pairs, np.int64)
    end = 0
    for t, own, number in zip(buckets.told(), buckets.ids, numbers, strict=True):
        who = np.repeat(own[np.frombuffer(t.index, np.int32)], np.frombuffer(t.figure, np.int32))
        keep = who >= 0
        key = number[np.frombuffer(t.word, np.int32)]
        key = ((key << TAG_BITS | np.frombuffer(t.fields, np.uint8)) << id_bits) | who
        key = key[keep]
        keys[end : end + len(key)] = key
        end += len(key)
    keys = keys[:end]
    keys.sort()
    return keys


def word_table(buckets: Buckets, id_bits: int) -> Words:
    """The table of all words.

    Args:
        buckets: what they tell.
        id_bits: how many bits an id takes.
    """
    texts, hashes, maps = join(buckets.words)
    buckets.words.clear()
    words = [t.encode() for t in texts]
    order = sorted(range(len(words)), key=words.__getitem__)
    rank = np.empty(len(words), np.int64)
    rank[order] = np.arange(len(words))
    keys = _keys(buckets, (rank[m] for m in maps), id_bits)
    del maps
    found, data, sizes, figures = [], [], [], []
    for block in _blocks(keys, id_bits + TAG_BITS):
        word = block >> (id_bits + TAG_BITS)
        first = run_starts(block >> id_bits)  # of words and where they stand
        of_word = run_starts(word[first])
        lists, size = run_bytes(block & ((1 << id_bits) - 1), first, block[first] >> id_bits & ((1 << TAG_BITS) - 1))
        found.append(word[first[of_word]])
        data.append(lists)
        sizes.append(sums(size, of_word))
        figures.append(counts_of(first[of_word], len(block)))
    places = [order[i] for part in found for i in part.tolist()]
    empty = [np.zeros(0, np.int64)]
    table = Table([words[p] for p in places], hashes[places], b"".join(data), np.concatenate(empty + sizes))
    return Words(table, np.concatenate(empty + figures), keys, id_bits)


def _blocks(keys: NDArray[np.int64], shift: int) -> Iterator[NDArray[np.int64]]:
    """Sorted keys in blocks that end with a word: arrays of all of them would fill the memory several times."""
    first = 0
    while first < len(keys):
        last = min(first + BLOCK, len(keys))
        if last < len(keys):
            last = int(np.searchsorted(keys, ((keys[last] >> shift) + 1) << shift))
        yield keys[first:last]
        first = last
