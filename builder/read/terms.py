"""What the search needs of a bucket of records: their words, and the row of each that results show.

It lies beside the bucket's other files in the cache and is opened only when the index must be made.
"""

from __future__ import annotations

import json
from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import msgspec
import numpy as np

from builder.model import Packed, compact_identifier, other_id
from builder.names import year_number
from builder.read.tokens import ranges, tokenise, word_hashes
from builder.read.words import joined_word
from builder.urls import bare_doi

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from builder.model import ChemicalMention, DiseaseMention, Figure
    from builder.read.columns import Columns

__all__ = ["GENE", "TEXT", "TITLE", "Terms", "terms_of"]

TITLE, GENE, TEXT = 1, 2, 4
"""Where a word stands: in the title; among the gene mentions; in caption, paper, citation, text, chemicals, diseases or
identifiers."""

_FIELD_BITS = 3
_LONG_TITLE, _LONG_PAPER, _LONG_CELL = 300, 300, 80
"""Characters of a row's texts that results can show."""

_encode = msgspec.json.Encoder().encode


class Terms(msgspec.Struct, array_like=True):
    """The words of a bucket's good records, and their rows."""

    words: Packed
    """The distinct words; their hashes are those of ``tokens.py``."""
    figure: bytes
    """How many of the pairs of figure and word are of each good record, int32."""
    word: bytes
    """Of each pair the index of the word, int32,"""
    fields: bytes
    """and where it stands: a sum of TITLE, GENE and TEXT, uint8."""
    index: bytes
    """Index of each good record among the bucket's records, int32."""
    row: bytes
    """The row of each as JSON, one after the other."""
    row_size: bytes
    """Bytes of each row, int32."""


def _clip(text: str, length: int) -> str:
    """The beginning of a text."""
    return text if len(text) <= length else text[: length - 1].rstrip() + "…"


def _row(f: Figure) -> bytes:
    """What results show of a figure: figid, title, paper, label, organisms, type, image file, year, pmcid.

    What goes without saying is left empty: the usual type, an image or a pmcid that the figid names, a year of four
    digits.
    """
    pmcid, _, stem = f.figid.partition("__")
    row: list[object] = [
        f.figid, _clip(f.title, _LONG_TITLE), _clip(f.paper, _LONG_PAPER), _clip(f.number, _LONG_CELL),
        [_clip(o, _LONG_CELL) for o in f.organisms[:8]],
        "" if f.figtype == "Figure" else _clip(f.figtype, _LONG_CELL),
        "" if f.filename == f"{stem}.jpg" else _clip(f.filename, _LONG_TITLE) or None,
        "" if year_number(f.year) else _clip(f.year, _LONG_CELL),
        "" if f.pmcid == pmcid else _clip(f.pmcid, _LONG_CELL),
    ]  # fmt: skip
    while row[-1] == "":
        row.pop()
    try:
        return _encode(row)
    except UnicodeEncodeError:
        return json.dumps(row).encode()  # half a surrogate pair, which the reader escapes


@lru_cache(maxsize=8192)
def _said(m: ChemicalMention | DiseaseMention) -> str:
    """The words and identifiers of a mention; kept, since most recur."""
    return "\n".join((m.word, m.name, m.match, compact_identifier(m.source, m.identifier), m.mesh, other_id(m)))


def _texts(figures: Sequence[Figure]) -> list[bytes]:
    """Title and all else of each figure but its gene mentions."""
    out: list[str] = []
    for f in figures:
        other = [bare_doi(f.doi)] if f.doi else []
        other += map(_said, f.chemicals)
        other += map(_said, f.diseases)
        out += (f.title, "\n".join((f.caption, f.paper, f.reftext, f.journal, f.body, f.pmcid, *f.organisms, *other)))
    try:
        return [t.encode() for t in out]
    except UnicodeEncodeError:
        return [t.encode("utf-8", "replace") for t in out]


def _first_of_runs(ordered: NDArray[Any]) -> NDArray[np.bool_]:
    """Whether a number of a sorted list is another than the one before it."""
    return np.concatenate((np.ones(min(len(ordered), 1), np.bool_), ordered[1:] != ordered[:-1]))


