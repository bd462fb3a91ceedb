"""The bulk downloads of one output folder: what must be made of them, and what pages say of them."""

from __future__ import annotations

from collections import deque
from contextlib import contextmanager, suppress
from functools import cache, cached_property, partial
from hashlib import sha256
from typing import TYPE_CHECKING, TypeVar

import msgspec
import numpy as np

from builder import kept
from builder.names import escape
from builder.plan.digest import digest
from builder.problems import BuildError
from builder.publish.downloads import Layout, Parts, make
from builder.publish.lists import counts, figures_by_organism, gene_organisms, organism_list
from builder.publish.parts import GENES_A_SET
from builder.publish.tables import TABLES, Download, checksums, data_package, readme
from builder.write.output import Prepared, runs_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

    from builder.catalog.catalog import Catalog
    from builder.publish.downloads import Made
    from builder.read.settings import Settings
    from builder.workers import Workers
    from builder.write.output import Data

__all__ = ["MANY", "Bulk", "Ready", "bulk_memory", "set_path"]

FOLDER = "downloads/"
PACKAGE, README, TURTLE = FOLDER + "datapackage.json", FOLDER + "README.md", FOLDER + "pfocr.ttl.gz"
INFORMATION, LISTED = "json/getFigureInfo.json", "json/listFiguresByOrganism.json"
SUMS = FOLDER + "SHA256SUMS"
COUNTS, ORGANISMS = "json/getCounts.json", "json/listOrganisms.json"
FIGURES_OF_SETS = 100
"""An organism has a file of gene sets if more figures than these show genes of it."""
FEW = 2
"""Parts that this process makes itself."""
MANY = 2048
"""Figures from which on it is worth a process to do something beside other work."""
SOME, LARGE = 12, 1 << 15
"""Parts that another process makes alone where there are so many figures: this one has enough to do, and need not even
load what parts are made of."""

PATIENCE = 3
"""How much less it is in a hurry than what renews the words of the search index."""

T = TypeVar("T")
Ready = tuple[dict[str, Prepared], dict[str, Download]]
"""Downloads that stand beside those whose places they are to take, by path; and what to say of each."""
_Maker = tuple[str, "Callable[[], Made | tuple[bytes, int]]"]
"""What a file holds, and a function that makes it and tells its rows."""


class _Described(msgspec.Struct, array_like=True):
    """What was said of the downloads of an output folder, by path: digest and description."""

    files: dict[str, tuple[bytes, Download]]


def set_path(organism: str) -> str:
    """Path of the gene sets of an organism."""
    return f"{FOLDER}pfocr-{escape(organism)}.gmt"


def bulk_memory(cache: Path, out: Path) -> Path:
    """Where the downloads of an output folder are remembered; without the ending."""
    return cache / f"downloads-{kept.folder_mark(out)}"


