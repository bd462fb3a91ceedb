"""Check of a built site: every link within it leads to a file that is there, by its exact name."""

from __future__ import annotations

import json
import os
import re
import unicodedata
from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urljoin, urlsplit
from xml.etree import ElementTree as ET

from selectolax.lexbor import LexborHTMLParser

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from selectolax.lexbor import LexborNode

__all__ = ["check_site"]

_LINKED = (
    "[href], [src], [srcset], [imagesrcset], [action], [formaction], [poster], object[data], "
    'meta[http-equiv="refresh" i], meta[property^="og:"], meta[name^="twitter:"]'
)
_ATTRIBUTES = ("href", "src", "action", "formaction", "poster", "data")
_IGNORED = ("javascript:", "mailto:", "tel:", "data:", "blob:", "about:")
_REFRESH = re.compile(r"^\s*[\d.]+\s*[;,]\s*(?:url\s*=\s*)?['\"]?(.*?)['\"]?\s*$", re.IGNORECASE | re.DOTALL)
_CSS_URL = re.compile(r"""url\(\s*(['"]?)(.*?)\1\s*\)|@import\s+(['"])(.*?)\3""")
_SCHEME = re.compile(r"[a-zA-Z][a-zA-Z0-9+.-]*:")
_ORIGIN = "http://site.invalid"  # stands in when the site's own address is not known


@dataclass(slots=True)
class _Page:
    """What one HTML file says: its links as written, and its anchors."""

    links: set[str] = field(default_factory=set)
    silent: set[str] = field(default_factory=set)
    """Links whose fragment is no anchor of the target: the identifiers of JSON-LD."""
    ids: frozenset[str] = frozenset()
    problems: list[str] = field(default_factory=list)
    base: str = ""


def _srcset(value: str) -> Iterator[str]:
    """Yield the addresses of a srcset, which are parted by a comma and a blank."""
    for candidate in re.split(r",\s+|,$", value.strip()):
        if candidate.strip():
            yield candidate.split()[0]


def _meta(attributes: dict[str, str | None]) -> Iterator[str]:
    """Yield the address in a meta element: of a refresh, or of an og: or twitter: tag that holds one."""
    content = attributes.get("content") or ""
    if (attributes.get("http-equiv") or "").lower() == "refresh":
        found = _REFRESH.match(content)
        if found and found[1]:
            yield found[1]
    elif content.startswith(("http://", "https://", "/")):
        yield content


def _collect(node: LexborNode, page: _Page) -> None:
    """Add the links of one element to its page."""
    attributes = node.attributes
    if node.tag == "meta":
        page.links.update(_meta(attributes))
        return
    if node.tag == "base":
        page.base = attributes.get("href") or ""
        return
    for name in _ATTRIBUTES:
        if name in attributes:
            value = (attributes[name] or "").strip()
            if value:
                page.links.add(value)
            elif name != "action":
                page.problems.append(f"empty {name} on <{node.tag}>")
    for name in ("srcset", "imagesrcset"):
        page.links.update(_srcset(attributes.get(name) or ""))


def _anchors(tree: LexborHTMLParser, page: _Page) -> None:
    """Note the anchors of a page, and those that it has twice."""
    ids = [i for node in tree.css("[id]") if (i := node.attributes.get("id"))]
    names = [n for node in tree.css("a[name]") if (n := node.attributes.get("name"))]
    page.ids = frozenset(ids + names)
    if len(set(ids)) < len(ids):
        page.problems += [f"id {i!r} is given twice" for i in sorted({i for i in ids if ids.count(i) > 1})]


def _structured(tree: LexborHTMLParser, origin: str, page: _Page) -> None:
    """Note the addresses that the page's JSON-LD names: all within the site, others by their keys."""
    keys = {"@id", "url", "contentUrl", "thumbnailUrl", "license", "acquireLicensePage", "item", "sameAs", "logo"}

    def walk(value: object, key: str = "") -> None:
        if isinstance(value, dict):
            for k, v in value.items():
                walk(v, k)
        elif isinstance(value, list):
            for v in value:
                walk(v)
        elif isinstance(value, str) and (
            value.startswith(f"{origin}/") or (key in keys and value.startswith(("http:", "https:", ".", "/")))
        ):
            page.silent.add(value)

    for block in tree.css('script[type="application/ld+json"]'):
        walk(json.loads(block.text(deep=True)))


def _read_html(text: str, origin: str) -> _Page:
    """Return the links and anchors of one page."""
    tree, page = LexborHTMLParser(text), _Page()
    for node in tree.css(_LINKED):
        _collect(node, page)
    _anchors(tree, page)
    _structured(tree, origin, page)
    return page


