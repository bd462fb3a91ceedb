"""What a worker must know of the whole collection to render any page of it.

The main process writes one file before rendering; each worker opens it once. Figures are
kept encoded and decoded when a page shows them, so that a worker that renders a few pages
does not pay for a hundred thousand.
"""

from __future__ import annotations

import mmap
from array import array
from functools import lru_cache
from pathlib import Path
from sys import intern
from typing import TYPE_CHECKING, NamedTuple

import msgspec
from markupsafe import Markup

from builder.memory import give_back
from builder.names import fold, leads_to
from builder.plan.facts import AtlasData
from builder.read.card import Card
from builder.read.record import forget
from builder.render.contexts import FigureCard, FigureLink, Link, SiteContext
from builder.render.engine import Engine, safe
from builder.render.mentions import Mentions
from builder.render.policy import STUB_POLICY, page_policy
from builder.render.words import clip
from builder.urls import Urls, figure_path, organism_path, quoted

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from builder.model import BareFigure
    from builder.plan.facts import GeneEntry

__all__ = ["Atlas", "address", "open_atlas", "site_context"]


FOOTER = ("about", "help", "cite")


def site_context(data: AtlasData, urls: Urls) -> SiteContext:
    """What every page knows of the site."""
    s = data.settings
    pages = dict(data.pages)
    sections = [k for k in ("genes", "organisms") if k in data.kinds] + ["browse", "explore"]
    nav: list[tuple[str, Link]] = [(k, Link(k.capitalize(), urls.href(f"{k}/index.html"))) for k in sections]
    nav.append(("download", Link("Download", urls.href("download.html"))))
    names = [n for n in FOOTER if n in pages] + sorted(set(pages) - {*FOOTER, "download"})
    footer = [Link("Statistics", urls.href("statistics/index.html"))]
    footer += [Link(pages[n], urls.href(f"{n}.html")) for n in names]
    footer.append(Link("Newest figures (feed)", urls.href("feed.xml")))
    if s.contact:
        footer.append(Link("Contact", s.contact))
    return SiteContext(
        title=s.title,
        tagline=s.tagline,
        description=s.description or s.tagline,
        lang=safe(f" lang={s.language}" if s.language != "en" else ""),
        base=urls.base,
        home=urls.absolute("index.html"),
        genes=urls.href("genes/index.html"),
        explore=urls.href("explore/index.html"),
        kinds=data.kinds,
        nav=tuple(nav),
        footer=tuple(footer),
        stylesheet=urls.href(data.assets["site.css"]),
        script=urls.href(data.assets["site.js"]),
        theme_script=urls.href(data.assets["theme.js"]),
        stub_script=urls.href(data.assets["stub.js"]),
        icon=urls.href(data.assets["favicon.svg"]),
        feed=urls.href("feed.xml"),
        statistics=urls.href("statistics/index.html"),
        license=Link(s.license, s.license_url) if s.license and s.license_url else None,
        publisher=Link(s.publisher or s.title, s.publisher_url) if s.publisher_url else None,
        policy=page_policy(s),
        stub_policy=STUB_POLICY,
    )


SHORT_TITLE = 70
SHORT_PAPER = 80
SYMBOL = 24
MOST_LINKS = 150_000
"""Links to figures that a worker keeps; about 400 bytes each."""
MOST_ROWS = 40_000
"""Rows of former pages that it keeps."""

MOST_ORGANISMS = 4_000
"""Different lists of organisms whose links a worker keeps."""


_NO_THUMB = Markup()


class LinkedFigure(NamedTuple):
    """A figure as figures like it, and those of its paper, show it."""

    link: Markup
    thumb: Markup
    """Its small picture; empty for none."""
    number: str
    pmcid: str


class _Symbols(dict[int, str]):
    """The symbols of genes by their number, cut to length."""

    def __init__(self, genes: Sequence[GeneEntry]) -> None:
        super().__init__()
        self._genes = genes

    def __missing__(self, gene: int) -> str:
        self[gene] = short = clip(self._genes[gene].symbol, SYMBOL)
        return short


class _Name(msgspec.Struct, array_like=True):
    """What a card begins with."""

    figid: str


_decode_name = msgspec.msgpack.Decoder(_Name).decode


