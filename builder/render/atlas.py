"""What a worker must know of the whole collection to render any page of it.

The main process writes one file before rendering; each worker opens it once. Figures are
kept encoded and decoded when a page shows them, so that a worker that renders a few pages
does not pay for a hundred thousand.
"""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import msgspec
from markupsafe import Markup

from builder.names import fold
from builder.plan.facts import AtlasData, Card
from builder.render.contexts import FigureCard, GeneRef, Link, SiteContext, WordGroup
from builder.render.engine import Engine
from builder.render.lexicons import hgnc_href, is_pmc, lexicon, ncbi_gene_href
from builder.urls import Urls, figure_path, quoted

if TYPE_CHECKING:
    from collections.abc import Sequence

    from builder.model import Figure

__all__ = ["Atlas", "GeneKey", "ShownGene", "address", "open_atlas", "site_context"]


FOOTER = ("about", "help", "cite")


def site_context(data: AtlasData, urls: Urls) -> SiteContext:
    """What every page knows of the site."""
    s = data.settings
    pages = dict(data.pages)
    nav = [("genes", Link("Genes", urls.href("genes/index.html")))]
    nav.append(("organisms", Link("Organisms", urls.href("organisms/index.html"))))
    nav.append(("browse", Link("Browse", urls.href("browse/index.html"))))
    nav.append(("download", Link("Download", urls.href("download.html"))))
    names = [n for n in FOOTER if n in pages] + sorted(set(pages) - {*FOOTER, "download"})
    footer = [Link(pages[n], urls.href(f"{n}.html")) for n in names]
    footer.append(Link("Newest figures (feed)", urls.href("feed.xml")))
    if s.contact:
        footer.append(Link("Contact", s.contact))
    return SiteContext(
        title=s.title,
        tagline=s.tagline,
        description=s.description or s.tagline,
        language=s.language,
        base=urls.base,
        home=urls.absolute("index.html"),
        genes=urls.href("genes/index.html"),
        nav=tuple(nav),
        footer=tuple(footer),
        stylesheet=urls.href(data.assets["site.css"]),
        script=urls.href(data.assets["site.js"]),
        theme_script=urls.href(data.assets["theme.js"]),
        stub_script=urls.href(data.assets["stub.js"]),
        icon=urls.href(data.assets["favicon.svg"]),
        feed=urls.href("feed.xml"),
        license=Link(s.license, s.license_url) if s.license and s.license_url else None,
        publisher=Link(s.publisher or s.title, s.publisher_url) if s.publisher_url else None,
    )


MOST_GROUPS = 20_000
"""Groups that a worker keeps; about 1 kB each."""

GeneKey = tuple[str, str, str]
"""Organism, NCBI Gene id and symbol of a mention."""


class ShownGene(NamedTuple):
    """A gene as figures show it."""

    ref: GeneRef
    link: str
    """HTML of the panel."""
    cells: str
    """HTML of the table."""


