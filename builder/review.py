"""Hold all records of a source against the rules for curators, which a build leaves alone."""

from __future__ import annotations

import time
from functools import lru_cache
from typing import TYPE_CHECKING

from builder.curate.across import notes_across
from builder.curate.examine import ExamineTask, examine, examined, problems_at, tables_of
from builder.curate.fixing import fix_files, fix_tasks
from builder.curate.mend import MENDED
from builder.names import fold
from builder.plan.digest import digest
from builder.rules import RULES
from builder.sight import shown
from builder.surroundings import program_version

if TYPE_CHECKING:
    from builder.problems import Problem
    from builder.read.collect import Collected
    from builder.read.settings import Settings
    from builder.reporter import Reporter
    from builder.sight import Sight
    from builder.workers import Workers

__all__ = ["active_rules", "fix", "review", "this_year"]

SMALL = 2
"""Buckets that one process examines before others have started."""


@lru_cache(maxsize=1)
def this_year() -> int:
    """The current year, in UTC: a check tells of years to come, and its findings hold for this one."""
    return time.gmtime().tm_year


def active_rules(settings: Settings) -> frozenset[str]:
    """The rules for curators that a site has not silenced."""
    return frozenset(r.name for r in RULES.values() if r.curators and settings.rules.get(r.name, r.level) != "off")


def fix(sight: Sight, workers: Workers, reporter: Reporter) -> list[str]:
    """Mend what is certain in the records of a source, by the rules that its site has not silenced.

    Args:
        sight: the source.
        workers: run batches.
        reporter: is told of progress.

    Returns:
        The files that changed, as the user names them.

    Raises:
        BuildError: if a file cannot be written.
    """
    rules = [name for name in MENDED if sight.settings.rules.get(name) != "off"]
    tasks = list(fix_tasks(str(sight.source.figures), (name for name, _, _ in sight.files), rules))
    out: list[str] = []
    with reporter.phase("Mending records", len(sight.files)) as step:
        for task, names in zip(tasks, workers.run(fix_files, tasks, small=len(tasks) < SMALL), strict=True):
            out += [sight.source.show("figures", name) for name in names]
            step(len(task.names))
    return sorted(out)


def review(sight: Sight, read: Collected, workers: Workers, reporter: Reporter) -> list[Problem]:
    """What is odd in the records of a source; keeps what was found in the cache.

    Args:
        sight: the source.
        read: its records.
        workers: run batches.
        reporter: is told of progress.
    """
    settings, shelf = sight.settings, sight.shelf
    rules = sorted(active_rules(settings))
    organisms = sorted({fold(o) for o in (*settings.known_organisms, *(o.name for o in sight.organisms))})
    version = digest(program_version(), rules, this_year(), organisms)
    ground = (version, rules, this_year(), organisms)
    tasks = [
        ExamineTask(shelf.folder, shelf.cache, key, *ground, task.beside, task.shown, task.tables)
        for key, task in zip(read.keys, sight.tasks, strict=True)
    ]
    with reporter.step("rules", len(sight.files)), reporter.phase("Examining records", len(sight.files)) as step:
        found = [examined(task) for task in tasks]
        todo = [task for task, done in zip(tasks, found, strict=True) if done is None]
        fresh = workers.run(examine, todo, small=len(todo) <= SMALL)
        problems: list[Problem] = []
        for kept in found:
            done = kept or next(fresh)
            problems += shown(sight.source, "figures", done.problems)
            step(done.count)
        return problems + _across(sight, read, frozenset(rules))


def _across(sight: Sight, read: Collected, rules: frozenset[str]) -> list[Problem]:
    """What is odd between records."""
    source = sight.source
    out: list[Problem] = []
    for name, note, other in notes_across(read.columns, rules, sight.settings.default_organism):
        told = note._replace(message=note.message.replace("{}", source.show("figures", other))) if other else note
        beside = sight.shelf.beside
        tables = tables_of(name, beside.folder, beside.shown, beside.tables.get(name, ""))
        out += shown(source, "figures", problems_at(source.figures / name, name, [told], tables))
    return out
