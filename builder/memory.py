"""How this process deals with memory; none of it changes what a build makes."""

from __future__ import annotations

import ctypes
import gc
import os
import resource
from contextlib import suppress

__all__ = ["allow_files", "give_back", "keep_memory", "no_collection", "return_memory", "spare_collection"]

LARGE = 1 << 22
"""Bytes of a large array, and of what may stay free at the end of the heap.

The system clears each page that it gives anew: a twentieth of a build's time where arrays of 1 MB count as large.
"""
_M_TRIM_THRESHOLD, _M_TOP_PAD, _M_MMAP_THRESHOLD = -1, -2, -3
_KEPT = 1 << 25
"""Bytes of an array beyond which GNU's allocator cannot keep it."""
MOST_FILES = 10_240
"""Open files that macOS allows at most."""
_returns = False
"""Whether this process was told to return memory."""


def spare_collection() -> None:
    """Let the collector of cycles look, but seldom: a process that goes on makes millions of objects and few cycles."""
    gc.enable()
    gc.set_threshold(1_000_000, 50, 1000)


def no_collection() -> None:
    """Let the collector of cycles not look at all: for a command that ends with what it makes.

    Each look at the objects of a hundred thousand figures takes a fifth of a second, and finds nothing.
    """
    gc.disable()


def allow_files() -> None:
    """Let this process, and those that it begins, map as many files as the system allows, or ``MOST_FILES``.

    Each mapped file of the cache counts as an open one, and of 100,000 figures there are some nine hundred: a usual
    limit is 1,024, on macOS 256, and far more is allowed to whoever asks.
    """
    allowed, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = MOST_FILES if most == resource.RLIM_INFINITY else min(most, MOST_FILES)
    if allowed != resource.RLIM_INFINITY and allowed < wanted:
        with suppress(OSError, ValueError):  # it stays as it is
            resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, most))


def keep_memory() -> None:
    """Let arrays that were let go be kept for the next ones: a build after an edit asks the system a tenth less.

    It makes few large arrays, one after the other, and the system clears each page that it gives anew. Nor does NumPy,
    if it is not loaded yet, ask for pages of 2 MB then (NUMPY_MADVISE_HUGEPAGE): a virtual machine may have given those
    back to its host, which takes seven times longer to give them again than the small ones that a process left behind.
    """
    os.environ.setdefault("NUMPY_MADVISE_HUGEPAGE", "0")
    with suppress(AttributeError, OSError):
        libc = ctypes.CDLL(None)
        libc.mallopt(_M_MMAP_THRESHOLD, _KEPT)
        libc.mallopt(_M_TRIM_THRESHOLD, 1 << 30)
        libc.mallopt(_M_TOP_PAD, LARGE)


def return_memory() -> None:
    """Let large arrays be given back to the system as soon as they are let go, not kept for the next one.

    GNU's allocator learns from the first large array that is freed to keep such memory (mallopt(3), M_MMAP_THRESHOLD),
    which for a first build, whose arrays are large and short-lived, would double what it holds. One after an edit makes
    far fewer of them, and would spend a tenth of its time on pages that the system clears. Others have no ``mallopt``.
    """
    global _returns  # noqa: PLW0603 - the allocator is one for the whole process, too
    _returns = True
    with suppress(AttributeError, OSError):
        libc = ctypes.CDLL(None)
        libc.mallopt(_M_MMAP_THRESHOLD, LARGE)
        libc.mallopt(_M_TRIM_THRESHOLD, LARGE)


def give_back() -> None:
    """Give back to the system what was let go in smaller pieces, between which others still stand.

    Nothing before ``return_memory``. GNU's allocator does so when it is asked to (malloc_trim(3)); after a phase of a
    large build that is a fifth of all.
    """
    if not _returns:
        return
    with suppress(AttributeError, OSError):
        ctypes.CDLL(None).malloc_trim(0)
