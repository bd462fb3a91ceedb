"""Explore: search as a reader does it, filters, sharing and downloads."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.browser.exploring import (
    ALL,
    Gate,
    answered,
    box,
    count,
    explore,
    facet,
    found,
    query,
    renewed,
    titles,
)
from tests.browser.looking import settle, suggested, until
from tests.browser.pages import DEMO, MARKUP, SEED, front_matter

if TYPE_CHECKING:
    from playwright.sync_api import Download

    from tests.browser.conftest import Go

pytestmark = pytest.mark.browser

PHONE = {"viewport": {"width": 390, "height": 800}}


def saved(download: Download) -> str:
    """Return the text of a download."""
    return Path(download.path()).read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("q", "name"), [("AKT1", "AKT1 gene"), ("Homo sapiens", "Homo sapiens organism"), ("AKT1 PTEN", "")]
)
def test_pages_of_a_name_are_named_once(go: Go, q: str, name: str) -> None:
    """The page of the name that is looked for is named above the figures, once; two names are the name of nothing."""
    page = go("").page
    with page.expect_response("**/search/names/**"):
        page.goto(explore(q))
    answered(page)
    settle(page)
    named = page.get_by_role("navigation", name="Pages of this name")
    expect(named).to_have_count(1 if name else 0)
    expect(named.get_by_role("link", name=name, exact=True)).to_have_count(1 if name else 0)


@pytest.mark.parametrize("q", ["Homo sapiens", "AKT1"])
@pytest.mark.parametrize("width", [1440, 1000, 390, 320])
def test_nothing_moves_when_pages_are_named_late(go: Go, q: str, width: int) -> None:
    """Pages of a name that come after the figures, as those of several words do, move nothing."""
    page = go("", viewport={"width": width, "height": 900}).page
    gate = Gate(page, "**/search/names/**")
    page.goto("explore/")
    gate.shut()
    box(page).fill(q)
    gate.wait()
    titles(page)
    card = page.locator(".hits li").first
    before = card.bounding_box()
    gate.open()
    expect(page.get_by_role("navigation", name="Pages of this name").get_by_role("link").first).to_be_visible()
    assert page.evaluate("document.scrollingElement.scrollWidth <= innerWidth")
    assert card.bounding_box() == before


WAITING = """() => {
  // The rest of a page comes when it is asked for.
  const real = window.fetch;
  const go = new Promise(done => { window.letCome = done; });
  window.fetch = async (...what) => {
    if (document.querySelector('.hits li[aria-hidden]')) await go;
    return real(...what);
  };
}"""
"""A script that keeps what a page of figures lacks waiting."""
SETS = "explore/?view=genes#" + ",".join([f"WNT{n}" for n in (1, "3A", "5A", 11)] + ["AKT1", "MTOR", "TP53", "EGFR"])


@pytest.mark.parametrize(
    ("path", "width"), [(explore(f"pathway {ALL}"), 1440), (explore(f"pathway {ALL}"), 390), (SETS, 1000), (SETS, 320)]
)
def test_nothing_moves_when_the_other_figures_come(go: Go, path: str, width: int) -> None:
    """Figures that come later, and the genes that answer, take the places that are kept for them."""
    page = go("", viewport={"width": width, "height": 900}).page
    page.add_init_script(f"({WAITING})()")
    page.goto(path)
    expect(page.locator(".hits li[aria-hidden]").last).to_be_attached()
    before = [place.bounding_box() for place in (page.locator(".hits"), *page.locator(".hits li").all())]
    page.evaluate("letCome()")
    titles(page)
    if path != SETS:
        answered(page)  # the genes that answer, too
    after = [place.bounding_box() for place in (page.locator(".hits"), *page.locator(".hits li").all())]
    assert after == before


def test_genes_beyond_a_line_are_a_press_away(go: Go) -> None:
    """A card shows one line of the genes that answer; a button brings all, and the focus goes where they go on."""
    page = go(explore("pi3k"), **PHONE).page
    card = page.locator(".hits li").first
    button = card.get_by_role("button", name="All 8 genes")
    line = card.locator(".flat")
    expect(button).to_be_visible()
    before = line.bounding_box()
    button.click()
    after = line.bounding_box()
    assert before is not None
    assert after is not None
    assert before["height"] < 30 < after["height"]
    focused = line.get_by_role("link").evaluate_all("all => all.indexOf(document.activeElement)")
    assert 0 < focused < 8
    expect(button).to_have_count(0)
    page.set_viewport_size({"width": 1440, "height": 800})
    expect(page.locator(".hits li").nth(1).get_by_role("button")).to_be_hidden()  # all of them have room


def test_results_come_as_one_types(go: Go) -> None:
    """Figures come as the reader types, a word may be unfinished, words are marked, and Back leaves the search."""
    seen = go("about.html")
    page = seen.page
    page.get_by_role("banner").get_by_role("link", name="Explore").click()
    box(page).press_sequentially("glycol")
    answered(page, "glycol")
    expect(page.locator(".hits")).to_contain_text("Glycolysis")
    expect(page.locator(".hits mark").first).to_have_text(re.compile("glycol", re.IGNORECASE))
    assert query(page) == "glycol"
    few = found(page)
    assert 0 < few < 10
    box(page).press_sequentially("ysis -photosynthesis")
    answered(page, "glycolysis -photosynthesis")
    assert found(page) <= few
    page.go_back()
    expect(page).to_have_url(re.compile("about"))
    assert (seen.errors, seen.missing) == ([], [])


@pytest.mark.parametrize("left", [False, True])
def test_typed_before_the_script_is_there(go: Go, address: str, *, left: bool) -> None:
    """What was typed while the page's script was on its way is searched when it comes, also in a box that was left."""
    page = go("").page
    gate = Gate(page, "**/assets/explore.*.js")
    gate.shut()
    page.goto(f"{address}{explore('akt1')}", wait_until="commit")
    gate.wait()
    box(page).fill("glycol")
    if left:
        box(page).blur()
    gate.open()
    answered(page, "glycol")
    expect(page.locator(".hits")).to_contain_text("Glycolysis")
    expect(box(page)).to_have_value("glycol")
    assert query(page) == "glycol"


