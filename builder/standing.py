"""What became of the output folder since the build before, found out while the records are looked at."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from builder.read.settings import Settings
from builder.state import State
from builder.write.output import Standing, compare_outputs

if TYPE_CHECKING:
    from collections.abc import Callable

    from builder.workers import Workers

__all__ = ["LookTask", "begin_look", "look_at_outputs"]


class LookTask(msgspec.Struct, frozen=True):
    """An output folder to look at; plain data."""

    cache: str
    out: str


def look_at_outputs(task: LookTask) -> Standing:
    """How an output folder differs from what the build before left; names that every site keeps are passed over."""
    with State(Path(task.cache)) as state:
        return compare_outputs(Path(task.out), Settings().keep_files, state.outputs(task.out))


def begin_look(state: State, cache: Path, out: Path, workers: Workers) -> Callable[[], Standing]:
    """Begin to look at an output folder; gives a function that waits for what is found.

    Args:
        state: what the build before left to know.
        cache: the cache folder.
        out: the output folder.
        workers: look at folders of many files.
    """
    # Where threads run, as in `serve`, forking is best left to builds that need it.
    if workers.jobs == 1 or threading.active_count() > 1 or not state.many_outputs(str(out)):
        return lambda: compare_outputs(out, Settings().keep_files, state.outputs(str(out)))
    # A task alone would be done here.
    return workers.alone(look_at_outputs, LookTask(str(cache), str(out)))
