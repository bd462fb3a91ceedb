"""What stands beside a record: its tables of mentions, and the models that the maps of a checkout name for it.

A record and all that stands beside it count as one file: their stamps are joined, and so are their contents before they
are hashed, so that an edited table has its own figure read anew and no other.
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any

import msgspec

from builder.names import NDEX, WPID, real
from builder.problems import Problem
from builder.read.frontmatter import decode
from builder.read.record import organisms_once
from builder.read.source import scan
from builder.read.tables import KINDS, read_chemicals, read_diseases, read_genes
from builder.read.texts import ABSENT, short
from builder.read.yamltext import YamlError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from builder.model import Figure
    from builder.read.source import FileStamp, Scan

__all__ = ["MAPS", "Beside", "Model", "join", "look_beside", "scan_tables", "table_names"]

MAPS = {"wpid": "wpid_map.tsv", "ndex": "ndex_map.tsv"}
"""Fields of a record that a map fills in where the record has none."""
_FORMS = {
    "wpid": (WPID, "a WikiPathways id such as WP5283"),
    "ndex": (NDEX, "a UUID"),
}
_NONE = ("", 0)
_ENDINGS = {k[0]: f"-{k}.tsv" for k in KINDS}
_LETTERS = {ending.removeprefix("-"): kind for kind, ending in _ENDINGS.items()}
_BREAK = re.compile(r"[-_. ]")
_POSITIVE = (1 << 63) - 1

Model = tuple[str, str]
"""WikiPathways id and NDEx UUID of a figure, each perhaps empty."""
_Map = dict[str, tuple[str, int]]
"""Figid -> id, and the line that gives it."""


@dataclass
class Beside:
    """What stands beside the records of a source."""

    folder: str = ""
    """Folder of the tables; empty for none."""
    shown: str = ""
    """How the tables' folder is reached from the records' folder, for messages: ``../_data/``."""
    tables: dict[str, str] = field(default_factory=dict)
    """By file name of a record the first letters of its tables' kinds; in upper case where the table is named with
    ``_`` for the full stops of the figid."""
    models: dict[str, Model] = field(default_factory=dict)
    """By file name of a record what the maps name."""
    problems: list[Problem] = field(default_factory=list)

    def of(self, names: Iterable[str]) -> tuple[dict[str, str], dict[str, Model]]:
        """The tables and the models of some records, for a worker who is to read them."""
        names = list(names)
        tables = {n: self.tables[n] for n in names if n in self.tables}
        return tables, {n: self.models[n] for n in names if n in self.models} if self.models else {}


def _stem(name: str) -> str:
    """The figid that a record's file name stands for."""
    return name.rsplit("/", 1)[-1].removesuffix(".md")


def table_names(name: str, kinds: str) -> list[str]:
    """File names of a record's tables.

    Args:
        name: file name of the record.
        kinds: as in ``Beside.tables``.
    """
    return _names(_stem(name), kinds)


def _names(stem: str, kinds: str) -> list[str]:
    """As ``table_names``, of a record's stem."""
    return [stem + _ENDINGS[k] if k in _ENDINGS else stem.replace(".", "_") + _ENDINGS[k.lower()] for k in kinds]


def _map_rows(text: str, field_name: str, path: str, problems: list[Problem]) -> _Map:
    """The rows of a map: two cells, between them a tab or, in a few rows, two spaces."""
    form, expected = _FORMS[field_name]
    out: _Map = {}
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            continue
        cells = re.split(r"\t| {2,}", line.strip())
        if len(cells) != 2:  # noqa: PLR2004 - figid and id
            message = f"found {len(cells)} cell{'s' if len(cells) > 1 else ''}, expected a figid and {expected}"
            problems.append(Problem(path, number, 1, "warning", "map-row", f"{message}; the row is left out"))
            continue
        figid, value = cells[0].strip(), cells[1].strip()
        if value in ABSENT:
            continue
        if not form.match(value):
            message = f"found '{short(value, 40)}', expected {expected}; the row is left out"
            place = line.rindex(cells[1]) + 1
            problems.append(Problem(path, number, place, "warning", "map-row", message))
        elif out.setdefault(figid, (value, number))[0] != value:
            message = f"found '{short(figid)}' again, with {value}; it leads to {out[figid][0]}, which stands first"
            problems.append(Problem(path, number, 1, "warning", "map-twice", message))
    return out


