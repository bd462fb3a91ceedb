"""The catalogue: what every page may ask of the collection as a whole."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from builder.catalog.figures import Figures, RawMentions, merge
from builder.catalog.genes import Genes, make_genes
from builder.catalog.organisms import spell_alike
from builder.catalog.partners import Partners, find_partners
from builder.catalog.similar import Similar, find_similar

if TYPE_CHECKING:
    from collections.abc import Sequence

    from builder.read.bucket import Columns

__all__ = ["Catalog", "make_catalog"]


@dataclass(slots=True)
class Catalog:
    """Figures newest first, genes in the order of the index, and how they hang together."""

    figures: Figures
    mentions: RawMentions
    genes: Genes
    partners: list[Partners]
    """By gene."""
    similar: list[Similar]
    """By figure."""
    papers: dict[str, list[int]]
    """Figures by pmcid."""
    organisms: dict[str, list[int]]
    """Figures by organism."""
    years: dict[int, list[int]]
    """Figures by year, newest first; 0 for none."""


def make_catalog(buckets: Sequence[Columns], left_out: set[str], default_organism: str) -> Catalog:
    """The catalogue of all good records.

    Args:
        buckets: columns of every bucket.
        left_out: names of records that are not published.
        default_organism: organism of gene mentions that name none.
    """
    figures, mentions = merge(buckets, left_out)
    spell_alike(figures, mentions, default_organism)
    genes = make_genes(mentions, len(figures), default_organism)
    return Catalog(
        figures,
        mentions,
        genes,
        find_partners(genes, mentions, len(figures)),
        find_similar(genes, len(figures)),
        figures.papers(),
        figures.by_organism(),
        figures.by_year(),
    )
