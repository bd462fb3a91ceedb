"""Where the sample data lies: a folder ``shared`` beside the checkout."""

from __future__ import annotations

from pathlib import Path

import pytest

__all__ = ["SHARED", "needs_shared"]

SHARED = Path(__file__).resolve().parents[2].parent / "shared"

needs_shared = pytest.mark.skipif(
    not SHARED.is_dir(),
    reason="the sample data folder 'shared' is not beside the checkout",
)