def test_address_stays_as_it_was_shared(go: Go) -> None:
    """A page that is opened leaves its address alone: nobody has typed anything."""
    page = go("explore/?q=akt1%20").page
    found(page)
    page.wait_for_timeout(400)  # a search that is typed is answered after less
    assert page.url.endswith("?q=akt1%20")


def test_card_leads_to_its_figure(go: Go, address: str) -> None:
    """A card has picture, title, year, paper and the genes that matched, and leads to the figure."""
    page = go(explore("gene:GAPDH glycolysis")).page
    card = page.locator(".hits li", has=page.get_by_role("heading", name="Glycolysis from glucose to lactate"))
    expect(card).to_contain_text(front_matter(DEMO)["year"])
    expect(card.get_by_role("link", name="GAPDH", exact=True)).to_have_attribute(
        "href", re.compile("/genes/GAPDH.html$")
    )
    expect(card.locator("img")).to_have_attribute("loading", "lazy")
    card.get_by_role("heading").get_by_role("link").click()
    page.wait_for_url(f"{address}figures/{DEMO}.html")


def test_filter_by_a_facet_and_back(go: Go) -> None:
    """A value of a facet narrows to as many figures as it says, stands in the box and above, and Back undoes it."""
    page = go(explore("gene:AKT1")).page
    answered(page)
    before = found(page)
    value = facet(page, "Genes in these figures").locator("li").first
    name, some = value.get_by_role("link").text_content(), int(value.locator("small").text_content() or 0)
    value.get_by_role("link").click()
    expect(box(page)).to_have_value(f"gene:AKT1 gene:{name}")
    expect(count(page)).to_have_text(re.compile(f"^{some} figures?$"))
    page.go_back()
    expect(box(page)).to_have_value("gene:AKT1")
    expect(count(page)).to_have_text(f"{before:,} figures")
    page.go_forward()
    page.get_by_role("link", name=f"Remove Gene: {name}").click()
    expect(box(page)).to_have_value("gene:AKT1")
    expect(count(page)).to_have_text(f"{before:,} figures")


