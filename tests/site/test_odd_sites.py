"""Sites of odd records and odd settings: every page is made, every link leads somewhere."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET

import pytest
from PIL import Image
from selectolax.lexbor import LexborHTMLParser

from builder.read.pages import read_pages
from tests.site.building import build, gene, record, tree, write_site
from tests.support.jsonld import check_graph, extract
from tests.support.links import check_site

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

ATOM = "{http://www.w3.org/2005/Atom}"


def made(root: Path, files: Mapping[str, str | bytes], settings: str = "title: Odd\n", *, quiet: bool = True) -> Path:
    """Return the output of a build that has no error and, if quiet, no warning; every link of it resolves."""
    source = write_site(root / "source", files, settings)
    ran = build(source, root / "out", root / "cache")
    assert ran.code == 0, ran.err
    if quiet:
        assert ran.err == ""
    assert check_site(root / "out") == []
    return root / "out"


def html(path: Path) -> LexborHTMLParser:
    """Return a page as a browser parses it."""
    return LexborHTMLParser(path.read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    "fields", [{}, {"genes": [gene("TP53", "7157")]}, {"genes": [gene("Trp53", "22059", organism="Mus musculus")]}]
)
def test_record_without_organisms(tmp_path: Path, fields: dict[str, Any]) -> None:
    """Where no figure names an organism, gene pages do not link to a page that is not there."""
    made(tmp_path, {"PMC1__a": record("PMC1__a", organisms=None, **fields)})


def test_figure_is_of_the_organisms_that_its_genes_name(tmp_path: Path) -> None:
    """A figure whose genes name the mouse is one of the mouse, whether or not its record lists it: as with tables."""
    own = [gene("TP53", "7157"), gene("Trp53", "22059", organism="Mus musculus")]
    site = made(tmp_path, {"PMC1__a": record("PMC1__a", genes=own), "PMC1__b": record("PMC1__b")})
    assert "PMC1__a.html" in (site / "organisms/mus_musculus.html").read_text(encoding="utf-8")
    assert "PMC1__b.html" not in (site / "organisms/mus_musculus.html").read_text(encoding="utf-8")
    links = {a.text(): a.attributes.get("href") for a in html(site / "figures/PMC1__a.html").css(".meta a")}
    assert links["Mus musculus"] == "/organisms/mus_musculus.html"
    assert links["Homo sapiens"] == "/organisms/homo_sapiens.html"


def test_organism_in_two_spellings(tmp_path: Path) -> None:
    """Two records that spell an organism with other case are both published, with no clash of paths."""
    out = made(
        tmp_path,
        {
            "PMC1__a": record(
                "PMC1__a", organisms=["Mus musculus"], genes=[gene("Trp53", "22059", organism="Mus musculus")]
            ),
            "PMC1__b": record(
                "PMC1__b", organisms=["mus musculus"], genes=[gene("Trp53", "22059", organism="mus musculus")]
            ),
        },
        quiet=False,
    )
    assert {"PMC1__a.html", "PMC1__b.html"} <= {p.name for p in (out / "figures").iterdir()}


@pytest.mark.parametrize(
    "year", ["\u00b2\u2070\u00b2\u2070", "in press", "20200", "0000", "\u0662\u0660\u0662\u0660", "2020a", "-2020"]
)
def test_year_that_is_none(tmp_path: Path, year: str) -> None:
    """A year of other characters than four digits is shown as it is and counts as unknown; the feed stays valid."""
    out = made(tmp_path, {"PMC1__a": record("PMC1__a", year=year)})
    assert year in (out / "figures/PMC1__a.html").read_text(encoding="utf-8")
    dates = [e.text or "" for e in ET.fromstring((out / "feed.xml").read_bytes()).iter(f"{ATOM}updated")]
    assert all(re.fullmatch(r"[0-9]{4}-01-01T00:00:00Z", d) for d in dates)


def test_no_records_at_all(tmp_path: Path) -> None:
    """An empty collection is a site too; that it is empty is told, as the source may be a wrong folder."""
    out = made(tmp_path, {}, quiet=False)
    ran = build(tmp_path / "source", out, tmp_path / "cache", "--strict")
    assert ran.code == 1
    assert ran.err.startswith(f"{tmp_path}/source/figures:1:1: error: found no records, expected files that end in .md")
    assert "0" in (html(out / "index.html").body or LexborHTMLParser("")).text()


def test_a_site_without_an_address_is_told_of(tmp_path: Path) -> None:
    """Canonical links to the maker's own machine are not published unawares; whoever asks for them is not told."""
    source = write_site(tmp_path / "source", {"PMC1__a": record("PMC1__a")}, "title: T\n")
    for _ in range(2):  # the second finds nothing to do
        ran = build(source, tmp_path / "out", tmp_path / "cache")
        assert "Note: canonical links" in ran.out
        assert "http://localhost:8000/" in ran.out
    for url in ("http://localhost:8000/", "https://example.org/"):
        assert "Note: canonical" not in build(source, tmp_path / "out", tmp_path / "cache", "--url", url).out
    write_site(tmp_path / "source", {}, "title: T\nurl: https://figpages.example/\n")
    assert "Note: canonical links" in build(source, tmp_path / "out", tmp_path / "cache").out
    write_site(tmp_path / "source", {}, "title: T\nurl: https://example.org/\n")
    assert "Note: canonical" not in build(source, tmp_path / "out", tmp_path / "cache").out


