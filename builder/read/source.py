"""What a source folder holds: a site folder, or a bare folder of records."""

from __future__ import annotations

import errno
import os
import stat
from array import array
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from msgspec.structs import replace

from builder.problems import BuildError, Problem

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

__all__ = [
    "FileStamp",
    "Listing",
    "Scan",
    "Source",
    "listed",
    "names_in",
    "open_source",
    "scan",
    "scan_records",
    "time_of",
]

FileStamp = tuple[str, int, int]
"""Name relative to its folder, size in bytes, ``time_of``."""

_POSITIVE = (1 << 63) - 1
_DEEPEST = 64
"""Folders within folders: each is open while one looks further, and of open files there are few."""
_FOLDERS = ("figures", "pages", "images", "_figures", "_data", "_organisms")
_FILES = ("site.yml", "_config.yml")
_MODES = ((stat.S_ISFIFO, "a pipe"), (stat.S_ISSOCK, "a socket"), (stat.S_ISDIR, "a folder"))


@dataclass(frozen=True)
class Source:
    """Where the parts of a source stand; a part that is not there is None."""

    root: Path
    shown: str
    """The folder as the user typed it, for messages."""
    figures: Path
    settings: Path | None = None
    pages: Path | None = None
    images: Path | None = None
    data: Path | None = None
    """Folder of the tables beside records, called as in PFOCR's layout."""
    organisms: Path | None = None
    """Folder of what is known of organisms, called as in PFOCR's layout."""
    config: Path | None = None
    """Settings of the site that a checkout of PFOCR was made for."""
    site: bool = True
    """Whether it is a site folder; a bare folder of records has no other parts."""

    @cached_property
    def _figures(self) -> str:
        """How the folder of records is reached from the source."""
        return os.path.relpath(self.figures, self.root)

    def faults(self) -> list[Problem]:
        """What stands in the place of a part that it is not: a file for a folder, a link that leads nowhere.

        Taken for a part that is not there, it would take what that part has given off the site.
        """
        found = []
        for name in (*_FOLDERS, *_FILES) if self.site else _FILES:
            words = _misfit(self.root / name, folder=name in _FOLDERS)
            if words:
                found.append(Problem(self.show("", name), 1, 1, "error", "part-unreadable", words))
        return found

    def show(self, part: str, name: str) -> str:
        """How messages name a file: ``site_src/figures/X.md``."""
        folder = self._figures if part == "figures" else part
        return os.path.normpath(os.path.join(self.shown, folder, name))  # noqa: PTH118 - text, not a path


@dataclass
class Scan:
    """Files found in one folder, by name, and what could not be taken."""

    files: list[FileStamp] = field(default_factory=list)
    folders: list[str] = field(default_factory=list)
    """Where files of any ending were looked for, but none in folders: those, by names that can be printed."""
    problems: list[Problem] = field(default_factory=list)


def _misfit(path: Path, *, folder: bool) -> str:
    """Why something cannot be a part of a source; empty if it can, or nothing is there."""
    expected = "a folder" if folder else "a file"
    try:
        if not os.path.lexists(path):
            return ""
        mode = path.stat().st_mode
    except OSError as error:
        what = "a link that leads nowhere" if error.errno == errno.ENOENT else f"what cannot be read ({error.strerror})"
        return f"found {what}, expected {expected}"
    if stat.S_ISDIR(mode) if folder else stat.S_ISREG(mode):
        return ""
    kinds = (*_MODES, (stat.S_ISREG, "a file"))
    return f"found {next((words for test, words in kinds if test(mode)), 'a device')}, expected {expected}"


