"""Records are read without loss: every field, every absent value, every place of a finding."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from builder.model import ChemicalMention, DiseaseMention, Figure, GeneMention
from builder.read.bucket import read_text
from builder.read.frontmatter import decode, parse
from builder.read.record import FIELDS, LISTS, MAX_DEPTH, MAX_VALUES, forget
from builder.read.yamltext import YamlError
from tests.site.building import gene, record

SEED = Path(__file__).resolve().parents[2] / "site_src/figures/PMC7464074__cancers-12-02081-g001.md"
KNOWN = {*FIELDS, *LISTS, "genes", "chemicals", "diseases", "schema-jsonld"}


def read(fields: str, body: str = "", name: str = "PMC1__a.md") -> tuple[Figure, list[str]]:
    """Return the figure of a record with these lines in its front matter, and its findings."""
    figure, problems = read_text(f"---\nfigid: PMC1__a\npmcid: PMC1\n{fields}---\n{body}", name)
    assert figure is not None, problems
    return figure, [f"{p.line}:{p.column} {p.severity} {p.rule}" for p in problems]


def findings(fields: str) -> list[str]:
    """Return the findings of a record, in the order of their places."""
    _, problems = read_text(f"---\nfigid: PMC1__a\npmcid: PMC1\n{fields}---\n", "PMC1__a.md")
    return [f"{p.line}:{p.column} {p.rule}" for p in sorted(problems)]


def as_text(value: Any) -> Any:
    """Return YAML data with every scalar as the text that stands in the seed record."""
    if isinstance(value, dict):
        return {k: as_text(v) for k, v in value.items()}
    if isinstance(value, list):
        return [as_text(v) for v in value]
    return str(value)


def test_seed_record_survives() -> None:
    """Every field of the seed record is in the figure, with nothing added and nothing changed."""
    text = SEED.read_text(encoding="utf-8")
    raw = as_text(yaml.safe_load(text.split("---\n")[1]))
    figure, problems = read_text(text, SEED.name)
    assert problems == []
    assert figure is not None
    back: dict[str, Any] = {key: getattr(figure, field) for key, field in FIELDS.items() if getattr(figure, field)}
    for key, field in LISTS.items():
        values = list(getattr(figure, field))
        if key not in raw and not values:
            continue
        back[key] = values[0] if isinstance(raw[key], str) else values
    back["genes"] = [
        {"word": g.word, "symbol": g.match, "source": g.source, "hgnc_symbol": g.symbol, "entrez": g.ncbi}
        for g in figure.genes
    ]
    back |= {"chemicals": list(figure.chemicals), "diseases": list(figure.diseases), "schema-jsonld": figure.schema}
    assert back == {k: v for k, v in raw.items() if v != ""}
    assert (figure.more, figure.body) == ({}, "")


@pytest.mark.parametrize("extra", ["", ", other: x"])
def test_blanks_around_words_say_nothing(extra: str) -> None:
    """A word of a mention is the same with blanks around it, as it is in a table."""
    rows = f"genes:\n- {{word: ' p53 ', hgnc_symbol: TP53, entrez: '7157'{extra}}}\n"
    rows += "".join(
        f"{kind}:\n- {{word: ' x ', identifier: 'MESH:{mesh}', name: ' X '{extra}}}\n"
        for kind, mesh in (("chemicals", "D002118"), ("diseases", "D001241"))
    )
    figure, _ = read(rows)
    assert [m.word for m in figure.genes] == ["p53"]
    assert [(m.word, m.name) for m in figure.chemicals] == [(m.word, m.name) for m in figure.diseases] == [("x", "X")]


def test_an_organism_is_one_whatever_its_capitals() -> None:
    """Of spellings of an organism in one record the first is kept, also those of genes and of ``organisms_ner``."""
    row = "{word: a, hgnc_symbol: A, organism: HOMO SAPIENS}"
    lines = f"organisms: [Homo sapiens, Mus musculus, homo sapiens]\norganisms_ner: MUS musculus\ngenes:\n- {row}\n"
    assert read(lines)[0].organisms == ("Homo sapiens", "Mus musculus")


def test_titles_are_one_line() -> None:
    """A title with a line break or a tab is what pages show: one line."""
    figure, _ = read('figtitle: "Line\\nbreak"\npapertitle: "A\\ttab"\n')
    assert (figure.title, figure.paper) == ("Line break", "A tab")


def test_identifiers_of_mesh_are_known_by_their_form() -> None:
    """A mention that names no vocabulary, with an identifier that only MeSH has, is that of MeSH."""
    figure, _ = read("chemicals:\n- {word: Ca2+, identifier: D002118}\n- {word: x, identifier: '16113'}\n")
    assert [m.mesh for m in figure.chemicals] == ["D002118", ""]


@pytest.mark.parametrize("code", [*range(0x202A, 0x202F), *range(0x2066, 0x206A)])
def test_signs_that_turn_text_are_left_out(code: int) -> None:
    """A sign that turns the direction of all text behind it reaches no page, and is told of."""
    figure, problems = read(f"caption: a{chr(code)}b \u03b2\n")
    assert figure.caption == "ab \u03b2"
    assert problems == ["4:10 warning control-character"]


@pytest.mark.parametrize(("levels", "told"), [(MAX_DEPTH, False), (MAX_DEPTH + 1, True)])
def test_depth_of_unknown_fields(levels: int, told: bool) -> None:  # noqa: FBT001 - what is expected
    """Fields that nobody knows may be nested so deep and no deeper, whatever stands at the bottom."""
    lines = "".join(f"{'  ' * n}k{n}:\n" for n in range(levels)) + f"{'  ' * levels}k: v\n"
    assert any("too-large" in problem for problem in findings(lines)) == told


def test_number_of_texts_in_unknown_fields() -> None:
    """Of one mapping as of many there are so many values and no more."""
    lines = "more:\n" + "".join(f"  k{n}: v\n" for n in range(MAX_VALUES + 1))
    assert any("too-large" in problem for problem in findings(lines))
    assert findings("more:\n" + "".join(f"  k{n}: v\n" for n in range(1_000))) == []


def test_absent_values_within_fields_are_left_out() -> None:
    """No value is no value within a mapping too, also with blanks around it."""
    assert read("more: {a: ' NA ', b: '', c: x}\n")[0].more == {"more": {"c": "x"}}


def test_every_key_of_the_record_has_a_field() -> None:
    """Each documented key fills its own field of the figure."""
    lines = "".join(f"{key}: value of {key}\n" for key in FIELDS if key not in {"figid", "pmcid"})
    figure, problems = read(lines)
    assert problems == []
    assert {key: getattr(figure, field) for key, field in FIELDS.items() if key not in {"figid", "pmcid"}} == {
        key: f"value of {key}" for key in FIELDS if key not in {"figid", "pmcid"}
    }


@pytest.mark.parametrize("absent", ["''", "NA", ".na.character", "", "~", "null", '" "', "' NA '"])
def test_absent_values_reach_nothing(absent: str) -> None:
    """What R and curators write for no value is no value, in every field and every mention."""
    lines = "".join(
        f"{key}: {absent}\n" for key in sorted(KNOWN - {"figid", "pmcid", "genes", "chemicals", "diseases"})
    )
    inside = absent or "NA"
    row = f"{{word: p53, hgnc_symbol: TP53, symbol: {inside}, source: {inside}, entrez: {inside}, organism: {inside}}}"
    figure, problems = read(lines + f"genes:\n- {row}\nchemicals: {absent}\ndiseases: []\n")
    assert problems == []
    assert figure == Figure(figid="PMC1__a", pmcid="PMC1", genes=(GeneMention("p53", "", "", "TP53", ""),))


@pytest.mark.parametrize("key", LISTS)
def test_lists_may_be_one_text(key: str) -> None:
    """A list of one may be written as text; absent and repeated entries are left out."""
    value = "/figures/x" if key == "redirect_from" else "Homo sapiens"
    other = "/figures/y" if key == "redirect_from" else "Mus musculus"
    single, _ = read(f"{key}: {value}\n")
    listed, _ = read(f"{key}:\n- {value}\n")
    several, _ = read(f"{key}: [{value}, NA, '', {other}, {value}]\n")
    assert getattr(single, LISTS[key]) == getattr(listed, LISTS[key]) == (value,)
    assert getattr(several, LISTS[key]) == (value, other)


def test_text_stays_text_in_a_record() -> None:
    """Numbers, dates and truth values in any field are text as written."""
    figure, problems = read(
        "year: 2020\nnumber: 1.10\npathway_score: 0.9759037\nfigtitle: NO\ncaption: 1e5\nwpid: off\n"
        "organisms: [NO, 1E5]\nannotations: [2020-01-01, yes]\n"
        "genes:\n- {word: NO, symbol: ON, source: y, hgnc_symbol: 1E5, entrez: 0012, organism: 007}\n"
    )
    assert problems == []
    assert (figure.year, figure.number, figure.score) == ("2020", "1.10", "0.9759037")
    assert (figure.title, figure.caption, figure.wpid) == ("NO", "1e5", "off")
    assert (figure.organisms, figure.annotations) == (("NO", "1E5", "007"), ("2020-01-01", "yes"))
    assert figure.genes == (GeneMention("NO", "ON", "y", "1E5", "0012", "007"),)


def test_figid_like_a_number() -> None:
    """A figid that YAML takes for a number names its file all the same."""
    for figid in ("2e3", "007", "1_000", "2020", "0x1f", "no", "1.50"):
        figure, problems = read_text(f"---\nfigid: {figid}\npmcid: PMC1\n---\n", f"sub/{figid}.md")
        assert problems == []
        assert figure is not None
        assert figure.figid == figid


def test_record_of_another_program_is_told_what_it_needs() -> None:
    """A file whose name can be no figid, as of Hugo's bundles, is not told to have it as one; TOML is told."""
    _, problems = read_text("---\ntitle: T\npmcid: PMC1\n---\n", "alpha/index.md")
    assert "cannot name a page" in problems[0].message
    assert "figid: index" not in problems[0].message
    _, problems = read_text("+++\ntitle = 'T'\n+++\n", "a.md")
    assert "TOML" in problems[0].message


