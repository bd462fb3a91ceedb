"""Front matter as nearly every record writes it, read line by line.

Keys with a text behind them, which may go on in indented lines; lists of texts; mappings inside: what PyYAML writes,
and most people. There are no numbers to turn back into text and no tags to obey, and it takes less than half the time
of a parser. Whatever is the least bit different is odd, and left to one. Which texts may be plain, and how lines are
joined, is what PyYAML's scanner says (``check_plain``, ``scan_plain``, ``scan_flow_scalar``).
"""

from __future__ import annotations

import re
from typing import Any

__all__ = ["OddError", "read_lines"]

_KEY = re.compile(r"[A-Za-z_][\w.-]{0,500}|'[^'\\\n]{1,500}'", re.ASCII)  # YAML knows no keys beyond 1024 characters
# A line that is not indented begins an entry: a key, or an item of a list.
_ENTRY = re.compile(r"\n(?! )")
_FOLD = re.compile(r"\n +")
_TRAILING = re.compile(r" +\n")
_BLANK = re.compile(r"\n *(?:\n|\Z)")
_DEEPEST = 8
_MOST_KEYS = 2_000
_MOST_VALUES = 10_000
_SHORT = 40
_INDICATORS = frozenset("-?:,[]{}#&*!|>'\"%@`")
_NULL = frozenset({"~", "null"})


class OddError(Exception):
    """A text that a parser should read."""


class _Keys(dict[str, str]):
    """The key that a key as written stands for."""

    def __missing__(self, written: str) -> str:
        if _KEY.fullmatch(written) is None:
            raise OddError
        if len(self) > _MOST_KEYS:
            self.clear()
        self[written] = key = written.strip("'")
        return key


_keys = _Keys()


def _quoted(text: str) -> str:
    """The text within quotes."""
    mark, inner = text[0], text[1:-1]
    if len(text) > 1 and text[-1] == mark:
        if mark not in inner and (mark == "'" or "\\" not in inner):
            return inner
        if mark == "'" and mark not in inner.replace("''", ""):
            return inner.replace("''", "'")
    raise OddError


def _value(written: str) -> str | list[str] | None:
    """The value that is written behind a key or list mark, over one line or several."""
    text = written
    if "\n" in text:
        text = _FOLD.sub(" ", _TRAILING.sub("\n", text) if " \n" in text else text)
    text = text.strip(" ")
    start = text[:1]
    if start in _INDICATORS:
        if start in "'\"":
            return _quoted(text)
        if text != "[]":
            raise OddError
        return []
    if not text or ": " in text or " #" in text or text[-1] == ":":
        raise OddError
    return None if text in _NULL else text


class _Values(dict[str, Any]):
    """The value that is written; short ones come again and again."""

    def __missing__(self, written: str) -> Any:
        value = _value(written)
        if len(self) > _MOST_VALUES:
            self.clear()
        if len(written) <= _SHORT and type(value) is str:
            self[written] = value
        return value


_values = _Values()


def _items(entries: list[str], at: int) -> tuple[list[Any], int]:
    """The list of texts at a place, and where it ends."""
    end = at
    while end < len(entries) and entries[end][:2] == "- ":
        end += 1
    return [_values[entry[2:]] for entry in entries[at:end]], end


def _mapping(text: str, depth: int) -> dict[str, Any]:
    """The mapping that a text holds, and nothing else."""
    entries = _ENTRY.split(text)
    data: dict[str, Any] = {}
    at = 0
    while at < len(entries):
        written, mark, value = entries[at].partition(":")
        at += 1
        key = _keys[written]
        if not mark or key in data:
            raise OddError
        begin = value[:1]
        if begin == " ":
            data[key] = _values[value] if len(value) <= _SHORT else _value(value)
        elif begin == "\n":
            data[key] = _block(value, depth)
        elif value:
            raise OddError
        else:
            items, at = _items(entries, at)
            data[key] = items or None
    return data


def _block(text: str, depth: int) -> Any:
    """What the indented lines below a key hold.

    Args:
        text: the lines, with the line break before the first.
        depth: how many mappings it stands in.
    """
    margin = "\n" + " " * (len(text) - 1 - len(text[1:].lstrip(" ")))
    if depth > _DEEPEST or text.count(margin) != text.count("\n"):
        raise OddError
    inner = text.replace(margin, "\n")[1:]
    if inner[:2] != "- ":
        return _mapping(inner, depth + 1)
    entries = _ENTRY.split(inner)
    items, end = _items(entries, 0)
    if end < len(entries):
        raise OddError
    return items


def read_lines(text: str) -> dict[str, Any]:
    """The data of front matter, the same as a parser's.

    Args:
        text: front matter that begins with a line break and has no character that YAML treats in a way of its own:
            controls, tabs, line breaks other than the common one.

    Raises:
        OddError: if it holds anything out of the ordinary.
    """
    text = text.rstrip("\n")
    if text[:1] != "\n" or _BLANK.search(text):
        raise OddError
    return _mapping(text[1:], 0)
