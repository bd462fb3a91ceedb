"""Measures figpages, and Hugo beside it: ``python -m benchmarks --size 10000 --runs 3 --hugo``."""

from __future__ import annotations

import statistics
import sys
import tempfile
from collections import defaultdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from benchmarks import corpus, figpages, peer
from benchmarks.machine import describe

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from benchmarks.figpages import Result

_BEGIN, _END = "<!-- benchmarks: begin -->", "<!-- benchmarks: end -->"
MANY = 20_000
"""Records above which one run must do, and Hugo is not asked to make every page a second time."""
_HEAD = (
    "| what | wall s (min to max) | CPU s | peak MB | files written | MB written | removed |",
    "| --- | ---: | ---: | ---: | ---: | ---: | ---: |",
)


def _row(step: str, results: list[Result]) -> str:
    """Return one line of a table: the median of the runs."""
    walls = [m.wall for _, m, _ in results]
    wall, cpu = statistics.median(walls), statistics.median(m.cpu for _, m, _ in results)
    peak = statistics.median(m.peak for _, m, _ in results) / 1e6
    spread = f" ({min(walls):.1f} to {max(walls):.1f})" if len(walls) > 1 else ""
    wrote = results[-1][2]
    return (
        f"| {step} | {wall:.1f}{spread} | {cpu:.1f} | {peak:.0f} | {wrote.files:,} "
        f"| {wrote.size / 1e6:.1f} | {wrote.removed:,} |"
    )


def _table(results: Iterable[Result]) -> Iterator[str]:
    """Yield the lines of the table of one program, its steps in the order in which they came."""
    by_step: dict[str, list[Result]] = defaultdict(list)
    for result in results:
        by_step[result[0]].append(result)
    yield from _HEAD
    for step, group in by_step.items():
        yield _row(step, group)
    last = next(iter(by_step.values()))[-1]
    yield ""
    yield (
        f"The site has {last[2].total_files:,} files, {last[2].total_size / 1e6:.0f} MB. "
        f"Peak memory is {last[1].memory} of all processes together, looked at again and again."
    )


def _collect(name: str, runs: int, one: Iterable[Iterator[Result]]) -> list[Result]:
    """Return the results of all runs, and say on standard error how each went."""
    found: list[Result] = []
    for number, results in enumerate(one, start=1):
        for result in results:
            click.echo(
                f"{name}, run {number} of {runs}: {result[0]}: {result[1].wall:.1f} s wall, "
                f"{result[1].cpu:.1f} s CPU, {result[1].peak / 1e6:.0f} MB",
                file=sys.stderr,
            )
            found.append(result)
    return found


def _figpages_runs(records: Path, runs: int, work: Path) -> Iterator[Iterator[Result]]:
    """Yield the results of each run of figpages, each in a folder of its own."""
    for _ in range(runs):
        yield figpages.Lane(Path(tempfile.mkdtemp(dir=work)), records).results()


def _hugo_runs(records: Path, runs: int, work: Path, *, again: bool) -> Iterator[Iterator[Result]]:
    """Yield the results of each run of Hugo, each in a folder of its own; the first builds a second time."""
    for number in range(runs):
        yield peer.results(Path(tempfile.mkdtemp(dir=work)), records, again=again and number == 0)


def _phases(results: Iterable[Result]) -> Iterator[str]:
    """Yield the table of phases that the last cold build printed."""
    output = [m.output for _, m, _ in results if "\nphase " in m.output]
    if output:
        lines = output[-1][output[-1].index("\nphase ") + 1 :].splitlines()
        yield "\nWhere its time goes (`--profile`, last cold run):\n"
        yield "```text"
        yield from lines[: next(i for i, line in enumerate(lines) if line.startswith("total")) + 1]
        yield "```\n"


def _served(records: Path, work: Path) -> Iterator[str]:
    """Yield what it takes from a saved record to the reloaded page while ``serve`` runs."""
    times = list(figpages.Lane(Path(tempfile.mkdtemp(dir=work)), records).serve())
    shown, built = (statistics.median(column) for column in zip(*times, strict=True))
    yield f"\n`figpages serve`, a record saved: page shown after {shown:.2f} s, all built after {built:.1f} s.\n"


