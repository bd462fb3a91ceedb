"""Write small sources, build them by the command line, and look at what came out."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import yaml
from click.testing import CliRunner

from builder.cli import main

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

__all__ = ["COMMAND", "Ran", "Row", "build", "figpages", "gene", "in_process", "record", "times", "tree", "write_site"]

COMMAND = (sys.executable, "-c", "from builder.cli import run; run()")
"""What starts ``figpages`` in a process of its own."""

Row = dict[str, str]


@dataclass(frozen=True)
class Ran:
    """What a command came to."""

    code: int
    out: str
    err: str


def gene(symbol: str, ncbi: str = "", word: str = "", **more: str) -> Row:
    """Return a gene mention as records write it; the word is the symbol where none is given."""
    row = {"word": word or symbol, "symbol": symbol, "source": "hgnc_symbol", "hgnc_symbol": symbol, "entrez": ncbi}
    return {k: v for k, v in (row | more).items() if v}


def record(figid: str, body: str = "", **fields: Any) -> str:
    """Return the text of a record: front matter with the given fields, then the body.

    A field given as None is left out, so that a test can have a record without pmcid.
    """
    base: dict[str, Any] = {
        "figid": figid,
        "pmcid": "PMC1",
        "figtitle": f"Title of {figid}",
        "caption": "A caption that says what can be seen in this figure, in enough words.",
        "papertitle": "A paper",
        "year": "2020",
        "organisms": ["Homo sapiens"],
    }
    front = {k: v for k, v in (base | fields).items() if v is not None}
    return f"---\n{yaml.safe_dump(front, allow_unicode=True, sort_keys=False, width=80)}---\n{body}"


def write_site(root: Path, files: Mapping[str, str | bytes], settings: str | None = None) -> Path:
    """Write a source and return its folder.

    Args:
        root: the folder to write into.
        files: contents by path; a path without a folder is a record, ``PMC1__a`` for ``figures/PMC1__a.md``.
        settings: text of ``site.yml``; none is written without it.
    """
    (root / "figures").mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        path = root / (name if "/" in name else f"figures/{name}.md")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    if settings is not None:
        (root / "site.yml").write_text(settings, encoding="utf-8")
    return root


def in_process(*arguments: str | Path) -> Ran:
    """Run ``figpages`` in this process; a program error is raised, not turned into an exit code."""
    result = CliRunner().invoke(main, [str(a) for a in arguments])
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return Ran(result.exit_code, result.stdout, result.stderr)


def build(source: Path | str, out: Path | str, cache: Path | str, *options: str | Path) -> Ran:
    """Build a source in this process; without workers, which must not be forked where threads run."""
    return in_process("build", "--source", source, "--out", out, "--cache", cache, "--jobs", "1", *options)


def figpages(*arguments: str | Path, cwd: Path | None = None) -> Ran:
    """Run ``figpages`` in a process of its own."""
    command = [*COMMAND, *(str(a) for a in arguments)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=cwd, encoding="utf-8")
    return Ran(done.returncode, done.stdout, done.stderr)


def tree(root: Path) -> dict[str, bytes]:
    """Return the bytes of every file below a folder, by path."""
    return {p.relative_to(root).as_posix(): p.read_bytes() for p in sorted(root.rglob("*")) if p.is_file()}


def times(root: Path) -> dict[str, int]:
    """Return the modification time of every file below a folder, by path."""
    return {p.relative_to(root).as_posix(): p.stat().st_mtime_ns for p in sorted(root.rglob("*")) if p.is_file()}
