"""Run batch functions, here or in worker processes."""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
import threading
import warnings
from collections import deque
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager, suppress
from functools import partial
from typing import TYPE_CHECKING, Any, Generic, Self, TypeVar, cast

from builder.later import Later
from builder.memory import no_collection, spare_collection
from builder.problems import BuildError
from builder.state import let_go

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from multiprocessing.connection import Connection
    from multiprocessing.process import BaseProcess
    from types import TracebackType

__all__ = ["Workers"]

T = TypeVar("T")
R = TypeVar("R")
_ENDED = "a worker process was ended from outside, perhaps for lack of memory; try --jobs 1"
AHEAD = 3
"""Tasks that are made ahead for each worker."""


def _processors() -> int:
    """Processors that this process may use."""
    affinity = getattr(os, "sched_getaffinity", None)  # not on macOS
    return len(affinity(0)) if affinity else os.cpu_count() or 1


@contextmanager
def _uninterrupted() -> Iterator[None]:
    """Let an interrupt wait: one that came while processes start would leave some that nobody knows of."""
    blocked = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, blocked)


@contextmanager
def _ended_is_told() -> Iterator[None]:
    """Turns what a pool says of a worker that is gone into words."""
    try:
        yield
    except BrokenProcessPool as error:
        raise BuildError(_ENDED) from error


