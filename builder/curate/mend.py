"""Mend what is certain in a record, in its own bytes: only the lines that are wrong change.

Text decoded wrongly, organisms given as one text, and a licence given by name are replaced where they
stand, so that comments, order, quotes, line breaks and a byte order mark stay as they are. What comes
out is read again: if it says anything else than the record with the mended values, the file is left alone.
See ``docs/decisions/0016-curators.md``.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

import yaml

from builder.curate.mojibake import mended, misread
from builder.curate.notes import Note, offset_of
from builder.read.frontmatter import decode, parse, yaml_text
from builder.read.licences import license_address
from builder.read.record import MAX_CHARACTERS, extent
from builder.read.texts import ABSENT
from builder.read.yamltext import BREAK, YamlError, find_node

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

__all__ = ["MENDED", "mend", "organisms_text"]

MENDED = ("mojibake", "organisms-text", "license-name")

_BOM = b"\xef\xbb\xbf"
_WORD = "[A-Za-z0-9./()-]"
# No possessive quantifier on a group: before Python 3.11.5 it keeps what a repetition took that then failed.
_VALUE = (
    rf"""("[^"\\\r\n]*+"|'[^'\r\n]*+'|[A-Za-z]{_WORD}*+(?:[ ]++{_WORD}++)*)"""
    r"(?=[ ]*+(?:(?<=[ ])#[^\r\n]*+)?\r?$)"
)
"""A text on one line that means the same within ``[ ]``, with or without a comment behind it."""
_BEGINS = re.compile(r"^['\"]?organisms['\"]?:(?:[ ]*(?:#[^\n]*)?\r?\n)*[ ]*([^\s#].?)", re.MULTILINE)
"""What the value of ``organisms`` begins with, on the line of the key or below."""
_NULL = frozenset({"", "~", "null"})
_ORGANISMS = re.compile(rf"^organisms:[ ]++{_VALUE}", re.MULTILINE)
MOST_LAYERS = 4
"""How often a text may have been decoded wrongly, one time on top of the other."""
_NAME = re.compile(rf"[A-Za-z]{_WORD}*+(?:[ ]++{_WORD}++)*\Z")
"""One organism: what holds a comma may be several."""
_LICENCE = re.compile(_VALUE, re.MULTILINE)
_NAMED = re.compile(r"\blicense['\"]?:(?![ ]*['\"]?https?://)")
"""A licence that may be given by name: most records have none, or an address, and need no parser."""


_Spoken: TypeAlias = "dict[str, _Spoken | None]"
_NAMES: _Spoken = {"word": None, "symbol": None, "name": None}
SPOKEN: _Spoken = {
    **dict.fromkeys(("figtitle", "caption", "papertitle", "reftext", "journal_title", "annotations", "keywords")),
    **dict.fromkeys(("genes", "chemicals", "diseases"), _NAMES),
    "schema-jsonld": {"description": None, "keywords": None},
}
"""What people wrote, by key, with all that stands below: the texts of which the check tells. Ids, addresses and file
names are none of it: they lead to something under the very letters that they have."""


class _Edit(NamedTuple):
    """A part of a text that is replaced."""

    start: int
    end: int
    text: str


def organisms_text(front: str) -> str:
    """The organisms of a front matter that gives them as one text; else an empty string."""
    begins = _BEGINS.search(front)
    if begins is None or begins[1][0] in "[{" or begins[1] == "- ":
        return ""  # a list, as nearly all: no parser is needed to see that
    text = _text_at(front, ("organisms",))
    return "" if text is None or text.value.strip() in ABSENT else text.value


def _text_at(front: str, where: tuple[str, ...]) -> yaml.ScalarNode | None:
    """The text at a key path, as the parser finds it; None if there is none, or "no value"."""
    *around, last = where
    parent = find_node(front, tuple(around))
    pairs = parent.value if isinstance(parent, yaml.MappingNode) else []
    found = next((value for key, value in pairs if key.value == last), None)
    if not isinstance(found, yaml.ScalarNode) or (not found.style and found.value in _NULL):
        return None
    return found


def _span(front: str, node: yaml.ScalarNode) -> tuple[int, int]:
    """Where a text is written, without white space behind it."""
    lines = [0, *(m.end() for m in BREAK.finditer(front))]
    start, end = (lines[m.line] + m.column for m in (node.start_mark, node.end_mark))
    return start, start + len(front[start:end].rstrip())


