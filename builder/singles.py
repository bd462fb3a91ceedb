"""Outputs that there is one of: index pages, text pages, maps, feed, assets.

Each is a path, the digest of all that it depends on, and a function that makes its bytes
when they are wanted.
"""

from __future__ import annotations

from collections import Counter
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from builder.indexes import Indexes, Single
from builder.names import letter_of
from builder.plan.digest import digest
from builder.plan.plan import GENES_A_PAGE, large_groups
from builder.plan.statistics import statistics
from builder.problems import BuildError
from builder.publish.maps import feed, names_json, redirect_files, robots, sitemap_names, sitemaps
from builder.render.contexts import DownloadFile
from builder.render.explore import explore_examples, explore_page, home_examples
from builder.render.indexes import other_ways
from builder.render.site import browse_page, home_page, not_found_page, stub_page, text_page
from builder.render.statistics import statistics_page
from builder.render.tables import LETTERS, NAMES, gene_index_page, gene_index_path
from builder.urls import group_path

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from builder.bulk import Bulk
    from builder.catalog.catalog import Catalog
    from builder.plan.facts import GeneEntry
    from builder.plan.moved import Moved
    from builder.plan.plan import Plan
    from builder.read.pages import Page
    from builder.render.atlas import Atlas

__all__ = ["Single", "make_singles"]

NEWEST = 12
TOP_OF_INDEX = 200
TOP_OF_HOME = 20
OF_A_SET = 5
"""Genes of the set that the home page gives to try."""
FAMILY = 3
"""Letters with which the symbols of a family begin."""
SERVER_MAPS = {
    "netlify": ["_redirects"],
    "nginx": ["redirects.nginx.conf", "rewrites.nginx.conf"],
    "apache": ["redirects.apache.txt", "rewrites.apache.conf"],
}
"""Files of the redirects in the form of each server."""


def size_text(size: int) -> str:
    """A number of bytes for people: ``1.2 MB``."""
    value = float(size)
    for unit in ("bytes", "kB", "MB"):
        if value < 1000:  # noqa: PLR2004 - decimal units
            return f"{size:,} bytes" if unit == "bytes" else f"{value:.1f} {unit}"
        value /= 1000
    return f"{value:.1f} GB"


