"""A command measured as a whole process tree: seconds, processor seconds, peak memory; and what it wrote."""

from __future__ import annotations

import os
import subprocess
import threading
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import psutil

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

__all__ = ["FileState", "Measured", "Written", "measure", "snapshot", "written"]

_INTERVAL = 0.1  # seconds between two looks at the memory
_SHARE = 40  # reading PSS takes milliseconds a process, in which it stands still: wait this many times longer


@dataclass(frozen=True, slots=True)
class Measured:
    """What one run of a command took."""

    wall: float
    """Seconds from start to end."""
    cpu: float
    """User and system seconds of the process and of all descendants that it waited for."""
    peak: int
    """Most bytes that the whole tree held at one look."""
    memory: str
    """What peak counts: PSS (shared pages are divided among their users) or RSS (they count each time)."""
    code: int
    """Exit code."""
    output: str
    """Standard output and error."""


class FileState(NamedTuple):
    """What tells whether a file was written again."""

    inode: int
    mtime: int
    size: int


class Written(NamedTuple):
    """What one run changed in a folder."""

    files: int
    """Files that are new or were written again."""
    size: int
    """Bytes of those."""
    removed: int
    """Files that are gone."""
    total_files: int
    total_size: int


class _Sampler(threading.Thread):
    """Looks at the memory of a process tree again and again until it is told to stop."""

    def __init__(self, pid: int) -> None:
        super().__init__(daemon=True)
        self.pid = pid
        self.peak = 0
        self.memory = "PSS"
        self._stop_now = threading.Event()

    def run(self) -> None:
        """Keep the largest sum over the tree."""
        while not self._stop_now.is_set():
            start = time.perf_counter()
            self.peak = max(self.peak, self._tree())
            self._stop_now.wait(max(_INTERVAL, _SHARE * (time.perf_counter() - start)))

    def finish(self) -> None:
        """Stop looking."""
        self._stop_now.set()
        self.join()

    def _tree(self) -> int:
        """Return the bytes that the process and its descendants hold now."""
        try:
            root = psutil.Process(self.pid)
            processes = [root, *root.children(recursive=True)]
        except psutil.Error:
            return 0
        return sum(self._one(process) for process in processes)

    def _one(self, process: psutil.Process) -> int:
        """Return the bytes of one process, by PSS where the system tells it."""
        try:
            if self.memory == "PSS":
                pss = getattr(process.memory_full_info(), "pss", None)
                if pss is not None:
                    return int(pss)
                self.memory = "RSS"
            return int(process.memory_info().rss)
        except psutil.AccessDenied:
            self.memory = "RSS"
            return 0
        except psutil.Error:  # it has just ended
            return 0


def measure(command: Sequence[str], *, cwd: Path | None = None, env: Mapping[str, str] | None = None) -> Measured:
    """Run a command to its end and return what its process tree took.

    Args:
        command: program and arguments.
        cwd: the folder to run it in.
        env: variables to set beside those of this process.
    """
    start = time.perf_counter()
    process = subprocess.Popen(
        list(command),
        cwd=cwd,
        env={**os.environ, **(env or {})},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    sampler = _Sampler(process.pid)
    sampler.start()
    assert process.stdout is not None  # noqa: S101 - a pipe was asked for
    with process.stdout as pipe:
        output = pipe.read()
    # wait4 gives the usage of this child with its own children alone, getrusage would add all earlier ones.
    _, status, usage = os.wait4(process.pid, 0)
    wall = time.perf_counter() - start
    sampler.finish()
    process.returncode = os.waitstatus_to_exitcode(status)
    return Measured(wall, usage.ru_utime + usage.ru_stime, sampler.peak, sampler.memory, process.returncode, output)


def snapshot(folder: Path) -> dict[str, FileState]:
    """Return the state of every file below a folder; empty when there is no such folder."""
    found: dict[str, FileState] = {}
    for place, _, names in os.walk(folder):
        for name in names:
            path = os.path.join(place, name)  # noqa: PTH118 - ten thousand Path objects would take longer
            state = os.stat(path, follow_symlinks=False)  # noqa: PTH116
            found[path] = FileState(state.st_ino, state.st_mtime_ns, state.st_size)
    return found


def written(before: Mapping[str, FileState], after: Mapping[str, FileState]) -> Written:
    """Return what was written between two states of a folder."""
    fresh = [state.size for path, state in after.items() if before.get(path) != state]
    return Written(
        files=len(fresh),
        size=sum(fresh),
        removed=len(before.keys() - after.keys()),
        total_files=len(after),
        total_size=sum(state.size for state in after.values()),
    )
