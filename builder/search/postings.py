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


def places(
    owner: NDArray[np.int64], tag: NDArray[np.int64], ids: NDArray[np.int64]
) -> tuple[NDArray[np.int64], list[bytes]]:
    """The values of some words.

    Args:
        owner: the word of each pair of word and figure, ascending.
        tag: where the word stands in the figure, ascending for each word.
        ids: of the figure, ascending for each word and where it stands.

    Returns:
        The words that stand somewhere, and the value of each.
    """
    tagged = owner << TAG_BITS | tag
    first = run_starts(tagged)
    data, sizes = run_bytes(ids, first, tag[first])
    of_word = run_starts(owner[first])
    ends = np.cumsum(sums(sizes, of_word))
    values = [data[a:b] for a, b in pairwise([0, *ends.tolist()])]
    return owner[first[of_word]], values


def open_places(values: Sequence[bytes]) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """The figures in the values of some words, as ``places`` is given them.

    Args:
        values: of the words; empty for a word that stands nowhere.
    """
    runs = [(n, tag, ids) for n, value in enumerate(values) for tag, ids in read_runs(value)]
    sizes = [len(ids) for _, _, ids in runs]
    owner, tags = (np.repeat(np.array([r[k] for r in runs], np.int64), sizes) for k in (0, 1))
    return owner, tags, np.concatenate([np.zeros(0, np.int64), *(ids for _, _, ids in runs)])


def changed_places(
    values: Sequence[bytes], word: NDArray[np.int64], codes: NDArray[np.int64], new: NDArray[np.bool_]
) -> tuple[list[bytes | None], list[int], list[int]] | None:
    """The values of some words after a change.

    Args:
        values: of the words as they were; empty for a word that stood nowhere.
        word: the number of a word for each pair of word and figure that came or went.
        codes: the id of the figure, and where the word stands in it in the lowest bits.
        new: whether the pair came.

    Returns:
        The values as they are now, None for a word that stands nowhere, and in how many figures each stood and stands;
        None if the values are not those from which the pairs went.
    """
    owner, tag, ids = open_places(values)
    bits = max(int(codes.max(initial=0)) >> TAG_BITS, int(ids.max(initial=0))).bit_length()
    was = (owner << TAG_BITS | tag) << bits | ids
    pairs = (word << TAG_BITS | codes & ((1 << TAG_BITS) - 1)) << bits | codes >> TAG_BITS
    left, came = np.sort(pairs[~new]), np.sort(pairs[new])
    gone = np.searchsorted(was, left)
    if not np.array_equal(was[np.minimum(gone, len(was) - 1)] if len(was) else was, left):
        return None
    kept = np.delete(was, gone)
    come = np.searchsorted(kept, came)
    if len(kept) and (kept[np.minimum(come, len(kept) - 1)] == came).any():
        return None
    now = np.insert(kept, come, came)
    bounds = np.arange(len(values) + 1) << TAG_BITS + bits
    before, after = (np.diff(np.searchsorted(keys, bounds)).tolist() for keys in (was, now))
    tagged = now >> bits
    found, made = places(tagged >> TAG_BITS, tagged & ((1 << TAG_BITS) - 1), now & ((1 << bits) - 1))
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
