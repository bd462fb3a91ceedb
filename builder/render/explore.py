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

__all__ = ["explore_examples", "explore_page"]

PATH = "explore/index.html"


def explore_examples(genes: Sequence[GeneEntry], organisms: Sequence[str], years: Sequence[int]) -> list[str]:
    """Queries that find something: a gene, two genes together, an organism, the newest years.

    Args:
        genes: the most mentioned first.
        organisms: those with most figures first.
        years: that have figures, in any order.
    """
    found = [g.symbol for g in genes[:1]]
    if len(genes) > 1:
        found.append(f"{gene_query(genes[0])} {gene_query(genes[1])}")
    # The first is that of nearly all figures.
    found += [f'organism:"{o}"' for o in organisms[1:2]]
    if known := sorted(y for y in years if y):
        found.append(f"year:{max(known[0], known[-1] - 2)}-{known[-1]}")
    return found


def explore_page(atlas: Atlas, examples: Sequence[str]) -> ExplorePage:
    """The page.

    Args:
        atlas: the collection.
        examples: queries to try.
    """
    description = (
        "Search all figures by words, genes, organisms and years, or find the figures that show most of a set of genes."
    )
    return ExplorePage(
        head=simple_head(
            atlas, PATH, "Explore", description, section="explore",
            graph=collection(atlas, PATH, "Explore", description, ()),
        ),
        examples=tuple(Link(q, atlas.urls.explore(q)) for q in examples),
        stylesheet=atlas.urls.href(atlas.data.assets["explore.css"]),
        script=atlas.urls.href(atlas.data.assets["explore.js"]),
        index=atlas.urls.href(SEARCH_META),
    )  # fmt: skip
