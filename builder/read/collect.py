"""Bring every record of a source into buckets, reading only what changed."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from builder.problems import BuildError
from builder.read.bucket import (
    BucketDone,
    BucketTask,
    Columns,
    bucket_count,
    bucket_key,
    bucket_of,
    load_columns,
    read_bucket,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from builder.read.source import FileStamp

__all__ = ["Collected", "collect"]

SMALL = 48
"""Records that one process reads before others have started."""

Known = tuple[int, int, bytes]


@dataclass
class Collected:
    """All records, as columns."""

    columns: list[Columns] = field(default_factory=list)
    """By number of the bucket."""
    keys: list[str] = field(default_factory=list)
    digests: dict[str, bytes] = field(default_factory=dict)
    """Content hash of every file."""
    parsed: int = 0
    """Records that were parsed, not taken from the cache."""


def _tasks(
    folder: str,
    cache: str,
    version: str,
    files: Sequence[FileStamp],
    known: Mapping[str, Known],
    former: Mapping[int, str],
) -> list[BucketTask]:
    """One task a bucket; a file whose size and time are as they were brings its content hash."""
    count = bucket_count(len(files))
    members: list[list[tuple[str, bytes]]] = [[] for _ in range(count)]
    for name, size, mtime in files:
        was = known.get(name)
        digest = was[2] if was is not None and was[0] == size and was[1] == mtime else b""
        members[bucket_of(name, count)].append((name, digest))
    return [BucketTask(n, folder, cache, version, m, former.get(n, "")) for n, m in enumerate(members)]


def _current(task: BucketTask) -> Columns | None:
    """The columns of a bucket of which nothing changed, if the cache still has them."""
    if all(digest for _, digest in task.files) and bucket_key(task.version, task.files) == task.former:
        return load_columns(task.cache, task.former)
    return None


def collect(
    folder: str,
    cache: str,
    version: str,
    files: Sequence[FileStamp],
    known: Mapping[str, Known],
    former: Mapping[int, str],
    run: Callable[..., Iterator[BucketDone]],
    progress: Callable[[int], None],
) -> Collected:
    """Every record of a folder.

    Args:
        folder: where the files are.
        cache: the cache folder.
        version: of the reader.
        files: the records' files.
        known: size, time and content hash of files, from the build before.
        former: keys of the buckets, from the build before.
        run: runs a batch function over tasks.
        progress: is told how many records each bucket has, as it is done.

    Raises:
        BuildError: if the cache folder loses files while we look.
    """
    tasks = _tasks(folder, cache, version, files, known, former)
    ready = {t.number: c for t in tasks if (c := _current(t)) is not None}
    todo = [t for t in tasks if t.number not in ready]
    for task in tasks:
        if task.number in ready:
            progress(len(task.files))
    out = Collected(keys=[t.former for t in tasks])
    changed = sum(not digest for t in todo for _, digest in t.files)
    small = changed <= SMALL and all(t.former for t in todo)
    for done in run(read_bucket, todo, small=small):
        task = tasks[done.number]
        out.keys[done.number] = done.key
        out.parsed += done.parsed
        columns = load_columns(cache, done.key)
        if columns is None:
            raise BuildError(f"the cache folder {cache} lost a file while it was in use; build again")
        ready[done.number] = columns
        out.digests.update({n: d for (n, _), d in zip(task.files, done.digests, strict=True)})
        progress(len(task.files))
    for task in tasks:
        for name, digest in task.files:
            out.digests.setdefault(name, digest)
    out.columns = [ready[n] for n in range(len(tasks))]
    return out
