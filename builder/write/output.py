"""Write files into the output folder: whole or not at all, and only where bytes differ."""

from __future__ import annotations

import errno
import os
import re
import stat
from hashlib import blake2b
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from builder.names import beginning
from builder.problems import BuildError

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from builder.outputs import Outputs

__all__ = [
    "MARKER",
    "MARKER_TEXT",
    "Data",
    "Output",
    "Prepared",
    "Standing",
    "Written",
    "compare_outputs",
    "disk_error",
    "make_thumb",
    "prune",
    "refuse_foreign_folder",
    "runs_of",
    "unfinished_marker",
]

MARKER = ".figpages"
"""A file of this name tells that a folder is an output of ours, in which a build may remove files."""

MARKER_TEXT = b"Made by figpages. A build removes the files of this folder that it did not plan.\n"


_UNFINISHED_MARKER = re.compile(rf"\.{re.escape(MARKER)}\.\d+\.tmp\Z")
"""What a build leaves that is killed while it makes the marker."""


_LONG_NAME = 100
"""Bytes of a file name of which that of the file in the making has the beginning alone."""

RUN = int.from_bytes(os.urandom(6), "big") + 1
"""A number of this run of the program, and of the processes that it forks; that of a process comes again, in containers
each time."""


def unfinished_marker() -> str:
    """What this run calls the marker while it makes it."""
    return f".{MARKER}{unfinished_ending(RUN)}"


def unfinished_ending(owner: int) -> str:
    """How names of files end that a build, given by the number of its run, has not put in their places yet."""
    return f".{owner}.tmp"


Data = bytes | list[bytes | memoryview]
"""What a file is to hold; a large one in runs of bytes, which are not put together."""


def runs_of(data: Data) -> list[bytes | memoryview]:
    """The runs of bytes of what a file is to hold."""
    return data if isinstance(data, list) else [data]


class Written(NamedTuple):
    """A file that stands in the output folder."""

    path: str
    size: int
    mtime: int
    """Nanoseconds."""
    changed: bool
    """False if the file had these bytes already."""


class Prepared(NamedTuple):
    """A file that stands beside the one whose place it is to take."""

    written: Written
    """As it will be."""
    temporary: str
    target: str
    """Where it is, and where it is to be; whole paths."""

    def place(self) -> Written:
        """Put it in its place.

        Raises:
            BuildError: if the disk refuses, or somebody has removed it meanwhile.
        """
        try:
            os.replace(self.temporary, self.target)  # noqa: PTH105 - strings are faster
        except OSError as error:
            raise disk_error(error, self.written.path) from error
        return self.written

    def drop(self) -> None:
        """Remove it, if it was not put in its place."""
        Path(self.temporary).unlink(missing_ok=True)


def disk_error(error: OSError, path: str) -> BuildError:
    """An error of the disk in words."""
    reasons = {
        errno.ENOSPC: "the disk is full",
        errno.EDQUOT: "the disk quota is used up",
        errno.EACCES: "no permission to write there",
        errno.EPERM: "no permission to write there",
        errno.EROFS: "the disk is read-only",
        errno.ENAMETOOLONG: "the name is too long for this file system",
    }
    reason = reasons.get(error.errno or 0, error.strerror or str(error))
    return BuildError(f"cannot write {path}: {reason}. What was published before is still whole.")


