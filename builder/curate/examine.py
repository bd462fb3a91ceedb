"""Hold the records of a bucket against the rules for curators, and keep what was found beside them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import msgspec

from builder import kept
from builder.curate.figure import Ground, notes_on
from builder.curate.mend import organisms_text
from builder.curate.notes import Note, cell_of, place, shown
from builder.model import Figure
from builder.problems import BuildError, Problem
from builder.read.beside import table_names
from builder.read.bucket import load_records
from builder.read.frontmatter import decode, yaml_text
from builder.read.tables import KINDS
from builder.read.yamltext import YamlError

__all__ = ["ExamineTask", "Examined", "examine", "examined", "problems_at", "tables_of"]

BesideOne = Sequence[tuple[Path, str]]
"""Tables beside a record, each with how problems name it."""
NOTHING_BESIDE: BesideOne = ()
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
    beside: str = ""
    """Folder of the tables beside the records."""
    shown: str = ""
    """How that is reached from the folder of records."""
    tables: dict[str, str] = {}
    """As in ``builder.read.beside.Beside``."""


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
            beside = tables_of(stored.name, task.beside, task.shown, task.tables.get(stored.name, ""))
            problems += problems_at(path, stored.name, notes, beside)
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
