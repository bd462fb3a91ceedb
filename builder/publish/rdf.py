"""The collection as RDF in Turtle: what the structured data of all pages says of figures, genes and papers.

Figures, genes and papers have the names that pages give them (``builder/render/jsonld.py``); chemicals and diseases
have those of Bioregistry, which resolves them. Source: https://www.w3.org/TR/turtle/
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from builder.names import is_number
from builder.render.lexicons import ncbi_gene_href
from builder.urls import bare_doi, doi_href

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

__all__ = ["HEAD", "Subject", "figure_turtle", "gene_turtle", "iri", "literal"]

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
_LOCAL = re.compile(r"[A-Za-z0-9]+\Z")
_YEAR = re.compile(r"[0-9]{4}\Z")

Subject = tuple[str, str, str, str]
"""Name in RDF (empty for none), class, name in words, and another identifier (empty for none) of what a figure mentions
beside genes."""


def literal(text: str) -> str:
    """A text in quotes."""
    return '"' + _ESCAPED.sub(lambda m: f"\\u{ord(m[0]):04X}", text) + '"'


def iri(address: str) -> str:
    """An address in angle brackets."""
    return "<" + _UNSAFE.sub(lambda m: f"%{ord(m[0]):02X}", address) + ">"


def compact(prefix: str, identifier: str) -> str:
    """A compact identifier; empty where it has other characters than letters and digits."""
    local = identifier.rsplit(":", 1)[-1]
    return f"{prefix}:{local}" if _LOCAL.match(local) else ""


def _identifier(name: str) -> str:
    """A compact identifier as pages write it: ``mesh:D002118``, ``CHEBI:9168``, ``DOID:162``."""
    return name if name.startswith("mesh:") else name.upper()


def _statements(subject: str, facts: Iterable[tuple[str, str]]) -> str:
    """Facts of one subject; what is empty is left out."""
    return f"{subject} " + " ; ".join(f"{p} {o}" for p, o in facts if o) + " .\n"


def figure_turtle(
    dataset: str, page: str, article: str, cells: dict[str, str], genes: Sequence[str], subjects: Iterable[Subject]
) -> str:
    """A figure, its paper and what it mentions.

    Args:
        dataset: name of the figure.
        page: address of its page.
        article: name of its paper.
        cells: its line in the table of figures.
        genes: names of genes that it mentions, each once.
        subjects: chemicals and diseases that it mentions.
    """
    named, nameless, about = [], [], []
    for name, kind, text, other in subjects:
        facts = f"a schema:{kind} ; schema:name {literal(text)}"
        if name:
            named.append(name)
            about.append(f"{name} {facts} ; schema:identifier {literal(_identifier(name))} .\n")
        else:
            nameless.append(f"[ {facts}{f' ; schema:identifier {literal(other)}' if other else ''} ]")
    mentions = ", ".join((*genes, *dict.fromkeys((*named, *nameless))))
    paper, own = iri(article), iri(dataset)
    figure = _statements(own, (
        ("a", "schema:Dataset"), ("schema:name", literal(cells["title"] or cells["figid"])),
        ("schema:identifier", literal(cells["figid"])), ("schema:url", iri(page)),
        ("schema:citation", paper), ("schema:isBasedOn", paper), ("schema:mentions", mentions),
    ))  # fmt: skip
    return figure + _work(paper, cells) + "".join(about)


def _work(paper: str, cells: dict[str, str]) -> str:
    """The paper of a figure.

    Args:
        paper: its name in RDF.
        cells: the figure's line in the table of figures.
    """
    year, doi = cells["year"], iri(href) if (href := doi_href(bare_doi(cells["doi"]))) else ""
    kind = "CreativeWork" if cells["figtype"] == "Demonstration" else "ScholarlyArticle"
    return _statements(paper, (
        ("a", f"schema:{kind}"),
        ("schema:name", literal(cells["papertitle"] or cells["reftext"] or cells["pmcid"])),
        ("schema:identifier", literal(cells["pmcid"])),
        ("schema:datePublished", f"{literal(year)}^^schema:Date" if _YEAR.match(year) else ""),
        ("schema:sameAs", doi if doi != paper else ""),
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
