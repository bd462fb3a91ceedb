"""Explore when something is wrong: an index that is gone, cut off or published anew, no script, no web server."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.browser.exploring import ALL, box, count, explore, facet, found, titles
from tests.browser.looking import suggested

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Route

    from tests.browser.conftest import Go

pytestmark = pytest.mark.browser


def test_index_that_cannot_be_had(go: Go) -> None:
    """Where the index cannot be read the page says so, and tries again when asked to."""
    page = go("").page
    page.route("**/search/**", lambda route: route.abort())
    page.goto(explore("akt1"))
    expect(count(page)).to_have_text("The search is not available")
    page.unroute("**/search/**")
    page.get_by_role("button", name="Try again").click()
    assert found(page) > 0


PUBLISHED = """() => {
  // Once figures are shown the files of the index are gone, until index.json is read again and not `refused`.
  const state = window.published = {asked: 0, gone: false, refused: false, said: []};
  const real = window.fetch;
  window.fetch = (address, ...rest) => {
    const index = String(address).endsWith('/search/index.json');
    if (index && ++state.asked > 1 && !state.refused) state.gone = false;
    return !index && state.gone ? Promise.resolve(new Response('', {status: 404})) : real(address, ...rest);
  };
  new MutationObserver(() => {
    if (state.asked === 1 && document.querySelector('.hits')) state.gone = true;
  }).observe(document, {childList: true, subtree: true});
  new MutationObserver(all => state.said.push(...all.filter(m => m.target.matches?.('.explore [role=status]'))
    .map(m => m.target.textContent))).observe(document, {childList: true, subtree: true});
}"""
"""A script that plays a site being published anew while a page of it is open, and notes what the page says it found."""


LOSING = """mark => {
  // The line is cut once that is there.
  const real = window.fetch;
  window.line = {cut: false, mended: false};
  window.fetch = (...what) => {
    line.cut ||= Boolean(document.querySelector(mark));
    return line.cut && !line.mended ? Promise.reject(new Error('The line is cut.')) : real(...what);
  };
}"""
"""A script that cuts the line to the site in the middle of an answer."""


PAUSED = """() => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync('.why { animation-play-state: paused !important; }');
  document.adoptedStyleSheets = [sheet];
}"""
"""A script that has what comes after a while wait for the test, however long the page takes."""


def test_published_anew_while_it_is_open(go: Go) -> None:
    """Where the site is published anew between the first figures and the rest the page goes on, and says so once."""
    page = go("").page
    page.add_init_script(f"({PUBLISHED})()")
    page.goto(explore(f"pathway {ALL}"))
    expect(page.locator(".hits h3")).to_have_count(20)
    expect(facet(page, "Genes in these figures").get_by_role("link").first).to_be_visible()
    assert page.evaluate("published.asked") == 2
    said = [text for text in page.evaluate("published.said") if text != "Searching …"]
    assert said == [count(page).text_content()]


def test_slow_search_does_not_show_the_number_of_another(go: Go) -> None:
    """While an answer takes its time the page says that it searches, not how much was found before."""
    page = go(explore("glycolysis")).page
    expect(page.locator(".hits h3").first).to_be_visible()
    held: list[Route] = []
    slow = True

    def hold(route: Route) -> None:
        held.append(route) if slow else route.continue_()

    page.route("**/search/**", hold)
    box(page).fill("her2 signaling")
    box(page).press("Enter")
    expect(count(page)).to_have_text("Searching …")
    slow = False
    for route in held:
        route.continue_()
    expect(count(page)).to_have_text(re.compile("figure"))


def test_published_anew_and_tried_again(go: Go) -> None:
    """A site that is in the middle of being published is there again when the reader tries again."""
    page = go("").page
    page.add_init_script(f"({PUBLISHED})(); published.refused = true")
    page.goto(explore(f"pathway {ALL}"))
    expect(page.locator(".missing")).to_contain_text("The site was published anew.")
    page.evaluate("published.refused = false")
    page.get_by_role("button", name="Try again").click()
    expect(page.locator(".hits h3")).to_have_count(20)


def test_download_of_what_was_published_before(go: Go) -> None:
    """A file of figures is never made of others that have their ids now: the page says what to do, and that helps."""
    page = go("").page
    page.add_init_script(f"({PUBLISHED})(); published.asked = 1")  # nothing goes by itself
    page.goto(explore(f"pathway {ALL}"))
    titles(page)
    expect(facet(page, "Genes in these figures").get_by_role("link").first).to_be_visible()
    page.evaluate("published.gone = published.refused = true")
    page.get_by_text("Download", exact=True).last.click()
    table = page.get_by_role("button", name="Table (TSV)")
    table.click()
    expect(page.get_by_text("The site was published anew. Search again.")).to_be_visible()
    page.evaluate("published.refused = false")
    page.evaluate("document.querySelector('.hits').dataset.before = ''")
    page.get_by_role("button", name="Search", exact=True).click()
    expect(page.locator(".hits:not([data-before])")).to_be_visible()
    page.get_by_text("Download", exact=True).last.click()
    with page.expect_download():
        table.click()


@pytest.mark.parametrize(
    ("before", "mark", "there"),
    [
        pytest.param("glycolysis", ".hits li[aria-hidden]", 5, id="figures"),
        pytest.param("", ".hits li:nth-child(20):not([aria-hidden])", 20, id="filters"),
        pytest.param("", ".facets .empty", 20, id="genes"),
    ],
)
def test_figures_stay_where_the_rest_is_lost(go: Go, before: str, mark: str, there: int) -> None:
    """Where the rest of a page cannot be read its first figures stay, beside what is wrong, until all of it can be."""
    page = go(explore(before)).page
    if before:
        expect(facet(page, "Genes in these figures").get_by_role("link").first).to_be_visible()
    page.evaluate(LOSING, mark)
    box(page).fill(f"pathway {ALL}")
    missing = page.locator(".missing")
    for _ in range(2):
        expect(missing).to_contain_text("Not all of this page could be read. The line is cut.")
        expect(missing).to_have_count(1)
        assert len(titles(page)) == there
        assert found(page) > there
        assert page.locator(".facets a[href*=glycolysis]").count() == 0
        expect(page.locator(".facets")).not_to_contain_text("Counting")
        missing.evaluate("missing => missing.dataset.before = ''")
        missing.get_by_role("button", name="Try again").click()
        expect(page.locator(".missing:not([data-before])")).to_be_visible()
    page.evaluate("line.mended = true")
    missing.get_by_role("button", name="Try again").click()
    expect(missing).to_have_count(0)
    assert len(titles(page)) == 20
    expect(facet(page, "Genes in these figures").get_by_role("link").first).to_be_visible()


def test_search_box_without_the_index(go: Go, address: str) -> None:
    """Where the index cannot be read the box of a page still leads to Explore."""
    page = go("").page
    page.route("**/search/**", lambda route: route.abort())
    page.goto("about.html")
    suggested(page, "wnt")
    page.get_by_role("option", name="Search all for “wnt”").click()
    page.wait_for_url(f"{address}explore/?q=wnt")


def test_without_scripts(go: Go, address: str) -> None:
    """Without JavaScript the box of a page leads to Explore, which says what it needs and leads to the lists."""
    page = go("about.html", java_script_enabled=False).page
    page.get_by_role("searchbox").fill("wnt")
    page.get_by_role("button", name="Search").click()
    page.wait_for_url(f"{address}explore/?q=wnt")
    main = page.get_by_role("main")
    expect(main).to_contain_text("The search has not started")
    for name, path in (("Genes", "genes/"), ("Browse", "browse/"), ("Download", "download.html")):
        expect(main.get_by_role("link", name=name)).to_have_attribute("href", re.compile(f"/{path}$"))


def test_opened_from_a_file(go: Go, site: Path) -> None:
    """Opened from a file, where browsers forbid it to read an index, the page says that it needs a web server."""
    page = go("").page
    page.goto((site / "explore/index.html").as_uri())
    expect(page.get_by_role("main")).to_contain_text("a web server: browsers keep a page that was opened from a file")


def test_script_that_does_not_come(go: Go) -> None:
    """Where the script of Explore cannot be fetched, the page says after a while what is wrong."""
    page = go("").page
    page.add_init_script(f"({PAUSED})()")
    page.route("**/assets/explore.*.js", lambda route: route.abort())
    page.goto(explore("akt1"))
    why = page.get_by_text("The search has not started")
    expect(why).to_be_hidden()
    page.evaluate("document.getAnimations().forEach(a => a.finish())")
    expect(why).to_be_visible()


def test_what_is_left_out_is_no_chosen_filter(go: Go) -> None:
    """A value that a search leaves out is told above the figures, and is not marked as chosen beside them."""
    page = go(explore("pathway -type:Figure")).page
    expect(page.get_by_role("link", name="Remove Not type: Figure")).to_be_visible()
    expect(facet(page, "Type").get_by_role("link").first).to_be_visible()
    expect(facet(page, "Type").locator("[aria-current]")).to_have_count(0)
    page.goto(explore("pathway organism:mouse"))
    expect(facet(page, "Organism").get_by_role("link").first).to_have_attribute("aria-current", "true")
