"""What each page template is given: one frozen struct a page kind.

Every field is documented here or in ``parts``, and nowhere else; ``tests/unit/test_contexts.py``
compares these fields with what the templates use.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from builder.render.parts import (
    Chart,
    Count,
    DownloadFile,
    FigureCard,
    FigureImage,
    FigureLink,
    GeneOrganism,
    GeneRef,
    GeneRow,
    Head,
    Letter,
    Link,
    Mention,
    OrganismGroup,
    Pagination,
    Paper,
    Partner,
    Sibling,
    SimilarFigure,
    SiteContext,
    WordCount,
    WordGroup,
)

if TYPE_CHECKING:
    from markupsafe import Markup

__all__ = [
    "BrowsePage",
    "Chart",
    "ConceptIndexPage",
    "Count",
    "DownloadFile",
    "ExplorePage",
    "FigureCard",
    "FigureImage",
    "FigureLink",
    "FigurePage",
    "GeneIndexPage",
    "GeneOrganism",
    "GenePage",
    "GeneRef",
    "GeneRow",
    "Head",
    "HomePage",
    "Letter",
    "Link",
    "ListingPage",
    "Mention",
    "ModelsPage",
    "NotFoundPage",
    "OrganismGroup",
    "OrganismIndexPage",
    "Pagination",
    "Paper",
    "Partner",
    "Portrait",
    "Sibling",
    "SimilarFigure",
    "SiteContext",
    "StatisticsPage",
    "StubPage",
    "TextPage",
    "WordCount",
    "WordGroup",
]


class FigurePage(msgspec.Struct, frozen=True):
    """One figure."""

    head: Head
    breadcrumbs: tuple[Link, ...]
    title: str
    label: str
    """What the figure is called in its paper: ``Figure F1``, ``Scheme 2``."""
    demonstration: bool
    """True for figtype Demonstration: the page says that this is not a published figure."""
    year: Link | None
    organisms: tuple[Link, ...]
    caption: str
    """Plain text; may be empty."""
    body: Markup
    """Notes of the curator, rendered from the Markdown body; often empty."""
    image: FigureImage
    paper: Paper
    panel: Markup
    """Genes grouped by word, in the order of the record, each group made by the macro ``word_group`` in
    ``macros/genes.html``; empty if there are none."""
    gene_count: int
    """Distinct genes."""
    word_count: int
    """Distinct words."""
    widest: int
    """Letters of the longest word, which tell the width of its column before all words have come; 13 at most."""
    human_genes: str
    """Address of the folder of human genes, by which the script tells them from others; empty if there are none."""
    gene_organisms: tuple[GeneOrganism, ...]
    """Organisms of the genes in the order in which their genes stand; empty where all are of one."""
    chemicals: tuple[Mention, ...]
    diseases: tuple[Mention, ...]
    annotations: tuple[str, ...]
    links: tuple[Link, ...]
    """Links out: WikiPathways and NDEx models of this figure, and the like."""
    siblings: tuple[Sibling, ...]
    """Other figures of the same paper."""
    similar: tuple[SimilarFigure, ...]
    """Figures that show much the same genes, the most similar first."""
    newer: Markup
    """Link to the figure before, made by the macro ``figure_link``; empty for none."""
    older: Markup
    edit_href: str
    """Where the record can be edited; empty if site.yml gives no address."""
    more: tuple[tuple[str, str], ...]
    """Remaining fields of the record, for "More": name and value as text, nothing lost."""


class GenePage(msgspec.Struct, frozen=True):
    """One gene; page 1 carries everything, later pages the listing alone."""

    head: Head
    breadcrumbs: tuple[Link, ...]
    symbol: str
    organism: Link
    ncbi: str
    """NCBI Gene id; empty if there is none."""
    other_id: str
    """What records give in the place of an NCBI Gene id that is none; empty if there is none."""
    links: tuple[Link, ...]
    """Links out: NCBI Gene, HGNC, Ensembl, UniProt ..."""
    total: int
    """Figures that show the gene."""
    papers: int
    """Papers that those figures come from."""
    first_year: str
    last_year: str
    words: tuple[WordCount, ...]
    """Most frequent first."""
    words_total: int
    chart: Chart | None
    """Figures per year; None on later pages."""
    partners: tuple[Partner, ...]
    """Most specific first."""
    partners_total: int
    """Genes of its organism seen with this one in at least one figure."""
    same_symbol: tuple[Link, ...]
    """Genes of the same spelling, most of other organisms; their text says which."""
    same_symbol_total: int
    """How many there are; more than are named where the symbol is that of many organisms' genes."""
    rows: Markup
    """The listing: ``<li>`` elements made by the macro ``listing_row`` in ``macros/listing.html``."""
    pagination: Pagination


class GeneIndexPage(msgspec.Struct, frozen=True):
    """``/genes/`` (no current letter, the most mentioned genes) and the pages of each letter."""

    head: Head
    breadcrumbs: tuple[Link, ...]
    letters: tuple[Letter, ...]
    current: str
    """Label of the letter; empty on ``/genes/``."""
    pages: tuple[Letter, ...]
    """Pages of the letter, where there are several, named after their first genes."""
    rows: tuple[GeneRow, ...]
    total: int
    """Genes in the collection."""
    names: str
    """Address of the JSON list ``[[symbol, path, figures, words], ...]`` of genes for filter as you type."""
    most: int
    """How many that list has, where it has the most mentioned alone; 0 where it has all."""


class Portrait(msgspec.Struct, frozen=True):
    """Small picture of an organism."""

    href: str
    width: int
    """0 if unknown."""
    height: int