def test_back_to_a_search_that_was_sent(go: Go) -> None:
    """Enter adds an entry: Back leads from the next search to it, and the box shows it though it has the focus."""
    page = go("explore/").page
    totals = []
    for text in ("hippo", "glycolysis"):
        box(page).fill(text)
        answered(page, text)
        expect(page).to_have_url(re.compile(f"q={text}$"))
        expect(page.locator(".hits")).to_contain_text(re.compile(text, re.IGNORECASE))
        with renewed(page):
            page.keyboard.press("Enter")
        totals.append(found(page))
    page.go_back()
    expect(page).to_have_url(re.compile("q=hippo$"))
    expect(box(page)).to_be_focused()
    expect(box(page)).to_have_value("hippo")
    answered(page, "hippo")
    expect(page.locator(".hits")).to_contain_text(re.compile("hippo", re.IGNORECASE))
    assert found(page) == totals[0]


def test_other_values_of_a_facet_stay_at_hand(go: Go) -> None:
    """With an organism chosen the others are still counted, so that the choice can be changed or taken back."""
    page = go(explore("pathway")).page
    facet(page, "Organisms").get_by_role("link", name="Homo sapiens").click()
    expect(page).to_have_url(re.compile("organism"))
    chosen = facet(page, "Organisms").locator("[aria-current=true]")
    expect(chosen).to_have_text("Homo sapiens")
    expect(facet(page, "Organisms").get_by_role("link").nth(1)).to_be_visible()
    chosen.click()
    expect(box(page)).to_have_value("pathway")


def test_brush_years(go: Go) -> None:
    """A drag over the bars takes those years; the other bars stay, and a drag there changes the choice."""
    page = go(explore(ALL)).page
    answered(page)
    before = found(page)
    bars = page.locator(".brush")

    def drag(start: float, end: float) -> None:
        bars.scroll_into_view_if_needed()
        area = bars.bounding_box()
        assert area is not None
        page.mouse.move(area["x"] + area["width"] * start, area["y"] + 20)
        page.mouse.down()
        page.mouse.move(area["x"] + area["width"] * end, area["y"] + 30, steps=4)
        page.mouse.up()

    with renewed(page):
        drag(0.3, 0.6)
    expect(page).to_have_url(re.compile("year"))
    answered(page, query(page))
    first, last = map(int, re.findall(r"year:(\d{4})-(\d{4})", query(page))[0])
    expect(count(page)).not_to_have_text(f"{before:,} figures")
    some = found(page)
    assert 0 < some < before
    years = {int(y) for t in page.locator(".hits h3 + p").all_text_contents() for y in re.findall(r"\b20\d\d\b", t)[:1]}
    assert years <= set(range(first, last + 1))
    expect(page.get_by_role("button", name="All years")).to_be_visible()
    with renewed(page):
        drag(0.95, 0.05)
    expect(page).not_to_have_url(re.compile(f"year%3A{first}-{last}"))
    expect(count(page)).not_to_have_text(f"{some:,} figures")
    answered(page, query(page))
    assert found(page) > some
    page.get_by_role("button", name="All years").click()
    expect(box(page)).to_have_value(ALL)
    expect(count(page)).to_have_text(f"{before:,} figures")


def test_drag_while_an_answer_comes(go: Go) -> None:
    """A drag over the years that has begun before other figures come is not lost to them."""
    page = go("").page
    gate = Gate(page, "**/search/rows/**")
    page.goto(explore(ALL))
    answered(page)
    bars = page.locator(".brush")
    gate.shut()
    page.get_by_role("navigation", name="Pages of figures").get_by_role("link", name="Next").focus()
    page.keyboard.press("Enter")
    gate.wait()
    bars.scroll_into_view_if_needed()
    area = bars.bounding_box()
    assert area is not None
    page.mouse.move(area["x"] + area["width"] * 0.3, area["y"] + 20)
    page.mouse.down()
    with page.expect_response("**/search/rows/**"):
        gate.open()
    page.wait_for_timeout(500)
    page.mouse.move(area["x"] + area["width"] * 0.6, area["y"] + 20, steps=4)
    page.mouse.up()
    expect(page).to_have_url(re.compile("year"))


