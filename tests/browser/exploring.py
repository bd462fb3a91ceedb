"""What the tests of Explore look at on its page."""

from __future__ import annotations

import re
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, quote, quote_plus, urlsplit

from playwright.sync_api import expect

from tests.browser.looking import until

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Locator, Page, Route

__all__ = [
    "ALL",
    "Gate",
    "answered",
    "box",
    "count",
    "drawn",
    "explore",
    "facet",
    "found",
    "query",
    "renewed",
    "titles",
]

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


def answered(page: Page, q: str | None = None) -> None:
    """Wait until all of an answer is there: the cards, the filters, and among them the genes.

    Args:
        page: of Explore.
        q: the search that is answered, where the page may still show what answers another.
    """
    if q is not None:
        own = re.escape(quote_plus(q))
        expect(page.locator(".sorts a").first).to_have_attribute("href", re.compile(f"[?&]q={own}(&|$)"))
    titles(page)
    expect(page.locator(".facets section:not([data-before])").first).to_be_attached()
    expect(page.locator(".facets .empty")).to_have_count(0)  # it says that the genes are being counted


def drawn(page: Page, kind: str) -> None:
    """Wait until scripts have drawn all that they fetch for a page as it is opened.

    Args:
        page: of the site.
        kind: its name among the page kinds.
    """
    if kind == "explore-results":
        answered(page)
    elif kind == "explore-gene-set":
        titles(page)
    elif kind == "explore":
        expect(page.locator(".explore .why")).to_have_count(0)
    elif page.locator("table.sortable").count():
        expect(page.locator("table.sortable th button").first).to_be_visible()


@contextmanager
def renewed(page: Page) -> Iterator[None]:
    """Do what has the page answer anew, and wait until the figures of that answer are shown."""
    page.locator(".hits, .facets section").evaluate_all("all => all.forEach(e => { e.dataset.before = ''; })")
    yield
    expect(page.locator(".hits:not([data-before])")).to_be_visible()


class Gate:
    """What is fetched from addresses of a form passes here; while the gate is shut, it waits.

    It is built before the page is loaded: a browser that is told amid its requests may let some of them by.
    """

    def __init__(self, page: Page, address: str, **answer: Any) -> None:
        """Build the gate, open.

        Args:
            page: that fetches.
            address: form of the addresses.
            answer: what is sent to who passes, of Playwright's ``fulfill``; without it the server answers.
        """
        self._page = page
        self._answer = answer
        self._shut = False
        self._waiting: list[Route] = []
        page.route(address, self._pass)

    def _pass(self, route: Route) -> None:
        """Let a request pass, or keep it."""
        if self._shut:
            self._waiting.append(route)
        else:
            self._let(route)

    def _let(self, route: Route) -> None:
        """Let a request pass."""
        if self._answer:
            route.fulfill(**self._answer)
        else:
            route.continue_()

    def shut(self) -> None:
        """Let nothing pass from now on."""
        self._shut = True

    def wait(self) -> None:
        """Return when something waits at the gate; long without it is a failure."""
        until(self._page, lambda: self._waiting)

    def open(self) -> None:
        """Let pass what waits, and all that comes."""
        self._shut = False
        while self._waiting:
            self._let(self._waiting.pop(0))
