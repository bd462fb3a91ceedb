"""A first build writes beside the output folder and moves whole folders into it at the end.

A file that replaces a published one is written under another name and renamed, which costs half of all the time that
writing takes. Where nothing is published yet, nobody reads what is being written, so files are written straight into a
folder of the cache, and a handful of renames publishes all of them: a build that is killed leaves nothing half done in
the output folder.
"""

from __future__ import annotations

import errno
import os
import shutil
from hashlib import blake2b
from typing import TYPE_CHECKING

from builder.write.output import MARKER, disk_error, unfinished_marker

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path

__all__ = ["Stage", "open_stage"]


USUAL = frozenset({".git", ".svn", "CNAME"})
"""Kept names of which we make nothing."""


class Stage:
    """A folder in which a first build stands until it is whole."""

    def __init__(self, root: Path, out: Path) -> None:
        self.root = root
        self.out = out

    def publish(self) -> None:
        """Move everything into the output folder; raises BuildError if the disk refuses."""
        try:
            for entry in sorted(os.listdir(self.root)):  # noqa: PTH208 - names are all that is needed
                (self.root / entry).rename(self.out / entry)
            self.root.rmdir()
        except OSError as error:
            raise disk_error(error, str(self.out)) from error

    def drop(self) -> None:
        """Remove what an earlier build left, or this one will not publish."""
        shutil.rmtree(self.root, ignore_errors=True)


def open_stage(out: Path, cache: Path, keep: Collection[str]) -> Stage | None:
    """The stage for an output folder that holds nothing yet; None where files have to be written in their place.

    Args:
        out: the output folder, which exists.
        cache: the cache folder.
        keep: names at its top that are not ours.
    """
    stage = Stage(cache / f"stage-{blake2b(os.fsencode(out), digest_size=8).hexdigest()}", out)
    stage.drop()
    # What a site keeps beyond the usual names may have a name of ours, and folders are moved whole.
    names = {*os.listdir(out)} - ({MARKER, *USUAL} & {MARKER, *keep})  # noqa: PTH208 - as above
    if names:
        return None
    try:
        stage.root.mkdir()
        if _movable(stage.root, out):
            return stage
    except OSError as error:
        raise disk_error(error, str(stage.root)) from error
    stage.drop()
    return None


def _movable(folder: Path, out: Path) -> bool:
    """Whether files can be moved into the output folder: not from another disk, nor another mount of the same one."""
    name = unfinished_marker()  # which the next build takes for ours, should this one be killed just now
    (folder / name).touch()
    try:
        (folder / name).rename(out / name)
    except OSError as error:
        if error.errno == errno.EXDEV:
            return False
        raise
    (out / name).unlink()
    return True
