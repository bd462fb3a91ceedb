"""The fast way to read front matter, with PyYAML as the reference.

Nearly every record is read line by line (``lines.py``), its mentions row by row (``rows.py``).
The rest goes to yaml-rs. It reads a record in a tenth of PyYAML's time, but it reads YAML 1.2
and turns text into numbers. So its result is taken only where every value came back as text, or
where the text of a number stands plainly in the source. Whatever it refuses, whatever it might
read differently, and every error is PyYAML's, which also has the words, the line and the column. See
``docs/decisions/0002-yaml.md``.
"""

from __future__ import annotations

import re
from typing import Any

import msgspec
from yaml_rs import YAMLDecodeError, loads

from builder.read import yamltext
from builder.read.lines import OddError, read_lines
from builder.read.rows import Rows, cut, plain

__all__ = ["load", "load_rows"]

# What the two readers treat differently wherever it stands: controls, tabs, line breaks of YAML 1.1 alone.
_ANYWHERE = re.compile("[\x00-\x08\t\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]")
_ORDINARY = bytes(range(0x20, 0x7F)) + b"\n"
"""ASCII without controls: none of those."""
# Indicators: tags, anchors, aliases, block scalars, directives, complex keys. They count at the start of a value.
_INDICATORS = "!&*|>%@`?"
_BEFORE_VALUE = frozenset("\n-:?,[{")
# List marks and a key that begin a line; a quoted key may hold anything.
_BLOCK_START = re.compile(r"[ \r]*(?:[-?:][ \r]+)*(?:[\"'].*|[^\"'].*?:[ \r]+(?:[-?:][ \r]+)*)?\Z")
_FLOW_COLON = re.compile(r"[\[{,][ \r\n]*:")
_ODD = re.compile(r"\r(?!\n)|^(?:\.\.\.|---)|\\[uU]0*[dD][89a-fA-F]", re.MULTILINE)
_NULL = re.compile(r"[ ]*(?:~|null)?[ \t]*$")
_NUMBER = re.compile(r"[ ]+([+.\w-]+)[ ]*$")


def _starts_a_value(text: str, indicator: str, *, flow: bool) -> bool:
    """Whether an indicator stands anywhere where a value begins.

    Args:
        text: front matter.
        indicator: a character.
        flow: whether the text has lists or mappings in brackets, in which values also begin behind commas and brackets.
    """
    at = text.find(indicator)
    while at >= 0:
        before = at - 1
        while before >= 0 and text[before] in " \r":
            before -= 1
        if before < 0 or (text[before] in _BEFORE_VALUE and (flow or _starts_in_block(text, before, at))):
            return True
        at = text.find(indicator, at + 1)
    return False


def _starts_in_block(text: str, before: int, at: int) -> bool:
    """Whether a value may begin at a place outside of brackets.

    Args:
        text: front matter.
        before: the last character before that place that is not white space.
        at: the place.
    """
    if before == at - 1:
        return text[before] == "\n"
    begin = text.rfind("\n", 0, before) + 1
    if text[before] != "\n":
        return _BLOCK_START.match(text, begin, at) is not None
    # An indented line goes on with the text of the line before, unless that ends with a key or a mark of a list, stands
    # further to the right, or has a key that does not stand further to the left.
    line = text[begin:before].rstrip(" \r")
    if not line or line[-1] in ":-?" or "#" in line:
        return True
    indent = at - before - 1
    return indent < len(line) - len(line.lstrip(" ")) or (": " in line and indent <= len(line) - len(line.lstrip("- ")))


def _has_flow(text: str) -> bool:
    """Whether a list or a mapping in brackets begins anywhere; an empty list is none."""
    if "{" in text and _starts_a_value(text, "{", flow=False):
        return True
    return text.count("[") != text.count("[]") and _starts_a_value(text.replace("[]", ""), "[", flow=False)


def _doubtful(text: str) -> bool:
    """Whether the two readers may differ on a text without special characters, judged on the safe side."""
    flow = _has_flow(text)
    if any(_starts_a_value(text, indicator, flow=flow) for indicator in _INDICATORS if indicator in text):
        return True
    if flow and _FLOW_COLON.search(text):
        return True
    return ("\r" in text or "\n..." in text or "\n---" in text or "\\" in text) and _ODD.search(text) is not None


