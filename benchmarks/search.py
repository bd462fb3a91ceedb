"""How long a search takes in Chromium, far from the server: ``python -m benchmarks.search SITE``; prints tables.

Nginx serves the built site over HTTP/2, a proxy makes the line slow, and a browser with empty caches looks for the 12
queries of docs/benchmarks.md, and for the figures of two sets of genes.
"""

from __future__ import annotations

import json
import os
import statistics
import sys
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import click

from benchmarks.line import Line, far_site
from benchmarks.machine import describe
from tests.support.browser import launch

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import Browser, Page

    from benchmarks.line import Far

QUERIES = (
    "ERBB2", "HER2 trastuzumab", "cancer", "PI3K AKT mTOR", "wnt", "terpenoid biosynthesis", "PMC7464074", "il-6",
    "hippo yap taz", "alzheimer amyloid", "glycolsis", "autoph",
)  # fmt: skip
BEFORE = "signaling"
"""What is looked for before a further query."""
SETS = (40, 500)
QUIET = 1500
"""Milliseconds, several round trips of the line: a page that gets nothing for so long asks for nothing more."""
CARD = ".hits h3, .answer .meant, .answer .empty"
"""The first of them that stands is the first result: a card, or that there is none."""
WATCH = """
addEventListener("submit", () => {
  window.asked = performance.now();
  window.shown = 0;
  delete document.documentElement.dataset.shown;
}, true);
const has = (node) => node.nodeType === 1 && (node.matches(CARD) || node.querySelector(CARD));
new MutationObserver((changes) => {
  if (window.shown || !changes.some(({ addedNodes }) => [...addedNodes].some(has))) return;
  window.shown = -1;
  requestAnimationFrame(() => {
    window.shown = performance.now();
    document.documentElement.dataset.shown = "yes";
  });
}).observe(document, { childList: true, subtree: true });
""".replace("CARD", json.dumps(CARD))


@dataclass(frozen=True)
class Seen:
    """What was seen of one question."""

    seconds: float
    """Until the first result stood,"""
    idle: float
    """of which passed before the browser turned to the site."""
    bytes: int
    """That had come by then, of everything,"""
    files: int
    """and files."""
    later: int
    """Bytes that came afterwards, until nothing more was fetched."""
    found: str
    """What the page says of how much it found."""


def _settle(page: Page, far: Far) -> list[tuple[float, int]]:
    """Wait until nothing more is fetched, and return what has passed since that was asked last."""
    page.wait_for_selector(".hits li[aria-hidden], [aria-busy]", state="detached")
    passed = far.passed()
    while True:
        page.wait_for_timeout(QUIET)
        more = far.passed()
        if not more:
            return passed
        passed += more


def _seen(page: Page, far: Far, since: str) -> Seen:
    """Return what was seen of a question that the page has been given.

    Args:
        page: the page.
        far: the site.
        since: the moment of asking, in JavaScript.
    """
    page.wait_for_selector("html[data-shown]", state="attached")
    entry = "performance.getEntriesByType('navigation')[0].connectStart"
    origin, asked, shown, connect = page.evaluate(f"[performance.timeOrigin, {since}, window.shown, {entry}]")
    passed = _settle(page, far)
    count = "performance.getEntriesByType('resource').filter((e) => e.responseEnd > from && e.responseEnd <= to).length"
    files = page.evaluate(f"([from, to]) => {count}", [asked, shown])
    until = [n for at, n in passed if at <= (origin + shown) / 1000]
    found = page.locator(".count, .answer .meant").all_text_contents()
    total = sum(n for _, n in passed)
    cold = asked == 0
    text = " ".join(found).strip()
    idle = connect / 1000 if cold else 0
    return Seen((shown - asked) / 1000, idle, sum(until), files + cold, total - sum(until), text)


@contextmanager
def _page(browser: Browser) -> Iterator[Page]:
    """Yield a page of a browser that has nothing kept."""
    context = browser.new_context(ignore_https_errors=True, viewport={"width": 1280, "height": 800})
    try:
        context.add_init_script(WATCH)
        yield context.new_page()
    finally:
        context.close()


def cold(browser: Browser, far: Far, path: str) -> Seen:
    """Return what is seen of an address that is opened by a browser with empty caches."""
    with _page(browser) as page:
        page.goto(far.elsewhere)  # a browser that is running has a process for pages
        far.passed()
        page.goto(f"{far.address}{path}", wait_until="commit")
        return _seen(page, far, "0")


def further(browser: Browser, far: Far, path: str, ask: Callable[[Page], None]) -> Seen:
    """Return what is seen of a question on a page that shows something else and has come to rest."""
    with _page(browser) as page:
        page.goto(f"{far.address}{path}", wait_until="commit")
        page.wait_for_selector(".hits h3, .method", state="attached")
        _settle(page, far)
        ask(page)
        return _seen(page, far, "window.asked")


