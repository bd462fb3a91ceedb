"""Two thousand records in PFOCR's own layout build; every link resolves and every block of structured data is sound."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from tests.site.building import figpages
from tests.support.jsonld import check_html
from tests.support.links import check_site
from tests.support.shared import SHARED, needs_shared

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = [needs_shared, pytest.mark.shared, pytest.mark.slow]

URL = "https://example.org/pfocr/"
RECORDS = 2_000
FIGURES_EACH, OTHERS_EACH = 8, 60
"""Of how many pages one has its structured data checked: they are thousands of a kind."""


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the site of the made records, built once by the command."""
    root = tmp_path_factory.mktemp("layouts")
    maker = [sys.executable, str(SHARED / "corpus/make_corpus.py"), str(RECORDS), str(root / "source")]
    subprocess.run([*maker, "--layout", "pfocr"], check=True, capture_output=True)
    ran = figpages("build", "--source", root / "source", "--out", root / "out", "--cache", root / "cache", "--url", URL)
    assert ran.code == 0, ran.err
    assert f"\n{RECORDS:,} figures, " in f"\n{ran.out}"
    return root / "out"


def test_every_link_resolves(out: Path) -> None:
    """No link, anchor, sitemap entry or redirect leads nowhere, and no two names clash."""
    assert check_site(out, URL) == []


def test_structured_data_is_sound(out: Path) -> None:
    """A part of the pages of every kind follows schema.org and the profiles of Bioschemas."""
    figures = sorted((out / "figures").glob("*.html"))
    others = sorted(p for p in out.rglob("*.html") if p.parent.name != "figures")
    pages = [*figures[::FIGURES_EACH], *others[::OTHERS_EACH]]
    assert len(pages) > RECORDS // FIGURES_EACH
    assert {p.name: e for p in pages if (e := check_html(p.read_text(encoding="utf-8")))} == {}
