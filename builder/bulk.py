"""The bulk downloads of one output folder: what must be made of them, and what pages say of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from builder import kept
from builder.plan.digest import combine, digest
from builder.publish.downloads import (
    MENTIONS,
    Download,
    MentionTable,
    PartIndex,
    figure_table,
    gene_sets,
    pack_mentions,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from builder.catalog.catalog import Catalog
    from builder.publish.deflate import Part
    from builder.workers import Workers

__all__ = ["FIGURES", "SETS", "Bulk"]

FIGURES, SETS = "downloads/figures.tsv.gz", "downloads/figures.gmt"
FEW = 2
"""Parts that this process packs itself."""


class _Described(msgspec.Struct, array_like=True):
    """What was said of the downloads of an output folder, by path: digest and description."""

    files: dict[str, tuple[bytes, Download]]


class Bulk:
    """The downloads of one output folder."""

    def __init__(self, catalog: Catalog, default_organism: str, seed: bytes, version: bytes, memory: Path) -> None:
        """Work out on what the downloads depend.

        Args:
            catalog: the collection.
            default_organism: organism of gene mentions that name none.
            seed: digest of the site.
            version: digest of the program.
            memory: file, without its ending, in which to remember them.
        """
        self.catalog = catalog
        self.default = default_organism
        self.memory = memory
        self.mentions = MentionTable(catalog, default_organism, version, memory.with_suffix(".parts"))
        table = catalog.figures.table
        figures = combine(digest(catalog.figures.figid, bytes(table.start), bytes(table.end)), bytes(table.data))
        near, g = catalog.neighbours, catalog.genes
        shown = (digest(g.ncbi, g.organism), near.gene.tobytes(), near.gene_start.tobytes())
        self.digests = {
            FIGURES: digest(seed, FIGURES, figures),
            SETS: digest(seed, SETS, combine(figures, *shown)),
            MENTIONS: digest(seed, MENTIONS, self.mentions.digest),
        }
        self._vocabulary: Path | None = None
        self._made: dict[str, Download] = {}
        self._index: PartIndex | None = None

    def begin(self, stale: set[str], published: Path | None, workers: Workers) -> None:
        """Begin to pack what must be packed.

        Args:
            stale: paths of the downloads that must be made.
            published: the table of mentions as the build before left it; None if it is not there.
            workers: pack parts.
        """
        self.stale = stale
        if MENTIONS in stale:
            self._prepare(published, lambda pack, tasks: workers.run(pack, tasks, small=len(tasks) <= FEW))

    def _prepare(self, published: Path | None, run: Callable[..., Iterator[Part]]) -> None:
        """Find out which parts of the table of mentions are known, and have the others packed."""
        for left in self.memory.parent.glob(f"{self.memory.name}.*.words"):
            left.unlink(missing_ok=True)  # by a build that was killed
        data = msgspec.msgpack.encode(self.mentions.vocabulary())
        # Named after its contents, since a worker keeps the one that it opened.
        vocabulary = self._vocabulary = self.memory.with_suffix(f".{digest(data).hex()}.words")
        vocabulary.write_bytes(data)
        self._known = self.mentions.known(published)
        self._packed = run(pack_mentions, self.mentions.tasks(self._known, str(vocabulary)))

    def files(self) -> Iterator[tuple[str, bytes]]:
        """Path and bytes of the downloads that must be made."""
        makers: dict[str, Callable[[], tuple[bytes, Download]]] = {
            FIGURES: lambda: figure_table(self.catalog),
            SETS: lambda: gene_sets(self.catalog, self.default),
            MENTIONS: self._mention_file,
        }
        for path, make in makers.items():
            if path in self.stale:
                data, self._made[path] = make()
                yield path, data
        self._complete(makers)

    def _mention_file(self) -> tuple[bytes, Download]:
        """The table of mentions."""
        data, described, self._index = self.mentions.finish(self._known, self._packed)
        return data, described

    def _complete(self, makers: dict[str, Any]) -> None:
        """Find out what to say of the downloads that were not made: what was said before, else they are made again."""
        before = self._remembered()
        for path, make in makers.items():
            if path in self._made:
                continue
            own, described = before.get(path, (b"", None))
            if own != self.digests[path] or described is None:
                if path == MENTIONS:
                    self._prepare(None, map)
                _, described = make()
            self._made[path] = described

    def _remembered(self) -> dict[str, tuple[bytes, Download]]:
        """What the build before said of the downloads."""
        said: _Described | None = kept.load(self.memory.with_suffix(".said"), _Described)
        return said.files if said else {}

    def described(self) -> list[Download]:
        """What pages say of the downloads, once ``files`` came to its end."""
        return [self._made[p] for p in (FIGURES, MENTIONS, SETS)]

    def remember(self) -> None:
        """Keep what the next build can use, once the files are published."""
        said = _Described({p: (self.digests[p], self._made[p]) for p in self.digests})
        kept.save(self.memory.with_suffix(".said"), said)
        if self._index is not None:
            kept.save(self.memory.with_suffix(".parts"), self._index)
        if self._vocabulary:
            self._vocabulary.unlink(missing_ok=True)
