"""What gene pages and listings show, drawn from the catalogue, with its digest."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

import numpy as np

from builder.catalog.arrays import best_of_rows, distinct, spans, starts
from builder.names import fold as folded
from builder.plan.cards import namesakes, number, organism_numbers
from builder.plan.digest import combine, digest
from builder.plan.facts import GeneFacts, ListingFacts
from builder.urls import organism_path
from builder.vocabulary import fold, summed

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from builder.catalog.arrays import Longs
    from builder.catalog.catalog import Catalog
    from builder.plan.facts import GeneEntry

__all__ = ["Lister"]

WORDS_KEPT = 60
YEARS = 10_000
TOP_GENES = 20
BLOCK = 1 << 19
"""Genes of figures that are counted at a time."""
NAMESAKES = 24
"""Genes of the same spelling that a gene's page names; some symbols stand for genes of thousands of organisms."""


class Lister:
    """Draws facts from the catalogue: digests of all gene pages at once, facts of those that must be made."""

    def __init__(
        self,
        catalog: Catalog,
        entries: Sequence[GeneEntry],
        shown: NDArray[np.uint64],
        default_organism: str,
        limit: int,
    ) -> None:
        """Keep what all pages need.

        Args:
            catalog: the catalogue.
            entries: what pages show of each gene.
            shown: digest of what lists show of each figure.
            default_organism: organism of genes that name none.
            limit: most figures that a gene page lists; 0 for all.
        """
        self.catalog = catalog
        self.entries = entries
        self.namesakes = namesakes(catalog)
        self.default = default_organism
        self.limit = limit
        self.shown = shown
        self.organism_codes = {o: i for i, o in enumerate(dict.fromkeys(catalog.genes.organism))}
        self.gene_organism = np.array([self.organism_codes[o] for o in catalog.genes.organism], np.int32)
        self.papers = self._gene_papers()
        self.years, self.year_counts, self.year_start = self._gene_years()

    def _gene_years(self) -> tuple[Longs, Longs, Longs]:
        """For every gene the years of its figures, how many are of each, oldest first; and where each gene's begin."""
        genes = self.catalog.genes
        keys, counts = distinct(genes.pair_gene.astype(np.int64) * YEARS + self.catalog.figures.year[genes.pair_figure])
        return keys % YEARS, counts, starts(keys // YEARS, len(genes))

    def _gene_papers(self) -> NDArray[np.int64]:
        """For every gene the number of papers that its figures are of."""
        genes = self.catalog.genes
        index: dict[str, int] = {}
        paper = np.array([index.setdefault(p, len(index)) for p in self.catalog.figures.pmcid], np.int64)
        keys, _ = distinct(genes.pair_gene.astype(np.int64) * max(len(index), 1) + paper[genes.pair_figure])
        return np.bincount(keys // max(len(index), 1), minlength=len(genes))

    def listed(self, gene: int) -> NDArray[np.int32]:
        """The figures that a gene's pages list."""
        figures = self.catalog.genes.figures(gene)
        return figures[: self.limit] if self.limit else figures

    def facts(self, gene: int) -> GeneFacts:
        """All that the pages of a gene show."""
        c, near = self.catalog, self.catalog.neighbours
        years = slice(self.year_start[gene], self.year_start[gene + 1])
        partners = slice(near.partner_start[gene], near.partner_start[gene + 1])
        return GeneFacts(
            gene,
            self.entries[gene].total,
            int(self.papers[gene]),
            list(zip(self.years[years].tolist(), self.year_counts[years].tolist(), strict=True)),
            c.genes.words(gene, c.mentions.words, WORDS_KEPT),
            int(c.genes.word_start[gene + 1] - c.genes.word_start[gene]),
            list(zip(near.partner[partners].tolist(), near.together[partners].tolist(), strict=True)),
            int(near.partner_totals[gene]),
            [k for k in self.namesakes.get(gene, ())[: NAMESAKES + 1] if k != gene][:NAMESAKES],
            max(len(self.namesakes.get(gene, ())) - 1, 0),
            self.listed(gene).tobytes(),
        )

    def gene_lanes(self, seed: NDArray[np.uint64]) -> NDArray[np.uint64]:
        """The digest of every gene's facts; numbers that shift with every new record count by what they stand for."""
        c, near = self.catalog, self.catalog.neighbours
        genes, count = c.genes, len(c.genes)
        own = np.array([number(e) for e in self.entries], np.uint64)
        # Of other genes a page shows no numbers: a new figure changes those of all of its genes.
        names = np.array([number(e.organism, e.ident, e.symbol, e.path) for e in self.entries], np.uint64)
        mates = np.zeros(count, np.uint64)
        groups = {id(group): group for group in self.namesakes.values()}
        for group in groups.values():
            mates[group] = number(len(group), names[group[: NAMESAKES + 1]].tolist())
        known = {o: (o or self.default) in c.organisms for o in set(genes.organism)}
        words = genes.word_start, np.minimum(genes.word_start[:-1] + WORDS_KEPT, genes.word_start[1:])
        at = spans(words[0][:-1], words[1])
        word = fold(c.mentions.word_hashes[genes.word[at]], genes.word_count[at].astype(np.uint64))
        year = fold(self.years.astype(np.uint64), self.year_counts.astype(np.uint64))
        partner = fold(names[near.partner], near.together.astype(np.uint64))
        parts = (
            own,
            self.papers,
            summed(year, self.year_start),
            _ranked(word, words[1] - words[0][:-1]),
            np.diff(genes.word_start),
            _ranked(partner, np.diff(near.partner_start)),
            near.partner_totals,
            mates,
            np.array([known[o] for o in genes.organism], np.uint64),
            organism_numbers(c, self.default),
        )
        lanes = np.broadcast_to(seed, (count, 2))
        for part in parts:
            lanes = fold(lanes, part.astype(np.uint64)[:, None])
        return fold(lanes, self._listing_lanes())

    def _listing_lanes(self) -> NDArray[np.uint64]:
        """The digest of what each gene's pages list, in its order."""
        start = self.catalog.genes.start
        last = np.minimum(start[:-1] + self.limit, start[1:]) if self.limit else start[1:]
        cards = self.shown[self.catalog.genes.pair_figure[spans(start[:-1], last)]]
        return np.stack([_ranked(cards[:, k], last - start[:-1]) for k in range(2)], axis=1)

    def _listing(self, kind: str, name: str, path: str, figures: NDArray[np.int32], **more: Any) -> ListingFacts:
        """Facts of a listing.

        Args:
            kind: as in ``ListingFacts``, likewise name and path.
            name: what is listed.
            path: of its first page.
            figures: of it, newest first.
            more: other fields of ``ListingFacts``.
        """
        facts: dict[str, Any] = {"years": [], "genes": [], "newer": -1, "older": -1}
        if kind != "year":
            found, counts = distinct(self.catalog.figures.year[figures].astype(np.int64))
            facts["years"] = list(zip(found.tolist(), counts.tolist(), strict=True))
            if kind == "organism":
                facts["genes"] = self.top_genes(figures, organism=name)
        listed = figures if kind in {"organism", "year"} or not self.limit else figures[: self.limit]
        facts |= {"figures": listed.tobytes(), "total": len(figures)} | more
        return ListingFacts(kind=kind, name=name, path=path, **facts)

    def page_digests(self, facts: ListingFacts, size: int, seed: bytes) -> list[bytes]:
        """The digest of each page of a listing: only the first shows years and genes.

        Args:
            facts: the listing.
            size: figures on a page.
            seed: digest of the site.
        """
        figures = np.frombuffer(facts.figures, np.int32)
        near = (facts.newer, facts.older)
        genes = [(self.entries[g], n) for g, n in facts.genes]
        first = digest(facts.years, genes, facts.words, facts.words_total)
        head = digest(facts.kind, facts.name, facts.path, facts.total, near, facts.identifiers, facts.about)
        starts_at = range(0, max(len(figures), 1), size)
        return [
            combine(seed, head, b"" if i else first, self.shown[figures[i : i + size]].tobytes()) for i in starts_at
        ]

    def top_genes(
        self, figures: NDArray[np.int32], count: int = TOP_GENES, organism: str | None = None
    ) -> list[tuple[int, int]]:
        """Genes shown by most of some figures.

        Args:
            figures: which.
            count: at most so many genes.
            organism: count genes of this organism alone, if the figures show any.
        """
        near = self.catalog.neighbours
        if not len(self.entries) or not len(figures):
            return []
        if len(figures) == len(self.catalog.figures):
            counts = self.catalog.genes.totals()
            genes = np.flatnonzero(counts)
            counts = counts[genes]
        else:
            shown = near.gene[spans(near.gene_start[figures], near.gene_start[figures + 1])].astype(np.int64)
            genes, counts = distinct(shown) if len(shown) < len(self.entries) else _counted(shown)
        if organism is not None:
            code = self.organism_codes.get("" if organism == self.default else organism, -1)
            own = self.gene_organism[genes] == code
            if own.any():
                genes, counts = genes[own], counts[own]
        best = np.lexsort((genes, -counts))[:count]
        return list(zip(genes[best].tolist(), counts[best].tolist(), strict=True))

    def top_of_each(self, figures: NDArray[np.int32], start: Longs) -> list[list[tuple[int, int]]]:
        """As ``top_genes``, for many lists of figures at once.

        Args:
            figures: of all lists, one list after the other.
            start: where each list begins; the last number is the end.
        """
        near, n = self.catalog.neighbours, max(len(self.entries), 1)
        first, last = near.gene_start[figures], near.gene_start[figures + 1]
        total = np.concatenate((np.zeros(1, np.int64), np.cumsum(last - first)))[start]
        out: list[list[tuple[int, int]]] = [[] for _ in start[1:]]
        a = 0
        while a < len(out):
            # So many lists as have a block of genes, or a single long one.
            b = max(int(np.searchsorted(total, total[a] + BLOCK, side="right")) - 1, a + 1)
            part = slice(start[a], start[b])
            owner = np.repeat(np.arange(a, b), np.diff(total[a : b + 1]))
            keys, counts = distinct(owner * n + near.gene[spans(first[part], last[part])])
            row, gene, _ = best_of_rows(keys // n, keys % n, counts, TOP_GENES)
            shown = counts[np.searchsorted(keys, row * n + gene)]
            for i, g, count in zip(row.tolist(), gene.tolist(), shown.tolist(), strict=True):
                out[i].append((g, count))
            a = b
        return out

    def organisms(self) -> Iterator[ListingFacts]:
        """Facts of every organism."""
        for name, figures in self.catalog.organisms.items():
            yield self._listing(
                "organism", name, organism_path(name), figures, about=self.catalog.known.get(folded(name))
            )

    def concepts(self) -> Iterator[ListingFacts]:
        """Facts of every chemical and disease."""
        for c in (self.catalog.chemicals, self.catalog.diseases):
            genes = self.top_of_each(c.pair_figure, c.start)
            for i, (name, path) in enumerate(zip(c.name, c.path, strict=True)):
                words = c.words[i]
                identifiers = tuple(x for x in (c.mesh[i], c.other[i]) if x)
                more = {"words": words[:WORDS_KEPT], "words_total": len(words), "identifiers": identifiers}
                more["genes"] = genes[i]
                yield self._listing(c.kind, name, path, c.figures(i), **more)

    def by_year(self) -> Iterator[ListingFacts]:
        """Facts of every year."""
        years = list(self.catalog.years)
        for i, year in enumerate(years):
            near = {"newer": years[i - 1] if i else -1, "older": years[i + 1] if i + 1 < len(years) else -1}
            name = str(year) if year else "unknown"
            yield self._listing("year", name, f"browse/{name}.html", self.catalog.years[year], **near)

    def figure_types(self) -> list[tuple[str, int]]:
        """Figure types and how many figures have each, most frequent first."""
        counts = Counter(t or "Figure" for t in self.catalog.figures.figtype)
        return sorted(counts.items(), key=lambda p: (-p[1], p[0]))


def _counted(numbers: Longs) -> tuple[Longs, Longs]:
    """As ``distinct``, for many numbers that are not large."""
    counts = np.bincount(numbers)
    found = np.flatnonzero(counts)
    return found, counts[found]


def _ranked(numbers: NDArray[np.uint64], lengths: NDArray[np.int64]) -> NDArray[np.uint64]:
    """A hash of each of several lists of numbers, which stand one after the other; their order counts."""
    start = np.concatenate(([0], np.cumsum(lengths)))
    rank = np.arange(len(numbers)) - np.repeat(start[:-1], lengths)
    return summed(fold(numbers, rank.astype(np.uint64)), start)
