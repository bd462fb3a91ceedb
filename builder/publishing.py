"""From a plan to files: render what changed, write it, remove what nobody plans, remember."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING

from builder.options import Publication
from builder.plan.digest import digest
from builder.plan.plan import save_atlas
from builder.problems import BuildError
from builder.render.atlas import open_atlas
from builder.singles import Single, asset_singles, make_singles
from builder.surroundings import program
from builder.urls import figure_path
from builder.work import FigureTask, ListTask, PictureTask, write_figures, write_lists, write_pictures
from builder.write.output import Output, Written, output_files, prune, refuse_foreign_folder

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from builder.catalog.catalog import Catalog
    from builder.plan.facts import FigureLinks, GeneFacts
    from builder.plan.plan import Plan, Surroundings
    from builder.read.pages import Page
    from builder.read.pictures import Picture, Pictures
    from builder.reporter import Reporter
    from builder.state import OutputState, State
    from builder.workers import Workers

__all__ = ["Site", "publish"]

SMALL = 64
"""Pages that one process renders before others have started."""
GENES_A_TASK = 128
FIGURES_A_TASK = 40_000
"""Listed figures that make a task of gene pages large enough."""
PICTURES_A_TASK = 16


@dataclass(frozen=True)
class Site:
    """All that is known of a site before it is written."""

    catalog: Catalog
    plan: Plan
    around: Surroundings
    pages: list[Page]
    pictures: Pictures
    folder: str
    """Where the records are."""
    buckets: list[str]
    """Keys of the buckets of records, by number."""


class _Publisher:
    """Knows what stands in the output folder, and what is to."""

    def __init__(
        self, out: Path, cache: Path, known: dict[str, OutputState], there: dict[str, tuple[int, int]]
    ) -> None:
        self.out = str(out)
        self.cache = str(cache)
        self.atlas = str(cache / f"atlas-{os.getpid()}.msgpack")
        self.known = known
        self.there = there
        self.digests: dict[str, bytes] = {}
        self.done: dict[str, Written] = {}

    def stale(self, path: str, own: bytes) -> bool:
        """Plan an output; whether it must be made: other inputs, or not on the disk as we left it."""
        self.digests[path] = own
        was = self.known.get(path)
        return was is None or was[0] != own or self.there.get(path) != was[1:]

    def note(self, written: Iterable[Written]) -> int:
        """Keep what was written; returns how many files."""
        count = 0
        for item in written:
            self.done[item[0]] = Written(*item)
            count += 1
        return count

    def states(self) -> Iterator[tuple[str, OutputState]]:
        """What to remember of the outputs that were made."""
        for path, item in self.done.items():
            yield path, (self.digests[path], item.size, item.mtime)


def _figure_tasks(site: Site, stale: set[str], publisher: _Publisher) -> list[FigureTask]:
    """Tasks for the figures and stubs that must be made, by bucket."""
    f = site.catalog.figures
    figures: dict[int, list[tuple[int, str, FigureLinks]]] = {}
    stubs: dict[int, list[tuple[str, int]]] = {}
    for i, figid in enumerate(f.figid):
        if figure_path(figid) in stale:
            figures.setdefault(f.bucket[i], []).append((f.row[i], f.name[i], site.plan.links[i]))
    for path, i in site.plan.stubs.items():
        if path in stale:
            stubs.setdefault(f.bucket[i], []).append((path, i))
    return [
        FigureTask(
            publisher.atlas,
            publisher.out,
            publisher.cache,
            site.folder,
            site.buckets[b],
            figures.get(b, []),
            stubs.get(b, []),
        )
        for b in sorted({*figures, *stubs})
    ]


def _list_tasks(plan: Plan, stale: set[str], publisher: _Publisher) -> list[ListTask]:
    """Tasks for genes and listings, each of about the same work."""
    groups: list[list[GeneFacts]] = [[]]
    work = 0
    for facts, paths in plan.genes:
        if not stale.isdisjoint(paths):
            if len(groups[-1]) == GENES_A_TASK or work > FIGURES_A_TASK:
                groups.append([])
                work = 0
            groups[-1].append(facts)
            work += len(facts.figures) // 4
    listings = [facts for facts, paths in plan.listings if not stale.isdisjoint(paths)]
    atlas, out = publisher.atlas, publisher.out
    tasks = [ListTask(atlas, out, [], [facts]) for facts in listings]
    return tasks + [ListTask(atlas, out, genes, []) for genes in groups if genes]


def _picture_tasks(pictures: Sequence[Picture], publisher: _Publisher) -> list[PictureTask]:
    """Tasks for pictures that are new or changed."""
    wanted: list[tuple[str, str, int, int]] = []
    for p in pictures:
        entry, source = p.entry, str(p.source)
        own = digest("picture", p.size, p.mtime, entry)
        if publisher.stale(entry.path, own):
            wanted.append((source, entry.path, 0, 0))
        if entry.thumb != entry.path and publisher.stale(entry.thumb, own):
            wanted.append((source, entry.thumb, entry.thumb_width, entry.thumb_height))
    parts = (wanted[i : i + PICTURES_A_TASK] for i in range(0, len(wanted), PICTURES_A_TASK))
    return [PictureTask(publisher.out, part) for part in parts]


def _refuse_case_twins(paths: Iterable[str]) -> None:
    """Raise BuildError if two outputs differ only by case: a rule of the plan was broken."""
    seen: dict[str, str] = {}
    for path in paths:
        other = seen.setdefault(path.casefold(), path)
        if other != path:
            raise BuildError(f"two outputs differ only by case: {other} and {path}; rename one of their records")


def publish(
    site: Site, out: Path, cache: Path, state: State, workers: Workers, reporter: Reporter, *, clean: bool
) -> Publication:
    """Bring the output folder to what is planned, and remember it.

    Args:
        site: what to publish.
        out: the output folder.
        cache: the cache folder.
        state: what the builds before left to know.
        workers: run batches.
        reporter: is told of progress.
        clean: make every page anew.

    Raises:
        BuildError: if the disk refuses; every file is then whole, old or new.
    """
    keep = site.around.settings.keep_files
    refuse_foreign_folder(out, keep)
    there = output_files(out, keep)
    remembered = state.outputs(str(out))
    publisher = _Publisher(out, cache, {} if clean else remembered, there)
    try:
        (cache / f"atlas-{os.getpid()}.msgpack").write_bytes(save_atlas(site.plan.atlas))
        _write_all(publisher, site, workers, reporter)
    finally:
        open_atlas.cache_clear()
        (cache / f"atlas-{os.getpid()}.msgpack").unlink(missing_ok=True)
    removed = prune(out, [*there], publisher.digests)
    state.save_outputs(publisher.out, publisher.states(), remembered.keys() - publisher.digests.keys())
    _sweep(cache, state)
    changed = sorted(p for p, w in publisher.done.items() if w.changed)
    return Publication(len(changed), len(publisher.digests) - len(changed), removed, changed)


def _write_all(publisher: _Publisher, site: Site, workers: Workers, reporter: Reporter) -> None:
    """Render and write everything that is stale."""
    plan = site.plan
    singles: list[Single] = [*asset_singles(program().dist, site.around.assets)]
    singles += make_singles(open_atlas(publisher.atlas), site.catalog, plan, site.pages, site.around.seed)
    _refuse_case_twins([*plan.digests, *(s.path for s in singles)])
    stale = {path for path, own in plan.digests.items() if publisher.stale(path, own)}
    wanted = [s for s in singles if publisher.stale(s.path, s.digest)]
    pictures = _picture_tasks(site.pictures.pictures, publisher)
    output = Output(publisher.out)

    def write(part: Iterable[Single]) -> int:
        return publisher.note(output.put(s.path, s.make()) for s in part)

    with reporter.phase("Writing pages", len(stale) + len(wanted) + sum(len(t.pictures) for t in pictures)) as step:
        # The marker goes first: a build that is killed leaves a folder that the next one may mend.
        step(write(s for s in wanted if s.path.startswith(".")))
        few = len(stale) <= SMALL
        running = [
            workers.run(write_figures, _figure_tasks(site, stale, publisher), small=few),
            workers.run(write_lists, _list_tasks(plan, stale, publisher), small=few),
            workers.run(write_pictures, pictures, small=len(pictures) < 2),  # noqa: PLR2004 - one needs one process
        ]
        # While the workers are at it, this process makes what there is one of; the downloads take it a while.
        step(write(s for s in wanted if not s.path.startswith(".")))
        for results in running:
            for written in results:
                step(publisher.note(written))


def _sweep(cache: Path, state: State) -> None:
    """Remove the files of buckets that no source uses any more."""
    used = state.used_keys()
    for path in (cache / "records").glob("*/*"):
        if path.name.split(".")[0] not in used:
            path.unlink(missing_ok=True)
