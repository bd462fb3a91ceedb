"""From a plan to files: render what changed, write it, remove what nobody plans, remember."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from itertools import chain, islice
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from builder import kept
from builder.memory import give_back
from builder.names import fold, fold_all
from builder.options import Publication
from builder.outputs import Outputs
from builder.plan.cards import figure_links
from builder.plan.digest import digest
from builder.plan.facts import GeneFacts
from builder.plan.plan import save_atlas
from builder.problems import BuildError
from builder.render.atlas import open_atlas
from builder.render.engine import compile_templates
from builder.search.files import FOLDER
from builder.search.index import META
from builder.singles import Single, asset_singles, make_singles
from builder.state import locked
from builder.surroundings import program, program_version
from builder.work import FigureTask, ListTask, PictureTask, render, write_figures, write_lists, write_pictures
from builder.write.output import (
    MARKER,
    MARKER_TEXT,
    Output,
    Prepared,
    Written,
    prune,
    refuse_foreign_folder,
)
from builder.write.stage import Stage, open_stage

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Sequence

    from builder.bulk import Bulk, Ready
    from builder.catalog.catalog import Catalog
    from builder.plan.facts import ListingFacts
    from builder.plan.plan import Plan, Surroundings
    from builder.publish.tables import Download
    from builder.read.beside import Beside
    from builder.read.pages import Page
    from builder.read.pictures import Picture, Pictures
    from builder.reporter import Reporter
    from builder.searching import Search
    from builder.state import State
    from builder.workers import Workers
    from builder.write.output import Standing

__all__ = ["Site", "downloads_ahead", "publish"]

SMALL = 64
"""Pages that one process renders before others have started."""
FEW_LISTS = 2_000
"""Pages of which few may be of genes."""
LISTS_A_TASK = 128
"""Most genes and listings of a task."""
FIGURES_A_TASK = 20_000
"""Listed figures that make a task of fewer lists large enough."""
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
    beside: Beside
    """What stands beside them."""
    buckets: list[str]
    """Keys of the buckets of records, by number."""
    bulk: Bulk
    """The downloads, which workers have begun to make."""
    search: Search
    """The search index, likewise if one stands that it can be made of."""


class _Publisher:
    """Knows what stands in the output folder, and what is to."""

    def __init__(
        self,
        out: Path,
        cache: Path,
        known: Outputs,
        spoiled: set[str],
        stage: Stage | None,
    ) -> None:
        self.out = str(stage.root if stage else out)
        self.fresh = stage is not None
        self.cache = str(cache)
        self.atlas = str(kept.handed(cache, "atlas"))
        self.known = known
        self.spoiled = spoiled
        self.leftovers: set[str] = set()
        """Files of a build that did not come to its end, where another came to its end before it."""
        self.digests: dict[str, bytes] = {}
        self.done: dict[str, Written] = {}

    def begin(self, marker: Written, leftovers: set[str]) -> None:
        """Note the file that marks the folder as ours, and what a build left there that was killed."""
        self.digests[MARKER] = digest("marker")
        self.note([marker])
        self.leftovers = leftovers

    def needless(self) -> set[str]:
        """Leftovers that nothing published needs: all but those of a search index that stands in place of ours."""
        if META not in self.spoiled:
            return self.leftovers
        return {p for p in self.leftovers if not p.startswith(f"{FOLDER}/")}

    def stale(self, path: str, own: bytes) -> bool:
        """Plan an output; whether it must be made: other inputs, or not on the disk as we left it."""
        self.digests[path] = own
        return self.known.digest(path) != own or path in self.spoiled

    def all_stale(self, planned: dict[str, bytes]) -> set[str]:
        """Plan many outputs, by path and digest; those that must be made."""
        self.digests.update(planned)
        return self.known.others(planned) | (planned.keys() & self.spoiled)

    def note(self, written: Iterable[Written]) -> int:
        """Keep what was written; returns how many files."""
        count = 0
        for item in written:
            self.done[item[0]] = Written(*item)
            count += 1
        return count

    def publication(self, removed: list[str]) -> Publication:
        """What came of the build, once these files were removed."""
        changed = sorted(p for p, w in self.done.items() if w.changed)
        return Publication(len(changed), len(self.digests) - len(changed), removed, changed)


def _figure_tasks(site: Site, stale: set[str], publisher: _Publisher) -> Iterator[FigureTask]:
    """Tasks for the figures and stubs that must be made, by bucket; each is made when it is asked for."""
    f = site.catalog.figures
    bucket, row = f.bucket.tolist(), f.row.tolist()
    figures: dict[int, list[int]] = {}
    stubs: dict[int, list[tuple[str, int]]] = {}
    for i, path in enumerate(site.plan.figures):
        if path in stale:
            figures.setdefault(bucket[i], []).append(i)
    for path, i in site.plan.stubs.items():
        if path in stale:
            stubs.setdefault(bucket[i], []).append((path, i))
    where = publisher.atlas, publisher.out, publisher.fresh, publisher.cache, site.folder, site.beside.folder
    for b in sorted({*figures, *stubs}):
        own = [(row[i], f.name[i], figure_links(site.catalog, i)) for i in figures.get(b, ())]
        yield FigureTask(*where, site.buckets[b], own, stubs.get(b, []))


def _listed(plan: Plan, stale: set[str]) -> Iterator[GeneFacts | ListingFacts]:
    """Facts of the listings and genes of which a page must be made."""
    for facts, paths in plan.listings:
        if pages := tuple(n for n, path in enumerate(paths, 1) if path in stale):
            yield msgspec.structs.replace(plan.lister.complete(facts) if pages[0] == 1 else facts, pages=pages)
    plan.lister.few = len(stale) < FEW_LISTS
    for gene, paths in enumerate(plan.gene_pages):
        if not stale.isdisjoint(paths):
            yield plan.lister.facts(gene)


def _list_tasks(plan: Plan, stale: set[str], publisher: _Publisher) -> Iterator[ListTask]:
    """Tasks for listings and genes, each of about the same work; each is made when it is asked for."""
    where = publisher.atlas, publisher.out, publisher.fresh
    task = ListTask(*where, [], [])
    work = 0
    for facts in _listed(plan, stale):
        if len(task.genes) + len(task.listings) == LISTS_A_TASK or work > FIGURES_A_TASK:
            yield task
            task, work = ListTask(*where, [], []), 0
        if isinstance(facts, GeneFacts):
            task.genes.append(facts)
        else:
            task.listings.append(facts)
        work += len(facts.figures) // 4
    if task.genes or task.listings:
        yield task


def _picture_tasks(pictures: Sequence[Picture], publisher: _Publisher) -> list[PictureTask]:
    """Tasks for pictures that are new or changed."""
    wanted: list[tuple[str, str, int, int]] = []
    for p in pictures:
        entry, source = p.entry, str(p.source)
        own = digest("picture", p.size, p.mtime, entry)
        if publisher.stale(entry.path, own):
            wanted.append((source, entry.path, 0, 0))
        made = digest(own, program_version())
        if entry.thumb != entry.path and publisher.stale(entry.thumb, made):
            wanted.append((source, entry.thumb, entry.thumb_width, entry.thumb_height))
        if entry.view and publisher.stale(entry.view, made):
            wanted.append((source, entry.view, entry.view_width, entry.view_height))
    parts = (wanted[i : i + PICTURES_A_TASK] for i in range(0, len(wanted), PICTURES_A_TASK))
    return [PictureTask(publisher.out, publisher.fresh, part) for part in parts]


def _refuse_kept(paths: Sequence[str], keep: Collection[str]) -> None:
    """Raise BuildError if a name that no build is to touch is one that this build writes."""
    if found := sorted(path for path in paths if path.partition("/")[0] in keep):
        message = f"keep_files of site.yml names '{found[0].partition('/')[0]}', which this build writes"
        raise BuildError(f"{message}; take it out of keep_files, or rename the page")


def _refuse_case_twins(paths: Sequence[str], known: Collection[str]) -> None:
    """Raise BuildError if two outputs differ only by case: a rule of the plan was broken.

    Args:
        paths: of all outputs.
        known: those of the build before, no two of which do.
    """
    if known and len(paths) == len(distinct := set(paths)):
        new = {*fold_all([*distinct.difference(known)])}
        # Only what is as long as a new path can be its twin; letters beyond ASCII may change in number.
        lengths = {*map(len, new)}
        near = fold_all([path for path in paths if len(path) in lengths or not path.isascii()])
        if sum(map(new.__contains__, near)) == len(new):
            return
    elif len(set(fold_all(paths))) == len(paths):
        return  # the usual case, found out at once
    seen: dict[str, str] = {}
    for path in paths:
        if other := seen.get(fold(path)):
            what = "have one path" if other == path else "differ only by case"
            raise BuildError(f"two outputs {what}: {other} and {path}; rename one of their records")
        seen[fold(path)] = path


def publish(
    site: Site,
    out: Path,
    cache: Path,
    state: State,
    workers: Workers,
    reporter: Reporter,
    standing: Callable[[], Standing],
    *,
    clean: bool,
) -> Publication:
    """Bring the output folder to what is planned, and remember it.

    Args:
        site: what to publish.
        out: the output folder.
        cache: the cache folder.
        state: what the builds before left to know.
        workers: run batches.
        reporter: is told of progress.
        standing: waits for how the output folder differs from what the build before left.
        clean: make every page anew.

    Raises:
        BuildError: if the disk refuses; every file is then whole, old or new.
    """
    keep = site.around.settings.keep_files
    refuse_foreign_folder(out, keep)
    marker = Output(str(out)).put(MARKER, MARKER_TEXT)  # first of all: a build that is killed leaves a folder of ours
    with locked(out / MARKER, str(out)):
        remembered, now = state.outputs(str(out)), standing()
        strange, spoiled = (_ours(paths, keep) for paths in (now.strange, now.spoiled))
        stage = open_stage(out, cache, keep)
        publisher = _Publisher(out, cache, Outputs() if clean else remembered, now.spoiled, stage)
        publisher.begin(marker, strange if remembered.at else set())
        _fill(publisher, site, stage, workers, reporter)
        whole = remembered.without(publisher.digests) - now.spoiled
        removed = _settle(publisher, site, out, chain(whole, strange, spoiled), state, reporter)
    _sweep(cache, {*site.buckets, *state.used_keys(site.folder)}, state)
    return publisher.publication(removed)


def _ours(paths: Iterable[str], keep: Collection[str]) -> set[str]:
    """Paths that are not below a name that builds leave alone."""
    return {path for path in paths if path.split("/", 1)[0] not in keep}


def _settle(
    publisher: _Publisher, site: Site, out: Path, found: Iterable[str], state: State, reporter: Reporter
) -> list[str]:
    """Remove the files that nobody plans, and remember the others, and what lists show; returns the paths removed."""
    with reporter.step("remember", len(publisher.digests)):
        removed = prune(out, found, publisher.digests)
        rows = site.around.seed + site.plan.rows
        state.save_outputs(str(out), publisher.known.after(publisher.digests, publisher.done, rows))
    return removed


def _fill(publisher: _Publisher, site: Site, stage: Stage | None, workers: Workers, reporter: Reporter) -> None:
    """Write what must be written, and publish the stage of a first build."""
    atlas = Path(publisher.atlas)
    try:
        if not publisher.spoiled:
            site.plan.atlas.standing = publisher.known.standing(site.around.seed, site.plan.rows)
        kept.write(atlas, save_atlas(site.plan.atlas))
        _write_all(publisher, site, workers, reporter)
        if stage:
            with reporter.step("publish"):
                stage.publish()
        site.bulk.remember()
        site.search.remember()
    finally:
        open_atlas.cache_clear()
        atlas.unlink(missing_ok=True)
        site.bulk.drop()
        if stage:
            stage.drop()


def _write_search(publisher: _Publisher, site: Site) -> list[tuple[str, bytes]]:
    """Write the files of the search index that are new; gives the one that all begins with, which goes last."""
    output = Output(publisher.out, fresh=publisher.fresh)
    new = [
        (path, data)
        for path, own, data in site.search.files(publisher.known, publisher.spoiled)
        if publisher.stale(path, own) and data is not None
    ]
    publisher.note(output.put(path, data) for path, data in new if path != META)
    return [(path, data) for path, data in new if path == META]


_Packed = tuple[list[Written], "dict[str, Download]"]
"""Downloads that stand, and what to say of all of them."""


def downloads_ahead(bulk: Bulk, out: Path, owner: int) -> Ready:
    """Make the downloads that are not as the build before left them, before it is known whether they may be published.

    They stand beside those whose places they are to take. Where the disk has no room for them there are none.

    Args:
        bulk: the downloads.
        out: the output folder, in which a site stands.
        owner: ``RUN`` of the process whose build it is.
    """
    output, files = Output(str(out), owner=owner), {}
    try:
        for path, data in bulk.files(bulk.changed()):
            files[path] = output.prepare(path, data)
    except BuildError:
        for prepared in files.values():
            prepared.drop()
        return {}, {}
    return files, bulk.made


def _write_downloads(bulk: Bulk, stale: set[str], output: Output) -> _Packed:
    """Write the downloads that must be made."""
    return [output.put(path, data) for path, data in bulk.files(stale)], bulk.made


def _downloads(bulk: Bulk, stale: set[str], output: Output, workers: Workers) -> Callable[[], _Packed]:
    """Begin to write the downloads where a large site stands already: in a first build all processes have enough to do.

    Gives a function that waits for them, or writes them, or puts those in their places that were made ahead.
    """
    ready, made = bulk.ready()
    write = partial(_write_downloads, bulk, stale, output)
    if made and ready.keys() == stale:
        return partial(_place, ready, made, write)
    bulk.drop()  # files were spoiled meanwhile, or all is to be made anew
    if output.fresh or not stale or not bulk.large:
        return write
    bulk.settle()
    return workers.aside(write)


def _place(ready: dict[str, Prepared], made: dict[str, Download], write: Callable[[], _Packed]) -> _Packed:
    """Put downloads in their places; they are written once more if somebody, as another build, has removed them."""
    try:
        return [prepared.place() for prepared in ready.values()], made
    except BuildError:
        return write()


def _write_singles(wanted: Sequence[Single], output: Output) -> list[Written]:
    """Write outputs that there is one of."""
    return [output.put(s.path, s.make()) for s in wanted]


def _try_templates(publisher: _Publisher, site: Site, singles: Sequence[Single]) -> None:
    """Make a page by each template, where they are others than those of the site that stands, before that changes.

    Raises:
        TemplateError: if one cannot be used.
    """
    if publisher.fresh or publisher.known.made_by(site.around.seed):
        return
    plan, atlas = site.plan, open_atlas(publisher.atlas)
    compile_templates((plan.atlas.templates, publisher.cache))
    of_kind = {s.path.rpartition("/")[0] or s.path: s for s in reversed(singles) if s.path.endswith(".html")}
    with site.bulk.unsaid():
        for single in of_kind.values():
            single.make()
    where = publisher.atlas, publisher.out, publisher.fresh
    for task in islice(_figure_tasks(site, {*plan.figures[:1], *islice(plan.stubs, 1)}, publisher), 2):
        render(task)
    genes = [plan.lister.facts(gene) for gene in range(min(1, len(atlas.data.genes)))]
    listings = [msgspec.structs.replace(plan.lister.complete(facts), pages=(1,)) for facts, _ in plan.listings[:1]]
    render(ListTask(*where, genes, listings))


def _write_all(publisher: _Publisher, site: Site, workers: Workers, reporter: Reporter) -> None:
    """Render and write everything that is stale."""
    plan, around, bulk = site.plan, site.around, site.bulk
    singles: list[Single] = [*asset_singles(program().dist, around.assets)]
    singles += make_singles(open_atlas(publisher.atlas), site.catalog, plan, site.pages, around.seed, bulk)
    _refuse_case_twins([*plan.digests, *(s.path for s in singles), *bulk.digests], publisher.known.at)
    _refuse_kept([s.path for s in singles], around.settings.keep_files)
    _try_templates(publisher, site, singles)
    stale, packed = publisher.all_stale(plan.digests), publisher.all_stale(bulk.digests)
    wanted = [s for s in singles if publisher.stale(s.path, s.digest)]
    pictures = _picture_tasks(site.pictures.pictures, publisher)
    # Before anything is written: they may be what filled the disk.
    prune(Path(publisher.out), publisher.needless(), publisher.digests)
    output = Output(publisher.out, fresh=publisher.fresh)
    alone = partial(_write_singles, [s for s in wanted if not s.last], output)
    # Where a large site stands already this process has enough to do; in a first build all have.
    singles_done = workers.aside(alone) if bulk.large and not output.fresh else alone
    downloads = _downloads(bulk, packed, output, workers)
    count = len(stale) + len(wanted) + len(packed) + sum(len(t.pictures) for t in pictures)
    with reporter.step("render and write", count), reporter.phase("Writing pages", count) as step:
        few = len(stale) <= SMALL
        running = [
            workers.run(write_figures, _figure_tasks(site, stale, publisher), small=few),
            workers.run(write_lists, _list_tasks(plan, stale, publisher), small=few),
            workers.run(write_pictures, pictures, small=len(pictures) < 2),  # noqa: PLR2004 - one needs one process
        ]
        # While the workers are at it, this process makes what there is one of.
        with reporter.step("search index", plan.counts.figures):
            last = _write_search(publisher, site)
            give_back()
        publisher.known.lay_out(publisher.digests)
        step(publisher.note(singles_done()))
        written, made = downloads()
        bulk.take(packed, made)
        step(publisher.note(written))
        step(publisher.note(_write_singles([s for s in wanted if s.last], output)))
        for results in running:
            for written in results:
                step(publisher.note(written))
        step(publisher.note(output.put(path, data) for path, data in last))


def _sweep(cache: Path, used: Collection[str], state: State) -> None:
    """Remove the files of buckets of which no key is in use any more, and what builds left that were killed."""
    with state.alone() as alone:
        if not alone:
            return  # another build may be about to use what nobody is known to use
        for path, key in kept.bucket_files(cache):
            if key not in used:
                path.unlink(missing_ok=True)
        for path in kept.leftovers(cache):
            path.unlink(missing_ok=True)
