"""A checkout of PFOCR is published as it is: mentions from tables, many organisms, chemicals, diseases, models.

The pages of its own kinds are stored in ``expected``; where a change of them is wanted: ``make golden``.
"""

from __future__ import annotations

import difflib
import shutil
from typing import TYPE_CHECKING, NamedTuple

import pytest
from selectolax.lexbor import LexborHTMLParser

from tests.golden.renew import WARNINGS, stored
from tests.golden.tree import CHECKOUT, CHECKOUT_EXPECTED, build_golden, stored_checkout
from tests.site.building import build, record, tree, write_site
from tests.support.jsonld import check_html, extract
from tests.support.links import check_site

if TYPE_CHECKING:
    from pathlib import Path

WANTED = stored(CHECKOUT_EXPECTED)
URL = "https://pfocr.example/"


class Built(NamedTuple):
    """The checkout, built here and now."""

    out: Path
    files: dict[str, str]
    warnings: str

    def page(self, path: str) -> LexborHTMLParser:
        """Return a page."""
        return LexborHTMLParser((self.out / path).read_text(encoding="utf-8"))

    def links(self, path: str, selector: str) -> dict[str, str]:
        """Return the links of a part of a page: address by text."""
        return {a.text().strip(): a.attributes["href"] or "" for a in self.page(path).css(selector)}

    def words(self, path: str, selector: str) -> list[str]:
        """Return the texts of the parts of a page, white space evened out."""
        return [" ".join(n.text(separator=" ").split()) for n in self.page(path).css(selector)]


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Built:
    """Return the checkout, built here and now."""
    out, warnings = build_golden(tmp_path_factory.mktemp("checkout"), CHECKOUT)
    return Built(out, stored_checkout(out), warnings)


def test_pages_are_as_stored(built: Built) -> None:
    """Every page of the checkout's own kinds has the stored contents, and every path is there; if not: make golden."""
    differences = [
        line
        for path in sorted(WANTED.keys() | built.files.keys())
        for line in difflib.unified_diff(
            WANTED.get(path, "").splitlines(), built.files.get(path, "").splitlines(), path, "built", n=0, lineterm=""
        )
    ]
    assert differences == []


def test_nothing_is_wrong_with_it(built: Built) -> None:
    """No table, map, record or file of another program is complained of."""
    assert built.warnings == (CHECKOUT_EXPECTED.parent / WARNINGS).read_text(encoding="utf-8") == ""


def test_links_resolve_and_structured_data_holds(built: Built) -> None:
    """Every link leads to a file, and every JSON-LD block uses schema.org as it should."""
    assert check_site(built.out, URL) == []
    faults = {p.name: e for p in built.out.rglob("*.html") if (e := check_html(p.read_text(encoding="utf-8")))}
    assert faults == {}


def test_config_of_jekyll_names_the_site(built: Built) -> None:
    """Title, description and address come from _config.yml, and absent values reach no page."""
    home = (built.out / "index.html").read_text(encoding="utf-8")
    assert "<h1>Pathway Figure OCR</h1>" in home
    assert "Published pathway figures, and what stands in them." in home
    assert 'href="https://pfocr.example/"' in home
    for path, text in built.files.items():
        assert "na.character" not in text, path


def test_genes_of_one_symbol_are_apart_by_organism(built: Built) -> None:
    """AKT1 of man, mouse and rat are pages in their organisms' folders that name each other; fly Akt is not one."""
    same = {
        path: built.links(f"genes/{path}.html", ".gene > .links a")
        for path in ("AKT1", "Mus_musculus/Akt1", "Rattus_norvegicus/Akt1", "Drosophila_melanogaster/Akt")
    }
    human, mouse, rat, fly = same.values()
    assert human["Mus musculus (Akt1)"] == "/genes/Mus_musculus/Akt1.html"
    assert human["Rattus norvegicus (Akt1)"] == "/genes/Rattus_norvegicus/Akt1.html"
    assert mouse["Homo sapiens (AKT1)"] == "/genes/AKT1.html"
    assert rat["Mus musculus"] == "/genes/Mus_musculus/Akt1.html"
    assert not [text for text in fly if "sapiens" in text or "musculus" in text]


