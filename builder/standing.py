"""What became of the output folder since the build before, found out while the records are looked at."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from builder.read.settings import Settings
from builder.state import State
from builder.write.output import RUN, Standing, compare_outputs

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from builder.workers import Workers

PATIENCE = 15
"""Where something changed nobody asks for it before pages are written."""

__all__ = ["begin_look", "look_at_outputs"]


def look_at_outputs(cache: Path, out: Path, owner: int) -> Standing:
    """How an output folder differs from what the build before left; names that every site keeps are passed over.

    Args:
        cache: the cache folder.
        out: the output folder.
        owner: ``RUN`` of the process whose build it is.
    """
    with State(cache) as state:
        return compare_outputs(out, Settings().keep_files, state.outputs(str(out)), owner)


def begin_look(state: State, cache: Path, out: Path, workers: Workers) -> Callable[[], Standing]:
    """Begin to look at an output folder; gives a function that waits for what is found.

    Args:
        state: what the build before left to know.
        cache: the cache folder.
        out: the output folder.
        workers: look at folders of many files.
    """
    if not state.many_outputs(str(out)):
        return lambda: compare_outputs(out, Settings().keep_files, state.outputs(str(out)))
    return workers.aside(partial(look_at_outputs, cache, out, RUN), patience=PATIENCE)
