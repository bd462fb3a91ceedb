"""The statistics page: its numbers are those of the records, and its digest covers them and nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET

import pytest
from selectolax.lexbor import LexborHTMLParser

from builder.plan.digest import digest
from builder.plan.plan import Surroundings, make_plan
from builder.plan.statistics import Statistics, statistics
from builder.read.settings import Settings
from builder.render.atlas import Atlas
from builder.render.charts import LONGEST_LABEL, WIDTH, bar_chart
from builder.render.contexts import Count
from builder.render.statistics import statistics_page
from builder.surroundings import program
from tests.site.building import gene, record
from tests.unit.collection import ASSETS, catalog_of

if TYPE_CHECKING:
    from collections.abc import Mapping

AKT, TP53, PLANT = gene("AKT1", "207"), gene("TP53", "7157"), gene("PSBA", "844802", organism="Arabidopsis thaliana")
ALIAS = gene("AKT1", "207", "PKB", source="hgnc_alias_symbol")
RECORDS: dict[str, dict[str, Any]] = {
    "PMC1__a": {"year": "2018", "genes": [TP53, TP53 | {"word": "p53"}]},
    "PMC1__b": {"year": "2020", "genes": [AKT, TP53, ALIAS], "figtype": "Scheme"},
    "PMC2__c": {"year": "2019", "genes": [AKT], "organisms": ["Homo sapiens", "Mus musculus"]},
    "PMC3__d": {"year": "", "genes": [PLANT | {"source": ""}, AKT], "organisms": ["Arabidopsis thaliana"]},
}


def counted(changes: Mapping[str, dict[str, Any]] | None = None) -> tuple[Statistics, Atlas]:
    """Return the statistics of the records with some fields changed, and the atlas."""
    records = {f: record(f, **(r | {"pmcid": f[:4]} | (changes or {}).get(f, {}))) for f, r in RECORDS.items()}
    settings = Settings(url="https://example.org/sub/")
    catalog = catalog_of(records)
    plan = make_plan(catalog, Surroundings(settings, str(program().templates), ASSETS, [], {}, b"\0" * 16))
    return statistics(catalog, plan), Atlas(plan.atlas)


def test_numbers_are_those_of_the_records() -> None:
    """Figures by year, genes by their first year, and genes, organisms, types and lexicons by how often they occur."""
    numbers, _ = counted()
    assert numbers.years == [(0, 1), (2018, 1), (2019, 1), (2020, 1)]
    assert numbers.new_genes == [(0, 1), (2018, 1), (2019, 1)]
    assert [(g.symbol, n) for g, n in numbers.genes] == [("AKT1", 3), ("TP53", 2), ("PSBA", 1)]
    assert numbers.organisms == [("Homo sapiens", 3), ("Arabidopsis thaliana", 1), ("Mus musculus", 1)]
    assert numbers.types == [("Figure", 3), ("Scheme", 1)]
    assert numbers.lexicons == [("hgnc_symbol", 6), ("", 1), ("hgnc_alias_symbol", 1)]


def test_genes_that_are_counted_one_by_one() -> None:
    """What a gene's page tells is the same whether all genes are counted at once or this one alone."""
    records = {f: record(f, **(r | {"pmcid": f[:4]})) for f, r in RECORDS.items()}
    around = Surroundings(Settings(url="https://example.org/"), str(program().templates), ASSETS, [], {}, b"\0" * 16)
    lister = make_plan(catalog_of(records), around).lister
    at_once = [lister.facts(g) for g in range(3)]
    lister.few = True
    assert [lister.facts(g) for g in range(3)] == at_once
    akt = next(f for f in at_once if f.total == 3)
    assert (akt.papers, akt.years) == (3, [(0, 1), (2019, 1), (2020, 1)])


def test_page_shows_each_number_twice() -> None:
    """Each number has a bar and a row, that of the unknown year a row alone; what has a page is a link."""
    numbers, atlas = counted()
    html = atlas.engine.page("statistics.html", statistics_page(atlas, numbers)).decode()
    page = LexborHTMLParser(html)
    figures = page.css("figure.plot")
    assert len(figures) == 6
    shown: list[dict[str, str]] = []
    for figure in figures:
        rows = [(r.css("td")[0].text(), r.css("td")[1].text()) for r in figure.css("tbody tr")]
        bars = [t.text() for t in figure.css("svg title")]
        assert sorted(bars) == sorted(f"{name}: {count}" for name, count in rows if name != "unknown")
        shown.append(dict(rows))
    assert shown[0] == {"2020": "1", "2019": "1", "2018": "1", "unknown": "1"}
    assert shown[1] == {"2019": "1", "2018": "1", "unknown": "1"}
    assert shown[2] == {"AKT1": "3", "TP53": "2", "PSBA (Arabidopsis thaliana)": "1"}
    assert shown[5] == {"symbol at HGNC": "6", "lexicon not named": "1", "alias at HGNC": "1"}
    hrefs = {a.text(): a.attributes["href"] for a in page.css("main td a")}
    assert hrefs["AKT1"] == "/sub/genes/AKT1.html"
    assert hrefs["Mus musculus"] == "/sub/organisms/mus_musculus.html"
    assert hrefs["2018"] == "/sub/browse/2018.html"
    assert [h.text() for h in figures[1].css("th")] == ["Year", "New genes"]


@pytest.mark.parametrize(
    ("change", "shows"),
    [
        ({"caption": "Another caption of this figure, in enough words."}, False),
        ({"figtitle": "Another title"}, False),
        ({"year": "2017"}, True),
        ({"genes": [TP53]}, True),
        ({"genes": [TP53 | {"source": "hgnc_alias_symbol"}, TP53 | {"word": "p53"}]}, True),
        ({"organisms": ["Mus musculus"]}, True),
        ({"figtype": "Scheme"}, True),
        ({"pmcid": "PMC9"}, True),
    ],
)
def test_digest_covers_what_the_page_shows(change: dict[str, Any], *, shows: bool) -> None:
    """A change of a record changes the digest of the page if it changes a number, and only then."""
    assert (digest(counted()[0]) != digest(counted({"PMC1__a": change})[0])) is shows


def test_bars_stay_in_their_frame() -> None:
    """Bars and numbers fit the drawing; a long name is clipped before its bar, whole in its tooltip, and stays text."""
    long = '<b>"A&B" ' + "organism " * 9
    chart = bar_chart([Count(long, 1_234_567, ""), Count("b", 1, "")], 'A "name"', ("a", "b"))
    root = ET.fromstring(str(chart.svg).replace("role=img", 'role="img"').replace("class=bar", 'class="bar"')
                         .replace("class=label", 'class="label"').replace("text-anchor=end", 'text-anchor="end"')
                         .replace(f"width={WIDTH} height=52", ""))  # fmt: skip
    assert root.attrib["aria-label"] == 'A "name"'
    rects = [(float(r.attrib["x"]), float(r.attrib["width"])) for r in root.iter("rect")]
    assert rects[0][1] > 100 * rects[1][1]
    assert all(x + w + 100 <= WIDTH for x, w in rects)
    texts = [t.text or "" for t in root.iter("text")]
    assert len(texts[0]) <= LONGEST_LABEL
    assert texts[1] == "1,234,567"
    assert next(root.iter("title")).text == f"{long}: 1,234,567"


def test_nothing_to_count() -> None:
    """Without any figure there is no drawing."""
    assert str(bar_chart([], "x", ("a", "b")).svg) == ""