def _read_map(folder: Path, field_name: str, shown: str, problems: list[Problem]) -> _Map:
    """The rows of a map; nothing if there is no such file."""
    path = shown + MAPS[field_name]
    try:
        text = decode((folder / MAPS[field_name]).read_bytes())
    except FileNotFoundError:
        return {}
    except OSError as error:
        problems.append(Problem(path, 1, 1, "error", "unreadable", f"cannot read it: {error.strerror}"))
        return {}
    except YamlError as error:
        problems.append(Problem(path, error.line, error.column, "error", "table-text", str(error)))
        return {}
    return _map_rows(text, field_name, path, problems)


def scan_tables(data: Path, names: Sequence[str] | None = None) -> Scan:
    """The tables in a folder, or those among some of its names, which are sorted."""
    return scan(data, ".tsv", deep=False, strict=False, names=names)


def look_beside(
    figures: Path, data: Path | None, records: Sequence[FileStamp], tables: Scan | None = None
) -> tuple[list[FileStamp], Beside]:
    """The records with the stamps of all that stands beside them, and what that is.

    Args:
        figures: folder of the records.
        data: folder of tables and maps; None for none.
        records: the records' files.
        tables: those in that folder, if they were looked for already.
    """
    if data is None:
        return list(records), Beside()
    out = Beside(real(data).as_posix(), os.path.relpath(data, figures).replace(os.sep, "/") + "/")
    found = tables or scan_tables(data)
    out.problems += [msgspec.structs.replace(p, path=out.shown + p.path) for p in found.problems]
    stems = [_stem(name) for name, _, _ in records]
    beside = _Tables(found.files, stems)
    refused = {p.path for p in found.problems}
    maps = [{} if MAPS[f] in refused else _read_map(data, f, out.shown, out.problems) for f in MAPS]
    files = []
    for (name, size, mtime), stem in zip(records, stems, strict=True):
        model = 0
        if stem in maps[0] or stem in maps[1]:
            out.models[name] = models = (maps[0].pop(stem, _NONE)[0], maps[1].pop(stem, _NONE)[0])
            # Not hash() of the texts, which differs from run to run.
            model = int.from_bytes("\0".join(models).encode(), "big")
        own = beside.of(stem)
        if own or model:
            kinds, named = _kinds(own[::3])
            if own:
                out.tables[name] = kinds
            # A table that was renamed has the size and time that it had.
            sizes, times = own[1::3], own[2::3]
            size, mtime = size + sum(sizes), hash((size, mtime, model, named, sizes, times)) & _POSITIVE  # noqa: PLW2901
        files.append((name, size, mtime))
    _tell_of_strangers(out, beside, maps)
    return files, out


@cache
def _kinds(letters: tuple[str, ...]) -> tuple[str, int]:
    """The kinds of a record's tables as ``Beside.tables`` has them, and a number for them."""
    kinds = "".join(sorted(letters, key=lambda k: (k.isupper(), [*_ENDINGS].index(k.lower()))))
    return kinds, int.from_bytes(kinds.encode(), "big")


