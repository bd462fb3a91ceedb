"""Small parts of pages: clipped texts, page numbers, charts, pictures' sizes, links out, structured data."""

from __future__ import annotations

import json
import re
from itertools import pairwise
from pathlib import Path
from types import SimpleNamespace
from xml.etree import ElementTree as ET

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from builder.model import compact_identifier
from builder.names import is_pmc
from builder.plan.cards import MOST_NAMED, figure_lanes, figure_links, gene_numbers, named, shown_lanes
from builder.plan.facts import FigureLinks
from builder.read.bucket import read_text
from builder.read.settings import Settings
from builder.read.tables import identifiers
from builder.render import mentions
from builder.render.atlas import address
from builder.render.charts import MOST_BARS, year_chart
from builder.render.engine import Engine
from builder.render.figure import figure_page
from builder.render.indexes import OrganismCount, organism_index_page
from builder.render.jsonld import document, fitting
from builder.render.lexicons import (
    LEXICONS,
    hgnc_href,
    lexicon,
    ncbi_gene_href,
    ndex_href,
    vocabulary,
    wikipathways_href,
)
from builder.render.listing import page_count, page_numbers
from builder.render.markdown import render_markdown
from builder.render.mentions import encoded
from builder.render.tables import bar_length
from builder.render.words import clip
from builder.singles import size_text
from builder.surroundings import program
from builder.urls import Urls, group_path
from tests.site.building import gene, record
from tests.unit.collection import atlas_of, catalog_of


@given(st.text(max_size=200), st.integers(10, 100))
def test_clip_never_grows(text: str, length: int) -> None:
    """A clipped text is no longer than asked for, and says where something is missing."""
    clipped = clip(text, length)
    assert len(clipped) <= length
    whole = " ".join(text.split())
    assert clipped == whole if len(whole) <= length else clipped.endswith("…")


@pytest.mark.parametrize(
    ("text", "length", "clipped"),
    [
        ("one two three", 20, "one two three"),
        ("one  two\nthree", 20, "one two three"),
        ("one two three", 10, "one two…"),
        ("one two, three", 10, "one two…"),
        ("onetwothreefour", 10, "onetwothr…"),
        ("a verylongword that goes on", 12, "a verylongw…"),
    ],
)
def test_clip(text: str, length: int, clipped: str) -> None:
    """A text is cut at a word where there is one near the end, else within the word."""
    assert clip(text, length) == clipped


@pytest.mark.parametrize(
    ("page", "pages", "numbers"),
    [
        (1, 1, [1]),
        (1, 2, [1, 2]),
        (3, 5, [1, 2, 3, 4, 5]),
        (1, 9, [1, 2, 0, 8, 9]),
        (5, 9, [1, 2, 0, 4, 5, 6, 0, 8, 9]),
        (9, 9, [1, 2, 0, 8, 9]),
        (50, 100, [1, 2, 0, 49, 50, 51, 0, 99, 100]),
    ],
)
def test_page_numbers(page: int, pages: int, numbers: list[int]) -> None:
    """The ends and the neighbourhood of a page are offered, gaps between them marked."""
    assert page_numbers(page, pages) == numbers


@given(st.integers(1, 200), st.integers(1, 200))
def test_page_numbers_are_sound(page: int, pages: int) -> None:
    """First, last, this page and its neighbours are always offered, in order, none twice, no gap beside a gap."""
    page = min(page, pages)
    found = page_numbers(page, pages)
    shown = [n for n in found if n]
    assert {1, pages, page, max(1, page - 1), min(pages, page + 1)} <= set(shown)
    assert shown == sorted(set(shown))
    assert (0, 0) not in pairwise(found)


def test_page_count() -> None:
    """An empty listing has one page, and a full page does not begin another."""
    assert [page_count(n, 500) for n in (0, 1, 500, 501)] == [1, 1, 1, 2]


def years(counts: dict[int, int]) -> tuple[list[str], list[tuple[str, int, str]]]:
    """Return titles of the bars of a chart, and the rows of its table."""
    chart = year_chart(counts, 'Figures of "x" <y>', lambda y: f"/browse/{y}.html")
    bars = [] if not chart.svg else [e.text or "" for e in ET.fromstring(quoted(str(chart.svg))).iter("title")]
    return bars, [(r.name, r.count, r.href) for r in chart.rows]


def quoted(svg: str) -> str:
    """Return HTML's SVG as XML, every attribute quoted."""
    return re.sub(r"=([^\"'\s>]+?)(?=[\s>]|/>)", r'="\1"', svg)


