"""Pages fit every width, do not jump while they load, and print."""

from __future__ import annotations

import io
import re
from typing import TYPE_CHECKING, Any

import pytest
from PIL import Image
from playwright.sync_api import expect

from tests.browser.exploring import Gate
from tests.browser.looking import settle, unfold, until
from tests.browser.pages import IMAGE_HOST, KINDS, MANY, SEED
from tests.support.browser import visit

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Page

    from tests.browser.conftest import Go, Look

pytestmark = pytest.mark.browser

WIDTHS = (320, 390, 720, 820, 1440)
TOO_WIDE = """() => {
  const width = document.documentElement.clientWidth, all = document.scrollingElement.scrollWidth;
  const cut = e => e && (!['visible', 'clip'].includes(getComputedStyle(e).overflowX) || cut(e.parentElement));
  const out = [...document.body.querySelectorAll('*:not(.skip, .hidden)')].filter(e => {
    const box = e.getBoundingClientRect();
    return box.width && (box.right > width + 1 || box.left < -1) && !cut(e.parentElement);
  });
  return all > width || out.length ? [width, all, ...out.map(e => e.outerHTML.slice(0, 120))] : [];
}"""
SHIFTS = """
window.shifts = [];
new PerformanceObserver(list => {
  for (const e of list.getEntries())
    if (!e.hadRecentInput) window.shifts.push([e.value, ...e.sources.map(s => s.node?.outerHTML?.slice(0, 100) ?? '')]);
}).observe({type: 'layout-shift', buffered: true});
"""
STEADY = (
    "home",
    "figure",
    "figure-drawn-here",
    "figure-without-genes",
    "figure-of-339-rows",
    "gene",
    "genes",
    "letter",
    "organism",
    "browse",
)


def picture(width: int, height: int) -> bytes:
    """Return a PNG, as a publisher would send it."""
    out = io.BytesIO()
    Image.new("RGB", (width, height), "silver").save(out, "PNG")
    return out.getvalue()


def load_late(gate: Gate, page: Page, path: str) -> None:
    """Load a page, and open the gate when it has been painted without what waits there, as on a slow line."""
    page.goto("about:blank")  # from an address to itself, behind a hash, a browser loads nothing
    gate.shut()
    page.goto(path, wait_until="commit")
    gate.wait()
    until(page, lambda: page.evaluate("performance.getEntriesByName('first-contentful-paint').length"))
    gate.open()
    page.wait_for_load_state()


def send_pictures(page: Page, width: int, height: int) -> Gate:
    """Answer for the publisher, and return the gate that its pictures pass."""
    return Gate(page, f"{IMAGE_HOST}**", body=picture(width, height), content_type="image/png")


def shifts(page: Page) -> list[Any]:
    """Return the layout shifts of the page once all has come, if they add up to more than one can notice."""
    settle(page)
    found: list[Any] = page.evaluate("window.shifts")
    return found if sum(value for value, *_ in found) > 0.01 else []


@pytest.fixture(scope="module")
def zoomed(chromium: Browser, address: str) -> Iterator[Page]:
    """Return a page of two device pixels to one of CSS, as on a screen zoomed to 200 %."""
    with visit(chromium, address, device_scale_factor=2) as seen:
        yield seen.page


@pytest.fixture(scope="module")
def shaken(chromium: Browser, address: str) -> Iterator[Page]:
    """Return a page that notes what moves."""
    with visit(chromium, address) as seen:
        seen.page.add_init_script(SHIFTS)
        yield seen.page


@pytest.fixture(scope="module")
def scripts(shaken: Page) -> Gate:
    """Return the gate that the script of the page passes."""
    return Gate(shaken, "**/assets/site.*.js")


@pytest.mark.parametrize("kind", KINDS)
def test_no_sideways_scrolling(zoomed: Page, kind: str) -> None:
    """A page fits phones, wide screens and a zoom of 200 %; titles wrap, and what is wider scrolls in its box."""
    zoomed.goto(KINDS[kind])
    unfold(zoomed)
    for width in WIDTHS:
        zoomed.set_viewport_size({"width": width, "height": 400})
        assert zoomed.evaluate(TOO_WIDE) == [], width


@pytest.mark.parametrize("width", [390, 1440])
@pytest.mark.parametrize("kind", STEADY)
def test_nothing_jumps(shaken: Page, scripts: Gate, kind: str, width: int) -> None:
    """Nothing moves while a page loads, though its script comes late and the publisher's image cannot be had."""
    shaken.set_viewport_size({"width": width, "height": 1600})
    load_late(scripts, shaken, KINDS[kind])
    assert shifts(shaken) == []


