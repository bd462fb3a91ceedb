"""What gene pages and listings show, drawn from the catalogue, with its digest."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import numpy as np

from builder.catalog.arrays import distinct, starts
from builder.names import escape
from builder.plan.cards import namesakes
from builder.plan.digest import combine, digest
from builder.plan.facts import GeneFacts, ListingFacts

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from builder.catalog.catalog import Catalog
    from builder.plan.facts import GeneEntry

__all__ = ["Lister"]

WORDS_KEPT = 60
YEARS = 10_000
TOP_GENES = 20


class Lister:
    """Draws facts from the catalogue."""

    def __init__(
        self, catalog: Catalog, entries: Sequence[GeneEntry], cards: Sequence[bytes], default_organism: str
    ) -> None:
        """Keep what all pages need.

        Args:
            catalog: the catalogue.
            entries: what pages show of each gene.
            cards: digest of each figure's card.
            default_organism: organism of genes that name none.
        """
        self.catalog = catalog
        self.entries = entries
        self.namesakes = namesakes(catalog)
        self.default = default_organism
        self.cards = np.frombuffer(b"".join(cards), dtype="V16")
        self.years = np.array(catalog.figures.years, np.int32)
        index: dict[str, int] = {}
        self.paper = np.array([index.setdefault(p, len(index)) for p in catalog.figures.pmcid], np.int32)

    def _year_counts(self, figures: NDArray[np.int32]) -> list[tuple[int, int]]:
        """Years and figures in each, oldest first."""
        years, counts = distinct(self.years[figures].astype(np.int64))
        return list(zip(years.tolist(), counts.tolist(), strict=True))

    def _gene_years(self) -> list[list[tuple[int, int]]]:
        """For every gene the years of its figures and how many are of each, oldest first."""
        genes = self.catalog.genes
        keys, counts = distinct(genes.pair_gene.astype(np.int64) * YEARS + self.years[genes.pair_figure])
        first = starts(keys // YEARS, len(genes)).tolist()
        pairs = list(zip((keys % YEARS).tolist(), counts.tolist(), strict=True))
        return [pairs[first[g] : first[g + 1]] for g in range(len(genes))]

    def _gene_papers(self) -> list[int]:
        """For every gene the number of papers that its figures are of."""
        genes = self.catalog.genes
        papers = int(self.paper.max(initial=0)) + 1
        keys, _ = distinct(genes.pair_gene.astype(np.int64) * papers + self.paper[genes.pair_figure])
        return np.bincount(keys // papers, minlength=len(genes)).tolist()  # type: ignore[no-any-return]

    def genes(self, limit: int, seed: bytes) -> Iterator[tuple[GeneFacts, bytes]]:
        """Facts of every gene and their digest.

        Args:
            limit: most figures to list; 0 for all.
            seed: digest of the site.
        """
        c = self.catalog
        years, papers = self._gene_years(), self._gene_papers()
        words = np.diff(c.genes.word_start).tolist()
        for g in range(len(c.genes)):
            figures = c.genes.figures(g)
            partners, partners_total = c.partners[g]
            listed = figures[:limit] if limit else figures
            facts = GeneFacts(
                g,
                len(figures),
                papers[g],
                years[g],
                c.genes.words(g, c.mentions.words, WORDS_KEPT),
                words[g],
                partners,
                partners_total,
                self.namesakes.get(g, []),
                listed.tobytes(),
            )
            yield facts, self._gene_digest(facts, listed, seed)

    def _gene_digest(self, facts: GeneFacts, listed: NDArray[np.int32], seed: bytes) -> bytes:
        """The digest of a gene's facts; numbers that shift with every new record count by what they stand for."""
        entries = self.entries
        named = digest(
            entries[facts.gene],
            facts.total,
            facts.papers,
            facts.years,
            facts.words,
            facts.words_total,
            [(entries[p], n) for p, n in facts.partners],
            facts.partners_total,
            [entries[i] for i in facts.same_symbol],
            (entries[facts.gene].organism or self.default) in self.catalog.organisms,
        )
        return combine(seed, named, self.cards[listed].tobytes())

    def _listing(
        self, kind: str, name: str, path: str, figures: list[int], near: tuple[int, int], seed: bytes
    ) -> tuple[ListingFacts, bytes]:
        numbers = np.array(figures, np.int32)
        years = self._year_counts(numbers) if kind == "organism" else []
        genes = self.top_genes(numbers) if kind == "organism" else []
        facts = ListingFacts(kind, name, path, years, genes, *near, numbers.tobytes())
        named = digest(kind, name, path, years, [(self.entries[g], n) for g, n in genes], near)
        return facts, combine(seed, named, self.cards[numbers].tobytes())

    def top_genes(self, figures: NDArray[np.int32], count: int = TOP_GENES) -> list[tuple[int, int]]:
        """Genes shown by most of some figures."""
        if not len(self.entries) or not len(figures):
            return []
        chosen = np.zeros(len(self.catalog.figures), bool)
        chosen[figures] = True
        counts = np.bincount(
            self.catalog.genes.pair_gene[chosen[self.catalog.genes.pair_figure]], minlength=len(self.entries)
        )
        best = np.lexsort((np.arange(len(counts)), -counts))[:count]
        return [(int(g), int(counts[g])) for g in best if counts[g]]

    def organisms(self, seed: bytes) -> Iterator[tuple[ListingFacts, bytes]]:
        """Facts of every organism and their digest."""
        for name, figures in self.catalog.organisms.items():
            yield self._listing("organism", name, f"organisms/{escape(name)}.html", figures, (-1, -1), seed)

    def by_year(self, seed: bytes) -> Iterator[tuple[ListingFacts, bytes]]:
        """Facts of every year and their digest."""
        years = list(self.catalog.years)
        for i, year in enumerate(years):
            near = (years[i - 1] if i else -1, years[i + 1] if i + 1 < len(years) else -1)
            name = str(year) if year else "unknown"
            yield self._listing("year", name, f"browse/{name}.html", self.catalog.years[year], near, seed)

    def figure_types(self) -> list[tuple[str, int]]:
        """Figure types and how many figures have each, most frequent first."""
        counts = Counter(t or "Figure" for t in self.catalog.figures.figtype)
        return sorted(counts.items(), key=lambda p: (-p[1], p[0]))
