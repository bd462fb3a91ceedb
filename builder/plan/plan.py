"""Every output of the bulk of a site: its path, and the digest of all that it depends on."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from itertools import islice
from types import MappingProxyType
from typing import TYPE_CHECKING
from unicodedata import normalize

import msgspec
import numpy as np

from builder.names import HUMAN, NDEX, WPID, fold, letter_of
from builder.plan.cards import concept_pages, figure_lanes, gene_entries, gene_numbers, shown_lanes
from builder.plan.collisions import Clash, fixed_pages, resolve_redirects, with_sections
from builder.plan.digest import digest
from builder.plan.facts import AtlasData, Counts, ListingFacts
from builder.plan.listings import Lister
from builder.plan.moved import moved_pages
from builder.urls import figure_path, group_path, listing_path
from builder.vocabulary import fold as folded

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sized

    from numpy.typing import NDArray

    from builder.catalog.catalog import Catalog
    from builder.plan.facts import GeneEntry
    from builder.plan.moved import Moved
    from builder.read.images import ImageEntry
    from builder.read.settings import Settings

__all__ = ["GENES_A_PAGE", "TOP_OF_GROUP", "TOP_OF_INDEX", "Plan", "Surroundings", "kinds", "large_groups", "make_plan"]


TOP_OF_INDEX = 300
"""Chemicals, diseases, or organisms of one group alone, on the first page of their index."""
TOP_OF_GROUP = 100
"""Organisms of a group in the index; a larger group has a page of its own."""
GENES_A_PAGE = 2_000
"""Genes on a page of a letter: some 300 kB."""


@dataclass(frozen=True)
class Surroundings:
    """What a site is made of beside its records."""

    settings: Settings
    templates: str
    assets: dict[str, str]
    pages: list[tuple[str, str]]
    images: dict[str, ImageEntry]
    seed: bytes
    """Digest of settings, templates, assets, program and ``kinds``: every page depends on it."""


@dataclass
class Plan:
    """What is to stand in the output folder for figures, genes and listings."""

    atlas: AtlasData
    counts: Counts
    lister: Lister
    """Draws the facts of gene pages."""
    shown: bytes
    """Digest of what lists show of all figures."""
    rows: bytes
    """For each figure a hash of what they show of it."""
    digests: dict[str, bytes] = field(default_factory=dict)
    """Path -> digest."""
    figures: list[str] = field(default_factory=list)
    """Paths of figures."""
    stubs: dict[str, int] = field(default_factory=dict)
    """Path -> figure."""
    moved: list[Moved] = field(default_factory=list)
    """Addresses of PFOCR's first site that lead on."""
    gene_pages: list[list[str]] = field(default_factory=list)
    """Paths of each gene's pages."""
    listings: list[tuple[ListingFacts, list[str]]] = field(default_factory=list)
    models: dict[str, list[tuple[int, str]]] = field(default_factory=dict)
    """Figures that have a model elsewhere, with its id: at ``wikipathways`` and at ``ndex``."""
    indexes: list[str] = field(default_factory=list)
    """Paths of the index pages that a collection has only with something to list."""
    clashes: list[Clash] = field(default_factory=list)
    top_genes: list[tuple[int, int]] = field(default_factory=list)
    types: list[tuple[str, int]] = field(default_factory=list)
    words: dict[str, str] = field(default_factory=dict)
    """By path of a gene, up to three words that it was seen as."""


