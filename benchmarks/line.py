"""A built site at the end of a long line: nginx over HTTP/2, and a proxy that delays and paces what passes."""

from __future__ import annotations

import asyncio
import getpass
import grp
import multiprocessing
import os
import socket
import subprocess
import time
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import click

from tests.support.server import find_program, free_port

if TYPE_CHECKING:
    from collections.abc import Iterator
    from multiprocessing.connection import Connection

__all__ = ["Far", "Line", "far_site", "find_nginx"]

PIECE = 4096
"""Bytes that pass at once: small, so that answers that share the line come side by side."""
CONFIG = """
{user}
worker_processes 1;
daemon off;
error_log stderr crit;
pid {folder}/nginx.pid;
events {{ worker_connections 256; }}
http {{
  access_log off;
  types {{ text/html html; text/css css; text/javascript js; application/json json; image/svg+xml svg; }}
  default_type application/octet-stream;
  gzip on;
  gzip_types text/css text/javascript application/json image/svg+xml;
  sendfile on;
  tcp_nodelay on;
  http2_max_concurrent_streams 128;
  client_body_temp_path {folder}/t1; proxy_temp_path {folder}/t2; fastcgi_temp_path {folder}/t3;
  uwsgi_temp_path {folder}/t4; scgi_temp_path {folder}/t5;
  server {{
    listen 127.0.0.1:{port} ssl http2;
    ssl_certificate {folder}/cert.pem;
    ssl_certificate_key {folder}/key.pem;
    root {root};
  }}
  server {{
    listen 127.0.0.1:{near} ssl http2;
    ssl_certificate {folder}/cert.pem;
    ssl_certificate_key {folder}/key.pem;
    location / {{ default_type text/html; return 200 "<!doctype html><title>Elsewhere</title>"; }}
  }}
}}
"""


@dataclass
class Line:
    """A line, and what has passed it towards the browser."""

    round_trip: float
    """Seconds."""
    rate: float
    """Bytes a second."""
    passed: list[tuple[float, int]] = field(default_factory=list)
    """When, in seconds since 1970, and how many bytes."""


def find_nginx() -> str:
    """Return the path of nginx.

    Raises:
        click.ClickException: if there is none.
    """
    found = find_program("nginx")
    if not found:
        raise click.ClickException("nginx was not found: install it, or put it on the path")
    return found


async def _pass(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, line: Line, free: list[float], *, count: bool
) -> None:
    """Pass on what comes, at the pace of the line and half a round trip late.

    Args:
        reader: where it comes from.
        writer: where it goes.
        line: its pace; all connections share it.
        free: when the line is free again, in this direction.
        count: whether to note what passes.
    """
    queue: asyncio.Queue[tuple[float, bytes]] = asyncio.Queue()

    async def send() -> None:
        while True:
            due, data = await queue.get()
            await asyncio.sleep(due - time.monotonic())
            if not data:
                writer.close()
                return
            if writer.is_closing():
                continue
            writer.write(data)
            if count:
                line.passed.append((time.time(), len(data)))

    sending = asyncio.create_task(send())
    try:
        while data := await reader.read(PIECE):
            free[0] = max(free[0], time.monotonic()) + len(data) / line.rate
            queue.put_nowait((free[0] + line.round_trip / 2, data))
            await asyncio.sleep(free[0] - time.monotonic() - 0.002)  # no more than the line takes
    except OSError:
        pass  # one end has gone away
    queue.put_nowait((time.monotonic() + line.round_trip / 2, b""))
    await asyncio.gather(sending, return_exceptions=True)


async def _proxy(port: int, target: int, line: Line, told: Connection) -> None:
    """Stand between a browser and a server until told to stop; asked in between, tell what has passed."""
    up, down = [0.0], [0.0]

    async def connection(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(asyncio.CancelledError):  # told to stop
            await asyncio.sleep(line.round_trip)  # the handshake of TCP, which here takes no time
            far, to_far = await asyncio.open_connection("127.0.0.1", target)
            await asyncio.gather(
                _pass(reader, to_far, line, up, count=False), _pass(far, writer, line, down, count=True)
            )

    server = await asyncio.start_server(connection, "127.0.0.1", port)
    told.send("ready")
    loop = asyncio.get_running_loop()
    async with server:
        while await loop.run_in_executor(None, told.recv) == "passed":
            told.send(line.passed)
            line.passed = []


def _run(port: int, target: int, line: Line, told: Connection) -> None:
    """The process of the proxy."""
    asyncio.run(_proxy(port, target, line, told))


@contextmanager
def _nginx(root: Path) -> Iterator[tuple[int, int]]:
    """Serve a folder, and an empty page, over HTTP/2 and yield the ports."""
    with TemporaryDirectory() as name:
        folder, port, near = Path(name), free_port(), free_port()
        subprocess.run(
            ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
             "-subj", "/CN=localhost", "-days", "2", "-keyout", folder / "key.pem", "-out", folder / "cert.pem"],
            check=True, capture_output=True,
        )  # fmt: skip
        config = folder / "nginx.conf"
        # Started by root, nginx would answer as somebody who may not see the folder.
        user = "" if os.geteuid() else f"user {getpass.getuser()} {grp.getgrgid(os.getegid()).gr_name};"
        config.write_text(
            CONFIG.format(user=user, folder=folder, port=port, near=near, root=root.resolve()), encoding="utf-8"
        )
        running = subprocess.Popen([find_nginx(), "-c", config, "-p", folder, "-e", "stderr"])
        try:
            for _ in range(100):
                with socket.socket() as probe:
                    if probe.connect_ex(("127.0.0.1", port)) == 0:
                        break
                time.sleep(0.05)
            yield port, near
        finally:
            running.terminate()
            running.wait()


class Far:
    """A site at the end of a line."""

    def __init__(self, address: str, elsewhere: str, told: Connection) -> None:
        self.address = address
        self.elsewhere = elsewhere
        """Address of an empty page at hand, for a browser to begin with."""
        self._told = told

    def passed(self) -> list[tuple[float, int]]:
        """Return what has passed towards the browser since this was asked last."""
        self._told.send("passed")
        found: list[tuple[float, int]] = self._told.recv()
        return found


@contextmanager
def far_site(root: Path, line: Line) -> Iterator[Far]:
    """Serve a built site at the end of a line."""
    port = free_port()
    ours, theirs = multiprocessing.Pipe()
    with _nginx(root) as (target, near):
        process = multiprocessing.get_context("spawn").Process(target=_run, args=(port, target, line, theirs))
        process.start()
        try:
            ours.recv()
            yield Far(f"https://localhost:{port}/", f"https://localhost:{near}/", ours)
        finally:
            ours.send("stop")
            process.join()
