"""The ids under which the search index knows figures."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from builder.search.ids import figure_ids
from builder.vocabulary import pack

if TYPE_CHECKING:
    from builder.search.ids import Ids


def laid_out(figids: list[str], years: list[int]) -> Ids:
    """Return the ids of figures."""
    return figure_ids(np.frombuffer(pack(figids).hashes, np.uint64), np.array(years, np.int32))


@given(st.lists(st.tuples(st.integers(0, 60), st.integers(0, 4)), unique=True, max_size=120), st.randoms())
def test_ids_do_not_depend_on_the_order_of_arrival(pairs: list[tuple[int, int]], rng: random.Random) -> None:
    """Figures have the ids of a clean build whatever came first; no two share one, and newer years come first."""
    pairs.sort(key=lambda p: (-p[1], p[0]))
    own = laid_out([f"PMC{n}__{y}" for n, y in pairs], [y for _, y in pairs])
    assert len(set(own.ids.tolist())) == len(pairs)
    assert all(0 <= i < own.end for i in own.ids.tolist())
    by_year = [(-y, i) for (_, y), i in zip(pairs, own.ids.tolist(), strict=True)]
    assert sorted(by_year) == sorted(by_year, key=lambda p: p[1])
    shuffled = sorted(pairs, key=lambda p: (-p[1], rng.random()))
    other = laid_out([f"PMC{n}__{y}" for n, y in shuffled], [y for _, y in shuffled])
    assert dict(zip(shuffled, other.ids.tolist(), strict=True)) == dict(zip(pairs, own.ids.tolist(), strict=True))


def test_one_figure_more_moves_few_others() -> None:
    """A figure that is added leaves nearly all ids of a large year as they were."""
    names = [f"PMC{n}__f" for n in range(5000)]
    before = laid_out(names, [2020] * len(names))
    after = laid_out([*names, "PMC99999__f"], [2020] * (len(names) + 1))
    assert np.count_nonzero(after.ids[:-1] != before.ids) < 60
