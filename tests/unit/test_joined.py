"""Mentions and genes that are taken over from the build before are those of a build that joins them anew."""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING

import msgspec
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from builder import kept
from builder.catalog import joined as joined_module
from builder.catalog.catalog import Catalog, Recall, make_catalog
from builder.catalog.joined import Joined
from builder.model import Figure, GeneMention
from tests.unit.collection import columns_of

if TYPE_CHECKING:
    from pathlib import Path

VERSION = b"v" * 16
WORDS = ("AKT1", "Akt-1", "TP53", "\u03b2-catenin", "a\u0301\U0001d400")
ORGANISMS = ("", "Mus musculus", "mus musculus")

mentions = st.tuples(st.sampled_from(WORDS), st.sampled_from(("207", "7157", "")), st.sampled_from(ORGANISMS))
collections = st.lists(st.lists(mentions, max_size=3), min_size=1, max_size=6)


def _figures(collection: list[list[tuple[str, str, str]]], title: str = "") -> list[Figure]:
    """Return the figures of a collection."""
    return [
        Figure(
            figid=f"PMC{n}__f",
            pmcid=f"PMC{n}",
            title=title,
            organisms=("Mus musculus",) if n % 2 else ("Homo sapiens",),
            genes=tuple(GeneMention(word, word, "lexicon", word, ncbi, organism) for word, ncbi, organism in own),
        )
        for n, own in enumerate(collection)
    ]


def _build(figures: list[Figure], before: Joined | None, left_out: set[str]) -> tuple[Catalog, list[Joined]]:
    """Return a catalogue, and what it was asked to keep."""
    keep: list[Joined] = []
    buckets = [columns_of(figures[:2]), columns_of(figures[2:])]
    recall = Recall(lambda: before, keep.append)
    return make_catalog(buckets, left_out, "Homo sapiens", recall=recall), keep


def _facts(catalog: Catalog) -> list[object]:
    """Return all that a catalogue says of mentions and genes."""
    parts = (catalog.mentions, catalog.genes)
    values = [getattr(part, f.name) for part in parts for f in fields(part)]
    values += catalog.mentions.uses.values()
    return [(v.dtype, v.tolist()) if isinstance(v, np.ndarray) else v for v in values if v is not catalog.mentions.uses]


@settings(max_examples=60)
@given(collections, collections, st.booleans(), st.sets(st.integers(0, 5), max_size=1))
def test_what_is_taken_over_is_what_is_joined_anew(
    tmp_path_factory: pytest.TempPathFactory,
    first: list[list[tuple[str, str, str]]],
    second: list[list[tuple[str, str, str]]],
    other: bool,  # noqa: FBT001 - drawn
    gone: set[int],
) -> None:
    """Whether mentions changed or titles alone, a catalogue with a memory is one without; it keeps what is new."""
    path = tmp_path_factory.mktemp("memory") / "joined.msgpack"
    _, keep = _build(_figures(first), None, set())
    kept.save(path, keep[0], VERSION)
    before = kept.load(path, Joined, VERSION)
    assert isinstance(before, Joined)
    left_out = {f"PMC{n}__f.md" for n in gone}
    figures = _figures(second if other else first, title="Another")
    catalog, again = _build(figures, before, left_out)
    assert _facts(catalog) == _facts(_build(figures, None, left_out)[0])
    # What is kept after a change is what a build keeps that remembers nothing.
    assert again in ([], _build(figures, None, left_out)[1])
    if not other and not left_out & {f"PMC{n}__f.md" for n in range(len(first))}:
        assert again == []


