"""Checks of a page's HTML (Nu HTML checker) and of its accessibility (axe), by the tools of package.json."""

from __future__ import annotations

import functools
import json
import shutil
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tests.support.installed import needs

if TYPE_CHECKING:
    from collections.abc import Iterable

    from playwright.sync_api import Page

__all__ = ["AXE", "VNU", "axe", "needs_axe", "needs_vnu", "vnu"]

_MODULES = Path(__file__).resolve().parents[2] / "node_modules"
VNU = _MODULES / "vnu-jar" / "build" / "dist" / "vnu.jar"
"""The Nu HTML checker, which needs Java."""
AXE = _MODULES / "axe-core" / "axe.min.js"
"""The accessibility rules, a script that runs in the page."""
_BATCH = 500  # files per Java process, below the length that a command line may have
_TIMEOUT = 600  # seconds for one batch

needs_vnu = needs(VNU.is_file() and shutil.which("java"), "the Nu HTML checker needs Java and the npm package vnu-jar")
needs_axe = needs(AXE.is_file(), "the npm package axe-core is not installed")


def _run_vnu(paths: list[str]) -> list[dict[str, Any]]:
    """Return the checker's messages on some files, or raise RuntimeError when it does not run."""
    java = shutil.which("java")
    if java is None:
        message = "the Nu HTML checker needs Java"
        raise RuntimeError(message)
    # One small heap: the checker needs little, and tests share the machine with Chromium.
    command = [java, "-Xss2m", "-Xmx512m", "-jar", str(VNU), "--errors-only", "--format", "json", *paths]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=_TIMEOUT)
    try:
        found: list[dict[str, Any]] = json.loads(done.stderr)["messages"]
    except (json.JSONDecodeError, KeyError) as error:
        message = f"the Nu HTML checker failed: {done.stderr[-500:]}"
        raise RuntimeError(message) from error
    return found


def _line(message: dict[str, Any]) -> str:
    """Return one message of the checker as path:line:column: what."""
    path = str(message.get("url", "")).removeprefix("file:")
    place = f"{path}:{message.get('lastLine', 0)}:{message.get('firstColumn', message.get('lastColumn', 0))}"
    extract = " ".join(str(message.get("extract", "")).split())
    return f"{place}: {message.get('message', '')}" + (f" [{extract}]" if extract else "")


def vnu(paths: Iterable[Path | str]) -> list[str]:
    """Return the errors of the Nu HTML checker in some HTML, CSS or SVG files, as path:line:column: message."""
    names = [str(p) for p in paths]
    batches = [names[i : i + _BATCH] for i in range(0, len(names), _BATCH)]
    return [_line(m) for batch in batches for m in _run_vnu(batch)]


@functools.cache
def _axe_source() -> str:
    """Return the text of axe, read once a process."""
    return AXE.read_text(encoding="utf-8")


_COLOURS = ("color-contrast", "link-in-text-block")
"""The rules of axe that look at colours."""


def axe(page: Page, *, exclude: tuple[str, ...] = (), colours: bool = False) -> list[str]:
    """Return the accessibility violations of the page that a browser shows: rule, element, what to mend.

    Args:
        page: an open Playwright page.
        exclude: CSS selectors of parts that are not ours to mend.
        colours: look at colours alone, where all else was looked at in another scheme.
    """
    # As text through the debugger: a script element would be stopped by the page's content security policy.
    if not page.evaluate("'axe' in window"):
        page.evaluate(_axe_source())
    only = {"runOnly": list(_COLOURS)} if colours else {}
    result = page.evaluate(
        "([exclude, options]) => axe.run({exclude: exclude.map(s => [s])}, options)",
        [list(exclude), {"resultTypes": ["violations"], **only}],
    )
    return [
        f"{rule['id']} ({rule['impact']}): {' '.join(map(str, node['target']))}: "
        f"{' '.join((node.get('failureSummary') or rule['help']).split())}"
        for rule in result["violations"]
        for node in rule["nodes"]
    ]
