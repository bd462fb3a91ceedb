"""What a source folder holds: a site folder, or a bare folder of records."""

from __future__ import annotations

import os
import stat
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec.structs import replace

from builder.problems import BuildError, Problem

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["FileStamp", "Scan", "Source", "open_source", "scan", "scan_records"]

FileStamp = tuple[str, int, int]
"""Name relative to its folder, size in bytes, modification time in nanoseconds."""

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
    """Folder of the tables beside records, in PFOCR's layout."""
    organisms: Path | None = None
    """Folder of what is known of organisms, in PFOCR's layout."""
    config: Path | None = None
    """Settings of the site that a checkout of PFOCR was made for."""

    @cached_property
    def _figures(self) -> str:
        """How the folder of records is reached from the source."""
        return os.path.relpath(self.figures, self.root)

    def show(self, part: str, name: str) -> str:
        """How messages name a file: ``site_src/figures/X.md``."""
        folder = self._figures if part == "figures" else part
        return os.path.normpath(os.path.join(self.shown, folder, name))  # noqa: PTH118 - text, not a path


@dataclass
class Scan:
    """Files found in one folder, by name, and what could not be taken."""

    files: list[FileStamp] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


def open_source(root: Path) -> Source:
    """The parts of a source folder.

    Raises:
        BuildError: if there is no such folder, or it holds neither a site nor records.
    """
    if not root.is_dir():
        message = f"{root} is not a folder, expected a site folder (site.yml, figures/) or a folder of records"
        raise BuildError(message)

    def part(name: str) -> Path | None:
        return root / name if (root / name).exists() else None

    plain, checkout = (root / "figures").is_dir(), (root / "_figures").is_dir()
    own = dict.fromkeys(("data", "organisms", "config"))
    if checkout:
        own = {"data": part("_data"), "organisms": part("_organisms"), "config": part("_config.yml")}
    # Of two folders of records the names begin with the folder's.
    figures = root if plain and checkout else root / ("_figures" if checkout else "figures")
    if part("site.yml") or plain:
        return Source(root, str(root), figures, part("site.yml"), part("pages"), part("images"), **own)
    return Source(root, str(root), figures if checkout else root, **own)


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


def _walk(folder: str, prefix: str, *, deep: bool, top: str, found: Scan) -> Iterator[tuple[str, os.DirEntry[str]]]:
    """Files below a folder with their names relative to the top."""
    try:
        entries = sorted(os.scandir(folder), key=lambda e: e.name)
    except OSError as error:
        found.problems.append(_refusal(prefix.rstrip("/") or ".", f"cannot read it: {error.strerror}"))
        return
    for entry in entries:
        if entry.name.startswith("."):
            continue
        if deep and not entry.name.endswith(".md") and entry.is_dir(follow_symlinks=False):
            yield from _walk(entry.path, f"{prefix}{entry.name}/", deep=deep, top=top, found=found)
        else:
            yield prefix + entry.name, entry


def _refusal(name: str, message: str) -> Problem:
    return Problem(name, 1, 1, "error", "not-a-file", message)


def _ordinary(entry: os.DirEntry[str], status: os.stat_result) -> bool:
    """Whether an entry is what nearly all are: a file itself, with a name that any system can write."""
    return stat.S_IFMT(status.st_mode) == stat.S_IFREG and entry.name.isascii() and not entry.is_symlink()


def _fault(entry: os.DirEntry[str], status: os.stat_result, top: str) -> str:
    """Why an entry cannot be read as a file of the source, or an empty string."""
    kind = next((words for test, words in _MODES if test(status.st_mode)), "")
    if kind:
        return f"found {kind}, expected a file"
    if not stat.S_ISREG(status.st_mode):
        return "found a device, expected a file"
    if entry.is_symlink() and not os.path.realpath(entry.path).startswith(top + os.sep):
        return "found a link that leaves the source folder, expected a file"
    try:
        entry.name.encode()
    except UnicodeEncodeError:
        return "found a file name that is not UTF-8"
    return ""


def scan(folder: Path, suffix: str = "", *, deep: bool = True, strict: bool = True) -> Scan:
    """Files of a folder, sorted by name; names are relative to the folder and use ``/``.

    Args:
        folder: where to look; one that does not exist holds nothing.
        suffix: ending that a file must have.
        deep: whether to look into folders too.
        strict: whether to warn of files without the ending; else they are left alone.
    """
    found = Scan()
    if not folder.is_dir():
        return found
    top = os.path.realpath(folder)
    for name, entry in _walk(str(folder), "", deep=deep, top=top, found=found):
        if not name.endswith(suffix):
            if strict:
                message = f"found a file that does not end in {suffix}; it is left out"
                found.problems.append(Problem(_printable(name), 1, 1, "warning", "not-a-record", message))
            continue
        try:
            status = entry.stat()
        except OSError as error:
            found.problems.append(_refusal(_printable(name), f"cannot read it: {error.strerror}"))
            continue
        if _ordinary(entry, status):
            found.files.append((name, status.st_size, status.st_mtime_ns))
        elif fault := _fault(entry, status, top):
            found.problems.append(_refusal(_printable(name), fault))
        else:
            found.files.append((name, status.st_size, status.st_mtime_ns))
    return found


def _printable(name: str) -> str:
    """A file name that can be printed, whatever its bytes."""
    return name.encode("utf-8", "backslashreplace").decode()
