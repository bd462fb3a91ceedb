"""The catalogue: what every page may ask of the collection as a whole."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from builder.catalog.aliases import Aliases, aliases_of
from builder.catalog.concepts import Concepts, make_concepts
from builder.catalog.figures import Figures, RawMentions, merge, merge_concepts
from builder.catalog.former import Memory
from builder.catalog.genes import Genes
from builder.catalog.joined import Joined, joined_genes, joined_mentions, to_keep
from builder.catalog.neighbours import HERE, Neighbours, Ways, find_neighbours, no_neighbours
from builder.catalog.organisms import known_organisms, spell_alike

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import numpy as np
    from numpy.typing import NDArray

    from builder.model import Organism
    from builder.read.columns import Columns, LineColumns, MentionColumns

__all__ = ["Catalog", "Recall", "add_neighbours", "make_catalog"]


@dataclass(slots=True)
class Catalog:
    """Figures newest first, genes in the order of the index, and how they hang together."""

    figures: Figures
    mentions: RawMentions
    genes: Genes
    neighbours: Neighbours
    """None of anything until ``add_neighbours``."""
    papers: dict[str, list[int]]
    """Figures by pmcid."""
    organisms: dict[str, NDArray[np.int32]]
    """Figures by organism."""
    years: dict[int, NDArray[np.int32]]
    """Figures by year, newest first; 0 for none."""
    chemicals: Concepts
    diseases: Concepts
    known: dict[str, Organism]
    """What is known of organisms, by their names folded."""
    aliases: Aliases
    """Other names of genes."""


class Load(Protocol):
    """Loads what columns have not with them, of a bucket given by its number."""

    def mentions(self, number: int, /) -> MentionColumns:
        """The gene mentions."""

    def lines(self, number: int, /) -> LineColumns:
        """The lines in the tables of the downloads."""


class _AtHand:
    """Finds it in the columns."""

    def __init__(self, buckets: Sequence[Columns]) -> None:
        self._buckets = buckets

    def mentions(self, number: int) -> MentionColumns:
        """The gene mentions."""
        return self._buckets[number].of_genes()

    def lines(self, number: int) -> LineColumns:
        """The lines in the tables of the downloads."""
        return self._buckets[number].of_tables()


@dataclass(frozen=True)
class Recall:
    """What the build before left of mentions and genes, and where to leave it for the next one."""

    joined: Callable[[], Joined | None]
    keep: Callable[[Joined], None]
    """Is called where it changed."""


def make_catalog(
    buckets: list[Columns],
    left_out: set[str],
    default_organism: str,
    organisms: Sequence[Organism] = (),
    recall: Recall | None = None,
    load: Load | None = None,
    begin: Callable[[Figures], None] | None = None,
) -> Catalog:
    """The catalogue of all good records, without neighbours.

    Args:
        buckets: columns of every bucket; the list is emptied, as nobody needs them once they are merged.
        left_out: names of records that are not published.
        default_organism: organism of gene mentions that name none.
        organisms: what the source tells of organisms.
        recall: what the build before left of mentions and genes.
        load: loads what the columns have not with them; None where they have all.
        begin: is given the figures as soon as they are in their order, for what needs them alone.
    """
    load = load or _AtHand(list(buckets))
    figures, order = merge(buckets, left_out, load.lines)
    if begin:
        begin(figures)
    mentions = joined_mentions(buckets, load.mentions, figures, order, recall.joined() if recall else None)
    raw = merge_concepts(buckets, order)
    taxa = [taxon for c in buckets for taxon in c.taxa]
    buckets.clear()
    written = mentions.raw.genes
    spell_alike(figures, mentions.raw, default_organism)
    chemicals, diseases = (make_concepts(r, len(figures)) for r in raw)
    genes, own = joined_genes(mentions, len(figures), default_organism)
    if recall and (mentions.before is None or mentions.before.genes_own != own[0]):
        recall.keep(to_keep(mentions, written, genes, own))
    by_organism, by_year = figures.by_organism(), figures.by_year()
    known = known_organisms(sorted({default_organism, *by_organism, *genes.organism} - {""}), taxa, organisms)
    aliases = aliases_of(genes, mentions.raw)
    around = (figures.papers(), by_organism, by_year, chemicals, diseases, known, aliases)
    return Catalog(figures, mentions.raw, genes, no_neighbours(len(figures), len(genes)), *around)


def add_neighbours(catalog: Catalog, memory: Memory | None = None, ways: Ways = HERE) -> Memory:
    """Find figures like each figure and partners of each gene; returns what the next build may take over.

    Args:
        catalog: gets the neighbours.
        memory: what the build before left to know of them.
        ways: how they are computed.
    """
    catalog.neighbours, remembered = find_neighbours(catalog.figures, catalog.genes, catalog.mentions, memory, ways)
    return remembered
