"""A search index that was made from the one before is, byte for byte, the one that is made anew."""

from __future__ import annotations

import random
import zlib
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import msgspec
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.corpus import Corpus
from builder.catalog.catalog import make_catalog
from builder.model import ChemicalMention
from builder.plan.digest import digest
from builder.read.record import read_record
from builder.read.settings import Settings
from builder.search import shards
from builder.search.files import Files, LostError, Published
from builder.search.index import META, Index, joined_index, whole_index
from builder.search.postings import open_places, places
from builder.search.renewed import remembered, renewed_genes, renewed_words
from builder.search.revised import Revision
from builder.search.shards import numbers, table_of, table_shards, varints
from builder.urls import Urls
from tests.support.searching import bucket_of_figures

if TYPE_CHECKING:
    from collections.abc import Callable

    from builder.model import Figure
    from builder.read.terms import Terms

BUCKETS = 16
SITE = Settings(url="https://example.org/sub/")
Figures = dict[str, "Figure"]


class State:
    """A collection, its index made anew, and what a build would remember of it."""

    def __init__(self, figures: Figures, settings: Settings = SITE) -> None:
        """Make the index."""
        members: list[list[Figure]] = [[] for _ in range(BUCKETS)]
        for figid in sorted(figures):
            members[zlib.crc32(figid.encode()) % BUCKETS].append(figures[figid])
        made = [bucket_of_figures(own) for own in members]
        self.keys = [digest(c.digest, msgspec.msgpack.encode(c.name)).hex() for c, _ in made]
        self.terms = dict(zip(self.keys, (t for _, t in made), strict=True))
        catalog = make_catalog([c for c, _ in made], set(), "Homo sapiens")
        self.index = Index(catalog, settings, {}, Urls(settings.url).href)
        self.memory = remembered(self.index, b"", self.keys)
        self.files = whole_index(self.index, len(self.keys), lambda: map(self.terms.__getitem__, self.keys))
        self.memory.meta = self.files[META] or b""

    def published(self) -> Published:
        """Return the files as a build finds them in the output folder."""
        digests = {path: digest(data) for path, data in self.files.items()}
        return Published(digests, lambda path: self.files[path] or b"")


def renewed(was: State, now: State, published: Published | None = None) -> dict[str, bytes | None]:
    """Return the index of a state, made from that of another; None for files that are taken over."""
    terms: dict[str, Terms] = {**was.terms, **now.terms}
    standing = published or was.published()
    words = renewed_words(now.index, was.memory, now.keys, standing, terms.__getitem__)
    return joined_index(words, renewed_genes(now.index, was.memory, now.memory, standing))


def check(was: State, now: State) -> int:
    """Compare a renewed index with a new one; return how many files were made."""
    files = renewed(was, now)
    assert files.keys() == now.files.keys()
    for path, data in files.items():
        assert (was.files[path] if data is None else data) == now.files[path], path
    return sum(data is not None and was.files.get(path) != data for path, data in files.items())


@pytest.fixture(scope="module")
def figures() -> Figures:
    """Return twelve hundred figures of the corpus, which make several shards of every table."""
    return {r["figid"]: read_record(r, "", r["figid"])[0] for r in Corpus().records(1200)}


@pytest.fixture(scope="module")
def before(figures: Figures) -> State:
    """Return the state that changes begin with."""
    return State(figures)


def _edit(dice: random.Random, figures: Figures) -> None:
    """Make one change: of a text, of gene mentions, of a year or an organism, or of which figures there are."""
    figid = dice.choice(sorted(figures))
    figure, other = figures[figid], figures[dice.choice(sorted(figures))]
    kind = dice.choice(("title", "genes", "year", "organisms", "figtype", "add", "delete", "rename"))
    if kind in {"add", "rename"}:
        new = f"{figure.pmcid}__n{dice.randrange(10**6)}"
        figures[new] = msgspec.structs.replace(figure, figid=new)
    if kind in {"delete", "rename"}:
        del figures[figid]
    fields: dict[str, Any] = {
        "title": {"title": f"{other.title} unheard{dice.randrange(9)}", "caption": ""},
        "genes": {"genes": (*other.genes[:5], *figure.genes[3:])},
        "year": {"year": dice.choice((other.year, ""))},
        "organisms": {"organisms": (*other.organisms, "Danio rerio")},
        "figtype": {"figtype": "Scheme"},
    }
    if kind in fields:
        figures[figid] = msgspec.structs.replace(figure, **fields[kind])


