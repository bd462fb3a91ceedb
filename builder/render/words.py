"""Words for people: texts cut to length."""

from __future__ import annotations

__all__ = ["clip"]

_ROOM = 4


def clip(text: str, length: int) -> str:
    """The beginning of a text, cut at a word, with an ellipsis where something is missing."""
    if len(text) <= length and text.isalnum():  # nearly every gene symbol
        return text
    # Of a caption of thousands of characters only the beginning matters, unless it is mostly white space.
    part = " ".join(text[: length * _ROOM].split())
    if len(part) <= length:
        part = " ".join(text.split())
    if len(part) <= length:
        return part
    head = part[: length - 1]
    return (head.rsplit(" ", 1)[0] if " " in head[length // 2 :] else head).rstrip(" ,;:.") + "…"
