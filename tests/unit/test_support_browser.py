"""The browser of the tests shows the site, keeps away from other hosts and finds violations."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.support import markup
from tests.support.browser import launch, visit
from tests.support.server import serve

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser

PAGE = """<!doctype html><html lang="en"><head><title>Figures</title>
<meta http-equiv="Content-Security-Policy" content="script-src 'self'"></head>
<body><main><h1>Home</h1><a href="other.html">other</a>{}</main></body></html>"""


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """Start one browser for this file."""
    with launch() as browser:
        yield browser


def test_other_hosts_are_blocked_and_recorded(chromium: Browser, tmp_path: Path) -> None:
    """A page gets nothing from other hosts, and the test can see what it asked for."""
    image = '<img src="https://example.org/a.png" alt="a"><img src="no.png" alt="b">'
    (tmp_path / "index.html").write_text(PAGE.format(image), encoding="utf-8")
    with serve(tmp_path, "/pfocr/") as address, visit(chromium, address) as seen:
        seen.page.goto(address)
        assert seen.page.title() == "Figures"
        assert seen.blocked == ["https://example.org/a.png"]
        assert seen.missing == [address + "no.png"]


@markup.needs_axe
def test_axe_runs_under_a_security_policy(chromium: Browser, tmp_path: Path) -> None:
    """Axe finds an image without text, and pale text, though the page forbids foreign scripts; a good page passes."""
    (tmp_path / "index.html").write_text(PAGE.format(""), encoding="utf-8")
    (tmp_path / "bad.html").write_text(PAGE.format("<img src='a.png'><p>pale</p>"), encoding="utf-8")
    with serve(tmp_path) as address, visit(chromium, address) as seen:
        seen.page.goto(address)
        assert markup.axe(seen.page) == []
        seen.page.goto(address + "bad.html")
        found = markup.axe(seen.page)
        assert markup.axe(seen.page, colours=True) == []
        seen.page.evaluate("document.querySelector('p').style.color = '#ccc'")
        pale = markup.axe(seen.page, colours=True)
    assert len(found) == len(pale) == 1
    assert found[0].startswith("image-alt (critical): img: ")
    assert pale[0].startswith("color-contrast (serious): p: ")
