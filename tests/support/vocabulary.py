"""The schema.org vocabulary as a lookup: classes with their supertypes, properties with domain and range."""

from __future__ import annotations

import functools
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tests.support.shared import SHARED, skip_without_shared

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

__all__ = ["VOCABULARY", "Vocabulary", "load_vocabulary"]

VOCABULARY = SHARED / "vocab" / "schemaorg-current-https.jsonld"
"""The release of schema.org that pages are checked against."""

_PREFIX = "schema:"


def _listed(value: Any) -> list[Any]:
    """Return a JSON-LD value as a list: nothing, one thing and many things look alike."""
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def _names(value: Any) -> tuple[str, ...]:
    """Return the local names of the schema.org terms that a property of the vocabulary file points to."""
    ids = (item["@id"] for item in _listed(value))
    return tuple(i.removeprefix(_PREFIX) for i in ids if i.startswith(_PREFIX))


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Schema.org terms by local name."""

    classes: dict[str, tuple[str, ...]]
    """Class -> its direct supertypes."""
    domains: dict[str, tuple[str, ...]]
    """Property -> classes that it may be used on (domainIncludes)."""
    ranges: dict[str, tuple[str, ...]]
    """Property -> classes and data types that its value may have (rangeIncludes)."""
    members: dict[str, tuple[str, ...]]
    """Enumeration member -> the enumerations that it belongs to."""
    superseded: dict[str, str]
    """Property that schema.org has given up -> the one to use instead."""
    datatypes: frozenset[str]
    """Text, URL, Date and the other data types."""

    def ancestors(self, name: str) -> frozenset[str]:
        """Return a class with all of its supertypes; empty when there is no such class."""
        if name not in self.classes:
            return frozenset()
        found, open_ = {name}, [name]
        while open_:
            fresh = [p for p in self.classes.get(open_.pop(), ()) if p not in found]
            found.update(fresh)
            open_.extend(fresh)
        return frozenset(found)

    def fits(self, types: Iterable[str], allowed: Iterable[str]) -> bool:
        """Return whether one of the types is, or descends from, one of the allowed classes."""
        wanted = set(allowed)
        return any(not wanted.isdisjoint(self.ancestors(t)) for t in types)


def _datatypes(classes: dict[str, tuple[str, ...]], roots: set[str]) -> frozenset[str]:
    """Return the data types with their subtypes; schema.org marks only the topmost ones."""
    found = set(roots)
    while more := {c for c, parents in classes.items() if c not in found and found & set(parents)}:
        found |= more
    return frozenset(found - {"DataType"})


@functools.cache
def load_vocabulary(path: Path = VOCABULARY) -> Vocabulary:
    """Return the vocabulary, read once a process; a test is skipped where it is that of absent sample data."""
    if path == VOCABULARY:
        skip_without_shared()
    nodes = json.loads(path.read_text(encoding="utf-8"))["@graph"]
    classes: dict[str, tuple[str, ...]] = {}
    domains: dict[str, tuple[str, ...]] = {}
    ranges: dict[str, tuple[str, ...]] = {}
    members: dict[str, tuple[str, ...]] = {}
    superseded: dict[str, str] = {}
    roots: set[str] = {"DataType"}
    for node in (n for n in nodes if n["@id"].startswith(_PREFIX)):
        name, types = node["@id"].removeprefix(_PREFIX), _listed(node["@type"])
        if "rdf:Property" in types:
            domains[name] = _names(node.get("schema:domainIncludes"))
            ranges[name] = _names(node.get("schema:rangeIncludes"))
            superseded.update((name, new) for new in _names(node.get("schema:supersededBy")))
        elif "rdfs:Class" in types:
            classes[name] = _names(node.get("rdfs:subClassOf"))
            roots.update({name} if "schema:DataType" in types else ())
        else:
            members[name] = tuple(t.removeprefix(_PREFIX) for t in types)
    return Vocabulary(classes, domains, ranges, members, superseded, _datatypes(classes, roots))
