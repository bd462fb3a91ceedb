"""Run batch functions, here or in worker processes."""

from __future__ import annotations

import multiprocessing
import os
import sys
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from typing import TYPE_CHECKING, Self, TypeVar

from builder.problems import BuildError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from types import TracebackType

__all__ = ["Workers"]

T = TypeVar("T")
R = TypeVar("R")


def _processors() -> int:
    """Processors that this process may use."""
    affinity = getattr(os, "sched_getaffinity", None)  # not on macOS
    return len(affinity(0)) if affinity else os.cpu_count() or 1


class Workers:
    """Worker processes that start when there is enough to do, and serve all phases of a build.

    A batch function takes and returns plain data, so any ``Executor`` could run it.
    """

    def __init__(self, jobs: int | None = None) -> None:
        self.jobs = jobs or _processors()
        self._pool: ProcessPoolExecutor | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._pool is not None:
            self._pool.shutdown(wait=True, cancel_futures=True)

    def _started(self) -> ProcessPoolExecutor:
        """The pool. Forked workers share the memory of the modules that are loaded already."""
        if self._pool is None:
            method = "fork" if sys.platform == "linux" else "spawn"
            self._pool = ProcessPoolExecutor(self.jobs, multiprocessing.get_context(method))
        return self._pool

    def run(self, function: Callable[[T], R], tasks: Sequence[T], *, small: bool) -> Iterator[R]:
        """Results of a function over tasks, in the order of the tasks.

        Args:
            function: takes and returns plain data.
            tasks: one call each.
            small: whether starting processes would cost more than it saves.
        """
        if self.jobs == 1 or small or len(tasks) < 2:  # noqa: PLR2004 - one task keeps one process busy
            yield from map(function, tasks)
            return
        try:
            yield from self._started().map(function, tasks)
        except BrokenProcessPool as error:
            message = "a worker process was ended from outside, perhaps for lack of memory; try --jobs 1"
            raise BuildError(message) from error
