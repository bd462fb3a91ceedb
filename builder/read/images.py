"""Sizes of the images that a site serves itself."""

from __future__ import annotations

import re
import struct
import warnings
import zlib
from contextlib import contextmanager, suppress
from math import isfinite
from typing import TYPE_CHECKING
from xml.parsers import expat

import msgspec

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from PIL import Image

__all__ = [
    "FAULTS", "MAX_PIXELS", "RASTER", "UNSHOWN", "VECTOR", "VIEW", "ImageEntry", "PassingError", "image_size",
    "open_image", "size_shown", "small_picture", "thumb_size",
]  # fmt: skip

RASTER = (".jpg", ".jpeg", ".png", ".gif", ".webp", ".tif", ".tiff", ".bmp", ".avif")
VECTOR = (".svg",)
UNSHOWN = (".tif", ".tiff")
"""What few browsers show."""
THUMB = (320, 240)
VIEW = (1600, 1600)
MAX_PIXELS = 64_000_000
"""A picture that unpacks to more is refused, as it could exhaust the memory: with a transparent ground it takes twelve
bytes a pixel."""
_FORMATS = ("JPEG", "PNG", "GIF", "WEBP", "TIFF", "BMP", "AVIF")
"""What Pillow may read, whatever a file calls itself: some of its other readers start programs (PostScript)."""
FAULTS = (
    OSError, SyntaxError, ValueError, TypeError, LookupError, AttributeError, ArithmeticError, EOFError, MemoryError,
    RuntimeError, struct.error, zlib.error,
)  # fmt: skip
"""What reading a damaged file with ``open_image`` raises; Pillow promises none of it."""

_ROTATED = {5, 6, 7, 8}
_ORIENTATION = 0x0112
_LONGEST = 1_000_000
"""Pixels of a drawing to each side, which may be of any size."""
_SVG = "http://www.w3.org/2000/svg"
_NUMBER = r"(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][-+]?[0-9]+)?"
_LENGTH = re.compile(rf"\s*\+?({_NUMBER})\s*(px|pt|mm|cm|in)?\s*\Z")
_BOX = re.compile(rf"[-+]?{_NUMBER}")
_UNITS = {"": 1.0, "px": 1.0, "pt": 4 / 3, "mm": 96 / 25.4, "cm": 96 / 2.54, "in": 96.0}


class PassingError(ValueError):
    """What keeps an image from being read just now, for lack of memory or of a disk, and says nothing of the image."""


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
    view: str = ""
    """Path of a picture that browsers show, for a file that they do not; else empty."""
    view_width: int = 0
    view_height: int = 0


def _svg_length(text: str) -> float:
    """A length of the svg element in pixels; 0 if absent or relative."""
    length = _LENGTH.match(text)
    return float(length[1]) * _UNITS[length[2] or ""] if length else 0.0


def _svg_root(data: bytes) -> dict[str, str]:
    """The attributes of the outermost element of a drawing.

    Raises:
        ValueError: if that is none of SVG, or the file no XML.
    """
    found: list[tuple[str, dict[str, str]]] = []

    def begin(name: str, attributes: dict[str, str]) -> None:
        found.append((name, attributes))
        parser.StartElementHandler = None

    parser = expat.ParserCreate(namespace_separator=" ")
    parser.StartElementHandler = begin
    with suppress(expat.ExpatError, LookupError):
        parser.Parse(data, True)  # noqa: FBT003 - whether it is all
    if not found or found[0][0] not in {f"{_SVG} svg", "svg"}:
        message = "found no svg element"
        raise ValueError(message)
    return found[0][1]


def _svg_size(data: bytes) -> tuple[int, int]:
    """Width and height of a drawing, from its attributes or its viewBox."""
    root = _svg_root(data)
    width, height = _svg_length(root.get("width", "")), _svg_length(root.get("height", ""))
    if not (width and height) and (box := root.get("viewBox")):
        numbers = [float(n) for n in _BOX.findall(box)]
        width, height = numbers[2:4] if len(numbers) == 4 else (0, 0)  # noqa: PLR2004 - x, y, width, height
    if not (0 <= width <= _LONGEST and 0 <= height <= _LONGEST):
        message = f"found a drawing of {width:.9g} by {height:.9g} pixels, expected 0 to {_LONGEST:,}"
        raise ValueError(message)
    return round(width), round(height)


