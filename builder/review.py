"""Hold all records of a source against the rules for curators, which a build leaves alone."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from msgspec import structs

from builder.catalog.figures import keys_of
from builder.curate.across import notes_across
from builder.curate.examine import ExamineTask, PlaceTask, examine, examined, places
from builder.curate.fixing import fix_files, fix_tasks
from builder.curate.mend import MENDED
from builder.names import fold, leads_to, stub_path
from builder.options import Result
from builder.plan.collisions import (
    LISTINGS,
    alias_clashes,
    duplicate_figids,
    fixed_pages,
    resolve_redirects,
    unpublished,
    with_sections,
)
from builder.plan.digest import digest
from builder.plan.moved import moved_pages
from builder.problems import concluded
from builder.read.collect import with_tables
from builder.rules import RULES
from builder.sight import clash_problems, shown
from builder.surroundings import program_version, this_year

if TYPE_CHECKING:
    from collections.abc import Sequence

    from builder.curate.examine import Examined
    from builder.plan.collisions import Clash
    from builder.problems import Problem
    from builder.read.collect import Shelf
    from builder.read.facts import Facts
    from builder.read.settings import Settings
    from builder.reporter import Reporter
    from builder.sight import Sight
    from builder.state import State
    from builder.workers import Workers

__all__ = ["active_rules", "fix", "review"]

SMALL = 2
"""Buckets, or batches, that one process is done with before others have started."""
NOTES_A_TASK = 1000


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


def _tasks(sight: Sight) -> list[ExamineTask]:
    """What there is to read and examine, bucket by bucket."""
    settings = sight.settings
    rules = sorted(active_rules(settings))
    organisms = sorted({fold(o) for o in (*settings.known_organisms, *(o.name for o in sight.organisms))})
    version = digest(program_version(), rules, this_year(), organisms)
    ground = (version, rules, this_year(), "\n".join(organisms))
    return [ExamineTask(task, *ground) for task in sight.tasks]


def _examined(sight: Sight, workers: Workers, reporter: Reporter) -> list[Examined]:
    """The buckets of a source, read and examined."""
    tasks = _tasks(sight)
    with reporter.step("read", len(sight.files)), reporter.phase("Examining records", len(sight.files)) as step:
        found = [examined(task) for task in tasks]
        todo = [task for task, done in zip(tasks, found, strict=True) if done is None]
        todo = [structs.replace(task, bucket=with_tables(task.bucket, sight.shelf.beside)) for task in todo]
        fresh = workers.run(examine, todo, small=len(todo) <= SMALL)
        out = []
        for task, kept in zip(tasks, found, strict=True):
            out.append(kept or next(fresh))
            step(len(task.bucket.files))
    return out


def _remembered(sight: Sight, found: Sequence[Examined], parsed: int, state: State) -> Shelf:
    """The shelf as it stands now that its buckets are read."""
    digests = {
        name: own
        for task, e in zip(sight.tasks, found, strict=True)
        for (name, _), own in zip(task.files, e.done.digests, strict=True)
    }
    keys = [e.done.key for e in found]
    now = sight.remember(state, digests, keys, parsed)
    return replace(sight.shelf, known=now, former=dict(enumerate(keys)))


def review(
    sight: Sight, *, strict: bool, state: State, workers: Workers, reporter: Reporter
) -> tuple[Result, list[str]]:
    """All that is wrong or odd in a source; writes the cache alone.

    Args:
        sight: the source.
        strict: whether warnings count as errors.
        state: where to remember what was read.
        workers: run batches.
        reporter: is told of progress.

    Returns:
        What came of it, and the keys of the buckets.
    """
    found = _examined(sight, workers, reporter)
    parsed = sum(e.done.parsed for e in found)
    shelf = _remembered(sight, found, parsed, state)
    facts = [e.facts for e in found]
    problems = shown(sight.source, "figures", [p for e in found for p in (*e.facts.problems, *e.problems)])
    with reporter.step("rules", len(sight.files)):
        problems += _across(sight, facts, workers)
        twice = duplicate_figids(facts)
        left_out = {c.name for c in twice}
        claims = _Claims(facts, left_out)
    if claims.among_listings():
        from builder.survey import redirect_clashes  # noqa: PLC0415 - hardly ever needed, and slow to load

        clashes = redirect_clashes(replace(sight, shelf=shelf), state, workers, reporter)
    else:
        clashes = claims.clashes(sight)
    clashes += alias_clashes(facts)
    problems += sight.problems + clash_problems([*twice, *clashes], sight.source)
    problems = concluded(problems, sight.settings.rules, strict=strict)
    return Result(problems, figures=len(claims.figid), parsed=parsed), list(shelf.former.values())


class _Claims:
    """The addresses that figures want, beside those of their pages; as ``Claimants``."""

    def __init__(self, buckets: Sequence[Facts], left_out: set[str]) -> None:
        rows = [r for c in buckets for r in zip(c.name, c.figid, c.redirects, strict=True)]
        here = [i for i, (name, _, _) in enumerate(rows) if name not in left_out]
        self.name = [rows[i][0] for i in here]
        self.figid = [rows[i][1] for i in here]
        self.redirects = [rows[i][2] for i in here]
        self.page_key, self.stub_key = keys_of(buckets, np.array(here, np.int64))
        self._refused = unpublished(buckets, left_out)

    def among_listings(self) -> bool:
        """Whether one lies where it takes the whole catalogue to say which pages there are."""
        paths = (stub_path(address)[0] for redirects in self.redirects for address in redirects)
        return any(fold(path.split("/", 1)[0]).removesuffix(".html") in LISTINGS for path in paths)

    def clashes(self, sight: Sight) -> list[Clash]:
        """What is wrong with them, none lying among listings."""
        pages = fixed_pages(p.name for p in sight.pages)
        pages += [m.path for m in moved_pages((), pages)]
        return resolve_redirects(self, with_sections(pages), sight.settings.keep_files, self._refused).clashes


def _across(sight: Sight, facts: Sequence[Facts], workers: Workers) -> list[Problem]:
    """What is odd between records."""
    source, beside = sight.source, sight.shelf.beside
    notes = []
    settings = sight.settings
    # Which pictures a server of one's own has is its own matter.
    images = None if leads_to(settings.image_url, "") else sight.pictures.entries
    unread = source.images is None and (source.root / "images").is_dir()
    ground = active_rules(settings), settings.default_organism, images
    for name, note, other, rest in notes_across(facts, *ground, unread=unread):
        told = note._replace(message=f"{note.message}{source.show('figures', other)}{rest}") if other else note
        notes.append((name, beside.tables.get(name, ""), told))
    tasks = [
        PlaceTask(str(source.figures), beside.folder, beside.shown, notes[i : i + NOTES_A_TASK])
        for i in range(0, len(notes), NOTES_A_TASK)
    ]
    found = workers.run(places, tasks, small=len(tasks) < SMALL)
    return shown(source, "figures", [p for part in found for p in part])
