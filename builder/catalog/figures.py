"""The figures of the collection in one order, newest first, as columns."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, partial
from operator import itemgetter
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from builder.catalog.arrays import counted, spans
from builder.catalog.concepts import RawConcepts
from builder.model import ChemicalMention, DiseaseMention, Slices
from builder.vocabulary import join

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from numpy.typing import NDArray

    from builder.model import Packed
    from builder.read.columns import Columns, LineColumns, MentionColumns
    from builder.read.facts import Facts

__all__ = ["KINDS", "Figures", "RawMentions", "halves", "join_mentions", "keys_of", "merge", "merge_concepts"]

KINDS = {"genes": "gene", "words": "word", "matches": "match", "lexicons": "lexicon"}
"""Lists of texts of mentions, and the column of each with their numbers."""
LISTS = ("name", "figid", "pmcid", "figtype", "filename", "organisms", "redirects", "wpid", "ndex")


class LineTable(NamedTuple):
    """The lines of each figure in a table, where the cache has them: hundreds of megabytes are not joined for a few."""

    data: list[memoryview]
    """Of each bucket."""
    bucket: NDArray[np.int64]
    """Of each figure; likewise where its lines begin and end in the data of its bucket."""
    start: NDArray[np.int64]
    end: NDArray[np.int64]

    def of(self, figures: Sequence[int]) -> bytes:
        """The lines of some figures."""
        columns = (column[figures].tolist() for column in (self.bucket, self.start, self.end))
        return b"".join([self.data[bucket][a:b] for bucket, a, b in zip(*columns, strict=True)])


class Lines(NamedTuple):
    """The lines of each figure in the tables of the downloads."""

    table: LineTable
    """Line of the table of figures."""
    chemicals: LineTable
    """Lines of the table of chemical mentions."""
    diseases: LineTable
    """Lines of the table of disease mentions."""


@dataclass(slots=True)
class Figures:
    """One entry a figure in every column, newest first: by year descending, then figid."""

    name: list[str]
    """File name of the record, relative to the folder of figures."""
    figid: list[str]
    pmcid: list[str]
    figtype: list[str]
    filename: list[str]
    organisms: list[tuple[str, ...]]
    redirects: list[tuple[str, ...]]
    wpid: list[str]
    """WikiPathways id of a model of the figure; mostly empty."""
    ndex: list[str]
    """NDEx UUID of a model of the figure; mostly empty."""
    card: Slices
    """Encoded ``Card``."""
    lines: Callable[[], Lines]
    """Loads the lines in the tables of the downloads, once."""
    row_hash: NDArray[np.uint64]
    """Hashes of the lines in the tables of figures, chemicals and diseases: three numbers a figure."""
    mention_hash: NDArray[np.uint64]
    """A hash of the gene mentions of each figure, as the record has them."""
    name_hash: NDArray[np.uint64]
    figid_hash: NDArray[np.uint64]
    page_key: NDArray[np.uint64]
    """Key of the page of each, as ``address_columns`` has it."""
    stub_key: NDArray[np.uint64]
    """Keys of their redirects, those of one figure after those of another."""
    by_figid: NDArray[np.int64]
    """All figures in the order of their figids."""
    digest: NDArray[np.uint64]
    """Content hash of each record: two numbers."""
    card_digest: NDArray[np.uint64]
    bucket: NDArray[np.int32]
    row: NDArray[np.int32]
    """Index in the bucket's records."""
    year: NDArray[np.int32]
    """0 for none of four digits."""
    paper: NDArray[np.int32]
    """Papers numbered in the order in which they come."""

    def __len__(self) -> int:
        return len(self.figid)

    def papers(self) -> dict[str, list[int]]:
        """Figures of each paper, by its pmcid."""
        out: dict[str, list[int]] = {}
        for i, pmcid in enumerate(self.pmcid):
            out.setdefault(pmcid, []).append(i)
        return out

    def by_organism(self) -> dict[str, NDArray[np.int32]]:
        """Figures of each organism, newest first."""
        out: dict[str, list[int]] = {}
        for i, organisms in enumerate(self.organisms):
            for organism in organisms:
                out.setdefault(organism, []).append(i)
        return {o: np.array(f, np.int32) for o, f in out.items()}

    def by_year(self) -> dict[int, NDArray[np.int32]]:
        """Figures of each year, newest year first; 0 for those without one."""
        years, first = np.unique(-self.year, return_index=True)
        bounds = np.append(first, len(self.year))
        return {
            -int(year): np.arange(bounds[i], bounds[i + 1], dtype=np.int32) for i, year in enumerate(years.tolist())
        }


