"""A check makes no page, and yet tells what a build tells; what it read, a build need not read again."""

from __future__ import annotations

import re
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest

from builder import pipeline
from builder.options import Options
from builder.surroundings import this_year
from builder.workers import Workers
from tests.site.building import build, gene, in_process, record, tree, write_site

if TYPE_CHECKING:
    from pathlib import Path

    from builder.options import Result
    from builder.problems import Problem

SETTINGS = "url: https://example.org/\nkeep_files: [CNAME]\n"
FIXED = (
    "/index", "/404", "/explore/", "/statistics/", "/search", "/stats", "/json/", "/about", "/CNAME/x",
    "/figures/PMC1__b", "/explore", "/statistics", "/Json", "/CNAME", "/downloads/SHA256SUMS",
    "/downloads/sha256sums/x", "/robots.txt", "/search/index.json", "/images/a.png", "/genes/names.json",
)  # fmt: skip
"""Addresses where something stands on every site."""
LISTED = (
    "/genes/", "/genes/TP53", "/genes/tp53.p2", "/genes/letters/T", "/genes/Mus_musculus/Trp53", "/organisms/",
    "/organisms/mus_musculus", "/browse/2020", "/browse/table", "/chemicals/mesh.D000001", "/diseases/",
    "/wikipathways/", "/genes", "/Organisms", "/browse.html", "/chemicals", "/wikipathways",
)  # fmt: skip
"""Addresses where something stands as records have it."""
FREE = (
    "/old/a", "/figures/old", "/genesis/x", "/search/old", "/downloads/old", "/images/a", "/json/a/",
)  # fmt: skip


def collisions(result: Result) -> list[Problem]:
    """Return what is told of addresses that collide."""
    return [p for p in result.problems if p.rule == "alias-collision"]


def write(root: Path, addresses: tuple[str, ...]) -> Path:
    """Write a site whose second record wants addresses."""
    genes = [gene("TP53", "7157"), gene("Trp53", "22059", organism="Mus musculus")]
    more: dict[str, Any] = {
        "organisms": ["Mus musculus"], "year": "2020", "wpid": "WP1",
        "chemicals": [{"word": "x", "source": "MESH", "identifier": "D000001"}],
        "diseases": [{"word": "y", "source": "MESH", "identifier": "D000002"}],
    }  # fmt: skip
    many = {f"PMC2__{i:03}": record(f"PMC2__{i:03}", genes=genes) for i in range(3)}
    files = {
        "PMC1__a": record("PMC1__a", genes=genes, redirect_from=list(addresses), **more),
        "PMC1__b": record("PMC1__b", redirect_from="/figures/older"),
        "pages/about.md": "---\ntitle: About\n---\nText.\n",
    }
    return write_site(root / "source", files | many, SETTINGS + "listing_page: 2\n")


@pytest.mark.parametrize("addresses", [FIXED + FREE, FIXED + LISTED + FREE, FREE, *((a,) for a in LISTED)])
def test_addresses_that_collide(tmp_path: Path, addresses: tuple[str, ...]) -> None:
    """Of older addresses where a page stands, a check tells what a build tells, though it plans no page."""
    source = write(tmp_path, addresses)
    told = collisions(pipeline.check(Options(source, tmp_path / "out", tmp_path / "check", jobs=1)))
    assert told == collisions(pipeline.build(Options(source, tmp_path / "out", tmp_path / "build", jobs=1)))
    wanted = sorted(a for a in addresses if a not in FREE)
    assert sorted(p.message.split("'")[1] for p in told) == wanted


def test_braces_in_what_records_hold(tmp_path: Path) -> None:
    """Braces in an address or a name of an image stand in messages as they are, beside the name of the other record."""
    fields = {"redirect_from": "/figures/old{x}", "figid_alias": "{}", "filename": "a{}.jpg"}
    place = write_site(tmp_path / "s", {name: record(name, **fields) for name in ("PMC1__a", "PMC1__b")})
    ran = in_process("check", "--source", place, "--cache", tmp_path / "cache", "--jobs", "1")
    other = place / "figures/PMC1__a.md"
    for told in (
        f"found the redirect_from '/figures/old{{x}}', which {other} has too; it leads to PMC1__a, the smaller figid",
        f"found the figid_alias '{{}}', expected it to name one figure; it is also the figid_alias of {other}",
        f"found the image 'a{{}}.jpg', expected it in one record of PMC1; {other} names it too",
    ):
        assert told in ran.out