@pytest.mark.parametrize("before", ["", "\n", "\n  \n"])
def test_body_that_begins_with_code(before: str) -> None:
    """Blanks before the first line of the body are a part of it: four of them make it code."""
    figure, _ = read("", before + "    line1\n    line2\n\nText.\n")
    assert figure.body == "    line1\n    line2\n\nText."


def test_fields_that_nobody_knows_are_kept() -> None:
    """Unknown fields are kept as they are, those of a mention with its place in the name."""
    figure, problems = read(
        "curator: NO\nscores:\n- 1\n- [2, {deep: 3e3}]\nempty:\n"
        "genes:\n- {word: a, hgnc_symbol: A}\n- {word: b, hgnc_symbol: B, note: 0x1, hits: [1, 2]}\n"
        "chemicals:\n- {word: NaCl, source: MESH, identifier: D012965, charge: 0}\n"
        "diseases:\n- {word: x, doid_group: [1]}\n"
    )
    assert problems == []
    assert figure.more == {
        "curator": "NO", "scores": ["1", ["2", {"deep": "3e3"}]], "empty": "",
        "genes[1].note": "0x1", "genes[1].hits": ["1", "2"], "chemicals[0].charge": "0",
        "diseases[0].doid_group": ["1"],
    }  # fmt: skip