def test_other_titles_join_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where titles alone changed, mentions are not joined; where those of all buckets did, they are."""
    collection = [[("AKT1", "207", "")], [("TP53", "7157", "")], [("AKT1", "207", "")]]
    _, keep = _build(_figures(collection), None, set())
    joins: list[str] = []
    monkeypatch.setattr(joined_module, "join_mentions", lambda *_: joins.append("mentions"))
    _build(_figures(collection, "Another"), keep[0], set())
    assert joins == []
    collection[0] = collection[2] = [("AKT1", "208", "")]
    with pytest.raises(AttributeError):
        _build(_figures(collection), keep[0], set())
    assert joins == ["mentions"]


@settings(max_examples=200)
@given(st.lists(st.lists(mentions, max_size=3), min_size=4, max_size=8), st.data())
def test_mentions_of_few_figures_are_joined_with_those_of_the_others(
    collection: list[list[tuple[str, str, str]]], data: st.DataObject
) -> None:
    """Where figures come, go, are renamed or mention other genes, those of no other are joined anew."""
    figures = _figures(collection)
    _, keep = _build(figures, None, set())
    which = data.draw(st.integers(0, len(figures) - 1), "figure")
    match data.draw(st.sampled_from(("come", "go", "other name", "other genes")), "change"):
        case "come":
            (new,) = _figures([data.draw(st.lists(mentions, max_size=3))])
            figures.insert(which, msgspec.structs.replace(new, figid=f"PMC{which}__e", pmcid=f"PMC{which}"))
        case "go":
            del figures[which]
        case "other name":
            figures[which] = msgspec.structs.replace(figures[which], figid="PMC5__e")
        case _:
            (new,) = _figures([data.draw(st.lists(mentions, max_size=3))])
            figures[which] = msgspec.structs.replace(figures[which], genes=new.genes)
    expected, left = _build(figures, None, set())
    with pytest.MonkeyPatch.context() as patch:
        patch.delattr(joined_module, "join_mentions")
        catalog, again = _build(figures, keep[0], set())
    assert _facts(catalog) == _facts(expected)
    assert again in ([], left)


@pytest.mark.parametrize("gone", [0, 2, 5])
def test_genes_of_few_changed_figures_are_not_made_anew(gone: int) -> None:
    """Where a figure goes and another gene comes, all else that is known of genes is taken over."""
    collection = [[("AKT1", "207", "")], [("TP53", "7157", ""), ("Akt-1", "207", "")], [("AKT1", "207", "")]] * 2
    figures = _figures(collection)
    _, keep = _build(figures, None, set())
    del figures[gone]
    (new,) = _figures([[("\u03b2-catenin", "1499", ""), ("AKT1", "207", "")]])
    figures.append(msgspec.structs.replace(new, figid="PMC9__f", pmcid="PMC9"))
    expected, _ = _build(figures, None, set())
    with pytest.MonkeyPatch.context() as patch:
        patch.delattr(joined_module, "make_genes")
        catalog, _ = _build(figures, keep[0], set())
    assert catalog.genes.symbol == ["AKT1", "TP53", "\u03b2-catenin"]
    assert _facts(catalog) == _facts(expected)


def test_another_spelling_of_organisms_makes_genes_anew() -> None:
    """Genes whose organism is spelt otherwise than before, for the sake of the figures, are made anew."""
    collection = [[("AKT1", "207", "mus musculus")]] * 3
    figures = _figures(collection)
    _, keep = _build(figures, None, set())
    figures[1] = msgspec.structs.replace(figures[1], organisms=("mus musculus",))
    catalog, again = _build(figures, keep[0], set())
    assert catalog.genes.organism == ["mus musculus"]
    assert len(again) == 1


def test_no_room_for_what_saves_time_only(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where a memory cannot be written the one before stays, nothing is left half done, and nobody is told."""
    path = tmp_path / "joined.msgpack"
    kept.leave(path, [1], VERSION)
    assert kept.load(path, list[int], VERSION) == [1]

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("pathlib.Path.replace", full)
    kept.leave(path, [2], VERSION)
    assert kept.load(path, list[int], VERSION) == [1]
    assert [p.name for p in tmp_path.iterdir()] == ["joined.msgpack"]


class _Parts(msgspec.Struct, array_like=True):
    """What a build may keep: texts, numbers, and large and small pieces of bytes."""

    name: str
    sizes: list[int]
    large: memoryview
    pieces: list[memoryview]
    more: tuple[bytes, ...] = ()


@pytest.mark.parametrize("size", [0, 1, kept.LARGE - 1, kept.LARGE, 3 * kept.LARGE])
def test_large_pieces_are_kept_as_they_stand(size: int, tmp_path: Path) -> None:
    """What is written piece by piece and mapped comes back the same; damage anywhere in it is seen."""
    data = memoryview(bytes(range(256)) * (size // 256 + 1))[:size]
    value = _Parts("a\0b", [1, 2**40], data, [data, memoryview(b"x")], (b"", b"y"))
    path = tmp_path / "kept"
    kept.save(path, value, VERSION)
    assert kept.load(path, _Parts, VERSION) == value
    assert kept.load(path, _Parts, b"another") is None
    whole = path.read_bytes()
    for at in (0, len(whole) // 2, len(whole) - 1):
        path.write_bytes(whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :])
        assert kept.load(path, _Parts, VERSION) is None
    path.write_bytes(whole[:-1])
    assert kept.load(path, _Parts, VERSION) is None
