"""Gene pages: the words, years and partners of a gene, then its figures, page by page."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from markupsafe import Markup

from builder.names import is_number, letter_of
from builder.render.charts import year_chart
from builder.render.contexts import GenePage, Head, Link, Pagination, Partner
from builder.render.jsonld import GENE_PROFILE, MENTION_CONTEXT, Node, breadcrumbs, conforms, document, taxon
from builder.render.lexicons import hgnc_href, ncbi_gene_href
from builder.render.listing import numbers, page_count, page_of, pagination_of, word_counts
from builder.render.words import clip
from builder.urls import gene_path, listing_path, quoted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from builder.plan.facts import GeneEntry, GeneFacts
    from builder.render.atlas import Atlas

__all__ = ["gene_pages"]

WORDS_SHOWN = 60
LISTED_IN_JSONLD = 10


ENSEMBL = frozenset({
    "Bos taurus", "Caenorhabditis elegans", "Canis lupus familiaris", "Danio rerio", "Drosophila melanogaster",
    "Equus caballus", "Gallus gallus", "Homo sapiens", "Macaca mulatta", "Mus musculus", "Oryctolagus cuniculus",
    "Ovis aries", "Pan troglodytes", "Rattus norvegicus", "Saccharomyces cerevisiae", "Sus scrofa",
    "Xenopus tropicalis",
})  # fmt: skip
"""Organisms with a site of their own at Ensembl, of which figures show most genes."""


def _gene_links(symbol: str, ncbi: str, organism: str, *, human: bool) -> tuple[Link, ...]:
    """Where else to read about a gene of an organism, given by its Latin name."""
    links = []
    if href := ncbi_gene_href(ncbi):
        links.append(Link("NCBI Gene", href))
    if human:
        links.append(Link("HGNC", hgnc_href(symbol)))
    if href and organism in ENSEMBL:
        links.append(Link("Ensembl", _ensembl(symbol, organism)))
    if href:
        links.append(Link("UniProt", f"https://www.uniprot.org/uniprotkb?query=(xref:geneid-{ncbi})"))
    if human and href:
        links.append(Link("Open Targets", f"https://platform.opentargets.org/search?q={quoted(symbol)}&page=1"))
        links.append(Link("Human Protein Atlas", f"https://www.proteinatlas.org/search/{quoted(symbol)}"))
    return tuple(links)


def _ensembl(symbol: str, organism: str) -> str:
    """Address of a gene at Ensembl, by its symbol."""
    return f"https://www.ensembl.org/{organism.replace(' ', '_')}/Gene/Summary?g={quoted(symbol)}"


def _gene_head(facts: GeneFacts, page: int, pagination: Pagination, atlas: Atlas, organism: str) -> Head:
    """The head of a gene's page."""
    gene = atlas.data.genes[facts.gene]
    words = ", ".join(w for w, _ in facts.words[:5] if w != gene.symbol)
    seen = f", also seen as {words}" if words else ""
    description = (
        f"{facts.total:,} {atlas.settings.figure_kind}{'s' if facts.total != 1 else ''} "
        f"show{'' if facts.total != 1 else 's'} {gene.symbol} ({organism}){seen}."
    )
    graph = _gene_graph(facts, atlas, organism, description) if page == 1 else []
    number = f", page {page}" if page > 1 else ""
    return Head(
        title=f"{clip(gene.symbol, 60)} in {atlas.settings.figure_kind}s{number} · {atlas.settings.title}",
        description=clip(description, 300),
        canonical=atlas.urls.absolute(listing_path(gene.path, page)),
        section="genes",
        og_type="website",
        image="",
        jsonld=document(graph) if graph else Markup(),
        prev=pagination.prev,
        next=pagination.next,
    )


def _gene_graph(facts: GeneFacts, atlas: Atlas, organism: str, description: str) -> list[Node]:
    """CollectionPage about a Gene, the ItemList of its newest figures, BreadcrumbList."""
    gene = atlas.data.genes[facts.gene]
    url = atlas.urls.absolute(gene.path)
    ncbi = gene.ident if ncbi_gene_href(gene.ident) else ""
    node: Node = {
        "@type": "Gene",
        "@id": _gene_id(url, ncbi),
        "dct:conformsTo": conforms(GENE_PROFILE),
        "identifier": f"ncbigene:{ncbi}" if ncbi else gene.ident.removeprefix("=") or gene.symbol,
        "name": gene.symbol,
        "url": url,
        "taxonomicRange": taxon(organism, atlas),
    }
    if ncbi:
        node["sameAs"] = ncbi_gene_href(ncbi)
    if facts.aliases:
        node["alternateName"] = facts.aliases
    newest = map(atlas.url_of, numbers(facts.figures)[:LISTED_IN_JSONLD])
    items = [{"@type": "ListItem", "position": i, "url": own} for i, own in enumerate(newest, 1)]
    return [
        {
            "@type": "CollectionPage",
            "@id": url,
            "url": url,
            "name": f"Figures that show {gene.symbol}",
            "description": description,
            "about": {"@id": _gene_id(url, ncbi)},
            "mainEntity": {"@id": url + "#figures"},
        },
        node,
        {"@type": "ItemList", "@id": url + "#figures", "numberOfItems": facts.total, "itemListElement": items},
        breadcrumbs(_gene_crumbs(gene.symbol, atlas), gene.symbol, atlas.urls.root, atlas.urls.base),
    ]