class Bulk:
    """The downloads of one output folder."""

    def __init__(self, catalog: Catalog, settings: Settings, seed: bytes, version: bytes, memory: Path) -> None:
        """Work out on what the downloads depend.

        Args:
            catalog: the collection.
            settings: of the site.
            seed: digest of the site.
            version: digest of the program.
            memory: path, without its ending, of what is remembered of them.
        """
        self.catalog = catalog
        self.settings = settings
        self.memory = memory
        self.layout = Layout(catalog, settings, version)
        self.shown = gene_organisms(catalog, settings.default_organism)
        self.sets = self._organisms_of_sets()
        self.digests = self._digests(seed)
        self.stale: set[str] = set()
        self._unsaid = False
        self.made: dict[str, Download] = {}
        """What to say of each download, once ``files`` came to its end."""
        self._wait: Callable[[], object] = int
        """Waits for the parts that are being made."""
        self.ready: Callable[[], Ready] = lambda: ({}, {})
        """Waits for the downloads that were made ahead."""

    def _organisms_of_sets(self) -> list[str]:
        """Organisms that have a file of gene sets: the default one first, then the one with most figures."""
        own = self.settings.default_organism
        many = {o: n for o, seen in self.shown.items() if (n := int(np.count_nonzero(seen))) > FIGURES_OF_SETS}
        return [own, *sorted(many.keys() - {own}, key=lambda o: (-many[o], o))]

    def _digests(self, seed: bytes) -> dict[str, bytes]:
        """The digest of all that each download tells."""
        t = self.layout.tokens
        own = {"figures": t.figures, "genes": t.mentions, "chemicals": t.chemicals, "diseases": t.diseases}
        told: dict[str, tuple[object, ...]] = {
            f"{FOLDER}{table.stem}{ending}": (t.names, own[table.name])
            for table in TABLES
            for ending in (".tsv.gz", ".parquet")
        }
        told |= {set_path(o): (o, t.names, t.figures, t.mentions) for o in self.sets}
        figids = self.catalog.figures.figid_hash
        organisms = [(o, figids[f].tobytes()) for o, f in self.catalog.organisms.items()]
        told |= {
            TURTLE: tuple(t),
            INFORMATION: (t.names, t.figures, t.mentions),
            LISTED: (t.names, digest(organisms), sorted(self.catalog.known.items())),
            ORGANISMS: (sorted(self.shown), sorted(self.catalog.organisms), sorted(self.catalog.known.items())),
            COUNTS: tuple(t),
            README: (),
            PACKAGE: (t.names, t.figures, t.mentions, t.chemicals, t.diseases),
            SUMS: (*t, self.sets),
        }
        return {path: digest(seed, path, *facts) for path, facts in told.items()}

    @cached_property
    def parts(self) -> Parts:
        """The parts in the cache."""
        folder = self.memory.with_suffix(".pieces")
        if folder.is_file():  # earlier versions of the program kept a file of this name
            folder.unlink()
        kept.make_folder(folder)
        return Parts(self.layout, folder)

    @property
    def large(self) -> bool:
        """Whether this process has enough to do beside the downloads."""
        return len(self.catalog.figures) >= LARGE

    def begin(
        self, workers: Workers, first: Callable[[], T] | None = None, ahead: Callable[[], Ready] | None = None
    ) -> Callable[[], T] | None:
        """Begin to make the parts that are not there; they need the catalogue alone, so workers have work early.

        Args:
            workers: make them.
            first: what else to begin, in a process of its own; where few parts are to be made, they follow it there.
            ahead: makes downloads ahead there, once their parts are made.

        Returns:
            A function that waits for what comes of ``first``.
        """
        wanted, figures = self.parts.wanted(), len(self.catalog.figures)
        if first and len(wanted) <= SOME and self.large:
            forks = workers.forks()
            begun = partial(self._make_parts, first, wanted, ahead if forks else None)
            self._wait = all_done = cache(workers.aside(begun, patience=PATIENCE))
            if forks:  # else nothing is begun before somebody waits for it
                self.ready = lambda: all_done()[1]
            return lambda: all_done()[0]
        done = workers.aside(first) if first and figures >= MANY else first
        self._wait = partial(deque, workers.run(make, self.parts.tasks(wanted), small=len(wanted) <= FEW), 0)
        return done

    def _make_parts(
        self, first: Callable[[], T], wanted: list[int], ahead: Callable[[], Ready] | None
    ) -> tuple[T, Ready]:
        """Do something, then make some parts, given by number, and downloads; gives what comes of first and last."""
        self._wait = int  # where no process could be begun this one does it, when somebody waits for it
        result = first()
        for task in self.parts.tasks(wanted):
            make(task)
        return result, ahead() if ahead else ({}, {})

    def settle(self) -> None:
        """Wait for the parts that are being made."""
        self._wait()
        self._wait = int

    def drop(self) -> None:
        """Remove what was made ahead and was not put in its place."""
        with suppress(BuildError):  # where they could not be made
            for prepared in self.ready()[0].values():
                prepared.drop()

    def take(self, stale: set[str], made: dict[str, Download]) -> None:
        """Take over what came of ``files`` where another process called it: paths, and what to say of each download."""
        self.stale, self.made = stale, made

    def files(self, stale: set[str]) -> Iterator[tuple[str, Data]]:
        """Path and bytes of the downloads that must be made, each to be used before the next one is asked for.

        Args:
            stale: their paths.
        """
        self.settle()
        self.stale = stale
        for path in self.digests:
            if path in self.stale:
                data, self.made[path] = self._make(path)
                yield path, data
        for path in self.digests:
            self._tell(path)
        self.__dict__.pop("_sets", None)

    @cached_property
    def _makers(self) -> dict[str, _Maker]:
        """How each download is made, in the order in which pages list them."""
        parts = self.parts
        makers: dict[str, _Maker] = {}
        for table in TABLES:
            for ending, maker in ((".tsv.gz", parts.text_table), (".parquet", parts.parquet_table)):
                makers[f"{FOLDER}{table.stem}{ending}"] = (f"{table.about}.", partial(maker, table))
        for organism in self.sets:
            about = f"Gene sets of {organism}: figid, title, NCBI Gene ids; figures of {GENES_A_SET} genes or more."
            makers[set_path(organism)] = (about, partial(self._sets.__getitem__, organism))
        return makers | {
            TURTLE: ("Figures, genes, papers and mentions as RDF, in the words of schema.org.", parts.turtle),
            INFORMATION: ("Title, year, organisms and address of each figure.", parts.information),
            LISTED: ("The figures of each organism.", self._listed),
            ORGANISMS: ("Organisms of genes, and those that records name.", self._organism_list),
            COUNTS: ("How much the collection holds.", self._counts),
            README: ("What each column holds.", lambda: (readme(self.settings), 0)),
            PACKAGE: ("All tables, described for Frictionless tools.", self._package),
            SUMS: ("Checksums of the other files of this folder.", self._checksums),
        }

    @cached_property
    def _sets(self) -> dict[str, Made]:
        """The gene sets of all organisms that have a file."""
        return self.parts.sets(self.sets)

    def _listed(self) -> tuple[bytes, int]:
        """The figures of each organism."""
        return figures_by_organism(self.catalog, self.layout.order), len(self.catalog.organisms)

    def _organism_list(self) -> tuple[bytes, int]:
        """The organisms."""
        return organism_list(self.catalog, self.shown), len(self.shown.keys() | self.catalog.organisms.keys())

    def _counts(self) -> tuple[bytes, int]:
        """How much there is of what."""
        rows = {t.name: self._tell(f"{FOLDER}{t.stem}.tsv.gz").rows for t in TABLES}
        return counts(self.catalog, self.settings.default_organism, self.shown, rows, self.parts.gathered()), 1

    def _package(self) -> tuple[bytes, int]:
        """The description of all tables."""
        files = [f"{FOLDER}{t.stem}{ending}" for t in TABLES for ending in (".tsv.gz", ".parquet")]
        return data_package(self.settings, [self._tell(path) for path in files]), len(files)

    def _checksums(self) -> tuple[bytes, int]:
        """The checksums of the other files of the folder."""
        files = [path for path in self.digests if path.startswith(FOLDER) and path != SUMS]
        return checksums([self._tell(path) for path in files]), len(files)

    def _make(self, path: str) -> tuple[Data, Download]:
        """A download, and what to say of it."""
        about, maker = self._makers[path]
        data, rows = maker()
        check, size = sha256(), 0
        for run in runs_of(data):
            check.update(run)
            size += len(run)
        return data, Download(path, about, rows, size, check.hexdigest())

    def _tell(self, path: str) -> Download:
        """What to say of a download: what was said before if nothing changed since, else it is made again."""
        if path not in self.made:
            own, described = self._remembered.get(path, (b"", None))
            self.made[path] = described if described and own == self.digests[path] else self._make(path)[1]
        return self.made[path]

    @cached_property
    def _remembered(self) -> dict[str, tuple[bytes, Download]]:
        """What the build before said of the downloads."""
        said: _Described | None = kept.load(self.memory.with_suffix(".said"), _Described)
        return said.files if said else {}

    def changed(self) -> set[str]:
        """Paths of the downloads that tell other things than those that the build before published."""
        return {path for path, own in self.digests.items() if self._remembered.get(path, (b"", None))[0] != own}

    @property
    def data(self) -> list[str]:
        """Paths of the downloads that hold the whole collection, each in its own form."""
        return [path for path in self.main if path.endswith((".gz", ".parquet", ".gmt"))]

    @property
    def main(self) -> list[str]:
        """Paths of the downloads, gene sets of other organisms than the default one aside."""
        more = set(self.more)
        return [path for path in self.digests if path not in more]

    @property
    def more(self) -> list[str]:
        """Paths of the gene sets of other organisms than the default one."""
        return list(map(set_path, self.sets[1:]))

    @contextmanager
    def unsaid(self) -> Iterator[None]:
        """Within, pages say nothing of the downloads that are still to be made."""
        self._unsaid = True
        try:
            yield
        finally:
            self._unsaid = False

    def described(self, paths: Iterable[str]) -> list[Download]:
        """What pages say of some downloads, once ``files`` came to its end."""
        return [self.made[p] for p in paths if p in self.made or not self._unsaid]

    def remember(self) -> None:
        """Keep what the next build can use, once the files are published."""
        kept.leave(
            self.memory.with_suffix(".said"), _Described({p: (self.digests[p], self.made[p]) for p in self.digests})
        )
        if self.stale:
            self.parts.forget()
