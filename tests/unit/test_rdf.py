"""The collection as RDF: what it says is what the pages say, and it answers the questions of the documentation."""

from __future__ import annotations

import gzip
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rdflib import RDF, BNode, Graph, Literal, Namespace, URIRef

from builder.publish.rdf import HEAD, concept_name, concept_turtle, figure_turtle, gene_turtle, iri, literal
from builder.read.card import FIGURE_COLUMNS
from tests.golden.tree import EXPECTED
from tests.site.building import build, gene, record, write_site
from tests.support.graphs import by_rdflib
from tests.support.jsonld import extract
from tests.support.links import check_site

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
        if not isinstance(o, BNode)
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
    assert said == told
    assert len(told) > 200
    mentioned = {str(f[2]) for f in told if f[1] == SCHEMA.mentions}
    assert any("#gene" in m for m in mentioned)  # a gene without an id, by the name that its own page gives it
    assert any("bioregistry.io/mesh:" in m for m in mentioned)


def test_a_paper_is_one(tmp_path: Path) -> None:
    """Figures of a paper that is not at PMC cite one paper, by its DOI or else by its id, on pages and in the RDF."""
    more = {"doi": "https://doi.org/10.1000/a.1", "papertitle": "One paper"}
    files = {f"L1__{x}": record(f"L1__{x}", pmcid="L1", **more) for x in "ab"}
    files["L1__c"] = record("L1__c", pmcid="L1", doi="10.1000/A.1", papertitle="One paper")  # DOIs have no case
    files |= {f"L2__{x}": record(f"L2__{x}", pmcid="L2") for x in "ab"}
    source = write_site(tmp_path / "source", files, "title: T\nurl: https://example.org/\n")
    assert build(source, tmp_path / "out", tmp_path / "cache").code == 0
    pages = Graph()
    for page in (tmp_path / "out/figures").glob("*.html"):
        for document in extract(page.read_text(encoding="utf-8")):
            pages += by_rdflib(document)
    rdf = Graph().parse(data=gzip.decompress((tmp_path / "out/downloads/pfocr.ttl.gz").read_bytes()), format="turtle")
    for graph in (pages, rdf):
        papers = {str(o) for o in graph.objects(None, SCHEMA.citation)}
        assert papers == {"https://doi.org/10.1000/a.1", "https://example.org/#paper-L2"}


def test_other_ids_are_told_as_what_they_are(tmp_path: Path) -> None:
    """Ids of other vocabularies are in tables and RDF; what is no id of NCBI is no NCBI Gene id there."""
    ids = (("x", "PUBCHEM", "128861"), ("y", "CHEBI", "17992"))
    chemicals = [{"word": word, "source": source, "identifier": own} for word, source, own in ids]
    genes = [gene("PAP1", n) for n in ("AT1G56650", "AT4G09820", "832512", "AT5G1")]
    files = {"L1__a": record("L1__a", chemicals=chemicals, genes=genes)}
    source = write_site(tmp_path / "source", files, "title: T\nurl: https://example.org/\n")
    out = tmp_path / "out"
    assert build(source, out, tmp_path / "cache").code == 0
    read = {p.name: gzip.decompress(p.read_bytes()).decode() for p in (out / "downloads").glob("*.gz")}
    rows = [line.split("\t") for line in read["chemical-mentions.tsv.gz"].splitlines()[1:]]
    assert [row[4:] for row in rows] == [["", "", "pubchem:128861"], ["", "CHEBI:17992", ""]]
    assert 'schema:name "x" ; schema:identifier "pubchem:128861" .' in read["pfocr.ttl.gz"]
    numbers = [line.split("\t")[5] for line in read["gene-mentions.tsv.gz"].splitlines()[1:]]
    assert numbers == ["", "", "832512", ""]
    assert [p.read_text("utf-8") for p in (out / "downloads").glob("*.gmt")] == [""]
    pages = [p.read_text(encoding="utf-8") for p in (out / "genes").glob("PAP1*.html")]
    assert not any("NCBI Gene AT" in page for page in pages)
    assert sum('"identifier":"AT1G56650"' in page for page in pages) == 1
    assert '"ncbigenes_unique":1' in (out / "json/getCounts.json").read_text(encoding="utf-8")


def test_an_organism_in_another_case_is_known(tmp_path: Path) -> None:
    """However an organism is spelled, its genes have its id at NCBI Taxonomy."""
    files = {"L1__a": record("L1__a", organisms=None, genes=[gene("Akt1", "11651", organism="mus musculus")])}
    source = write_site(tmp_path / "source", files, "title: T\nurl: https://example.org/\n")
    assert build(source, tmp_path / "out", tmp_path / "cache").code == 0
    (page,) = (tmp_path / "out/genes").rglob("Akt1.html")
    assert "https://identifiers.org/taxonomy:10090" in page.read_text(encoding="utf-8")
    rdf = gzip.decompress((tmp_path / "out/downloads/pfocr.ttl.gz").read_bytes()).decode()
    assert "ncbigene:11651 a schema:Gene" in rdf
    assert "schema:taxonomicRange taxonomy:10090" in rdf


