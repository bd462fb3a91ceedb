"""What the browser tests share: the site, built once and served, and a browser to open its pages in."""

from __future__ import annotations

from contextlib import ExitStack
from typing import TYPE_CHECKING, Any, Protocol

import pytest
from playwright.sync_api import Error

from tests.browser.pages import BASE, build_site
from tests.support.browser import OPEN, Visit, launch, visit
from tests.support.installed import not_there
from tests.support.server import serve

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, Page

__all__ = ["Go", "Look"]

WIDE = {"width": 1440, "height": 900}


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Tell of a failed test what the open pages showed and had asked for: on another machine nobody can look."""
    report = yield
    if report.when in {"setup", "call"} and report.failed:
        for seen in OPEN:
            report.sections.append((f"page {seen.page.url}", seen.tell()))
    return report


class Go(Protocol):
    """Opens a page of the site in a browser context of its own, which the end of the test closes."""

    def __call__(self, path: str, **options: Any) -> Visit:
        """Return the visit, the page loaded.

        Args:
            path: of the page, below the site's own; empty to load none yet.
            options: of Playwright's ``new_context``.
        """


class Look(Protocol):
    """Opens a page of the site in the browser context that the tests of a file share."""

    def __call__(self, path: str, **size: int) -> Page:
        """Return the page, loaded.

        Args:
            path: of the page, below the site's own.
            size: width and height of the screen where they differ from the wide one's.
        """


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of the built site."""
    return build_site(tmp_path_factory.mktemp("site"))


@pytest.fixture(scope="session")
def address(site: Path) -> Iterator[str]:
    """Serve the site under its path, and return its address."""
    with serve(site, BASE) as served:
        yield served


# Not for the whole session: other tests start a Playwright of their own, and two in one thread do not go together.
@pytest.fixture(scope="package")
def chromium() -> Iterator[Browser]:
    """Return a running Chromium."""
    with ExitStack() as stack:
        try:
            browser = stack.enter_context(launch())
        except Error as error:
            if "Executable doesn't exist" not in error.message:
                raise
            not_there("no Chromium on this machine: `make test` installs one")
        yield browser


@pytest.fixture
def go(chromium: Browser, address: str) -> Iterator[Go]:
    """Return what opens pages of the site."""
    with ExitStack() as stack:

        def start(path: str, **options: Any) -> Visit:
            settings = {"viewport": WIDE, "reduced_motion": "reduce"} | options
            seen = stack.enter_context(visit(chromium, address, **settings))
            if path:
                seen.page.goto(path)
            return seen

        yield start


@pytest.fixture(scope="module")
def shared_visit(chromium: Browser, address: str) -> Iterator[Visit]:
    """Return the visit behind ``look``."""
    with visit(chromium, address, reduced_motion="reduce") as seen:
        yield seen


@pytest.fixture
def look(shared_visit: Visit) -> Look:
    """Return what opens pages for tests that leave nothing behind: a new context would cost as much as four pages."""

    def start(path: str, **size: int) -> Page:
        screen = WIDE | size
        shared_visit.page.set_viewport_size({"width": screen["width"], "height": screen["height"]})
        shared_visit.page.emulate_media(color_scheme="light")
        shared_visit.page.goto(path)
        return shared_visit.page

    return start
