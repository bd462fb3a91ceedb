"""The parts that page contexts are made of.

Every field is documented here or in ``contexts``, and nowhere else. All ``href`` values are
ready to print (base path included, percent-encoded, safe without quotes); all text is plain
text that the template escapes, except the fields typed ``Markup``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from markupsafe import Markup

__all__ = [
    "Chart",
    "Count",
    "DownloadFile",
    "FigureCard",
    "FigureImage",
    "FigureLink",
    "GeneOrganism",
    "GeneRef",
    "GeneRow",
    "Head",
    "Letter",
    "Link",
    "Mention",
    "OrganismGroup",
    "Pagination",
    "Paper",
    "Partner",
    "Sibling",
    "SimilarFigure",
    "SiteContext",
    "WordCount",
    "WordGroup",
]


class Link(msgspec.Struct, frozen=True):
    """A link: its text and its address."""

    text: str
    href: str


class SiteContext(msgspec.Struct, frozen=True):
    """What every page knows of the site. Holds no counts, so that a new record changes few pages."""

    title: str
    """Name of the site, from site.yml."""
    tagline: str
    """One sentence on what the site is; may be empty."""
    description: str
    """For search engines, where a page has no description of its own."""
    lang: Markup
    """Attribute of a record's texts on its page, and of text pages, with a blank before it; empty for English."""
    base: str
    """Base path with a slash at both ends: ``/`` or ``/pfocr/``."""
    home: str
    """Absolute address of the home page."""
    genes: str
    """Address of the gene index."""
    explore: str
    """Address of Explore; also the action of the search form (parameter ``q``)."""
    kinds: tuple[str, ...]
    """Of genes, organisms, chemicals and diseases what any figure has; pages say nothing of the others."""
    nav: tuple[tuple[str, Link], ...]
    """Main navigation: section key (``genes``, ``organisms``, ``browse``, ``explore``, ``download``) and link."""
    footer: tuple[Link, ...]
    """Links of the footer (statistics, about, help, cite, feed ...)."""
    stylesheet: str
    """Address of the bundled CSS."""
    script: str
    """Address of the bundled ES module, loaded with ``type=module``."""
    theme_script: str
    """Address of the small classic script that applies a remembered colour scheme before first paint."""
    stub_script: str
    """Address of the script that keeps ``?query#fragment`` on a redirect stub."""
    icon: str
    """Address of the SVG icon."""
    feed: str
    """Address of the Atom feed."""
    statistics: str
    """Address of the statistics page."""
    license: Link | None
    """Licence of the data."""
    publisher: Link | None
    """Who publishes the site."""
    policy: Markup
    """Content security policy of the pages."""
    stub_policy: Markup
    """Content security policy of redirect stubs."""


class Head(msgspec.Struct, frozen=True):
    """The ``<head>`` of one page."""

    title: str
    """Document title, site name included."""
    description: str
    """Meta description, 300 characters at most."""
    canonical: str
    """Absolute address of the page; empty on the 404 page."""
    section: str
    """Key of the navigation entry that is current; empty for none."""
    og_type: str
    """Open Graph type: ``website`` or ``article``."""
    image: str
    """Absolute address of a picture for previews; empty for none."""
    jsonld: Markup
    """JSON-LD document, safe inside ``<script>``; empty for none."""
    og_title: str = ""
    """Title for previews, which name the site themselves; empty where it is that of the document."""
    robots: str = ""
    """``noindex`` and the like; empty for none."""
    prev: str = ""
    """Address of the previous page of a listing; empty for none."""
    next: str = ""
    """Address of the next page of a listing; empty for none."""


class FigureCard(msgspec.Struct, frozen=True):
    """A figure as lists show it."""

    href: str
    title: str
    year: str
    """As published; empty if unknown."""
    paper: str
    """Title of the paper, clipped."""
    pmcid: str
    organisms: str
    """Names joined by a comma, without the default organism when it is the only one."""
    thumb: str
    """Address of a small picture; empty for none, then the card shows a plain frame."""
    width: int
    """Of the thumbnail, pixels; 0 if unknown."""
    height: int


class FigureLink(msgspec.Struct, frozen=True):
    """A figure as pages of other figures link to it."""

    href: str
    title: str
    """Clipped, since it is one of several links."""
    thumb: str
    """As in ``FigureCard``, likewise the next two."""
    width: int
    height: int


class SimilarFigure(msgspec.Struct, frozen=True):
    """A figure that shows much the same genes."""

    link: Markup
    """Link to it, made by the macro ``figure_link`` in ``macros/listing.html``."""
    thumb: Markup
    """Its small picture, made by the macro ``thumb``; empty for none."""
    shared: int
    """Genes that both show."""
    genes: str
    """The rarest of those, comma separated."""
    same_paper: bool
    """Of the same paper: perhaps a near-copy."""


class Sibling(msgspec.Struct, frozen=True):
    """Another figure of the same paper."""

    link: Markup
    """Link to it, made by the macro ``figure_link``."""
    thumb: Markup
    """As in ``SimilarFigure``."""
    number: str
    """Label in the paper; may be empty."""


