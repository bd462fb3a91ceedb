"""What a reader can switch on a page: the list of genes, families, the colour scheme."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.browser.pages import FAMILY_SIZES, MANY, SEED

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.browser.conftest import Go

pytestmark = pytest.mark.browser

SEEN_AT_BODY = """
new MutationObserver(() => {
  if (document.body && window.early === undefined) window.early = document.documentElement.dataset.theme ?? '';
}).observe(document, {childList: true, subtree: true});
"""


def background(page: Page) -> str:
    """Return the colour that the page stands on."""
    return str(page.evaluate("getComputedStyle(document.documentElement).backgroundColor"))


def test_all_and_as_seen(go: Go) -> None:
    """The panel shows genes under the words that were seen, or each gene once by the alphabet."""
    page = go(f"figures/{MANY}.html").page
    panel = page.locator("#genes")
    words, flat = panel.locator("dl"), panel.locator(".flat")
    expect(words).to_be_visible()
    expect(flat).to_be_hidden()
    every, seen = panel.get_by_role("button", name="All", exact=True), panel.get_by_role("button", name="As seen")
    every.click()
    expect(words).to_be_hidden()
    expect(flat).to_be_visible()
    expect(every).to_have_attribute("aria-pressed", "true")
    expect(seen).to_have_attribute("aria-pressed", "false")
    names = flat.get_by_role("link").all_text_contents()
    assert names == sorted(set(names))
    assert len(names) == 330
    expect(panel.get_by_role("heading")).to_contain_text("330 genes")
    seen.click()
    expect(words).to_be_visible()
    expect(flat).to_be_hidden()


def test_families_unfold(go: Go) -> None:
    """A word of many genes shows five and unfolds to all, and the focus goes to the first that was hidden."""
    page = go(f"figures/{MANY}.html").page
    family = page.locator("#genes dd").first
    expect(family.locator("a:visible")).to_have_count(5)
    family.get_by_role("button", name="Show 35 more genes of Fam0", exact=True).click()
    expect(family.locator("a:visible")).to_have_count(FAMILY_SIZES[0])
    expect(family.locator("a").nth(5)).to_be_focused()
    expect(family.get_by_role("button")).to_have_count(0)
    folded = [n for n in range(len(FAMILY_SIZES)) if page.locator("#genes dd").nth(n).locator("button").count()]
    assert folded == [n for n in range(1, len(FAMILY_SIZES)) if FAMILY_SIZES[n] >= 8]


def test_panel_made_whole(go: Go) -> None:
    """A panel longer than its place is made whole by a button, families included, and folded again with a way back."""
    page = go(f"figures/{MANY}.html").page
    words = page.locator("#genes dl")
    more = words.get_by_role("button", name="Show 35 more genes of Fam0", exact=True)
    assert words.evaluate("e => e.scrollHeight > e.clientHeight")
    page.get_by_role("button", name="Show all").click()
    expect(page.get_by_role("button", name="Show fewer")).to_be_visible()
    assert words.evaluate("e => e.scrollHeight <= e.clientHeight + 1")
    assert words.locator("a:visible").count() == words.locator("a").count()
    expect(more).to_be_hidden()
    page.get_by_role("button", name="Show fewer").click()
    expect(page.get_by_role("button", name="Show all")).to_be_visible()
    assert words.evaluate("e => e.scrollHeight > e.clientHeight")
    expect(more).to_be_visible()


@pytest.mark.parametrize(("system", "other"), [("light", "dark"), ("dark", "light")])
def test_scheme_is_remembered_and_set_before_the_page_shows(go: Go, system: str, other: str) -> None:
    """A chosen scheme holds after a reload, before anything is painted; choosing the system's own follows it again."""
    seen = go(f"figures/{SEED}.html", color_scheme=system)
    page = seen.page
    page.add_init_script(SEEN_AT_BODY)
    before = background(page)
    page.get_by_role("button", name=other.title(), exact=True).click()
    whole = page.locator("html")
    expect(whole).not_to_have_css("background-color", before)
    chosen = background(page)
    page.reload()
    assert page.evaluate("window.early") == other
    expect(whole).to_have_css("background-color", chosen)
    page.goto("genes/")
    assert (page.evaluate("window.early"), background(page)) == (other, chosen)
    page.get_by_role("button", name=system.title(), exact=True).click()
    expect(whole).to_have_css("background-color", before)
    page.reload()
    assert (page.evaluate("window.early"), background(page)) == ("", before)
    page.emulate_media(color_scheme="dark" if system == "light" else "light")
    expect(whole).to_have_css("background-color", chosen)
    expect(page.get_by_role("button", name=system.title(), exact=True)).to_be_visible()


def test_scheme_script_stops_the_parser(go: Go) -> None:
    """The script that sets the scheme is the last of what the head fetches, and neither deferred nor a module.

    So it runs before the page is painted, and nothing else that is fetched waits for it.
    """
    page = go("./").page
    order = page.evaluate(
        "[...document.head.querySelectorAll('script[src], link:not([rel=canonical])')].map(e => e.outerHTML)"
    )
    assert "stylesheet" in order[0]
    assert "theme." in order[-1]
    assert not page.evaluate(
        "(s => s.async || s.defer || s.type)(document.head.querySelector('script[src*=\"theme.\"]'))"
    )  # fmt: skip


def test_scheme_where_storage_is_forbidden(go: Go) -> None:
    """Where the browser forbids storage the switch works for the page, without an error."""
    seen = go("")
    seen.page.add_init_script(
        "Object.defineProperty(window, 'localStorage', {get() { throw new Error('forbidden'); }})"
    )
    seen.page.goto("./")
    before = background(seen.page)
    seen.page.get_by_role("button", name="Dark", exact=True).click()
    expect(seen.page.locator("html")).not_to_have_css("background-color", before)
    assert seen.errors == []


@pytest.mark.parametrize(
    ("path", "chosen", "other", "look"),
    [
        (f"figures/{SEED}.html", ".switch [aria-pressed=true]", ".switch [aria-pressed=false]", "backgroundColor"),
        ("genes/letters/A.html", ".letters [aria-current]", ".letters a:not([aria-current])", "backgroundColor"),
        ("genes/", "header nav [aria-current]", "header nav a:not([aria-current])", "borderBottomColor"),
    ],
)
def test_what_is_chosen_is_seen_in_forced_colours(go: Go, path: str, chosen: str, other: str, look: str) -> None:
    """Where the reader's system sets all colours, what is chosen or current still looks other than its neighbours."""
    page = go(path, forced_colors="active").page
    looks = [page.locator(own).first.evaluate(f"e => getComputedStyle(e).{look}") for own in (chosen, other)]
    assert looks[0] != looks[1]


def test_scheme_that_another_page_chose(go: Go) -> None:
    """A page that is open shows the colours that are chosen on another one, and follows the system again with it."""
    page = go(f"figures/{SEED}.html").page
    other = page.context.new_page()
    other.goto("genes/")
    light = background(other)
    page.get_by_role("button", name="Dark", exact=True).click()
    expect(other.get_by_role("button", name="Light", exact=True)).to_be_visible()
    assert background(other) == background(page) != light
    page.get_by_role("button", name="Light", exact=True).click()
    expect(other.get_by_role("button", name="Dark", exact=True)).to_be_visible()
    assert background(other) == light