class Output:
    """The output folder."""

    def __init__(self, root: str, *, fresh: bool = False, owner: int = 0) -> None:
        """Open the folder.

        Args:
            root: the folder.
            fresh: whether nothing is published there yet, so that files may be written in their place.
            owner: ``RUN`` of the process whose build it is; 0 for this one's.
        """
        self.root = root
        self.fresh = fresh
        self._ending = unfinished_ending(owner or RUN)
        self._folders: set[str] = set()

    def _target(self, path: str) -> str:
        """The place of an output path; its folder is made if need be."""
        target = f"{self.root}/{path}"
        folder = target[: target.rindex("/")]
        if folder not in self._folders:
            self._clear(folder)
            os.makedirs(folder, exist_ok=True)  # noqa: PTH103
            self._folders.add(folder)
        return target

    def _clear(self, folder: str) -> None:
        """Remove what stands where a folder must be: a file, or a link, which could lead out of the output folder."""
        while len(folder) > len(self.root):
            if os.path.islink(folder) or os.path.isfile(folder):  # noqa: PTH113, PTH114 - strings are faster
                os.unlink(folder)  # noqa: PTH108
            folder = folder[: folder.rindex("/")]

    def text(self, path: str) -> str:
        """The text of a page that stands; empty for none."""
        try:
            with open(f"{self.root}/{path}", "rb", buffering=0) as file:  # noqa: PTH123
                return file.read().decode("utf-8", "replace")
        except OSError:
            return ""

    def put(self, path: str, data: Data) -> Written:
        """Make sure that a file holds these bytes; one that does keeps its modification time.

        Raises:
            BuildError: if the disk refuses.
        """
        try:
            target = self._target(path)
            if self.fresh:
                return self._create(path, target, data)
            try:
                with open(target, "rb", buffering=0, opener=_open_file) as file:
                    status = os.fstat(file.fileno())
                    same = stat.S_ISREG(status.st_mode) and status.st_size == _size(data)
                    if same and all(file.read(len(run)) == run for run in runs_of(data)):
                        return Written(path, status.st_size, status.st_mtime_ns, changed=False)
            except IsADirectoryError:
                _remove_tree(Path(target))
            except FileNotFoundError:
                pass
            except OSError as error:
                if error.errno not in {errno.ELOOP, errno.ENXIO}:  # a link, or a socket, whose place the file takes
                    raise
            return self._replace(path, target, data)
        except OSError as error:
            # The first file of a folder tells which one it is that cannot be written.
            raise disk_error(error, f"{self.root}/{path}" if path == MARKER else path) from error

    def _create(self, path: str, target: str, data: Data) -> Written:
        """Write a file of which nobody knows yet."""
        # The system's own calls: a file object asks twice as much of it, and this runs for every file of a site.
        file = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o666)
        try:
            _fill(file, data)
            return Written(path, _size(data), os.fstat(file).st_mtime_ns, changed=True)
        finally:
            os.close(file)

    def _replace(self, path: str, target: str, data: Data) -> Written:
        """Write beside the target, then put it in its place."""
        prepared = self._prepare(path, target, data)
        try:
            return prepared.place()
        except BaseException:
            prepared.drop()
            raise

    def prepare(self, path: str, data: Data) -> Prepared:
        """Write a file beside the one whose place it is to take later.

        Raises:
            BuildError: if the disk refuses.
        """
        try:
            return self._prepare(path, self._target(path), data)
        except OSError as error:
            raise disk_error(error, path) from error

    def _prepare(self, path: str, target: str, data: Data) -> Prepared:
        """As ``prepare``."""
        folder, name = target.rsplit("/", 1)
        if len(os.fsencode(name)) > _LONG_NAME:  # workers write beside each other, and names may begin alike
            name = f"{beginning(name, _LONG_NAME)}~{blake2b(os.fsencode(name), digest_size=8).hexdigest()}"
        temporary = f"{folder}/.{name}{self._ending}"
        try:
            with open(temporary, "wb", buffering=0) as file:  # noqa: PTH123
                _fill(file.fileno(), data)
                mtime = os.fstat(file.fileno()).st_mtime_ns
        except BaseException:
            Path(temporary).unlink(missing_ok=True)
            raise
        return Prepared(Written(path, _size(data), mtime, changed=True), temporary, target)


def _open_file(path: str, flags: int) -> int:
    """Open what stands in the place of an output: no link, which leads elsewhere, and without waiting for a pipe."""
    return os.open(path, flags | os.O_NOFOLLOW | os.O_NONBLOCK)


def _size(data: Data) -> int:
    """How many bytes a file is to hold."""
    return sum(map(len, data)) if isinstance(data, list) else len(data)


def _fill(file: int, data: Data) -> None:
    """Write into an open file."""
    for run in runs_of(data):
        view = memoryview(run)
        while view:
            view = view[os.write(file, view) :]


def make_thumb(path: Path, size: tuple[int, int]) -> bytes:
    """A small picture of an image as WebP.

    Raises:
        BuildError: if the image is damaged.
    """
    from io import BytesIO  # noqa: PLC0415 - only builds that make pictures need it

    from builder.read.images import FAULTS, small_picture  # noqa: PLC0415 - as above

    buffer = BytesIO()
    try:
        small_picture(path, size).save(buffer, "WEBP", quality=78, method=4)
    except FAULTS as error:  # it could be read a moment ago
        raise BuildError(f"{path}:1:1: cannot make a small picture: {error}; build again") from error
    return buffer.getvalue()


class Standing(NamedTuple):
    """How an output folder differs from what the build before left in it."""

    spoiled: set[str]
    """Files that are gone or changed."""
    strange: set[str]
    """Files that nobody knows."""


