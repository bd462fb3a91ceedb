"""All files of the search index: decision 13 describes each byte of them."""

from __future__ import annotations

from collections import Counter
from functools import cached_property
from itertools import pairwise
from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec
import numpy as np

from builder.memory import give_back
from builder.read.card import cell
from builder.search.concepts import concept_table
from builder.search.files import FOLDER, Files
from builder.search.genes import figure_genes, gene_keys, gene_table, gene_texts, name_table, size_columns
from builder.search.ids import figure_ids
from builder.search.lists import id_lists
from builder.search.postings import Buckets, word_table
from builder.search.shards import Table, table_of, table_shards
from builder.search.starts import starts_table
from builder.urls import SEARCH_META, organism_path

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from numpy.typing import NDArray

    from builder.catalog.catalog import Catalog
    from builder.catalog.figures import Figures
    from builder.read.images import ImageEntry
    from builder.read.settings import Settings
    from builder.read.terms import Terms
    from builder.search.ids import Ids
    from builder.search.postings import Words

__all__ = [
    "FOLDER",
    "IDS_A_GENE_SHARD",
    "IDS_A_ROW_SHARD",
    "META",
    "TABLES",
    "FigureIndex",
    "GeneFiles",
    "Index",
    "Made",
    "WordFiles",
    "WordsAsked",
    "joined_index",
    "least_spelt",
    "row_list",
    "row_shard",
    "shown_images",
    "spelt",
    "table_files",
    "usual_row",
    "whole_genes",
    "whole_index",
    "whole_words",
]

TABLES = ("words", "starts", "spelling", "genes", "names", "concepts", "columns")
META = SEARCH_META
FORMAT = 2
IDS_A_ROW_SHARD = 76
"""At the density of ids, some 55 figures."""
IDS_A_GENE_SHARD = 2048
SPELT = 3
"""Words of fewer figures are not offered where another is misspelt; in large collections more are asked for."""
FIGURES_A_SPELT = 8192
SHORTEST_SPELT = 3
_encode = msgspec.json.Encoder().encode

Made = dict[str, "bytes | None"]
"""The bytes of files by their paths; None for those that are as they were."""


class WordsAsked(NamedTuple):
    """What the words of an index are made of beside what buckets tell of them: little, for another process."""

    own: list[NDArray[np.int64]]
    """The id of each record of each bucket, -1 for those that are not published."""
    end: int
    """More than any id."""
    least: int
    """In how many figures a word must stand to be offered where another is misspelt."""
    default_organism: str
    thumbs: dict[int, str]
    """Addresses of the small pictures that the site has itself, by id."""


class WordFiles(NamedTuple):
    """What of an index follows from the words of figures."""

    tables: dict[str, dict[str, Any]]
    """What the file that all begins with says of each table."""
    rows: str
    """Name of the list of shards of rows."""
    files: Made
    digests: dict[str, bytes]
    """Of the contents of files that were made, where there was an index before."""


class GeneFiles(NamedTuple):
    """What of an index follows from their genes, and all else that the catalogue tells."""

    tables: dict[str, dict[str, Any]]
    """As of words."""
    about: dict[str, Any]
    """As ``Index.about`` gives it."""
    files: Made
    digests: dict[str, bytes]
    """As of words."""


def table_files(files: Files, kind: str, table: Table) -> dict[str, Any]:
    """Keep a table; returns what the meta file says of it: the beginnings of its shards, and their names."""
    shards = table_shards(table)
    names = " ".join([files.add(kind, "bin", s.data) for s in shards])
    return {"first": [s.first.decode("utf-8", "replace") for s in shards], "names": names}


def _bucket_ids(f: Figures, ids: NDArray[np.int64], buckets: int) -> list[NDArray[np.int64]]:
    """The id of each record of each bucket, -1 for those that are not published."""
    order = np.argsort(f.bucket, kind="stable")
    bounds = np.searchsorted(f.bucket[order], np.arange(buckets + 1)).tolist()
    out = []
    for first, last in pairwise(bounds):
        here = order[first:last]
        own = np.full(int(f.row[here].max()) + 1 if len(here) else 0, -1, np.int64)
        own[f.row[here]] = ids[here]
        out.append(own)
    return out


