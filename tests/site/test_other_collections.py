"""Collections that are not of PubMed Central, nor of human genes: what pages, structured data and texts say of them."""

from __future__ import annotations

import gzip
import re
from typing import TYPE_CHECKING, Any

import pytest

from builder.read.bucket import read_text
from builder.read.terms import terms_of
from tests.site.building import build, gene, in_process, record, write_site
from tests.site.test_odd_sites import html, made
from tests.support.jsonld import extract
from tests.unit.collection import columns_of

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    ("organism", "technique"), [("Homo sapiens", "Optical character recognition"), ("Oryza sativa", "By hand")]
)
def test_texts_of_a_site_without_human_genes(tmp_path: Path, organism: str, technique: str) -> None:
    """The texts that come with figpages speak of human genes, and of reading words, where there are such."""
    settings = f"title: T\ndefault_organism: {organism}\nmeasurement_technique: {technique}\n"
    fields: dict[str, Any] = {"organisms": [organism], "genes": [gene("HD3A", "1"), gene("GHD7", "2")]}
    out = made(tmp_path, {"LAB1__a": record("LAB1__a", **fields)}, settings)
    pages = ("about.html", "help.html", "cite.html", "download.html", "explore/index.html")
    said = " ".join((out / page).read_text(encoding="utf-8") for page in pages)
    words = ("as HER2 does to ERBB2", "Drugst.One", "Hanspers", "data-human", "The words in a figure are read")
    assert [word in said for word in words] == [organism == "Homo sapiens"] * len(words)
    assert "gene:HD3A" in said or "gene:GHD7" in said
    assert f'organism:"{organism}"' in said.replace("&#34;", '"')


def graph_of(page: Path) -> dict[str, dict[str, Any]]:
    """Return the structured data of a page by type."""
    return {n["@type"]: n for d in extract(page.read_text(encoding="utf-8")) for n in d["@graph"]}


def test_papers_and_images_on_other_servers(tmp_path: Path) -> None:
    """Address templates of hosts other than PubMed Central's are for papers of any identifier; its own for its own."""
    own = {"hal-1__a": record("hal-1__a", pmcid="hal-1", filename="a.png")}
    settings = "article_url: https://hal.example/{pmcid}\nimage_url: https://img.example/{pmcid}/{filename}\n"
    out = made(tmp_path / "own", own, settings)
    page = html(out / "figures/hal-1__a.html")
    assert [(a.text(), a.attributes["href"]) for a in page.css(".pub .links a")] == [
        ("Article", "https://hal.example/hal-1")
    ]
    assert [i.attributes["src"] for i in page.css(".plate img")] == ["https://img.example/hal-1/a.png"]
    nodes = graph_of(out / "figures/hal-1__a.html")
    assert nodes["ScholarlyArticle"]["@id"] == "https://hal.example/hal-1"
    turtle = gzip.decompress(next(out.glob("downloads/*.ttl.gz")).read_bytes()).decode()
    assert "<https://hal.example/hal-1>" in turtle
    page = html(made(tmp_path / "usual", own) / "figures/hal-1__a.html")
    assert not page.css(".pub .links a")
    assert not page.css(".plate img")


@pytest.mark.parametrize(
    ("fields", "kind"),
    [
        ({"papertitle": None}, "CreativeWork"),
        ({"doi": "10.1000/1"}, "ScholarlyArticle"),
        ({"reftext": "Doe J. Cell. 2020;1:2."}, "ScholarlyArticle"),
        ({"pmcid": "PMC7"}, "ScholarlyArticle"),
    ],
)
def test_figure_of_no_paper(tmp_path: Path, fields: dict[str, Any], kind: str) -> None:
    """Where a record names no paper, structured data and RDF do not speak of a scholarly article."""
    figid = f"{fields.get('pmcid', 'thesis')}__a"
    given: dict[str, Any] = {"pmcid": "thesis", "papertitle": None, **fields}
    out = made(tmp_path, {figid: record(figid, **given)})
    kinds = graph_of(out / f"figures/{figid}.html").keys() & {"CreativeWork", "ScholarlyArticle"}
    assert kinds == {kind}
    turtle = gzip.decompress(next(out.glob("downloads/*.ttl.gz")).read_bytes()).decode()
    assert set(re.findall(r"schema:(CreativeWork|ScholarlyArticle)\b", turtle)) == {kind}