def open_source(root: Path) -> Source:
    """The parts of a source folder.

    Raises:
        BuildError: if there is no such folder, or it holds neither a site nor records.
    """
    try:
        there = stat.S_ISDIR(root.stat().st_mode)
    except (FileNotFoundError, NotADirectoryError):
        there = False
    except OSError as error:
        message = f"cannot read {root}: {error.strerror}"
        raise BuildError(message) from error
    if not there:
        message = f"{root} is not a folder, expected a site folder (site.yml, figures/) or a folder of records"
        raise BuildError(message)

    def part(name: str) -> Path | None:
        there = (root / name).is_dir() if name in _FOLDERS else (root / name).is_file()
        return root / name if there else None

    plain, checkout = (root / "figures").is_dir(), (root / "_figures").is_dir()
    site = plain or part("site.yml") is not None or os.path.lexists(root / "figures")
    own: dict[str, Any] = {}
    if site or checkout:
        own = {"data": part("_data"), "organisms": part("_organisms")}
    if checkout:
        own["config"] = part("_config.yml")
    # Of two folders of records the names begin with the folder's.
    figures = root if plain and checkout else root / ("_figures" if checkout else "figures")
    if site:
        return Source(root, str(root), figures, part("site.yml"), part("pages"), part("images"), **own)
    return Source(root, str(root), figures if checkout else root, **own, site=checkout)


def scan_records(source: Source) -> Scan:
    """The records' files of a source."""
    if source.figures == source.root and (source.root / "_figures").is_dir():
        found = Scan()
        for folder in ("_figures", "figures"):
            part = scan(source.root / folder, ".md")
            found.files += [(f"{folder}/{name}", size, mtime) for name, size, mtime in part.files]
            found.problems += [replace(p, path=f"{folder}/{p.path}") for p in part.problems]
        return found
    nested = source.figures != source.root
    return scan(source.figures, ".md", deep=nested, strict=nested)


class Listing(NamedTuple):
    """What was found in a folder, in few values, as another process sends it."""

    names: str
    """With a NUL between them."""
    sizes: bytes
    """Of each file, int64; likewise the modification times."""
    mtimes: bytes
    problems: list[Problem]

    def scan(self) -> Scan:
        """The files, one by one."""
        names = self.names.split("\0") if self.names else []
        sizes, mtimes = (array("q", column) for column in (self.sizes, self.mtimes))
        return Scan(list(zip(names, sizes, mtimes, strict=True)), [], self.problems)


def listed(found: Scan) -> Listing:
    """What was found, as another process sends it."""
    sizes, mtimes = array("q", [f[1] for f in found.files]), array("q", [f[2] for f in found.files])
    return Listing("\0".join([f[0] for f in found.files]), sizes.tobytes(), mtimes.tobytes(), found.problems)


def _refusal(name: str, message: str) -> Problem:
    return Problem(name, 1, 1, "error", "not-a-file", message)


def _fault(path: str, status: os.stat_result, top: str) -> str:
    """Why something cannot be read as a file of the source, or an empty string.

    Args:
        path: where it is.
        status: of what it is, or leads to.
        top: the folder that a link must not leave.
    """
    kind = next((words for test, words in _MODES if test(status.st_mode)), "")
    if kind:
        return f"found {kind}, expected a file"
    if not stat.S_ISREG(status.st_mode):
        return "found a device, expected a file"
    if os.path.islink(path) and not os.path.realpath(path).startswith(top + os.sep):  # noqa: PTH114 - as all here
        return "found a link that leaves the folder of these files, expected a file"
    try:
        os.path.basename(path).encode()  # noqa: PTH119 - as above
    except UnicodeEncodeError:
        return "found a file name that is not UTF-8"
    return ""


def names_in(folder: Path) -> list[str]:
    """All names in a folder, sorted; none if it cannot be read."""
    try:
        return sorted(os.listdir(folder))  # noqa: PTH208 - strings are faster
    except OSError:
        return []


def _stamps(folder: str, names: Sequence[str] | None) -> Iterator[tuple[str, os.stat_result | None]]:
    """The names in a folder, sorted, each with what it is, links themselves; None for what cannot be told.

    Args:
        folder: where to look.
        names: those to look at, sorted; None for all.

    Raises:
        OSError: if the folder cannot be read.
    """
    place = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        # By name within the open folder: the system finds that faster than a whole path.
        for name in sorted(os.listdir(place)) if names is None else names:  # noqa: PTH208 - it has no path
            try:
                status = os.stat(name, dir_fd=place, follow_symlinks=False)
            except OSError:
                yield name, None
            else:
                yield name, status
    finally:
        os.close(place)


