"""Ways through the site: search, lists, redirects, with scripts and without."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.browser.looking import suggested
from tests.browser.pages import DEMO, SEED

if TYPE_CHECKING:
    from tests.browser.conftest import Go

pytestmark = pytest.mark.browser

FIGURE = f"figures/{SEED}.html"
TITLE = re.compile("^HER2 signaling pathway, mechanism of action")


def test_from_the_search_to_a_figure_and_its_old_address(go: Go, address: str) -> None:
    """A reader types a word, picks the gene by keyboard, opens a figure, and its old address leads there too."""
    page = go("./").page
    expect(page.get_by_role("combobox")).to_have_count(1)
    expect(suggested(page, "her2").first).to_have_text(re.compile("^ERBB2.*seen as her2", re.IGNORECASE))
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url(f"{address}genes/ERBB2.html")
    expect(page.get_by_role("heading", level=1)).to_have_text("ERBB2")
    page.get_by_role("main").get_by_role("link", name=TITLE).click()
    page.wait_for_url(f"{address}{FIGURE}")
    expect(page.get_by_role("heading", level=1)).to_have_text(TITLE)
    page.goto("figures/PMC7464074__F1.html?from=mail&x=%20#table")
    page.wait_for_url(f"{address}{FIGURE}?from=mail&x=%20#table")
    expect(page.get_by_role("heading", level=1)).to_have_text(TITLE)


def test_from_the_header_of_a_page_below(go: Go, address: str) -> None:
    """The search in the header works from a page that lies deeper, and by a click as well."""
    seen = go("genes/letters/A.html")
    page = seen.page
    suggested(page, "Pten", page.get_by_role("banner").get_by_role("combobox"))
    page.get_by_role("option", name=re.compile("^PTEN")).click()
    page.wait_for_url(f"{address}genes/PTEN.html")
    assert (seen.errors, seen.missing, seen.blocked) == ([], [], [])


def test_search_without_a_choice_leads_to_explore(go: Go, address: str) -> None:
    """Enter without a choice searches all figures for what was typed."""
    page = go(FIGURE).page
    suggested(page, "pten", page.get_by_role("banner").get_by_role("combobox"))
    expect(page.get_by_role("option", name=re.compile("^PTEN")).first).to_be_visible()
    page.keyboard.press("Enter")
    page.wait_for_url(f"{address}explore/?q=pten")
    expect(page.locator(".hits").get_by_role("link", name="PTEN", exact=True).first).to_be_visible()


def test_by_links_without_scripts(go: Go, address: str) -> None:
    """Without JavaScript a reader gets from home to the figure by the letters of the index."""
    page = go("./", java_script_enabled=False).page
    page.get_by_role("banner").get_by_role("link", name="Genes").click()
    page.get_by_role("navigation", name="Genes by first letter").get_by_role("link", name="E", exact=True).click()
    page.wait_for_url(f"{address}genes/letters/E.html")
    page.get_by_role("table").get_by_role("link", name="ERBB2", exact=True).click()
    page.get_by_role("main").get_by_role("link", name=TITLE).click()
    page.wait_for_url(f"{address}{FIGURE}")
    expect(page.get_by_role("heading", level=1)).to_have_text(TITLE)
    expect(page.get_by_role("link", name="PIK3R6", exact=True).first).to_be_visible()


def test_redirect_without_scripts(go: Go, address: str) -> None:
    """Without JavaScript the old address leads to the figure by the page's own refresh."""
    page = go("figures/PMC7464074__F1.html", java_script_enabled=False).page
    page.wait_for_url(f"{address}{FIGURE}")
    expect(page.get_by_role("heading", level=1)).to_have_text(TITLE)


@pytest.mark.parametrize("old", ["PMC7464074__F1.html", "PMC7464074__F1", "PMC7464074__F1?a=1"])
def test_back_from_a_redirect_leads_out(go: Go, address: str, old: str) -> None:
    """The back button leaves the redirect behind instead of being sent forward again."""
    page = go("about.html").page
    page.goto(f"figures/{old}")
    page.wait_for_url(re.compile(re.escape(f"{address}{FIGURE}")))
    page.go_back()
    page.wait_for_url(f"{address}about.html")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("search.html?query=cell+death%2C+p53", r"(explore|genes)/\?q=cell%20death%2C%20p53$"),
        ("browse/organisms.html?x=1", r"organisms/\?x=1$"),
    ],
)
def test_parameters_of_an_old_address(go: Go, address: str, old: str, new: str) -> None:
    """The parameters of an old address are kept, and a search asks the page that searches now."""
    page = go("about.html").page
    page.goto(old)
    page.wait_for_url(re.compile(re.escape(address) + new))


def test_from_a_figure_to_its_genes_and_up(go: Go, address: str) -> None:
    """A gene of a figure leads to its page, and the crumbs lead from there to its letter and to all genes."""
    page = go(FIGURE).page
    page.locator("#genes").get_by_role("link", name="PIK3CA", exact=True).click()
    page.wait_for_url(f"{address}genes/PIK3CA.html")
    for name, path in (("P", "genes/letters/P.html"), ("Genes", "genes/")):
        page.get_by_role("navigation", name="Breadcrumb").get_by_role("link", name=name).click()
        page.wait_for_url(address + path)


def test_newer_and_older_figures(go: Go) -> None:
    """From any figure the steps to older and newer figures say which is which, and lead there and back."""
    page = go(FIGURE).page
    start = page.url
    step = page.get_by_role("navigation", name="Newer and older figures").locator("div")
    step.filter(has_text=re.compile("^Older")).get_by_role("link").click()
    page.wait_for_url(lambda url: url != start)
    step.filter(has_text=re.compile("^Newer")).get_by_role("link", name=TITLE).click()
    page.wait_for_url(start)


def test_pages_of_a_list(go: Go, address: str) -> None:
    """A long list continues on its next page, and says where one is."""
    page = go("organisms/homo_sapiens.html").page
    first = page.get_by_role("main").get_by_role("list").last.get_by_role("link").first.text_content()
    page.get_by_role("link", name="Older", exact=True).click()
    page.wait_for_url(f"{address}organisms/homo_sapiens.p2.html")
    expect(page.get_by_role("navigation", name="Pages of figures").locator("[aria-current=page]")).to_have_text("2")
    assert page.get_by_role("main").get_by_role("list").last.get_by_role("link").first.text_content() != first


def test_missing_page_helps_on(go: Go, address: str) -> None:
    """An address that is not there answers 404 with the way home, whatever its depth."""
    page = go("").page
    answer = page.goto("genes/no/such/page.html")
    assert answer is not None
    assert answer.status == 404
    page.get_by_role("main").get_by_role("link", name="Home").click()
    page.wait_for_url(address)


def test_picture_opens_in_full_size(go: Go, address: str) -> None:
    """The picture is a link to itself on the server that shows the page, so that a preview and a mirror work too."""
    page = go(f"figures/{DEMO}.html").page
    page.locator(".plate").get_by_role("link", name=re.compile(", full size$")).click()
    page.wait_for_url(f"{address}images/{DEMO}.svg")
