"""Compare the search with brute force over a folder of records: ``python -m tests.support.compare RECORDS``.

For collections that are too large for every run of the tests. Each record is read once, in two processes or more, and
looked at for the words of the queries; of a hundred thousand records this takes some minutes of each.
"""

from __future__ import annotations

import os
import random
import sys
import tempfile
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, overload

import click
import msgspec

from builder.read.bucket import read_text
from builder.read.columns import Columns
from tests.support.bruteforce import Look, Sought, random_query
from tests.support.searching import ask, bucket_of_figures, figids, make_index_of

if TYPE_CHECKING:
    from builder.model import Figure
    from builder.read.terms import Terms
    from tests.support.bruteforce import Asked

__all__ = ["main"]

PART = 256


def _read(paths: Sequence[Path]) -> list[Figure]:
    """Return the figures of some records, without those that are wrong."""
    read = (read_text(path.read_text("utf-8"), path.name)[0] for path in paths)
    return [figure for figure in read if figure is not None]


class _Records(Sequence["Figure"]):
    """All figures of a folder, each read when it is wanted."""

    def __init__(self, paths: Sequence[Path]) -> None:
        self._paths = paths

    def __len__(self) -> int:
        return len(self._paths)

    @overload
    def __getitem__(self, at: int) -> Figure: ...
    @overload
    def __getitem__(self, at: slice) -> Sequence[Figure]: ...
    def __getitem__(self, at: int | slice) -> Figure | Sequence[Figure]:
        if isinstance(at, slice):
            return _read(self._paths[at])
        found = _read([self._paths[at]])
        return found[0] if found else self[at - 1]


def _look(paths: Sequence[Path], asked: Sequence[Asked]) -> tuple[Look, bytes, Terms]:
    """Return what the figures of some records have of what queries look for, and their bucket, its columns packed."""
    figures = _read(paths)
    columns, terms = bucket_of_figures(figures)
    return Sought(asked).look(figures), msgspec.msgpack.encode(columns), terms


@click.command()
@click.argument("records", type=click.Path(path_type=Path, exists=True, file_okay=False))
@click.option("--queries", default=50, show_default=True, help="How many random queries to ask.")
@click.option("--seed", default=1, show_default=True, help="Another seed asks others.")
@click.option("--processes", default=os.cpu_count(), show_default="all processors", help="How many to use.")
def main(records: Path, queries: int, seed: int, processes: int) -> None:
    """Ask random queries of RECORDS; exit code 1 if an answer differs from that of a look at every record."""
    paths = sorted(records.glob("*.md"))
    rng = random.Random(seed)  # noqa: S311 - repeatable
    asked = [random_query(rng, _Records(paths)) for _ in range(queries)]
    everything, buckets = Sought(asked), []
    parts = [paths[i : i + PART] for i in range(0, len(paths), PART)]
    with ProcessPoolExecutor(processes) as pool:
        for look, columns, terms in pool.map(partial(_look, asked=asked), parts):
            everything.found.add(look)
            buckets.append((msgspec.msgpack.decode(columns, type=Columns), terms))
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        make_index_of(buckets, folder)
        buckets.clear()
        answers = ask(folder, *(["search", a.text, {"limit": 0, "sort": "relevance"}] for a in asked))
        named = figids(folder)
    ids = {figid: i for i, figid in named.items()}
    wrong = hits = 0
    for query, answer in zip(asked, answers, strict=True):
        scores = everything.search(query)
        hits += bool(scores)
        if [named[i] for i in answer["ids"]] != sorted(scores, key=lambda f: (-scores[f], ids[f])):
            wrong += 1
            click.echo(f"differs: {query.text}")
    click.echo(f"{everything.size} figures, {queries} queries, {hits} with answers, {wrong} differ")
    sys.exit(wrong > 0)


if __name__ == "__main__":
    main()
