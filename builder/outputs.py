"""What a build left in an output folder: path, digest, size and modification time of every file, as columns."""

from __future__ import annotations

from array import array
from typing import TYPE_CHECKING, Any, cast

import msgspec

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy as np
    from numpy.typing import NDArray

__all__ = ["Outputs", "OutputsTable"]

RUN = 512
"""Paths that are compared together with as many known ones."""
DIGEST = 16
"""Bytes of a digest."""


class OutputsTable(msgspec.Struct, array_like=True):
    """The columns as they are kept."""

    paths: list[str] = []
    sizes: bytes = b""
    """Of each file, int64; likewise the modification times, in nanoseconds."""
    mtimes: bytes = b""
    digests: bytes = b""
    """Of all that each output depends on, 16 bytes a file."""
    rows: bytes = b""
    """Digest of the site, then a hash of what lists show of each figure, 8 bytes a figure."""

    def whole(self) -> bool:
        """Whether each column has an entry for each file."""
        count = len(self.paths)
        return [len(self.sizes), len(self.mtimes), len(self.digests)] == [count * 8, count * 8, count * DIGEST]


class Outputs:
    """The files of an output folder by path; of hundreds of thousands, no object is made for each."""

    def __init__(self, table: OutputsTable | None = None) -> None:
        self.table = table or OutputsTable()
        self.at = dict(zip(self.table.paths, range(len(self.table.paths)), strict=True))
        """Place of each path in the columns."""
        self.sizes, self.mtimes = array("q", self.table.sizes), array("q", self.table.mtimes)
        self._laid: tuple[Mapping[str, bytes], int, NDArray[np.int64]] | None = None

    def digest(self, path: str) -> bytes:
        """The digest of an output; empty where none is known."""
        at = self.at.get(path, -1)
        return self.table.digests[at * DIGEST : (at + 1) * DIGEST] if at >= 0 else b""

    def made_by(self, seed: bytes) -> bool:
        """Whether the build before had the settings, templates and program of this seed."""
        return self.table.rows.startswith(seed)

    def standing(self, seed: bytes, rows: bytes) -> bytes:
        """For each figure 1 if these outputs list it as it is now, else 0; empty if they are of another program.

        Args:
            seed: digest of the site.
            rows: a hash of what lists show of each figure, 8 bytes a figure.
        """
        if not self.made_by(seed):
            return b""
        import numpy as np  # noqa: PLC0415 - as below

        from builder.catalog.arrays import among  # noqa: PLC0415 - as below

        known = np.frombuffer(self.table.rows[len(seed) :], np.uint64)
        return among(np.frombuffer(rows, np.uint64), known).astype(np.uint8).tobytes()

    def _places(self, paths: Mapping[str, bytes]) -> NDArray[np.int64]:
        """The place of each path in the columns, -1 for one that is not known."""
        import numpy as np  # noqa: PLC0415 - as below

        names, place, known = list(paths), self.at.get, self.table.paths
        out = np.empty(len(names), np.int64)
        for a in range(0, len(names), RUN):
            part = names[a : a + RUN]
            first = place(part[0], -1)
            # Most runs stand as they stood: they are compared, not looked up path by path.
            alike = first >= 0 and known[first : first + len(part)] == part
            found = np.arange(first, first + len(part)) if alike else [place(path, -1) for path in part]
            out[a : a + len(part)] = found
        return out

    def others(self, planned: Mapping[str, bytes]) -> set[str]:
        """The planned outputs that are not known by the same digest.

        Args:
            planned: the digest of each, by path.
        """
        if not self.at:
            return set(planned)
        import numpy as np  # noqa: PLC0415 - slow to load, and a build that finds nothing to do has no use for it

        place = self._places(planned)
        known = np.frombuffer(self.table.digests, np.uint64).reshape(-1, 2)[place]
        own = np.frombuffer(b"".join(planned.values()), np.uint64).reshape(-1, 2)
        other = (known != own).any(axis=1) | (place < 0)
        return {path for path, differs in zip(planned, other.tolist(), strict=True) if differs}

    def lay_out(self, digests: Mapping[str, bytes]) -> None:
        """Do what ``after`` takes longest for, while others are still at work: find all outputs among those known.

        Args:
            digests: of all outputs, by path; it may still be added to.
        """
        self._laid = digests, len(digests), self._places(digests)

    def _laid_out(self, digests: Mapping[str, bytes]) -> NDArray[np.int64]:
        """The place of each output among those known, -1 for a new one; found now if it was not, or others came."""
        if not self._laid or self._laid[0] is not digests or self._laid[1] != len(digests):
            self.lay_out(digests)
        return cast("tuple[Any, int, NDArray[np.int64]]", self._laid)[2]

    def without(self, digests: Mapping[str, bytes]) -> set[str]:
        """The known outputs that are not among some, which are given by path."""
        if not self.at:
            return set()
        import numpy as np  # noqa: PLC0415 - as above

        still = np.zeros(len(self.at) + 1, np.bool_)
        still[self._laid_out(digests)] = True  # those that are not known mark the end
        return {self.table.paths[i] for i in np.flatnonzero(~still[:-1]).tolist()}

    def after(
        self, digests: Mapping[str, bytes], made: Mapping[str, tuple[str, int, int, bool]], rows: bytes = b""
    ) -> OutputsTable:
        """What to remember of all outputs.

        Args:
            rows: as ``OutputsTable`` has it.
            digests: of each output, by path.
            made: path, size and modification time of those that were written or found as they are to be, by path; of
                all others they are as they were.
        """
        import numpy as np  # noqa: PLC0415 - as above

        place, paths = self._laid_out(digests), list(digests)
        # Mostly few were made, so only those and new ones are looked at.
        mark = np.zeros(len(self.at) + 1, np.bool_)
        mark[-1] = True
        mark[[self.at[path] for path in made if path in self.at]] = True
        new = [(i, made[paths[i]]) for i in np.flatnonzero(mark[place]).tolist() if paths[i] in made]
        columns = []
        for known, field in ((self.sizes, 1), (self.mtimes, 2)):
            column = np.append(np.frombuffer(known, np.int64), 0)[place]
            column[[i for i, _ in new]] = [written[field] for _, written in new]
            columns.append(column.tobytes())
        return OutputsTable(paths, columns[0], columns[1], b"".join(digests.values()), rows)
