"""The bulk downloads, put together of parts: tables, gene sets, RDF.

Byte for byte repeatable: rows in the order of figids, gzip without a clock. Text is unquoted
tab-separated (read with ``quote=""`` in R, ``csv.QUOTE_NONE`` in Python); tabs and line breaks
inside a value become spaces.
"""

from __future__ import annotations

from bisect import bisect_left
from hashlib import blake2b
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

import msgspec
import numpy as np

from builder import kept
from builder.names import is_number
from builder.plan import cards
from builder.plan.digest import digest
from builder.publish.cells import guarded
from builder.publish.deflate import Part, gzip_file, pack_part
from builder.publish.parquet import parquet_file
from builder.publish.parts import GenesTask, PartTask, Vocabulary, make_genes, make_part
from builder.publish.pieces import DamagedError, Pieces
from builder.publish.rdf import HEAD
from builder.read.card import cell
from builder.vocabulary import fold, summed_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from builder.catalog.catalog import Catalog
    from builder.catalog.concepts import Concepts
    from builder.publish.tables import Table
    from builder.read.settings import Settings

__all__ = ["Layout", "Parts", "make"]

SMALL, USUAL = 96, 160
"""Figures of a part at least, but for the last one; in a collection of fewer than ``LARGE``, and in a larger one.

A part is made anew for each figure that comes or goes, and a file is put together of all parts.
"""
LARGE = 1 << 15


class Tokens(NamedTuple):
    """Digests of what the downloads tell, kind by kind."""

    names: bytes
    """Which figures, in which order."""
    figures: bytes
    chemicals: bytes
    diseases: bytes
    mentions: bytes
    """Gene mentions."""
    genes: bytes
    """Symbols, ids, organisms and pages of genes; names, ids and pages of chemicals and diseases."""


def _spans(figids: NDArray[np.uint64]) -> list[tuple[int, int]]:
    """First and last place of each part.

    A part ends where a figid's hash says so, so that a change moves no border but those beside it; and none is so large
    that making it anew takes long.

    Args:
        figids: a hash of each.
    """
    size = USUAL if len(figids) >= LARGE else SMALL
    ends = (np.flatnonzero(figids % np.uint64(size) == 0) + 1).tolist()  # past the least, one of as many ends a part
    bounds = [0]
    while bounds[-1] < len(figids):
        least = bounds[-1] + size
        at = bisect_left(ends, least)
        end = ends[at] if at < len(ends) else len(figids)
        bounds.append(min(end, bounds[-1] + 3 * size, len(figids)))
    return list(pairwise(bounds))


def _of_figures(part: Sequence[int], concepts: Concepts) -> tuple[bytes, bytes]:
    """How many mentions of chemicals or diseases some figures have, and what each is of: int32."""
    first, last = (np.searchsorted(concepts.mention_figure, part, side) for side in ("left", "right"))
    at = [np.arange(a, b) for a, b in zip(first, last, strict=True)]
    of = concepts.mention_concept[np.concatenate(at)] if at else concepts.mention_concept[:0]
    return (last - first).astype(np.int32).tobytes(), of.astype(np.int32).tobytes()


