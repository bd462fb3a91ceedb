"""Work for other processes: results in the order of the tasks, tasks made when they are needed, faults told."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from concurrent.futures import Executor, Future
from concurrent.futures.process import BrokenProcessPool
from typing import TYPE_CHECKING, Any

import pytest

from builder.problems import BuildError
from builder.workers import AHEAD, Workers

if TYPE_CHECKING:
    from collections.abc import Iterator

JOBS = 2


def double(number: int) -> int:
    """Return twice a number."""
    return 2 * number


def linger(number: int) -> int:
    """Return the number after a while."""
    time.sleep(0.3)
    return number


def fail_at_three(number: int) -> int:
    """Return the number, but for three."""
    if number == 3:
        message = "three"
        raise BuildError(message)
    return number


def end(_: int) -> int:
    """End the worker from outside."""
    os.kill(os.getpid(), signal.SIGKILL)
    return 0


@pytest.mark.parametrize("count", [0, 1, 2, 7, 100])
@pytest.mark.parametrize("small", [True, False])
def test_results_are_in_order(count: int, *, small: bool) -> None:
    """Each task has its result, in the order of the tasks, whoever worked on it."""
    with Workers(JOBS) as workers:
        assert list(workers.run(double, range(1, count + 1), small=small)) == [2 * n for n in range(1, count + 1)]


def test_few_tasks_are_made_ahead() -> None:
    """Tasks that nobody works on yet are not made, but for a few."""
    made: list[int] = []

    def tasks() -> Iterator[int]:
        for n in range(1, 21):
            made.append(n)
            yield n

    with Workers(JOBS) as workers:
        results = workers.run(linger, tasks(), small=False)
        assert len(made) <= (AHEAD + 1) * JOBS
        assert list(results) == list(range(1, 21))
    assert len(made) == 20


def test_faults_are_told() -> None:
    """What a worker raises, or what makes the tasks, is raised where results are waited for."""

    def tasks() -> Iterator[int]:
        yield 1
        message = "no more"
        raise BuildError(message)

    with pytest.raises(BuildError, match="three"), Workers(JOBS) as workers:
        list(workers.run(fail_at_three, range(1, 50), small=False))
    with pytest.raises(BuildError, match="no more"), Workers(JOBS) as workers:
        list(workers.run(double, tasks(), small=False))
    with pytest.raises(BuildError, match="ended from outside"), Workers(JOBS) as workers:
        list(workers.run(end, range(1, 50), small=False))


def test_worker_that_is_gone_already() -> None:
    """What is begun when the pool knows that a worker was ended is told in the same words."""
    with Workers(JOBS) as workers:
        for work in (end, double):
            with pytest.raises(BuildError, match="ended from outside"):
                list(workers.run(work, range(1, 50), small=False))
        if workers.forks():
            with pytest.raises(BuildError, match="ended from outside"):
                workers.start()


class Losing(Executor):
    """A pool that loses its workers when it is given its second or a later task, and tells so as Python 3.12.1 does.

    That is with the lock held which it needs when it is given a task.
    """

    at = 2
    """The task at which they are lost."""

    def __init__(self, *_: Any) -> None:
        self._lock = threading.Lock()
        self._processes: dict[int, Any] = {}
        self._given: list[Future[Any]] = []
        self._holding = threading.Event()

    def _lose(self) -> None:
        """Lose the workers, and tell of each task that was given."""
        with self._lock:
            self._holding.set()
            for future in self._given:
                future.set_exception(BrokenProcessPool("gone"))

    def submit(self, *_: Any, **__: Any) -> Future[Any]:
        """Take a task that nobody will work on."""
        if len(self._given) == self.at - 1 and not self._holding.is_set():
            threading.Thread(target=self._lose, daemon=True).start()
            self._holding.wait()
        with self._lock:
            if self._holding.is_set():
                raise BrokenProcessPool("gone")
            self._given.append(Future())
            return self._given[-1]


@pytest.mark.parametrize("at", [2, 5, AHEAD * JOBS])
def test_pool_that_calls_back_with_its_lock_held(monkeypatch: pytest.MonkeyPatch, at: int) -> None:
    """Nobody waits for a lock for ever where a worker is ended while tasks are handed over: it is told."""
    monkeypatch.setattr("builder.workers.ProcessPoolExecutor", Losing)
    monkeypatch.setattr(Losing, "at", at)
    told: list[str] = []

    def work() -> None:
        with Workers(JOBS) as workers:
            for count in (at, 50):  # the first may be handed over whole
                with pytest.raises(BuildError) as found:
                    list(workers.run(double, range(1, count + 1), small=False))
                told.append(str(found.value))

    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    thread.join(20)
    assert not thread.is_alive()
    assert len(told) == 2
    assert all("ended from outside" in message for message in told)


def test_streams_side_by_side() -> None:
    """Several streams of work share the workers, and each gives its own results."""
    with Workers(JOBS) as workers:
        streams = [workers.run(double, range(k, k + 20), small=False) for k in (1, 100)]
        assert [list(s) for s in streams] == [[2 * n for n in range(k, k + 20)] for k in (1, 100)]


def test_work_aside() -> None:
    """Work aside knows what this process knows, and hands back what comes of it or what it raised."""
    known = {"figures": 3}

    def fail() -> int:
        message = "no index"
        raise BuildError(message)

    for jobs in (1, JOBS):
        with Workers(jobs) as workers:
            waiting, failing = workers.aside(lambda: known["figures"] * 2), workers.aside(fail)
            for _ in range(2):  # who waits again is told the same
                assert waiting() == 6
                with pytest.raises(BuildError, match="no index"):
                    failing()


LARGE = """
import os, signal, sys
from builder.problems import BuildError
from builder.workers import Workers

