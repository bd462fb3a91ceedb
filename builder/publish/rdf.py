"""The collection as RDF in Turtle: what the structured data of all pages says of figures, genes and papers.

Figures, genes and papers have the names that pages give them (``builder/render/jsonld.py``); chemicals and diseases
have those of Bioregistry, which resolves them. Source: https://www.w3.org/TR/turtle/
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from builder.names import is_number, work_kind, year_number
from builder.render.jsonld import CONCEPTS
from builder.render.lexicons import BIOREGISTRY, concept_address, ncbi_gene_href, vocabulary
from builder.urls import bare_doi, doi_href

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

__all__ = ["HEAD", "concept_name", "concept_turtle", "figure_turtle", "gene_turtle", "iri", "literal"]

HEAD = """\
@prefix schema: <http://schema.org/> .
@prefix ncbigene: <https://identifiers.org/ncbigene:> .
@prefix taxonomy: <https://identifiers.org/taxonomy:> .
@prefix mesh: <https://bioregistry.io/mesh:> .
@prefix chebi: <https://bioregistry.io/chebi:> .
@prefix doid: <https://bioregistry.io/doid:> .
"""

_ESCAPED = re.compile(r'[\\"\x00-\x1f\x7f]')
_UNSAFE = re.compile(r'[\x00-\x20<>"{}|^`\\]')
_COMPACT = re.compile(r"(?:mesh|chebi|doid):[A-Za-z0-9]+\Z")


def literal(text: str) -> str:
    """A text in quotes."""
    return '"' + _ESCAPED.sub(lambda m: f"\\u{ord(m[0]):04X}", text) + '"'


def iri(address: str) -> str:
    """An address in angle brackets."""
    return "<" + _UNSAFE.sub(lambda m: f"%{ord(m[0]):02X}", address) + ">"


def concept_name(kind: str, identifiers: Sequence[str], page: str) -> str:
    """The name of a chemical or disease in RDF: an address, that of its structured data.

    Args:
        kind: ``chemicals`` or ``diseases``.
        identifiers: as ``Concepts.identifiers`` has them.
        page: address of its page.
    """
    address = concept_address(kind, identifiers, page)
    local = address.removeprefix(BIOREGISTRY)
    return local if local != address and _COMPACT.match(local) else iri(address)


def _statements(subject: str, facts: Iterable[tuple[str, str]]) -> str:
    """Facts of one subject; what is empty is left out."""
    return f"{subject} " + " ; ".join(f"{p} {o}" for p, o in facts if o) + " .\n"


def figure_turtle(dataset: str, page: str, article: str, cells: dict[str, str], mentions: Iterable[str]) -> str:
    """A figure and its paper.

    Args:
        dataset: name of the figure.
        page: address of its page.
        article: name of its paper.
        cells: its line in the table of figures.
        mentions: names of the genes, chemicals and diseases that it mentions, each once.
    """
    paper, own = iri(article), iri(dataset)
    figure = _statements(own, (
        ("a", "schema:Dataset"), ("schema:name", literal(cells["title"] or cells["figid"])),
        ("schema:identifier", literal(cells["figid"])), ("schema:url", iri(page)),
        ("schema:citation", paper), ("schema:isBasedOn", paper), ("schema:mentions", ", ".join(mentions)),
    ))  # fmt: skip
    return figure + _work(paper, cells)


def _work(paper: str, cells: dict[str, str]) -> str:
    """The paper of a figure.

    Args:
        paper: its name in RDF.
        cells: the figure's line in the table of figures.
    """
    year, href = cells["year"], doi_href(bare_doi(cells["doi"]))
    kind = work_kind(cells["figtype"], cells["pmcid"], cells["papertitle"], cells["reftext"], cells["doi"])
    return _statements(paper, (
        ("a", f"schema:{kind}"),
        ("schema:name", literal(cells["papertitle"] or cells["reftext"] or cells["pmcid"])),
        ("schema:identifier", literal(cells["pmcid"])),
        ("schema:datePublished", f"{literal(year)}^^schema:Date" if year_number(year) else ""),
        ("schema:sameAs", same if href and (same := iri(href.lower())) != paper else ""),
    ))  # fmt: skip


def concept_turtle(name: str, kind: str, text: str, identifiers: Sequence[str]) -> str:
    """A chemical or disease, as its page has it.

    Args:
        name: of it in RDF.
        kind: ``chemicals`` or ``diseases``.
        text: its name in words.
        identifiers: as ``Concepts.identifiers`` has them.
    """
    same = {vocabulary(i)[2] for i in identifiers} - {"", concept_address(kind, identifiers, "")}
    return _statements(name, (
        ("a", f"schema:{CONCEPTS[kind]}"), ("schema:name", literal(text)),
        ("schema:identifier", ", ".join(map(literal, identifiers))),
        ("schema:sameAs", ", ".join(map(iri, sorted(same)))),
    ))  # fmt: skip


def gene_turtle(name: str, symbol: str, ncbi: str, organism: str, taxon: str, page: str) -> str:
    """A gene.

    Args:
        name: of the gene in RDF.
        symbol: its symbol.
        ncbi: its NCBI Gene id, or another id that records give; empty if absent.
        organism: Latin name.
        taxon: NCBI Taxonomy id; empty if unknown.
        page: address of its page.
    """
    species = f"taxonomy:{taxon}" if taxon else f"[ a schema:Taxon ; schema:name {literal(organism)} ]"
    return _statements(name, (
        ("a", "schema:Gene"), ("schema:name", literal(symbol)),
        ("schema:identifier", literal(f"ncbigene:{ncbi}" if is_number(ncbi) else ncbi or symbol)),
        ("schema:url", iri(page)), ("schema:taxonomicRange", species),
        ("schema:sameAs", iri(ncbi_gene_href(ncbi)) if is_number(ncbi) else ""),
    ))  # fmt: skip
