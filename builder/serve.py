"""Serve a site while its records are edited: show what was saved at once, then build, and reload the browser.

A saved record's page is made from what the last build knew of the collection and shown before the build begins, which
then makes it, and all that the edit reaches, as any build does.
"""

from __future__ import annotations

import gc
import os
import signal
import socket
import threading
import time
from pathlib import Path
from queue import Empty, Queue
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

import click
from livereload import Server
from livereload import server as livereload_server
from livereload.watcher import Watcher
from tornado.escape import json_decode
from tornado.ioloop import IOLoop
from tornado.web import HTTPError
from watchfiles import watch

from builder.names import real
from builder.options import Options
from builder.pipeline import build
from builder.preview import Preview
from builder.problems import BuildError, Problem
from builder.reporter import TerminalReporter
from builder.surroundings import program
from builder.telling import print_problems, summary

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from types import FrameType

__all__ = ["WholeFile", "interrupted", "netloc", "serve"]

TO_FAIL = 0.5
"""Seconds in which a port that is taken is noticed."""
NOT_FOUND = 404
SETTLE = 50
"""Milliseconds without a change after which an editor is taken to have saved."""


class _Site:
    """Builds when asked to, and says what came of it."""

    def __init__(self, options: Options) -> None:
        self.options = options
        self.preview: Preview | None = None
        self._told: list[Problem] | None = None

    def rebuild(self) -> None:
        """Build; what keeps a build from going on is told, and the site stays as it was."""
        try:
            self.build()
        except BuildError as error:
            error.show()

    def build(self) -> None:
        """Build; problems of the source are told.

        Raises:
            BuildError: if the build cannot go on for another reason.
        """
        result = build(self.options, TerminalReporter())
        if result.site is not None:
            self.preview = Preview(result.site, real(self.options.out))
        done = result.published
        idle = done is not None and not (done.written or done.removed)
        # What the build itself has written asks for another, which finds the same: that is told once.
        if not idle or result.problems != self._told:
            print_problems(result.problems)
        self._told = result.problems
        click.echo(f"{time.strftime('%H:%M:%S')}  {summary(result)}")

    def show(self, paths: set[str]) -> bool:
        """Make the pages of saved records from what the last build knew; returns whether there is something to see."""
        preview = self.preview
        return preview is not None and sum([preview.show(Path(p)) for p in paths]) > 0


_HEAD = b"<meta charset=utf-8>"
_SCRIPT = b"<script defer src=/livereload.js></script>"


class _Served:
    """Which state of the site browsers were last sent."""

    def __init__(self) -> None:
        self.state = 0
        """Counts what browsers were asked to reload for."""
        self.sent: dict[str, int] = {}
        """The state when an address was asked for."""

    def stale(self, address: str) -> bool:
        """Whether what a browser shows may be older than the site is by now."""
        return self.sent.get(unquote(urlsplit(address).path), self.state) < self.state


_served = _Served()


class _Injector(livereload_server.LiveScriptInjector):  # type: ignore[misc]  # livereload has no types
    """Puts the script that reloads into pages, as a file: their policy forbids livereload's inline script."""

    def __init__(self, request: Any) -> None:
        super().__init__(request)
        _served.sent[unquote(request.path)] = _served.state

    def transform_first_chunk(
        self,
        status_code: int,
        headers: Any,
        chunk: bytes,
        finishing: bool,  # noqa: ARG002, FBT001 - tornado's signature
    ) -> tuple[int, Any, bytes]:
        """The beginning of an answer, with the script if it is a page."""
        if "html" in headers.get("Content-Type", "") and _HEAD in chunk:
            chunk = chunk.replace(_HEAD, _HEAD + _SCRIPT, 1)
            if "Content-Length" in headers:
                headers["Content-Length"] = str(int(headers["Content-Length"]) + len(_SCRIPT))
        return status_code, headers, chunk


class _Talk(livereload_server.LiveReloadHandler):  # type: ignore[misc]  # livereload has no types
    """What livereload and a browser say to each other: one that comes too late for a reload is told of it then."""

    def on_message(self, message: str) -> None:
        """Answer the browser."""
        super().on_message(message)
        said = json_decode(message)
        if said.get("command") == "info" and _served.stale(str(said.get("url", ""))):
            self.send_message({"command": "reload", "path": "*", "liveCSS": None, "liveImg": True})


class WholeFile(livereload_server.StaticFileHandler):  # type: ignore[misc]  # livereload has no types
    """Answers with a file as it is at one moment: a build may put another in its place after the look at its size.

    As on the servers that sites are published on, addresses answer without ``.html``, and what is not there with the
    site's own page, which the browser reloads too.
    """

    def validate_absolute_path(self, root: str, absolute_path: str) -> str | None:
        """The file to answer with; None for a folder, whose address must end in a slash."""
        page = f"{absolute_path}.html"
        if "\0" in absolute_path:
            raise HTTPError(NOT_FOUND)
        if not os.path.exists(absolute_path) and os.path.isfile(page):  # noqa: PTH110, PTH113 - these raise nothing
            absolute_path = page
        found: str | None = super().validate_absolute_path(root, absolute_path)
        return found

    def write_error(self, status_code: int, **more: Any) -> None:
        """Say what is wrong; of what is not there as the site does."""
        page = Path(self.root) / "404.html"
        if status_code != NOT_FOUND or not page.is_file():
            super().write_error(status_code, **more)
            return
        self.set_header("Content-Type", "text/html; charset=utf-8")
        self.finish(page.read_bytes())

    def compute_etag(self) -> None:
        """None: a browser asks anew for each page, and the server would look for its hash by the file's name."""

    def get_content_size(self) -> int:
        """Bytes of the file, which is read now."""
        self._data = Path(self.absolute_path).read_bytes()
        return len(self._data)

    def get_content(self, _path: str, start: int | None = None, end: int | None = None) -> bytes:
        """What was read, or a part of it."""
        return self._data[start:end]


