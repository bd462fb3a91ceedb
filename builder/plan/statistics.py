"""The collection in numbers, as the statistics page shows them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
import numpy as np

from builder.catalog.arrays import distinct
from builder.plan.facts import Counts, GeneEntry

if TYPE_CHECKING:
    from builder.catalog.catalog import Catalog
    from builder.plan.plan import Plan

__all__ = ["Statistics", "statistics"]

MOST_ORGANISMS = 20


class Statistics(msgspec.Struct, frozen=True, array_like=True):
    """All that the statistics page shows, so that its encoded bytes make the digest of the page."""

    counts: Counts
    years: list[tuple[int, int]]
    """Year and figures in it; 0 for unknown."""
    new_genes: list[tuple[int, int]]
    """Year, and the genes that no figure of an earlier year shows; 0 for genes of figures without a year alone."""
    genes: list[tuple[GeneEntry, int]]
    """Genes shown by most figures, and how many those are."""
    organisms: list[tuple[str, int]]
    """Organisms of most figures."""
    types: list[tuple[str, int]]
    lexicons: list[tuple[str, int]]
    """Lexicons as records name them, and gene mentions whose word was found there, most first."""


def _new_genes(catalog: Catalog) -> list[tuple[int, int]]:
    """Years in which genes were first shown, oldest first, with how many there were."""
    genes = catalog.genes
    if not len(genes):
        return []
    year = catalog.figures.year[genes.pair_figure]
    never = np.iinfo(np.int32).max
    first = np.minimum.reduceat(np.where(year > 0, year, never), genes.start[:-1]).astype(np.int64)
    found, counts = distinct(np.where(first == never, 0, first))
    return list(zip(found.tolist(), counts.tolist(), strict=True))


def _lexicons(catalog: Catalog) -> list[tuple[str, int]]:
    """Gene mentions by lexicon, most first."""
    raw = catalog.mentions
    uses = raw.uses["lexicon"].tolist()
    return sorted(((n, c) for n, c in zip(raw.lexicons, uses, strict=True) if c), key=lambda p: (-p[1], p[0]))


def statistics(catalog: Catalog, plan: Plan) -> Statistics:
    """The collection in numbers.

    Args:
        catalog: the collection.
        plan: of its site, which has some of the numbers already.
    """
    organisms = sorted(((o, len(f)) for o, f in catalog.organisms.items()), key=lambda r: (-r[1], r[0]))
    return Statistics(
        plan.counts,
        sorted((y, len(f)) for y, f in catalog.years.items()),
        _new_genes(catalog),
        [(plan.atlas.genes[g], n) for g, n in plan.top_genes],
        organisms[:MOST_ORGANISMS],
        plan.types,
        _lexicons(catalog),
    )
