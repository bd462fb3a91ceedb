"""The site by keyboard alone: order, focus that can be seen, the search box, dialogs."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect

from tests.browser.exploring import Gate, drawn
from tests.browser.looking import settle, suggested, until
from tests.browser.pages import DEMO, KINDS, SEED

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.browser.conftest import Go, Look

pytestmark = pytest.mark.browser

FIGURE = f"figures/{SEED}.html"
WALKED = (
    "home",
    "figure",
    "figure-drawn-here",
    "gene",
    "genes",
    "letter",
    "organism-page-2",
    "browse",
    "explore",
    "explore-results",
    "explore-gene-set",
    "download",
    "404",
)
STOPS = """() => {
  const all = document.querySelectorAll('a[href], button, input, textarea, select, summary, [tabindex="0"]');
  return [...all].filter(e => e.checkVisibility({visibilityProperty: true})).map(e => e.outerHTML.slice(0, 160));
}"""
FOCUSED = """() => {
  const e = document.activeElement, style = getComputedStyle(e), box = e.getBoundingClientRect();
  const x = Math.min(Math.max(box.x + box.width / 2, 0), innerWidth - 1);
  const y = box.y + Math.min(box.height, innerHeight) / 2;
  const top = document.elementFromPoint(x, y), walked = (window.walked ??= new Set([document.body]));
  const done = walked.has(e);
  walked.add(e);
  return {
    html: e.outerHTML.slice(0, 160), done,
    outline: style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2,
    seen: box.y < innerHeight && box.bottom > 0 && !!top && (e.contains(top) || top.contains(e)),
  };
}"""


def walk(page: Page, key: str = "Tab", most: int = 400) -> list[dict[str, Any]]:
    """Return what has the focus, stop by stop, until it leaves the page or comes round."""
    stops: list[dict[str, Any]] = []
    for _ in range(most):
        page.keyboard.press(key)
        stop = page.evaluate(FOCUSED)
        if stop["done"]:
            return stops
        stops.append(stop)
    message = f"the focus does not come out of the page: {stops[-1]['html']}"
    raise AssertionError(message)


@pytest.mark.parametrize("kind", WALKED)
def test_every_stop_can_be_seen(look: Look, kind: str) -> None:
    """The tab key reaches everything that can be used, in the page's order, and the focus shows on each."""
    page = look(KINDS[kind], width=1000, height=700)
    drawn(page, kind)
    settle(page)  # a picture that cannot be had leaves a link
    wanted = page.evaluate(STOPS)
    stops = walk(page)
    assert [s["html"] for s in stops] == wanted
    assert [s["html"] for s in stops if not s["outline"]] == []
    assert [s["html"] for s in stops if not s["seen"]] == []


@pytest.mark.parametrize("kind", ["home", "figure", "genes"])
def test_skip_link_is_first(look: Look, kind: str) -> None:
    """The first stop is the link that skips to the content, visible when it has the focus, and it leads there."""
    page = look(KINDS[kind])
    page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="Skip to content")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport(ratio=1)
    page.keyboard.press("Enter")
    expect(page.get_by_role("main")).to_be_focused()
    page.keyboard.press("Tab")
    assert page.evaluate("document.querySelector('main').contains(document.activeElement)")


def test_slash_goes_to_the_search(go: Go) -> None:
    """`/` puts the cursor into the search box that can be seen, and is a character where text is typed."""
    page = go(FIGURE).page
    page.keyboard.press("/")
    search = page.get_by_role("combobox")
    expect(search).to_be_focused()
    expect(search).to_have_value("")
    page.keyboard.type("a/b")
    expect(search).to_have_value("a/b")
    page.goto("./")
    page.keyboard.press("/")
    expect(page.get_by_role("main").get_by_role("combobox")).to_be_focused()
    page.goto(FIGURE)
    page.get_by_role("button", name="Cite").click()
    page.keyboard.press("/")
    assert page.evaluate("document.querySelector('dialog').contains(document.activeElement)")
    page.goto("explore/?view=genes")
    expect(page.get_by_label("Genes", exact=True)).to_be_visible()
    page.keyboard.press("/")
    expect(page.get_by_label("Genes", exact=True)).to_be_focused()


def test_suggestions_by_keyboard(go: Go, address: str) -> None:
    """Arrows move through the suggestions, Escape closes them and keeps the text, Enter opens the chosen one."""
    page = go("about.html").page
    search, options = page.get_by_role("combobox"), suggested(page, "pik3")
    assert options.count() > 2
    expect(search).to_have_attribute("aria-expanded", "true")
    expect(search).not_to_have_attribute("aria-activedescendant", re.compile("."))
    page.keyboard.press("ArrowDown")
    chosen = page.locator("[role=option][aria-selected=true]")
    expect(chosen).to_have_count(1)
    expect(chosen).to_have_id(str(search.get_attribute("aria-activedescendant")))
    expect(options.first).to_have_attribute("aria-selected", "true")
    page.keyboard.press("ArrowUp")
    expect(chosen).to_have_count(0)
    page.keyboard.press("ArrowUp")
    expect(options.last).to_have_attribute("aria-selected", "true")
    page.keyboard.press("Escape")
    expect(options.first).to_be_hidden()
    expect(search).to_have_value("pik3")
    expect(search).to_have_attribute("aria-expanded", "false")
    page.keyboard.press("ArrowDown")
    expect(options.first).to_be_visible()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    expect(options.nth(1)).to_have_attribute("aria-selected", "true")
    symbol = chosen.locator("b").text_content()
    page.keyboard.press("Enter")
    page.wait_for_url(f"{address}genes/{symbol}.html")


