"""The words of a text, as the search compares them; ``static/js/search/words.js`` does the same.

``tests/js/words.json`` is the table of cases that both must pass. The rules:

1. A text falls into chunks: letters and digits, also across one or two hyphens, full stops, underscores or
   apostrophes (``IL-6``, ``Alzheimer's``). A slash is one of these beside a letter or digit alone
   (``C/EBP``, ``I/R``); else it stands between chunks: ``TLR4/NF-κB`` is found as both. Chinese and Japanese, which
   put no blank between words, fall into pairs of characters, each a chunk:
   ``開花制御`` into ``開花``, ``花制``, ``制御``.
2. A chunk is decomposed (NFKD), put in lower case and loses its diacritical marks; a few letters without decomposition
   are written as usual (``ø`` as ``o``). Greek letters become their names, set apart from what is beside them.
3. A chunk of one part gives that word. One of several gives the parts and all of them joined: ``il``, ``il6``;
   with Greek letters also the form in which these are their Latin counterparts: ``nfkb`` for ``NF-κB``.
4. Words of one letter or digit of ASCII and a few that stand in every text are left out; long ones are cut at 80
   characters.
"""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["GREEK", "JOINER_BYTES", "LONGEST", "STOP_WORDS", "chunk_words", "chunks_of", "joined_word", "words_of"]

LONGEST = 80
"""Characters of a word that count."""

JOINER_BYTES = b"-._'"
"""The joiners of ASCII, the slash aside."""

_MARKS = "\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f"
_JOINERS = "-._'\u2019\u2010-\u2015\u2212"
_CHUNK = re.compile(rf"(?:[^\W_]|[{_MARKS}])+(?:(?:[{_JOINERS}]{{1,2}}|/)(?:[^\W_]|[{_MARKS}])+)*")
_MARK = re.compile(f"[{_MARKS}]+")
_PART = re.compile(r"[^\W_]+")

_CJK = "\u3005\u3007\u3041-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff66-\uff9f\U00020000-\U0003ffff"
"""Characters of Chinese and Japanese: Han, Hiragana, Katakana."""
_UNSPACED = re.compile(f"[{_CJK}]")
_SCRIPTS = re.compile(f"[{_CJK}]+|[^{_CJK}]+")

_NAMES = [
    "alpha",
    "beta",
    "gamma",
    "delta",
    "epsilon",
    "zeta",
    "eta",
    "theta",
    "iota",
    "kappa",
    "lambda",
    "mu",
    "nu",
    "xi",
    "omicron",
    "pi",
    "rho",
    "sigma",
    "sigma",
    "tau",
    "upsilon",
    "phi",
    "chi",
    "psi",
    "omega",
]
_LATIN = [
    "a",
    "b",
    "g",
    "d",
    "e",
    "z",
    "h",
    "q",
    "i",
    "k",
    "l",
    "m",
    "n",
    "x",
    "o",
    "p",
    "r",
    "s",
    "s",
    "t",
    "u",
    "f",
    "c",
    "y",
    "w",
]
GREEK = {chr(0x03B1 + i): name for i, name in enumerate(_NAMES)}
"""Name of each small Greek letter, final sigma included."""

_GREEK = re.compile("[\u03b1-\u03c9]")
_TO_NAMES = {ord(c): f"-{name}-" for c, name in GREEK.items()}
_TO_LATIN = {0x03B1 + i: c for i, c in enumerate(_LATIN)}
_LETTERS = {
    ord("ø"): "o", ord("æ"): "ae", ord("œ"): "oe", ord("ß"): "ss", ord("ł"): "l", ord("đ"): "d", ord("ð"): "d",
    ord("þ"): "th", 0x131: "i",
}  # fmt: skip

# None of them is the symbol of a gene: WAS and CAT are, and stay.
STOP_WORDS = frozenset(
    [
        "an",
        "and",
        "are",
        "as",
        "at",
        "be",
        "by",
        "for",
        "from",
        "in",
        "is",
        "of",
        "on",
        "or",
        "that",
        "the",
        "this",
        "to",
        "which",
        "with",
    ]
)


def _folded(chunk: str) -> str:
    """A chunk in lower case, decomposed and without marks; Greek letters stay."""
    folded = unicodedata.normalize("NFKD", chunk.lower()).lower()
    return _MARK.sub("", folded).translate(_LETTERS)


def _kept(word: str) -> bool:
    """Whether a word is worth a search."""
    return (len(word) > 1 or not word.isascii()) and word not in STOP_WORDS


def chunks_of(text: str) -> Iterator[str]:
    """The chunks of a text: runs of letters, digits and what joins them, of which ``chunk_words`` makes words."""
    for chunk in _spaced(text):
        if chunk.isascii() or not _UNSPACED.search(chunk):
            yield chunk
            continue
        for run in _SCRIPTS.findall(chunk):
            if len(run) == 1 or not _UNSPACED.match(run):
                yield run
            else:
                yield from (run[i : i + 2] for i in range(len(run) - 1))


def _spaced(text: str) -> Iterator[str]:
    """The chunks of a text by what stands between them."""
    for chunk in _CHUNK.findall(text):
        if "/" not in chunk:
            yield chunk
            continue
        own, *others = chunk.split("/")
        before = own
        for piece in others:
            if any(len(side) == 1 and side.isascii() for side in (before, piece)):
                own += f"/{piece}"
            else:
                yield own
                own = piece
            before = piece
        yield own


def chunk_words(chunk: str) -> list[str]:
    """The words of one chunk, perhaps with some twice."""
    folded = _folded(chunk)
    parts = _PART.findall(folded.translate(_TO_NAMES))
    words = [p[:LONGEST] for p in parts]
    if len(parts) > 1:
        words.append("".join(parts)[:LONGEST])
        if _GREEK.search(folded):
            words.append("".join(_PART.findall(folded.translate(_TO_LATIN)))[:LONGEST])
    return [w for w in words if _kept(w)]


def words_of(text: str) -> set[str]:
    """The words under which a text is found; tests hold what ``read/tokens.py`` finds of many texts against it."""
    return {word for chunk in chunks_of(text) for word in chunk_words(chunk)}


def joined_word(text: str) -> str:
    """All of a text as one word, for identifiers and gene symbols: ``Nkx2-5`` is ``nkx25``."""
    return "".join(_PART.findall(_folded(text).translate(_TO_NAMES)))[:LONGEST]
