"""The ids under which the index knows figures: newest year first, and nearly the same ones after a change.

Were figures simply counted, one more of them would move the ids of all older ones, and with them nearly every list of
the index. So each year has a block of ids with room to spare, in which a figure's place follows from a hash of its
figid. Figures that meet move up to the next free place, in the order of their hashes: the layout depends on which
figures there are and not on the order in which they came (ordered linear probing, Amble and Knuth 1974), and a new
figure moves a handful of others.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["Ids", "Year", "figure_ids"]

MARGIN = 64
"""Ids behind a block, for figures that move beyond its end."""


class Year(NamedTuple):
    """The block of a year; 0 for figures without one."""

    year: int
    first: int
    """Its first id."""
    figures: int


class Ids(NamedTuple):
    """Ids of all figures."""

    ids: NDArray[np.int64]
    """Of each figure."""
    years: list[Year]
    """Newest first."""
    end: int
    """Behind the last id."""


def _capacities(figures: int) -> list[int]:
    """Sizes of a block to try, the first at most four fifths full; in few steps, so that it rarely changes."""
    steps = (quarter << k for k in range(31) for quarter in (4, 5, 6, 7))
    return [s for s in steps if s * 4 >= figures * 5]


def _places(hashes: NDArray[np.uint64]) -> tuple[NDArray[np.int64], int]:
    """The places of ascending hashes in a block, and its size."""
    rank = np.arange(len(hashes))
    for capacity in _capacities(len(hashes)):
        home = ((hashes >> np.uint64(32)) * np.uint64(capacity) >> np.uint64(32)).astype(np.int64)
        place = np.maximum.accumulate(home - rank) + rank
        if place[-1] < capacity + MARGIN:
            return place, capacity + MARGIN
    raise OverflowError  # a block of 2**33 always has room


def figure_ids(hashes: NDArray[np.uint64], years: NDArray[np.int32]) -> Ids:
    """Ids of figures.

    Args:
        hashes: of their figids, newest figure first.
        years: of each, descending; 0 for none.
    """
    order = np.lexsort((hashes, -years.astype(np.int64)))
    ids = np.zeros(len(hashes), np.int64)
    blocks: list[Year] = []
    end = 0
    bounds = [0, *(np.flatnonzero(np.diff(years)) + 1).tolist(), len(hashes)] if len(hashes) else [0]
    for first, last in pairwise(bounds):
        block = order[first:last]
        place, size = _places(hashes[block])
        ids[block] = place + end
        blocks.append(Year(int(years[first]), end, last - first))
        end += size
    return Ids(ids, blocks, end)
