"""The facts of a bucket's records that other pages need, column by column."""

from __future__ import annotations

from array import array
from itertools import count
from typing import TYPE_CHECKING, Any

import msgspec

from builder.kept import digest_of
from builder.model import Packed, Taxon
from builder.names import year_number
from builder.problems import Problem
from builder.read.addresses import address_columns
from builder.read.card import card_of, table_lines

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Sequence

    import numpy as np
    from numpy.typing import NDArray

    from builder.model import Figure

__all__ = ["Columns", "LineColumns", "MentionColumns", "Named", "columns_of"]

_encode = msgspec.msgpack.Encoder().encode


Named = tuple[int, str, bytes]
"""Of a good record its index among the bucket's records, file name and content hash."""


class MentionColumns(msgspec.Struct, array_like=True):
    """The gene mentions of a bucket's good records, one figure's after another's."""

    genes: Packed
    """NCBI Gene id, symbol and organism of the genes of this bucket, with a NUL between them."""
    words: Packed
    matches: Packed
    lexicons: Packed
    gene: memoryview
    """An int32 a mention: index into genes; likewise the next three."""
    word: memoryview
    match: memoryview
    lexicon: memoryview


class LineColumns(msgspec.Struct, array_like=True):
    """The lines of a bucket's good records in the tables of the downloads."""

    table: memoryview
    """The line of each figure in the table of figures."""
    table_size: memoryview
    """Bytes of each line, int32."""
    chemical_lines: memoryview
    """The lines of each figure in the table of chemical mentions."""
    chemical_lines_size: memoryview
    """Bytes of the lines of each figure, int32."""
    disease_lines: memoryview
    """The lines of each figure in the table of disease mentions."""
    disease_lines_size: memoryview
    """Bytes of the lines of each figure, int32."""


class Columns(msgspec.Struct, array_like=True):
    """The facts of a bucket's good records that other pages need, column by column."""

    name: list[str]
    name_hashes: memoryview
    """A hash of each name, uint64; likewise of figids."""
    digest: memoryview
    """Content hash of each record, 16 bytes."""
    row: memoryview
    """Index in the bucket's records, int32."""
    figid: list[str]
    figid_hashes: memoryview
    alias: list[str]
    pmcid: list[str]
    year: memoryview
    """``year_number``, int32."""
    figtype: list[str]
    filename: list[str]
    organisms: list[tuple[str, ...]]
    redirects: list[tuple[str, ...]]
    wpid: list[str]
    ndex: list[str]
    card: memoryview
    """Encoded ``Card`` of each figure, one after the other: what lists show."""
    card_size: memoryview
    """Bytes of each card, int32."""
    card_digest: memoryview
    """Hash of each card, 16 bytes."""
    row_hashes: memoryview
    """Hashes of the lines of each figure in the three tables, uint64: three a figure."""
    gene_counts: memoryview
    """Gene mentions of each figure, int32."""
    mentions_digest: memoryview
    """Hash of all gene mentions, and of which figure has how many of them."""
    mention_hashes: memoryview
    """A hash of the gene mentions of each figure, uint64."""
    chemical_counts: memoryview
    """Chemical mentions of each figure, int32; likewise of diseases."""
    disease_counts: memoryview
    chemicals: Packed
    """Distinct mentions of chemicals of this bucket: the fields of ``ChemicalMention`` with a NUL between them."""
    diseases: Packed
    mention_chemicals: memoryview
    """An int32 a chemical mention: index into chemicals; likewise of diseases."""
    mention_diseases: memoryview
    taxa: list[Taxon]
    """Organisms of the tables of genes, each once."""
    problems: list[Problem]
    """Of all records of the bucket, good and bad."""
    bad: list[tuple[str, str]]
    """Name and figid of records that have an error."""
    page_keys: memoryview
    """As ``address_columns`` has them, likewise the next two."""
    alias_keys: memoryview
    stub_keys: memoryview
    mentions: MentionColumns | None = None
    """The gene mentions; None where they were not loaded, since most builds need them not. Likewise the lines."""
    lines: LineColumns | None = None

    def of_genes(self) -> MentionColumns:
        """The gene mentions, where they were loaded."""
        if self.mentions is None:
            raise ValueError("the mentions of this bucket were not loaded")
        return self.mentions

    def of_tables(self) -> LineColumns:
        """The lines of tables, where they were loaded."""
        if self.lines is None:
            raise ValueError("the lines of this bucket were not loaded")
        return self.lines


