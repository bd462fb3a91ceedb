"""A first look at a source: settings, text pages, pictures, and which records there are."""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property, partial
from itertools import islice
from typing import TYPE_CHECKING, Any

from builder import kept
from builder.kept import folder_mark
from builder.names import real
from builder.problems import Problem, failures
from builder.read.beside import look_beside, scan_tables
from builder.read.collect import Shelf, make_tasks, standing
from builder.read.frontmatter import positions_of
from builder.read.gallery import Gallery, Seen
from builder.read.known import KnownFiles
from builder.read.organisms import read_organisms
from builder.read.pages import Page, read_pages
from builder.read.pictures import Pictures, find_pictures, find_portraits
from builder.read.settings import Given, Settings, kept_pages, read_config, read_settings
from builder.read.source import FileStamp, Listing, Scan, Source, listed, names_in, open_source, scan, scan_records
from builder.surroundings import program, program_version, reader_version, site_seed

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from builder.model import Organism
    from builder.options import Options
    from builder.plan.collisions import Clash
    from builder.problems import KeyPath
    from builder.read.beside import Beside
    from builder.read.bucket import BucketTask
    from builder.state import State

Aside = Callable[[Callable[[], tuple[Listing, Listing]]], Callable[[], tuple[Listing, Listing]]]
"""Begins something in a process of its own, and gives a function that waits for it."""

__all__ = ["Sight", "clash_problems", "look", "shown"]


MANY = 8192
"""Records, or tables, from which on another process looks for records, while this one does something else."""
OWN = 0.75
"""Of the tables, the part that this process looks at meanwhile: there are two of them to a record."""
_NO_RECORDS = "found no records, expected files that end in .md; the site has no figures"


@dataclass(frozen=True)
class Sight:
    """What a source holds, before its records are read."""

    source: Source
    settings: Settings
    pages: list[Page]
    pictures: Pictures
    files: list[FileStamp]
    """The records' files."""
    assets: dict[str, str]
    seed: bytes
    """Digest of all that every page depends on."""
    problems: list[Problem]
    unusable: bool
    """Whether an error lies in the settings or a text page, which no record is to blame for."""
    shelf: Shelf
    """What is known of the records from the build before."""
    organisms: list[Organism]
    """What the source tells of organisms."""
    licensed: bool
    """Whether its settings name the licence of the data."""

    @property
    def assumed_license(self) -> str:
        """Name of the licence of the data, where the settings do not choose it."""
        return "" if self.licensed else self.settings.license

    @property
    def key(self) -> str:
        """What the state calls the folder of records."""
        return self.shelf.folder

    @cached_property
    def _digests(self) -> list[bytes]:
        """Content hash of each file that has the size and time that it had; else empty."""
        return self.shelf.known.digests(self.files)

    @cached_property
    def tasks(self) -> list[BucketTask]:
        """What there is to read, bucket by bucket."""
        return make_tasks(self.shelf, self.files, self._digests)

    def standing(self) -> list[str] | None:
        """Keys of the buckets if no record changed since the build before, else None."""
        return standing(self.shelf, self.tasks)

    def remember(self, state: State, digests: Mapping[str, bytes], keys: list[str], parsed: int) -> KnownFiles:
        """Leave for the next build which files were read, unless it knows; returns what is known of them now.

        Args:
            state: where to leave it.
            digests: content hash of each file that was looked at; empty for one that could not be read.
            keys: of the buckets, by number.
            parsed: how many records were parsed, not taken from the cache.
        """
        own = [digests.get(file[0], digest) for file, digest in zip(self.files, self._digests, strict=True)]
        now = KnownFiles.of(self.files, own)
        if parsed or now != self.shelf.known:
            state.save_source(self.key, now, keys)
        return now


def shown(source: Source, part: str, problems: Sequence[Problem]) -> list[Problem]:
    """Problems with the path that the user can open."""
    return [Problem(source.show(part, p.path), p.line, p.column, p.severity, p.rule, p.message) for p in problems]


