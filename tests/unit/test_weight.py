"""What readers fetch weighs little: bounds on scripts and style sheets, packed as servers send them."""

from __future__ import annotations

import gzip
import json

from tests.support.installed import MANIFEST, needs_bundle

DIST = MANIFEST.parent
pytestmark = needs_bundle


def packed(*names: str) -> int:
    """Return the bytes of assets together, each packed by itself."""
    manifest = json.loads(MANIFEST.read_text(encoding="utf-8"))
    return sum(len(gzip.compress((DIST / manifest[name]).read_bytes(), 9, mtime=0)) for name in names)


def test_weight_of_a_figure_page() -> None:
    """A figure page fetches 15 KB of scripts and 12 KB of style sheets at most; the search comes when it is wanted."""
    assert packed("site.js", "theme.js") <= 15 * 1024
    assert packed("site.css") <= 12 * 1024


def test_weight_of_explore() -> None:
    """Explore adds 40 KB at most to what all pages have."""
    assert packed("explore.js", "explore.css") <= 40 * 1024


def test_search_is_fetched_by_its_published_name() -> None:
    """What all pages have asks for the search by the name under which it is published, and does not hold it."""
    manifest = json.loads(MANIFEST.read_text(encoding="utf-8"))
    text = (DIST / manifest["site.js"]).read_text(encoding="utf-8")
    assert f"./{manifest['suggest.js']}" in text
    assert "aria-activedescendant" not in text
