"""The catalogue: what every page may ask of the collection as a whole."""

from __future__ import annotations

from contextlib import nullcontext
from dataclasses import dataclass
from typing import TYPE_CHECKING

from builder.catalog.concepts import Concepts, make_concepts
from builder.catalog.figures import Figures, RawMentions, merge
from builder.catalog.genes import Genes
from builder.catalog.joined import Joined, joined_genes, joined_mentions, to_keep
from builder.catalog.neighbours import HERE, Memory, Neighbours, Ways, find_neighbours, no_neighbours
from builder.catalog.organisms import known_organisms, spell_alike

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from contextlib import AbstractContextManager

    import numpy as np
    from numpy.typing import NDArray

    from builder.model import Organism
    from builder.read.bucket import Columns

__all__ = ["Catalog", "Recall", "make_catalog"]


@dataclass(slots=True)
class Catalog:
    """Figures newest first, genes in the order of the index, and how they hang together."""

    figures: Figures
    mentions: RawMentions
    genes: Genes
    neighbours: Neighbours
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


@dataclass(frozen=True)
class Recall:
    """What the build before left of mentions and genes, and where to leave it for the next one."""

    joined: Joined | None
    keep: Callable[[Joined], None]
    """Is called where it changed."""


def make_catalog(
    buckets: list[Columns],
    left_out: set[str],
    default_organism: str,
    memory: Memory | None = None,
    ways: Ways | None = HERE,
    step: Callable[[str, int], AbstractContextManager[None]] = lambda _name, _records: nullcontext(),
    organisms: Sequence[Organism] = (),
    recall: Recall | None = None,
) -> tuple[Catalog, Memory | None]:
    """The catalogue of all good records, and what the next build may take over of it.

    Args:
        buckets: columns of every bucket; the list is emptied, as nobody needs them once they are merged.
        left_out: names of records that are not published.
        default_organism: organism of gene mentions that name none.
        memory: what the build before left to know of neighbours.
        ways: how neighbours are computed; None where nobody asks for them.
        step: context manager around a part, by its name and the number of figures.
        organisms: what the source tells of organisms.
        recall: what the build before left of mentions and genes.
    """
    count = sum(len(c.figid) for c in buckets)
    with step("catalogue", count):
        figures, order, raw = merge(buckets, left_out)
        mentions = joined_mentions(buckets, order, recall.joined if recall else None)
        taxa = [taxon for c in buckets for taxon in c.taxa]
        buckets.clear()
        written = mentions.raw.genes
        spell_alike(figures, mentions.raw, default_organism)
        chemicals, diseases = (make_concepts(r, len(figures)) for r in raw)
        genes, own = joined_genes(mentions, len(figures), default_organism)
        if recall and (mentions.kept is None or mentions.kept.genes_own != own):
            recall.keep(to_keep(mentions, written, genes, own))
    neighbours, remembered = no_neighbours(len(figures), len(genes)), None
    if ways is not None:
        with step("neighbours", count):
            neighbours, remembered = find_neighbours(figures, genes, mentions.raw, memory, ways)
    by_organism, by_year = figures.by_organism(), figures.by_year()
    known = known_organisms(sorted({default_organism, *by_organism, *genes.organism} - {""}), taxa, organisms)
    around = (figures.papers(), by_organism, by_year, chemicals, diseases, known)
    return Catalog(figures, mentions.raw, genes, neighbours, *around), remembered
