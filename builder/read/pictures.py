"""The images of a site: which there are, how large, where they will stand."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from builder.names import fold
from builder.problems import Problem
from builder.read.images import RASTER, VECTOR, ImageEntry, drawing_fault, image_size, thumb_size
from builder.read.source import scan

__all__ = ["Picture", "Pictures", "find_pictures"]


@dataclass(frozen=True)
class Picture:
    """An image file."""

    source: Path
    size: int
    mtime: int
    entry: ImageEntry


@dataclass
class Pictures:
    """The images of a site."""

    entries: dict[str, ImageEntry] = field(default_factory=dict)
    """By file name, which is how records name them."""
    pictures: list[Picture] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


def _entry(name: str, width: int, height: int) -> ImageEntry:
    """Where an image and its thumbnail will stand."""
    path = f"images/{name}"
    if PurePosixPath(name).suffix.lower() in VECTOR or not width:
        thumb_width, thumb_height = thumb_size(width, height)
        return ImageEntry(path, width, height, path, thumb_width, thumb_height)
    return ImageEntry(path, width, height, f"thumbs/{name}.webp", *thumb_size(width, height))


def _active(path: Path) -> str:
    """Why a drawing must not be published, or an empty string, also for a picture and for what cannot be read."""
    if path.suffix.lower() not in VECTOR:
        return ""
    try:
        return drawing_fault(path.read_bytes())
    except OSError:
        return ""


def find_pictures(folder: Path | None) -> Pictures:
    """The images in a folder; files that are no image are warned of and left out."""
    out = Pictures()
    if folder is None:
        return out
    found = scan(folder, deep=False)
    out.problems += found.problems
    seen: dict[str, str] = {}
    for name, size, mtime in found.files:
        fault = ""
        if not name.lower().endswith(RASTER + VECTOR):
            fault = "found a file that is no image; it is left out"
        elif twin := seen.get(fold(name)):
            fault = f"found an image whose name differs from {twin} only by case; it is left out"
        elif active := _active(folder / name):
            fault = f"{active}; it is left out"
        if fault:
            out.problems.append(Problem(name, 1, 1, "warning", "image-left-out", fault))
            continue
        seen[fold(name)] = name
        width = height = 0
        try:
            width, height = image_size(folder / name)
        except (ValueError, OSError) as error:
            message = f"{error}; it is published without size and small picture"
            out.problems.append(Problem(name, 1, 1, "warning", "image-unreadable", message))
        entry = _entry(name, width, height)
        out.entries[name] = entry
        out.pictures.append(Picture(folder / name, size, mtime, entry))
    return out
