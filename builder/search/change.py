"""What a build remembers of an index, and how the words and rows of figures changed since."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import msgspec
import numpy as np

from builder.catalog.arrays import among, run_starts, unique
from builder.search.files import LostError
from builder.search.lists import TAG_BITS

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from builder.read.terms import Terms

__all__ = ["Change", "Memory", "Places", "change_since"]

MANY = 64
"""Buckets that may have changed, or a quarter of all where that is more; beyond, an index is made anew."""
PART = 4


class Memory(msgspec.Struct, array_like=True):
    """What a build leaves of an index for the next one; arrays as bytes."""

    own: bytes
    """Digest of all that the index depends on."""
    site: bytes
    """Digest of settings and pictures."""
    meta: bytes
    """The file that all begins with."""
    keys: list[str]
    """Of the buckets of records, by number."""
    bucket: bytes
    """Of each figure, int64; likewise its row there and its id."""
    row: bytes
    ids: bytes
    end: int
    genes: list[str]
    """Keys of the table of genes."""
    shown: bytes
    """For each of them a hash of the figures that show it, uint64."""
    pieces: bytes
    """For each file of genes of figures a hash of what it tells, uint64."""
    names: bytes
    """Digest of all that names of genes depend on."""
    concepts: bytes
    """Digest of all that names of chemicals and diseases depend on."""
    columns: bytes
    """Digest of all that is told of every figure."""


@dataclass(frozen=True)
class Places:
    """Where figures stand: bucket and row, and the id of each."""

    bucket: NDArray[np.int64]
    row: NDArray[np.int64]
    ids: NDArray[np.int64]

    def of(self, bucket: int, rows: int) -> NDArray[np.int64]:
        """The id of each record of a bucket, -1 for those that are not published."""
        here = np.flatnonzero(self.bucket == bucket)
        out = np.full(max(rows, int(self.row[here].max(initial=-1)) + 1), -1, np.int64)
        out[self.row[here]] = self.ids[here]
        return out


class _Found(NamedTuple):
    """Words and rows of some figures."""

    hashes: NDArray[np.uint64]
    """Of the word of each pair of word and figure,"""
    codes: NDArray[np.int64]
    """and the figure's id, with where the word stands in the lowest bits."""
    rows: dict[int, bytes]
    """By id."""


class Change(NamedTuple):
    """How words and rows of figures changed."""

    words: list[bytes]
    """Words that stand in other figures than before, or elsewhere in them."""
    word: NDArray[np.int64]
    """A number of ``words`` for each pair of word and figure that came or went,"""
    codes: NDArray[np.int64]
    """the figure's id, with where the word stands in the lowest bits,"""
    new: NDArray[np.bool_]
    """and whether the pair came."""
    rows: dict[int, bytes]
    """New rows by id; empty where there is none any more."""
    come: _Found
    """Words of all figures that were looked at, as they are now."""
    terms: Sequence[Terms]
    """Where those words are told."""

    def held(self) -> dict[int, list[tuple[str, int]]]:
        """All words of each figure of which a word came or went, and where they stand; none of a figure that went."""
        ids = unique(self.codes >> TAG_BITS)
        at = np.flatnonzero(among(self.come.codes >> TAG_BITS, ids))
        texts = _texts(self.terms, unique(self.come.hashes[at]))
        out: dict[int, list[tuple[str, int]]] = {i: [] for i in ids.tolist()}
        for word, code in zip(self.come.hashes[at].tolist(), self.come.codes[at].tolist(), strict=True):
            out[code >> TAG_BITS].append((texts[word].decode(), code & ((1 << TAG_BITS) - 1)))
        return out


