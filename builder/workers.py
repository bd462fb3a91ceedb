"""Run batch functions, here or in worker processes."""

from __future__ import annotations

import gc
import multiprocessing
import os
import signal
import sys
import threading
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from typing import TYPE_CHECKING, Self, TypeVar

from builder.problems import BuildError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from types import TracebackType

__all__ = ["Workers", "spare_collection"]

T = TypeVar("T")
R = TypeVar("R")


def _processors() -> int:
    """Processors that this process may use."""
    affinity = getattr(os, "sched_getaffinity", None)  # not on macOS
    return len(affinity(0)) if affinity else os.cpu_count() or 1


def spare_collection() -> None:
    """Let the collector of cycles look less often: a build makes millions of objects and hardly a cycle."""
    gc.set_threshold(100_000, 50, 100)


def _begin() -> None:
    """Prepare a worker: it leaves Ctrl+C to the main process, and ends when that does, however it ends."""
    spare_collection()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    """Wait for the main process to end, then end too, so that its lock is free."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


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
        if self._pool is None:
            return
        if error is not None:
            # A worker may be in the middle of a batch that nobody waits for any more.
            for process in list((self._pool._processes or {}).values()):  # noqa: SLF001 - kill_workers() is Python 3.14's
                process.kill()
        self._pool.shutdown(wait=error is None, cancel_futures=True)

    def _submit(self, function: Callable[[T], R], tasks: Sequence[T]) -> Iterator[R]:
        """Results from the pool, which is started if need be.

        Forked workers share the memory of the modules that are loaded already. An interrupt that
        came while they start would leave some that nobody knows of, so it waits.
        """
        blocked = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
        try:
            if self._pool is None:
                context = multiprocessing.get_context("fork" if sys.platform == "linux" else "spawn")
                self._pool = ProcessPoolExecutor(self.jobs, context, _begin)
            return self._pool.map(function, tasks)
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, blocked)

    def run(self, function: Callable[[T], R], tasks: Sequence[T], *, small: bool) -> Iterator[R]:
        """Results of a function over tasks, in the order of the tasks; workers begin at once.

        Args:
            function: takes and returns plain data.
            tasks: one call each.
            small: whether starting processes would cost more than it saves.
        """
        if self.jobs == 1 or small or len(tasks) < 2:  # noqa: PLR2004 - one task keeps one process busy
            return map(function, tasks)
        return _unbroken(self._submit(function, tasks))


def _unbroken(results: Iterator[R]) -> Iterator[R]:
    """The results of a pool, with words for a pool that broke."""
    try:
        yield from results
    except BrokenProcessPool as error:
        message = "a worker process was ended from outside, perhaps for lack of memory; try --jobs 1"
        raise BuildError(message) from error
