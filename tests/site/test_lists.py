"""Lists on pages after an edit: what stands of them is taken over where it is as it was left, and nowhere else."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.site.building import build, gene, record, tree, write_site

if TYPE_CHECKING:
    from pathlib import Path

SETTINGS = "title: Test\nurl: https://example.org/\nlisting_page: 3\n"
RECORDS = {f"PMC{n}__f": record(f"PMC{n}__f", pmcid=f"PMC{n}", genes=[gene("TP53", "7157")]) for n in range(1, 9)}


@pytest.mark.parametrize("path", ["", "genes/TP53.html", "organisms/homo_sapiens.p2.html"])
@pytest.mark.parametrize("where", ["PMC1", "PMC5", "PMC9"])
def test_lists_after_an_edit(tmp_path: Path, path: str, where: str) -> None:
    """A figure comes and another one changes; also where somebody has changed a list in the output in between."""
    source, out, cache = write_site(tmp_path / "source", RECORDS, SETTINGS), tmp_path / "out", tmp_path / "cache"
    assert build(source, out, cache).code == 0
    if path:
        page = out / path
        text = page.read_text(encoding="utf-8")
        assert "Title of PMC" in text
        page.write_text(text.replace("Title of PMC", "Nonsense"), encoding="utf-8")
    new = record(f"{where}__e", pmcid=where, genes=[gene("TP53", "7157")])
    (source / f"figures/{where}__e.md").write_text(new, encoding="utf-8")
    edited = source / "figures/PMC3__f.md"
    edited.write_text(edited.read_text(encoding="utf-8").replace("Title of", "News of"), encoding="utf-8")
    assert build(source, out, cache).code == 0
    assert build(source, tmp_path / "clean", tmp_path / "other").code == 0
    assert tree(out) == tree(tmp_path / "clean")
    assert any("News of PMC3" in page.read_text(encoding="utf-8") for page in (out / "genes").glob("TP53*.html"))
