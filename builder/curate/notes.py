"""What a rule for curators notes in a record, and where in its file that stands.

A note names a field by its key and, in a list, by what it holds: whoever reads the file finds the
first place that says so, in a front matter as well as in a table of mentions.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

import yaml

from builder.read.tables import IN_RECORDS
from builder.read.texts import ABSENT
from builder.read.yamltext import find_node, locate

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["BODY", "Note", "cell_of", "offset_of", "place", "shown", "snippet"]

BODY = "(text)"
"""Stands for the key of the Markdown below the front matter."""

IN_TABLES = {own: name for name, own in IN_RECORDS.items()} | {"organism": "organism_name"}
"""Keys of a mention that the tables beside records call otherwise."""

_NEXT_KEY = re.compile(r"\n(?=[^ \-#\r\n])")
_TO_VALUE = re.compile(r"[ ]*(?:\r?\n[ ]*)?")
_SPECIAL = frozenset("&!*#\r\n")


class Note(NamedTuple):
    """Something odd in one record."""

    rule: str
    message: str
    key: str = ""
    """Top-level key of the record; empty for the record itself."""
    column: str = ""
    """Key within it: of a mention of a list, or of a mapping."""
    value: str = ""
    """What the field of that column holds, or the item of a list of text."""
    beside: tuple[str, str] = ("", "")
    """Another column of the same mention, and what it holds; a value that is not there is empty."""


def shown(text: str, length: int = 80) -> str:
    """The beginning of a text, printable, for a message of one line."""
    begin = text[:length]
    if not begin.isprintable():
        begin = "".join(c if c.isprintable() else f"\\u{ord(c):04x}" for c in begin)
    return begin + ("..." if len(text) > length else "")


def snippet(text: str, start: int, end: int, around: int = 24) -> str:
    """A part of a text with what stands around it, on one line."""
    first, last = max(0, start - around), min(len(text), end + around)
    part = shown(" ".join(text[first:last].split()), last - first)
    return ("..." if first else "") + part + ("..." if last < len(text) else "")


def _span(front: str, key: str) -> tuple[int, int] | None:
    """Where the value of a top-level key begins and where its block ends; None if a plain look does not tell."""
    mark = f"\n{key}:"
    at = front.find(mark)
    if at < 0 or front.find(mark, at + 1) >= 0:
        return None
    begin = at + len(mark)
    following = _NEXT_KEY.search(front, begin)
    end = following.start() if following else len(front)
    value = _TO_VALUE.match(front, begin)
    if value is None or value.end() >= end or front[value.end()] in _SPECIAL:
        return None
    return value.end(), end


def offset_of(front: str, note: Note) -> int | None:
    """Offset of what a note speaks of, where the front matter is laid out as usual; else None."""
    span = None if note.beside[0] else _span(front, note.key)
    if span is None or not (note.column or note.value):
        return span and span[0]
    begin, end = front.rfind("\n", 0, span[0]), span[1]
    if note.column and not note.value:
        key = re.compile(rf"^[ ]+['\"]?{re.escape(note.column)}['\"]?:[ ]+(?=[^\s&!*#])", re.MULTILINE)
        found = key.search(front, begin, end)
        return found and found.end()
    start = rf"[ \-]*\b{re.escape(note.column)}" if note.column else rf"(?:{re.escape(note.key)}|[ ]*-(?=[ ]))"
    colon = ":" if note.column else ":?"
    line = re.compile(rf"^{start}{colon}[ ]+(?=(['\"]?){re.escape(note.value)}\1[ ]*\r?$)", re.MULTILINE)
    found = line.search(front, begin, end)
    return found and found.end()


def _slow(front: str, note: Note) -> tuple[int, int]:
    """Line and column by the YAML parser."""
    if not note.value:
        return locate(front, tuple(k for k in (note.key, note.column) if k))
    if not note.column:
        return locate(front, (note.key, note.value))
    if isinstance(find_node(front, (note.key,)), yaml.MappingNode):
        return locate(front, (note.key, note.column, note.value))
    for i, cells in enumerate(_mentions(front, note.key)):
        column, other = (_said_in(cells, key) for key in (note.column, note.beside[0]))
        if cells.get(column) in {note.value, note.value.strip()} and (cells.get(other) or "") == note.beside[1]:
            return locate(front, (note.key, i, column))
    return locate(front, (note.key,))


def _said_in(cells: dict[str, Any], column: str) -> str:
    """Which key of a mention says what a column holds: a gene without symbol of its own has that of the lexicon."""
    return "symbol" if column == "hgnc_symbol" and not cells.get(column) else column


def _plain(text: str) -> str:
    """What a field says; nothing if it says that there is nothing."""
    return "" if text.strip() in ABSENT else text.strip()


@lru_cache(maxsize=1)
def _mentions(front: str, key: str) -> list[dict[str, Any]]:
    """What each mention of a list holds, by key."""
    rows = find_node(front, (key,))
    out = []
    for row in rows.value if isinstance(rows, yaml.SequenceNode) else ():
        pairs = row.value if isinstance(row, yaml.MappingNode) else ()
        cells = {k.value: getattr(v, "value", None) for k, v in pairs if isinstance(k, yaml.ScalarNode)}
        out.append({k: _plain(v) if isinstance(v, str) else v for k, v in cells.items()})
    return out


def _place_of(names: Sequence[str], cells: list[str], index: int) -> int:
    """Which cell of a row says what a column holds: a gene without symbol of its own has that of the lexicon.

    Args:
        names: of the columns.
        cells: of the row, which becomes as long as these.
        index: of the column.
    """
    cells += [""] * (len(names) - len(cells))
    alone = names[index] in {IN_TABLES["hgnc_symbol"], "hgnc_symbol"} and not _plain(cells[index])
    return names.index("match") if alone and "match" in names else index


def cell_of(table: str, note: Note) -> tuple[int, int] | None:
    """Line and column, from 1, of the first cell of a table of mentions that holds what a note speaks of.

    Args:
        table: its text, tab-separated and unquoted.
        note: a note on a mention.
    """
    lines = table.split("\n")  # as the reader does, though other characters end lines too
    names = [name.strip() for name in lines[0].split("\t")]
    index, other = (
        next((names.index(n) for n in (column, IN_TABLES.get(column)) if n in names), None)
        for column in (note.column, note.beside[0])
    )
    if index is None:
        return None
    for number, line in enumerate(lines[1:], 2):
        cells = line.split("\t")
        at = _place_of(names, cells, index)
        more = _plain(cells[_place_of(names, cells, other)]) if other is not None else ""
        if _plain(cells[at]) == note.value.strip() and more == note.beside[1]:
            return number, sum(len(c) + 1 for c in cells[:at]) + 1
    return None


def place(text: str, front: str, note: Note) -> tuple[int, int]:
    """Line and column, from 1, of what a note speaks of.

    Args:
        text: the whole file.
        front: its front matter, as ``yaml_text`` gives it.
        note: the note.
    """
    if not note.key:
        return 1, 1
    if note.key == BODY:
        at = text.find(note.value, text.find(front) + len(front))
        return (text.count("\n", 0, at) + 1, at - text.rfind("\n", 0, at)) if at >= 0 else (1, 1)
    # A figure is of the organisms of two lists.
    notes = [note, note._replace(key="organisms_ner")] if note.key == "organisms" else [note]
    offsets = [start for n in notes if (start := offset_of(front, n)) is not None]
    if not offsets:
        places = [found for n in notes if (found := _slow(front, n)) != locate(front, (n.key,))]
        return places[0] if places else _slow(front, note)
    return front.count("\n", 0, offsets[0]) + 1, offsets[0] - front.rfind("\n", 0, offsets[0])
