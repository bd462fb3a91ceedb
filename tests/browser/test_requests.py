"""What pages fetch and run: nothing of other hosts but the figure, no script of a record, no error."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.browser.looking import settle, suggested
from tests.browser.pages import HOSTILE, IMAGE_HOST, KINDS
from tests.support.browser import visit

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Dialog

    from tests.browser.conftest import Go
    from tests.support.browser import Visit

pytestmark = pytest.mark.browser

FIRED = (
    "genes/TP53.html",
    "genes/EVIL1.html",
    "browse/2020.html",
    "genes/letters/E.html",
    "genes/letters/other.html",
    "organisms/",
    "./",
)
"""Lists that show texts of the hostile record."""


@pytest.fixture(scope="module")
def shared(chromium: Browser, address: str) -> Iterator[Visit]:
    """Return a visit that a file shares."""
    with visit(chromium, address) as seen:
        yield seen


@pytest.mark.parametrize("kind", KINDS)
def test_page_under_its_policy(shared: Visit, kind: str) -> None:
    """A page of each kind works under its own policy, and asks no other host but for its figure's image."""
    shared.page.goto("about:blank")  # what the page before still asked for is over
    for kept in (shared.blocked, shared.errors, shared.missing):
        kept.clear()
    shared.page.goto(KINDS[kind])
    settle(shared.page)
    expect(shared.page.get_by_role("button", name="Dark", exact=True)).to_be_visible()
    assert [a for a in shared.blocked if not (a.startswith(IMAGE_HOST) and "/bin/" in a)] == []
    if kind.startswith("figure"):
        assert len(shared.blocked) == (0 if kind == "figure-drawn-here" else 1)
    assert (shared.errors, shared.missing) == ([], [])


def test_actions_under_the_policy(go: Go) -> None:
    """The search, a download, the citation, the switches and the lists of genes work under the policy too."""
    seen = go(KINDS["figure"])
    page = seen.page
    with page.expect_download():
        page.get_by_role("button", name="TSV").click()
    page.get_by_role("button", name="All", exact=True).click()
    page.get_by_role("button", name="Dark", exact=True).click()
    suggested(page, "akt")
    page.get_by_role("button", name="Cite").click()
    expect(page.get_by_role("dialog")).to_be_visible()
    page.goto("genes/?q=akt")
    expect(page.get_by_role("status").first).to_have_text("4 genes")
    page.goto("figures/PMC7464074__F1.html?a=1")
    page.wait_for_url("**/*__cancers-12-02081-g001.html?a=1")
    assert (seen.errors, seen.missing) == ([], [])


def test_no_script_of_a_record_runs(go: Go) -> None:
    """Text that would run a script is shown as text on its own pages, in lists, and in what scripts build of it."""
    seen = go("")
    page = seen.page
    fired: list[str] = []

    def note(dialog: Dialog) -> None:
        fired.append(dialog.message)
        dialog.dismiss()

    page.on("dialog", note)
    for path in (*HOSTILE, *FIRED):
        page.goto(path)
        assert page.locator("[onerror], [onload]").count() == 0, path
    page.goto(HOSTILE[0])
    expect(page.get_by_role("heading", level=1)).to_contain_text("</script><img src=x onerror=alert(1)>")
    page.get_by_role("button", name="All", exact=True).click()
    page.get_by_role("button", name="Cite").click()
    expect(page.get_by_role("dialog")).to_contain_text("onerror=alert(1)")
    page.keyboard.press("Escape")
    expect(suggested(page, "evil").first).to_contain_text("EVIL1")
    page.goto("genes/?q=evil1")
    expect(page.get_by_role("status").first).to_have_text("1 gene")
    page.goto("genes/?q=%3Cimg%20src%3Dx%20onerror%3Dalert(5)%3E")
    expect(page.get_by_role("status").first).to_contain_text("No gene has this name.")
    assert (fired, seen.errors, seen.missing) == ([], [], [])