class _Tables:
    """The tables of a folder, of which records take theirs.

    The tables of a stem follow each other in one tuple: letter of the kind, size and modification time of each.
    """

    def __init__(self, files: Sequence[FileStamp], stems: list[str]) -> None:
        """Make ready.

        Args:
            files: those of the folder.
            stems: of all records.
        """
        self._known = set(stems)
        self.misnamed: dict[str, str] = {}
        """Files that are named nearly as tables are, and the figids that they seem to be of."""
        self._own: dict[str, tuple[Any, ...]] = {}
        own = self._own
        for name, size, mtime in files:
            stem, _, ending = name.rpartition("-")
            if kind := _LETTERS.get(ending):
                own[stem] = (*own[stem], kind, size, mtime) if stem in own else (kind, size, mtime)
            elif figid := self._nearly(name):
                self.misnamed[name] = figid
        self._taken: set[tuple[str, str]] = set()
        # Where two records have one stem, in folders of their own, a table is both of theirs.
        self._take = own.pop if len(self._known) == len(stems) else self._keep

    def _nearly(self, name: str) -> str:
        """The longest figid with which a file's name begins, something else behind it; empty if there is none."""
        ends = (found.start() for found in reversed([*_BREAK.finditer(name)]))
        return next((name[:end] for end in ends if name[:end] in self._known), "")

    def _keep(self, stem: str, default: tuple[Any, ...]) -> tuple[Any, ...]:
        """The tables of a stem, which stay there for others."""
        own = self._own.get(stem, default)
        self._taken.update((stem, kind) for kind in own[::3])
        return own

    def of(self, stem: str) -> tuple[Any, ...]:
        """The tables of a record; with a letter in upper case where its name has ``_`` for the full stops of the figid.

        A table of its exact name goes before the other one, which may be another record's own.
        """
        own = self._take(stem, ())
        if "." in stem and (other := stem.replace(".", "_")) in self._own and other not in self._known:
            more = self._own[other]  # it may stand for several figids
            for kind, size, mtime in zip(more[::3], more[1::3], more[2::3], strict=True):
                if kind not in own[::3]:
                    own = (*own, kind.upper(), size, mtime)
                    self._taken.add((other, kind))
        return own

    def rest(self) -> set[str]:
        """The tables that no record took."""
        every = ((stem, kind) for stem, own in self._own.items() for kind in own[::3])
        return {stem + _ENDINGS[kind] for stem, kind in every if (stem, kind) not in self._taken}


def _tell_of_strangers(out: Beside, tables: _Tables, maps: Sequence[_Map]) -> None:
    """Warn of tables and rows of maps that belong to no record, and of tables named so that no record takes them."""
    message = "found a table of no record; it is left out"
    out.problems += [
        Problem(out.shown + name, 1, 1, "warning", "table-without-record", message) for name in sorted(tables.rest())
    ]
    for name, figid in tables.misnamed.items():
        expected = ", ".join(figid + ending for ending in _ENDINGS.values())
        text = f"found a table whose name is none of those that are read, expected {expected}; it is left out"
        out.problems.append(Problem(out.shown + name, 1, 1, "warning", "table-name", text))
    for field_name, rows in zip(MAPS, maps, strict=True):
        path = out.shown + MAPS[field_name]
        for figid, (_, line) in rows.items():
            message = f"found '{short(figid)}', which is no record; the row is left out"
            out.problems.append(Problem(path, line, 1, "warning", "map-without-record", message))


class _Joined:
    """A record, and what its tables add to it."""

    def __init__(self, figure: Figure, shown: str) -> None:
        self.figure = figure
        self.shown = shown
        self.fields: dict[str, object] = {}
        self.problems: list[Problem] = []

    def table(self, name: str, data: bytes) -> None:
        """Take in a table by the kind that its name tells."""
        kind = next(k for k in KINDS if name.endswith(f"-{k}.tsv"))
        path = self.shown + name
        if getattr(self.figure, kind):
            message = f"found a table of {kind} beside a record that has '{kind}' of its own; the table is left out"
            self.problems.append(Problem(path, 1, 1, "warning", "table-unused", message))
            return
        try:
            text = decode(data)
        except YamlError as error:
            self.problems.append(Problem(path, error.line, error.column, "error", "table-text", str(error)))
            return
        if kind == "genes":
            self.fields["genes"], taxa, problems = read_genes(text, path)
            named = (*self.figure.organisms, *(t.name for t in taxa))
            self.fields |= {"taxa": taxa, "organisms": organisms_once(*named)}
        else:
            self.fields[kind], problems = (read_chemicals if kind == "chemicals" else read_diseases)(text, path)
        self.problems += problems


def join(figure: Figure, tables: Sequence[tuple[str, bytes]], model: Model, shown: str) -> tuple[Figure, list[Problem]]:
    """A figure with what stands beside its record, and what is wrong with that.

    Args:
        figure: as its record alone tells.
        tables: file name and contents.
        model: what the maps name.
        shown: as in ``Beside``.
    """
    joined = _Joined(figure, shown)
    for name, data in tables:
        joined.table(name, data)
    if model[0] and not figure.wpid:
        joined.fields["wpid"] = model[0]
    if model[1] and not figure.ndex:
        joined.fields["ndex"] = model[1]
    return msgspec.structs.replace(figure, **joined.fields), joined.problems
