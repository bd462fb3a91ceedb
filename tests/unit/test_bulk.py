"""Downloads from build to build: what did not change is taken over, and the bytes are those of a first build."""

from __future__ import annotations

import gzip
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from builder import bulk as bulk_module
from builder.bulk import Bulk
from builder.publish import downloads
from builder.publishing import downloads_ahead
from builder.read.settings import Settings
from builder.vocabulary import text_hashes
from builder.workers import Workers
from builder.write.output import runs_of
from tests.unit.neighbourhood import WORDS, Collection, Edit, Shown, build, changed, collections, edits

if TYPE_CHECKING:
    from collections.abc import Iterator

    from builder.catalog.catalog import Catalog

SITE = Settings(url="https://example.org/sub/")
SEED, VERSION = b"s" * 16, b"v" * 16
LEAST = 2
COLLECTION = {
    n: Shown("2020", words) for n, words in enumerate([("A", "B", "AB*"), ("C", "a", "D"), (), ("A in mouse",)])
}
GENES = "downloads/gene-mentions.tsv.gz"


@pytest.fixture(scope="module", autouse=True)
def small_parts() -> Iterator[None]:
    """Have parts that are small enough for the collections of tests, and gene sets of organisms with few figures."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(downloads, "SMALL", LEAST)
        patch.setattr(bulk_module, "FIGURES_OF_SETS", 1)
        yield


def bulk_of(
    collection: Collection | Catalog, folder: Path, seed: bytes = SEED, version: bytes = VERSION, site: Settings = SITE
) -> Bulk:
    """Return the downloads of a collection, which are remembered in a folder."""
    catalog = build(collection)[0] if isinstance(collection, dict) else collection
    return Bulk(catalog, site, seed, version, folder / "downloads-1")


def made_by(bulk: Bulk, *stale: str) -> dict[str, bytes]:
    """Return the downloads that are made where some are stale, all of them if none is named."""
    bulk.begin(Workers(1))
    files = {path: b"".join(runs_of(data)) for path, data in bulk.files(set(stale or bulk.digests))}
    bulk.remember()
    return files


def anew(collection: Collection | Catalog, folder: Path) -> dict[str, bytes]:
    """Return the downloads of a collection, made from nothing."""
    fresh = folder / f"fresh-{len([*folder.iterdir()])}"
    fresh.mkdir()
    return made_by(bulk_of(collection, fresh))


def parts_of(collection: Collection) -> set[tuple[tuple[str, Shown], ...]]:
    """Return the figures of each part, found without the program."""
    parts: list[list[tuple[str, Shown]]] = [[]]
    for figid, shown in sorted((f"PMC{number:02}__f", shown) for number, shown in collection.items()):
        parts[-1].append((figid, shown))
        own = text_hashes(figid.encode(), np.array([len(figid)]))[0]
        ends = own % LEAST == 0 and len(parts[-1]) >= LEAST
        if ends or len(parts[-1]) == 3 * LEAST:
            parts.append([])
    return {tuple(p) for p in parts if p}


@pytest.mark.parametrize(("figures", "least"), [(5_000, 96), (40_000, 160)])
def test_parts_are_of_even_size(figures: int, least: int) -> None:
    """No part is so large that making it anew takes long, nor so small that there are many."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(downloads, "SMALL", 96)
        hashes = np.random.default_rng(1).integers(0, 2**63, figures).astype(np.uint64)
        sizes = [b - a for a, b in downloads._spans(hashes)]
    assert sum(sizes) == figures
    assert all(least <= size <= 3 * least for size in sizes[:-1])


@settings(max_examples=40)
@given(collections(least=0), st.lists(edits(), min_size=1, max_size=3))
def test_downloads_are_as_if_made_anew(
    tmp_path_factory: pytest.TempPathFactory, collection: Collection, changes: list[list[Edit]]
) -> None:
    """After any changes every download has the bytes of one made from nothing, and unchanged parts are taken over."""
    folder = tmp_path_factory.mktemp("memory")
    made_by(bulk_of(collection, folder))
    for change in changes:
        before = parts_of(collection)
        collection = changed(collection, change)
        bulk = bulk_of(collection, folder)
        wanted = [n for n in bulk.parts.wanted() if n >= 0]
        # A gene may have come to be called otherwise, which other parts tell too.
        assert len(wanted) >= len(parts_of(collection) - before)
        assert made_by(bulk) == anew(collection, folder)
        assert bulk_of(collection, folder).parts.wanted() == []


