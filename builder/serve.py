"""Serve a site while its records are edited: rebuild what changed, reload the browser."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import click
from livereload import Server
from rich.console import Console

from builder.options import Options
from builder.pipeline import build
from builder.problems import BuildError
from builder.reporter import TerminalReporter
from builder.surroundings import program
from builder.telling import print_problems, summary

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["serve"]

LOOK_EVERY = 0.25
"""Seconds between looks at the source."""


class _Site:
    """Builds when asked to, and says what came of it."""

    def __init__(self, options: Options) -> None:
        self.options = options

    def build(self) -> None:
        """Build; an error is told, and the site stays as it was."""
        try:
            result = build(self.options, TerminalReporter(Console(stderr=True)))
        except BuildError as error:
            click.echo(f"Error: {error.format_message()}", err=True)
            return
        print_problems(result.problems)
        click.echo(f"{time.strftime('%H:%M:%S')}  {summary(result)}")


def serve(options: Options, host: str, port: int) -> None:
    """Serve until interrupted.

    Raises:
        BuildError: if the port is taken.
    """
    site = _Site(options)
    site.build()
    server = Server()
    for folder in _watched(options):
        server.watch(folder, site.build, delay=LOOK_EVERY)
    click.echo(f"Serving at http://{host}:{port}/ (Ctrl+C ends it)")
    try:
        server.serve(port=port, host=host, root=str(options.out), open_url_delay=None)
    except OSError as error:
        raise BuildError(f"cannot listen on {host}:{port}: {error.strerror}; choose another with --port") from error


def _watched(options: Options) -> Iterator[str]:
    """What a change of which asks for a build: the source, and the templates."""
    yield str(options.source)
    yield str(program().templates)
    yield str(program().dist)