@settings(max_examples=12, deadline=None)
@given(st.integers(0, 10**9), st.integers(0, 6))
def test_a_renewed_index_is_a_new_one(figures: Figures, before: State, seed: int, edits: int) -> None:
    """After any few changes every file is that of an index made anew; where a year outgrew its room it gives up."""
    dice, changed = random.Random(seed), dict(figures)  # noqa: S311 - repeatable
    for _ in range(edits):
        _edit(dice, changed)
    now = State(changed)
    if now.index.ids.end != before.index.ids.end:
        with pytest.raises(LostError):
            renewed(before, now)
    else:
        check(before, now)


def test_a_renewed_index_of_many_beginnings_is_a_new_one(figures: Figures, monkeypatch: pytest.MonkeyPatch) -> None:
    """With shards so small that many beginnings of words have lists, those lists too are as if made anew."""
    for name, size in (("LEAST", 60), ("MOST", 200), ("ONE_OF", 2)):
        monkeypatch.setattr(shards, name, size)
    some = dict(list(figures.items())[:150])
    was = State(some)
    assert len(msgspec.json.decode(was.memory.meta)["starts"]["names"].split()) > 15
    renewals = 0
    for seed in range(12):
        dice, changed = random.Random(seed), dict(some)  # noqa: S311 - repeatable
        for _ in range(dice.randint(1, 3)):
            _edit(dice, changed)
        now = State(changed)
        with suppress(LostError):  # another beginning has a list, or a year outgrew its room
            check(was, now)
            renewals += 1
    assert renewals > 2


def test_an_edit_makes_few_files(figures: Figures, before: State) -> None:
    """After one caption was edited a handful of files is made, and the others are not even looked at."""
    figid = sorted(figures)[700]
    edited = msgspec.structs.replace(figures[figid], caption=f"{figures[figid].caption} Unheard of before.")
    now = State(figures | {figid: edited})
    assert 3 <= check(before, now) <= 8


def test_a_table_with_a_change_in_its_inputs_is_made_anew(figures: Figures, before: State) -> None:
    """Columns and names are taken over where nothing that they tell of changed, and made where it did."""
    figid = next(f for f in sorted(figures) if figures[f].genes)
    chemical = ChemicalMention("rapamycin", "MESH", "D020123", "Sirolimus", "", "D020123")
    fields: list[dict[str, Any]] = [
        {"title": "Another"}, {"figtype": "Scheme"}, {"genes": figures[figid].genes[1:]}, {"chemicals": (chemical,)},
    ]  # fmt: skip
    made = []
    for change in fields:
        now = State(figures | {figid: msgspec.structs.replace(figures[figid], **change)})
        files = renewed(before, now)
        made.append({kind for kind in ("names", "concepts", "columns") if any(
            p.startswith(f"search/{kind}/") and data is not None for p, data in files.items()
        )})  # fmt: skip
    assert made == [set(), {"columns"}, {"names", "columns"}, {"concepts"}]


@pytest.mark.parametrize("kind", ["words", "genes", "rows", "figures"])
def test_a_spoiled_file_is_found_out(figures: Figures, before: State, kind: str) -> None:
    """A file of the index before that is needed, but not as it was left, makes the renewal give up."""
    figid = next(f for f in sorted(figures) if len(figures[f].genes) > 3)
    fields: dict[str, Any] = {"title": "Another", "genes": figures[figid].genes[2:]}
    now = State(figures | {figid: msgspec.structs.replace(figures[figid], **fields)})
    published = before.published()
    spoilt = Published(
        {p: d for p, d in published.digests.items() if not p.startswith(f"search/{kind}/")}, published.read
    )
    with pytest.raises(LostError):
        renewed(before, now, spoilt)
    garbled = Published(published.digests, lambda p: b"\0" if p.startswith(f"search/{kind}/") else published.read(p))
    if kind != "figures":  # pieces are made of the catalogue alone
        with pytest.raises(LostError):
            renewed(before, now, garbled)