def test_check_over_new_year(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What a check of New Year's Eve keeps is of one year, though it ends in the next one."""
    place = write_site(tmp_path / "source", {"PMC1__a": record("PMC1__a", year="2032")})
    options = Options(place, tmp_path / "out", tmp_path / "cache", jobs=1)

    def told(*years: int) -> list[str]:
        this_year.cache_clear()
        clock = iter(years)
        monkeypatch.setattr("time.gmtime", lambda: SimpleNamespace(tm_year=next(clock)))
        return [p.rule for p in pipeline.check(options).problems if p.rule == "year-range"]

    try:
        assert told(2030, 2031, 2031) == told(2030, 2030, 2030) == ["year-range"]
        assert told(2031, 2031, 2031) == []
    finally:
        this_year.cache_clear()


def test_sitemaps_of_many_pages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """However many pages a sitemap may name, a site has all of the sitemaps that its index names."""
    monkeypatch.setattr("builder.publish.maps.URLS_A_SITEMAP", 10)
    assert build(write(tmp_path, FREE), tmp_path / "out", tmp_path / "cache").code == 0
    names = re.findall(r"sitemap-\d+\.xml", (tmp_path / "out/sitemap.xml").read_text(encoding="utf-8"))
    assert len(names) > 1
    assert all((tmp_path / "out" / name).is_file() for name in names)


def test_what_a_check_read(tmp_path: Path) -> None:
    """A build after a check parses no record and leaves the bytes of one without; so does a check after a build."""
    source = write(tmp_path, FREE)
    options = Options(source, tmp_path / "out", tmp_path / "cache", jobs=1)
    assert pipeline.check(options).parsed == len(list(source.glob("figures/*.md")))
    kept = {p.suffix for p in (tmp_path / "cache/records").glob("*/*")}
    assert kept == {".rec", ".chk"}  # no columns, no words
    assert pipeline.build(options).parsed == 0
    assert build(source, tmp_path / "clean", tmp_path / "other").code == 0
    assert tree(tmp_path / "out") == tree(tmp_path / "clean")
    (tmp_path / "cache/figpages.sqlite").write_bytes(b"lost")
    assert pipeline.build(options).parsed > 0
    assert pipeline.check(options).parsed == 0


def test_many_buckets_without_columns(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A build after a check of many records has workers make what the check left out."""
    monkeypatch.setattr("builder.read.collect.RECORDS_A_BUCKET", 1)
    monkeypatch.setattr("builder.read.collect.SMALL", 4)
    files = {f"PMC1__{i:03}": record(f"PMC1__{i:03}", genes=[gene("TP53", "7157")]) for i in range(20)}
    options = Options(write_site(tmp_path / "source", files), tmp_path / "out", tmp_path / "cache", jobs=2)
    assert pipeline.check(options).parsed == len(files)
    seen = []
    run = Workers.run

    def watched(self: Workers, function: Any, tasks: Any, *, small: bool) -> Any:
        seen.append((function.__name__, small))
        return run(self, function, tasks, small=small)

    monkeypatch.setattr(Workers, "run", watched)
    assert pipeline.build(options).parsed == 0
    assert ("read_bucket", False) in seen


@pytest.mark.parametrize("suffix", ["men", "tab"])
def test_lost_parts_of_buckets_are_made_anew(tmp_path: Path, suffix: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Mentions and lines of buckets that did not change are made of their records where the cache lost them."""
    monkeypatch.setattr("builder.read.collect.RECORDS_A_BUCKET", 1)
    files = {f"PMC1__{i}": record(f"PMC1__{i}", genes=[gene("TP53", "7157")]) for i in range(9)}
    source, out = write_site(tmp_path / "source", files), tmp_path / "out"
    assert build(source, out, tmp_path / "cache").code == 0
    for path in (tmp_path / "cache").rglob(f"*.{suffix}"):
        path.unlink()
    (source / "figures/PMC1__1.md").write_text(record("PMC1__1", genes=[gene("TP63", "8626")]), encoding="utf-8")
    assert build(source, out, tmp_path / "cache").code == 0
    assert build(source, tmp_path / "clean", tmp_path / "other").code == 0
    assert tree(out) == tree(tmp_path / "clean")
