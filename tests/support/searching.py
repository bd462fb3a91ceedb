"""Read the search index as decision 13 describes it, for tests."""

from __future__ import annotations

import json
from itertools import accumulate
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["dump", "ids_of", "numbers", "read_shard", "read_table"]


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


def _head(data: bytes) -> tuple[list[int], int]:
    """Return the numbers at the beginning of a shard, and where they end."""
    out: list[int] = []
    count, at, value, shift = -1, 0, 0, 0
    while count < 0 or len(out) < 2 * count:
        byte = data[at]
        at += 1
        value |= (byte & 127) << shift
        shift += 7
        if byte < 128:
            if count < 0:
                count = value
            else:
                out.append(value)
            value = shift = 0
    return out, at


def read_shard(data: bytes) -> list[tuple[bytes, bytes]]:
    """Return the keys and values of a shard of a table."""
    sizes, at = _head(data)
    parts = []
    for size in sizes:
        parts.append(data[at : at + size])
        at += size
    assert at == len(data)
    count = len(sizes) // 2
    return list(zip(parts[:count], parts[count:], strict=True))


def read_table(root: Path, kind: str) -> dict[str, bytes]:
    """Return a table of a built site's index."""
    about: dict[str, Any] = json.loads((root / "search/index.json").read_bytes())[kind]
    entries: dict[str, bytes] = {}
    for first, name in zip(about["first"], about["names"].split(), strict=True):
        own = read_shard((root / f"search/{kind}/{name}.bin").read_bytes())
        assert own[0][0].decode() >= first > max(entries, default="") or not first
        entries |= {key.decode(): value for key, value in own}
    return entries


def ids_of(value: bytes) -> list[int]:
    """Return the ids of a list."""
    return [last - 1 for last in accumulate(numbers(value))]


def dump(path: str, data: bytes) -> str:
    """Return a binary file of an index as text, one entry a line."""
    kind = path.split("/")[1]
    if kind == "figures":
        return data.hex(" ") + "\n"
    lines = []
    for key, value in read_shard(data):
        text = value.decode().replace("\n", " | ") if kind == "names" else " ".join(map(str, numbers(value)))
        lines.append(f"{key.decode()} = {text}\n")
    return "".join(lines)
