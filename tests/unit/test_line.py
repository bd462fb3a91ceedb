"""The line at whose end searches are measured is as slow as it says."""

from __future__ import annotations

import shutil
import ssl
import time
import urllib.request
from typing import TYPE_CHECKING

import click
import pytest

from benchmarks.line import Line, far_site, find_nginx

if TYPE_CHECKING:
    from pathlib import Path

SIZE = 100_000


def _there() -> bool:
    """Return whether what serves the site is on this machine."""
    try:
        return bool(find_nginx() and shutil.which("openssl"))
    except click.ClickException:
        return False


@pytest.mark.skipif(not _there(), reason="no nginx or openssl on this machine")
def test_a_file_comes_late_and_at_the_pace_of_the_line(tmp_path: Path) -> None:
    """A file of 100 kB takes three round trips and half a second at 200 kB/s, and all of it is counted."""
    (tmp_path / "file.bin").write_bytes(bytes(SIZE))
    trust = ssl.create_default_context()
    trust.check_hostname, trust.verify_mode = False, ssl.CERT_NONE
    with far_site(tmp_path, Line(0.1, 200_000)) as far:
        begin = time.monotonic()
        with urllib.request.urlopen(f"{far.address}file.bin", context=trust) as answer:  # noqa: S310 - our own address
            assert len(answer.read()) == SIZE
        took = time.monotonic() - begin
        passed = far.passed()
    assert took > 0.3 + SIZE / 200_000
    assert SIZE < sum(n for _, n in passed) < 1.1 * SIZE
    assert passed == sorted(passed)


def test_without_nginx_it_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever has no nginx is told to install it."""
    monkeypatch.setattr(shutil, "which", lambda *_, **__: None)
    with pytest.raises(click.ClickException, match="install it"):
        find_nginx()