def test_data_under_a_licence_that_nobody_chose_are_told_of(tmp_path: Path) -> None:
    """Data that are not free are not given away unawares; whoever says that they are is not told each time."""
    note = "Note: the data are published under CC0 1.0; set license in site.yml"
    source = write_site(tmp_path / "source", {"PMC1__a": record("PMC1__a")}, "title: T\n")
    for _ in range(2):  # the second finds nothing to do
        assert note in build(source, tmp_path / "out", tmp_path / "cache").out
    for given in ("license: CC0 1.0", "license: CC BY 4.0", "license: ''\nlicense_url: ''"):
        write_site(tmp_path / "source", {}, f"title: T\n{given}\n")
        assert "published under" not in build(source, tmp_path / "out", tmp_path / "cache").out


def test_one_figure_without_anything(tmp_path: Path) -> None:
    """A record of figid and pmcid alone has a page without empty links or pictures, called by its figid."""
    out = made(tmp_path, {"PMC1__a": "---\nfigid: PMC1__a\npmcid: PMC1\n---\n"})
    page = html(out / "figures/PMC1__a.html")
    assert [n.text() for n in page.css("h1")] == ["PMC1__a"]
    assert page.css("img") == []
    assert [e for d in extract((out / "figures/PMC1__a.html").read_text()) for e in check_graph(d)] == []


def test_collection_without_genes(tmp_path: Path) -> None:
    """Where no figure has genes, organisms, chemicals or diseases no page speaks of them, until one has."""
    own = {f"PMC1__{n}": record(f"PMC1__{n}", organisms=None) for n in "ab"}
    out = made(tmp_path, own, "title: Odd\ntagline: Cells.\ncitation: Odd, cited\n")
    assert "downloads/gene-mentions" not in (out / "download.html").read_text()
    for page in ("index", "figures/PMC1__a", "explore/index", "statistics/index", "browse/2020"):
        body = html(out / f"{page}.html").body
        assert body is not None
        assert [a.text() for a in body.css("header nav a")] == ["Browse", "Explore", "Download"]
        for table in body.css(".downloads, table"):  # tells of the columns of a table
            table.decompose()
        assert re.findall(r"(?i)\b(?:gene|organism|chemical|disease|lexicon)s?\b", body.text()) == []
    for page in ("about", "help", "cite", "404"):
        body = html(out / f"{page}.html").body
        assert body is not None
        assert re.findall(r"/genes/|/organisms/|(?i:\bpathway)|HGNC|<!--", body.html or "") == []
    assert "How words become genes" not in (out / "about.html").read_text()
    assert "Odd, cited" in (out / "cite.html").read_text()
    assert '"genes"' not in json.dumps(extract((out / "index.html").read_text())[0]["@graph"])
    assert " genes" not in (out / "statistics/index.html").read_text()
    genes, drug = [gene("TP53", "7157")], [{"word": "ATP", "source": "MeSH", "identifier": "D000255"}]
    some: dict[str, dict[str, Any]] = {"c": {"genes": genes}, "d": {"chemicals": drug}}
    for name, fields in some.items():
        write_site(tmp_path / "source", {f"PMC1__{name}": record(f"PMC1__{name}", organisms=None, **fields)})
        assert build(tmp_path / "source", out, tmp_path / "cache").code == 0
        assert build(tmp_path / "source", tmp_path / f"clean{name}", tmp_path / f"cache{name}").code == 0
        assert tree(out) == tree(tmp_path / f"clean{name}")
        nav = [a.text() for a in html(out / "figures/PMC1__a.html").css("header nav a")]
        assert nav == ["Genes", "Browse", "Explore", "Download"]
    assert "How words become genes" in (out / "about.html").read_text()
    headings = [h.text() for h in html(out / "figures/PMC1__a.html").css("#genes h2, .extras h2")]
    assert headings == ["Genes", "Chemicals"]


