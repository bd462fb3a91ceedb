"""A site of hostile records in Chromium: nothing of a record runs, nothing is fetched that a page does not name."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import quote, urljoin, urlsplit
from xml.etree import ElementTree as ET

import pytest
from playwright.sync_api import expect
from selectolax.lexbor import LexborHTMLParser

from tests.browser.looking import suggested
from tests.browser.pages import IMAGE_HOST
from tests.browser.test_actions import bibtex
from tests.hostile.records import PAYLOADS, SETTINGS, write_hostile
from tests.site.building import figpages
from tests.support.browser import visit
from tests.support.server import serve

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, Dialog, Page

    from tests.support.browser import Visit

pytestmark = pytest.mark.browser

FOLDERS = ("figures/", "genes/", "organisms/", "chemicals/", "diseases/", "browse/")
EVERY = 6
"""Of the pages in these folders one in so many is walked, beside all those of figures whose every field is an attack;
with HOSTILE_WALK=all in the environment, as in the weekly workflow, all of them."""

LISTEN = """
window.seen = [];
window.files = [];
const breach = e => seen.push(`policy: ${e.violatedDirective} ${e.blockedURI} ${e.sample}`);
addEventListener('securitypolicyviolation', breach);
for (const name of ['alert', 'confirm', 'prompt', 'print', 'open'])
  window[name] = (...given) => { seen.push(`${name}: ${given}`); };
URL.createObjectURL = blob => { blob.text().then(text => files.push(text)); return '#'; };
Object.defineProperty(navigator, 'clipboard', {value: {writeText: async text => { files.push(text); }}});
"""
"""Before any script of a page: notes what must not happen, and keeps the files that the page offers."""

PRESS = """async () => {
  const dialogs = [];
  const skip = /Enrichr|Drugst|Dark|Light/;
  for (const item of document.querySelectorAll('details')) item.open = true;
  for (const item of document.querySelectorAll('main button, dialog button'))
    if (!skip.test(item.textContent) && item.type !== 'submit') item.click();
  for (const item of document.querySelectorAll('dialog pre')) dialogs.push(item.textContent);
  document.querySelector('dialog')?.close();
  const there = start => files.some(text => text.startsWith(start));
  for (let n = 0; n < 3000 && !(there('<?xml') && there('word\\t')); n++)
    await new Promise(done => setTimeout(done, 20));
  return {dialogs, files, seen};
}"""
"""Presses all that does not leave the page; returns what was in dialogs, files and clipboard."""

STATE = """() => ({seen, scripts: [...document.scripts].map(s => s.src || s.type),
  odd: document.querySelectorAll('[onerror], [onload], [onfocus], [onmouseover], base, iframe, object, embed').length,
})"""

QUERIES = ("EVIL", "script", "Title", '"><img src=x onerror=alert(1)>', "javascript:alert(1)", "{{ 1 }}", "'")
SAID = {"genes/": ".filter [role=status]", "explore/": ".explore .count"}
"""What says on each page with a box of its own how much was found."""


class Walked(NamedTuple):
    """A served site and the browser that walks it."""

    visit: Visit
    out: Path
    address: str


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of the built site."""
    root = tmp_path_factory.mktemp("hostile")
    source, _ = write_hostile(root / "source")
    ran = figpages("build", "--source", source, "--out", root / "out", "--cache", root / "cache", "--keep-going")
    assert ran.code == 1
    assert "files: " in ran.out
    return root / "out"


@pytest.fixture(scope="module")
def walked(chromium: Browser, hostile: Path) -> Iterator[Walked]:
    """Return the site, served under its path, with listeners on a page that is yet to go anywhere."""
    path = urlsplit(re.findall(r"^url: (\S+)$", SETTINGS, re.MULTILINE)[0]).path
    with serve(hostile, path) as address, visit(chromium, address, reduced_motion="reduce") as seen:
        seen.context.add_init_script(LISTEN)

        def told(dialog: Dialog) -> None:
            seen.errors.append(f"dialog: {dialog.message}")
            dialog.dismiss()

        seen.page.on("dialog", told)
        seen.context.on("page", lambda opened: seen.errors.append(f"window: {opened.url}"))
        yield Walked(seen, hostile, address)


def named(walked: Walked, path: str) -> set[str]:
    """Return the addresses that a page names for the browser to fetch."""
    page = LexborHTMLParser((walked.out / path).read_text(encoding="utf-8"))
    found = [n.attributes["src"] for n in page.css("img[src], script[src]")]
    found += [n.attributes["href"] for n in page.css("link[rel=stylesheet], link[rel=icon]")]
    return {urljoin(walked.address + path, address or "") for address in found}


def outputs(out: Path) -> list[str]:
    """Return the paths of pages that are no redirects, a redirect being another's page; of those alike, every sixth."""
    pages = [p for p in out.rglob("*.html") if b"<meta http-equiv=refresh" not in p.read_bytes()]
    found = sorted(p.relative_to(out).as_posix() for p in pages)
    if os.environ.get("HOSTILE_WALK") == "all":
        return found
    return [p for n, p in enumerate(found) if n % EVERY == 0 or "__all-" in p or not p.startswith(FOLDERS)]