def test_nothing_is_made_twice(tmp_path: Path) -> None:
    """Without a change no part is made; by another program, or at another address, all of them are."""
    collection = {n: Shown("2020", ("A", "B")) for n in range(12)}
    made_by(bulk_of(collection, tmp_path))
    every = len(parts_of(collection)) + 1
    assert bulk_of(collection, tmp_path).parts.wanted() == []
    assert len(bulk_of(collection, tmp_path, version=b"w" * 16).parts.wanted()) == every > 2
    other = Settings(url="https://example.net/")
    assert len(bulk_of(collection, tmp_path, site=other).parts.wanted()) == every


def test_one_change_reaches_one_part(tmp_path: Path) -> None:
    """Where one figure shows one gene more, one part is made anew, and what is left of the old one goes."""
    collection = {n: Shown("2020", ("A", "B", "C")) for n in range(30)}
    made_by(bulk_of(collection, tmp_path))
    folder = tmp_path / "downloads-1.pieces"
    before = {p.name for p in folder.iterdir()}
    again = bulk_of(changed(collection, [Edit(7, more=("A",))]), tmp_path)
    assert len(again.parts.wanted()) == 1
    made_by(again)
    after = {p.name for p in folder.iterdir()}
    assert len(after - before) == len(before - after) == 1


def test_order_of_mentions_counts(tmp_path: Path) -> None:
    """Where the mentions of a record change places, so do their rows."""
    made = made_by(bulk_of(COLLECTION, tmp_path))
    turned = {n: Shown(s.year, s.words[::-1]) for n, s in COLLECTION.items()}
    again = made_by(bulk_of(turned, tmp_path))
    assert again[GENES] != made[GENES]
    assert again == anew(turned, tmp_path)


def test_gene_that_is_called_otherwise(tmp_path: Path) -> None:
    """A gene that most mentions come to call otherwise has its new symbol in the rows of all figures."""
    before = {n: Shown("2020", ("A",) if n % 2 else ("a-old",)) for n in range(21)}
    after = changed(before, [Edit(0, less=frozenset({"a-old"}), more=("A",))])
    files = [made_by(bulk_of(collection, tmp_path)) for collection in (before, after)]
    symbols = [{line.split("\t")[4] for line in gzip.decompress(f[GENES]).decode().splitlines()[1:]} for f in files]
    assert symbols == [{"Z"}, {"A"}]
    assert files[1] == anew(after, tmp_path)


