"""Figures ranked by a set of genes, as GSEApy ranks them from the gene sets that the site offers for download."""

from __future__ import annotations

from typing import TYPE_CHECKING

import gseapy
import pytest

from benchmarks.corpus import Corpus
from builder.bulk import Bulk
from builder.catalog.catalog import make_catalog
from builder.read.record import read_record
from builder.read.settings import Settings
from builder.workers import Workers
from builder.write.output import runs_of
from tests.support.installed import needs_node
from tests.support.searching import ask, bucket_of_figures, figids, make_index

if TYPE_CHECKING:
    from pathlib import Path

    from builder.model import Figure

SITE = Settings(url="https://example.org/sub/", title="Figures")
LEAST = 3
"""Genes of a figure that is a set in the download."""
CHOSEN = 40


def _gene_sets(figures: list[Figure], folder: Path) -> Path:
    """Write the gene sets of some figures as the site offers them; returns the file."""
    catalog = make_catalog([bucket_of_figures(figures)[0]], set(), "Homo sapiens")
    bulk = Bulk(catalog, SITE, b"s", b"v", folder / "downloads")
    path = "downloads/pfocr-Homo_sapiens.gmt"
    bulk.begin(Workers(1))
    [data] = [b"".join(runs_of(data)) for _, data in bulk.files({path})]
    target = folder / "sets.gmt"
    target.write_bytes(data)
    return target


@needs_node
def test_gene_sets_are_ranked_as_gseapy_ranks_them(tmp_path: Path) -> None:
    """Overlap, size and p of a figure are GSEApy's; q too, but that GSEApy leaves out figures that share nothing."""
    read = [read_record(r, "", r["figid"])[0] for r in Corpus().records(400)]
    figures = [f for f in read if len({g.ncbi for g in f.genes}) >= LEAST and all(g.ncbi for g in f.genes)]
    make_index(figures, tmp_path)
    # Genes that are seen together: chance alone makes no set that stands out.
    chosen = list(dict.fromkeys(g.ncbi for f in figures for g in f.genes if not g.organism))[:CHOSEN]
    [ours] = ask(tmp_path, ["set", " ".join(chosen), {"limit": 0}])
    sets = str(_gene_sets(figures, tmp_path))
    theirs = gseapy.enrich(chosen, sets, background=ours["background"], outdir=None, no_plot=True).results
    assert (ours["set"], ours["tested"], len(theirs)) == (CHOSEN, len(figures), len(ours["ranked"]))
    named = figids(tmp_path)
    ranked = {named[r["id"]]: r for r in ours["ranked"]}
    for figid, overlap, p, q in theirs[["Term", "Overlap", "P-value", "Adjusted P-value"]].itertuples(index=False):
        mine = ranked[figid]
        assert overlap == f"{mine['overlap']}/{mine['size']}"
        assert p == pytest.approx(mine["p"], rel=1e-9)
        assert mine["q"] == pytest.approx(min(1, q * ours["tested"] / len(theirs)), rel=1e-9)
    assert min(r["q"] for r in ours["ranked"]) < 1
