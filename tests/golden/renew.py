"""Renew the stored tree of the golden site: ``python -m tests.golden.renew``; then review the difference."""

from __future__ import annotations

import shutil
import sys
import tempfile
from pathlib import Path

from tests.golden.tree import EXPECTED, build_golden, stored_tree

WARNINGS = "warnings.txt"
"""Beside the tree: what the build says of the golden site."""


def renew() -> list[str]:
    """Build the golden site and store it; returns the paths that changed, nothing if all is as it was.

    The old tree stays until the new one is complete.
    """
    with tempfile.TemporaryDirectory() as folder:
        out, warnings = build_golden(Path(folder))
        new = stored_tree(out)
    old = stored(EXPECTED)
    changed = sorted(p for p in old.keys() | new.keys() if old.get(p) != new.get(p))
    if changed:
        fresh = EXPECTED.with_name("expected.new")
        shutil.rmtree(fresh, ignore_errors=True)
        for path, text in new.items():
            target = fresh / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(text.encode())
        shutil.rmtree(EXPECTED, ignore_errors=True)
        fresh.rename(EXPECTED)
    (EXPECTED.parent / WARNINGS).write_bytes(warnings.encode())
    return changed


def stored(root: Path) -> dict[str, str]:
    """Return the stored tree as it is on the disk."""
    return {p.relative_to(root).as_posix(): p.read_bytes().decode() for p in sorted(root.rglob("*")) if p.is_file()}


def main() -> None:
    """Renew, and say what changed."""
    changed = renew()
    sys.stdout.write("".join(f"changed: {path}\n" for path in changed) or "The golden site is as it was.\n")


if __name__ == "__main__":
    main()
