"""Addresses of PFOCR's first site that are not those of a page here, and where each leads now.

Source: the layouts and browse pages of github.com/wikipathways/pfocr-database.
"""

from __future__ import annotations

import re
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from builder.names import figid_fault, fold, fold_all
from builder.urls import organism_path

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping

    from builder.model import Organism

__all__ = ["Moved", "moved_pages", "organism_slug"]

_DROPPED = re.compile(r"[^a-z0-9 _-]")


class Moved(NamedTuple):
    """An address that leads on."""

    path: str
    """Path of the stub."""
    target: str
    """Path of the page that does its job now."""
    title: str
    """What to call that page."""
    parameter: str = ""
    """A parameter of the old address that becomes a query of Explore; empty for none."""
    query: str = ""
    """The query, with ``{}`` where the parameter's value goes."""


_EXPLORE = "explore/index.html"
# Of several for one path the first counts whose page there is.
_PAGES = (
    Moved("search.html", _EXPLORE, "Explore", "query", "{}"),
    Moved("search.html", "genes/index.html", "Genes", "query", "{}"),
    Moved("browse/filters.html", _EXPLORE, "Explore", "Organism", 'organism:"{}"'),
    Moved("browse/filters.html", "organisms/index.html", "Organisms"),
    Moved("browse/organisms.html", "organisms/index.html", "Organisms"),
    Moved("browse/table.html", "browse/index.html", "Browse"),
    Moved("browse/wikipathways.html", "wikipathways/index.html", "WikiPathways"),
    Moved("browse/wikipathways.html", "browse/index.html", "Browse"),
    Moved("browse/ndex.html", "ndex/index.html", "NDEx"),
    Moved("browse/ndex.html", "browse/index.html", "Browse"),
    Moved("stats.html", "statistics/index.html", "Statistics"),
    Moved("json/index.html", "download.html", "Download"),
)


def organism_slug(name: str) -> str:
    """The file name that PFOCR made of an organism: ``Acinetobacter sp.`` -> ``acinetobacter_sp``; it loses some."""
    return _DROPPED.sub("", name.lower()).replace(" ", "_")


def _wishes(organisms: Iterable[str], known: Mapping[str, Organism]) -> Iterator[Moved]:
    """All that leads on, the most important first."""
    yield from _PAGES
    told = {name: o.slugs for name in organisms if (o := known.get(fold(name))) and o.slugs}
    # A checkout of PFOCR has a file for each organism with a page; elsewhere its rule says how it would be called.
    slugs = told or {name: (organism_slug(name),) for name in organisms}
    for name, own in sorted(slugs.items()):
        for slug in own:
            if slug and not figid_fault(slug):
                yield Moved(f"organisms/{slug}.html", organism_path(name), name)


def moved_pages(
    organisms: Collection[str], pages: Collection[str], known: Mapping[str, Organism] = MappingProxyType({})
) -> list[Moved]:
    """What leads on: where no page stands, and to pages that there are.

    Args:
        organisms: names of those that have a page.
        pages: paths of all pages.
        known: what is known of organisms, by their names folded.
    """
    wishes = list(_wishes(organisms, known))
    # Of a hundred thousand pages few matter.
    taken = {fold(m.path) for m in wishes}.intersection(fold_all(pages))
    there = {m.target for m in wishes}.intersection(pages)
    out = []
    for moved in wishes:
        if moved.target in there and fold(moved.path) not in taken:
            taken.add(fold(moved.path))
            out.append(moved)
    return out
