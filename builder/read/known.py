"""What is remembered of the files of a source, column by column: of a hundred thousand, no object is made for each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from collections.abc import Sequence

    from builder.read.source import FileStamp

__all__ = ["Known", "KnownFiles", "KnownTable"]

RUN = 512
"""Files that are compared together with as many known ones."""
DIGEST = 16
"""Bytes of a content hash."""

Known = tuple[int, int, bytes]
"""Size in bytes, ``time_of``, content hash."""


class KnownTable(msgspec.Struct, array_like=True):
    """The columns as they are kept."""

    names: list[str] = []
    sizes: list[int] = []
    mtimes: list[int] = []
    digests: bytes = b""
    """Sixteen bytes a file."""

    def whole(self) -> bool:
        """Whether each column has an entry for each file."""
        count = len(self.names)
        return [len(self.sizes), len(self.mtimes), len(self.digests)] == [count, count, count * DIGEST]


class KnownFiles(Mapping[str, Known]):
    """Size, time and content hash of files by name."""

    def __init__(self, table: KnownTable | None = None) -> None:
        self.table = table or KnownTable()

    @classmethod
    def of(cls, files: Sequence[FileStamp], digests: Sequence[bytes]) -> KnownFiles:
        """What is to be remembered of some files.

        Args:
            files: name, size and time of each.
            digests: content hash of each; empty for one that could not be read, which is left out.
        """
        if not all(digests):
            read = [(file, digest) for file, digest in zip(files, digests, strict=True) if digest]
            files, digests = [file for file, _ in read], [digest for _, digest in read]
        names, sizes, mtimes = map(list, zip(*files, strict=True)) if files else ([], [], [])
        return cls(KnownTable(names, sizes, mtimes, b"".join(digests)))

    @cached_property
    def _at(self) -> dict[str, int]:
        """Place of each name in the columns; most builds look up none or a few of them."""
        return {name: i for i, name in enumerate(self.table.names)}

    def __getitem__(self, name: str) -> Known:
        i = self._at[name]
        return self.table.sizes[i], self.table.mtimes[i], self._digest(i)

    def __iter__(self) -> Iterator[str]:
        return iter(self.table.names)

    def __len__(self) -> int:
        return len(self.table.names)

    def __eq__(self, other: object) -> bool:
        return self.table == other.table if isinstance(other, KnownFiles) else NotImplemented

    __hash__ = None  # type: ignore[assignment]  # as of any mapping

    def _digest(self, i: int) -> bytes:
        """Content hash of the file at a place."""
        return self.table.digests[i * DIGEST : (i + 1) * DIGEST]

    def with_times(self, mtimes: Mapping[str, int]) -> KnownFiles:
        """The same files, some of them with another time."""
        now = list(self.table.mtimes)
        for name, mtime in mtimes.items():
            now[self._at[name]] = mtime
        return KnownFiles(msgspec.structs.replace(self.table, mtimes=now))

    def digests(self, files: Sequence[FileStamp]) -> list[bytes]:
        """The content hash of each file, by its size and time; empty for one that is new or changed.

        Args:
            files: name, size and time of each, mostly in the order of those that are known.
        """
        t, out, at = self.table, [], 0
        if not t.names:
            return [b""] * len(files)
        for first in range(0, len(files), RUN):
            run = files[first : first + RUN]
            end = at + len(run)
            # Most runs stand as they stood: they are compared as a whole, not looked up file by file.
            if run == list(zip(t.names[at:end], t.sizes[at:end], t.mtimes[at:end], strict=True)):
                out += [self._digest(i) for i in range(at, end)]
            else:
                out += [self._of(file) for file in run]
                end = self._at.get(run[-1][0], end - 1) + 1
            at = end
        return out

    def _of(self, file: FileStamp) -> bytes:
        """As ``digests``, of one."""
        name, size, mtime = file
        i = self._at.get(name, -1)
        return self._digest(i) if i >= 0 and self.table.sizes[i] == size and self.table.mtimes[i] == mtime else b""
