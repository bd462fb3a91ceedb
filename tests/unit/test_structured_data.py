"""Structured data holds: Google's rules, and the triples that programs read out of a page."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from rdflib import Graph
from rdflib.compare import graph_diff, isomorphic, to_isomorphic

from tests.support.google import check_google
from tests.support.graphs import by_pyld, by_rdflib, stored_context
from tests.support.jsonld import extract
from tests.support.shared import SHARED, needs_shared

EXPECTED = Path(__file__).parents[1] / "golden/expected"
PAGES = sorted(p for p in EXPECTED.rglob("*.html") if "application/ld+json" in p.read_text(encoding="utf-8"))
SITE = "https://golden.example/pfocr/"
PREFIXES = f"""
@prefix : <http://schema.org/> .
@prefix dct: <http://purl.org/dc/terms/> .
@prefix gene: <https://identifiers.org/ncbigene:> .
@prefix pmc: <https://pmc.ncbi.nlm.nih.gov/articles/PMC1000001/> .
@base <{SITE}> .
"""
FIGURE = """
<figures/PMC1000001__seed-like.html> a :Dataset ;
  dct:conformsTo <https://bioschemas.org/profiles/Dataset/1.0-RELEASE> ;
  :name "Receptor signalling, from HER2 to growth" ;
  :description "HER2 signals through two pathways that end in growth, in the curator's own words." ;
  :identifier "PMC1000001__seed-like" ;
  :url <figures/PMC1000001__seed-like.html> ;
  :keywords "ERBB2", "AKT1" ;
  :license <https://creativecommons.org/publicdomain/zero/1.0/> ;
  :creator [ a :Organization ; :name "WikiPathways" ] ;
  :isAccessibleForFree true ;
  :measurementTechnique "Optical character recognition" ;
  :includedInDataCatalog <#catalog> ;
  :citation pmc: ;
  :isBasedOn pmc: ;
  :distribution [ a :DataDownload ; :contentUrl <figures/PMC1000001__seed-like.html> ; :encodingFormat "text/html" ] ;
  :mentions gene:2064, gene:207, gene:208, gene:5604, gene:5728 ;
  :image [
    a :ImageObject ;
    :contentUrl <https://europepmc.org/articles/PMC1000001/bin/seed-like-g001.jpg> ;
    :caption "F1: Receptor signalling, from HER2 to growth" ;
    :creditText "Ada Golden, et al. Golden J. 2020 Aug;12(8):2081." ;
    :acquireLicensePage pmc: ] .
pmc: a :ScholarlyArticle ;
  :name "A golden paper on receptors & their pathways." ;
  :identifier "PMC1000001" ;
  :url pmc: ;
  :datePublished "2020"^^:Date .
[] a :BreadcrumbList ; :itemListElement
  [ a :ListItem ; :position 1 ; :name "Browse" ; :item "https://golden.example/pfocr/browse/" ],
  [ a :ListItem ; :position 2 ; :name "2020" ; :item "https://golden.example/pfocr/browse/2020.html" ],
  [ a :ListItem ; :position 3 ; :name "F1" ] .
"""
GENE = """
<genes/ERBB2.html> a :CollectionPage ;
  :url <genes/ERBB2.html> ;
  :name "Figures that show ERBB2" ;
  :description "4 pathway figures show ERBB2 (Homo sapiens), also seen as ErbB2, HER2, Her2, neu." ;
  :about gene:2064 ;
  :mainEntity <genes/ERBB2.html#figures> .
gene:2064 a :Gene ;
  dct:conformsTo <https://bioschemas.org/profiles/Gene/1.0-RELEASE> ;
  :identifier "ncbigene:2064" ;
  :name "ERBB2" ;
  :alternateName "HER2", "NEU" ;
  :url <genes/ERBB2.html> ;
  :sameAs <https://www.ncbi.nlm.nih.gov/gene/2064> ;
  :taxonomicRange <https://identifiers.org/taxonomy:9606> .
<https://identifiers.org/taxonomy:9606> a :Taxon ; :name "Homo sapiens" .
<genes/ERBB2.html#figures> a :ItemList ; :numberOfItems 4 ; :itemListElement
  [ a :ListItem ; :position 1 ; :url <figures/PMC1000001__same-paper.html> ],
  [ a :ListItem ; :position 2 ; :url <figures/PMC1000001__seed-like.html> ],
  [ a :ListItem ; :position 3 ; :url <figures/PMC1000004__body.html> ],
  [ a :ListItem ; :position 4 ; :url <figures/PMC1000005__more-fields.html> ] .
