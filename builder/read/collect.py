"""Bring every record of a source into buckets, reading only what changed."""

from __future__ import annotations

import zlib
from dataclasses import dataclass, field
from itertools import chain
from typing import TYPE_CHECKING, TypeVar

import msgspec

from builder.kept import bucket_key, version_mark
from builder.problems import BuildError
from builder.read.beside import Beside
from builder.read.bucket import (
    BucketDone,
    BucketTask,
    drop_bucket,
    has_records,
    load_columns,
    load_lines,
    load_mentions,
    read_bucket,
)
from builder.read.known import KnownFiles

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from builder.read.columns import Columns, LineColumns, MentionColumns
    from builder.read.source import FileStamp

__all__ = [
    "Collected", "Loader", "LostBucketError", "Shelf", "collect", "lost_bucket", "make_tasks", "standing", "unchanged",
    "with_tables",
]  # fmt: skip

SMALL = 48
"""Records that one process reads before others have started."""
FEW = 8
"""Buckets that one process reads likewise."""
RECORDS_A_BUCKET = 256

T = TypeVar("T")


@dataclass
class Collected:
    """All records, as columns."""

    columns: list[Columns] = field(default_factory=list)
    """By number of the bucket."""
    keys: list[str] = field(default_factory=list)
    digests: dict[str, bytes] = field(default_factory=dict)
    """Content hash of every file that was looked at, not known by its size and time."""
    parsed: int = 0
    """Records that were parsed, not taken from the cache."""


@dataclass(frozen=True)
class Loader:
    """Loads what columns have not with them, bucket by bucket."""

    cache: str
    keys: Sequence[str]
    """Of the buckets, by number."""

    def mentions(self, number: int) -> MentionColumns:
        """The gene mentions of a bucket; raises LostBucketError if the cache lost them."""
        return self._found(load_mentions(self.cache, self.keys[number]), number)

    def lines(self, number: int) -> LineColumns:
        """The lines of a bucket in the tables of the downloads; raises LostBucketError if the cache lost them."""
        return self._found(load_lines(self.cache, self.keys[number]), number)

    def _found(self, part: T | None, number: int) -> T:
        """A part of a bucket, if it is there."""
        if part is None:
            # What took one part may have taken others: all of them are to be made anew.
            for key in {self.keys[number], *filter(self._lacks, self.keys)}:
                drop_bucket(self.cache, key)
            raise lost_bucket(self.cache)
        return part

    def _lacks(self, key: str) -> bool:
        """Whether a bucket has lost one of its parts."""
        return load_mentions(self.cache, key) is None or load_lines(self.cache, key) is None


class LostBucketError(BuildError):
    """The cache folder lost files while we looked, or had lost some before; what is left of them is gone too."""


def lost_bucket(cache: str) -> LostBucketError:
    """What is told where the cache folder goes on losing files."""
    return LostBucketError(f"the cache folder {cache} lost a file while it was in use; build again")


@dataclass(frozen=True)
class Shelf:
    """Where records are, where they are kept once read, and what is known of them."""

    folder: str
    cache: str
    version: str
    """Of the reader."""
    known: KnownFiles
    """From the build before."""
    former: Mapping[int, str]
    """Keys of the buckets, from the build before."""
    beside: Beside = field(default_factory=Beside)
    """What stands beside the records."""


