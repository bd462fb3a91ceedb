"""What is known of files by size and time is found wherever they stand among the others."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builder.read import known
from builder.read.known import KnownFiles, KnownTable
from builder.state import State

if TYPE_CHECKING:
    from pathlib import Path

Stamps = dict[str, tuple[int, int]]
FILES = st.dictionaries(st.sampled_from("abcdefghij"), st.tuples(st.integers(0, 2), st.integers(0, 2)))


def digest_of(name: str, size: int, mtime: int) -> bytes:
    """Return a content hash, which follows from all that is told of a file."""
    return f"{name}{size}{mtime}".encode().ljust(16)


def known_of(files: Stamps) -> KnownFiles:
    """Return what a build remembers of some files."""
    stamps = [(name, *stamp) for name, stamp in sorted(files.items())]
    return KnownFiles.of(stamps, [digest_of(*stamp) for stamp in stamps])


@given(FILES, FILES, st.integers(1, 4))
def test_digests_of_files_that_stand(before: Stamps, now: Stamps, run: int) -> None:
    """A file of the size and time that it had has the hash that it had; one that is new or changed has none."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(known, "RUN", run)
        stamps = [(name, *stamp) for name, stamp in sorted(now.items())]
        expected = [digest_of(*s) if before.get(s[0]) == s[1:] else b"" for s in stamps]
        assert known_of(before).digests(stamps) == expected
        assert known_of(before).digests(stamps[::-1]) == expected[::-1]


def test_files_that_could_not_be_read_are_forgotten() -> None:
    """A file without a hash is not remembered, so the next build looks at it again."""
    files = [("a", 1, 10), ("b", 2, 20), ("c", 3, 30)]
    some = KnownFiles.of(files, [b"a" * 16, b"", b"c" * 16])
    assert dict(some) == {"a": (1, 10, b"a" * 16), "c": (3, 30, b"c" * 16)}
    assert some.digests(files) == [b"a" * 16, b"", b"c" * 16]
    moved = some.with_times({"c": 31})
    assert dict(moved) == {"a": (1, 10, b"a" * 16), "c": (3, 31, b"c" * 16)}
    assert dict(some)["c"][1] == 30
    assert some != moved
    assert some == KnownFiles.of(files[::2], [b"a" * 16, b"c" * 16])
    assert not KnownFiles.of([], [])


def test_damaged_columns_are_not_taken(tmp_path: Path) -> None:
    """Columns of different lengths, as a fault of ours might leave them, count as nothing known."""
    with State(tmp_path) as state:
        whole = KnownFiles.of([("a", 1, 10)], [b"a" * 16])
        state.save_source("x", whole, ["key"])
        assert state.source("x") == (whole, {0: "key"})
        state.save_source("x", KnownFiles(KnownTable(["a", "b"], [1], [10], b"a" * 16)), ["key"])
        assert state.source("x") == (KnownFiles(), {})