def test_a_chemical_is_one(tmp_path: Path) -> None:
    """A chemical with ids of two vocabularies, or names of several, is one thing of one name everywhere."""
    rows = "word\tmatch\tname\tmesh\tchebi\tsource\n"
    tables = {
        "a": "RAPA\tx\tSirolimus\tmesh:D020123\tchebi:9168\ts\n", "b": "rapa\tx\trapamycin\t\tchebi:9168\ts\n",
        "c": "Rapa\tx\tSirolimus\tmesh:D020123\t\ts\n",
    }  # fmt: skip
    files: dict[str, str | bytes] = {}
    for name, table in tables.items():
        files[f"_figures/PMC1__{name}.md"] = record(f"PMC1__{name}")
        files[f"_data/PMC1__{name}-chemicals.tsv"] = rows + table
    files["_figures/PMC1__d.md"] = record("PMC1__d", chemicals=[{"word": "q", "source": "", "identifier": "C0006142"}])
    source = write_site(tmp_path / "source", files)
    (source / "figures").rmdir()
    out = tmp_path / "out"
    assert build(source, out, tmp_path / "cache", "--url", "https://example.org/").code == 0
    pages = Graph()
    for page in [*out.glob("figures/*.html"), *out.glob("chemicals/*.html")]:
        for document in extract(page.read_text(encoding="utf-8")):
            pages += by_rdflib(document)
    rdf = Graph().parse(data=gzip.decompress((out / "downloads/pfocr.ttl.gz").read_bytes()), format="turtle")
    drug, unknown = (
        URIRef("https://bioregistry.io/mesh:D020123"),
        URIRef("https://example.org/chemicals/~~.c0006142.html#chemical"),
    )
    for graph in (pages, rdf):
        assert len(set(graph.subjects(SCHEMA.mentions, drug))) == 3
        assert [str(n) for n in graph.objects(drug, SCHEMA.name)] == ["Sirolimus"]
        assert {str(n) for n in graph.objects(drug, SCHEMA.identifier)} == {"mesh:D020123", "CHEBI:9168"}
        assert {str(n) for n in graph.objects(drug, SCHEMA.sameAs)} == {"https://bioregistry.io/chebi:9168"}
        assert [str(n) for n in graph.objects(unknown, SCHEMA.identifier)] == ["C0006142"]


def test_values_are_guarded_in_tables_alone(tmp_path: Path) -> None:
    """RDF, JSON and gene sets have texts and addresses as they are, also where tables guard them."""
    genes = [gene(s, n) for s, n in (("A", "1"), ("B", "2"), ("C", "3"))]
    figid = "=LAB5__eq(1)"
    files = {figid: record(figid, figtitle="=1+(1)", genes=genes, pmcid="LAB5")}
    source = write_site(tmp_path / "source", files, "title: T\nurl: https://example.org/\n")
    out = tmp_path / "out"
    assert build(source, out, tmp_path / "cache").code == 0
    told = [p.read_text(encoding="utf-8") for p in [*out.glob("downloads/*.gmt"), *out.glob("json/*.json")]]
    read = {p.name: gzip.decompress(p.read_bytes()).decode() for p in (out / "downloads").glob("*.gz")}
    assert not any("'=" in text for text in [*told, read["pfocr.ttl.gz"]])
    assert sum("=1+(1)" in text for text in told) == 2
    assert read["figures.tsv.gz"].splitlines()[1].startswith("'=LAB5__eq(1)\t")
    assert read["gene-mentions.tsv.gz"].splitlines()[1].startswith("'=LAB5__eq(1)\t")
    assert check_site(out) == []


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
        ("mystery", f"{SITE}chemicals/mystery.html#chemical"), ("cancer", "https://bioregistry.io/doid:162"),
        ("Cowden", "https://bioregistry.io/omim:158350"),
    }  # fmt: skip


PREFIXES, *QUESTIONS = re.findall(r"```sparql\n(.*?)```", DOCS.read_text(encoding="utf-8"), re.DOTALL)
SITE = "https://golden.example/pfocr/"
PMC = "https://pmc.ncbi.nlm.nih.gov/articles/"
ANSWERS: list[list[tuple[str, ...]]] = [
    [
        (f"{SITE}figures/PMC1000001__seed-like.html", "Receptor signalling, from HER2 to growth"),
        (f"{SITE}figures/PMC1000004__body.html", "A figure with notes, a model and a DOI"),
        (f"{SITE}figures/PMC1000005__more-fields.html", "Chemicals, diseases and what nobody knows"),
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
    mentions = ["ncbigene:1", concept_name("chemicals", [name], "http://x.org/c")]
    text = HEAD + figure_turtle("http://x.org/a", "http://x.org/p", "http://x.org/w", cells, mentions)
    text += concept_turtle(mentions[1], "chemicals", name, [name])
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
