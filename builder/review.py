"""Hold all records of a source against the rules for curators, which a build leaves alone."""

from __future__ import annotations

import time
from functools import lru_cache
from typing import TYPE_CHECKING

from builder.curate.across import notes_across
from builder.curate.examine import ExamineTask, examine, examined, problems_at
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

__all__ = ["active_rules", "review", "this_year"]

SMALL = 2
"""Buckets that one process examines before others have started."""


@lru_cache(maxsize=1)
def this_year() -> int:
    """The current year, in UTC: a check tells of years to come, and its findings hold for this one."""
    return time.gmtime().tm_year


def active_rules(settings: Settings) -> frozenset[str]:
    """The rules for curators that a site has not silenced."""
    return frozenset(r.name for r in RULES.values() if r.curators and settings.rules.get(r.name, r.level) != "off")


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
    organisms = sorted(map(fold, settings.known_organisms))
    version = digest(program_version(), rules, this_year(), organisms)
    tasks = [ExamineTask(shelf.folder, shelf.cache, key, version, rules, this_year(), organisms) for key in read.keys]
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
        out += shown(source, "figures", problems_at(source.figures / name, name, [told]))
    return out