class Walk(NamedTuple):
    """What came of walking every page."""

    faults: dict[str, list[str]]
    """By path of the page."""
    pressed: dict[str, dict[str, Any]]
    """What the buttons of a figure's page made, by the name of the attack that all its fields hold."""


def faults_of(walked: Walked, path: str, asked: list[str]) -> list[str]:
    """Return what is wrong with the page that is open."""
    state = walked.visit.page.evaluate(STATE)
    found = [f"{name}: {state[name]}" for name in ("seen", "odd") if state[name]]
    found += [f"script: {s}" for s in state["scripts"] if "/assets/" not in s and s != "application/ld+json"]
    # The site's own scripts fetch others of its scripts, and the index of the search.
    own = tuple(walked.address + folder for folder in ("assets/", "search/", "genes/names.json"))
    found += [f"request: {a}" for a in set(asked) - named(walked, path) if not a.startswith(("data:", *own))]
    # A text may name an image of the site that is not there.
    found += [e for e in walked.visit.errors if "the server responded with a status of 404" not in e]
    found += [f"blocked: {a}" for a in walked.visit.blocked if not a.startswith(IMAGE_HOST)]
    walked.visit.errors.clear()
    return found


@pytest.fixture(scope="module")
def walk(walked: Walked) -> Walk:
    """Return what came of walking every page, and of pressing what there is on those where every field is an attack."""
    page, asked = walked.visit.page, list[str]()
    page.on("request", lambda request: asked.append(request.url) if not request.is_navigation_request() else None)
    out = Walk({}, {})
    for path in outputs(walked.out):
        page.goto("about:blank")  # what the page before still asks for is over
        asked.clear()
        address = urljoin(walked.address, path.replace("%", "%25"))
        page.goto(address)
        out.faults[path] = faults_of(walked, path, asked)
        if page.url != address:
            out.faults[path].append(f"left for {page.url}")
        if "__all-" in path:
            out.pressed[path.split("__all-")[1].removesuffix(".html")] = page.evaluate(PRESS)
            out.faults[path] += [e for e in walked.visit.errors if "status of 404" not in e]
    return out


def test_every_page_is_harmless(walk: Walk) -> None:
    """No dialog, error, window, breach of the policy or handler, and no request that the page does not name."""
    assert len(walk.faults) > 150
    assert {path: faults for path, faults in walk.faults.items() if faults} == {}


def test_what_buttons_make_is_harmless(walk: Walk) -> None:
    """Tables hold no formula, DataNodes are XML, citations are two entries each, and making them runs nothing."""
    assert walk.pressed.keys() == PAYLOADS.keys() - {"surrogates"}
    for name, made in walk.pressed.items():
        assert made["seen"] == [], name
        gpml = [f for f in made["files"] if f.startswith("<?xml")]
        table = [f for f in made["files"] if f.startswith("word\t")]
        plain, tex, ris = made["dialogs"]
        assert (len(gpml), len(table)) == (1, 1), name
        nodes = ET.fromstring(gpml[0]).findall("{http://pathvisio.org/GPML/2013a}DataNode")
        assert {"TP53", "MDM2"} < {n.get("TextLabel") for n in nodes}, name
        rows = [line.split("\t") for line in table[0].splitlines()]
        assert {len(row) for row in rows} == {len(rows[0])}, name
        assert not [c for row in rows for c in row if re.match(r"\s*[=+@-]", c)], name
        assert bibtex(tex).keys() == {"misc", "article"}, name
        ends = re.findall(r"^(?:TY|ER)  - .*$", ris.replace("\r", ""), re.MULTILINE)
        assert ends == ["TY  - FIGURE", "ER  - ", "TY  - JOUR", "ER  - "], name
        assert len(plain.splitlines()) == 1, name


def test_search_shows_text(walked: Walked) -> None:
    """What search draws of genes and figures is text, whatever is typed and whatever they are called."""
    page = walked.visit.page
    for path in SAID:
        for query in QUERIES:
            address = urljoin(walked.address, path)
            page.goto(f"{address}?q={quote(query)}")
            assert_text(page, path, query)
            page.goto(address)
            page.get_by_role("main").locator("input[type=search]").fill(query)
            assert_text(page, path, query)
    for query in QUERIES:
        page.goto(urljoin(walked.address, "genes/"))
        suggested(page, query)
        assert_text(page, "", query)
    assert [e for e in walked.visit.errors if "status of 404" not in e] == []
    assert [a for a in walked.visit.blocked if not a.startswith(IMAGE_HOST)] == []


def assert_text(page: Page, path: str, query: str) -> None:
    """Check that what a page draws of a query is text, once all of it is there."""
    if path:
        expect(page.locator(SAID[path])).to_have_text(re.compile("."))
    expect(page.locator(".hits li[aria-hidden], .facets .empty")).to_have_count(0)
    state = page.evaluate(STATE)
    assert (state["seen"], state["odd"]) == ([], 0), (path, query)
    links = page.evaluate("[...document.links].map(a => a.protocol)")
    assert set(links) <= {"http:", "https:", "mailto:"}, (path, query)
