"""Index pages of organisms, chemicals and diseases, and the pages of figures that have a model elsewhere."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from builder.render.contexts import (
    ConceptIndexPage,
    GeneRow,
    Letter,
    Link,
    ModelsPage,
    OrganismGroup,
    OrganismIndexPage,
)
from builder.render.lexicons import ndex_href, wikipathways_href
from builder.render.tables import LETTERS, bar_length, collection, simple_head
from builder.render.words import number_of
from builder.urls import group_path, organism_path

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from builder.render.atlas import Atlas

__all__ = [
    "MODELS",
    "ConceptCount",
    "OrganismCount",
    "concept_index_page",
    "models_page",
    "organism_index_page",
]

UNGROUPED = "Other organisms"


class OrganismCount(NamedTuple):
    """An organism in the index."""

    name: str
    common: str
    figures: int


class ConceptCount(NamedTuple):
    """A chemical or disease in the index."""

    name: str
    path: str
    identifiers: tuple[str, ...]
    figures: int


def _organism_rows(atlas: Atlas, organisms: Sequence[OrganismCount], most: int) -> tuple[GeneRow, ...]:
    """Rows of a table of organisms."""
    href = atlas.urls.href
    return tuple(
        GeneRow(o.name, href(organism_path(o.name)), o.common, o.figures, bar_length(o.figures, most), "")
        for o in organisms
    )


def organism_index_page(
    atlas: Atlas, groups: Sequence[tuple[str, Sequence[OrganismCount]]], shown: int, one: str | None = None
) -> OrganismIndexPage:
    """``/organisms/``: organisms by group, most figures first; or all of one group.

    Args:
        atlas: the collection.
        groups: name of each group, empty for none, and its organisms.
        shown: at most so many organisms of each, where another page has all; 0 for all.
        one: the group whose own page it is, empty for organisms of none; None for the index.
    """
    total = sum(len(organisms) for _, organisms in groups)
    most = max((o.figures for _, organisms in groups for o in organisms), default=1)
    index = Link("Organisms", atlas.urls.href("organisms/index.html"))
    path, title = ("organisms/index.html", "Organisms") if one is None else (group_path(one), one or UNGROUPED)
    description = f"{total:,} organisms{f' ({title})' if one is not None else ''} that the figures are of."
    crumbs = (index,) if one is not None else ()
    parts = [
        OrganismGroup(
            name or (UNGROUPED if len(groups) > 1 else ""),
            len(organisms),
            _organism_rows(atlas, organisms[:shown] if shown else organisms, most),
            atlas.urls.href(group_path(name)) if shown and len(organisms) > shown else "",
        )
        for name, organisms in groups
    ]
    return OrganismIndexPage(
        head=simple_head(
            atlas, path, title, description, section="organisms",
            graph=collection(atlas, path, title, description, crumbs),
        ),
        breadcrumbs=crumbs,
        title=title,
        total=total,
        groups=tuple(parts),
    )  # fmt: skip


def concept_index_page(
    atlas: Atlas, kind: str, current: str, counts: Mapping[str, int], concepts: Sequence[ConceptCount]
) -> ConceptIndexPage:
    """``/chemicals/`` or ``/diseases/``, or one letter of it.

    Args:
        atlas: the collection.
        kind: ``chemicals`` or ``diseases``.
        current: the letter; empty for the first page.
        counts: chemicals or diseases by letter.
        concepts: those to show.
    """
    href = atlas.urls.href
    title = kind.capitalize()
    path = f"{kind}/letters/{current}.html" if current else f"{kind}/index.html"
    above = (Link(title, href(f"{kind}/index.html")),) if current else ()
    crumbs = (Link("Browse", href("browse/index.html")), *above)
    total = sum(counts.values())
    some = (f"{counts.get(current, 0):,} of " if current else "") + number_of(total, kind[:-1])
    description = f"{some} recognised in {atlas.settings.figure_kind}s, with the figures that name each."
    name = f"{title}: {current}" if current else title
    most = max((c.figures for c in concepts), default=1)
    rows = [
        GeneRow(c.name, href(c.path), ", ".join(c.identifiers), c.figures, bar_length(c.figures, most), "")
        for c in concepts
    ]
    return ConceptIndexPage(
        head=simple_head(
            atlas, path, name, description, section="browse",
            graph=collection(atlas, path, name, description, crumbs),
        ),
        breadcrumbs=crumbs,
        kind=kind,
        letters=tuple(
            Letter(x, href(f"{kind}/letters/{x}.html"), counts[x], x == current) for x in LETTERS if counts.get(x)
        ),
        current=current,
        rows=tuple(rows),
        total=total,
    )  # fmt: skip


class _Model(NamedTuple):
    """Who holds models of figures."""

    name: str
    home: str
    what: str


MODELS = {
    "wikipathways": _Model("WikiPathways", "https://www.wikipathways.org/", "pathway"),
    "ndex": _Model("NDEx", "https://www.ndexbio.org/", "network"),
}
"""By folder of the page."""


def models_page(atlas: Atlas, kind: str, models: Sequence[tuple[int, str]]) -> ModelsPage:
    """Figures that have a model elsewhere, newest first.

    Args:
        atlas: the collection.
        kind: key of ``MODELS``.
        models: number of each figure in the atlas, and the model's id.
    """
    model, path = MODELS[kind], f"{kind}/index.html"
    crumbs = (Link("Browse", atlas.urls.href("browse/index.html")),)
    were = "was" if len(models) == 1 else "were"
    description = f"{number_of(len(models), 'figure')} that {were} redrawn as a {model.what} at {model.name}."
    links = [
        Link(i, wikipathways_href(i)) if kind == "wikipathways" else Link("network", ndex_href(i)) for _, i in models
    ]
    cards = [atlas.figure_card(figure) for figure, _ in models]
    return ModelsPage(
        head=simple_head(
            atlas, path, f"Figures at {model.name}", description, section="browse",
            graph=collection(atlas, path, f"Figures at {model.name}", description, crumbs),
        ),
        breadcrumbs=crumbs,
        title=f"Figures at {model.name}",
        where=model.name,
        home=model.home,
        models=tuple(zip(cards, links, strict=True)),
    )  # fmt: skip


def other_ways(atlas: Atlas, kinds: Sequence[str]) -> tuple[Link, ...]:
    """Links to the index pages that the collection has, for the page of years.

    Args:
        atlas: the collection.
        kinds: folders of those pages.
    """
    names = {kind: f"Figures at {model.name}" for kind, model in MODELS.items()}
    return tuple(Link(names.get(k, k.capitalize()), atlas.urls.href(f"{k}/index.html")) for k in kinds)
