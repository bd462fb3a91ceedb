"""The collection as RDF: what it says is what the pages say, and it answers the questions of the documentation."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rdflib import RDF, BNode, Graph, Literal, Namespace, URIRef

from builder.publish.rdf import HEAD, figure_turtle, gene_turtle, iri, literal
from builder.read.card import FIGURE_COLUMNS
from tests.golden.tree import EXPECTED
from tests.support.graphs import by_rdflib
from tests.support.jsonld import extract

SCHEMA = Namespace("http://schema.org/")
DOCS = Path(__file__).parents[2] / "docs/structured-data.md"
TOLD = {
    "Dataset": ("name", "identifier", "url", "citation", "isBasedOn", "mentions"),
    "Gene": ("name", "identifier", "url", "taxonomicRange", "sameAs"),
    "ScholarlyArticle": ("name", "identifier", "datePublished", "sameAs"),
    "CreativeWork": ("name", "identifier", "datePublished", "sameAs"),
}
"""What the RDF says of things of a class."""


@pytest.fixture(scope="module")
def collection() -> Graph:
    """Return the RDF of the golden site."""
    text = (EXPECTED / "downloads/pfocr.ttl.gz.txt").read_text(encoding="utf-8")
    return Graph().parse(data=text, format="turtle")


def named_facts(graph: Graph) -> set[tuple[object, ...]]:
    """Return what a graph says of things that have a name, as far as the RDF says it; without what has no name."""
    return {
        (s, p, o)
        for kind, properties in TOLD.items()
        for s in graph.subjects(RDF.type, SCHEMA[kind])
        if isinstance(s, URIRef)
        for p in (RDF.type, *(SCHEMA[x] for x in properties))
        for o in graph.objects(s, p)
        if not isinstance(o, BNode) and not str(o).startswith("https://bioregistry.io/")
    }


def test_rdf_says_what_pages_say(collection: Graph) -> None:
    """Figures, genes and papers have in the RDF the names, facts and mentions that the JSON-LD of their pages gives."""
    pages = Graph()
    for folder in ("figures", "genes"):
        for page in sorted((EXPECTED / folder).rglob("*.html")):
            for document in extract(page.read_text(encoding="utf-8")):
                pages += by_rdflib(document)
    said = named_facts(pages)
    told = named_facts(collection)
    # A gene without an id has no name on the figure's page, and no name of its own to mention it by.
    nameless = {f for f in told if f[1] == SCHEMA.mentions and "#gene" in str(f[2])}
    assert nameless
    assert said == told - nameless
    assert len(told) > 200


def test_chemicals_and_diseases_are_named(collection: Graph) -> None:
    """Chemicals and diseases with an identifier have an address that resolves it; others are told of where they are."""
    (figure,) = collection.subjects(SCHEMA.identifier, Literal("PMC1000005__more-fields"))
    found = {
        (str(collection.value(o, SCHEMA.name)), str(o) if isinstance(o, URIRef) else "")
        for o in collection.objects(figure, SCHEMA.mentions)
        for kind in collection.objects(o, RDF.type)
        if kind in {SCHEMA.ChemicalSubstance, SCHEMA.MedicalCondition}
    }
    assert found == {
        ("Calcium", "https://bioregistry.io/mesh:D002118"), ("rapamycin", "https://bioregistry.io/chebi:9168"),
        ("mystery", ""), ("cancer", "https://bioregistry.io/doid:162"), ("Cowden", ""),
    }  # fmt: skip


PREFIXES, *QUESTIONS = re.findall(r"```sparql\n(.*?)```", DOCS.read_text(encoding="utf-8"), re.DOTALL)
SITE = "https://golden.example/pfocr/figures/"
PMC = "https://pmc.ncbi.nlm.nih.gov/articles/"
ANSWERS: list[list[tuple[str, ...]]] = [
    [
        (f"{SITE}PMC1000001__seed-like.html", "Receptor signalling, from HER2 to growth"),
        (f"{SITE}PMC1000004__body.html", "A figure with notes, a model and a DOI"),
        (f"{SITE}PMC1000005__more-fields.html", "Chemicals, diseases and what nobody knows"),
    ],
    [
        ("AKT1", "6"), ("ERBB2", "4"), ("TP53", "3"), ("AKT2", "1"), ("Akt1", "1"), ("C'EBPA", "1"), ("CDC28", "1"),
        ("IPP", "1"), ("MAP2K1", "1"), ("MAR1", "1"),
    ],
    [("2018", "1"), ("2019", "1"), ("2020", "2")],
    [("AKT1",), ("ERBB2",), ("IPP",)],
    [
        (f"{PMC}PMC1000001/", "A golden paper on receptors & their pathways."), (f"{PMC}PMC1000007/", "Golden mice"),
    ],
]  # fmt: skip


@pytest.mark.parametrize("number", range(5))
def test_questions_of_the_documentation(collection: Graph, number: int) -> None:
    """Each question of the documentation has the answer that the golden records give."""
    assert len(QUESTIONS) == len(ANSWERS) == 5
    rows = collection.query(PREFIXES + QUESTIONS[number])
    assert [tuple(map(str, row)) for row in rows] == ANSWERS[number]  # type: ignore[arg-type]  # of SELECT


TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)


@given(TEXTS, TEXTS, TEXTS)
def test_any_text_is_told(title: str, paper: str, name: str) -> None:
    """Whatever stands in titles and names, the RDF can be read, and gives them as they are."""
    cells = dict.fromkeys(FIGURE_COLUMNS, "") | {
        "figid": "PMC1__a",
        "title": title,
        "papertitle": paper,
        "pmcid": "PMC1",
    }
    text = HEAD + figure_turtle(
        "http://x.org/a", "http://x.org/p", "http://x.org/w", cells, ["ncbigene:1"], [("", "ChemicalSubstance", name)]
    )
    text += gene_turtle("ncbigene:1", name, "1", "Any organism", "", "http://x.org/g")
    graph = Graph().parse(data=text, format="turtle")
    assert str(graph.value(URIRef("http://x.org/a"), SCHEMA.name)) == (title or "PMC1__a")
    assert str(graph.value(URIRef("http://x.org/w"), SCHEMA.name)) == (paper or "PMC1")
    assert {str(o) for o in graph.objects(None, SCHEMA.name)} >= {name, "Any organism"}


@pytest.mark.parametrize("bad", ['"', "<", ">", " ", "\\", "\n", "`", "{", "^", "|"])
def test_addresses_end_where_they_end(bad: str) -> None:
    """No character ends an address or a text before its end."""
    text = f"{iri(f'http://x.org/{bad}y')} <http://p> {literal(f'{bad}y')} ."
    ((subject, _, o),) = Graph().parse(data=text, format="turtle")
    assert str(subject) == f"http://x.org/%{ord(bad):02X}y"
    assert str(o) == f"{bad}y"
