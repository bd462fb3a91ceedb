"""Images of a source: what a look at each comes to, and that it is not looked at again for nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from PIL import Image

from builder.read import gallery as gallery_module
from builder.read.gallery import Gallery, ImageFile
from builder.read.pictures import find_pictures
from builder.write.output import make_thumb

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path


def here(function: Callable[[Any], Any], tasks: Iterable[Any], *, small: bool) -> Iterator[Any]:
    """Run a batch function in this process."""
    assert isinstance(small, bool)
    return map(function, tasks)


def cut(path: Path) -> None:
    """Leave half of a file, as a copy that was broken off does."""
    data = path.read_bytes()
    path.write_bytes(data[: len(data) // 2])


@pytest.mark.parametrize("name", ["a.jpg", "a.png", "a.webp", "a.tif"])
def test_image_cut_in_half(tmp_path: Path, name: str) -> None:
    """An image whose header is whole and whose rest is not has no small picture, and its curator is told."""
    noise = Image.effect_noise((300, 200), 80)
    noise.save(tmp_path / name)
    assert find_pictures(tmp_path, Gallery({}, here)).entries[name].thumb == f"thumbs/{name}.webp"
    cut(tmp_path / name)
    pictures = find_pictures(tmp_path, Gallery({}, here))
    assert [(p.path, p.rule) for p in pictures.problems] == [(name, "image-unreadable")]
    assert pictures.entries[name].thumb == f"images/{name}"


def test_image_that_may_not_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An image that the system does not let us read is left out, and its curator is told."""
    Image.new("L", (9, 9)).save(tmp_path / "a.png")

    def refuse(*_: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("pathlib.Path.open", refuse)
    pictures = find_pictures(tmp_path, Gallery({}, here))
    assert [p.message for p in pictures.problems] == ["cannot read it: Permission denied; it is left out"]
    assert pictures.pictures == []


@pytest.mark.parametrize("passing", [MemoryError(), OSError(12, "Cannot allocate memory")])
def test_what_keeps_an_image_from_being_read_may_pass(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, passing: Exception
) -> None:
    """Lack of memory says nothing of an image: it is told, and the next build looks again."""
    Image.new("L", (9, 9)).save(tmp_path / "a.png")

    def fail(*_: object, **__: object) -> None:
        raise passing

    first = Gallery({}, here)
    with monkeypatch.context() as patch:
        patch.setattr("PIL.Image.open", fail)
        told = [p.message for p in find_pictures(tmp_path, first).problems]
    assert len(told) == 1
    assert told[0].startswith("found an image that cannot be read: ")
    assert ": ;" not in told[0]
    pictures = find_pictures(tmp_path, Gallery(first.seen, here))
    assert (pictures.problems, pictures.entries["a.png"].width) == ([], 9)


def test_known_images_are_not_opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of the images that are known only those are opened that are new, or whose size or time changed."""
    for name in ("a.png", "b.png", "d.png"):
        Image.new("L", (9, 9)).save(tmp_path / name)
    first = Gallery({}, here)
    find_pictures(tmp_path, first)
    Image.new("L", (70, 80)).save(tmp_path / "b.png")
    Image.new("L", (5, 5)).save(tmp_path / "c.png")
    (tmp_path / "d.png").unlink()
    opened: list[str] = []
    look_at_images = gallery_module.look_at_images

    def looked(files: list[ImageFile]) -> list[gallery_module.Seen]:
        opened.extend(path for path, _, _ in files)
        return look_at_images(files)

    monkeypatch.setattr(gallery_module, "look_at_images", looked)
    second = Gallery(first.seen, here)
    pictures = find_pictures(tmp_path, second)
    assert opened == [str(tmp_path / "b.png"), str(tmp_path / "c.png")]
    assert {n: (e.width, e.height) for n, e in pictures.entries.items()} == {
        "a.png": (9, 9), "b.png": (70, 80), "c.png": (5, 5),
    }  # fmt: skip
    assert set(second.seen) == {str(tmp_path / name) for name in ("a.png", "b.png", "c.png")}


def test_names_as_long_as_they_may_be(tmp_path: Path) -> None:
    """The small picture of an image has a name that file systems take, and one of its own."""
    names = [f"{'a' * 246}{n}.jpg" for n in range(10, 12)] + ["b.jpg"]
    for name in names:
        Image.new("L", (9, 9)).save(tmp_path / name)
    pictures = find_pictures(tmp_path, Gallery({}, here))
    thumbs = [pictures.entries[name].thumb for name in names]
    assert thumbs[2] == "thumbs/b.jpg.webp"
    assert len(set(thumbs)) == 3
    assert max(len(thumb.split("/")[1]) for thumb in thumbs) < 256


@pytest.mark.parametrize(("name", "most"), [("a.png", 65535), ("a.tif", 4095), ("big.tif", 4095)])
def test_pictures_of_many_greys(tmp_path: Path, name: str, most: int) -> None:
    """Sixteen bits of grey become eight: of a TIFF, whatever of them the camera has filled, and none is all white."""
    ramp = bytearray()
    for value in range(0, most, most // 99):
        ramp += value.to_bytes(2, "little")
    picture = Image.frombytes("I;16", (len(ramp) // 2, 1), bytes(ramp)).resize((100, 50))
    if name == "big.tif":  # the most significant byte first, as microscopes of another make have it
        turned = bytearray(picture.tobytes())
        turned[::2], turned[1::2] = turned[1::2], turned[::2]
        picture = Image.frombytes("I;16B", picture.size, bytes(turned))
    picture.save(tmp_path / name)
    (tmp_path / "t.webp").write_bytes(make_thumb(tmp_path / name, (100, 50)))
    with Image.open(tmp_path / "t.webp") as thumb:
        grey = thumb.convert("L").tobytes()
    assert min(grey) < 20
    assert max(grey) > 235
    assert 110 < sum(grey) / len(grey) < 145