class Layout:
    """Which parts there are, and the digest of what each tells."""

    def __init__(self, catalog: Catalog, settings: Settings, version: bytes) -> None:
        """Lay out the parts.

        Args:
            catalog: the collection.
            settings: of the site.
            version: digest of the program, which may come to write parts otherwise.
        """
        self.catalog = catalog
        self.settings = settings
        self.order = catalog.figures.by_figid.tolist()
        self.start = catalog.mentions.start
        names = catalog.figures.figid_hash[catalog.figures.by_figid]
        self.spans = _spans(names)
        genes_told = self._gene_hashes()
        concepts = [cards.concept_numbers(c) for c in (catalog.chemicals, catalog.diseases)]
        lanes = np.column_stack((self._row_hashes(concepts), self._mention_hashes(genes_told)))[
            catalog.figures.by_figid
        ]
        known = digest(version, settings.url, settings.article_url)
        self.digests = [
            blake2b(known + lanes[a:b].tobytes() + names[a:b].tobytes(), digest_size=16).digest() for a, b in self.spans
        ]
        whole = [blake2b(lanes[:, k].tobytes(), digest_size=16).digest() for k in range(lanes.shape[1])]
        told = (a.tobytes() for a in (genes_told, *concepts))
        genes = blake2b(known + b"".join(blake2b(t, digest_size=16).digest() for t in told), digest_size=16).digest()
        figures, chemicals, diseases, mentions = whole
        name = blake2b(names.tobytes(), digest_size=16).digest()
        self.tokens = Tokens(name, figures, chemicals, diseases, mentions, genes)

    def _gene_hashes(self) -> NDArray[np.uint64]:
        """A hash of all that parts tell of each gene."""
        genes, taxa, default = self.catalog.genes, self._taxa(), self.settings.default_organism
        told = {o: cards.number((o or default, taxa.get(o or default, ""))) for o in {*genes.organism}}
        return fold(genes.hashes, np.array([told[o] for o in genes.organism], np.uint64))

    def _row_hashes(self, told: Sequence[NDArray[np.uint64]]) -> NDArray[np.uint64]:
        """A hash of the lines of each figure in each table, and of what RDF tells of its chemicals and diseases.

        Args:
            told: a number of each chemical, and of each disease.
        """
        hashes = self.catalog.figures.row_hash.copy()
        for lane, (c, own) in enumerate(zip((self.catalog.chemicals, self.catalog.diseases), told, strict=True), 1):
            hashes[:, lane] = fold(hashes[:, lane], cards.concept_lane(c, len(hashes), own))
        return hashes

    def _taxa(self) -> dict[str, str]:
        """NCBI Taxonomy ids of the organisms that have one, by name."""
        return {o.name: o.ncbi for o in self.catalog.known.values() if is_number(o.ncbi)}

    def _mention_hashes(self, told: NDArray[np.uint64]) -> NDArray[np.uint64]:
        """A hash of what is told of the gene mentions of each figure: as the record has them, and their genes.

        Args:
            told: a hash of what is told of each gene.
        """
        m, g = self.catalog.mentions, self.catalog.genes
        genes = fold(m.gene_hashes, told[g.spelling]) if len(told) else told
        return fold(self.catalog.figures.mention_hash, summed_of(genes, m.gene, self.start))

    def vocabulary(self) -> Vocabulary:
        """What mentions say by number."""
        m, g = self.catalog.mentions, self.catalog.genes
        default = self.settings.default_organism
        words, matches, lexicons = (
            [guarded(cell(t)).encode("utf-8", "replace") for t in texts] for texts in (m.words, m.matches, m.lexicons)
        )
        symbols, ncbi, organisms = (
            [cell(t) for t in texts] for texts in (g.symbol, g.ncbi, (o or default for o in g.organism))
        )
        s = self.settings
        chemicals, diseases = (cards.concept_entries(c) for c in (self.catalog.chemicals, self.catalog.diseases))
        return Vocabulary(
            words, matches, lexicons, symbols, ncbi, organisms, g.path, self._taxa(), chemicals, diseases,
            s.url, s.article_url,
        )  # fmt: skip

    def task(self, number: int, path: Path, vocabulary: str) -> PartTask:
        """What a worker must know to make a part."""
        m = self.catalog.mentions
        first, last = self.spans[number]
        part = self.order[first:last]
        at = np.concatenate([np.arange(self.start[i], self.start[i + 1]) for i in part])
        counts = (self.start[1:] - self.start[:-1])[part].astype(np.int32).tobytes()
        columns = (m.word, m.match, m.lexicon, self.catalog.genes.mention_gene)
        concepts = [_of_figures(part, c) for c in (self.catalog.chemicals, self.catalog.diseases)]
        figures, chemicals, diseases = (table.of(part) for table in self.catalog.figures.lines())
        return PartTask(
            str(path),
            vocabulary,
            figures,
            chemicals,
            diseases,
            counts,
            [c[at].astype(np.int32).tobytes() for c in columns],
            concepts,
        )


Made = tuple[list[bytes | memoryview], int]
"""A file in runs of bytes, which may be those of parts as they lie in the cache; and its rows."""


