"""Pages that there is one of: home, browse, text pages, 404, redirect stubs."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import msgspec
from markupsafe import Markup

from builder.read.pages import FENCED, PARTS
from builder.read.settings import Settings
from builder.render.charts import year_chart
from builder.render.contexts import (
    BrowsePage,
    DownloadFile,
    Head,
    HomePage,
    Link,
    NotFoundPage,
    StubPage,
    TextPage,
)
from builder.render.jsonld import (
    CATALOG_PROFILE,
    DATASET_PROFILE,
    Node,
    breadcrumbs,
    catalog_id,
    conforms,
    fitting,
    publisher,
)
from builder.render.markdown import render_markdown
from builder.render.tables import collection, gene_rows, simple_head
from builder.render.words import clip

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from builder.plan.facts import Counts, GeneEntry
    from builder.render.atlas import Atlas

__all__ = ["browse_page", "home_page", "not_found_page", "stub_page", "text_page"]

_FORMATS = {
    "gmt": "text/plain",
    "parquet": "application/vnd.apache.parquet",
    "tsv": "text/tab-separated-values",
    "ttl": "text/turtle",
}


def _format(name: str) -> str | list[str]:
    """Media types of a download: of what is in it, and that of gzip where it is packed."""
    plain = name.removesuffix(".gz")
    kind = _FORMATS[plain.rsplit(".", 1)[-1]]
    return kind if plain == name else [kind, "application/gzip"]


def _keywords(atlas: Atlas) -> list[str]:
    """What the collection holds, and how that was found."""
    s, data = atlas.settings, atlas.data
    technique = s.measurement_technique.lower()
    return [
        f"{s.figure_kind}s",
        *(k for k in data.kinds if k in {"genes", "chemicals", "diseases"}),
        *([technique] if technique else []),
    ]


def _summary(atlas: Atlas, counts: Counts) -> str:
    """The collection in two sentences."""
    s = atlas.settings
    of = (("figure", counts.figures), ("paper", counts.papers), ("gene", counts.genes))
    figures, papers, genes = (f"{n:,} {what}{'' if n == 1 else 's'}" for what, n in of)
    shown = f" show{'s' if counts.figures == 1 else ''} {genes}" if counts.genes else ""
    return fitting(
        f"{s.description or s.tagline} {figures} of {papers}{shown}.",
        "Published figures and what they show.",
    )


def _download_nodes(atlas: Atlas, downloads: Sequence[DownloadFile]) -> list[Node]:
    """The bulk downloads as DataDownload."""
    root, base = atlas.urls.root, atlas.urls.base
    return [
        {
            "@type": "DataDownload",
            "name": d.name,
            "description": d.description,
            "contentUrl": root + d.href[len(base) :],
            "encodingFormat": _format(d.name),
            "contentSize": d.size,
        }
        for d in downloads
    ]


def _collection_node(atlas: Atlas, summary: str, downloads: Sequence[DownloadFile]) -> Node:
    """The whole collection as one Dataset."""
    home = atlas.site.home
    node: Node = {
        "@type": "Dataset",
        "@id": home + "#collection",
        "dct:conformsTo": conforms(DATASET_PROFILE),
        "name": f"{atlas.settings.title}: all figures",
        "description": summary,
        "identifier": home + "#collection",
        "url": home,
        "keywords": _keywords(atlas),
        "creator": publisher(atlas),
        "isAccessibleForFree": True,
        "includedInDataCatalog": {"@id": catalog_id(atlas)},
    }
    if not atlas.settings.license_url:  # without one it is a dataset, but not of the profile, which asks for it
        del node["dct:conformsTo"]
    if atlas.settings.measurement_technique:
        node["measurementTechnique"] = atlas.settings.measurement_technique
    if downloads:
        node["distribution"] = _download_nodes(atlas, downloads)
    return node


def _home_graph(atlas: Atlas, counts: Counts, downloads: Sequence[DownloadFile]) -> list[Node]:
    """WebSite, DataCatalog, and the whole collection as one Dataset with its downloads."""
    s, home = atlas.settings, atlas.site.home
    provider = publisher(atlas)
    if s.publisher_url:
        provider["url"] = s.publisher_url
    summary = _summary(atlas, counts)
    dataset = _collection_node(atlas, summary, downloads)
    catalog: Node = {
        "@type": "DataCatalog",
        "@id": catalog_id(atlas),
        "dct:conformsTo": conforms(CATALOG_PROFILE),
        "name": s.title,
        "description": summary,
        "url": home,
        "keywords": _keywords(atlas),
        "provider": provider,
        "dataset": {"@id": home + "#collection"},
    }
    if s.license_url:
        dataset["license"] = catalog["license"] = s.license_url
    site: Node = {
        "@type": "WebSite",
        "@id": home + "#website",
        "url": home,
        "name": s.title,
        "description": s.description or s.tagline,
        "inLanguage": s.language,
    }
    return [site, catalog, dataset]


def home_page(
    atlas: Atlas,
    counts: Counts,
    newest: Sequence[int],
    genes: Sequence[tuple[GeneEntry, int]],
    words: Mapping[str, str],
    years: Mapping[int, int],
    downloads: Sequence[DownloadFile],
    examples: tuple[Link, ...],
) -> HomePage:
    """``/``: the collection in numbers, its newest figures and most mentioned genes."""
    s = atlas.settings
    head = simple_head(
        atlas, "index.html", s.title, clip(_summary(atlas, counts), 300), graph=_home_graph(atlas, counts, downloads)
    )
    return HomePage(
        head=msgspec.structs.replace(head, title=f"{s.title}: {clip(s.tagline, 90)}" if s.tagline else s.title),
        figures=counts.figures,
        genes=counts.genes,
        papers=counts.papers,
        organisms=counts.organisms,
        mentions=counts.mentions,
        examples=examples,
        newest=tuple(atlas.figure_card(i, remote=True) for i in newest),
        top_genes=gene_rows(genes, atlas, words),
        chart=year_chart(years, "Figures by year", atlas.year_href),
        downloads=tuple(downloads),
        citation=s.citation,
    )


def browse_page(
    atlas: Atlas, years: Mapping[int, int], types: Sequence[tuple[str, int]], more: tuple[Link, ...] = ()
) -> BrowsePage:
    """``/browse/``: the years and the types of figures."""
    total = sum(years.values())
    chart = year_chart(years, "Figures by year", atlas.year_href)
    path, description = "browse/index.html", f"{total:,} figures by the year of their paper."
    return BrowsePage(
        head=simple_head(
            atlas, path, "Browse", description, section="browse",
            graph=collection(atlas, path, "Browse by year", description, ()),
        ),
        breadcrumbs=(),
        chart=chart,
        years=chart.rows,
        total=total,
        types=tuple(types),
        more=more,
    )  # fmt: skip


_PART = re.compile(
    rf"{FENCED}|^<!-- (?P<kind>(?:no )?(?:{'|'.join(PARTS)})) -->[ \t]*\n"
    r"(?P<part>.*?)^<!-- /(?P=kind) -->[ \t]*(?:\n|\Z)",
    re.MULTILINE | re.DOTALL,
)
_CITATION = re.compile(rf"{FENCED}|^<!-- citation -->[ \t]*$", re.MULTILINE | re.DOTALL)
_MARKS = re.compile(r"[^\w\s]|_")
"""What Markdown may take for more than itself."""


def _reference(mark: re.Match[str]) -> str:
    """A character that is nothing but itself in Markdown, and in the HTML made of it."""
    return f"&#{ord(mark[0])};"


def _of_site(text: str, atlas: Atlas) -> str:
    """The text of a page without its parts on what no figure of this site has; and with the site's citation."""
    read = atlas.settings.measurement_technique == Settings().measurement_technique
    held = {*atlas.data.kinds, *(["ocr"] if read else [])}
    if held & {"genes", "chemicals", "diseases"}:
        held.add("mentions")

    def part(found: re.Match[str]) -> str:
        if found["fence"]:
            return found[0]
        kind = found["kind"]
        shown = kind[3:] not in held if kind.startswith("no ") else kind in held
        return found["part"] if shown else ""

    before = ""
    while before != text:  # a part may stand within another
        before, text = text, _PART.sub(part, text)
    citation = _MARKS.sub(_reference, " ".join(atlas.settings.citation.split()))
    said = f"> {citation}" if citation else ""
    return _CITATION.sub(lambda found: found[0] if found["fence"] else said, text)


