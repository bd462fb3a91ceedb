"""No figid, redirect or name of a record writes outside the output folder, or over another page."""

from __future__ import annotations

import re
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory
from typing import Any

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from builder.names import fold
from tests.site.building import build, gene, record, tree, write_site

STEP = st.sampled_from(
    ["..", ".", "/", "//", "\\", "%2e%2e", "%2F", "%00", "~", "~2F", "_", " ", "a", "A", "index", "letters", "p2",
     ".p2", ".html", ".figpages", ".git", "CNAME", "_redirects", "genes", "figures", "con", "\u00e9", "\u212a",
     "\u0130", "\u017f", "ss", "\u00df", "\0", "\n", "1", "7157", "x" * 120, "feed.xml", "robots.txt", "assets", "-"]
)  # fmt: skip
NAMES = st.lists(STEP, min_size=1, max_size=5).map("".join) | st.text(min_size=1, max_size=12)
FIGURE = st.fixed_dictionaries(
    {
        "figid": st.lists(STEP, min_size=1, max_size=3).map("".join),
        "symbol": NAMES,
        "ncbi": st.sampled_from(["", "1", "7157"]) | NAMES,
        "organism": NAMES,
        "chemical": NAMES,
        "redirects": st.lists(NAMES | NAMES.map("/".__add__) | NAMES.map("/figures/".__add__), max_size=3),
        "filename": NAMES,
        "year": NAMES,
    }
)
"""What addresses are made of."""


def text_of(figure: dict[str, Any]) -> str:
    """Return the record of a figure."""
    f = figure
    rows = [gene(f["symbol"], f["ncbi"], "w"), gene(f["symbol"], f["ncbi"], "w", organism=f["organism"])]
    mention = [{"word": f["chemical"], "source": f["symbol"], "identifier": f["ncbi"], "name": f["chemical"]}]
    return record(
        f["figid"], genes=rows, organisms=[f["organism"]], redirect_from=f["redirects"], chemicals=mention,
        diseases=mention, filename=f["filename"], year=f["year"],
    )  # fmt: skip


def file_of(number: int, figid: str) -> str:
    """Return a file for a record, whose stem is its figid where a disk allows."""
    stem = (
        figid if not re.search(r"[/\0]", figid) and figid not in {"", ".", ".."} and len(figid) < 200 else f"n{number}"
    )
    return f"figures/d{number}/{stem}.md"


@settings(max_examples=20, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(st.lists(FIGURE, min_size=1, max_size=6))
@example([{"figid": "x", "symbol": "1" * 300, "ncbi": "9" * 300, "organism": "y" * 400, "chemical": "c" * 400,
           "redirects": ["/CNAME/x", "/.git/x"], "filename": "../x", "year": "../x"}])  # fmt: skip
def test_no_name_leaves_the_output(figures: list[dict[str, Any]]) -> None:
    """Whatever the names, nothing beside the output is touched, and each page has a path of its own, case or not."""
    with TemporaryDirectory() as folder:
        root = Path(folder)
        source = write_site(
            root / "in/source", {file_of(n, f["figid"]): text_of(f) for n, f in enumerate(figures)}, "title: Paths\n"
        )
        before = tree(root / "in")
        out = root / "deep/er/out"
        out.mkdir(parents=True)
        kept = {".figpages": b"", "CNAME": b"example.org", ".git/config": b"[core]"}
        for name, data in kept.items():
            (out / name).parent.mkdir(exist_ok=True)
            (out / name).write_bytes(data)
        build(source, out, root / "cache", "--keep-going")
        assert {p.name for p in root.iterdir()} == {"in", "deep", "cache"}
        assert [p.name for p in root.glob("deep/*")] + [p.name for p in root.glob("deep/er/*")] == ["er", "out"]
        assert tree(root / "in") == before
        made = tree(out)
        assert {n: made[n] for n in kept if n != ".figpages"} == {n: d for n, d in kept.items() if n != ".figpages"}
        assert len({fold(p) for p in made}) == len(made)
        pages = {p: d for p, d in made.items() if p.endswith(".html") and b"<meta http-equiv=refresh" not in d}
        addresses = [re.search(rb'<link rel=canonical href="([^"]*)"', d) for d in pages.values()]
        own = [a[1] for a in addresses if a]
        assert len(own) == len(set(own)) == len(pages) - 1  # all but the page for what is missing
        assert not [p for p in made if ".." in PurePosixPath(p).parts]
