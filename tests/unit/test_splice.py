"""Lists that are spliced of former and new ones are what they are put together one by one."""

from __future__ import annotations

from itertools import accumulate

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from builder.catalog.splice import Splice

LISTS = st.lists(st.lists(st.integers(0, 99), max_size=3), max_size=8)


def bounds(lists: list[list[int]]) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    """Return where each list begins and the last one ends."""
    return np.array([0, *accumulate(map(len, lists))], np.int64)


def entries(lists: list[list[int]]) -> np.ndarray[tuple[int], np.dtype[np.int32]]:
    """Return the entries of all lists."""
    return np.array([n for own in lists for n in own], np.int32)


@given(LISTS, LISTS, st.data())
def test_splice(former: list[list[int]], new: list[list[int]], data: st.DataObject) -> None:
    """Of former lists any may go, new ones may stand anywhere between; empty lists are lists too."""
    kept = sorted(data.draw(st.sets(st.integers(0, len(former) - 1)))) if former else []
    was: list[int] = list(kept)
    for at in data.draw(st.lists(st.integers(0, 20), min_size=len(new), max_size=len(new))):
        was.insert(at % (len(was) + 1), -1)
    fresh = iter(new)
    expected = [next(fresh) if n < 0 else former[n] for n in was]
    splice = Splice(np.array(was, np.int64), bounds(former), bounds(new))
    spliced = splice.of(entries(former), entries(new))
    assert spliced.dtype == np.int32
    assert spliced.tolist() == entries(expected).tolist()
    assert splice.ends().tolist() == bounds(expected).tolist()
