"""Renew the stored trees of the golden sites: ``python -m tests.golden.renew``; then review the difference."""

from __future__ import annotations

import shutil
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from tests.golden.tree import (
    CHECKOUT,
    CHECKOUT_EXPECTED,
    EXPECTED,
    SITE,
    build_golden,
    stored_checkout,
    stored_tree,
)

if TYPE_CHECKING:
    from collections.abc import Callable

WARNINGS = "warnings.txt"
"""Beside the tree: what the build says of the golden site."""


def renew(site: Path, expected: Path, form: Callable[[Path], dict[str, str]]) -> list[str]:
    """Build a golden site and store it; returns the paths that changed, nothing if all is as it was.

    The old tree stays until the new one is complete.
    """
    with tempfile.TemporaryDirectory() as folder:
        out, warnings = build_golden(Path(folder), site)
        new = form(out)
    old = stored(expected)
    changed = sorted(p for p in old.keys() | new.keys() if old.get(p) != new.get(p))
    if changed:
        fresh = expected.with_name("expected.new")
        shutil.rmtree(fresh, ignore_errors=True)
        for path, text in new.items():
            target = fresh / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(text.encode())
        shutil.rmtree(expected, ignore_errors=True)
        fresh.rename(expected)
    (expected.parent / WARNINGS).write_bytes(warnings.encode())
    return changed


def stored(root: Path) -> dict[str, str]:
    """Return the stored tree as it is on the disk."""
    return {p.relative_to(root).as_posix(): p.read_bytes().decode() for p in sorted(root.rglob("*")) if p.is_file()}


def main() -> None:
    """Renew, and say what changed."""
    changed = renew(SITE, EXPECTED, stored_tree)
    changed += [f"checkout: {p}" for p in renew(CHECKOUT, CHECKOUT_EXPECTED, stored_checkout)]
    sys.stdout.write("".join(f"changed: {path}\n" for path in changed) or "The golden sites are as they were.\n")


if __name__ == "__main__":
    main()
