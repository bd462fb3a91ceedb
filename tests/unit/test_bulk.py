"""Downloads from build to build: what did not change is taken over, and the bytes are those of a first build."""

from __future__ import annotations

import gzip
import zlib
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from builder import kept
from builder.bulk import FIGURES, SETS, Bulk
from builder.publish import downloads
from builder.publish.downloads import (
    MENTIONS,
    Download,
    MentionTable,
    PartIndex,
    figure_table,
    gene_sets,
    pack_mentions,
)
from builder.workers import Workers
from tests.unit.neighbourhood import WORDS, Collection, Edit, Shown, build, changed, collections, edits

if TYPE_CHECKING:
    from collections.abc import Iterator

    from builder.catalog.catalog import Catalog

HUMAN = "Homo sapiens"
SEED, VERSION = b"s" * 16, b"v" * 16
FIGURES_A_PART = 3
COLLECTION = {
    n: Shown("2020", words) for n, words in enumerate([("A", "B", "AB*"), ("C", "a", "D"), (), ("A in mouse",)])
}


@pytest.fixture(scope="module", autouse=True)
def small_parts() -> Iterator[None]:
    """Have parts of the table of mentions that are small enough for the collections of tests."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(downloads, "FIGURES_A_PART", FIGURES_A_PART)
        yield


class Packed(NamedTuple):
    """A table of mentions."""

    data: bytes
    described: Download
    parts: PartIndex
    """Where the parts stand in the data."""
    tasks: int
    """Parts that were packed."""


def packed(catalog: Catalog, folder: Path, published: Path | None, version: bytes = VERSION) -> Packed:
    """Return the table of mentions of a collection.

    Args:
        catalog: the collection.
        folder: where ``parts`` is the index of the published file.
        published: that file; None for a first build.
        version: of the program.
    """
    table = MentionTable(catalog, HUMAN, version, folder / "parts")
    known = table.known(published)
    cells = msgspec.msgpack.encode(table.vocabulary())
    vocabulary = folder / sha256(cells).hexdigest()
    vocabulary.write_bytes(cells)
    tasks = table.tasks(known, str(vocabulary))
    return Packed(*table.finish(known, map(pack_mentions, tasks)), len(tasks))


def published(made: Packed, folder: Path) -> Path:
    """Leave a table and its index where the next build finds them, and return its place."""
    kept.save(folder / "parts", made.parts)
    (folder / "table").write_bytes(made.data)
    return folder / "table"


def parts_of(collection: Collection, data: bytes) -> set[tuple[str, ...]]:
    """Return figids and lines of each part of a table of mentions, found without the program."""
    lines = gzip.decompress(data).decode().splitlines()
    parts: list[list[str]] = [[]]
    for figid in sorted(f"PMC{number:02}__f" for number in collection):
        parts[-1] += [figid, *(line for line in lines if line.startswith(f"{figid}\t"))]
        if zlib.crc32(figid.encode()) % FIGURES_A_PART == 0:
            parts.append([])
    return {tuple(p) for p in parts if p}


@settings(max_examples=100)
@given(collections(least=0), st.lists(edits(), min_size=1, max_size=3))
def test_table_is_as_if_made_anew(
    tmp_path_factory: pytest.TempPathFactory, collection: Collection, changes: list[list[Edit]]
) -> None:
    """After any changes the table has the bytes of one made from nothing, and only parts that changed were packed."""
    folder = tmp_path_factory.mktemp("memory")
    made = packed(build(collection)[0], folder, None)
    for change in changes:
        table = published(made, folder)
        before = parts_of(collection, made.data)
        collection = changed(collection, change)
        catalog, _ = build(collection)
        made = packed(catalog, folder, table)
        assert made[:3] == packed(catalog, folder, None)[:3]
        assert made.tasks == len(parts_of(collection, made.data) - before)


@given(collections(least=0))
def test_table_has_every_mention(tmp_path_factory: pytest.TempPathFactory, collection: Collection) -> None:
    """The rows of all parts are those of all mentions, figure by figure, in the order of the record."""
    catalog, _ = build(collection)
    made = packed(catalog, tmp_path_factory.mktemp("memory"), None)
    m, g = catalog.mentions, catalog.genes
    rows = [
        (
            catalog.figures.figid[f],
            m.words[w],
            m.matches[k],
            m.lexicons[x],
            g.symbol[n],
            g.ncbi[n],
            g.organism[n] or HUMAN,
        )
        for f, w, k, x, n in zip(
            *(c.tolist() for c in (m.figure, m.word, m.match, m.lexicon, g.mention_gene)), strict=True
        )
    ]
    rows.sort(key=lambda row: row[0])
    lines = gzip.decompress(made.data).decode().splitlines()
    assert [tuple(line.split("\t")) for line in lines[1:]] == rows
    assert made.described.rows == len(rows)


def test_nothing_is_packed_twice(tmp_path: Path) -> None:
    """Without a change no part is packed, with other years none either; by another program all of them are."""
    catalog, _ = build(COLLECTION)
    made = packed(catalog, tmp_path, None)
    table = published(made, tmp_path)
    assert made.tasks == len(parts_of(COLLECTION, made.data)) > 1
    assert packed(catalog, tmp_path, table).tasks == 0
    older, _ = build({n: Shown("1999" if n else "2020", s.words) for n, s in COLLECTION.items()})
    assert packed(older, tmp_path, table) == made._replace(tasks=0)
    assert packed(catalog, tmp_path, table, b"w" * 16) != made._replace(tasks=0)
    assert packed(catalog, tmp_path, table, b"w" * 16).tasks == made.tasks


def test_order_of_mentions_counts(tmp_path: Path) -> None:
    """Where the mentions of a record change places, so do their rows."""
    made = packed(build(COLLECTION)[0], tmp_path, None)
    table = published(made, tmp_path)
    turned, _ = build({n: Shown(s.year, s.words[::-1]) for n, s in COLLECTION.items()})
    again = packed(turned, tmp_path, table)
    assert again.data != made.data
    assert again[:3] == packed(turned, tmp_path, None)[:3]


def test_gene_that_is_called_otherwise(tmp_path: Path) -> None:
    """A gene that most mentions come to call otherwise has its new symbol in the rows of all figures."""
    before = {n: Shown("2020", ("A",) if n % 2 else ("a-old",)) for n in range(21)}
    after = changed(before, [Edit(0, less=frozenset({"a-old"}), more=("A",))])
    made = packed(build(before)[0], tmp_path, None)
    again = packed(build(after)[0], tmp_path, published(made, tmp_path))
    symbols = [
        {line.split("\t")[4] for line in gzip.decompress(m.data).decode().splitlines()[1:]} for m in (made, again)
    ]
    assert symbols == [{"Z"}, {"A"}]
    assert again[:3] == packed(build(after)[0], tmp_path, None)[:3]


def test_lost_index(tmp_path: Path) -> None:
    """Without the index of the parts, with a damaged one, or without the file, all parts are packed."""
    catalog, _ = build(COLLECTION)
    made = packed(catalog, tmp_path, None)
    table = published(made, tmp_path)
    assert packed(catalog, tmp_path, tmp_path / "nowhere") == made
    (tmp_path / "parts").write_bytes((tmp_path / "parts").read_bytes()[:-1])
    assert packed(catalog, tmp_path, table) == made
    (tmp_path / "parts").unlink()
    assert packed(catalog, tmp_path, table) == made


def bulk_of(collection: Collection, folder: Path, seed: bytes = SEED, version: bytes = VERSION) -> Bulk:
    """Return the downloads of a collection, which are remembered in a folder."""
    return Bulk(build(collection)[0], HUMAN, seed, version, folder / "downloads-1")


def made_by(bulk: Bulk, folder: Path, *stale: str) -> dict[str, bytes]:
    """Return the downloads that are made, as a build does that publishes into a folder what is stale."""
    table = folder / "table"
    bulk.begin({*stale}, table if table.exists() else None, Workers(1))
    files = dict(bulk.files())
    if MENTIONS in files:
        table.write_bytes(files[MENTIONS])
    bulk.remember()
    return files


ALL = (FIGURES, SETS, MENTIONS)


def test_first_build_makes_all_downloads(tmp_path: Path) -> None:
    """A first build makes every download, and what is said of them is true of their bytes."""
    bulk = bulk_of(COLLECTION, tmp_path)
    files = made_by(bulk, tmp_path, *ALL)
    mentions = packed(bulk.catalog, tmp_path, None)
    figures, sets = figure_table(bulk.catalog), gene_sets(bulk.catalog, HUMAN)
    assert files == {FIGURES: figures[0], SETS: sets[0], MENTIONS: mentions.data}
    assert bulk.described() == [figures[1], mentions.described, sets[1]]
    assert [d.path for d in bulk.described()] == [FIGURES, MENTIONS, SETS]


def test_downloads_that_stand_are_described(tmp_path: Path) -> None:
    """What is said of downloads that are not made again is what was said before, also where that is damaged."""
    bulk = bulk_of(COLLECTION, tmp_path)
    made_by(bulk, tmp_path, *ALL)
    for lost in ("", "*.said", "*.parts", "*"):
        for path in tmp_path.glob(f"downloads-1{lost}"):
            path.write_bytes(path.read_bytes()[:-1])
        again = bulk_of(COLLECTION, tmp_path)
        assert made_by(again, tmp_path) == {}
        assert again.described() == bulk.described()
        assert [*tmp_path.glob("*.words")] == []


@pytest.mark.parametrize("stale", [(), (FIGURES,), (SETS, MENTIONS), ALL])
def test_memory_of_other_downloads(tmp_path: Path, stale: tuple[str, ...]) -> None:
    """Downloads are described as they are now, whatever is remembered of others."""
    made_by(bulk_of({}, tmp_path), tmp_path, *ALL)
    bulk = bulk_of(COLLECTION, tmp_path)
    files = made_by(bulk, tmp_path, *stale)
    assert set(files) == {*stale}
    other = tmp_path / "other"
    other.mkdir()
    anew = bulk_of(COLLECTION, other)
    expected = made_by(anew, other, *ALL)
    assert bulk.described() == anew.described()
    assert files == {path: expected[path] for path in stale}


def test_what_downloads_depend_on() -> None:
    """Each download is made again when something changed that it tells, and only then."""

    def digests(collection: Collection, seed: bytes = SEED, version: bytes = VERSION) -> dict[str, bytes]:
        return Bulk(build(collection)[0], HUMAN, seed, version, Path("x")).digests

    was = digests(COLLECTION)

    def changes(now: dict[str, bytes]) -> set[str]:
        return {path for path in ALL if now[path] != was[path]}

    assert changes(digests(COLLECTION)) == set()
    assert changes(digests(changed(COLLECTION, [Edit(1, less=frozenset("a"), more=("A",))]))) == {MENTIONS}
    assert changes(digests(changed(COLLECTION, [Edit(1, more=("E",))]))) == {MENTIONS, SETS}
    assert changes(digests(changed(COLLECTION, [Edit(1, more=("B",))]))) == {MENTIONS, SETS}
    assert changes(digests(changed(COLLECTION, [Edit(3, year="1999")]))) == {FIGURES, SETS}
    assert changes(digests(changed(COLLECTION, [Edit(2, gone=True)]))) == {*ALL}
    assert changes(digests(COLLECTION, seed=b"t" * 16)) == {*ALL}
    assert changes(digests(COLLECTION, version=b"w" * 16)) == {MENTIONS}


def test_later_build_in_the_same_process(tmp_path: Path) -> None:
    """A process that packed mentions packs those of a later build with the cells of that one.

    Processes that begin as copies of it, as workers do, know the cells that it knows.
    """
    made_by(bulk_of(COLLECTION, tmp_path), tmp_path, MENTIONS)
    after = changed(COLLECTION, [Edit(5, more=("nameless", "F", "CDE*")), Edit(0, less=frozenset("A"))])
    files = made_by(bulk_of(after, tmp_path), tmp_path, MENTIONS)
    assert files[MENTIONS] == packed(build(after)[0], tmp_path, None).data


@pytest.mark.parametrize("words", [("nameless",), ("F", "CDE*"), tuple(WORDS)])
def test_records_that_are_not_published(tmp_path: Path, words: tuple[str, ...]) -> None:
    """Words of records that are left out change nothing, neither in the table nor in what was packed before."""
    folders = [tmp_path / name for name in ("memory", "without")]
    for folder in folders:
        folder.mkdir()
    expected = made_by(bulk_of(COLLECTION, folders[1]), folders[1], *ALL)
    for hidden in ((), words, ()):
        catalog, _ = build(COLLECTION | {9: Shown("2020", hidden)}, left_out={9})
        (folders[0] / "table").unlink(missing_ok=True)
        files = made_by(Bulk(catalog, HUMAN, SEED, VERSION, folders[0] / "downloads-1"), folders[0], *ALL)
        assert files == expected
