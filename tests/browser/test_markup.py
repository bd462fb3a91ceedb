"""The pages are valid HTML by the Nu checker."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.browser.pages import KINDS
from tests.support.markup import needs_vnu, vnu

if TYPE_CHECKING:
    from pathlib import Path

SAMPLE = (
    "genes/EVIL1.html",
    "genes/letters/other.html",
    "browse/2015.html",
    "organisms/homo_sapiens.p3.html",
    "figures/PMC7464074__F1.html",
    "figures/demo-glycolysis.html",
)
"""Pages that differ from those of KINDS: lists of hostile texts, last pages, redirects."""


@needs_vnu
def test_pages_are_valid(site: Path) -> None:
    """Every page kind, every demonstration figure, hostile pages, lists of them and redirects are free of errors."""
    named = {*KINDS.values(), *SAMPLE}
    pages = {site / (f"{path}index.html" if path.endswith("/") else path) for path in named}
    pages |= set((site / "figures").glob("*__*-*.html")) | set((site / "figures").glob("DEMO*__*.html"))
    assert vnu(sorted(pages)) == []