@pytest.mark.parametrize("width", [390, 1440])
@pytest.mark.parametrize("kind", ["explore-results", "explore-gene-set"])
def test_answers_push_nothing_away(shaken: Page, kind: str, width: int) -> None:
    """An address that asks for something shows nothing that the answer, which comes later, moves."""
    shaken.set_viewport_size({"width": width, "height": 844})
    load_late(Gate(shaken, "**/assets/explore.*.js"), shaken, KINDS[kind])
    expect(shaken.locator(".answer")).not_to_be_empty()
    assert shifts(shaken) == []


@pytest.mark.parametrize("kind", ["figure", "figure-of-339-rows", "figure-one-word"])
def test_first_words_stand_where_they_stay(look: Look, kind: str) -> None:
    """The genes of the first word do not move as others come, which of a long page they do piece by piece."""
    page = look(KINDS[kind])
    moved = page.evaluate(
        "() => { const list = document.querySelector('#genes dl'), at = () => list.querySelector('dd').offsetLeft; "
        "const all = at(); while (list.children.length > 2) list.lastElementChild.remove(); return all - at(); }"
    )
    assert moved == 0


@pytest.mark.parametrize("width", [320, 390, 1440])
@pytest.mark.parametrize("kind", ["figure", "figure-of-339-rows"])
def test_the_switch_of_genes_moves_nothing(look: Look, kind: str, width: int) -> None:
    """The script's switch stands beside the counts of genes and words, and has no line of its own."""
    page = look(KINDS[kind], width=width, height=800)
    expect(page.locator("#genes .switch")).to_be_visible()
    assert (
        page.locator("#genes dl").evaluate(
            "list => { const before = list.offsetTop; document.querySelector('#genes .switch').remove(); "
            "return list.offsetTop - before; }"
        )
        == 0
    )


@pytest.mark.parametrize("kind", ["chemicals", "diseases"])
def test_names_of_concepts_have_most_of_the_room(look: Look, kind: str) -> None:
    """On a phone the names of chemicals and diseases, not their identifiers, have most of the table's width."""
    page = look(f"{kind}/", width=390, height=800)
    wide = page.locator("tbody td:first-child").first.evaluate(
        "cell => cell.offsetWidth / cell.closest('table').offsetWidth"
    )
    assert wide > 0.5


@pytest.mark.parametrize("width", [390, 1440])
@pytest.mark.parametrize("size", [(800, 300), (700, 1400), (120, 80)])
def test_nothing_jumps_when_the_picture_comes(go: Go, width: int, size: tuple[int, int]) -> None:
    """Nothing moves when the publisher's image comes after the page, whatever its shape."""
    page = go("", viewport={"width": width, "height": 800}).page
    page.add_init_script(SHIFTS)
    load_late(send_pictures(page, *size), page, KINDS["figure"])
    expect(page.locator(".plate img")).to_have_js_property("naturalWidth", size[0])
    assert shifts(page) == []


@pytest.mark.parametrize("kind", ["home", "figure-drawn-here", "gene", "year"])
def test_images_have_their_size(look: Look, kind: str) -> None:
    """Every image of the site carries width and height, and a text or the empty one."""
    page = look(KINDS[kind])
    images = page.evaluate(
        "[...document.images].filter(i => i.src.startsWith(location.origin)).map(i => ({src: i.getAttribute('src'), "
        "shape: i.getAttribute('width') / i.getAttribute('height'), alt: i.getAttribute('alt')}))"
    )
    assert images
    assert [i["src"] for i in images if not i["shape"] or i["alt"] is None] == []


@pytest.mark.parametrize("width", [390, 720])
def test_parts_stand_in_the_order_in_which_they_are_read(look: Look, width: int) -> None:
    """On a phone figure, genes, caption and the rest follow each other for eyes, ears and the keyboard alike."""
    page = look(KINDS["figure"], width=width, height=800)
    tops = page.eval_on_selector_all(".cols > *", "parts => parts.map(e => e.getBoundingClientRect().top)")
    assert len(tops) == 4
    assert tops == sorted(tops)


def test_tall_picture_can_be_enlarged(go: Go) -> None:
    """A picture much taller than its place is shown whole, and larger on request."""
    page = go("").page
    send_pictures(page, 700, 2100)
    page.goto(KINDS["figure"])
    button = page.get_by_role("button", name="Enlarge")
    expect(button).to_have_attribute("aria-pressed", "false")
    before = page.locator(".plate img").bounding_box()
    button.click()
    expect(button).to_have_attribute("aria-pressed", "true")
    after = page.locator(".plate img").bounding_box()
    assert before is not None
    assert after is not None
    assert after["height"] > 1.5 * before["height"]
    expect(button).to_be_in_viewport(ratio=1)
    assert page.evaluate(TOO_WIDE) == []


def test_wide_picture_can_be_enlarged(go: Go) -> None:
    """A picture that is a strip on a phone is shown in its own size on request, within a place that scrolls."""
    page = go("").page
    page.set_viewport_size({"width": 390, "height": 800})
    send_pictures(page, 4000, 300)
    page.goto(KINDS["figure"])
    button = page.get_by_role("button", name="Enlarge")
    button.click()
    shown = page.locator(".plate img").bounding_box()
    assert shown is not None
    assert shown["width"] == 4000
    place = page.locator(".plate > a")
    assert place.evaluate("e => e.scrollWidth > e.clientWidth && getComputedStyle(e).overflowX") == "auto"
    assert page.evaluate(TOO_WIDE) == []


