"""Files of the cache: whole or not at all, with a checksum before their contents."""

from __future__ import annotations

import mmap
import os
import re
import resource
import struct
from contextlib import suppress
from functools import lru_cache
from hashlib import blake2b
from typing import TYPE_CHECKING, Any

import msgspec
from xxhash import xxh3_128

from builder.problems import BuildError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

__all__ = [
    "SIZE",
    "bucket_files",
    "bucket_key",
    "checksum",
    "contents",
    "digest_of",
    "folder_mark",
    "handed",
    "leave",
    "leftovers",
    "load",
    "make_folder",
    "records",
    "save",
    "version_mark",
    "write",
]

SIZE = 16
LARGE = 1 << 16
"""Bytes of a file from which on it is mapped into memory, not copied there."""
MOST_PIECES = 16
"""Things in a list that are looked at one by one."""
_POPULATE = getattr(mmap, "MAP_POPULATE", 0)  # not on macOS

_KEY = re.compile(r"[0-9a-f]{32}")
"""What ``bucket_key`` gives."""
MINE = os.urandom(6).hex()
"""What names of files have that are a build's own: the number of its process comes again, in containers each time."""
_UNFINISHED = re.compile(r"(?:[a-z]+-[0-9a-f]+|[0-9a-f]{32})\.[a-z]+\.([0-9]+)(?:-[0-9a-f]{12})?\.tmp")
"""What ``_temporary`` makes of names, today and before."""
_HANDED = re.compile(r"(?:atlas|keys)-([0-9]+)(?:-[0-9a-f]{12})?\.msgpack")
"""What ``handed`` makes, likewise."""

_encode = msgspec.msgpack.Encoder().encode


def checksum(parts: Iterable[bytes | memoryview], version: bytes = b"") -> bytes:
    """A checksum of some bytes, 16 bytes long, for a version of the program.

    Tells of damage, not of malice; a build after an edit checks hundreds of megabytes.
    """
    state = xxh3_128(len(version).to_bytes(8, "big") + version)
    for part in parts:
        state.update(part)
    return state.digest()


def _encoded(value: object) -> Iterator[bytes | memoryview]:
    """A value in MessagePack, piece by piece: large views that a structure holds are not copied."""
    if isinstance(value, memoryview) and value.nbytes >= LARGE:
        yield struct.pack(">BI", 0xC6, value.nbytes)
        yield value
        return
    items: Sequence[Any] = ()
    if isinstance(value, msgspec.Struct) and value.__struct_config__.array_like:
        items = msgspec.structs.astuple(value)
    elif isinstance(value, list) and len(value) <= MOST_PIECES:
        items = value
    if any(isinstance(item, memoryview | list | msgspec.Struct) for item in items):
        yield struct.pack(">BI", 0xDD, len(items))
        for item in items:
            yield from _encoded(item)
    else:
        yield _encode(value)


def digest_of(data: bytes, *more: bytes) -> bytes:
    """Content hash, 16 bytes; of several files their borders count too.

    Tells versions of a file apart. Whoever makes two of one hash has their own record stay as it was.
    """
    if not more:
        return xxh3_128(data).digest()
    state = xxh3_128()
    for part in (data, *more):
        state.update(b"%d:" % len(part))
        state.update(part)
    return state.digest()


def records(cache: Path) -> Path:
    """The folder of a cache that holds what was read of records, in a folder for each beginning of a bucket's key."""
    return cache / "records"


def bucket_files(cache: Path) -> Iterator[tuple[Path, str]]:
    """The files that are kept of buckets, each with the bucket's key; none that anybody else has put beside them."""
    for path in records(cache).glob("[0-9a-f][0-9a-f]/*.*"):
        key = path.name.partition(".")[0]
        if _KEY.fullmatch(key) and key.startswith(path.parent.name) and path.is_file():
            yield path, key


def bucket_key(version: str, contents: Iterable[tuple[str, bytes]]) -> str:
    """Name of a bucket's files: a hash of names and contents, and the mark of the reader's version."""
    pairs = list(contents)
    state = blake2b(version.encode(), digest_size=12)
    # Names hold no NUL, and the digests behind them are of one length, that of a file which cannot be read too.
    state.update("\0".join([name for name, _ in pairs]).encode("utf-8", "surrogatepass"))
    state.update(b"".join([b"\0%d" % len(pairs), *[digest or bytes(SIZE) for _, digest in pairs]]))
    return state.hexdigest() + version_mark(version)


@lru_cache(maxsize=4)
def version_mark(version: str) -> str:
    """What the keys of buckets end in that a version of the reader made: another must not take their records over."""
    return blake2b(version.encode(), digest_size=4).hexdigest()


