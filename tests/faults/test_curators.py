"""Every rule for curators is broken in a folder of its own, told with its place, and left alone by a build.

Each folder in ``curators/`` is a source that breaks one rule and holds a good record, ``PMC9__good``; its
``expected.txt`` holds the messages.
"""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
import yaml

from builder.rules import RULES
from tests.site.building import build, in_process, record, write_site

CASES = Path(__file__).parent / "curators"
RULE_NAMES = [name for name, rule in RULES.items() if rule.curators]


def take(name: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Copy a case into a folder, which becomes the current one, and return its messages."""
    shutil.copytree(CASES / name, folder, dirs_exist_ok=True)
    monkeypatch.chdir(folder)
    return (folder / "expected.txt").read_text(encoding="utf-8").splitlines()


def check(*options: str) -> list[str]:
    """Return what a check of the current folder prints."""
    return in_process("check", "--source", ".", "--jobs", "1", *options).out.splitlines()


ALSO = {"id-two-spellings": "[FP108 "}
"""What is told of any record that a rule is about."""


def of(name: str, lines: list[str]) -> list[str]:
    """Return the lines without those of another rule that cannot but be told with it."""
    return [line for line in lines if name not in ALSO or ALSO[name] not in line]


def test_every_rule_has_a_case() -> None:
    """No rule for curators is without a folder, and no folder without a rule."""
    assert sorted(p.name for p in CASES.iterdir()) == sorted(RULE_NAMES)


@pytest.mark.parametrize("name", RULE_NAMES)
def test_check_tells_exactly_this(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A check tells the rule with its place, nothing of the good record, and the same when it looks again."""
    expected = take(name, tmp_path, monkeypatch)
    assert expected
    assert all(f"[{RULES[name].id} {name}]" in line and "PMC9__good.md:" not in line for line in expected)
    assert of(name, check()) == expected
    assert of(name, check()) == expected


@pytest.mark.parametrize("name", RULE_NAMES)
def test_site_silences_and_raises(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A rule that a site silences is not told, one that it raises is an error and the exit code 1."""
    expected = take(name, tmp_path, monkeypatch)
    settings = tmp_path / "site.yml"
    settings.write_text(f"rules:\n  {name}: off\n", encoding="utf-8")
    assert of(name, check()) == []
    settings.write_text(f"rules:\n  {RULES[name].id}: error\n", encoding="utf-8")
    ran = in_process("check", "--source", ".", "--jobs", "1")
    assert of(name, ran.out.splitlines()) == [line.replace(": warning: ", ": error: ") for line in expected]
    assert ran.code == 1


def test_build_leaves_curators_rules_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A build tells nothing of rules for curators, also where they are raised, and publishes."""
    take("year-range", tmp_path, monkeypatch)
    Path("site.yml").write_text("rules: {year-range: error}\n", encoding="utf-8")
    ran = build(".", "out", ".cache")
    assert (ran.err, ran.code) == ("", 0)
    assert in_process("check", "--source", ".", "--jobs", "1").code == 1


def test_check_after_an_edit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What was found before is told again only of records that are as they were, also after a build."""
    expected = take("year-range", tmp_path, monkeypatch)
    assert check() == expected
    mended = Path("figures/PMC1__a.md")
    mended.write_text(mended.read_text(encoding="utf-8").replace("1066", "1966"), encoding="utf-8")
    assert build(".", "out", ".cache").code == 0
    assert check() == expected[1:]
    Path("figures/PMC1__b.md").unlink()
    assert check() == []


def test_workers_tell_the_same(tmp_path: Path) -> None:
    """Many records examined by several processes give what one gives, in the order of their names."""
    write_site(tmp_path, {f"PMC1__{i:04}": record(f"PMC1__{i:04}", year="20XX") for i in range(700)})
    outs = []
    for jobs in ("1", "2"):
        ran = in_process("check", "--source", tmp_path, "--jobs", jobs, "--format", "json", "--cache", tmp_path / jobs)
        outs.append(json.loads(ran.out))
    assert outs[0] == outs[1]
    assert [p["rule"] for p in outs[0]] == ["year-range"] * 700


def test_place_of_a_gene_that_has_two_readings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The mention that is told is the one with that symbol and that id, wherever its symbol stands."""
    odd = "  - {word: q, hgnc_symbol: QQ, entrez: '9999'}\n  - {word: p, hgnc_symbol: TP53, entrez: '9999'}\n"
    odd += "  - {word: r, hgnc_symbol: NA, symbol: P53, entrez: ' 7157'}\n"
    head = "figtitle: A title of this figure\ncaption: A caption of this figure\n"
    usual = "  - {word: p, hgnc_symbol: TP53, entrez: '7157'}\n"
    for name, rows in (("PMC1__a", usual * 3), ("PMC1__b", odd)):
        text = f"---\nfigid: {name}\npmcid: PMC1\n{head}genes:\n{rows}---\n"
        write_site(tmp_path, {name: text})
    monkeypatch.chdir(tmp_path)
    places = {line.split(" [")[1][:5]: line.split(": ")[0] for line in check() if "[FP109" in line or "P53'" in line}
    assert places == {"FP109": "figures/PMC1__b.md:8:42", "FP110": "figures/PMC1__b.md:9:40"}


def test_record_of_very_many_readings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Thousands of notes on one record are told at their places, each of which is looked for in one reading of it."""
    row = "  - word: w\n    hgnc_symbol: S\n    entrez: '1'\n    organism: Genus s{:04}\n"
    rows = "".join(row.format(i) for i in range(600))
    write_site(tmp_path, {"PMC1__a": f"---\nfigid: PMC1__a\npmcid: PMC1\ngenes:\n{rows}---\n"})
    monkeypatch.chdir(tmp_path)
    read: list[object] = []
    compose = yaml.compose

    def counted(*arguments: Any, **more: Any) -> Any:
        read.append(arguments)
        return compose(*arguments, **more)

    monkeypatch.setattr(yaml, "compose", counted)
    assert any("FP119" in line for line in check())
    assert len(read) < 5


def test_known_organisms_of_a_site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A name that a site lists is known, whatever its case."""
    expected = take("organism-unknown", tmp_path, monkeypatch)
    Path("site.yml").write_text("known_organisms: sebastes Schlegelii\n", encoding="utf-8")
    assert check() == [line for line in expected if "Sebastes" not in line]


TABLE = """organism_id\torganism_name\torganism_group\tword\tmatch\tncbigene_symbol\tncbigene_id\tsource
9606\tHomo sapiens\tPrimates\tTP53\tTP53\tTP53\t7157\tncbigene_symbol
9606\tHomo sapiens\tPrimates\tМЕК\tMEK\tMAP2K1\t5604\tncbigene_synonym
61622\tRhinopithecus roxellana\tPrimates\tTP53\tTP53\tTP53\tx1\tncbigene_symbol
"""


def test_tables_beside_records(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is odd in a table of mentions is told with the place of its cell; an organism with a file is known."""
    files = {"_figures/PMC1__a.md": record("PMC1__a"), "_data/PMC1__a-genes.tsv": TABLE}
    write_site(tmp_path, files)
    (tmp_path / "figures").rmdir()
    monkeypatch.chdir(tmp_path)
    word = "found the word 'МЕК' with М U+041C, Е U+0415, К U+041A, expected Latin letters: 'MEK'"
    organism = "found the organism 'Rhinopithecus roxellana', expected the Latin name of a known one"
    number = "found the NCBI Gene id 'x1', expected a number"
    assert check() == [
        f"_data/PMC1__a-genes.tsv:3:28: warning: {word} [FP105 homoglyph]",
        f"_data/PMC1__a-genes.tsv:4:7: warning: {organism} [FP113 organism-unknown]",
        f"_data/PMC1__a-genes.tsv:4:55: warning: {number} [FP108 entrez-not-number]",
    ]
    known = "---\ntitle: Golden snub-nosed monkey\nlatin: Rhinopithecus roxellana\n---\n"
    write_site(tmp_path, {"_organisms/Rhinopithecus_roxellana.md": known})
    (tmp_path / "figures").rmdir()
    assert not any("FP113" in line for line in check())