def compare_outputs(root: Path, keep: Collection[str], known: Outputs, owner: int = 0) -> Standing:
    """Look at every file of the output folder.

    Args:
        root: the output folder.
        keep: names at its top that are not ours.
        known: what the build before left.
        owner: ``RUN`` of the process whose build it is, and which may have begun to make files; 0 for this one's.
    """
    look = _Look(known, unfinished_ending(owner or RUN))
    if os.path.isdir(root):  # noqa: PTH112 - raises nothing
        look.folder(str(root), "", keep)
    return Standing(look.spoiled | look.gone(), look.strange)


class _Look:
    """Looks at the files of an output folder."""

    def __init__(self, known: Outputs, own: str) -> None:
        self.known = known
        self.own = own
        self.spoiled: set[str] = set()
        self.strange: set[str] = set()
        self.seen = bytearray(len(known.at))
        """Which of the files that the build before left are still there."""

    def gone(self) -> set[str]:
        """Files that the build before left and that are not there."""
        paths = self.known.table.paths if 0 in self.seen else []
        return {path for path, seen in zip(paths, self.seen, strict=False) if not seen}

    def folder(self, folder: str, prefix: str, passed: Collection[str] = ()) -> None:
        """Look into a folder but at the names that are passed over; its files' paths get the prefix."""
        at, sizes, mtimes, seen = self.known.at, self.known.sizes, self.known.mtimes, self.seen
        try:
            place = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        except FileNotFoundError:  # somebody took it away just now
            return
        except OSError as error:
            raise BuildError(f"cannot read {folder}, a folder of the site: {error.strerror}") from error
        try:
            # By name within the open folder: the system finds that faster than a whole path.
            with os.scandir(place) as entries:
                for entry in entries:
                    name = entry.name
                    if passed and name in passed:
                        continue
                    if entry.is_dir(follow_symlinks=False):
                        self.folder(f"{folder}/{name}", f"{prefix}{name}/")
                        continue
                    path = prefix + name
                    was = at.get(path)
                    if was is None:
                        if not path.endswith(self.own):
                            self.strange.add(path)
                        continue
                    try:
                        status = entry.stat(follow_symlinks=False)
                    except FileNotFoundError:  # somebody took it away just now
                        continue
                    seen[was] = 1
                    if status.st_size != sizes[was] or status.st_mtime_ns != mtimes[was] or entry.is_symlink():
                        self.spoiled.add(path)
        finally:
            os.close(place)


def refuse_foreign_folder(root: Path, keep: Collection[str]) -> None:
    """Raise BuildError if the output folder holds files that no build of ours made, or cannot be looked into."""
    try:
        if not root.exists() or (root / MARKER).is_file():
            return
        if not root.is_dir():
            raise BuildError(f"{root} is not a folder, expected one to publish into")
        names = sorted(p.name for p in root.iterdir())
    except OSError as error:
        raise BuildError(f"cannot use {root}: {error.strerror}") from error
    strange = [name for name in names if name not in keep and not _UNFINISHED_MARKER.match(name)]
    if strange:
        message = (
            f"{root} holds files that figpages did not make ({strange[0]}), and a build removes what it did not plan; "
            f"choose an empty folder with --out, or put an empty file named {MARKER} into it"
        )
        raise BuildError(message)


def prune(root: Path, found: Iterable[str], planned: Collection[str]) -> list[str]:
    """Remove the files that nobody plans, and folders that become empty; returns the paths removed.

    Args:
        root: the output folder.
        found: paths of files there.
        planned: paths of all outputs, of which it is quickly told whether one is among them.
    """
    removed = sorted({path for path in found if path not in planned})
    folders: set[str] = set()
    for path in removed:
        place = root / path
        if place.is_dir() and not place.is_symlink():
            continue  # a link or file that this build has replaced by a folder
        try:
            place.unlink(missing_ok=True)
        except NotADirectoryError:
            pass  # below a folder that this build has replaced by a file
        except OSError as error:
            raise disk_error(error, path) from error
        parts = path.split("/")[:-1]
        folders |= {"/".join(parts[: i + 1]) for i in range(len(parts))}
    for folder in sorted(folders, key=len, reverse=True):
        try:
            (root / folder).rmdir()
        except OSError:
            continue  # not empty
    return removed


def _remove_tree(folder: Path) -> None:
    """Remove a folder that stands where a file must be."""
    import shutil  # noqa: PLC0415 - hardly ever needed

    shutil.rmtree(folder)
