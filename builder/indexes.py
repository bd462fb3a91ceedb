"""Index pages of organisms, chemicals and diseases, and those of figures that have a model elsewhere."""

from __future__ import annotations

from collections import Counter
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from builder.names import fold, letter_of
from builder.plan.digest import digest
from builder.plan.plan import TOP_OF_GROUP, TOP_OF_INDEX, large_groups
from builder.render.indexes import (
    MODELS,
    ConceptCount,
    OrganismCount,
    concept_index_page,
    models_page,
    organism_index_page,
)
from builder.render.tables import LETTERS
from builder.urls import group_path

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from builder.catalog.catalog import Catalog
    from builder.catalog.concepts import Concepts
    from builder.plan.plan import Plan
    from builder.render.atlas import Atlas

__all__ = ["Indexes", "Single"]

Groups = list[tuple[str, list[OrganismCount]]]


class Single(NamedTuple):
    """An output that is one of its kind."""

    path: str
    digest: bytes
    make: Callable[[], bytes]
    last: bool = False
    """Whether it tells of the downloads, which must be made before it."""


class Indexes:
    """Makes the index pages of one site."""

    def __init__(self, atlas: Atlas, catalog: Catalog, plan: Plan, seed: bytes) -> None:
        self.atlas = atlas
        self.catalog = catalog
        self.plan = plan
        self.seed = seed

    def page(self, template: str, context: object) -> bytes:
        """The bytes of a page."""
        return self.atlas.engine.page(template, context)

    def _groups(self) -> Groups:
        """Organisms by group: those of most figures first, groups and organisms, those of no group last."""
        groups: dict[str, list[OrganismCount]] = {}
        for name, figures in self.catalog.organisms.items():
            known = self.catalog.known.get(fold(name))
            row = OrganismCount(name, known.common if known else "", len(figures))
            groups.setdefault(known.group if known else "", []).append(row)
        for rows in groups.values():
            rows.sort(key=lambda r: (-r.figures, r.name))
        return sorted(groups.items(), key=lambda g: (not g[0], -sum(r.figures for r in g[1]), g[0]))

    def organisms(self) -> Iterator[Single]:
        """``/organisms/``, and a page of every large group."""
        groups = self._groups()
        large = large_groups(self.catalog)
        limit = TOP_OF_GROUP if len(groups) > 1 or large else 0
        shown = [(name, rows[: limit or None], len(rows)) for name, rows in groups]
        yield Single(
            "organisms/index.html",
            digest(self.seed, "organisms", shown),
            lambda: self.page("organism_index.html", organism_index_page(self.atlas, groups, limit)),
        )
        for group in groups:
            if group[0] in large:
                make = partial(organism_index_page, self.atlas, [group], 0, group[0])
                own = digest(self.seed, "group", group)
                yield Single(group_path(group[0]), own, partial(self._made, "organism_index.html", make))

    def _made(self, template: str, make: Callable[[], object]) -> bytes:
        return self.page(template, make())

    def concepts(self) -> Iterator[Single]:
        """``/chemicals/`` and ``/diseases/``, with their letters."""
        for concepts in (self.catalog.chemicals, self.catalog.diseases):
            if len(concepts):
                yield from self._concepts(concepts)

    def _concepts(self, c: Concepts) -> Iterator[Single]:
        rows = [
            ConceptCount(name, path, tuple(x for x in (mesh, other) if x), total)
            for name, path, mesh, other, total in zip(c.name, c.path, c.mesh, c.other, c.totals().tolist(), strict=True)
        ]
        letters: dict[str, list[ConceptCount]] = {}
        for row in rows:
            letters.setdefault(letter_of(row.name), []).append(row)
        counts = Counter({x: len(r) for x, r in letters.items()})
        top = sorted(rows, key=lambda r: (-r.figures, fold(r.name), r.path))[:TOP_OF_INDEX]
        shown = [("", f"{c.kind}/index.html", top)]
        shown += [(x, f"{c.kind}/letters/{x}.html", letters[x]) for x in LETTERS if x in letters]
        for letter, path, some in shown:
            make = partial(concept_index_page, self.atlas, c.kind, letter, counts, some)
            own = digest(self.seed, c.kind, letter, dict(counts), some)
            yield Single(path, own, partial(self._made, "concept_index.html", make))

    def models(self) -> Iterator[Single]:
        """``/wikipathways/`` and ``/ndex/``."""
        for kind in MODELS:
            models = self.plan.models[kind]
            if models:
                cards = self.plan.lister.shown[[i for i, _ in models]].tobytes()
                make = partial(models_page, self.atlas, kind, models)
                own = digest(self.seed, kind, [m for _, m in models], cards)
                yield Single(f"{kind}/index.html", own, partial(self._made, "models.html", make))
