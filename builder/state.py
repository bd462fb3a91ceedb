"""What a build remembers for the next one: one SQLite file, a transaction a phase.

Deleting it costs time only. A file of another version, or one that is damaged, is dropped
and begun anew without a word, since nothing in it cannot be found out again.
"""

from __future__ import annotations

import fcntl
import sqlite3
from contextlib import contextmanager
from typing import TYPE_CHECKING, Self

from builder.problems import BuildError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path
    from types import TracebackType

__all__ = ["FileState", "OutputState", "State", "locked"]

VERSION = 4

FileState = tuple[int, int, bytes]
"""Size, modification time, content hash of a source file."""
OutputState = tuple[bytes, int, int]
"""Digest of all that an output depends on, its size, its modification time."""

_TABLES = """
CREATE TABLE files (source TEXT, name TEXT, size INT, mtime INT, digest BLOB, PRIMARY KEY (source, name)) WITHOUT ROWID;
CREATE TABLE buckets (source TEXT, number INT, bkey TEXT, PRIMARY KEY (source, number)) WITHOUT ROWID;
CREATE TABLE outputs (out TEXT, path TEXT, digest BLOB, size INT, mtime INT, PRIMARY KEY (out, path)) WITHOUT ROWID;
CREATE TABLE runs (out TEXT PRIMARY KEY, fingerprint BLOB, result BLOB) WITHOUT ROWID;
"""


class State:
    """The memory of builds that share a cache folder."""

    def __init__(self, cache: Path) -> None:
        """Open the memory in a cache folder; raises BuildError if the folder cannot be used."""
        self.path = cache / "state.sqlite"
        try:
            cache.mkdir(parents=True, exist_ok=True)
            self._db = self._open()
        except (OSError, sqlite3.OperationalError) as error:
            raise BuildError(f"cannot use the cache folder {cache}: {error}; choose another with --cache") from error

    def _open(self) -> sqlite3.Connection:
        """The database, made anew if it is not one of this version."""
        for attempt in (1, 2):
            db = sqlite3.connect(self.path, isolation_level=None, timeout=60)
            try:
                version = db.execute("PRAGMA user_version").fetchone()[0]
                if version == VERSION:
                    db.execute("SELECT count(*) FROM buckets").fetchone()
                    return db
                if attempt == 2:  # noqa: PLR2004 - the second try
                    db.executescript(f"BEGIN;{_TABLES}PRAGMA user_version={VERSION};COMMIT;")
                    return db
            except sqlite3.OperationalError as error:
                if "unable to open" in str(error) or "readonly" in str(error):
                    raise
            except sqlite3.DatabaseError:
                pass
            db.close()
            self.path.unlink(missing_ok=True)
        db = sqlite3.connect(self.path, isolation_level=None, timeout=60)
        db.executescript(f"BEGIN;{_TABLES}PRAGMA user_version={VERSION};COMMIT;")
        return db

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._db.close()

    def _rows(self, query: str, key: str) -> list[tuple]:  # type: ignore[type-arg]  # rows of several shapes
        """Rows of a query; none if the file turns out to be damaged."""
        try:
            return self._db.execute(query, (key,)).fetchall()
        except sqlite3.DatabaseError:
            return []

    def files(self, source: str) -> dict[str, FileState]:
        """What was known of the files of a source."""
        rows = self._rows("SELECT name, size, mtime, digest FROM files WHERE source = ?", source)
        return {name: (size, mtime, digest) for name, size, mtime, digest in rows}

    def buckets(self, source: str) -> dict[int, str]:
        """Keys of the buckets of a source."""
        return dict(self._rows("SELECT number, bkey FROM buckets WHERE source = ?", source))

    def outputs(self, out: str) -> dict[str, OutputState]:
        """What was known of the files of an output folder."""
        rows = self._rows("SELECT path, digest, size, mtime FROM outputs WHERE out = ?", out)
        return {path: (digest, size, mtime) for path, digest, size, mtime in rows}

    def run(self, out: str) -> tuple[bytes, bytes] | None:
        """Fingerprint and result of the last build that published into an output folder."""
        rows = self._rows("SELECT fingerprint, result FROM runs WHERE out = ?", out)
        return (rows[0][0], rows[0][1]) if rows else None

    def save_run(self, out: str, fingerprint: bytes, result: bytes) -> None:
        """Remember what a build that published looked at, and what it came to."""
        with self._transaction() as db:
            db.execute("INSERT OR REPLACE INTO runs VALUES (?, ?, ?)", (out, fingerprint, result))

    def used_keys(self) -> set[str]:
        """Keys of the buckets of all sources."""
        try:
            return {key for (key,) in self._db.execute("SELECT bkey FROM buckets")}
        except sqlite3.DatabaseError:
            return set()

    def save_source(
        self, source: str, changed: Iterable[tuple[str, FileState]], gone: Iterable[str], buckets: dict[int, str]
    ) -> None:
        """Remember what was read, in one transaction.

        Args:
            source: the folder of records.
            changed: files that are new or changed.
            gone: names of files that are no more.
            buckets: keys of all buckets, by number.
        """
        with self._transaction() as db:
            db.executemany("DELETE FROM files WHERE source = ? AND name = ?", ((source, n) for n in gone))
            rows = ((source, n, *s) for n, s in changed)
            db.executemany("INSERT OR REPLACE INTO files VALUES (?, ?, ?, ?, ?)", rows)
            db.execute("DELETE FROM buckets WHERE source = ?", (source,))
            db.executemany("INSERT INTO buckets VALUES (?, ?, ?)", ((source, n, k) for n, k in buckets.items()))

    def save_outputs(self, out: str, changed: Iterable[tuple[str, OutputState]], gone: Iterable[str]) -> None:
        """Remember what stands in an output folder, in one transaction.

        Args:
            out: the output folder.
            changed: outputs that were made.
            gone: paths that are planned no more.
        """
        with self._transaction() as db:
            db.executemany("DELETE FROM outputs WHERE out = ? AND path = ?", ((out, p) for p in gone))
            rows = ((out, p, d, s, m) for p, (d, s, m) in changed)
            db.executemany("INSERT OR REPLACE INTO outputs VALUES (?, ?, ?, ?, ?)", rows)

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        """All of it or nothing; a damaged file is dropped, which costs the next build time only."""
        try:
            self._db.execute("BEGIN IMMEDIATE")
            yield self._db
            self._db.execute("COMMIT")
        except sqlite3.DatabaseError as error:
            if "full" in str(error):
                raise BuildError(f"cannot write {self.path}: the disk is full. The site is whole.") from error
            self._db.close()
            self.path.unlink(missing_ok=True)
            self._db = self._open()


class locked:  # noqa: N801 - used like a function
    """Holds a folder for one build; a second build that wants it is told so at once."""

    def __init__(self, path: Path, what: str) -> None:
        self.path = path
        self.what = what

    def __enter__(self) -> None:
        try:
            self._file = self.path.open("w")
        except OSError as error:
            raise BuildError(f"cannot use the cache folder {self.path.parent}: {error.strerror}") from error
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            self._file.close()
            raise BuildError(f"another build is writing {self.what}; wait until it ends") from error

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.close()
