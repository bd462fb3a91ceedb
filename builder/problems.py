"""What is wrong with an input, where, and how a curator is told.

Every message starts ``path:line:column: severity:`` so that an editor can jump to the
place; lines and columns count from 1. The file name is added once, where a record's
findings leave the reader.
"""

from __future__ import annotations

import sys
from collections import Counter
from typing import IO, TYPE_CHECKING, Any, Literal

import click
import msgspec

from builder.rules import label

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

__all__ = [
    "BuildError",
    "Finding",
    "KeyPath",
    "Problem",
    "Severity",
    "TemplateError",
    "as_errors",
    "concluded",
    "failures",
    "github_line",
    "judged",
    "limited",
    "text_line",
]

Severity = Literal["error", "warning"]

KeyPath = tuple[str | int, ...]
"""Where in a record's front matter: ``("genes", 3, "entrez")``; empty for the record itself."""

SHOWN_OF_A_RULE = 5


class BuildError(click.ClickException):
    """The build cannot go on for a reason that no single record is to blame for."""

    exit_code = 1

    def format_message(self) -> str:
        """The message alone; click puts ``Error:`` before it."""
        return self.message


class TemplateError(BuildError):
    """A template that cannot be used; the message tells where, as that of a problem does."""

    def show(self, file: IO[Any] | None = None) -> None:
        """Print the message as it is."""
        click.echo(self.message, file=file or sys.stderr)


class Finding(msgspec.Struct, frozen=True):
    """Something wrong in one record, before its file and position are known."""

    where: KeyPath
    severity: Severity
    rule: str
    message: str


class Problem(msgspec.Struct, frozen=True, order=True):
    """Something wrong in one input file."""

    path: str
    line: int
    column: int
    severity: str
    rule: str
    message: str


def text_line(problem: Problem) -> str:
    """The problem as one line for an editor or a log."""
    path, message = _printable(problem.path), _printable(problem.message)
    return f"{path}:{problem.line}:{problem.column}: {problem.severity}: {message} [{label(problem.rule)}]"


def _printable(text: str, kept: str = "\u00a0") -> str:
    """A text that leaves a terminal as it is: no control characters, none that turn what follows."""
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() or c in kept else f"\\u{ord(c):04x}" for c in text)


def _escaped(text: str, *, value: bool) -> str:
    """Text for a GitHub workflow command, whose separators must be escaped."""
    text = text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
    return text if value else text.replace(":", "%3A").replace(",", "%2C")


def github_line(problem: Problem) -> str:
    """The problem as a workflow command, which GitHub shows beside the line of the file.

    Source: GitHub Docs, "Workflow commands for GitHub Actions", error and warning.
    """
    message = _printable(problem.message, "\u00a0\r\n")
    return (
        f"::{problem.severity} file={_escaped(_printable(problem.path), value=False)},line={problem.line},"
        f"col={problem.column},title={label(problem.rule)}::{_escaped(message, value=True)}"
    )


def as_errors(problems: Iterable[Problem]) -> list[Problem]:
    """The same problems with every warning turned into an error, for ``--strict``."""
    return [msgspec.structs.replace(p, severity="error") for p in problems]


def judged(problems: Iterable[Problem], levels: Mapping[str, str]) -> list[Problem]:
    """The problems as a site wants them: those of rules that it silences left out, others at its level.

    An error stays one, whatever the level of its rule.

    Args:
        problems: as they were found.
        levels: of ``LEVELS``, by rule; a rule that is not there keeps the level of its problems.
    """
    if not levels:
        return list(problems)
    out = []
    for problem in problems:
        level = levels.get(problem.rule, problem.severity)
        if problem.severity in {"error", level}:
            out.append(problem)
        elif level != "off":
            out.append(msgspec.structs.replace(problem, severity=level))
    return out


def concluded(problems: Iterable[Problem], levels: Mapping[str, str], *, strict: bool) -> list[Problem]:
    """All problems of a source as they are told, in order.

    Args:
        problems: as they were found.
        levels: as in ``judged``.
        strict: whether warnings count as errors.
    """
    told = judged(problems, levels)
    return sorted(as_errors(told) if strict else told)


def failures(problems: Iterable[Problem]) -> list[Problem]:
    """The errors among the problems."""
    return [p for p in problems if p.severity == "error"]


def limited(problems: Sequence[Problem]) -> list[str]:
    """Lines to show: every error; of a warning that is repeated, five and how many more there are."""
    totals = Counter(p.rule for p in problems if p.severity == "warning")
    shown: Counter[str] = Counter()
    lines = []
    for problem in sorted(problems):
        if problem.severity == "warning":
            shown[problem.rule] += 1
            if totals[problem.rule] > 2 * SHOWN_OF_A_RULE and shown[problem.rule] > SHOWN_OF_A_RULE:
                continue
        lines.append(text_line(problem))
    lines += [
        f"... and {total - SHOWN_OF_A_RULE:,} more warnings of the kind [{label(rule)}], {total:,} in all"
        for rule, total in sorted(totals.items())
        if total > 2 * SHOWN_OF_A_RULE
    ]
    return lines
