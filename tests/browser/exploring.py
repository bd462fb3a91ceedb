"""What the tests of Explore look at on its page."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, quote, urlsplit

from playwright.sync_api import expect

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page, Route

__all__ = ["ALL", "Gate", "box", "count", "explore", "facet", "found", "query", "titles"]

ALL = 'organism:"Homo sapiens"'
"""A search that nearly all figures answer: more than one page of them."""


def explore(q: str) -> str:
    """Return the path of a search."""
    return f"explore/?q={quote(q)}"


def box(page: Page) -> Locator:
    """Return the search box of the page."""
    return page.get_by_role("searchbox", name="Search all figures")


def count(page: Page) -> Locator:
    """Return what says how many figures were found."""
    return page.get_by_role("main").get_by_role("status").first


def found(page: Page, what: str = "figures?") -> int:
    """Return how many figures were found, once it is said in these words."""
    expect(count(page)).to_have_text(re.compile(rf"^[\d,]+ {what}$"))
    return int(re.sub(r"\D", "", str(count(page).text_content())))


def titles(page: Page) -> list[str]:
    """Return the titles of the cards, once all of the page are there; a page without a card fails."""
    expect(page.locator(".hits h3").first).to_be_visible()
    expect(page.locator(".hits li[aria-hidden]")).to_have_count(0)
    return page.locator(".hits h3").all_text_contents()


def query(page: Page) -> str:
    """Return the search that the address holds."""
    return parse_qs(urlsplit(page.url).query).get("q", [""])[0]


def facet(page: Page, title: str) -> Locator:
    """Return a group of filters."""
    return page.locator(".facets section", has=page.get_by_role("heading", name=title))


class Gate:
    """What is fetched from addresses of a form passes here; while the gate is shut, it waits.

    It is built before the page is loaded: a browser that is told amid its requests may let some of them by.
    """

    def __init__(self, page: Page, address: str) -> None:
        """Build the gate, open."""
        self._page = page
        self._shut = False
        self._waiting: list[Route] = []
        page.route(address, self._pass)

    def _pass(self, route: Route) -> None:
        """Let a request pass, or keep it."""
        if self._shut:
            self._waiting.append(route)
        else:
            route.continue_()

    def shut(self) -> None:
        """Let nothing pass from now on."""
        self._shut = True

    def wait(self) -> None:
        """Return when something waits at the gate; half a minute without it is a failure."""
        for _ in range(1500):
            if self._waiting:
                return
            self._page.wait_for_timeout(20)
        raise AssertionError("nothing came to the gate")

    def open(self) -> None:
        """Let pass what waits, and all that comes."""
        self._shut = False
        while self._waiting:
            self._waiting.pop(0).continue_()