def test_parts_of_text_pages(tmp_path: Path) -> None:
    """Parts on what a site has none of are left out wherever they stand, and a citation is text, not Markdown."""
    part = "<!-- {0} -->\n{1}<!-- /{0} -->"
    inner = part.format("organisms", "of organisms\n") + "\n"
    text = f"{part.format('organisms', 'shown ' + chr(10) + inner)}\n{part.format('genes', inner)}"
    page = f"---\ntitle: Team\n---\n{text}\n<!-- citation -->  \n{part.format('chemicals', 'of chemicals' + chr(10))}"
    settings = "title: T\ncitation: '1. *Ann* [x](y) _z_'\n"
    out = made(tmp_path, {"PMC1__a": record("PMC1__a"), "pages/team.md": page}, settings)
    (main,) = html(out / "team.html").css("main")
    assert main.text(separator=" ").split() == ["Team", "shown", "of", "organisms", "1.", "*Ann*", "[x](y)", "_z_"]
    assert html(out / "figures/PMC1__a.html").css("#genes, .extras") == []  # but an organism


@pytest.mark.parametrize("fence", ["```", "~~~~"])
def test_code_in_text_pages(tmp_path: Path, fence: str) -> None:
    """In a block of code parts and citations are shown as they are written; around it they are what they are."""
    code = "<!-- genes -->\nof genes\n<!-- /genes -->\n<!-- citation -->"
    page = f"---\ntitle: Team\n---\n{fence}\n{code}\n{fence}\n\n{code}\n"
    settings = "title: T\ncitation: Ann\n"
    out = made(tmp_path, {"PMC1__a": record("PMC1__a"), "pages/team.md": page}, settings)
    (block,) = html(out / "team.html").css("main pre")
    assert block.text().strip() == code
    (main,) = html(out / "team.html").css("main")
    assert main.text().count("of genes") == 1
    assert main.text().split()[-1] == "Ann"


def test_pmcid_that_is_none(tmp_path: Path) -> None:
    """A pmcid that PubMed Central cannot have issued gets no link to it."""
    out = made(
        tmp_path,
        {"PMC1__a": record("PMC1__a", pmcid="DEMO007", filename="x.jpg", figlink="pmc/articles/DEMO007/figure/x/")},
    )
    links = [n.attributes.get("href") or "" for n in html(out / "figures/PMC1__a.html").css("a")]
    assert not [x for x in links if "ncbi.nlm.nih.gov" in x or "europepmc" in x]


@pytest.mark.parametrize("ncbi", ["1e5", "n/a", "7157 ", "<b>", "../x", "0"])
def test_gene_id_that_is_none(tmp_path: Path, ncbi: str) -> None:
    """A gene whose NCBI Gene id is no number has a page, and no link to NCBI."""
    out = made(tmp_path, {"PMC1__a": record("PMC1__a", genes=[gene("TP53", ncbi)])})
    assert (out / "genes/TP53.html").exists()


