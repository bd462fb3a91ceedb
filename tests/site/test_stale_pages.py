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
OLD: Row = {"year": "2001", "organisms": ["Homo sapiens"]}
NEW: Row = {"year": "2021", "organisms": ["Mus musculus"]}


def figure(figid: str, **fields: Any) -> str:
    """Return a record of a paper of its own."""
    return record(figid, pmcid=figid.partition("__")[0], **fields)


def source_of(root: Path) -> Path:
    """Write the site before a change: genes often seen together, a chemical, a model, several types of figure."""
    files = {f"PMC{i}__x": figure(f"PMC{i}__x", genes=[gene("AKT1", "207"), *MANY]) for i in range(1, 4)}
    files |= {
        "PMC8__a": figure("PMC8__a", genes=[gene("AKT1", "207")], figtype="Figure", **OLD),
        "PMC9__b": figure("PMC9__b", chemicals=RAPAMYCIN, wpid="WP1", figtype="Scheme", **NEW),
    }
    return write_site(root, files, SETTINGS)


def edit(source: Path, name: str, **fields: Any) -> None:
    """Write a record anew."""
    (source / f"figures/{name}.md").write_text(figure(name, **fields), encoding="utf-8")


def move(source: Path) -> None:
    """Move a record's file into a folder: its page says where it is edited."""
    (source / "figures/sub").mkdir()
    (source / "figures/PMC8__a.md").rename(source / "figures/sub/PMC8__a.md")


def change_places(source: Path) -> None:
    """Give two figures each other's year and organism: the newer one is again the one of mice."""
    edit(source, "PMC8__a", genes=[gene("AKT1", "207")], figtype="Figure", **NEW)
    edit(source, "PMC9__b", chemicals=RAPAMYCIN, wpid="WP1", figtype="Scheme", **OLD)


def another_article_url(source: Path) -> None:
    """Name papers by other addresses, in the downloads too."""
    (source / "site.yml").write_text(f"{SETTINGS}article_url: https://papers.example/{{pmcid}}\n", encoding="utf-8")


RAPAMYCIN: list[Row] = [{"word": "rapamycin", "source": "MESH", "identifier": "D020123"}]

CHANGES: dict[str, tuple[Callable[[Path], None], str]] = {
    "one more partner, not among those named": (
        lambda s: edit(s, "PMC8__a", genes=[gene("AKT1", "207"), gene("ZZZ3", "26009")], figtype="Figure", **OLD),
        "genes/AKT1.html",
    ),
    "two figures change places": (change_places, "json/listFiguresByOrganism.json"),
    "another model": (
        lambda s: edit(s, "PMC9__b", chemicals=RAPAMYCIN, wpid="WP2", figtype="Scheme", **NEW),
        "wikipathways/index.html",
    ),
    "another type of figure": (
        lambda s: edit(s, "PMC8__a", genes=[gene("AKT1", "207")], figtype="Scheme", **OLD), "browse/index.html",
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


def test_gene_of_the_smallest_id_has_the_plain_name(tmp_path: Path) -> None:
    """Of two genes whose symbols differ by case the one of the smaller id, 999 before 1000, has the plain name."""
    genes = [gene("Mar1", "1000"), gene("MAR1", "999")]
    source = write_site(tmp_path / "source", {"PMC1__a": figure("PMC1__a", genes=genes)}, SETTINGS)
    assert build(source, tmp_path / "out", tmp_path / "cache").code == 0
    names = {path.name for path in (tmp_path / "out/genes").glob("[Mm][Aa][Rr]1*")}
    assert names == {"MAR1.html", "Mar1.1000.html"}


@pytest.mark.parametrize("name", ["_redirects", "_headers"])
def test_redirect_from_a_file_that_servers_read(tmp_path: Path, name: str) -> None:
    """No stub stands where a host looks for its rules: what is in it would be taken for these."""
    source = write_site(tmp_path / "source", {"PMC1__a": figure("PMC1__a", redirect_from=f"/{name}/a")}, SETTINGS)
    ran = build(source, tmp_path / "out", tmp_path / "cache")
    assert "alias-collision" in ran.err
    assert not (tmp_path / "out" / name).exists()


def test_files_of_a_killed_build_leave_the_cache(tmp_path: Path) -> None:
    """What a build keeps for its own workers goes with the next build, if that one was killed."""
    source = source_of(tmp_path / "source")
    assert build(source, tmp_path / "out", tmp_path / "cache").code == 0
    left = [tmp_path / f"cache/{kind}-4000000000.msgpack" for kind in ("atlas", "keys")]
    for path in left:
        path.write_bytes(b"half")
    edit(source, "PMC8__a", genes=[])
    assert build(source, tmp_path / "out", tmp_path / "cache").code == 0
    assert not any(path.exists() for path in left)
