"""``/explore/``: search and gene sets, which a script makes from the index; the page says what there is to try."""

from __future__ import annotations

from typing import TYPE_CHECKING

from builder.render.contexts import ExplorePage, Link
from builder.render.gene import gene_query
from builder.render.tables import collection, simple_head
from builder.urls import SEARCH_META

if TYPE_CHECKING:
    from collections.abc import Sequence

    from builder.plan.facts import GeneEntry
    from builder.render.atlas import Atlas

__all__ = ["explore_examples", "explore_page", "home_examples"]

PATH = "explore/index.html"


def explore_examples(genes: Sequence[GeneEntry], organisms: Sequence[str], years: Sequence[int]) -> list[str]:
    """Queries that find something: a gene, two genes together, an organism, the newest years.

    Args:
        genes: one or two that a figure shows together; none if there are no genes.
        organisms: those with most figures first.
        years: that have figures, in any order.
    """
    found = [g.symbol for g in genes[:1]]
    if len(genes) > 1:
        found.append(f"{gene_query(genes[0])} {gene_query(genes[1])}")
    # The first is that of nearly all figures.
    found += [f'organism:"{o}"' for o in organisms[1:2]]
    if known := sorted(y for y in years if y):
        first, last = max(known[0], known[-1] - 2), known[-1]
        found.append(f"year:{first}-{last}" if first < last else f"year:{last}")
    return found


def home_examples(atlas: Atlas, together: Sequence[GeneEntry], some: Sequence[GeneEntry]) -> tuple[Link, ...]:
    """What there is to try on the home page: a gene, two in one figure, a set of genes.

    Args:
        atlas: the collection.
        together: one or two genes that a figure shows together; none if there are no genes.
        some: well-known genes.
    """
    out = [Link(g.symbol, atlas.urls.href(g.path)) for g in together[:1]]
    if len(together) > 1:
        query = " ".join(map(gene_query, together))
        out.append(Link(" with ".join(g.symbol for g in together), atlas.urls.explore(query)))
    if len(some) > 2:  # noqa: PLR2004 - two are no set
        symbols = [g.symbol for g in some]
        out.append(Link(f"the set {', '.join(symbols)}", atlas.urls.gene_set(symbols)))
    return tuple(out)


def explore_page(
    atlas: Atlas, examples: Sequence[str], genes: Sequence[GeneEntry], organisms: Sequence[str]
) -> ExplorePage:
    """The page.

    Args:
        atlas: the collection.
        examples: queries to try.
        genes: as ``explore_examples`` has them, likewise the next.
        organisms: likewise.
    """
    description = "Search all figures by words and years."
    if "genes" in atlas.data.kinds:
        description = (
            "Search all figures by words, genes, organisms and years, "
            "or find the figures that show most of a set of genes."
        )
    return ExplorePage(
        head=simple_head(
            atlas, PATH, "Explore", description, section="explore",
            graph=collection(atlas, PATH, "Explore", description, ()),
        ),
        examples=tuple(Link(q, atlas.urls.explore(q)) for q in examples),
        gene=gene_query(genes[0]) if genes else "",
        organism=f'organism:"{organisms[:2][-1]}"' if organisms else "",
        stylesheet=atlas.urls.href(atlas.data.assets["explore.css"]),
        script=atlas.urls.href(atlas.data.assets["explore.js"]),
        index=atlas.urls.href(SEARCH_META),
    )  # fmt: skip
