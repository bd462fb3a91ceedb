"""Files of the cache: whole or not at all, with a checksum before their contents."""

from __future__ import annotations

import os
import zlib
from hashlib import blake2b
from typing import TYPE_CHECKING, Any

import msgspec

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["load", "save"]

SIZE = 16


def _checksum(data: bytes | memoryview, version: bytes) -> bytes:
    """Tells of damage, not of malice; a build after an edit checks hundreds of megabytes."""
    return blake2b(b"%d:%d" % (zlib.crc32(data), len(data)), digest_size=SIZE, key=version).digest()


def save(path: Path, value: object, version: bytes = b"") -> None:
    """Keep a value.

    Args:
        path: the file.
        value: what msgspec can encode.
        version: of the program, where another one must not take it for its own.
    """
    data = msgspec.msgpack.encode(value)
    temporary = path.with_suffix(f"{path.suffix}.{os.getpid()}.tmp")
    with temporary.open("wb") as file:
        file.writelines((_checksum(data, version), data))
    temporary.replace(path)


def load(path: Path, kind: Any, version: bytes = b"") -> Any:
    """What was kept, or None if the file is missing, damaged, or of another form or version."""
    try:
        data = path.read_bytes()
        body = memoryview(data)[SIZE:]
        return msgspec.msgpack.decode(body, type=kind) if _checksum(body, version) == data[:SIZE] else None
    except (OSError, msgspec.MsgspecError):
        return None
