"""The one door to the disk: whole files, only where bytes differ, and nothing of others."""

from __future__ import annotations

import errno
import os
from typing import TYPE_CHECKING

import pytest

from builder.problems import BuildError
from builder.write.output import MARKER, Output, output_files, prune, refuse_foreign_folder

if TYPE_CHECKING:
    from pathlib import Path


def test_file_is_written_and_left_alone(tmp_path: Path) -> None:
    """A file is written once; equal bytes do not touch it, other bytes replace it."""
    output = Output(str(tmp_path))
    first = output.put("a/b/c.html", b"one")
    os.utime(tmp_path / "a/b/c.html", ns=(5, 5))
    assert first.changed
    again = Output(str(tmp_path)).put("a/b/c.html", b"one")
    assert (again.changed, again.mtime, again.size) == (False, 5, 3)
    assert output.put("a/b/c.html", b"two").changed
    assert (tmp_path / "a/b/c.html").read_bytes() == b"two"
    assert [p.name for p in (tmp_path / "a/b").iterdir()] == ["c.html"]


def test_file_replaces_a_link(tmp_path: Path) -> None:
    """Where a link stands in the output, the file takes its place, and what it led to is not written."""
    (tmp_path / "outside").write_bytes(b"old")
    (tmp_path / "out").mkdir()
    (tmp_path / "out/x.html").symlink_to(tmp_path / "outside")
    Output(str(tmp_path / "out")).put("x.html", b"new")
    assert (tmp_path / "outside").read_bytes() == b"old"
    assert (tmp_path / "out/x.html").read_bytes() == b"new"


def test_file_and_folder_change_places(tmp_path: Path) -> None:
    """A file takes the place of a folder of its name, and a folder that of a file."""
    (tmp_path / "a.html").mkdir()
    (tmp_path / "a.html/x").write_bytes(b"x")
    (tmp_path / "b").write_bytes(b"b")
    output = Output(str(tmp_path))
    output.put("a.html", b"a")
    output.put("b/c.html", b"c")
    assert (tmp_path / "a.html").read_bytes() == b"a"
    assert (tmp_path / "b/c.html").read_bytes() == b"c"


def test_disk_that_is_full(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """When the disk refuses, the old file stays whole, no half one is left, and the message says why."""
    (tmp_path / "x.html").write_bytes(b"old")

    def refuse(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "replace", refuse)
    with pytest.raises(BuildError, match=r"cannot write x\.html: the disk is full"):
        Output(str(tmp_path)).put("x.html", b"new")
    assert {p.name: p.read_bytes() for p in tmp_path.iterdir()} == {"x.html": b"old"}


def test_long_names_can_be_written(tmp_path: Path) -> None:
    """The longest figid that is allowed has a page on every file system."""
    name = f"{'ä' * 100}.html"
    Output(str(tmp_path)).put(name, b"x")
    assert (tmp_path / name).exists()


def test_files_of_the_output(tmp_path: Path) -> None:
    """Every file is found with size and time, kept names at the top aside; a link counts as changed."""
    for name in (".git/config", "CNAME", "a/CNAME", "a/x.html"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(b"xx")
    (tmp_path / "link").symlink_to("a/x.html")
    found = output_files(tmp_path, (".git", "CNAME"))
    assert set(found) == {"a/CNAME", "a/x.html", "link"}
    assert found["a/x.html"] == (2, (tmp_path / "a/x.html").stat().st_mtime_ns)
    assert found["link"][0] < 0
    assert output_files(tmp_path / "nothing", ()) == {}


def test_prune_takes_files_and_empty_folders(tmp_path: Path) -> None:
    """What nobody plans goes, with folders that become empty; folders that hold something stay."""
    for name in ("a/b/old.html", "a/new.html", "c/d/e/old.html"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(b"")
    removed = prune(tmp_path, ["a/b/old.html", "a/new.html", "c/d/e/old.html"], {"a/new.html"})
    assert removed == ["a/b/old.html", "c/d/e/old.html"]
    assert sorted(p.relative_to(tmp_path).as_posix() for p in tmp_path.rglob("*")) == ["a", "a/new.html"]


def test_foreign_folders(tmp_path: Path) -> None:
    """A folder that is new, empty, marked as ours or holds kept names alone is taken; any other is refused."""
    refuse_foreign_folder(tmp_path / "new", ())
    refuse_foreign_folder(tmp_path, ())
    (tmp_path / "CNAME").write_bytes(b"")
    refuse_foreign_folder(tmp_path, ("CNAME",))
    with pytest.raises(BuildError, match="CNAME"):
        refuse_foreign_folder(tmp_path, ())
    (tmp_path / MARKER).write_bytes(b"")
    refuse_foreign_folder(tmp_path, ())
    with pytest.raises(BuildError, match="not a folder"):
        refuse_foreign_folder(tmp_path / "CNAME", ())