def test_sort_and_pages(go: Go) -> None:
    """Newest first is another order of the same figures; the second page goes on where the first ends."""
    page = go(explore(f"pathway {ALL}")).page
    total = found(page)
    assert total > 20
    page.get_by_role("link", name="Newest", exact=True).click()
    expect(page).to_have_url(re.compile("sort=newest"))
    expect(page.get_by_role("link", name="Newest", exact=True)).to_have_attribute("aria-current", "true")
    first = titles(page)
    years = [int(re.findall(r"\b20\d\d\b", t)[0]) for t in page.locator(".hits h3 + p").all_text_contents()]
    assert years == sorted(years, reverse=True)
    page.get_by_role("navigation", name="Pages of figures").get_by_role("link", name="Next").click()
    expect(page.locator(".hits")).to_have_attribute("start", "21")
    assert len(titles(page)) == min(20, total - 20)
    assert not set(first) & set(titles(page))
    expect(page.locator(".count")).to_be_focused()
    page.go_back()
    expect(page.locator(".hits")).to_have_attribute("start", "1")
    assert titles(page) == first


def test_focus_stays_where_the_reader_went(go: Go) -> None:
    """Who goes on to another place while a page of figures is on its way is not called back when it has come."""
    page = go("").page
    gate = Gate(page, "**/search/rows/**")
    page.goto(explore(ALL))
    answered(page)
    gate.shut()
    page.locator(".facets section").evaluate_all("all => all.forEach(e => { e.dataset.before = ''; })")
    page.get_by_role("navigation", name="Pages of figures").get_by_role("link", name="Next").click()
    gate.wait()
    page.get_by_role("link", name="Gene set").focus()
    gate.open()
    expect(page.locator(".hits")).to_have_attribute("start", "21")
    answered(page)
    expect(page.get_by_role("link", name="Gene set")).to_be_focused()


def test_shared_address(go: Go) -> None:
    """The address of a search with filters, sort and page shows the same to someone else."""
    page = go(explore(ALL)).page
    page.get_by_role("navigation", name="Pages of figures").get_by_role("link", name="2", exact=True).click()
    expect(page.locator(".hits")).to_have_attribute("start", "21")
    mine = titles(page)
    other = go(page.url).page
    expect(other.locator(".hits")).to_have_attribute("start", "21")
    expect(box(other)).to_have_value(ALL)
    assert titles(other) == mine


def test_misspelling(go: Go) -> None:
    """A word that is found nowhere is answered with one like it, and a click searches for that."""
    page = go(explore("glycolsis")).page
    page.get_by_role("link", name="glycolysis", exact=True).click()
    expect(box(page)).to_have_value("glycolysis")
    expect(page.locator(".hits")).to_contain_text("Glycolysis")


def test_year_typed_as_a_word(go: Go) -> None:
    """A year among the words leads to the figures of that year."""
    page = go(explore("glycolysis 2020")).page
    page.get_by_role("link", name="year:2020", exact=True).click()
    expect(box(page)).to_have_value("glycolysis year:2020")
    assert "year" in page.url


def test_set_that_was_not_sent_does_not_stay(go: Go) -> None:
    """Who comes back to the address of a set of genes finds that set in the box."""
    page = go("explore/?view=genes#TP53,MDM2").page
    area = page.get_by_role("textbox", name="Genes")
    expect(area).to_have_value("TP53, MDM2")
    area.fill("AKT1")
    page.get_by_role("link", name="Search", exact=True).first.click()
    expect(area).to_be_hidden()
    page.go_back()
    expect(area).to_have_value("TP53, MDM2")


def test_nothing_found_says_what_to_do(go: Go) -> None:
    """Where nothing is found the page says so and what may help, and names a gene that is not in the collection."""
    page = go(explore("gene:NOSUCHGENE qqqxxq")).page
    expect(count(page)).to_have_text("0 figures")
    expect(page.get_by_role("main")).to_contain_text("Fewer words, or fewer filters, find more.")
    expect(page.get_by_role("main")).to_contain_text("Not in this collection: NOSUCHGENE")


def test_download_results(go: Go) -> None:
    """All results, not those of the page alone, are saved as ids, as a table with citations, and as gene sets."""
    page = go(explore(ALL)).page
    answered(page)
    total = found(page)
    page.get_by_text("Download", exact=True).last.click()
    texts = {}
    for name in ("Figure ids", "Table (TSV)", "Gene sets (GMT)"):
        with page.expect_download() as waiting:
            page.get_by_role("button", name=name).click()
        texts[waiting.value.suggested_filename] = saved(waiting.value)
    ids = texts["figures.txt"].splitlines()
    assert len(ids) == len(set(ids)) == total
    head, *rows = (line.split("\t") for line in texts["figures.tsv"].splitlines())
    assert [row[0] for row in rows] == ids
    table = {row[0]: dict(zip(head, row, strict=True)) for row in rows}
    assert front_matter(SEED)["papertitle"].rstrip(".") in table[SEED]["citation"]
    assert "PMC7464074" in table[SEED]["citation"]
    assert table[SEED]["url"].endswith(f"/pfocr/figures/{SEED}.html")
    sets = {line.split("\t")[0]: line.split("\t")[2:] for line in texts["figures.gmt"].splitlines()}
    assert {"ERBB2", "AKT1"} <= set(sets[SEED])
    assert all(any(name == figid or name.startswith(f"{figid}_") for figid in ids) for name in sets)