@pytest.mark.parametrize("damage", ["gone", "cut", "head", "end"])
def test_damaged_parts(tmp_path: Path, damage: str) -> None:
    """Parts that the disk lost or spoiled are made again, also where it is found out late."""
    made = made_by(bulk_of(COLLECTION, tmp_path))
    for path in (tmp_path / "downloads-1.pieces").iterdir():
        data = path.read_bytes()
        if damage == "gone":
            path.unlink()
            continue
        place = {"cut": len(data) // 2, "head": 30, "end": len(data) - 2}[damage]
        path.write_bytes(data[:place] + (b"" if damage == "cut" else bytes([data[place] ^ 1]) + data[place + 1 :]))
    assert made_by(bulk_of(COLLECTION, tmp_path)) == made


def test_downloads_that_stand_are_described(tmp_path: Path) -> None:
    """What is said of downloads that are not made again is what was said before, also where that is damaged."""
    bulk = bulk_of(COLLECTION, tmp_path)
    made_by(bulk)
    for lost in (False, True):
        if lost:
            said = tmp_path / "downloads-1.said"
            said.write_bytes(said.read_bytes()[:-1])
        again = bulk_of(COLLECTION, tmp_path)
        again.begin(Workers(1))
        assert dict(again.files(set())) == {}
        assert again.described(again.digests) == bulk.described(bulk.digests)
    assert [*tmp_path.glob("*/*.words")] == []


def test_downloads_are_made_ahead(tmp_path: Path) -> None:
    """In a large collection what changed is made while the site is planned, beside what stands, and is the same."""
    made_by(bulk_of({}, tmp_path))
    expected = anew(COLLECTION, tmp_path)
    out = tmp_path / "out"
    with pytest.MonkeyPatch.context() as patch, Workers(2) as workers:
        patch.setattr(bulk_module, "LARGE", 0)
        # Beside the threads of other tests no process can be forked; tests/site/test_processes.py has true ones.
        patch.setattr(Workers, "forks", lambda _: True)
        patch.setattr(Workers, "aside", lambda _, function, **_more: function)
        bulk = bulk_of(COLLECTION, tmp_path)
        done = bulk.begin(workers, lambda: "first", partial(downloads_ahead, bulk, out, 1))
        assert done is not None
        assert done() == "first"
        files, made = bulk.ready()
    changed_ones = bulk.changed()
    assert files.keys() == changed_ones != set()
    assert [*out.rglob("*")] != []
    assert not any((out / path).exists() for path in files)
    for prepared in files.values():
        prepared.place()
    assert {path: (out / path).read_bytes() for path in files} == {path: expected[path] for path in changed_ones}
    assert made.keys() == expected.keys()


@pytest.mark.parametrize("stale", [("downloads/figures.parquet",), ("json/getCounts.json", GENES)])
def test_memory_of_other_downloads(tmp_path: Path, stale: tuple[str, ...]) -> None:
    """Downloads are described as they are now, whatever is remembered of others."""
    made_by(bulk_of({}, tmp_path))
    bulk = bulk_of(COLLECTION, tmp_path)
    files = made_by(bulk, *stale)
    expected = anew(COLLECTION, tmp_path)
    assert files == {path: expected[path] for path in stale}
    assert {d.path: d.size for d in bulk.described(bulk.digests)} == {p: len(data) for p, data in expected.items()}


def test_what_downloads_depend_on(tmp_path: Path) -> None:
    """Each download is made again when something changed that it tells, and only then."""

    def digests(collection: Collection, seed: bytes = SEED) -> dict[str, bytes]:
        return bulk_of(collection, tmp_path, seed).digests

    was = digests(COLLECTION)

    def changes(now: dict[str, bytes]) -> set[str]:
        return {path.rpartition("/")[2] for path in was if now[path] != was[path]}

    every = {path.rpartition("/")[2] for path in was}
    genes = {
        "gene-mentions.tsv.gz", "gene-mentions.parquet", "pfocr-Homo_sapiens.gmt", "pfocr.ttl.gz", "getFigureInfo.json",
        "getCounts.json", "datapackage.json", "SHA256SUMS",
    }  # fmt: skip
    figures = genes - {"gene-mentions.tsv.gz", "gene-mentions.parquet"} | {"figures.tsv.gz", "figures.parquet"}
    assert changes(digests(COLLECTION)) == set()
    assert changes(digests(changed(COLLECTION, [Edit(1, more=("E",))]))) == genes
    assert changes(digests(changed(COLLECTION, [Edit(3, year="1999")]))) == figures
    assert changes(digests(changed(COLLECTION, [Edit(2, gone=True)]))) == every - {"README.md", "listOrganisms.json"}
    assert changes(digests(COLLECTION, seed=b"t" * 16)) == every


def test_later_build_in_the_same_process(tmp_path: Path) -> None:
    """A process that made parts makes those of a later build with the words of that one.

    Processes that begin as copies of it, as workers do, know the words that it knows.
    """
    made_by(bulk_of(COLLECTION, tmp_path))
    after = changed(COLLECTION, [Edit(5, more=("nameless", "F", "CDE*")), Edit(0, less=frozenset("A"))])
    assert made_by(bulk_of(after, tmp_path)) == anew(after, tmp_path)


@pytest.mark.parametrize("words", [("nameless",), ("F", "CDE*"), tuple(WORDS)])
def test_records_that_are_not_published(tmp_path: Path, words: tuple[str, ...]) -> None:
    """Words of records that are left out change nothing in the downloads."""
    expected = anew(COLLECTION, tmp_path)
    for hidden in ((), words, ()):
        catalog, _ = build(COLLECTION | {9: Shown("2020", hidden)}, left_out={9})
        assert made_by(bulk_of(catalog, tmp_path)) == expected


def test_no_room_for_what_is_said_of_downloads(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where what is said of downloads cannot be kept the files are as they should be, now and in the next build."""
    folder = tmp_path / "memory"
    folder.mkdir()
    replace = Path.replace

    def full(path: Path, target: Path) -> Path:
        if target.suffix == ".said":
            raise OSError(28, "No space left on device")
        return replace(path, target)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "replace", full)
        assert made_by(bulk_of(COLLECTION, folder)) == anew(COLLECTION, tmp_path)
    assert made_by(bulk_of(COLLECTION, folder)) == anew(COLLECTION, tmp_path)
