"""Listings of figures by organism and by year, in pages; what gene pages share with them."""

from __future__ import annotations

from array import array
from typing import TYPE_CHECKING

from builder.render.charts import year_chart
from builder.render.contexts import Chart, Head, Link, ListingPage, Pagination
from builder.render.jsonld import breadcrumbs, document
from builder.render.lexicons import TAXA
from builder.render.tables import gene_rows
from builder.render.words import clip
from builder.urls import listing_path

if TYPE_CHECKING:
    from collections.abc import Iterator

    from builder.plan.facts import ListingFacts
    from builder.render.atlas import Atlas

__all__ = ["listing_pages", "numbers", "page_count", "page_numbers", "pagination_of"]


def numbers(data: bytes) -> array[int]:
    """The int32 numbers in bytes."""
    out = array("i")
    out.frombytes(data)
    return out


def page_count(entries: int, per_page: int) -> int:
    """Pages of a listing; one without entries has a page too."""
    return max(1, -(-entries // per_page))


def page_numbers(page: int, pages: int) -> list[int]:
    """Page numbers to offer: the ends and the neighbourhood, 0 for a gap."""
    shown = sorted({1, 2, page - 1, page, page + 1, pages - 1, pages} & set(range(1, pages + 1)))
    out: list[int] = []
    for n in shown:
        if out and n - out[-1] > 1:
            out.append(0)
        out.append(n)
    return out


def pagination_of(path: str, page: int, listed: int, total: int, atlas: Atlas, explore: str = "") -> Pagination:
    """Where a page stands in its listing.

    Args:
        path: of the listing's first page.
        page: which one, from 1.
        listed: entries of the listing.
        total: entries that there are.
        atlas: the collection.
        explore: what Explore finds them all by, where not all are listed.
    """
    per_page = atlas.settings.listing_page
    pages = page_count(listed, per_page)

    def href(number: int) -> str:
        return atlas.urls.href(listing_path(path, number)) if 1 <= number <= pages else ""

    return Pagination(
        page=page,
        pages=pages,
        prev=href(page - 1),
        next=href(page + 1),
        items=tuple((n, href(n)) for n in page_numbers(page, pages)) if pages > 1 else (),
        first=min((page - 1) * per_page + 1, listed),
        last=min(page * per_page, listed),
        listed=listed,
        total=total,
        complete=atlas.urls.href("download.html"),
        explore=atlas.urls.explore(explore),
    )


def _taxonomy(organism: str) -> tuple[Link, ...]:
    """An organism at NCBI Taxonomy."""
    if organism not in TAXA:
        return ()
    return (Link("NCBI Taxonomy", f"https://www.ncbi.nlm.nih.gov/datasets/taxonomy/{TAXA[organism]}/"),)


def _listing_head(facts: ListingFacts, page: int, pagination: Pagination, atlas: Atlas) -> Head:
    """The head of a page of a listing."""
    organism = facts.kind == "organism"
    what = f"of {facts.name}" if organism else f"of {facts.name}" if facts.name != "unknown" else "of unknown year"
    number = f", page {page}" if page > 1 else ""
    total = pagination.total
    name = f"Figures {what}"
    url = atlas.urls.absolute(listing_path(facts.path, page))
    description = f"{total:,} published pathway figure{'s' if total != 1 else ''} {what}, with their genes."
    crumb = breadcrumbs(_listing_crumbs(facts, atlas), facts.name, atlas.urls.root, atlas.urls.base)
    graph = [{"@type": "CollectionPage", "@id": url, "url": url, "name": name + number, "description": description}]
    return Head(
        title=f"{clip(name, 80)}{number} · {atlas.settings.title}",
        description=clip(description, 300),
        canonical=url,
        section="organisms" if organism else "browse",
        og_type="website",
        image="",
        jsonld=document([*graph, crumb]),
        prev=pagination.prev,
        next=pagination.next,
    )


def _listing_crumbs(facts: ListingFacts, atlas: Atlas) -> tuple[Link, ...]:
    """Organisms or Browse."""
    if facts.kind == "organism":
        return (Link("Organisms", atlas.urls.href("organisms/index.html")),)
    return (Link("Browse", atlas.urls.href("browse/index.html")),)


def _year_link(year: int, atlas: Atlas) -> Link | None:
    """A neighbouring year."""
    return Link(str(year or "unknown"), atlas.year_href(year)) if year >= 0 else None


def listing_pages(facts: ListingFacts, atlas: Atlas) -> Iterator[tuple[str, ListingPage]]:
    """Path and contents of the pages of an organism or a year that must be made."""
    listed = numbers(facts.figures)
    size = atlas.settings.listing_page
    organism = facts.kind == "organism"
    chart: Chart | None = None
    if organism and facts.years:
        chart = year_chart(dict(facts.years), f"Figures of {facts.name}, by year", atlas.year_href)
    genes = gene_rows([(atlas.data.genes[g], n) for g, n in facts.genes], atlas)
    for page in facts.pages:
        pagination = pagination_of(facts.path, page, len(listed), len(listed), atlas)
        first = page == 1
        yield (
            listing_path(facts.path, page),
            ListingPage(
                head=_listing_head(facts, page, pagination, atlas),
                breadcrumbs=_listing_crumbs(facts, atlas),
                kind=facts.kind,
                name=facts.name,
                links=_taxonomy(facts.name) if organism else (),
                genes=genes if first else (),
                genes_title="Most mentioned genes",
                chart=chart if first else None,
                newer=_year_link(facts.newer, atlas),
                older=_year_link(facts.older, atlas),
                rows=atlas.rows(listed[(page - 1) * size : page * size]),
                pagination=pagination,
            ),
        )
