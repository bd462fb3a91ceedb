"""Cards of figures, entries of genes, links between figures."""

from __future__ import annotations

from collections import defaultdict
from hashlib import blake2b
from typing import TYPE_CHECKING

import msgspec

from builder.names import fold
from builder.plan.facts import Card, FigureLinks, GeneEntry

if TYPE_CHECKING:
    from collections.abc import Mapping

    from builder.catalog.catalog import Catalog
    from builder.read.images import ImageEntry

__all__ = ["card_digests", "figure_links", "gene_entries", "make_cards", "namesakes", "shown_title"]

_MOST_SIBLINGS = 24


def shown_title(title: str, figid: str) -> str:
    """What a figure is called where the record gives no title."""
    return title or figid


def make_cards(catalog: Catalog, default_organism: str) -> list[msgspec.Raw]:
    """The encoded card of every figure."""
    f = catalog.figures
    alone = (default_organism,)
    encode = msgspec.msgpack.Encoder().encode
    return [
        msgspec.Raw(
            encode(
                Card(
                    figid, title or figid, number, year, paper, pmcid,
                    "" if organisms == alone else ", ".join(organisms), filename,
                )
            )
        )
        for figid, title, number, year, paper, pmcid, organisms, filename in zip(
            f.figid, f.title, f.number, f.year, f.paper, f.pmcid, f.organisms, f.filename, strict=True
        )
    ]  # fmt: skip


def card_digests(cards: list[msgspec.Raw], catalog: Catalog, images: Mapping[str, ImageEntry]) -> list[bytes]:
    """The digest of every card with the image that it shows, 16 bytes each."""
    encode = msgspec.msgpack.Encoder().encode
    out = []
    for card, filename in zip(cards, catalog.figures.filename, strict=True):
        state = blake2b(card, digest_size=16)
        if image := images.get(filename):
            state.update(encode(image))
        out.append(state.digest())
    return out


def gene_entries(catalog: Catalog) -> list[GeneEntry]:
    """What pages show of each gene."""
    g = catalog.genes
    return [
        GeneEntry(organism, ident, symbol, path, total)
        for (organism, ident), symbol, path, total in zip(g.key, g.symbol, g.path, g.totals().tolist(), strict=True)
    ]


def figure_links(catalog: Catalog) -> list[FigureLinks]:
    """For each figure the one before, the one after, the others of its paper, and those like it."""
    last = len(catalog.figures) - 1
    links = []
    for i, pmcid in enumerate(catalog.figures.pmcid):
        paper = catalog.papers[pmcid]
        siblings = tuple(k for k in paper if k != i)[:_MOST_SIBLINGS] if len(paper) > 1 else ()
        links.append(FigureLinks(i - 1, i + 1 if i < last else -1, siblings, catalog.similar[i]))
    return links


def namesakes(catalog: Catalog) -> dict[int, list[int]]:
    """Genes that share their spelling with another, case ignored: number -> the others."""
    groups: dict[str, list[int]] = defaultdict(list)
    for i, symbol in enumerate(catalog.genes.symbol):
        groups[fold(symbol)].append(i)
    return {i: [k for k in group if k != i] for group in groups.values() if len(group) > 1 for i in group}
