"""Letters of other scripts that look Latin, which OCR puts into the words of genes.

Source: Unicode Technical Standard 39, confusables.txt, for the letters of Cyrillic, Greek and Armenian
that are drawn like a Latin one. Greek letters that figures use as such (``α``, ``κ``, ``Δ``) are not among them.
"""

from __future__ import annotations

import re
import unicodedata

__all__ = ["foreign", "latin_reading"]

_CYRILLIC = (
    dict(zip("АВЕЅІЈКМНОРСТХҮԌԚԜҺ", "ABESIJKMHOPCTXYGQWh", strict=True))
    | dict(zip("аеѕіјорсхуҺһԁԛԝүӏ", "aesijopcxyhhdqwyl", strict=True))
    | {"З": "3", "з": "3", "б": "6", "Ь": "b", "ь": "b", "Б": "6", "У": "Y", "Ѵ": "V", "ѵ": "v", "Г": "r", "г": "r"}
    | {"п": "n", "м": "m", "т": "t", "к": "k", "н": "h", "в": "b", "П": "N", "Л": "N", "и": "u", "И": "N", "Я": "R"}
)
_GREEK = dict(zip("ΑΒΕΖΗΙΚΜΝΟΡΤΥΧο", "ABEZHIKMNOPTYXo", strict=True))
_LETTERS = _CYRILLIC | _GREEK
_FOREIGN = re.compile(f"[\u0400-\u052f{''.join(_GREEK)}\uff01-\uff5e\U0001d400-\U0001d6a3]")
"""Cyrillic of any kind, Greek capitals that look Latin, full-width and mathematical letters."""


def foreign(text: str) -> bool:
    """Whether a text holds a letter that only looks Latin, or is Cyrillic."""
    return not text.isascii() and _FOREIGN.search(text) is not None


def latin_reading(word: str) -> str:
    """A word in the Latin letters that its letters look like; ``?`` for those that look like none."""
    letters = []
    for letter in word:
        if not _FOREIGN.match(letter):
            letters.append(letter)
        else:
            plain = _LETTERS.get(letter) or unicodedata.normalize("NFKC", letter)
            letters.append(plain if plain.isascii() else "?")
    return "".join(letters)