def _numbered(things: Sequence[Hashable]) -> tuple[list[Any], bytes]:
    """The distinct things in the order in which they come, and the number of each thing among them, int32."""
    index = dict(zip(dict.fromkeys(things), count()))
    return list(index), array("i", map(index.__getitem__, things)).tobytes()


def columns_of(
    figures: list[Figure], rows: Sequence[Named], problems: list[Problem], bad: list[tuple[str, str]]
) -> Columns:
    """The columns of a bucket.

    Args:
        figures: its good records.
        rows: of each its index in the bucket, file name and content hash.
        problems: as in ``Columns``,
        bad: likewise.
    """
    cards = [_encode(card_of(f)) for f in figures]
    columns: dict[str, Any] = _gene_columns(figures) | _concept_columns(figures)
    columns |= _name_columns([name for _, name, _ in rows], [f.figid for f in figures])
    columns |= address_columns(figures)
    tables = table_lines(figures)
    columns |= {
        "row_hashes": tables.pop("row_hashes"),
        "lines": LineColumns(**{name: memoryview(data) for name, data in tables.items()}),
        "digest": b"".join([digest for _, _, digest in rows]),
        "row": _int32(i for i, _, _ in rows),
        "year": _int32(year_number(f.year) for f in figures),
        "card": b"".join(cards),
        "card_size": _int32(map(len, cards)),
        "card_digest": b"".join(map(digest_of, cards)),
    }
    views: dict[str, Any] = {n: memoryview(v) if type(v) is bytes else v for n, v in columns.items()}
    texts: dict[str, Any] = {
        field: [getattr(f, field) for f in figures]
        for field in ("figid", "alias", "pmcid", "figtype", "filename", "organisms", "redirects", "wpid", "ndex")
    }
    taxa = sorted({t for f in figures for t in f.taxa}, key=msgspec.structs.astuple)
    return Columns(name=[name for _, name, _ in rows], **texts, **views, taxa=taxa, problems=problems, bad=bad)


def _gene_columns(figures: Sequence[Figure]) -> dict[str, Any]:
    """The columns of genes; what distinct mentions say is looked at once."""
    import numpy as np  # noqa: PLC0415 - slow to load, and not always needed

    from builder.vocabulary import fold_columns, in_order, pack  # noqa: PLC0415 - as above

    everything = [g for f in figures for g in f.genes]
    # Most are the same objects, as the reader shares them: so few are compared text by text.
    objects = {id(g): g for g in everything}
    mentions, known = objects.values(), dict(zip(objects, count()))
    numbers = array("i", map(known.__getitem__, map(id, everything)))
    place = np.frombuffer(numbers, np.int32)
    counts = [len(f.genes) for f in figures]
    lists: list[Any] = []
    numbered: list[NDArray[np.int32]] = []
    for texts in (
        [f"{m.ncbi}\0{m.symbol}\0{m.organism}" for m in mentions],
        [m.word for m in mentions],
        [m.match for m in mentions],
        [m.source for m in mentions],
    ):
        distinct, own = _numbered(texts)
        lists.append(pack(distinct))
        numbered.append(np.frombuffer(own, np.int32)[place])
    hashed = [(np.frombuffer(p.hashes, np.uint64), n) for p, n in zip(lists, numbered, strict=True)]
    said, parts = _int32(counts), [n.tobytes() for n in numbered]
    return {
        "gene_counts": said,
        "mentions_digest": digest_of(said, *parts, *(part for p in lists for part in (p.data, p.lengths))),
        "mention_hashes": in_order(fold_columns(*hashed), np.cumsum([0, *counts])).tobytes(),
        "mentions": MentionColumns(*lists, *(memoryview(part) for part in parts)),
    }


def _name_columns(names: list[str], figids: list[str]) -> dict[str, bytes]:
    """The columns that tell names and figids from others."""
    from builder.vocabulary import pack  # noqa: PLC0415 - as above

    return {"name_hashes": pack(names).hashes, "figid_hashes": pack(figids).hashes}


def _concept_columns(figures: Sequence[Figure]) -> dict[str, Any]:
    """The columns of chemicals and diseases."""
    from builder.vocabulary import pack  # noqa: PLC0415 - as above

    columns: dict[str, Any] = {}
    for kind in ("chemicals", "diseases"):
        own = [getattr(f, kind) for f in figures]
        mentions, columns[f"mention_{kind}"] = _numbered([m for ms in own for m in ms])
        columns[kind] = pack("\0".join(msgspec.structs.astuple(m)) for m in mentions)
        columns[f"{kind[:-1]}_counts"] = _int32(map(len, own))
    return columns


def _int32(numbers: Iterable[int]) -> bytes:
    """Numbers as int32."""
    return array("i", numbers).tobytes()