def test_one_id_with_two_symbols(tmp_path: Path) -> None:
    """A gene has one page, under the symbol that most mentions give; figures show the symbol of their record."""
    files = {f"PMC1__{i}": record(f"PMC1__{i}", genes=[gene("NEW" if i else "OLD", "55")]) for i in range(3)}
    out = made(tmp_path, files)
    assert [p.name for p in (out / "genes").glob("*.html") if p.name != "index.html"] == ["NEW.html"]
    link = html(out / "figures/PMC1__0.html").css_first("#genes dd a")
    assert link is not None
    assert (link.text(), link.attributes["href"]) == ("OLD", "/genes/NEW.html")


def test_default_organism_named_or_not(tmp_path: Path) -> None:
    """A mention that names the default organism is of the same gene as one that names none."""
    rows = [gene("TP53", "7157"), gene("TP53", "7157", "p53", organism="Homo sapiens")]
    out = made(tmp_path, {"PMC1__a": record("PMC1__a", genes=rows)})
    assert [row[0] for row in json.loads((out / "genes/names.json").read_bytes())] == ["TP53"]


def test_other_default_organism(tmp_path: Path) -> None:
    """With another default organism its genes stand directly below genes/, and human ones in a folder."""
    rows = [gene("Trp53", "22059"), gene("TP53", "7157", organism="Homo sapiens")]
    out = made(tmp_path, {"PMC1__a": record("PMC1__a", genes=rows)}, "default_organism: Mus musculus\n")
    assert (out / "genes/Trp53.html").exists()
    assert (out / "genes/Homo_sapiens/TP53.html").exists()


def test_record_in_a_folder(tmp_path: Path) -> None:
    """A record in a folder of figures/ has the same address as elsewhere, and its edit link leads to its file."""
    out = made(
        tmp_path,
        {"figures/2020/sub dir/PMC1__a.md": record("PMC1__a")},
        "edit_url: https://example.org/edit/{file}?id={figid}\n",
    )
    links = [n.attributes.get("href") or "" for n in html(out / "figures/PMC1__a.html").css("a")]
    assert "https://example.org/edit/2020/sub%20dir/PMC1__a.md?id=PMC1__a" in links


def redirects(out: Path) -> dict[str, str]:
    """Return the redirects of a site, those with a parameter aside."""
    data: dict[str, str] = json.loads((out / "redirects.json").read_bytes())
    return {a: t for a, t in data.items() if "?" not in a}


def test_page_wins_over_a_redirect(tmp_path: Path) -> None:
    """Whatever page of the site a redirect is put on, the page is kept, the redirect is in no map, and it is told."""
    genes = [gene("TP53", "7157"), gene("Trp53", "22059", organism="Mus musculus")]
    files = {f"PMC1__{i}": record(f"PMC1__{i}", genes=genes) for i in range(4)}
    plain = made(tmp_path / "plain", files, "listing_page: 2\n")
    moved = {a[1:] + "index.html" * a.endswith("/") for a in redirects(plain)}
    assert {"json/index.html", "search.html", "browse/filters.html", "browse/organisms.html"} <= moved
    pages = sorted(p for p in tree(plain) if p.endswith(".html"))
    assert {
        "genes/TP53.p2.html",
        "genes/letters/T.html",
        "browse/2020.p2.html",
        "genes/Mus_musculus/Trp53.html",
    } <= set(pages)
    clashing = {**files, "PMC1__0": record("PMC1__0", genes=genes, redirect_from=[f"/{p}" for p in pages])}
    source = write_site(tmp_path / "source", clashing, "listing_page: 2\n")
    ran = build(source, tmp_path / "out", tmp_path / "cache")
    assert redirects(tmp_path / "out") == redirects(plain)
    stubs = {p for p in pages if b"http-equiv=refresh" in (tmp_path / "out" / p).read_bytes()}
    assert stubs == moved
    assert f"{len(pages)} in all" in ran.err


def test_redirect_from_two_spellings(tmp_path: Path) -> None:
    """Of stubs that differ only by case, one is published, so that no disk has to choose."""
    files = {"PMC1__a": record("PMC1__a", redirect_from="/Old"), "PMC1__b": record("PMC1__b", redirect_from="/old")}
    out = made(tmp_path, files, quiet=False)
    own = {a: t for a, t in redirects(out).items() if t.startswith("/figures/")}
    assert own == {"/Old.html": "/figures/PMC1__a.html"}