def _scalars(node: yaml.Node | None, spoken: _Spoken | None) -> Iterator[yaml.ScalarNode]:
    """The texts of a document that people wrote.

    Args:
        node: a part of it.
        spoken: which keys below it hold such texts; None for all of them.
    """
    todo, seen = [(node, spoken)], set()
    while todo:
        node, spoken = todo.pop()
        if (id(node), id(spoken)) in seen:  # aliases lead to one node again and again
            continue
        seen.add((id(node), id(spoken)))
        if isinstance(node, yaml.ScalarNode) and spoken is None:
            yield node
        elif isinstance(node, yaml.SequenceNode):
            todo += [(item, spoken) for item in node.value]
        elif isinstance(node, yaml.MappingNode) and spoken is not None:
            todo += [(value, spoken[key.value]) for key, value in node.value if key.value in spoken]


def _misread(text: str, front: str) -> list[_Edit]:
    """Edits of wrongly decoded text in values that people wrote and in the body; all else is left alone."""
    edits = [_Edit(m.start, m.end, m.original) for m in misread(text)]
    begin = text.find(front)
    end = begin + len(front)
    if not any(begin <= e.start < end for e in edits):
        return edits
    lines = [begin, *(begin + m.end() for m in BREAK.finditer(front))]
    spans = [
        (lines[s.start_mark.line] + s.start_mark.column, lines[s.end_mark.line] + s.end_mark.column)
        for s in _scalars(find_node(front, ()), SPOKEN)
    ]
    return [e for e in edits if e.start >= end or any(a <= e.start and e.end <= b for a, b in spans)]


def _organisms(front: str) -> Iterator[_Edit]:
    """Edit of organisms given as one text: a list of one, on the same line."""
    if not organisms_text(front):
        return
    if (found := _ORGANISMS.search(front)) and _NAME.match(found[1].strip("'\"").strip()):
        yield _Edit(found.start(1), found.end(1), f"[{found[1]}]")
    elif (node := _text_at(front, ("organisms",))) and _NAME.match(node.value.strip()):
        start, end = _span(front, node)
        if node.style in {"|", ">"} or "\n" not in front[start:end]:  # else it may be two, a line each
            yield _Edit(start, end, f"[{node.value.strip()}]")


def _licence(front: str) -> Iterator[_Edit]:
    """Edit of a licence given by name: its address, without quotes, which it does not need."""
    if _NAMED.search(front) is None:
        return
    start = offset_of(front, Note("license-name", "", "schema-jsonld", "license"))
    found = _LICENCE.match(front, start) if start else None
    if found:
        if address := license_address(found[1].strip("'\"")):
            yield _Edit(found.start(), found.end(), address)
    elif (node := _text_at(front, ("schema-jsonld", "license"))) and (address := license_address(node.value)):
        yield _Edit(*_span(front, node), address)


def _replaced(text: str, edits: list[_Edit]) -> str:
    """A text with its edits."""
    for start, end, new in sorted(edits, reverse=True):
        text = text[:start] + new + text[end:]
    return text


def _tree(value: Any, spoken: _Spoken | None) -> Any:
    """Data with the texts that people wrote decoded rightly; the arguments are those of ``_scalars``."""
    if isinstance(value, str):
        return mended(value) if spoken is None else value
    if isinstance(value, list):
        return [_tree(v, spoken) for v in value]
    if isinstance(value, dict) and spoken is not None:
        return {k: _tree(v, spoken[k]) if k in spoken else v for k, v in value.items()}
    return value


def _wanted(data: dict[str, Any], rules: Collection[str]) -> dict[str, Any]:
    """The front matter as it should be."""
    out = dict(_tree(data, SPOKEN) if "mojibake" in rules else data)
    organisms = out.get("organisms")
    if "organisms-text" in rules and isinstance(organisms, str) and organisms.strip() not in ABSENT:
        out["organisms"] = [organisms.strip()]
    schema = out.get("schema-jsonld")
    if "license-name" in rules and isinstance(schema, dict) and isinstance(said := schema.get("license"), str):
        out["schema-jsonld"] = {**schema, "license": license_address(said) or said}
    return out


def mend(data: bytes, rules: Collection[str]) -> bytes:
    """The bytes of a record with what is certain mended; the same bytes where nothing can be.

    Args:
        data: the file.
        rules: those of ``MENDED`` to heed.
    """
    for _ in range(MOST_LAYERS):
        out = _mended(data, rules)
        if out is None:
            break
        if out == data:
            return data
        data = out
    else:
        return data
    # Something of it cannot be mended: it must not keep the rest from it.
    for rule in MENDED:
        if rule in rules:
            data = _mended(data, (rule,)) or data
    return data


def _mended(data: bytes, rules: Collection[str]) -> bytes | None:
    """As ``mend``; None if the mended text would be read as anything but the record with what was to be mended."""
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
        return None
    if extent(before, {}, MAX_CHARACTERS) > MAX_CHARACTERS:
        return data  # what aliases make of it is too much to compare, and the record is refused
    wanted = mended(body) if "mojibake" in rules else body
    if body_after != wanted or after != _wanted(before, rules):
        return None
    return (_BOM if data.startswith(_BOM) else b"") + out.encode()
