"""A disk that is full or read-only: a clear message, nothing published is lost, and the next build mends it."""

from __future__ import annotations

import os
import subprocess
from typing import TYPE_CHECKING

import pytest

from tests.site.building import figpages, gene, record, tree, write_site

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

RECORDS = 40


def mount(*arguments: str) -> bool:
    """Mount something; return whether that is allowed here."""
    return subprocess.run(["mount", *arguments], capture_output=True, check=False).returncode == 0


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """Return a disk of two megabytes."""
    place = tmp_path / "disk"
    place.mkdir()
    if os.name != "posix" or not mount("-t", "tmpfs", "-o", "size=2m", "tmpfs", str(place)):
        pytest.skip("this user may not mount a small disk")
    yield place
    subprocess.run(["umount", "--lazy", str(place)], check=True)


def source(root: Path, title: str, size: int) -> Path:
    """Write a site whose pages have about so many bytes."""
    records = {
        f"PMC{i}__f": record(f"PMC{i}__f", figtitle=f"{title} {i}", caption="word " * (size // 5), genes=[gene("TP53")])
        for i in range(RECORDS)
    }
    return write_site(root, records)


def build(place: Path, out: Path, cache: Path) -> tuple[int, str]:
    """Build; return exit code and messages."""
    ran = figpages("build", "--source", place, "--out", out, "--cache", cache)
    assert "Traceback" not in ran.err
    return ran.code, ran.err


def test_full_disk(disk: Path, tmp_path: Path) -> None:
    """Where the disk is full, what was published is still whole, the message says why, and room lets the build pass."""
    out, cache = disk / "out", tmp_path / "cache"
    small = source(tmp_path / "small", "Small", 100)
    assert build(small, out, cache) == (0, "")
    published = tree(out)
    large = source(tmp_path / "large", "Large", 20_000)
    assert build(large, tmp_path / "room", tmp_path / "other") == (0, "")
    whole = tree(tmp_path / "room")
    code, told = build(large, out, cache)
    assert code == 1
    assert "the disk is full" in told
    for path, data in tree(out).items():
        assert data in (published.get(path), whole.get(path)), path
    index = "search/index.json"  # goes last: it must not lead to what is not there yet
    assert tree(out)[index] == published[index] != whole[index]
    assert build(small, out, cache) == (0, "")
    assert tree(out) == published


def test_full_disk_of_the_cache(disk: Path, tmp_path: Path) -> None:
    """A cache for which there is no room is told of, and nothing is published by halves."""
    code, told = build(source(tmp_path / "large", "Large", 80_000), tmp_path / "out", disk / "cache")
    assert code == 1
    assert "cache" in told
    found = tree(tmp_path / "out") if (tmp_path / "out").exists() else {}
    assert set(found) <= {".figpages"}


@pytest.mark.parametrize("size", [100, 160, 220, 300])
def test_cache_that_becomes_full(disk: Path, tmp_path: Path, size: int) -> None:
    """Wherever a build is when the disk of the cache is full: all is published or nothing, and the message says why.

    Args:
        disk: where the cache is.
        tmp_path: where the rest is.
        size: of the disk, in kilobytes.
    """
    out, cache = tmp_path / "out", disk / "cache"
    place = source(tmp_path / "site", "Small", 1000)
    assert build(place, tmp_path / "room", tmp_path / "other") == (0, "")
    assert mount("-o", f"remount,size={size}k", str(disk))
    code, told = build(place, out, cache)
    assert code == 0 or "No space left" in told or "disk is full" in told
    assert mount("-o", "remount,size=8m", str(disk))
    assert build(place, out, cache) == (0, "")
    assert tree(out) == tree(tmp_path / "room")


def test_read_only_disk(disk: Path, tmp_path: Path) -> None:
    """Where the disk is read-only the message says so; once it can be written, the build passes."""
    out, cache = disk / "out", tmp_path / "cache"
    assert build(source(tmp_path / "old", "Old", 100), out, cache) == (0, "")
    published = tree(out)
    new = source(tmp_path / "new", "New", 100)
    assert mount("-o", "remount,ro", str(disk))
    code, told = build(new, out, cache)
    assert code == 1
    assert "read-only" in told.lower()
    assert tree(out) == published
    assert mount("-o", "remount,rw", str(disk))
    assert build(new, out, cache) == (0, "")
