"""Lists of distinct texts, packed so that hundreds of them are joined without a look at each text.

Every bucket of records has its own list of genes, words and lexicon entries, and most texts stand in most lists.
A text is known by a hash of 64 bits: joining sorts numbers, and only the distinct texts become Python objects.
Two of a million texts share a hash with a probability of 1 in 37 million.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
from xxhash import xxh3_64_intdigest

from builder.model import Packed

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from numpy.typing import NDArray

__all__ = [
    "WORD",
    "blocks",
    "fold",
    "fold_columns",
    "hash_spans",
    "in_order",
    "join",
    "mix",
    "numbered",
    "pack",
    "summed",
    "summed_of",
    "text_hashes",
]


BLOCK = 1 << 18
"""Entries of a column that are looked at together."""
WORD = 8
"""Bytes of a text that are hashed at a time."""
LONG = 256
"""Bytes from which on a text is hashed by itself."""
_MASKS = np.array([(1 << (8 * n)) - 1 for n in range(WORD + 1)], np.uint64)
FEW = 1 << 16
"""Likewise where each is looked at once: what they are then stays in the cache of the processor."""
_GOLDEN = np.uint64(0x9E3779B97F4A7C15)
_FIRST, _SECOND = np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB)


def mix(numbers: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Numbers scattered over 64 bits, each always to the same place (the finish of SplitMix64, Steele et al. 2014)."""
    with np.errstate(over="ignore"):
        numbers = (numbers ^ (numbers >> np.uint64(30))) * _FIRST
        numbers = (numbers ^ (numbers >> np.uint64(27))) * _SECOND
        return numbers ^ (numbers >> np.uint64(31))


