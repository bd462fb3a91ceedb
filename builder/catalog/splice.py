"""Lists of many things, put together of those that stand as a former build found them and of new ones.

Of a hundred thousand figures a change touches few. What lies between them is copied as it lies, at the speed of the
memory, where a look at each entry takes several times as long.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from builder.catalog.arrays import Longs

__all__ = ["Splice"]


class Splice:
    """The lists of today's things, of which most are former ones."""

    def __init__(self, was: Longs, former: Longs, own: Longs) -> None:
        """Find what lies as it lay.

        Args:
            was: of each of today's things the number of the former one whose list it has, ascending; -1 for a new list.
            former: where the list of each former thing begins, and where the last one ends.
            own: likewise of the new lists, in the order of their things.
        """
        new = was < 0
        self.sizes = np.where(new, 0, former[was + 1] - former[was])
        """Entries of each of today's things."""
        self.sizes[new] = own[1:] - own[:-1]
        on = np.where(new[1:], new[:-1], ~new[:-1] & (was[1:] == was[:-1] + 1))
        first = np.concatenate(([0], np.flatnonzero(~on) + 1))[: len(was)]
        last = np.append(first[1:], len(was))[: len(first)] - 1
        number = np.cumsum(new)
        begin = np.where(new[first], own[number[first] - 1], former[was[first]])
        end = np.where(new[last], own[number[last]], former[was[last] + 1])
        self._pieces = list(zip(new[first].tolist(), begin.tolist(), end.tolist(), strict=True))

    def ends(self) -> Longs:
        """Where the list of each of today's things begins, and where the last one ends."""
        return np.concatenate((np.zeros(1, np.int64), np.cumsum(self.sizes)))

    def of(self, former: NDArray[Any], own: NDArray[Any]) -> NDArray[Any]:
        """The entries of all of today's things.

        Args:
            former: those of all former things.
            own: those of the new lists.
        """
        parts = [(own if new else former)[a:b] for new, a, b in self._pieces]
        return np.concatenate(parts) if parts else own[:0]
