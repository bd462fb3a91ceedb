"""Files of the cache that hold pieces of several downloads: what some figures contribute to each.

A file is named after the digest of what its pieces tell, so that a later build takes over those that are there. It is
a head, which says where each piece stands, then the pieces; head and pieces carry checksums.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from builder import kept
from builder.publish.parquet import RowGroup

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

__all__ = ["DamagedError", "Made", "Piece", "Pieces", "save_pieces"]

_LENGTH = 4


class DamagedError(Exception):
    """A file of pieces is not as it was written."""


class Made(msgspec.Struct):
    """A piece that was made."""

    data: bytes | memoryview
    rows: int = 0
    crc: int = 0
    """CRC-32 of what was packed, if it was."""
    length: int = 0
    """Its bytes."""
    group: RowGroup | None = None
    """What the end of a Parquet file must say of the piece."""


class Piece(msgspec.Struct, array_like=True, frozen=True):
    """Where a piece stands in its file, and what to know of it."""

    start: int
    size: int
    check: bytes
    rows: int
    crc: int
    length: int
    group: RowGroup | None


def _check(data: bytes | memoryview) -> bytes:
    return kept.checksum([data])


def save_pieces(path: Path, made: Mapping[str, Made]) -> None:
    """Keep pieces, the file whole or not at all.

    Raises:
        BuildError: if the disk refuses.
    """
    head: dict[str, Piece] = {}
    place = 0
    for name, m in made.items():
        head[name] = Piece(place, len(m.data), _check(m.data), m.rows, m.crc, m.length, m.group)
        place += len(m.data)
    said = msgspec.msgpack.encode(head)
    kept.write(path, _check(said), len(said).to_bytes(_LENGTH, "little"), said, *(m.data for m in made.values()))


class Pieces:
    """The pieces in a file."""

    def __init__(self, path: Path) -> None:
        """Read the head.

        Raises:
            DamagedError: if the file is missing or damaged.
        """
        self.path = path
        try:
            with path.open("rb") as file:
                check, length = file.read(kept.SIZE), file.read(_LENGTH)
                said = file.read(int.from_bytes(length, "little"))
            if _check(said) != check:
                raise DamagedError(path)
            self.head = msgspec.msgpack.decode(said, type=dict[str, Piece])
        except (OSError, msgspec.MsgspecError) as error:
            raise DamagedError(path) from error
        self._base = kept.SIZE + _LENGTH + len(said)

    def data(self, name: str) -> memoryview:
        """A piece, as it lies in the file.

        Raises:
            DamagedError: if it is not as it was written.
        """
        piece = self.head[name]
        try:
            data = kept.contents(self.path, self._base + piece.start, piece.size)
        except OSError as error:
            raise DamagedError(self.path) from error
        if _check(data) != piece.check:
            raise DamagedError(self.path)
        return data