def test_symbols_that_differ_by_case_have_pages_of_their_own(built: Built) -> None:
    """Fly dl and Dl are two pages whose names differ by more than case, each with its own NCBI Gene id."""
    found = sorted(p.name for p in (built.out / "genes/Drosophila_melanogaster").glob("[dD]l*"))
    assert len({name.casefold() for name in found}) == len(found) == 2
    ids = {built.words(f"genes/Drosophila_melanogaster/{name}", ".meta")[0].split()[-1] for name in found}
    assert ids == {"35047", "42313"}


def test_figure_names_the_organisms_of_its_genes(built: Built) -> None:
    """A figure of several organisms names them with their groups in the order of its genes."""
    assert built.words("figures/PMC2000001__g001.html", ".of li") == ["Homo sapiens Primates", "Mus musculus Rodents"]
    assert len(built.words("figures/PMC2000010__many.html", ".of li")) == 20
    assert built.words("figures/PMC2000003__g.1.5.html", ".of li") == []
    assert set(built.links("figures/PMC2000010__many.html", ".meta a")) >= {"Pan troglodytes", "Mus musculus"}


def test_organisms_stand_by_group(built: Built) -> None:
    """The index has the groups of tables and of _organisms, and an organism's page its figures, genes and identity."""
    groups = built.words("organisms/index.html", "h2")
    assert {"Primates 5", "Rodents 5", "Fungi 1", "Insects 1"} <= set(groups)
    assert groups[-1].startswith("Other organisms")
    assert built.words("organisms/drosophila_melanogaster.html", ".meta")[0] == "fruit fly · Insects"
    genes = built.links("organisms/drosophila_melanogaster.html", ".genelist a")
    assert all(href.startswith("/genes/Drosophila_melanogaster/") for href in genes.values())
    assert set(genes) == {"Akt", "dl", "Dl", "Egfr"}


def test_organisms_have_title_and_picture(built: Built) -> None:
    """What a file calls an organism heads its page, beside its picture."""
    assert built.words("organisms/mus_musculus.html", "h1") == ["Mouse pathways"]
    assert "Mus musculus" in built.words("organisms/mus_musculus.html", ".lead")[0]
    assert built.words("organisms/homo_sapiens.html", "h1 i") == ["Homo sapiens"]
    (picture,) = built.page("organisms/homo_sapiens.html").css("img.portrait")
    assert picture.attributes["src"] == "/thumbs/organisms/homo_sapiens.png.webp"
    assert (picture.attributes["width"], picture.attributes["height"]) == ("40", "30")
    assert (built.out / "images/organisms/homo_sapiens.png").is_file()
    assert len(built.page("organisms/mus_musculus.html").css("img.portrait")) == 1


def test_an_organism_has_a_picture_of_the_checkout_alone(tmp_path: Path) -> None:
    """A picture outside the checkout, a drawing with scripts and what is no picture are left out; a new one counts."""
    source = shutil.copytree(CHECKOUT, tmp_path / "source")
    images = source / "assets/img"
    (tmp_path / "fly.png").write_bytes((images / "homo_sapiens.png").read_bytes())
    (images / "drosophila_melanogaster.png").unlink()
    (images / "drosophila_melanogaster.png").symlink_to(tmp_path / "fly.png")
    (images / "yeast.svg").write_text("<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>", encoding="utf-8")
    (images / "notes.txt").write_text("", encoding="utf-8")
    names = {"saccharomyces_cerevisiae": "yeast.svg", "mus_musculus": "notes.txt", "homo_sapiens": "../../../fly.png"}
    for name, image in names.items():
        path = source / f"_organisms/{name}.md"
        path.write_text(path.read_text(encoding="utf-8").replace(f"{name}.png", image), encoding="utf-8")
    ran = build(source, tmp_path / "out", tmp_path / "cache")
    assert sorted(line.split("source/")[1].split(":")[0] for line in ran.err.splitlines()) == [
        "_organisms/drosophila_melanogaster.md", "_organisms/homo_sapiens.md",
        "assets/img/notes.txt", "assets/img/yeast.svg",
    ]  # fmt: skip
    assert not (tmp_path / "out/images").exists()
    (images / "drosophila_melanogaster.png").unlink()
    shutil.copy(tmp_path / "fly.png", images / "drosophila_melanogaster.png")
    assert build(source, tmp_path / "out", tmp_path / "cache").code == 0
    page = (tmp_path / "out/organisms/drosophila_melanogaster.html").read_text(encoding="utf-8")
    assert "/thumbs/organisms/drosophila_melanogaster.png.webp" in page
    assert [p.name for p in (tmp_path / "out/images/organisms").iterdir()] == ["drosophila_melanogaster.png"]