def _padded(terms: Terms, ids: NDArray[np.int64]) -> NDArray[np.int64]:
    """Ids of the records of a bucket, with a place also for the last ones that are not published."""
    need = int(np.frombuffer(terms.index, np.int32).max(initial=-1)) + 1
    return np.concatenate((ids, np.full(max(need - len(ids), 0), -1, np.int64)))


def _buckets(told: Callable[[], Iterable[Terms]], own: Sequence[NDArray[np.int64]]) -> Buckets:
    """What buckets tell, with the ids of their records."""
    ids, words, pairs = [], [], 0
    for t, numbers in zip(told(), own, strict=True):
        ids.append(_padded(t, numbers))
        words.append(t.words)
        pairs += len(t.fields)
    return Buckets(told, ids, words, pairs)


def usual_row(default_organism: str) -> bytes:
    """What a row says of organisms where there is the default one alone, which is written as 0."""
    return b",%b" % _encode([default_organism])


def _rows(buckets: Buckets, end: int, default_organism: str) -> list[bytes]:
    """The row of each id as JSON, empty where there is none."""
    usual = usual_row(default_organism)
    rows = [b""] * end
    for t, ids in zip(buckets.told(), buckets.ids, strict=True):
        ends = np.cumsum(np.frombuffer(t.row_size, np.int32)).tolist()
        first = 0
        for last, i in zip(ends, ids[np.frombuffer(t.index, np.int32)].tolist(), strict=True):
            if i >= 0:
                rows[i] = t.row[first:last].replace(usual, b",0", 1)
            first = last
    return rows


def row_shard(files: Files, rows: Mapping[int, bytes], first: int, thumbs: Mapping[int, str]) -> str:
    """Name of a shard of rows: ``{"0": [figid, title ...], ...}`` by the id less the first of the shard.

    Args:
        files: of the index.
        rows: by the id less the first, ascending.
        first: the first id.
        thumbs: addresses of small pictures, by id.
    """
    parts = [b'"%d":%b' % (i, row) for i, row in rows.items() if row]
    if not parts:
        return ""
    pictures = {str(i): thumbs[first + i] for i in rows if first + i in thumbs} if thumbs else {}
    if pictures:
        parts.append(b'"thumbs":' + _encode(pictures))
    return files.add("rows", "json", b"{" + b",".join(parts) + b"}")


def _row_shards(files: Files, rows: list[bytes], thumbs: dict[int, str]) -> list[str]:
    """Names of the shards of rows."""
    return [
        row_shard(files, dict(enumerate(rows[first : first + IDS_A_ROW_SHARD])), first, thumbs)
        for first in range(0, len(rows), IDS_A_ROW_SHARD)
    ]


def _facet(kind: str, name: str, own: NDArray[np.int64], every: NDArray[np.int64]) -> tuple[bytes, bytes]:
    """The figures of an organism or a type; or, with ``!`` before the name, those that are not of it."""
    negative = 2 * len(own) > len(every)
    ids = np.setdiff1d(every, own, assume_unique=True) if negative else np.sort(own)
    data = id_lists(ids, np.zeros(1, np.int64))[0] if len(ids) else b""
    return f"{kind}\t{'!' if negative else ''}{cell(name)}".encode("utf-8", "replace"), data


def _types(catalog: Catalog) -> dict[str, NDArray[np.int64]]:
    """Figures by figure type; a record without one is a figure."""
    kinds = [kind or "Figure" for kind in catalog.figures.figtype]
    number = {kind: n for n, kind in enumerate(dict.fromkeys(kinds))}
    own = np.fromiter(map(number.__getitem__, kinds), np.int32, len(kinds))
    return {kind: np.flatnonzero(own == n) for kind, n in number.items()}


def shown_images(images: Mapping[str, ImageEntry]) -> list[tuple[str, str]]:
    """What the index tells of the site's own pictures: file name and path of the small picture, in an order."""
    return sorted((name, image.thumb) for name, image in images.items())


def _counted(groups: Iterable[tuple[str, int]]) -> list[tuple[str, int]]:
    """Names with how many figures, most frequent first."""
    return sorted(((cell(n), c) for n, c in groups), key=lambda x: (-x[1], x[0]))


