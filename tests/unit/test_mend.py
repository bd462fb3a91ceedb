"""What is certain is mended in its own bytes; all other bytes of a record stay as they are."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from builder.curate.mend import MENDED, mend
from tests.site.building import in_process, record, write_site

BEFORE = """---
# What the curators know: a comment with ‚Äì stays as it is
figid:   PMC1__a   # two blanks
pmcid: "PMC1"
caption: 'NF-Œ∫B isn''t
  folded ‚Äì but: quoted'
papertitle: A "paper" # with Œ±
organisms: Homo sapiens # one
schema-jsonld:
  license:  'CC0'   # by name
  creator: {license: CC0}
genes:
- {word: "IFN-Œ≥", hgnc_symbol: IFNG}
- word: IL6

  hgnc_symbol: IL6
year: 2020
---

Notes ‚Äì with CC0.
organisms: Homo sapiens
"""
AFTER = """---
# What the curators know: a comment with ‚Äì stays as it is
figid:   PMC1__a   # two blanks
pmcid: "PMC1"
caption: 'NF-κB isn''t
  folded – but: quoted'
papertitle: A "paper" # with Œ±
organisms: [Homo sapiens] # one
schema-jsonld:
  license:  https://creativecommons.org/publicdomain/zero/1.0/   # by name
  creator: {license: CC0}
genes:
- {word: "IFN-γ", hgnc_symbol: IFNG}
- word: IL6

  hgnc_symbol: IL6
year: 2020
---

Notes – with CC0.
organisms: Homo sapiens
"""


@pytest.mark.parametrize("ending", ["\n", "\r\n"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_only_what_is_wrong_changes(ending: str, mark: str) -> None:
    """Comments, order, quotes, blanks, line endings and a byte order mark stay, byte for byte."""
    before, after = ((mark + t.replace("\n", ending)).encode() for t in (BEFORE, AFTER))
    assert mend(before, MENDED) == after
    assert mend(after, MENDED) == after


@pytest.mark.parametrize("rule", MENDED)
def test_each_rule_on_its_own(rule: str) -> None:
    """A rule mends the lines of its own and no other."""
    lines = {"mojibake": {5, 6, 13, 20}, "organisms-text": {8}, "license-name": {10}}
    before, after = (t.splitlines() for t in (BEFORE, mend(BEFORE.encode(), [rule]).decode()))
    assert {i for i, pair in enumerate(zip(before, after, strict=True), 1) if pair[0] != pair[1]} == lines[rule]


@pytest.mark.parametrize(
    "fields",
    [
        "organisms:\n- Homo sapiens",
        "organisms: [Homo sapiens]",
        "organisms: NA",
        "organisms: ''",
        "organisms: &o Homo sapiens\nmore: *o",
        "organisms: Homo sapiens\n  and mouse",
        "organisms: Homo sapiens, Mus musculus",
        "schema-jsonld: {license: CC0}",
        "schema-jsonld:\n  license: My own",
        "schema-jsonld:\n  license: CC0\n    and more",
        "license: CC0",
        'caption: "NF-\\u0152\\u222bB"',
        "caption: √π and 5 Å",
        "caption: [",
    ],
)
def test_what_is_not_certain_is_left_alone(fields: str) -> None:
    """What is right, of another form, or would be read otherwise, keeps its bytes."""
    data = f"---\nfigid: PMC1__a\n{fields}\n---\n".encode()
    assert mend(data, MENDED) == data


def test_what_is_no_record_is_left_alone() -> None:
    """Bytes that are no text, and text without front matter, stay as they are."""
    for data in (b"\xff\xfe", "no front matter ‚Äì".encode(), b""):
        assert mend(data, MENDED) == data


def test_fix_and_check(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The command mends files, names them, keeps permissions and what is right, and tells what is left."""
    monkeypatch.chdir(tmp_path)
    bad = record("PMC1__a", caption="NF-Œ∫B ‚Äì a review", organisms="Homo sapiens", year="20XX")
    good = record("PMC1__b")
    write_site(tmp_path / "source", {"PMC1__a": bad, "PMC1__b": good})
    path = Path("source/figures/PMC1__a.md")
    path.chmod(0o640)
    before = Path("source/figures/PMC1__b.md").stat().st_mtime_ns
    ran = in_process("check", "--source", "source", "--fix", "--jobs", "1")
    assert path.read_text(encoding="utf-8") == record(
        "PMC1__a", caption="NF-κB – a review", organisms="Homo sapiens", year="20XX"
    ).replace("organisms: Homo sapiens", "organisms: [Homo sapiens]")
    assert stat.S_IMODE(path.stat().st_mode) == 0o640
    assert Path("source/figures/PMC1__b.md").stat().st_mtime_ns == before
    assert ran.err.splitlines() == ["source/figures/PMC1__a.md: mended", "1 file mended"]
    assert [line.rsplit("[", 1)[1] for line in ran.out.splitlines()] == ["FP106 year-range]"]
    assert in_process("check", "--source", "source", "--fix", "--jobs", "1").err == ""
    assert sorted(p.name for p in Path("source/figures").iterdir()) == ["PMC1__a.md", "PMC1__b.md"]


def test_a_silenced_rule_is_not_mended(tmp_path: Path) -> None:
    """What a site turns off stays as it is."""
    text = record("PMC1__a", organisms="Homo sapiens")
    source = write_site(tmp_path / "source", {"PMC1__a": text}, "rules: {FP115: off}\n")
    ran = in_process("check", "--source", source, "--fix", "--jobs", "1", "--cache", tmp_path / "cache")
    assert (ran.err, ran.out) == ("", "")
    assert (source / "figures/PMC1__a.md").read_text(encoding="utf-8") == text
