"""Accessibility by the rules of axe: each page kind, both colour schemes, phone and wide screen."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Literal

import pytest
from playwright.sync_api import expect

from tests.browser.exploring import answered, drawn
from tests.browser.looking import suggested, unfold
from tests.browser.pages import HOSTILE, KINDS, SEED
from tests.support.markup import axe, needs_axe

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.browser.conftest import Look

pytestmark = [pytest.mark.browser, needs_axe]

Scheme = Literal["light", "dark"]
SCREENS: tuple[tuple[int, Scheme], ...] = ((390, "light"), (1440, "dark"), (390, "dark"), (1440, "light"))
LONG = {"figure-of-339-rows", "genes"}
"""Pages of hundreds of rows, each alike, over which axe sits for seconds: they get the first two screens."""


def violations(page: Page, screens: int = len(SCREENS)) -> list[str]:
    """Return what axe finds on the page, screen by screen: all of it at each width, in the other scheme the colours."""
    found = []
    seen: set[int] = set()
    for width, scheme in SCREENS[:screens]:
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme=scheme)
        found += [f"{width} px, {scheme}: {line}" for line in axe(page, colours=width in seen)]
        seen.add(width)
    return found


@pytest.mark.parametrize("kind", [kind for kind, path in KINDS.items() if path not in HOSTILE[1:]])
def test_page(look: Look, kind: str) -> None:
    """A page of each kind, with all that folds unfolded, has no violation."""
    page = look(KINDS[kind])
    drawn(page, kind)
    unfold(page)
    assert violations(page, 2 if kind in LONG else len(SCREENS)) == []


def test_citation_dialog(look: Look) -> None:
    """The open citation dialog has no violation."""
    page = look(f"figures/{SEED}.html")
    page.get_by_role("button", name="Cite").click()
    expect(page.get_by_role("dialog")).to_be_visible()
    assert violations(page) == []


def test_suggestions(look: Look) -> None:
    """The search box with a chosen suggestion has no violation."""
    page = look("./")
    suggested(page, "pik3")
    page.keyboard.press("ArrowDown")
    expect(page.locator("[role=option][aria-selected=true]")).to_have_count(1)
    assert violations(page) == []


@pytest.mark.parametrize(
    ("path", "shown"),
    [
        ("explore/?q=glycolsis", "Did you mean"),
        ("explore/?q=gene:NOSUCHGENE", "Not in this collection"),
        ("explore/?q=pathway+gene:AKT1+year:2018-", "Remove Years: 2018-"),
        ("explore/?view=genes", "How figures are ranked"),
    ],
)
def test_explore(look: Look, path: str, shown: str) -> None:
    """Explore with filters, with nothing found, with a slip, and before a set of genes has no violation."""
    page = look(path)
    expect(page.get_by_text(shown).or_(page.get_by_label(shown)).first).to_be_visible()
    if "AKT1" in path:
        answered(page)
    unfold(page)
    assert violations(page, 2) == []


def test_explore_without_its_index(look: Look) -> None:
    """Explore that cannot read its index has no violation."""
    page = look("about.html")
    page.route("**/search/**", lambda route: route.abort())
    page.goto("explore/?q=wnt")
    expect(page.get_by_role("button", name="Try again")).to_be_visible()
    found = violations(page, 2)
    page.unroute("**/search/**")
    assert found == []


def test_filtered_index(look: Look) -> None:
    """The filtered index of genes has no violation."""
    page = look("genes/?q=akt")
    page.get_by_text(re.compile(r"^\d+ genes$")).wait_for()
    assert violations(page) == []


def test_genes_as_a_flat_list(look: Look) -> None:
    """The panel of genes as a flat list has no violation."""
    page = look(KINDS["figure"])
    page.get_by_role("button", name="All", exact=True).click()
    expect(page.locator(".flat")).to_be_visible()
    assert violations(page) == []
