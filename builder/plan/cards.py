"""What pages show of figures and genes beside their own, and digests of it.

Digests of many things at once are lanes: two columns of 64 bits, hashed side by side.
"""

from __future__ import annotations

from collections import defaultdict
from functools import cache
from itertools import islice
from typing import TYPE_CHECKING, Any

import msgspec
import numpy as np

from builder.catalog.arrays import starts
from builder.catalog.similar import KEY_GENES
from builder.names import fold as folded
from builder.names import fold_all
from builder.plan.digest import digest
from builder.plan.facts import ConceptEntry, FigureLinks, GeneEntry
from builder.vocabulary import fold, mix, summed, summed_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from builder.catalog.catalog import Catalog
    from builder.catalog.concepts import Concepts
    from builder.read.images import ImageEntry

__all__ = [
    "concept_entries",
    "concept_lane",
    "concept_numbers",
    "concept_pages",
    "figure_lanes",
    "figure_links",
    "gene_entries",
    "gene_numbers",
    "named",
    "namesakes",
    "number",
    "organism_numbers",
    "shown_lanes",
]

_MOST_SIBLINGS = 24
_MOST_SIMILAR = 8
MOST_NAMED = 5
"""Shared genes that a figure's page names for each similar figure."""


def number(*values: Any) -> int:
    """Plain values as a number of 64 bits."""
    return int.from_bytes(digest(*values)[:8], "little")


@cache
def named(common: int) -> tuple[int, ...]:
    """Which key genes of a figure its page names as shared with another: the rarest of those that are.

    Args:
        common: bits of the shared key genes, the lowest for the rarest.
    """
    return tuple([rank for rank in range(KEY_GENES) if common >> rank & 1][:MOST_NAMED])


def shown_lanes(catalog: Catalog, images: Mapping[str, ImageEntry]) -> NDArray[np.uint64]:
    """A digest of all that lists show of each figure: its card, the site's spelling of its organisms, its image."""
    figures = catalog.figures
    known: dict[tuple[str, ...], int] = {}
    organisms = [known[o] if o in known else known.setdefault(o, number(o)) for o in figures.organisms]
    lanes = fold(figures.card_digest, np.array(organisms, np.uint64)[:, None])
    if images:
        numbers = {name: number(msgspec.msgpack.encode(entry)) for name, entry in images.items()}
        lanes = fold(lanes, np.array([numbers.get(f, 0) for f in figures.filename], np.uint64)[:, None])
    return lanes


def gene_numbers(catalog: Catalog) -> NDArray[np.uint64]:
    """For each gene a number of its identity, symbol and page; sums of them tell one set of genes from another."""
    return mix(catalog.genes.hashes)


def gene_entries(catalog: Catalog) -> list[GeneEntry]:
    """What pages show of each gene."""
    g = catalog.genes
    return [
        GeneEntry(organism, ident, symbol, path, total)
        for (organism, ident), symbol, path, total in zip(g.key, g.symbol, g.path, g.totals().tolist(), strict=True)
    ]


def figure_links(catalog: Catalog, figure: int) -> FigureLinks:
    """The figure before, the one after, the others of its paper, and those like it."""
    near = catalog.neighbours
    paper = catalog.papers[catalog.figures.pmcid[figure]]
    siblings = tuple(islice((k for k in paper if k != figure), _MOST_SIBLINGS))  # of thousands, not all are looked at
    part = slice(near.similar_start[figure], near.similar_start[figure + 1])
    columns = (near.similar[part], near.shared[part], near.common[part])
    similar = tuple(zip(*(c.tolist() for c in columns), strict=True))
    keys = tuple(near.key_gene[near.key_start[figure] : near.key_start[figure + 1]].tolist()) if similar else ()
    older = figure + 1 if figure + 1 < len(catalog.figures) else -1
    return FigureLinks(figure - 1, older, siblings, similar, keys)


