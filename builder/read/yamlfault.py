"""What is wrong with YAML, in words for a curator, and at the place that is to be mended.

libyaml tells where it could not go on. A quotation mark or bracket that nothing closes stands far above that, and a
sign that means something to YAML is, in a caption, the beginning of a text.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    import yaml

__all__ = ["Told", "told"]

_SIGNS = frozenset("@`%*&!|>,]}?-")
"""What a plain text cannot begin with, of which libyaml says many things."""
_BEFORE_VALUE = re.compile(r"(?:.*[:\[{,]|\s*(?:-\s+)*-)?\s*\Z")
_NO_BLANK = re.compile(r"[\s-]*[\w-]+:\S")
_KEY = re.compile(r"['\"]?[\w@.-]+['\"]?:(?:\s|\Z)")
_ENTRY = "an entry of a list stands below a line that ends in the list's key and a colon"
_QUOTES = "a value that begins with a quotation mark must end with it: put all of it into quotes"
_COLON = "a value that holds ': ' needs quotes"
_INDENT = "a key is indented as those before it"
_ESCAPE = "a \\ within double quotes begins an escape: single quotes have none"


class Told(NamedTuple):
    """An error, and its place from 1 within the text."""

    message: str
    line: int
    column: int


class _Text:
    """A text by its lines."""

    def __init__(self, source: str) -> None:
        self._lines = source.split("\n")

    def line(self, mark: yaml.Mark) -> str:
        """The line of a place."""
        return self._lines[mark.line] if mark.line < len(self._lines) else ""

    def before(self, mark: yaml.Mark) -> str:
        """What stands before a place in its line."""
        return self.line(mark)[: mark.column]

    def at(self, mark: yaml.Mark) -> str:
        """The character at a place."""
        return self.line(mark)[mark.column : mark.column + 1]


def _unclosed(error: yaml.MarkedYAMLError, opened: yaml.Mark, text: _Text) -> str:
    """In words, if a quotation mark, a bracket or a line is open that began at a place."""
    sign, found, problem = text.at(opened), error.problem_mark, error.problem or ""
    if problem == "found unexpected end of stream":
        return f"found a quotation mark {sign} that nothing closes, expected another where the value ends"
    if problem.startswith("did not find expected ',' or") and found is not None and found.line > opened.line:
        where = f"before line {found.line + 1}"
        return f"found a bracket {sign} that nothing closes {where}, expected {problem[-2]} behind it"
    if problem == "could not find expected ':'":
        hint = " (a blank must follow the colon)" if _NO_BLANK.match(text.line(opened)) else ""
        return f"found a line without ': ', expected 'key: value'{hint}"
    return ""


def _sign(mark: yaml.Mark | None, text: _Text) -> str:
    """In words, if a value begins at a place with what means something to YAML."""
    sign = text.at(mark) if mark is not None else ""
    if sign == "\t":
        return "found a tab, expected blanks"
    if sign in _SIGNS and mark is not None and _BEFORE_VALUE.match(text.before(mark)):
        return f"found {sign} at the start of a value, where it means something to YAML, expected quotes around it all"
    return ""


def _hint(message: str, mark: yaml.Mark | None, text: _Text) -> str:
    """What may help with an error of libyaml's."""
    if "mapping values are not allowed" in message:
        first = mark is not None and " " not in text.before(mark).strip().removeprefix("- ")
        below = first and mark is not None and mark.line > 1
        return f"{_COLON}, and {_INDENT}" if below else _COLON
    if message.endswith("did not find expected key"):
        if mark is not None and _KEY.match(text.line(mark)[mark.column :]):
            return _INDENT
        return _ENTRY if mark is not None and text.line(mark).lstrip().startswith("- ") else _QUOTES
    if message.endswith("<document start>"):
        return _INDENT
    return _ESCAPE if message.endswith("unknown escape character") else ""


def told(error: yaml.MarkedYAMLError, source: str) -> Told:
    """An error of libyaml in words.

    Args:
        error: as PyYAML raised it.
        source: the text that it is about.
    """
    text = _Text(source)
    opened, found = error.context_mark, error.problem_mark
    place, message = found or opened, ""
    if opened is not None and (message := _unclosed(error, opened, text)):
        place = opened
    elif message := _sign(found, text) if "expected key" not in (error.problem or "") else "":
        place = found
    elif opened is not None and "scanning" in (error.context or "") and (message := _sign(opened, text)):
        place = opened
    if not message:
        message = " ".join(t for t in (error.context, error.problem) if t)
        if hint := _hint(message, place, text):
            message += f" ({hint})"
    return Told(message, (place.line if place else 0) + 1, (place.column if place else 0) + 1)