def _read_css(text: str) -> _Page:
    """Return the addresses in a style sheet."""
    return _Page(links={found[1] or found[3] for found in _CSS_URL.findall(text)} - {""})


def _read_xml(text: str) -> _Page:
    """Return the addresses in a sitemap, sitemap index, Atom or RSS feed."""
    page = _Page()
    for element in ET.fromstring(text).iter():
        name = element.tag.rpartition("}")[2]
        if name == "loc" or (name == "link" and element.text and element.text.strip()):
            page.links.add((element.text or "").strip())
        for attribute in ("href", "src"):
            if attribute in element.attrib:
                page.links.add(element.attrib[attribute].strip())
    return page


def _pairs(data: Any) -> Iterator[tuple[str, str]]:
    """Yield (from, to) of a redirects.json: a mapping, or a list of pairs or of objects with from and to."""
    for item in data.items() if isinstance(data, dict) else data:
        if isinstance(item, dict):
            yield str(item["from"]), str(item["to"])
        elif isinstance(item[1], (list, dict)):
            yield from _pairs(item[1])
        else:
            yield str(item[0]), str(item[1])


class _Site:
    """The files of a built site, and what points to what."""

    def __init__(self, root: Path, base: str) -> None:
        self.root = root
        self.files = sorted(_files(root))
        self.known = frozenset(self.files)
        self.folders = frozenset(f.rpartition("/")[0] for f in self.files) | _parents(self.files)
        self._folded = {f.casefold(): f for f in self.files}
        self.origin, self.base = _address(root, base)
        self.pages: dict[str, _Page] = {}
        self.broken: dict[str, list[str]] = defaultdict(list)
        self.anchors: dict[tuple[str, str], list[str]] = defaultdict(list)
        self._targets: dict[str, tuple[str | None, str]] = {}
        self.messages: list[str] = []

    def read(self) -> None:
        """Read every file that holds links."""
        for name in self.files:
            try:
                page = self._page(name)
            except (ET.ParseError, UnicodeDecodeError, ValueError) as error:
                self.messages.append(f"{name}: cannot be read: {error}")
                continue
            if page is not None:
                self.pages[name] = page
                self.messages += [f"{name}: {problem}" for problem in page.problems]

    def _page(self, name: str) -> _Page | None:
        """Return the links of one file, or None when its kind has none."""
        suffix = name.rpartition(".")[2].lower()
        if suffix not in {"html", "css", "xml", "svg"} and name != "robots.txt":
            return None
        text = (self.root / name).read_text(encoding="utf-8")
        if suffix == "html":
            return _read_html(text, self.origin)
        if suffix == "txt":
            return _Page(links=set(re.findall(r"(?im)^sitemap:\s*(\S+)", text)))
        return _read_css(text) if suffix == "css" else _read_xml(text)

    def target(self, link: str) -> tuple[str | None, str]:
        """Return the file that an address in full leads to, and what is wrong with it; (None, "") off the site."""
        if link not in self._targets:
            self._targets[link] = self._resolve(link)
        return self._targets[link]

    def _resolve(self, link: str) -> tuple[str | None, str]:
        """Return the file behind an address, by exact case."""
        path = unquote(link[len(self.origin) :].partition("?")[0]) or "/"
        if not path.startswith(self.base):
            if path + "/" == self.base:
                return None, f"wants a slash at its end: {self.base}"
            return None, f"is outside the site's path {self.base}"
        inner = path[len(self.base) :]
        name = inner + "index.html" if inner.endswith("/") or not inner else inner
        if name in self.known:
            return name, ""
        if inner in self.folders:
            return None, "is a folder and wants a slash at its end"
        return None, self._near(name)

    def _near(self, name: str) -> str:
        """Return why a file is not found, with the likely slip."""
        near = self._folded.get(name.casefold())
        return f"differs in case from {near}" if near else "leads to no file"

    def follow(self) -> None:
        """Resolve every link of every page."""
        for name, page in self.pages.items():
            here = f"{self.origin}{self.base}{name}"
            start = urljoin(here, page.base) if page.base else here
            for link in page.links:
                self.visit(name, link, start, anchored=True)
            for link in page.silent - page.links:
                self.visit(name, link, start, anchored=False)

    def visit(self, name: str, link: str, start: str, *, anchored: bool) -> None:
        """Resolve one link of one file and note what is wrong."""
        full = self._full(link, start)
        if not full.startswith(self.origin + "/") and full.partition("#")[0] != self.origin:
            return
        address, _, fragment = full.partition("#")
        found, wrong = self.target(address)
        if wrong:
            self.broken[f"{link if _SCHEME.match(link) else address[len(self.origin) :]} {wrong}"].append(name)
        elif anchored and found and fragment and found.endswith(".html"):
            self.anchors[found, unquote(fragment)].append(name)

    def _full(self, link: str, start: str) -> str:
        """Return an address in full; other schemes become empty. Most links start with / and need no parser."""
        if link.startswith("/") and not link.startswith("//") and "/." not in link:
            return self.origin + link
        if link.lower().startswith(_IGNORED):
            return ""
        if link.startswith("#"):
            return start.partition("#")[0] + link
        return urljoin(start, link)

    def redirects(self) -> None:
        """Resolve both ends of every redirect; servers find a stub without its .html."""
        if "redirects.json" not in self.known:
            return
        data = json.loads((self.root / "redirects.json").read_text(encoding="utf-8"))
        start = f"{self.origin}{self.base}redirects.json"
        for source, goal in _pairs(data):
            self.visit("redirects.json", goal, start, anchored=True)
            full = self._full(source, start)
            if full.startswith(self.origin) and self.target(full)[1] and self.target(full + ".html")[1]:
                self.messages.append(f"redirects.json: {source} has no stub")

    def report(self) -> list[str]:
        """Return all that was found, one line for each broken target."""
        lines = list(self.messages)
        lines += [f"{_sources(names)}: {what}" for what, names in self.broken.items()]
        for (found, fragment), names in self.anchors.items():
            # "#", "#top" and text fragments are the browser's own; "#genes=TP53" is the state of a script.
            if fragment == "top" or fragment.startswith(":~:") or "=" in fragment:
                continue
            if fragment not in self.pages[found].ids:
                lines.append(f"{_sources(names)}: {found} has no id {fragment!r}")
        return sorted(lines) + _case_clashes(self.files)


