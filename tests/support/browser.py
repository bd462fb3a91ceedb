"""Chromium for the browser tests: the machine's own or Playwright's, cut off from every other host."""

from __future__ import annotations

import os
import shutil
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from playwright.sync_api import Error, expect, sync_playwright

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, BrowserContext, Page, Route

__all__ = ["FLAGS", "NAMES", "OPEN", "PATIENCE", "Visit", "find_chromium", "launch", "visit"]

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
"""Commands by which Chromium is found on the path, the first that is there wins."""
FLAGS = (
    "--no-sandbox",  # tests run as root in containers
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
PATIENCE = 60_000
"""Milliseconds after which what a test waits for counts as missing: the machine may be slow and busy."""
OPEN: list[Visit] = []
"""The visits that are going on."""
STAY = """{
  const real = window.setTimeout;
  window.setTimeout = (action, time, ...given) => real(action, time === 4000 ? 600000 : time, ...given);
}"""
"""Before any script of a page: a message, which else goes after four seconds, stays for who looks late."""

expect.set_options(timeout=PATIENCE)


def find_chromium() -> str | None:
    """Return the path of the machine's Chromium, or None: then Playwright's own is used.

    The environment variable CHROMIUM names another one.
    """
    wanted = os.environ.get("CHROMIUM")
    if wanted:
        return wanted
    return next((path for name in NAMES if (path := shutil.which(name))), None)


@contextmanager
def launch() -> Iterator[Browser]:
    """Start a headless Chromium and yield it."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=list(FLAGS), timeout=3 * PATIENCE)
        try:
            yield browser
        finally:
            browser.close()


@dataclass
class Visit:
    """A page of the site in a browser of its own, with all that went wrong there."""

    page: Page
    context: BrowserContext
    blocked: list[str] = field(default_factory=list)
    """Addresses on other hosts that the page asked for; none of them was fetched."""
    errors: list[str] = field(default_factory=list)
    """Uncaught exceptions and console errors, those about blocked addresses aside."""
    missing: list[str] = field(default_factory=list)
    """Addresses of the site itself that were answered with 400 or above."""
    asked: list[str] = field(default_factory=list)
    """All addresses that were asked for, in order."""

    def tell(self) -> str:
        """Return what the page shows and what went wrong there, for whoever reads of a test that failed."""
        try:
            shown = self.page.locator("body").inner_text(timeout=2000)[:3000]
        except Error as error:
            shown = f"(cannot be read: {error.message})"
        return "\n".join([shown, f"errors: {self.errors}", f"missing: {self.missing}", "asked for:", *self.asked[-60:]])


def _guard(visit: Visit, host: str) -> None:
    """Stop every request to a host other than the site's, and record it with the errors of the page."""

    def route(request: Route) -> None:
        address = request.request.url
        if urlsplit(address).netloc == host or not address.startswith(("http:", "https:")):
            request.continue_()
        else:
            visit.blocked.append(address)
            request.abort("blockedbyclient")

    visit.context.route("**/*", route)
    visit.page.on("pageerror", lambda error: visit.errors.append(str(error)))
    visit.page.on(
        "console",
        lambda message: (
            visit.errors.append(message.text)
            if message.type == "error" and "ERR_BLOCKED_BY_CLIENT" not in message.text
            else None
        ),
    )
    visit.page.on("request", lambda r: visit.asked.append(r.url))
    visit.page.on("response", lambda r: visit.missing.append(r.url) if r.status >= 400 else None)


@contextmanager
def visit(browser: Browser, address: str, **options: Any) -> Iterator[Visit]:
    """Open a fresh browser context on a site and yield its page, not yet sent anywhere but knowing the address.

    Args:
        browser: a running browser.
        address: where the site is served; requests to any other host are stopped.
        options: of Playwright's ``new_context``, such as viewport, color_scheme, java_script_enabled.
    """
    context = browser.new_context(base_url=address, **options)
    context.set_default_timeout(PATIENCE)
    context.add_init_script(STAY)
    opened = Visit(context.new_page(), context)
    OPEN.append(opened)
    try:
        _guard(opened, urlsplit(address).netloc)
        yield opened
    finally:
        OPEN.remove(opened)
        context.close()