class ListingPage(msgspec.Struct, frozen=True):
    """Figures of one organism, year, chemical or disease; page 1 carries all, later pages the figures alone."""

    head: Head
    breadcrumbs: tuple[Link, ...]
    kind: str
    """``organism``, ``year``, ``chemicals`` or ``diseases``."""
    name: str
    """The organism, the year (``unknown`` for none), the chemical or the disease."""
    title: str
    """What heads the page of an organism in place of its name; empty for that."""
    portrait: Portrait | None
    """Picture of an organism; page 1 only."""
    notes: tuple[str, ...]
    """What is known of it beside its name: common name and group of an organism, identifiers of a chemical."""
    links: tuple[Link, ...]
    """Links out: NCBI Taxonomy, MeSH, ChEBI, the Disease Ontology."""
    genes: tuple[GeneRow, ...]
    """Most mentioned genes; page 1 only."""
    genes_title: str
    words: tuple[WordCount, ...]
    """Words by which a chemical or disease was read, most frequent first; page 1 only."""
    words_total: int
    chart: Chart | None
    """Figures per year; None on later pages, and for a year."""
    newer: Link | None
    """Neighbouring year."""
    older: Link | None
    rows: Markup
    pagination: Pagination


class OrganismIndexPage(msgspec.Struct, frozen=True):
    """``/organisms/``, by group, or all organisms of one large group."""

    head: Head
    breadcrumbs: tuple[Link, ...]
    title: str
    total: int
    """Organisms on this page and those that it leads to."""
    groups: tuple[OrganismGroup, ...]
    """Those of most figures first; organisms of no known group last."""


class ConceptIndexPage(msgspec.Struct, frozen=True):
    """``/chemicals/`` or ``/diseases/``: those that most figures name, and one page a letter."""

    head: Head
    breadcrumbs: tuple[Link, ...]
    kind: str
    """``chemicals`` or ``diseases``."""
    letters: tuple[Letter, ...]
    current: str
    """Label of the letter; empty on the first page."""
    rows: tuple[GeneRow, ...]
    """``symbol`` holds the name, ``words`` the identifiers."""
    total: int
    """Chemicals or diseases in the collection."""


class ModelsPage(msgspec.Struct, frozen=True):
    """``/wikipathways/`` or ``/ndex/``: figures that have a model there, newest first."""

    head: Head
    breadcrumbs: tuple[Link, ...]
    title: str
    where: str
    """What holds the models: ``WikiPathways``, ``NDEx``."""
    home: str
    """Its address."""
    models: tuple[tuple[FigureCard, Link], ...]


class BrowsePage(msgspec.Struct, frozen=True):
    """``/browse/``: the years."""

    head: Head
    breadcrumbs: tuple[Link, ...]
    chart: Chart
    years: tuple[Count, ...]
    """Newest first; ``unknown`` last."""
    total: int
    types: tuple[tuple[str, int], ...]
    """Figure types with counts."""
    more: tuple[Link, ...]
    """Other ways to browse: chemicals, diseases, models at WikiPathways and NDEx."""


class HomePage(msgspec.Struct, frozen=True):
    """``/``."""

    head: Head
    figures: int
    genes: int
    papers: int
    organisms: int
    mentions: int
    """Gene mentions."""
    examples: tuple[Link, ...]
    """Things to click: a well-known gene of this collection, two in one figure, a set of genes."""
    newest: tuple[FigureCard, ...]
    """Twelve newest figures."""
    top_genes: tuple[GeneRow, ...]
    """Twenty most mentioned genes."""
    chart: Chart
    """Figures per year."""
    downloads: tuple[DownloadFile, ...]
    citation: str
    """How to cite, from site.yml; may be empty."""


class ExplorePage(msgspec.Struct, frozen=True):
    """``/explore/``: search and gene sets, which a script makes; without it, ways to other pages."""

    head: Head
    examples: tuple[Link, ...]
    """Searches to try, each of which finds something in this collection."""
    gene: str
    """One for a gene; empty if there are none."""
    organism: str
    """One for an organism, likewise."""
    stylesheet: str
    """Address of the style sheet of this page alone."""
    script: str
    """Address of its ES module."""
    index: str
    """Address of the file with which the search begins: asked for at once, it is there when the script is."""


class StatisticsPage(msgspec.Struct, frozen=True):
    """``/statistics/``: the collection in charts, each with its numbers."""

    head: Head
    breadcrumbs: tuple[Link, ...]
    figures: int
    papers: int
    genes: int
    mentions: int
    """Gene mentions."""
    organisms: int
    years: Chart
    """Figures per year."""
    new_genes: Chart
    """Genes by the year in which a figure first showed them."""
    top_genes: Chart
    """The genes shown by most figures."""
    top_organisms: Chart
    """The organisms of most figures."""
    types: Chart
    """Figures by type."""
    lexicons: Chart
    """Gene mentions by the lexicon that the word was found in."""


class TextPage(msgspec.Struct, frozen=True):
    """A page from ``pages/*.md``."""

    head: Head
    breadcrumbs: tuple[Link, ...]
    title: str
    body: Markup
    toc: Markup
    """Table of contents, ``<ul>``; empty when the page has fewer than three headings."""
    downloads: tuple[DownloadFile, ...]
    """On the download page; else empty."""
    sets: tuple[DownloadFile, ...]
    """On the download page: gene sets of other organisms than the default one; else empty."""


class NotFoundPage(msgspec.Struct, frozen=True):
    """``/404.html``: links work from any depth because they carry the base path."""

    head: Head


class StubPage(msgspec.Struct, frozen=True):
    """A redirect stub."""

    target: str
    """Address with base path."""
    canonical: str
    """Absolute address of the target."""
    title: str
    """Title of the target page."""
    parameter: str = ""
    """Parameter of the old address that becomes a query of the new one; empty for none."""
    query: str = ""
    """That query, with ``{}`` for the parameter's value."""
