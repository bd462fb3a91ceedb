"""The words of many texts at once, in numpy: what ``builder/read/words.py`` says of each, at a twentieth of the time.

Words of ASCII, nearly all, never become Python objects: a word is known by a hash of 64 bits, made of its bytes eight
at a time.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from builder.read.words import JOINER_BYTES, LONGEST, STOP_WORDS, chunk_words, chunks_of
from builder.vocabulary import WORD, hash_spans

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

__all__ = ["Tokens", "ranges", "tokenise", "word_hashes"]

_ALNUM, _HIGH, _JOINER, _SLASH = 1, 2, 4, 8


def _tables() -> tuple[bytes, bytes]:
    """What each byte becomes, and its class."""
    lower = bytes(range(256)).lower()
    kind = np.zeros(256, np.uint8)
    kind[[c for c in range(128) if chr(c).isalnum()]] = _ALNUM
    kind[128:] = _ALNUM | _HIGH
    kind[list(JOINER_BYTES)] = _JOINER
    kind[ord("/")] = _SLASH
    return lower, kind.tobytes()


_LOWER, _KIND = _tables()


class Tokens(NamedTuple):
    """The words of some texts."""

    text: NDArray[np.int64]
    """The number of the text of each word."""
    hashes: NDArray[np.uint64]
    """Of each word."""
    data: bytes
    """The bytes of all words lie in here,"""
    start: NDArray[np.int64]
    """each beginning here"""
    length: NDArray[np.int64]
    """and so long."""


def ranges(first: NDArray[np.int64], last: NDArray[np.int64]) -> NDArray[np.int64]:
    """The numbers of all ranges ``first[i] .. last[i] - 1``, one range after the other."""
    size = last - first
    ends = np.cumsum(size)
    numbers: NDArray[np.int64] = np.arange(int(size.sum())) + np.repeat(first - ends + size, size)
    return numbers


def word_hashes(words: Sequence[bytes]) -> tuple[bytes, NDArray[np.int64], NDArray[np.uint64]]:
    """Some words as one string of bytes, their lengths and hashes."""
    length = np.fromiter(map(len, words), np.int64, len(words))
    data = b"".join(words)
    return data, length, hash_spans(data + bytes(WORD), np.cumsum(length) - length, length)


_STOP = np.sort(word_hashes([w.encode() for w in sorted(STOP_WORDS)])[2])
_PERHAPS = np.zeros(1 << 16, np.bool_)
_PERHAPS[(_STOP & np.uint64(0xFFFF)).astype(np.int64)] = True


@lru_cache(maxsize=100_000)
def _odd_words(chunk: bytes) -> tuple[bytes, ...]:
    """The words of a chunk that holds more than ASCII."""
    text = chunk.decode("utf-8", "replace")
    return tuple({w.encode() for c in chunks_of(text) for w in chunk_words(c)})


class _Parts(NamedTuple):
    """Runs of letters and digits, and how they hang together in chunks."""

    start: NDArray[np.int64]
    end: NDArray[np.int64]
    first: NDArray[np.int64]
    """First part of each chunk."""
    last: NDArray[np.int64]
    odd: NDArray[np.bool_]
    """Whether each chunk holds more than ASCII."""


def _parts(kind: NDArray[np.uint8]) -> _Parts:
    """The parts of a text, which begins and ends with a separator, given by the class of each byte."""
    alnum = kind & _ALNUM
    border = np.flatnonzero(alnum[1:] != alnum[:-1]) + 1
    start, end = border[::2], border[1::2]
    high = np.zeros(len(start), np.bool_)
    if not len(start):
        return _Parts(start, end, start, end, high)
    high[np.searchsorted(start, np.flatnonzero(kind & _HIGH), side="right") - 1] = True
    gap = start[1:] - end[:-1]
    # Where the gap is one or two bytes, its first and its last byte are all of it.
    joined = (gap <= 2) & (kind[end[:-1]] == _JOINER) & (kind[start[1:] - 1] == _JOINER)  # noqa: PLR2004
    slash = np.flatnonzero((gap == 1) & (kind[end[:-1]] == _SLASH))
    if len(slash):
        first = np.concatenate(([0], np.flatnonzero(~joined) + 1))  # of each piece between slashes or blanks
        size = np.diff(np.append(first, len(start)))
        odd = np.logical_or.reduceat(high, first)
        # A piece of more than ASCII may be a letter with a sign beside it: such chunks are cut once more.
        alone = np.repeat(odd | (size == 1) & (end[first] - start[first] == 1), size)
        joined[slash] = alone[slash] | alone[slash + 1]
    border = np.flatnonzero(~joined)
    first, last = np.concatenate(([0], border + 1)), np.concatenate((border, [len(start) - 1]))
    return _Parts(start, end, first, last, np.logical_or.reduceat(high, first))


def _squeezed(
    data: NDArray[np.uint8], kind: NDArray[np.uint8], start: NDArray[np.int64], end: NDArray[np.int64]
) -> tuple[bytes, NDArray[np.int64], NDArray[np.int64]]:
    """The bytes of some chunks without their joiners, one after the other, with starts and lengths."""
    size = end - start
    at = ranges(start, end)
    keep = (kind[at] & _ALNUM) > 0
    kept = np.concatenate(([0], np.cumsum(keep)))
    borders = np.concatenate(([0], np.cumsum(size)))
    first = kept[borders]
    return data[at[keep]].tobytes(), first[:-1], np.diff(first)


def _odd(
    data: bytes, start: NDArray[np.int64], end: NDArray[np.int64]
) -> tuple[NDArray[np.int64], bytes, NDArray[np.int64], NDArray[np.uint64]]:
    """The words of chunks with more than ASCII: which chunk each is of, all bytes, lengths and hashes."""
    found = [_odd_words(data[a:b]) for a, b in zip(start.tolist(), end.tolist(), strict=True)]
    owner = np.repeat(np.arange(len(found)), np.fromiter(map(len, found), np.int64, len(found)))
    return (owner, *word_hashes([w for words in found for w in words]))


def tokenise(texts: Sequence[bytes]) -> Tokens:
    """The words of texts in UTF-8, in no order, some perhaps several times."""
    raw = b" " + b" ".join(texts) + b" " * WORD
    data = raw.translate(_LOWER)
    codes = np.frombuffer(data, np.uint8)
    kind = np.frombuffer(raw.translate(_KIND), np.uint8)
    parts = _parts(kind)
    size = np.fromiter(map(len, texts), np.int64, len(texts)) + 1
    border = np.cumsum(size)
    start, end = parts.start[parts.first], parts.end[parts.last]
    odd = parts.odd
    many = ~odd & (parts.last > parts.first)
    plain = np.repeat(~odd, parts.last - parts.first + 1)
    part_start = parts.start[plain]
    part_length = np.minimum(parts.end[plain] - part_start, LONGEST)
    joined, joined_start, joined_length = _squeezed(codes, kind, start[many], end[many])
    owner, other, other_length, other_hashes = _odd(raw, start[odd], end[odd])
    joined_length = np.minimum(joined_length, LONGEST)
    starts = np.concatenate(
        (
            part_start,
            joined_start + len(data),
            np.cumsum(other_length) - other_length + len(data) + len(joined),
        )
    )
    length = np.concatenate((part_length, joined_length, other_length))
    everything = data + joined + other + bytes(WORD)
    ascii_ = len(part_start) + len(joined_start)
    hashes = np.concatenate((hash_spans(everything, starts[:ascii_], length[:ascii_]), other_hashes))
    keep = (length > 1) & ~_stops(hashes)
    text = np.concatenate([_texts(border, p) for p in (part_start, start[many], start[odd][owner])])
    return Tokens(text[keep], hashes[keep], everything, starts[keep], length[keep])


def _texts(border: NDArray[np.int64], place: NDArray[np.int64]) -> NDArray[np.int64]:
    """The numbers of the texts in which ascending places lie, by the places at which the texts end."""
    last = np.searchsorted(place, border)
    return np.repeat(np.arange(len(border)), np.diff(last, prepend=0))


def _stops(hashes: NDArray[np.uint64]) -> NDArray[np.bool_]:
    """Which hashes are those of words that are left out."""
    found = _PERHAPS[(hashes & np.uint64(0xFFFF)).astype(np.uint16)]
    at = np.flatnonzero(found)
    place = np.minimum(np.searchsorted(_STOP, hashes[at]), len(_STOP) - 1)
    found[at] = _STOP[place] == hashes[at]
    return found