def test_short_descriptions_say_what_the_figure_has(tmp_path: Path) -> None:
    """A description that is too short for search engines is filled up with what was recognised in that very figure."""
    files = {
        "PMC1__a": record("PMC1__a", caption="短い。", genes=[gene("TP53", "7157")]),
        "PMC1__b": record("PMC1__b", caption="Short"),
    }
    out = made(tmp_path, files)
    assert graph_of(out / "figures/PMC1__a.html")["Dataset"]["description"].startswith("短い。 Genes recognised in")
    assert graph_of(out / "figures/PMC1__b.html")["Dataset"]["description"].startswith("Short. A figure of: ")
    out = made(tmp_path / "bare", {"ok": record("ok", caption=None, figtitle=None, papertitle=None)})
    assert len(graph_of(out / "figures/ok.html")["Dataset"]["description"]) >= 50


@pytest.mark.parametrize("said", [["CC0 1.0", "free for teaching"], ["free for teaching"], "free for teaching"])
def test_licences_of_which_one_is_unknown(tmp_path: Path, said: list[str] | str) -> None:
    """Where one licence of a record is not understood the page claims none: it may be the one that counts."""
    fields: dict[str, Any] = {"schema-jsonld": {"license": said}}
    out = made(tmp_path, {"PMC1__a": record("PMC1__a", **fields)})
    assert "license" not in graph_of(out / "figures/PMC1__a.html")["Dataset"]


@pytest.mark.parametrize(
    ("settings", "own", "text", "address"),
    [
        ("", None, "", ""),
        ("", "CC BY-NC 4.0", "CC BY-NC 4.0", "https://creativecommons.org/licenses/by-nc/4.0/"),
        ("", "https://creativecommons.org/licenses/by-sa/3.0/", "CC BY-SA 3.0", "https://creativecommons.org/licenses/by-sa/3.0/"),
        ("", "https://creativecommons.org/publicdomain/zero/1.0/", "CC0 1.0", "https://creativecommons.org/publicdomain/zero/1.0/"),
        ("", "https://example.org/terms", "example.org/terms", "https://example.org/terms"),
        ("", "ask the artist", "ask the artist", ""),
        ("image_license: CC BY 4.0", None, "CC BY 4.0", "https://creativecommons.org/licenses/by/4.0/"),
        ("image_license: CC BY 4.0", "CC0", "CC0", "https://creativecommons.org/publicdomain/zero/1.0/"),
    ],
)  # fmt: skip
def test_licence_of_an_image(tmp_path: Path, settings: str, own: str | None, text: str, address: str) -> None:
    """The page names the licence of its image, the record's or the site's, and structured data its address."""
    out = made(tmp_path, {"PMC1__a": record("PMC1__a", image_license=own, filename="a.jpg")}, settings + "\n")
    page = html(out / "figures/PMC1__a.html")
    shown = [p.text().strip() for p in page.css(".pub p") if p.text().startswith("Image:")]
    assert shown == ([f"Image: {text}"] if text else [])
    links = [(a.text(), a.attributes["href"]) for a in page.css(".pub a[rel~=license]")]
    assert links == [(text, address)] * bool(address)
    image = graph_of(out / "figures/PMC1__a.html")["ImageObject"]
    assert image.get("license", "") == address


def test_licence_of_an_image_that_is_not_there(tmp_path: Path) -> None:
    """Where no image is shown, what the record says of its licence is not lost."""
    out = made(tmp_path, {"lab__a": record("lab__a", pmcid="lab", image_license="CC BY 4.0", filename=None)})
    page = html(out / "figures/lab__a.html")
    assert not page.css(".pub a[rel~=license]")
    assert "CC BY 4.0" in " ".join(dl.text() for dl in page.css(".record"))


SITE = {"@type": "Organization", "name": "T"}
ADA = {"@type": "Person", "name": "Ada Love", "givenName": "Ada", "familyName": "Love"}
BOB = {"@type": "Person", "@id": "http://orcid.org/0000-0002-1825-0098", "name": "Bob"}


