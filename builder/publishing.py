"""From a plan to files: render what changed, write it, remove what nobody plans, remember."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

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
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from builder.catalog.catalog import Catalog
    from builder.plan.plan import Plan, Surroundings
    from builder.read.collect import Collected
    from builder.read.pages import Page
    from builder.read.pictures import Picture, Pictures
    from builder.reporter import Reporter
    from builder.state import State
    from builder.workers import Workers

__all__ = ["Publication", "publish"]

SMALL = 64
"""Pages that one process renders before others have started."""
GENES_A_TASK = 128
FIGURES_A_TASK = 40_000
"""Listed figures that make a task of gene pages large enough."""


@dataclass
class Publication:
    """What a build did to the output folder."""

    written: int = 0
    unchanged: int = 0
    removed: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    """Paths that were written."""


class _Publisher:
    """Writes one site."""

    def __init__(self, out: Path, cache: Path, known: dict[str, tuple[bytes, int, int]], there: dict[str, tuple[int, int]]) -> None:
        self.out = str(out)
        self.cache = str(cache)
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

    def states(self) -> Iterator[tuple[str, tuple[bytes, int, int]]]:
        """What to remember of the outputs that were made."""
        for path, item in self.done.items():
            yield path, (self.digests[path], item.size, item.mtime)


def _figure_tasks(
    plan: Plan, catalog: Catalog, read: Collected, stale: set[str], atlas: str, publisher: _Publisher
) -> list[FigureTask]:
    """Tasks for the figures and stubs that must be made, by bucket."""
    f = catalog.figures
    figures: dict[int, list[tuple[int, str, object]]] = {}
    stubs: dict[int, list[tuple[str, int]]] = {}
    for i, figid in enumerate(f.figid):
        if figure_path(figid) in stale:
            figures.setdefault(f.bucket[i], []).append((f.row[i], f.name[i], plan.links[i]))
    for path, i in plan.stubs.items():
        if path in stale:
            stubs.setdefault(f.bucket[i], []).append((path, i))
    return [
        FigureTask(atlas, publisher.out, publisher.cache, read.keys[b], figures.get(b, []), stubs.get(b, []))  # type: ignore[arg-type]  # the links are FigureLinks
        for b in sorted({*figures, *stubs})
    ]


def _list_tasks(plan: Plan, stale: set[str], atlas: str, out: str) -> list[ListTask]:
    """Tasks for genes and listings, each of about the same work."""
    tasks: list[ListTask] = []
    genes, work = [], 0
    for facts, paths in plan.genes:
        if not stale.isdisjoint(paths):
            genes.append(facts)
            work += len(facts.figures) // 4
            if len(genes) == GENES_A_TASK or work > FIGURES_A_TASK:
                tasks.append(ListTask(atlas, out, genes, []))
                genes, work = [], 0
    if genes:
        tasks.append(ListTask(atlas, out, genes, []))
    listings = [facts for facts, paths in plan.listings if not stale.isdisjoint(paths)]
    return [*(ListTask(atlas, out, [], [facts]) for facts in listings), *tasks]


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
    size = 16
    return [PictureTask(publisher.out, wanted[i : i + size]) for i in range(0, len(wanted), size)]


def _run(
    publisher: _Publisher, workers: Workers, function: Callable[..., list[Written]], tasks: Sequence[object],
    pages: int, step: Callable[[int], None],
) -> None:  # fmt: skip
    """Run tasks and keep what they wrote."""
    for written in workers.run(function, tasks, small=pages <= SMALL):
        step(publisher.note(written))


def _refuse_case_twins(paths: Iterable[str]) -> None:
    """Raise BuildError if two outputs differ only by case: a rule of the plan was broken."""
    seen: dict[str, str] = {}
    for path in paths:
        other = seen.setdefault(path.casefold(), path)
        if other != path:
            raise BuildError(f"two outputs differ only by case: {other} and {path}; rename one of their records")


def publish(
    catalog: Catalog, plan: Plan, around: Surroundings, pages: Sequence[Page], pictures: Pictures, read: Collected,
    cache: Path, out: Path, state: State, workers: Workers, reporter: Reporter,
    *, clean: bool,
) -> Publication:  # fmt: skip
    """Bring the output folder to what is planned, and remember it.

    Raises:
        BuildError: if the disk refuses; every file is then whole, old or new.
    """
    keep = around.settings.keep_files
    refuse_foreign_folder(out, keep)
    there = output_files(out, keep)
    remembered = state.outputs(str(out))
    known_paths = set(remembered)
    known = {} if clean else remembered
    publisher = _Publisher(out, cache, known, there)
    atlas_file = cache / f"atlas-{os.getpid()}.msgpack"
    try:
        atlas_file.write_bytes(save_atlas(plan.atlas))
        _write_all(publisher, catalog, plan, around, pages, pictures, read, str(atlas_file), workers, reporter)
    finally:
        open_atlas.cache_clear()
        atlas_file.unlink(missing_ok=True)
    removed = prune(out, [*there], publisher.digests)
    state.save_outputs(publisher.out, publisher.states(), known_paths - publisher.digests.keys())
    _sweep(cache, state)
    changed = sorted(p for p, w in publisher.done.items() if w.changed)
    return Publication(len(changed), len(publisher.digests) - len(changed), removed, changed)


def _write_all(
    publisher: _Publisher, catalog: Catalog, plan: Plan, around: Surroundings, pages: Sequence[Page],
    pictures: Pictures, read: Collected, atlas_file: str, workers: Workers, reporter: Reporter,
) -> None:  # fmt: skip
    """Render and write everything that is stale."""
    singles: list[Single] = [*asset_singles(program().dist, around.assets)]
    singles += make_singles(open_atlas(atlas_file), catalog, plan, pages, around.seed)
    _refuse_case_twins([*plan.digests, *(s.path for s in singles)])
    stale = {path for path, own in plan.digests.items() if publisher.stale(path, own)}
    wanted = [s for s in singles if publisher.stale(s.path, s.digest)]
    picture_tasks = _picture_tasks(pictures.pictures, publisher)
    output = Output(publisher.out)
    # The marker goes first: a build that is killed leaves a folder that the next one may mend.
    wanted.sort(key=lambda s: not s.path.startswith("."))
    total = len(stale) + len(wanted) + sum(len(t.pictures) for t in picture_tasks)
    with reporter.phase("Writing pages", total) as step:
        step(publisher.note(output.put(s.path, s.make()) for s in wanted if s.path.startswith(".")))
        figures = _figure_tasks(plan, catalog, read, stale, atlas_file, publisher)
        _run(publisher, workers, write_figures, figures, len(stale), step)
        lists = _list_tasks(plan, stale, atlas_file, publisher.out)
        _run(publisher, workers, write_lists, lists, len(stale), step)
        _run(publisher, workers, write_pictures, picture_tasks, len(picture_tasks) * 32, step)
        step(publisher.note(output.put(s.path, s.make()) for s in wanted if not s.path.startswith(".")))


def _sweep(cache: Path, state: State) -> None:
    """Remove the files of buckets that no source uses any more."""
    used = state.used_keys()
    for path in (cache / "records").glob("*/*"):
        if path.name.split(".")[0] not in used:
            path.unlink(missing_ok=True)
