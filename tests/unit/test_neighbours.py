"""Similar figures and partners of genes: as defined, and the same whether all are computed or only what changed."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import msgspec
import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from builder import nearby
from builder.catalog import neighbours, outline, partners, similar
from builder.catalog.arrays import Longs
from builder.plan.digest import digest
from builder.workers import Workers
from tests.unit.neighbourhood import (
    OTHER_ORGANISM,
    Collection,
    Definition,
    Edit,
    Shown,
    build,
    changed,
    collections,
    edits,
    listed,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from builder.catalog.catalog import Catalog
    from builder.catalog.former import Memory
    from builder.catalog.sightings import Sightings

T = TypeVar("T")
R = TypeVar("R")
SPLITS = st.integers(0, 9)


@pytest.fixture(scope="module", params=["as they are", "low"], autouse=True)
def limits(request: pytest.FixtureRequest) -> Iterator[None]:
    """Have every test twice: with the limits that lists have, and with some that small collections reach."""
    with pytest.MonkeyPatch.context() as patch:
        if request.param == "low":
            for module, names in (
                (similar, {"SIMILAR": 2, "KEY_GENES": 3, "BLOCK": 4, "PAIRS": 5}),
                (partners, {"PARTNERS": 2, "CANDIDATES": 4, "BLOCK": 3}),
                (outline, {"FEW": 0}),
            ):
                for name, value in names.items():
                    patch.setattr(module, name, value)
        yield


def assert_same(found: tuple[Catalog, Memory], expected: tuple[Catalog, Memory]) -> None:
    """Compare all that two builds know of neighbours, and what they leave for the next one."""
    for f in fields(expected[0].neighbours):
        one, other = (getattr(catalog.neighbours, f.name) for catalog, _ in (found, expected))
        assert one.dtype == other.dtype, f.name
        assert one.tolist() == other.tolist(), f.name
    memory = msgspec.structs.asdict(expected[1])
    assert [n for n, value in msgspec.structs.asdict(found[1]).items() if value != memory[n]] == []


def shown(*words: str) -> Collection:
    """Return a collection of figures of one year in which some words stand, given with blanks between them."""
    return {n: Shown("2020", tuple(w.split())) for n, w in enumerate(words)}


# F is seen with A and B elsewhere than where they stand for one word: they stop being a family, or become one.
FAMILY, APART = shown("F A B", "AB*", "AB*"), shown("F A B", "A B", "AB*")
# G is seen with A and C equally often, and most mentions come to call A by a name that stands behind C.
TWINS = shown("G A C", "A", "a-old", "C", "C")
# Of figures that are equally similar the first ones are listed: one that becomes so pushes out a later one.
EQUAL = shown("A B", "C D", "A B", "A B", "A B")
SWAP = [Edit(1, less=frozenset("CD"), more=("A", "B")), Edit(4, less=frozenset("AB"), more=("C", "D"))]


@settings(max_examples=160)
@given(collections(), edits(), SPLITS)
@example(FAMILY, [Edit(1, less=frozenset({"AB*"}), more=("A", "B"))], 0)
@example(APART, [Edit(1, less=frozenset("AB"), more=("AB*",))], 0)
@example(TWINS, [Edit(1, less=frozenset("A"), more=("a-old",))], 0)
@example(EQUAL, SWAP, 0)
def test_change_is_as_if_made_anew(before: Collection, change: list[Edit], split: int) -> None:
    """After any change the neighbours are those of a collection of which nothing is remembered."""
    after = changed(before, change)
    assert_same(build(after, build(before)[1], split), build(after))


@settings(max_examples=30)
@given(collections(), st.lists(edits(), min_size=3, max_size=3))
def test_changes_in_a_row(collection: Collection, changes: list[list[Edit]]) -> None:
    """What is remembered from build to build stays what a build leaves that remembers nothing."""
    memory = build(collection)[1]
    for change in changes:
        collection = changed(collection, change)
        found = build(collection, memory)
        assert_same(found, build(collection))
        memory = found[1]


@settings(max_examples=30)
@given(collections(least=0), collections(least=0))
def test_memory_of_another_collection(one: Collection, other: Collection) -> None:
    """What is remembered of any other collection does no harm."""
    assert_same(build(one, build(other)[1]), build(one))


@settings(max_examples=30)
@given(collections(), edits())
def test_other_default_organism(before: Collection, change: list[Edit]) -> None:
    """When another organism becomes the default one, genes are taken for what they are now."""
    after = changed(before, change)
    found = build(after, build(before)[1], default_organism=OTHER_ORGANISM)
    assert_same(found, build(after, default_organism=OTHER_ORGANISM))


@settings(max_examples=100)
@given(collections())
@example(shown("AB* ABC* ABD*", "A B"))
def test_neighbours_are_as_defined(collection: Collection) -> None:
    """Similar figures, partners, their order and all numbers are those of the definition."""
    found, _ = build(collection)
    near, expected = found.neighbours, Definition(found)
    keys = [[g for (g,) in row] for row in listed(near.key_gene, start=near.key_start)]
    assert [
        [(other, count, {g for r, g in enumerate(own) if common >> r & 1}) for other, count, common in row]
        for own, row in zip(keys, listed(near.similar, near.shared, near.common, start=near.similar_start), strict=True)
    ] == expected.similar()
    assert listed(near.partner, near.together, start=near.partner_start) == expected.partners()
    assert near.partner_totals.tolist() == expected.partner_totals()
    assert [{g for (g,) in row} for row in listed(near.gene, start=near.gene_start)] == expected.shown


def clusters() -> Collection:
    """Return a collection of two groups of figures that have no gene in common."""
    return shown("A B C", "A B D", "A C D", "B C D", "G H I", "G H J", "G I J", "H I J")


def computed(before: Collection, after: Collection) -> tuple[set[str], set[str]]:
    """Return the figures and the genes whose neighbours are computed anew after a change."""
    memory = build(before)[1]
    figures: list[int] = []
    genes: list[int] = []

    def similar_rows(keys: similar.KeyGenes, rows: Longs, count: int) -> similar.SimilarRows:
        figures.extend(rows.tolist())
        return similar.similar_rows(keys, rows, count)

    def partner_rows(seen: Sightings, rows: Longs, over: partners.Over) -> partners.PartnerRows:
        genes.extend(rows.tolist())
        return partners.partner_rows(seen, rows, over)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(neighbours, "similar_rows", similar_rows)
        patch.setattr(neighbours, "partner_rows", partner_rows)
        found, _ = build(after, memory)
    return {found.figures.figid[f] for f in figures}, {found.genes.symbol[g] for g in genes}


def test_nothing_is_computed_without_need() -> None:
    """Where nothing changed that neighbours depend on, all of them are taken over."""
    before = clusters()
    assert computed(before, before) == (set(), set())
    assert computed(before, dict(reversed(before.items()))) == (set(), set())


def test_change_reaches_what_is_near() -> None:
    """A figure with other genes has the neighbours computed anew of figures and genes around it, and of no others."""
    before = clusters()
    figures, genes = computed(before, changed(before, [Edit(0, less=frozenset("B"), more=("D",))]))
    assert figures == {f"PMC{n:02}__f" for n in range(4)}
    assert genes == set("ABCD")
    assert computed(before, changed(before, [Edit(0, year="2021")]))[0] == figures
    assert computed(before, changed(before, [Edit(0, less=frozenset("B"), more=("b",))])) == (set(), set("ABC"))


def test_everything_is_computed_when_the_collection_doubles() -> None:
    """Rarity counts by the size of the collection in octaves: one more changes all neighbours."""
    before = clusters()
    after = changed(before, [Edit(n, more=("L",)) for n in range(20, 28)])
    assert computed(before, after) == ({f"PMC{n:02}__f" for n in after}, set("ABCDGHIJL"))


def rows_of(catalog: Catalog) -> tuple[similar.KeyGenes, Longs]:
    """Return the key genes of a collection, and the numbers of its figures."""
    genes, figures = catalog.genes, len(catalog.figures)
    return similar.key_genes(genes, similar.rarities(genes, figures), figures), np.arange(figures)


class Pool(Workers):
    """Does in this process what it is asked to do in others, last task first."""

    def __init__(self) -> None:
        super().__init__(2)
        self.tasks = 0

    def run(self, function: Callable[[T], R], tasks: Iterable[T], *, small: bool) -> Iterator[R]:
        """Results of a function over tasks."""
        assert not small
        wanted = list(tasks)
        self.tasks += len(wanted)
        return iter([function(t) for t in reversed(wanted)][::-1])


@settings(max_examples=30)
@given(collections())
def test_workers_find_the_same(tmp_path_factory: pytest.TempPathFactory, collection: Collection) -> None:
    """Similar figures that worker processes find are those that this one finds, and nothing stays behind."""
    found, _ = build(collection)
    keys, rows = rows_of(found)
    cache = tmp_path_factory.mktemp("cache")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(nearby, "ROWS_A_TASK", 2)
        pool = Pool()
        columns = nearby.similar_by(pool, cache)(keys, rows, len(found.genes))()
        nearby._open_keys.cache_clear()
    assert pool.tasks == -(-len(rows) // 2)
    expected = similar.similar_rows(keys, rows, len(found.genes))
    assert [c.tolist() for c in columns] == [c.tolist() for c in expected]
    assert [*cache.iterdir()] == []


def test_few_figures_need_no_workers(tmp_path: Path) -> None:
    """Where there are few figures to find others for, this process finds them."""
    (found, _), pool = build(clusters()), Pool()
    keys, rows = rows_of(found)
    columns = nearby.similar_by(pool, tmp_path)(keys, rows, len(found.genes))()
    expected = similar.similar_rows(keys, rows, len(found.genes))
    assert [c.tolist() for c in columns] == [c.tolist() for c in expected]
    assert pool.tasks == 0


def test_memory_is_kept_from_build_to_build(tmp_path: Path) -> None:
    """What one build saves, the next one loads, if it is of the same program; one that is saved replaces the other."""
    path, version = tmp_path / "near.msgpack", b"v" * 16
    for collection in ({}, clusters()):
        memory = build(collection)[1]
        nearby.save_memory(path, version, memory)
        assert nearby.load_memory(path, version) == memory
    assert nearby.load_memory(path, b"w" * 16) is None
    assert [p.name for p in tmp_path.iterdir()] == [path.name]


def test_damaged_memory_is_none(tmp_path: Path) -> None:
    """A memory that is not there, cut off or damaged is taken for none."""
    path, version = tmp_path / "near.msgpack", b"v" * 16
    assert nearby.load_memory(path, version) is None
    nearby.save_memory(path, version, build(clusters())[1])
    data = path.read_bytes()
    for damaged in (b"", data[:16], data[:32], data[:-1], data + b"x", data[:99] + bytes([data[99] ^ 1]) + data[100:]):
        path.write_bytes(damaged)
        assert nearby.load_memory(path, version) is None
    path.write_bytes(version + digest(b"") + b"")
    assert nearby.load_memory(path, version) is None
