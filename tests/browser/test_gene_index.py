"""The index of genes: filter as you type, and what remains when its list cannot be had."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.browser.looking import until

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

    from tests.browser.conftest import Go

pytestmark = pytest.mark.browser


def symbols(page: Page) -> list[str]:
    """Return the genes of the table that are shown."""
    return page.locator(".genelist tbody tr:visible td:first-child a").all_text_contents()


def box(page: Page) -> Locator:
    """Return the box of the filter."""
    return page.locator("#filter")


def test_filter_of_all_genes(go: Go) -> None:
    """On the first page the filter finds any gene, by symbol or by a word it was seen as, and says how many."""
    seen = go("genes/")
    page, status = seen.page, seen.page.get_by_role("status").first
    before = symbols(page)
    page.get_by_label("Filter all genes").press_sequentially("akt")
    expect(status).to_have_text("4 genes")
    assert symbols(page) == ["AKT1", "AKT2", "AKT3", "AKT1S1"]
    box(page).fill("her2")
    expect(status).to_have_text("1 gene")
    assert symbols(page) == ["ERBB2"]
    box(page).fill("no such gene")
    expect(status).to_contain_text("No gene has this name.")
    assert symbols(page) == []
    box(page).fill("")
    expect(status).to_have_text("")
    assert symbols(page) == before
    assert (seen.errors, seen.missing, seen.blocked) == ([], [], [])


def test_filter_of_a_letter(go: Go) -> None:
    """On a letter's page the filter narrows the rows of that page, and says how many are left."""
    page = go("genes/letters/M.html").page
    before = symbols(page)
    page.get_by_label("Filter these").press_sequentially("map2k")
    left = [s for s in before if "MAP2K" in s]
    expect(page.get_by_role("status").first).to_have_text(f"{len(left)} genes")
    assert symbols(page) == left
    box(page).fill("")
    expect(page.locator(".genelist tbody tr:visible")).to_have_count(len(before))
    assert symbols(page) == before


def test_query_in_the_address(go: Go, address: str) -> None:
    """`?q=` fills the filter, and the links of what it finds lead to the genes."""
    page = go("genes/?q=Pi3k").page
    expect(box(page)).to_have_value("Pi3k")
    expect(page.get_by_role("status").first).to_have_text(re.compile("^[0-9]+ genes?$"))  # the rows are those found
    row = page.locator(".genelist tbody").get_by_role("link", name="PIK3CA", exact=True)
    row.click()
    page.wait_for_url(f"{address}genes/PIK3CA.html")


@pytest.mark.parametrize("fault", ["gone", "garbled", "cut off"])
def test_list_that_cannot_be_had(go: Go, fault: str) -> None:
    """Without the list of names the rows stay, and the filter narrows those."""
    page = go("").page
    if fault == "gone":
        page.route("**/names.json", lambda route: route.fulfill(status=404))
    elif fault == "garbled":
        page.route("**/names.json", lambda route: route.fulfill(body="<html>", content_type="text/html"))
    else:
        page.route("**/names.json", lambda route: route.abort())
    page.goto("genes/")
    before = symbols(page)
    box(page).fill("akt1")
    expect(page.locator(".genelist tbody tr:visible")).to_have_count(len([s for s in before if "AKT1" in s]))
    assert symbols(page) == [s for s in before if "AKT1" in s]
    expect(page.get_by_role("status").first).to_contain_text("The list of all genes is not available")
    box(page).fill("")
    expect(page.locator(".genelist tbody tr:visible")).to_have_count(len(before))
    page.goto("genes/?q=akt1")
    expect(page.get_by_role("link", name="AKT1", exact=True)).to_be_visible()


def test_index_without_scripts(go: Go) -> None:
    """Without JavaScript the rows and letters are there, and nothing that would not work."""
    page = go("genes/", java_script_enabled=False).page
    assert len(symbols(page)) > 10
    expect(box(page)).to_have_count(0)
    letters = page.get_by_role("navigation", name="Genes by first letter").get_by_role("link")
    assert letters.count() > 20
    assert all((letter.get_attribute("title") or "").isdigit() for letter in letters.all())


def test_letters_stay_in_sight(go: Go) -> None:
    """The bar of letters sticks to the top of the screen while a long list is read."""
    page = go("genes/", viewport={"width": 1000, "height": 500}).page
    page.mouse.wheel(0, 600)
    until(page, lambda: page.evaluate("scrollY > 300"))
    expect(page.get_by_role("navigation", name="Genes by first letter")).to_be_in_viewport(ratio=1)


def test_a_gene_of_another_letter_is_a_click_away(go: Go) -> None:
    """A letter's page does not say that there is no such gene: it leads to all, and from there ids lead to Explore."""
    page = go("genes/letters/M.html").page
    box(page).fill("her2")
    expect(page.get_by_role("status").first).to_contain_text("None on this page.")
    page.get_by_role("link", name="Look in all genes").click()
    expect(box(page)).to_have_value("her2")
    expect(page.get_by_role("status").first).to_have_text("1 gene")
    assert symbols(page) == ["ERBB2"]
    box(page).fill("2064")
    page.get_by_role("status").first.get_by_role("link", name="Explore").click()
    expect(page).to_have_url(re.compile(r"explore/\?q=gene:2064"))
    expect(page.locator(".hits li").first).to_be_visible()