def test_maps_without_stubs(tmp_path: Path) -> None:
    """A site that asks for a server's map alone has no stubs, and the map has them all."""
    source = write_site(tmp_path / "source", {"PMC1__a": record("PMC1__a", redirect_from="/old")}, "redirects: nginx\n")
    assert build(source, tmp_path / "out", tmp_path / "cache").code == 0
    assert not (tmp_path / "out/old.html").exists()
    assert not (tmp_path / "out/_redirects").exists()
    assert not (tmp_path / "out/search.html").exists()
    lines = (tmp_path / "out/redirects.nginx.conf").read_text().splitlines()
    assert {'"/old" "/figures/PMC1__a.html";', '"/browse/table" "/browse/";', '"/json/" "/download.html";'} <= {*lines}


def test_lists_in_pages_with_a_limit(tmp_path: Path) -> None:
    """A gene page lists as many figures as the settings say, newest first, and always states the total."""
    files = {f"PMC1__{i}": record(f"PMC1__{i}", year=str(2000 + i), genes=[gene("TP53", "7157")]) for i in range(7)}
    out = made(tmp_path, files, "listing_page: 2\nlisting_limit: 5\n")
    pages = [html(out / f"genes/TP53{p}.html") for p in ("", ".p2", ".p3")]
    assert not (out / "genes/TP53.p4.html").exists()
    listed = [a.attributes["href"] for page in pages for a in page.css("ol.list li a")]
    assert listed == [f"/figures/PMC1__{i}.html" for i in range(6, 1, -1)]
    assert all("5 newest of 7" in (page.body.text() if page.body else "") for page in pages)
    assert all(page.css("a[href='/explore/?q=gene:%3DTP53']") for page in pages)
    starts = [node.attributes["start"] for page in pages for node in page.css("ol.list")]
    assert starts == ["1", "3", "5"]


def test_markdown_is_rendered_and_harmless(tmp_path: Path) -> None:
    """The body of a record and text pages may format, and may not run anything."""
    evil = (
        "# Head\n\n*soft* [link](/genes/) [out](https://example.org/)\n\n<script>alert(1)</script>"
        '<img src="/about.html" onerror="alert(2)"><a href="javascript:alert(3)">x</a><iframe src="/"></iframe>'
        '<style>body{display:none}</style><svg onload="alert(4)"></svg><form action="/"></form>'
        "\n\n| a |\n|---|\n| b |\n"
    )
    files = {"PMC1__a": record("PMC1__a", evil), "pages/more.md": f"---\ntitle: More\n---\n{evil}"}
    out = made(tmp_path, files)
    for path in ("figures/PMC1__a.html", "more.html"):
        prose = html(out / path).css_first(".prose")
        assert prose is not None
        text = prose.html or ""
        assert "<em>soft</em>" in text
        assert 'href="/genes/"' in text
        assert "<td" in text
        assert not re.search(r"<(script|iframe|style|svg|form)|on(error|load)=|javascript:", text)
        assert len(html(out / path).css("h1")) == 1


def test_only_what_the_page_shows_is_stated(tmp_path: Path) -> None:
    """Structured data of a demonstration claims no scholarly article, and no licence for the publisher's picture."""
    out = made(
        tmp_path,
        {
            "PMC1__a": record("PMC1__a", figtype="Demonstration"),
            "PMC2__b": record("PMC2__b", pmcid="PMC2", filename="b.jpg"),
        },
    )
    kinds = {n["@type"] for d in extract((out / "figures/PMC1__a.html").read_text()) for n in d["@graph"]}
    assert "ScholarlyArticle" not in kinds
    nodes = {n["@type"]: n for d in extract((out / "figures/PMC2__b.html").read_text()) for n in d["@graph"]}
    assert "license" not in nodes["ImageObject"]
    assert "author" not in nodes["ScholarlyArticle"]
    assert nodes["ScholarlyArticle"]["datePublished"] == "2020"