def test_year_chart() -> None:
    """Each year has a bar with its number and a row, newest first; the unknown year has a row alone."""
    bars, rows = years({2018: 3, 2020: 1200, 0: 7})
    assert bars == ["2018: 3", "2020: 1,200"]
    assert rows == [
        ("2020", 1200, "/browse/2020.html"),
        ("2018", 3, "/browse/2018.html"),
        ("unknown", 7, "/browse/0.html"),
    ]


@pytest.mark.parametrize("counts", [{}, {0: 3}])
def test_year_chart_of_nothing(counts: dict[int, int]) -> None:
    """Without a known year there is no drawing."""
    assert years(counts)[0] == []


@given(st.dictionaries(st.integers(1, 9999), st.integers(1, 100_000), min_size=1, max_size=30))
def test_year_chart_stays_in_its_frame(counts: dict[int, int]) -> None:
    """However far years lie apart, bars stay within the drawing, and old years are left to the table."""
    svg = str(year_chart(counts, "x", str).svg)
    root = ET.fromstring(quoted(svg))
    _, _, width, height = map(float, root.attrib["viewBox"].split())
    for bar in root.iter("rect"):
        x, y, w, h = (float(bar.attrib[k]) for k in ("x", "y", "width", "height"))
        assert x >= -0.1
        assert x + w <= width + 0.1
        assert y >= 0
        assert y + h <= height
    assert len(list(root.iter("rect"))) == sum(y > max(counts) - MOST_BARS for y in counts)


@given(st.text(max_size=300))
def test_fitting_descriptions(text: str) -> None:
    """A description for search engines has 50 to 5000 characters, whatever it is made from."""
    filler = "Genes, chemicals and diseases recognised in a figure of: PMC1"
    assert 50 <= len(fitting(text, filler)) <= 5000
    assert 50 <= len(fitting(text * 100, filler)) <= 5000


@given(st.text(max_size=50))
def test_structured_data_cannot_end_its_element(text: str) -> None:
    """No text gets out of the script element that holds it."""
    assert "<" not in document([{"name": text}])


@pytest.mark.parametrize(
    ("source", "identifier", "found"),
    [
        ("MESH", "D002118", ("MeSH", "D002118", "https://bioregistry.io/mesh:D002118")),
        ("MESH", "mesh:c535468", ("MeSH", "C535468", "https://bioregistry.io/mesh:C535468")),
        ("DOID", "DOID:162", ("Disease Ontology", "DOID:162", "https://bioregistry.io/doid:162")),
        ("DOID", "162", ("Disease Ontology", "DOID:162", "https://bioregistry.io/doid:162")),
        ("", "C0006142", ("", "C0006142", "")),
        ("PubChem", "PUBCHEM:5793", ("PubChem", "5793", "https://bioregistry.io/pubchem.compound:5793")),
        ("EFO", "EFO_0000311", ("EFO", "EFO:0000311", "https://bioregistry.io/efo:0000311")),
        ("OTHER", "5793", ("", "other:5793", "")),
        ("KEGG", "C00031", ("KEGG", "C00031", "https://bioregistry.io/kegg.compound:C00031")),
        ("KEGG", "H00031", ("", "kegg:H00031", "")),
        ("", "CHEBI:9168", ("ChEBI", "CHEBI:9168", "https://bioregistry.io/chebi:9168")),
        ("MESH", "D1<script>", ("", "mesh:D1<script>", "")),
        ("OMIM", "158350", ("OMIM", "158350", "https://bioregistry.io/omim:158350")),
        ("", "MONDO:0100096", ("Mondo", "MONDO:0100096", "https://bioregistry.io/mondo:0100096")),
        ("MONDO", "0100096", ("Mondo", "MONDO:0100096", "https://bioregistry.io/mondo:0100096")),
        ("", "MONDO:<b>", ("", "mondo:<b>", "")),
    ],
)
def test_vocabularies(source: str, identifier: str, found: tuple[str, str, str]) -> None:
    """Identifiers of known vocabularies lead there; others are shown as they are."""
    own = identifiers(source, identifier)
    known = f"mesh:{own.mesh}" if own.mesh else own.chebi or own.doid or compact_identifier(source, identifier)
    assert vocabulary(known) == found