def test_pages_of_the_name(go: Go, address: str) -> None:
    """A search for a word that is the name of a gene leads to the gene's page, too."""
    page = go(explore("her2")).page
    page.get_by_role("navigation", name="Pages of this name").get_by_role("link", name=re.compile("^ERBB2")).click()
    page.wait_for_url(f"{address}genes/ERBB2.html")


def test_keyboard_alone(go: Go) -> None:
    """Search, filter, set the years and save by keyboard; what was pressed keeps the focus where it is still there."""
    page = go("explore/").page
    page.keyboard.press("/")
    expect(box(page)).to_be_focused()
    page.keyboard.type(ALL)
    answered(page, ALL)
    with renewed(page):
        page.keyboard.press("Enter")
    answered(page)
    expect(page.locator(".chosen")).to_contain_text("Homo sapiens")
    total = found(page)
    summary = page.locator(".menu summary")
    summary.focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    with page.expect_download() as waiting:
        page.keyboard.press("Enter")
    assert len(saved(waiting.value).splitlines()) == total
    page.keyboard.press("Escape")
    expect(summary).to_be_focused()
    expect(page.get_by_role("button", name="Figure ids")).to_be_hidden()
    page.get_by_label("From year").focus()
    page.keyboard.press("Control+a")
    page.keyboard.type("2020")
    with renewed(page):
        page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("year%3A2020"))
    answered(page)
    expect(page.get_by_label("From year")).to_be_focused()
    value = facet(page, "Genes in these figures").get_by_role("link").nth(2)
    value.focus()
    value.press("Enter")
    expect(page).to_have_url(re.compile("gene%3A"))
    expect(page.locator(":focus")).to_be_visible()
    assert page.evaluate("document.querySelector('.explore').contains(document.activeElement)")


def test_on_a_phone(go: Go) -> None:
    """On a phone the filters are folded away until they are wanted, and nothing scrolls sideways."""
    page = go(explore(ALL), **PHONE).page
    answered(page)
    expect(page.locator(".brush")).to_have_count(1)
    expect(page.locator(".brush")).to_be_hidden()
    page.get_by_text("Filters", exact=True).click()
    expect(page.locator(".brush")).to_be_visible()
    page.get_by_text("Download", exact=True).last.click()
    assert page.evaluate("document.scrollingElement.scrollWidth <= innerWidth")


def test_hostile_title_is_text(go: Go) -> None:
    """A title that would run a script is text on its card, in what is marked of it, and among the suggestions."""
    seen = go(explore("onerror alert"))
    page = seen.page
    page.on("dialog", lambda dialog: pytest.fail(f"a script ran: {dialog.message}"))
    expect(page.locator(".hits h3").first).to_contain_text("</script><img src=x onerror=alert(1)>")
    assert page.locator("[onerror], [onload]").count() == 0
    page.goto("about.html")
    suggested(page, MARKUP[:12])
    expect(page.get_by_role("option", name=re.compile("onerror"))).to_be_visible()
    assert page.locator("[onerror], [onload]").count() == 0
    assert (seen.errors, seen.missing) == ([], [])


def test_titles_and_reload(go: Go) -> None:
    """Tabs of searches are told apart by their titles, and who reloads a page stays where they were."""
    page = go("explore/?q=pathway").page
    titles(page)
    assert page.title().startswith("pathway · Explore")
    place = page.evaluate("(scrollTo(0, 300), Math.round(scrollY))")
    assert place > 0
    page.reload()
    until(page, lambda: page.evaluate("Math.round(scrollY)") == place)
    page.goto("explore/")
    assert page.title().startswith("Explore")
    page.goto("explore/?q=pathway")
    titles(page)
    assert page.evaluate("scrollY") == 0  # who comes anew begins at the top
