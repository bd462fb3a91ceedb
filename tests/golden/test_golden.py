"""A site of a dozen records that cover every branch comes out as the stored tree says.

Where a change of pages is wanted: ``make golden``, and review the difference.
"""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING, NamedTuple

import pytest

from builder.model import Figure
from builder.read.bucket import read_text
from tests.golden.renew import WARNINGS, stored
from tests.golden.tree import EXPECTED, SITE, build_golden, stored_tree
from tests.support.jsonld import check_graph, read_blocks
from tests.support.links import check_site

if TYPE_CHECKING:
    from pathlib import Path


WANTED = stored(EXPECTED)


class Built(NamedTuple):
    """The golden site, built here and now."""

    out: Path
    files: dict[str, str]
    """In the form in which they are stored."""
    warnings: str


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Built:
    """Return the golden site, built here and now."""
    out, warnings = build_golden(tmp_path_factory.mktemp("golden"))
    return Built(out, stored_tree(out), warnings)


def test_every_file_is_there(built: Built) -> None:
    """The site has the stored files, no more and no less."""
    assert sorted(built.files) == sorted(WANTED)


@pytest.mark.parametrize("path", sorted(WANTED))
def test_file_is_as_stored(path: str, built: Built) -> None:
    """A file has the stored contents; if that is no longer wanted, run ``make golden``."""
    found, wanted = built.files.get(path, ""), WANTED[path]
    difference = difflib.unified_diff(wanted.splitlines(), found.splitlines(), "stored", "built", n=1, lineterm="")
    assert found == wanted, "\n".join(difference)


def test_warnings_are_as_stored(built: Built) -> None:
    """The build warns of what is odd in the golden site, and of nothing else."""
    assert built.warnings == (EXPECTED.parent / WARNINGS).read_text(encoding="utf-8")


def test_links_of_the_golden_site(built: Built) -> None:
    """Every link of the golden site leads to a file."""
    assert check_site(built.out, "https://golden.example/pfocr/") == []


def test_structured_data_of_the_golden_site(built: Built) -> None:
    """Every JSON-LD block of the golden site uses schema.org as it should."""
    for path in sorted(built.out.rglob("*.html")):
        documents, errors = read_blocks(path.read_text(encoding="utf-8"))
        assert errors == []
        assert [e for d in documents for e in check_graph(d)] == [], path


def test_golden_records_cover_every_field() -> None:
    """Each field that a record can have is filled by one golden record and empty in another."""
    figures = []
    for path in sorted((SITE / "figures").glob("*.md")):
        figure, _ = read_text(path.read_text(encoding="utf-8"), path.name)
        assert figure is not None
        figures.append(figure)
    for field in set(Figure.__struct_fields__) - {"figid", "pmcid", "taxa"}:  # taxa stand in tables beside records
        assert any(getattr(f, field) for f in figures), field
        assert not all(getattr(f, field) for f in figures), field


def test_stored_tree_is_small() -> None:
    """The stored tree can be reviewed: no file above 100 kB, less than 600 kB in all."""
    sizes = [len(text.encode()) for text in WANTED.values()]
    assert max(sizes) < 100_000
    assert sum(sizes) < 600_000