def _search(query: str) -> Callable[[Page], None]:
    """Return what types a query and presses Enter."""

    def ask(page: Page) -> None:
        page.get_by_role("searchbox").fill(query)
        page.get_by_role("searchbox").press("Enter")

    return ask


def _find(names: str) -> Callable[[Page], None]:
    """Return what pastes a set of genes and presses the button."""

    def ask(page: Page) -> None:
        page.locator("#set").fill(names)
        page.get_by_role("button", name="Find figures").click()

    return ask


def _median(values: list[Seen]) -> Seen:
    """Return the one of middling time."""
    return sorted(values, key=lambda v: v.seconds)[len(values) // 2]


def _columns(first: Seen, again: Seen) -> str:
    """Return cells of a table: seconds, kilobytes, files, kilobytes that came later; of a cold page, of an open one."""
    cells = (f"{v.seconds:.2f} | {v.bytes / 1000:.0f} | {v.files} | {v.later / 1000:.0f}" for v in (first, again))
    return f"{first.idle:.2f} | {' | '.join(cells)}"


def searches(browser: Browser, far: Far, runs: int) -> Iterator[str]:
    """Yield the lines of the table of queries."""
    head = "s | kB | files | later kB"
    yield f"| query | found | idle s | cold {head} | further {head} |"
    yield "| --- | --- |" + " ---: |" * 9
    all_cold, all_further = [], []
    for query in QUERIES:
        first = _median([cold(browser, far, f"explore/?q={quote(query)}") for _ in range(runs)])
        again = _median([further(browser, far, f"explore/?q={BEFORE}", _search(query)) for _ in range(runs)])
        all_cold.append(first)
        all_further.append(again)
        yield f"| `{query}` | {first.found} | {_columns(first, again)} |"
    for name, take in (("median", statistics.median), ("worst", max)):
        parts = [
            f"{take([v.seconds for v in own]):.2f} | {take([v.bytes for v in own]) / 1000:.0f} | | "
            for own in (all_cold, all_further)
        ]
        idle = take([v.idle for v in all_cold])
        yield f"| {name} | | {idle:.2f} | {' | '.join(parts)} |"


def gene_sets(browser: Browser, far: Far, site: Path, runs: int) -> Iterator[str]:
    """Yield the lines of the table of gene sets: the genes that most figures show."""
    names: list[list[Any]] = json.loads((site / "genes/names.json").read_bytes())
    best = [str(name) for name, *_ in sorted(names, key=lambda n: -int(n[2]))]
    head = "s | kB | files | later kB"
    yield f"| genes | found | idle s | cold {head} | on an open page {head} |"
    yield "| ---: | --- |" + " ---: |" * 9
    for size in SETS:
        path = f"explore/?view=genes#{','.join(quote(n) for n in best[:size])}"
        first = _median([cold(browser, far, path) for _ in range(runs)])
        again = _median(
            [further(browser, far, "explore/?view=genes", _find(" ".join(best[:size]))) for _ in range(runs)]
        )
        yield f"| {size} | {first.found} | {_columns(first, again)} |"


@click.command()
@click.argument("site", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--runs", default=3, show_default=True, help="Runs of a question; the table has that of middling time.")
@click.option("--round-trip", default=50.0, show_default=True, help="Milliseconds from question to answer.")
@click.option("--rate", default=20.0, show_default=True, help="Mbit/s of the line.")
def main(site: Path, runs: int, round_trip: float, rate: float) -> None:
    """Print how long searches of a built SITE take in Chromium, at the end of a slow line.

    SITE must have been built for the root of a host.
    """
    line = Line(round_trip / 1000, rate * 1e6 / 8)
    files = [p.stat().st_size for p in (site / "search").rglob("*") if p.is_file()]
    out = sys.stdout.write
    out(f"{describe()}\n\n{round_trip:g} ms, {rate:g} Mbit/s, {runs} runs; load before {os.getloadavg()[0]:.1f}\n\n")
    out(f"The index has {len(files):,} files, {sum(files) / 1e6:.1f} MB, the largest {max(files) / 1000:.0f} kB.\n\n")
    with far_site(site, line) as far, launch() as browser:
        cold(browser, far, "explore/?q=wnt")  # Chromium's own beginnings are not the site's
        for table in (searches(browser, far, runs), gene_sets(browser, far, site, runs)):
            for row in table:
                out(row + "\n")
                sys.stdout.flush()
            out("\n")
    out(f"load after {os.getloadavg()[0]:.1f}\n")


if __name__ == "__main__":
    main()
