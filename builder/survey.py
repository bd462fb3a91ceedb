"""Read the records of a source and plan its site."""

from __future__ import annotations

import os
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from builder import kept
from builder.bulk import Bulk, Ready, bulk_memory
from builder.catalog.catalog import Catalog, Recall, add_neighbours, make_catalog
from builder.catalog.joined import Joined
from builder.catalog.neighbours import Ways
from builder.memory import give_back
from builder.nearby import load_memory, save_memory, similar_by, threads
from builder.options import Result
from builder.plan.collisions import Clash, alias_clashes, duplicate_figids, unpublished
from builder.plan.digest import digest
from builder.plan.plan import Plan, Surroundings, kinds, make_plan
from builder.problems import Problem, concluded, failures
from builder.publishing import Site, downloads_ahead
from builder.read.collect import Collected, Loader, collect
from builder.read.columns import Columns
from builder.search.index import FigureIndex, Index
from builder.searching import Search
from builder.sight import Sight, clash_problems, shown
from builder.surroundings import program, program_version
from builder.urls import Urls
from builder.write.output import MARKER, RUN

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from builder.catalog.figures import Figures
    from builder.reporter import Reporter
    from builder.state import State
    from builder.workers import Workers

__all__ = ["Survey", "make_survey", "redirect_clashes"]


@dataclass
class Survey:
    """A source that was read and planned."""

    site: Site
    problems: list[Problem]
    parsed: int
    """Records that were parsed, not taken from the cache."""

    def result(self) -> Result:
        """What was read, before anything is written."""
        counts = self.site.plan.counts
        return Result(self.problems, figures=counts.figures, genes=counts.genes, parsed=self.parsed)


def _left_out(columns: Sequence[Columns], clashes: Sequence[Clash]) -> set[str]:
    """Records that an error keeps from being published."""
    return {name for c in columns for name, _ in c.bad} | {c.name for c in clashes if c.severity == "error"}


def _records(sight: Sight, workers: Workers, reporter: Reporter) -> tuple[Collected, list[Problem]]:
    """The records of a source, and what is wrong with each on its own."""
    if not sight.shelf.former:
        import builder.catalog.matrices  # noqa: F401, PLC0415 - neighbours need SciPy, and workers get it for nothing

    with reporter.step("read", len(sight.files)), reporter.phase("Reading records", len(sight.files)) as step:
        read = collect(sight.shelf, sight.tasks, workers.run, step, at_hand=workers.started)
    problems = [p for columns in read.columns for p in shown(sight.source, "figures", columns.problems)]
    return read, problems


def _kept_path(sight: Sight, kind: str) -> Path:
    """Where something is kept of a source."""
    return Path(sight.shelf.cache) / f"{kind}-{digest(sight.key).hex()[:16]}.msgpack"


def _catalog(
    sight: Sight,
    read: Collected,
    left_out: set[str],
    begin: Callable[[Figures], None],
    workers: Workers,
    reporter: Reporter,
) -> Catalog:
    """The catalogue of the good records, without neighbours; ``begin`` is given the figures when they are known."""

    def keep(joined: Joined) -> None:
        workers.later.add(partial(kept.leave, path, joined, version))

    path, version = _kept_path(sight, "joined"), program_version()
    load_joined = partial(kept.load, path, Joined, version) if sight.shelf.former else lambda: None
    recall = Recall(load_joined, keep)
    with reporter.step("catalogue", len(sight.files)):
        load = Loader(sight.shelf.cache, read.keys)
        default = sight.settings.default_organism
        catalog = make_catalog(read.columns, left_out, default, sight.organisms, recall, load, begin)
        give_back()
    return catalog


