"""What several of the browser tests do to a page before they look at it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from playwright.sync_api import expect

from tests.support.browser import PATIENCE

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Locator, Page

__all__ = ["settle", "suggested", "unfold", "until"]

_PAINTED = """async () => {
  const frame = () => new Promise(done => requestAnimationFrame(done));
  const near = i => i.loading !== 'lazy' || i.getBoundingClientRect().top < innerHeight;
  for (let n = 0; n < 600 && ![...document.images].every(i => i.complete || !near(i)); n++) await frame();
  await frame();
  await frame();
}"""


def unfold(page: Page) -> None:
    """Open all that folds."""
    page.evaluate("document.querySelectorAll('details').forEach(e => { e.open = true; })")


def settle(page: Page) -> None:
    """Wait until the images in sight have come or failed, and what scripts make of that is painted."""
    page.evaluate(_PAINTED)


def until(page: Page, ready: Callable[[], object]) -> None:
    """Return when that is true which the page's events make true; long without it is a failure."""
    for _ in range(PATIENCE // 20):
        if ready():
            return
        page.wait_for_timeout(20)
    message = "what was waited for did not come"
    raise AssertionError(message)


def suggested(page: Page, text: str, box: Locator | None = None) -> Locator:
    """Type into a search box, and return what is suggested once it answers all of the text, not its beginning.

    Args:
        page: with the box.
        text: to type.
        box: where the page has several.
    """
    (box or page.get_by_role("combobox")).press_sequentially(text)
    options = page.get_by_role("listbox", name="Suggestions").get_by_role("option")
    expect(options.last).to_have_text(
        f"Search all for \N{LEFT DOUBLE QUOTATION MARK}{text.strip()}\N{RIGHT DOUBLE QUOTATION MARK}"
    )
    return options