def _moved(was: Places, now: Places, end: int) -> set[int]:
    """Buckets in which a record has another id than before."""
    rows = int(max(was.row.max(initial=0), now.row.max(initial=0))) + 1
    before, after = ((p.bucket * rows + p.row) * max(end, 1) + p.ids for p in (was, now))
    return set((np.setxor1d(before, after, assume_unique=True) // max(end, 1) // rows).tolist())


def _found(terms: Terms, ids: NDArray[np.int64], where: NDArray[np.bool_]) -> _Found:
    """Words and rows of those records of a bucket that are asked for."""
    index = np.frombuffer(terms.index, np.int32)
    own = np.where(where[index], ids[index], -1)
    who = np.repeat(own, np.frombuffer(terms.figure, np.int32))
    keep = np.flatnonzero(who >= 0)
    hashes = np.frombuffer(terms.words.hashes, np.uint64)[np.frombuffer(terms.word, np.int32)[keep]]
    codes = who[keep] << TAG_BITS | np.frombuffer(terms.fields, np.uint8)[keep]
    sizes = np.frombuffer(terms.row_size, np.int32)
    ends = np.cumsum(sizes)
    at = np.flatnonzero(own >= 0)
    spans = zip(own[at].tolist(), (ends - sizes)[at].tolist(), ends[at].tolist(), strict=True)
    return _Found(hashes, codes, {i: terms.row[a:b] for i, a, b in spans})


def _texts(terms: Sequence[Terms], wanted: NDArray[np.uint64]) -> dict[int, bytes]:
    """Words by their hashes."""
    out: dict[int, bytes] = {}
    for t in terms:
        hashes = np.frombuffer(t.words.hashes, np.uint64)
        ends = np.cumsum(np.frombuffer(t.words.lengths, np.int32))
        at = np.flatnonzero(among(hashes, wanted))
        starts = ends[at] - np.frombuffer(t.words.lengths, np.int32)[at]
        spans = zip(hashes[at].tolist(), starts.tolist(), ends[at].tolist(), strict=True)
        out.update({h: t.words.data[a:b] for h, a, b in spans})
    return out


def _words(gone: Sequence[_Found], come: Sequence[_Found], terms: Sequence[Terms], rows: dict[int, bytes]) -> Change:
    """How words changed, with the rows that did."""
    hashes = np.concatenate([f.hashes for f in (*gone, *come)])
    codes = np.concatenate([f.codes for f in (*gone, *come)])
    new = np.arange(len(codes)) >= sum(len(f.codes) for f in gone)
    order = np.lexsort((codes, hashes))
    hashes, codes, new = hashes[order], codes[order], new[order]
    # What was there and is there still stands twice.
    twice = np.flatnonzero((hashes[1:] == hashes[:-1]) & (codes[1:] == codes[:-1]))
    keep = np.ones(len(codes), np.bool_)
    keep[twice] = keep[twice + 1] = False
    hashes, codes, new = hashes[keep], codes[keep], new[keep]
    first = run_starts(hashes)
    texts = _texts(terms, hashes[first])
    word = np.repeat(np.arange(len(first)), np.diff(np.append(first, len(hashes))))
    now = _Found(np.concatenate([f.hashes for f in come]), np.concatenate([f.codes for f in come]), {})
    return Change([texts[h] for h in hashes[first].tolist()], word, codes, new, rows, now, terms)


def change_since(memory: Memory, keys: Sequence[str], now: Places, end: int, load: Callable[[str], Terms]) -> Change:
    """How words and rows changed since the build before.

    Args:
        memory: what that build left.
        keys: of the buckets of records, by number.
        now: where figures stand.
        end: behind the last id.
        load: gives the words of a bucket by its key; raises LostError if they are gone.

    Raises:
        LostError: if there is too much to do, or not all of what was is there.
    """
    if len(keys) != len(memory.keys) or end != memory.end:
        raise LostError
    was = Places(*(np.frombuffer(data, np.int64) for data in (memory.bucket, memory.row, memory.ids)))
    edited = {n for n, (old, new) in enumerate(zip(memory.keys, keys, strict=True)) if old != new}
    touched = edited | _moved(was, now, end)
    if len(touched) > max(MANY, len(keys) // PART):
        raise LostError
    gone, come, terms = [], [], []
    for n in sorted(touched):
        old = load(memory.keys[n])
        new = load(keys[n]) if n in edited else old
        rows = 1 + max(int(np.frombuffer(t.index, np.int32).max(initial=-1)) for t in (old, new))
        before, after = was.of(n, rows), now.of(n, rows)
        gone.append(_found(old, before, (before >= 0) if n in edited else (before != after)))
        come.append(_found(new, after, (after >= 0) if n in edited else (before != after)))
        terms += [old, new]
    if not terms:
        none = np.zeros(0, np.int64)
        return Change([], none, none, none > 0, {}, _Found(none.astype(np.uint64), none, {}), [])
    lines = [{i: row for f in found for i, row in f.rows.items()} for found in (gone, come)]
    rows_now = {i: lines[1].get(i, b"") for i in {*lines[0], *lines[1]} if lines[0].get(i) != lines[1].get(i)}
    return _words(gone, come, terms, rows_now)
