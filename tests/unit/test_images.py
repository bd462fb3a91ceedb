"""Sizes of images, whatever file they are in, and their small pictures."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PIL import Image

from builder.read.gallery import Gallery
from builder.read.images import image_size, thumb_size
from builder.read.pictures import find_pictures
from builder.write.output import make_thumb

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    ("size", "thumb"),
    [
        ((3200, 2400), (320, 240)),
        ((1000, 100), (320, 32)),
        ((100, 1000), (24, 240)),
        ((10, 10), (10, 10)),
        ((9000, 1), (320, 1)),
        ((0, 0), (0, 0)),
    ],
)
def test_thumb_size(size: tuple[int, int], thumb: tuple[int, int]) -> None:
    """A small picture keeps the shape, fits its frame, and is never larger than the picture."""
    assert thumb_size(*size) == thumb


@pytest.mark.parametrize(
    ("svg", "size"),
    [
        ('<svg width="120" height="60">', (120, 60)),
        ("<svg height='60px' width='120px' viewBox='0 0 1 1'>", (120, 60)),
        ('<svg viewBox="0 0 300 150.4">', (300, 150)),
        ('<svg width="100%" height="100%" viewBox="-5 -5 300 150">', (300, 150)),
        ('<?xml version="1.0"?><!-- <b> --><svg width="1in" height="2.54cm">', (96, 96)),
        ("<svg>", (0, 0)),
        ('<svg stroke-width="3" viewBox="0,0,40,20">', (40, 20)),
        ('<!-- <svg width="1" height="1"> --><svg width="30" height="20">', (30, 20)),
        ('<svg viewBox="0 0 .5e2 1e2">', (50, 100)),
        ('<svg xmlns="http://www.w3.org/2000/svg" width="30" height="20">', (30, 20)),
    ],
)
def test_size_of_a_drawing(tmp_path: Path, svg: str, size: tuple[int, int]) -> None:
    """The size of a drawing is that of its attributes in pixels, else of its viewBox."""
    path = tmp_path / "a.svg"
    path.write_text(svg + "</svg>", encoding="utf-8")
    assert image_size(path) == size


def test_size_of_a_turned_photograph(tmp_path: Path) -> None:
    """A picture that its camera turned has the size at which browsers show it, and so has its thumbnail."""
    exif = Image.Exif()
    exif[0x0112] = 6
    Image.new("RGB", (40, 20), "red").save(tmp_path / "a.jpg", exif=exif)
    assert image_size(tmp_path / "a.jpg") == (20, 40)
    (tmp_path / "a.webp").write_bytes(make_thumb(tmp_path / "a.jpg", (20, 40)))
    assert image_size(tmp_path / "a.webp") == (20, 40)


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("name", ["a.jpg", "a.png", "a.webp", "a.tif"])
def test_every_turn_of_every_format(tmp_path: Path, name: str, orientation: int) -> None:
    """The size is that of the picture once it is turned, whatever file it is in."""
    exif = Image.Exif()
    exif[0x0112] = orientation
    Image.new("RGB", (40, 20), "red").save(tmp_path / name, exif=exif)
    assert image_size(tmp_path / name) == ((20, 40) if orientation > 4 else (40, 20))


def test_drawing_with_a_prefix(tmp_path: Path) -> None:
    """A drawing whose elements have a prefix is one too; that which has another name is none."""
    path = tmp_path / "a.svg"
    path.write_text('<s:svg xmlns:s="http://www.w3.org/2000/svg" width="3" height="2"/>', encoding="utf-8")
    assert image_size(path) == (3, 2)
    path.write_text('<s:svg xmlns:s="http://example.org/" width="3" height="2"/>', encoding="utf-8")
    with pytest.raises(ValueError, match="found no svg element"):
        image_size(path)


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "CMYK", "I;16"])
def test_thumbnails_of_every_kind(tmp_path: Path, mode: str) -> None:
    """Pictures of every colour model get a thumbnail; what is transparent becomes white, not black."""
    name = "a.tif" if mode in {"CMYK", "I;16"} else "a.png"
    Image.new(mode, (400, 300)).save(tmp_path / name)
    (tmp_path / "t.webp").write_bytes(make_thumb(tmp_path / name, thumb_size(*image_size(tmp_path / name))))
    with Image.open(tmp_path / "t.webp") as thumb:
        assert thumb.size == (320, 240)
        if mode in {"LA", "RGBA"}:
            assert thumb.convert("L").getpixel((5, 5)) == 255


@pytest.mark.parametrize(
    ("name", "data"),
    [("a.png", b""), ("a.png", b"text"), ("a.jpg", b"\xff\xd8\xff\xe0"), ("a.svg", b"<p>"), ("a.svg", b""),
     ("a.svg", b'<svg viewBox="0 0 -5 10">'), ("a.svg", b'<svg width="9" height="1000001">'),
     ("a.svg", b'<svg width="1" height="' + b"9" * 400 + b'">')],
)  # fmt: skip
def test_damaged_pictures(tmp_path: Path, name: str, data: bytes) -> None:
    """A file that is no picture is a ValueError that says so."""
    (tmp_path / name).write_bytes(data)
    with pytest.raises(ValueError, match="found"):
        image_size(tmp_path / name)


def test_drawing_in_an_encoding_that_nobody_knows(tmp_path: Path) -> None:
    """A drawing that says so is left out with a message."""
    (tmp_path / "a.svg").write_text('<?xml version="1.0" encoding="iso-8859-12"?><svg/>', encoding="utf-8")
    pictures = find_pictures(tmp_path, Gallery({}, lambda function, tasks, **_: map(function, tasks)))
    assert [p.message for p in pictures.problems] == [
        "found a drawing in an encoding that is not known; it is left out"
    ]