@dataclass(slots=True)
class RawMentions:
    """Gene mentions as indexes: one entry a mention in each array, in the order of figures."""

    start: NDArray[np.int64]
    """Where the mentions of each figure begin, and where the last ones end."""
    figure: NDArray[np.int32]
    gene: NDArray[np.int32]
    """Into ``genes``."""
    word: NDArray[np.int32]
    match: NDArray[np.int32]
    lexicon: NDArray[np.int32]
    genes: list[tuple[str, str, str]]
    """NCBI Gene id, symbol, organism, as records write them."""
    gene_hashes: NDArray[np.uint64]
    words: list[str]
    word_hashes: NDArray[np.uint64]
    matches: list[str]
    match_hashes: NDArray[np.uint64]
    lexicons: list[str]
    lexicon_hashes: NDArray[np.uint64]
    uses: dict[str, NDArray[np.int32]]
    """By the column of their numbers, how many mentions each of those genes, words, matches and lexicons has."""
    spelling: str = ""
    """The default organism, and how names of organisms were spelt alike."""


def halves(digests: bytes) -> NDArray[np.uint64]:
    """Digests of 16 bytes as rows of two numbers."""
    return np.frombuffer(digests, np.uint64).reshape(-1, 2)


def _joined(buckets: Sequence[Columns | Facts], column: str, kind: Any) -> NDArray[Any]:
    """A packed column of all buckets."""
    return np.frombuffer(b"".join([getattr(c, column) for c in buckets]), kind)


def _lines(buckets: Iterable[int], order: NDArray[np.int64], load: Callable[[int], LineColumns]) -> Lines:
    """The lines of all figures in their order, of buckets given by their numbers."""
    loaded = [load(number) for number in buckets]
    return Lines(*(_line_table(loaded, column, order) for column in ("table", "chemical_lines", "disease_lines")))


def _line_table(buckets: Sequence[LineColumns], column: str, order: NDArray[np.int64]) -> LineTable:
    """The lines of figures in one of the tables, in an order of the figures."""
    sizes = [np.frombuffer(getattr(c, f"{column}_size"), np.int32) for c in buckets]
    none = np.zeros(0, np.int64)
    ends = np.concatenate([none, *(np.cumsum(own, dtype=np.int64) for own in sizes)])
    starts = ends - np.concatenate([none, *sizes])
    owner = np.repeat(np.arange(len(sizes)), [len(own) for own in sizes])
    return LineTable([getattr(c, column) for c in buckets], owner[order], starts[order], ends[order])


def _slices(buckets: Sequence[Columns], column: str, order: NDArray[np.int64]) -> Slices:
    """The byte strings of a column, in an order; the bytes themselves stay where they are."""
    ends = np.cumsum(_joined(buckets, f"{column}_size", np.int32), dtype=np.int64)
    starts = np.concatenate((np.zeros(1, np.int64), ends[:-1]))[: len(ends)]
    data = b"".join([getattr(c, column) for c in buckets])
    return Slices(memoryview(data), memoryview(starts[order].tobytes()), memoryview(ends[order].tobytes()))


