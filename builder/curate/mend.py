"""Mend what is certain in a record, in its own bytes: only the lines that are wrong change.

Text decoded wrongly, organisms given as one text, and a licence given by name are replaced where they
stand, so that comments, order, quotes, line breaks and a byte order mark stay as they are. What comes
out is read again: if it says anything else than the record with the mended values, the file is left alone.
See ``docs/decisions/0016-curators.md``.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple

import yaml

from builder.curate.mojibake import mended, misread
from builder.curate.notes import Note, offset_of
from builder.read.frontmatter import decode, parse, yaml_text
from builder.read.texts import ABSENT
from builder.read.yamltext import YamlError, find_node
from builder.render.lexicons import LICENSES

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

__all__ = ["MENDED", "mend", "organisms_text"]

MENDED = ("mojibake", "organisms-text", "license-name")

_BOM = b"\xef\xbb\xbf"
_WORD = "[A-Za-z0-9./()-]"
_VALUE = (
    rf"""("[^"\\\r\n]*+"|'[^'\r\n]*+'|[A-Za-z]{_WORD}*+(?:[ ]++{_WORD}++)*+)"""
    r"(?=[ ]*+(?:(?<=[ ])#[^\r\n]*+)?\r?$)"
)
"""A text on one line that means the same within ``[ ]``, with or without a comment behind it."""
_ORGANISMS = re.compile(rf"^organisms:[ ]++{_VALUE}", re.MULTILINE)
_LICENCE = re.compile(_VALUE, re.MULTILINE)
_BREAKS = re.compile("\r\n|[\n\r\x85\u2028\u2029]")
"""What ends a line for YAML 1.1, by which its parser counts."""


class _Edit(NamedTuple):
    """A part of a text that is replaced."""

    start: int
    end: int
    text: str


def organisms_text(front: str) -> str:
    """The organisms of a front matter that gives them as one text on a line; else an empty string."""
    found = _ORGANISMS.search(front)
    text = found[1].strip("'\"") if found else ""
    return "" if text.strip() in ABSENT | {"null"} else text


def _scalars(node: yaml.Node | None) -> Iterator[yaml.ScalarNode]:
    """Every text of a document."""
    todo, seen = [node], set()
    while todo:
        node = todo.pop()
        if node is None or id(node) in seen:
            continue
        seen.add(id(node))
        if isinstance(node, yaml.ScalarNode):
            yield node
        elif isinstance(node, yaml.SequenceNode):
            todo += node.value
        elif isinstance(node, yaml.MappingNode):
            todo += [part for pair in node.value for part in pair]


def _misread(text: str, front: str) -> list[_Edit]:
    """Edits of wrongly decoded text in values and in the body; comments are left alone."""
    edits = [_Edit(m.start, m.end, m.original) for m in misread(text)]
    begin = text.find(front)
    end = begin + len(front)
    if not any(begin <= e.start < end for e in edits):
        return edits
    lines = [begin, *(begin + m.end() for m in _BREAKS.finditer(front))]
    spans = [
        (lines[s.start_mark.line] + s.start_mark.column, lines[s.end_mark.line] + s.end_mark.column)
        for s in _scalars(find_node(front, ()))
    ]
    return [e for e in edits if e.start >= end or any(a <= e.start and e.end <= b for a, b in spans)]


def _organisms(front: str) -> Iterator[_Edit]:
    """Edit of organisms given as one text: a list of one, on the same line."""
    if organisms_text(front) and (found := _ORGANISMS.search(front)):
        yield _Edit(found.start(1), found.end(1), f"[{found[1]}]")


def _licence(front: str) -> Iterator[_Edit]:
    """Edit of a licence given by name: its address, without quotes, which it does not need."""
    start = offset_of(front, Note("license-name", "", "schema-jsonld", "license"))
    found = _LICENCE.match(front, start) if start else None
    if found and (name := found[1].strip("'\"")) in LICENSES:
        yield _Edit(found.start(), found.end(), LICENSES[name])


def _replaced(text: str, edits: list[_Edit]) -> str:
    """A text with its edits."""
    for start, end, new in sorted(edits, reverse=True):
        text = text[:start] + new + text[end:]
    return text


def _tree(value: Any) -> Any:
    """Data with every text decoded rightly."""
    if isinstance(value, str):
        return mended(value)
    if isinstance(value, list):
        return [_tree(v) for v in value]
    return {mended(k): _tree(v) for k, v in value.items()} if isinstance(value, dict) else value


def _wanted(data: dict[str, Any], rules: Collection[str]) -> dict[str, Any]:
    """The front matter as it should be."""
    out = dict(_tree(data) if "mojibake" in rules else data)
    organisms = out.get("organisms")
    if "organisms-text" in rules and isinstance(organisms, str) and organisms.strip() not in ABSENT:
        out["organisms"] = [organisms]
    schema = out.get("schema-jsonld")
    if "license-name" in rules and isinstance(schema, dict) and schema.get("license") in LICENSES:
        out["schema-jsonld"] = {**schema, "license": LICENSES[schema["license"]]}
    return out


def mend(data: bytes, rules: Collection[str]) -> bytes:
    """The bytes of a record with what is certain mended; the same bytes where nothing can be.

    Args:
        data: the file.
        rules: those of ``MENDED`` to heed.
    """
    try:
        text = decode(data)
    except YamlError:
        return data
    front = yaml_text(text)
    offset = text.find(front)
    edits = list(_organisms(front)) if "organisms-text" in rules else []
    edits += _licence(front) if "license-name" in rules else []
    edits = [_Edit(e.start + offset, e.end + offset, e.text) for e in edits]
    edits += _misread(text, front) if "mojibake" in rules else []
    if not edits:
        return data
    out = _replaced(text, edits)
    try:
        before, body = parse(text)
        after, body_after = parse(out)
    except YamlError:
        return data
    wanted = mended(body) if "mojibake" in rules else body
    if body_after != wanted or after != _wanted(before, rules):
        return data
    return (_BOM if data.startswith(_BOM) else b"") + out.encode()