def _begun(
    sight: Sight,
    read: Collected,
    left_out: set[str],
    out: Path,
    workers: Workers,
    reporter: Reporter,
    then: Callable[[Search], None],
    ahead: Callable[[Bulk], Ready] | None,
) -> tuple[Catalog, Search, Bulk]:
    """The catalogue, the search index and the downloads: what stands of those is renewed aside as soon as may be.

    ``then`` is done once the figures are known, which is all that words of the index need, while their genes are still
    put together. Downloads are made ``ahead`` where there is something to call for it.
    """
    told = sight.settings, sight.pictures.entries, Urls(sight.settings.url).href
    cache = Path(sight.shelf.cache)
    searches: list[Search] = []

    def begin(figures: Figures) -> None:
        searches.append(Search(FigureIndex(figures, *told), read.keys, out, cache, program_version()))
        then(searches[0])

    if not sight.shelf.former:
        from builder.render.engine import compile_templates  # noqa: PLC0415 - slow to load

        # Nothing else can be begun before the catalogue is there; and of the workers one alone need do it.
        asked = [(str(program().templates), sight.shelf.cache)]
        workers.run(compile_templates, asked, small=not workers.started)
    catalog = _catalog(sight, read, left_out, begin, workers, reporter)
    (search,) = searches
    bulk = Bulk(catalog, sight.settings, sight.seed, program_version(), bulk_memory(cache, out))
    genes = search.complete(Index(catalog, *told))
    if begun := bulk.begin(workers, genes if sight.shelf.former else None, partial(ahead, bulk) if ahead else None):
        search.take(begun)
    workers.later.begin()
    return catalog, search, bulk


def _neighbours(sight: Sight, catalog: Catalog, workers: Workers, reporter: Reporter) -> None:
    """Add neighbours to a catalogue."""
    path, version = _kept_path(sight, "neighbours"), program_version()
    memory = load_memory(path, version) if sight.shelf.former else None
    ways = Ways(similar_by(workers, Path(sight.shelf.cache)), threads(workers))
    with reporter.step("neighbours", len(catalog.figures)):
        remembered = add_neighbours(catalog, memory, ways)
        give_back()
    if remembered is not memory:
        workers.later.add(partial(save_memory, path, version, remembered))
        workers.later.begin()


def _plan(sight: Sight, catalog: Catalog, refused: Mapping[str, str], reporter: Reporter) -> tuple[Plan, Surroundings]:
    """The plan of a site, and what it is made of beside its records."""
    titles = [(p.name, p.title) for p in sight.pages]
    seed = digest(sight.seed, kinds(catalog, sight.settings.default_organism))
    around = Surroundings(sight.settings, str(program().templates), sight.assets, titles, sight.pictures.entries, seed)
    with reporter.step("plan", len(catalog.figures)):
        plan = make_plan(catalog, around, refused)
        give_back()
    return plan, around


def redirect_clashes(sight: Sight, state: State, workers: Workers, reporter: Reporter) -> list[Clash]:
    """What is wrong with older addresses, held against every page of the site."""
    read, _ = _records(sight, workers, reporter)
    sight.remember(state, read.digests, read.keys, read.parsed)
    left_out = _left_out(read.columns, duplicate_figids(read.columns))
    refused = unpublished(read.columns, left_out)
    load = Loader(sight.shelf.cache, read.keys)
    catalog = make_catalog(read.columns, left_out, sight.settings.default_organism, sight.organisms, load=load)
    return _plan(sight, catalog, refused, reporter)[0].clashes


def make_survey(sight: Sight, out: Path, *, strict: bool, state: State, workers: Workers, reporter: Reporter) -> Survey:
    """Read the records and plan the site; writes the cache alone.

    Args:
        sight: the source.
        out: the output folder, whose downloads workers begin to make while the rest is planned.
        strict: whether warnings count as errors.
        state: where to remember what was read.
        workers: run batches.
        reporter: is told of progress.
    """
    read, problems = _records(sight, workers, reporter)
    clashes = duplicate_figids(read.columns)
    left_out = _left_out(read.columns, clashes)
    refused: dict[str, str] = {}

    # A record with an error may keep all from being published; and where no site stands a folder is moved there whole.
    good = not failures(problems)

    def then(search: Search) -> None:
        if good:
            search.begin(workers)
        sight.remember(state, read.digests, read.keys, read.parsed)
        clashes.extend(alias_clashes(read.columns))
        refused.update(unpublished(read.columns, left_out))

    stands = all(os.path.isfile(out / name) for name in (MARKER, "index.html"))  # noqa: PTH113 - raises nothing
    ahead = partial(downloads_ahead, out=out, owner=RUN) if good and stands else None
    catalog, search, bulk = _begun(sight, read, left_out, out, workers, reporter, then, ahead)
    _neighbours(sight, catalog, workers, reporter)
    plan, around = _plan(sight, catalog, refused, reporter)
    problems += sight.problems + clash_problems([*clashes, *plan.clashes], sight.source)
    problems = concluded(problems, sight.settings.rules, strict=strict)
    own = sight.key, sight.shelf.beside, read.keys
    site = Site(catalog, plan, around, sight.pages, sight.pictures, *own, bulk, search)
    return Survey(site, problems, read.parsed)
