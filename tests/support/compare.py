"""Compare the search with brute force over a folder of records: ``python -m tests.support.compare RECORDS``.

For collections that are too large for every run of the tests; of 100,000 records it takes some minutes and gigabytes.
"""

from __future__ import annotations

import random
import sys
import tempfile
from pathlib import Path

import click

from builder.read.bucket import read_text
from tests.support.bruteforce import Collection, random_query
from tests.support.searching import ask, figids, make_index

__all__ = ["main"]


@click.command()
@click.argument("records", type=click.Path(path_type=Path, exists=True, file_okay=False))
@click.option("--queries", default=50, show_default=True, help="How many random queries to ask.")
@click.option("--seed", default=1, show_default=True, help="Another seed asks others.")
def main(records: Path, queries: int, seed: int) -> None:
    """Ask random queries of RECORDS; exit code 1 if an answer differs from that of a look at every record."""
    read = (read_text(path.read_text("utf-8"), path.name)[0] for path in sorted(records.glob("*.md")))
    figures = [figure for figure in read if figure is not None]
    rng = random.Random(seed)  # noqa: S311 - repeatable
    asked = [random_query(rng, figures) for _ in range(queries)]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        make_index(figures, folder, buckets=max(1, len(figures) // 256))
        answers = ask(folder, *(["search", a.text, {"limit": 0, "sort": "relevance"}] for a in asked))
        named = figids(folder)
    ids = {figid: i for i, figid in named.items()}
    everything = Collection(figures)
    wrong = hits = 0
    for query, answer in zip(asked, answers, strict=True):
        scores = everything.search(query)
        hits += bool(scores)
        if [named[i] for i in answer["ids"]] != sorted(scores, key=lambda f: (-scores[f], ids[f])):
            wrong += 1
            click.echo(f"differs: {query.text}")
    click.echo(f"{len(figures)} figures, {queries} queries, {hits} with answers, {wrong} differ")
    sys.exit(wrong > 0)


if __name__ == "__main__":
    main()
