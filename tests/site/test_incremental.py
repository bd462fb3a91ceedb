"""An incremental build leaves exactly the bytes of a clean one, whatever happened in between."""

from __future__ import annotations

import os
import random
import shutil
from typing import TYPE_CHECKING

import pytest
from PIL import Image

from builder import pipeline
from builder.options import Options
from builder.problems import BuildError
from builder.surroundings import Program
from tests.site.building import build, figpages, gene, record, times, tree, write_site
from tests.support.links import check_site

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

SETTINGS = "title: Test\nurl: https://example.org/\nlisting_page: 3\n"
RECORDS = {
    "PMC1__a": record(
        "PMC1__a", genes=[gene("TP53", "7157"), gene("MDM2", "4193", "Hdm2")], redirect_from="/figures/a"
    ),
    "PMC1__b": record("PMC1__b", genes=[gene("TP53", "7157", "p53")], filename="b.png", year="2021"),
    "PMC2__c": record("PMC2__c", pmcid="PMC2", genes=[gene("TP53", "7157")], redirect_from=["/figures/c", "/old/c"]),
    "PMC3__d": record("PMC3__d", pmcid="PMC3", year="", organisms="Mus musculus"),
    "PMC3__e": record("PMC3__e", pmcid="PMC3", genes=[gene("Mar1", "17158", organism="Mus musculus")]),
    "PMC4__f": record("PMC4__f", pmcid="PMC4", genes=[gene("TP53", "7157"), gene("MDM2", "4193")], filename="f.png"),
    "pages/about.md": "---\ntitle: About\n---\nWhat this is. [Genes](/genes/)\n",
}


def picture(path: Path, width: int = 8, colour: str = "red") -> None:
    """Write a small PNG."""
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.new("RGB", (width, 6), colour).save(path)


