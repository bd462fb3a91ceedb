"""What is certain is mended in its own bytes; all other bytes of a record stay as they are."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from builder.curate.mend import MENDED, mend, organisms_text
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
        "organisms: Homo sapiens & Mus musculus",
        'organisms: "Homo sapiens, Mus musculus"',
        "organisms: 'Homo sapiens; Mus musculus'",
        "organisms: >-\n  Homo sapiens\n  and mouse, rat",
        "organisms: |\n  Homo sapiens\n  Mus musculus",
        "schema-jsonld:\n  license: My own",
        "schema-jsonld:\n  license: CC0\n    and more",
        "license: CC0",
        'caption: "NF-\\u0152\\u222bB"',
        "filename: fig‚Äì1.png\nredirect_from: /figures/a‚Äìb\nfigid_alias: a‚Äìb\nother: a‚Äìb\na‚Äìb: c",
        "schema-jsonld:\n  '@id': https://example.org/a‚Äìb\ngenes:\n- word: a\n  hgnc_symbol: a‚Äìb\n  entrez: a‚Äìb",
        "caption: √π and 5 Å",
        "caption: [",
    ],
)
def test_what_is_not_certain_is_left_alone(fields: str) -> None:
    """What is right, of another form, or would be read otherwise, keeps its bytes."""
    data = f"---\nfigid: PMC1__a\n{fields}\n---\n".encode()
    assert mend(data, MENDED) == data


def test_aliases_that_explode_are_left_alone() -> None:
    """Texts that aliases repeat without end cost no more than they take in the file."""
    bomb = "\n".join(f"b{i}: &b{i} [{', '.join([f'*b{i - 1}'] * 10)}]" for i in range(1, 12))
    data = f"---\nfigid: PMC1__a\nb0: &b0 [a‚Äìb]\n{bomb}\nannotations: *b11\ncaption: a‚Äìb\n---\n".encode()
    assert mend(data, MENDED) == data


CC0 = "https://creativecommons.org/publicdomain/zero/1.0/"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("organisms: >-\n  Homo sapiens", "organisms: [Homo sapiens]"),
        ("organisms: 'Homo sapiens'", "organisms: ['Homo sapiens']"),
        ('reftext: "It√¢‚Ç¨‚Ñ¢s"', 'reftext: "It’s"'),
        ("organisms: |  # one\n  Homo sapiens\n\n# two", "organisms: [Homo sapiens]\n\n# two"),
        ("organisms:\n  'Homo sapiens'\nnext: x", "organisms:\n  [Homo sapiens]\nnext: x"),
        ("keywords: [NF-Œ∫B, a]\nannotations: Mu√±oz", "keywords: [NF-κB, a]\nannotations: Muñoz"),
        ("genes:\n- word: Œ≤-catenin\n  hgnc_symbol: Œ≤", "genes:\n- word: β-catenin\n  hgnc_symbol: Œ≤"),
        ("schema-jsonld: {license: CC0, name: x}", f"schema-jsonld: {{license: {CC0}, name: x}}"),
        ("schema-jsonld:\n  license:\n    CC0", f"schema-jsonld:\n  license:\n    {CC0}"),
        ("schema-jsonld:\n  license: CC BY-NC 4.0", "schema-jsonld:\n  license: https://creativecommons.org/licenses/by-nc/4.0/"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("ending", ["\n", "\r\n"])
def test_other_forms(before: str, after: str, ending: str) -> None:
    """A text over several lines, within braces or below its key is mended too."""
    data = f"---\nfigid: PMC1__a\n{before}\n---\n".replace("\n", ending).encode()
    assert mend(data, MENDED) == f"---\nfigid: PMC1__a\n{after}\n---\n".replace("\n", ending).encode()


@pytest.mark.parametrize(
    "fields",
    ["organisms: &o Homo sapiens\nmore: *o", "schema-jsonld: &s\n  license: CC0\nmore: *s", "organisms: a, b"],
)
def test_what_cannot_be_mended_keeps_nothing_else_from_it(fields: str) -> None:
    """In a record of which one part is not certain, others are mended."""
    data = f"---\nfigid: PMC1__a\n{fields}\ncaption: NF-Œ∫B ‚Äì a review\n---\n".encode()
    assert mend(data, MENDED) == data.replace("NF-Œ∫B ‚Äì".encode(), "NF-κB –".encode())


@pytest.mark.parametrize(
    ("front", "text"),
    [
        ("organisms: a, b", "a, b"), ("organisms: a × b", "a × b"), ("organisms: >-\n  a\n  b", "a b"),
        ("organisms: # c\n  a", "a"), ("'organisms': 'a'", "a"), ("organisms: [a]", ""), ("organisms:\n- a", ""),
        ("organisms:\n  - a", ""), ("organisms: NA", ""), ("organisms:\nyear: a", ""), ("organisms: null", ""),
    ],
)  # fmt: skip
def test_organisms_as_one_text(front: str, text: str) -> None:
    """Whatever form a text has, a record that gives its organisms as one is seen."""
    assert organisms_text(f"\nfigid: x\n{front}\n") == text


def test_what_is_no_record_is_left_alone() -> None:
    """Bytes that are no text, and text without front matter, stay as they are."""
    for data in (b"\xff\xfe", "no front matter ‚Äì".encode(), b""):
        assert mend(data, MENDED) == data


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may give files away")
def test_mended_file_keeps_its_owner(tmp_path: Path) -> None:
    """A record that root mends belongs to whom it belonged."""
    write_site(tmp_path, {"PMC1__a": record("PMC1__a", caption="TGF-\u00ce\u00b2 signaling in cells")})
    path = tmp_path / "figures/PMC1__a.md"
    os.chown(path, 1234, 4321)
    in_process("check", "--source", tmp_path, "--fix", "--jobs", "1", "--cache", tmp_path / "cache")
    assert "TGF-\u03b2" in path.read_text(encoding="utf-8")
    assert (path.stat().st_uid, path.stat().st_gid) == (1234, 4321)


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


@pytest.mark.parametrize(
    "kept", ['<a href="/f/Œ∫">y</a>', "<img src='/f/Œ∫.png'>", "`id_Œ∫`", "[y](/f/Œ∫)", "https://e.org/Œ∫"]
)
def test_addresses_and_code_of_a_body_keep_their_letters(kept: str) -> None:
    """What leads somewhere, or is code, stays as it is, beside text that is mended."""
    data = f"---\nfigid: PMC1__a\n---\nNF-Œ∫B {kept} NF-Œ∫B\n".encode()
    assert mend(data, MENDED).decode() == f"---\nfigid: PMC1__a\n---\nNF-κB {kept} NF-κB\n"
