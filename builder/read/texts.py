"""What is true of every text of a record, whichever file it stands in."""

from __future__ import annotations

import re

__all__ = [
    "ABSENT",
    "CONTROL",
    "LONGEST",
    "MAX_MENTIONS",
    "MAX_TEXT",
    "MOST_LINES",
    "MOST_SIGNS",
    "TURNING",
    "one_line",
    "published",
    "short",
    "too_many",
    "unformatted",
]

ABSENT = frozenset({"", "NA", ".na.character"})
"""What R and the curators write for "no value"."""

CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]")
"""Characters that no page, feed or table can carry, which YAML lets in by escapes such as ``\\0`` and of which the OCR
words of real records hold some; and those that turn the direction of all the text behind them."""

TURNING = re.compile(rb"\xe2(?:\x80[\xaa-\xae]|\x81[\xa6-\xa9])")
"""The latter in UTF-8, where they are found at once by a byte that few texts hold."""

MAX_TEXT = 100_000
"""Characters of one text; the longest caption of PFOCR has a tenth of that."""

MAX_MENTIONS = 5_000
"""Mentions of a figure of one kind, and organisms; none of PFOCR has a tenth of that. What is seen together grows with
their square, and each has a page of its own."""

LONGEST = 10_000
"""Characters of a record's Markdown,"""
MOST_SIGNS = 400
"""each sign by which links, images, tags and code begin: python-markdown's time grows with the square of their number,
and a text of ten thousand brackets would take minutes;"""
MOST_LINES = 1_000
"""and lines, as each may be a heading. A text of more is published as it was written."""


_NESTED = re.compile(r"(?:[ \t]*(?:>|(?:[0-9]+\.|[-*+])(?=[ \t]))){51}")
"""Python-markdown calls itself for each list or quotation within another."""


def _nested(line: str) -> bool:
    """Whether more than fifty lists and quotations begin with a line, which is no rule drawn of one sign."""
    return _NESTED.match(line) is not None and {*line} - {" ", "\t"} not in ({"-"}, {"*"})


LEFT_OUT = "found the character U+{:04X}, which cannot be published; it is left out"
"""What is said of such a character; its number is to be filled in."""


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


def too_many(what: str, count: int) -> str:
    """What to say of a figure that has so many mentions, or an empty string.

    Args:
        what: they are.
        count: of them.
    """
    return f"found {count:,} {what}, expected at most {MAX_MENTIONS:,}" if count > MAX_MENTIONS else ""


def unformatted(text: str) -> str:
    """What keeps a record's Markdown from being formatted in a moment, with the limit; an empty string for nothing."""
    if len(text) > LONGEST:
        return f"{len(text):,} characters, expected at most {LONGEST:,}"
    if text.count("\n") > MOST_LINES:
        return f"more than {MOST_LINES:,} lines"
    if any(map(_nested, text.split("\n"))):
        return "lists or quotations within each other, more than 50 deep"
    signs = next((sign for sign in "[<`" if text.count(sign) > MOST_SIGNS), "")
    return f"the sign {signs} more than {MOST_SIGNS} times" if signs else ""
