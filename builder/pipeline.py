"""Tie the steps together: look, read, catalog, plan, render and write, publish, remember.

What is slow to load (numpy, scipy, the templates) is loaded when something changed: a build
that finds nothing to do only looks.
"""

from __future__ import annotations

import os
import time
from contextlib import suppress
from dataclasses import replace
from functools import cache as cached
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from builder import kept
from builder.kept import folder_mark
from builder.memory import allow_files, keep_memory, return_memory
from builder.names import real
from builder.options import Options, Publication, Result
from builder.plan.digest import digest
from builder.problems import BuildError, Problem, failures
from builder.read.collect import LostBucketError
from builder.read.restamp import same_contents
from builder.read.yamltext import require_libyaml
from builder.reporter import NullReporter, Reporter
from builder.sight import Sight, look
from builder.standing import begin_look
from builder.state import State, locked
from builder.surroundings import this_year
from builder.workers import Workers

if TYPE_CHECKING:
    from collections.abc import Callable

    from builder.write.output import Standing

__all__ = ["Options", "Publication", "Result", "build", "check"]


RECORDS = ("figures", "_figures")
INPUTS = ("pages", "images", "_data", "_organisms")
"""Folders of a site that a build reads besides."""


class _Run(msgspec.Struct, array_like=True):
    """What a build that published came to, for one that finds nothing to do."""

    problems: list[Problem]
    figures: int
    genes: int
    files: int


def _fingerprint(options: Options, sight: Sight, keys: list[str]) -> bytes:
    """Digest of all that a build of these options would look at."""
    pictures = [(p.entry, p.size, p.mtime) for p in sight.pictures.pictures]
    asked = (
        str(options.source),
        options.strict,
        options.keep_going,
        sight.settings.rules,
        sight.settings.known_organisms,
    )
    return digest(asked, sight.seed, sight.pages, pictures, sight.problems, sight.organisms, keys)


def _nothing_to_do(
    options: Options, sight: Sight, state: State, out: Path, standing: Callable[[], Standing]
) -> Result | None:
    """The result of the build before, if nothing changed since, neither in the source nor in the output."""
    keys = None if options.clean else sight.standing()
    run = state.run(str(out)) if keys is not None else None
    if keys is None or run is None or run[0] != _fingerprint(options, sight, keys):
        return None
    spoiled, strange = standing()
    if spoiled or any(p.split("/", 1)[0] not in sight.settings.keep_files for p in strange):
        return None
    try:
        was = msgspec.msgpack.decode(run[1], type=_Run)
    except msgspec.MsgspecError:
        return None
    published = Publication(unchanged=was.files)
    return Result(
        was.problems, published, was.figures, was.genes, url=sight.settings.url, license=sight.assumed_license
    )


def _load() -> None:
    """Load what a first build cannot do without: workers, once begun, have it for nothing."""
    import builder.catalog.matrices  # noqa: PLC0415 - see above
    import builder.publishing  # noqa: PLC0415
    import builder.survey  # noqa: F401, PLC0415


def _load_review() -> None:
    """Load what a first check cannot do without."""
    import builder.review  # noqa: F401, PLC0415 - see above


def _look(options: Options, state: State, workers: Workers, load: Callable[[], None]) -> Sight:
    """Look at a source; files that have the contents that they had count as unchanged, whatever their time.

    ``load`` is called in a first build of many records, while another process looks for them.
    """
    sight = look(options, state, workers.run, workers.aside, load)
    shelf = sight.shelf
    if same := same_contents(shelf, sight.files, sight.tasks, workers.run):
        known = shelf.known.with_times(same)
        state.save_source(sight.key, known, [shelf.former[n] for n in sorted(shelf.former)])
        sight = replace(sight, shelf=replace(shelf, known=known))
    if not any(task.former for task in sight.tasks):
        return_memory()
    return sight


def _build(options: Options, state: State, workers: Workers, reporter: Reporter) -> Result:
    """Build with the output folder held."""
    out, cache = real(options.out), real(options.cache)
    standing = cached(begin_look(state, cache, out, workers))
    with reporter.step("look"):
        sight = _look(options, state, workers, _load)
        if done := _nothing_to_do(options, sight, state, out, standing):
            return done
    again = bool(sight.shelf.former) and state.many_outputs(str(out))
    if again:
        keep_memory()  # before numpy is loaded
    # See above; before workers start, who then need not load them.
    from builder.publishing import publish  # noqa: PLC0415
    from builder.survey import make_survey  # noqa: PLC0415

    if again:
        workers.start()
    survey = make_survey(sight, out, strict=options.strict, state=state, workers=workers, reporter=reporter)
    result = survey.result()
    result.url, result.license = sight.settings.url, sight.assumed_license
    if sight.unusable or (failures(survey.problems) and not options.keep_going):
        survey.site.bulk.drop()
    else:
        result.published = publish(survey.site, out, cache, state, workers, reporter, standing, clean=options.clean)
        files = result.published.written + result.published.unchanged
        run = msgspec.msgpack.encode(_Run(result.problems, result.figures, result.genes, files))
        state.save_run(str(out), _fingerprint(options, sight, survey.site.buckets), run)
        result.site = survey.site
    return result


