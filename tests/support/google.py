"""Google's rules for structured data of the kinds Dataset, ImageObject and BreadcrumbList.

The rules are listed, with the page that each stands on, in docs/structured-data.md.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

__all__ = ["GOOGLE_KINDS", "check_google"]

Node = dict[str, Any]

_ADDRESS = re.compile(r"https?://[^\s<>\"{}|\\^`]+")
_SHORTEST, _LONGEST = 50, 5000
_LEAST_CRUMBS = 2
_MAKERS = ("creator", "creditText", "copyrightNotice", "license")


def _listed(value: Any) -> list[Any]:
    """Return a value as a list; nothing for None."""
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def _walk(value: Any) -> Iterator[Node]:
    """Yield every object within a value, the outermost first."""
    for item in _listed(value):
        if isinstance(item, dict):
            yield item
            for inner in item.values():
                yield from _walk(inner)


def _is_address(value: Any) -> bool:
    """Return whether a value is an absolute web address."""
    return isinstance(value, str) and bool(_ADDRESS.fullmatch(value))


def _is_text(value: Any) -> bool:
    """Return whether a value is a text that says something."""
    return isinstance(value, str) and bool(value.strip())


class _Rules:
    """The rules, applied to the nodes of one document."""

    def __init__(self, doc: Node) -> None:
        self.nodes: dict[str, Node] = {}
        for node in _walk(doc.get("@graph", [doc])):
            if "@id" in node and set(node) != {"@id"}:
                self.nodes.setdefault(str(node["@id"]), node)

    def resolved(self, value: Any) -> Any:
        """Return the node that a reference means; another value as it is."""
        return self.nodes.get(str(value["@id"]), value) if isinstance(value, dict) and set(value) == {"@id"} else value

    def dataset(self, node: Node) -> Iterator[str]:
        """Yield what is wrong with a Dataset."""
        if not _is_text(node.get("name")):
            yield "name is required"
        text = node.get("description")
        if not _is_text(text):
            yield "description is required"
        elif not _SHORTEST <= len(str(text)) <= _LONGEST:
            yield f"description has {len(str(text))} characters, expected {_SHORTEST} to {_LONGEST}"
        for key in ("url", "sameAs"):
            if not all(_is_address(v) for v in _listed(node.get(key))):
                yield f"{key} must be an address"
        yield from self._rights(node)
        yield from self._parts(node)

    def _rights(self, node: Node) -> Iterator[str]:
        """Yield what is wrong with what a Dataset says of its licence, its maker and its keywords."""
        for value in _listed(node.get("license")):
            found = self.resolved(value)
            if not _is_address(found) and not (isinstance(found, dict) and _is_address(found.get("url"))):
                yield "license must be an address, or a CreativeWork with one"
        for value in _listed(node.get("creator")):
            maker = self.resolved(value)
            if maker.get("@type") not in {"Person", "Organization"} or not _is_text(maker.get("name")):
                yield "creator must be a Person or an Organization with a name"
        if not all(_is_text(k) for k in _listed(node.get("keywords"))):
            yield "keywords must be texts"
        if not isinstance(node.get("isAccessibleForFree", True), bool):
            yield "isAccessibleForFree must be true or false"

    def _parts(self, node: Node) -> Iterator[str]:
        """Yield what is wrong with the catalogue, the downloads and the sources of a Dataset."""
        for value in _listed(node.get("includedInDataCatalog")):
            found = self.resolved(value)
            if "@id" not in found and found.get("@type") != "DataCatalog":
                yield "includedInDataCatalog must be a DataCatalog"
        for value in _listed(node.get("distribution")):
            found = self.resolved(value)
            if found.get("@type") != "DataDownload" or not _is_address(found.get("contentUrl")):
                yield "distribution must be a DataDownload with the address contentUrl"
        own = {node.get("@id"), node.get("url")} - {None}
        for value in _listed(node.get("citation")):
            if isinstance(value, dict) and value.get("@id") in own:
                yield "citation must not be the dataset itself"

    def image(self, node: Node) -> Iterator[str]:
        """Yield what is wrong with an ImageObject."""
        if not _is_address(node.get("contentUrl")):
            yield "contentUrl must be an address"
        if not any(node.get(key) for key in _MAKERS):
            yield f"one of {', '.join(_MAKERS)} is required"
        for key in ("license", "acquireLicensePage"):
            if key in node and not _is_address(node[key]):
                yield f"{key} must be an address"
        for key in ("creditText", "copyrightNotice"):
            if key in node and not _is_text(node[key]):
                yield f"{key} must be a text"

    def crumbs(self, node: Node) -> Iterator[str]:
        """Yield what is wrong with a BreadcrumbList."""
        items = _listed(node.get("itemListElement"))
        if len(items) < _LEAST_CRUMBS:
            yield f"{len(items)} entries, expected {_LEAST_CRUMBS} at least"
        if [i.get("position") for i in items] != list(range(1, len(items) + 1)):
            yield "positions must count from 1"
        for number, entry in enumerate(items, 1):
            item = entry.get("item")
            inner = item if isinstance(item, dict) else {}
            if entry.get("@type") != "ListItem":
                yield f"entry {number} must be a ListItem"
            if not _is_text(entry.get("name")) and not _is_text(inner.get("name")):
                yield f"entry {number} needs a name"
            if item is None and number == len(items):
                continue  # the page itself
            if not _is_address(inner.get("@id") if inner else item):
                yield f"entry {number} needs the address item"


GOOGLE_KINDS: dict[str, Callable[[_Rules, Node], Iterator[str]]] = {
    "Dataset": _Rules.dataset,
    "ImageObject": _Rules.image,
    "BreadcrumbList": _Rules.crumbs,
}
"""The kinds of nodes that are checked."""


def check_google(doc: Node) -> list[str]:
    """Return what is wrong with a document by Google's rules; nothing when all is well."""
    rules = _Rules(doc)
    found = []
    for node in _walk(doc.get("@graph", [doc])):
        for kind in _listed(node.get("@type")):
            if kind in GOOGLE_KINDS and set(node) != {"@id"}:
                found += [f"{kind} {node.get('@id', '')}: {message}" for message in GOOGLE_KINDS[kind](rules, node)]
    return found
