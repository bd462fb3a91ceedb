"""Tie the steps together: read, catalog, plan, render and write, publish, remember."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from hashlib import blake2b
from pathlib import Path
from typing import TYPE_CHECKING

from builder.catalog.catalog import Catalog, make_catalog
from builder.plan.collisions import Clash, duplicate_figids
from builder.plan.plan import Plan, Surroundings, make_plan
from builder.problems import BuildError, Problem, as_errors, failures
from builder.publishing import Publication, publish
from builder.read.bucket import Columns, position_of
from builder.read.collect import Collected, collect
from builder.read.pages import Page, read_pages
from builder.read.pictures import Pictures, find_pictures
from builder.read.settings import Settings, read_settings
from builder.read.source import Scan, Source, open_source, scan
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


@dataclass
class _Input:
    """A source that was read."""

    source: Source
    settings: Settings
    pages: list[Page]
    pictures: Pictures
    found: Scan
    read: Collected
    problems: list[Problem]
    catalog: Catalog
    plan: Plan
    around: Surroundings


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


def _read(options: Options, cache: Path, state: State | None, workers: Workers, reporter: Reporter) -> _Input:
    """Read a source and plan its site; writes nothing but the cache."""
    source = open_source(options.source)
    settings, problems = read_settings(source.settings, source.show("", "site.yml"), options.url)
    pages, page_problems = _read_pages(source)
    pictures = find_pictures(source.images)
    found = scan(source.figures, ".md", deep=source.figures != source.root, strict=source.figures != source.root)
    problems += page_problems + _shown(source, "images", pictures.problems) + _shown(source, "figures", found.problems)
    key = str(source.figures.resolve())
    fresh = state is None or options.clean
    known = {} if fresh or state is None else state.files(key)
    former = {} if fresh or state is None else state.buckets(key)
    folder = str(source.figures.resolve())
    with reporter.phase("Reading records", len(found.files)) as step:
        read = collect(folder, str(cache), reader_version(), found.files, known, former, workers.run, step)
    if state is not None:
        now = {name: (size, mtime, read.digests[name]) for name, size, mtime in found.files if read.digests[name]}
        changed = [(n, s) for n, s in now.items() if known.get(n) != s]
        state.save_source(key, changed, known.keys() - now.keys(), dict(enumerate(read.keys)))
    for columns in read.columns:
        problems += _shown(source, "figures", columns.problems)
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
    return _Input(source, settings, pages, pictures, found, read, sorted(problems), catalog, plan, around)


def _blocked(problems: Sequence[Problem], *, keep_going: bool, strict: bool) -> bool:
    """Whether the problems keep the site from being written."""
    if not keep_going:
        return bool(failures(problems))
    # Settings and text pages belong to no record that could be left out.
    fatal = ("setting-", "page-")
    return any(p.rule.startswith(fatal) or p.path.endswith("site.yml") for p in failures(problems)) and not strict


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
            data = _read(options, options.cache.resolve(), state, workers, reporter)
            result = Result(data.problems, None, len(data.catalog.figures), len(data.catalog.genes), data.read.parsed)
            if not _blocked(data.problems, keep_going=options.keep_going, strict=options.strict):
                result.published = publish(
                    data.catalog, data.plan, data.around, data.pages, data.pictures, data.read,
                    options.cache.resolve(), out, state, workers, reporter, clean=options.clean,
                )  # fmt: skip
    result.seconds = time.perf_counter() - began
    return result


def _refuse_overlap(options: Options) -> None:
    """Raise BuildError where source and output would write into each other."""
    source, out = options.source.resolve(), options.out.resolve()
    if out == source or out in source.parents:
        message = f"--out {options.out} holds the source {options.source}; a build would remove it, choose another folder"
        raise BuildError(message)
    figures = source / "figures" if (source / "figures").is_dir() else source
    if figures == out or figures in out.parents:
        raise BuildError(f"--out {options.out} lies in the folder of records; choose another folder")


def check(options: Options, cache: Path, reporter: Reporter | None = None) -> Result:
    """All problems of a source; leaves nothing behind but the given cache folder."""
    began = time.perf_counter()
    require_libyaml()
    with Workers(options.jobs) as workers:
        data = _read(options, cache.resolve(), None, workers, reporter or NullReporter())
    return Result(
        data.problems, None, len(data.catalog.figures), len(data.catalog.genes), data.read.parsed,
        time.perf_counter() - began,
    )  # fmt: skip