class Atlas:
    """The collection as pages see it."""

    def __init__(self, data: AtlasData, cache: Path | None = None) -> None:
        """Make ready.

        Args:
            data: the collection.
            cache: the cache folder, if there is one.
        """
        self.data = data
        self.settings = data.settings
        self.urls = Urls(data.settings.url)
        self.site = site_context(data, self.urls)
        self.engine = Engine(Path(data.templates), self.site, cache)
        self.years = {y: self.urls.href(f"browse/{y or 'unknown'}.html") for y in data.years}
        self.mentions = Mentions(data, self.urls, self.engine)
        self._urls: dict[int, str] = {}
        self._organism_links: dict[tuple[str, ...], tuple[Link, ...]] = {}
        self._links: dict[int, LinkedFigure] = {}
        self.symbols = _Symbols(data.genes)
        self._partners: dict[int, Markup] = {}
        self._decode = msgspec.msgpack.Decoder(Card).decode
        self._first, self._last = array("q", bytes(data.cards.start)), array("q", bytes(data.cards.end))
        self._rows: dict[int, str] = {}
        self._recalled: dict[str, str] = {}
        """Rows on pages of the build before, by the address of the figure."""

    def card(self, figure: int) -> Card:
        """What lists show of a figure."""
        return self._decode(self.data.cards.data[self._first[figure] : self._last[figure]])

    def gene_link(self, gene: int) -> Markup:
        """Link to a gene, by its number; each is made once and kept."""
        known = self._partners.get(gene)
        if known is None:
            entry = self.data.genes[gene]
            known = self._partners[gene] = self.mentions.link(entry.symbol, self.urls.href(entry.path))
        return known

    def link(self, figure: int) -> LinkedFigure:
        """A figure as others show it; kept, since it is like several."""
        known = self._links.get(figure)
        if known is None:
            if len(self._links) >= MOST_LINKS:
                self._links.clear()
            known = self._links[figure] = self._linked(self.card(figure))
        return known

    def _linked(self, c: Card) -> LinkedFigure:
        """A figure as others show it."""
        image, fragment = self.data.images.get(c.filename), self.engine.fragment
        picture = (self.urls.href(image.thumb), image.thumb_width, image.thumb_height) if image else ("", 0, 0)
        shown = FigureLink(self.urls.figure(c.figid), clip(c.title, SHORT_TITLE), *picture)
        thumb = safe(fragment("macros/listing.html", "thumb", shown)) if image else _NO_THUMB
        return LinkedFigure(
            safe(fragment("macros/listing.html", "figure_link", shown)), thumb, intern(c.number), c.pmcid
        )

    def image_address(self, figure: Card | BareFigure) -> str:
        """Absolute address of a figure's image at its publisher; empty if there can be none."""
        template = self.settings.image_url
        if not figure.filename or not leads_to(template, figure.pmcid):
            return ""
        if ".." in figure.filename.split("/"):  # elsewhere on the host than images are
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
            self.urls.figure(c.figid), c.title, c.year, clip(c.paper, SHORT_PAPER), c.pmcid,
            self._organisms(c.organisms), thumb,
            image.thumb_width if image else 0, image.thumb_height if image else 0,
        )  # fmt: skip

    def _organisms(self, organisms: tuple[str, ...]) -> str:
        """Organisms as lists name them: not at all where there is the default one alone."""
        if organisms == (self.settings.default_organism,):
            return ""
        spelt = dict.fromkeys(self.data.organisms.get(fold(o), o) for o in organisms)
        return "" if tuple(spelt) == (self.settings.default_organism,) else ", ".join(spelt)

    def recall(self, page: str) -> None:
        """Take the rows of a list from a page of the build before, to be shown again where they are as they were."""
        if len(self._recalled) >= MOST_ROWS:
            self._recalled.clear()
        rows = page.partition("<ol class=list ")[2].partition("</ol>")[0].split("<li>")[1:]
        self._recalled.update((row.partition("<a href=")[2].partition(">")[0], f"<li>{row}") for row in rows)

    def _known_rows(self, figures: Sequence[int]) -> Iterator[tuple[int, str]]:
        """Figures that pages of the build before list as they are, with their rows there."""
        standing, find = self.data.standing, self._recalled.get
        for f in figures:
            if standing[f]:
                figid = _decode_name(self.data.cards.data[self._first[f] : self._last[f]]).figid
                if row := find(self.urls.figure(figid)):
                    yield f, row

    def rows(self, figures: Sequence[int]) -> Markup:
        """The list items of figures; each is rendered once and kept."""
        known = self._rows
        if self._recalled:
            known.update(self._known_rows([f for f in figures if f not in known]))
        if missing := [f for f in figures if f not in known]:
            html = self.engine.fragment("macros/listing.html", "listing_rows", map(self.figure_card, missing))
            # Text is escaped, so that this tag stands nowhere else.
            known.update(zip(missing, [f"<li>{row}" for row in html.split("<li>")[1:]], strict=True))
        return safe("".join([known[f] for f in figures]))

    def year_href(self, year: int) -> str:
        """Address of a year's page; empty if it has none."""
        return self.years.get(year, "")

    def figure_url(self, figid: str) -> str:
        """Absolute address of a figure's page."""
        return self.urls.absolute(figure_path(figid))

    def url_of(self, figure: int) -> str:
        """Absolute address of the page of a figure, by its number; kept, since it is the newest of several genes."""
        known = self._urls.get(figure)
        if known is None:
            if len(self._urls) >= MOST_LINKS:
                self._urls.clear()
            known = self._urls[figure] = self.figure_url(self.card(figure).figid)
        return known

    def organism_links(self, organisms: tuple[str, ...]) -> tuple[Link, ...]:
        """The organisms with their pages; no address for one that no figure shows."""
        links = self._organism_links.get(organisms)
        if links is None:
            known, href = self.data.organisms, self.urls.href
            links = tuple(Link(o, href(organism_path(known[fold(o)])) if fold(o) in known else "") for o in organisms)
            if len(self._organism_links) >= MOST_ORGANISMS:
                self._organism_links.clear()
            self._organism_links[organisms] = links
        return links


def address(template: str, **fields: str) -> str:
    """An address from a template of site.yml, its fields percent-encoded."""
    for name, value in fields.items():
        if (field := f"{{{name}}}") in template:
            template = template.replace(field, quoted(value, "/@:!$,-._~"))
    return template


@lru_cache(maxsize=2)
def open_atlas(path: str) -> Atlas:
    """The atlas in a file; a worker opens each once, when it has read its records."""
    forget()
    give_back()
    with Path(path).open("rb") as file:
        # Mapped, so that workers share the cards, by far the largest part.
        data = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
    return Atlas(msgspec.msgpack.decode(data, type=AtlasData), Path(path).parent)