def _pages(path: str, entries: int, per_page: int) -> list[str]:
    """Paths of the pages of a listing."""
    return [listing_path(path, n) for n in range(1, max(1, -(-entries // per_page)) + 1)]


def _digests(lanes: NDArray[np.uint64]) -> Iterator[bytes]:
    """Lanes as digests of 16 bytes."""
    data = lanes.tobytes()
    return (data[i : i + 16] for i in range(0, len(data), 16))


def large_groups(catalog: Catalog) -> list[str]:
    """Groups of so many organisms that the index of organisms shows some, and a page of their own all."""
    rows = [catalog.known.get(fold(name)) for name in catalog.organisms]
    counts = Counter(known.group if known else "" for known in rows)
    some = len(counts) > 1 or len(rows) > TOP_OF_INDEX
    return [group for group, count in counts.items() if some and count > TOP_OF_GROUP]


def _single_pages(around: Surroundings, catalog: Catalog) -> Iterator[str]:
    """Pages that there is one of, which a redirect must not cover."""
    yield from fixed_pages(name for name, _ in around.pages)
    yield from ("genes/index.html", "organisms/index.html", "browse/index.html")
    for letter, count in Counter(map(letter_of, catalog.genes.symbol)).items():
        yield from _pages(f"genes/letters/{letter}.html", count, GENES_A_PAGE)
    yield from map(group_path, large_groups(catalog))
    for c in (catalog.chemicals, catalog.diseases):
        yield from {f"{c.kind}/letters/{letter_of(name)}.html" for name in c.name}


_MARKS = " ()[]{}<>\"',;:.*|/\\\u2018\u2019\u201c\u201d\u201e\xab\xbb"
"""What a word may begin or end with, as it was read, that is none of it."""


_SEVERAL = re.compile(r",|[^\W\d]{2}.*/.*[^\W\d]{2}")
"""What a word holds that is a list of words, as ``A2,B1`` and ``ADH/ALDH``; ``AKT1/2`` is none."""


class _Plain(dict[str, str]):
    """Words as they are compared: their letters and digits alone, without accents, in lower case."""

    def __missing__(self, word: str) -> str:
        plain = word if word.isascii() else normalize("NFKD", word)
        self[word] = plain = plain.casefold() if plain.isalnum() else "".join(filter(str.isalnum, plain)).casefold()
        return plain


def gene_words(catalog: Catalog) -> dict[str, str]:
    """By path of a gene, up to three words that it was seen as, other than its symbol and each other.

    What differs by case, accents or punctuation alone is one word; what holds several is none.
    """
    g, words = catalog.genes, catalog.mentions.words
    plain = _Plain()
    out = {}
    first, index = g.word_start.tolist(), g.word.tolist()
    for i, (path, symbol) in enumerate(zip(g.path, g.symbol, strict=True)):
        own = plain[symbol]
        best: dict[str, str] = {}
        for w in index[first[i] : first[i + 1]]:
            word = words[w]
            known = plain[word]
            if known and known != own and known not in best and not _SEVERAL.search(shown := word.strip(_MARKS)):
                best[known] = shown
                if len(best) == 3:  # noqa: PLR2004 - three words
                    break
        if best:
            out[path] = ", ".join(best.values())
    return out


def kinds(catalog: Catalog, default: str) -> tuple[str, ...]:
    """Of genes, human genes, organisms, chemicals and diseases what any figure has: every page depends on that.

    Args:
        catalog: the collection.
        default: the organism of genes that name none.
    """
    held: dict[str, Sized] = {
        "genes": catalog.genes.path,
        "human": {o or default for o in catalog.genes.organism} & {HUMAN},
        "organisms": catalog.organisms,
        "chemicals": catalog.chemicals,
        "diseases": catalog.diseases,
    }
    return tuple(kind for kind, some in held.items() if len(some))


def _atlas(catalog: Catalog, around: Surroundings, entries: list[GeneEntry]) -> AtlasData:
    """What workers must know of the collection."""
    return AtlasData(
        around.settings,
        around.templates,
        around.assets,
        around.pages,
        list(catalog.years),
        {fold(o): o for o in catalog.organisms},
        catalog.figures.card,
        entries,
        around.images,
        catalog.known,
        concept_pages(catalog.chemicals),
        concept_pages(catalog.diseases),
        kinds(catalog, around.settings.default_organism),
    )


def make_plan(catalog: Catalog, around: Surroundings, refused: Mapping[str, str] = MappingProxyType({})) -> Plan:
    """The plan of a site.

    Args:
        catalog: the collection.
        around: settings and all else that pages depend on.
        refused: figids of records that an error keeps out of it, with the names of the records.
    """
    s = around.settings
    entries = gene_entries(catalog)
    figures = catalog.figures
    counts = Counts(
        len(figures), len(entries), len(catalog.papers), len(catalog.organisms), len(catalog.mentions.figure)
    )
    seed = np.frombuffer(around.seed, np.uint64).reshape(1, 2)
    shown = shown_lanes(catalog, around.images)
    names = gene_numbers(catalog)
    lister = Lister(catalog, entries, names, shown, s.default_organism, s.listing_limit)
    told = digest(shown.tobytes()), np.ascontiguousarray(shown[:, 0]).tobytes()
    plan = Plan(_atlas(catalog, around, entries), counts, lister, *told, words=gene_words(catalog))
    plan.figures = list(map(figure_path, figures.figid))
    plan.digests.update(
        zip(plan.figures, _digests(figure_lanes(catalog, shown, names, seed, s.default_organism)), strict=True)
    )
    _plan_listings(plan, lister, around, seed)
    _plan_indexes(plan, catalog)
    many, singles = [*islice(plan.digests, len(plan.figures), None)], [*plan.indexes, *_single_pages(around, catalog)]
    moved = moved_pages(catalog.organisms, [*many, *singles], catalog.known)
    plan.moved = [m for m in moved if m.path.partition("/")[0] not in s.keep_files]
    singles += [m.path for m in plan.moved]
    pages = [*many, *with_sections(singles)]
    redirects = resolve_redirects(figures, pages, s.keep_files, refused, figures.by_figid.tolist())
    plan.stubs, plan.clashes = redirects.stubs, redirects.clashes
    if "html" in s.redirects:
        # Of its figure a stub shows the title alone, but where one is edited, two files more are no matter.
        leads = shown[np.fromiter(plan.stubs.values(), np.int64, len(plan.stubs))]
        plan.digests.update(zip(plan.stubs, _digests(folded(folded(seed, seed), leads)), strict=True))
    return plan


def _plan_indexes(plan: Plan, catalog: Catalog) -> None:
    """Add the index pages that there is something for."""
    for kind, ids, form in (("wikipathways", catalog.figures.wpid, WPID), ("ndex", catalog.figures.ndex, NDEX)):
        plan.models[kind] = [(i, x) for i, x in enumerate(ids) if x and form.match(x)]
    plan.indexes += [f"{c.kind}/index.html" for c in (catalog.chemicals, catalog.diseases) if len(c)]
    plan.indexes += [f"{kind}/index.html" for kind, models in plan.models.items() if models]


def _plan_listings(plan: Plan, lister: Lister, around: Surroundings, seed: NDArray[np.uint64]) -> None:
    """Add gene pages, organisms and years to a plan."""
    s = around.settings
    totals = lister.catalog.genes.totals()
    listed = np.minimum(totals, s.listing_limit) if s.listing_limit else totals
    for path, entries, own in zip(
        lister.catalog.genes.path, listed.tolist(), _digests(lister.gene_lanes(seed)), strict=True
    ):
        paths = _pages(path, entries, s.listing_page) if entries > s.listing_page else [path]
        plan.gene_pages.append(paths)
        plan.digests.update(dict.fromkeys(paths, own))
    for listing in (*lister.organisms(), *lister.by_year(), *lister.concepts()):
        paths = _pages(listing.path, len(listing.figures) // 4, s.listing_page)
        plan.listings.append((listing, paths))
        plan.digests.update(zip(paths, lister.page_digests(listing, s.listing_page, around.seed), strict=True))
    plan.top_genes = lister.top_genes(np.arange(plan.counts.figures, dtype=np.int32))
    plan.types = lister.figure_types()


def save_atlas(atlas: AtlasData) -> bytes:
    """The atlas as workers read it."""
    return msgspec.msgpack.encode(atlas)
