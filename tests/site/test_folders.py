"""Which output folder a build takes: not one that it reads, and one that it can write."""

from __future__ import annotations

import errno
import os
import re
from typing import TYPE_CHECKING, Any

import pytest

from tests.site.building import build, in_process, record, tree, write_site

if TYPE_CHECKING:
    from pathlib import Path

SETTINGS = "title: Test\nurl: https://example.org/\n"
RECORDS = {"PMC1__a": record("PMC1__a")}


@pytest.mark.parametrize(
    "where", ["source", "source/figures", "source/figures/out", ".", "source/images", "source/pages/a", "source/_data"]
)
def test_output_that_meets_the_source_is_refused(tmp_path: Path, where: str) -> None:
    """An output folder that holds the source, or lies among the records, is refused before anything is read."""
    source = write_site(tmp_path / "source", RECORDS, SETTINGS)
    before = tree(source)
    ran = build(source, tmp_path / where, tmp_path / "cache4")
    assert ran.code == 1
    assert re.search(r"--out .* (holds the source|lies in the folder (of records|images|pages|_data))", ran.err)
    assert tree(source) == before
    assert not (tmp_path / "cache4").exists()


def test_output_inside_a_bare_folder_is_refused(tmp_path: Path) -> None:
    """In a folder of records, an output folder would be read as records the next time."""
    bare = tmp_path / "bare"
    bare.mkdir()
    (bare / "PMC1__a.md").write_text(record("PMC1__a"), encoding="utf-8")
    ran = build(bare, bare / "out", tmp_path / "cache")
    assert ran.code == 1
    assert "lies in the folder of records" in ran.err


def test_output_folder_that_cannot_be_is_named(tmp_path: Path) -> None:
    """Where nothing can be written at all, the message says which folder was meant."""
    source = write_site(tmp_path / "source", RECORDS, SETTINGS)
    (tmp_path / "file").write_text("x", encoding="utf-8")
    ran = build(source, tmp_path / "file/site", tmp_path / "cache6")
    assert ran.code == 1
    assert f"cannot write {(tmp_path / 'file/site').resolve()}/.figpages: " in ran.err


def test_site_without_a_folder_of_records(tmp_path: Path) -> None:
    """A new site has no records yet, nor its clone a folder for them, which git does not keep: it is built."""
    source = tmp_path / "new"
    source.mkdir()
    (source / "site.yml").write_text("title: New\nurl: https://new.org/\n", encoding="utf-8")
    ran = build(source, source / "_site", tmp_path / "cache")
    assert ran.code == 0, ran.err
    assert (source / "_site/index.html").is_file()


def test_what_is_kept_is_not_written(tmp_path: Path) -> None:
    """A name in keep_files stays what it is: an older address makes way, a page of the site is refused."""
    files = {"PMC1__a": record("PMC1__a")}
    source = write_site(tmp_path / "source", files, "title: T\nkeep_files: [search.html]\n")
    out = tmp_path / "out"
    assert build(source, out, tmp_path / "cache").code == 0
    (out / "search.html").write_text("by hand", encoding="utf-8")
    write_site(source, {"PMC1__b": record("PMC1__b")})
    assert build(source, out, tmp_path / "cache").code == 0
    assert (out / "search.html").read_text(encoding="utf-8") == "by hand"
    for name, more in (("team.html", {"pages/team.md": "---\ntitle: Team\n---\nWe.\n"}), ("_redirects", {})):
        settings = f"title: T\nredirects: [netlify]\nkeep_files: [{name}]\n"
        write_site(source, more, settings)
        before = tree(out)
        ran = build(source, out, tmp_path / "cache")
        assert ran.code == 1
        if more:
            checked = in_process("check", "--source", source, "--cache", tmp_path / "cache")
            assert "site.yml:3:14: error: found 'team.html' in 'keep_files'" in checked.out
        told = f"found '{name}' in 'keep_files'" if more else f"names '{name}', which this build writes"
        assert told in ran.err
        assert tree(out) == before


