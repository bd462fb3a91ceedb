"""Records that contradict each other: which of them is expected to be right, whatever buckets they are in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.site.building import gene, in_process, record, write_site

if TYPE_CHECKING:
    from pathlib import Path

    import pytest


def told(root: Path, files: dict[str, str], rule: str) -> list[str]:
    """Return what a check tells of a rule."""
    ran = in_process("check", "--source", write_site(root / "s", files), "--cache", root / "cache", "--jobs", "1")
    return [line for line in ran.out.splitlines() if f" {rule}]" in line]


def test_of_ids_as_frequent_the_smaller_is_expected(tmp_path: Path) -> None:
    """Where a symbol has two ids as often as each other, the shorter one is expected: 999, not 1000."""
    files = {f"PMC1__{n}": record(f"PMC1__{n}", genes=[gene("AKT1", n)]) for n in ("999", "1000")}
    (line,) = told(tmp_path, files, "symbol-two-ids")
    assert "with the id '1000'" in line
    assert "expected '999'" in line


def test_of_titles_as_frequent_the_first_is_expected(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of titles that a paper has as often as each other that of the first record is expected."""
    monkeypatch.setattr("builder.read.collect.RECORDS_A_BUCKET", 1)
    files = {f"PMC1__{n}": record(f"PMC1__{n}", papertitle=f"Title {9 - n}") for n in range(8)}
    lines = told(tmp_path, files, "paper-contradicts")
    assert len(lines) == 7
    assert all("expected 'Title 9'" in line for line in lines)


def test_of_two_records_of_an_image_the_first_is_right(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """All records but the first that name an image are told, and that one."""
    monkeypatch.setattr("builder.read.collect.RECORDS_A_BUCKET", 1)
    files = {f"PMC1__{n}": record(f"PMC1__{n}", filename="a.png") for n in range(8)}
    lines = told(tmp_path, files, "image-twice")
    assert len(lines) == 7
    assert all("figures/PMC1__0.md names it too" in line for line in lines)


def test_expected_doi_is_that_of_the_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A record without the DOI of its paper is told that of the first record that has one."""
    monkeypatch.setattr("builder.read.collect.RECORDS_A_BUCKET", 1)
    files = {f"PMC1__{n}": record(f"PMC1__{n}", doi="10.1000/1" if n else None) for n in range(8)}
    (line,) = told(tmp_path, files, "paper-contradicts")
    assert "figures/PMC1__1.md" in line
