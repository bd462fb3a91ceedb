"""What gene pages and listings show, drawn from the catalogue, with its digest."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import numpy as np

from builder.catalog.arrays import distinct, spans, starts
from builder.plan.cards import namesakes, number
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
            self.namesakes.get(gene, []),
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
        for gene, others in self.namesakes.items():
            mates[gene] = number(names[others].tolist())
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

    def _listing(
        self, kind: str, name: str, path: str, figures: NDArray[np.int32], near: tuple[int, int]
    ) -> ListingFacts:
        organism = kind == "organism"
        years: list[tuple[int, int]] = []
        if organism:
            found, counts = distinct(self.catalog.figures.year[figures].astype(np.int64))
            years = list(zip(found.tolist(), counts.tolist(), strict=True))
        genes = self.top_genes(figures) if organism else []
        return ListingFacts(kind, name, path, years, genes, *near, figures.tobytes())

    def page_digests(self, facts: ListingFacts, size: int, seed: bytes) -> list[bytes]:
        """The digest of each page of a listing: only the first shows years and genes.

        Args:
            facts: the listing.
            size: figures on a page.
            seed: digest of the site.
        """
        figures = np.frombuffer(facts.figures, np.int32)
        near = (facts.newer, facts.older)
        first = digest(facts.years, [(self.entries[g], n) for g, n in facts.genes])
        head = digest(facts.kind, facts.name, facts.path, len(figures), near)
        starts_at = range(0, max(len(figures), 1), size)
        return [
            combine(seed, head, b"" if i else first, self.shown[figures[i : i + size]].tobytes()) for i in starts_at
        ]

    def top_genes(self, figures: NDArray[np.int32], count: int = TOP_GENES) -> list[tuple[int, int]]:
        """Genes shown by most of some figures."""
        near = self.catalog.neighbours
        if not len(self.entries) or not len(figures):
            return []
        if len(figures) == len(self.catalog.figures):
            counts = self.catalog.genes.totals()
        else:
            shown = near.gene[spans(near.gene_start[figures], near.gene_start[figures + 1])]
            counts = np.bincount(shown, minlength=len(self.entries))
        best = np.lexsort((np.arange(len(counts)), -counts))[:count]
        return [(int(g), int(counts[g])) for g in best if counts[g]]

    def organisms(self) -> Iterator[ListingFacts]:
        """Facts of every organism."""
        for name, figures in self.catalog.organisms.items():
            yield self._listing("organism", name, organism_path(name), figures, (-1, -1))

    def by_year(self) -> Iterator[ListingFacts]:
        """Facts of every year."""
        years = list(self.catalog.years)
        for i, year in enumerate(years):
            near = (years[i - 1] if i else -1, years[i + 1] if i + 1 < len(years) else -1)
            name = str(year) if year else "unknown"
            yield self._listing("year", name, f"browse/{name}.html", self.catalog.years[year], near)

    def figure_types(self) -> list[tuple[str, int]]:
        """Figure types and how many figures have each, most frequent first."""
        counts = Counter(t or "Figure" for t in self.catalog.figures.figtype)
        return sorted(counts.items(), key=lambda p: (-p[1], p[0]))


def _ranked(numbers: NDArray[np.uint64], lengths: NDArray[np.int64]) -> NDArray[np.uint64]:
    """A hash of each of several lists of numbers, which stand one after the other; their order counts."""
    start = np.concatenate(([0], np.cumsum(lengths)))
    rank = np.arange(len(numbers)) - np.repeat(start[:-1], lengths)
    return summed(fold(numbers, rank.astype(np.uint64)), start)
