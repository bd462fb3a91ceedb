"""Progress and messages: on a terminal, in a pipe, or recorded for tests."""

from __future__ import annotations

import sys
from contextlib import contextmanager, nullcontext
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextlib import AbstractContextManager

__all__ = ["NullReporter", "RecordingReporter", "Reporter", "TerminalReporter"]


class Reporter(Protocol):
    """Is told what a build does."""

    def phase(self, name: str, total: int) -> AbstractContextManager[Callable[[int], None]]:
        """Context manager around a phase; gives a function that takes steps done."""
        ...

    def step(self, name: str, records: int = 0) -> AbstractContextManager[None]:
        """Context manager around a part of a build that ``--profile`` measures."""
        ...


class _Steps:
    """What most reporters do with the parts of a build: nothing."""

    def step(self, name: str, records: int = 0) -> AbstractContextManager[None]:  # noqa: ARG002 - the protocol's signature
        """A part of which nothing is kept."""
        return nullcontext()


class NullReporter(_Steps):
    """Says nothing."""

    @contextmanager
    def phase(self, name: str, total: int) -> Iterator[Callable[[int], None]]:  # noqa: ARG002 - the protocol's signature
        """A phase of which nothing is shown."""
        yield lambda _: None


class RecordingReporter(_Steps):
    """Keeps what it is told, for tests."""

    def __init__(self) -> None:
        self.events: list[tuple[str, int, int]] = []
        """Phase, steps expected, steps done."""

    @contextmanager
    def phase(self, name: str, total: int) -> Iterator[Callable[[int], None]]:
        """A phase whose steps are counted."""
        done = 0

        def step(count: int) -> None:
            nonlocal done
            done += count

        yield step
        self.events.append((name, total, done))


class TerminalReporter(_Steps):
    """Shows a bar for each phase on a terminal, and nothing in a pipe."""

    @contextmanager
    def phase(self, name: str, total: int) -> Iterator[Callable[[int], None]]:
        """A phase with a bar."""
        if not sys.stderr.isatty():
            yield lambda _: None
            return
        # Slow to load, and nothing to builds that nobody watches.
        from rich.console import Console  # noqa: PLC0415
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn  # noqa: PLC0415

        columns = (TextColumn("{task.description:<22}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
        # No refresh thread: worker processes are forked while the bar stands.
        with Progress(*columns, console=Console(stderr=True), transient=True, auto_refresh=False) as progress:
            task = progress.add_task(name, total=total)
            progress.refresh()

            def step(count: int) -> None:
                progress.advance(task, count)
                progress.refresh()

            yield step
