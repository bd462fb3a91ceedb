"""Split a file into YAML front matter and Markdown body."""

from __future__ import annotations

import re
from codecs import BOM_UTF8
from typing import TYPE_CHECKING, Any

import frontmatter
from frontmatter.default_handlers import YAMLHandler

from builder.problems import Problem
from builder.read.fastyaml import load, load_rows
from builder.read.texts import CONTROL, LEFT_OUT
from builder.read.yamltext import YamlError, locate_all

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from builder.problems import KeyPath

__all__ = ["Document", "decode", "parse", "positions_of", "yaml_text"]

_BOUNDARY = re.compile(r"-{3,}[ \t]*\r?$", re.MULTILINE)


def _boundary(text: str, start: int) -> tuple[int, int] | None:
    """Where the next line of only dashes begins and ends, at or after a position; None if there is none."""
    while (found := _BOUNDARY.match(text, start)) is None:
        start = text.find("\n---", start) + 1
        if not start:
            return None
    return found.span()


def _cut(text: str) -> tuple[str, str] | None:
    """Front matter, which begins with the line break after its first boundary, and body; None if there is no end."""
    first = _BOUNDARY.match(text)
    last = _boundary(text, first.end() + 1) if first else None
    return (text[first.end() : last[0]], text[last[1] :]) if first and last else None


class _TextHandler(YAMLHandler):
    """YAML front matter between lines that are only dashes, with text kept as text."""

    FM_BOUNDARY = _BOUNDARY

    def split(self, text: str) -> tuple[str, str]:
        """Front matter and body; ValueError if one of the boundaries is missing."""
        parts = _cut(text)
        if parts is None:
            message = "no front matter"
            raise ValueError(message)
        return parts

    def load(self, fm: str, **_: object) -> Any:
        """The data of the front matter, ordinary mentions as ``Rows``; raises YamlError."""
        return load_rows(fm)


_HANDLER = _TextHandler()

Document = tuple[dict[str, Any], str]
"""Front matter and body."""


def decode(data: bytes) -> str:
    """The text of a file.

    Raises:
        YamlError: where the bytes are not UTF-8, with line and column.
    """
    data = data.removeprefix(BOM_UTF8)
    try:
        return data.decode()
    except UnicodeDecodeError as error:
        before = data[: error.start]
        line = before.count(b"\n") + 1
        column = len(before[before.rfind(b"\n") + 1 :].decode("utf-8", "replace")) + 1
        byte = data[error.start]
        message = f"found the byte 0x{byte:02X}, which is not UTF-8, expected text saved as UTF-8"
        raise YamlError(message, line, column) from error


def yaml_text(text: str) -> str:
    """The front matter of a document; its lines count as those of the file.

    It begins with the line break after the first boundary.
    """
    parts = _cut(text)
    return parts[0] if parts else ""


def parse(text: str) -> Document:
    """Front matter as a mapping, and the body.

    Raises:
        YamlError: if there is no front matter, it does not end, or it is not a mapping;
            the line counts from the start of the file.
    """
    if _BOUNDARY.match(text) is None:  # which python-frontmatter would find below empty lines too
        _refuse_no_mapping(text)
    data, body = frontmatter.parse(text, handler=_HANDLER)
    if not data:
        _refuse_no_mapping(text)
    return data, _indent(text, body) + body if body else body


def _indent(text: str, body: str) -> str:
    """The blanks before the first line of a body, which python-frontmatter takes away: four of them make it code."""
    start = len(text.rstrip()) - len(body)
    blanks = text[text.rfind("\n", 0, start) + 1 : start]
    return blanks if not blanks.strip(" \t") else ""


def _refuse_no_mapping(text: str) -> None:
    """Raise YamlError for a text whose front matter is missing or no mapping; one that is empty passes."""
    if not text.strip():
        raise YamlError("found an empty file, expected front matter between two lines of ---", 1, 1)
    if _BOUNDARY.match(text) is None:
        start = text.split("\n", 1)[0][:40].strip()
        toml = " in YAML; that of TOML is not read" if start == "+++" else ""
        message = f"found {start!r}, expected the line --- that begins the front matter{toml}"
        raise YamlError(message, 1, 1)
    if _cut(text) is None:
        message = "found the end of the file, expected the line --- that ends the front matter"
        raise YamlError(message, text.rstrip("\n").count("\n") + 1, 1)
    found = load(yaml_text(text))
    if found is not None and not isinstance(found, dict):
        kind = "a list" if isinstance(found, list) else "text"
        raise YamlError(f"found {kind}, expected 'key: value' lines", 2, 1)


def left_out_below(shown: str, text: str, front: str) -> list[Problem]:
    """The first character below a front matter that cannot be published.

    Args:
        shown: how messages name the file.
        text: all of it.
        front: its front matter, as ``yaml_text`` gives it.
    """
    found = CONTROL.search(text, text.index(front) + len(front))
    if found is None:
        return []
    line, column = text.count("\n", 0, found.start()) + 1, found.start() - text.rfind("\n", 0, found.start())
    return [Problem(shown, line, column, "warning", "control-character", LEFT_OUT.format(ord(found[0])))]


def positions_of(path: Path, where: Sequence[KeyPath]) -> list[tuple[int, int]]:
    """Line and column, from 1, of fields of a record's file; 1, 1 if it cannot be read any more."""
    try:
        return locate_all(yaml_text(decode(path.read_bytes())), where)
    except (OSError, YamlError):
        return [(1, 1)] * len(where)