@pytest.mark.parametrize(
    "where", ["source/figures", "source/figures/a", "source/images", "source/pages", "source/_data/x"]
)
def test_cache_among_what_is_read_is_refused(tmp_path: Path, where: str) -> None:
    """A cache folder that lies among records, pages or pictures is refused by builds and checks: it would be read."""
    source = write_site(tmp_path / "source", RECORDS, SETTINGS)
    before = tree(source)
    told = r"--cache .* lies in the folder (of records|images|pages|_data)"
    ran = build(source, tmp_path / "out", tmp_path / where)
    assert (ran.code, bool(re.search(told, ran.err))) == (1, True)
    ran = in_process("check", "--source", str(source), "--cache", str(tmp_path / where))
    assert (ran.code, bool(re.search(told, ran.err))) == (1, True)
    assert tree(source) == before


def test_cache_that_would_take_the_source_for_its_own_is_refused(tmp_path: Path) -> None:
    """The cache keeps what it read in a folder called records: a source of that name beside it is left alone."""
    for source in (tmp_path / "records", tmp_path / "records/ab"):
        write_site(source, RECORDS, SETTINGS)
    before = tree(tmp_path)
    for source in (tmp_path / "records", tmp_path / "records/ab"):
        ran = build(source, tmp_path / "out", tmp_path)
        assert ran.code == 1
        assert "would keep its files among those of the source" in ran.err
    assert tree(tmp_path) == before


def test_what_is_not_of_the_cache_stays_there(tmp_path: Path) -> None:
    """Builds remove files of their own alone from a cache folder, which may be where the user has other things."""
    source = write_site(tmp_path / "source", RECORDS, SETTINGS)
    foreign = [
        "records/2024/PMC1.md", "records/2024/supplement/a.csv", "records/ab/notes.txt", "records/ab/x/a.rec",
        "records/README.md", "state.sqlite", "notes-1.msgpack", "mail.4194305.tmp",
    ]  # fmt: skip
    cache = tmp_path / "cache"
    for name in foreign:
        (cache / name).parent.mkdir(parents=True, exist_ok=True)
        (cache / name).write_text("mine", encoding="utf-8")
    for title in ("One title of a figure", "Another title of a figure"):
        write_site(source, {"PMC1__a": record("PMC1__a", figtitle=title)}, SETTINGS)
        assert build(source, tmp_path / "out", cache).code == 0
    assert {name: (cache / name).read_text(encoding="utf-8") for name in foreign} == dict.fromkeys(foreign, "mine")
    assert len(list((cache / "records").glob("*/" + "?" * 32 + ".rec"))) == 1


def test_hidden_cache_in_a_bare_folder(tmp_path: Path) -> None:
    """In a folder of records the usual cache, whose name begins with a dot, is not read as records."""
    bare = tmp_path / "bare"
    bare.mkdir()
    (bare / "PMC1__a.md").write_text(record("PMC1__a"), encoding="utf-8")
    for _ in range(2):
        ran = build(bare, tmp_path / "out", bare / ".cache")
        assert (ran.code, "warning" in ran.err) == (0, False)


@pytest.mark.parametrize(
    "command",
    [("build", "--source", "closed/figures"), ("build", "--out", "closed/out"), ("links", "--out", "closed/out")],
)
def test_folder_that_may_not_be_searched(
    command: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Below a folder that we may not look into nothing is told of but that, in one message."""
    write_site(tmp_path / "site", {"PMC1__a": record("PMC1__a")})
    monkeypatch.chdir(tmp_path)
    look = os.stat

    def closed(path: Any, *arguments: Any, **more: Any) -> os.stat_result:
        if "closed" in str(path):
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(path))
        return look(path, *arguments, **more)

    monkeypatch.setattr(os, "stat", closed)
    rest = () if "--source" in command or command[0] == "links" else ("--source", "site")
    ran = in_process(*command, *rest)
    assert ran.code == 1
    assert ran.err.startswith("Error: ")
    assert "closed" in ran.err
    assert "Traceback" not in ran.err
