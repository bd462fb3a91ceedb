"""Make the search index of some records, ask its JavaScript, and read it as decision 13 describes it."""

from __future__ import annotations

import json
import subprocess
from itertools import accumulate, pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from builder.catalog.catalog import make_catalog
from builder.kept import digest_of
from builder.read.bucket import Stored, _columns
from builder.read.columns import Columns
from builder.read.settings import Settings
from builder.read.terms import Terms, terms_of
from builder.search.index import Index, whole_index
from builder.urls import Urls
from tests.support.installed import NODE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from builder.model import Figure

__all__ = [
    "ask",
    "bucket_of_figures",
    "dump",
    "figids",
    "ids_of",
    "make_index",
    "make_index_of",
    "numbers",
    "read_shard",
    "read_table",
    "runs_of",
]

ROOT = Path(__file__).resolve().parents[2]


def bucket_of_figures(figures: Sequence[Figure]) -> tuple[Columns, Terms]:
    """Return columns and words of some figures."""
    encoded = [(f, msgspec.msgpack.encode(f)) for f in figures]
    stored = [Stored(f"{f.figid}.md", digest_of(data), msgspec.Raw(data), []) for f, data in encoded]
    columns, good = _columns(stored)
    return columns, terms_of(good, columns)


def make_index(figures: Sequence[Figure], folder: Path, buckets: int = 7) -> dict[str, bytes]:
    """Write the index of some figures into a folder; returns its files."""
    return make_index_of([bucket_of_figures(figures[i::buckets]) for i in range(buckets)], folder)


def make_index_of(made: Sequence[tuple[Columns, Terms]], folder: Path) -> dict[str, bytes]:
    """Write the index of some buckets of figures into a folder; returns its files."""
    catalog = make_catalog([c for c, _ in made], set(), "Homo sapiens")
    href = Urls("https://example.org/sub/").href
    index = Index(catalog, Settings(url="https://example.org/sub/"), {}, href)
    files = {
        path: data
        for path, data in whole_index(index, len(made), lambda: [t for _, t in made]).items()
        if data is not None
    }
    for path, data in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(data)
    return files


def ask(folder: Path, *asks: list[Any]) -> list[Any]:
    """Return the answers of the JavaScript engine."""
    command = [str(NODE), str(ROOT / "tests/js/drive.mjs")]
    data = json.dumps({"folder": str(folder), "asks": asks})
    done = subprocess.run(command, input=data, capture_output=True, text=True, check=False, encoding="utf-8")
    assert done.returncode == 0, done.stderr
    answers: list[Any] = json.loads(done.stdout)
    return answers


def figids(folder: Path) -> dict[int, str]:
    """Return the figid of every id, as the shards of rows say."""
    meta = json.loads((folder / "search/index.json").read_bytes())
    names = json.loads((folder / f"search/rows/{meta['rows']}.list.json").read_bytes()).split(" ")
    out = {}
    for place, name in enumerate(names):
        if name != "-":
            rows = json.loads((folder / f"search/rows/{name}.json").read_bytes())
            out.update({place * meta["idsARowShard"] + int(i): row[0] for i, row in rows.items()})
    return out


def numbers(data: bytes) -> list[int]:
    """Return the numbers of seven bits a byte, the lowest first."""
    out: list[int] = []
    value = shift = 0
    for byte in data:
        value |= (byte & 127) << shift
        shift += 7
        if byte < 128:
            out.append(value)
            value = shift = 0
    return out


def number_at(data: bytes, at: int) -> tuple[int, int]:
    """Return the number that begins at a place, and where it ends."""
    end = next(i for i in range(at, len(data)) if data[i] < 128) + 1
    [found] = numbers(data[at:end])
    return found, end


def numbers_at(data: bytes, at: int, count: int) -> tuple[list[int], int]:
    """Return so many numbers from a place on, and where they end."""
    out = []
    for _ in range(count):
        number, at = number_at(data, at)
        out.append(number)
    return out, at


def read_shard(data: bytes) -> list[tuple[bytes, bytes]]:
    """Return the keys and values of a shard of a table."""
    count, at = number_at(data, 0)
    shared, at = numbers_at(data, at, count)
    rest, at = numbers_at(data, at, count)
    sizes, at = numbers_at(data, at, count)
    keys: list[bytes] = []
    for same, size in zip(shared, rest, strict=True):
        keys.append((keys[-1][:same] if keys else b"") + data[at : at + size])
        at += size
    ends = list(accumulate(sizes, initial=at))
    assert ends[-1] == len(data)
    return [(key, data[a:b]) for key, (a, b) in zip(keys, pairwise(ends), strict=True)]


def read_table(root: Path, kind: str) -> dict[str, bytes]:
    """Return a table of a built site's index."""
    about: dict[str, Any] = json.loads((root / "search/index.json").read_bytes())[kind]
    entries: dict[str, bytes] = {}
    for first, name in zip(about["first"], about["names"].split(), strict=True):
        own = read_shard((root / f"search/{kind}/{name}.bin").read_bytes())
        assert own[0][0].decode() >= first > max(entries, default="") or not first
        entries |= {key.decode(): value for key, value in own}
    return entries


def runs_of(value: bytes) -> list[tuple[int, list[int]]]:
    """Return the runs of a list: what their ids have in common, and the ids."""
    runs: list[tuple[int, list[int]]] = []
    at = 0
    while at < len(value):
        head, at = number_at(value, at)
        count = head >> 3
        if count < 4:
            gaps, at = numbers_at(value, at, count)
        else:
            low = value[at]
            size = (count * low + 7) >> 3
            lows, highs = (int.from_bytes(b, "little") for b in (value[at + 1 : at + 1 + size], value[at + 1 + size :]))
            gaps, bit = [], 0
            for i in range(count):
                begin = bit
                while not highs >> bit & 1:
                    bit += 1
                gaps.append((bit - begin) << low | lows >> i * low & ((1 << low) - 1))
                bit += 1
            at += 1 + size + ((bit + 7) >> 3)
        runs.append((head & 7, [last - 1 for last in accumulate(gap + 1 for gap in gaps)]))
    return runs


def ids_of(value: bytes) -> list[int]:
    """Return the ids of a list of one run."""
    [(_, ids)] = runs_of(value) or [(0, [])]
    return ids


def dump(path: str, data: bytes) -> str:
    """Return a binary file of an index as text, one entry a line."""
    kind = path.split("/")[1]
    if kind == "figures":
        return data.hex(" ") + "\n"
    return "".join([f"{key.decode()} = {_shown(kind, value)}\n" for key, value in read_shard(data)])


def _shown(kind: str, value: bytes) -> str:
    """Return a value of a table as text."""
    if kind in {"names", "concepts"}:
        return value.decode().replace("\n", " | ")
    if kind == "spelling":
        return " ".join(map(str, numbers(value)))
    return "; ".join(f"{tag}: {' '.join(map(str, ids))}" for tag, ids in runs_of(value))
