"""What ``make test`` installs may be missing on somebody's machine, but not in CI."""

from __future__ import annotations

from importlib.util import cache_from_source, source_hash
from pathlib import Path

import pytest

from tests.support import installed

CHECKED = 0b11
"""Compiled code that holds as long as its source has the same bytes (PEP 552)."""


@pytest.mark.skipif(not installed.CI, reason="by hand, sources may be newer than what `make` has compiled")
def test_program_is_compiled() -> None:
    """What `make build` installs holds the whole program compiled, also where Python may not keep what it compiles."""
    sources = sorted((installed.ROOT / "builder").rglob("*.py"))
    assert sources
    for source in sources:
        code = Path(cache_from_source(str(source))).read_bytes()
        assert (int.from_bytes(code[4:8], "little"), code[8:16]) == (CHECKED, source_hash(source.read_bytes())), source


@pytest.mark.parametrize(("ci", "outcome"), [(False, pytest.skip.Exception), (True, pytest.fail.Exception)])
def test_what_is_missing_fails_in_ci_alone(
    monkeypatch: pytest.MonkeyPatch,
    ci: bool,  # noqa: FBT001 - a parameter of the test
    outcome: type[BaseException],
) -> None:
    """A test that lacks something is left out, and in CI it fails or runs."""
    monkeypatch.setattr(installed, "CI", ci)
    with pytest.raises(outcome, match="no browser"):
        installed.not_there("no browser")
    assert installed.needs(there=False, reason="no browser").args == (not ci,)
    assert installed.needs(there=True, reason="no browser").args == (False,)
