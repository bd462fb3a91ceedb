"""Lists of texts that are packed and joined, and the hashes by which texts are known."""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from builder import vocabulary
from builder.vocabulary import LONG, blocks, fold, fold_columns, join, mix, pack, summed, summed_of, text_hashes

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

ODD = [
    "",
    "\0",
    "\0\0",
    "a",
    "a\0",
    "\0a",
    "ab",
    "ba",
    "é",
    "e\u0301",
    "\ud800",
    "\udfff\ud800",
    "\U0001f9ec",
    "\uffff",
    *("a" * length for length in (7, 8, 9, LONG, LONG + 1)),
    "a" * LONG + "b",
    "b" * (LONG + 1),
]
TEXTS = st.text(st.characters(codec=None), max_size=8) | st.sampled_from(ODD)
"""Surrogates that stand alone among them, as records with odd bytes give them."""
NUMBERS = st.lists(st.integers(0, 2**64 - 1), max_size=20)


def hashes(texts: Sequence[str]) -> list[int]:
    """Return the hash of each text."""
    parts = [t.encode("utf-8", "surrogatepass") for t in texts]
    found: list[int] = text_hashes(b"".join(parts), np.array([len(p) for p in parts], np.int64)).tolist()
    return found


def words(numbers: Sequence[int]) -> NDArray[np.uint64]:
    """Return numbers of 64 bits as an array."""
    return np.array(numbers, np.uint64)


@given(st.lists(st.lists(TEXTS, max_size=8), max_size=6))
@example([])
@example([[]])
@example([[], ["a"], []])
@example([["a", "b"], ["b", "a"], ["a", "a"]])
@example([ODD, ODD[::-1]])
def test_joined_lists_give_back_every_text(lists: list[list[str]]) -> None:
    """The numbers of each list lead to its texts, and every distinct text is there once."""
    texts, known, numbers = join([pack(x) for x in lists])
    assert [[texts[n] for n in found.tolist()] for found in numbers] == lists
    assert sorted(texts) == sorted({t for x in lists for t in x})
    assert known.tolist() == hashes(texts)


@given(st.lists(st.lists(TEXTS, max_size=5), max_size=5))
def test_order_of_lists_does_not_matter(lists: list[list[str]]) -> None:
    """The distinct texts stand in one order, whatever lists they come from."""
    texts = [t for x in lists for t in x]
    joined = join([pack([]), *(pack(x) for x in lists)])[0]
    assert joined == join([pack(texts)])[0] == join([pack(reversed(texts))])[0]


@given(st.lists(TEXTS, max_size=20))
@example(ODD)
def test_hash_of_a_text_is_its_own(texts: list[str]) -> None:
    """A text has the same hash alone and between others."""
    assert hashes(texts) == [hashes([t])[0] for t in texts]


def test_different_texts_have_different_hashes() -> None:
    """No two texts of a large sample share a hash: short ones of few letters in any order, long ones, numbers."""
    sample = {"".join(p) for n in range(7) for p in product("ab\0", repeat=n)}
    sample |= {*ODD, *(c * n for c in "aA\0\xff" for n in range(300)), *(f"{n}" for n in range(100_000))}
    sample |= {f"{a}\0{b}\0" for a in range(-9, 99) for b in range(-9, 99)}
    assert len({*hashes(sorted(sample))}) == len(sample)


@given(st.lists(TEXTS, unique=True, max_size=20))
def test_hashes_of_any_texts_differ(texts: list[str]) -> None:
    """Different texts have different hashes."""
    assert len({*hashes(texts)}) == len(texts)


def test_hashes_stay_as_they_are() -> None:
    """Hashes do not depend on the process, as those of Python's own do: the cache keeps them."""
    assert mix(words([0, 1, 2**64 - 1])).tolist() == [0, 0x5692161D100B05E5, 0xB4D055FCF2CBBD7B]
    assert hashes([""]) == [0]


@given(NUMBERS)
def test_mix_keeps_numbers_apart(numbers: list[int]) -> None:
    """Numbers are scattered, and different ones stay different."""
    assert len({*mix(words(numbers)).tolist()}) == len({*numbers})


@given(st.integers(0, 2**64 - 1), NUMBERS)
def test_fold_counts_what_comes_first(first: int, numbers: list[int]) -> None:
    """A hash of two things changes with each of them and with their order."""
    states, others = mix(words([first] * len(numbers))), mix(words(numbers))
    forth, back = fold(states, others).tolist(), fold(others, states).tolist()
    assert len({*forth}) == len({*back}) == len({*numbers})
    assert [a == b for a, b in zip(forth, back, strict=True)] == [n == first for n in numbers]


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3), st.integers(0, 3)), max_size=20))
def test_hash_of_rows(rows: list[tuple[int, int, int]]) -> None:
    """Rows of a table have one hash only if they are equal, and however many are worked out at once."""
    texts = mix(words(range(1, 5)))
    columns = [(texts + np.uint64(k), np.array([r[k] for r in rows], np.int32)) for k in range(3)]
    found = fold_columns(*columns).tolist()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(vocabulary, "BLOCK", 3)
        assert fold_columns(*columns).tolist() == found
    assert len({*zip(rows, found, strict=True)}) == len({*rows}) == len({*found})
    first, second, third = (hashes[numbers] for hashes, numbers in columns)
    assert found == fold(fold(first, second), third).tolist()


@given(st.lists(NUMBERS, max_size=6))
def test_sums_of_runs(runs: list[list[int]]) -> None:
    """Each run of numbers has its sum, modulo two to the power of 64; an empty one has zero."""
    start = np.cumsum([0, *map(len, runs)])
    total = summed(words([n for run in runs for n in run]), start)
    assert total.tolist() == [sum(run) % 2**64 for run in runs]


@given(st.lists(st.lists(st.integers(0, 4), max_size=5), max_size=7), st.integers(1, 9), st.integers(0, 3))
def test_sums_of_what_runs_name(runs: list[list[int]], size: int, before: int) -> None:
    """Numbers that runs name are summed as if they stood there, in blocks of any size, and only those of the runs."""
    numbers = mix(words(range(1, 6)))
    which = np.array([0] * before + [n for run in runs for n in run], np.int32)
    start = before + np.cumsum([0, *map(len, runs)])
    assert summed_of(numbers, which, start, size).tolist() == [sum(numbers[run].tolist()) % 2**64 for run in runs]
    found = [*blocks(start, size)]
    assert [group for a, b in found for group in range(a, b)] == [*range(len(runs))]
    assert all(start[b - 1] - start[a] <= size for a, b in found if b > a + 1)
