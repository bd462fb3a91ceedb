"""A build asks the system for what it allows."""

from __future__ import annotations

import subprocess
import sys

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


def test_as_many_files_as_the_system_allows() -> None:
    """A build may hold hundreds of mapped files open, however few a shell allows at first."""
    done = subprocess.run([sys.executable, "-c", FILES], capture_output=True, text=True, check=False, timeout=60)
    assert (done.returncode, done.stderr) == (0, "")
