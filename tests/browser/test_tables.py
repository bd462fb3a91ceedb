"""Tables that readers sort, filter and copy; without scripts they are complete."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.browser.looking import settle
from tests.browser.pages import KINDS, MANY, SEED, front_matter
from tests.support.markup import axe, needs_axe

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.browser.conftest import Go

pytestmark = pytest.mark.browser

COPY = {"permissions": ["clipboard-read", "clipboard-write"]}
ROWS = "[...document.querySelectorAll('%s tbody tr')].filter(r => !r.hidden).map(r => r.cells[%d].textContent.trim())"


def column(page: Page, table: str, at: int) -> list[str]:
    """Return the texts of a column of the rows that are shown."""
    found: list[str] = page.evaluate(ROWS % (table, at))
    return found


def head(page: Page, name: str, way: str | None) -> None:
    """Press the head of a column, and check what it then says of the order."""
    cell = page.get_by_role("columnheader", name=name)
    cell.get_by_role("button").click()
    if way:
        expect(cell).to_have_attribute("aria-sort", way)
    else:
        expect(cell).not_to_have_attribute("aria-sort", re.compile("."))


def natural(text: str) -> list[str]:
    """Return a key by which MAPK9 stands before MAPK14."""
    return [part.zfill(9) if part.isdigit() else part for part in re.split(r"(\d+)", text.casefold())]


def test_sort_by_number_and_text(go: Go) -> None:
    """Numbers go down first and texts up; another press turns the order round, the third brings the first one back."""
    page = go("genes/letters/M.html").page
    before = column(page, ".genelist", 0)
    head(page, "Figures", "descending")
    counts = [int(n) for n in column(page, ".genelist", 2)]
    assert counts == sorted(counts, reverse=True)
    assert len(set(counts)) > 1
    head(page, "Figures", "ascending")
    assert [int(n) for n in column(page, ".genelist", 2)] == sorted(counts)
    head(page, "Gene", "ascending")
    expect(page.locator("th[aria-sort]")).to_have_count(1)
    head(page, "Gene", "descending")
    assert column(page, ".genelist", 0) == sorted(before, key=natural, reverse=True)
    head(page, "Gene", None)
    assert column(page, ".genelist", 0) == before


def test_sort_by_keyboard(go: Go) -> None:
    """The head of a column is a button that the keyboard reaches and presses."""
    page = go(KINDS["organism"]).page
    button = page.get_by_role("columnheader", name="Gene").get_by_role("button")
    button.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("columnheader", name="Gene")).to_have_attribute("aria-sort", "ascending")
    found = column(page, ".genelist", 0)
    assert found == sorted(found, key=natural)
    expect(button).to_be_focused()


def test_filter_of_the_index_ends_an_order(go: Go) -> None:
    """Where the filter of all genes puts other rows in, no column says that it is sorted."""
    page = go("genes/").page
    head(page, "Gene", "ascending")
    page.locator("#filter").fill("akt")
    expect(page.get_by_role("status").first).to_contain_text("gene")
    expect(page.locator("th[aria-sort]")).to_have_count(0)
    page.locator("#filter").fill("")
    expect(page.locator(".genelist tbody tr").nth(5)).to_be_visible()


def test_copy_takes_what_is_shown(go: Go) -> None:
    """Copy gives head and shown rows in their order, tab-separated, numbers without separators."""
    page = go("genes/letters/M.html", **COPY).page
    page.locator("#filter").fill("mapk")
    head(page, "Gene", "ascending")
    head(page, "Gene", "descending")
    page.get_by_role("button", name="Copy", exact=True).click()
    expect(page.get_by_text("Genes copied")).to_be_visible()
    lines = [line.split("\t") for line in str(page.evaluate("navigator.clipboard.readText()")).splitlines()]
    assert lines[0] == ["Gene", "Also seen as", "Figures"]
    assert [line[0] for line in lines[1:]] == column(page, ".genelist", 0)
    assert len(lines) > 2


def test_tools_of_a_gene_table(go: Go) -> None:
    """A figure's gene table gets its tools when it is opened: filter by several words, sort, copy all that is left."""
    page = go(f"figures/{MANY}.html", **COPY).page
    table = "#table table"
    before = column(page, table, 3)
    assert len(before) == len({tuple(g.items()) for g in front_matter(MANY)["genes"]})
    page.get_by_text("Gene table", exact=True).click()
    page.get_by_label("Filter these").fill("bioentities fam3")
    expect(page.get_by_role("status").filter(has_text=" of ")).to_have_text(f"8 of {len(before)}")
    head(page, "Symbol, at HGNC", "ascending")
    head(page, "Symbol, at HGNC", "descending")
    page.locator("#table").get_by_role("button", name="Copy").click()
    expect(page.get_by_text("Gene table copied")).to_be_visible()
    lines = str(page.evaluate("navigator.clipboard.readText()")).splitlines()
    assert lines[0].split("\t") == ["Word", "Match", "Lexicon", "Symbol, at HGNC", "NCBI Gene"]
    assert [line.split("\t")[3] for line in lines[1:]] == [f"GENE{n}" for n in range(68, 60, -1)]
    page.get_by_label("Filter these").fill("")
    head(page, "Symbol, at HGNC", None)
    assert column(page, table, 3) == before


