"""The bulk downloads, read back with the libraries that their users have."""

from __future__ import annotations

import gzip
import json
import re
import shutil
import subprocess
import sys
from hashlib import sha256
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING

import frictionless
import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pytest
from gseapy.parser import read_gmt
from hypothesis import given
from hypothesis import strategies as st

from builder import bulk as bulk_module
from builder.bulk import Bulk
from builder.publish.parquet import parquet_file, row_group, text_column
from builder.publish.tables import TABLES
from builder.read.settings import Settings
from builder.surroundings import program
from builder.workers import Workers
from builder.write.output import runs_of
from tests.site.building import build, gene, record, write_site
from tests.unit.collection import catalog_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from builder.publish.tables import Download

GENES = [gene("TP53", "7157", "p53"), gene("MDM2", "4193"), gene("AKT1", "207"), gene("AKT1", "207", "Akt")]
MOUSE = [gene(s, n, organism="Mus musculus") for s, n in (("Trp53", "22059"), ("Akt1", "11651"), ("Mdm2", "17246"))]
RECORDS = {
    "PMC2__b": record(
        "PMC2__b", pmcid="PMC2", genes=GENES, filename="b.jpg", wpid="WP1", reftext="A\tB\nC", doi="10.1/x",
        chemicals=[{"word": "Na", "source": "MESH", "identifier": "D012964", "name": "Sodium"}, {"word": "K+"}],
        diseases=[{"word": "\"x'", "source": "DOID", "identifier": "DOID:162"}],
    ),
    "PMC1__a": record(
        "PMC1__a", year="2021",
        genes=[gene("TP53", "7157"), *MOUSE, gene("ON", word="\u041c\u0415K"), gene("CRY1", "AT4G08920")],
    ),
    "PMC1__c": record("PMC1__c", organisms=["Homo sapiens", "Mus musculus"], figtitle="<b> & 'c\"", year=""),
}  # fmt: skip
SITE = Settings(url="https://example.org/sub/", title="Figures <of> tests")
UNCLOSED = "ignore:unclosed file:ResourceWarning"
"""What frictionless leaves to the collector."""


