"""The figures of the collection in one order, newest first, as columns."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeVar

import numpy as np

from builder.names import year_number

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

    from builder.read.bucket import Columns

__all__ = ["Figures", "RawMentions", "merge"]

T = TypeVar("T")

TEXT_COLUMNS = (
    "name", "figid", "pmcid", "title", "number", "figtype", "year", "paper", "reftext",
    "filename", "wpid", "ndex", "organisms", "redirects", "digest",
)  # fmt: skip


@dataclass(slots=True)
class Figures:
    """One entry a figure in every column, newest first: by year descending, then figid."""

    name: list[str] = field(default_factory=list)
    """File name of the record, relative to the folder of figures."""
    figid: list[str] = field(default_factory=list)
    pmcid: list[str] = field(default_factory=list)
    title: list[str] = field(default_factory=list)
    number: list[str] = field(default_factory=list)
    figtype: list[str] = field(default_factory=list)
    year: list[str] = field(default_factory=list)
    paper: list[str] = field(default_factory=list)
    reftext: list[str] = field(default_factory=list)
    filename: list[str] = field(default_factory=list)
    wpid: list[str] = field(default_factory=list)
    ndex: list[str] = field(default_factory=list)
    organisms: list[tuple[str, ...]] = field(default_factory=list)
    redirects: list[tuple[str, ...]] = field(default_factory=list)
    digest: list[bytes] = field(default_factory=list)
    """Content hash of the record."""
    bucket: list[int] = field(default_factory=list)
    row: list[int] = field(default_factory=list)
    """Index in the bucket's records."""
    years: list[int] = field(default_factory=list)
    """``year_number`` of the year."""

    def __len__(self) -> int:
        return len(self.figid)

    def papers(self) -> dict[str, list[int]]:
        """Figures of each paper, by its pmcid."""
        out: dict[str, list[int]] = {}
        for i, pmcid in enumerate(self.pmcid):
            out.setdefault(pmcid, []).append(i)
        return out

    def by_organism(self) -> dict[str, list[int]]:
        """Figures of each organism, newest first."""
        out: dict[str, list[int]] = {}
        for i, organisms in enumerate(self.organisms):
            for organism in organisms:
                out.setdefault(organism, []).append(i)
        return out

    def by_year(self) -> dict[int, list[int]]:
        """Figures of each year, newest year first; 0 for those without one."""
        out: dict[int, list[int]] = {}
        for i, year in enumerate(self.years):
            out.setdefault(year, []).append(i)
        return out


@dataclass(slots=True)
class RawMentions:
    """Gene mentions as indexes: one entry a mention in each array, in the order of figures."""

    figure: NDArray[np.int32]
    gene: NDArray[np.int32]
    """Into ``genes``."""
    word: NDArray[np.int32]
    match: NDArray[np.int32]
    lexicon: NDArray[np.int32]
    genes: list[tuple[str, str, str]]
    """NCBI Gene id, symbol, organism, as records write them."""
    words: list[str]
    matches: list[str]
    lexicons: list[str]


def _vocabulary(parts: Iterable[list[T]]) -> tuple[list[T], list[NDArray[np.int32]]]:
    """One list of all distinct items and, for each part, the index of each of its items."""
    index: dict[T, int] = {}
    maps = [np.array([index.setdefault(item, len(index)) for item in part], np.int32) for part in parts]
    return list(index), maps


def _order(buckets: Sequence[Columns], left_out: set[str]) -> list[tuple[int, str, int, int]]:
    """Year (negative), figid, bucket and position in it of every figure, newest first."""
    keys = [
        (-year_number(year), figid, b, i)
        for b, c in enumerate(buckets)
        for i, (year, figid, name) in enumerate(zip(c.year, c.figid, c.name, strict=True))
        if name not in left_out
    ]
    keys.sort()
    return keys


def merge(buckets: Sequence[Columns], left_out: set[str]) -> tuple[Figures, RawMentions]:
    """All buckets as one: the figures newest first, and their gene mentions.

    Args:
        buckets: the columns of every bucket, by number.
        left_out: names of records that are not to be published.
    """
    order = _order(buckets, left_out)
    figures = Figures()
    for column in TEXT_COLUMNS:
        parts = [getattr(c, column) for c in buckets]
        setattr(figures, column, [parts[b][i] for _, _, b, i in order])
    figures.bucket = [b for _, _, b, _ in order]
    figures.row = [buckets[b].row[i] for _, _, b, i in order]
    figures.years = [-year for year, _, _, _ in order]
    return figures, _mentions(buckets, order)


def _mentions(buckets: Sequence[Columns], order: list[tuple[int, str, int, int]]) -> RawMentions:
    """The mentions of all figures in their order."""
    genes, gene_maps = _vocabulary(c.genes for c in buckets)
    words, word_maps = _vocabulary(c.words for c in buckets)
    matches, match_maps = _vocabulary(c.matches for c in buckets)
    lexicons, lexicon_maps = _vocabulary(c.lexicons for c in buckets)
    counts = [np.frombuffer(c.gene_counts, np.int32) for c in buckets]
    first = np.cumsum([0, *(len(c.figid) for c in buckets)])
    rank = np.full(int(first[-1]), -1, np.int32)  # of a figure, by bucket and position
    for position, (_, _, b, i) in enumerate(order):
        rank[first[b] + i] = position
    table = []
    for b, c in enumerate(buckets):
        local = np.frombuffer(c.mentions, np.int32).reshape(-1, 4)
        if not len(local):
            continue
        figure = np.repeat(rank[first[b] : first[b + 1]], counts[b])
        columns = [m[local[:, k]] for k, m in enumerate((gene_maps[b], word_maps[b], match_maps[b], lexicon_maps[b]))]
        table.append(np.stack([figure, *columns]))
    joined = np.concatenate(table, axis=1) if table else np.zeros((5, 0), np.int32)
    joined = joined[:, joined[0] >= 0]
    joined = joined[:, np.argsort(joined[0], kind="stable")]
    figure, gene, word, match, lexicon = joined
    return RawMentions(figure, gene, word, match, lexicon, genes, words, matches, lexicons)