def test_mentions() -> None:
    """Mentions keep word, match, lexicon, symbol and id apart, in the order of the record, repeats included."""
    figure, _ = read(
        "genes:\n- {word: Her2, symbol: HER2, source: hgnc_alias_symbol, hgnc_symbol: ERBB2, entrez: '2064'}\n"
        "- {word: Her2, symbol: HER2, source: hgnc_alias_symbol, hgnc_symbol: ERBB2, entrez: '2064'}\n"
        "- {word: ' x ', hgnc_symbol: ' X '}\n- {symbol: HER3, entrez: '2065'}\n"
        "chemicals:\n- {word: calcium, source: MESH, identifier: D002118, name: Calcium}\n- {identifier: D000001}\n"
        "diseases:\n- {word: cancer, source: DOID, identifier: 'DOID:162'}\n"
    )
    her2 = GeneMention("Her2", "HER2", "hgnc_alias_symbol", "ERBB2", "2064")
    assert figure.genes[:2] == (her2, her2)
    assert figure.genes[2].word == "x"
    assert figure.genes[2].symbol == "X"
    assert figure.genes[3] == GeneMention("HER3", "HER3", "", "HER3", "2065")
    assert figure.chemicals == (
        ChemicalMention("calcium", "MESH", "D002118", "Calcium", mesh="D002118"),
        ChemicalMention("D000001", "", "D000001", "", mesh="D000001"),
    )
    assert figure.diseases == (DiseaseMention("cancer", "DOID", "DOID:162", doid="DOID:162"),)


