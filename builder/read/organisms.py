"""What a checkout of PFOCR knows of organisms: ``_organisms/*.md``, one file an organism."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from builder.model import Organism
from builder.names import fold, real
from builder.problems import Problem
from builder.read.frontmatter import decode, parse, yaml_text
from builder.read.texts import ABSENT, CONTROL, LEFT_OUT, published, short
from builder.read.yamltext import YamlError, locate

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["portrait_file", "read_organisms"]

FIELDS = {"latin": "name", "ncbi": "ncbi", "group": "group", "common": "common", "title": "title", "image": "image"}
"""Key of the file -> field of ``Organism``."""


def portrait_file(root: Path, image: str) -> Path | None:
    """The picture that an organism names, if it is a file of the checkout, else None.

    Args:
        root: folder of the checkout.
        image: path in it; a slash may stand before.
    """
    try:
        path = real(root / image.lstrip("/"))
        return path if path.is_relative_to(real(root)) and path.is_file() else None
    except (OSError, ValueError):
        return None


class _Told(NamedTuple):
    """What a file tells."""

    shown: str
    """How messages name it."""
    organism: Organism | None
    """None where it names none."""
    problems: list[Problem]
    text: str = ""
    """All of it."""


def _read(path: Path, shown: str, root: Path) -> _Told:
    """An organism and what is wrong with its file, which is one of the checkout in a folder."""
    try:
        text = decode(path.read_bytes())
        data, _ = parse(text)
    except OSError as error:
        return _Told(shown, None, [Problem(shown, 1, 1, "error", "unreadable", f"cannot read it: {error.strerror}")])
    except YamlError as error:
        return _Told(shown, None, [Problem(shown, error.line, error.column, "error", "front-matter", str(error))])
    fields: dict[str, Any] = {}
    problems = []
    for key, name in FIELDS.items():
        value = data.get(key) or ""
        if not isinstance(value, str):
            message = f"found a list or a mapping in '{key}', expected text; it is left out"
            line, column = locate(yaml_text(text), (key,))
            problems.append(Problem(shown, line, column, "warning", "organism-text", message))
            continue
        value = value.strip()
        if found := CONTROL.search(value):
            place = locate(yaml_text(text), (key,))
            problems.append(Problem(shown, *place, "warning", "control-character", LEFT_OUT.format(ord(found[0]))))
        fields[name] = "" if value in ABSENT else published(value) if found else value
    if not fields.get("name"):
        fields["name"] = fields.get("title", "")
    if not fields["name"]:
        message = "found no latin name, expected 'latin: Homo sapiens'; the organism is left out"
        return _Told(shown, None, [*problems, Problem(shown, 1, 1, "warning", "organism-without-name", message)])
    if fields.get("image") and not portrait_file(root, fields["image"]):
        message = f"found '{short(fields['image'])}', expected the path of a file in the checkout; it has no picture"
        line, column = locate(yaml_text(text), ("image",))
        problems.append(Problem(shown, line, column, "warning", "organism-image", message))
    return _Told(shown, Organism(**fields, slugs=(path.name.removesuffix(".md"),)), problems, text)


def _contradictions(told: _Told, first: _Told) -> list[Problem]:
    """What a file tells of an organism otherwise than one that comes before it."""
    found = []
    for key, name in FIELDS.items():
        was, now = (str(getattr(t.organism, name)) for t in (first, told))
        if name != "name" and was and now and was != now:
            line, column = locate(yaml_text(told.text), (key,))
            message = f"found '{short(now)}', but {Path(first.shown).name} has '{short(was)}', which is shown"
            found.append(Problem(told.shown, line, column, "warning", "organism-twice", message))
    return found


def read_organisms(files: Iterable[tuple[Path, str]], root: Path) -> tuple[list[Organism], list[Problem]]:
    """The organisms of a checkout, and what is wrong with their files.

    Args:
        files: each file, and how messages name it.
        root: folder of the checkout.
    """
    organisms: list[Organism] = []
    problems: list[Problem] = []
    first: dict[str, _Told] = {}
    for told in (_read(path, shown, root) for path, shown in files):
        problems += told.problems
        if told.organism is None:
            continue
        organisms.append(told.organism)
        if (before := first.setdefault(fold(told.organism.name), told)) is not told:
            problems += _contradictions(told, before)
    return organisms, problems
