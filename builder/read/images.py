"""Sizes of the images that a site serves itself."""

from __future__ import annotations

import re
import warnings
from typing import TYPE_CHECKING

import msgspec
from PIL import Image, UnidentifiedImageError

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["MAX_PIXELS", "RASTER", "VECTOR", "ImageEntry", "image_size", "thumb_size"]

RASTER = (".jpg", ".jpeg", ".png", ".gif", ".webp", ".tif", ".tiff", ".bmp", ".avif")
VECTOR = (".svg",)
THUMB = (320, 240)
MAX_PIXELS = 150_000_000
"""A picture that unpacks to more is refused, as it could exhaust the memory."""

_ROTATED = {5, 6, 7, 8}
_ORIENTATION = 0x0112
_SVG_TAG = re.compile(rb"<svg\b[^>]*>", re.DOTALL)
_LENGTH = re.compile(r"\s*([\d.]+)\s*(px|pt|mm|cm|in)?\s*\Z")
_UNITS = {"": 1.0, "px": 1.0, "pt": 4 / 3, "mm": 96 / 25.4, "cm": 96 / 2.54, "in": 96.0}


class ImageEntry(msgspec.Struct, array_like=True, frozen=True):
    """An image that the site serves itself."""

    path: str
    width: int
    """Pixels; 0 if unknown."""
    height: int
    thumb: str
    """Path of the small picture; equal to ``path`` for a drawing."""
    thumb_width: int
    thumb_height: int


def _svg_length(tag: str, name: str) -> float:
    """A length of the svg element in pixels; 0 if absent or relative."""
    found = re.search(rf"\s{name}\s*=\s*[\"']([^\"']*)[\"']", tag)
    length = _LENGTH.match(found[1]) if found else None
    return float(length[1]) * _UNITS[length[2] or ""] if length else 0.0


def _svg_size(data: bytes) -> tuple[int, int]:
    """Width and height of a drawing, from its attributes or its viewBox."""
    found = _SVG_TAG.search(data)
    if found is None:
        message = "found no svg element"
        raise ValueError(message)
    tag = found[0].decode("utf-8", "replace")
    width, height = _svg_length(tag, "width"), _svg_length(tag, "height")
    box = re.search(r"\sviewBox\s*=\s*[\"']([^\"']*)[\"']", tag)
    if not (width and height) and box:
        numbers = [float(n) for n in re.findall(r"-?\d+(?:\.\d+)?", box[1])]
        width, height = numbers[2:4] if len(numbers) == 4 else (0, 0)  # noqa: PLR2004 - x, y, width, height
    return round(width), round(height)


def image_size(path: Path) -> tuple[int, int]:
    """Width and height of an image in pixels as a browser shows it; 0, 0 for a drawing without size.

    Raises:
        ValueError: if the file is no image, is damaged or too large; the text says which.
    """
    if path.suffix.lower() in VECTOR:
        return _svg_size(path.read_bytes())
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            with Image.open(path) as image:
                width, height = image.size
                turned = image.getexif().get(_ORIENTATION) in _ROTATED
    except UnidentifiedImageError as error:
        message = "found no image that can be read"
        raise ValueError(message) from error
    except (OSError, SyntaxError, Image.DecompressionBombError) as error:
        message = f"found an image that cannot be read: {error}"
        raise ValueError(message) from error
    if width * height > MAX_PIXELS:
        message = f"found {width * height:,} pixels, expected at most {MAX_PIXELS:,}"
        raise ValueError(message)
    return (height, width) if turned else (width, height)


def thumb_size(width: int, height: int) -> tuple[int, int]:
    """Size of the small picture: within 320 by 240, never larger than the image."""
    if not (width and height):
        return 0, 0
    scale = min(THUMB[0] / width, THUMB[1] / height, 1)
    return max(1, round(width * scale)), max(1, round(height * scale))
