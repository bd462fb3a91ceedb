"""Parts of a source, of the output and of the cache that are not what they should be: nothing published is lost."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

import pytest

from builder.read import source as source_module
from tests.site.building import build, in_process, record, tree, write_site

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

TABLE = "word\tmesh\tname\nwater\tmesh:D014867\tWater\n"
NOWHERE = "found a link that leads nowhere, expected a"
CIRCLE = "found what cannot be read (Too many levels of symbolic links), expected a"


def nowhere(path: Path) -> None:
    """Put a link that leads nowhere in the place of something."""
    path.symlink_to("nowhere")


def circle(path: Path) -> None:
    """Put a link that leads to itself there."""
    path.symlink_to(path.name)


def plain(path: Path) -> None:
    """Put a file there."""
    path.write_text("x", encoding="utf-8")


def published(root: Path) -> tuple[Path, dict[str, bytes]]:
    """Return a source in PFOCR's layout of which a site is published, and that site."""
    files: dict[str, str | bytes] = {"_figures/PMC1__a.md": record("PMC1__a"), "_data/PMC1__a-chemicals.tsv": TABLE}
    files |= {"_organisms/h.md": "---\nlatin: Homo sapiens\ncommon: human\n---\n"}
    source = write_site(root / "source", files, "title: Mine\n")
    (source / "figures").rmdir()
    (source / "images").mkdir()
    assert build(source, root / "out", root / "cache").code == 0
    return source, tree(root / "out")


@pytest.mark.parametrize("keep", [(), ("--keep-going",)])
@pytest.mark.parametrize(
    ("name", "put", "words"),
    [
        ("_data", nowhere, f"{NOWHERE} folder"), ("_data", circle, f"{CIRCLE} folder"),
        ("_data", os.mkfifo, "found a pipe, expected a folder"), ("_figures", nowhere, f"{NOWHERE} folder"),
        ("site.yml", nowhere, f"{NOWHERE} file"), ("site.yml", os.mkfifo, "found a pipe, expected a file"),
        ("_organisms", plain, "found a file, expected a folder"), ("images", circle, f"{CIRCLE} folder"),
        ("images", os.mkfifo, "found a pipe, expected a folder"), ("pages", nowhere, f"{NOWHERE} folder"),
    ],
)  # fmt: skip
def test_part_that_is_none(
    tmp_path: Path, name: str, put: Callable[[Path], object], words: str, keep: tuple[str, ...]
) -> None:
    """What stands in the place of a folder or of the settings is told of, and the site stays as it was."""
    source, before = published(tmp_path)
    if (source / name).exists():
        (source / name).rename(tmp_path / "aside")
    put(source / name)
    for ran in (build(source, tmp_path / "out", tmp_path / "cache", "--jobs", "1", *keep),
                in_process("check", "--source", source, "--cache", tmp_path / "cache", "--jobs", "1")):  # fmt: skip
        assert f"{source}/{name}:1:1: error: {words} [FP041 part-unreadable]" in (ran.err + ran.out).splitlines()
        assert ran.code == 1
    assert tree(tmp_path / "out") == before


@pytest.mark.parametrize("name", ["_figures/sub", "_data", "images"])
def test_folder_that_cannot_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    """With ``--keep-going`` too, a folder without permission takes nothing off the site."""
    source, _ = published(tmp_path)
    write_site(source, {"_figures/sub/PMC2__b.md": record("PMC2__b")})
    (source / "figures").rmdir()
    assert build(source, tmp_path / "out", tmp_path / "cache").code == 0
    before, real = tree(tmp_path / "out"), source_module._stamps

    def refused(folder: str, *more: Any) -> Any:
        if folder.endswith(f"/{name}"):
            raise PermissionError(13, "Permission denied")
        return real(folder, *more)

    monkeypatch.setattr(source_module, "_stamps", refused)
    ran = build(source, tmp_path / "out", tmp_path / "cache", "--jobs", "1", "--keep-going")
    assert f"{source}/{name}:1:1: error: cannot read it: Permission denied" in ran.err
    assert ran.code == 1
    assert tree(tmp_path / "out") == before