class _UnsureError(Exception):
    """The fast result may differ from the reference."""


def _line(text: str, key: str, value: re.Pattern[str]) -> re.Match[str]:
    """The one line that gives a top-level key this kind of value."""
    start = f"\n{key}:"
    at = text.find(start)
    if at < 0 or text.find(start, at + 1) >= 0:
        raise _UnsureError
    begin = at + len(start)
    end = text.find("\n", begin)
    found = value.match(text[begin : end if end >= 0 else None].removesuffix("\r"))
    if found is None:
        raise _UnsureError
    return found


_Mentions = list[dict[str, str]]
_Schema = dict[str, str | list[str] | dict[str, str]]


def _checked(value: Any) -> Any:
    """A nested value if all its leaves are text."""
    kind = type(value)
    try:
        # The shapes of ordinary records are checked in one call each; whatever else there is, item by item.
        if kind is list and value:
            return msgspec.convert(value, _Mentions if type(value[0]) is dict else list[str])
        if kind is dict:
            return msgspec.convert(value, _Schema)
    except msgspec.ValidationError:
        pass
    return _checked_slowly(value)


def _checked_slowly(value: Any) -> Any:
    """As ``_checked``, for any shape."""
    if type(value) is list:
        for item in value:
            if type(item) is not str:
                _checked_slowly(item)
    elif type(value) is dict:
        for key, item in value.items():
            if type(key) is not str:
                raise _UnsureError
            if type(item) is not str:
                _checked_slowly(item)
    elif type(value) is not str:
        raise _UnsureError
    return value


def _top(text: str, key: Any, value: Any) -> Any:
    """A top-level value as text."""
    if type(key) is not str:
        raise _UnsureError
    if value is None:
        _line(text, key, _NULL)
        return None
    if type(value) in {int, float, bool}:
        return _line(text, key, _NUMBER)[1]
    return _checked(value)


def _parse(text: str) -> dict[str, Any]:
    """The data of a mapping, by the fast parser."""
    data: Any = loads(text, parse_datetime=False)
    if type(data) is not dict:
        raise _UnsureError
    for key, value in data.items():
        if type(value) is not str or type(key) is not str:
            data[key] = _top(text, key, value)
    return data


def _with_rows(data: dict[str, Any], rows: dict[str, Rows]) -> dict[str, Any]:
    """The data of a record and the rows that were cut out of it."""
    for key, value in rows.items():
        if data.get(key) != []:  # what was cut stood inside of something else
            raise _UnsureError
        data[key] = value
    return data


def _special(text: str) -> bool:
    """Whether a text holds a character that the two readers treat differently wherever it stands."""
    # Few characters are no ordinary ones, and the rest is taken away at once.
    odd = text.encode("utf-8", "surrogatepass").translate(None, _ORDINARY)
    return bool(odd) and _ANYWHERE.search(odd.decode("utf-8", "surrogatepass")) is not None


def load_rows(text: str) -> Any:
    """As ``load``, but lists of ordinary mentions come as ``Rows``.

    Raises:
        YamlError: if the text is not YAML, has a key twice, or asks for a type by a tag.
    """
    rest, rows = cut(text) if "\\" not in text else (text, {})
    special = _special(rest)
    try:
        if not special and "\r" not in rest:
            return _with_rows(read_lines(rest), rows)
    except (OddError, _UnsureError):
        pass
    if special or yamltext.may_nest_deep(rest) or _doubtful(rest):
        return yamltext.load(text)
    try:
        return _with_rows(_parse(rest), rows)
    except (YAMLDecodeError, _UnsureError, RecursionError, UnicodeError, TypeError):
        return yamltext.load(text)


def load(text: str) -> Any:
    """The data of a YAML document: text, None, lists and dicts, the same as ``yamltext.load``.

    Raises:
        YamlError: if the text is not YAML, has a key twice, or asks for a type by a tag.
    """
    return plain(load_rows(text))