def test_tools_come_with_the_table_alone(go: Go) -> None:
    """What sorts tables is fetched where a table is opened, and not by a page without one."""
    page = go("").page
    fetched: list[str] = []
    page.on("request", lambda request: fetched.append(request.url))
    for path in (KINDS["figure"], KINDS["gene"], KINDS["about"]):
        page.goto(path, wait_until="networkidle")
    assert not any("/assets/tables." in url for url in fetched)
    page.goto(KINDS["figure"])
    page.get_by_text("Gene table", exact=True).click()
    expect(page.get_by_role("columnheader", name="Word").get_by_role("button")).to_be_visible()
    assert any("/assets/tables." in url for url in fetched)


@pytest.mark.parametrize("kind", ["genes", "letter", "organism", "home"])
def test_tables_without_scripts(go: Go, kind: str) -> None:
    """Without scripts the tables have all of their rows, plain heads, and no place kept for tools."""
    bare = go(KINDS[kind], java_script_enabled=False).page
    assert bare.locator(".sortable th button").count() == 0
    assert not any(e.is_visible() for e in bare.locator(".tabletools").all())
    full = go(KINDS[kind]).page
    assert bare.locator(".sortable tbody tr").count() == full.locator(".sortable tbody tr").count() > 1


def test_tools_that_cannot_be_had(go: Go) -> None:
    """Where what sorts tables cannot be fetched they stay as they are, without an error."""
    seen = go("")
    page = seen.page
    page.route("**/assets/tables.*.js", lambda route: route.abort())
    with page.expect_event("requestfailed"):
        page.goto(KINDS["letter"])
    settle(page)
    expect(page.locator(".sortable tbody tr").first).to_be_visible()
    assert [e for e in seen.errors if "Failed to load resource" not in e] == []


@needs_axe
@pytest.mark.parametrize("width", [390, 1440])
def test_accessible_with_tools(go: Go, width: int) -> None:
    """An opened, sorted and filtered table has no violation of the rules of axe."""
    page = go(f"figures/{SEED}.html", viewport={"width": width, "height": 900}).page
    page.get_by_text("Gene table", exact=True).click()
    head(page, "Word", "ascending")
    page.get_by_label("Filter these").fill("ras")
    expect(page.get_by_role("status").filter(has_text=" of ")).to_be_visible()
    assert axe(page) == []


def test_explore_gets_the_genes(go: Go) -> None:
    """The figure's page leads to Explore: to figures with all of its genes, itself one of them, and with some."""
    seen = go(f"figures/{SEED}.html")
    page = seen.page
    symbols = list(dict.fromkeys(page.locator("#genes dd a").all_text_contents()))
    href = page.get_by_role("link", name="Figures with all of these").get_attribute("href") or ""
    assert page.evaluate("h => new URL(h).searchParams.get('q')", href) == " ".join(f"gene:={s}" for s in symbols)
    assert page.evaluate("h => new URL(h).pathname", href) == "/pfocr/explore/"
    href = page.get_by_role("link", name="Figures with some of these genes").get_attribute("href") or ""
    assert href.endswith("explore/?view=genes#" + ",".join(symbols))
    page.get_by_role("link", name="Figures with all of these").click()
    expect(page.locator(f"main a[href$='figures/{SEED}.html']").first).to_be_visible()
    assert seen.missing == []
