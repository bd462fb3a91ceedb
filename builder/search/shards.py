"""Tables of keys and values, cut into shards; and numbers as bytes. Decision 13 describes the bytes.

Where a shard ends depends on the hashes of keys, not on how much stands before, so that a change moves no border
but those beside it (content-defined chunking).
"""

from __future__ import annotations

from base64 import b32encode
from hashlib import blake2b
from itertools import accumulate, pairwise
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

__all__ = [
    "Shard",
    "Table",
    "borders_of",
    "numbers",
    "open_shard",
    "shard_name",
    "short_beginning",
    "table_of",
    "table_shards",
    "varints",
]

LEAST, MOST = 16_384, 32_768
"""Bytes of a shard: none ends before the first, nor goes on beyond the second unless one value alone is larger."""
ONE_OF = 64
"""Past the least size a shard ends before one of so many keys."""
_BLOCK = 1 << 18
_KEYS = 1 << 16
_SEVEN, _LOW = 7, 127


class Table(NamedTuple):
    """Keys in ascending order of their bytes, each with a value."""

    keys: list[bytes]
    hashes: NDArray[np.uint64]
    """Of the keys."""
    values: bytes
    """One after the other."""
    sizes: NDArray[np.int64]
    """Bytes of each value."""


class Shard(NamedTuple):
    """A piece of a table."""

    first: bytes
    """The beginning of its first key, long enough to stand behind all keys of the shard before."""
    data: bytes


def shard_name(data: bytes) -> str:
    """A name for contents: forty bits of their hash."""
    return b32encode(blake2b(data, digest_size=5).digest()).decode().lower()


