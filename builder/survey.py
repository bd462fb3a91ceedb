"""Read the records of a source and plan its site."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from builder import kept
from builder.catalog.catalog import Catalog, Recall, make_catalog
from builder.catalog.joined import Joined
from builder.catalog.neighbours import Ways
from builder.nearby import load_memory, save_memory, similar_by, threads
from builder.options import Result
from builder.plan.collisions import Clash, alias_clashes, duplicate_figids
from builder.plan.digest import digest
from builder.plan.plan import Plan, Surroundings, make_plan
from builder.problems import Problem, concluded
from builder.publishing import Site
from builder.read.bucket import Columns
from builder.read.collect import Collected, collect
from builder.sight import Sight, clash_problems, shown
from builder.surroundings import program, program_version

if TYPE_CHECKING:
    from collections.abc import Sequence

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


def _records(sight: Sight, state: State, workers: Workers, reporter: Reporter) -> tuple[Collected, list[Problem]]:
    """The records of a source, and what is wrong with each on its own; remembers what was read."""
    if not sight.shelf.former:
        import scipy.sparse  # noqa: F401, PLC0415 - neighbours of all figures need it, and workers get it for nothing

    with reporter.step("read", len(sight.files)), reporter.phase("Reading records", len(sight.files)) as step:
        read = collect(sight.shelf, sight.tasks, workers.run, step)
    sight.remember(state, read.digests, read.keys, read.parsed)
    problems = [p for columns in read.columns for p in shown(sight.source, "figures", columns.problems)]
    return read, problems


def _catalog(sight: Sight, read: Collected, left_out: set[str], workers: Workers, reporter: Reporter) -> Catalog:
    """The catalogue of the good records, with neighbours."""
    default = sight.settings.default_organism
    cache, version = Path(sight.shelf.cache), program_version()
    path, joined = (cache / f"{kind}-{digest(sight.key).hex()[:16]}.msgpack" for kind in ("neighbours", "joined"))
    memory = load_memory(path, version) if sight.shelf.former else None
    recall = Recall(
        kept.load(joined, Joined, version) if sight.shelf.former else None, partial(kept.leave, joined, version=version)
    )
    ways = Ways(similar_by(workers, cache), threads(workers))
    catalog, remembered = make_catalog(
        read.columns, left_out, default, memory, ways, reporter.step, sight.organisms, recall
    )
    if remembered is not None and remembered is not memory:
        save_memory(path, version, remembered)
    return catalog


def _plan(sight: Sight, catalog: Catalog, reporter: Reporter) -> tuple[Plan, Surroundings]:
    """The plan of a site, and what it is made of beside its records."""
    titles = [(p.name, p.title) for p in sight.pages]
    around = Surroundings(
        sight.settings, str(program().templates), sight.assets, titles, sight.pictures.entries, sight.seed
    )
    with reporter.step("plan", len(catalog.figures)):
        return make_plan(catalog, around), around


def redirect_clashes(sight: Sight, state: State, workers: Workers, reporter: Reporter) -> list[Clash]:
    """What is wrong with older addresses, held against every page of the site."""
    read, _ = _records(sight, state, workers, reporter)
    left_out = _left_out(read.columns, duplicate_figids(read.columns))
    default = sight.settings.default_organism
    catalog, _ = make_catalog(read.columns, left_out, default, ways=None, organisms=sight.organisms)
    return _plan(sight, catalog, reporter)[0].clashes


def make_survey(sight: Sight, *, strict: bool, state: State, workers: Workers, reporter: Reporter) -> Survey:
    """Read the records and plan the site; writes the cache alone.

    Args:
        sight: the source.
        strict: whether warnings count as errors.
        state: where to remember what was read.
        workers: run batches.
        reporter: is told of progress.
    """
    read, problems = _records(sight, state, workers, reporter)
    clashes = duplicate_figids(read.columns)
    left_out = _left_out(read.columns, clashes)
    clashes += alias_clashes(read.columns)
    catalog = _catalog(sight, read, left_out, workers, reporter)
    plan, around = _plan(sight, catalog, reporter)
    problems += sight.problems + clash_problems([*clashes, *plan.clashes], sight.source)
    problems = concluded(problems, sight.settings.rules, strict=strict)
    site = Site(catalog, plan, around, sight.pages, sight.pictures, sight.key, sight.shelf.beside, read.keys)
    return Survey(site, problems, read.parsed)
