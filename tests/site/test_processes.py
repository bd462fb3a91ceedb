"""What several processes do, beside each other or one after the other, leaves the bytes that one alone leaves."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

from tests.site.building import figpages, tree
from tests.site.test_incremental import CHANGES, Place, add_many

if TYPE_CHECKING:
    from pathlib import Path

LARGE = "import builder.state; builder.state.MANY = 0; from builder.cli import run; run()"
"""The command, to which every site is a large one."""


def test_processes_beside_the_build(tmp_path: Path) -> None:
    """Of a large site, other processes look at the outputs and renew the search index: the same bytes come of it."""
    place = Place(tmp_path)
    folders = ("--source", place.source, "--out", place.out, "--cache", place.cache)
    add_many(place)
    place.build()
    for change in ("edit_title", "edit_gene", "add", "rename_record", "output_tampered", "setting_page"):
        CHANGES[change](place)
        command = (sys.executable, "-c", LARGE, "build", *folders, "--jobs", "2")
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert (done.returncode, done.stderr) == (0, "")
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
