"""What ``make test`` installs: where it is not there a test is left out with a reason, but in CI it fails."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import NoReturn

import pytest

__all__ = ["MANIFEST", "NODE", "needs", "needs_bundle", "needs_node", "not_there"]

ROOT = Path(__file__).resolve().parents[2]
CI = bool(os.environ.get("CI"))
"""Whether this is the run that a change must pass, in which nothing may be left out unseen."""

# Where the machine has no Node.js, `make` links one here and puts it on the path.
NODE = shutil.which("node", path=os.pathsep.join([str(ROOT / ".venv/node"), os.environ.get("PATH", "")]))
MANIFEST = ROOT / "static/dist/manifest.json"
"""Names of the bundled scripts and style sheets."""


def needs(there: object, reason: str) -> pytest.MarkDecorator:
    """Return the mark of tests that need something: they are left out where it is not there, unless in CI."""
    return pytest.mark.skipif(not there and not CI, reason=reason)


def not_there(reason: str) -> NoReturn:
    """Leave the running test out for want of something; in CI it fails."""
    if CI:
        pytest.fail(reason)
    pytest.skip(reason)


needs_node = needs(NODE, "no Node.js on this machine: `make test` installs one")
needs_bundle = needs(MANIFEST.is_file(), "static/dist is not there: run `make bundle` first")
