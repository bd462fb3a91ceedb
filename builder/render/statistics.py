"""The statistics page: the collection in charts, each with its numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from builder.render.charts import bar_chart, year_chart
from builder.render.contexts import Count, StatisticsPage
from builder.render.lexicons import UNKNOWN_LEXICON, lexicon
from builder.render.tables import collection, simple_head
from builder.render.words import number_of
from builder.urls import organism_path

if TYPE_CHECKING:
    from builder.plan.facts import GeneEntry
    from builder.plan.statistics import Statistics
    from builder.render.atlas import Atlas

__all__ = ["statistics_page"]

PATH = "statistics/index.html"
GENES_BY_YEAR = "Genes by the year in which a figure first showed them"


def _gene(entry: GeneEntry, count: int, atlas: Atlas) -> Count:
    """A gene with its figures."""
    name = f"{entry.symbol} ({entry.organism})" if entry.organism else entry.symbol
    return Count(name, count, atlas.urls.href(entry.path))


def statistics_page(atlas: Atlas, numbers: Statistics) -> StatisticsPage:
    """``/statistics/``: figures, genes, organisms and lexicons, counted."""
    counts, href = numbers.counts, atlas.urls.href
    charts = ["figures by year"]
    charts += ["new genes by year", "the most mentioned genes", "lexicons"] if counts.genes else []
    charts += ["organisms"] if counts.organisms else []
    shown = f"{number_of(counts.figures, 'figure')} of {number_of(counts.papers, 'paper')}"
    description = f"{shown} in charts: {', '.join(charts)} and types of figure."
    return StatisticsPage(
        head=simple_head(
            atlas, PATH, "Statistics", description, section="statistics",
            graph=collection(atlas, PATH, "Statistics", description, ()),
        ),
        breadcrumbs=(),
        figures=counts.figures,
        papers=counts.papers,
        genes=counts.genes,
        mentions=counts.mentions,
        organisms=counts.organisms,
        years=year_chart(dict(numbers.years), "Figures by year", atlas.year_href),
        new_genes=year_chart(dict(numbers.new_genes), GENES_BY_YEAR, atlas.year_href, "New genes"),
        top_genes=bar_chart(
            [_gene(g, n, atlas) for g, n in numbers.genes], "Most mentioned genes", ("Gene", "Figures")
        ),
        top_organisms=bar_chart(
            [Count(o, n, href(organism_path(o))) for o, n in numbers.organisms],
            "Figures by organism",
            ("Organism", "Figures"),
        ),
        types=bar_chart([Count(t, n, "") for t, n in numbers.types], "Figures by type", ("Type", "Figures")),
        lexicons=bar_chart(
            [Count(lexicon(x) or UNKNOWN_LEXICON, n, "") for x, n in numbers.lexicons],
            "Gene mentions by lexicon",
            ("Lexicon", "Gene mentions"),
        ),
    )  # fmt: skip
