"""Lists of ids as bits, so that a figure of a long list costs half a byte. Decision 13 describes the bytes.

Gaps between ids of a list are nearly geometric, and a Rice code (Golomb 1966, Rice 1971) takes little more than such
numbers hold. Its two halves stand apart, all low bits before all high ones: so numpy can write all lists at once, and a
browser reads a byte at a time.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from builder.search.shards import varints

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["TAG_BITS", "counts_of", "id_lists", "read_runs", "run_bytes", "sums"]

TAG_BITS = 3
"""Bits of what the ids of a run have in common."""
FEW = 4
"""Runs of fewer ids are whole numbers: what says how the bits lie would take as much."""
MOST_LOW = 24
"""Low bits of a gap at most, which are read from four bytes."""
BLOCK = 1 << 19
"""Ids that are written at a time."""


class _Long(NamedTuple):
    """Runs that are bits."""

    gaps: NDArray[np.int64]
    """Ids between each id and the one before."""
    first: NDArray[np.int64]
    """Where each run begins among them,"""
    ids: NDArray[np.int64]
    """and how many ids it has."""
    low: NDArray[np.int64]
    """How many bits of each gap of a run are low ones."""


def sums(numbers: NDArray[Any], first: NDArray[np.int64]) -> NDArray[np.int64]:
    """The sums of runs of numbers that begin at given places."""
    ends = np.zeros(len(numbers) + 1, np.int64)
    np.cumsum(numbers, out=ends[1:])
    return np.diff(np.append(ends[first], ends[-1]))


def counts_of(first: NDArray[np.int64], end: int) -> NDArray[np.int64]:
    """The lengths of runs that begin at given places, the last of which ends at ``end``."""
    return np.diff(np.append(first, end))


def id_lists(ids: NDArray[np.int64], first: NDArray[np.int64]) -> tuple[bytes, NDArray[np.int64]]:
    """Ascending ids of several lists as bytes, and how many bytes each list takes.

    Args:
        ids: all lists, one after the other; none is empty.
        first: where each begins.
    """
    bounds = np.append(first, len(ids))
    data, sizes = [], [np.zeros(0, np.int64)]
    begin = 0
    # In blocks of lists: arrays of all of them would fill the memory several times.
    while begin < len(first):
        end = max(int(np.searchsorted(bounds, bounds[begin] + BLOCK, side="right")) - 1, begin + 1)
        part = ids[bounds[begin] : bounds[end]]
        lists, size = run_bytes(part, first[begin:end] - bounds[begin], np.zeros(end - begin, np.int64))
        data.append(lists)
        sizes.append(size)
        begin = end
    return b"".join(data), np.concatenate(sizes)


def run_bytes(
    ids: NDArray[np.int64], first: NDArray[np.int64], tags: NDArray[np.int64]
) -> tuple[bytes, NDArray[np.int64]]:
    """Runs of ascending ids as bytes, and how many bytes each run takes.

    Args:
        ids: of all runs, one after the other; none is empty.
        first: where each run begins.
        tags: of each run, below eight.
    """
    if not len(first):
        return b"", np.zeros(0, np.int64)
    count = counts_of(first, len(ids))
    gaps = np.diff(ids, prepend=0) - 1
    gaps[first] = ids[first]
    few = count < FEW
    of_few = np.repeat(few, count)
    steps, widths = varints(gaps[of_few])
    long = _long(gaps[~of_few], count[~few], ids[first[~few] + count[~few] - 1] + 1)
    lows = (long.ids * long.low + 7) >> 3
    ends = np.cumsum((long.gaps >> np.repeat(long.low, long.ids)) + 1)  # of the high bits of all, in bits
    highs = np.diff(ends[long.first + long.ids - 1], prepend=0)
    head, head_width = varints(count << TAG_BITS | tags)
    body = np.empty(len(first), np.int64)
    body[few] = sums(widths, np.cumsum(count[few]) - count[few])
    body[~few] = 1 + lows + ((highs + 7) >> 3)
    sizes = head_width + body
    start = np.cumsum(sizes) - sizes
    own = start + head_width
    out = _bits(int(sizes.sum()), long, own[~few] + 1, lows, ends)
    out[_places(start, head_width.astype(np.int64))] = np.frombuffer(head, np.uint8)
    out[_places(own[few], body[few])] = np.frombuffer(steps, np.uint8)
    out[own[~few]] = long.low
    return out.tobytes(), sizes


def _long(gaps: NDArray[np.int64], count: NDArray[np.int64], span: NDArray[np.int64]) -> _Long:
    """Runs with the number of low bits that suits their density best.

    Args:
        gaps: of all runs.
        count: ids of each run.
        span: ids up to and with its last one.
    """
    # The mean step times 0.96 (Kiely 2004), in whole numbers, so that all machines choose alike.
    mean = np.maximum(span * 31 // (count << 5), 1)
    low = np.minimum(np.frexp(mean.astype(np.float64))[1].astype(np.int64) - 1, MOST_LOW)
    return _Long(gaps, np.cumsum(count) - count, count, low)


def _places(start: NDArray[np.int64], size: NDArray[np.int64]) -> NDArray[np.int64]:
    """The places of pieces that begin at ``start`` and take ``size``, one piece after the other."""
    ends = np.cumsum(size)
    places: NDArray[np.int64] = np.arange(int(ends[-1]) if len(ends) else 0) + np.repeat(start - ends + size, size)
    return places


def _bits(
    size: int, long: _Long, start: NDArray[np.int64], lows: NDArray[np.int64], ends: NDArray[np.int64]
) -> NDArray[np.uint8]:
    """Bytes with the bits of runs in them.

    Args:
        size: how many bytes.
        long: the runs.
        start: the byte at which each begins.
        lows: bytes of its low bits.
        ends: bits up to and with the last high bit of each gap, over all runs.
    """
    bits = np.zeros(size << 3, np.uint8)
    if len(long.gaps):
        _put_low_bits(bits, long, start)
        before = ends[long.first] - (long.gaps[long.first] >> long.low) - 1
        bits[np.repeat(((start + lows) << 3) - before, long.ids) + ends - 1] = 1
    return np.packbits(bits, bitorder="little")


def _put_low_bits(bits: NDArray[np.uint8], long: _Long, start: NDArray[np.int64]) -> None:
    """Put the low bits of gaps where they stand, those of all runs that have as many of them at a time."""
    owner = np.repeat(long.low, long.ids)
    for low in range(1, int(long.low.max()) + 1):
        some = np.flatnonzero(long.low == low)
        if not len(some):
            continue
        kind = np.dtype(np.uint8 if low <= 8 else "<u2" if low <= 16 else "<u4")  # noqa: PLR2004 - bits
        gaps = long.gaps[owner == low].astype(kind)  # the other bits go
        rows = np.unpackbits(gaps.view(np.uint8).reshape(-1, kind.itemsize), axis=1, count=low, bitorder="little")
        places = zip((start[some] << 3).tolist(), (long.ids[some] * low).tolist(), strict=True)
        own, at = rows.ravel(), 0
        for place, length in places:
            bits[place : place + length] = own[at : at + length]
            at += length


def _number(data: bytes, at: int) -> tuple[int, int]:
    """A number of seven bits a byte, and where it ends."""
    value = shift = 0
    while True:
        value |= (data[at] & 127) << shift
        at += 1
        if data[at - 1] <= 127:  # noqa: PLR2004
            return value, at
        shift += 7


def _gaps(data: bytes, at: int, count: int) -> tuple[NDArray[np.int64], int]:
    """The gaps of a run, and where it ends."""
    if count < FEW:
        few = np.zeros(count, np.int64)
        for i in range(count):
            few[i], at = _number(data, at)
        return few, at
    codes, low = np.frombuffer(data, np.uint8), data[at]
    high = at + 1 + ((count * low + 7) >> 3)
    lows = np.unpackbits(codes[at + 1 : high], bitorder="little")[: count * low].reshape(count, low)
    ones = np.flatnonzero(np.unpackbits(codes[high:], bitorder="little").view(np.bool_))[:count]
    # Whole numbers below 2**24 are exact as floats, whose products are several times faster.
    rest = (lows.astype(np.float32) @ (1 << np.arange(low)).astype(np.float32)).astype(np.int64)
    gaps: NDArray[np.int64] = (np.diff(ones, prepend=-1) - 1) << low | rest
    return gaps, high + (int(ones[-1]) >> 3) + 1


def read_runs(data: bytes) -> list[tuple[int, NDArray[np.int64]]]:
    """The runs of a list: the tag of each, and its ids."""
    out, at = [], 0
    while at < len(data):
        head, at = _number(data, at)
        gaps, at = _gaps(data, at, head >> TAG_BITS)
        out.append((head & ((1 << TAG_BITS) - 1), np.cumsum(gaps + 1) - 1))
    return out
