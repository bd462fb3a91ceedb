"""What is known of image files: each is opened once, and again only when its size or time has changed."""

from __future__ import annotations

from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from builder.read.drawings import drawing_fault
from builder.read.images import VECTOR, PassingError, size_shown

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

__all__ = ["Gallery", "ImageFile", "Seen", "look_at_images"]

ImageFile = tuple[str, int, int]
"""Path, size in bytes, ``time_of``."""
A_TASK = 16
"""Images that a worker looks at at a time."""


class Seen(msgspec.Struct, array_like=True, frozen=True):
    """What a look at an image file came to."""

    size: int
    mtime: int
    """``time_of`` the file."""
    width: int = 0
    """Pixels; 0 if unknown."""
    height: int = 0
    fault: str = ""
    """Why no small picture can be made of it, nor its size told."""
    refused: str = ""
    """Why it must not be published."""
    passing: bool = False
    """Whether that which was in the way may be gone by the next look."""


def look_at_images(files: Sequence[ImageFile]) -> list[Seen]:
    """Look at some images, for a worker process: plain data in, plain data out."""
    return [_look(Path(path), size, mtime) for path, size, mtime in files]


def _look(path: Path, size: int, mtime: int) -> Seen:
    """Look at an image."""
    try:
        with path.open("rb") as file:
            refused = drawing_fault(file.read()) if path.suffix.lower() in VECTOR else ""
    except OSError as error:
        return Seen(size, mtime, refused=f"cannot read it: {error.strerror}", passing=True)
    if refused:
        return Seen(size, mtime, refused=refused)
    try:
        return Seen(size, mtime, *size_shown(path))
    except (ValueError, OSError) as error:
        return Seen(size, mtime, fault=str(error), passing=isinstance(error, PassingError | OSError))


class Gallery:
    """The images of a source."""

    def __init__(self, known: Mapping[str, Seen], run: Callable[..., Iterator[list[Seen]]]) -> None:
        """Begin with what the build before left to know.

        Args:
            known: by path.
            run: runs a batch function over tasks.
        """
        self._known = known
        self._run = run
        self.seen: dict[str, Seen] = {}
        """All images that were asked for, by path."""

    def look(self, files: Sequence[ImageFile]) -> list[Seen]:
        """What there is to know of some images, each of another path."""
        known = self._known
        new = [f for f in files if (was := known.get(f[0])) is None or (was.size, was.mtime) != f[1:]]
        parts = [new[i : i + A_TASK] for i in range(0, len(new), A_TASK)]
        looks = self._run(look_at_images, parts, small=len(parts) < 2)  # noqa: PLR2004 - one needs one process
        fresh = dict(zip([f[0] for f in new], chain.from_iterable(looks), strict=True))
        out = {path: fresh.get(path) or known[path] for path, _, _ in files}
        self.seen |= {path: seen for path, seen in out.items() if not seen.passing}
        return list(out.values())
