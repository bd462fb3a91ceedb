"""Digests: 16 bytes that change when anything behind them changes."""

from __future__ import annotations

from hashlib import blake2b
from pathlib import Path
from typing import Any

import msgspec

__all__ = ["combine", "digest", "tree_digest"]

_encode = msgspec.msgpack.Encoder().encode


def digest(*values: Any) -> bytes:
    """The digest of plain values; their order and their borders count."""
    return blake2b(_encode(values), digest_size=16).digest()


def combine(*parts: bytes) -> bytes:
    """The digest of byte strings of which all but the last have a fixed length."""
    return blake2b(b"".join(parts), digest_size=16).digest()


def tree_digest(folder: Path, suffixes: tuple[str, ...]) -> bytes:
    """The digest of the files of a folder, by name and contents."""
    state = blake2b(digest_size=16)
    for path in sorted(p for p in folder.rglob("*") if p.suffix in suffixes and p.is_file()):
        data = path.read_bytes()
        state.update(f"{path.relative_to(folder).as_posix()}\0{len(data)}\0".encode())
        state.update(data)
    return state.digest()