class Atlas:
    """The collection as pages see it."""

    def __init__(self, data: AtlasData) -> None:
        self.data = data
        self.settings = data.settings
        self.urls = Urls(data.settings.url)
        self.site = site_context(data, self.urls)
        self.engine = Engine(Path(data.templates), self.site)
        self.years = {y: self.urls.href(f"browse/{y or 'unknown'}.html") for y in data.years}
        self._shown: dict[GeneKey, ShownGene] = {}
        self._groups: dict[tuple[str, str, str, int, tuple[GeneKey, ...]], WordGroup] = {}
        self._decode = msgspec.msgpack.Decoder(Card).decode
        self._rows: dict[int, str] = {}
        self._spelling = {fold(g.organism): g.organism for g in data.genes if g.organism}
        self._spelling[fold(data.settings.default_organism)] = data.settings.default_organism
        self._genes = {(g.organism, g.ident): i for i, g in enumerate(data.genes)}

    def card(self, figure: int) -> Card:
        """What lists show of a figure."""
        return self._decode(self.data.cards[figure])

    def group(self, word: str, match: str, source: str, times: int, genes: tuple[GeneKey, ...]) -> WordGroup:
        """A word and the genes that it stands for; kept, since the same words stand for the same genes."""
        key = word, match, source, times, genes
        known = self._groups.get(key)
        if known is None:
            if len(self._groups) >= MOST_GROUPS:
                self._groups.clear()
            known = self._groups[key] = self._make_group(*key)
        return known

    def _make_group(self, word: str, match: str, source: str, times: int, genes: tuple[GeneKey, ...]) -> WordGroup:
        """Make a group and its fragments."""
        shown = [self.gene(*g) for g in genes]
        bare = WordGroup(
            word.strip() or match,
            match,
            lexicon(source)[0],
            source,
            times,
            tuple([s.ref for s in shown]),
            Markup("".join([s.link for s in shown])),  # noqa: S704 - made by the template engine
            Markup("<tr>".join([s.cells for s in shown])),  # noqa: S704 - as above
            Markup(),
            Markup(),
        )
        panel, table = self.engine.fragment("macros/genes.html", "word_fragments", bare).split("\f", 1)
        return replace(bare, panel=Markup(panel), table=Markup(table))  # noqa: S704 - as above

    def gene(self, organism: str, ncbi: str, symbol: str) -> ShownGene:
        """A gene of a mention with its links and fragments; each is made once and kept."""
        shown = self._shown.get((organism, ncbi, symbol))
        if shown is None:
            shown = self._shown[organism, ncbi, symbol] = self._show(organism, ncbi, symbol)
        return shown

    def _show(self, organism: str, ncbi: str, symbol: str) -> ShownGene:
        """Make what figures show of a gene."""
        default = self.settings.default_organism
        spelt = self._spelling.get(fold(organism), organism)
        key = ("" if spelt == default else spelt, ncbi or "=" + symbol)
        entry = self.data.genes[self._genes[key]]
        human = (organism or default) == "Homo sapiens"
        href = self.urls.href(entry.path)
        ref = GeneRef(symbol, href, ncbi, ncbi_gene_href(ncbi), hgnc_href(symbol) if human else "")
        link, cells = self.engine.fragment("macros/genes.html", "gene_fragments", ref).split("\f", 1)
        return ShownGene(ref, link, cells)

    def image_address(self, figure: Card | Figure) -> str:
        """Absolute address of a figure's image at its publisher; empty if there can be none."""
        template = self.settings.image_url
        if not figure.filename or ("{pmcid}" in template and not is_pmc(figure.pmcid)):
            return ""
        return address(
            template,
            pmcid=figure.pmcid, filename=figure.filename, figid=figure.figid, year=figure.year, number=figure.number,
        )  # fmt: skip

    def figure_card(self, figure: int, *, remote: bool = False) -> FigureCard:
        """A figure as a list shows it.

        Args:
            figure: which one.
            remote: show the publisher's image where the site has none of its own; for short lists.
        """
        c = self.card(figure)
        image = self.data.images.get(c.filename)
        thumb = self.urls.href(image.thumb) if image else self.image_address(c) if remote else ""
        return FigureCard(
            self.urls.figure(c.figid), c.title, c.number, c.year, c.paper, c.pmcid, c.organisms, thumb,
            image.thumb_width if image else 0, image.thumb_height if image else 0,
        )  # fmt: skip

    def rows(self, figures: Sequence[int]) -> Markup:
        """The list items of figures; each is rendered once and kept."""
        known = self._rows
        for figure in figures:
            if figure not in known:
                known[figure] = self.engine.fragment("macros/listing.html", "listing_row", self.figure_card(figure))
        return Markup("".join([known[f] for f in figures]))  # noqa: S704 - made by the template engine

    def year_href(self, year: int) -> str:
        """Address of a year's page; empty if it has none."""
        return self.years.get(year, "")

    def figure_url(self, figid: str) -> str:
        """Absolute address of a figure's page."""
        return self.urls.absolute(figure_path(figid))


def address(template: str, **fields: str) -> str:
    """An address from a template of site.yml, its fields percent-encoded."""
    for name, value in fields.items():
        if (field := f"{{{name}}}") in template:
            template = template.replace(field, quoted(value, "/@:!$,-._~"))
    return template


@lru_cache(maxsize=2)
def open_atlas(path: str) -> Atlas:
    """The atlas in a file; a worker opens each once."""
    return Atlas(msgspec.msgpack.decode(Path(path).read_bytes(), type=AtlasData))