class Parts:
    """The parts in the cache, and the files that they make."""

    def __init__(self, layout: Layout, folder: Path) -> None:
        """Find out which parts are there.

        Args:
            layout: which parts there are.
            folder: where they are kept.
        """
        self.layout = layout
        self.folder = folder
        self._files = [folder / f"{d.hex()}.part" for d in layout.digests]
        self._genes = folder / f"{layout.tokens.genes.hex()}.genes"
        self._open: dict[Path, Pieces] = {}
        self._vocabulary: Path | None = None

    def _known(self, path: Path) -> bool:
        """Whether a part is there."""
        try:
            self._open[path] = Pieces(path)
        except DamagedError:
            return False
        return True

    def tasks(self, wanted: Sequence[int]) -> Iterator[PartTask | GenesTask]:
        """The tasks of some parts, each made when it is asked for."""
        return map(self._task, wanted)

    def wanted(self) -> list[int]:
        """Numbers of the parts that are not there; -1 for the genes."""
        wanted = [] if self._known(self._genes) else [-1]
        return wanted + [n for n, path in enumerate(self._files) if not self._known(path)]

    def _task(self, number: int) -> PartTask | GenesTask:
        """The task of a part; -1 for the genes."""
        vocabulary = self._words()
        if number < 0:
            return GenesTask(str(self._genes), vocabulary)
        return self.layout.task(number, self._files[number], vocabulary)

    def _words(self) -> str:
        """File of the vocabulary, named after its contents, since a worker keeps the one that it opened."""
        if self._vocabulary is None:
            data = msgspec.msgpack.encode(self.layout.vocabulary())
            self._vocabulary = self.folder / f"{digest(data).hex()}.words"
            kept.write(self._vocabulary, data)
        return str(self._vocabulary)

    def _pieces(self, path: Path) -> Pieces:
        """The pieces of a part that was made."""
        if path not in self._open:
            self._open[path] = Pieces(path)
        return self._open[path]

    def _read(self, number: int, name: str) -> tuple[Pieces, memoryview]:
        """A piece of a part, which is made again if the disk lost it."""
        path = self._genes if number < 0 else self._files[number]
        try:
            pieces = self._pieces(path)
            return pieces, pieces.data(name)
        except DamagedError:
            make(self._task(number))
            pieces = self._open[path] = Pieces(path)
            return pieces, pieces.data(name)

    def _packed(self, name: str, numbers: Sequence[int]) -> Iterator[tuple[Part, int]]:
        """Pieces of a gzip file, and the rows in each."""
        for number in numbers:
            pieces, data = self._read(number, name)
            piece = pieces.head[name]
            yield Part(data, piece.crc, piece.length), piece.rows

    def _zipped(self, head: str, name: str, numbers: Sequence[int]) -> Made:
        """A gzip file and the rows in it."""
        parts, rows = [pack_part(head.encode())], 0
        for part, own in self._packed(name, numbers):
            parts.append(part)
            rows += own
        return gzip_file(parts), rows

    def text_table(self, table: Table) -> Made:
        """A table as text, and its rows."""
        return self._zipped("\t".join(table.columns) + "\n", f"{table.name}.tsv", range(len(self._files)))

    def parquet_table(self, table: Table) -> Made:
        """A table as Parquet, and its rows."""
        found = []
        for number in range(len(self._files)):
            pieces, data = self._read(number, f"{table.name}.parquet")
            if group := pieces.head[f"{table.name}.parquet"].group:
                found.append((data, group))
        return parquet_file(table.columns, found), sum(group.rows for _, group in found)

    def turtle(self) -> Made:
        """The collection in RDF, and its figures."""
        data, rows = self._zipped(HEAD, "turtle", [-1, *range(len(self._files))])
        return data, rows - len(self.layout.catalog.genes)

    def sets(self, organisms: Sequence[str]) -> dict[str, Made]:
        """The gene sets of some organisms, and how many there are of each."""
        lines: dict[str, list[bytes | memoryview]] = {o: [] for o in organisms}
        rows = dict.fromkeys(organisms, 0)
        for number in range(len(self._files)):
            own = msgspec.msgpack.decode(self._read(number, "sets")[1], type=dict[str, tuple[int, memoryview]])
            for organism, (count, text) in own.items():
                if organism in lines:
                    rows[organism] += count
                    lines[organism].append(text)
        return {o: (lines[o], rows[o]) for o in organisms}

    def information(self) -> Made:
        """``getFigureInfo.json``, and its figures."""
        runs: list[bytes | memoryview] = [b'{"figureInfo":[\n']
        for number in range(len(self._files)):
            runs += [b",\n", self._read(number, "information")[1]] if number else [self._read(number, "information")[1]]
        return [*runs, b"\n]}\n"], len(self.layout.order)

    def gathered(self) -> list[int]:
        """How many chemicals by MeSH and by ChEBI id, and diseases by MeSH and by Disease Ontology id there are."""
        found: tuple[set[str], ...] = (set(), set(), set(), set())
        for number in range(len(self._files)):
            own = msgspec.msgpack.decode(self._read(number, "gathered")[1], type=list[list[str]])
            for known, more in zip(found, own, strict=True):
                known.update(more)
        return [len(known) for known in found]

    def forget(self) -> None:
        """Remove what no part needs any more."""
        needed = {self._genes, *self._files}
        for path in self.folder.iterdir():
            if path not in needed:
                path.unlink(missing_ok=True)


def make(task: PartTask | GenesTask) -> None:
    """Make a part and leave it in the cache."""
    if isinstance(task, GenesTask):
        make_genes(task)
    else:
        make_part(task)
