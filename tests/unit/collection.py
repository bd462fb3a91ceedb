"""A collection from a few records, without any file: the catalogue, and the atlas that pages see."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from builder.catalog.catalog import Catalog, add_neighbours, make_catalog
from builder.kept import digest_of
from builder.plan.plan import Surroundings, make_plan
from builder.read.bucket import Stored, _columns, read_text
from builder.read.columns import Columns
from builder.read.settings import Settings
from builder.render.atlas import Atlas
from builder.surroundings import program

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from builder.model import Figure

__all__ = ["ASSETS", "atlas_of", "catalog_of", "columns_of"]

ASSETS = {name: f"assets/{name}" for name in ("site.css", "site.js", "theme.js", "stub.js", "favicon.svg")}


def columns_of(figures: Iterable[Figure]) -> Columns:
    """Return the columns of a bucket that holds some figures."""
    stored = []
    for figure in figures:
        data = msgspec.msgpack.encode(figure)
        stored.append(Stored(f"{figure.figid}.md", digest_of(data), msgspec.Raw(data), []))
    return _columns(stored)[0]


def _figure(figid: str, text: str) -> Figure:
    """Return the figure of a record that must be a good one."""
    figure, problems = read_text(text, f"{figid}.md")
    assert figure is not None, problems
    return figure


def catalog_of(records: Mapping[str, str], default_organism: str = "Homo sapiens") -> Catalog:
    """Return the catalogue of records, given by figid."""
    figures = [_figure(figid, text) for figid, text in records.items()]
    half = len(figures) // 2
    buckets = [columns_of(figures[:half]), columns_of(figures[half:])]
    catalog = make_catalog(buckets, set(), default_organism)
    add_neighbours(catalog)
    return catalog


def atlas_of(records: Mapping[str, str], settings: Settings | None = None) -> Atlas:
    """Return the atlas of records, given by figid."""
    settings = settings or Settings(url="https://example.org/sub/")
    catalog = catalog_of(records, settings.default_organism)
    around = Surroundings(settings, str(program().templates), ASSETS, [], {}, b"\0" * 16)
    return Atlas(make_plan(catalog, around).atlas)
