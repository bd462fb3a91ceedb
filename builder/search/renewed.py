"""An index after a change: made from the one that stands already, where little changed.

Whatever is missing or not as it was left makes it give up, with ``LostError``: then the index is made anew.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec
import numpy as np

from builder.plan.digest import digest
from builder.search.change import Memory, Places, change_since
from builder.search.concepts import concept_table, concepts_digest
from builder.search.files import Files, LostError
from builder.search.genes import name_table, names_digest, piece_hashes, shown_hashes
from builder.search.index import (
    IDS_A_GENE_SHARD,
    IDS_A_ROW_SHARD,
    META,
    GeneFiles,
    WordFiles,
    least_spelt,
    row_list,
    row_shard,
    shown_images,
    spelt,
    table_files,
    usual_row,
)
from builder.search.lists import id_lists
from builder.search.postings import changed_places
from builder.search.revised import Revision
from builder.search.starts import revise_starts

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from numpy.typing import NDArray

    from builder.read.terms import Terms
    from builder.search.change import Change
    from builder.search.files import Published
    from builder.search.index import FigureIndex, Index

__all__ = ["remembered", "renewed_genes", "renewed_words"]

MOST_WORDS = 20_000
"""Words of which so many changed are rather counted anew."""
BLOCK = 1 << 17
"""Bytes of values that are read at a time."""


def _site(index: FigureIndex) -> bytes:
    """Digest of settings and pictures."""
    return digest(index.settings, index.href(""), shown_images(index.images))


def _columns(index: Index, shown: NDArray[np.uint64]) -> bytes:
    """Digest of all that is told of every figure.

    Args:
        index: the index.
        shown: for each gene a hash of the figures that show it.
    """
    c = index.catalog
    organisms = [(o, index.ids.ids[f].tobytes()) for o, f in c.organisms.items()]
    types = [(t, index.ids.ids[f].tobytes()) for t, f in index.types.items()]
    return digest(index.ids.ids.tobytes(), organisms, types, c.genes.organism, shown.tobytes())


def remembered(index: Index, own: bytes, keys: list[str]) -> Memory:
    """What to leave of an index for the next build; the file that all begins with is still to come.

    Args:
        index: the index.
        own: digest of all that it depends on.
        keys: of the buckets of records, by number.
    """
    f, ids = index.catalog.figures, index.ids
    shown, genes = shown_hashes(index.catalog, index.keys, ids.ids)
    return Memory(
        own,
        _site(index),
        b"",
        keys,
        f.bucket.astype(np.int64).tobytes(),
        f.row.astype(np.int64).tobytes(),
        ids.ids.tobytes(),
        ids.end,
        [t.decode() for t in index.texts],
        shown.tobytes(),
        piece_hashes(genes, ids.ids, ids.end, IDS_A_GENE_SHARD).tobytes(),
        names_digest(index.catalog, index.keys),
        concepts_digest(index.catalog),
        _columns(index, shown),
    )


class _Renewal:
    """An index on its way from what it was to what it is to be."""

    def __init__(self, was: Memory, files: Files) -> None:
        self.was, self.files = was, files
        try:
            self.meta: dict[str, Any] = msgspec.json.decode(was.meta)
        except msgspec.MsgspecError as error:
            raise LostError(META) from error

    def _revision(self, kind: str) -> Revision:
        """A table on its way."""
        return Revision(self.files, kind, self.meta[kind])

    def taken(self, kind: str) -> dict[str, Any]:
        """A table as it was."""
        return self._revision(kind).about()

    def words(self, change: Change, index: FigureIndex) -> dict[str, dict[str, Any]]:
        """The tables of words, of their beginnings, and of spelling."""
        if len(change.words) > MOST_WORDS:
            raise LostError("words")
        words, spelling = self._revision("words"), self._revision("spelling")
        values = [words.value(word) or b"" for word in change.words]
        pairs = np.searchsorted(change.word, np.arange(len(values) + 1)).tolist()
        first = 0
        for last in _blocks(values):
            part = slice(pairs[first], pairs[last])
            made = changed_places(values[first:last], change.word[part] - first, change.codes[part], change.new[part])
            if made is None:
                raise LostError("words")
            for word, value, was, now in zip(change.words[first:last], *made, strict=True):
                words.put(word, value)
                _spell(spelling, index, word.decode(), was, now)
            first = last
        about = {"words": words.about(), "spelling": spelling.about()}
        starts = self._revision("starts")
        revise_starts(starts, self.meta["words"]["first"], about["words"]["first"], change)
        return about | {"starts": starts.about()}

    def genes(self, index: Index, now: Memory) -> dict[str, Any]:
        """The table of genes."""
        table, g = self._revision("genes"), index.catalog.genes
        was = dict(zip(self.was.genes, np.frombuffer(self.was.shown, np.uint64).tolist(), strict=True))
        hashes = np.frombuffer(now.shown, np.uint64).tolist()
        named = zip(now.genes, hashes, strict=True)
        changed = [gene for gene, (text, shown) in enumerate(named) if was.pop(text, None) != shown]
        lists = [np.sort(index.ids.ids[g.figures(gene)]) for gene in changed]
        sizes = np.array([len(ids) for ids in lists], np.int64)
        data, size = id_lists(np.concatenate([np.zeros(0, np.int64), *lists]), np.cumsum(sizes) - sizes)
        ends = np.cumsum(size).tolist()
        for gene, first, last in zip(changed, [0, *ends], ends, strict=False):
            table.put(now.genes[gene].encode(), data[first:last])
        for text in was:
            table.put(text.encode(), None)
        return table.about()

    def pieces(self, index: Index, memory: Memory) -> list[str]:
        """Names of the files of genes of figures."""
        names = self.meta["figureGenes"].split(" ") if self.meta["figureGenes"] else []
        was, now = (np.frombuffer(m.pieces, np.uint64) for m in (self.was, memory))
        if not len(names) == len(was) == len(now):
            raise LostError("figures")
        made = index.pieces(was != now)
        for n, same in enumerate((was == now).tolist()):
            if not same:
                names[n] = self.files.add("figures", "bin", made[n]) if made[n] else "-"
            elif names[n] != "-":
                self.files.take("figures", "bin", names[n])
        return names

    def rows(self, rows: Mapping[int, bytes], index: FigureIndex) -> str:
        """Name of the list of shards of rows."""
        listed = self.meta["rows"]
        names = ["" if n == "-" else n for n in _json(self.files.open("rows", "list.json", listed), str).split(" ")]
        touched: dict[int, dict[int, bytes]] = {}
        usual = usual_row(index.settings.default_organism)
        for i, row in rows.items():
            touched.setdefault(i // IDS_A_ROW_SHARD, {})[i % IDS_A_ROW_SHARD] = row.replace(usual, b",0", 1)
        thumbs = index.thumbs() if touched else {}
        for n, name in enumerate(names):
            if n in touched:
                names[n] = self._row_shard(n, name, touched[n], thumbs)
            elif name:
                self.files.take("rows", "json", name)
        return row_list(self.files, names) if touched else self.files.take("rows", "list.json", listed)

    def _row_shard(self, number: int, name: str, rows: dict[int, bytes], thumbs: Mapping[int, str]) -> str:
        """Name of a shard of rows of which some changed."""
        was = _json(self.files.open("rows", "json", name), dict[str, msgspec.Raw]) if name else {}
        own = {int(i): bytes(row) for i, row in was.items() if i != "thumbs"} | rows
        return row_shard(self.files, dict(sorted(own.items())), number * IDS_A_ROW_SHARD, thumbs)


def _spell(spelling: Revision, index: FigureIndex, word: str, was: int, now: int) -> None:
    """Offer a word or offer it no more, by the figures in which it stood and stands."""
    before, after = spelt(word, was, index.least), spelt(word, now, index.least)
    if before != after:
        key, value = after or (before[0] if before else b"", None)
        spelling.put(key, value)


def _blocks(values: Sequence[bytes]) -> Iterator[int]:
    """Ends of blocks of values: arrays that stay in the cache of the processor are several times faster."""
    size = 0
    for n, value in enumerate(values):
        if size and size + len(value) > BLOCK:
            yield n
            size = 0
        size += len(value)
    if values:
        yield len(values)


def _json(data: bytes, kind: Any) -> Any:
    """What a file of JSON holds.

    Raises:
        LostError: if it is not of this kind.
    """
    try:
        return msgspec.json.decode(data, type=kind)
    except msgspec.MsgspecError as error:
        raise LostError from error


def renewed_words(
    index: FigureIndex, was: Memory, keys: list[str], published: Published, load: Callable[[str], Terms]
) -> WordFiles:
    """The tables of words, and the rows.

    Args:
        index: what the figures tell.
        was: what the build before left.
        keys: of the buckets of records, by number.
        published: the files of the index before.
        load: gives the words of a bucket by its key; raises LostError if they are gone.

    Raises:
        LostError: if the index must be made anew.
    """
    if was.site != _site(index) or index.least != least_spelt(len(was.ids) // 8):
        raise LostError
    f = index.figures
    stand = Places(f.bucket.astype(np.int64), f.row.astype(np.int64), index.ids.ids)
    change = change_since(was, keys, stand, index.ids.end, load)
    renewal = _Renewal(was, Files(published))
    tables, rows = renewal.words(change, index), renewal.rows(change.rows, index)
    return WordFiles(tables, rows, renewal.files.files, renewal.files.digests)


def renewed_genes(index: Index, was: Memory, now: Memory, published: Published) -> GeneFiles:
    """The tables of genes, their names and of what is told of every figure, and the genes of figures.

    Args:
        index: what the catalogue tells.
        was: what the build before left.
        now: what this one will leave.
        published: the files of the index before.

    Raises:
        LostError: if the index must be made anew.
    """
    files = Files(published)
    renewal = _Renewal(was, files)
    tables = {"genes": renewal.genes(index, now)}
    tables["names"] = (
        renewal.taken("names")
        if was.names == now.names
        else table_files(files, "names", name_table(index.catalog, index.keys))
    )
    tables["concepts"] = (
        renewal.taken("concepts")
        if was.concepts == now.concepts
        else table_files(files, "concepts", concept_table(index.catalog))
    )
    tables["columns"] = (
        renewal.taken("columns") if was.columns == now.columns else table_files(files, "columns", index.columns())
    )
    return GeneFiles(tables, index.about(renewal.pieces(index, now)), files.files, files.digests)