class FigureImage(msgspec.Struct, frozen=True):
    """The picture of a figure page."""

    src: str
    """Address shown in the page."""
    link: str
    """Address of the file itself, which browsers may not show."""
    full: str
    """Absolute address, for previews and structured data."""
    width: int
    """Pixels; 0 when unknown (remote image): the frame then keeps a 4:3 place."""
    height: int
    alt: str
    local: bool
    """Served by this site, not by the publisher."""
    license: Link | None = None
    """The licence that it is said to have; without an address where nobody knows that."""
    named: bool = True
    """Whether the record names one."""


class Paper(msgspec.Struct, frozen=True):
    """The publication block."""

    title: str
    citation: str
    """As published (``reftext``); empty if absent."""
    pmcid: str
    article: str
    """Address of the article (``article_url``); empty if it has none there."""
    figure: str
    """Address of the figure at PMC; empty if absent."""
    doi: str
    """Bare DOI; empty if absent."""
    doi_href: str
    journal: str
    """Empty if absent, likewise the next two."""
    publisher: str
    """Of the journal."""
    keywords: tuple[str, ...]
    """Of the paper."""
    year: str


class GeneOrganism(msgspec.Struct, frozen=True):
    """An organism of which a figure shows genes."""

    name: str
    """Latin name."""
    group: str
    """``Primates``; empty if unknown."""


class GeneRef(msgspec.Struct, frozen=True):
    """A gene as a figure page shows it."""

    symbol: str
    """Gene symbol, as written in the record."""
    href: str
    """Address of the gene page."""


class WordGroup(msgspec.Struct, frozen=True):
    """One word seen in the figure and the genes that it stands for."""

    word: str
    """As OCR read it."""
    times: int
    """How often the word was seen in the figure."""
    links: Markup
    """The genes as links, made by the macro ``gene_link`` in ``macros/genes.html``."""
    note: str
    """Lexicon term that the word matched and the lexicon, ``PI3K · family in Bioentities``; empty for a word
    that is itself a symbol of HGNC."""


class Mention(msgspec.Struct, frozen=True):
    """A chemical or disease recognised in a figure."""

    word: str
    name: str
    """Preferred name when it differs from the word; else empty."""
    href: str
    """Address of its page."""


class WordCount(msgspec.Struct, frozen=True):
    """A word by which OCR saw a gene."""

    word: str
    count: int
    """Figures in which this word stood for the gene."""
    level: int
    """1 (rare) to 5 (most frequent): size of the chip."""


class Count(msgspec.Struct, frozen=True):
    """A number of something, such as the figures of one year."""

    name: str
    count: int
    href: str
    """Address of the page of what is counted; empty for none."""


class Chart(msgspec.Struct, frozen=True):
    """A bar chart and its numbers."""

    svg: Markup
    """Inline SVG, without style attributes; colours by class: ``chart``, ``bar``, ``axis``, ``label``."""
    rows: tuple[Count, ...]
    """The same numbers, for a table."""
    heads: tuple[str, str] = ("Year", "Figures")
    """What the columns of the table hold."""


class Partner(msgspec.Struct, frozen=True):
    """A gene often seen with another."""

    link: Markup
    """Link to its page, made by the macro ``gene_link`` in ``macros/genes.html``."""
    shared: int
    """Figures that show both."""


class Pagination(msgspec.Struct, frozen=True):
    """Where in a listing of several pages this page stands; pages count from 1."""

    page: int
    pages: int
    prev: str
    """Address; empty on the first page."""
    next: str
    """Address; empty on the last page."""
    items: tuple[tuple[int, str], ...]
    """Page numbers to offer, with addresses; the number 0 stands for a gap."""
    first: int
    """Ordinal of the first entry on this page, from 1."""
    last: int
    """Ordinal of the last entry on this page."""
    listed: int
    """How many entries are listed in all."""
    total: int
    """How many there are; more than ``listed`` where there are more than ``listing_limit`` of site.yml."""
    complete: str
    """Address of the page of downloads, which have them all."""
    explore: str
    """Address of Explore with the query that finds them all; empty where all are listed."""


class Letter(msgspec.Struct, frozen=True):
    """An entry of the A-Z bar."""

    label: str
    href: str
    count: int
    current: bool


class GeneRow(msgspec.Struct, frozen=True):
    """A gene in the index."""

    symbol: str
    href: str
    words: str
    """Up to three words it was seen as, other than the symbol, comma separated."""
    count: int
    """Figures."""
    bar: int
    """Length of the small bar, 1 to 100, logarithmic."""
    organism: str
    """Empty for the default organism."""


class OrganismGroup(msgspec.Struct, frozen=True):
    """Organisms of one group."""

    name: str
    """``Primates``; empty where there are no groups."""
    count: int
    """Organisms in it."""
    rows: tuple[GeneRow, ...]
    """``symbol`` holds the Latin name, ``words`` the common one."""
    href: str
    """Address of the page that has all of them; empty where these are all."""


class DownloadFile(msgspec.Struct, frozen=True):
    """A file on the download page."""

    href: str
    name: str
    description: str
    size: str
    """``1.2 MB``."""
    rows: int
    """Rows in the file, header not counted."""
    sha256: str