def end(data: bytes) -> int:
    os.kill(os.getpid(), signal.SIGKILL)
    return len(data)

if __name__ == "__main__":
    try:
        with Workers(2) as workers:
            results = workers.run(end, (bytes(1 << 22) for _ in range(20)), small=False)
            if sys.argv[1] == "wait":
                list(results)
    except BuildError as error:
        print(error)
"""


ENDED = "a worker process was ended from outside, perhaps for lack of memory; try --jobs 1"


@pytest.mark.parametrize(("what", "told"), [("wait", ENDED), ("leave", "")])
def test_worker_that_goes_while_it_is_sent_a_large_task(what: str, told: str) -> None:
    """A pipe that nobody empties any more holds up nobody, not even where no result is waited for."""
    for _ in range(3):
        command = [sys.executable, "-c", LARGE, what]
        done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60)
        assert done.stdout.strip() == told
        assert not done.stderr


HALF = """
import os, struct, sys, time
from builder.workers import Workers

def send_half(place: int) -> None:
    os.write(workers._pool._result_queue._writer.fileno(), struct.pack("!i", 1000) + b"half")
    os.write(place, b"1")
    time.sleep(600)

told, place = os.pipe()
with Workers(2) as workers:
    workers.run(send_half, [place], small=False)
    os.read(told, 1)
    raise KeyboardInterrupt
"""


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere nothing is forked")
def test_build_that_ends_while_a_worker_sends_a_result() -> None:
    """Of a result half of which was sent no more comes, and nobody waits for it."""
    done = subprocess.run([sys.executable, "-c", HALF], capture_output=True, text=True, check=False, timeout=60)
    assert done.stderr.splitlines()[-1:] == ["KeyboardInterrupt"]


ASIDE = """
import multiprocessing, os, signal, threading, time
from builder.problems import BuildError
from builder.workers import Workers
with Workers(2) as workers:
    assert workers.forks()
    assert workers.aside(os.getpid)() != os.getpid()
    workers.start()  # its threads are no hindrance
    assert workers.forks()
    assert workers.aside(os.getpid)() != os.getpid()
    try:
        workers.aside(lambda: os.kill(os.getpid(), signal.SIGKILL))()
    except BuildError as error:
        assert "ended from outside" in str(error)
    else:
        raise AssertionError
    workers.aside(lambda: time.sleep(600))
    waiting = multiprocessing.active_children()
    began = time.monotonic()
assert not any(process.is_alive() for process in waiting)
assert time.monotonic() - began < 60
threading.Thread(target=time.sleep, args=(2,)).start()
with Workers(2) as workers:
    assert not workers.forks()
    assert workers.aside(os.getpid)() == os.getpid()
"""


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere nothing is forked")
def test_processes_aside() -> None:
    """A process aside is one of its own where no other thread runs; its end is told of, and none outlives the build."""
    done = subprocess.run([sys.executable, "-c", ASIDE], capture_output=True, text=True, check=False, timeout=120)
    assert (done.returncode, done.stderr) == (0, "")
