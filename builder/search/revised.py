"""A table of the index after a change: only shards with a change in them are made anew.

Where a shard ends depends on its own entries and the one behind them, on nothing before (``shards.py``). So from a
change on a table is cut anew until a border falls where one was before; behind it all is as it was, up to the next one.
"""

from __future__ import annotations

from bisect import bisect_right
from typing import TYPE_CHECKING, Any

from builder.search.files import LostError
from builder.search.shards import borders_of, open_shard, short_beginning, table_of, table_shards

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from builder.search.files import Files
    from builder.search.shards import Table

__all__ = ["Revision"]

Entries = list[tuple[bytes, bytes]]


class Revision:
    """One table on its way from what it was to what it is to be."""

    def __init__(self, files: Files, kind: str, about: Mapping[str, Any]) -> None:
        """Begin with the table as it was.

        Args:
            files: of the index.
            kind: of the table.
            about: what the index before says of the table.
        """
        self._files, self._kind = files, kind
        self._was = [f.encode() for f in about["first"]]
        self._shards: list[str] = about["names"].split()
        self._open: dict[int, Entries] = {}
        self._changes: dict[int, dict[bytes, bytes | None]] = {}
        self._first: list[str] = []
        self._names: list[str] = []
        self._last: bytes | None = None
        """The last key so far; None where the shard it stands in is as it was."""

    def _shard_of(self, key: bytes) -> int:
        """The shard in which a key stands or would stand."""
        return max(bisect_right(self._was, key) - 1, 0)

    def _load(self, shard: int) -> Entries:
        """The entries of a shard as they were; none where the table was empty.

        Raises:
            LostError: if the shard is not as it was left.
        """
        if shard >= len(self._shards):
            return []
        if shard not in self._open:
            self._open[shard] = open_shard(self._files.open(self._kind, "bin", self._shards[shard]))
        return self._open[shard]

    def value(self, key: bytes) -> bytes | None:
        """What a key stood for; None if it was not there.

        Raises:
            LostError: if its shard is not as it was left.
        """
        entries = self._load(self._shard_of(key))
        place = bisect_right(entries, key, key=lambda e: e[0]) - 1
        return entries[place][1] if place >= 0 and entries[place][0] == key else None

    def put(self, key: bytes, value: bytes | None) -> None:
        """Give a key another value; None for one that goes."""
        self._changes.setdefault(self._shard_of(key), {})[key] = value

    def _changed(self, shard: int) -> Entries:
        """The entries of a shard as they are to be."""
        entries = self._load(shard)
        if shard not in self._changes:
            return entries
        now: dict[bytes, bytes | None] = dict(entries)
        if len(now) != len(entries):
            raise LostError(self._shards[shard])  # a key that stands twice
        now.update(self._changes[shard])
        return sorted((k, v) for k, v in now.items() if v is not None)

    def _begins_otherwise(self, shard: int) -> bool:
        """Whether the first entry of a shard is another now: it was what ended the shard before."""
        return shard in self._changes and self._load(shard)[:1] != self._changed(shard)[:1]

    def _emit(self, table: Table, before: bytes | None, borders: Sequence[int]) -> None:
        """Keep new shards, behind a key that stands before them."""
        for shard in table_shards(table, before, borders):
            self._first.append(shard.first.decode("utf-8", "replace"))
            self._names.append(self._files.add(self._kind, "bin", shard.data))
        if borders[-1]:
            self._last = table.keys[borders[-1] - 1]

    def _cut(self, shard: int) -> int:
        """Cut anew from a shard on; returns the next one that begins where one began before."""
        before = self._last
        if before is None and self._names:
            before = self._load(shard - 1)[-1][0]
        entries = self._changed(shard)
        ends: list[int] = []
        for following in range(shard + 1, len(self._shards)):
            ends.append(len(entries))
            entries = entries + self._changed(following)
            table = table_of(entries)
            # The end of what was looked at is a border only for want of more.
            borders = [b for b in borders_of(table) if b < len(entries)]
            met = next((n for n, end in enumerate(ends) if end and end in borders), None)
            if met is not None:
                self._emit(table, before, borders[: borders.index(ends[met]) + 1])
                return shard + 1 + met
        table = table_of(entries)
        self._emit(table, before, borders_of(table))
        return max(len(self._shards), 1)

    def _take(self, shard: int) -> None:
        """Take a shard over; behind a new one, what its first key begins with to stand behind it may be another."""
        first = self._was[shard]
        if not self._names:
            first = b""
        elif self._last is not None:
            first = short_beginning(self._load(shard)[0][0], self._last)
        self._first.append(first.decode("utf-8", "replace"))
        self._names.append(self._files.take(self._kind, "bin", self._shards[shard]))
        self._last = None

    def about(self) -> dict[str, Any]:
        """Make what is new; returns what the file that all begins with says of the table.

        Raises:
            LostError: if a shard is not as it was left.
        """
        shard = 0
        while shard < max(len(self._shards), 1):
            if shard in self._changes or self._begins_otherwise(shard + 1):
                shard = self._cut(shard)
            elif self._shards:
                self._take(shard)
                shard += 1
            else:
                break
        return {"first": self._first, "names": " ".join(self._names)}