def folder_mark(folder: Path) -> str:
    """What names of files in the cache call an output folder."""
    return blake2b(os.fsencode(folder), digest_size=8).hexdigest()


def _temporary(path: Path) -> Path:
    """Where this process writes what is to stand at a path."""
    return path.with_suffix(f"{path.suffix}.{os.getpid()}-{MINE}.tmp")


def handed(cache: Path, what: str) -> Path:
    """Where a build puts what its worker processes are to read: the ``atlas`` of a site, or ``keys`` of its figures."""
    return cache / f"{what}-{os.getpid()}-{MINE}.msgpack"


def _refused(path: Path, error: OSError) -> BuildError:
    """An error of the disk that holds the cache, in words."""
    return BuildError(f"cannot write into the cache: {path}: {error.strerror}; choose another folder with --cache")


def leftovers(cache: Path) -> Iterator[Path]:
    """What builds left in a cache that were killed, if no other build runs that has the same cache."""
    for path in (*cache.glob("*-*.msgpack"), *cache.glob("*.tmp"), *records(cache).glob("[0-9a-f][0-9a-f]/*.tmp")):
        found = _UNFINISHED.fullmatch(path.name) or _HANDED.fullmatch(path.name)
        if found and MINE not in path.name:
            pid = int(found[1])
            if pid == os.getpid() or not _runs(pid):  # else it may be of a worker of this build
                yield path


def _runs(pid: int) -> bool:
    """Whether there is a process of this number."""
    try:
        os.kill(pid, 0)
    except (ProcessLookupError, OverflowError):
        return False
    except OSError:
        pass  # it is somebody else's
    return True


def make_folder(folder: Path) -> None:
    """Make a folder of the cache, if it is not there; raises BuildError if the disk refuses."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise _refused(folder, error) from error


def write(path: Path, *parts: bytes | memoryview) -> None:
    """Put bytes into a file of the cache, whole or not at all.

    Args:
        path: the file, whose folder is there.
        parts: follow one another in it.

    Raises:
        BuildError: if the disk refuses.
    """
    temporary = _temporary(path)
    try:
        with temporary.open("wb") as file:
            file.writelines(parts)
        temporary.replace(path)
    except OSError as error:
        with suppress(OSError):
            temporary.unlink(missing_ok=True)
        raise _refused(path, error) from error


def save(path: Path, value: object, version: bytes = b"") -> None:
    """Keep a value.

    Args:
        path: the file, whose folder is there.
        value: what msgspec can encode.
        version: of the program, where another one must not take it for its own.

    Raises:
        BuildError: if the disk refuses.
    """
    parts = list(_encoded(value))
    write(path, checksum(parts, version), *parts)


def leave(path: Path, value: object, version: bytes = b"") -> None:
    """As ``save``, of what only saves the next build time: where the disk has no room it is left out."""
    with suppress(BuildError):
        save(path, value, version)


def _many_open(file: int) -> bool:
    """Whether half of the files are open that may be; a file that is mapped stays open, and others must find room.

    The system gives the least number that is free, so that of one more tells how many there are.
    """
    allowed = resource.getrlimit(resource.RLIMIT_NOFILE)[0]
    try:
        another = os.dup(file)
    except OSError:
        return True
    os.close(another)
    return allowed != resource.RLIM_INFINITY and another > allowed // 2


def contents(path: Path, start: int = 0, size: int | None = None) -> memoryview:
    """What a file holds; much of it is mapped, not copied: files of the cache are replaced, never written again.

    Args:
        path: the file.
        start: of the part that is wanted.
        size: of that part; None for all that follows.

    Raises:
        OSError: if it cannot be read.
    """
    with path.open("rb", buffering=0) as file:
        size = max(os.fstat(file.fileno()).st_size - start, 0) if size is None else size
        if size < LARGE or _many_open(file.fileno()):
            return memoryview(os.pread(file.fileno(), size, start))
        # A part can be mapped from the border of a page alone.
        before = start % mmap.ALLOCATIONGRANULARITY
        how = mmap.MAP_PRIVATE | _POPULATE
        try:
            data = mmap.mmap(file.fileno(), size + before, how, mmap.PROT_READ, offset=start - before)
        except ValueError as error:  # the file is shorter
            raise OSError(str(error)) from error
    return memoryview(data)[before:]


def load(path: Path, kind: Any, version: bytes = b"") -> Any:
    """What was kept, or None if the file is missing, damaged, or of another form or version."""
    try:
        data = contents(path)
        body = data[SIZE:]
        return msgspec.msgpack.decode(body, type=kind) if checksum([body], version) == data[:SIZE] else None
    except (OSError, ValueError, msgspec.MsgspecError):
        return None
