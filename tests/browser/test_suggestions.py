"""What the search box of every page offers while a reader types, and where it leads."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.browser.exploring import explore
from tests.browser.looking import suggested
from tests.browser.pages import DEMO, SEED

if TYPE_CHECKING:
    from tests.browser.conftest import Go

pytestmark = pytest.mark.browser


def test_figure_by_its_id(go: Go, address: str) -> None:
    """The box finds a figure by its id and by its article's, and leads to it."""
    page = go("about.html").page
    suggested(page, DEMO[:7])
    page.get_by_role("option", name=re.compile("Glycolysis")).click()
    page.wait_for_url(f"{address}figures/{DEMO}.html")
    suggested(page, "PMC7464074", page.get_by_role("banner").get_by_role("combobox"))
    page.get_by_role("group", name="Figures").get_by_role("option").first.click()
    page.wait_for_url(f"{address}figures/{SEED}.html")


def test_chemical_by_its_name(go: Go, address: str) -> None:
    """The box finds a chemical by a word of its name, and leads to its page; so does a search for it."""
    page = go("about.html").page
    suggested(page, "pyruv")
    page.get_by_role("group", name="Chemicals").get_by_role("option", name=re.compile("^Pyruv")).click()
    page.wait_for_url(re.compile(f"^{re.escape(address)}chemicals/"))
    page.goto(explore("pyruvate"))
    named = page.get_by_role("navigation", name="Pages of this name")
    expect(named.get_by_role("link", name=re.compile("^Pyruv.* chemical$"))).to_be_visible()


def test_organism_by_its_name(go: Go, address: str) -> None:
    """The box finds an organism and leads to its page."""
    page = go("about.html").page
    suggested(page, "arabid")
    page.get_by_role("group", name="Organisms").get_by_role("option", name=re.compile("^Arabidopsis thaliana")).click()
    page.wait_for_url(re.compile(f"^{re.escape(address)}organisms/"))