class Place:
    """A source with its output and cache, built once."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.source = write_site(root / "source", RECORDS, SETTINGS)
        self.out = root / "out"
        self.cache = root / "cache"
        self.build()

    def build(self, *options: str) -> None:
        """Build without error."""
        ran = build(self.source, self.out, self.cache, *options)
        assert ran.code == 0, ran.err + ran.out

    def figure(self, name: str) -> Path:
        """Return the file of a record."""
        return self.source / "figures" / f"{name}.md"

    def edit(self, name: str, old: str, new: str) -> None:
        """Replace a text in a file of the source."""
        path = self.source / name
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new), encoding="utf-8")

    def clean(self, *options: str) -> dict[str, bytes]:
        """Return what a build with no output and no cache before it makes of the source as it is."""
        fresh = self.root / "fresh"
        shutil.rmtree(fresh, ignore_errors=True)
        ran = build(self.source, fresh / "out", fresh / "cache", *options)
        assert ran.code == 0, ran.err
        return tree(fresh / "out")


@pytest.fixture
def place(tmp_path: Path) -> Place:
    """Return a source that was built once."""
    return Place(tmp_path)


def add(place: Place) -> None:
    """Add a record with a new gene, a new year and a new organism."""
    text = record("PMC9__n", pmcid="PMC9", year="2024", organisms=["Danio rerio"], genes=[gene("tp53", "30590")])
    place.figure("PMC9__n").write_text(text, encoding="utf-8")


def add_many(place: Place, first: int = 0, count: int = 300) -> None:
    """Add so many records that they fall into other buckets."""
    for i in range(first, first + count):
        text = record(
            f"PMC9__{i}", pmcid=f"PMC{i}", year=str(1990 + i % 20), genes=[gene(f"GENE{i % 40}", str(i % 40 + 1))]
        )
        place.figure(f"PMC9__{i}").write_text(text, encoding="utf-8")


def rename_file(place: Place) -> None:
    """Move a record into a folder, its figid unchanged."""
    (place.source / "figures/sub").mkdir()
    place.figure("PMC2__c").rename(place.source / "figures/sub/PMC2__c.md")


def rename_record(place: Place) -> None:
    """Give a record another figid and file name."""
    place.edit("figures/PMC2__c.md", "figid: PMC2__c", "figid: PMC2__z")
    place.figure("PMC2__c").rename(place.figure("PMC2__z"))


def steal_symbol(place: Place) -> None:
    """Add a gene with a smaller id whose symbol differs only by case, so that it takes the plain name."""
    text = record("PMC8__s", pmcid="PMC8", genes=[gene("tP53", "12"), gene("MAR1", "5", organism="Mus musculus")])
    place.figure("PMC8__s").write_text(text, encoding="utf-8")


def swap_times(place: Place) -> None:
    """Edit a record without changing its size; only its time tells."""
    place.edit("figures/PMC1__a.md", "Title of PMC1__a", "Litte of PMC1__a")
    os.utime(place.figure("PMC1__a"), ns=(1, 1))


def delete_all(place: Place) -> None:
    """Delete every record."""
    for path in (place.source / "figures").glob("*.md"):
        path.unlink()


def put_folder(place: Place) -> None:
    """Put a folder in the place of a page."""
    (place.out / "about.html").unlink()
    (place.out / "about.html").mkdir()


CHANGES: dict[str, Callable[[Place], object]] = {
    "add": add,
    "add_many": add_many,
    "edit_title": lambda p: p.edit("figures/PMC1__a.md", "Title of PMC1__a", "Another title"),
    "edit_year": lambda p: p.edit("figures/PMC1__a.md", "'2020'", "'2022'"),
    "edit_gene": lambda p: p.edit("figures/PMC1__b.md", "TP53", "TP63"),
    "edit_shared_gene": lambda p: p.edit("figures/PMC4__f.md", "'4193'", "'4194'"),
    "edit_title_of_similar": lambda p: p.edit("figures/PMC4__f.md", "Title of", "New title of"),
    "edit_paper": lambda p: p.edit("figures/PMC1__b.md", "PMC1\n", "PMC2\n"),
    "edit_redirect": lambda p: p.edit("figures/PMC2__c.md", "/old/c", "/older/c"),
    "edit_same_size": swap_times,
    "delete": lambda p: p.figure("PMC2__c").unlink(),
    "delete_newest": lambda p: p.figure("PMC1__b").unlink(),
    "delete_all": delete_all,
    "rename_file": rename_file,
    "rename_record": rename_record,
    "steal_symbol": steal_symbol,
    "redirect_taken": lambda p: p.edit("figures/PMC1__b.md", "year: '2021'", "year: '2021'\nredirect_from: /figures/c"),
    "setting_title": lambda p: p.edit("site.yml", "title: Test", "title: Test of settings"),
    "setting_page": lambda p: p.edit("site.yml", "listing_page: 3", "listing_page: 1"),
    "setting_organism": lambda p: p.edit("site.yml", "title: Test", "title: Test\ndefault_organism: Mus musculus"),
    "setting_redirects": lambda p: p.edit("site.yml", "title: Test", "title: Test\nredirects: [netlify, apache]"),
    "page_edit": lambda p: p.edit("pages/about.md", "What this is", "What that was"),
    "page_title": lambda p: p.edit("pages/about.md", "title: About", "title: Of this"),
    "page_add": lambda p: (p.source / "pages/more.md").write_text("---\ntitle: More\n---\nText\n", encoding="utf-8"),
    "page_delete": lambda p: (p.source / "pages/about.md").unlink(),
    "image_add": lambda p: picture(p.source / "images/b.png"),
    "cache_deleted": lambda p: shutil.rmtree(p.cache),
    "output_deleted": lambda p: (p.out / "figures/PMC1__a.html").unlink(),
    "output_tampered": lambda p: (p.out / "genes/TP53.html").write_text("tampered", encoding="utf-8"),
    "output_replaced_by_folder": put_folder,
    "orphan": lambda p: (p.out / "figures/orphan.html").write_text("orphan", encoding="utf-8"),
    "output_gone": lambda p: shutil.rmtree(p.out),
}


@pytest.mark.parametrize("change", CHANGES)
def test_incremental_build_equals_clean_build(place: Place, change: str) -> None:
    """After any change, building on leaves the very bytes of a build from nothing."""
    CHANGES[change](place)
    place.build()
    assert tree(place.out) == place.clean()


def test_changes_one_after_the_other(place: Place) -> None:
    """Many changes in a row, each built, add up to the bytes of a build from nothing."""
    for change in ("add", "edit_year", "steal_symbol", "delete", "rename_record_late", "image_add", "setting_page"):
        if change == "rename_record_late":
            place.figure("PMC9__n").unlink()
        else:
            CHANGES[change](place)
        place.build()
    assert tree(place.out) == place.clean()


def test_change_undone_restores_the_bytes(place: Place) -> None:
    """A record taken out and put back leaves the site as it was."""
    before = tree(place.out)
    text = place.figure("PMC1__a").read_bytes()
    place.figure("PMC1__a").unlink()
    place.build()
    assert tree(place.out) != before
    place.figure("PMC1__a").write_bytes(text)
    place.build()
    assert tree(place.out) == before


@pytest.mark.parametrize("edit", ["resized", "removed", "damaged", "cut"])
def test_changed_image_equals_clean_build(place: Place, edit: str) -> None:
    """An image that is exchanged, removed or damaged changes every page that shows it."""
    picture(place.source / "images/f.png")
    picture(place.source / "images/b.jpg")
    place.build()
    path = place.source / "images/b.jpg"
    if edit == "removed":
        path.unlink()
    elif edit == "damaged":
        path.write_bytes(b"no image")
    elif edit == "cut":
        path.write_bytes(path.read_bytes()[:-10])
    else:
        picture(path, 40, "blue")
    place.build()
    assert tree(place.out) == place.clean()


def test_touched_files_are_not_written_again(place: Place) -> None:
    """A fresh clone, in which all times differ, writes no file of an unchanged site."""
    before = times(place.out)
    for path in place.source.rglob("*"):
        os.utime(path, ns=(10**18, 10**18))
    place.build()
    assert times(place.out) == before


@pytest.mark.parametrize("options", [[], ["--clean"]])
@pytest.mark.parametrize("cache", ["kept", "deleted"])
def test_unchanged_files_keep_their_time(place: Place, cache: str, options: list[str]) -> None:
    """A build that changes nothing touches no file, even where it had to make every page anew."""
    before = times(place.out)
    if cache == "deleted":
        shutil.rmtree(place.cache)
    place.build(*options)
    assert times(place.out) == before


def test_only_pages_that_show_the_change_are_written(place: Place) -> None:
    """The title of a figure in the middle changes its own page and lists, not pages that do not show it."""
    before = tree(place.out)
    CHANGES["edit_title"](place)
    place.build()
    after = tree(place.out)
    changed = {p for p in after if after[p] != before.get(p)}
    assert {"figures/PMC1__a.html", "genes/TP53.html", "figures/a.html", "browse/2020.html"} <= changed
    assert not changed & {"figures/PMC3__d.html", "genes/Mus_musculus/Mar1.html", "browse/2021.html", "about.html"}


def test_orphans_go_and_empty_folders_with_them(place: Place) -> None:
    """A file that nobody plans is removed, with the folder that it leaves empty; the message counts it."""
    orphan = place.out / "genes/Old_organism/X.html"
    orphan.parent.mkdir()
    orphan.write_text("x", encoding="utf-8")
    ran = build(place.source, place.out, place.cache)
    assert "1 removed" in ran.out
    assert not orphan.parent.exists()


def test_kept_names_are_never_touched(place: Place) -> None:
    """What keep_files names stays, folder or file, with everything in it."""
    place.edit("site.yml", "title: Test", "title: Test\nkeep_files: [CNAME, extra, .git]")
    for name in ("CNAME", "extra/deep/x.html", ".git/config"):
        path = place.out / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("mine", encoding="utf-8")
    place.build("--clean")
    found = tree(place.out)
    assert {n: found[n] for n in ("CNAME", "extra/deep/x.html", ".git/config")} == {
        "CNAME": b"mine", "extra/deep/x.html": b"mine", ".git/config": b"mine",
    }  # fmt: skip


def damage(kind: str, path: Path) -> None:
    """Damage a file."""
    data = path.read_bytes()
    if kind == "deleted":
        path.unlink()
    elif kind == "random":
        path.write_bytes(random.Random(4).randbytes(len(data)))  # noqa: S311 - repeatable, not secret
    else:
        path.write_bytes(data[: len(data) // 2] if kind == "cut" else b"")


@pytest.mark.parametrize("suffix", ["sqlite", "rec", "col", "men", "tab", "trm", "msgpack", "said", "part", "genes"])
@pytest.mark.parametrize(
    ("kind", "also"),
    [("random", ""), ("random", "setting_title"), ("random", "edit_title"), ("empty", ""), ("cut", "setting_title"),
     ("deleted", "edit_title"), ("deleted", "setting_title")],
)  # fmt: skip
def test_damaged_cache_costs_time_only(place: Place, suffix: str, kind: str, also: str) -> None:
    """Whatever is wrong with a file of the cache, the next build succeeds and equals a clean one."""
    # Some are folders of files.
    files = (p for p in sorted(place.cache.rglob("*")) if p.is_file())
    found = [p for p in files if any(part.endswith(f".{suffix}") for part in p.relative_to(place.cache).parts)]
    assert found
    for path in found:
        damage(kind, path)
    if also:
        CHANGES[also](place)
    place.build()
    assert tree(place.out) == place.clean()


@pytest.mark.parametrize("also", [".men", ".tab", ".trm"])
def test_cache_that_was_emptied_of_several_parts(place: Place, also: str) -> None:
    """Records of many buckets and what was made of them may be lost at once: one build makes all of it anew."""
    add_many(place)
    add_many(place, first=300, count=700)
    place.build()
    for path in [p for p in place.cache.rglob("*") if p.suffix in {".rec", also}]:
        path.write_bytes(b"")
    CHANGES["edit_title"](place)
    place.build()
    assert tree(place.out) == place.clean()


def test_damaged_pages_of_the_state_file(place: Place) -> None:
    """A state file whose header is good and whose inside is not is no hindrance either."""
    add_many(place)
    place.build()
    path = place.cache / "figpages.sqlite"
    data = bytearray(path.read_bytes())
    data[4096:] = random.Random(4).randbytes(len(data) - 4096)  # noqa: S311 - repeatable, not secret
    path.write_bytes(data)
    CHANGES["edit_title"](place)
    place.build()
    assert tree(place.out) == place.clean()


def test_two_sources_share_a_cache(tmp_path: Path) -> None:
    """Two sites built in turn with one cache do not disturb each other."""
    one, two = write_site(tmp_path / "one", RECORDS, SETTINGS), write_site(tmp_path / "two", RECORDS, SETTINGS)
    (two / "figures/PMC1__b.md").write_text(record("PMC1__b", figtitle="Of the second"), encoding="utf-8")
    cache = tmp_path / "cache"
    for _ in range(2):
        for source in (one, two):
            assert build(source, tmp_path / f"out-{source.name}", cache).code == 0
    assert build(one, tmp_path / "out-again", cache).code == 0
    assert tree(tmp_path / "out-again") == tree(tmp_path / "out-one")
    assert build(two, tmp_path / "clean", tmp_path / "cache2").code == 0
    assert tree(tmp_path / "clean") == tree(tmp_path / "out-two")
    before = times(tmp_path / "out-one")
    assert build(one, tmp_path / "out-one", cache).code == 0
    assert times(tmp_path / "out-one") == before


def test_jobs_do_not_change_the_bytes(place: Place) -> None:
    """One process and two make the same site."""
    add_many(place)
    for jobs in ("1", "2"):
        ran = figpages(
            "build",
            "--source",
            place.source,
            "--out",
            place.root / jobs,
            "--cache",
            place.root / f"c{jobs}",
            "--jobs",
            jobs,
        )
        assert ran.code == 0, ran.err
    assert tree(place.root / "1") == tree(place.root / "2")


def test_site_below_a_path(place: Place) -> None:
    """With an address that has a path, every link carries that path, and a return to the old address is complete."""
    before = tree(place.out)
    place.build("--url", "https://example.org/pfocr/")
    assert check_site(place.out, "https://example.org/pfocr/") == []
    assert tree(place.out) == place.clean("--url", "https://example.org/pfocr/")
    place.build()
    assert check_site(place.out, "https://example.org/") == []
    assert tree(place.out) == before


def test_url_without_slash_is_the_same_address(place: Place) -> None:
    """A slash at the end of the address makes no difference."""
    assert place.clean("--url", "https://example.org/p") == place.clean("--url", "https://example.org/p/")


def test_bare_folder_equals_site_folder(place: Place, tmp_path: Path) -> None:
    """A folder of record files alone is a source, with the defaults for all else."""
    bare = tmp_path / "bare"
    shutil.copytree(place.source / "figures", bare)
    (bare / "README.txt").write_text("not a record, and no reason to complain", encoding="utf-8")
    ran = build(bare, tmp_path / "bare-out", tmp_path / "bare-cache")
    assert (ran.code, ran.err) == (0, "")
    site = write_site(tmp_path / "site", {n: t for n, t in RECORDS.items() if "/" not in n})
    assert build(site, tmp_path / "site-out", tmp_path / "bare-cache").code == 0
    assert tree(tmp_path / "bare-out") == tree(tmp_path / "site-out")


def test_no_clock_in_outputs(place: Place) -> None:
    """Two builds from nothing, a moment apart, in different folders, agree in every byte."""
    first = place.clean()
    assert place.clean() == first
    assert all(str(place.root).encode() not in data for data in first.values())


def test_folder_that_is_not_ours_is_refused(place: Place, tmp_path: Path) -> None:
    """A build never empties a folder that it did not make, and says what to do."""
    foreign = tmp_path / "foreign"
    foreign.mkdir()
    (foreign / "thesis.txt").write_text("years of work", encoding="utf-8")
    ran = build(place.source, foreign, tmp_path / "cache3")
    assert ran.code == 1
    assert "files that figpages did not make (thesis.txt)" in ran.err
    assert tree(foreign) == {"thesis.txt": b"years of work"}


def test_temporary_files_of_a_killed_build_go(place: Place) -> None:
    """What a killed build left half-written is swept by the next."""
    for number in (77, os.getpid()):  # in a container each build may be the process of one number
        (place.out / f"figures/.PMC1__a.html.{number}.tmp").write_text("half", encoding="utf-8")
    place.build()
    assert not list(place.out.rglob("*.tmp"))


def test_temporary_files_in_the_cache_go(place: Place) -> None:
    """What a killed build left in the cache is swept, in containers too; what belongs to a running process is not."""
    (bucket,) = {path.with_suffix(".rec") for path in (place.cache / "records").glob("*/*.rec")}
    dead = [
        place.cache / "joined-0a1b.msgpack.4000000000.tmp",
        place.cache / f"joined-0a1b.msgpack.{os.getpid()}-00112233aabb.tmp",
        place.cache / f"atlas-{os.getpid()}-00112233aabb.msgpack",
        place.cache / "keys-4000000000.msgpack",
        bucket.with_suffix(".rec.4000000000-00112233aabb.tmp"),
    ]
    alive = place.cache / f"joined-0a1b.msgpack.{os.getppid()}.tmp"
    for path in (*dead, alive):
        path.write_bytes(b"half")
    place.edit("figures/PMC3__e.md", "Title of", "Another title of")
    place.build()
    assert [path.exists() for path in (*dead, alive)] == [False] * len(dead) + [True]


def test_redirect_in_the_folder_of_the_search(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    """A redirect from an address below ``/search/`` is a page like others, and no file of the index."""
    program = Program()
    program.templates = shutil.copytree(program.templates, place.root / "templates")
    for module in ("builder.sight", "builder.survey", "builder.surroundings"):
        monkeypatch.setattr(f"{module}.program", lambda: program)
    place.edit("figures/PMC1__a.md", "/figures/a", "/search/old")
    place.build()
    stub = program.templates / "stub.html"
    before = stub.read_text("utf-8")
    for text in (f"{before}<!-- edited -->", before):
        stub.write_text(text, encoding="utf-8")
        place.build()
        assert tree(place.out) == place.clean()


def test_failed_build_leaves_the_search_index_whole(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    """What a killed build published of the search index is not removed by one that then fails."""
    other = write_site(place.root / "other", {"PMC9__z": record("PMC9__z", figtitle="Zebrafish somites")}, SETTINGS)
    assert build(other, place.root / "other-out", place.root / "other-cache").code == 0
    shutil.rmtree(place.out / "search")  # as if the other build had been killed before it remembered what it wrote
    shutil.copytree(place.root / "other-out/search", place.out / "search")
    whole = tree(place.out / "search")

    def full(*_: object) -> None:
        raise BuildError("the disk is full")

    monkeypatch.setattr("builder.publishing._write_search", full)
    place.edit("figures/PMC3__e.md", "Title of", "Another title of")
    assert build(place.source, place.out, place.cache).code == 1
    assert tree(place.out / "search") == whole
    monkeypatch.undo()
    place.build()
    assert tree(place.out) == place.clean()


def test_cache_does_not_grow(place: Place) -> None:
    """Records of former states are swept from the cache."""
    count = len(list((place.cache / "records").rglob("*")))
    for year in range(2001, 2005):
        place.edit("figures/PMC3__e.md", "Title of", f"{year} of") if year == 2001 else place.edit(
            "figures/PMC3__e.md", f"{year - 1} of", f"{year} of"
        )
        place.build()
    files = [p for p in (place.cache / "records").rglob("*") if p.is_file()]
    assert len(files) <= count


def test_another_version_of_the_reader(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What another version of the program read is not taken over: every record is read again, by builds and checks."""
    options = Options(write_site(tmp_path / "source", RECORDS, SETTINGS), tmp_path / "out", tmp_path / "cache", jobs=1)
    records = sum(name.startswith("PMC") for name in RECORDS)
    assert pipeline.build(options).parsed == records
    options.source.joinpath("site.yml").write_text(SETTINGS + "description: Another\n", encoding="utf-8")
    assert pipeline.build(options).parsed == 0
    monkeypatch.setattr("builder.sight.reader_version", lambda: "another")
    assert pipeline.build(options).parsed == records
    monkeypatch.setattr("builder.sight.reader_version", lambda: "a third")
    assert pipeline.check(options).parsed == records
