"""All files of the search index: decision 13 describes each byte of them."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import msgspec
import numpy as np

from builder.read.card import cell
from builder.search.genes import figure_genes, gene_keys, gene_table, name_table, size_columns
from builder.search.ids import figure_ids
from builder.search.lists import id_lists
from builder.search.postings import word_table
from builder.search.shards import Table, shard_name, table_of, table_shards
from builder.search.starts import starts_table
from builder.urls import SEARCH_META, organism_path

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from numpy.typing import NDArray

    from builder.catalog.catalog import Catalog
    from builder.read.images import ImageEntry
    from builder.read.settings import Settings
    from builder.read.terms import Terms
    from builder.search.ids import Ids
    from builder.search.postings import Words

__all__ = ["FOLDER", "META", "search_index"]

FOLDER = "search"
META = SEARCH_META
FORMAT = 2
IDS_A_ROW_SHARD = 76
"""At the density of ids, some 55 figures."""
IDS_A_GENE_SHARD = 2048
SPELT = 3
"""Words of fewer figures are not offered where another is misspelt; in large collections more are asked for."""
FIGURES_A_SPELT = 8192
_encode = msgspec.json.Encoder().encode


class _Files:
    """The files of an index, by path."""

    def __init__(self) -> None:
        self.files: dict[str, bytes] = {}

    def add(self, kind: str, ending: str, data: bytes) -> str:
        """Keep a file; returns its name, which follows from its contents."""
        name = shard_name(data)
        while self.files.setdefault(f"{FOLDER}/{kind}/{name}.{ending}", data) != data:
            name += "x"  # another file has the same forty bits of a hash
        return name

    def table(self, kind: str, table: Table) -> dict[str, Any]:
        """Keep a table; returns what the meta file says of it: the beginnings of its shards, and their names."""
        shards = table_shards(table)
        names = " ".join([self.add(kind, "bin", s.data) for s in shards])
        return {"first": [s.first.decode("utf-8", "replace") for s in shards], "names": names}


def _bucket_ids(catalog: Catalog, ids: NDArray[np.int64], buckets: int) -> list[NDArray[np.int64]]:
    """The id of each record of each bucket, -1 for those that are not published."""
    f = catalog.figures
    order = np.argsort(f.bucket, kind="stable")
    bounds = np.searchsorted(f.bucket[order], np.arange(buckets + 1)).tolist()
    out = []
    for first, last in pairwise(bounds):
        here = order[first:last]
        own = np.full(int(f.row[here].max()) + 1 if len(here) else 0, -1, np.int64)
        own[f.row[here]] = ids[here]
        out.append(own)
    return out


def _padded(terms: Sequence[Terms], own: list[NDArray[np.int64]]) -> list[NDArray[np.int64]]:
    """Ids of records, with a place also for the last records of a bucket that are not published."""
    out = []
    for t, ids in zip(terms, own, strict=True):
        index = np.frombuffer(t.index, np.int32)
        need = int(index.max()) + 1 if len(index) else 0
        out.append(np.concatenate((ids, np.full(max(need - len(ids), 0), -1, np.int64))))
    return out


def _rows(terms: Sequence[Terms], own: Sequence[NDArray[np.int64]], end: int, default_organism: str) -> list[bytes]:
    """The row of each id as JSON, empty where there is none; the default organism alone is written as 0."""
    usual = b",%b" % _encode([default_organism])
    rows = [b""] * end
    for t, ids in zip(terms, own, strict=True):
        ends = np.cumsum(np.frombuffer(t.row_size, np.int32)).tolist()
        first = 0
        for last, i in zip(ends, ids[np.frombuffer(t.index, np.int32)].tolist(), strict=True):
            if i >= 0:
                rows[i] = t.row[first:last].replace(usual, b",0", 1)
            first = last
    return rows


def _row_shards(files: _Files, rows: list[bytes], thumbs: dict[int, str]) -> list[str]:
    """Names of the shards of rows: ``{"0": [figid, title ...], ...}`` by the id less the first of the shard."""
    names = []
    for first in range(0, len(rows), IDS_A_ROW_SHARD):
        own = rows[first : first + IDS_A_ROW_SHARD]
        parts = [b'"%d":%b' % (i, row) for i, row in enumerate(own) if row]
        pictures = {str(i - first): thumbs[i] for i in range(first, first + len(own)) if i in thumbs} if thumbs else {}
        if pictures:
            parts.append(b'"thumbs":' + _encode(pictures))
        names.append(files.add("rows", "json", b"{" + b",".join(parts) + b"}") if parts else "")
    return names


def _thumbs(catalog: Catalog, ids: Ids, images: dict[str, ImageEntry], href: Callable[[str], str]) -> dict[int, str]:
    """Addresses of the small pictures that the site has itself, by id."""
    if not images:
        return {}
    pairs = zip(ids.ids.tolist(), catalog.figures.filename, strict=True)
    return {i: href(images[name].thumb) for i, name in pairs if name in images}


def _facet(kind: str, name: str, own: NDArray[np.int64], every: NDArray[np.int64]) -> tuple[bytes, bytes]:
    """The figures of an organism or a type; or, with ``!`` before the name, those that are not of it."""
    negative = 2 * len(own) > len(every)
    ids = np.setdiff1d(every, own, assume_unique=True) if negative else np.sort(own)
    data = id_lists(ids, np.zeros(1, np.int64))[0] if len(ids) else b""
    return f"{kind}\t{'!' if negative else ''}{cell(name)}".encode("utf-8", "replace"), data


def _types(catalog: Catalog) -> dict[str, list[int]]:
    """Figures by figure type; a record without one is a figure."""
    types: dict[str, list[int]] = {}
    for i, kind in enumerate(catalog.figures.figtype):
        types.setdefault(kind or "Figure", []).append(i)
    return types


def _columns(catalog: Catalog, ids: Ids, types: dict[str, list[int]], default_organism: str) -> Table:
    """What is told of all figures: their ids (``a``), how many genes they show, their organisms and types."""
    every = np.sort(ids.ids)
    columns = [(b"a", id_lists(every, np.zeros(1, np.int64))[0] if len(every) else b"")]
    columns += size_columns(catalog, ids.ids, ids.end, default_organism)
    columns += [_facet("o", name, ids.ids[own], every) for name, own in catalog.organisms.items()]
    columns += [_facet("t", name, ids.ids[own], every) for name, own in types.items()]
    return table_of(sorted(columns))


def _counted(groups: Iterable[tuple[str, int]]) -> list[tuple[str, int]]:
    """Names with how many figures, most frequent first."""
    return sorted(((cell(n), c) for n, c in groups), key=lambda x: (-x[1], x[0]))


def _spelling(words: Words, figures: int) -> Table:
    """Words to offer where another is misspelt: first letter, length, the other letters; how frequent, as a logarithm.

    Words of one letter and nearly one length are then neighbours, and few shards have all that may be meant.
    """
    least = max(SPELT, 1 << max(figures // FIGURES_A_SPELT, 1).bit_length() >> 1)
    at = np.flatnonzero(words.figures >= least).tolist()
    counts = words.figures.tolist()
    entries = []
    for i in at:
        text = words.table.keys[i].decode()
        # Shorter words are abbreviations, which have many neighbours.
        if len(text) > 3 and text.isalpha():  # noqa: PLR2004
            entries.append((f"{text[0]}{min(len(text), 60):02d}{text[1:]}".encode(), bytes([counts[i].bit_length()])))
    return table_of(sorted(entries))


def _told(
    catalog: Catalog, settings: Settings, types: dict[str, list[int]], href: Callable[[str], str]
) -> dict[str, Any]:
    """What the file that all begins with tells of organisms, types of figure and settings."""
    default = settings.default_organism
    organisms = _counted((o, len(f)) for o, f in catalog.organisms.items())
    return {
        "organisms": [(name, figures, href(organism_path(name))) for name, figures in organisms],
        "types": _counted((t, len(f)) for t, f in types.items()),
        "genesOf": _counted((o or default, n) for o, n in Counter(catalog.genes.organism).items()),
        "defaultOrganism": default,
        "imageUrl": settings.image_url,
    }


def search_index(
    terms: Sequence[Terms],
    catalog: Catalog,
    settings: Settings,
    images: dict[str, ImageEntry],
    href: Callable[[str], str],
) -> dict[str, bytes]:
    """All files of the index by their paths.

    Args:
        terms: of every bucket, by number.
        catalog: the collection.
        settings: of the site.
        images: pictures that the site has itself, by file name.
        href: gives the address of a path of the site.
    """
    files, count = _Files(), len(catalog.figures)
    ids = figure_ids(catalog.figures.figid, catalog.figures.year)
    own = _padded(terms, _bucket_ids(catalog, ids.ids, len(terms)))
    words = word_table(terms, own, max(ids.end, 1).bit_length())
    meta: dict[str, Any] = {"format": FORMAT, "words": files.table("words", words.table)}
    borders = [b.encode("utf-8", "replace") for b in meta["words"]["first"]]
    meta["starts"] = files.table("starts", starts_table(words, borders, ids.end))
    meta["spelling"] = files.table("spelling", _spelling(words, count))
    del words
    keys = gene_keys(catalog)
    meta["genes"] = files.table("genes", gene_table(catalog, keys, ids.ids))
    meta["names"] = files.table("names", name_table(catalog, keys))
    default, types = settings.default_organism, _types(catalog)
    meta["columns"] = files.table("columns", _columns(catalog, ids, types, default))
    shown = figure_genes(catalog, keys, ids.ids, ids.end, IDS_A_GENE_SHARD)
    names = [files.add("figures", "bin", data) if data else "-" for data in shown]
    rows = _row_shards(files, _rows(terms, own, ids.end, default), _thumbs(catalog, ids, images, href))
    meta |= {
        "rows": files.add("rows", "list.json", _encode(" ".join(n or "-" for n in rows))),
        "idsARowShard": IDS_A_ROW_SHARD,
        "figureGenes": " ".join(names),
        "idsAGeneShard": IDS_A_GENE_SHARD,
        "figures": count,
        "end": ids.end,
        "years": ids.years,
        **_told(catalog, settings, types, href),
    }
    files.files[META] = _encode(meta)
    return files.files
