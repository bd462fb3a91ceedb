"""What builds remember: builds that share a cache do not take it from each other, and what is damaged is begun anew."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING

import pytest

from builder import state as state_module
from builder.kept import digest_of
from builder.problems import BuildError
from builder.state import State

if TYPE_CHECKING:
    from pathlib import Path


def opened(cache: Path) -> sqlite3.Connection:
    """Return the database of a cache as another build has it open."""
    return sqlite3.connect(cache / "figpages.sqlite", isolation_level=None, timeout=0)


@pytest.mark.parametrize(
    "before",
    ["", "CREATE TABLE old (x); PRAGMA user_version=3;", f"PRAGMA user_version={state_module.VERSION};"],
)
def test_file_that_another_build_has_open_stays(tmp_path: Path, before: str) -> None:
    """A database that is empty as yet, or of another version, is filled in its place: both builds have the same one."""
    other = opened(tmp_path)
    other.executescript("CREATE TABLE x (y); DROP TABLE x;" + before)
    with State(tmp_path) as state:
        state.save_run("out", b"print", b"result")
        assert other.execute("SELECT result FROM runs").fetchall() == [(b"result",)]
        assert state.run("out") == (b"print", b"result")
    other.close()


def test_database_that_may_not_be_written(tmp_path: Path) -> None:
    """A cache without permission is told of in a line, and what it remembers stays: it is not taken for damaged."""
    with State(tmp_path) as state:
        state.save_run("out", b"print", b"result")
        state._db.close()
        state._db = sqlite3.connect(f"file:{state.path}?mode=ro", uri=True, isolation_level=None)
        with pytest.raises(BuildError, match="no permission to write there"):
            state.save_run("out", b"print", b"newer")
        assert state.run("out") == (b"print", b"result")


def test_database_that_another_build_holds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """While another build holds the database nothing is remembered, and nothing that is remembered is lost."""
    monkeypatch.setattr(state_module, "WAIT", 0.05)
    with State(tmp_path) as state:
        state.save_run("out", b"print", b"result")
        other = opened(tmp_path)
        other.execute("BEGIN IMMEDIATE")
        state.save_run("out", b"print", b"newer")
        other.execute("COMMIT")
        other.close()
    with State(tmp_path) as state:
        assert state.run("out") == (b"print", b"result")


def test_new_database_that_another_build_holds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A new cache of which another build holds the database for long is told of, not taken away from it."""
    monkeypatch.setattr(state_module, "WAIT", 0.05)
    other = opened(tmp_path)
    other.execute("BEGIN EXCLUSIVE")
    with pytest.raises(BuildError, match=r"cannot use the cache folder .* locked"):
        State(tmp_path)
    assert (tmp_path / "figpages.sqlite").exists()
    other.close()


@pytest.mark.parametrize("data", [b"no database", b"SQLite format 3\0" + b"x" * 5000])
def test_damaged_database_is_begun_anew(tmp_path: Path, data: bytes) -> None:
    """A file that is no database is replaced without a word, when it is opened and when it is written."""
    (tmp_path / "figpages.sqlite").write_bytes(data)
    with State(tmp_path) as state:
        state.save_run("out", b"print", b"result")
        assert state.run("out") == (b"print", b"result")
        (tmp_path / "figpages.sqlite").write_bytes(data)
        state.save_run("out", b"print", b"newer")
        state.save_run("out", b"print", b"newest")
        assert state.run("out") == (b"print", b"newest")


def test_bytes_that_move_between_parts_are_noticed() -> None:
    """The digest of several files is another where the end of one becomes the beginning of the next."""
    assert digest_of(b"a", b"bc") != digest_of(b"ab", b"c")
    assert digest_of(b"a", b"") != digest_of(b"", b"a") != digest_of(b"a")
