"""The benchmarks' corpus is what it says, and their measurements count whole process trees."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
import yaml
from click.testing import CliRunner

from benchmarks import names, peer
from benchmarks.__main__ import _section, main
from benchmarks.corpus import Corpus, front_matter, write
from benchmarks.figpages import BuildError
from benchmarks.measure import Measured, measure, snapshot, written
from tests.support.installed import ROOT, needs_node

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from benchmarks.figpages import Result


def load(text: str) -> object:
    """Return what YAML makes of the front matter of a record."""
    return yaml.load(text.removeprefix("---\n").removesuffix("---\n"), Loader=yaml.CSafeLoader)


def test_front_matter_loads_to_the_same_record() -> None:
    """The front matter, which is written without PyYAML, says what PyYAML would have said."""
    for record in Corpus().records(300):
        assert load(front_matter(record)) == record


@pytest.mark.parametrize(
    "text",
    ["NO", "on", "1E5", "2020", "", "a: b", "a #b", "#a", "- a", "it's", '"a"', "a:", " a", "a ", "~", "a  b " * 40,
     "x" * 200, "a b " * 60 + "c: d", "\u041c\u0415\u041a", "🧬 a", "|(ppsA)", "MSTN↓↓", "@a", "%a",
     "null", "=", "12e03", "0x1F"],
)  # fmt: skip
def test_texts_stay_texts(text: str) -> None:
    """Whatever YAML could take for something else is quoted."""
    record = {"a": text, "b": [text], "c": {"d": text, "e": [{"f": text}]}}
    assert load(front_matter(record)) == record


def test_same_seed_gives_same_bytes(tmp_path: Path) -> None:
    """The corpus depends on number and seed alone, and a smaller one is the beginning of a larger one."""
    write(40, tmp_path / "a")
    write(60, tmp_path / "b")
    write(40, tmp_path / "c", seed=2)
    first = {p.name: p.read_bytes() for p in (tmp_path / "a").iterdir()}
    second = {p.name: p.read_bytes() for p in (tmp_path / "b").iterdir()}
    third = {p.name for p in (tmp_path / "c").iterdir()}
    assert len(first) == 40
    assert first.items() <= second.items()
    assert first.keys() != third


def test_sizes_are_those_of_real_figures() -> None:
    """About 34 rows a figure, 339 at most, some figures without genes, several figures a paper."""
    records = list(Corpus().records(1500))
    rows = [len(r["genes"]) for r in records]
    assert 28 < sum(rows) / len(rows) < 40
    assert (min(rows), max(rows)) == (0, 339)
    assert all(400 <= len(r["caption"]) <= 1500 for r in records)
    assert len({r["figid"] for r in records}) == len(records)
    assert len({r["pmcid"] for r in records}) < 0.8 * len(records)


def test_symbols_are_unique_by_case() -> None:
    """No two genes share a symbol, case ignored, or an id."""
    genes = (*names.real(), *names.invented(17_000, 1))
    assert len({g.symbol.casefold() for g in genes}) == len(genes)
    assert len({g.entrez for g in genes}) == len(genes)


CHILD = "import sys; held = b'x' * 60_000_000; t = __import__('time'); t.sleep(0.6)"
PARENT = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {CHILD!r}]); print('done')"
BURN = "import time\nwhile time.process_time() < 0.4: pass"
BUSY = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {BURN!r}]); sys.exit(3)"


def test_memory_of_children_counts() -> None:
    """The peak is that of the tree: what a child holds is in it."""
    measured = measure([sys.executable, "-c", PARENT])
    assert measured.code == 0
    assert measured.output == "done\n"
    assert measured.peak > 60_000_000
    assert measured.memory in {"PSS", "RSS"}


def test_processor_time_of_children_counts() -> None:
    """The processor seconds of a child are counted, and the exit code is that of the command."""
    measured = measure([sys.executable, "-c", BUSY])
    assert measured.cpu >= 0.4
    assert measured.code == 3


def test_written_files(tmp_path: Path) -> None:
    """New, changed and removed files are counted; files that stay are not."""
    for name in ("kept", "changed", "gone"):
        (tmp_path / name).write_text(name)
    before = snapshot(tmp_path)
    (tmp_path / "gone").unlink()
    (tmp_path / "changed").write_text("changed again")
    (tmp_path / "new").write_text("new")
    found = written(before, snapshot(tmp_path))
    assert (found.files, found.size, found.removed) == (2, 16, 1)
    assert (found.total_files, found.total_size) == (3, 20)
    assert snapshot(tmp_path / "nowhere") == {}


def test_records_of_both_layouts_are_counted(tmp_path: Path) -> None:
    """The heading of a table counts the records, wherever the layout has them, and their tables."""
    for name in ("inline/a.md", "checkout/_figures/a.md", "checkout/_figures/b.md", "checkout/_data/a-genes.tsv"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("---\n---\n", encoding="utf-8")
    heads = [next(_section(tmp_path / name, 1, tmp_path, ())) for name in ("inline", "checkout")]
    assert heads == ["### 1 records (0 MB), one run", "### 2 records, 1 tables (0 MB), one run"]


def test_help_names_every_option() -> None:
    """The command explains itself."""
    result = CliRunner().invoke(main, ["--help"])
    assert result.exit_code == 0
    assert all(f"--{name}" in result.output for name in ("size", "records", "runs", "hugo", "out"))


def test_peer_that_fails_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where Hugo does not come to its end, as where memory does not suffice, the table says so, and when."""

    def fails(*_: object, **__: object) -> Iterator[Result]:
        step = "cold"
        raise BuildError(step, Measured(700.0, 1_300.0, 9_600_000_000, "PSS", -9, "what it said"))

    monkeypatch.setattr(peer, "results", fails)
    monkeypatch.setattr(peer, "version", lambda: "0")
    out = tmp_path / "out.md"
    options = ["--size", "8", "--runs", "1", "--hugo", "--no-figpages", "--work", str(tmp_path), "--out", str(out)]
    result = CliRunner().invoke(main, options)
    assert result.exit_code == 0, result.output
    assert "what it said" in result.output
    assert "Did not come to its end: exit code -9 after 700 s, at 9,600 MB." in out.read_text(encoding="utf-8")


@needs_node
def test_a_folder_of_records_is_compared_with_a_look_at_every_record(tmp_path: Path) -> None:
    """The comparison that is made by hand for a hundred thousand records runs, and finds no difference in a few."""
    write(30, tmp_path)
    command = [sys.executable, "-m", "tests.support.compare", str(tmp_path), "--queries", "5", "--processes", "1"]
    ran = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr
    assert ran.stdout.startswith("30 figures, 5 queries, ")
