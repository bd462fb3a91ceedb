"""What a build tells its user at the end: problems and a summary."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import click
import msgspec

from builder.problems import Problem, failures, github_line, limited
from builder.rules import rule_id
from builder.sarif import sarif_log

if TYPE_CHECKING:
    from collections.abc import Sequence

    from builder.options import Result
    from builder.reporter import Reporter

__all__ = [
    "FORMS",
    "address_note",
    "failure_lines",
    "license_note",
    "print_fixed",
    "print_problems",
    "print_profile",
    "problem_lines",
    "summary",
]

FORMS = ("text", "json", "github", "sarif")
"""How a check can tell problems."""


def print_problems(problems: Sequence[Problem]) -> None:
    """Print problems to standard error, one a line."""
    for line in limited(problems):
        click.echo(line, err=True)


def print_fixed(files: Sequence[str]) -> None:
    """Print which files a check mended to standard error, one a line, and how many."""
    for file in files:
        click.echo(f"{file}: mended", err=True)
    if files:
        click.echo(f"{_plural(len(files), 'file')} mended", err=True)


def failure_lines(message: str, form: str) -> list[str]:
    """What a check prints that could not be made, beside its message: who reads SARIF expects a log in any case."""
    return [json.dumps(sarif_log([], message), indent=1, ensure_ascii=False)] if form == "sarif" else []


def problem_lines(problems: Sequence[Problem], form: str) -> list[str]:
    """Problems as the lines of one of ``FORMS``; only text leaves out what is repeated."""
    if form == "json":
        rows = [{"id": rule_id(p.rule), **msgspec.structs.asdict(p)} for p in problems]
        return [json.dumps(rows, indent=1, ensure_ascii=False)]
    if form == "github":
        return [github_line(p) for p in problems]
    if form == "sarif":
        return [json.dumps(sarif_log(problems), indent=1, ensure_ascii=False)]
    return limited(problems)


def print_profile(reporter: Reporter) -> None:
    """Print what the phases of a build took to standard error, if the reporter measured them."""
    from builder.profile import ProfilingReporter, profile_table  # noqa: PLC0415 - hardly ever needed

    if isinstance(reporter, ProfilingReporter):
        for line in profile_table(reporter.phases):
            click.echo(line, err=True)


def _plural(count: int, word: str) -> str:
    return f"{count:,} {word}{'' if count == 1 else 's'}"


def address_note(result: Result, url: str | None) -> str:
    """What to say of a site whose own address leads to the reader's machine, or is the example's; or nothing.

    Args:
        result: of a build.
        url: what ``--url`` says, of which nothing need be said.
    """
    nowhere = {"localhost", "127.0.0.1", "::1", "figpages.example"}
    if url or result.published is None or urlsplit(result.url).hostname not in nowhere:
        return ""
    where = "canonical links, the sitemap, the feed and structured data"
    return f"{where} name {result.url}; before you publish, set url in site.yml or give --url"


def license_note(result: Result) -> str:
    """What to say of a site whose data are published under a licence that nobody chose; or nothing."""
    if result.published is None or not result.license:
        return ""
    return f"the data are published under {result.license}; set license in site.yml, to this or to that which they have"


def summary(result: Result) -> str:
    """The last line of a build."""
    errors = len(failures(result.problems))
    warnings = len(result.problems) - errors
    told = f"{_plural(warnings, 'warning')}, {result.seconds:.1f} seconds"
    if errors:
        told = f"{_plural(errors, 'error')}, {told}"
    if result.published is None:
        return f"Nothing was written: {told}"
    p = result.published
    return (
        f"{_plural(result.figures, 'figure')}, {_plural(result.genes, 'gene')}; files: {p.written:,} written, "
        f"{p.unchanged:,} unchanged, {len(p.removed):,} removed; {told}"
    )
