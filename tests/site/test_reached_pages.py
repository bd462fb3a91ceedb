"""Changes that one page shows in a way of its own: of words, chemicals, diseases, organisms, figures beyond a limit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from PIL import Image

from builder import pipeline
from builder.options import Options
from tests.site.building import build, gene, record, tree, write_site
from tests.site.test_stale_pages import figure

if TYPE_CHECKING:
    from pathlib import Path

Row = dict[str, Any]
LIMITED = "title: T\nurl: https://example.org/\nlisting_limit: 1\n"
A, B = gene("AKT1", "207"), gene("TP53", "7157")
RAPA: Row = {"word": "rapa", "source": "MESH", "identifier": "D020123"}
FLU: Row = {"word": "flu", "source": "MESH", "identifier": "D007251"}
SEVERAL = [A, B, gene("AKT1", "207", "Akt"), gene("Akt1", "11651", organism="Mus musculus")]
OTHERS = {
    "PMC1__o": figure("PMC1__o", genes=SEVERAL, year="2011"),
    "PMC2__o": figure("PMC2__o", genes=[A, B], chemicals=[RAPA], year="2012"),
    "PMC3__o": figure("PMC3__o", genes=[A, B], diseases=[FLU], year="2013", organisms=["xenopus laevis"]),
    "PMC4__o": figure("PMC4__o", organisms=["Xenopus Laevis"], year="2003"),
}


def named(row: Row, name: str, word: str = "") -> Row:
    """Return a mention by a name, and by another word."""
    return row | {"name": name} | ({"word": word} if word else {})


def read_as(word: str) -> Row:
    """Return what a figure has of a gene that one word is read as."""
    return {"genes": [gene("AKT1", "207", word)]}


def drugs(count: int) -> Row:
    """Return what a figure has of a chemical that so many words are read as."""
    return {"chemicals": [named(RAPA, "Sirolimus", f"r{i:02}") for i in range(count)]}


SIROLIMUS: Row = {"chemicals": [named(RAPA, "Sirolimus")]}
RAPAMUNE: Row = {"chemicals": [named(RAPA, "Rapamune")]}
CASES: dict[str, tuple[Row, Row, str]] = {
    "year beyond the limit": ({"genes": [A], "year": "2001"}, {"genes": [A], "year": "2002"}, "genes/AKT1.html"),
    "paper beyond the limit": ({"genes": [A]}, {"genes": [A], "pmcid": "PMC1"}, "genes/AKT1.html"),
    "another word": (read_as("Akt-1"), read_as("PKB a"), "genes/AKT1.html"),
    "word in one more figure": ({"genes": [A]}, {"genes": [A, gene("AKT1", "207", "Akt")]}, "genes/AKT1.html"),
    "another word, in the index": (read_as("Akt-1"), read_as("Pkba"), "genes/index.html"),
    "another word, to filter": (read_as("Akt-1"), read_as("Pkba"), "genes/names.json"),
    "another word, on the home page": (read_as("Akt-1"), read_as("Pkba"), "index.html"),
    "another word of a chemical": (
        {"chemicals": [named(RAPA, "Sirolimus", "sirol")]}, {"chemicals": [named(RAPA, "Sirolimus", "rapamycin")]},
        "chemicals/mesh.D020123.html",
    ),
    "one more word of a chemical than is named": (drugs(62), drugs(63), "chemicals/mesh.D020123.html"),
    "year of a chemical beyond the limit": (
        {"chemicals": [RAPA], "year": "2001"}, {"chemicals": [RAPA], "year": "2002"}, "chemicals/mesh.D020123.html",
    ),
    "another name of a chemical": (SIROLIMUS, RAPAMUNE, "chemicals/mesh.D020123.html"),
    "another name of a chemical, in another figure": (SIROLIMUS, RAPAMUNE, "figures/PMC2__o.html"),
    "another name of a disease, in another figure": (
        {"diseases": [named(FLU, "Flu")]}, {"diseases": [named(FLU, "Grippe")]}, "figures/PMC3__o.html",
    ),
    "spelling of an organism": (
        {"organisms": ["Xenopus laevis"]}, {"organisms": ["xenopus laevis"]}, "browse/2013.html",
    ),
    "organism of which nothing is known": (
        {"organisms": ["Felis catus"]}, {"organisms": ["Lynx lynx"]}, "json/listOrganisms.json",
    ),
    "one more mention of a disease": ({"diseases": [FLU]}, {"diseases": [FLU, FLU]}, "downloads/datapackage.json"),
    "type of a figure": ({"figtype": "Figure"}, {"figtype": "Scheme"}, "browse/index.html"),
    "model that goes": ({"wpid": "WP1"}, {"wpid": ""}, "browse/index.html"),
    "model that goes, and its address": ({"wpid": "WP1"}, {"wpid": ""}, "redirects.json"),
}  # fmt: skip


def figure_x(fields: Row) -> str:
    """Return the record that changes."""
    return record("PMC9__x", **({"pmcid": "PMC9"} | fields))


def assert_reached(source: Path, root: Path, change: tuple[str, str], reached: str) -> None:
    """Build, change a file, and build: all is as a clean build leaves it, and a page is another than before."""
    out, (name, text) = root / "out", change
    assert build(source, out, root / "cache").code == 0
    before = tree(out)
    (source / name).write_text(text, encoding="utf-8")
    assert build(source, out, root / "cache").code == 0
    assert build(source, root / "clean", root / "clean-cache").code == 0
    now, clean = tree(out), tree(root / "clean")
    assert clean[reached] != before[reached]
    assert [path for path in clean if now.get(path) != clean[path]] == []


@pytest.mark.parametrize("name", CASES)
def test_page_that_a_change_of_one_record_reaches(tmp_path: Path, name: str) -> None:
    """What one record says is made anew wherever it is told."""
    fields, after, reached = CASES[name]
    source = write_site(tmp_path / "source", OTHERS | {"PMC9__x": figure_x(fields)}, LIMITED)
    assert_reached(source, tmp_path, ("figures/PMC9__x.md", figure_x(after)), reached)


def test_link_to_an_organism_that_no_figure_names_any_more(tmp_path: Path) -> None:
    """A gene's page does not lead to its organism's page once there is none, though its figures are as they were."""
    fish = ["Danio rerio"]
    files = {"PMC1__a": figure("PMC1__a", genes=[A], organisms=fish), "PMC2__b": figure("PMC2__b")}
    source, page = write_site(tmp_path / "source", files, LIMITED), tmp_path / "out/genes/AKT1.html"
    assert build(source, tmp_path / "out", tmp_path / "cache").code == 0
    assert "/organisms/homo_sapiens.html" in page.read_text("utf-8")
    (source / "figures/PMC2__b.md").write_text(figure("PMC2__b", organisms=fish), encoding="utf-8")
    assert build(source, tmp_path / "out", tmp_path / "cache").code == 0
    assert "/organisms/homo_sapiens.html" not in page.read_text("utf-8")


MOUSE = "---\nlatin: Mus musculus\ncommon: mouse\ngroup: Rodents\nncbi: '10090'\ntitle: Mice\n---\n"


@pytest.mark.parametrize(
    ("old", "new", "reached"),
    [
        ("title: Mice", "title: Of mice", "organisms/mus_musculus.html"),
        ("10090", "10092", "genes/Mus_musculus/Akt1.html"),
        ("10090", "10092", "downloads/pfocr.ttl.gz"),
        ("10090", "10092", "json/listOrganisms.json"),
        ("group: Rodents", "group: Mammals", "figures/PMC1__a.html"),
        ("group: Rodents", "group: Mammals", "json/listOrganisms.json"),
        ("group: Rodents", "group: Mammals", "organisms/index.html"),
        ("common: mouse", "common: house mouse", "organisms/index.html"),
        ("common: mouse", "common: house mouse", "json/listFiguresByOrganism.json"),
    ],
)
def test_what_is_told_of_an_organism(tmp_path: Path, old: str, new: str, reached: str) -> None:
    """What the file of an organism says is on every page and in every download that tells it."""
    genes = [gene("Akt1", "11651", organism="Mus musculus"), gene("AKT1", "207", organism="Homo sapiens")]
    own = figure("PMC1__a", genes=genes, organisms=["Mus musculus"])
    files = {"_figures/PMC1__a.md": own, "_organisms/m.md": MOUSE}
    source = write_site(tmp_path / "source", files, "title: T\nurl: https://example.org/\n")
    (source / "figures").rmdir()
    assert_reached(source, tmp_path, ("_organisms/m.md", MOUSE.replace(old, new)), reached)


@pytest.mark.parametrize("setting", ["known_organisms: [Imaginaria vulgaris]", "rules: {organism-unknown: off}"])
def test_check_after_another_setting(tmp_path: Path, setting: str) -> None:
    """A check after a change of settings alone tells what they ask for, not what the check before kept."""
    files = {"PMC1__a": record("PMC1__a", organisms=["Imaginaria vulgaris"])}
    source = write_site(tmp_path / "source", files, "title: T\n")
    options = Options(source, tmp_path / "out", tmp_path / "cache", jobs=1)
    before = {p.rule for p in pipeline.check(options).problems}
    (source / "site.yml").write_text(f"title: T\n{setting}\n", encoding="utf-8")
    assert before - {p.rule for p in pipeline.check(options).problems} == {"organism-unknown"}


def test_image_that_alone_changed(tmp_path: Path) -> None:
    """An image that is exchanged for one of as many bytes and pixels is published, though nothing else changed."""
    source = write_site(tmp_path / "source", {"PMC1__a": record("PMC1__a", filename="a.bmp")}, "title: T\n")
    image = source / "images/a.bmp"
    image.parent.mkdir()
    for colour in ("red", "blue"):
        Image.new("RGB", (40, 6), colour).save(image)
        assert build(source, tmp_path / "out", tmp_path / "cache").code == 0
        assert (tmp_path / "out/images/a.bmp").read_bytes() == image.read_bytes()
