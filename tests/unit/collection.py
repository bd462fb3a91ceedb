"""A collection from a few records, without any file: the catalogue, and the atlas that pages see."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from builder.catalog.catalog import Catalog, make_catalog
from builder.plan.plan import Surroundings, make_plan
from builder.read.bucket import Stored, _columns, digest_of, read_text
from builder.read.settings import Settings
from builder.render.atlas import Atlas
from builder.surroundings import program

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["ASSETS", "atlas_of", "catalog_of"]

ASSETS = {name: f"assets/{name}" for name in ("site.css", "site.js", "theme.js", "stub.js", "favicon.svg")}


def catalog_of(records: Mapping[str, str], default_organism: str = "Homo sapiens") -> Catalog:
    """Return the catalogue of records, given by figid."""
    stored = []
    for figid, text in records.items():
        figure, problems = read_text(text, f"{figid}.md")
        assert figure is not None, problems
        stored.append(Stored(f"{figid}.md", digest_of(text.encode()), msgspec.Raw(msgspec.msgpack.encode(figure)), []))
    half = len(stored) // 2
    return make_catalog([_columns(stored[:half]), _columns(stored[half:])], set(), default_organism)


def atlas_of(records: Mapping[str, str], settings: Settings | None = None) -> Atlas:
    """Return the atlas of records, given by figid."""
    settings = settings or Settings(url="https://example.org/sub/")
    catalog = catalog_of(records, settings.default_organism)
    around = Surroundings(settings, str(program().templates), ASSETS, [], {}, b"\0" * 16)
    return Atlas(make_plan(catalog, around).atlas)