def _papers(catalog: Catalog, shown: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """For each figure a digest of all figures of its paper, in their order."""
    paper = catalog.figures.paper
    order = np.argsort(paper, kind="stable")
    start = starts(paper[order], len(catalog.papers))
    rank = (np.arange(len(order)) - start[paper[order]]).astype(np.uint64)
    lanes = fold(shown[order], rank[:, None])
    sums = np.stack([summed(lanes[:, k], start) for k in range(2)], axis=1)
    return sums[paper]


def _named(catalog: Catalog, own: NDArray[np.uint64], owner: NDArray[np.int64]) -> NDArray[np.uint64]:
    """For each pair of similar figures a digest of the shared genes that the page of the one, ``owner``, names."""
    near = catalog.neighbours
    keys = np.zeros((len(catalog.figures), KEY_GENES + 1), np.uint64)  # the last one of each stands for no gene
    at = np.repeat(np.arange(len(keys)), np.diff(near.key_start))
    keys[at, np.arange(len(near.key_gene)) - near.key_start[at]] = own[near.key_gene]
    ranks = np.full((1 << KEY_GENES, MOST_NAMED), KEY_GENES, np.int64)
    for common in range(1 << KEY_GENES):
        some = named(common)
        ranks[common, : len(some)] = some
    first, every = owner * (KEY_GENES + 1), keys.ravel()
    out = np.zeros(len(owner), np.uint64)
    for column in range(MOST_NAMED):
        with np.errstate(over="ignore"):
            out += every[first + ranks[near.common, column]]
    return out


def _similar(
    catalog: Catalog, shown: NDArray[np.uint64], own: NDArray[np.uint64], lanes: NDArray[np.uint64]
) -> NDArray[np.uint64]:
    """The digests of figures with those of the figures like them."""
    near = catalog.neighbours
    count = len(catalog.figures)
    owner = np.repeat(np.arange(count), np.diff(near.similar_start))
    rank = np.arange(len(owner)) - near.similar_start[owner]
    others = np.full((_MOST_SIMILAR, count), count, np.int64)
    shared = np.zeros((_MOST_SIMILAR, count), np.uint64)
    others[rank, owner] = near.similar
    shared[rank, owner] = fold(near.shared.astype(np.uint64), _named(catalog, own, owner))
    padded = np.concatenate((shown, np.zeros((1, 2), np.uint64)))
    for k in range(_MOST_SIMILAR):
        lanes = fold(fold(lanes, padded[others[k]]), shared[k][:, None])
    return lanes


def figure_lanes(
    catalog: Catalog,
    shown: NDArray[np.uint64],
    own: NDArray[np.uint64],
    seed: NDArray[np.uint64],
    default_organism: str,
) -> NDArray[np.uint64]:
    """The digest of all that each figure's page shows.

    Args:
        catalog: the collection.
        shown: what lists show of each figure.
        own: a number of each gene, as ``gene_numbers`` gives them.
        seed: of the site, two numbers.
        default_organism: organism of genes that name none.
    """
    figures, near = catalog.figures, catalog.neighbours
    known = fold(own, organism_numbers(catalog, default_organism)) if len(own) else own
    genes = summed_of(known, near.gene, near.gene_start)
    edge = np.zeros((1, 2), np.uint64)
    lanes = fold(fold(np.broadcast_to(seed, figures.digest.shape), figures.digest), shown)
    both = (catalog.chemicals, catalog.diseases)
    concepts = [concept_lane(c, len(figures), concept_numbers(c))[:, None] for c in both]
    for part in (figures.name_hash[:, None], genes[:, None], *concepts, _papers(catalog, shown)):
        lanes = fold(lanes, part)
    lanes = fold(lanes, np.concatenate((edge, shown[:-1])))
    lanes = fold(lanes, np.concatenate((shown[1:], edge)))
    return _similar(catalog, shown, own, lanes)


def namesakes(catalog: Catalog) -> dict[int, list[int]]:
    """Genes that share their spelling with another, case ignored: number -> all genes of that spelling, itself too."""
    groups: dict[str, list[int]] = defaultdict(list)
    for i, symbol in enumerate(fold_all(catalog.genes.symbol)):
        groups[symbol].append(i)
    return {i: group for group in groups.values() if len(group) > 1 for i in group}


def concept_entries(concepts: Concepts) -> list[ConceptEntry]:
    """What pages show of each chemical or disease."""
    return [
        ConceptEntry(path, name, concepts.identifiers(i))
        for i, (path, name) in enumerate(zip(concepts.path, concepts.name, strict=True))
    ]


def concept_pages(concepts: Concepts) -> dict[str, ConceptEntry]:
    """What pages show of each chemical or disease, by what mentions say of it."""
    entries = concept_entries(concepts)
    return {key: entries[i] for key, i in concepts.keys.items()}


def concept_lane(concepts: Concepts, figures: int, own: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """For each figure a digest of what its page shows of its chemicals or diseases beside its own mentions.

    Args:
        concepts: the chemicals, or the diseases.
        figures: how many figures there are.
        own: ``concept_numbers`` of them.
    """
    if not len(own):
        return np.zeros(figures, np.uint64)
    return summed_of(own, concepts.mention_concept, starts(concepts.mention_figure, figures))


def concept_numbers(concepts: Concepts) -> NDArray[np.uint64]:
    """For each chemical or disease a number of what ``concept_entries`` gives for it."""
    return np.array(list(map(number, concept_entries(concepts))), np.uint64)


def organism_numbers(catalog: Catalog, default_organism: str) -> NDArray[np.uint64]:
    """For each gene a number of what is known of its organism.

    Args:
        catalog: the collection.
        default_organism: organism of genes that name none.
    """
    known = {o: number(catalog.known.get(folded(o or default_organism))) for o in set(catalog.genes.organism)}
    return np.array([known[o] for o in catalog.genes.organism], np.uint64)