def test_chemicals_and_diseases_have_pages(built: Built) -> None:
    """Mentions of one identifier have one page with links to vocabularies, whatever table or record they stand in."""
    glucose = built.links("figures/PMC2000001__g001.html", ".extras a")["glucose"]
    assert built.links("figures/PMC2000003__g.1.5.html", ".extras a")["glucose"] == glucose
    assert built.links("figures/PMC2000011__plain.html", ".extras a")["Glucose"] == glucose
    out = built.links("chemicals/mesh.D007328.html", ".links a")
    assert out == {
        "MeSH D007328": "https://bioregistry.io/mesh:D007328",
        "ChEBI CHEBI:145810": "https://bioregistry.io/chebi:145810",
    }
    # An id of the Disease Ontology that always stands with one MeSH id is that disease.
    diabetes = built.links("figures/PMC2000012__dis.html", ".extras a")["DM"]
    assert diabetes == built.links("figures/PMC2000001__g001.html", ".extras a")["diabetes"]
    assert built.links("diseases/doid.1612.html", ".links a")["Disease Ontology DOID:1612"].endswith("/doid:1612")
    index = built.links("diseases/index.html", ".genelist a")
    assert [name for name in index if name.casefold() == "walker-warburg syndrome"] == ["Walker-Warburg syndrome"]


def test_models_come_from_records_and_maps(built: Built) -> None:
    """The pages of WikiPathways and NDEx list the figures with a model; a record's own goes before the map's."""
    models = built.links("wikipathways/index.html", ".list a:last-child")
    assert set(models) == {"WikiPathways WP5283", "WikiPathways WP254", "WikiPathways WP100", "WikiPathways WP200"}
    assert len(built.links("ndex/index.html", ".list > li > a:first-of-type")) == 3
    assert built.links("figures/PMC2000014__wp2.html", ".extras a")["WikiPathways WP200"].endswith("/WP200.html")


def test_paper_is_told_whole(built: Built) -> None:
    """DOI, journal, publisher and keywords stand on the page and in its structured data."""
    path = "figures/PMC2000001__g001.html"
    text = " ".join(built.words(path, ".pub"))
    assert "Journal of Tests · Test Press" in text
    assert "Keywords: AKT, insulin, signal transduction" in text
    assert built.links(path, ".pub a")["doi:10.1000/test.1"] == "https://doi.org/10.1000/test.1"
    (document,) = extract((built.out / path).read_text(encoding="utf-8"))
    article = next(n for n in document["@graph"] if n["@type"] == "ScholarlyArticle")
    assert article["isPartOf"]["name"] == "Journal of Tests"
    assert article["keywords"] == ["AKT", "insulin", "signal transduction"]
    assert article["sameAs"] == "https://doi.org/10.1000/test.1"


