"""What ``make test`` installs may be missing on somebody's machine, but not in CI."""

from __future__ import annotations

import pytest

from tests.support import installed


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