def time_of(status: os.stat_result) -> int:
    """What is another number once a file has other contents: when these were written, and when the file last changed.

    The first alone can be set, and is the same for all files that come out of one archive.
    """
    return (status.st_mtime_ns + status.st_ctime_ns) & _POSITIVE


class _Look:
    """Looks for the files of a folder."""

    def __init__(self, folder: Path, suffix: str, *, deep: bool, strict: bool) -> None:
        self.top = os.path.realpath(folder)
        self.suffix, self.deep, self.strict = suffix, deep, strict
        self.found = Scan()

    def folder(self, folder: str, prefix: str, names: Sequence[str] | None = None) -> None:
        """Look into a folder, at some names or at all; its files' names get the prefix."""
        add, suffix, regular = self.found.files.append, self.suffix, stat.S_ISREG
        try:
            for name, status in _stamps(folder, names):
                if name[0] == ".":
                    continue
                # What nearly all are: a file itself, with a name that any system can write.
                if status and regular(status.st_mode) and name.endswith(suffix) and name.isascii():
                    add(
                        (prefix + name, status.st_size, (status.st_mtime_ns + status.st_ctime_ns) & _POSITIVE)
                    )  # ``time_of``
                else:
                    self._other(folder, name, prefix, status)
        except OSError as error:
            message = f"cannot read it: {error.strerror}; nothing is published, as what is in it would be missed"
            name = _printable(prefix.rstrip("/")) or "."
            self.found.problems.append(Problem(name, 1, 1, "error", "part-unreadable", message))

    def _other(self, folder: str, entry: str, prefix: str, own: os.stat_result | None) -> None:
        """Look at an entry that is not as nearly all are."""
        name, path = prefix + entry, f"{folder}/{entry}"
        if self.deep and not name.endswith(".md") and own and stat.S_ISDIR(own.st_mode):
            if _printable(name) != name:
                self.found.problems.append(_refusal(_printable(name), "found a folder name that is not UTF-8"))
            elif name.count("/") < _DEEPEST:
                self.folder(path, f"{name}/")
            else:
                message = f"found folders within folders, {_DEEPEST} deep, expected records nearer"
                self.found.problems.append(_refusal(_printable(name), message))
            return
        if not name.endswith(self.suffix):
            if self.strict:
                what = "folder" if os.path.isdir(path) else "file that does not end in " + self.suffix  # noqa: PTH112
                what = "link to a folder" if what == "folder" and own and stat.S_ISLNK(own.st_mode) else what
                message = f"found a {what}; it is left out"
                self.found.problems.append(Problem(_printable(name), 1, 1, "warning", "not-a-record", message))
            return
        try:
            status = os.stat(path)  # noqa: PTH116 - strings are faster
        except OSError as error:
            self.found.problems.append(_refusal(_printable(name), f"cannot read it: {error.strerror}"))
            return
        if not self.suffix and stat.S_ISDIR(status.st_mode):
            self.found.folders.append(_printable(name))
        elif fault := _fault(path, status, self.top):
            self.found.problems.append(_refusal(_printable(name), fault))
        else:
            self.found.files.append((name, status.st_size, time_of(status)))


def scan(
    folder: Path, suffix: str = "", *, deep: bool = True, strict: bool = True, names: Sequence[str] | None = None
) -> Scan:
    """Files of a folder, sorted by name; names are relative to the folder and use ``/``.

    Args:
        folder: where to look; one that does not exist holds nothing.
        suffix: ending that a file must have.
        deep: whether to look into folders too.
        strict: whether to warn of files without the ending; else they are left alone.
        names: those in it to look at, sorted; None for all.
    """
    if not folder.is_dir():
        return Scan()
    look = _Look(folder, suffix, deep=deep, strict=strict)
    look.folder(str(folder), "", names)
    return look.found


def _printable(name: str) -> str:
    """A file name that can be printed, whatever its bytes."""
    return name.encode("utf-8", "backslashreplace").decode()
