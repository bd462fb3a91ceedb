"""What the structured data of a page means: its triples, by two independent readers of JSON-LD, without a network."""

from __future__ import annotations

import functools
import json
from pathlib import Path
from typing import Any

from pyld import jsonld
from rdflib import Graph

__all__ = ["CONTEXT", "by_pyld", "by_rdflib", "stored_context"]

CONTEXT = Path(__file__).with_name("schemaorg-context.json")
"""The terms of schema.org's own context that pages use; a test compares it with the whole."""
_ADDRESSES = {"https://schema.org", "https://schema.org/"}

Node = dict[str, Any]


@functools.cache
def stored_context() -> Node:
    """Return the stored part of schema.org's context."""
    found: Node = json.loads(CONTEXT.read_text(encoding="utf-8"))
    return found


def _load(address: str, _options: Node | None = None) -> Node:
    """Answer for the network; raises ValueError for a context that pages must not need."""
    if address not in _ADDRESSES:
        message = f"the context {address} is none of ours"
        raise ValueError(message)
    return {"contextUrl": None, "documentUrl": address, "document": stored_context()}


def by_pyld(doc: Node) -> Graph:
    """Return the triples of a document as PyLD reads it, by the JSON-LD 1.1 algorithms."""
    statements = jsonld.to_rdf(doc, {"documentLoader": _load, "format": "application/n-quads"})
    return Graph().parse(data=statements, format="nt")


def by_rdflib(doc: Node) -> Graph:
    """Return the triples of a document as rdflib reads it."""
    known = {address: stored_context()["@context"] for address in _ADDRESSES}
    named = doc["@context"] if isinstance(doc["@context"], list) else [doc["@context"]]
    parts = [known[part] if isinstance(part, str) else part for part in named]
    return Graph().parse(data=json.dumps({**doc, "@context": parts}), format="json-ld")