def _begin() -> None:
    """Prepare a worker: it leaves Ctrl+C to the main process, and ends when that does, however it ends."""
    spare_collection()
    let_go()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _work_aside(function: Callable[[], R], writing: Connection, patience: int) -> None:
    """In a process of its own: send what comes of a function, and what it raised."""
    _begin()
    no_collection()
    if patience:
        os.nice(patience)
    try:
        sent: tuple[R | None, BaseException | None] = function(), None
    except Exception as error:  # noqa: BLE001 - it is raised where the result is waited for
        sent = None, error
    writing.send(sent)


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
        self._asides: list[BaseProcess] = []
        self.later = Later(threads=self.jobs > 1)
        """Does what nobody waits for; it is done before a process is forked, and at the end."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.later.wait()
        for process in self._asides:
            process.kill()  # it is done, or nobody waits for it any more
            process.join()
        if self._pool is None:
            return
        if error is not None:
            # A worker may be in the middle of a batch that nobody waits for any more.
            for worker in list((self._pool._processes or {}).values()):  # noqa: SLF001 - kill_workers() is Python 3.14's
                worker.kill()
            _end_results(self._pool)
        # Waiting also keeps the end of the interpreter from waking a thread that is about to close what it is woken by.
        self._pool.shutdown(wait=True, cancel_futures=True)

    def _executor(self) -> ProcessPoolExecutor:
        """The pool, which is started if need be.

        Forked workers share the memory of the modules that are loaded already.
        """
        if self._pool is None:
            self.later.wait()
            alone = sys.platform == "linux" and threading.active_count() == 1  # a fork copies no other thread
            context = multiprocessing.get_context("fork" if alone else "spawn")
            self._pool = ProcessPoolExecutor(self.jobs, context, _begin)
        return self._pool

    @property
    def started(self) -> bool:
        """Whether worker processes are running."""
        return self._pool is not None

    def start(self) -> None:
        """Start the worker processes now, while this one is small: they hold what it holds, even once it lets go."""
        if self.forks():  # where they cannot be forked they are not small, and perhaps not needed
            with _uninterrupted(), _ended_is_told():
                self._executor().submit(int)

    def forks(self) -> bool:
        """Whether a process of its own may be forked just now: a fork copies no thread, nor lets go what one holds.

        The threads of an idle pool wait, and hold nothing that the forked process asks for.
        """
        own = {"_ExecutorManagerThread", "QueueFeederThread"}
        others = [t for t in threading.enumerate() if not own & {type(t).__name__, t.name}]
        return self.jobs > 1 and sys.platform == "linux" and len(others) == 1

    def aside(self, function: Callable[[], R], *, patience: int = 0) -> Callable[[], R]:
        """Begin something in a process of its own; gives a function that waits for what comes of it.

        The process knows all that this one knows now, at no cost. Where none can be forked, as other threads run or the
        system is none that forks well, or with a single job, the function itself is given, to be called when it is due.

        Args:
            function: its result, or what it raises, is what another process can be sent.
            patience: how much less it is in a hurry than others, for whose results all wait; as ``nice`` counts.
        """
        self.later.wait()
        if not self.forks():
            return function
        context = multiprocessing.get_context("fork")
        reading, writing = context.Pipe(duplex=False)
        own = partial(_work_aside, function, writing, patience)
        process = context.Process(target=own, daemon=True)
        with _uninterrupted(), warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)  # Python 3.12's, of any thread
            process.start()
            self._asides.append(process)
        writing.close()

        said: list[tuple[R | None, BaseException | None]] = []  # it is sent once, and may be asked for again

        def wait() -> R:
            if not said:
                try:
                    said.append(reading.recv())
                except EOFError as error:
                    raise BuildError(_ENDED) from error
                process.join()
            result, fault = said[0]
            if fault is not None:
                raise fault
            return cast("R", result)

        return wait

    def run(self, function: Callable[[T], R], tasks: Iterable[T], *, small: bool) -> Iterator[R]:
        """Results of a function over tasks, in the order of the tasks; workers begin at once.

        Args:
            function: takes and returns plain data.
            tasks: one call each; made when a worker is about to need them, perhaps by another thread.
            small: whether starting processes would cost more than it saves.
        """
        if self.jobs == 1 or small:
            return map(function, tasks)
        return iter(_Stream(self._executor(), function, iter(tasks), AHEAD * self.jobs))


def _end_results(pool: ProcessPoolExecutor) -> None:
    """Let the thread that reads what workers send see that no more comes, where one was ended in the midst of it.

    It waits for the rest as long as somebody can write, and this process itself still could.
    """
    queue: Any = getattr(pool, "_result_queue", None)
    with suppress(OSError):
        if queue is not None and not queue._writer.closed:  # noqa: SLF001 - nobody writes here
            queue._writer.close()  # noqa: SLF001 - likewise


def _unblock(pool: ProcessPoolExecutor) -> None:
    """End the thread that hands tasks to workers of which one is gone, as all of them soon will be.

    Before Python 3.12.1 it waits for ever where it was in the midst of a large task, and so does whoever ends the pool:
    this process itself could still read what it writes (https://github.com/python/cpython/issues/94777).
    """
    queue: Any = getattr(pool, "_call_queue", None)
    if queue is not None and not hasattr(queue, "_terminate_broken"):
        queue._reader.close()  # noqa: SLF001 - nobody reads here; what workers read is their own


class _Stream(Generic[T, R]):
    """Results of a pool over tasks of which few are made ahead, since all of them may fill the memory."""

    def __init__(self, pool: ProcessPoolExecutor, function: Callable[[T], R], tasks: Iterator[T], ahead: int) -> None:
        self._pool = pool
        self._function = function
        self._tasks = tasks
        self._futures: deque[Future[R]] = deque()
        self._making = threading.Lock()
        """Held while a task is made and handed over, so that they keep their order."""
        # Never held while the pool is called: it calls back with a lock of its own held once a worker is gone.
        self._changed = threading.Condition()
        self._running = 0
        self._fault: BaseException | None = None
        with _uninterrupted():
            for _ in range(ahead):
                self._submit()

    def _submit(self) -> None:
        """Hand the next task to the pool, if there is one."""
        with self._making:
            try:
                task = next(self._tasks, None)
                if task is None or self._fault is not None:
                    return
                with _ended_is_told():  # perhaps it ended while nobody waited for it
                    future = self._pool.submit(self._function, task)
            except BaseException as error:  # noqa: BLE001 - it is raised where results are waited for
                self._fault = error
                return
            with self._changed:
                self._futures.append(future)
                self._running += 1
        future.add_done_callback(self._done)

    def _done(self, future: Future[R]) -> None:
        """A task is done: another takes its place, unless it failed. The pool's own thread calls this.

        Where a worker is gone that thread holds the lock that handing over a task needs (Python 3.12.1 and later).
        """
        if not future.cancelled():
            fault = future.exception()
            if fault is None:
                self._submit()
            elif isinstance(fault, BrokenProcessPool):
                _unblock(self._pool)
        with self._changed:
            self._running -= 1
            self._changed.notify()

    def __iter__(self) -> Iterator[R]:
        """The results in the order of the tasks."""
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._futures or not self._running)
                if not self._futures:
                    break
                future = self._futures.popleft()
            with _ended_is_told():
                result = future.result()
            yield result
        if self._fault is not None:
            raise self._fault
