"""Listings of figures by organism, year, chemical and disease, in pages; what gene pages share with them."""

from __future__ import annotations

from array import array
from typing import TYPE_CHECKING

from builder.names import is_number
from builder.render.charts import year_chart
from builder.render.contexts import Chart, Head, Link, ListingPage, Pagination, Portrait, WordCount
from builder.render.jsonld import CONCEPTS, Node, breadcrumbs, concept_node, document
from builder.render.lexicons import vocabulary
from builder.render.tables import gene_rows
from builder.render.words import clip
from builder.urls import listing_path

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from builder.plan.facts import ListingFacts
    from builder.render.atlas import Atlas

__all__ = ["listing_pages", "numbers", "page_count", "page_numbers", "page_of", "pagination_of", "word_counts"]

FEW = 12
"""Figures that need no filter."""


def _query(facts: ListingFacts) -> str:
    """What Explore finds the figures of a listing by, and no others; empty where it has nothing for them."""
    if facts.kind == "organism":
        return 'organism:"{}"'.format(facts.name.replace('"', '""'))
    return f"year:{facts.name}" if facts.kind == "year" and facts.name.isdigit() else ""


def numbers(data: bytes) -> array[int]:
    """The int32 numbers in bytes."""
    out = array("i")
    out.frombytes(data)
    return out


def page_count(entries: int, per_page: int) -> int:
    """Pages of a listing; one without entries has a page too."""
    return max(1, -(-entries // per_page))


def page_of(entries: Sequence[int], page: int, per_page: int) -> Sequence[int]:
    """What a page of a listing shows."""
    return entries[(page - 1) * per_page : page * per_page]


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
        explore: what Explore finds them all by; empty where it finds others too.
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
        explore=atlas.urls.explore(explore) if explore and total > min(listed, FEW) else "",
    )


def _identifier_link(identifier: str) -> Link:
    """An identifier of a chemical or disease, with its address at Bioregistry's resolver where it has one."""
    name, shown, href = vocabulary(identifier)
    return Link(f"{name} {shown}".lstrip(), href)


def _portrait(facts: ListingFacts, atlas: Atlas) -> Portrait | None:
    """The picture of an organism."""
    about = facts.about
    return Portrait(atlas.urls.href(about.image), about.width, about.height) if about and about.image else None


def _links(facts: ListingFacts) -> tuple[Link, ...]:
    """Where else to read about an organism, a chemical or a disease."""
    if facts.about and is_number(facts.about.ncbi):
        return (Link("NCBI Taxonomy", f"https://www.ncbi.nlm.nih.gov/datasets/taxonomy/{facts.about.ncbi}/"),)
    return tuple(link for link in map(_identifier_link, facts.identifiers) if link.href)


def _notes(facts: ListingFacts) -> tuple[str, ...]:
    """What is known of an organism, a chemical or a disease."""
    about = facts.about
    if about:
        return tuple(t for t in (about.common, about.group) if t)
    return tuple(i for i in facts.identifiers if not _identifier_link(i).href)


def _listing_head(facts: ListingFacts, page: int, pagination: Pagination, atlas: Atlas) -> Head:
    """The head of a page of a listing."""
    concept = facts.kind in CONCEPTS
    what = "unknown year" if facts.kind == "year" and facts.name == "unknown" else facts.name
    number = f", page {page}" if page > 1 else ""
    total = pagination.total
    name = f"Figures that name {what}" if concept else f"Figures of {what}"
    url = atlas.urls.absolute(listing_path(facts.path, page))
    figures = f"{total:,} {atlas.settings.figure_kind}{'s' if total != 1 else ''}"
    genes = f", with {'their' if total != 1 else 'its'} genes" if atlas.data.genes else ""
    description = f"{figures} {f'in which {what} was recognised' if concept else f'of {what}'}{genes}."
    crumb = breadcrumbs(_listing_crumbs(facts, atlas), facts.name, atlas.urls.root, atlas.urls.base)
    graph: list[Node] = [
        {"@type": "CollectionPage", "@id": url, "url": url, "name": name + number, "description": description}
    ]
    if concept and page == 1:
        graph[0]["about"] = _concept_node(facts, atlas)
    return Head(
        title=f"{clip(name, 80)}{number} · {atlas.settings.title}",
        description=clip(description, 300),
        canonical=url,
        section={"organism": "organisms", "year": "browse"}.get(facts.kind, facts.kind),
        og_type="website",
        image="",
        jsonld=document([*graph, crumb]),
        prev=pagination.prev,
        next=pagination.next,
    )


def _concept_node(facts: ListingFacts, atlas: Atlas) -> Node:
    """A chemical or disease as structured data."""
    node = concept_node(facts.kind, facts.name, facts.identifiers, atlas.urls.absolute(facts.path))
    same = [link.href for link in _links(facts) if link.href != node["@id"]]
    return node | ({"sameAs": same} if same else {})


def _listing_crumbs(facts: ListingFacts, atlas: Atlas) -> tuple[Link, ...]:
    """The index in which the listing stands."""
    folder = {"organism": "organisms", "year": "browse"}.get(facts.kind, facts.kind)
    return (Link(folder.capitalize(), atlas.urls.href(f"{folder}/index.html")),)


def _year_link(year: int, atlas: Atlas) -> Link | None:
    """A neighbouring year."""
    return Link(str(year or "unknown"), atlas.year_href(year)) if year >= 0 else None


def word_counts(words: Sequence[tuple[str, int]]) -> tuple[WordCount, ...]:
    """Words with their counts, most frequent first, as chips of five sizes."""
    most = words[0][1] if words else 1
    return tuple(WordCount(w, n, _level(n, most)) for w, n in words)


def _level(count: int, most: int) -> int:
    """Size of a word's chip, 1 to 5, by its share of the most frequent word's count."""
    share = count / most
    return 5 if share > 0.5 else 4 if share > 0.2 else 3 if share > 0.07 else 2 if share > 0.02 else 1  # noqa: PLR2004 - steps of a scale


def listing_pages(facts: ListingFacts, atlas: Atlas) -> Iterator[tuple[str, ListingPage]]:
    """Path and contents of the pages of an organism, year, chemical or disease that must be made."""
    listed = numbers(facts.figures)
    size = atlas.settings.listing_page
    chart: Chart | None = None
    if len(facts.years) > 1:  # one bar would say what the list says
        chart = year_chart(
            dict(facts.years),
            f"Figures {'that name' if facts.kind in CONCEPTS else 'of'} {facts.name}, by year",
            atlas.year_href,
        )
    genes = gene_rows([(atlas.data.genes[g], n) for g, n in facts.genes], atlas)
    for page in facts.pages:
        pagination = pagination_of(facts.path, page, len(listed), facts.total, atlas, _query(facts))
        first = page == 1
        yield (
            listing_path(facts.path, page),
            ListingPage(
                head=_listing_head(facts, page, pagination, atlas),
                breadcrumbs=_listing_crumbs(facts, atlas),
                kind=facts.kind,
                name=facts.name,
                title=facts.about.title if facts.about and facts.about.title != facts.name else "",
                portrait=_portrait(facts, atlas) if first else None,
                notes=_notes(facts),
                links=_links(facts),
                genes=genes if first else (),
                genes_title="Most mentioned genes",
                words=word_counts(facts.words) if first else (),
                words_total=facts.words_total,
                chart=chart if first else None,
                newer=_year_link(facts.newer, atlas),
                older=_year_link(facts.older, atlas),
                rows=atlas.rows(page_of(listed, page, size)),
                pagination=pagination,
            ),
        )