def make(records: Mapping[str, str], root: Path, cache: Path) -> tuple[Path, dict[str, Download]]:
    """Write the downloads of some records and return their folder, and what is said of each by its name."""
    bulk = Bulk(catalog_of(records), SITE, b"s" * 16, b"v" * 16, cache / "downloads")
    bulk.begin(Workers(1))
    for path, data in bulk.files(set(bulk.digests)):
        target = root / path
        target.parent.mkdir(exist_ok=True)
        target.write_bytes(b"".join(runs_of(data)))
    return root, {d.name: d for d in bulk.described(bulk.digests)}


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, Download]]:
    """Return the folder of the downloads of a few records, and what is said of each by its name."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(bulk_module, "FIGURES_OF_SETS", 0)
        return make(RECORDS, tmp_path_factory.mktemp("out"), tmp_path_factory.mktemp("cache"))


def rows_of(path: Path) -> list[list[str]]:
    """Return the cells of a table in text."""
    return [line.split("\t") for line in gzip.decompress(path.read_bytes()).decode().split("\n")[:-1]]


def test_what_is_said_of_files(made: tuple[Path, dict[str, Download]]) -> None:
    """Size and checksum are those of the file; rows are counted without the header."""
    root, told = made
    for d in told.values():
        data = (root / d.path).read_bytes()
        assert (d.size, d.sha256) == (len(data), sha256(data).hexdigest())
    for name in ("figures", "gene-mentions", "chemical-mentions", "disease-mentions"):
        rows = len(rows_of(root / f"downloads/{name}.tsv.gz")) - 1
        assert told[f"{name}.tsv.gz"].rows == told[f"{name}.parquet"].rows == rows > 0
    sums = (root / "downloads/SHA256SUMS").read_text().splitlines()
    named = {name: value for value, name in (line.split("  ") for line in sums)}
    assert set(named) == {p.name for p in (root / "downloads").iterdir()} - {"SHA256SUMS"}
    assert all(told[name].sha256 == value for name, value in named.items())


def test_table_of_figures(made: tuple[Path, dict[str, Download]]) -> None:
    """One row a figure, in the order of figids, tabs and line breaks of values made blanks."""
    head, *rows = rows_of(made[0] / "downloads/figures.tsv.gz")
    assert " ".join(head) == (
        "figid pmcid year figtype number title papertitle reftext organisms filename wpid ndex doi journal keywords uri"
    )
    assert [r[0] for r in rows] == ["PMC1__a", "PMC1__c", "PMC2__b"]
    told = dict(zip(head, rows[2], strict=True))
    assert {k: v for k, v in told.items() if v} == {
        "figid": "PMC2__b", "pmcid": "PMC2", "year": "2020", "title": "Title of PMC2__b", "papertitle": "A paper",
        "reftext": "A B C", "organisms": "Homo sapiens", "filename": "b.jpg", "wpid": "WP1", "doi": "10.1/x",
    }  # fmt: skip
    assert rows[1][head.index("organisms")] == "Homo sapiens|Mus musculus"


def test_tables_of_mentions(made: tuple[Path, dict[str, Download]]) -> None:
    """One row a mention, in the order of the record, the default organism named."""
    folder = made[0] / "downloads"
    assert rows_of(folder / "gene-mentions.tsv.gz") == [
        ["figid", "word", "match", "lexicon", "symbol", "ncbigene_id", "organism", "other_id"],
        ["PMC1__a", "TP53", "TP53", "hgnc_symbol", "TP53", "7157", "Homo sapiens", ""],
        ["PMC1__a", "Trp53", "Trp53", "hgnc_symbol", "Trp53", "22059", "Mus musculus", ""],
        ["PMC1__a", "Akt1", "Akt1", "hgnc_symbol", "Akt1", "11651", "Mus musculus", ""],
        ["PMC1__a", "Mdm2", "Mdm2", "hgnc_symbol", "Mdm2", "17246", "Mus musculus", ""],
        ["PMC1__a", "\u041c\u0415K", "ON", "hgnc_symbol", "ON", "", "Homo sapiens", ""],
        ["PMC1__a", "CRY1", "CRY1", "hgnc_symbol", "CRY1", "", "Homo sapiens", "AT4G08920"],
        ["PMC2__b", "p53", "TP53", "hgnc_symbol", "TP53", "7157", "Homo sapiens", ""],
        ["PMC2__b", "MDM2", "MDM2", "hgnc_symbol", "MDM2", "4193", "Homo sapiens", ""],
        ["PMC2__b", "AKT1", "AKT1", "hgnc_symbol", "AKT1", "207", "Homo sapiens", ""],
        ["PMC2__b", "Akt", "AKT1", "hgnc_symbol", "AKT1", "207", "Homo sapiens", ""],
    ]
    assert rows_of(folder / "chemical-mentions.tsv.gz")[1:] == [
        ["PMC2__b", "Na", "", "Sodium", "D012964", "", ""], ["PMC2__b", "K+", "", "", "", "", ""],
    ]  # fmt: skip
    assert rows_of(folder / "disease-mentions.tsv.gz")[1:] == [["PMC2__b", "\"x'", "", "", "", "DOID:162", ""]]


def test_parquet_has_the_same_rows(made: tuple[Path, dict[str, Download]]) -> None:
    """Read by pyarrow, a Parquet table has the columns and rows of the one in text; what is absent is null."""
    for table in TABLES:
        folder = made[0] / "downloads"
        head, *rows = rows_of(folder / f"{table.stem}.tsv.gz")
        read = pq.read_table(folder / f"{table.stem}.parquet")
        assert read.column_names == head == list(table.columns)
        assert {str(t) for t in read.schema.types} == {"string"}
        assert [list(r.values()) for r in read.to_pylist()] == [[c or None for c in r] for r in rows]


COLUMNS = st.integers(1, 300).flatmap(
    lambda rows: st.tuples(
        *(
            st.lists(
                st.sampled_from([*("x" * n for n in range(least, 40)), "NA", "\u00e9", '"']),
                min_size=rows,
                max_size=rows,
            )
            for least in (1, 0, 0)
        )
    )
)


@given(st.lists(COLUMNS, max_size=3))
def test_parquet_of_any_texts(tmp_path_factory: pytest.TempPathFactory, groups: list[tuple[list[str], ...]]) -> None:
    """Whatever texts stand in a table, and however many row groups it has, pyarrow reads them."""
    path = tmp_path_factory.mktemp("parquet") / "x.parquet"
    made = [row_group([text_column(t.encode() for t in column) for column in group]) for group in groups]
    path.write_bytes(b"".join(parquet_file(["a", "b", "c"], made)))
    expected = [tuple(c or None for c in row) for group in groups for row in zip(*group, strict=True)]
    assert [tuple(r.values()) for r in pq.read_table(path).to_pylist()] == expected


def test_parquet_of_many_values(tmp_path: Path) -> None:
    """More rows and values than a byte can number, and a column without any value, are read as they were written."""
    values = [str(n % 70_000).encode() for n in range(100_001)]
    columns = [
        text_column(values),
        text_column([b""] * len(values)),
        text_column(v if len(v) > 3 else b"" for v in values),
    ]
    assert len(np.unique(columns[0].numbers)) == 70_000
    (tmp_path / "x").write_bytes(b"".join(parquet_file(["a", "b", "c"], [row_group(columns)])))
    read = pq.read_table(tmp_path / "x")
    assert read["a"].to_pylist() == [v.decode() for v in values]
    assert read["b"].null_count == len(values)
    assert read["c"].to_pylist() == [v.decode() if len(v) > 3 else None for v in values]


def test_gene_sets(made: tuple[Path, dict[str, Download]]) -> None:
    """Read by GSEApy, a set is a figure of three genes or more of its organism, each id once, in their order."""
    folder = made[0] / "downloads"
    assert read_gmt(str(folder / "pfocr-Homo_sapiens.gmt")) == {"PMC2__b": ["207", "4193", "7157"]}
    assert read_gmt(str(folder / "pfocr-Mus_musculus.gmt")) == {"PMC1__a": ["11651", "17246", "22059"]}
    assert (folder / "pfocr-Homo_sapiens.gmt").read_text() == "PMC2__b\tTitle of PMC2__b\t207\t4193\t7157\n"


def test_what_stands_in_for_a_name(tmp_path: Path) -> None:
    """A figure without a title has its figid in gene sets; a chemical without a name its word in RDF, as on pages."""
    table = "word\tmesh\tmatch\tname\tchebi\nfoo/bar\tNA\tfoo\tNA\tNA\n"
    files = {"_figures/PMC1__a.md": record("PMC1__a", figtitle=None, genes=GENES), "_data/PMC1__a-chemicals.tsv": table}
    source = write_site(tmp_path / "source", files)
    (source / "figures").rmdir()
    assert build(source, tmp_path / "out", tmp_path / "cache").code == 0
    folder = tmp_path / "out/downloads"
    assert (folder / "pfocr-Homo_sapiens.gmt").read_text() == "PMC1__a\tPMC1__a\t207\t4193\t7157\n"
    assert '"foo/bar"' in gzip.decompress((folder / "pfocr.ttl.gz").read_bytes()).decode()
    assert ">foo/bar<" in (tmp_path / "out/figures/PMC1__a.html").read_text(encoding="utf-8")


def test_organisms_that_have_gene_sets(tmp_path: Path) -> None:
    """An organism of few figures has no file of gene sets; the default organism always has one."""
    catalog = catalog_of(RECORDS)
    assert Bulk(catalog, SITE, b"", b"", tmp_path / "x").sets == ["Homo sapiens"]
    many = {f"PMC{n}__x": record(f"PMC{n}__x", genes=MOUSE[:1] if n else GENES) for n in range(102)}
    assert Bulk(catalog_of(many), SITE, b"", b"", tmp_path / "x").sets == ["Homo sapiens", "Mus musculus"]


@pytest.mark.filterwarnings(UNCLOSED, "ignore::pytest.PytestUnraisableExceptionWarning")
def test_data_package(made: tuple[Path, dict[str, Download]]) -> None:
    """Frictionless finds every table as the package describes it, checksums and keys included."""
    path = made[0] / "downloads/datapackage.json"
    report = frictionless.validate(str(path), type="package")
    assert report.flatten(["name", "title", "message"]) == []
    assert len(report.tasks) == 2 * len(TABLES)
    package = json.loads(path.read_bytes())
    assert {r["path"] for r in package["resources"]} == {
        stem + ending for stem, ending in product((t.stem for t in TABLES), (".tsv.gz", ".parquet"))
    }
    assert package["licenses"] == [{"title": SITE.license, "path": SITE.license_url}]
    broken = json.loads(path.read_bytes())
    broken["resources"][0]["hash"] = "sha256:" + "0" * 64
    other = path.with_name("broken.json")
    other.write_text(json.dumps(broken))
    assert not frictionless.validate(str(other), type="package").valid
    other.unlink()


def test_every_column_is_explained(made: tuple[Path, dict[str, Download]]) -> None:
    """The README names each column of each table with what it holds."""
    text = (made[0] / "downloads/README.md").read_text(encoding="utf-8")
    for table in TABLES:
        section = text.split(f"\n## {table.stem}\n")[1].split("\n## ")[0]
        assert re.findall(r"^\| `(\w+)` \| [A-Z]", section, re.MULTILINE) == list(table.columns)


def test_files_of_pfocr(made: tuple[Path, dict[str, Download]]) -> None:
    """The JSON files have the shapes of PFOCR's own: names, and numbers of figures as text."""
    info, listed, organisms, counts = (
        json.loads((made[0] / f"json/{name}.json").read_bytes())
        for name in ("getFigureInfo", "listFiguresByOrganism", "listOrganisms", "getCounts")
    )
    assert info["figureInfo"][0] == {
        "figid": "PMC1__a", "url": "https://example.org/sub/figures/PMC1__a.html", "pmcid": "PMC1", "number": "",
        "figtitle": "Title of PMC1__a", "year": "2021", "organisms": "Homo sapiens, Mus musculus",
        "organisms_ner": "Homo sapiens, Mus musculus",
    }  # fmt: skip
    assert [f["figid"] for f in info["figureInfo"]] == ["PMC1__a", "PMC1__c", "PMC2__b"]
    assert info["figureInfo"][1]["figtitle"] == "<b> & 'c\""
    assert [(o["latin"], [f["figid"] for f in o["figures"]]) for o in listed["organisms"]] == [
        ("Homo_sapiens", ["PMC1__a", "PMC1__c", "PMC2__b"]), ("Mus_musculus", ["PMC1__a", "PMC1__c"]),
    ]  # fmt: skip
    assert [o["organism_name"] for o in organisms["organisms_by_ner"]] == ["Homo sapiens", "Mus musculus"]
    assert organisms["organisms_by_ner"][1]["organism_id"] == "10090"
    assert organisms["organisms_by_annotation"] == ["Homo sapiens", "Mus musculus"]
    assert counts == {
        "figures": 3, "papers": 2, "human_figures": 2, "human_papers": 2, "organisms_by_ner": 2,
        "organisms_by_annotation": 2, "ncbigenes": 8, "ncbigenes_unique": 6, "human_ncbigenes_unique": 3,
        "chemicals": 2, "chemicals_unique_mesh": 1, "chemicals_unique_chebi": 0, "diseases": 1,
        "diseases_unique_mesh": 0, "diseases_unique_doid": 1,
    }  # fmt: skip


