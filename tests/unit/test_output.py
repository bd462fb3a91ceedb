"""The one door to the disk: whole files, only where bytes differ, and nothing of others."""

from __future__ import annotations

import errno
import os
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

from builder import outputs
from builder.outputs import Outputs
from builder.problems import BuildError
from builder.write.output import MARKER, Output, Written, compare_outputs, prune, refuse_foreign_folder
from builder.write.stage import open_stage

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


def files_of(folder: Path) -> dict[str, bytes]:
    """Return the bytes of every file below a folder, by path."""
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


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


def test_long_names_that_begin_alike(tmp_path: Path) -> None:
    """Files in the making do not meet, however alike their names begin."""
    output, names = Output(str(tmp_path)), [f"{'n' * 180}{end}.html" for end in "abc"]
    for prepared in [output.prepare(name, name.encode()) for name in names]:
        prepared.place()
    assert files_of(tmp_path) == {name: name.encode() for name in names}


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
    """The longest figid that is allowed has a page on every file system, and an image the longest name."""
    for name in (f"{'ä' * 100}.html", f"{'图' * 82}.svg"):
        Output(str(tmp_path)).put(name, b"x")
        assert (tmp_path / name).exists()


def left(root: Path, *paths: str) -> Outputs:
    """What a build knows that left these files."""
    states = {path: (root / path).lstat() for path in paths}
    made = {path: Written(path, s.st_size, s.st_mtime_ns, changed=True) for path, s in states.items()}
    return Outputs(Outputs().after(dict.fromkeys(paths, bytes(16)), made))


def test_what_is_remembered_of_outputs() -> None:
    """What was made is remembered as it is now, the rest as it was; other digests and new paths are to be made."""
    digests = {"a": b"a" * 16, "b": b"b" * 16, "c": b"c" * 16}
    first = Outputs(Outputs().after(digests, {p: Written(p, n, n + 10, changed=True) for n, p in enumerate("abc")}))
    now = {"c": b"C" * 16, "a": b"a" * 16}
    first.lay_out(now)
    now["d"] = b"d" * 16  # what was found out before it is of no use any more
    assert first.others(now) == {"c", "d"}
    made = {"c": Written("c", 7, 70, changed=True), "d": Written("d", 8, 80, changed=True)}
    second = Outputs(first.after(now, made))
    assert {p: (second.digest(p), second.sizes[i], second.mtimes[i]) for p, i in second.at.items()} == {
        "a": (b"a" * 16, 0, 10), "c": (b"C" * 16, 7, 70), "d": (b"d" * 16, 8, 80),
    }  # fmt: skip
    first.lay_out(now)
    assert first.after(now, made) == second.table
    assert second.others(now) == set()
    assert (first.without(now), second.without(now), second.without({"b": b""})) == ({"b"}, set(), {"a", "c", "d"})
    assert Outputs().without(now) == set()
    assert (second.digest("b"), Outputs().others(now)) == (b"", set(now))


@pytest.mark.parametrize("size", [1, 2, 3, 99])
def test_outputs_that_came_went_and_changed(monkeypatch: pytest.MonkeyPatch, size: int) -> None:
    """What must be made is found wherever it stands among the others, however many are compared together."""
    monkeypatch.setattr(outputs, "RUN", size)
    first = Outputs().after({name: name.encode() * 16 for name in "abcdefg"}, {})
    known = Outputs(first)
    for planned in ("abcdefg", "xabcdefg", "abcdefgx", "abxcdefg", "abdefg", "bcdefg", "gfedcba", "abcxefg", ""):
        now = {name: name.encode() * 16 for name in planned}
        assert known.others(now) == {*planned} - {*"abcdefg"}
        for name in planned:
            assert known.others(now | {name: b"?" * 16}) == {*planned} - {*"abcdefg"} | {name}