@pytest.mark.parametrize(
    ("lines", "found"),
    [
        ("genes:\n- word: a\n  hgnc_symbol: A\n- word: b\n", ["7:3 gene-without-symbol"]),
        ("genes:\n- word: a\n  hgnc_symbol: [A]\n", ["5:3 gene-without-symbol", "6:16 not-text"]),
        ("redirect_from: ['', /x, /x, '/../y']\n", ["4:29 redirect-unsafe"]),
        ("redirect_from: /../y\n", ["4:16 redirect-unsafe"]),
        ("figtitle:\n  a: b\n", ["5:3 not-text"]),
        ("organisms:\n- a\n- {b: c}\n", ["6:3 not-text"]),
        ("schema-jsonld: [a]\n", ["4:16 schema-not-mapping"]),
        ('caption: "a\\x07b"\n', ["4:10 control-character"]),
        ('genes: [{word: "\\e", hgnc_symbol: A}]\n', ["4:16 control-character"]),
        ("a: b\nb: c\na: d\n", ["6:1 front-matter"]),
        ("x: y\n  z: w\n", ["5:4 front-matter"]),
    ],
)  # fmt: skip
def test_findings_have_their_place(lines: str, found: list[str]) -> None:
    """A finding stands at the line and column of the value that it is about."""
    assert findings(lines) == found


def test_findings_behind_a_multi_line_value() -> None:
    """Folded lines, comments and CRLF do not shift the lines that are told."""
    text = "---\nfigid: PMC1__a\n# a comment\ncaption: one\n  two\n\n  three\npmcid: PMC1\ngenes: x\n---\n"
    _, problems = read_text(text.replace("\n", "\r\n"), "PMC1__a.md")
    assert [(p.line, p.column) for p in problems] == [(9, 8)]


@pytest.mark.parametrize("ending", ["\n", "\r\n"])
def test_front_matter_ends_at_a_line_of_dashes(ending: str) -> None:
    """Dashes inside a line do not end the front matter, and lines of dashes in the body do not begin another."""
    text = ending.join(
        ["---", "figid: PMC1__a", "pmcid: PMC1", "genes:", "- word: IPP----", "  hgnc_symbol: IPP",
         "caption: a --- b", "number: '---'", "---- ",
         "# Body", "", "---", "last: line", "---", ""]
    )  # fmt: skip
    figure, problems = read_text(text, "PMC1__a.md")
    assert problems == []
    assert figure is not None
    assert (figure.genes[0].word, figure.caption, figure.number) == ("IPP----", "a --- b", "---")
    assert figure.body.splitlines() == ["# Body", "", "---", "last: line", "---"]