def _section(records: Path, runs: int, work: Path, programs: tuple[str, ...]) -> Iterator[str]:
    """Yield the lines about one corpus."""
    files, tables = figpages.record_files(records), figpages.table_files(records)
    size = sum(f.stat().st_size for f in (*files, *tables)) / 1e6
    runs = runs if len(files) <= MANY else 1
    beside = f", {len(tables):,} tables" if tables else ""
    yield f"### {len(files):,} records{beside} ({size:.0f} MB), {f'median of {runs} runs' if runs > 1 else 'one run'}"
    if "figpages" in programs:
        yield f"\nfigpages: `{figpages.describe_command()}`\n"
        results = _collect("figpages", runs, _figpages_runs(records, runs, work))
        yield from _table(results)
        yield from _served(records, work)
        yield from _phases(results)
    if "hugo" in programs:
        yield f"\nHugo {peer.version()}: `{peer.describe_command()}`\n"
        again = len(files) <= MANY
        try:
            yield from _table(_collect("hugo", runs, _hugo_runs(records, runs, work, again=again)))
        except figpages.BuildError as error:  # what was measured of figpages is worth keeping
            click.echo(f"hugo: {error}", err=True)
            m = error.measured
            yield f"Did not come to its end: exit code {m.code} after {m.wall:.0f} s, at {m.peak / 1e6:,.0f} MB."
    yield ""


def _save(path: Path, text: str) -> None:
    """Put the text into a file: between its two marks where it has them, else as the whole file."""
    old = path.read_text(encoding="utf-8") if path.is_file() else ""
    if _BEGIN in old and _END in old:
        text = old.partition(_BEGIN)[0] + f"{_BEGIN}\n\n{text}\n{_END}" + old.partition(_END)[2]
    path.write_text(text, encoding="utf-8")


def _sections(
    sizes: tuple[int, ...], folders: tuple[Path, ...], runs: int, work: Path, programs: tuple[str, ...]
) -> Iterator[str]:
    """Yield the lines about every corpus: given folders, or made ones of the given sizes."""
    if folders:
        for folder in folders:
            yield from _section(folder, runs, work, programs)
        return
    for size in sizes:
        made = Path(tempfile.mkdtemp(dir=work)) / "records"
        corpus.write(size, made)
        yield from _section(made, runs, work, programs)


@click.command()
@click.option("--size", "sizes", type=click.IntRange(min=8), multiple=True, help="Records of a made corpus.")
@click.option(
    "--records", "folders", type=click.Path(path_type=Path, exists=True, file_okay=False), multiple=True,
    help="Use these instead.",
)  # fmt: skip
@click.option("--runs", type=click.IntRange(min=1), default=3, show_default=True)
@click.option("--hugo/--no-hugo", default=False, help="Measure Hugo too.")
@click.option("--figpages/--no-figpages", "ours", default=True, help="Measure figpages.")
@click.option("--work", type=click.Path(path_type=Path, exists=True, file_okay=False), help="For temporary files.")
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), help="Put the tables into this file.")
def main(
    *,
    sizes: tuple[int, ...],
    folders: tuple[Path, ...],
    runs: int,
    hugo: bool,
    ours: bool,
    work: Path | None,
    out: Path | None,
) -> None:
    """Measure builds and print Markdown tables: the median of the runs."""
    programs = ("figpages",) * ours + ("hugo",) * hugo
    lines = [f"{describe()}.", ""]
    try:
        # Nothing is thrown away before the end: where ten thousands of files were just removed, new ones take longer.
        with tempfile.TemporaryDirectory(dir=work) as place:
            lines += _sections(sizes or (10_000,), folders, runs, Path(place), programs)
    except figpages.BuildError as error:
        raise click.ClickException(str(error)) from error
    text = "\n".join(lines) + "\n"
    click.echo(text)
    if out is not None:
        _save(out, text)


if __name__ == "__main__":
    main()
