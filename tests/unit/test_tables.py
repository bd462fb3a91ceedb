"""Tables beside records are read without loss, whatever their columns, ends of lines and absent values."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builder import sight
from builder.model import ChemicalMention, DiseaseMention, GeneMention, Taxon
from builder.options import Options
from builder.read.beside import look_beside, scan_tables
from builder.read.source import Scan, listed, names_in, open_source, scan_records
from builder.read.tables import read_chemicals, read_diseases, read_genes
from builder.sight import MANY, _Shared, look

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from builder.read.source import Listing

HEADER = (
    "organism_id\torganism_name\torganism_group\tword\tmatch\tncbigene_symbol\tncbigene_id\tsource\tcount_direct\t"
    "count_synonym\tcount_match"
)
WORDS = st.text(
    st.characters(exclude_categories=["Cc", "Cs", "Zl", "Zp"], exclude_characters="\ufffe\uffff"), max_size=6
)


def genes(*rows: str, header: str = HEADER) -> str:
    """Return a table of genes."""
    return "".join(f"{line}\n" for line in (header, *rows))


def test_organisms_of_rows_that_are_left_out() -> None:
    """A gene that is left out names no organism."""
    good = "9606\tHomo sapiens\tPrimates\tAKT\tAKT\tAKT1\t207\ts\t\t\t"
    rows = ("10090\tMus musculus\tRodents\tx\t\t\t\t\t\t\t", good)
    mentions, taxa, problems = read_genes(genes(*rows), "t")
    assert ([m.organism for m in mentions], [t.name for t in taxa]) == (["Homo sapiens"], ["Homo sapiens"])
    assert [p.rule for p in problems] == ["gene-without-symbol"]


def test_place_behind_a_character_that_was_left_out() -> None:
    """A cell is told at its place in the file, though characters before it are taken out of the text."""
    row = "9606\tHomo sapiens\tPrimates\tA\x01\x02kt\tfoo\t\t\tx\t\t\t"
    _, _, problems = read_genes(genes(row), "t")
    (place,) = [(p.line, p.column) for p in problems if p.rule == "gene-without-symbol"]
    assert place == (2, row.index("foo") + 5)


def test_a_row_is_a_mention() -> None:
    """Each row of a table of genes is a mention of its organism, and each organism is known with id and group."""
    text = genes(
        "9606\tHomo sapiens\tPrimates\tPI3K\tPI3K\tPIK3CA\t5290\tfamplex_relations\t1\t0\t1",
        "10090\tMus musculus\tRodents\t|(ppsA)\tppsA\tPps\t1\tncbigene_synonym\t0\t1\t1",
    )
    mentions, taxa, problems = read_genes(text, "x")
    assert mentions == (
        GeneMention("PI3K", "PI3K", "famplex_relations", "PIK3CA", "5290", "Homo sapiens"),
        GeneMention("|(ppsA)", "ppsA", "ncbigene_synonym", "Pps", "1", "Mus musculus"),
    )
    assert taxa == (Taxon("Homo sapiens", "9606", "Primates"), Taxon("Mus musculus", "10090", "Rodents"))
    assert problems == []


@given(st.lists(st.tuples(*[WORDS] * 5), min_size=1, max_size=4))
def test_cells_come_back(rows: list[tuple[str, ...]]) -> None:
    """Whatever OCR read stands in the mention of its row, quotes and dashes included; blanks of an organism are one."""
    cells = [(w, f"m{m}", f"s{s}", f"n{n}", f"o{o}") for w, m, s, n, o in rows]
    lines = [f"1\t{o}\tg\tw{w}\t{m}\t{s}\t{n}\tncbigene_symbol\t0\t0\t0" for w, m, s, n, o in cells]
    mentions, _, problems = read_genes(genes(*lines), "x")
    assert problems == []
    found = [(g.word, g.match, g.symbol, g.ncbi, g.organism) for g in mentions]
    told = [(f"w{w}", m, s, n, " ".join(o.split())) for w, m, s, n, o in cells]
    assert found == [tuple(c.strip() for c in row) for row in told]


def test_absent_values_and_ends_of_lines() -> None:
    """NA is absent, CRLF ends a line, an empty file or a header alone holds no mention."""
    row = "NA\tNA\tNA\tNA\tAKT\tAKT1\tNA\tNA\t1\t0\t1"
    mentions, taxa, problems = read_genes(genes(row).replace("\n", "\r\n"), "x")
    assert (mentions, taxa, problems) == ((GeneMention("AKT", "AKT", "", "AKT1", "", ""),), (), [])
    assert read_genes(genes(), "x") == ((), (), [])
    assert read_genes("", "x") == ((), (), [])


@pytest.mark.parametrize("broken", ["9606\tHomo sapiens", "\t".join("abcdefghijkl"), "a"])
def test_broken_rows_do_not_shift_others(broken: str) -> None:
    """A row of too many or too few cells is an error in its line, also where two of them make up for each other."""
    good = "9606\tHomo sapiens\tPrimates\tAKT\tAKT\tAKT1\t207\tncbigene_symbol\t1\t0\t1"
    other = "\t".join("x" * (22 - broken.count("\t") - 1))
    mentions, _, problems = read_genes(genes(good, broken, other, good), "x")
    assert [m.symbol for m in mentions] == ["AKT1", "AKT1"]
    assert [(p.line, p.severity, p.rule) for p in problems] == [(3, "error", "table-row"), (4, "error", "table-row")]


def test_chemicals_and_diseases() -> None:
    """Identifiers lose their prefixes; tables of the older columns say the same."""
    text = "word\tmesh\tmatch\tname\tchebi\nCa2+\tmesh:D002118\tCa2+\tCalcium\tchebi:29108\nx\tNA\tx\tNA\tchebi:1\n"
    assert read_chemicals(text, "x")[0] == (
        ChemicalMention("Ca2+", "MESH", "D002118", "Calcium", "Ca2+", "D002118", "CHEBI:29108"),
        ChemicalMention("x", "CHEBI", "CHEBI:1", "", "x", "", "CHEBI:1"),
    )
    old = "word\tsource\tidentifier\ncalcium\tMESH\tD002118\nx\tOther\tX1\n"
    assert read_chemicals(old, "x")[0] == (
        ChemicalMention("calcium", "MESH", "D002118", mesh="D002118"),
        ChemicalMention("x", "Other", "X1"),
    )
    diseases = "word\tmesh\tmatch\tname\tdoid\ncancer\tmesh:D009369\tcancer\tcancer\tDOID:162\n"
    assert read_diseases(diseases, "x") == (
        (DiseaseMention("cancer", "MESH", "D009369", "cancer", "cancer", "D009369", "DOID:162"),),
        [],
    )


def test_records_found_by_another_process(tmp_path: Path) -> None:
    """What another process sends of the records that it found is what this one finds."""
    (tmp_path / "_figures").mkdir()
    source = open_source(tmp_path)
    assert listed(scan_records(source)).scan() == scan_records(source) == Scan()
    for name in ("PMC1__a.md", "PMC2__\u00e9.md", "notes.txt"):
        (tmp_path / "_figures" / name).write_text("---\n---\n" + name, encoding="utf-8")
    found = listed(scan_records(source)).scan()
    assert found == scan_records(source)
    assert [name for name, _, _ in found.files] == ["PMC1__a.md", "PMC2__\u00e9.md"]
    assert len(found.problems) == 1


@pytest.mark.parametrize("tables", [0, 1, 2, 7])
def test_tables_found_by_two_processes(tmp_path: Path, tables: int) -> None:
    """Two processes find together what one finds alone: records, tables in their order, and what is wrong with them."""
    for folder in ("_figures", "_data"):
        (tmp_path / folder).mkdir()
    (tmp_path / "_figures/PMC1__a.md").write_text("---\n---\n", encoding="utf-8")
    for number in range(tables):
        (tmp_path / f"_data/PMC1__{number}-genes.tsv").write_text("x" * number, encoding="utf-8")
        (tmp_path / f"_data/PMC1__{number}-diseases.tsv").mkdir()
    source = open_source(tmp_path)
    data = tmp_path / "_data"
    shared = _Shared.begin(source, lambda function: function, MANY, lambda: None)
    assert (shared is None) == (tables == 0) == (names_in(data) == [])
    if shared:
        (data / "PMC1__later-genes.tsv").write_text("", encoding="utf-8")  # is no reason to miss another
        records, found = shared.scans(source)
        (data / "PMC1__later-genes.tsv").unlink()
        assert records == scan_records(source)
        assert (found.files, found.problems) == ((alone := scan_tables(data)).files, alone.problems)
        assert len(found.files) == tables
    assert names_in(tmp_path / "nothing") == []


@pytest.mark.parametrize(("records", "calls"), [(3, []), (4, ["begun", "loaded", "waited"])])
def test_a_first_build_loads_while_another_process_looks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, records: int, calls: list[str]
) -> None:
    """Many records are looked for by another process, which is waited for when this one has loaded what it needs."""
    monkeypatch.setattr(sight, "MANY", 3)
    for number in range(records):
        (tmp_path / f"PMC1__{number}.md").write_text("---\n---\n", encoding="utf-8")
    said: list[str] = []

    def aside(function: Callable[[], tuple[Listing, Listing]]) -> Callable[[], tuple[Listing, Listing]]:
        def wait() -> tuple[Listing, Listing]:
            said.append("waited")
            return function()

        said.append("begun")
        return wait

    options = Options(tmp_path, tmp_path / "out", tmp_path / "cache")
    found = look(options, None, map, aside, lambda: said.append("loaded"))
    assert said == calls
    assert found.files == look(options, None, map).files
    assert len(found.files) == records


def test_tables_find_their_records(tmp_path: Path) -> None:
    """A table belongs to the record of its exact name; with ``_`` for full stops if no other record has that name."""
    for name in ("a.b-genes.tsv", "c_d-genes.tsv", "c_d-diseases.tsv", "e_f-genes.tsv"):
        (tmp_path / name).write_text("", encoding="utf-8")
    records = [(f"{stem}.md", 1, 1) for stem in ("a.b", "c.d", "e.f", "e_f")]
    files, beside = look_beside(tmp_path, tmp_path, records)
    assert beside.tables == {"a.b.md": "g", "c.d.md": "GD", "e_f.md": "g"}
    assert beside.problems == []
    assert [f[0] for f in files] == [r[0] for r in records]
    assert [f == r for f, r in zip(files, records, strict=True)] == [False, False, True, False]
