"""The JSON Schema of a record, made from the types that the reader fills, for editors and other programs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from builder.model import Figure
from builder.read.record import FIELDS, GENE_KEYS, LISTS, MENTION_KEYS

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["record_schema"]

DRAFT = "http://json-schema.org/draft-07/schema#"
"""The draft that YAML language servers read."""
_TEXT: dict[str, Any] = {"type": ["string", "number", "boolean", "null"]}
"""Text stays text, whatever another reader of YAML takes ``2020`` or ``NO`` for."""
_TEXTS: dict[str, Any] = {"anyOf": [_TEXT, {"type": "array", "items": _TEXT}]}
_NEVER = '/\\\\<>:"|?*#%\\u0000-\\u001f\\u007f-\\u009f\\u2028-\\u202e\\u2066-\\u2069\\ufeff'
"""What no figid holds, as in ``builder.names.figid_fault``."""
_FIGID = f"^[^{_NEVER}. ]([^{_NEVER}]*[^{_NEVER}. ])?$"
_REQUIRED: dict[str, dict[str, Any]] = {
    # Of those, text alone has a form to keep to: whatever else another reader takes `2020` for is read as text.
    "figid": {"type": ["string", "number", "boolean"], "pattern": _FIGID},
    "pmcid": {"type": ["string", "number", "boolean"], "minLength": 1},
}
_MENTIONS = {"genes": GENE_KEYS, "chemicals": MENTION_KEYS, "diseases": MENTION_KEYS}


def _mentions(keys: tuple[str, ...], described: Mapping[str, str]) -> dict[str, Any]:
    """A list of mentions."""
    properties = {key: {**_TEXT, "description": described[key]} for key in keys}
    item = {"type": "object", "properties": properties}
    return {"anyOf": [{"type": "array", "items": item}, {"type": "null"}, {"enum": ["", "NA", ".na.character"]}]}


def _of_type(key: str, field: str) -> dict[str, Any]:
    """What a key may hold, by the type of the field of ``Figure`` that it fills."""
    if key in _REQUIRED:
        return _REQUIRED[key]
    kinds = {f.name: f.type for f in msgspec.structs.fields(Figure)}
    return _TEXT if kinds[field] is str else _TEXTS


def record_schema(fields: Mapping[str, str], genes: Mapping[str, str], mentions: Mapping[str, str]) -> dict[str, Any]:
    """The schema of the front matter of a record (JSON Schema, draft 7).

    Args:
        fields: what each key means.
        genes: what each key of a gene mention means.
        mentions: what each key of another mention means.
    """
    properties = {
        key: {**_of_type(key, field), "description": fields[key]} for key, field in sorted((FIELDS | LISTS).items())
    }
    for key, keys in _MENTIONS.items():
        properties[key] = _mentions(keys, genes if key == "genes" else mentions)
    properties["organisms_ner"] = {**_TEXTS, "description": fields["organisms_ner"]}
    schema = {"anyOf": [{"type": ["object", "null"]}, {"enum": ["", "NA", ".na.character"]}]}
    properties["schema-jsonld"] = {**schema, "description": fields["schema-jsonld"]}
    return {
        "$schema": DRAFT,
        "title": "Front matter of a figure record",
        "type": "object",
        "properties": properties,
        "required": sorted(_REQUIRED),
    }
