"""What gene pages and listings show, drawn from the catalogue, with its digest."""

from __future__ import annotations

from collections import Counter
from functools import cached_property
from typing import TYPE_CHECKING, Any

import msgspec
import numpy as np

from builder.catalog.arrays import counted, distinct, run_starts, spans, starts, unique
from builder.names import fold as folded
from builder.plan.cards import namesakes, number, organism_numbers
from builder.plan.digest import combine, digest
from builder.plan.facts import GeneFacts, ListingFacts
from builder.urls import organism_path
from builder.vocabulary import fold, in_order, summed_of, text_hashes

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from builder.catalog.arrays import Longs
    from builder.catalog.catalog import Catalog
    from builder.plan.facts import GeneEntry

__all__ = ["Lister"]

WORDS_KEPT = 60
ALIASES_KEPT = 12
TOP_GENES = 20
NAMESAKES = 24
"""Genes of the same spelling that a gene's page names; some symbols stand for genes of thousands of organisms."""


class Lister:
    """Draws facts from the catalogue: digests of all gene pages at once, facts of those that must be made."""

    def __init__(
        self,
        catalog: Catalog,
        entries: Sequence[GeneEntry],
        names: NDArray[np.uint64],
        shown: NDArray[np.uint64],
        default_organism: str,
        limit: int,
    ) -> None:
        """Keep what all pages need.

        Args:
            catalog: the catalogue.
            entries: what pages show of each gene.
            names: a number of each gene, as ``gene_numbers`` gives them.
            shown: digest of what lists show of each figure.
            default_organism: organism of genes that name none.
            limit: most figures that a gene page lists; 0 for all.
        """
        self.catalog = catalog
        self.entries = entries
        self.names = names
        self.namesakes = namesakes(catalog)
        self.default = default_organism
        self.limit = limit
        self.shown = shown
        near = catalog.neighbours
        genes = summed_of(names, near.gene, near.gene_start)
        self.told = fold(genes, catalog.figures.year.astype(np.uint64))
        """For each figure a number of its year and the genes that it shows."""
        self.organism_codes = {o: i for i, o in enumerate(dict.fromkeys(catalog.genes.organism))}
        self.gene_organism = np.array([self.organism_codes[o] for o in catalog.genes.organism], np.int32)
        self.few = False
        """Whether facts of few genes will be asked for, which are then counted one by one."""

    @cached_property
    def _of_figures(self) -> NDArray[np.uint64]:
        """A number for each gene of the years and papers of its figures; sums tell sets apart."""
        figures, genes = self.catalog.figures, self.catalog.genes
        pmcids = [p.encode("utf-8", "surrogatepass") for p in self.catalog.papers]
        paper = text_hashes(b"".join(pmcids), np.fromiter(map(len, pmcids), np.int64, len(pmcids)))[figures.paper]
        return summed_of(fold(paper, figures.year.astype(np.uint64)), genes.pair_figure, genes.start)

    def _runs(self, of_figures: NDArray[np.int32]) -> Longs:
        """Where in the pairs of genes and figures the gene is another one, or what is told of the figure."""
        gene, told = self.catalog.genes.pair_gene, of_figures[self.catalog.genes.pair_figure]
        return np.flatnonzero(np.concatenate(([True], (gene[1:] != gene[:-1]) | (told[1:] != told[:-1])))[: len(gene)])

    @cached_property
    def _gene_years(self) -> tuple[NDArray[np.int32], Longs, Longs]:
        """For every gene the years of its figures, how many are of each, newest first; and where each gene's begin."""
        genes, year = self.catalog.genes, self.catalog.figures.year
        # The figures of a gene are in the order of their years already.
        first = self._runs(year)
        counts = np.diff(np.append(first, len(genes.pair_gene)))
        return year[genes.pair_figure[first]], counts, starts(genes.pair_gene[first], len(genes))

    @cached_property
    def _gene_papers(self) -> NDArray[np.int64]:
        """For every gene the number of papers that its figures are of."""
        genes, paper = self.catalog.genes, self.catalog.figures.paper
        count, papers = len(genes), max(len(self.catalog.papers), 1)
        # The figures of most papers follow each other, so that of each gene they make a run.
        apart = np.bincount(paper[run_starts(paper)], minlength=papers) > 1
        first = self._runs(paper)
        gene, own = genes.pair_gene[first], paper[genes.pair_figure[first]]
        several = apart[own]
        more = distinct(gene[several].astype(np.int64) * papers + own[several])[0] // papers
        return np.bincount(gene[~several], minlength=count) + np.bincount(more, minlength=count)

    def _papers_and_years(self, gene: int) -> tuple[int, list[tuple[int, int]]]:
        """How many papers the figures of a gene are of, and how many of them are of each year, oldest first."""
        if self.few:
            figures, shown = self.catalog.figures, self.catalog.genes.figures(gene)
            years, counts = np.unique(figures.year[shown], return_counts=True)
            papers = len(unique(figures.paper[shown]))
        else:
            every, each, start = self._gene_years
            own = slice(start[gene], start[gene + 1])
            years, counts = every[own][::-1], each[own][::-1]
            papers = int(self._gene_papers[gene])
        return papers, list(zip(years.tolist(), counts.tolist(), strict=True))

    def listed(self, gene: int) -> NDArray[np.int32]:
        """The figures that a gene's pages list."""
        figures = self.catalog.genes.figures(gene)
        return figures[: self.limit] if self.limit else figures

    def facts(self, gene: int) -> GeneFacts:
        """All that the pages of a gene show."""
        c, near = self.catalog, self.catalog.neighbours
        papers, years = self._papers_and_years(gene)
        partners = slice(near.partner_start[gene], near.partner_start[gene + 1])
        return GeneFacts(
            gene,
            self.entries[gene].total,
            papers,
            years,
            c.genes.words(gene, c.mentions.words, WORDS_KEPT),
            int(c.genes.word_start[gene + 1] - c.genes.word_start[gene]),
            list(zip(near.partner[partners].tolist(), near.together[partners].tolist(), strict=True)),
            int(near.partner_totals[gene]),
            [k for k in self.namesakes.get(gene, ())[: NAMESAKES + 1] if k != gene][:NAMESAKES],
            max(len(self.namesakes.get(gene, ())) - 1, 0),
            self.listed(gene).tobytes(),
            [c.mentions.matches[t] for t in c.aliases.of(gene, ALIASES_KEPT)],
        )

    def gene_lanes(self, seed: NDArray[np.uint64]) -> NDArray[np.uint64]:
        """The digest of every gene's facts; numbers that shift with every new record count by what they stand for."""
        c, near = self.catalog, self.catalog.neighbours
        genes, count = c.genes, len(c.genes)
        # Of other genes a page shows no numbers: a new figure changes those of all of its genes.
        names = self.names
        mates = np.zeros(count, np.uint64)
        groups = {id(group): group for group in self.namesakes.values()}
        for group in groups.values():
            mates[group] = number(len(group), names[group[: NAMESAKES + 1]].tolist())
        known = {o: (o or self.default) in c.organisms for o in set(genes.organism)}
        words = genes.word_start, np.minimum(genes.word_start[:-1] + WORDS_KEPT, genes.word_start[1:])
        at = spans(words[0][:-1], words[1])
        word = fold(c.mentions.word_hashes[genes.word[at]], genes.word_count[at].astype(np.uint64))
        partner = fold(names[near.partner], near.together.astype(np.uint64))
        parts = (
            names,
            genes.totals(),
            self._of_figures,
            in_order(word, _bounds(words[1] - words[0][:-1])),
            np.diff(genes.word_start),
            in_order(c.mentions.match_hashes[c.aliases.term], c.aliases.start),
            in_order(partner, near.partner_start),
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
        """The digest of what each gene's pages list; which figures are listed tells in which order."""
        genes = self.catalog.genes
        last = np.minimum(genes.start[:-1] + self.limit, genes.start[1:]) if self.limit else genes.start[1:]
        # What a gene lists, and what it does not, in turns.
        bounds = np.append(np.column_stack((genes.start[:-1], last)).ravel(), genes.start[-1:])
        cards = np.ascontiguousarray(self.shown.T)
        return np.stack([summed_of(lane, genes.pair_figure, bounds)[::2] for lane in cards], axis=1)

    def _listing(self, kind: str, name: str, path: str, figures: NDArray[np.int32], **more: Any) -> ListingFacts:
        """Facts of a listing, without the years and genes that ``complete`` adds.

        Args:
            kind: as in ``ListingFacts``, likewise name and path.
            name: what is listed.
            path: of its first page.
            figures: of it, newest first.
            more: other fields of ``ListingFacts``.
        """
        facts: dict[str, Any] = {"years": [], "genes": [], "newer": -1, "older": -1}
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
        first = digest(self._told_of(facts), facts.words, facts.words_total)
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
        if not len(self.entries) or not len(figures):
            return []
        genes, counts = self._gene_counts(figures)
        if organism is not None:
            code = self.organism_codes.get("" if organism == self.default else organism, -1)
            own = self.gene_organism[genes] == code
            if own.any():
                genes, counts = genes[own], counts[own]
        best = np.lexsort((genes, -counts))[:count]
        return list(zip(genes[best].tolist(), counts[best].tolist(), strict=True))

    def _gene_counts(self, figures: NDArray[np.int32]) -> tuple[Longs, Longs]:
        """The genes of some figures, and how many of those show each."""
        near = self.catalog.neighbours
        rest = np.ones(len(self.catalog.figures), np.bool_)
        rest[figures] = False
        most = np.count_nonzero(rest) < len(figures)
        looked_at = np.flatnonzero(rest) if most else figures  # at the others, where they are fewer
        shown = near.gene[spans(near.gene_start[looked_at], near.gene_start[looked_at + 1])]
        if not most and len(shown) < len(self.entries):
            return distinct(shown.astype(np.int64))
        counts = counted(shown, len(self.entries))
        counts = self.catalog.genes.totals() - counts if most else counts
        genes = np.flatnonzero(counts)
        return genes, counts[genes]

    def _figures_of(self, facts: ListingFacts) -> NDArray[np.int32]:
        """All figures of a listing, also those that its pages do not list."""
        if len(facts.figures) // 4 == facts.total:
            return np.frombuffer(facts.figures, np.int32)
        concepts = self.catalog.chemicals if facts.kind == "chemicals" else self.catalog.diseases
        return concepts.figures(self._concepts[facts.kind][facts.path])

    @cached_property
    def _concepts(self) -> dict[str, dict[str, int]]:
        """The number of each chemical and disease by its path."""
        c = self.catalog
        return {own.kind: {path: i for i, path in enumerate(own.path)} for own in (c.chemicals, c.diseases)}

    def _told_of(self, facts: ListingFacts) -> int:
        """A number of all that ``complete`` finds out, which takes a hundred times as long; 0 for nothing."""
        return 0 if facts.kind == "year" else int(self.told[self._figures_of(facts)].sum(dtype=np.uint64))

    def complete(self, facts: ListingFacts) -> ListingFacts:
        """A listing with its years and its most mentioned genes, which its first page alone shows."""
        if facts.kind == "year":
            return facts
        figures = self._figures_of(facts)
        years, counts = distinct(self.catalog.figures.year[figures].astype(np.int64))
        return msgspec.structs.replace(
            facts,
            years=list(zip(years.tolist(), counts.tolist(), strict=True)),
            genes=self.top_genes(figures, organism=facts.name if facts.kind == "organism" else None),
        )

    def organisms(self) -> Iterator[ListingFacts]:
        """Facts of every organism."""
        for name, figures in self.catalog.organisms.items():
            yield self._listing(
                "organism", name, organism_path(name), figures, about=self.catalog.known.get(folded(name))
            )

    def concepts(self) -> Iterator[ListingFacts]:
        """Facts of every chemical and disease."""
        for c in (self.catalog.chemicals, self.catalog.diseases):
            for i, (name, path) in enumerate(zip(c.name, c.path, strict=True)):
                words = c.words[i]
                more = {"words": words[:WORDS_KEPT], "words_total": len(words), "identifiers": c.identifiers(i)}
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


def _bounds(lengths: Longs) -> Longs:
    """Where lists of some lengths begin that follow each other, and where the last one ends."""
    return np.concatenate((np.zeros(1, np.int64), np.cumsum(lengths)))