def fold(state: NDArray[np.uint64], numbers: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """A hash of everything in ``state`` and, behind it, ``numbers``."""
    with np.errstate(over="ignore"):
        return mix(state * _GOLDEN + numbers + _GOLDEN)


def fold_columns(*columns: tuple[NDArray[np.uint64], NDArray[np.integer]]) -> NDArray[np.uint64]:
    """A hash of each row of a table whose columns are numbers of texts, given as the texts' hashes and the numbers.

    Row by row block, since a table of millions of mentions would fill the memory several times over.
    """
    out = np.empty(len(columns[0][1]), np.uint64)
    for first in range(0, len(out), BLOCK):
        part = slice(first, first + BLOCK)
        hashes, numbers = columns[0]
        state = hashes[numbers[part]]
        for hashes, numbers in columns[1:]:
            state = fold(state, hashes[numbers[part]])
        out[part] = state
    return out


def summed(numbers: NDArray[np.uint64], start: NDArray[np.int64]) -> NDArray[np.uint64]:
    """The sums, modulo 2**64, of ``numbers[start[i] : start[i + 1]]``."""
    out = np.zeros(max(len(start) - 1, 0), np.uint64)
    some = start[1:] > start[:-1]
    if some.any():
        out[some] = np.add.reduceat(numbers[: start[-1]], start[:-1][some])
    return out


def summed_of(
    numbers: NDArray[np.uint64], which: NDArray[np.integer], start: NDArray[np.int64], size: int = FEW
) -> NDArray[np.uint64]:
    """As ``summed(numbers[which], start)``, by blocks of about ``size``: without an array of millions of numbers."""
    out = np.zeros(max(len(start) - 1, 0), np.uint64)
    for a, b in blocks(start, size):
        part = start[a : b + 1]
        out[a:b] = summed(numbers[which[part[0] : part[-1]]], part - part[0])
    return out


def blocks(start: NDArray[np.int64], size: int = FEW) -> Iterator[tuple[int, int]]:
    """Groups of few entries in blocks of about ``size``: the first group of each block, and the one behind it.

    Args:
        start: where each group begins, and where the last one ends.
        size: entries of a block; one may have more, by as many as a group has.
    """
    groups = max(len(start) - 1, 0)
    borders = np.searchsorted(start, np.arange(start[0], start[-1], size)).tolist() if groups else []
    yield from ((a, b) for a, b in pairwise([0, *borders, groups]) if b > a)


def in_order(numbers: NDArray[np.uint64], start: NDArray[np.int64]) -> NDArray[np.uint64]:
    """A hash of each list ``numbers[start[i] : start[i + 1]]``; the lists follow each other, and their order counts."""
    rank = np.arange(len(numbers)) - np.repeat(start[:-1], np.diff(start))
    return summed(fold(numbers, rank.astype(np.uint64)), start)


def hash_spans(data: bytes, start: NDArray[np.int64], length: NDArray[np.int64]) -> NDArray[np.uint64]:
    """A hash of each span of bytes, made of its length and its bytes, eight at a time.

    Args:
        data: the bytes; ``WORD`` more must follow the last span.
        start: where each span begins.
        length: of each.
    """
    words: NDArray[np.uint64] = np.ndarray((max(len(data) - WORD + 1, 0),), "<u8", data, strides=(1,))
    hashes = mix(length.astype(np.uint64))
    if not len(start):
        return hashes
    with np.errstate(over="ignore"):
        for first in range(0, int(length.max()), WORD):
            at = np.flatnonzero(length > first) if first else slice(None)
            left = np.minimum(length[at] - first, WORD)
            hashes[at] = mix(hashes[at] ^ (words[start[at] + first] & _MASKS[left]))
    return hashes


def text_hashes(data: bytes, lengths: NDArray[np.int64]) -> NDArray[np.uint64]:
    """A hash of each of some texts, which stand one after the other."""
    start = np.cumsum(lengths) - lengths
    hashes = hash_spans(data + bytes(WORD), start, np.minimum(lengths, LONG))
    for i in np.flatnonzero(lengths > LONG).tolist():  # each step of the above is a look at all
        hashes[i] = xxh3_64_intdigest(data[start[i] : start[i] + lengths[i]])
    return hashes


def pack(texts: Iterable[str]) -> Packed:
    """The texts, packed."""
    parts = [t.encode("utf-8", "surrogatepass") for t in texts]
    data = b"".join(parts)
    lengths = np.fromiter(map(len, parts), np.int64, len(parts))
    return Packed(data, lengths.astype(np.int32).tobytes(), text_hashes(data, lengths).tobytes())


def numbered(hashes: NDArray[np.uint64]) -> tuple[NDArray[np.uint64], NDArray[np.int64], NDArray[np.int32]]:
    """The distinct hashes ascending, where each of them stands first, and for every hash the number of its own.

    Hash and place are sorted as one number, which takes a quarter of the time of ``numpy.unique``.
    """
    bits = np.uint64(max(len(hashes), 1).bit_length())
    keys = (hashes >> bits << bits) | np.arange(len(hashes), dtype=np.uint64)
    keys.sort()
    keys &= (np.uint64(1) << bits) - np.uint64(1)
    place = keys.view(np.int64)
    ordered = hashes[place]
    new = np.ones(len(hashes), np.bool_)
    np.not_equal(ordered[1:], ordered[:-1], out=new[1:])
    first, known = place[new], ordered[new]
    del ordered  # of the words of all buckets such arrays are what takes most memory
    if not (known[1:] > known[:-1]).all():  # two hashes that differ in their last bits alone
        known, first, inverse = np.unique(hashes, return_index=True, return_inverse=True)
        return known, first, inverse.astype(np.int32)
    numbers = np.empty(len(hashes), np.int32)
    numbers[place] = np.cumsum(new, dtype=np.int32) - np.int32(1)
    return known, first, numbers


def join(lists: Sequence[Packed]) -> tuple[list[str], NDArray[np.uint64], list[NDArray[np.int32]]]:
    """One list of the distinct texts of all lists.

    Returns:
        The texts, their hashes, and for each list the numbers of its texts.
    """
    hashes = np.frombuffer(b"".join(x.hashes for x in lists), np.uint64)
    known, first, numbers = numbered(hashes)
    del hashes
    lengths = np.frombuffer(b"".join(x.lengths for x in lists), np.int32)
    ends = np.cumsum(lengths, dtype=np.int64)[first]
    spans = zip((ends - lengths[first]).tolist(), ends.tolist(), strict=True)
    data = b"".join(x.data for x in lists)
    texts = [data[a:b].decode("utf-8", "surrogatepass") for a, b in spans]
    borders = np.cumsum([len(x.lengths) // 4 for x in lists])[:-1]
    return texts, known, np.split(numbers, borders) if lists else []
