"""The command line."""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any

import click

from builder import __version__
from builder.memory import no_collection, spare_collection
from builder.names import real
from builder.options import Options
from builder.pipeline import build, check
from builder.problems import BuildError
from builder.read.settings import url_fault
from builder.reporter import TerminalReporter
from builder.telling import (
    FORMS,
    address_note,
    failure_lines,
    license_note,
    print_fixed,
    print_problems,
    print_profile,
    problem_lines,
    summary,
)
from builder.workers import Workers

__all__ = ["main", "run"]

# No matrix here is dense, and the threads that numpy would start for such spin on the processors that builds want.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")


class _Folder(click.Path):
    """A folder with a name that can be written down, in messages and in the memory of builds."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """The folder; a mistake in the command line if it has any other name."""
        folder = super().convert(value, param, ctx)
        whole = str(real(os.fsdecode(folder)))
        if (shown := whole.encode("utf-8", "backslashreplace").decode()) != whole:
            self.fail(f"found '{shown}', expected a path in UTF-8", param, ctx)
        return folder


PORT = 8000
"""Where ``serve`` listens unless it is told otherwise."""
_FOLDER = _Folder(file_okay=False, path_type=Path)


def _url(_: click.Context, __: click.Parameter, value: str | None) -> str | None:
    """The address of the site, checked."""
    if value is not None and (fault := url_fault(value)):
        raise click.BadParameter(f"found '{value}', {fault}")
    return value


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="figpages")
def main() -> None:
    """Build a website of scientific figures from a folder of records."""


_source = click.option(
    "--source", type=_FOLDER, default="site_src", show_default=True, help="Site folder, or a folder of record files."
)
_cache = click.option(
    "--cache", type=_FOLDER, default=".cache", show_default=True, help="Folder for what the next build can use."
)
_jobs = click.option("--jobs", type=click.IntRange(1, 256), help="Worker processes; one a processor if not given.")


@main.command("build")
@_source
@click.option("--out", type=_FOLDER, default="_site", show_default=True, help="Folder to publish into.")
@_cache
@click.option("--url", callback=_url, help="Address of the site, with its path; overrides site.yml.")
@_jobs
@click.option("--strict", is_flag=True, help="Count warnings as errors.")
@click.option("--keep-going", is_flag=True, help="Leave bad records out and publish the rest; the exit code stays 1.")
@click.option("--clean", is_flag=True, help="Forget the cache and make every page anew.")
@click.option("--profile", is_flag=True, help="Print a table of the phases: seconds, memory, records a second.")
def build_command(*, profile: bool, **options: Any) -> None:
    """Build the site."""
    reporter = TerminalReporter()
    if profile:
        from builder.profile import ProfilingReporter  # noqa: PLC0415 - hardly ever needed

        reporter = ProfilingReporter()
    result = build(Options(**options), reporter)
    print_problems(result.problems)
    if profile:
        print_profile(reporter)
    for note in filter(None, (address_note(result, options["url"]), license_note(result))):
        click.echo(f"Note: {note}")
    click.echo(summary(result))
    sys.exit(result.exit_code)


@main.command("check")
@_source
@click.option(
    "--format", "form", type=click.Choice(FORMS), default="text", show_default=True,
    help="text for people, json for programs, github for annotations in a workflow, sarif for code scanning.",
)  # fmt: skip
@_cache
@_jobs
@click.option("--strict", is_flag=True, help="Count warnings as errors.")
@click.option("--fix", is_flag=True, help="First mend what is certain, in the files of the records.")
def check_command(form: str, **options: Any) -> None:
    """Print the problems of the records; writes the cache alone, unless --fix is given."""
    try:
        result = check(Options(**options), TerminalReporter())
    except BuildError as error:
        for line in failure_lines(error.message, form):
            click.echo(line)
        raise
    print_fixed(result.fixed)
    for line in problem_lines(result.problems, form):
        click.echo(line)
    sys.exit(result.exit_code)


@main.command("links")
@click.option("--out", type=_FOLDER, default="_site", show_default=True, help="Folder of a built site.")
@click.option("--url", callback=_url, help="Address of the site; that of the home page's canonical link if not given.")
@_jobs
def links_command(out: Path, url: str | None, jobs: int | None) -> None:
    """Check every link of a built site, offline."""
    from builder.links.follow import check_links  # noqa: PLC0415 - other commands need none of it

    if not os.path.isfile(out / "index.html"):  # noqa: PTH113 - raises nothing
        raise BuildError(f"{out} holds no index.html, expected the folder of a built site")
    with Workers(jobs) as workers:
        result = check_links(out, url, workers, TerminalReporter())
    for line in result.problems:
        click.echo(line)
    found = f"{len(result.problems):,} problem{'' if len(result.problems) == 1 else 's'}"
    click.echo(f"{result.files:,} files, {result.links:,} links, {found}", err=True)
    sys.exit(1 if result.problems else 0)


@main.command("serve")
@_source
@click.option("--port", type=click.IntRange(1, 65535), default=PORT, show_default=True, help="Port to listen on.")
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--out", type=_FOLDER, default=None, help="Folder to build into; one for each port if not given.")
@_cache
@_jobs
def serve_command(port: int, host: str, out: Path | None, cache: Path, **options: Any) -> None:
    """Build, serve, rebuild what changed, and reload the browser."""
    from builder.serve import netloc, serve  # noqa: PLC0415 - its web server is slow to load

    spare_collection()
    own: dict[str, Any] = {
        # Each server has a folder of its own: what two build would be shown by both.
        "out": out or cache / ("serve" if port == PORT else f"serve-{port}"),
        "cache": cache,
        "url": f"http://{netloc(host, port)}/",
        "keep_going": True,
    }
    serve(Options(**own, **options), host, port)


def _open_closed() -> None:
    """Put nowhere in place of each stream that the shell closed: else a file of the site gets its number and text."""
    for number, name in enumerate(("stdin", "stdout", "stderr")):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDWR)  # the lowest number that is free, which is this one
            setattr(sys, name, open(number, "w" if number else "r", encoding="utf-8", closefd=False))  # noqa: SIM115


def run() -> None:
    """Do what the command line asks for, and end.

    The process is not taken apart object by object, which after a large build takes half a second and does nothing.
    """
    no_collection()
    _open_closed()
    try:
        main()
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else int(end.code is not None)
        for stream in (sys.stdout, sys.stderr):
            with suppress(OSError, ValueError):  # whoever reads it may be gone
                stream.flush()
        os._exit(code)
