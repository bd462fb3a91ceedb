"""What is true of every text of a record, whichever file it stands in."""

from __future__ import annotations

import re

__all__ = ["ABSENT", "CONTROL", "MAX_GENES", "MAX_TEXT", "TURNING", "one_line", "published", "short", "too_many_genes"]

ABSENT = frozenset({"", "NA", ".na.character"})
"""What R and the curators write for "no value"."""

CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]")
"""Characters that no page, feed or table can carry, which YAML lets in by escapes such as ``\\0`` and of which the OCR
words of real records hold some; and those that turn the direction of all the text behind them."""

TURNING = tuple(map(chr, (*range(0x202A, 0x202F), *range(0x2066, 0x206A))))
"""The latter."""

MAX_TEXT = 100_000
"""Characters of one text; the longest caption of PFOCR has a tenth of that."""

MAX_GENES = 5_000
"""Gene mentions of a figure; no figure of PFOCR has a tenth of that. What is seen together grows with their square."""


def published(text: str) -> str:
    """A text without the characters that cannot be published; half a surrogate pair becomes U+FFFD."""
    return CONTROL.sub(lambda m: "\ufffd" if "\ud800" <= m[0] <= "\udfff" else "", text)


def one_line(text: str) -> str:
    """A name with one blank where it has several, or a tab or another of their kind."""
    return " ".join(text.split())


def short(text: str, length: int = 80) -> str:
    """The beginning of a text, printable, for a message."""
    text = "".join(c if c.isprintable() else f"\\u{ord(c):04x}" for c in text[: length + 1])
    return text[:length] + "..." if len(text) > length else text


def too_many_genes(count: int) -> str:
    """What to say of a figure that mentions so many genes, or an empty string."""
    return f"found {count:,} mentions of genes, expected at most {MAX_GENES:,}" if count > MAX_GENES else ""