@pytest.mark.parametrize(
    ("said", "creator", "kept"),
    [
        ({"creator": {"@type": "Person", "givenName": "Ada", "familyName": "Love"}}, ADA, ()),
        ({"creator": {"@list": [{"@type": "schema:Person", "name": "Cy"}]}}, {"@type": "Person", "name": "Cy"}, ()),
        ({"creator": {"@id": BOB["@id"], "name": "Bob"}}, BOB, ()),
        (
            {"creator": {**BOB, "email": "b@e.org", "affiliation": {"name": "An institute"}, "url": "no address"}},
            {**BOB, "email": "b@e.org", "affiliation": [{"@type": "Organization", "name": "An institute"}]},
            (),
        ),
        ({"creator": {"@type": "Person", "nick": "Ada"}}, None, ('{"@type":"Person","nick":"Ada"}',)),
        ({"keywords": {"a": "b"}, "description": {"d": "e"}}, SITE, ('"a":"b"', '"d":"e"')),
        ({"name": "Another name"}, SITE, ("Another name",)),
        ({"name": "CreativeWork"}, SITE, ()),
    ],
)  # fmt: skip
def test_structured_data_of_a_record_is_not_lost(
    tmp_path: Path, said: dict[str, Any], creator: dict[str, Any] | None, kept: tuple[str, ...]
) -> None:
    """What a curator says of a figure's makers is said, or shown as it was written; nobody else is named instead."""
    schema: dict[str, Any] = {"schema-jsonld": said}
    out = made(tmp_path, {"PMC1__a": record("PMC1__a", **schema)}, "title: T\n")
    assert graph_of(out / "figures/PMC1__a.html")["Dataset"].get("creator") == creator
    more = " ".join(dl.text() for dl in html(out / "figures/PMC1__a.html").css(".record"))
    assert [text for text in ("nick", '"a"', '"d"', "Another name", "CreativeWork", "Ada") if text in more] == [
        text for text in ("nick", '"a"', '"d"', "Another name", "CreativeWork", "Ada") if text in " ".join(kept)
    ]


def test_keywords_that_are_defined_terms(tmp_path: Path) -> None:
    """A keyword given as a term of a vocabulary goes by its name."""
    schema: dict[str, Any] = {"schema-jsonld": {"keywords": [{"@type": "DefinedTerm", "name": "Apoptosis"}, "p53"]}}
    out = made(tmp_path, {"PMC1__a": record("PMC1__a", **schema)})
    assert graph_of(out / "figures/PMC1__a.html")["Dataset"]["keywords"] == ["Apoptosis", "p53"]


def test_tables_and_organisms_in_a_site_folder(tmp_path: Path) -> None:
    """What stands in ``_data`` and ``_organisms`` is read beside ``figures/`` as beside ``_figures/``."""
    source = write_site(tmp_path / "site", {"LAB1__a": record("LAB1__a", genes=[])})
    (source / "_data").mkdir()
    (source / "_data/LAB1__a-chemicals.tsv").write_text("word\tname\tchebi\nATP\tATP\tchebi:15422\n", encoding="utf-8")
    (source / "_organisms").mkdir()
    told = "---\nlatin: Homo sapiens\ncommon: human\nncbi: '9606'\ntitle: Human figures\n---\n"
    (source / "_organisms/human.md").write_text(told, encoding="utf-8")
    assert build(source, tmp_path / "out", tmp_path / "cache").code == 0
    assert [e.text() for e in html(tmp_path / "out/figures/LAB1__a.html").css(".extras .names")] == ["ATP"]
    assert [e.text() for e in html(tmp_path / "out/organisms/homo_sapiens.html").css("h1")] == ["Human figures"]