class _Reloader(Watcher):  # type: ignore[misc]  # livereload has no types
    """Tells livereload what changed; its own watcher would look at every file again and again."""

    def __init__(self) -> None:
        super().__init__()
        self.watch("records", None)  # livereload wants to know of something that it looks at
        self._ask: Callable[[], None] = lambda: None

    def start(self, callback: Callable[[], None]) -> bool:
        """Remember how to reload; ``callback`` asks ``examine`` for the reason."""
        loop = IOLoop.current()
        self._ask = lambda: loop.add_callback(callback)
        return True

    def reload(self) -> None:
        """Reload the pages that browsers show, and those that are on their way."""
        _served.state += 1
        self._ask()

    def examine(self) -> tuple[str, None]:
        """The reason to reload, which need not wait."""
        return "__livereload__", None


def _serve(reloader: _Reloader, options: Options, host: str, port: int, faults: Queue[OSError]) -> None:
    """Answer browsers, in a thread: a build must not keep them waiting."""
    livereload_server.LiveScriptInjector = _Injector  # which the server looks up by name, like the next
    livereload_server.StaticFileHandler = WholeFile
    livereload_server.LiveReloadHandler = _Talk
    try:
        Server(watcher=reloader).serve(port=port, host=host, root=str(options.out), open_url_delay=None)
    except OSError as error:
        faults.put(error)


def _taken(host: str, port: int, error: OSError) -> BuildError:
    """What to say where nobody can listen."""
    return BuildError(f"cannot listen on {netloc(host, port)}: {error.strerror}; choose another with --port")


def _refuse_taken(host: str, port: int) -> None:
    """Raise BuildError where a port is taken, before a build puts other pages where whoever has it serves them."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind, protocol) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # as the server does
            probe.bind(address)
            probe.listen(1)
    except OSError as error:
        raise _taken(host, port, error) from error


def serve(options: Options, host: str, port: int) -> None:
    """Serve until interrupted.

    Raises:
        BuildError: if there can be no site, or the port is taken.
    """
    _refuse_taken(host, port)
    site, stop = _Site(options), interrupted()
    watched = _changes(options, stop)
    if next(watched, None) is None:  # from here on nothing that is saved goes unnoticed, however long the build takes
        return
    site.build()
    reloader, faults = _Reloader(), Queue[OSError]()
    threading.Thread(target=_serve, args=(reloader, options, host, port, faults), daemon=True).start()
    try:
        error = faults.get(timeout=TO_FAIL)
    except Empty:
        click.echo(f"Serving at http://{netloc(host, port)}/ (Ctrl+C ends it)")
    else:
        raise _taken(host, port, error) from error
    for changes in filter(None, watched):
        if site.show(changes):
            reloader.reload()
        site.rebuild()
        reloader.reload()
        gc.collect()  # the site before, which holds itself, would stay until many more are made


def netloc(host: str, port: int) -> str:
    """A host and a port as addresses write them."""
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def interrupted() -> threading.Event:
    """An event that Ctrl+C sets besides interrupting, so that code that swallows the interrupt cannot keep us going."""
    stop = threading.Event()

    def end(_number: int, _frame: FrameType | None) -> None:
        stop.set()
        raise KeyboardInterrupt

    if threading.current_thread() is threading.main_thread():
        signal.signal(signal.SIGINT, end)
    return stop


def _changes(options: Options, stop: threading.Event) -> Iterator[set[str]]:
    """The paths of what was saved, each time that some were; none first, once all of it is watched, and now and then.

    A folder is watched, not its name: where another takes its place, that one is watched, as all of it may differ.
    """
    replaced: set[str] = set()
    while not stop.is_set():
        paths = list(_watched(options))
        own = _identities(paths)
        for changes in watch(
            *paths, debounce=4 * SETTLE, step=SETTLE, rust_timeout=4 * SETTLE, yield_on_timeout=True,
            stop_event=stop, raise_interrupt=False,
        ):  # fmt: skip
            yield replaced.union(path for _, path in changes)
            replaced = set()
            if not changes and (now := _identities(paths)) != own and None not in now:
                replaced = set(paths)
                break


def _identities(paths: Iterable[str]) -> list[tuple[int, int] | None]:
    """What tells folders from others of their names; None for what is not there."""
    found: list[tuple[int, int] | None] = []
    for path in paths:
        try:
            status = Path(path).stat()
        except OSError:
            found.append(None)
        else:
            found.append((status.st_dev, status.st_ino))
    return found


def _watched(options: Options) -> Iterator[str]:
    """What a change of which asks for a build: the source, and the templates; what is not there the build tells of."""
    yield from (str(p) for p in (options.source, program().templates, program().dist) if p.exists())