def test_links_out() -> None:
    """Only what can be an identifier makes a link."""
    assert ncbi_gene_href("7157") == "https://www.ncbi.nlm.nih.gov/gene/7157"
    assert [ncbi_gene_href(n) for n in ("", "1e5", "x", "²", "7 1")] == [""] * 5
    assert hgnc_href("a/b c").endswith("/a%2Fb%20c")
    assert wikipathways_href("WP254").endswith("/WP254.html")
    assert [wikipathways_href(w) for w in ("", "254", "WP254x", "WP254\n")] == [""] * 4
    assert ndex_href("0a1b2c3d-0000-4000-8000-00000000beef")
    assert [ndex_href(n) for n in ("", "x" * 36, "0a1b2c3d")] == [""] * 3
    assert [is_pmc(p) for p in ("PMC123", "PMC", "DEMO1", "PMC1a", "PMC²", "")] == [
        True,
        False,
        False,
        False,
        False,
        False,
    ]


def test_lexicons_explain_themselves() -> None:
    """Known lexicons are named by what a match in them is, no two alike; an unknown one as in the record."""
    assert lexicon("hgnc_alias_symbol") == "alias at HGNC"
    assert lexicon("new_lexicon") == "new_lexicon"
    assert len({*LEXICONS.values()}) == len(LEXICONS)


def test_script_knows_the_lexicons() -> None:
    """The script that takes the notes of a page apart knows each lexicon by the words that pages use, and no other."""
    script = (Path(__file__).resolve().parents[2] / "static/js/lexicons.js").read_text(encoding="utf-8")
    entries = re.findall(r'\[\s*"([^"]+)",\s*\{\s*id: "([^"]+)",\s*meaning: "[^"]+\."', script)
    assert entries == [(words, source) for source, words in LEXICONS.items()]


@pytest.mark.parametrize(
    ("word", "match", "source", "note"),
    [
        ("PTEN", "PTEN", "hgnc_symbol", ""),
        ("RAS", "RAS", "bioentities_symbol", "family in Bioentities"),
        ("Her2", "HER2", "hgnc_alias_symbol", "HER2 · alias at HGNC"),
        ("C-met", "MET", "hgnc_symbol", "MET · symbol at HGNC"),
        ("Her2", "Her2", "in-house", "in-house"),
        ("Her2", "Her2", "", "lexicon not named"),
        ("Her2", "", "", "no entry · lexicon not named"),
    ],
)
def test_notes_of_words(word: str, match: str, source: str, note: str) -> None:
    """A word's note says what it matched and where, as far as that does not go without saying."""
    mention = {"word": word, "symbol": match, "source": source, "hgnc_symbol": "X", "entrez": "1"}
    text = record("PMC1__a", genes=[{k: v for k, v in mention.items() if v}])
    figure, _ = read_text(text, "PMC1__a.md")
    assert figure
    page = figure_page(encoded(figure), "PMC1__a.md", FigureLinks(-1, -1, (), (), ()), atlas_of({"PMC1__a": text}))
    assert re.findall("<small>(.*?)</small>", page.panel) == ([note] if note else [])


@given(st.lists(st.text(st.sampled_from("ab/. ~ü\"'<&?#%"), max_size=12) | st.just("genes/index.html"), max_size=6))
def test_many_addresses_are_those_of_each(paths: list[str]) -> None:
    """Addresses that are made many at a time are quoted as each alone is."""
    urls = Urls("https://example.org/sub/")
    plain = [f"figures/PMC{n}__f.html" for n in range(600)]
    assert urls.hrefs([*plain, *paths]) == list(map(urls.href, [*plain, *paths]))


def test_addresses_of_a_site_with_a_path() -> None:
    """Paths become addresses below the site's path, quoted, folders without their index file."""
    urls = Urls("https://example.org/a b/sub".replace(" ", "%20"))
    assert urls.base == "/a%20b/sub/"
    assert urls.href("index.html") == "/a%20b/sub/"
    assert urls.href("genes/index.html") == "/a%20b/sub/genes/"
    assert urls.href("genes/C~27 ä.html") == "/a%20b/sub/genes/C~27%20%C3%A4.html"
    assert urls.absolute("genes/index.html") == "https://example.org/a%20b/sub/genes/"
    assert [urls.own(h) for h in ("/genes/", "//x.org/", "genes", "#a")] == [
        "/a%20b/sub/genes/",
        "//x.org/",
        "genes",
        "#a",
    ]
    other = Urls("https://example.org/größe")
    assert (other.root, other.base) == ("https://example.org/gr%C3%B6%C3%9Fe/", "/gr%C3%B6%C3%9Fe/")
    assert other.absolute("index.html") == "https://example.org/gr%C3%B6%C3%9Fe/"
    hosts = {"bücher.example": "xn--bcher-kva.example", "me@bücher.example:80": "me@xn--bcher-kva.example:80"}
    assert {host: Urls(f"https://{host}/a").root for host in hosts} == {h: f"https://{a}/a/" for h, a in hosts.items()}


