"""What several processes do, beside each other or one after the other, leaves the bytes that one alone leaves."""

from __future__ import annotations

import shutil
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from tests.site.building import figpages, tree
from tests.site.test_incremental import CHANGES, Place, add_many

if TYPE_CHECKING:
    from pathlib import Path

LARGE = """
import builder.bulk
import builder.state

builder.state.MANY = builder.bulk.MANY = builder.bulk.LARGE = 0
from builder.cli import run

run()
"""
"""The command, to which every site is a large one."""


REMOVED = """
from pathlib import Path

from builder.write.output import Prepared

place, left = Prepared.place, [0] * {times}


def lost(prepared):
    if left and "gene-mentions.parquet" in prepared.target:
        left.pop()
        Path(prepared.temporary).unlink()
    return place(prepared)


Prepared.place = lost
"""
"""Has somebody remove a download so many times before it is put in its place."""


def build_large(place: Place, before: str = "", jobs: str = "2") -> subprocess.CompletedProcess[str]:
    """Build a source as if it were large, some code before that; returns what came of it."""
    folders = ("--source", place.source, "--out", place.out, "--cache", place.cache)
    command = (sys.executable, "-c", before + LARGE, "build", *folders, "--jobs", jobs)
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_processes_beside_the_build(tmp_path: Path) -> None:
    """Of a large site, other processes look at the outputs and renew the search index: the same bytes come of it."""
    place = Place(tmp_path)
    add_many(place)
    place.build()
    for change in ("edit_title", "edit_gene", "add", "rename_record", "output_tampered", "setting_page"):
        CHANGES[change](place)
        done = build_large(place)
        assert (done.returncode, done.stderr) == (0, "")
        assert tree(place.out) == place.clean()


def test_downloads_that_were_spoiled(tmp_path: Path) -> None:
    """Downloads that somebody changed are made again, whether or not others are made while the site is planned."""
    place = Place(tmp_path)
    for name in ("pfocr.ttl.gz", "README.md"):
        (place.out / "downloads" / name).write_text("tampered", encoding="utf-8")
        CHANGES["edit_title" if name == "README.md" else "edit_gene"](place)
        done = build_large(place)
        assert (done.returncode, done.stderr) == (0, "")
        assert tree(place.out) == place.clean()


def test_downloads_that_were_removed(tmp_path: Path) -> None:
    """Downloads that are gone before they are put in their places are written again, and if that fails it is told."""
    place = Place(tmp_path)
    before = tree(place.out)
    CHANGES["edit_gene"](place)
    done = build_large(place, REMOVED.format(times=2))
    assert (done.returncode, done.stdout) == (1, "")
    assert "cannot write downloads/gene-mentions.parquet" in done.stderr
    assert tree(place.out)["downloads/gene-mentions.parquet"] == before["downloads/gene-mentions.parquet"]
    done = build_large(place, REMOVED.format(times=1))
    assert (done.returncode, done.stderr) == (0, "")
    assert tree(place.out) == place.clean()


WORDS_LOST = """
import builder.searching

builder.searching.load_terms = lambda cache, key: None
"""
"""Has the cache lose the words of records while a build is at it."""


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_words_that_the_cache_loses_meanwhile(tmp_path: Path, jobs: str) -> None:
    """A first build, whose workers make the words of the search index ahead, tells so and publishes nothing."""
    place = Place(tmp_path)
    add_many(place)
    shutil.rmtree(place.out)
    shutil.rmtree(place.cache)
    done = build_large(place, WORDS_LOST, jobs)
    assert done.returncode == 1
    assert done.stderr.count("lost a file while it was in use; build again") == 1
    assert "Traceback" not in done.stderr
    assert tree(place.out).keys() <= {".figpages"}
    done = build_large(place, jobs=jobs)
    assert (done.returncode, done.stderr) == (0, "")
    assert tree(place.out) == place.clean()


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_refused_site_leaves_nothing_behind(tmp_path: Path, jobs: str) -> None:
    """Where an error is found once downloads are made, the site stands as it stood, and no file lies beside it."""
    place = Place(tmp_path)
    before = tree(place.out)
    CHANGES["edit_gene"](place)
    twice = place.figure("PMC4__f").read_text(encoding="utf-8").replace("PMC4__f", "pmc4__F")
    place.figure("pmc4__F").write_text(twice, encoding="utf-8")
    done = build_large(place, jobs=jobs)
    assert done.returncode == 1
    assert "expected it in one record" in done.stderr + done.stdout
    assert tree(place.out) == before
    place.figure("pmc4__F").unlink()
    assert build_large(place).returncode == 0
    assert tree(place.out) == place.clean()


def test_what_a_killed_build_made_ahead_goes(tmp_path: Path) -> None:
    """Files that a build had not put in their places when it was killed are removed by the next."""
    place = Place(tmp_path)
    (place.out / "downloads/.README.md.999999.tmp").write_text("half of it", encoding="utf-8")
    assert build_large(place).returncode == 0
    assert tree(place.out) == place.clean()


def test_compiled_templates_are_taken_over(tmp_path: Path) -> None:
    """A build takes over the templates that another has compiled, unless they are damaged or another template's."""
    place = Place(tmp_path)
    folders = ("--source", place.source, "--out", place.out, "--cache", place.cache)
    assert figpages("build", *folders, "--clean").code == 0
    compiled = sorted(place.cache.glob("template-*.code"))
    assert compiled
    before = [path.stat().st_mtime_ns for path in compiled]
    CHANGES["edit_title"](place)
    assert figpages("build", *folders).code == 0
    assert [path.stat().st_mtime_ns for path in compiled] == before
    data = compiled[0].read_bytes()
    for path in compiled:
        path.write_bytes(data[:-20] + bytes(20))
    CHANGES["edit_gene"](place)
    ran = figpages("build", *folders)
    assert (ran.code, ran.err) == (0, "")
    assert tree(place.out) == place.clean()


def test_memory_of_an_older_index_is_no_use(tmp_path: Path) -> None:
    """What is left of another search index than the one that stands, as where a disk was full, spoils nothing."""
    place = Place(tmp_path)
    [left] = place.cache.glob("search-*.msgpack")
    older = left.read_bytes()
    place.edit("figures/PMC1__a.md", "Title of PMC1__a", "Unheard of")
    place.build()
    left.write_bytes(older)
    place.edit("pages/about.md", "What this is", "What it is")  # of which the index knows nothing
    place.build()
    assert tree(place.out) == place.clean()
    left.write_bytes(older)
    place.edit("figures/PMC1__a.md", "Unheard of", "Title of PMC1__a")
    place.build()
    assert tree(place.out) == place.clean()