def gene_query(gene: GeneEntry) -> str:
    """What readers would type to find the figures of a gene: its symbol, or its key where others have that symbol."""
    plain = gene.path == gene_path(gene.symbol, "") and re.fullmatch(r"[\w-]+", gene.symbol)
    return f"gene:{gene.symbol}" if plain else exact_query(gene.path)


def exact_query(path: str) -> str:
    """What Explore finds the figures of one gene by, whichever others have its symbol: its key.

    Args:
        path: of the gene's page.
    """
    key = path.removeprefix("genes/").removesuffix(".html")
    return f"gene:{key}" if "/" in key else f"gene:={key}"


def _gene_id(url: str, ncbi: str) -> str:
    """What names a gene in structured data, on its page and on those of its figures."""
    return f"{MENTION_CONTEXT['gene']}{ncbi}" if ncbi else url + "#gene"


def _ids(ident: str) -> tuple[str, str]:
    """The NCBI Gene id in an ``ident``, or what records give in its place; each empty if there is none."""
    given = ident if not ident.startswith("=") else ""
    return (given, "") if is_number(given) else ("", given)


def _gene_crumbs(symbol: str, atlas: Atlas) -> tuple[Link, ...]:
    """Genes, then the letter."""
    letter = letter_of(symbol)
    return (
        Link("Genes", atlas.urls.href("genes/index.html")),
        Link(letter, atlas.urls.href(f"genes/letters/{letter}.html")),
    )


def gene_paths(facts: GeneFacts, atlas: Atlas) -> list[str]:
    """Paths of the pages of a gene."""
    pages = page_count(len(facts.figures) // 4, atlas.settings.listing_page)
    return [listing_path(atlas.data.genes[facts.gene].path, page) for page in range(1, pages + 1)]


def gene_pages(facts: GeneFacts, atlas: Atlas) -> Iterator[tuple[str, GenePage]]:
    """Path and contents of every page of a gene."""
    gene = atlas.data.genes[facts.gene]
    organism = gene.organism or atlas.settings.default_organism
    listed = numbers(facts.figures)
    known = [str(y) for y, _ in facts.years if y]
    words = word_counts(facts.words[:WORDS_SHOWN])
    partners = tuple(_partner(g, n, atlas) for g, n in facts.partners)
    years = len(facts.years) > 1  # one bar would say what the counts above it say
    title = f"Figures that show {gene.symbol}, by year"
    chart = year_chart(dict(facts.years), title, atlas.year_href) if years else None
    ncbi, other = _ids(gene.ident)
    for page, path in enumerate(gene_paths(facts, atlas), 1):
        pagination = pagination_of(gene.path, page, len(listed), facts.total, atlas, exact_query(gene.path))
        first = page == 1
        yield (
            path,
            GenePage(
                head=_gene_head(facts, page, pagination, atlas, organism),
                breadcrumbs=_gene_crumbs(gene.symbol, atlas),
                symbol=gene.symbol,
                organism=atlas.organism_links((organism,))[0],
                ncbi=ncbi,
                other_id=other,
                links=_gene_links(gene.symbol, ncbi, organism, human=organism == "Homo sapiens"),
                total=facts.total,
                papers=facts.papers,
                first_year=min(known, default=""),
                last_year=max(known, default=""),
                words=words if first else (),
                words_total=facts.words_total,
                chart=chart if first else None,
                partners=partners if first else (),
                partners_total=facts.partners_total,
                same_symbol=tuple(_namesake(g, gene, atlas) for g in facts.same_symbol),
                same_symbol_total=facts.same_symbol_total,
                rows=atlas.rows(page_of(listed, page, atlas.settings.listing_page)),
                pagination=pagination,
            ),
        )


def _partner(gene: int, shared: int, atlas: Atlas) -> Partner:
    """A gene seen with another."""
    return Partner(atlas.gene_link(gene), shared)


def _namesake(gene: int, here: GeneEntry, atlas: Atlas) -> Link:
    """A gene of the same spelling: by its organism, of the same organism by its NCBI Gene id."""
    entry = atlas.data.genes[gene]
    organism = entry.organism or atlas.settings.default_organism
    spelt = "" if entry.symbol == here.symbol else f" ({entry.symbol})"
    known = f"NCBI Gene {entry.ident}" if is_number(entry.ident) else entry.ident
    number = "" if entry.organism != here.organism or entry.ident.startswith("=") else f" ({known})"
    return Link(f"{organism}{number or spelt}", atlas.urls.href(entry.path))
