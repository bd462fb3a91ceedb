"""Hold the records of a bucket against the rules for curators, and keep what was found beside them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from builder import kept
from builder.curate.figure import Ground, notes_on
from builder.curate.mend import organisms_text
from builder.curate.notes import Note, place, shown
from builder.model import Figure
from builder.problems import BuildError, Problem
from builder.read.bucket import load_records
from builder.read.frontmatter import decode, yaml_text
from builder.read.yamltext import YamlError

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["ExamineTask", "Examined", "examine", "examined", "problems_at"]

_decode_figure = msgspec.msgpack.Decoder(Figure | None).decode


class ExamineTask(msgspec.Struct, frozen=True):
    """What a worker needs to examine a bucket; plain data."""

    folder: str
    """Of the records."""
    cache: str
    key: str
    """Of the bucket."""
    version: bytes
    """Of rules, settings and year."""
    rules: list[str]
    """Names of the rules that are not silent."""
    year: int
    organisms: list[str]
    """Folded names that the site knows beside ours."""


class Examined(msgspec.Struct, frozen=True):
    """What came of a bucket."""

    count: int
    """Of records."""
    problems: list[Problem]
    """With the record's name as path."""


def _path(cache: str, key: str) -> Path:
    """Where findings are kept; a build that clears up drops them with the bucket."""
    return Path(cache, "records", key[:2], f"{key}.chk")


def _text(path: Path) -> str:
    """The text of a record; empty if it cannot be read any more."""
    try:
        return decode(path.read_bytes())
    except (OSError, YamlError):
        return ""


def _organisms(path: Path) -> list[Note]:
    """Organisms given as one text, which a figure does not tell any more."""
    one = organisms_text(yaml_text(_text(path)))
    message = f"found the text '{shown(one)}' in 'organisms', expected a list"
    return [Note("organisms-text", message, "organisms")] if one else []


def problems_at(path: Path, name: str, notes: Sequence[Note]) -> list[Problem]:
    """Notes on a record with their places in its file.

    Args:
        path: the file.
        name: how problems name it.
        notes: what was noted.
    """
    text = _text(path)
    front = yaml_text(text)
    return [Problem(name, *place(text, front, n), "warning", n.rule, n.message) for n in notes]


def examine(task: ExamineTask) -> Examined:
    """Examine a bucket and keep what was found.

    Raises:
        BuildError: if the cache lost the bucket or cannot be written.
    """
    ground = Ground(frozenset(task.rules), task.year, frozenset(task.organisms))
    records = load_records(task.cache, task.key)
    if records is None:
        raise BuildError(f"the cache folder {task.cache} lost a file while it was in use; check again")
    problems: list[Problem] = []
    for stored in records:
        figure = _decode_figure(stored.figure)
        notes = [] if figure is None else notes_on(figure, ground)
        path = Path(task.folder, stored.name)
        if "organisms-text" in ground.rules and figure is not None and figure.organisms:
            notes += _organisms(path)
        if notes:
            problems += problems_at(path, stored.name, notes)
    done = Examined(len(records), problems)
    try:
        kept.save(_path(task.cache, task.key), done, task.version)
    except OSError as error:
        raise BuildError(f"cannot write the cache folder {task.cache}: {error.strerror}") from error
    return done


def examined(task: ExamineTask) -> Examined | None:
    """What an earlier check found in a bucket, if it still holds."""
    done: Examined | None = kept.load(_path(task.cache, task.key), Examined, task.version)
    return done
