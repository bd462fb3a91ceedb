"""Changes that reach few pages in a way of their own: each of those pages is made anew, as a clean build makes it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.site.building import build, gene, record, tree, write_site

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

SETTINGS = "title: T\nurl: https://example.org/\nedit_url: https://edit.example/{file}\n"
MANY = [gene(f"P{i}", str(100 + i)) for i in range(30)]
"""More partners of a gene than its page names."""

Row = dict[str, Any]


def figure(figid: str, **fields: Any) -> str:
    """Return a record of a paper of its own."""
    return record(figid, pmcid=figid.partition("__")[0], **fields)


def source_of(root: Path) -> Path:
    """Write the site before a change: genes often seen together, a chemical, a model, several types of figure."""
    files = {f"PMC{i}__x": figure(f"PMC{i}__x", genes=[gene("AKT1", "207"), *MANY]) for i in range(1, 4)}
    files |= {
        "PMC8__a": figure("PMC8__a", genes=[gene("AKT1", "207")], figtype="Figure"),
        "PMC9__b": figure("PMC9__b", chemicals=RAPAMYCIN, wpid="WP1", figtype="Scheme"),
    }
    return write_site(root, files, SETTINGS)


def edit(source: Path, name: str, **fields: Any) -> None:
    """Write a record anew."""
    (source / f"figures/{name}.md").write_text(figure(name, **fields), encoding="utf-8")


def move(source: Path) -> None:
    """Move a record's file into a folder: its page says where it is edited."""
    (source / "figures/sub").mkdir()
    (source / "figures/PMC8__a.md").rename(source / "figures/sub/PMC8__a.md")


def another_article_url(source: Path) -> None:
    """Name papers by other addresses, in the downloads too."""
    (source / "site.yml").write_text(f"{SETTINGS}article_url: https://papers.example/{{pmcid}}\n", encoding="utf-8")


RAPAMYCIN: list[Row] = [{"word": "rapamycin", "source": "MESH", "identifier": "D020123"}]

CHANGES: dict[str, tuple[Callable[[Path], None], str]] = {
    "one more partner, not among those named": (
        lambda s: edit(s, "PMC8__a", genes=[gene("AKT1", "207"), gene("ZZZ3", "26009")], figtype="Figure"),
        "genes/AKT1.html",
    ),
    "another model": (
        lambda s: edit(s, "PMC9__b", chemicals=RAPAMYCIN, wpid="WP2", figtype="Scheme"), "wikipathways/index.html",
    ),
    "another type of figure": (
        lambda s: edit(s, "PMC8__a", genes=[gene("AKT1", "207")], figtype="Scheme"), "browse/index.html",
    ),
    "another place of the file": (move, "figures/PMC8__a.html"),
    "other addresses of papers": (another_article_url, "downloads/pfocr.ttl.gz"),
}  # fmt: skip


@pytest.mark.parametrize("name", CHANGES)
def test_page_that_the_change_reaches(tmp_path: Path, name: str) -> None:
    """The build after the change leaves what a clean one does, and the page that it reaches is another than before."""
    change, reached = CHANGES[name]
    source, out = source_of(tmp_path / "source"), tmp_path / "out"
    assert build(source, out, tmp_path / "cache").code == 0
    before = tree(out)
    change(source)
    assert build(source, out, tmp_path / "cache").code == 0
    assert build(source, tmp_path / "clean", tmp_path / "clean-cache").code == 0
    now = tree(out)
    assert now == tree(tmp_path / "clean")
    assert now[reached] != before[reached]


def test_link_in_the_place_of_a_page(tmp_path: Path) -> None:
    """A link to a file of the same bytes, which could change them, does not stay in the place of a page."""
    source, out = source_of(tmp_path / "source"), tmp_path / "out"
    assert build(source, out, tmp_path / "cache").code == 0
    page, elsewhere = out / "figures/PMC8__a.html", tmp_path / "elsewhere.html"
    page.rename(elsewhere)
    page.symlink_to(elsewhere)
    edit(source, "PMC1__x", genes=[gene("AKT1", "207")])
    assert build(source, out, tmp_path / "cache").code == 0
    assert page.is_file()
    assert not page.is_symlink()


def test_chemical_that_gains_an_identifier(tmp_path: Path) -> None:
    """The page of a chemical names the identifier that a table gives it since, though no list shows anything else."""
    row = "rapamycin\tmesh:D020123\trapamycin\tSirolimus\t{}\n"
    table = "word\tmesh\tmatch\tname\tchebi\n" + row
    name = "_data/PMC9__b-chemicals.tsv"
    files = {"_figures/PMC9__b.md": figure("PMC9__b"), name: table.format("NA")}
    source, out = write_site(tmp_path / "source", files, "title: T\nurl: https://example.org/\n"), tmp_path / "out"
    (source / "figures").rmdir()
    assert build(source, out, tmp_path / "cache").code == 0
    (source / name).write_text(table.format("chebi:9168"), encoding="utf-8")
    assert build(source, out, tmp_path / "cache").code == 0
    assert build(source, tmp_path / "clean", tmp_path / "clean-cache").code == 0
    assert tree(out) == tree(tmp_path / "clean")
    assert b"CHEBI:9168" in (out / "chemicals/mesh.D020123.html").read_bytes()
