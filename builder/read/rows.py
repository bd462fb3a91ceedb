"""Mention rows as almost every record writes them, read without a YAML parser.

Two thirds of a record are its lists of mentions: the same few keys, one to a line, a plain or
single-quoted text behind each. ``cut`` takes such a list out of the front matter if it is that
and nothing else, so that the parser has only the rest to read. Whatever looks the least bit
different (an empty or absent value, another key, a text over two lines, a comment) is left to
the parser. Which texts a plain value may be is what PyYAML's scanner says (``check_plain``,
``scan_plain``).
"""

from __future__ import annotations

import re
from typing import Any, NamedTuple

from builder.read.texts import ABSENT

__all__ = ["Rows", "cut", "forget", "listed", "plain"]

_GENES = ("word", "symbol", "source", "hgnc_symbol", "entrez")
_MENTIONS = ("word", "source", "identifier")

# A plain text: no indicator first, no ": " and no " #" in it, no white space at its end.
_PLAIN = re.compile(r"(?:[^\s?:,\[\]{}#&*!|>'\"%@`-]|[-?:](?=\S))(?:[^\s:#]|:(?=\S)|(?<!\s)#|[ ](?=\S))*")
_QUOTED = re.compile(r"'(?:[^']|'')*'")
_NOT_TEXT = ABSENT | {"~", "null", "Null", "NULL", "=", "<<"}
_NEXT_KEY = re.compile(r"\n[^- \n]")
_EMPTY = "''"
_MOST_TEXTS = 200_000
_MOST_ROWS = 60_000


class Rows(NamedTuple):
    """A list of mentions that all have these keys, and a text that is there for each."""

    keys: tuple[str, ...]
    rows: list[tuple[str, ...]]


class _OddError(Exception):
    """A value that the parser should read."""


class _Texts(dict[str, str]):
    """The text that a value as written stands for; words and symbols repeat from record to record."""

    def __missing__(self, written: str) -> str:
        if not written.isprintable():
            raise _OddError
        if _PLAIN.fullmatch(written):
            text = written
        elif _QUOTED.fullmatch(written):
            text = written[1:-1].replace("''", "'")
        else:
            raise _OddError
        if (text == written and text in _NOT_TEXT) or text in ABSENT or text != text.strip():
            raise _OddError
        if len(self) > _MOST_TEXTS:
            self.clear()
        self[written] = text
        return text


_texts = _Texts()


class _Shape(dict[str, tuple[str, ...]]):
    """How the rows of a list look; and the texts of known rows: most stand in other records too."""

    def __init__(self, *keys: str, may_end_empty: bool = False) -> None:
        super().__init__()
        self._may_end_empty = may_end_empty
        self.keys_of_row = keys
        self.first = f"- {keys[0]}: "
        """What a row begins with."""
        self._row = re.compile("(.+)" + "".join(f"\n  {key}: (.+)" for key in keys[1:]))

    def __missing__(self, written: str) -> tuple[str, ...]:
        found = self._row.fullmatch(written)
        if found is None:
            raise _OddError
        *texts, last = found.groups()
        row = (*map(_texts.__getitem__, texts), "" if self._may_end_empty and last == _EMPTY else _texts[last])
        if len(self) > _MOST_ROWS:
            self.clear()
        self[written] = row
        return row


_SHAPES = {
    "genes": _Shape(*_GENES),
    # Many chemicals and diseases have no identifier, and nothing else follows from that.
    "chemicals": _Shape(*_MENTIONS, may_end_empty=True),
    "diseases": _Shape(*_MENTIONS, may_end_empty=True),
}


def _rows(text: str, begin: int, end: int, shape: _Shape) -> list[tuple[str, ...]] | None:
    """The rows between two places of a text; None if anything else stands there."""
    if not text.startswith(shape.first, begin) or text[end - 1] != "\n":
        return None
    try:
        return list(map(shape.__getitem__, text[begin + len(shape.first) : end - 1].split(f"\n{shape.first}")))
    except _OddError:
        return None


def cut(text: str) -> tuple[str, dict[str, Rows]]:
    """Front matter with an empty list in the place of every list of ordinary mentions, and those lists.

    Whoever parses the rest must see that empty list: else what was cut out was not a list of the record.

    Args:
        text: front matter that begins with a line break.
    """
    found: dict[str, Rows] = {}
    for key, shape in _SHAPES.items():
        begin = text.find(f"\n{key}:\n- ") + 1
        if not begin:
            continue
        begin += len(key) + 2
        after = _NEXT_KEY.search(text, begin)
        end = after.start() + 1 if after else len(text)
        rows = _rows(text, begin, end, shape)
        if rows is not None:
            found[key] = Rows(shape.keys_of_row, rows)
            text = f"{text[: begin - 1]} []\n{text[end:]}"
    return text, found


def forget() -> None:
    """Let go of the texts and rows that are kept for the next record: tens of megabytes in a large collection."""
    _texts.clear()
    for shape in _SHAPES.values():
        shape.clear()


def listed(rows: Rows) -> list[dict[str, str]]:
    """Rows as the mappings that the parser gives."""
    return [dict(zip(rows.keys, row, strict=True)) for row in rows.rows]


def plain(data: Any) -> Any:
    """The data of a record with lists of mappings in the place of ``Rows``, as the parser gives them."""
    if not isinstance(data, dict):
        return data
    return {k: listed(v) if isinstance(v, Rows) else v for k, v in data.items()}