def test_folder_whose_name_is_no_utf_8(tmp_path: Path) -> None:
    """A record in such a folder is refused by name."""
    source = write_site(tmp_path / "source", {"PMC1__a": record("PMC1__a")})
    try:
        folder = source / os.fsdecode(b"figures/\xff")
        folder.mkdir()
    except OSError:
        pytest.skip("this file system takes no such name")
    (folder / "PMC2__b.md").write_text(record("PMC2__b"), encoding="utf-8")
    ran = in_process("check", "--source", source, "--jobs", "1")
    assert ran.out.splitlines() == [
        f"{source}/figures/\\udcff:1:1: error: found a folder name that is not UTF-8 [FP017 not-a-file]"
    ]


@pytest.mark.parametrize(
    ("put", "words"),
    [(os.mkfifo, "found a pipe, expected a file"), (lambda path: path.symlink_to("/etc/passwd"), "found a link that")],
)
def test_map_that_is_no_file(tmp_path: Path, put: Callable[[Path], object], words: str) -> None:
    """A pipe in the place of a map is not waited for, and a file elsewhere is not read."""
    source, before = published(tmp_path)
    put(source / "_data/wpid_map.tsv")
    ran = build(source, tmp_path / "out", tmp_path / "cache", "--jobs", "1")
    (line,) = ran.err.splitlines()
    assert line.startswith(f"{source}/_data/wpid_map.tsv:1:1: error: {words}")
    assert tree(tmp_path / "out") == before


@pytest.mark.parametrize("put", [os.mkfifo, nowhere, circle, lambda path: path.symlink_to("help.html")])
def test_output_that_is_no_file(tmp_path: Path, put: Callable[[Path], object]) -> None:
    """A pipe or a link in the place of a page is replaced by the page, and not waited for."""
    source, before = published(tmp_path)
    page = tmp_path / "out/index.html"
    page.unlink()
    put(page)
    assert build(source, tmp_path / "out", tmp_path / "cache").code == 0
    assert tree(tmp_path / "out") == before
    assert not page.is_symlink()


def test_same_bytes_behind_a_link(tmp_path: Path) -> None:
    """A page that was replaced by a link to its like is a file again: links do not outlive a copy of the site."""
    source, before = published(tmp_path)
    page = tmp_path / "out/index.html"
    page.rename(tmp_path / "elsewhere.html")
    page.symlink_to(tmp_path / "elsewhere.html")
    assert build(source, tmp_path / "out", tmp_path / "cache").code == 0
    assert not page.is_symlink()
    assert tree(tmp_path / "out") == before


def test_output_folder_that_leads_to_itself(tmp_path: Path) -> None:
    """A link in a circle in the place of the output or the cache is told of in a line."""
    source = write_site(tmp_path / "source", {"PMC1__a": record("PMC1__a")})
    circle(tmp_path / "round")
    for out, cache in (("round", "cache"), ("out", "round")):
        ran = build(source, tmp_path / out, tmp_path / cache)
        assert ran.code != 0
        assert ran.err.startswith("Error: cannot ")
        assert ran.err.count("\n") == 1


@pytest.mark.parametrize("sign", ["[", "<a ", "![a"])
def test_text_page_that_would_take_minutes(tmp_path: Path, sign: str) -> None:
    """A page of what Markdown opens and nothing closes is refused."""
    page = f"---\ntitle: A\n---\n{sign * 10_000}"
    source = write_site(tmp_path / "source", {"PMC1__a": record("PMC1__a"), "pages/zed.md": page})
    ran = build(source, tmp_path / "out", tmp_path / "cache", "--jobs", "1")
    opened = sign.strip("!a ")
    message = f"found 10,000 of '{opened}' that nothing closes, expected at most 2,000 [FP019 too-large]"
    assert ran.err.splitlines() == [f"{source}/pages/zed.md:1:1: error: {message}"]


def test_settings_of_another_encoding_or_size(tmp_path: Path) -> None:
    """Where a byte of site.yml is not UTF-8 is told, and what is too large to be settings."""
    source = write_site(tmp_path / "source", {"PMC1__a": record("PMC1__a")})
    (source / "site.yml").write_bytes(b"url: ''\ntitle: caf\xe9\n")
    ran = build(source, tmp_path / "out", tmp_path / "cache", "--jobs", "1")
    assert ran.err.startswith(f"{source}/site.yml:2:11: error: found the byte 0xE9, which is not UTF-8")
    write_site(source, {}, f"title: {'x' * 2_000_000}\n")
    ran = build(source, tmp_path / "out", tmp_path / "cache", "--jobs", "1")
    assert ran.err.startswith(f"{source}/site.yml:1:1: error: found 2,000,008 bytes of settings, expected at most")