def clash_problems(clashes: Sequence[Clash], source: Source) -> list[Problem]:
    """Problems between records, each with its place."""
    wanted: dict[str, list[KeyPath]] = {}
    for clash in clashes:
        wanted.setdefault(clash.name, []).append(clash.where)
    places = {name: iter(positions_of(source.figures / name, where)) for name, where in wanted.items()}
    out = []
    for clash in clashes:
        line, column = next(places[clash.name])
        other = source.show("figures", clash.other) if clash.other else ""
        message = f"{clash.message}{other}{clash.rest}"
        out.append(Problem(source.show("figures", clash.name), line, column, clash.severity, clash.rule, message))
    return out


def _read_pages(source: Source, settings: Settings) -> tuple[list[Page], list[Problem]]:
    """The text pages of a source, and what is wrong with them, or with settings because of them."""
    problems: list[Problem] = []
    files = []
    if source.pages is not None:
        found = scan(source.pages, ".md", deep=False)
        problems += shown(source, "pages", found.problems)
        files = [(source.pages / name, source.show("pages", name)) for name, _, _ in found.files]
    pages, own = read_pages(files, program().default_pages)
    problems += own
    if source.settings:
        names = [page.name for page in pages]
        problems += kept_pages(source.settings, source.show("", "site.yml"), settings.keep_files, names)
    return pages, problems


def _read_organisms(source: Source) -> tuple[list[Organism], list[Problem]]:
    """What a source tells of organisms."""
    if source.organisms is None:
        return [], []
    found = scan(source.organisms, ".md", deep=False, strict=False)
    organisms, problems = read_organisms(
        ((source.organisms / name, source.show("_organisms", name)) for name, _, _ in found.files), source.root
    )
    return organisms, shown(source, "_organisms", found.problems) + problems


def _read_settings(source: Source, url: str | None) -> Given:
    """The settings of a source: its own, or those that a checkout of PFOCR gives its site."""
    if source.settings is None and source.config is not None:
        return read_config(source.config, source.show("", "_config.yml"), url)
    given = read_settings(source.settings, source.show("", "site.yml"), url)
    if source.settings is None and (source.root / "site.yaml").exists():
        message = "found the file site.yaml, expected the settings in a file of the name site.yml"
        problem = Problem(source.show("", "site.yaml"), 1, 1, "error", "setting-invalid", message)
        given = given._replace(problems=[problem])
    return given


@contextmanager
def _gallery(options: Options, source: Source, run: Callable[..., Iterator[list[Seen]]]) -> Iterator[Gallery]:
    """What is known of the images of a source; kept for the next build where more became known."""
    path = options.cache / f"images-{folder_mark(real(source.root))}.msgpack"
    version = program_version()
    known: dict[str, Seen] = {} if options.clean else kept.load(path, dict[str, Seen], version) or {}
    gallery = Gallery(known, run)
    yield gallery
    if gallery.seen != known:
        kept.leave(path, gallery.seen, version)


def _read_pictures(
    source: Source, organisms: Sequence[Organism], gallery: Gallery
) -> tuple[list[Organism], Pictures, list[Problem]]:
    """The organisms with their small pictures, all pictures of a source, and what is wrong with those of organisms."""
    pictures = find_pictures(source.images, gallery)
    known, portraits = find_portraits(source.root, organisms, gallery)
    pictures.pictures += portraits.pictures
    return known, pictures, shown(source, "", portraits.problems)


def _look_elsewhere(source: Source, names: Sequence[str]) -> tuple[Listing, Listing]:
    """The records' files, and the tables among some names, as another process finds them."""
    return listed(scan_records(source)), listed(scan_tables(source.data, names) if source.data else Scan())


def _holds_many(folder: Path) -> bool:
    """Whether a folder has so many entries that another process should look at them."""
    try:
        with os.scandir(folder) as entries:
            return next(islice(entries, MANY, None), None) is not None
    except OSError:
        return False


