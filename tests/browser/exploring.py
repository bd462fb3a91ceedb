"""What the tests of Explore look at on its page."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, quote, urlsplit

from playwright.sync_api import expect

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Locator, Page, Route

__all__ = ["ALL", "box", "count", "explore", "facet", "found", "hold", "query", "titles"]

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
    """Return the titles of the cards, once all of the page are there."""
    expect(page.locator(".hits li[aria-hidden]")).to_have_count(0)
    return page.locator(".hits h3").all_text_contents()


def query(page: Page) -> str:
    """Return the search that the address holds."""
    return parse_qs(urlsplit(page.url).query).get("q", [""])[0]


def facet(page: Page, title: str) -> Locator:
    """Return a group of filters."""
    return page.locator(".facets section", has=page.get_by_role("heading", name=title))


def hold(page: Page, address: str) -> Callable[[], None]:
    """Keep what is fetched from addresses of a form waiting, and return what lets it come."""
    held: list[Route] = []
    come = False

    def take(route: Route) -> None:
        if come:
            route.continue_()
        else:
            held.append(route)

    def release() -> None:
        nonlocal come
        come = True
        assert held, "nothing was fetched"
        for route in held:
            route.continue_()

    page.route(address, take)
    return release