@pytest.mark.parametrize("change", ["site", "keys", "end", "words", "meta"])
def test_a_foreign_memory_is_found_out(figures: Figures, before: State, change: str) -> None:
    """A memory of another site, of other buckets, or one that does not fit its files, makes the renewal give up."""
    figid = sorted(figures)[5]
    now = State(figures | {figid: msgspec.structs.replace(figures[figid], title="Another", caption="")})
    was = State.__new__(State)
    was.__dict__ |= before.__dict__
    memories: dict[str, dict[str, Any]] = {
        "site": {"site": b"?"},
        "keys": {"keys": before.keys[1:]},
        "end": {"end": before.memory.end + 1},
        "words": {"ids": np.roll(np.frombuffer(before.memory.ids, np.int64), 1).tobytes()},
        "meta": {"meta": b"{"},
    }
    was.memory = msgspec.structs.replace(before.memory, **memories[change])
    with pytest.raises(LostError):
        renewed(was, now)


@given(st.lists(st.integers(0, 1 << 40)))
def test_numbers_are_read_as_they_were_written(values: list[int]) -> None:
    """Numbers come back from their bytes."""
    assert numbers(varints(np.array(values, np.int64))[0]).tolist() == values


@given(st.lists(st.dictionaries(st.integers(0, 1 << 20), st.integers(1, 7)), max_size=5))
def test_places_of_words_are_read_as_they_were_written(found: list[dict[int, int]]) -> None:
    """Ids, and where words stand in each figure, come back from the values of the words."""
    pairs = sorted((n, field, i) for n, own in enumerate(found) for i, field in own.items())
    columns = np.array(pairs, np.int64).reshape(-1, 3).T
    words, values = places(*columns)
    every = [b""] * len(found)
    for n, value in zip(words.tolist(), values, strict=True):
        every[n] = value
    assert [c.tolist() for c in open_places(every)] == columns.tolist()


def _table(entries: dict[bytes, bytes]) -> tuple[Files, dict[str, Any]]:
    """Return the files of a table, and what is told of it."""
    files = Files()
    shards = table_shards(table_of(sorted(entries.items())))
    names = " ".join([files.add("t", "bin", s.data) for s in shards])
    return files, {"first": [s.first.decode() for s in shards], "names": names}


def _changes(dice: random.Random, entries: dict[bytes, bytes], text: Callable[[], bytes]) -> dict[bytes, bytes | None]:
    """Return some changes of a table: new values, new keys, keys that go, perhaps many in a row."""
    out: dict[bytes, bytes | None] = {}
    keys = sorted(entries)
    for _ in range(dice.choice((0, 1, 3, 40))):
        key = dice.choice(keys) if keys and dice.random() < 0.7 else text()
        out[key] = None if dice.random() < 0.4 else text() * dice.randrange(9)
    if keys and dice.random() < 0.3:
        first = dice.randrange(len(keys))
        out |= dict.fromkeys(keys[first : first + dice.choice((100, 5000))])
    return out


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10**9), st.sampled_from((0, 1, 40, 4000)))
def test_a_revised_table_is_a_new_one(seed: int, size: int) -> None:
    """A table of which only shards with a change are made has the shards and beginnings of one made anew."""
    dice = random.Random(seed)  # noqa: S311 - repeatable

    def text() -> bytes:
        return f"{dice.randrange(16 ** dice.choice((2, 5))):x}".encode()

    entries = {text(): text() * dice.randrange(12) for _ in range(size)}
    files, about = _table(entries)
    published = Published({p: digest(d) for p, d in files.files.items()}, lambda p: files.files[p] or b"")
    made = Files(published)
    table = Revision(made, "t", about)
    changes = _changes(dice, entries, text)
    for key, value in changes.items():
        assert table.value(key) == entries.get(key)
        table.put(key, value)
    expected, told = _table({k: v for k, v in (entries | changes).items() if v is not None})
    assert table.about() == told
    assert {p: files.files[p] if d is None else d for p, d in made.files.items()} == expected.files


def test_another_content_of_the_same_name_is_found_out() -> None:
    """A file whose name stands for other bytes already makes the renewal give up."""
    files = Files()
    name = files.add("t", "bin", b"one")
    made = Files(Published({f"search/t/{name}.bin": digest(b"two")}, lambda _: b""))
    with pytest.raises(LostError):
        made.add("t", "bin", b"one")
