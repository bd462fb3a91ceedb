"""Words for people: texts cut to length."""

from __future__ import annotations

__all__ = ["clip", "number_of", "one_line"]

_ROOM = 4


def _is_one_line(text: str) -> bool:
    """Whether one blank stands between words, and none at the ends; other white space than a blank is not printable."""
    return text.isprintable() and "  " not in text and text[:1] != " " and text[-1:] != " "


def one_line(text: str) -> str:
    """A text with one blank for all white space between words, and none at its ends, as nearly every text has it."""
    return text if _is_one_line(text) else " ".join(text.split())


def number_of(count: int, what: str) -> str:
    """How many there are, in words: ``1 figure``, ``1,204 figures``."""
    return f"{count:,} {what}" if count == 1 else f"{count:,} {what}s"


def clip(text: str, length: int) -> str:
    """The beginning of a text, cut at a word, with an ellipsis where something is missing."""
    start = text[: length + 1]
    if _is_one_line(start):  # nearly every text
        return text if len(text) <= length else _cut(start[:-2], length)
    # Of a caption of thousands of characters only the beginning matters, unless it is mostly white space.
    part = " ".join(text[: length * _ROOM].split())
    if len(part) <= length:
        part = " ".join(text.split())
    if len(part) <= length:
        return part
    return _cut(part[: length - 1], length)


def _cut(head: str, length: int) -> str:
    """The beginning of a text less the word that does not end there."""
    return (head.rsplit(" ", 1)[0] if " " in head[length // 2 :] else head).rstrip(" ,;:.") + "…"