def test_downloads_of_nothing(tmp_path: Path) -> None:
    """Without records the tables have their columns alone."""
    bulk = Bulk(catalog_of({}), SITE, b"", b"", tmp_path / "x")
    bulk.begin(Workers(1))
    files = {path: b"".join(runs_of(data)) for path, data in bulk.files(set(bulk.digests))}
    for table in TABLES:
        assert gzip.decompress(files[f"downloads/{table.stem}.tsv.gz"]).decode() == "\t".join(table.columns) + "\n"
        (tmp_path / "y").write_bytes(files[f"downloads/{table.stem}.parquet"])
        assert pd.read_parquet(tmp_path / "y").empty
    assert json.loads(files["json/getFigureInfo.json"]) == {"figureInfo": []}
    assert json.loads(files["json/getCounts.json"])["figures"] == 0
    assert files["downloads/pfocr-Homo_sapiens.gmt"] == b""


def test_downloads_hold_no_clock(tmp_path: Path) -> None:
    """The files are the same bytes whenever they are made, and in whatever order records were read."""
    made = []
    for n, records in enumerate((RECORDS, dict(reversed(RECORDS.items())))):
        bulk = Bulk(catalog_of(records), SITE, b"", b"", tmp_path / str(n))
        bulk.begin(Workers(1))
        made.append({path: b"".join(runs_of(data)) for path, data in bulk.files(set(bulk.digests))})
    assert made[0] == made[1]


