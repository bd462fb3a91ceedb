"""Builds where the shell closed standard input, output or error."""

from __future__ import annotations

import shlex
import subprocess
from typing import TYPE_CHECKING

import pytest

from tests.site.building import COMMAND, build, record, tree, write_site

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize("closed", [">&-", "2>&-", ">&- 2>&-", "<&-", "| true"])
def test_streams_that_the_shell_closed(tmp_path: Path, closed: str) -> None:
    """A build without somewhere to speak to is a build; what it would say is not written into a file of the site."""
    write_site(tmp_path / "source", {"PMC9__good": record("PMC9__good")})
    assert build(tmp_path / "source", tmp_path / "out", tmp_path / "cache").code == 0
    command = f"{shlex.join([*COMMAND, 'build', '--source', 'source'])} {closed}"
    done = subprocess.run(["sh", "-c", command], capture_output=True, text=True, check=False, cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert tree(tmp_path / "_site") == tree(tmp_path / "out")
