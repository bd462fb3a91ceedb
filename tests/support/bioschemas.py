"""The Bioschemas profiles as JSON Schemas, applied to the Datasets, DataCatalogs and Genes of a JSON-LD graph."""

from __future__ import annotations

import functools
import json
import re
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import urlsplit

from jsonschema import Draft7Validator, FormatChecker

from tests.support.shared import SHARED

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from jsonschema.exceptions import ValidationError

__all__ = ["PROFILES", "check_bioschemas", "missing_recommended", "profile_ids"]

PROFILES = SHARED / "vocab" / "bioschemas.json"
"""The published profiles, each with a JSON Schema under ``$validation``."""

Node = dict[str, Any]

_KINDS = ("Dataset", "DataCatalog", "Gene")
_CONFORMS = ("http://purl.org/dc/terms/conformsTo", "dct:conformsTo", "dcterms:conformsTo", "conformsTo")
_SCHEMA = re.compile(r"^(?:https?://schema\.org/|schema:)")
_DATE = re.compile(r"\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])")
_DESCRIPTION = range(50, 5001)  # characters; Google's rule for datasets, which DESIGN.md takes over
_formats = FormatChecker(formats=())


class _Profile(NamedTuple):
    """One released profile."""

    ids: tuple[str, ...]
    """The addresses by which pages may name it; the first is the common one."""
    validator: Draft7Validator
    recommended: tuple[str, ...]
    """Properties that it wishes for."""


@_formats.checks("uri")
def _is_uri(value: object) -> bool:
    """Return whether a text is an absolute address without blanks."""
    if not isinstance(value, str):
        return True
    parts = urlsplit(value)
    return bool(parts.scheme and (parts.netloc or parts.path)) and not re.search(r"\s", value)


@_formats.checks("date")
def _is_date(value: object) -> bool:
    """Return whether a text is a full date, as draft 7 of JSON Schema wants it: a year alone is not."""
    return not isinstance(value, str) or bool(_DATE.fullmatch(value))


@functools.cache
def _profiles(path: Path = PROFILES) -> dict[str, _Profile]:
    """Return the released profile of each kind."""
    nodes = json.loads(path.read_text(encoding="utf-8"))["@graph"]
    found = {n["@id"]: n for n in nodes}
    profiles = {}
    for kind in _KINDS:
        node = found[f"bioschemas:{kind}"]
        schema = node["$validation"]
        profiles[kind] = _Profile(
            tuple(node["schema:schemaVersion"]),
            Draft7Validator(schema, format_checker=_formats),
            tuple(schema["recommended"]),
        )
    return profiles


def profile_ids(kind: str) -> tuple[str, ...]:
    """Return the addresses by which a Dataset, DataCatalog or Gene may name its profile."""
    return _profiles()[kind].ids


def _listed(value: Any) -> list[Any]:
    """Return a value as a list."""
    return value if isinstance(value, list) else [value]


def _types(node: Node) -> list[str]:
    """Return the local names of a node's types."""
    return [_SCHEMA.sub("", str(t)) for t in _listed(node.get("@type", []))]


def _walk(value: Any) -> Iterator[Node]:
    """Yield every object within a value, the outermost first."""
    for item in _listed(value):
        if isinstance(item, dict):
            yield item
            for inner in item.values():
                yield from _walk(inner)


def _conforms(node: Node) -> list[str]:
    """Return the profiles that a node claims."""
    values = [v for key in _CONFORMS if key in node for v in _listed(node[key])]
    return [str(v.get("@id", "")) if isinstance(v, dict) else str(v) for v in values]


def _subjects(doc: Node) -> Iterator[tuple[str, Node]]:
    """Yield the nodes to check with their kind: those of the graph itself, and nested ones that claim a profile.

    A gene that a figure only mentions is no entry of a gene catalogue: nested and without a claim, it is left alone.
    """
    top = _listed(doc.get("@graph", [{k: v for k, v in doc.items() if k != "@context"}]))
    outer = {id(n) for n in top}
    for node in _walk(top):
        kinds = [k for k in (*_KINDS, "DataDownload") if k in _types(node)]
        claimed = bool(_conforms(node))
        if claimed or (id(node) in outer and set(node) != {"@id"}):
            yield from ((kind, node) for kind in kinds)


