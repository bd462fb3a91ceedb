"""Mend the files of a source: batches for worker processes, each file replaced whole or not at all."""

from __future__ import annotations

import os
import shutil
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from builder.curate.mend import mend
from builder.names import beginning, real
from builder.problems import BuildError
from builder.read.bucket import MAX_BYTES

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

__all__ = ["FixTask", "fix_files", "fix_tasks"]

FILES_A_TASK = 500


class FixTask(msgspec.Struct, frozen=True):
    """Some files to mend; plain data."""

    folder: str
    names: list[str]
    rules: list[str]


def fix_tasks(folder: str, names: Iterable[str], rules: Iterable[str]) -> Iterator[FixTask]:
    """The files of a folder, in batches."""
    files, active = list(names), sorted(rules)
    for first in range(0, len(files), FILES_A_TASK):
        yield FixTask(folder, files[first : first + FILES_A_TASK], active)


def _replace(path: Path, data: bytes) -> None:
    """Put new bytes into a file, by way of one beside it, which keeps its permissions and, if we may, its owner."""
    path = real(path)
    temporary = path.with_name(f".{beginning(path.name, 200)}.{os.getpid()}.tmp")
    try:
        temporary.write_bytes(data)
        shutil.copymode(path, temporary)
        owner = path.stat()
        with suppress(OSError):  # only root may give files away
            os.chown(temporary, owner.st_uid, owner.st_gid)
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)


def fix_files(task: FixTask) -> list[str]:
    """Mend some files; gives the names of those that changed.

    Raises:
        BuildError: if a file that can be mended cannot be written.
    """
    changed = []
    for name in task.names:
        path = Path(task.folder, name)
        try:
            data = path.read_bytes()
        except OSError:
            continue  # the check that follows tells it
        if len(data) > MAX_BYTES or (mended := mend(data, task.rules)) == data:
            continue
        try:
            _replace(path, mended)
        except OSError as error:
            raise BuildError(f"cannot write {path}: {error.strerror}") from error
        changed.append(name)
    return changed
