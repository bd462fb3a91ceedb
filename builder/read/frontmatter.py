"""Split a file into YAML front matter and Markdown body."""

from __future__ import annotations

import re
from typing import Any

import frontmatter
from frontmatter.default_handlers import YAMLHandler

from builder.read.fastyaml import load
from builder.read.yamltext import YamlError

__all__ = ["Document", "decode", "parse", "yaml_text"]

_BOUNDARY = re.compile(r"^-{3,}[ \t]*\r?$", re.MULTILINE)


class _TextHandler(YAMLHandler):
    """YAML front matter between lines that are only dashes, with text kept as text."""

    FM_BOUNDARY = _BOUNDARY

    def load(self, fm: str, **_: object) -> Any:
        """The data of the front matter; raises YamlError."""
        return load(fm)


_HANDLER = _TextHandler()

Document = tuple[dict[str, Any], str]
"""Front matter and body."""


def decode(data: bytes) -> str:
    """The text of a file.

    Raises:
        YamlError: where the bytes are not UTF-8, with line and column.
    """
    try:
        return data.decode("utf-8-sig")
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
    parts = _BOUNDARY.split(text, 2)
    return parts[1] if len(parts) > 1 else ""


def parse(text: str) -> Document:
    """Front matter as a mapping, and the body.

    Raises:
        YamlError: if there is no front matter, it does not end, or it is not a mapping;
            the line counts from the start of the file.
    """
    if not text.strip():
        raise YamlError("found an empty file, expected front matter between two lines of ---", 1, 1)
    first = _BOUNDARY.match(text)
    if first is None:
        found = text.split("\n", 1)[0][:40].strip()
        message = f"found {found!r}, expected the line --- that begins the front matter"
        raise YamlError(message, 1, 1)
    if _BOUNDARY.search(text, first.end()) is None:
        message = "found the end of the file, expected the line --- that ends the front matter"
        raise YamlError(message, text.rstrip("\n").count("\n") + 1, 1)
    data, body = frontmatter.parse(text, handler=_HANDLER)
    if not data:
        found = load(yaml_text(text))
        if found is not None and not isinstance(found, dict):
            kind = "a list" if isinstance(found, list) else "text"
            raise YamlError(f"found {kind}, expected 'key: value' lines", 2, 1)
    return data, body