def test_lines_of_the_download_page(made: tuple[Path, dict[str, Download]]) -> None:
    """The lines of Python on the download page run where the files are, three lines each, as many as there are of R."""
    text = Path(program().templates, "pages/download.md").read_text(encoding="utf-8")
    without = re.findall(r"^<!-- no genes -->\n```python\n(.*?)```", text, re.DOTALL | re.MULTILINE)
    text = re.sub(r"^<!-- no genes -->\n.*?^<!-- /no genes -->\n", "", text, flags=re.DOTALL | re.MULTILINE)
    blocks = {kind: re.findall(rf"```{kind}\n(.*?)```", text, re.DOTALL) for kind in ("python", "r")}
    assert {kind: {b.count("\n") for b in found} for kind, found in blocks.items()} == {"python": {3}, "r": {3}}
    assert len(blocks["python"]) == len(blocks["r"]) == 5
    code = (
        "\n".join(blocks["python"])
        .replace("FIGURE", "PMC2__b")
        .replace("ORGANISM", "Homo_sapiens")
        .replace("getFigure", "../json/getFigure")
    )
    code += "\n" + "\n".join(without)
    code += "\nprint(len(figures), len(genes), sets['PMC2__b'], len(info), int([*graph.query('ASK {}')][0]))"
    folder = made[0] / "downloads"
    ran = subprocess.run([sys.executable, "-c", code], cwd=folder, capture_output=True, text=True, check=False)
    assert ran.stdout == "3 10 ['207', '4193', '7157'] 3 1\n", ran.stderr


