"""A site of made records, for checks that look at its pages."""

from __future__ import annotations

from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import click

from benchmarks import corpus
from tests.site.building import figpages

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["built_site"]

RECORDS = 400


@contextmanager
def built_site(site: Path | None, base: str) -> Iterator[Path]:
    """Yield the folder of a built site; where none is given, build one of made records, which goes at the end.

    Args:
        site: a built site, or None.
        base: the path that it is built for.
    """
    if site is not None:
        yield site
        return
    with TemporaryDirectory() as folder:
        root = Path(folder)
        corpus.write(RECORDS, root / "source")
        where = ("--source", root / "source", "--out", root / "out", "--cache", root / "cache")
        ran = figpages("build", *where, "--url", f"https://example.org{base}")
        if ran.code:
            raise click.ClickException(ran.err)
        yield root / "out"
