"""What a build remembers for the next one: one SQLite file, a transaction a phase.

Deleting it costs time only. A file of another version, or one that is damaged, is dropped
and begun anew without a word, since nothing in it cannot be found out again.
"""

from __future__ import annotations

import fcntl
import os
import sqlite3
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, BinaryIO, Self, TypeVar

import msgspec

from builder.kept import SIZE, checksum
from builder.outputs import Outputs, OutputsTable
from builder.problems import BuildError
from builder.read.known import KnownFiles, KnownTable

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path
    from types import TracebackType

__all__ = ["State", "let_go", "locked"]

VERSION = 8
T = TypeVar("T")
MANY = 1_000_000
"""Bytes of what is known of an output folder of some ten thousand files."""

PATIENCE = 1.0
"""Seconds to wait for a folder that another build holds: one that was killed may still be ending."""

WAIT = 60.0
"""Seconds to wait for another build that writes into the same file."""

_TABLES = {
    "sources": "CREATE TABLE sources (source TEXT PRIMARY KEY, data BLOB) WITHOUT ROWID",
    "outputs": "CREATE TABLE outputs (out TEXT PRIMARY KEY, data BLOB) WITHOUT ROWID",
    "runs": "CREATE TABLE runs (out TEXT PRIMARY KEY, fingerprint BLOB, result BLOB) WITHOUT ROWID",
}


class _Source(msgspec.Struct, array_like=True):
    """What is known of the files of a source; one value, since a row for each would take a build seconds."""

    files: KnownTable
    keys: list[str] = []
    """Keys of its buckets, by number."""


def _packed(value: _Source | OutputsTable) -> bytes:
    """A table with a checksum before it."""
    data = msgspec.msgpack.encode(value)
    return checksum([data]) + data


def _unpacked(rows: list[tuple[bytes]], kind: type[T]) -> T | None:
    """The table in the only row there may be; None if there is none or it is damaged."""
    try:
        data = memoryview(rows[0][0])
        if checksum([data[SIZE:]]) == data[:SIZE]:
            return msgspec.msgpack.decode(data[SIZE:], type=kind)
    except (IndexError, TypeError, msgspec.MsgspecError):
        pass
    return None


def _tables(db: sqlite3.Connection) -> set[str]:
    """The tables of a database."""
    return {name for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}


def _current(db: sqlite3.Connection) -> bool:
    """Whether a database is one of this version."""
    version = db.execute("PRAGMA user_version").fetchone()[0]
    return version == VERSION and _tables(db) == _TABLES.keys()


def _make_tables(db: sqlite3.Connection) -> None:
    """Make the tables, in place of those of another version."""
    for name in _tables(db):
        db.execute(f'DROP TABLE "{name}"')
    for table in _TABLES.values():
        db.execute(table)
    db.execute(f"PRAGMA user_version={VERSION}")


_held: set[BinaryIO] = set()


def let_go() -> None:
    """In a worker: let go of the locks that came with its parent's memory, lest they outlive a killed parent."""
    for file in _held:
        file.close()
    _held.clear()


def _entered(path: Path) -> BinaryIO | None:
    """A file that is held by all who use a cache folder; None where the file system has no locks."""
    try:
        file = path.open("ab")
    except OSError:
        return None
    try:
        fcntl.flock(file, fcntl.LOCK_SH)
    except OSError:
        file.close()
        return None
    _held.add(file)
    return file