class _Singles(Indexes):
    """Makes the outputs of one site."""

    def __init__(
        self, atlas: Atlas, catalog: Catalog, plan: Plan, pages: Sequence[Page], seed: bytes, bulk: Bulk
    ) -> None:
        super().__init__(atlas, catalog, plan, seed)
        self.bulk = bulk
        self.pages = pages
        self.entries = plan.atlas.genes

    def listed(self, paths: Iterable[str]) -> list[DownloadFile]:
        """Some of the bulk downloads as pages show them: of a collection without genes, no table of genes."""
        href, counted = self.atlas.urls.href, self.bulk.data if self.plan.counts.figures else ()
        return [
            DownloadFile(href(d.path), d.name, d.description, size_text(d.size), d.rows, d.sha256)
            for d in self.bulk.described(paths)
            if d.rows or d.path not in counted
        ]

    def typical(self) -> list[int]:
        """Well-known genes: the most mentioned of the site's organism, of those whose symbols begin alike the first."""
        found: dict[str, int] = {}
        for g, _ in self.plan.top_genes:
            if not self.entries[g].organism:
                found.setdefault(self.entries[g].symbol[:FAMILY].casefold(), g)
        return list(found.values())

    def together(self) -> list[int]:
        """Of the typical genes the first, and the next that a figure shows with it; fewer if there are none."""
        first, *others = self.typical() or [-1]
        if first < 0:
            return []
        shown = self.catalog.genes.figures(first)
        other = next((g for g in others if np.isin(self.catalog.genes.figures(g), shown).any()), None)
        return [first] if other is None else [first, other]

    def home(self) -> Iterator[Single]:
        """``/`` and ``/browse/``."""
        years = {y: len(f) for y, f in self.catalog.years.items()}
        top = [(self.entries[g], n) for g, n in self.plan.top_genes[:TOP_OF_HOME]]
        newest = range(min(NEWEST, len(self.catalog.figures)))
        together, typical = ([self.entries[g] for g in of] for of in (self.together(), self.typical()[:OF_A_SET]))

        def home() -> bytes:
            context = home_page(
                self.atlas, self.plan.counts, newest, top, self.plan.words, years, self.listed(self.bulk.data),
                home_examples(self.atlas, together, typical),
            )  # fmt: skip
            return self.page("home.html", context)

        words = [self.plan.words.get(g.path, "") for g, _ in top]
        shown = self.plan.lister.shown[: len(newest)].tobytes(), top, words, years, together, typical
        own = digest(self.seed, "home", self.bulk.digests, self.plan.counts, *shown)
        yield Single("index.html", own, home, last=True)
        types, more = self.plan.types, other_ways(self.atlas, [p.split("/")[0] for p in self.plan.indexes])
        yield Single(
            "browse/index.html",
            digest(self.seed, "browse", years, types, self.plan.indexes),
            lambda: self.page("browse.html", browse_page(self.atlas, years, types, more)),
        )

    def genes(self) -> Iterator[Single]:
        """``/genes/``, its letters, and the list for filter as you type."""
        letters: dict[str, list[tuple[GeneEntry, int]]] = {}
        for entry in self.entries:
            letters.setdefault(letter_of(entry.symbol), []).append((entry, entry.total))
        counts = Counter({x: len(g) for x, g in letters.items()})
        ranked = sorted(range(len(self.entries)), key=lambda i: (-self.entries[i].total, i))[:TOP_OF_INDEX]
        top = [(self.entries[i], self.entries[i].total) for i in ranked]
        yield self._letter(counts, top, "", 1, ())
        for letter in (x for x in LETTERS if x in letters):
            genes = letters[letter]
            parts = [genes[i : i + GENES_A_PAGE] for i in range(0, len(genes), GENES_A_PAGE)]
            firsts = tuple(part[0][0] for part in parts)
            for page, part in enumerate(parts, 1):
                yield self._letter(counts, part, letter, page, firsts)
        words = self.plan.words
        yield Single(
            "genes/names.json",
            digest(self.seed, "names", self.entries, words),
            lambda: names_json(self.atlas, words, NAMES),
        )

    def _letter(
        self,
        counts: Counter[str],
        genes: list[tuple[GeneEntry, int]],
        letter: str,
        page: int,
        firsts: tuple[GeneEntry, ...],
    ) -> Single:
        """A page of a letter, or ``/genes/``, as ``gene_index_page`` has it."""
        words = self.plan.words
        seen = [(g, words.get(g.path, "")) for g, _ in genes]
        own = digest(self.seed, "letter", letter, page, firsts, dict(counts), seen)

        def make() -> bytes:
            context = gene_index_page(self.atlas, letter, counts, genes, words, page=page, firsts=firsts)
            return self.page("gene_index.html", context)

        return Single(gene_index_path(letter, page), own, make)

    def explore(self) -> Single:
        """``/explore/``."""
        rank = sorted(self.catalog.organisms, key=lambda o: (-len(self.catalog.organisms[o]), o))
        genes = [self.entries[g] for g in self.together()]
        examples = explore_examples(genes, rank, list(self.catalog.years))
        return Single(
            "explore/index.html",
            digest(self.seed, "explore", examples, rank[:2]),
            lambda: self.page("explore.html", explore_page(self.atlas, examples, genes, rank)),
        )

    def statistics(self) -> Single:
        """``/statistics/``."""
        numbers = statistics(self.catalog, self.plan)
        return Single(
            "statistics/index.html",
            digest(self.seed, "statistics", numbers),
            lambda: self.page("statistics.html", statistics_page(self.atlas, numbers)),
        )

    def texts(self) -> Iterator[Single]:
        """Text pages and the 404 page."""
        for page in self.pages:
            files = page.name == "download"

            def make(page: Page = page, *, files: bool = files) -> bytes:
                shown = (self.listed(self.bulk.main), self.listed(self.bulk.more)) if files else ()
                context = text_page(self.atlas, *page, *shown)
                return self.page("text.html", context)

            own = digest(self.seed, "text", page, self.bulk.digests if files else {})
            yield Single(f"{page.name}.html", own, make, last=files)
        yield Single(
            "404.html", digest(self.seed, "404"), lambda: self.page("not_found.html", not_found_page(self.atlas))
        )

    def maps(self) -> Iterator[Single]:
        """Sitemaps, feed, robots, redirects."""
        figures, atlas = self.catalog.figures, self.atlas
        absent = {"genes/", "organisms/"}.difference(f"{kind}/" for kind in atlas.data.kinds)
        parts = ("", "genes/", "organisms/", "browse/", "explore/", "statistics/")
        paths = [f"{part}index.html" for part in parts if part not in absent]
        paths += [f"{p.name}.html" for p in self.pages] + self.plan.indexes
        paths += map(group_path, large_groups(self.catalog))
        paths += self.plan.figures
        paths += [path for own in self.plan.gene_pages for path in own]
        paths += [path for _, own in self.plan.listings for path in own]
        own = digest(self.seed, "maps", paths)
        made = cache(partial(sitemaps, atlas, paths))
        for name in sitemap_names(len(paths)):
            yield Single(name, own, partial(_part, made, name))
        yield Single("robots.txt", digest(self.seed, "robots"), lambda: robots(atlas))
        newest = [atlas.card(i) for i in range(min(atlas.settings.feed_size, len(figures)))]
        yield Single("feed.xml", digest(self.seed, "feed", newest), lambda: feed(atlas, newest))
        yield from self.moved()
        stubs = [(stub, self.plan.figures[i]) for stub, i in self.plan.stubs.items()]
        names = ["redirects.json", *(n for k, own in SERVER_MAPS.items() if k in atlas.settings.redirects for n in own)]
        own = digest(self.seed, "redirects", stubs, self.plan.moved)
        files = cache(partial(redirect_files, atlas, stubs, self.plan.moved))
        for name in names:
            yield Single(name, own, partial(_part, files, name))

    def moved(self) -> Iterator[Single]:
        """Stubs at addresses of PFOCR's first site."""
        if "html" not in self.atlas.settings.redirects:
            return
        for m in self.plan.moved:

            def make(m: Moved = m) -> bytes:
                return self.page("stub.html", stub_page(self.atlas, m.target, m.title, m.parameter, m.query))

            yield Single(m.path, digest(self.seed, "moved", m), make)

    def all(self) -> Iterator[Single]:
        """Every single output."""
        yield from self.home()
        yield from self.genes()
        yield from self.organisms()
        yield self.explore()
        yield from self.concepts()
        yield from self.models()
        yield self.statistics()
        yield from self.texts()
        yield from self.maps()
        yield Single(".nojekyll", digest("nojekyll"), lambda: b"")


def _part(make: Callable[[], dict[str, bytes]], name: str) -> bytes:
    """One of the files that a function makes together."""
    return make()[name]


def make_singles(
    atlas: Atlas, catalog: Catalog, plan: Plan, pages: Sequence[Page], seed: bytes, bulk: Bulk
) -> list[Single]:
    """All outputs that there is one of, the downloads aside.

    Args:
        atlas: the collection as pages see it.
        catalog: the collection.
        plan: of the bulk of the site.
        pages: text pages.
        seed: digest of settings, templates, assets and program.
        bulk: the downloads, of which some pages tell: those that are marked so are made when these are.
    """
    return list(_Singles(atlas, catalog, plan, pages, seed, bulk).all())


def asset_singles(folder: Path, assets: dict[str, str]) -> Iterator[Single]:
    """The bundled style sheet, scripts and icon; their names carry the hash of their contents."""
    for path in assets.values():
        source = folder / Path(path).name
        try:
            data = source.read_bytes()
        except OSError as error:
            raise BuildError(f"{source} is missing although its manifest names it: run make build") from error
        yield Single(path, digest("asset", path), partial(bytes, data))
