"""What a later build believes of files, and what it leaves of a cache that others use."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from PIL import Image

from builder.state import State
from tests.site.building import build, gene, record, tree, write_site

if TYPE_CHECKING:
    from pathlib import Path

ONE_TIME = (10**9, 10**9)


@pytest.mark.parametrize("kind", ["bmp", "png"])
def test_files_of_one_size_and_time_that_change_places(tmp_path: Path, kind: str) -> None:
    """What comes out of an archive has one time, and may have one size: the contents count."""
    texts = {f"PMC9__{x}": record(f"PMC9__{x}", filename=f"{x}.{kind}", figtitle=f"Shows {x}") for x in "ab"}
    source = write_site(tmp_path / "source", texts, "title: T\n")
    images, figures = source / "images", source / "figures"
    images.mkdir()
    for name, colour in (("a", "red"), ("b", "blue")):
        Image.new("RGB", (40, 6), colour).save(images / f"{name}.{kind}")
    for path in (*images.iterdir(), *figures.iterdir()):
        os.utime(path, ONE_TIME)
    assert build(source, tmp_path / "out", tmp_path / "cache").code == 0
    (images / f"a.{kind}").rename(images / "t")
    (images / f"b.{kind}").rename(images / f"a.{kind}")
    (images / "t").rename(images / f"b.{kind}")
    (figures / "PMC9__a.md").write_text(texts["PMC9__a"].replace("Shows", "Hides"), encoding="utf-8")
    os.utime(figures / "PMC9__a.md", ONE_TIME)
    assert build(source, tmp_path / "out", tmp_path / "cache").code == 0
    assert build(source, tmp_path / "clean", tmp_path / "clean-cache").code == 0
    assert tree(tmp_path / "out") == tree(tmp_path / "clean")


def test_what_another_build_is_about_to_use_stays(tmp_path: Path) -> None:
    """Where several sites share a cache, one that ends does not take away what another has just read."""
    source = write_site(tmp_path / "source", {"PMC1__a": record("PMC1__a")}, "title: T\n")
    cache = tmp_path / "cache"
    assert build(source, tmp_path / "out", cache).code == 0
    (cache / "records/ab").mkdir(parents=True, exist_ok=True)
    file = cache / f"records/ab/{'ab' * 16}.rec"
    file.write_bytes(b"read a moment ago")
    with State(cache):
        write_site(source, {"PMC1__a": record("PMC1__a", year="2019")})
        assert build(source, tmp_path / "out", cache).code == 0
        assert file.exists()
    write_site(source, {"PMC1__a": record("PMC1__a", year="2018")})
    assert build(source, tmp_path / "out", cache).code == 0
    assert not file.exists()


@pytest.mark.parametrize("endings", [(".rec",), (".rec", ".men"), (".rec", ".trm"), (".rec", ".tab", ".col")])
def test_cache_that_was_cleaned(tmp_path: Path, endings: tuple[str, ...]) -> None:
    """Files that something took out of the cache cost time alone: what was in them is read again."""
    texts = {f"PMC{n}__a": record(f"PMC{n}__a", genes=[gene(f"AKT{n}", f"{n}")]) for n in range(1, 300)}
    source = write_site(tmp_path / "source", texts, "title: T\n")
    assert build(source, tmp_path / "out", tmp_path / "cache").code == 0
    keys = {path.stem for path in (tmp_path / "cache" / "records").rglob("*.rec")}
    (source / "figures/PMC1__a.md").write_text(texts["PMC1__a"].replace("2020", "1997"), encoding="utf-8")
    shutil.copytree(tmp_path / "cache", tmp_path / "whole")
    shutil.copytree(tmp_path / "out", tmp_path / "before")
    assert build(source, tmp_path / "clean", tmp_path / "clean-cache").code == 0
    assert len(keys) > 1
    for key in keys:
        for kept, to in (("whole", "cache"), ("before", "out")):
            shutil.rmtree(tmp_path / to)
            shutil.copytree(tmp_path / kept, tmp_path / to)
        taken = [path for path in (tmp_path / "cache" / "records").rglob(f"{key}.*") if path.suffix in endings]
        assert {path.suffix for path in taken} == {*endings}
        for path in taken:
            path.unlink()
        ran = build(source, tmp_path / "out", tmp_path / "cache")
        assert (ran.code, ran.err) == (0, "")
        assert tree(tmp_path / "out") == tree(tmp_path / "clean")


def test_builds_of_one_cache_hand_nothing_to_each_other() -> None:
    """What a build hands to its workers has a name of its own, though its process has the number of another's."""
    names = set()
    for _ in range(2):
        code = (
            "import os, pathlib; os.getpid = lambda: 7\n"
            "from builder import kept; print(kept.handed(pathlib.Path(), 'atlas'))"
        )
        names.add(subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout)
    assert len(names) == 2
