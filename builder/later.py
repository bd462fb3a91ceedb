"""What is left for the next build is written while this one goes on: checksums and the disk need no interpreter."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["Later"]


class Later:
    """Things to do that nobody waits for until the end, one after another.

    While they are done no process can be forked, so they are begun where none is about to be.
    """

    def __init__(self, *, threads: bool) -> None:
        """Begin with nothing.

        Args:
            threads: whether another thread may do it; else it is done when it is begun.
        """
        self._threads = threads
        self._things: list[Callable[[], None]] = []
        self._running: threading.Thread | None = None

    def add(self, thing: Callable[[], None]) -> None:
        """Note something to do, which raises nothing."""
        self._things.append(thing)

    def begin(self) -> None:
        """Begin to do what was noted."""
        self.wait()
        things, self._things = self._things, []

        def run() -> None:
            while things:
                things.pop(0)()  # what it holds is let go when it is done

        if not self._threads:
            run()
        elif things:
            self._running = threading.Thread(target=run, name="later")
            self._running.start()

    def wait(self) -> None:
        """Wait until all that was begun is done."""
        if self._running:
            self._running.join()
            self._running = None