def test_output_is_compared_with_what_was_left(tmp_path: Path) -> None:
    """What is gone, changed or a link is spoiled; what nobody knows is strange; kept names at the top are passed."""
    for name in (".git/config", "CNAME", "a/CNAME", "a/x.html", "a/y.html", "link"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(b"xx")
    known = left(tmp_path, "a/CNAME", "a/x.html", "a/y.html", "link")
    keep = (".git", "CNAME")
    assert compare_outputs(tmp_path, keep, known) == (set(), set())
    (tmp_path / "a/x.html").write_bytes(b"longer")
    os.utime(tmp_path / "a/y.html", ns=(5, 5))
    (tmp_path / "link").unlink()
    (tmp_path / "link").symlink_to("a/x.html")
    (tmp_path / "a/new.html").write_bytes(b"")
    (tmp_path / "a/CNAME").unlink()
    (tmp_path / "a/CNAME").mkdir()
    spoiled, strange = compare_outputs(tmp_path, keep, known)
    assert spoiled == {"a/CNAME", "a/x.html", "a/y.html", "link"}
    assert strange == {"a/new.html"}
    assert compare_outputs(tmp_path / "nothing", (), known).spoiled == set(known.at)


def test_file_is_made_beside_its_place(tmp_path: Path) -> None:
    """A file that is made ahead changes nothing before it is put in its place, and is no stranger to its own build."""
    output = Output(str(tmp_path), owner=7)
    output.put("a/x.html", b"old")
    known = left(tmp_path, "a/x.html")
    kept, dropped = (output.prepare(path, [b"n", memoryview(b"ew")]) for path in ("a/x.html", "a/y.html"))
    assert compare_outputs(tmp_path, (), known, 7) == (set(), set())
    assert len(compare_outputs(tmp_path, (), known, 8).strange) == 2
    assert (tmp_path / "a/x.html").read_bytes() == b"old"
    assert kept.place()[:2] == ("a/x.html", 3)
    dropped.drop()
    kept.drop()
    assert files_of(tmp_path) == {"a/x.html": b"new"}
    with pytest.raises(BuildError, match=r"cannot write a/y\.html"):
        dropped.place()


def test_link_in_place_of_a_file(tmp_path: Path) -> None:
    """A link is no file of ours, even one that has the size and the time of the file that stood there."""
    (tmp_path / "x.html").symlink_to("yy")
    assert compare_outputs(tmp_path, (), left(tmp_path, "x.html")) == ({"x.html"}, set())


def test_prune_takes_files_and_empty_folders(tmp_path: Path) -> None:
    """What nobody plans goes, with folders that become empty; folders that hold something stay."""
    for name in ("a/b/old.html", "a/new.html", "c/d/e/old.html"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(b"")
    # The last one lay in a folder whose place a file has taken since it was looked at.
    found = ["a/b/old.html", "a/new.html", "c/d/e/old.html", "a/new.html/x/gone.html"]
    removed = prune(tmp_path, found, {"a/new.html"})
    assert removed == ["a/b/old.html", "a/new.html/x/gone.html", "c/d/e/old.html"]
    assert sorted(p.relative_to(tmp_path).as_posix() for p in tmp_path.rglob("*")) == ["a", "a/new.html"]


def test_foreign_folders(tmp_path: Path) -> None:
    """A folder that is new, empty, marked as ours or holds kept names alone is taken; any other is refused."""
    refuse_foreign_folder(tmp_path / "new", ())
    refuse_foreign_folder(tmp_path, ())
    (tmp_path / "CNAME").write_bytes(b"")
    refuse_foreign_folder(tmp_path, ("CNAME",))
    with pytest.raises(BuildError, match="CNAME"):
        refuse_foreign_folder(tmp_path, ())
    (tmp_path / MARKER).mkdir()  # as a checkout of the program may be called
    with pytest.raises(BuildError, match="files that figpages did not make"):
        refuse_foreign_folder(tmp_path, ())
    (tmp_path / MARKER).rmdir()
    (tmp_path / MARKER).write_bytes(b"")
    refuse_foreign_folder(tmp_path, ())
    with pytest.raises(BuildError, match="not a folder"):
        refuse_foreign_folder(tmp_path / "CNAME", ())


def test_build_killed_at_the_marker_is_no_foreigner(tmp_path: Path) -> None:
    """A build that was killed while it made the marker leaves nothing that keeps the next one out."""
    (tmp_path / f".{MARKER}.4711.tmp").write_bytes(b"")
    refuse_foreign_folder(tmp_path, ())
    (tmp_path / "mine.txt").write_bytes(b"")
    with pytest.raises(BuildError, match=r"mine\.txt"):
        refuse_foreign_folder(tmp_path, ())


def test_fresh_output_is_written_in_place(tmp_path: Path) -> None:
    """In a folder that nobody reads yet a file is written under its own name at once, and no other is left."""
    written = Output(str(tmp_path), fresh=True).put("a/b.html", b"one")
    assert (written.changed, written.size) == (True, 3)
    assert written.mtime == (tmp_path / "a/b.html").stat().st_mtime_ns
    assert [p.relative_to(tmp_path).as_posix() for p in tmp_path.rglob("*") if p.is_file()] == ["a/b.html"]


def test_stage_is_for_empty_folders_alone(tmp_path: Path) -> None:
    """A first build has a stage; one into a folder that holds something has none; what a killed one left is dropped."""
    out, cache = tmp_path / "out", tmp_path / "cache"
    for folder in (out, cache, out / ".git"):
        folder.mkdir()
    (out / MARKER).write_bytes(b"")
    stage = open_stage(out, cache, (".git",))
    assert stage is not None
    Output(str(stage.root), fresh=True).put("figures/torn.html", b"half")
    again = open_stage(out, cache, (".git",))
    assert again is not None
    assert list(again.root.iterdir()) == []
    Output(str(again.root), fresh=True).put("figures/x.html", b"x")
    again.publish()
    assert (out / "figures/x.html").read_bytes() == b"x"
    assert list(cache.iterdir()) == []
    assert open_stage(out, cache, (".git",)) is None


def test_fresh_file_that_cannot_be_written(tmp_path: Path) -> None:
    """Where a fresh file cannot be written, the message says which."""
    (tmp_path / "a/x.html").mkdir(parents=True)
    with pytest.raises(BuildError, match=r"cannot write a/x\.html: "):
        Output(str(tmp_path), fresh=True).put("a/x.html", b"x")


def test_stage_is_published_whole(tmp_path: Path) -> None:
    """Everything in a stage moves into the output folder, whose marker and kept names stay as they are."""
    out, cache = tmp_path / "out", tmp_path / "cache"
    (out / ".git").mkdir(parents=True)
    cache.mkdir()
    kept = {MARKER: b"marker", "CNAME": b"example.org", ".git/config": b"git"}
    made = {"index.html": b"home", ".nojekyll": b"", "a/b/c.html": b"c" * 100_000, "a/d.html": b"d"}
    for name, data in kept.items():
        (out / name).write_bytes(data)
    stage = open_stage(out, cache, (".git", "CNAME"))
    assert stage is not None
    output = Output(str(stage.root), fresh=True)
    times = {name: output.put(name, data).mtime for name, data in made.items()}
    assert files_of(out) == kept
    stage.publish()
    assert files_of(out) == kept | made
    assert {name: (out / name).stat().st_mtime_ns for name in made} == times


def test_stages_of_two_outputs(tmp_path: Path) -> None:
    """Each output folder has a stage of its own, which a build into another one leaves alone."""
    cache = tmp_path / "cache"
    folders = [tmp_path / "one", tmp_path / "two"]
    for folder in (cache, *folders):
        folder.mkdir()
    one, two = (open_stage(folder, cache, ()) for folder in folders)
    assert one is not None
    assert two is not None
    Output(str(one.root), fresh=True).put("a/x.html", b"x")
    two.drop()
    assert [*cache.iterdir()] == [one.root]
    one.publish()
    assert (files_of(folders[0]), files_of(folders[1])) == ({"a/x.html": b"x"}, {})


def test_stage_that_is_dropped_even_where_none_is_opened(tmp_path: Path) -> None:
    """What a killed build left in its stage goes with the next build, also if that writes files in their place."""
    out, cache = tmp_path / "out", tmp_path / "cache"
    for folder in (out, cache):
        folder.mkdir()
    stage = open_stage(out, cache, ())
    assert stage is not None
    Output(str(stage.root), fresh=True).put("a/x.html", b"x")
    (out / "index.html").write_bytes(b"")
    assert open_stage(out, cache, ()) is None
    assert [*cache.iterdir()] == []


def test_two_mounts_of_one_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where nothing can be moved from the cache into the output folder there is no stage, and nothing is left."""
    folders = out, cache = tmp_path / "out", tmp_path / "cache"
    for folder in folders:
        folder.mkdir()

    def refuse(*_: object) -> None:
        raise OSError(errno.EXDEV, "Invalid cross-device link")

    monkeypatch.setattr("pathlib.Path.rename", refuse)
    assert open_stage(out, cache, ()) is None
    assert [[*folder.iterdir()] for folder in folders] == [[], []]


def test_stage_that_cannot_be_published(tmp_path: Path) -> None:
    """When the disk refuses to take a stage, the message names the output folder."""
    out, cache = tmp_path / "out", tmp_path / "cache"
    for folder in (out, cache):
        folder.mkdir()
    stage = open_stage(out, cache, ())
    assert stage is not None
    Output(str(stage.root), fresh=True).put("x.html", b"x")
    out.rmdir()
    with pytest.raises(BuildError, match=r"cannot write .*out: "):
        stage.publish()


def test_kept_folder_that_has_a_name_of_ours(tmp_path: Path) -> None:
    """Where a kept folder has the name of one that a first build makes, its files stay, and those of the build join."""
    out, cache = tmp_path / "out", tmp_path / "cache"
    (out / "assets").mkdir(parents=True)
    cache.mkdir()
    (out / "assets/mine.png").write_bytes(b"mine")
    stage = open_stage(out, cache, ("assets",))
    output = Output(str(stage.root if stage else out), fresh=stage is not None)
    for name in ("404.html", "assets/site.css"):
        output.put(name, b"new")
    if stage:
        stage.publish()
    assert files_of(out) == {"404.html": b"new", "assets/mine.png": b"mine", "assets/site.css": b"new"}


def test_folder_of_the_site_that_cannot_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is told of by its name: what is in it cannot be compared."""
    (tmp_path / "figures").mkdir()
    real = os.open

    def refused(path: str, *more: int) -> int:
        if str(path).endswith("/figures"):
            raise PermissionError(13, "Permission denied")  # as root every folder can be read
        return real(path, *more)

    monkeypatch.setattr("builder.write.output.os.open", refused)
    with pytest.raises(BuildError, match=r"cannot read .*/figures, a folder of the site: Permission denied"):
        compare_outputs(tmp_path, (), left(tmp_path))


def test_files_that_go_while_we_look(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A page, or a folder, that somebody removes at that very moment is one that is not there."""
    for name in ("a.html", "b.html", "c/d.html"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(b"xx")
    known = left(tmp_path, "a.html", "b.html", "c/d.html")
    real = os.scandir

    @contextmanager
    def scanned(place: int) -> Iterator[list[os.DirEntry[str]]]:
        with real(place) as entries:
            found = list(entries)
        (tmp_path / "a.html").unlink(missing_ok=True)
        if (tmp_path / "c").exists():
            (tmp_path / "c/d.html").unlink()
            (tmp_path / "c").rmdir()
        yield found

    monkeypatch.setattr("builder.write.output.os.scandir", scanned)
    assert compare_outputs(tmp_path, (), known) == ({"a.html", "c/d.html"}, set())
