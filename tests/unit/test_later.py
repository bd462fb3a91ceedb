"""What is left for the next build is written beside this one, whole and in order."""

from __future__ import annotations

import subprocess
import sys
import threading
from functools import partial

import pytest

from builder.later import Later
from builder.workers import Workers


@pytest.mark.parametrize("threads", [False, True])
def test_things_are_done_in_order(*, threads: bool) -> None:
    """Things are done one after another, by another thread if there may be one, and nothing before it is begun."""
    later = Later(threads=threads)
    done: list[tuple[int, str]] = []

    def do(number: int) -> None:
        done.append((number, threading.current_thread().name))

    for number in range(3):
        later.add(partial(do, number))
    later.wait()
    assert done == []
    later.begin()
    later.add(partial(do, 3))
    later.wait()
    assert [number for number, _ in done] == [0, 1, 2]
    assert {name == "later" for _, name in done} == {threads}


def test_an_end_waits_for_what_was_begun() -> None:
    """A build ends when what it leaves for the next one is written."""
    go, done = threading.Event(), []
    with Workers(2) as workers:
        workers.later.add(lambda: done.append(go.wait(60)))
        workers.later.begin()
        assert done == []
        go.set()
    assert done == [True]


FORK = """
import os, threading, time
from builder.workers import Workers
with Workers(2) as workers:
    done = []
    workers.later.add(lambda: (time.sleep(.3), done.append(1)))
    workers.later.begin()
    other, known = workers.aside(lambda: (os.getpid(), list(done)))()
    assert other != os.getpid()
    assert known == [1]
"""


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere nothing is forked")
def test_a_process_is_forked_when_nothing_is_under_way() -> None:
    """A process aside is still one of its own, forked when what was begun is done: a fork copies no thread."""
    done = subprocess.run([sys.executable, "-c", FORK], capture_output=True, text=True, check=False, timeout=120)
    assert (done.returncode, done.stderr) == (0, "")
