"""What several of the browser tests do to a page before they look at it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Page

__all__ = ["settle", "unfold"]

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
