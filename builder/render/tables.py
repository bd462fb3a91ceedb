"""Tables of genes: the index, its letters."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from builder.render.contexts import GeneIndexPage, GeneRow, Head, Letter, Link
from builder.render.jsonld import breadcrumbs, document
from builder.render.words import clip, number_of
from builder.urls import listing_path

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from builder.plan.facts import GeneEntry
    from builder.render.atlas import Atlas

__all__ = ["LETTERS", "NAMES", "gene_index_page", "gene_index_path", "gene_rows", "simple_head"]

NAMES = 30_000
"""Genes in the list for filter as you type, which a browser fetches as a whole: some 1.3 MB before they are packed."""

LETTERS = (*"ABCDEFGHIJKLMNOPQRSTUVWXYZ", "0-9", "other")


def bar_length(count: int, most: int) -> int:
    """Length of the small bar behind a count: 1 to 100, so that twice the count is twice the length."""
    return max(1, round(100 * count / max(most, 1)))


def gene_rows(
    genes: Sequence[tuple[GeneEntry, int]], atlas: Atlas, words: Mapping[str, str] | None = None
) -> tuple[GeneRow, ...]:
    """Rows of a table of genes.

    Args:
        genes: genes and their counts.
        atlas: the collection.
        words: by path of a gene, the words it was seen as.
    """
    most = max((n for _, n in genes), default=1)
    seen = words or {}
    return tuple(
        GeneRow(g.symbol, atlas.urls.href(g.path), seen.get(g.path, ""), n, bar_length(n, most), g.organism)
        for g, n in genes
    )


def simple_head(
    atlas: Atlas, path: str, title: str, description: str, *, section: str = "", graph: Iterable[Any] = ()
) -> Head:
    """The head of a page that is one of its kind."""
    return Head(
        title=f"{title} · {atlas.settings.title}",
        description=description,
        canonical=atlas.urls.absolute(path),
        section=section,
        og_type="website",
        image="",
        jsonld=document(list(graph)) if graph else document([]),
    )


def collection(atlas: Atlas, path: str, name: str, description: str, crumbs: Sequence[Link]) -> list[Any]:
    """CollectionPage and BreadcrumbList of an index page."""
    url = atlas.urls.absolute(path)
    return [
        {"@type": "CollectionPage", "@id": url, "url": url, "name": name, "description": description},
        breadcrumbs(crumbs, name, atlas.urls.root, atlas.urls.base),
    ]


def _page_label(first: GeneEntry) -> str:
    """What a page of a letter is called: its first gene, with its organism where that is not the default one."""
    return clip(f"{first.symbol} ({first.organism})" if first.organism else first.symbol, 40)


def gene_index_path(letter: str, page: int) -> str:
    """Path of a page of a letter, or of ``/genes/`` without one."""
    return listing_path(f"genes/letters/{letter}.html", page) if letter else "genes/index.html"


def _letters(atlas: Atlas, counts: Mapping[str, int], current: str) -> tuple[Letter, ...]:
    """The letters that genes begin with."""
    return tuple(
        Letter(x, atlas.urls.href(gene_index_path(x, 1)), counts[x], x == current) for x in LETTERS if counts.get(x)
    )


def _pages(atlas: Atlas, letter: str, firsts: Sequence[GeneEntry], page: int) -> tuple[Letter, ...]:
    """The pages of a letter; none where there is one alone."""
    return tuple(
        Letter(_page_label(first), atlas.urls.href(gene_index_path(letter, n)), n, n == page)
        for n, first in enumerate(firsts if len(firsts) > 1 else (), 1)
    )


def gene_index_page(
    atlas: Atlas,
    current: str,
    counts: Mapping[str, int],
    genes: Sequence[tuple[GeneEntry, int]],
    words: Mapping[str, str],
    *,
    page: int = 1,
    firsts: Sequence[GeneEntry] = (),
) -> GeneIndexPage:
    """``/genes/`` or a page of one letter of it.

    Args:
        atlas: the collection.
        current: the letter; empty for ``/genes/``.
        counts: genes by letter.
        genes: genes to show, with their figures.
        words: by path of a gene, the words it was seen as.
        page: which page of the letter, from 1.
        firsts: the first gene of each page of the letter.
    """
    total = sum(counts.values())
    path = gene_index_path(current, page)
    crumbs = (Link("Genes", atlas.urls.href("genes/index.html")),) if current else ()
    name = f"Genes: {current}{f', page {page}' if page > 1 else ''}" if current else "Genes"
    some = f"{counts.get(current, 0):,} of {number_of(total, 'gene')}" if current else number_of(total, "gene")
    description = f"{some} recognised in {atlas.settings.figure_kind}s, with the figures that show each."
    graph = collection(atlas, path, name, description, crumbs)
    return GeneIndexPage(
        head=simple_head(atlas, path, name, description, section="genes", graph=graph),
        breadcrumbs=crumbs,
        letters=_letters(atlas, counts, current),
        current=current,
        pages=_pages(atlas, current, firsts, page),
        rows=gene_rows(genes, atlas, words),
        total=total,
        names=atlas.urls.href("genes/names.json"),
        most=NAMES if total > NAMES else 0,
    )  # fmt: skip
