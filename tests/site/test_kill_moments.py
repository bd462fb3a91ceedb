"""A build that is killed at forty random moments leaves every file whole, and the next build equals a clean one."""

from __future__ import annotations

import random
import time
from typing import TYPE_CHECKING, NamedTuple

import pytest

from tests.site.building import figpages, tree, write_site
from tests.site.test_killed import Killed, again, text

if TYPE_CHECKING:
    from pathlib import Path

MOMENTS = 20
"""Of a first build, and as many of a build that renews a site."""
RECORDS = 60

pytestmark = pytest.mark.slow


class Sources(NamedTuple):
    """A collection before and after an edit of half its records, and what clean builds make of both."""

    before: Path
    after: Path
    old: dict[str, bytes]
    new: dict[str, bytes]
    seconds: float
    """What a build takes here."""


@pytest.fixture(scope="module")
def sources(tmp_path_factory: pytest.TempPathFactory) -> Sources:
    """Return two sources and their sites."""
    root = tmp_path_factory.mktemp("moments")
    trees, began = [], time.monotonic()
    for name in ("before", "after"):
        records = {f"PMC{i}__f": text(i, "New title" if name == "after" and i % 2 else "Title") for i in range(RECORDS)}
        source = write_site(root / name, records, "listing_page: 20\n")
        ran = figpages("build", "--source", source, "--out", root / f"{name}-out", "--cache", root / f"{name}-cache")
        assert ran.code == 0, ran.err
        trees.append(tree(root / f"{name}-out"))
    return Sources(root / "before", root / "after", trees[0], trees[1], (time.monotonic() - began) / 2)


def kill_after(seconds: float, source: Path, root: Path) -> None:
    """Start a build and kill it and its workers after some time."""
    running = Killed(source, root)
    time.sleep(seconds)
    running.kill_all()


def whole(root: Path) -> dict[str, bytes]:
    """Return the files that stand under their own names; the ones being written have others."""
    found = tree(root / "out") if (root / "out").exists() else {}
    return {path: data for path, data in found.items() if not path.endswith(".tmp")}


@pytest.mark.parametrize("moment", range(MOMENTS))
def test_first_build_killed(moment: int, sources: Sources, tmp_path: Path) -> None:
    """Whenever a first build is killed, no file is torn, and the next build makes the clean site."""
    dice = random.Random(moment)  # noqa: S311 - repeatable moments
    kill_after(dice.uniform(0.2, 1.1) * sources.seconds, sources.before, tmp_path)
    found = whole(tmp_path)
    assert found == {path: sources.old[path] for path in found}
    assert again(sources.before, tmp_path) == sources.old


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory, sources: Sources) -> Path:
    """Return the folder of a site that is killed again and again: each time the next build must mend it."""
    root = tmp_path_factory.mktemp("site")
    assert again(sources.before, root) == sources.old
    return root


@pytest.mark.parametrize("moment", range(MOMENTS))
def test_update_killed(moment: int, sources: Sources, site: Path) -> None:
    """Whenever an update is killed, each file is the old or the new one, and the next build mends the rest."""
    # To and fro: from what the test before has left, which it compared with the whole.
    back = tree(site / "out") == sources.new
    source, wanted = (sources.before, sources.old) if back else (sources.after, sources.new)
    dice = random.Random(1000 + moment)  # noqa: S311 - repeatable moments
    kill_after(dice.uniform(0.2, 1.1) * sources.seconds, source, site)
    for path, data in whole(site).items():
        assert data in (sources.old.get(path), sources.new.get(path)), path
    assert again(source, site) == wanted