[] a :BreadcrumbList ; :itemListElement
  [ a :ListItem ; :position 1 ; :name "Genes" ; :item "https://golden.example/pfocr/genes/" ],
  [ a :ListItem ; :position 2 ; :name "E" ; :item "https://golden.example/pfocr/genes/letters/E.html" ],
  [ a :ListItem ; :position 3 ; :name "ERBB2" ] .
"""
HOME = """
PREFIX : <http://schema.org/>
SELECT ?download WHERE {
  ?catalog a :DataCatalog ; :dataset ?all ; :license ?licence .
  ?all a :Dataset ; :includedInDataCatalog ?catalog ; :license ?licence ; :distribution ?file .
  ?file a :DataDownload ; :contentUrl ?download .
}
"""


def documents(page: Path) -> list[dict[str, Any]]:
    """Return the JSON-LD documents of a page of the golden site."""
    return extract(page.read_text(encoding="utf-8"))


def differences(found: Graph, expected: Graph) -> str:
    """Return the triples of each of two graphs that the other has not."""
    _, more, less = graph_diff(to_isomorphic(found), to_isomorphic(expected))
    return f"only found:\n{more.serialize(format='nt')}\nonly expected:\n{less.serialize(format='nt')}"


@pytest.mark.parametrize(
    ("page", "turtle"),
    [("figures/PMC1000001__seed-like.html", FIGURE), ("genes/ERBB2.html", GENE)],
)
def test_triples_are_those_that_are_meant(page: str, turtle: str) -> None:
    """PyLD and rdflib read out of a figure's and of a gene's page the graph that is written down here, and no more."""
    (doc,) = documents(EXPECTED / page)
    expected = Graph().parse(data=PREFIXES + turtle, format="turtle")
    for read in (by_pyld, by_rdflib):
        found = read(doc)
        assert isomorphic(found, expected), differences(found, expected)


def test_figure_and_gene_pages_join() -> None:
    """Triples of a figure's and of a gene's page meet: the figure mentions the gene that the other page describes."""
    graph = Graph()
    for page in ("figures/PMC1000001__seed-like.html", "genes/ERBB2.html"):
        graph += by_pyld(documents(EXPECTED / page)[0])
    rows = graph.query(
        "PREFIX : <http://schema.org/> SELECT ?name ?taxon WHERE "
        "{ ?figure a :Dataset ; :mentions ?gene . ?gene a :Gene ; :name ?name ; :taxonomicRange/:name ?taxon }"
    )
    assert [tuple(map(str, row)) for row in rows] == [("ERBB2", "Homo sapiens")]  # type: ignore[arg-type]


def test_catalogue_leads_to_the_downloads() -> None:
    """On the home page the catalogue, the dataset of all figures and its files hang together, in one licence."""
    (doc,) = documents(EXPECTED / "index.html")
    found = {str(row[0]) for row in by_pyld(doc).query(HOME)}  # type: ignore[index]
    assert f"{SITE}downloads/gene-mentions.tsv.gz" in found
    assert all(address.startswith(SITE) for address in found)


@pytest.mark.parametrize("page", PAGES, ids=lambda p: p.relative_to(EXPECTED).as_posix())
def test_readers_agree(page: Path) -> None:
    """Both readers find the same graph on every page; every relation is one of schema.org or Dublin Core."""
    for doc in documents(page):
        found = by_pyld(doc)
        other = by_rdflib(doc)
        assert isomorphic(found, other), differences(found, other)
        assert len(found) > 3
        relations = {str(p) for p in found.predicates()} - {"http://www.w3.org/1999/02/22-rdf-syntax-ns#type"}
        assert all(p.startswith(("http://schema.org/", "http://purl.org/dc/terms/")) for p in relations)
        assert check_google(doc) == []


@needs_shared
def test_stored_context_is_that_of_schema_org() -> None:
    """Each stored term is defined as schema.org's own context defines it."""
    whole = json.loads((SHARED / "vocab/schemaorgcontext.jsonld").read_text(encoding="utf-8"))["@context"]
    assert {k: whole.get(k) for k in stored_context()["@context"]} == stored_context()["@context"]