def _order(buckets: Sequence[Columns], left_out: set[str]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The figures that are published, as places in all buckets one after another, newest first; and by figid those."""
    figids = [f for c in buckets for f in c.figid]
    rank = np.empty(len(figids), np.int64)
    rank[sorted(range(len(figids)), key=figids.__getitem__)] = np.arange(len(figids))
    order = np.lexsort((rank, -_joined(buckets, "year", np.int32)))
    if left_out:
        names = [n for c in buckets for n in c.name]
        order = np.array([i for i in order.tolist() if names[i] not in left_out], np.int64)
    return order, np.argsort(rank[order])


def _picked(places: list[int]) -> Callable[[list[Any]], list[Any]]:
    """A function that picks the things at some places of a list."""
    if len(places) < 2:  # noqa: PLR2004 - of one thing no tuple is made
        return lambda things: [things[i] for i in places]
    pick = itemgetter(*places)
    return lambda things: list(pick(things))


def keys_of(
    buckets: Sequence[Columns | Facts], places: NDArray[np.int64]
) -> tuple[NDArray[np.uint64], NDArray[np.uint64]]:
    """Keys of the pages of some figures, and of their redirects, those of one figure after those of another.

    Args:
        buckets: of all figures.
        places: of those, in all buckets one after another.
    """
    pages, stubs = (_joined(buckets, column, np.uint64) for column in ("page_keys", "stub_keys"))
    counts = np.fromiter((len(r) for c in buckets for r in c.redirects), np.int64, len(pages))
    ends = np.cumsum(counts)
    return pages[places], stubs[spans((ends - counts)[places], ends[places])]


def merge(
    buckets: Sequence[Columns], left_out: set[str], load: Callable[[int], LineColumns]
) -> tuple[Figures, NDArray[np.int64]]:
    """All buckets as one: the figures newest first.

    Args:
        buckets: the columns of every bucket, by number.
        left_out: names of records that are not to be published.
        load: loads the lines of a bucket in the tables of the downloads, by its number.

    Returns:
        The figures, and their places in all buckets one after another.
    """
    order, by_figid = _order(buckets, left_out)
    in_order = _picked(order.tolist())
    columns = {column: in_order([x for c in buckets for x in getattr(c, column)]) for column in LISTS}
    sizes = [len(c.figid) for c in buckets]
    page_key, stub_key = keys_of(buckets, order)
    paper = {pmcid: number for number, pmcid in enumerate(dict.fromkeys(columns["pmcid"]))}
    figures = Figures(
        **columns,
        card=_slices(buckets, "card", order),
        lines=cache(partial(_lines, range(len(buckets)), order, load)),
        row_hash=_joined(buckets, "row_hashes", np.uint64).reshape(-1, 3)[order],
        mention_hash=_joined(buckets, "mention_hashes", np.uint64)[order],
        name_hash=_joined(buckets, "name_hashes", np.uint64)[order],
        figid_hash=_joined(buckets, "figid_hashes", np.uint64)[order],
        page_key=page_key,
        stub_key=stub_key,
        by_figid=by_figid,
        digest=halves(b"".join([c.digest for c in buckets]))[order],
        card_digest=halves(b"".join([c.card_digest for c in buckets]))[order],
        bucket=np.repeat(np.arange(len(buckets), dtype=np.int32), sizes)[order],
        row=_joined(buckets, "row", np.int32)[order],
        year=_joined(buckets, "year", np.int32)[order],
        paper=np.fromiter(map(paper.__getitem__, columns["pmcid"]), np.int32, len(order)),
    )
    return figures, order


def merge_concepts(buckets: Sequence[Columns], order: NDArray[np.int64]) -> tuple[RawConcepts, RawConcepts]:
    """The mentions of chemicals and of diseases of all figures in their order.

    Args:
        buckets: the columns of every bucket, by number.
        order: the figures that are published, as places in all buckets one after another.
    """
    return _concepts(buckets, order, "chemicals"), _concepts(buckets, order, "diseases")


def _numbered(
    buckets: Sequence[Columns | MentionColumns], lists: str, column: str
) -> tuple[list[str], Any, NDArray[np.int32]]:
    """The distinct texts of a vocabulary, their hashes, and for each mention the number of its text."""
    packed: list[Packed] = [getattr(c, lists) for c in buckets]
    texts, hashes, maps = join(packed)
    parts = [m[np.frombuffer(getattr(c, column), np.int32)] for c, m in zip(buckets, maps, strict=True)]
    return texts, hashes, np.concatenate(parts) if parts else np.zeros(0, np.int32)


def _by_figure(counts: NDArray[np.int32], order: NDArray[np.int64]) -> tuple[NDArray[np.int32], NDArray[np.int64]]:
    """The figure of each mention, and where it stands among those of all buckets one after another.

    Args:
        counts: mentions of each figure.
        order: the figures that are published, as places.
    """
    ends = np.cumsum(counts, dtype=np.int64)[order]
    own = counts[order]
    return np.repeat(np.arange(len(order), dtype=np.int32), own), spans(ends - own, ends)


def _concepts(buckets: Sequence[Columns], order: NDArray[np.int64], kind: str) -> RawConcepts:
    """The mentions of chemicals or diseases of all figures in their order."""
    figure, by_figure = _by_figure(_joined(buckets, f"{kind[:-1]}_counts", np.int32), order)
    rows, _, row = _numbered(buckets, kind, f"mention_{kind}")
    make = ChemicalMention if kind == "chemicals" else DiseaseMention
    return RawConcepts(kind, figure, row[by_figure], [make(*r.split("\0")) for r in rows])


def join_mentions(
    buckets: Sequence[Columns], mentions: Sequence[MentionColumns], order: NDArray[np.int64]
) -> RawMentions:
    """The gene mentions of all figures in their order.

    Args:
        buckets: the columns of every bucket, by number.
        mentions: their gene mentions.
        order: the figures that are published, as places in all buckets one after another.
    """
    figure, by_figure = _by_figure(_joined(buckets, "gene_counts", np.int32), order)
    start = np.searchsorted(figure, np.arange(len(order) + 1, dtype=np.int32)).astype(np.int64)
    columns: dict[str, Any] = {"start": start, "figure": figure, "uses": {}}
    for texts, column in KINDS.items():
        columns[texts], columns[f"{column}_hashes"], numbers = _numbered(mentions, texts, column)
        columns[column] = own = numbers[by_figure]
        columns["uses"][column] = counted(own, len(columns[texts])).astype(np.int32)
    columns["genes"] = [_gene(g) for g in columns["genes"]]
    return RawMentions(**columns)


def _gene(text: str) -> tuple[str, str, str]:
    """NCBI Gene id, symbol and organism of a packed gene."""
    ncbi, symbol, organism = text.split("\0")
    return ncbi, symbol, organism