def _gene_texts(columns: Columns) -> tuple[list[bytes], NDArray[np.int64], NDArray[np.int64]]:
    """The distinct texts of all gene mentions; and, once each, which figure shows which of them."""
    counts = np.frombuffer(columns.gene_counts, np.int32)
    owner = np.repeat(np.arange(len(counts)), counts)
    texts: list[bytes] = []
    pairs = [np.zeros(0, np.int64)]
    m = columns.of_genes()
    for packed, numbers in ((m.words, m.word), (m.matches, m.match), (m.genes, m.gene)):
        pairs.append((np.frombuffer(numbers, np.int32) + len(texts)) * max(len(counts), 1) + owner)
        ends = np.cumsum(np.frombuffer(packed.lengths, np.int32))
        own = [packed.data[a:b] for a, b in pairwise([0, *ends.tolist()])]
        # A gene is packed as id, symbol and organism, of which only the symbol is a word here.
        texts += [t.split(b"\0")[1] for t in own] if packed is m.genes else own
    both = np.concatenate(pairs)
    both.sort()
    both = both[_first_of_runs(both)]
    return texts, both % max(len(counts), 1), both // max(len(counts), 1)


def _packed(data: bytes, start: NDArray[np.int64], length: NDArray[np.int64], hashes: NDArray[np.uint64]) -> Packed:
    """Spans of bytes as a list of texts."""
    codes = np.frombuffer(data, np.uint8)[ranges(start, start + length)]
    return Packed(codes.tobytes(), length.astype(np.int32).tobytes(), hashes.tobytes())


def _numbered(hashes: NDArray[np.uint64]) -> tuple[NDArray[np.uint64], NDArray[np.int64], NDArray[np.int64]]:
    """The distinct hashes, where each stands first or again, and the number of each of all."""
    bits = np.uint64(max(len(hashes), 1).bit_length())
    # Hash and place in one number: such a sort is several times faster than one that keeps places beside.
    keys = (hashes >> bits << bits) | np.arange(len(hashes), dtype=np.uint64)
    keys.sort()
    place = (keys & ((np.uint64(1) << bits) - np.uint64(1))).astype(np.int64)
    ordered = hashes[place]
    new = _first_of_runs(ordered)
    number = np.empty(len(hashes), np.int64)
    number[place] = np.cumsum(new) - 1
    first = place[new]
    known = hashes[first]
    if not (known[1:] > known[:-1]).all():  # two hashes that differ in their last bits alone
        return np.unique(hashes, return_index=True, return_inverse=True)
    return known, first, number


def terms_of(figures: Sequence[Figure], columns: Columns) -> Terms:
    """The words and rows of a bucket.

    Args:
        figures: its good records.
        columns: the same, as columns.
    """
    genes, owner, text = _gene_texts(columns)
    count = len(figures)
    t, g = tokenise(_texts(figures)), tokenise(genes)
    figids = [joined_word(f.figid).encode() for f in figures]
    data, length, hashes = word_hashes(figids)
    parts = (t.hashes, g.hashes, hashes)
    known, first, word = _numbered(np.concatenate(parts))
    start = np.concatenate((t.start, g.start + len(t.data), np.cumsum(length) - length + len(t.data) + len(g.data)))
    words = _packed(t.data + g.data + data, start[first], np.concatenate((t.length, g.length, length))[first], known)
    # The words of each text of a gene mention, for each figure that shows it.
    order = np.argsort(g.text, kind="stable")
    bounds = np.searchsorted(g.text[order], np.arange(len(genes) + 1))
    shown = order[ranges(bounds[text], bounds[text + 1])] + len(t.hashes)
    who = np.repeat(owner, bounds[text + 1] - bounds[text])
    figure = np.concatenate((t.text // 2, who, np.arange(count)))
    number = np.concatenate((word[: len(t.hashes)], word[shown], word[len(word) - count :]))
    fields = np.concatenate((np.where(t.text % 2, TEXT, TITLE), np.full(len(who), GENE), np.full(count, TEXT)))
    keys = ((figure * max(len(known), 1) + number) << _FIELD_BITS) | fields
    keys.sort()
    pair = keys >> _FIELD_BITS
    begin = np.flatnonzero(_first_of_runs(pair))
    seen = np.bitwise_or.reduceat(keys & ((1 << _FIELD_BITS) - 1), begin) if len(begin) else keys
    pair = pair[begin]
    rows = [_row(f) for f in figures]
    return Terms(
        words,
        np.bincount(pair // max(len(known), 1), minlength=count).astype(np.int32).tobytes(),
        (pair % max(len(known), 1)).astype(np.int32).tobytes(),
        seen.astype(np.uint8).tobytes(),
        bytes(columns.row),
        b"".join(rows),
        np.fromiter(map(len, rows), np.int32, len(rows)).tobytes(),
    )
