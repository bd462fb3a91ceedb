"""Where the time and the memory of a build go: a table of its phases, for ``build --profile``."""

from __future__ import annotations

import multiprocessing
import os
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from builder.reporter import TerminalReporter

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["Phase", "ProfilingReporter", "profile_table"]

PROC = Path("/proc")


class Phase(NamedTuple):
    """A phase of a build."""

    name: str
    wall: float
    """Seconds."""
    cpu: float
    """Processor seconds of the command and its workers."""
    memory: int
    """Bytes that all processes hold at its end (PSS: shared pages count once); 0 where the system does not tell."""
    records: int
    """Records, pages or files that it went through; 0 where nothing is counted."""


def _worker_seconds(pid: int) -> float:
    """Processor seconds of a worker; 0 where the system does not tell."""
    try:
        fields = (PROC / str(pid) / "stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _memory(pid: int) -> int:
    """Bytes of a process, shared pages divided among their users; 0 where the system does not tell."""
    try:
        lines = (PROC / str(pid) / "smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) * 1024 for line in lines if line.startswith("Pss:")), 0)


def _seconds() -> float:
    """Processor seconds of this process and its workers until now."""
    # First those that run: asking for them makes those that ended count among the children below.
    workers = sum(_worker_seconds(p.pid or 0) for p in multiprocessing.active_children())
    times = os.times()
    return times.user + times.system + times.children_user + times.children_system + workers


class ProfilingReporter(TerminalReporter):
    """Shows progress as others do, and keeps what each phase took."""

    def __init__(self) -> None:
        self.phases: list[Phase] = []
        self._began = time.perf_counter(), _seconds()

    @contextmanager
    def step(self, name: str, records: int = 0) -> Iterator[None]:
        """A phase that is measured."""
        self._note("between", 0)
        yield
        self._note(name, records)

    def _note(self, name: str, records: int) -> None:
        """Keep what has passed since the last note."""
        now = time.perf_counter(), _seconds()
        wall, cpu = now[0] - self._began[0], now[1] - self._began[1]
        pids = [os.getpid(), *(p.pid or 0 for p in multiprocessing.active_children())]
        self.phases.append(Phase(name, wall, cpu, sum(map(_memory, pids)), records))
        self._began = time.perf_counter(), _seconds()


def profile_table(phases: list[Phase]) -> list[str]:
    """The lines of the table; what passed between phases is one line."""
    between = [p for p in phases if p.name == "between"]
    rest = Phase("between phases", sum(p.wall for p in between), sum(p.cpu for p in between), 0, 0)
    rows = [p for p in phases if p.name != "between"] + [rest]
    total = Phase("total", sum(p.wall for p in rows), sum(p.cpu for p in rows), 0, 0)
    lines = [f"{'phase':<26} {'wall s':>8} {'CPU s':>8} {'MB':>8} {'a second':>10}"]
    for p in [*rows, total]:
        memory = f"{p.memory / 1e6:,.0f}" if p.memory else ""
        speed = f"{p.records / p.wall:,.0f}" if p.records and p.wall else ""
        lines.append(f"{p.name:<26} {p.wall:>8.2f} {p.cpu:>8.2f} {memory:>8} {speed:>10}")
    return lines
