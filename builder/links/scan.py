"""What the files of a site link to, found by patterns: a parser for each of 200,000 pages would take minutes.

A start tag is recognised by the grammar of HTML (attributes may hold ``>`` within quotes); comments,
scripts and styles are taken out first. ``tests/site/test_links.py`` compares with an HTML parser.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from html import unescape
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

__all__ = ["Page", "kind_of", "read_page"]

# Possessive quantifiers: what a part has taken is never given back, so no page can make a pattern slow.
_INNER = r"""((?:[^>"']++|"[^"]*+"|'[^']*+')*+)"""
_UNSEEN = re.compile(rf"!--(.*?)-->|(?:script|style)\b{_INNER}>(.*?)</(?:script|style)\s*>", re.DOTALL | re.IGNORECASE)
"""What follows ``<`` where the text up to an end is no markup."""
_BEGIN = re.compile(r"<(?:!--|s(?:cript|tyle)\b|S(?:CRIPT|TYLE)\b)")
_TAG = re.compile(rf"<([a-zA-Z][a-zA-Z0-9-]*+)\s{_INNER}>")
_ATTRIBUTE = re.compile(r"""([^\s=>"'/]++)\s*+=\s*+("[^"]*+"|'[^']*+'|[^\s"'>]++)""")
_LINKS = frozenset({"href", "src", "action", "formaction", "poster", "data", "xlink:href"})
_SETS = frozenset({"srcset", "imagesrcset"})
_ALONE = frozenset({"base", "object", "BASE", "OBJECT"})
"""Elements whose attributes are read on their own."""
_ODD = _ALONE | {"meta", "META"}
_REFRESH = re.compile(r"^\s*[\d.]+\s*[;,]\s*(?:url\s*=\s*)?['\"]?(.*?)['\"]?\s*$", re.IGNORECASE | re.DOTALL)
_CSS_URL = re.compile(r"""url\(\s*(['"]?)(.*?)\1\s*\)|@import\s+(['"])(.*?)\3""")
_IMPORT = re.compile(r"""\b(?:from|import)\s*\(?\s*(['"])(\.{0,2}/[^'"\s]+\.(?:js|json|css))\1""")
_SITEMAP = re.compile(r"^sitemap:\s*(\S+)", re.IGNORECASE | re.MULTILINE)
_MOVED = re.compile(r"""^\s*(?:"[^"\n]*"|\S+)\s+"?(/[^\s";]*)"?(?:;|\s+30\d!?)?\s*$""", re.MULTILINE)
"""A line of a map for a web server: old address, new address, perhaps a status."""


@dataclass(slots=True)
class Page:
    """What one file says: its links as written, and its anchors."""

    links: set[str] = field(default_factory=set)
    silent: set[str] = field(default_factory=set)
    """Links whose fragment is no anchor of the target: the identifiers of structured data."""
    ids: frozenset[str] = frozenset()
    base: str = ""
    problems: list[str] = field(default_factory=list)


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


def _odd(name: str, attributes: dict[str, str], page: Page) -> None:
    """Links of elements that have them in a way of their own."""
    content = attributes.get("content", "").strip()
    if name == "base":
        page.base = attributes.get("href", "")
    elif name == "meta" and attributes.get("http-equiv", "").lower() == "refresh":
        if (found := _REFRESH.match(content)) and found[1]:
            page.links.add(found[1])
    elif name == "meta" and attributes.get("property", attributes.get("name", "")).startswith(("og:", "twitter:")):
        if content.startswith(("http://", "https://", "/")):
            page.links.add(content)
    elif name == "object" and attributes.get("data", "").strip():
        page.links.add(attributes["data"].strip())


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
                page.silent.update(re.findall(rf'"({re.escape(origin)}/[^"\\]*)"', found[3]))
        at = found.end()
    return "".join([*parts, text[at:]])


def _read_html(text: str, origin: str) -> Page:
    """The links and anchors of a page."""
    page = Page()
    tags = _TAG.findall(_seen(text, origin, page))
    for name, written in tags:
        if name in _ODD:
            _odd(name.lower(), {k.lower(): _value(v) for k, v in _ATTRIBUTE.findall(written)}, page)
    blob = "\n".join([written for name, written in tags if name not in _ALONE])
    ids = _attributes(blob, page)
    if blob.count("id=") > len(ids):
        every = [_value(written) for name, written in _ATTRIBUTE.findall(blob) if name.lower() == "id"]
        page.problems += [f"id {i!r} is given twice" for i in sorted({i for i in every if every.count(i) > 1})]
    if " name=" in blob:
        ids |= {_value(v) for n, w in tags if n in {"a", "A"} for k, v in _ATTRIBUTE.findall(w) if k.lower() == "name"}
    page.ids = frozenset(ids)
    return page


def _attributes(blob: str, page: Page) -> set[str]:
    """The identifiers among the attributes of all tags; links are noted."""
    ids = set()
    for name, written in set(_ATTRIBUTE.findall(blob)):
        key = name if name.islower() else name.lower()
        if key == "id":
            ids.add(_value(written))
        elif key in _LINKS:
            if value := _value(written).strip():
                page.links.add(value)
            elif key != "action":
                page.problems.append(f"empty {key}")
        elif key in _SETS:
            page.links.update(_candidates(_value(written)))
    return ids


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


def _moved(text: str) -> Page:
    """The new addresses in a redirects.json."""
    data = json.loads(text)
    return _plain(str(goal) for goal in data.values()) if isinstance(data, dict) else Page()


def kind_of(name: str) -> str:
    """What the links of a file are read as; empty where its kind has none."""
    suffix, last = name.rpartition(".")[2].lower(), name.rpartition("/")[2]
    if suffix in {"html", "css", "js"}:
        return suffix
    if suffix in {"xml", "svg"}:
        return "xml"
    if last in {"_redirects", ".htaccess", "redirects.apache.txt"} or suffix == "conf":
        return "map"
    return {"robots.txt": "robots", "redirects.json": "moved"}.get(name, "")


def read_page(kind: str, text: str, origin: str) -> Page:
    """What a file of a site links to.

    Args:
        kind: as ``kind_of`` says.
        text: its contents.
        origin: of the site, ``https://example.org``.

    Raises:
        xml.etree.ElementTree.ParseError: if it should be XML and is not; ValueError if it should be JSON and is not.
    """
    if kind == "html":
        return _read_html(text, origin)
    if kind == "xml":
        return _read_xml(text)
    if kind == "css":
        return _plain(found[1] or found[3] for found in _CSS_URL.findall(text))
    if kind == "js":
        return _plain(found[1] for found in _IMPORT.findall(text))
    if kind == "robots":
        return _plain(_SITEMAP.findall(text))
    return _moved(text) if kind == "moved" else _plain(_MOVED.findall(text))