def bucket_count(records: int) -> int:
    """How many buckets a number of records fall into: a power of two, so that it rarely changes."""
    return 1 << max(0, (records // RECORDS_A_BUCKET).bit_length())


def bucket_of(name: str, buckets: int) -> int:
    """The bucket of a record, by its file name."""
    return zlib.crc32(name.encode() if name.isascii() else name.encode("utf-8", "surrogatepass")) & (buckets - 1)


def make_tasks(shelf: Shelf, files: Sequence[FileStamp], digests: Sequence[bytes]) -> list[BucketTask]:
    """One task a bucket; most tasks are never sent, and ``with_tables`` completes one that is.

    Args:
        shelf: where records are and what is known of them.
        files: the records' files.
        digests: content hash of each whose size and time are as they were; else empty.
    """
    count = bucket_count(len(files))
    members: list[list[tuple[str, bytes]]] = [[] for _ in range(count)]
    for (name, _, _), digest in zip(files, digests, strict=True):
        members[bucket_of(name, count)].append((name, digest))
    return [_task(shelf, n, m) for n, m in enumerate(members)]


def _task(shelf: Shelf, number: int, files: list[tuple[str, bytes]]) -> BucketTask:
    """The task of one bucket."""
    former = shelf.former.get(number, "")
    same = former.endswith(version_mark(shelf.version))
    where = (number, shelf.folder, shelf.cache, shelf.version, files, former if same else "")
    return BucketTask(*where, shelf.beside.folder, shelf.beside.shown)


def with_tables(task: BucketTask, beside: Beside) -> BucketTask:
    """A task with what stands beside its records, for a worker who is to read them."""
    if not (beside.tables or beside.models):
        return task
    tables, models = beside.of(name for name, _ in task.files)
    return msgspec.structs.replace(task, tables=tables, models=models)


def unchanged(task: BucketTask) -> bool:
    """Whether nothing of a bucket changed since the build before, by size and time."""
    return all(digest for _, digest in task.files) and bucket_key(task.version, task.files) == task.former


def standing(shelf: Shelf, tasks: Sequence[BucketTask]) -> list[str] | None:
    """Keys of the buckets if no file changed since the build before, by size and time; else None."""
    if any(not digest for task in tasks for _, digest in task.files):
        return None  # found out before keys are made
    same = all(map(unchanged, tasks))
    return [t.former for t in tasks] if same and len(shelf.known) == sum(len(t.files) for t in tasks) else None


def _few(tasks: Sequence[BucketTask], at_hand: bool) -> bool:  # noqa: FBT001 - it says what it is
    """Whether processes would cost more than they save.

    Where nothing changed but the program, or the cache lost its files, whole buckets are read anew.
    """
    if len(tasks) > FEW or (at_hand and len(tasks) > 1) or not all(t.former for t in tasks):
        return False
    return sum(not digest for t in tasks for _, digest in t.files) <= SMALL


def collect(
    shelf: Shelf,
    tasks: Sequence[BucketTask],
    run: Callable[..., Iterator[BucketDone]],
    progress: Callable[[int], None],
    *,
    at_hand: bool = False,
) -> Collected:
    """Every record of a folder.

    Args:
        shelf: where records are and what is known of them.
        tasks: one a bucket, by number.
        run: runs a batch function over tasks.
        progress: is told how many records each bucket has, as it is done.
        at_hand: whether worker processes are running already.

    Raises:
        BuildError: if the cache folder loses files while we look.
    """
    # Of a bucket whose records are there all else can be made again; a folder that was cleaned may lack both.
    same = [task for task in tasks if unchanged(task) and has_records(task.cache, task.former)]
    known = {task.number for task in same}
    todo = [with_tables(task, shelf.beside) for task in tasks if task.number not in known]
    reading = run(read_bucket, todo, small=_few(todo, at_hand))
    # While workers are at it, this process loads what did not change.
    ready = {t.number: c for t in same if (c := load_columns(t.cache, t.former)) is not None}
    progress(sum(len(tasks[n].files) for n in ready))
    out = Collected(keys=[t.former for t in tasks])
    again = [with_tables(t, shelf.beside) for t in same if t.number not in ready]
    for done in chain(reading, run(read_bucket, again, small=_few(again, at_hand))):
        out.keys[done.number], out.parsed = done.key, out.parsed + done.parsed
        if (columns := load_columns(shelf.cache, done.key)) is None:
            raise lost_bucket(shelf.cache)
        ready[done.number] = columns
        out.digests |= {n: own for (n, _), own in zip(tasks[done.number].files, done.digests, strict=True)}
        progress(len(done.digests))
    out.columns = [ready[n] for n in range(len(tasks))]
    return out
