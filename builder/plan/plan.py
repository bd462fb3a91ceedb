"""Every output of the bulk of a site: its path, and the digest of all that it depends on."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import msgspec
import numpy as np

from builder.names import fold, letter_of
from builder.plan.cards import card_digests, figure_links, gene_entries, make_cards
from builder.plan.collisions import Clash, resolve_redirects
from builder.plan.digest import combine, digest
from builder.plan.facts import AtlasData, Counts, FigureLinks, GeneFacts, ListingFacts
from builder.plan.listings import Lister
from builder.urls import figure_path, listing_path

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from builder.catalog.catalog import Catalog
    from builder.plan.facts import GeneEntry
    from builder.read.images import ImageEntry
    from builder.read.settings import Settings

__all__ = ["Plan", "Surroundings", "make_plan"]


@dataclass(frozen=True)
class Surroundings:
    """What a site is made of beside its records."""

    settings: Settings
    templates: str
    assets: dict[str, str]
    pages: list[tuple[str, str]]
    images: dict[str, ImageEntry]
    seed: bytes
    """Digest of settings, templates, assets and program: every page depends on it."""


@dataclass
class Plan:
    """What is to stand in the output folder for figures, genes and listings."""

    atlas: AtlasData
    counts: Counts
    digests: dict[str, bytes] = field(default_factory=dict)
    """Path -> digest."""
    links: list[FigureLinks] = field(default_factory=list)
    """By figure."""
    stubs: dict[str, int] = field(default_factory=dict)
    """Path -> figure."""
    genes: list[tuple[GeneFacts, list[str]]] = field(default_factory=list)
    """Facts, and the paths of the gene's pages."""
    listings: list[tuple[ListingFacts, list[str]]] = field(default_factory=list)
    clashes: list[Clash] = field(default_factory=list)
    top_genes: list[tuple[int, int]] = field(default_factory=list)
    types: list[tuple[str, int]] = field(default_factory=list)
    words: dict[str, str] = field(default_factory=dict)
    """By path of a gene, up to three words that it was seen as."""


def _pages(path: str, entries: int, per_page: int) -> list[str]:
    """Paths of the pages of a listing."""
    return [listing_path(path, n) for n in range(1, max(1, -(-entries // per_page)) + 1)]


def _gene_hashes(catalog: Catalog, entries: Sequence[GeneEntry]) -> NDArray[np.uint64]:
    """For each figure a number that changes when a gene of it moves to another page."""
    own = np.array([int.from_bytes(digest(e.organism, e.ident, e.path)[:8]) for e in entries], np.uint64)
    sums = np.zeros(len(catalog.figures), np.uint64)
    if len(own):
        np.add.at(sums, catalog.genes.pair_figure, own[catalog.genes.pair_gene])
    return sums


def _figure_digests(
    plan: Plan, catalog: Catalog, cards: Sequence[bytes], around: Surroundings
) -> Iterator[tuple[str, bytes]]:
    """Path and digest of every figure's page."""
    f = catalog.figures
    genes = _gene_hashes(catalog, plan.atlas.genes).tobytes()
    none = b"\0" * 16
    for i, (figid, record, name, links) in enumerate(zip(f.figid, f.digest, f.name, plan.links, strict=True)):
        near = (
            cards[links.newer] if links.newer >= 0 else none,
            cards[links.older] if links.older >= 0 else none,
            *(cards[k] for k in links.siblings),
            *(cards[k] for k, _ in links.similar),
        )
        counts = (f"{len(links.siblings)} {n} {f.pmcid[k]}" for k, n in links.similar)
        own = "\0".join((name, *f.organisms[i], *counts)).encode("utf-8", "replace")
        yield figure_path(figid), combine(around.seed, record, cards[i], genes[8 * i : 8 * i + 8], *near, own)


def _single_pages(around: Surroundings, catalog: Catalog) -> Iterator[str]:
    """Pages that there is one of, which a redirect must not cover."""
    yield from ("index.html", "404.html", "genes/index.html", "organisms/index.html", "browse/index.html")
    yield from (f"{name}.html" for name, _ in around.pages)
    yield from {f"genes/letters/{letter_of(s)}.html" for s in catalog.genes.symbol}


def gene_words(catalog: Catalog) -> dict[str, str]:
    """By path of a gene, up to three words that it was seen as, other than its symbol."""
    g, words = catalog.genes, catalog.mentions.words
    folded = [fold(w) for w in words]
    out = {}
    first, index = g.word_start.tolist(), g.word.tolist()
    for i, (path, symbol) in enumerate(zip(g.path, g.symbol, strict=True)):
        own = fold(symbol)
        best: dict[str, str] = {}
        for w in index[first[i] : first[i + 1]]:
            if folded[w] != own:
                best.setdefault(folded[w], words[w])
                if len(best) == 3:  # noqa: PLR2004 - three words
                    break
        if best:
            out[path] = ", ".join(best.values())
    return out


def make_plan(catalog: Catalog, around: Surroundings) -> Plan:
    """The plan of a site.

    Args:
        catalog: the collection.
        around: settings and all else that pages depend on.
    """
    s = around.settings
    entries = gene_entries(catalog)
    cards = make_cards(catalog, s.default_organism)
    atlas = AtlasData(
        s,
        around.templates,
        around.assets,
        around.pages,
        list(catalog.years),
        {fold(o): o for o in catalog.organisms},
        cards,
        entries,
        around.images,
    )
    counts = Counts(
        len(catalog.figures), len(entries), len(catalog.papers), len(catalog.organisms), len(catalog.mentions.figure)
    )
    plan = Plan(atlas, counts, links=figure_links(catalog), words=gene_words(catalog))
    digests = card_digests(cards, catalog, around.images)
    plan.digests.update(_figure_digests(plan, catalog, digests, around))
    _plan_listings(plan, Lister(catalog, entries, digests, s.default_organism), around)
    redirects = resolve_redirects(catalog.figures, [*plan.digests, *_single_pages(around, catalog)])
    plan.stubs, plan.clashes = redirects.stubs, redirects.clashes
    if "html" in s.redirects:
        figures = catalog.figures
        for path, i in plan.stubs.items():
            plan.digests[path] = digest(around.seed, path, figures.figid[i], figures.title[i])
    return plan


def _plan_listings(plan: Plan, lister: Lister, around: Surroundings) -> None:
    """Add gene pages, organisms and years to a plan."""
    s = around.settings
    for facts, own in lister.genes(s.listing_limit, around.seed):
        paths = _pages(plan.atlas.genes[facts.gene].path, len(facts.figures) // 4, s.listing_page)
        plan.genes.append((facts, paths))
        plan.digests.update(dict.fromkeys(paths, own))
    for listing, own in (*lister.organisms(around.seed), *lister.by_year(around.seed)):
        paths = _pages(listing.path, len(listing.figures) // 4, s.listing_page)
        plan.listings.append((listing, paths))
        plan.digests.update(dict.fromkeys(paths, own))
    plan.top_genes = lister.top_genes(np.arange(plan.counts.figures, dtype=np.int32))
    plan.types = lister.figure_types()


def save_atlas(atlas: AtlasData) -> bytes:
    """The atlas as workers read it."""
    return msgspec.msgpack.encode(atlas)
