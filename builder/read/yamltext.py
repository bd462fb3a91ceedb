"""YAML in which text stays text.

A loader without implicit types: ``NO``, ``1E5`` and ``2020`` are the strings that the
curator wrote. Only an empty value, ``~`` and ``null`` are ``None``. Keys that occur twice
are an error, which PyYAML alone would pass over.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import yaml

from builder.read.yamlfault import told

__all__ = [
    "MAX_NESTING",
    "YamlError",
    "find_node",
    "load",
    "locate",
    "locate_all",
    "locate_key",
    "may_nest_deep",
    "require_libyaml",
]

MAX_NESTING = 100
"""Levels of lists and mappings; records have four. Parsers recurse, and crash where the stack ends."""
_HARMLESS = 8_000
"""Characters in which nothing can be nested so deep that a parser crashes."""

if TYPE_CHECKING:
    from collections.abc import Sequence

try:
    from yaml import CSafeLoader as _Base
except ImportError:  # pragma: no cover - depends on how PyYAML was built
    from yaml import SafeLoader as _Base  # type: ignore[assignment]

_NULL = re.compile(r"(?:~|null|)\Z")


BREAK = re.compile("\r\n|[\n\r\x85\u2028\u2029]")
"""What ends a line for YAML 1.1, by which its parser counts."""
_OTHER_BREAK = re.compile("\r(?!\n)|[\x85\u2028\u2029]")
"""Those that do not for editors."""


class YamlError(ValueError):
    """YAML that cannot be read; ``line`` and ``column`` count from 1 within the text."""

    def __init__(self, message: str, line: int, column: int) -> None:
        super().__init__(message)
        self.line = line
        self.column = column


_TAG = "tag:yaml.org,2002:"
_NULL_TAG, _TEXT_TAG, _SEQ_TAG, _MAP_TAG = (_TAG + kind for kind in ("null", "str", "seq", "map"))


class _TextLoader(_Base):
    """CSafeLoader that resolves plain scalars to text, or to null when empty."""

    yaml_implicit_resolvers: dict[str, Any] = {  # noqa: RUF012 - the name is PyYAML's
        first: [(_NULL_TAG, _NULL)] for first in ("~", "n", "")
    }


def _plain(node: yaml.Node, made: dict[int, Any]) -> Any:
    """The data of a node: text, None, a list or a dict.

    Much faster than PyYAML's constructor, which is written for any type. A node that aliases
    name again is made once.
    """
    tag, value = node.tag, node.value
    if tag == _TEXT_TAG and type(node) is yaml.ScalarNode:
        return value
    if tag == _NULL_TAG and type(node) is yaml.ScalarNode:
        return None
    if tag == _MAP_TAG and type(node) is yaml.MappingNode:
        if (done := made.get(id(node))) is not None:
            return done
        mapping: dict[str, Any] = {}
        made[id(node)] = mapping
        for key, item in value:
            if type(key) is not yaml.ScalarNode or key.tag not in {_TEXT_TAG, _NULL_TAG}:
                raise _refusal("found a key that is not text, expected text", key)
            mapping[key.value] = _plain(item, made)
        if len(mapping) < len(value):
            _refuse_twins(value)
        return mapping
    if tag == _SEQ_TAG and type(node) is yaml.SequenceNode:
        if (done := made.get(id(node))) is not None:
            return done
        items: list[Any] = []
        made[id(node)] = items
        items.extend(_plain(item, made) for item in value)
        return items
    shown = f"!!{tag.removeprefix(_TAG)}" if tag.startswith(_TAG) else tag
    raise _refusal(f"found the YAML tag {shown}, expected plain text, lists and mappings", node)


def _place(text: str, line: int, column: int) -> tuple[int, int]:
    """Line and column as editors and Git count, from those of YAML 1.1, for which other characters end lines too."""
    if not _OTHER_BREAK.search(text):
        return line, column
    begins = [0, *(m.end() for m in BREAK.finditer(text))]
    at = begins[min(line, len(begins)) - 1] + column - 1
    return text.count("\n", 0, at) + 1, at - text.rfind("\n", 0, at)


def _refusal(message: str, node: yaml.Node) -> YamlError:
    """The error for a node, with its place."""
    return YamlError(message, node.start_mark.line + 1, node.start_mark.column + 1)


def _refuse_twins(pairs: list[tuple[yaml.Node, yaml.Node]]) -> None:
    """Raise for the first key of a mapping that has occurred before."""
    seen: dict[str, int] = {}
    for key, _ in pairs:
        if key.value in seen:
            first = seen[key.value] + 1
            message = f"found the key '{key.value[:60]}' again, expected it once; it is first on line {first}"
            raise _refusal(message, key)
        seen[key.value] = key.start_mark.line


def require_libyaml() -> None:
    """Raise RuntimeError if PyYAML was installed without libyaml, which makes it ten times slower."""
    if not yaml.__with_libyaml__:
        message = (
            "PyYAML was installed without libyaml and would be ten times slower; "
            "reinstall it from a wheel: pip install --force-reinstall --only-binary :all: pyyaml"
        )
        raise RuntimeError(message)


def _fault(error: yaml.YAMLError, source: str) -> YamlError:
    """PyYAML's error with a position and in words for a curator.

    Args:
        error: as PyYAML raised it.
        source: the text that it is about.
    """
    if isinstance(error, yaml.MarkedYAMLError):
        message, line, column = told(error, source)
        return YamlError(message, *_place(source, line, column))
    if isinstance(error, yaml.reader.ReaderError):
        return YamlError(
            f"found the character U+{ord(error.character):04X}, which YAML does not allow"
            if isinstance(error.character, str)
            else f"{error.reason}",
            1,
            1,
        )
    return YamlError(str(error), 1, 1)


def _control_character(text: str) -> YamlError | None:
    """The first character that YAML forbids, with its place, which libyaml does not tell."""
    found = re.search("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]", text)
    if found is None:
        return None
    line = text.count("\n", 0, found.start())
    column = found.start() - text.rfind("\n", 0, found.start())
    message = f"found the character U+{ord(found[0]):04X}, which YAML does not allow"
    return YamlError(message, line + 1, column)


def may_nest_deep(text: str) -> bool:
    """Whether a text may hold so many levels that a parser crashes; judged by what can open one beside a line break."""
    if len(text) <= _HARMLESS:
        return False
    opening = text.count("[") + text.count("{") + text.count("- ") + text.count("? ") - text.count("\n")
    return opening > 10 * MAX_NESTING


def _too_deep(text: str) -> YamlError | None:
    """The error for the first value that is nested too deep; None if there is none.

    libyaml's own parser, which tells of one thing after the other, does not recurse.
    """
    depth = 0
    try:
        for event in yaml.parse(text, Loader=_TextLoader):
            if isinstance(event, yaml.CollectionStartEvent):
                depth += 1
                if depth > MAX_NESTING and (mark := event.start_mark):
                    message = f"found values nested more than {MAX_NESTING} levels deep"
                    return YamlError(message, *_place(text, mark.line + 1, mark.column + 1))
            elif isinstance(event, yaml.CollectionEndEvent):
                depth -= 1
    except (yaml.YAMLError, UnicodeEncodeError):
        pass  # which whoever loads the text will find too
    return None


def load(text: str) -> Any:
    """The data of a YAML document: text, None, lists and dicts.

    Raises:
        YamlError: if the text is not YAML, has a key twice, or asks for a type by a tag.
    """
    if may_nest_deep(text) and (fault := _too_deep(text)):
        raise fault
    try:
        node = yaml.compose(text, Loader=_TextLoader)
        return None if node is None else _plain(node, {})
    except YamlError as error:
        raise YamlError(str(error), *_place(text, error.line, error.column)) from None
    except yaml.YAMLError as error:
        raise _control_character(text) or _fault(error, text) from error
    except (RecursionError, UnicodeEncodeError) as error:
        fault = _control_character(text) or _too_deep(text)
        raise fault or YamlError(f"found a value that cannot be read: {error}", 1, 1) from error


def locate(text: str, where: tuple[str | int, ...]) -> tuple[int, int]:
    """Line and column, from 1, of the value at a key path, or of the nearest thing around it.

    In a list a step is an index, or the text of the item that is meant.
    """
    return locate_all(text, [where])[0]


def locate_key(text: str, *keys: str) -> tuple[int, int]:
    """Line and column, from 1, of a key of the outermost mapping, or below it: each one below the one before."""
    node, found = _compose(text), None
    for key in keys:
        here = [(k, v) for k, v in node.value if k.value == key] if isinstance(node, yaml.MappingNode) else []
        found, node = here[0] if here else (None, None)
    return _mark(text, found)


def locate_all(text: str, places: Sequence[tuple[str | int, ...]]) -> list[tuple[int, int]]:
    """As ``locate``, for many places: the text is parsed once."""
    root = _compose(text)
    known: dict[int, dict[str, yaml.Node]] = {}
    return [_mark(text, _node(root, where, known)) for where in places]


def find_node(text: str, where: tuple[str | int, ...]) -> yaml.Node | None:
    """The node at a key path, or the nearest thing around it; None for what is no YAML."""
    return _node(_compose(text), where, {})


@lru_cache(maxsize=1)  # many places are asked for in one text after the other
def _compose(text: str) -> yaml.Node | None:
    """The root of a document; None for what is no YAML, or nested too deep."""
    try:
        return None if may_nest_deep(text) and _too_deep(text) else yaml.compose(text, Loader=_TextLoader)
    except (yaml.YAMLError, RecursionError, UnicodeEncodeError):
        return None


def _mark(text: str, node: yaml.Node | None) -> tuple[int, int]:
    """Line and column of a node; 1, 1 without one."""
    return _place(text, node.start_mark.line + 1, node.start_mark.column + 1) if node else (1, 1)


def _node(
    node: yaml.Node | None, where: tuple[str | int, ...], known: dict[int, dict[str, yaml.Node]]
) -> yaml.Node | None:
    """The node at a key path below a node, or the nearest around it."""
    for step in where:
        child = _child(node, step, known)
        if child is None:
            break
        node = child
    return node


def _child(node: yaml.Node | None, step: str | int, known: dict[int, dict[str, yaml.Node]]) -> yaml.Node | None:
    """The value node under a key, an index or a text, or None; ``known`` keeps those that were looked up by text."""
    if isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
        return node.value[step]  # type: ignore[no-any-return]
    if not isinstance(node, yaml.CollectionNode):
        return None
    if (named := known.get(id(node))) is None:
        pairs = ((n, n) for n in node.value) if isinstance(node, yaml.SequenceNode) else node.value
        named = known[id(node)] = {}
        for key, value in pairs:
            if isinstance(key, yaml.ScalarNode):
                named.setdefault(key.value, value)
    return named.get(step) if isinstance(step, str) else None