def test_fields_of_addresses_are_quoted() -> None:
    """What a record puts into an address cannot break out of it."""
    assert (
        address("https://x.org/{a}/{b}?c={c}", a="a/b c", b="?#", c="ä &")
        == "https://x.org/a/b%20c/%3F%23?c=%C3%A4%20%26"
    )
    assert address("https://x.org/{a}{b}", a="{b}", b="1") == "https://x.org/%7Bb%7D1"


@pytest.mark.parametrize(
    ("size", "text"),
    [(0, "0 bytes"), (999, "999 bytes"), (1000, "1.0 kB"), (1_234_567, "1.2 MB"), (5_700_000_000, "5.7 GB")],
)
def test_size_text(size: int, text: str) -> None:
    """Sizes of files are told in decimal units."""
    assert size_text(size) == text


def test_bar_length() -> None:
    """The small bars grow with the count and never vanish."""
    assert [bar_length(n, 1000) for n in (0, 1, 250, 500, 1000)] == [1, 1, 25, 50, 100]
    assert bar_length(0, 0) == 1


def test_contents_of_long_texts() -> None:
    """A text of three headings or more gets a table of contents, a shorter one does not."""
    urls = Urls("https://example.org/sub/")
    long, short = "\n\n".join(f"## Part {i}\n\ntext" for i in range(3)), "## Part\n\ntext"
    body, toc = render_markdown(long, urls, toc=True)
    anchors = re.findall(r'href="#([^"]+)"', toc)
    assert len(anchors) == 3
    assert all(f'id="{a}"' in body for a in anchors)
    assert render_markdown(short, urls, toc=True)[1] == ""
    assert render_markdown(" \n", urls) == ("", "")
    body, toc = render_markdown("# One\n\n# One\n\n### Three\n\n", urls, toc=True)
    assert re.findall(r'href="#([^"]+)"', toc) == re.findall(r'<h[23] id="([^"]+)"', body) == ["one", "one_1", "three"]


@pytest.mark.parametrize("quote", ['"', "'"])
def test_text_of_an_image_stays_text(monkeypatch: pytest.MonkeyPatch, quote: str) -> None:
    """The text of a remote image that becomes a link holds no tag, whatever the sanitiser leaves in attributes."""
    html = f'<p><img src="https://a.example/x.png" alt={quote}a> <meta http-equiv=refresh><script>{quote}></p>'
    monkeypatch.setattr("builder.render.markdown.nh3.clean", lambda _html, **_: html)
    body, _ = render_markdown("text", Urls("https://example.org/"))
    assert not re.search(r"<(meta|script|img)", body)


def test_cards_name_other_organisms_only() -> None:
    """In lists the default organism goes without saying, others are named."""
    records = {
        "PMC1__a": record("PMC1__a", organisms=["Homo sapiens"], genes=[gene("TP53", "7157")]),
        "PMC1__b": record("PMC1__b", organisms=["Homo sapiens", "Mus musculus"], figtitle=None),
    }
    atlas = atlas_of(records, Settings(url="https://example.org/sub/"))
    cards = [atlas.figure_card(i) for i in range(2)]
    assert [c.organisms for c in cards] == ["", "Homo sapiens, Mus musculus"]
    assert [c.href for c in cards] == ["/sub/figures/PMC1__a.html", "/sub/figures/PMC1__b.html"]
    assert cards[1].title == "PMC1__b"


def shared_collection(*figures: str) -> dict[str, str]:
    """Return records of figures that show genes of one letter each."""
    return {
        f"PMC{i}__f": record(f"PMC{i}__f", pmcid=f"PMC{i}", genes=[gene(g, str(ord(g))) for g in genes])
        for i, genes in enumerate(figures)
    }


def similar_of(*figures: str) -> tuple[list[tuple[int, str]], bytes]:
    """Return what the page of the first of some figures says of those like it, and the digest of that page."""
    records = shared_collection(*figures)
    catalog, atlas = catalog_of(records), atlas_of(records)
    place = catalog.figures.figid.index("PMC0__f")
    figure, _ = read_text(records["PMC0__f"], "PMC0__f.md")
    assert figure is not None
    shown = figure_page(encoded(figure), "PMC0__f.md", figure_links(catalog, place), atlas).similar
    cards = shown_lanes(catalog, {})
    lanes = figure_lanes(catalog, cards, gene_numbers(catalog), np.zeros((1, 2), np.uint64), "Homo sapiens")
    return [(s.shared, s.genes) for s in shown], lanes[place].tobytes()