def _sources(names: Iterable[str]) -> str:
    """Return the files that share one problem: the first by name, the others as a number."""
    unique = sorted(set(names))
    more = f" (and {len(unique) - 1} more)" if len(unique) > 1 else ""
    return unique[0] + more


def _files(root: Path) -> Iterator[str]:
    """Yield the path of every file below a folder, with forward slashes."""
    for folder, _, names in os.walk(root):
        inner = os.path.relpath(folder, root).replace(os.sep, "/")
        for name in names:
            yield name if inner == "." else f"{inner}/{name}"


def _parents(files: list[str]) -> frozenset[str]:
    """Return every folder on the way to a file."""
    found: set[str] = set()
    for folder in {f.rpartition("/")[0] for f in files}:
        parts = folder.split("/")
        found.update("/".join(parts[: n + 1]) for n in range(len(parts)) if parts[0])
    return frozenset(found)


def _address(root: Path, base: str) -> tuple[str, str]:
    """Return origin and path of the site: from a full address, else the origin of the home page's canonical link."""
    if _SCHEME.match(base):
        parts = urlsplit(base)
        return f"{parts.scheme}://{parts.netloc}", parts.path.rstrip("/") + "/"
    home, origin = root / "index.html", _ORIGIN
    if home.is_file():
        link = LexborHTMLParser(home.read_text(encoding="utf-8")).css_first('link[rel="canonical"]')
        parts = urlsplit((link.attributes.get("href") or "") if link else "")
        origin = f"{parts.scheme}://{parts.netloc}" if parts.netloc else origin
    return origin, "/" + base.strip("/") + "/" if base.strip("/") else "/"


def _case_clashes(files: list[str]) -> list[str]:
    """Return the outputs, and folders of them, that one file name would hold where case does not count."""
    same: dict[str, list[str]] = defaultdict(list)
    for name in [*files, *sorted(_parents(files))]:
        same[unicodedata.normalize("NFC", name).casefold()].append(name)
    return [f"{', '.join(names)}: differ only by case" for names in same.values() if len(names) > 1]


def check_site(root: Path, base: str = "/") -> list[str]:
    """Return every broken link, anchor, sitemap entry and redirect of a built site, and names that clash.

    Args:
        root: the folder that the site was built into.
        base: the path that it is published under, or its whole address. With a path alone, the site's own address
            is that of the home page's canonical link.
    """
    site = _Site(root, base)
    if not site.files:
        return [f"{root}: no file"]
    site.read()
    site.follow()
    site.redirects()
    return site.report()
