"""Rows of lists that are taken over from pages as they stand, and which of them may be."""

from __future__ import annotations

import pytest

from builder.outputs import Outputs, OutputsTable
from builder.render.atlas import Atlas
from tests.site.building import gene, record
from tests.unit.collection import atlas_of

TITLES = {f"PMC{n}__f": f"Cells <{n}> & others" for n in range(1, 6)}
RECORDS = {
    figid: record(figid, pmcid=figid[:4], figtitle=title, genes=[gene("TP53", "7157")])
    for figid, title in TITLES.items()
}
SEED = b"s" * 16


def page_of(rows: str) -> str:
    """Return a page with a list, and other lists before and behind it."""
    return f"<ul><li>No row<a href=/sub/figures/PMC1__f.html></ul><ol class=list start=1>{rows}</ol><li>Nor this"


def remembering(standing: bytes, page: str) -> Atlas:
    """Return the atlas of the records, which took rows from a page."""
    atlas = atlas_of(RECORDS)
    atlas.data.standing = standing
    atlas.recall(page)
    return atlas


def test_rows_are_taken_over_in_any_order(monkeypatch: pytest.MonkeyPatch) -> None:
    """Rows that stand are shown as they stand, in the order that is asked for, and none of them is rendered."""
    fresh = atlas_of(RECORDS)
    expected = fresh.rows([4, 0, 2, 1])
    assert expected.count("<li>") == 4
    atlas = remembering(b"\1" * 5, page_of(fresh.rows(range(5))))
    monkeypatch.setattr(atlas.engine, "fragment", None)
    assert atlas.rows([4, 0, 2, 1]) == expected


def test_rows_that_are_other_now_are_rendered() -> None:
    """A figure that lists show otherwise than before is rendered anew, and so is one that no page listed."""
    fresh = atlas_of(RECORDS)
    stale = page_of(fresh.rows([0, 1, 2]).replace("Cells", "Formerly"))
    rows = remembering(b"\1\0\1\1\1", stale).rows(range(5)).split("<li>")[1:]
    assert ["Formerly" in row for row in rows] == [True, False, True, False, False]
    assert rows[1] == fresh.rows([1]).removeprefix("<li>")


def test_which_rows_stand() -> None:
    """Those of figures of which lists showed the same, of the same site alone: not of another program or settings."""

    def rows(*numbers: int) -> bytes:
        return b"".join(n.to_bytes(8, "little") for n in numbers)

    left = Outputs(OutputsTable(rows=SEED + rows(7, 3, 9)))
    assert left.standing(SEED, rows(3, 4, 9, 8)) == b"\1\0\1\0"
    assert left.standing(b"t" * 16, rows(3)) == b""
    assert Outputs().standing(SEED, rows(3)) == b""
    assert Outputs(Outputs().after({}, {}, SEED + rows(3))).standing(SEED, rows(4, 3)) == b"\0\1"
