"""Files of which only the time changed, as after a fresh clone: their contents are hashed, and nothing else is done."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from builder.read.bucket import open_record

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from builder.read.beside import Model
    from builder.read.bucket import BucketTask
    from builder.read.collect import Shelf
    from builder.read.source import FileStamp

__all__ = ["HashTask", "hash_records", "same_contents"]

A_TASK = 512
"""Records that a worker hashes at a time."""
SMALL = 256
"""Records that one process hashes before others have started."""


class HashTask(msgspec.Struct, frozen=True):
    """Records to hash; plain data, the fields as in ``BucketTask``."""

    folder: str
    names: list[str]
    beside: str
    shown: str
    tables: dict[str, str]
    models: dict[str, Model]


def hash_records(task: HashTask) -> list[bytes]:
    """Content hash of each record with what stands beside it; empty for one that cannot be read."""
    return [_hash(task, name) for name in task.names]


def _hash(task: HashTask, name: str) -> bytes:
    """As ``hash_records``, for one."""
    try:
        return open_record(task.folder, name, task.beside, task.shown, task.tables, task.models).digest()
    except OSError:
        return b""


def _task(shelf: Shelf, names: list[str]) -> HashTask:
    """The task of some records."""
    beside = shelf.beside
    return HashTask(shelf.folder, names, beside.folder, beside.shown, *beside.of(names))


def same_contents(
    shelf: Shelf, files: Sequence[FileStamp], tasks: Sequence[BucketTask], run: Callable[..., Iterator[list[bytes]]]
) -> Mapping[str, int]:
    """The time of files that have the size and the contents that they had, and another time.

    Args:
        shelf: where records are and what is known of them.
        files: the records' files as they are.
        tasks: what there is to read, which tells of most files that they are unchanged.
        run: runs a batch function over tasks.
    """
    if not shelf.known:
        return {}
    changed = {name for task in tasks for name, digest in task.files if not digest}
    if not changed:
        return {}
    moved = [
        (name, size, mtime)
        for name, size, mtime in files
        if name in changed and (was := shelf.known.get(name)) is not None and was[0] == size and was[1] != mtime
    ]
    parts = [moved[i : i + A_TASK] for i in range(0, len(moved), A_TASK)]
    hashed = run(hash_records, [_task(shelf, [n for n, _, _ in part]) for part in parts], small=len(moved) <= SMALL)
    return {
        name: mtime
        for part, digests in zip(parts, hashed, strict=True)
        for (name, _, mtime), digest in zip(part, digests, strict=True)
        if digest == shelf.known[name][2]
    }
