"""A static web server for a built site, which answers as GitHub Pages does, under a sub-path too."""

from __future__ import annotations

import mimetypes
import os
import shutil
import socket
import threading
from contextlib import contextmanager
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["find_program", "free_port", "serve"]

_TEXT = {
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".mjs": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".json": "application/json",
    ".svg": "image/svg+xml",
    ".xml": "application/xml",
    ".tsv": "text/tab-separated-values; charset=utf-8",
    ".txt": "text/plain; charset=utf-8",
}


def free_port() -> int:
    """Return a port on which nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def find_program(*names: str) -> str | None:
    """Return the path of the first of some servers that this machine has; Debian keeps them off a user's path."""
    path = os.pathsep.join([os.environ.get("PATH", ""), "/usr/sbin", "/usr/local/sbin"])
    return next(filter(None, (shutil.which(name, path=path) for name in names)), None)


class _Site(ThreadingHTTPServer):
    """A server that knows the folder and the path of the site that it serves."""

    daemon_threads = True

    def __init__(self, root: Path, base: str) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.root = root.resolve()
        self.base = base

    def find(self, address: str) -> tuple[Path | None, str]:
        """Return the file behind an address, and the address to go to instead when it lacks its last slash."""
        path = unquote(urlsplit(address).path)
        if path + "/" == self.base:
            return None, self.base
        inner = path.removeprefix(self.base) if path.startswith(self.base) else ".."
        if ".." in PurePosixPath(inner).parts:
            return None, ""
        place = self.root / inner
        if place.is_dir():
            if inner and not inner.endswith("/"):
                return None, urlsplit(address).path + "/"
            place /= "index.html"
        elif not place.is_file():
            # GitHub Pages finds page.html when page is asked for: old addresses without .html work by that.
            place = place.with_name(place.name + ".html")
        return (place, "") if place.is_file() else (None, "")


class _Handler(BaseHTTPRequestHandler):
    """Answers GET, HEAD and byte ranges."""

    protocol_version = "HTTP/1.1"
    server: _Site

    def do_GET(self) -> None:
        """Answer with a file, a redirect to the folder's address, or the site's page for what is missing."""
        place, moved = self.server.find(self.path)
        if moved:
            self._answer(HTTPStatus.MOVED_PERMANENTLY, b"", {"Location": moved})
        elif place is None:
            page = self.server.root / "404.html"
            body = page.read_bytes() if page.is_file() else b"not found"
            self._answer(HTTPStatus.NOT_FOUND, body, {"Content-Type": _TEXT[".html"]})
        else:
            self._file(place)

    def do_HEAD(self) -> None:
        """Answer as to GET, without the body."""
        self.do_GET()

    def _file(self, place: Path) -> None:
        """Answer with a file, or the part of it that a range names."""
        body, headers = place.read_bytes(), {"Content-Type": _content_type(place), "Accept-Ranges": "bytes"}
        start, _, end = self.headers.get("Range", "").removeprefix("bytes=").partition("-")
        if not start.isdigit():
            self._answer(HTTPStatus.OK, body, headers)
            return
        first, last = int(start), min(int(end) if end.isdigit() else len(body) - 1, len(body) - 1)
        if first > last:
            self._answer(HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE, b"", {"Content-Range": f"bytes */{len(body)}"})
            return
        headers["Content-Range"] = f"bytes {first}-{last}/{len(body)}"
        self._answer(HTTPStatus.PARTIAL_CONTENT, body[first : last + 1], headers)

    def _answer(self, status: HTTPStatus, body: bytes, headers: dict[str, str]) -> None:
        """Send status, headers and body; a browser that has gone away is no error."""
        try:
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(body)
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - named by the base
        """Stay quiet: the output of tests is for their failures."""


def _content_type(place: Path) -> str:
    """Return the media type of a file by its name."""
    known = _TEXT.get(place.suffix.lower())
    return known or mimetypes.guess_type(place.name)[0] or "application/octet-stream"


@contextmanager
def serve(root: Path, path: str = "/") -> Iterator[str]:
    """Serve a built site on a free port of 127.0.0.1 and yield its address, which ends in a slash.

    Args:
        root: the folder that the site was built into.
        path: the path that it is published under, such as ``/pfocr/``.
    """
    base = f"/{path.strip('/')}/" if path.strip("/") else "/"
    site = _Site(root, base)
    thread = threading.Thread(target=site.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{site.server_port}{base}"
    finally:
        site.shutdown()
        site.server_close()
        thread.join()
