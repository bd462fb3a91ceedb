"""How this process deals with memory; none of it changes what a build makes."""

from __future__ import annotations

import ctypes
import gc
from contextlib import suppress

__all__ = ["give_back", "return_memory", "spare_collection"]

LARGE = 1 << 22
"""Bytes of a large array, and of what may stay free at the end of the heap.

The system clears each page that it gives anew: a twentieth of a build's time where arrays of 1 MB count as large.
"""
_M_TRIM_THRESHOLD, _M_MMAP_THRESHOLD = -1, -3


def spare_collection() -> None:
    """Let the collector of cycles look less often: a build makes millions of objects and hardly a cycle."""
    gc.set_threshold(1_000_000, 50, 1000)


def return_memory() -> None:
    """Let large arrays be given back to the system as soon as they are let go, not kept for the next one.

    GNU's allocator learns from the first large array that is freed to keep such memory (mallopt(3), M_MMAP_THRESHOLD),
    which for a build, whose arrays are large and short-lived, would double what it holds. Others have no ``mallopt``.
    """
    with suppress(AttributeError, OSError):
        libc = ctypes.CDLL(None)
        libc.mallopt(_M_MMAP_THRESHOLD, LARGE)
        libc.mallopt(_M_TRIM_THRESHOLD, LARGE)


def give_back() -> None:
    """Give back to the system what was let go in smaller pieces, between which others still stand.

    GNU's allocator does so when it is asked to (malloc_trim(3)); after a phase of a large build that is a fifth of all.
    """
    with suppress(AttributeError, OSError):
        ctypes.CDLL(None).malloc_trim(0)