@pytest.mark.skipif(shutil.which("Rscript") is None, reason="R is not installed")
def test_lines_of_r_on_the_download_page(made: tuple[Path, dict[str, Download]]) -> None:
    """The lines of R run where the files are, as far as their packages are installed: those of the tables need none."""
    text = (
        Path(program().templates, "pages/download.md").read_text(encoding="utf-8").replace("ORGANISM", "Homo_sapiens")
    )
    blocks = re.findall(r"```r\n(.*?)```", text, re.DOTALL)
    lines = []
    for block in blocks:
        needed = ", ".join(
            f"'{p}'" for p in dict.fromkeys(re.findall(r"library\((\w+)\)|(\w+)::", block)) for p in p if p
        )
        here = f"all(vapply(c({needed}), requireNamespace, TRUE, quietly = TRUE))" if needed else "TRUE"
        lines.append(f"if ({here}) {{\n{block}}}")
    code = "\n".join([*lines, 'cat("\\nread", nrow(figures), nrow(genes), length(unique(genes$figid)), "\\n")'])
    code = code.replace("getFigure", "../json/getFigure")
    folder = made[0] / "downloads"
    ran = subprocess.run(["Rscript", "-e", code], cwd=folder, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr
    assert ran.stdout.endswith("read 3 9 2 \n")
