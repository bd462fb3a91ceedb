"""Where the sample data lies: a folder ``shared`` beside the checkout."""

from __future__ import annotations

from pathlib import Path

import pytest

__all__ = ["SHARED", "needs_shared", "skip_without_shared"]

SHARED = Path(__file__).resolve().parents[2].parent / "shared"

_ABSENT = "the sample data folder 'shared' is not beside the checkout"

needs_shared = pytest.mark.skipif(not SHARED.is_dir(), reason=_ABSENT)


def skip_without_shared() -> None:
    """Skip the test that cannot go on without the sample data."""
    if not SHARED.is_dir():
        pytest.skip(_ABSENT)
