"""The bulk downloads: tables of figures and of gene mentions, and gene sets.

Byte for byte repeatable: rows in the order of figids, gzip without a clock. Text is unquoted
tab-separated (read with ``quote=""`` in R, ``csv.QUOTE_NONE`` in Python); tabs and line breaks
inside a value become spaces.

The table of mentions, by far the largest, is packed in parts of some hundred figures. Where a part ends depends on the
figids alone, so that a later build packs anew only the parts in which something changed.
"""

from __future__ import annotations

import zlib
from functools import lru_cache
from hashlib import blake2b, sha256
from itertools import chain, pairwise, repeat
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
import numpy as np

from builder import kept
from builder.catalog.arrays import starts
from builder.publish.deflate import HEAD, Part, gzip_file, pack_part
from builder.read.card import FIGURE_COLUMNS, cell
from builder.vocabulary import fold, fold_columns, summed, text_hashes

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from builder.catalog.catalog import Catalog

__all__ = [
    "MENTIONS",
    "Download",
    "MentionTable",
    "PartIndex",
    "PartTask",
    "Vocabulary",
    "figure_table",
    "gene_sets",
    "pack_mentions",
]

MENTIONS = "downloads/gene-mentions.tsv.gz"
FIGURES_A_PART = 256
GENES_A_SET = 3
"""A gene set of fewer genes cannot be tested for enrichment."""

MENTION_COLUMNS = ("figid", "word", "match", "lexicon", "symbol", "ncbigene_id", "organism")
TITLE_COLUMN = FIGURE_COLUMNS.index("title")


class Download(msgspec.Struct, frozen=True, array_like=True):
    """What the download page says of a file."""

    path: str
    description: str
    rows: int
    size: int
    """Bytes."""
    sha256: str

    @property
    def name(self) -> str:
        """Name of the file."""
        return self.path.rsplit("/", 1)[-1]


class Vocabulary(msgspec.Struct, array_like=True):
    """The cells of the table of mentions."""

    words: list[str]
    matches: list[str]
    lexicons: list[str]
    genes: list[str]
    """Symbol, NCBI Gene id and organism."""


class PartTask(msgspec.Struct, frozen=True):
    """A part of the table of mentions to pack."""

    vocabulary: str
    """File of the vocabulary."""
    figids: list[str]
    counts: bytes
    """Mentions of each figure, int32."""
    columns: tuple[bytes, bytes, bytes, bytes]
    """Words, matches, lexicons and genes of the mentions, int32."""


def describe(path: str, description: str, rows: int, data: bytes) -> Download:
    """What to say of a file."""
    return Download(path, description, rows, len(data), sha256(data).hexdigest())


def by_figid(catalog: Catalog) -> list[int]:
    """The figures in the order of figids."""
    return sorted(range(len(catalog.figures)), key=catalog.figures.figid.__getitem__)


def figure_table(catalog: Catalog) -> tuple[bytes, Download]:
    """The table of figures."""
    lines = table_lines(catalog)
    head = ("\t".join(FIGURE_COLUMNS) + "\n").encode()
    data = gzip_file([pack_part(head, *(lines[i] for i in by_figid(catalog)))])
    about = "One row a figure: title, paper, year, organisms, image file."
    return data, describe("downloads/figures.tsv.gz", about, len(lines), data)


def table_lines(catalog: Catalog) -> list[memoryview]:
    """The line of each figure in the table of figures."""
    table = catalog.figures.table
    bounds = zip(
        np.frombuffer(table.start, np.int64).tolist(), np.frombuffer(table.end, np.int64).tolist(), strict=True
    )
    return [table.data[a:b] for a, b in bounds]


def gene_sets(catalog: Catalog, default_organism: str) -> tuple[bytes, Download]:
    """The GMT: figid, title, NCBI Gene ids of the default organism; figures of three genes or more."""
    g, near = catalog.genes, catalog.neighbours
    named = np.array([bool(n) and not o for n, o in zip(g.ncbi, g.organism, strict=True)], bool)
    rank = np.zeros(len(g), np.int64)
    rank[sorted(range(len(g)), key=lambda k: (len(g.ncbi[k]), g.ncbi[k]))] = np.arange(len(g))
    owner = np.repeat(np.arange(len(catalog.figures)), np.diff(near.gene_start))
    keep = named[near.gene] if len(g) else np.zeros(0, bool)
    owner, gene = owner[keep], near.gene[keep]
    gene = gene[np.lexsort((rank[gene], owner))]
    first = starts(owner, len(catalog.figures)).tolist()
    table = table_lines(catalog)
    lines = []
    for i in by_figid(catalog):
        ids = gene[first[i] : first[i + 1]].tolist()
        if len(ids) >= GENES_A_SET:
            title = bytes(table[i]).decode().split("\t", TITLE_COLUMN + 1)[TITLE_COLUMN]
            line = "\t".join((cell(catalog.figures.figid[i]), title, *map(g.ncbi.__getitem__, ids))) + "\n"
            lines.append(line.encode("utf-8", "replace"))
    data = b"".join(lines)
    about = f"Gene sets of {default_organism}: figid, title, NCBI Gene ids; figures of {GENES_A_SET} genes or more."
    return data, describe("downloads/figures.gmt", about, len(lines), data)


@lru_cache(maxsize=1)
def _open_vocabulary(path: str) -> Vocabulary:
    """The vocabulary in a file; a worker opens it once."""
    return msgspec.msgpack.decode(Path(path).read_bytes(), type=Vocabulary)


