"""What every page depends on besides its record: the program, and the libraries that it uses."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING

from builder import surroundings
from builder.surroundings import LIBRARIES, program_version, reader_version

if TYPE_CHECKING:
    import pytest

ROOT = Path(__file__).parents[2]
WITHOUT_BYTES = {"click", "livereload", "rich", "watchfiles"}
"""Libraries of the command line and of ``serve``, on which no page depends."""


def test_every_library_counts() -> None:
    """Each library that the program depends on is one whose version counts, or one that makes no bytes."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    names = {re.split(r"[^\w-]", line)[0].lower().replace("-", "_") for line in project["dependencies"]}
    assert names <= LIBRARIES.keys() | WITHOUT_BYTES
    found = [name.partition("-")[0] for name in surroundings._versions(LIBRARIES)[:-2]]
    assert sorted(found) == sorted(LIBRARIES)


def test_another_version_makes_everything_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    """With another version of a library neither what was read nor what was written is taken over."""
    before = reader_version(), program_version()
    monkeypatch.setattr(surroundings, "_versions", lambda _: ["nh3-9.9.dist-info"])
    reader_version.cache_clear()
    program_version.cache_clear()
    try:
        assert all(a != b for a, b in zip(before, (reader_version(), program_version()), strict=True))
    finally:
        monkeypatch.undo()
        reader_version.cache_clear()
        program_version.cache_clear()