def _told(
    catalog: Catalog, settings: Settings, types: dict[str, NDArray[np.int64]], href: Callable[[str], str]
) -> dict[str, Any]:
    """What the file that all begins with tells of organisms, types of figure and settings."""
    default = settings.default_organism
    organisms = _counted((o, len(f)) for o, f in catalog.organisms.items())
    # Names of files from which no symbol can be made again.
    pages = zip(catalog.genes.path, catalog.genes.symbol, strict=True)
    cut = {path.rpartition("/")[2].partition(".")[0]: symbol for path, symbol in pages if "~~" in path}
    return {
        "organisms": [(name, figures, href(organism_path(name))) for name, figures in organisms],
        "types": _counted((t, len(f)) for t, f in types.items()),
        "genesOf": _counted((o or default, n) for o, n in Counter(catalog.genes.organism).items()),
        "defaultOrganism": default,
        "imageUrl": settings.image_url,
        **({"cut": cut} if cut else {}),
    }


def least_spelt(figures: int) -> int:
    """In how many figures a word must stand to be offered where another is misspelt.

    Args:
        figures: of the collection.
    """
    return max(SPELT, 1 << max(figures // FIGURES_A_SPELT, 1).bit_length() >> 1)


def spelt(text: str, figures: int, least: int) -> tuple[bytes, bytes] | None:
    """What the table of spelling says of a word: first letter, length and the rest; the logarithm of its frequency.

    So words of one letter and nearly one length are neighbours, and few shards have all that may be meant. None for
    a word that is not offered: shorter words are abbreviations, which have many neighbours.

    Args:
        text: the word.
        figures: in how many it stands.
        least: in how many it must stand.
    """
    if figures < least or len(text) <= SHORTEST_SPELT or not text.isalpha():
        return None
    return f"{text[0]}{min(len(text), 60):02d}{text[1:]}".encode(), bytes([figures.bit_length()])


def _spelling(words: Words, least: int) -> Table:
    """Words to offer where another is misspelt."""
    counts = words.figures.tolist()
    at = np.flatnonzero(words.figures >= least).tolist()
    return table_of(sorted(filter(None, [spelt(words.table.keys[i].decode(), counts[i], least) for i in at])))


class FigureIndex:
    """An index in the making, as far as the figures alone tell."""

    def __init__(
        self, figures: Figures, settings: Settings, images: dict[str, ImageEntry], href: Callable[[str], str]
    ) -> None:
        """Keep what it is made of.

        Args:
            figures: the collection.
            settings: of the site.
            images: pictures that the site has itself, by file name.
            href: gives the address of a path of the site.
        """
        self.figures, self.settings, self.images, self.href = figures, settings, images, href

    @cached_property
    def ids(self) -> Ids:
        """Ids of figures."""
        return figure_ids(self.figures.figid_hash, self.figures.year)

    @property
    def least(self) -> int:
        """In how many figures a word must stand to be offered where another is misspelt."""
        return least_spelt(len(self.figures))

    def thumbs(self) -> dict[int, str]:
        """Addresses of the small pictures that the site has itself, by id."""
        if not self.images:
            return {}
        pairs = zip(self.ids.ids.tolist(), self.figures.filename, strict=True)
        return {i: self.href(self.images[name].thumb) for i, name in pairs if name in self.images}

    def asked(self, count: int) -> WordsAsked:
        """What ``whole_words`` is to make the words of.

        Args:
            count: of buckets.
        """
        own = _bucket_ids(self.figures, self.ids.ids, count)
        return WordsAsked(own, self.ids.end, self.least, self.settings.default_organism, self.thumbs())


class Index(FigureIndex):
    """An index in the making, as far as the catalogue alone tells."""

    def __init__(
        self, catalog: Catalog, settings: Settings, images: dict[str, ImageEntry], href: Callable[[str], str]
    ) -> None:
        """Keep what it is made of.

        Args:
            catalog: the collection.
            settings: as in ``FigureIndex``, likewise the others.
            images: likewise.
            href: likewise.
        """
        super().__init__(catalog.figures, settings, images, href)
        self.catalog = catalog

    @cached_property
    def keys(self) -> list[str]:
        """What the index calls each gene."""
        return gene_keys(self.catalog)

    @cached_property
    def texts(self) -> list[bytes]:
        """Keys of the table of genes."""
        return gene_texts(self.catalog, self.keys)

    @cached_property
    def types(self) -> dict[str, NDArray[np.int64]]:
        """Figures by figure type."""
        return _types(self.catalog)

    def columns(self) -> Table:
        """What is told of all figures: their ids (``a``), how many genes they show, their organisms and types."""
        catalog, ids = self.catalog, self.ids
        every = np.sort(ids.ids)
        columns = [(b"a", id_lists(every, np.zeros(1, np.int64))[0] if len(every) else b"")]
        columns += size_columns(catalog, ids.ids, ids.end, self.settings.default_organism)
        columns += [_facet("o", name, ids.ids[own], every) for name, own in catalog.organisms.items()]
        columns += [_facet("t", name, ids.ids[own], every) for name, own in self.types.items()]
        return table_of(sorted(columns))

    def pieces(self, wanted: NDArray[np.bool_] | None = None) -> list[bytes]:
        """The genes of figures; some pieces of them alone if so asked."""
        return figure_genes(self.catalog, self.keys, self.ids.ids, self.ids.end, IDS_A_GENE_SHARD, wanted)

    def about(self, pieces: Sequence[str]) -> dict[str, Any]:
        """What the file that all begins with tells beside tables and rows.

        Args:
            pieces: names of the files of genes of figures.
        """
        return {
            "idsARowShard": IDS_A_ROW_SHARD,
            "figureGenes": " ".join(pieces),
            "idsAGeneShard": IDS_A_GENE_SHARD,
            "figures": len(self.figures),
            "end": self.ids.end,
            "years": self.ids.years,
        } | _told(self.catalog, self.settings, self.types, self.href)


def _meta(tables: Mapping[str, dict[str, Any]], rows: str, about: Mapping[str, Any]) -> bytes:
    """The file that all begins with.

    Args:
        tables: what it says of each table.
        rows: name of the list of shards of rows.
        about: as ``Index.about`` gives it.
    """
    return _encode({"format": FORMAT} | {name: tables[name] for name in TABLES} | {"rows": rows} | dict(about))


def row_list(files: Files, names: Sequence[str]) -> str:
    """Keep the list of the shards of rows; returns its name."""
    return files.add("rows", "list.json", _encode(" ".join(n or "-" for n in names)))


def whole_words(asked: WordsAsked, told: Callable[[], Iterable[Terms]]) -> WordFiles:
    """The tables of words and the rows, all made anew.

    Args:
        asked: what they are made of.
        told: gives the words of every bucket, by number; is asked several times.
    """
    files, tables = Files(), {}
    buckets = _buckets(told, asked.own)
    words = word_table(buckets, max(asked.end, 1).bit_length())
    give_back()
    tables["words"] = table_files(files, "words", words.table)
    tables["starts"] = table_files(files, "starts", starts_table(words, tables["words"]["first"], asked.end))
    tables["spelling"] = table_files(files, "spelling", _spelling(words, asked.least))
    del words
    rows = _row_shards(files, _rows(buckets, asked.end, asked.default_organism), asked.thumbs)
    return WordFiles(tables, row_list(files, rows), files.files, files.digests)


def whole_genes(index: Index) -> GeneFiles:
    """The tables of genes, their names and of what is told of every figure, and the genes of figures, made anew."""
    files, tables = Files(), {}
    tables["genes"] = table_files(files, "genes", gene_table(index.catalog, index.texts, index.ids.ids))
    tables["names"] = table_files(files, "names", name_table(index.catalog, index.keys))
    tables["concepts"] = table_files(files, "concepts", concept_table(index.catalog))
    tables["columns"] = table_files(files, "columns", index.columns())
    pieces = [files.add("figures", "bin", data) if data else "-" for data in index.pieces()]
    return GeneFiles(tables, index.about(pieces), files.files, files.digests)


def joined_index(words: WordFiles, genes: GeneFiles) -> Made:
    """All files of an index by their paths."""
    meta = _meta(words.tables | genes.tables, words.rows, genes.about)
    return words.files | genes.files | {META: meta}


def whole_index(index: Index, count: int, told: Callable[[], Iterable[Terms]]) -> Made:
    """All files of an index by their paths, all made anew.

    Args:
        index: what the catalogue tells.
        count: of buckets.
        told: as in ``whole_words``.
    """
    return joined_index(whole_words(index.asked(count), told), whole_genes(index))