def pack_mentions(task: PartTask) -> Part:
    """The rows of a part, packed."""
    v = _open_vocabulary(task.vocabulary)
    counts = np.frombuffer(task.counts, np.int32).tolist()
    figids = chain.from_iterable(map(repeat, map(cell, task.figids), counts))
    cells = (
        map(texts.__getitem__, np.frombuffer(numbers, np.int32).tolist())
        for texts, numbers in zip((v.words, v.matches, v.lexicons, v.genes), task.columns, strict=True)
    )
    rows = "\n".join(map("\t".join, zip(figids, *cells, strict=True)))
    return pack_part((rows + "\n").encode("utf-8", "replace") if rows else b"")


class PartIndex(msgspec.Struct, array_like=True):
    """Where the parts of a table of mentions stand in the file that a build published."""

    parts: dict[bytes, tuple[int, int, int, int]]
    """Digest of a part's contents -> first byte, bytes, CRC-32 and length of its text."""


class MentionTable:
    """The table of gene mentions, of which only changed parts are made."""

    def __init__(self, catalog: Catalog, default_organism: str, version: bytes, index: Path) -> None:
        """Lay out the table.

        Args:
            catalog: the collection.
            default_organism: organism of mentions that name none.
            version: digest of the program, which may come to write rows otherwise.
            index: where the build before left to know the parts of the published file.
        """
        self.catalog = catalog
        self.default = default_organism
        self.index = index
        self.order = by_figid(catalog)
        self.start = starts(catalog.mentions.figure, len(catalog.figures))
        self.spans = list(self._parts())
        self.digests = self._digests(version)
        self.digest = blake2b(b"".join(self.digests), digest_size=16).digest()

    def _parts(self) -> Iterator[tuple[int, int]]:
        """First and last place, in the order of figids, of each part: a part ends where a figid's hash says so."""
        figid = self.catalog.figures.figid
        ends = [
            place
            for place, i in enumerate(self.order, 1)
            if zlib.crc32(figid[i].encode("utf-8", "surrogatepass")) % FIGURES_A_PART == 0
        ]
        bounds = [0, *ends]
        if bounds[-1] < len(self.order):
            bounds.append(len(self.order))
        yield from pairwise(bounds)

    def _digests(self, version: bytes) -> list[bytes]:
        """The digest of each part's contents."""
        m, g = self.catalog.mentions, self.catalog.genes
        cells = self.vocabulary().genes
        texts = [c.encode("utf-8", "surrogatepass") for c in cells]
        gene = text_hashes(b"".join(texts), np.fromiter(map(len, texts), np.int64, len(texts)))
        lanes = fold_columns(
            (m.word_hashes, m.word), (m.match_hashes, m.match), (m.lexicon_hashes, m.lexicon), (gene, g.mention_gene)
        )
        rank = np.arange(len(lanes)) - self.start[m.figure]
        figures = summed(fold(lanes, rank.astype(np.uint64)), self.start)
        figid = self.catalog.figures.figid
        out = []
        for first, last in self.spans:
            part = self.order[first:last]
            names = "\0".join([figid[i] for i in part]).encode("utf-8", "surrogatepass")
            out.append(blake2b(version + figures[part].tobytes() + names, digest_size=16).digest())
        return out

    def vocabulary(self) -> Vocabulary:
        """The cells of the table, each made once."""
        m, g = self.catalog.mentions, self.catalog.genes
        genes = [
            "\t".join((cell(symbol), cell(ncbi), cell(organism or self.default)))
            for symbol, ncbi, organism in zip(g.symbol, g.ncbi, g.organism, strict=True)
        ]
        words, matches, lexicons = ([cell(t) for t in v] for v in (m.words, m.matches, m.lexicons))
        return Vocabulary(words, matches, lexicons, genes)

    def known(self, published: Path | None) -> dict[bytes, Part]:
        """Parts that the published file holds already; none if it is not as a build left it."""
        if published is None:
            return {}
        index: PartIndex | None = kept.load(self.index, PartIndex)
        try:
            data = published.read_bytes()
        except OSError:
            return {}
        parts = index.parts if index else {}
        return {k: Part(data[a : a + n], crc, length) for k, (a, n, crc, length) in parts.items()}

    def tasks(self, known: dict[bytes, Part], vocabulary: str) -> list[PartTask]:
        """What is to be packed: parts that are not known, in their order."""
        m, g = self.catalog.mentions, self.catalog.genes
        columns = (m.word, m.match, m.lexicon, g.mention_gene)
        tasks = []
        for own, (first, last) in zip(self.digests, self.spans, strict=True):
            if own in known:
                continue
            part = self.order[first:last]
            at: NDArray[np.int64] = np.concatenate([np.arange(self.start[i], self.start[i + 1]) for i in part])
            counts = (self.start[1:] - self.start[:-1])[part].astype(np.int32).tobytes()
            cells = tuple(c[at].astype(np.int32).tobytes() for c in columns)
            figids = [self.catalog.figures.figid[i] for i in part]
            tasks.append(PartTask(vocabulary, figids, counts, cells))  # type: ignore[arg-type]  # four columns
        return tasks

    def finish(self, known: dict[bytes, Part], packed: Iterator[Part]) -> tuple[bytes, Download, PartIndex]:
        """The file, what to say of it, and the index to save once it is published."""
        head = pack_part(("\t".join(MENTION_COLUMNS) + "\n").encode())
        parts = [known[d] if d in known else next(packed) for d in self.digests]
        data = gzip_file([head, *parts])
        place = len(HEAD) + len(head.data)
        index = PartIndex({})
        for own, part in zip(self.digests, parts, strict=True):
            index.parts[own] = (place, len(part.data), part.crc, part.length)
            place += len(part.data)
        about = "One row a gene mention: the word in the figure, the lexicon that knows it, gene symbol, NCBI Gene id."
        return data, describe(MENTIONS, about, len(self.catalog.mentions.figure), data), index