def build(options: Options, reporter: Reporter | None = None) -> Result:
    """Build a site.

    Raises:
        BuildError: if the build cannot go on for a reason that no record is to blame for.
    """
    began = time.perf_counter()
    require_libyaml()
    allow_files()
    _refuse_overlap(options)
    _refuse_cache(options)
    try:
        result = _locked_build(options, reporter or NullReporter())
    except LostBucketError:
        result = _locked_build(options, reporter or NullReporter())  # what was lost is read anew
    result.seconds = time.perf_counter() - began
    return result


def _locked_build(options: Options, reporter: Reporter) -> Result:
    """Build, while nobody else builds into that output folder."""
    lock = options.cache / f"{folder_mark(real(options.out))}.lock"
    with State(options.cache) as state, Workers(options.jobs) as workers, locked(lock, str(options.out)):
        return _build(options, state, workers, reporter)


def _refuse_overlap(options: Options) -> None:
    """Raise BuildError where source and output would write into each other."""
    source, out = real(options.source), real(options.out)
    if out == source or out in source.parents:
        raise BuildError(f"--out {options.out} holds the source {options.source}, which a build would remove")
    cache = real(options.cache)
    if out == cache or out in cache.parents:
        message = f"--cache {options.cache} lies in the output folder {options.out}, where a build would remove it"
        raise BuildError(f"{message}; choose another folder")
    if what := _read_around(source, out):
        raise BuildError(f"--out {options.out} lies in {what}; choose another folder")


def _read_around(source: Path, folder: Path) -> str:
    """Which folder that a build reads is or holds a folder, in words; empty for none."""
    site = os.path.lexists(source / "site.yml") or any(os.path.isdir(source / name) for name in RECORDS)  # noqa: PTH112 - raises nothing
    for name in (*RECORDS, *INPUTS) if site else (".",):
        read = real(source / name)
        if read == folder or read in folder.parents:
            return f"the folder {name}, which a build reads" if name in INPUTS else "the folder of records"
    return ""


def _refuse_cache(options: Options) -> None:
    """Raise BuildError where the cache would lie among what is read, or its records where the source is."""
    source, cache = real(options.source), real(options.cache)
    shelf = kept.records(cache)
    read = [real(source / name) for name in (".", *RECORDS, *INPUTS)]
    if any(shelf in (folder, *folder.parents) for folder in read):
        message = f"--cache {options.cache} would keep its files among those of the source {options.source}"
        raise BuildError(f"{message}; choose another folder")
    hidden = source in cache.parents and any(part.startswith(".") for part in cache.relative_to(source).parts)
    if not hidden and (what := _read_around(source, cache)):
        raise BuildError(f"--cache {options.cache} lies in {what}; choose another folder")


def _check(options: Options, state: State, workers: Workers, reporter: Reporter) -> Result:
    """All problems of a source: those of the check before, if nothing changed since."""
    sight = _look(options, state, workers, _load_review)
    fixed: list[str] = []
    if options.fix and not sight.unusable:
        from builder.review import fix  # noqa: PLC0415 - see above

        fixed = fix(sight, workers, reporter)
        sight = look(options, state, workers.run)
    keys, name = sight.standing(), f"check {sight.key}"
    run = state.run(name) if keys is not None else None
    if keys is not None and run is not None and run[0] == digest(_fingerprint(options, sight, keys), this_year()):
        with suppress(msgspec.MsgspecError):
            was = msgspec.msgpack.decode(run[1], type=_Run)
            return Result(was.problems, None, was.figures, was.genes, fixed=fixed)
    from builder.review import review  # noqa: PLC0415 - see above

    result, keys = review(sight, strict=options.strict, state=state, workers=workers, reporter=reporter)
    result.fixed = fixed
    kept = msgspec.msgpack.encode(_Run(result.problems, result.figures, 0, 0))
    state.save_run(name, digest(_fingerprint(options, sight, keys), this_year()), kept)
    return result


def check(options: Options, reporter: Reporter | None = None) -> Result:
    """All problems of a source; writes the cache alone."""
    began = time.perf_counter()
    require_libyaml()
    allow_files()
    _refuse_cache(options)
    with State(options.cache) as state, Workers(options.jobs) as workers:
        result = _check(options, state, workers, reporter or NullReporter())
    result.seconds = time.perf_counter() - began
    return result
