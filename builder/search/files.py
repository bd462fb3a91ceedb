"""The files of an index: made anew, or taken over from the index that stands already."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from builder.plan.digest import digest
from builder.search.shards import shard_name

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

__all__ = ["FOLDER", "Files", "LostError", "Published"]

FOLDER = "search"
USUAL = 8
"""Characters of a name that no other file wanted."""


class LostError(Exception):
    """Not all that an index is to be revised from is as it was left; it must be made anew."""


@dataclass(frozen=True)
class Published:
    """The files of the index that stands already."""

    digests: Mapping[str, bytes]
    """Of the contents of each, by path."""
    read: Callable[[str], bytes]
    """The bytes of a file, by path; raises OSError if it cannot be read."""

    def data(self, path: str) -> bytes:
        """The bytes of a file.

        Raises:
            LostError: if they are not those that were written.
        """
        try:
            data = self.read(path)
        except OSError as error:
            raise LostError(path) from error
        if digest(data) != self.digests.get(path):
            raise LostError(path)
        return data


class Files:
    """The files of an index, by path."""

    def __init__(self, published: Published | None = None) -> None:
        """Begin an index.

        Args:
            published: the index before; None to make every file.
        """
        self.published = published
        self.files: dict[str, bytes | None] = {}
        """The bytes of each file; None for one that is taken over."""
        self.digests: dict[str, bytes] = {}
        """Of the contents of those that were made, where there was an index before."""

    def add(self, kind: str, ending: str, data: bytes) -> str:
        """Keep a file; returns its name, which follows from its contents."""
        name = shard_name(data)
        if self.published is not None:
            path = f"{FOLDER}/{kind}/{name}.{ending}"
            own = digest(data)
            if self.published.digests.get(path, own) != own or self.digests.get(path, own) != own:
                raise LostError(path)  # another content has the same forty bits of a hash
            self.files[path], self.digests[path] = data, own
            return name
        while self.files.setdefault(f"{FOLDER}/{kind}/{name}.{ending}", data) != data:
            name += "x"  # likewise
        return name

    def take(self, kind: str, ending: str, name: str) -> str:
        """Keep a file of the index before as it is; returns its name.

        Raises:
            LostError: if there is none.
        """
        path = f"{FOLDER}/{kind}/{name}.{ending}"
        if self.published is None or path not in self.published.digests or len(name) != USUAL:
            raise LostError(path)
        self.files.setdefault(path, None)
        return name

    def open(self, kind: str, ending: str, name: str) -> bytes:
        """The bytes of a file of the index before.

        Raises:
            LostError: if there is none, or it is not as it was left.
        """
        if self.published is None:
            raise LostError(name)
        return self.published.data(f"{FOLDER}/{kind}/{name}.{ending}")
