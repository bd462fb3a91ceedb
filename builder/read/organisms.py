"""What a checkout of PFOCR knows of organisms: ``_organisms/*.md``, one file an organism."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from builder.model import Organism
from builder.problems import Problem
from builder.read.frontmatter import decode, parse, yaml_text
from builder.read.texts import ABSENT, CONTROL, published
from builder.read.yamltext import YamlError, locate

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

__all__ = ["read_organisms"]

FIELDS = {"latin": "name", "ncbi": "ncbi", "group": "group", "common": "common", "title": "title", "image": "image"}
"""Key of the file -> field of ``Organism``."""


def _read(path: Path, shown: str) -> tuple[Organism | None, list[Problem]]:
    """An organism and what is wrong with its file."""
    try:
        text = decode(path.read_bytes())
        data, _ = parse(text)
    except OSError as error:
        return None, [Problem(shown, 1, 1, "error", "unreadable", f"cannot read it: {error.strerror}")]
    except YamlError as error:
        return None, [Problem(shown, error.line, error.column, "error", "front-matter", str(error))]
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
        fields[name] = "" if value in ABSENT else published(value) if CONTROL.search(value) else value
    if not fields.get("name"):
        fields["name"] = fields.get("title", "")
    if not fields["name"]:
        message = "found no latin name, expected 'latin: Homo sapiens'; the organism is left out"
        return None, [*problems, Problem(shown, 1, 1, "warning", "organism-without-name", message)]
    return Organism(**fields, slugs=(path.name.removesuffix(".md"),)), problems


def read_organisms(files: Iterable[tuple[Path, str]]) -> tuple[list[Organism], list[Problem]]:
    """The organisms of a checkout, and what is wrong with their files.

    Args:
        files: each file, and how messages name it.
    """
    found = [_read(path, shown) for path, shown in files]
    return [o for o, _ in found if o is not None], [p for _, problems in found for p in problems]