def test_failed_picture_leaves_a_frame(look: Look) -> None:
    """Where the image cannot be had, its place says so and leads to the source."""
    page = look(KINDS["figure"])
    frame = page.locator(".plate")
    expect(frame).to_contain_text("The picture is not available here at the moment.")
    link = frame.get_by_role("link", name="See the figure at its source")
    assert str(link.get_attribute("href")).startswith("https://www.ncbi.nlm.nih.gov/pmc/articles/PMC7464074/figure/")


def test_failed_picture_of_a_paper_without_its_figures_address(look: Look) -> None:
    """Where the page knows no address of the figure at its source, the frame leads to the paper."""
    frame = look(f"figures/{MANY}.html").locator(".plate")
    link = frame.get_by_role("link", name="See the figure in its paper")
    assert link.get_attribute("href") == "https://pmc.ncbi.nlm.nih.gov/articles/PMC9000001/"


def test_print_without_scripts(go: Go) -> None:
    """On paper without scripts the panel stands for the table: all of its genes, with their notes."""
    page = go(KINDS["figure"], java_script_enabled=False).page
    page.emulate_media(media="print")
    expect(page.get_by_text("MEK · family in Bioentities")).to_be_visible()
    assert page.locator("#genes dl").evaluate("e => e.scrollHeight <= e.clientHeight + 1")


def test_print(go: Go) -> None:
    """On paper are the figure, caption, citation and gene table, without what only a screen can use."""
    page = go(KINDS["figure-drawn-here"]).page
    page.emulate_media(media="print")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    for shown in (".plate img", ".caption", ".pub cite", "#table table", "h1"):
        expect(page.locator(shown).first).to_be_visible()
    for name in ("banner", "navigation", "contentinfo", "button", "search"):
        assert [e for e in page.get_by_role(name).all() if e.is_visible()] == [], name


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_print_takes_two_pages_at_most(go: Go, scheme: str) -> None:
    """The seed figure with its table of genes prints on one or two pages, dark on white in either scheme."""
    page = go("", color_scheme=scheme).page
    send_pictures(page, 800, 600)
    page.goto(f"figures/{SEED}.html")
    settle(page)
    assert 1 <= len(re.findall(rb"/Type\s*/Page\b(?!s)", page.pdf(format="A4", print_background=True))) <= 2
    page.emulate_media(media="print")
    ink = page.evaluate("getComputedStyle(document.querySelector('.caption')).color")
    assert sum(map(int, re.findall(r"\d+", ink)[:3])) < 200


def test_large_table_scrolls_in_its_box(look: Look) -> None:
    """On a phone the gene table scrolls within its own box."""
    page = look(f"figures/{MANY}.html", width=320, height=640)
    unfold(page)
    box = page.get_by_role("group", name="Gene table")
    assert box.evaluate("e => e.scrollWidth > e.clientWidth && e.clientWidth <= innerWidth")


def test_downloads_fit_a_phone(look: Look) -> None:
    """On a phone each file is a few lines, and nothing scrolls sideways, checksums included."""
    page = look(KINDS["download"], width=390, height=800)
    for summary in page.get_by_text("SHA-256").all():
        summary.click()
    box = page.get_by_role("group", name="Files")
    assert box.evaluate("e => e.scrollWidth <= e.clientWidth")
    expect(box).to_contain_text("figures.tsv.gz")


@pytest.mark.parametrize("kind", ["home", "genes", "letter", "organisms", "organism", "download", "figure"])
def test_no_table_has_an_empty_column(look: Look, kind: str) -> None:
    """Every column of a table has a heading and, somewhere, something below it."""
    page = look(KINDS[kind])
    unfold(page)
    empty = page.evaluate(
        "[...document.querySelectorAll('table')].flatMap(t => [...t.tHead.rows[0].cells].filter((head, n) => "
        "!head.textContent.trim() || ![...t.tBodies].some(b => [...b.rows].some(r => r.cells[n]?.textContent.trim())))"
        ".map(head => head.outerHTML))"
    )
    assert page.locator("table").count()
    assert empty == []


def test_count_stands_behind_a_word_that_runs_right_to_left(look: Look) -> None:
    """The count of a Hebrew word stands at the end of its chip, not amid the word."""
    page = look("genes/TP53.html")
    chip = page.locator(".words li", has_text="HER2")
    chip_box, count_box = chip.bounding_box(), chip.locator("small").bounding_box()
    assert chip_box is not None
    assert count_box is not None
    assert chip_box["x"] + chip_box["width"] - (count_box["x"] + count_box["width"]) < 20
