"""Small tools on sorted integer arrays; much faster here than numpy's own ``unique``."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

__all__ = ["distinct", "run_starts", "starts"]

Longs = NDArray[np.int64]


def run_starts(keys: NDArray[np.integer]) -> Longs:
    """Where each run of equal values begins."""
    if not len(keys):
        return np.zeros(0, np.int64)
    return np.flatnonzero(np.concatenate(([True], keys[1:] != keys[:-1])))


def distinct(keys: Longs) -> tuple[Longs, Longs]:
    """The distinct values in ascending order, and how often each occurs."""
    ordered = np.sort(keys)
    first = run_starts(ordered)
    return ordered[first], np.diff(np.append(first, len(ordered)))


def starts(owner: NDArray[np.integer], count: int) -> Longs:
    """Where the entries of each of ``count`` owners begin in an array sorted by owner; ``count + 1`` numbers."""
    return np.searchsorted(owner, np.arange(count + 1)).astype(np.int64)
