"""The network of a gene: drawn when asked for, its numbers those of the records, exported, and as tables."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET

import pytest
from playwright.sync_api import expect

from tests.browser.pages import KINDS, SOURCE, extras, front_matter
from tests.support.markup import axe, needs_axe

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.browser.conftest import Go

pytestmark = pytest.mark.browser

GENE = "207"
"""AKT1, the gene of the page."""
CLICK = "document.querySelector('.graph')._cyreg.cy.getElementById('%d').renderedPosition()"


def shown_by_records() -> dict[str, set[str]]:
    """Return the figures of each gene of the site by its NCBI Gene id, straight from the records."""
    found: dict[str, set[str]] = {}
    for figid in [*(p.stem for p in (SOURCE / "figures").glob("*.md")), *extras()]:
        for row in front_matter(figid).get("genes") or []:
            found.setdefault(row.get("entrez", row["hgnc_symbol"]), set()).add(figid)
    return found


def complete(page: Page) -> None:
    """Wait until the network is drawn, and what sorts its tables is there."""
    expect(page.get_by_role("button", name="CX2")).to_be_visible()
    tables = page.locator("section", has=page.get_by_role("heading", name="Network")).locator("table")
    expect(tables.first.locator("th button").first).to_be_visible()


def opened(page: Page) -> None:
    """Ask for the network, and wait until it is drawn."""
    page.get_by_role("button", name="Network of those seen most").click()
    complete(page)


def rows(page: Page) -> list[list[str]]:
    """Return the rows of the table of genes: symbol, figures with the page's gene, figures."""
    found: list[list[str]] = page.evaluate(
        "[...document.querySelectorAll('.pick')].map(e => [...e.closest('tr').cells].map(c => c.textContent.trim()))"
    )
    return found


def saved(page: Page, name: str) -> bytes:
    """Return the file that a button offers."""
    with page.expect_download() as waiting:
        page.get_by_role("button", name=name, exact=True).click()
    assert waiting.value.suggested_filename == f"AKT1-network.{name.lower()}"
    return Path(waiting.value.path()).read_bytes()


def test_numbers_and_exports(go: Go) -> None:
    """The 25 genes most seen with it come with the numbers of the records, and the picture is saved in three forms."""
    seen = go(KINDS["gene"])
    page = seen.page
    fetched: list[str] = []
    page.on("request", lambda request: fetched.append(request.url))
    page.reload(wait_until="networkidle")
    assert not any("/cytoscape." in url or "/network." in url or "/search/" in url for url in fetched)
    opened(page)
    figures = shown_by_records()
    found = rows(page)
    assert found[0][0] == "AKT1"
    others = (len(shown & figures[GENE]) for g, shown in figures.items() if g != GENE)
    shared = sorted((n for n in others if n), reverse=True)
    assert [int(row[1]) for row in found[1:]] == shared[:25]
    svg = ET.fromstring(saved(page, "SVG"))
    assert len(svg.findall("{http://www.w3.org/2000/svg}circle")) == len(found)
    parts: dict[str, Any] = {k: v for part in json.loads(saved(page, "CX2")) for k, v in part.items()}
    names = {n["id"]: n["v"]["name"] for n in parts["nodes"]}
    assert list(names.values()) == [row[0] for row in found]
    together = {(names[e["s"]], names[e["t"]]): e["v"]["figures"] for e in parts["edges"]}
    assert {row[0]: int(row[1]) for row in found[1:]} == {b: n for (a, b), n in together.items() if a == "AKT1"}
    assert saved(page, "PNG").startswith(b"\x89PNG")
    assert (seen.errors, seen.missing) == ([], [])


def test_click_on_a_gene_opens_its_page(go: Go) -> None:
    """A node leads to the page of its gene."""
    seen = go(KINDS["gene"])
    page = seen.page
    opened(page)
    symbol = rows(page)[1][0]
    graph = page.locator(".graph")
    graph.scroll_into_view_if_needed()
    at = page.evaluate(CLICK % 1)
    graph.click(position={"x": at["x"], "y": at["y"]})
    page.wait_for_url(f"**/genes/{symbol}.html")
    expect(page.get_by_role("heading", level=1)).to_have_text(symbol)


def test_chosen_genes(go: Go) -> None:
    """By keyboard alone: the network is asked for, a second gene chosen, and Explore gets both."""
    page = go(KINDS["gene"], viewport={"width": 390, "height": 900}, color_scheme="dark").page
    page.get_by_role("button", name="Network of those seen most").focus()
    page.keyboard.press("Enter")
    complete(page)
    expect(page.get_by_text("Choose two genes or more")).to_be_visible()
    symbol, shared, _ = rows(page)[1]
    page.get_by_role("checkbox", name=f"Choose {symbol}", exact=True).focus()
    page.keyboard.press("Space")
    link = page.get_by_role("link", name=f"AKT1 + {symbol}: {shared} figure")
    href = link.get_attribute("href") or ""
    assert page.evaluate("h => new URL(h).searchParams.get('q')", href) == f"gene:=AKT1 gene:={symbol}"
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@needs_axe
@pytest.mark.parametrize(("width", "scheme"), [(390, "dark"), (1440, "light")])
def test_accessible(go: Go, width: int, scheme: str) -> None:
    """The open network with its tables has no violation of the rules of axe."""
    page = go(KINDS["gene"], viewport={"width": width, "height": 900}, color_scheme=scheme).page
    opened(page)
    page.get_by_text("All pairs of these genes").first.click()
    assert axe(page) == []


def test_without_the_index(go: Go) -> None:
    """Where the index cannot be had, the page says so."""
    page = go(KINDS["gene"]).page
    page.route("**/search/**", lambda route: route.abort())
    page.get_by_role("button", name="Network of those seen most").click()
    expect(page.get_by_role("status").filter(has_text="The network cannot be drawn.")).to_be_visible()


def test_script_that_cannot_be_had(go: Go) -> None:
    """Where what draws the network cannot be fetched the page says so, and can be asked once it is loaded again."""
    seen = go("")
    page = seen.page
    page.route("**/assets/network.*.js", lambda route: route.abort())
    page.goto(KINDS["gene"])
    button = page.get_by_role("button", name="Network of those seen most")
    button.click()
    expect(page.get_by_role("status").filter(has_text="The network could not be fetched.")).to_be_visible()
    expect(button).to_be_focused()
    expect(page.get_by_role("heading", name="Network")).to_have_count(0)
    assert [e for e in seen.errors if "Failed to load resource" not in e] == []
    page.unroute("**/assets/network.*.js")
    page.reload()  # as the page says: Chromium before 156 does not fetch again for a page what it could not have
    opened(page)