@contextmanager
def open_image(path: Path) -> Iterator[Image.Image]:
    """A picture of a format that sites show, its pixels not yet unpacked.

    Raises:
        Any of ``FAULTS``: if it cannot be read.
    """
    from PIL import Image  # noqa: PLC0415 - Pillow loads only where there are pictures to look at

    with warnings.catch_warnings():
        # Our own limit is lower, and gives a message instead.
        warnings.simplefilter("ignore", Image.DecompressionBombWarning)
        try:
            with Image.open(path, formats=_FORMATS) as image:
                yield image
        except Image.DecompressionBombError as error:
            raise ValueError(str(error)) from error


@contextmanager
def _told() -> Iterator[None]:
    """Turns what reading a damaged file raises into a ValueError that says so."""
    from PIL import UnidentifiedImageError  # noqa: PLC0415 - as above

    try:
        yield
    except UnidentifiedImageError as error:
        message = "found no image that can be read"
        raise ValueError(message) from error
    except FAULTS as error:
        message = f"found an image that cannot be read: {str(error) or type(error).__name__}"
        passing = isinstance(error, MemoryError) or (isinstance(error, OSError) and error.errno is not None)
        raise (PassingError if passing else ValueError)(message) from error


def image_size(path: Path) -> tuple[int, int]:
    """Width and height of an image in pixels as a browser shows it; 0, 0 for a drawing without size.

    Raises:
        ValueError: if the file is no image, is damaged or too large; the text says which.
    """
    if path.suffix.lower() in VECTOR:
        return _svg_size(path.read_bytes())
    with _told(), open_image(path) as image:
        width, height = image.size
        # Of a TIFF Pillow says what size it has once it is turned.
        turned = image.format != "TIFF" and image.getexif().get(_ORIENTATION) in _ROTATED
    if width * height > MAX_PIXELS:
        message = f"found {width * height:,} pixels, expected at most {MAX_PIXELS:,}"
        raise ValueError(message)
    return (height, width) if turned else (width, height)


def thumb_size(width: int, height: int, most: tuple[int, int] = THUMB) -> tuple[int, int]:
    """Size of the small picture: within 320 by 240, or another size, never larger than the image."""
    if not (width and height):
        return 0, 0
    scale = min(most[0] / width, most[1] / height, 1)
    return max(1, round(width * scale)), max(1, round(height * scale))


def _eight_bits(image: Image.Image, form: str | None) -> Image.Image:
    """An image of 16 bits of grey, or more, with 8: Pillow itself makes all of it white that is above 255.

    A browser takes the upper half of the bits; of a TIFF, whose camera may have filled twelve, all grey that there is.
    """
    if not image.mode.startswith(("I", "F")):
        return image
    grey = image.convert("F")  # which knows more forms of 16 bits than what follows
    low, high = (float(v) for v in grey.getextrema()) if form == "TIFF" else (0.0, 65535.0)  # type: ignore[arg-type]
    if not (isfinite(low) and isfinite(high)):  # numbers that are none: Pillow counts them, and all else would be black
        low, high = 0.0, 1.0
    scale = 255 / max(high - low, 1e-9)
    return grey.point(lambda value: value * scale - low * scale).convert("L")


def small_picture(path: Path, size: tuple[int, int]) -> Image.Image:
    """An image in another size, turned as browsers show it, on white where it is transparent.

    Raises:
        Any of ``FAULTS``: if it is damaged, perhaps behind its header.
    """
    from PIL import Image, ImageOps  # noqa: PLC0415 - as above

    with open_image(path) as opened:
        opened.draft("RGB", (size[0] * 2, size[1] * 2))
        image = _eight_bits(ImageOps.exif_transpose(opened), opened.format)
        if image.mode in {"P", "LA", "RGBA"} or "transparency" in image.info:
            image = image.convert("RGBA")
            white = Image.new("RGBA", image.size, "white")
            image = Image.alpha_composite(white, image)
        return image.convert("RGB").resize(size, Image.Resampling.LANCZOS)


def size_shown(path: Path) -> tuple[int, int]:
    """As ``image_size``, of an image of which a small picture can be made: what stands behind the header is read too.

    Raises:
        ValueError: as ``image_size``.
    """
    width, height = image_size(path)
    if path.suffix.lower() not in VECTOR:
        with _told():
            small_picture(path, thumb_size(width, height))
    return width, height
