"""Small tools on sorted arrays, each beside the same in plain Python."""

from __future__ import annotations

import subprocess
import sys
from itertools import groupby, pairwise

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from builder.catalog.arrays import among, best_of_rows, counted, distinct, levels, run_starts, spans, starts, unique

NUMBERS = st.lists(st.integers(0, 6), max_size=20)
ENTRIES = st.dictionaries(
    st.tuples(st.integers(0, 5) | st.just(2047), st.integers(0, 9) | st.just(1_000_000)),
    st.integers(0, 3) | st.integers(0, 2**31),
    max_size=30,
)
"""Scores by row and column."""


@given(NUMBERS)
def test_runs_and_distinct_values(numbers: list[int]) -> None:
    """Runs begin where a value differs from the one before; distinct values come in order, with their counts."""
    runs = [len(list(run)) for _, run in groupby(numbers)]
    assert run_starts(np.array(numbers, np.int64)).tolist() == [sum(runs[:k]) for k in range(len(runs))]
    values, counts = distinct(np.array(numbers, np.int64))
    assert [*zip(values.tolist(), counts.tolist(), strict=True)] == [(n, numbers.count(n)) for n in sorted({*numbers})]


@given(NUMBERS, st.integers(1, 40_000))
def test_counted(numbers: list[int], times: int) -> None:
    """Each number is counted, also where there are more of them than are looked at together."""
    values = np.tile(np.array(numbers, np.int32), times)
    assert counted(values, 8).tolist() == [numbers.count(n) * times for n in range(8)]


@given(NUMBERS)
def test_starts_of_owners(numbers: list[int]) -> None:
    """The entries of an owner lie between its start and the next one, also where it has none."""
    owner = sorted(numbers)
    found = starts(np.array(owner, np.int64), 7).tolist()
    assert [owner[a:b] for a, b in pairwise(found)] == [[n] * owner.count(n) for n in range(7)]


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 5)), max_size=8))
def test_spans(ranges: list[tuple[int, int]]) -> None:
    """All numbers of all ranges come one after the other; ranges may be empty and overlap."""
    first = np.array([a for a, _ in ranges], np.int64)
    last = first + np.array([n for _, n in ranges], np.int64)
    assert spans(first, last).tolist() == [k for a, n in ranges for k in range(a, a + n)]


@given(st.lists(st.integers(-3, 9)), st.lists(st.integers(-3, 9)))
def test_unique_and_among(values: list[int], known: list[int]) -> None:
    """Distinct values ascend, and each value is told whether it is a known one."""
    own, others = np.array(values, np.int64), np.array(known, np.int64)
    assert unique(own).tolist() == sorted(set(values))
    assert among(own, others).tolist() == [v in known for v in values]


@given(ENTRIES, st.integers(1, 4))
def test_best_of_rows(entries: dict[tuple[int, int], int], most: int) -> None:
    """Of each row the entries of the highest scores are kept, best first, equal ones by column, with their scores."""
    rows, columns = (np.array([key[k] for key in entries], np.int32) for k in range(2))
    found = best_of_rows(rows, columns, np.array([*entries.values()], np.int64), most)
    expected = []
    for row in sorted({r for r, _ in entries}):
        best = sorted((c for r, c in entries if r == row), key=lambda c: (-entries[row, c], c))
        expected += [(row, column, rank, entries[row, column]) for rank, column in enumerate(best[:most])]
    assert [*zip(*(f.tolist() for f in found), strict=True)] == expected


def test_levels() -> None:
    """A total that doubles is as many levels higher as an octave has steps; small changes of large ones are none."""
    assert levels(np.array([0, 1, 2, 4, 1024]), 8).tolist() == [0, 0, 8, 16, 80]
    assert levels(np.array([1000, 1001]), 4).tolist() == [40, 40]


def test_sparse_matrices_come_without_what_nobody_asks_for() -> None:
    """Loading SciPy's matrices loads no other part of NumPy; all are there as ever when asked for."""
    code = """
import sys
from builder.catalog.matrices import sparse
assert not {"numpy.f2py", "numpy.testing", "numpy.polynomial"} & sys.modules.keys()
import numpy as np
assert (sparse.eye(3, format="csr") @ np.ones(3)).tolist() == [1, 1, 1]
assert {"f2py", "testing", "array"} <= set(np.__all__) & set(dir(np))
assert np.polynomial.Polynomial([0, 1])(2) == 2
import scipy.stats
"""
    ran = subprocess.run([sys.executable, "-W", "error", "-c", code], capture_output=True, text=True, check=False)
    assert ran.stderr == ""
    assert ran.returncode == 0