def test_an_edited_table_makes_its_figure_anew(tmp_path: Path) -> None:
    """After a table, a map or an organism was edited, added or removed, the site is that of a clean build."""
    source = shutil.copytree(CHECKOUT, tmp_path / "source")
    data = source / "_data"
    build(source, tmp_path / "out", tmp_path / "cache")

    def rewrite(name: str, old: str, new: str) -> None:
        path = data / name
        path.write_text(path.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")

    rewrite("PMC2000013__wp-genes.tsv", "AKT1\t207", "AKT2\t208")
    ran = build(source, tmp_path / "out", tmp_path / "cache")
    assert ran.code == 0
    page = (tmp_path / "out/figures/PMC2000013__wp.html").read_text(encoding="utf-8")
    assert "/genes/AKT2.html" in page
    assert "/genes/AKT1.html>AKT1</a>" not in page.partition("<section id=genes")[2].partition("</section>")[0]
    rewrite("wpid_map.tsv", "WP200", "WP201")
    (data / "PMC2000012__dis-diseases.tsv").unlink()
    (data / "PMC2000005__none-chemicals.tsv").write_text("word\tmesh\nwater\tmesh:D014867\n", encoding="utf-8")
    fly = source / "_organisms/drosophila_melanogaster.md"
    fly.write_text(fly.read_text(encoding="utf-8").replace("Insects", "Arthropods"), encoding="utf-8")
    assert build(source, tmp_path / "out", tmp_path / "cache").code == 0
    assert build(source, tmp_path / "clean", tmp_path / "other").code == 0
    assert tree(tmp_path / "out") == tree(tmp_path / "clean")


@pytest.mark.parametrize(
    ("old", "new"),
    [("group: Primates", "group: Mammals"), ("ncbi: '9606'", "ncbi: '1'"), ("common: human", "common: people")],
)
def test_what_is_told_of_an_organism_reaches_its_pages(tmp_path: Path, old: str, new: str) -> None:
    """After an edit of the default organism's file a build leaves what a clean one leaves."""
    source = tmp_path / "source"
    shutil.copytree(CHECKOUT, source)
    out, cache = tmp_path / "out", tmp_path / "cache"
    assert build(source, out, cache).code == 0
    organism = source / "_organisms/homo_sapiens.md"
    text = organism.read_text("utf-8")
    assert old in text
    organism.write_text(text.replace(old, new), encoding="utf-8")
    assert build(source, out, cache).code == 0
    assert build(source, tmp_path / "clean", tmp_path / "other").code == 0
    assert tree(out) == tree(tmp_path / "clean")


def test_a_renamed_table_is_seen(tmp_path: Path) -> None:
    """A table that becomes one of another kind, with the size and time that it had, is read as what its name says."""
    source = tmp_path / "source"
    (source / "_data").mkdir(parents=True)
    write_site(source, {"_figures/PMC1__a.md": record("PMC1__a")})
    (source / "figures").rmdir()
    table = source / "_data/PMC1__a-chemicals.tsv"
    table.write_text("word\tmesh\tmatch\tname\ncancer\tmesh:D009369\tcancer\tNeoplasms\n", encoding="utf-8")
    out, cache = tmp_path / "out", tmp_path / "cache"
    assert build(source, out, cache).code == 0
    table.rename(source / "_data/PMC1__a-diseases.tsv")
    assert build(source, out, cache).code == 0
    assert build(source, tmp_path / "clean", tmp_path / "other").code == 0
    assert tree(out) == tree(tmp_path / "clean")
    assert (out / "diseases").is_dir()


def test_a_table_reaches_its_own_figure_alone(tmp_path: Path) -> None:
    """An edited word of a table makes one figure page anew, and leaves those of other figures as they are."""
    source = shutil.copytree(CHECKOUT, tmp_path / "source")
    build(source, tmp_path / "out", tmp_path / "cache")
    before = {p: p.stat().st_mtime_ns for p in (tmp_path / "out/figures").glob("*.html")}
    path = source / "_data/PMC2000001__g001-chemicals.tsv"
    path.write_text(path.read_text(encoding="utf-8").replace("glucose\tmesh", "Glucose!\tmesh"), encoding="utf-8")
    build(source, tmp_path / "out", tmp_path / "cache")
    changed = {p.name for p, mtime in before.items() if p.stat().st_mtime_ns != mtime}
    assert changed == {"PMC2000001__g001.html"}