def test_choice_ends_where_the_text_is_changed(go: Go, address: str) -> None:
    """What was chosen for a text is not opened for another: Enter then searches for what stands in the box."""
    page = go("about.html").page
    search = page.get_by_role("combobox")
    suggested(page, "her2")
    page.keyboard.press("ArrowDown")
    expect(search).to_have_attribute("aria-activedescendant", re.compile("."))
    typed = "e => { e.value = 'her3'; e.dispatchEvent(new Event('input')); return e.getAttribute(active); }"
    assert search.evaluate(typed.replace("active", "'aria-activedescendant'")) is None
    page.keyboard.press("Enter")
    page.wait_for_url(f"{address}explore/?q=her3")


def test_choice_made_while_an_answer_is_on_its_way(go: Go, address: str) -> None:
    """What was chosen after the text was changed, before its suggestions came, stays chosen if it is among them."""
    page = go("").page
    gate = Gate(page, "**/search/names/**")
    page.goto("about.html")
    options = suggested(page, "her2")
    gate.shut()
    page.get_by_role("combobox").fill("erbb2")
    gate.wait()
    page.keyboard.press("ArrowDown")
    gate.open()
    expect(options.last).to_contain_text("erbb2")
    expect(options.first).to_have_attribute("aria-selected", "true")
    page.keyboard.press("Enter")
    page.wait_for_url(f"{address}genes/ERBB2.html")


def test_escape_keeps_suggestions_closed(go: Go) -> None:
    """Suggestions that come after Escape stay closed, and the text stays."""
    page = go("").page
    gate = Gate(page, "**/search/names/**")
    page.goto("about.html")
    search, options = page.get_by_role("combobox"), suggested(page, "akt")
    gate.shut()
    search.fill("pik3")
    gate.wait()
    page.keyboard.press("Escape")
    expect(options.first).to_be_hidden()
    with page.expect_response("**/search/names/**"):
        gate.open()
    page.wait_for_timeout(200)
    expect(options.first).to_be_hidden()
    expect(search).to_have_value("pik3")


def test_suggestions_close_when_the_focus_goes(go: Go) -> None:
    """The suggestions do not stay over the page when the reader tabs on."""
    page = go("about.html").page
    suggested(page, "pten")
    page.keyboard.press("Tab")
    expect(page.get_by_role("option").first).to_be_hidden()


def test_dialog_keeps_and_returns_the_focus(go: Go) -> None:
    """The citation dialog takes the focus, keeps it within, closes on Escape, and gives it back to its button."""
    page = go(FIGURE).page
    cite = page.get_by_role("button", name="Cite")
    cite.focus()
    page.keyboard.press("Enter")
    inside = (
        "document.querySelector('dialog').contains(document.activeElement) || document.activeElement === document.body"
    )
    for _ in range(10):
        assert page.evaluate(inside)
        page.keyboard.press("Tab")
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(cite).to_be_focused()
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Close").press("Enter")
    expect(cite).to_be_focused()


def test_details_open_by_keyboard(go: Go) -> None:
    """The gene table opens by Enter on its summary, and its box can be scrolled by keyboard."""
    page = go(f"figures/{DEMO}.html", viewport={"width": 390, "height": 800}).page
    page.locator("summary", has_text=re.compile("^Gene table$")).focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("cell", name="GAPDH", exact=True).first).to_be_visible()
    expect(page.locator("#table").get_by_role("button", name="Copy")).to_be_visible()  # it stands before the table
    box = page.get_by_role("group", name="Gene table")
    for _ in range(4):
        page.keyboard.press("Tab")
        if box.evaluate("e => e === document.activeElement"):
            break
    expect(box).to_be_focused()


def test_genes_out_of_view_are_no_stops(go: Go) -> None:
    """Of hundreds of genes those in view alone are stops, until all are shown: what follows is a few presses away."""
    page = go(KINDS["figure-of-339-rows"]).page
    stops = page.locator("#genes dl a:not([tabindex='-1'])")
    links = page.locator("#genes dl a")
    assert 0 < stops.count() < links.count() / 2
    page.locator("#genes dl").focus()
    page.keyboard.press("End")  # the list itself can be scrolled
    until(page, lambda: page.locator("#genes dl").evaluate("e => e.scrollTop") > 0)
    page.get_by_role("button", name="Show all").click()
    expect(stops).to_have_count(links.count())
    page.get_by_role("button", name="All", exact=True).click()
    page.get_by_role("button", name="Show fewer").click()
    flat = page.locator("#genes .flat a")
    assert 0 < page.locator("#genes .flat a:not([tabindex='-1'])").count() < flat.count()
