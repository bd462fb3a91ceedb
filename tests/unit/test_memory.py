"""A build asks the system for what it allows."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

FILES = """
import resource
from builder.memory import MOST_FILES, allow_files
most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
for few in (64, 128):
    resource.setrlimit(resource.RLIMIT_NOFILE, (few, most))
    allow_files()
    most_now = MOST_FILES if most == resource.RLIM_INFINITY else min(most, MOST_FILES)
    assert resource.getrlimit(resource.RLIMIT_NOFILE) == (most_now, most)
resource.setrlimit(resource.RLIMIT_NOFILE, (64, 64))
allow_files()
assert resource.getrlimit(resource.RLIMIT_NOFILE) == (64, 64)
"""


MANY = """
import resource
from pathlib import Path
from builder import kept
paths = [Path(f"{n}.msgpack") for n in range(99)]
for n, path in enumerate(paths):
    kept.save(path, [n, "x" * kept.LARGE])
resource.setrlimit(resource.RLIMIT_NOFILE, (64, 64))
views = [kept.contents(path) for path in paths]
loaded = [kept.load(path, tuple[int, str]) for path in paths]
assert [value[0] for value in loaded] == list(range(99))
assert all(len(view) > kept.LARGE for view in views)
"""


def test_more_files_of_the_cache_than_may_be_open(tmp_path: Path) -> None:
    """Where a system allows few open files, those of the cache are read, not mapped, and none counts as lost."""
    done = subprocess.run(
        [sys.executable, "-c", MANY], capture_output=True, text=True, check=False, timeout=60, cwd=tmp_path
    )
    assert (done.returncode, done.stderr) == (0, "")


def test_as_many_files_as_the_system_allows() -> None:
    """A build may hold hundreds of mapped files open, however few a shell allows at first."""
    done = subprocess.run([sys.executable, "-c", FILES], capture_output=True, text=True, check=False, timeout=60)
    assert (done.returncode, done.stderr) == (0, "")