def _embedded(value: Any, nodes: dict[str, Node], path: frozenset[str]) -> Any:
    """Return a value in which references to nodes of the document are replaced by those nodes, circles aside."""
    if isinstance(value, list):
        return [_embedded(v, nodes, path) for v in value]
    if not isinstance(value, dict):
        return value
    name = str(value.get("@id", ""))
    if set(value) == {"@id"} and name in nodes and name not in path:
        value = nodes[name]
    return {k: _embedded(v, nodes, path | {name}) for k, v in value.items() if k != "@context"}


def _instance(node: Node, nodes: dict[str, Node]) -> Node:
    """Return a node in the form that the profile's JSON Schema speaks of: plain keys, conformsTo an identifier."""
    own = frozenset({str(node.get("@id", ""))})
    flat = {_SCHEMA.sub("", key): _embedded(value, nodes, own) for key, value in node.items() if key not in _CONFORMS}
    claims = [{"identifier": c} for c in _conforms(node)]
    if claims:
        flat["conformsTo"] = claims[0] if len(claims) == 1 else claims
    return flat


def _form(schema: Node) -> str:
    """Return in a few words what a schema accepts."""
    if "$ref" in schema:
        return f"a {schema['$ref'].rpartition('/')[2]} object"
    for key in ("oneOf", "anyOf"):
        if key in schema:
            glue = " or " if key == "anyOf" else " or (exactly one of these) "
            return glue.join(dict.fromkeys(_form(s) for s in schema[key]))
    if schema.get("type") == "array":
        return f"a list of {_form(schema['items'])}"
    if "enum" in schema:
        return "one of " + ", ".join(map(str, schema["enum"]))
    return f"{schema.get('type', 'anything')}{' (' + schema['format'] + ')' if 'format' in schema else ''}"


def _message(error: ValidationError) -> str:
    """Return one line about one violation: where, what was found, what was expected."""
    where = ".".join(map(str, error.absolute_path))
    if error.validator == "required":
        return f"{where + ': ' if where else ''}{error.message}"
    found = json.dumps(error.instance, ensure_ascii=False)[:80]
    return f"{where}: found {found}, expected {_form(error.schema) if isinstance(error.schema, dict) else '?'}"


def _claim_errors(kind: str, node: Node) -> list[str]:
    """Return claims of profiles that are not the released one of this kind."""
    known = profile_ids(kind)
    return [f"conformsTo: found {claim!r}, expected {known[0]!r}" for claim in _conforms(node) if claim not in known]


def _profile_errors(kind: str, node: Node, nodes: dict[str, Node]) -> list[str]:
    """Return the violations of the profile of one node, and of the rule on the length of descriptions."""
    if kind == "DataDownload":
        return [] if "contentUrl" in node else ["'contentUrl' is missing"]
    errors = sorted(_profiles()[kind].validator.iter_errors(_instance(node, nodes)), key=str)
    found = [_message(e) for e in errors] + _claim_errors(kind, node)
    text = node.get("description")
    if kind == "Dataset" and isinstance(text, str) and len(text) not in _DESCRIPTION:
        found.append(f"description: {len(text)} characters, expected 50 to 5000")
    return found


def _nodes_by_id(doc: Node) -> dict[str, Node]:
    """Return the nodes that the document describes by their @id."""
    return {str(n["@id"]): n for n in _walk(doc.get("@graph", [])) if "@id" in n and set(n) != {"@id"}}


def check_bioschemas(doc: Node) -> list[str]:
    """Return the violations of the Bioschemas profiles: required properties and the shapes of all given ones."""
    nodes = _nodes_by_id(doc)
    return [
        f"{kind} {node.get('@id', '')}: {message}"
        for kind, node in _subjects(doc)
        for message in _profile_errors(kind, node, nodes)
    ]


def missing_recommended(doc: Node) -> list[str]:
    """Return the properties that the profiles recommend and the document's nodes lack; no fault, but worth a look."""
    return [
        f"{kind} {node.get('@id', '')}: recommended {name!r} is missing"
        for kind, node in _subjects(doc)
        if kind in _KINDS
        for name in _profiles()[kind].recommended
        if name not in _instance(node, {})
    ]