def test_byte_order_mark_is_no_text() -> None:
    """A file that an editor began with a byte order mark is read like any other."""
    figure, problems = read_text(decode("\ufeff---\nfigid: PMC1__a\npmcid: PMC1\n---\n".encode()), "PMC1__a.md")
    assert problems == []
    assert figure is not None


def test_last_line_without_break() -> None:
    """The front matter may end with the file."""
    assert parse("---\na: b\n---")[0] == {"a": "b"}
    assert parse("---\na: b\n---   ")[0] == {"a": "b"}


@pytest.mark.parametrize(
    ("text", "message", "line"),
    [
        ("", "found an empty file", 1),
        (" \n\n", "found an empty file", 1),
        ("a: b\n", "found 'a: b', expected the line --- that begins", 1),
        ("\n---\na: b\n---\n", "expected the line --- that begins", 1),
        ("--\na: b\n--\n", "expected the line --- that begins", 1),
        ("---\na: b\n", "found the end of the file", 2),
        ("---\na: b\n--- c\n", "found the end of the file", 3),
        ("---\n- a\n---\n", "found a list", 2),
        ("---\na\n---\n", "found text", 2),
    ],
)
def test_front_matter_that_is_none(text: str, message: str, line: int) -> None:
    """A file without front matter, or with half of one, is told so with the line."""
    with pytest.raises(YamlError, match=message) as caught:
        parse(text)
    assert caught.value.line == line


def test_bytes_that_are_no_text() -> None:
    """The place of the first byte that is not UTF-8 is counted in lines and characters."""
    with pytest.raises(YamlError, match="0xE9") as caught:
        decode("---\nä: ".encode() + b"caf\xe9\n")
    assert (caught.value.line, caught.value.column) == (2, 7)


@pytest.mark.parametrize("body", ["a\x00b", "a\x08b", "a\x0bb\x0cc", "a\ufffeb", "a\x7fb"])
def test_body_without_control_characters(body: str) -> None:
    """What no page can carry does not come in through the body either."""
    figure, _ = read("", body)
    assert figure.body in {"ab", "abc"}


def test_character_of_a_body_is_told_where_it_stands() -> None:
    """What is left out of the Markdown below is told too, at the first of it."""
    figure, problems = read("year: 2020\n", "one\ntwo \x08 \u202e\n")
    assert figure.body.split() == ["one", "two"]
    assert problems == ["7:5 warning control-character"]


def test_control_character_is_told_and_left_out() -> None:
    """An escape for a character that cannot be published is a warning; the rest of the text stays."""
    figure, problems = read('caption: "a\\0b\\x1bc"\nother: ["\\x01"]\n')
    assert figure.caption == "abc"
    assert problems == ["4:10 warning control-character", "5:9 warning control-character"]


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_bytes_that_are_no_text_are_told_where_they_are(mark: bytes) -> None:
    """A byte order mark is no part of the text: neither the column nor the byte that is named counts it."""
    with pytest.raises(YamlError) as told:
        decode(mark + b"ab\xff\n")
    assert (str(told.value)[:19], told.value.line, told.value.column) == ("found the byte 0xFF", 1, 3)


def test_what_records_share_can_be_let_go() -> None:
    """Mentions that recur are one object from record to record; once that is let go, records read the same."""
    chemical = {"word": "Fe", "source": "MESH", "identifier": "MESH:D007501"}
    texts = [record(f"PMC1__{n}", genes=[gene("TP53", "7157")], chemicals=[chemical]) for n in "ab"]

    def read() -> list[Figure]:
        return [figure for n, text in zip("ab", texts, strict=True) if (figure := read_text(text, f"PMC1__{n}.md")[0])]

    first, other = read()
    assert first.genes[0] is other.genes[0]
    assert first.chemicals[0] is other.chemicals[0]
    forget()
    again, _ = read()
    assert again == first
    assert again.genes[0] is not first.genes[0]
    assert again.chemicals[0] is not first.chemicals[0]