def varints(values: NDArray[np.integer]) -> tuple[bytes, NDArray[np.uint8]]:
    """Numbers as bytes of seven bits, the lowest first, the eighth set where more follow; and how many each takes."""
    parts, widths = [], [np.zeros(0, np.uint8)]
    for first in range(0, len(values), _BLOCK):
        block = values[first : first + _BLOCK]
        most = max(1, -(-int(block.max()).bit_length() // _SEVEN))
        columns = np.empty((len(block), most), np.uint8)
        width = np.ones(len(block), np.uint8)
        for place in range(most):
            rest = block >> (_SEVEN * place)
            more = rest > _LOW
            columns[:, place] = (rest & _LOW) | (more.astype(np.uint8) << _SEVEN)
            if place + 1 < most:
                width += more
        parts.append(columns[np.arange(most, dtype=np.uint8) < width[:, None]].tobytes())
        widths.append(width)
    return b"".join(parts), np.concatenate(widths)


def numbers(data: bytes) -> NDArray[np.int64]:
    """Numbers from the bytes that ``varints`` makes."""
    codes = np.frombuffer(data, np.uint8)
    ends = np.flatnonzero(codes <= _LOW)
    starts = np.concatenate((np.zeros(1, np.int64), ends[:-1] + 1))[: len(ends)]
    values = np.zeros(len(ends), np.int64)
    for place in range(int((ends - starts).max(initial=-1)) + 1):
        at = np.flatnonzero(ends - starts >= place)
        values[at] |= (codes[starts[at] + place] & _LOW).astype(np.int64) << (_SEVEN * place)
    return values


def open_shard(data: bytes) -> list[tuple[bytes, bytes]]:
    """The keys and values of a shard."""
    ends = np.flatnonzero(np.frombuffer(data, np.uint8) <= _LOW)
    first = int(ends[0]) + 1
    count = int(numbers(data[:first])[0])
    place = int(ends[3 * count]) + 1
    shared, rest, sizes = numbers(data[first:place]).reshape(3, count).tolist()
    keys: list[bytes] = []
    for same, size in zip(shared, rest, strict=True):
        keys.append((keys[-1][:same] if same else b"") + data[place : place + size])
        place += size
    bounds = accumulate(sizes, initial=place)
    return [(key, data[a:b]) for key, (a, b) in zip(keys, pairwise(bounds), strict=True)]


def _borders(hashes: NDArray[np.uint64], shared: NDArray[np.int64], ends: NDArray[np.int64]) -> list[int]:
    """Where shards begin and end, as numbers of keys.

    Args:
        hashes: of the keys.
        shared: with how many bytes each key begins as the one before it does, which are not written.
        ends: how many bytes all entries up to and with each one take.
    """
    candidates = np.flatnonzero(hashes % np.uint64(ONE_OF) == 0)
    borders = [0]
    before = 0
    while borders[-1] < len(ends):
        first = borders[-1]
        # The first entry with which the least size is reached, and the first that goes beyond the most.
        enough = int(np.searchsorted(ends, before + LEAST)) + 1
        beyond = max(int(np.searchsorted(ends, before + MOST, side="right")), first + 1)
        at = int(np.searchsorted(candidates, enough))
        border = int(candidates[at]) if at < len(candidates) else len(ends)
        borders.append(min(border, beyond, len(ends)))
        if borders[-1] < len(ends):
            before = int(ends[borders[-1] - 1] - shared[borders[-1]])  # the first key of a shard stands in full
    return borders


def short_beginning(key: bytes, before: bytes) -> bytes:
    """The shortest beginning of a key that stands behind another key and is text."""
    size = (
        next((i for i, (a, b) in enumerate(zip(key, before, strict=False)) if a != b), min(len(key), len(before))) + 1
    )
    while size < len(key) and key[size] & 0xC0 == 0x80:  # noqa: PLR2004 - the bytes within a character of UTF-8
        size += 1
    return key[:size]


def _key_sizes(table: Table) -> NDArray[np.int64]:
    """The bytes of each key."""
    return np.fromiter(map(len, table.keys), np.int64, len(table.keys))


def _shared(keys: list[bytes], sizes: NDArray[np.int64]) -> NDArray[np.int64]:
    """With how many bytes each key begins as the one before it does."""
    shared = np.zeros(len(keys), np.int64)
    for first in range(1, len(keys), _KEYS):
        own = keys[first - 1 : first + _KEYS]
        codes = np.array(own, np.bytes_).view(np.uint8).reshape(len(own), -1)
        same = codes[1:] == codes[:-1]
        equal = np.where(same.all(axis=1), same.shape[1], same.argmin(axis=1))
        shared[first : first + len(equal)] = equal
    shared[1:] = np.minimum(shared[1:], np.minimum(sizes[1:], sizes[:-1]))  # beyond their ends both are zeros
    return shared


def borders_of(table: Table) -> list[int]:
    """Where the shards of a table begin and end, as numbers of keys."""
    sizes = _key_sizes(table)
    shared = _shared(table.keys, sizes)
    return _borders(table.hashes, shared, np.cumsum(sizes - shared + table.sizes + 3))


def table_shards(table: Table, before: bytes | None = None, borders: Sequence[int] | None = None) -> list[Shard]:
    """A table cut into shards.

    Args:
        table: or the entries of one from some border on.
        before: the last key before them; None if they are the first.
        borders: where to cut, if it is known already; the entries behind the last border are left alone.
    """
    key_sizes = _key_sizes(table)
    shared = _shared(table.keys, key_sizes)
    if borders is None:
        borders = _borders(table.hashes, shared, np.cumsum(key_sizes - shared + table.sizes + 3))
    shared[borders[:-1]] = 0
    value_ends = np.concatenate((np.zeros(1, np.int64), np.cumsum(table.sizes)))
    out = []
    for first, last in pairwise(borders):
        keys, same = table.keys[first:last], shared[first:last]
        numbers = np.concatenate(([last - first], same, key_sizes[first:last] - same, table.sizes[first:last]))
        rest = [key[size:] for key, size in zip(keys, same.tolist(), strict=True)]
        values = table.values[value_ends[first] : value_ends[last]]
        data = b"".join((varints(numbers)[0], *rest, values))
        last_key = table.keys[first - 1] if first else before
        out.append(Shard(b"" if last_key is None else short_beginning(keys[0], last_key), data))
    return out


def table_of(entries: Sequence[tuple[bytes, bytes]]) -> Table:
    """A table of a few thousand entries, sorted by their keys."""
    from builder.read.tokens import word_hashes  # noqa: PLC0415 - for small tables alone

    keys = [k for k, _ in entries]
    sizes = np.fromiter((len(v) for _, v in entries), np.int64, len(entries))
    return Table(keys, word_hashes(keys)[2], b"".join([v for _, v in entries]), sizes)
