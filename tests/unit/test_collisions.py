"""Addresses that meet are found, whichever records want them: held against a look at every pair."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from builder.catalog.figures import merge
from builder.model import Figure
from builder.names import fold, stub_path
from builder.plan.collisions import Clash, alias_clashes, duplicate_figids, resolve_redirects
from builder.read.columns import LineColumns
from tests.unit.collection import columns_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from builder.read.columns import Columns

NAMES = st.sampled_from(["a", "A", "b", "B", "c", "\u00e9", "e\u0301", "E\u0301"])
ADDRESSES = st.sampled_from(
    ["/figures/a", "/figures/A.html", "/figures/b", "/figures/x", "/figures/X", "/old/x", "/Old/X", "/keep/x",
     "/genes/", "/feed.xml", "/downloads/a.gz"]
)  # fmt: skip
FIGURES = st.lists(
    st.builds(
        lambda figid, alias, year, own: Figure(figid=figid, pmcid="PMC1", alias=alias, year=year, redirects=tuple(own)),
        NAMES, st.one_of(st.just(""), NAMES), st.sampled_from(["2019", "2020"]), st.lists(ADDRESSES, max_size=3),
    ),
    max_size=6,
)  # fmt: skip
PAGES = ["index.html", "genes/index.html", "genes.html"]


def buckets_of(figures: Sequence[Figure], cut: int, bad: Sequence[tuple[str, str]] = ()) -> list[Columns]:
    """Return the columns of two buckets."""
    parts = [columns_of(figures[:cut]), columns_of(figures[cut:])]
    return [parts[0], msgspec.structs.replace(parts[1], bad=[*bad])]


def nothing(number: int) -> LineColumns:
    """Stand in for the lines of a bucket, for which nobody asks."""
    raise AssertionError(number)


@given(FIGURES, st.integers(0, 6), st.lists(NAMES, max_size=2))
def test_figids_that_meet(figures: list[Figure], cut: int, bad: list[str]) -> None:
    """Each record whose page would be another's too is told of, but for one that alone is named after the figid."""
    found = duplicate_figids(buckets_of(figures, cut, [(f"{b}.bad.md", b) for b in bad]))
    named = [f.figid for f in figures]

    def meets(figid: str, least: int) -> bool:
        alike = [fold(figid) == fold(other) for other in (*named, *bad)]
        return sum(alike) > 1 and sum(alike[: len(named)]) >= least

    meeting = [*(i for i in named if meets(i, 2)), *(i for i in bad if meets(i, 0))]
    assert sorted(clash.name.split(".")[0] for clash in found) == sorted(meeting)


@given(FIGURES, st.integers(0, 6), st.lists(NAMES, max_size=2, unique_by=fold))
def test_aliases_that_meet(figures: list[Figure], cut: int, bad: list[str]) -> None:
    """An alias that is another record's figid, or alias, is told of; that of the smallest figid keeps it."""
    figures = list({fold(f.figid): f for f in figures}.values())
    bad = [b for b in bad if fold(b) not in {fold(f.figid) for f in figures}]
    found = alias_clashes(buckets_of(figures, cut, [(f"{b}.md", b) for b in bad]))
    owners = {fold(f): f"{f}.md" for f in (*(f.figid for f in figures), *bad)}
    expected = set()
    first: dict[str, tuple[str, bool]] = {}
    for figure in sorted((f for f in figures if f.alias), key=lambda f: f.figid):
        name, alias = f"{figure.figid}.md", fold(figure.alias)
        address = f"/figures/{figure.alias}" in figure.redirects
        winner, told = first.setdefault(alias, (name, address))
        owner = owners.get(alias, name)
        if owner != name and not address:
            expected.add((name, owner))
        elif owner == name and winner != name and not (told and address):
            expected.add((name, winner))
    assert {(clash.name, clash.other) for clash in found} == expected


def brute(figures: Sequence[Figure], refused: dict[str, str]) -> tuple[dict[str, str], set[tuple[str, str]]]:
    """Return the stubs with the figid of each, and the records and addresses that had to give way."""
    pages = {fold(p) for p in PAGES} | {fold(f"figures/{f}.html") for f in (*(g.figid for g in figures), *refused)}
    claimed: dict[str, str] = {}
    stubs, lost = {}, set()
    for figure in sorted(figures, key=lambda f: f.figid):
        for address in figure.redirects:
            path = stub_path(address)[0]
            key = fold(path)
            ours = key.startswith("keep/") or key in {"feed.xml.html", "downloads/a.gz.html"}
            if ours or key in pages or claimed.get(key, figure.figid) != figure.figid:
                lost.add((f"{figure.figid}.md", address))
            elif key not in claimed:
                claimed[key] = stubs[path] = figure.figid
    return stubs, lost


@given(FIGURES, st.integers(0, 6), st.lists(NAMES, max_size=2))
def test_redirects_that_meet(figures: list[Figure], cut: int, bad: list[str]) -> None:
    """A stub stands where no page, no earlier figid and no file of ours wants to; all others are told of."""
    figures = list({fold(f.figid): f for f in figures}.values())
    ours = {fold(f.figid) for f in figures}
    refused = {b: f"{b}.md" for b in bad if fold(b) not in ours}
    merged, _ = merge(buckets_of(figures, cut), set(), nothing)
    redirects = resolve_redirects(merged, iter(PAGES), ["keep"], refused, merged.by_figid.tolist())
    stubs, lost = brute(figures, refused)
    assert {path: merged.figid[i] for path, i in redirects.stubs.items()} == stubs
    assert {(clash.name, str(clash.where[-1])) for clash in redirects.clashes} == lost
    assert all(isinstance(clash, Clash) for clash in redirects.clashes)
    assert np.array_equal(np.sort(merged.by_figid), np.arange(len(figures)))