def test_letters_of_many_genes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A letter of many genes has pages that name each other; no redirect covers one; a long list of names is cut."""
    monkeypatch.setattr("builder.plan.plan.GENES_A_PAGE", 3)
    monkeypatch.setattr("builder.singles.GENES_A_PAGE", 3)
    monkeypatch.setattr("builder.singles.NAMES", 5)
    monkeypatch.setattr("builder.render.tables.NAMES", 5)
    genes = [gene(f"A{i}", str(100 + i)) for i in range(7)]
    genes += [gene("Trp53", "22059", organism="Mus musculus"), gene("Abc1", "1", organism="Mus musculus")]
    taken = "/genes/letters/A.p2"
    files = {
        "PMC1__a": record("PMC1__a", genes=genes, redirect_from=taken),
        "PMC1__b": record("PMC1__b", genes=genes[:2]),
    }
    out = tmp_path / "out"
    ran = build(write_site(tmp_path / "source", files), out, tmp_path / "cache")
    assert f"the redirect_from '{taken}', where a page of the site stands" in ran.err
    symbols, labels = [], set()
    for name in ("A.html", "A.p2.html", "A.p3.html"):
        page = LexborHTMLParser((out / "genes/letters" / name).read_text(encoding="utf-8"))
        symbols += [a.text() for a in page.css(".genelist a")]
        labels.add(tuple(a.text() for a in page.css("nav[aria-label^=Pages] a")))
        assert [a.attributes["href"] for a in page.css("nav[aria-label^=Pages] [aria-current]")] == [
            f"/genes/letters/{name}"
        ]
    assert symbols == [*(f"A{i}" for i in range(7)), "Abc1"]
    assert labels == {("A0", "A3", "A6")}
    assert not (out / "genes/letters/A.p4.html").exists()
    assert "Pages of" not in (out / "genes/letters/T.html").read_text(encoding="utf-8")
    assert "data-most=5" in (out / "genes/index.html").read_text(encoding="utf-8")
    assert [row[0] for row in json.loads((out / "genes/names.json").read_bytes())] == ["A0", "A1", "A2", "A3", "A4"]
    assert check_site(out) == []


def test_a_file_that_browsers_do_not_show(tmp_path: Path) -> None:
    """Of a TIFF the page shows a picture that the build made, which leads to the file and goes when it goes."""
    source = write_site(tmp_path / "source", {"PMC1__a": record("PMC1__a", filename="a.TIF")}, "title: T\n")
    (source / "images").mkdir()
    Image.new("RGB", (2000, 1000), "red").save(source / "images/a.TIF", format="TIFF")
    out = tmp_path / "out"
    assert build(source, out, tmp_path / "cache").code == 0
    (link,) = html(out / "figures/PMC1__a.html").css(".plate a")
    (shown,) = link.css("img")
    assert link.attributes["href"] == "/images/a.TIF"
    assert (shown.attributes["width"], shown.attributes["height"]) == ("1600", "800")
    with Image.open(out / str(shown.attributes["src"])[1:]) as picture:
        assert (picture.format, picture.size) == ("WEBP", (1600, 800))
    assert check_site(out) == []
    (source / "images/a.TIF").unlink()
    assert build(source, out, tmp_path / "cache").code == 0
    assert not (out / "thumbs").exists()


def test_picture_of_an_organism_among_the_images(tmp_path: Path) -> None:
    """A picture that cannot be shown, and is an image of the site as well as an organism's, is told of once."""
    organism = "---\ntitle: Human\nlatin: Homo sapiens\nimage: images/human.svg\n---\n"
    files = {
        "_figures/PMC1__a.md": record("PMC1__a"), "_organisms/human.md": organism,
        "images/human.svg": "<svg xmlns='http://www.w3.org/2000/svg'><script>1</script></svg>",
    }  # fmt: skip
    source = write_site(tmp_path / "source", files, "title: Odd\n")
    (source / "figures").rmdir()
    ran = build(source, tmp_path / "out", tmp_path / "cache")
    assert [line.split(" warning: ")[0] for line in ran.err.splitlines()] == [f"{source}/images/human.svg:1:1:"]


