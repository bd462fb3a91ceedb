"""Tie the steps together: read, catalog, plan, render and write, publish, remember."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from hashlib import blake2b
from pathlib import Path
from typing import TYPE_CHECKING

from builder.catalog.catalog import make_catalog
from builder.plan.collisions import Clash, duplicate_figids
from builder.plan.plan import Surroundings, make_plan
from builder.problems import BuildError, Problem, as_errors, failures
from builder.publishing import Publication, Site, publish
from builder.read.bucket import Columns, position_of
from builder.read.collect import Collected, Shelf, collect
from builder.read.pages import Page, read_pages
from builder.read.pictures import find_pictures
from builder.read.settings import read_settings
from builder.read.source import Source, open_source, scan
from builder.read.yamltext import require_libyaml
from builder.reporter import NullReporter, Reporter
from builder.state import State, locked
from builder.surroundings import program, reader_version, site_seed
from builder.workers import Workers

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["Options", "Result", "build", "check"]


@dataclass(frozen=True)
class Options:
    """What the command line says."""

    source: Path = Path("site_src")
    out: Path = Path("_site")
    cache: Path = Path(".cache")
    url: str | None = None
    jobs: int | None = None
    strict: bool = False
    keep_going: bool = False
    clean: bool = False


@dataclass
class Result:
    """What a build or a check came to."""

    problems: list[Problem] = field(default_factory=list)
    published: Publication | None = None
    """None if nothing was written."""
    figures: int = 0
    genes: int = 0
    parsed: int = 0
    """Records that were parsed, not taken from the cache."""
    seconds: float = 0.0

    @property
    def exit_code(self) -> int:
        """0 if there is no error."""
        return 1 if failures(self.problems) else 0


def _shown(source: Source, part: str, problems: Sequence[Problem]) -> list[Problem]:
    """Problems with the path that the user can open."""
    return [Problem(source.show(part, p.path), p.line, p.column, p.severity, p.rule, p.message) for p in problems]


def _clash_problems(clashes: Sequence[Clash], source: Source) -> list[Problem]:
    """Problems between records, each with its place."""
    out = []
    for clash in clashes:
        line, column = position_of(source.figures / clash.name, clash.where)
        start, end = clash.message.find("{"), clash.message.find("}")
        message = clash.message
        if 0 <= start < end:
            other = source.show("figures", message[start + 1 : end])
            message = message[:start] + other + message[end + 1 :]
        out.append(Problem(source.show("figures", clash.name), line, column, clash.severity, clash.rule, message))
    return out


def _read_pages(source: Source) -> tuple[list[Page], list[Problem]]:
    """The text pages of a source."""
    problems: list[Problem] = []
    files = []
    if source.pages is not None:
        found = scan(source.pages, ".md", deep=False)
        problems += _shown(source, "pages", found.problems)
        files = [(source.pages / name, source.show("pages", name)) for name, _, _ in found.files]
    pages, own = read_pages(files, program().default_pages)
    return pages, problems + own


def _left_out(columns: Sequence[Columns], clashes: Sequence[Clash]) -> set[str]:
    """Records that an error keeps from being published."""
    return {name for c in columns for name in c.bad} | {c.name for c in clashes if c.severity == "error"}


def _records(
    options: Options, source: Source, state: State | None, workers: Workers, reporter: Reporter
) -> tuple[Collected, list[Problem]]:
    """The records of a source, and what is wrong with each on its own; remembers what was read."""
    found = scan(source.figures, ".md", deep=source.figures != source.root, strict=source.figures != source.root)
    problems = _shown(source, "figures", found.problems)
    key = str(source.figures.resolve())
    known = {} if state is None or options.clean else state.files(key)
    former = {} if state is None or options.clean else state.buckets(key)
    with reporter.phase("Reading records", len(found.files)) as step:
        shelf = Shelf(key, str(options.cache.resolve()), reader_version(), known, former)
        read = collect(shelf, found.files, workers.run, step)
    if state is not None:
        now = {name: (size, mtime, read.digests[name]) for name, size, mtime in found.files if read.digests[name]}
        changed = [(n, s) for n, s in now.items() if known.get(n) != s]
        state.save_source(key, changed, known.keys() - now.keys(), dict(enumerate(read.keys)))
    for columns in read.columns:
        problems += _shown(source, "figures", columns.problems)
    return read, problems


@dataclass
class _Survey:
    """A source that was read and planned."""

    site: Site
    problems: list[Problem]
    parsed: int
    """Records that were parsed, not taken from the cache."""
    unusable: bool
    """Whether an error lies in the settings or a text page, which no record is to blame for."""

    def result(self) -> Result:
        """What was read, before anything is written."""
        counts = self.site.plan.counts
        return Result(self.problems, figures=counts.figures, genes=counts.genes, parsed=self.parsed)


def _survey(options: Options, state: State | None, workers: Workers, reporter: Reporter) -> _Survey:
    """Read a source and plan its site; writes the cache alone."""
    source = open_source(options.source)
    settings, problems = read_settings(source.settings, source.show("", "site.yml"), options.url)
    pages, page_problems = _read_pages(source)
    pictures = find_pictures(source.images)
    read, record_problems = _records(options, source, state, workers, reporter)
    problems += page_problems
    unusable = bool(failures(problems))
    problems += _shown(source, "images", pictures.problems) + record_problems
    clashes = duplicate_figids(read.columns)
    catalog = make_catalog(read.columns, _left_out(read.columns, clashes), settings.default_organism)
    assets = program().assets()
    titles = [(p.name, p.title) for p in pages]
    seed = site_seed(settings, assets, titles)
    around = Surroundings(settings, str(program().templates), assets, titles, pictures.entries, seed)
    plan = make_plan(catalog, around)
    problems += _clash_problems([*clashes, *plan.clashes], source)
    if options.strict:
        problems = as_errors(problems)
    site = Site(catalog, plan, around, pages, pictures, str(source.figures.resolve()), read.keys)
    return _Survey(site, sorted(problems), read.parsed, unusable)


def build(options: Options, reporter: Reporter | None = None) -> Result:
    """Build a site.

    Raises:
        BuildError: if the build cannot go on for a reason that no record is to blame for.
    """
    began = time.perf_counter()
    require_libyaml()
    reporter = reporter or NullReporter()
    out = options.out.resolve()
    _refuse_overlap(options)
    with State(options.cache) as state, Workers(options.jobs) as workers:
        lock = options.cache / f"{blake2b(str(out).encode(), digest_size=8).hexdigest()}.lock"
        with locked(lock, str(options.out)):
            survey = _survey(options, state, workers, reporter)
            result = survey.result()
            if not survey.unusable and (options.keep_going or not failures(survey.problems)):
                cache = options.cache.resolve()
                result.published = publish(survey.site, out, cache, state, workers, reporter, clean=options.clean)
    result.seconds = time.perf_counter() - began
    return result


def _refuse_overlap(options: Options) -> None:
    """Raise BuildError where source and output would write into each other."""
    source, out = options.source.resolve(), options.out.resolve()
    if out == source or out in source.parents:
        raise BuildError(f"--out {options.out} holds the source {options.source}, which a build would remove")
    figures = source / "figures" if (source / "figures").is_dir() else source
    if figures == out or figures in out.parents:
        raise BuildError(f"--out {options.out} lies in the folder of records; choose another folder")


def check(options: Options, reporter: Reporter | None = None) -> Result:
    """All problems of a source; leaves nothing behind but the cache folder of the options."""
    began = time.perf_counter()
    require_libyaml()
    with Workers(options.jobs) as workers:
        result = _survey(options, None, workers, reporter or NullReporter()).result()
    result.seconds = time.perf_counter() - began
    return result