@dataclass(frozen=True)
class _Shared:
    """Two processes look for records and tables."""

    names: list[str]
    """Names in the folder of tables that this one is to look at."""
    others: Callable[[], tuple[Listing, Listing]]
    """Waits for what the other one finds."""

    @classmethod
    def begin(cls, source: Source, aside: Aside, known: int, load: Callable[[], None]) -> _Shared | None:
        """Begin to look for records in another process; None where this one has nothing else to do, or they are few.

        Args:
            source: where they are.
            aside: begins something in a process of its own.
            known: how many there were.
            load: what this process has to do meanwhile in a first build, for which there were none.
        """
        if known < MANY and (known or not any(map(_holds_many, filter(None, (source.figures, source.data))))):
            return None
        # Names are asked for once: of a folder that changes meanwhile two lists would not have the same middle.
        names = names_in(source.data) if source.data else []
        if known and not names:
            return None
        own = round(len(names) * OWN)
        shared = cls(names[:own], aside(partial(_look_elsewhere, source, names[own:])))
        if not known:
            load()
        return shared

    def scans(self, source: Source) -> tuple[Scan, Scan]:
        """The records' files, and the tables."""
        tables = scan_tables(source.data, self.names) if source.data and self.names else Scan()
        records, more = (listing.scan() for listing in self.others())
        tables.files += more.files
        tables.problems += more.problems
        return records, tables


def _look_for_records(source: Source, shared: _Shared | None) -> tuple[list[FileStamp], Beside, list[Problem]]:
    """The records' files with the stamps of their tables, what stands beside them, and what is wrong with those.

    Args:
        source: where they are.
        shared: what another process has begun to look at; None for nothing.
    """
    tables: Scan | None
    if shared:
        found, tables = shared.scans(source)
    else:
        found, tables = scan_records(source), scan_tables(source.data) if source.data else None
    files, beside = look_beside(source.figures, source.data, found.files, tables)
    problems = shown(source, "figures", [*found.problems, *beside.problems])
    if not files:  # an empty collection, or a wrong folder, whose build takes all figures off a site
        problems.append(Problem(source.show("figures", "."), 1, 1, "warning", "no-records", _NO_RECORDS))
    return files, beside, problems


def look(
    options: Options,
    state: State | None,
    run: Callable[..., Iterator[Any]],
    aside: Aside | None = None,
    load: Callable[[], None] = lambda: None,
) -> Sight:
    """Look at a source.

    Args:
        options: which source.
        state: what the builds before left to know; None to know nothing.
        run: runs a batch function over tasks.
        aside: begins something in a process of its own, and gives a function that waits for it.
        load: is called in a first build while another process looks for many records.

    Raises:
        BuildError: if there is no such source, or the program is not complete.
    """
    source = open_source(options.source)
    key = str(real(source.figures))
    known, former = (KnownFiles(), {}) if state is None or options.clean else state.source(key)
    shared = _Shared.begin(source, aside, len(known), load) if aside else None
    settings, problems, licensed = _read_settings(source, options.url)
    pages, page_problems = _read_pages(source, settings)
    problems += page_problems + source.faults()
    unusable = bool(failures(problems))
    organisms, found_problems = _read_organisms(source)
    with _gallery(options, source, run) as gallery:
        organisms, pictures, portrait_problems = _read_pictures(source, organisms, gallery)
    files, beside, more = _look_for_records(source, shared)
    problems += shown(source, "images", pictures.problems) + more
    assets = program().assets()
    seed = site_seed(settings, assets, [(p.name, p.title) for p in pages])
    shelf = Shelf(key, str(real(options.cache)), reader_version(), known, former, beside)
    # A picture may stand among the site's own images, which have been told of.
    problems += found_problems + [p for p in portrait_problems if p not in problems]
    unusable |= any(p.rule == "part-unreadable" for p in problems)
    found = pages, pictures, files, assets, seed, problems, unusable, shelf, organisms
    return Sight(source, settings, *found, licensed)