def text_page(
    atlas: Atlas,
    name: str,
    title: str,
    description: str,
    text: str,
    downloads: Sequence[DownloadFile] = (),
    sets: Sequence[DownloadFile] = (),
) -> TextPage:
    """A page from Markdown.

    Args:
        atlas: the collection.
        name: name of the file without ``.md``.
        title: heading of the page.
        description: for search engines; the beginning of the text if empty.
        text: Markdown.
        downloads: files to list above it.
        sets: gene sets to list behind them.
    """
    body, toc = render_markdown(_of_site(text, atlas), atlas.urls, toc=True)
    path = f"{name}.html"
    plain = description or clip(body.striptags(), 300)
    url = atlas.urls.absolute(path)
    graph: list[Any] = [
        {"@type": "WebPage", "@id": url, "url": url, "name": title, "description": plain or title},
        breadcrumbs((), title, atlas.urls.root, atlas.urls.base),
    ]
    return TextPage(
        head=simple_head(atlas, path, title, clip(plain, 300), section=name, graph=graph),
        breadcrumbs=(),
        title=title,
        body=body,
        toc=toc,
        downloads=tuple(downloads),
        sets=tuple(sets),
    )


def not_found_page(atlas: Atlas) -> NotFoundPage:
    """``/404.html``."""
    return NotFoundPage(
        Head(
            title=f"Page not found · {atlas.settings.title}",
            description="There is no page at this address.",
            canonical="",
            section="",
            og_type="website",
            image="",
            jsonld=Markup(),
            robots="noindex",
        )
    )


def stub_page(atlas: Atlas, target: str, title: str, parameter: str = "", query: str = "") -> StubPage:
    """A redirect stub.

    Args:
        atlas: gives addresses.
        target: path of the page that it leads to.
        title: of that page.
        parameter: one of the old address that becomes a query of the new one; empty for none.
        query: the query, with ``{}`` for the parameter's value.
    """
    return StubPage(atlas.urls.href(target), atlas.urls.absolute(target), title, parameter, query)