def test_similar_figures_name_shared_genes() -> None:
    """Of the genes that two figures share the five rarest are named, by the alphabet; an ellipsis stands for more."""
    assert similar_of("ABC", "CBX", "DE")[0] == [(2, "B, C")]
    found, _ = similar_of("ABCDEFGH", "ABCDEFGH", "AX", "CX", "DX", "X")
    assert found == [(8, "B, E, F, G, H …")]


def test_page_is_made_anew_for_other_shared_genes() -> None:
    """Where a similar figure comes to share another gene, as many as before, the page gets another digest."""
    before, after = similar_of("ABC", "ABX", "CDX"), similar_of("ABC", "BCX", "ADX")
    assert (before[0], after[0]) == ([(2, "A, B")], [(2, "B, C")])
    assert before[1] != after[1]


@given(st.integers(0, 255))
def test_named_genes_are_shared(common: int) -> None:
    """At most five genes are named, each one that is shared, the rarest first."""
    ranks = named(common)
    assert len(ranks) == min(MOST_NAMED, common.bit_count())
    assert all(common >> r & 1 for r in ranks)
    assert list(ranks) == [r for r in range(8) if common >> r & 1][: len(ranks)]


@pytest.mark.parametrize("most", ["MOST_KEPT", "MOST_WORDS"])
def test_pages_are_the_same_where_no_mention_is_kept(monkeypatch: pytest.MonkeyPatch, most: str) -> None:
    """What was forgotten is made again, and within a figure genes of one word stand together."""
    family = [gene(s, n, word="MAPK") | {"symbol": "MAPK"} for s, n in (("MAPK1", "5594"), ("MAPK3", "5595"))]
    records = {
        f"PMC{i}__f": record(f"PMC{i}__f", genes=[*family, gene("TP53", "7157"), *family, family[0]][i:])
        for i in range(3)
    }
    atlas, none = atlas_of(records), FigureLinks(-1, -1, (), (), ())
    figures = [encoded(figure) for figid, text in records.items() if (figure := read_text(text, f"{figid}.md")[0])]
    pages = [figure_page(figure, "a.md", none, atlas) for figure in figures]
    words = [re.findall(r"<dt>(\w+)(?: <small>\W(\d)</small>)?<dd>(.*?)(?=<dt>|\Z)", page.panel) for page in pages]
    assert [[(word, times, links.count("<a ")) for word, times, links in each] for each in words] == [
        [("MAPK", "3", 2), ("TP53", "", 1)],
        [("MAPK", "2", 2), ("TP53", "", 1)],
        [("TP53", "", 1), ("MAPK", "2", 2)],
    ]
    monkeypatch.setattr(mentions, most, 0)
    assert [figure_page(figure, "a.md", none, atlas) for figure in figures] == pages


def test_a_word_is_one_chemical_once() -> None:
    """Of mentions of one chemical by one word the first is shown, in the page and in its structured data."""
    names = ("Iron", "Iron, the metal")
    chemicals = [{"word": "Fe", "source": "MESH", "identifier": "MESH:D007501", "name": name} for name in names]
    text = record("PMC1__f", chemicals=chemicals)
    figure, _ = read_text(text, "PMC1__f.md")
    assert figure is not None
    page = figure_page(encoded(figure), "a.md", FigureLinks(-1, -1, (), (), ()), atlas_of({"PMC1__f": text}))
    assert [(m.word, m.name) for m in page.chemicals] == [("Fe", "Iron")]
    assert [m["name"] for m in json.loads(page.head.jsonld)["@graph"][0]["mentions"]] == ["Iron"]


def test_templates_may_ask_for_what_python_could_not() -> None:
    """An attribute whose name is a word of Python's is looked up as Jinja2 does."""
    template = Engine(program().templates, atlas_of({}).site)._env.from_string("{{ page.class }} {{ page.title }}")
    assert template.render(page=SimpleNamespace(**{"class": "x", "title": "<"})) == "x &lt;"


@pytest.mark.parametrize("group", ["", "Rodents"])
def test_page_of_a_group_of_organisms_names_itself(group: str) -> None:
    """The page of a large group, or of the organisms of none, is where its canonical link and its data say it is."""
    counts = [OrganismCount(f"Organism {n}", "", 1) for n in range(3)]
    page = organism_index_page(atlas_of({}), [(group, counts)], 0, group)
    address = f"https://example.org/sub/{group_path(group)}"
    assert page.head.canonical == address
    assert json.loads(page.head.jsonld)["@graph"][0]["url"] == address
    assert page.title == (group or "Other organisms")
    assert [link.text for link in page.breadcrumbs] == ["Organisms"]
