"""Read the records of a bucket, hold them against the rules for curators, and keep what was found beside them."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from builder import kept
from builder.curate.figure import Ground, notes_on
from builder.curate.mend import organisms_text
from builder.curate.notes import Note, cell_of, place, shown
from builder.problems import Problem
from builder.read.beside import table_names
from builder.read.bucket import BucketDone, BucketTask, Opened, open_bucket
from builder.read.collect import unchanged
from builder.read.facts import Facts, facts_of
from builder.read.frontmatter import decode, yaml_text
from builder.read.tables import KINDS
from builder.read.yamltext import YamlError

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["ExamineTask", "Examined", "PlaceTask", "examine", "examined", "places", "problems_at", "tables_of"]

BesideOne = Sequence[tuple[Path, str]]
"""Tables beside a record, each with how problems name it."""
NOTHING_BESIDE: BesideOne = ()


class ExamineTask(msgspec.Struct, frozen=True):
    """What a worker needs to read and examine a bucket; plain data."""

    bucket: BucketTask
    version: bytes
    """Of rules, settings and year."""
    rules: list[str]
    """Names of the rules that are not silent."""
    year: int
    organisms: str
    """Folded names that the site knows beside ours, one a line: thousands, which every task carries."""


class _Kept(msgspec.Struct, frozen=True, array_like=True):
    """What is kept of a bucket."""

    facts: Facts
    problems: list[Problem]


class Examined(NamedTuple):
    """What came of a bucket."""

    done: BucketDone
    facts: Facts
    problems: list[Problem]
    """What curators are told of its records, with the record's name as path."""


class PlaceTask(msgspec.Struct, frozen=True):
    """Notes on records whose places are to be looked up."""

    folder: str
    beside: str
    """As in ``BucketTask``, likewise shown."""
    shown: str
    notes: list[tuple[str, str, Note]]
    """File name of the record, letters of its tables as in ``BucketTask``, the note."""


def _path(cache: str, key: str) -> Path:
    """Where findings are kept; a build that clears up drops them with the bucket."""
    return Path(kept.records(Path(cache)), key[:2], f"{key}.chk")


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


def problems_at(path: Path, name: str, notes: Sequence[Note], beside: BesideOne = NOTHING_BESIDE) -> list[Problem]:
    """Notes on a record with their places in its file, or in a table of mentions beside it.

    Args:
        path: the file.
        name: how problems name it.
        notes: what was noted.
        beside: the tables.
    """
    text = _text(path)
    front = yaml_text(text)
    tables = {shown: _text(table) for table, shown in beside} if any(n.key in KINDS for n in notes) else {}
    out = []
    for note in notes:
        where, (line, column) = name, place(text, front, note)
        for shown_path, table in tables.items():
            if shown_path.endswith(f"-{note.key}.tsv") and (cell := cell_of(table, note)):
                where, (line, column) = shown_path, cell
        out.append(Problem(where, line, column, "warning", note.rule, note.message))
    return out


def tables_of(name: str, folder: str, shown_folder: str, kinds: str) -> BesideOne:
    """The tables beside a record, each with how problems name it.

    Args:
        name: file name of the record.
        folder: of the tables.
        shown_folder: how it is reached from that of the records.
        kinds: letters of the tables that there are.
    """
    return [(Path(folder, table), shown_folder + table) for table in table_names(name, kinds)]


@lru_cache(maxsize=1)
def _ground(rules: frozenset[str], year: int, organisms: str) -> Ground:
    """What a worker holds records against."""
    return Ground(rules, year, frozenset(organisms.split("\n")))


def _noted(task: ExamineTask, opened: Opened) -> Iterator[Problem]:
    """What is odd in the good records of a bucket."""
    bucket, ground = task.bucket, _ground(frozenset(task.rules), task.year, task.organisms)
    for stored, figure in opened.figures():
        notes = notes_on(figure, ground)
        path = Path(bucket.folder, stored.name)
        if "organisms-text" in ground.rules and figure.organisms:
            notes += _organisms(path)
        if notes:
            beside = tables_of(stored.name, bucket.beside, bucket.shown, bucket.tables.get(stored.name, ""))
            yield from problems_at(path, stored.name, notes, beside)


def examine(task: ExamineTask) -> Examined:
    """Read and examine a bucket, and keep what was found.

    Raises:
        BuildError: if the cache cannot be written.
    """
    opened = open_bucket(task.bucket)
    done = Examined(opened.done, facts_of(opened), list(_noted(task, opened)))
    path = _path(task.bucket.cache, opened.done.key)
    kept.make_folder(path.parent)
    kept.save(path, _Kept(done.facts, done.problems), task.version)
    return done


def examined(task: ExamineTask) -> Examined | None:
    """What an earlier check found in a bucket, if it still holds."""
    bucket = task.bucket
    if not unchanged(bucket):
        return None
    found: _Kept | None = kept.load(_path(bucket.cache, bucket.former), _Kept, task.version)
    done = BucketDone(bucket.number, bucket.former, [digest for _, digest in bucket.files], 0)
    return Examined(done, found.facts, found.problems) if found else None


def places(task: PlaceTask) -> list[Problem]:
    """Notes with their places, in their order."""
    return [
        problem
        for name, kinds, note in task.notes
        for problem in problems_at(
            Path(task.folder, name), name, [note], tables_of(name, task.beside, task.shown, kinds)
        )
    ]