class State:
    """The memory of builds that share a cache folder."""

    def __init__(self, cache: Path) -> None:
        """Open the memory in a cache folder; raises BuildError if the folder cannot be used."""
        self.path = cache / "figpages.sqlite"
        self._db = self._open()
        self._users = _entered(cache / "users.lock")

    def _open(self) -> sqlite3.Connection:
        """The database, made anew if it is not one of this version; raises BuildError if the folder cannot be used."""
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            try:
                return self._prepared()
            except sqlite3.OperationalError:
                raise  # of the disk, or another build that holds it
            except sqlite3.DatabaseError:
                self.path.unlink(missing_ok=True)  # it is no database, or is damaged
            return self._prepared()
        except (OSError, sqlite3.DatabaseError) as error:
            message = f"cannot use the cache folder {self.path.parent}: {error}; choose another with --cache"
            raise BuildError(message) from error

    def _prepared(self) -> sqlite3.Connection:
        """The database with its tables, which are made in place: another build may have just opened the same file."""
        db = sqlite3.connect(self.path, isolation_level=None, timeout=WAIT)
        try:
            if not _current(db):
                db.execute("BEGIN IMMEDIATE")
                if not _current(db):  # nor did another build make them while we waited for it
                    _make_tables(db)
                db.execute("COMMIT")
        except BaseException:
            db.close()
            raise
        return db

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._db.close()
        if self._users:
            _held.discard(self._users)
            self._users.close()

    @contextmanager
    def alone(self) -> Iterator[bool]:
        """Whether no other process uses the cache folder; one that is about to waits until this is done."""
        if not self._users:
            yield True
            return
        try:
            fcntl.flock(self._users, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            free = False
        else:
            free = True
        try:
            yield free
        finally:
            fcntl.flock(self._users, fcntl.LOCK_SH)

    def _rows(self, query: str, key: str) -> list[tuple]:  # type: ignore[type-arg]  # rows of several shapes
        """Rows of a query; none if the file turns out to be damaged."""
        try:
            return self._db.execute(query, (key,)).fetchall()
        except sqlite3.DatabaseError:
            return []

    def source(self, source: str) -> tuple[KnownFiles, dict[int, str]]:
        """What was known of the files of a source, and the keys of its buckets."""
        table = _unpacked(self._rows("SELECT data FROM sources WHERE source = ?", source), _Source)
        if table is None or not table.files.whole():
            return KnownFiles(), {}
        return KnownFiles(table.files), dict(enumerate(table.keys))

    def outputs(self, out: str) -> Outputs:
        """What was known of the files of an output folder."""
        table = _unpacked(self._rows("SELECT data FROM outputs WHERE out = ?", out), OutputsTable)
        return Outputs(table if table and table.whole() else None)

    def many_outputs(self, out: str) -> bool:
        """Whether so many files were known of an output folder that a look at them should not be waited for."""
        rows = self._rows("SELECT length(data) FROM outputs WHERE out = ?", out)
        return bool(rows) and rows[0][0] > MANY

    def run(self, out: str) -> tuple[bytes, bytes] | None:
        """Fingerprint and result of the last build that published into an output folder."""
        rows = self._rows("SELECT fingerprint, result FROM runs WHERE out = ?", out)
        return (rows[0][0], rows[0][1]) if rows else None

    def save_run(self, out: str, fingerprint: bytes, result: bytes) -> None:
        """Remember what a build that published looked at, and what it came to."""
        self._put("INSERT OR REPLACE INTO runs VALUES (?, ?, ?)", out, fingerprint, result)

    def used_keys(self, but: str) -> set[str]:
        """Keys of the buckets of all sources but one."""
        try:
            rows = self._db.execute("SELECT data FROM sources WHERE source != ?", (but,)).fetchall()
        except sqlite3.DatabaseError:
            return set()
        return {key for row in rows if (source := _unpacked([row], _Source)) for key in source.keys}

    def save_source(self, source: str, files: KnownFiles, keys: Sequence[str]) -> None:
        """Remember what was read.

        Args:
            source: the folder of records.
            files: all of its files.
            keys: keys of all buckets, by number.
        """
        self._put("INSERT OR REPLACE INTO sources VALUES (?, ?)", source, _packed(_Source(files.table, list(keys))))

    def save_outputs(self, out: str, table: OutputsTable) -> None:
        """Remember what stands in an output folder.

        Args:
            out: the output folder.
            table: all of its files.
        """
        self._put("INSERT OR REPLACE INTO outputs VALUES (?, ?)", out, _packed(table))

    def _put(self, statement: str, *values: str | bytes) -> None:
        """Remember something, all of it or nothing.

        A damaged file is dropped, and where another build holds it all the time nothing is remembered; both cost the
        next build time only.
        """
        try:
            self._db.execute(statement, values)
        except sqlite3.DatabaseError as error:
            if "full" in str(error):
                raise BuildError(f"cannot write {self.path}: the disk is full. The site is whole.") from error
            if "locked" in str(error):
                return
            if "readonly" in str(error):
                message = f"cannot write {self.path}: no permission to write there. The site is whole."
                raise BuildError(message) from error
            self._db.close()
            self.path.unlink(missing_ok=True)
            self._db = self._open()


def _open_file(path: str, flags: int) -> int:
    """Open a lock without waiting for who reads from it, should it be a pipe."""
    return os.open(path, flags | os.O_NONBLOCK, 0o666)


class locked:  # noqa: N801 - used like a function
    """Holds a folder for one build; a second build that wants it is told so."""

    def __init__(self, path: Path, what: str) -> None:
        self.path = path
        self.what = what

    def __enter__(self) -> None:
        try:
            self._file = open(self.path, "ab", opener=_open_file)
        except OSError as error:
            raise BuildError(f"cannot use the folder {self.path.parent}: {error.strerror}") from error
        until = time.monotonic() + PATIENCE
        while not self._taken():
            if time.monotonic() > until:
                self._file.close()
                raise BuildError(f"another build is writing {self.what}; wait until it ends")
            time.sleep(PATIENCE / 20)
        _held.add(self._file)

    def _taken(self) -> bool:
        """Take the lock if nobody holds it."""
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return False
        return True

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        _held.discard(self._file)
        self._file.close()
