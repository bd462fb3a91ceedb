"""What the files of a site link to, found by patterns: a parser for each of 200,000 pages would take minutes.

A start tag is recognised by the grammar of HTML (attributes may hold ``>`` within quotes); comments,
scripts and styles are taken out first. ``tests/site/test_links.py`` compares with an HTML parser.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from html import unescape
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple
from xml.etree import ElementTree as ET

from builder.links.data import data_kind, data_links, full_addresses

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

__all__ = ["Page", "kind_of", "read_page"]

# Possessive quantifiers: what a part has taken is never given back, so no page can make a pattern slow. Not on groups:
# before Python 3.11.5 those kept what a repetition had taken that then failed (python/cpython issue 106052).
_INNER = r"""((?:[^>"']++|"[^"]*+"|'[^']*+')*)"""
_UNSEEN = re.compile(rf"!--(.*?)-->|(?:script|style)\b{_INNER}>(.*?)</(?:script|style)\s*>", re.DOTALL | re.IGNORECASE)
"""What follows ``<`` where the text up to an end is no markup."""
_BEGIN = re.compile(r"<(?:!--|s(?:cript|tyle)\b|S(?:CRIPT|TYLE)\b)")
_TAG = re.compile(rf"<([a-zA-Z][a-zA-Z0-9-]*+\s{_INNER.replace('((?:', '(?:(?:', 1)})>")
_ATTRIBUTE = re.compile(r"""([^\s=>"'/]++)\s*+=\s*+("[^"]*+"|'[^']*+'|[^\s"'>]++)""")
_LINKS = frozenset({"href", "src", "action", "formaction", "poster", "data", "xlink:href"})
_SETS = frozenset({"srcset", "imagesrcset"})
_WANTED = re.compile(r"(?:href|src|srcset|action|poster|data|id|name)\s*=", re.IGNORECASE)
"""What every tag holds that may have links or anchors,"""
_ADDRESS = re.compile(r"""=\s*["']?\s*(?:https?:|/|[\d.]+\s*[;,])|\sid\s*=""", re.IGNORECASE)
"""and every meta element with an address."""
_REFRESH = re.compile(r"^\s*[\d.]+\s*[;,]\s*(?:url\s*=\s*)?['\"]?(.*?)['\"]?\s*$", re.IGNORECASE | re.DOTALL)
_CSS_URL = re.compile(r"""url\(\s*(['"]?)(.*?)\1\s*\)|@import\s+(['"])(.*?)\3""")
_IMPORT = re.compile(r"""\b(?:from|import)\s*\(?\s*(['"])(\.{0,2}/[^'"\s]+\.(?:js|json|css))\1""")
_DATA_ADDRESS = re.compile(
    r'"(?:@id|url|contentUrl|thumbnailUrl|license|acquireLicensePage|item|sameAs|logo)":"'
    r'((?:https?:|javascript:|data:|vbscript:|[./])[^"\\]*)"',
    re.IGNORECASE,
)
"""An address in the structured data of a page, in or out of the site; compact identifiers are none."""
_SITEMAP = re.compile(r"^sitemap:\s*(\S+)", re.IGNORECASE | re.MULTILINE)
_MOVED = re.compile(r"""^\s*(?:"[^"\n]*"|\S+)\s+"?(/[^\s";]*)"?(?:;|\s+30\d!?)?\s*$""", re.MULTILINE)
"""A line of a map for a web server: old address, new address, perhaps a status."""


Known = Mapping[str, int]
"""Tags that are known to be good, as written, with the number of their links."""


@dataclass(slots=True)
class Page:
    """What one file says: its links as written, and its anchors."""

    links: set[str] = field(default_factory=set)
    silent: set[str] = field(default_factory=set)
    """Links whose fragment is no anchor of the target: the identifiers of structured data."""
    ids: frozenset[str] = frozenset()
    base: str = ""
    problems: list[str] = field(default_factory=list)
    count: int = 0
    """Links of a page's tags, each as often as it stands there, those of known tags too; 0 for other files."""
    plain: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """Other tags that have links alone, or nothing, with those links: where all are good, the tag is."""


def _value(written: str) -> str:
    """The value of an attribute as written, with or without quotes."""
    if written[0] in "\"'":
        written = written[1:-1]
    return unescape(written) if "&" in written else written


def _candidates(srcset: str) -> Iterator[str]:
    """The addresses of a srcset, which are parted by a comma and a blank."""
    for candidate in re.split(r",\s+|,$", srcset.strip()):
        if candidate.strip():
            yield candidate.split()[0]


def _meta(attributes: dict[str, str]) -> tuple[str, ...]:
    """The address in a meta element: of a refresh, or of an og: or twitter: tag that holds one."""
    content = attributes.get("content", "").strip()
    if attributes.get("http-equiv", "").lower() == "refresh":
        found = _REFRESH.match(content)
        return (found[1],) if found and found[1] else ()
    named = attributes.get("property", attributes.get("name", "")).startswith(("og:", "twitter:"))
    return (content,) if named and content.startswith(("http://", "https://", "/")) else ()


@lru_cache(maxsize=8)
def _own(origin: str) -> re.Pattern[str]:
    """What finds addresses of the site as texts of JSON."""
    return re.compile(rf'"({re.escape(origin)}/[^"\\]*)"')


def _seen(text: str, origin: str, page: Page) -> str:
    """A page without comments, scripts and styles; the addresses in its structured data are noted."""
    parts, at = [], 0
    while begin := _BEGIN.search(text, at):
        found = _UNSEEN.match(text, begin.start() + 1)
        if found is None:
            break
        parts.append(text[at : begin.start()])
        if found[1] is None:
            parts.append(f"<script {found[2]}>")
            if "application/ld+json" in found[2]:
                page.silent.update(_own(origin).findall(found[3]))
                page.silent.update(_DATA_ADDRESS.findall(found[3]))
        at = found.end()
    return "".join([*parts, text[at:]])


class Tag(NamedTuple):
    """What a start tag says."""

    links: tuple[str, ...] = ()
    ids: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    """Anchors in the old manner."""
    faults: tuple[str, ...] = ()
    base: str = ""
    """What the links of the page are relative to."""


_NOTHING = Tag()


def _read_tag(written: str) -> Tag:
    """What a start tag says, given without its brackets."""
    name = written.split(None, 1)[0].lower()
    if not (_ADDRESS if name == "meta" else _WANTED).search(written):
        return _NOTHING
    attributes = [(k.lower(), _value(v)) for k, v in _ATTRIBUTE.findall(written)]
    ids = tuple(v for k, v in attributes if k == "id")
    if name == "meta":
        return Tag(_meta(dict(attributes)), ids)
    if name == "base":
        return Tag(base=dict(attributes).get("href", ""))
    names = tuple(v for k, v in attributes if k == "name") if name == "a" else ()
    links: list[str] = []
    faults: list[str] = []
    for key, value in attributes:
        if key in _SETS:
            links += _candidates(value)
        elif key in _LINKS and (key != "data" or name == "object"):
            if found := value.strip():
                links.append(found)
            elif key != "action":
                faults.append(f"empty {key}")
    return Tag(tuple(links), ids, names, tuple(faults))


def _read_html(text: str, origin: str, known: Known) -> Page:
    """The links and anchors of a page."""
    page = Page()
    tags = _TAG.findall(_seen(text, origin, page))
    counts = [known.get(tag, -1) for tag in tags]
    page.count = sum(n for n in counts if n > 0)
    ids: list[str] = []
    names: list[str] = []
    faults: list[str] = []
    for written in [tag for tag, n in zip(tags, counts, strict=True) if n < 0]:
        tag = _read_tag(written)
        page.links.update(tag.links)
        page.count += len(tag.links)
        page.base = page.base or tag.base
        ids += tag.ids
        names += tag.names
        faults += tag.faults
        if not any(tag[1:]):
            page.plain[written] = tag.links
    page.problems += dict.fromkeys(faults)
    if len(set(ids)) < len(ids):
        page.problems += [f"id {i!r} is given twice" for i, n in sorted(Counter(ids).items()) if n > 1]
    page.ids = frozenset([*ids, *names])
    return page


def _read_xml(text: str) -> Page:
    """The addresses in a sitemap, sitemap index, feed or picture."""
    page = Page()
    for element in ET.fromstring(text).iter():  # noqa: S314 - the site's own files
        name = element.tag.rpartition("}")[2]
        if name == "loc" or (name == "link" and element.text and element.text.strip()):
            page.links.add((element.text or "").strip())
        for attribute in ("href", "src", "{http://www.w3.org/1999/xlink}href"):
            if attribute in element.attrib:
                page.links.add(element.attrib[attribute].strip())
    return page


def _plain(links: Iterable[str]) -> Page:
    return Page(links=set(links) - {""})


def kind_of(name: str) -> str:
    """What the links of a file are read as; empty where its kind has none."""
    suffix, last = name.rpartition(".")[2].lower(), name.rpartition("/")[2]
    if suffix in {"html", "css", "js"}:
        return suffix
    if suffix in {"xml", "svg"}:
        return "xml"
    if last in {"_redirects", ".htaccess", "redirects.apache.txt"} or suffix == "conf":
        return "map"
    return "robots" if name == "robots.txt" else data_kind(name)


def read_page(kind: str, text: str, origin: str, base: str = "/", known: Known = MappingProxyType({})) -> Page:
    """What a file of a site links to.

    Args:
        kind: as ``kind_of`` says.
        text: its contents.
        origin: of the site, ``https://example.org``.
        base: path of the site.
        known: tags to pass over.

    Raises:
        xml.etree.ElementTree.ParseError: if it should be XML and is not; ValueError if it should be JSON and is not.
    """
    if kind == "html":
        return _read_html(text, origin, known)
    if kind == "xml":
        return _read_xml(text)
    if kind == "css":
        return _plain(found[1] or found[3] for found in _CSS_URL.findall(text))
    if kind == "js":
        return _plain(found[1] for found in _IMPORT.findall(text))
    if kind == "robots":
        return _plain(_SITEMAP.findall(text))
    if kind == "map":
        return _plain(_MOVED.findall(text))
    return Page(_plain(data_links(kind, text, base)).links, full_addresses(text, origin))