GOOD: dict[str, dict[str, Any]] = {
    "Dataset": {"@type": "Dataset", "name": "A figure", "description": "x" * 50, "license": "https://a.example/l"},
    "ImageObject": {"@type": "ImageObject", "contentUrl": "https://a.example/i.png", "creditText": "A. Author"},
    "BreadcrumbList": {
        "@type": "BreadcrumbList",
        "itemListElement": [
            {"@type": "ListItem", "position": 1, "name": "Genes", "item": "https://a.example/genes/"},
            {"@type": "ListItem", "position": 2, "name": "AKT1"},
        ],
    },
}
MAKER = "creator must be a Person or an Organization with a name"
DOWNLOAD = "distribution must be a DataDownload with the address contentUrl"
ADDRESS = "https://a.example/"
FIRST, LAST = GOOD["BreadcrumbList"]["itemListElement"]


def path(*items: dict[str, Any]) -> dict[str, Any]:
    """Return the entries of a BreadcrumbList."""
    return {"itemListElement": list(items)}


@pytest.mark.parametrize("kind", GOOD)
def test_rules_of_google_let_good_nodes_pass(kind: str) -> None:
    """A node with what is required is free of messages."""
    assert check_google({"@context": "https://schema.org", "@graph": [GOOD[kind]]}) == []


@pytest.mark.parametrize(
    ("kind", "change", "message"),
    [
        ("Dataset", {"name": ""}, "name is required"),
        ("Dataset", {"description": None}, "description is required"),
        ("Dataset", {"description": "x" * 49}, "description has 49 characters, expected 50 to 5000"),
        ("Dataset", {"description": "x" * 5001}, "description has 5001 characters, expected 50 to 5000"),
        ("Dataset", {"url": "figures/a.html"}, "url must be an address"),
        ("Dataset", {"sameAs": ["https://a.example", "a"]}, "sameAs must be an address"),
        ("Dataset", {"license": {"@type": "CreativeWork"}}, "license must be an address, or a CreativeWork with one"),
        ("Dataset", {"creator": {"@type": "Organization"}}, MAKER),
        ("Dataset", {"creator": {"@type": "Thing", "name": "x"}}, MAKER),
        ("Dataset", {"keywords": ["a", ""]}, "keywords must be texts"),
        ("Dataset", {"isAccessibleForFree": "yes"}, "isAccessibleForFree must be true or false"),
        ("Dataset", {"includedInDataCatalog": {"@type": "Thing"}}, "includedInDataCatalog must be a DataCatalog"),
        ("Dataset", {"distribution": {"@type": "DataDownload"}}, DOWNLOAD),
        ("Dataset", {"@id": ADDRESS, "citation": {"@id": ADDRESS}}, "citation must not be the dataset itself"),
        ("ImageObject", {"contentUrl": "i.png"}, "contentUrl must be an address"),
        ("ImageObject", {"creditText": ""}, "one of creator, creditText, copyrightNotice, license is required"),
        ("ImageObject", {"license": "CC0"}, "license must be an address"),
        ("ImageObject", {"acquireLicensePage": "x"}, "acquireLicensePage must be an address"),
        ("ImageObject", {"copyrightNotice": " "}, "copyrightNotice must be a text"),
        ("BreadcrumbList", path(LAST), "1 entries, expected 2 at least"),
        ("BreadcrumbList", path(LAST, FIRST), "positions must count from 1"),
        ("BreadcrumbList", path(FIRST | {"item": None}, LAST), "entry 1 needs the address item"),
        ("BreadcrumbList", path(FIRST | {"item": "/genes/"}, LAST), "entry 1 needs the address item"),
        ("BreadcrumbList", path(FIRST, LAST | {"name": ""}), "entry 2 needs a name"),
        ("BreadcrumbList", path(FIRST | {"@type": "Thing"}, LAST), "entry 1 must be a ListItem"),
    ],
)  # fmt: skip
def test_rules_of_google(kind: str, change: dict[str, Any], message: str) -> None:
    """A node that breaks a rule is found, also where it stands within another one."""
    node = GOOD[kind] | change
    wanted = f"{kind} {node.get('@id', '')}: {message}"
    assert wanted in check_google({"@context": "https://schema.org", "@graph": [node]})
    outer = {"@type": "WebPage", "mainEntity": node}
    assert wanted in check_google({"@context": "https://schema.org", "@graph": [outer]})
