"""The images of a site: which there are, how large, where they will stand."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from hashlib import blake2b
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from msgspec.structs import replace

from builder.names import beginning, difference, escape, fold
from builder.problems import Problem
from builder.read.images import RASTER, UNSHOWN, VECTOR, VIEW, ImageEntry, thumb_size
from builder.read.organisms import portrait_file
from builder.read.source import scan, time_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from builder.model import Organism
    from builder.read.gallery import Gallery, Seen

__all__ = ["Picture", "Pictures", "find_pictures", "find_portraits"]

_MAX_NAME = 240
"""Bytes of a file name; file systems allow 255."""
NO_IMAGE = ImageEntry("", 0, 0, "", 0, 0)


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
    thumb = f"{name}.webp"
    if len(os.fsencode(thumb)) > _MAX_NAME:
        thumb = f"{beginning(name, 200)}~~{blake2b(os.fsencode(name), digest_size=8).hexdigest()}.webp"
    entry = ImageEntry(path, width, height, f"thumbs/{thumb}", *thumb_size(width, height))
    if not name.lower().endswith(UNSHOWN):
        return entry
    view_width, view_height = thumb_size(width, height, VIEW)
    return replace(entry, view=f"thumbs/views/{thumb}", view_width=view_width, view_height=view_height)


def _picture(path: Path, name: str, seen: Seen, told: str, problems: list[Problem]) -> Picture | None:
    """A picture that is published, also where its size cannot be told; None if it must not be.

    Args:
        path: the file.
        name: what it is called in the site, below ``images/``.
        seen: what a look at it came to.
        told: how problems name it.
        problems: what is wrong with it goes here.
    """
    if seen.refused:
        problems.append(Problem(told, 1, 1, "warning", "image-left-out", f"{seen.refused}; it is left out"))
        return None
    if seen.fault:
        message = f"{seen.fault}; it is published without size and small picture"
        problems.append(Problem(told, 1, 1, "warning", "image-unreadable", message))
    return Picture(path, seen.size, seen.mtime, _entry(name, seen.width, seen.height))


def _portrait(root: Path, organism: Organism, gallery: Gallery, problems: list[Problem]) -> Picture | None:
    """The picture that an organism names, if it is a file of the checkout."""
    told = organism.image.lstrip("/")
    path = portrait_file(root, told) if told else None
    if path is None:
        return None
    try:
        stamp = path.stat()
    except OSError:
        return None
    suffix = path.suffix.lower()
    if suffix not in RASTER + VECTOR:
        message = "found a file that is no image; it is left out"
        problems.append(Problem(told, 1, 1, "warning", "image-left-out", message))
        return None
    name = f"organisms/{escape(organism.name.lower())}{suffix}"
    seen = gallery.look([(str(path), stamp.st_size, time_of(stamp))])[0]
    picture = _picture(path, name, seen, told, problems)
    if picture:  # of which pages show the small one alone
        picture = Picture(
            path, picture.size, picture.mtime, replace(picture.entry, view="", view_width=0, view_height=0)
        )
    return picture


def find_portraits(root: Path, organisms: Sequence[Organism], gallery: Gallery) -> tuple[list[Organism], Pictures]:
    """The organisms with the small pictures that the site has of them, and those pictures.

    Args:
        root: folder of the checkout.
        organisms: as their files tell, ``image`` being a path in the checkout.
        gallery: looks at images.
    """
    out, told = Pictures(), []
    taken: set[str] = set()
    for organism in organisms:
        picture = _portrait(root, organism, gallery, out.problems)
        if picture and fold(picture.entry.path) in taken:
            picture = None  # of two files on one organism
        if picture:
            taken.add(fold(picture.entry.path))
            out.pictures.append(picture)
        entry = picture.entry if picture else NO_IMAGE
        told.append(replace(organism, image=entry.thumb, width=entry.thumb_width, height=entry.thumb_height))
    return told, out


def find_pictures(folder: Path | None, gallery: Gallery) -> Pictures:
    """The images in a folder; files that are no image, and folders, are warned of and left out.

    Args:
        folder: where they are; None for none.
        gallery: looks at images.
    """
    out = Pictures()
    if folder is None:
        return out
    found = scan(folder, deep=False)
    out.problems += found.problems
    for name in found.folders:
        if name.lower().endswith(RASTER + VECTOR):
            out.problems.append(Problem(name, 1, 1, "error", "not-a-file", "found a folder, expected a file"))
        else:
            out.problems.append(Problem(name, 1, 1, "warning", "image-left-out", "found a folder; it is left out"))
    images = [file for file in found.files if file[0].lower().endswith(RASTER + VECTOR)]
    looks = gallery.look([(str(folder / name), size, mtime) for name, size, mtime in images])
    looked = {name: look for (name, _, _), look in zip(images, looks, strict=True)}
    seen: dict[str, str] = {}
    for name, _, _ in found.files:
        fault = ""
        if name not in looked:
            fault = "found a file that is no image; it is left out"
        elif twin := seen.get(fold(name)):
            fault = f"found an image whose name differs from {twin} only by {difference(name, twin)}; it is left out"
        if fault:
            out.problems.append(Problem(name, 1, 1, "warning", "image-left-out", fault))
            continue
        if picture := _picture(folder / name, name, looked[name], name, out.problems):
            seen[fold(name)] = name
            out.entries[name] = picture.entry
            out.pictures.append(picture)
    return out
