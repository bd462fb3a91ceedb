"""Files of another time are known by their contents: a fresh clone builds as if nothing had happened."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from builder import pipeline
from builder.options import Options
from builder.read import restamp
from tests.site.building import gene, record, tree, write_site

if TYPE_CHECKING:
    from pathlib import Path

SETTINGS = "title: Test\nurl: https://example.org/\n"
FIGURES = 40


@pytest.fixture
def options(tmp_path: Path) -> Options:
    """Return a site in PFOCR's layout, with a table beside each other record, which was built once."""
    site = {}
    for n in range(FIGURES):
        figid = f"PMC{n}__f"
        own = record(figid, pmcid=f"PMC{n}") if n % 2 else record(figid, pmcid=f"PMC{n}", genes=[gene("TP53")])
        site[f"_figures/{figid}.md"] = own
    source = write_site(tmp_path / "site", site, SETTINGS)
    (source / "_data").mkdir()
    for n in range(1, FIGURES, 2):
        table = "symbol\tword\tncbigene_id\tncbigene_symbol\tspecies\nAKT1\tAKT\t207\tAKT1\tHomo sapiens\n"
        (source / f"_data/PMC{n}__f-genes.tsv").write_text(table, encoding="utf-8")
    made = Options(source, tmp_path / "out", tmp_path / "cache", jobs=1)
    assert pipeline.build(made).published is not None
    return made


def touch(root: Path, when: int) -> None:
    """Give every file another time."""
    for path in root.rglob("*"):
        if path.is_file():
            os.utime(path, (when, when))


def test_a_fresh_clone_reads_and_plans_nothing(options: Options, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where all times and no bytes changed a build ends after a look, and the next one need not hash again."""
    before = tree(options.out)
    touch(options.source, 10**9)
    monkeypatch.setattr("builder.survey.make_survey", lambda *_, **__: pytest.fail("planned"))
    done = pipeline.build(options)
    assert done.figures == FIGURES
    assert tree(options.out) == before
    monkeypatch.setattr(restamp, "open_record", lambda *_: pytest.fail("hashed again"))
    assert pipeline.build(options).figures == FIGURES


def test_many_files_are_hashed_by_workers(options: Options, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where there are many, workers hash them in parts, with the same outcome."""
    monkeypatch.setattr(restamp, "SMALL", 3)
    monkeypatch.setattr(restamp, "A_TASK", 7)
    touch(options.source, 10**9)
    monkeypatch.setattr("builder.survey.make_survey", lambda *_, **__: pytest.fail("planned"))
    assert pipeline.build(Options(options.source, options.out, options.cache, jobs=2)).figures == FIGURES


@pytest.mark.parametrize("name", ["_figures/PMC2__f.md", "_data/PMC3__f-genes.tsv"])
def test_other_bytes_of_the_same_size_are_found(options: Options, tmp_path: Path, name: str) -> None:
    """Among files of another time one whose bytes changed, of the same length, is read; and so is what is new."""
    path = options.source / name
    text = path.read_text(encoding="utf-8")
    assert "TP53" in text or "AKT1" in text
    path.write_text(text.replace("TP53", "TP63").replace("AKT1", "AKT2"), encoding="utf-8")
    touch(options.source, 10**9)
    (options.source / "_figures/PMC99__f.md").write_text(record("PMC99__f", pmcid="PMC99"), encoding="utf-8")
    assert pipeline.build(options).figures == FIGURES + 1
    clean = Options(options.source, tmp_path / "clean", tmp_path / "cache2", jobs=1)
    pipeline.build(clean)
    assert tree(options.out) == tree(clean.out)


def test_a_file_that_went_while_it_was_hashed(options: Options, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file that cannot be read any more counts as changed."""
    touch(options.source, 10**9)

    def gone(*_: object) -> None:
        raise FileNotFoundError

    monkeypatch.setattr(restamp, "open_record", gone)
    done = pipeline.build(options)
    assert done.published is not None
    assert done.published.changed == []