def test_folder_of_images_that_is_not_read(tmp_path: Path) -> None:
    """A missing image is not looked for where none is read, and the check says why."""
    root = tmp_path / "checkout"
    for name, text in (
        ("_figures/LAB1__a.md", record("LAB1__a", pmcid="LAB1", filename="a.png")),
        ("images/a.png", ""),
    ):
        (root / name).parent.mkdir(parents=True)
        (root / name).write_text(text, encoding="utf-8")
    told = [line for line in in_process("check", "--source", root).out.splitlines() if "FP118" in line]
    assert len(told) == 1
    assert "that folder is read beside a site.yml or a folder figures/ alone" in told[0]
    (root / "site.yml").write_text("title: T\n", encoding="utf-8")
    assert "FP118" not in in_process("check", "--source", root).out


def test_texts_of_a_site_without_genes(tmp_path: Path) -> None:
    """Pages do not explain what no figure has, nor are its empty indexes in the sitemap."""
    out = made(tmp_path, {"LAB1__a": record("LAB1__a", pmcid="LAB1", genes=[], organisms=[])}, "title: T\n")
    said = " ".join((out / page).read_text(encoding="utf-8") for page in ("help.html", "download.html"))
    words = (
        "AKT1",
        "gene sets",
        "rarest genes",
        "gene-mentions.parquet",
        "chemicals and diseases that were recognised",
    )
    assert [word for word in words if word in said] == []
    sitemap = (out / "sitemap-1.xml").read_text(encoding="utf-8")
    assert "/browse/" in sitemap
    assert "/genes/" not in sitemap
    assert "/organisms/" not in sitemap


def test_identifiers_that_are_not_of_ncbi_gene(tmp_path: Path) -> None:
    """The structured data of a figure, which the script reads for its tables, has other ids of genes too."""
    out = made(tmp_path, {"LAB1__a": record("LAB1__a", pmcid="LAB1", genes=[gene("COP1", "AT2G32950")])})
    mentioned = graph_of(out / "figures/LAB1__a.html")["Dataset"]["mentions"]
    assert [(node["@type"], node["name"], node["identifier"]) for node in mentioned] == [("Gene", "COP1", "AT2G32950")]


def test_paper_that_is_known_by_its_doi_alone(tmp_path: Path) -> None:
    """A page that leads to a paper does not say that there is none."""
    fields = {"pmcid": "LAB1", "papertitle": "", "reftext": "", "journal_title": ""}
    page = html(made(tmp_path / "a", {"LAB1__a": record("LAB1__a", **fields, doi="10.1/x")}) / "figures/LAB1__a.html")
    assert [a.text() for a in page.css(".pub .links a")] == ["doi:10.1/x"]
    assert not page.css(".pub .empty")
    assert html(made(tmp_path / "b", {"LAB1__a": record("LAB1__a", **fields)}) / "figures/LAB1__a.html").css(
        ".pub .empty"
    )


def test_collection_in_another_language(tmp_path: Path) -> None:
    """What the records say is of the site's language, and what the pages say around it of their own."""
    own = {"LAB1__a": record("LAB1__a", pmcid="LAB1", caption="Eine Legende.", body="Ein Text.")}
    out = made(tmp_path / "de", own, "title: T\nlanguage: de\n")
    page = html(out / "figures/LAB1__a.html")
    assert [e.attributes["lang"] for e in page.css("html")] == ["en"]
    said = {e.text().strip() for e in page.css("[lang=de]")}
    assert {"Title of LAB1__a", "Eine Legende.", "Ein Text."} <= said
    assert html(made(tmp_path / "en", own) / "figures/LAB1__a.html").css("body [lang]") == []


def test_figures_are_found_by_identifiers() -> None:
    """The identifiers of chemicals and diseases are words of a figure in the search."""
    chemicals = [{"word": "ATP", "source": "CHEBI", "identifier": "CHEBI:15422"}]
    chemicals += [{"word": "Salt", "source": "PUBCHEM", "identifier": "5793"}]
    diseases = [{"word": "Covid", "source": "MONDO", "identifier": "0100096"}]
    fields: dict[str, Any] = {"pmcid": "LAB1", "chemicals": chemicals, "diseases": diseases}
    figure, problems = read_text(record("LAB1__a", **fields), "LAB1__a.md")
    assert problems == []
    assert figure is not None
    packed = terms_of([figure], columns_of([figure])).words
    assert all(word in packed.data for word in (b"15422", b"chebi", b"0100096", b"mondo", b"5793", b"pubchem"))