@pytest.mark.parametrize("where", ["out", "out/.cache", "out/a/b"])
def test_cache_in_the_output(tmp_path: Path, where: str) -> None:
    """A cache folder that a build would remove is refused before anything is written."""
    source, out, cache = (
        write_site(tmp_path / "source", {"PMC1__a": record("PMC1__a")}),
        tmp_path / "out",
        tmp_path / where,
    )
    ran = build(source, out, cache)
    assert ran.code == 1
    assert ran.err.startswith(f"Error: --cache {cache} lies in the output folder {out}, where a build would remove it")
    assert not out.exists()


def test_characters_that_no_page_can_hold_are_left_out_of_text_pages(tmp_path: Path) -> None:
    """Control characters, and those that turn the text behind them, reach no page."""
    path = tmp_path / "note.md"
    path.write_text('---\ntitle: "a\\0b"\ndescription: "c\\u202Ed"\n---\ne\x0bf\u202eg\n', encoding="utf-8")
    pages, problems = read_pages([(path, "note.md")], tmp_path / "none")
    assert [tuple(p) for p in pages] == [("note", "ab", "cd", "efg")]
    places = [(p.line, p.column, p.rule) for p in problems]
    assert places == [(line, column, "control-character") for line, column in ((2, 8), (3, 14), (5, 2))]


def test_a_copy_of_a_file_takes_nothing_away(tmp_path: Path) -> None:
    """A record that was duplicated before it is edited stays published: the copy is told of, and left out."""
    files = {"PMC1__a": record("PMC1__a"), "figures/PMC1__a copy.md": record("PMC1__a", figtitle="Copied")}
    source = write_site(tmp_path / "source", files, "title: T\n")
    ran = build(source, tmp_path / "out", tmp_path / "cache", "--keep-going")
    assert ran.code == 1
    assert "PMC1__a.md:" not in ran.err.replace("a copy.md", "").replace("of source/figures/PMC1__a.md", "")
    assert ran.err.count("figures/PMC1__a copy.md:") == 2
    assert "Title of PMC1__a" in (tmp_path / "out/figures/PMC1__a.html").read_text(encoding="utf-8")


def test_organism_whose_name_ends_in_a_stop(tmp_path: Path) -> None:
    """The sentence on its page ends in one stop."""
    site = made(tmp_path, {"PMC1__a": record("PMC1__a", organisms=["Medicago sativa L."])})
    lead = html(site / "organisms/medicago_sativa_l~2E.html").css_first(".lead")
    assert lead is not None
    assert lead.text().strip() == "1 figure of Medicago sativa L."


def test_groups_of_organisms_that_differ_by_case(tmp_path: Path) -> None:
    """Two spellings of a group of organisms are one group, with one page."""
    names = [f"Planta {a}{b}" for a in "abcdefghijklmno" for b in "abcdefghijklmno"]
    files = {f"_figures/PMC{i}__a.md": record(f"PMC{i}__a", organisms=[name]) for i, name in enumerate(names, 1)}
    for i, name in enumerate(names):
        files[f"_organisms/o{i}.md"] = f"---\nlatin: {name}\ngroup: {'Plants' if i % 2 else 'plants'}\n---\n"
    files |= {
        "_figures/PMC0__a.md": record("PMC0__a"),
        "_organisms/h.md": "---\nlatin: Homo sapiens\ngroup: Primates\n---\n",
    }
    source = write_site(tmp_path / "source", files)
    (source / "figures").rmdir()
    ran = build(source, tmp_path / "out", tmp_path / "cache")
    assert ran.code == 0, ran.err
    assert [path.name for path in (tmp_path / "out/organisms/groups").iterdir()] == ["plants.html"]
    page = (tmp_path / "out/organisms/groups/plants.html").read_text("utf-8")
    assert all(f">{name}<" in page for name in names)
    assert "/organisms/groups/plants.html<" in (tmp_path / "out/sitemap-1.xml").read_text("utf-8")
    old = record("PMC0__a", redirect_from="/organisms/groups/plants")
    (source / "_figures/PMC0__a.md").write_text(old, encoding="utf-8")
    ran = build(source, tmp_path / "out", tmp_path / "cache")
    assert ran.code == 0
    assert "_figures/PMC0__a.md" in ran.err
    assert "alias-collision" in ran.err
    assert (tmp_path / "out/organisms/groups/plants.html").read_text("utf-8") == page
