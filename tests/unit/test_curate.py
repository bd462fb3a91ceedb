"""Wrongly decoded text and look-alike letters are read back, good text is left alone, and places are exact."""

from __future__ import annotations

from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from builder.curate.fields import unread_fields
from builder.curate.figure import Ground, notes_on
from builder.curate.homoglyphs import foreign, latin_reading
from builder.curate.mend import MENDED, mend
from builder.curate.mojibake import mended
from builder.curate.notes import BODY, Note, cell_of, offset_of, place
from builder.curate.organisms import KNOWN, likely
from builder.model import Figure, GeneMention
from builder.read.bucket import read_text
from builder.read.frontmatter import yaml_text
from builder.read.yamltext import locate
from builder.rules import RULES
from tests.site.building import gene, record

SIGNS = "αβγδκΔΩµ°±×éüöñ–—‘’“”•…→←↑↓≥≤≈∞²³ﬁ"
"""What papers use beyond ASCII."""


@pytest.mark.parametrize("encoding", ["mac_roman", "cp1252"])
def test_misread_text_is_read_back(encoding: str) -> None:
    """Signs of papers whose UTF-8 was taken for another encoding are found again, alone and among others.

    Not so where the wrong text could be mathematics: ``√∂``, ``√±``.
    """
    for sign in SIGNS.replace("ö", "").replace("ñ", ""):
        try:
            wrong = sign.encode().decode(encoding)
        except UnicodeDecodeError:
            continue
        assert mended(f"good κ and {wrong}.") == f"good κ and {sign}."
        assert mended(wrong * 2) == sign * 2


@pytest.mark.parametrize(
    "text",
    [
     "NF-κB – α", "10 µm ± 2 °C", "√π", "√Ω", "5 Å± 1", "30 Å²",
      "3 Å–5 Å", "≈±5", "√∂", "“é”", "5–µm", "Ca²⁺ → Na⁺", "Ångström", "Œuvre", "ÉTÉ",
      "la lettre «Î», puis «Ï»", "“Î”", "‘Î’", "https://example.org/caf√©/√±", "[a](fig√©.html)"],
)  # fmt: skip
def test_good_text_is_left_alone(text: str) -> None:
    """Signs side by side in good text, a letter in quotes, an address: none is taken for anything else."""
    assert mended(text) == text


def test_text_beside_what_is_left_alone_is_read_back() -> None:
    """What is left alone, an address or a letter in quotes, does not keep the rest from being mended."""
    assert mended("caf√© (https://example.org/caf√©) √©t√©") == "café (https://example.org/caf√©) été"
    assert mended("«Î» and TNF-Î»") == "«Î» and TNF-λ"


@pytest.mark.parametrize("name", ["López", "Muñoz", "Jørgensen", "Köln", "François"])
def test_names_taken_for_roots_are_read_back(name: str) -> None:
    """In a word a root sign and what may stand below it are a letter with an accent."""
    wrong = name.encode().decode("mac_roman")
    assert mended(f"{wrong} A, et al.") == f"{name} A, et al."


@given(st.text(st.sampled_from(SIGNS + "aZ 1()"), max_size=30))
def test_text_of_papers_is_never_changed(text: str) -> None:
    """No text in the signs of papers is changed, apart from what a sign after a root, or Å, could mean."""
    assert mended(text) == text


@pytest.mark.parametrize(
    ("word", "latin"),
    [("МЕК", "MEK"), ("ΑPE1", "APE1"), ("ＡＫＴ１", "AKT1"), ("ОРЭС", "OP?C"), ("GAЗоx", "GA3ox")],
)
def test_latin_reading(word: str, latin: str) -> None:
    """Letters that look Latin are read as those; a letter that looks like none is a question mark."""
    assert foreign(word)
    assert latin_reading(word) == latin


@pytest.mark.parametrize("word", ["IFNγ", "NF-κB", "Δ9", "MSTN↓↓", "ΔΨm", "β-catenin"])
def test_greek_that_figures_use(word: str) -> None:
    """Greek letters that look like no Latin one are words of figures."""
    assert not foreign(word)


@pytest.mark.parametrize(
    ("name", "latin"),
    [("C. elegans", "Caenorhabditis elegans"), ("Yeast", "Saccharomyces cerevisiae"), ("Homo spaiens", "Homo sapiens"),
     ("Oryza sativa L.", "Oryza sativa"), ("Xyz abc", "")],
)  # fmt: skip
def test_likely_organism(name: str, latin: str) -> None:
    """Short forms, common names, authors and slips lead to the Latin name; nothing leads to another one."""
    assert likely(name) == latin
    assert all(likely(known) == known for known in KNOWN)


LAID_OUT = {
    "block": "figtitle: 'A title'\ncaption: text that\n  goes on\norganisms:\n- Homo sapiens\n- Mus\n"
    "genes:\n- word: A1\n  entrez: '1'\n- word: B2\n  entrez: '2'\nschema-jsonld:\n  '@id': x\n  keywords:\n  - k\n",
    "flow": "figtitle: A title\ncaption: >\n  text\norganisms: [Homo sapiens, Mus]\n"
    "genes: [{word: A1, entrez: '1'}, {word: B2, entrez: '2'}]\nschema-jsonld: {'@id': x, keywords: [k]}\n",
    "deep": 'figtitle: "A title"\ncaption: &a text\norganisms: # these\n    - Homo sapiens\n    - "Mus"\n'
    "genes:\n    -   entrez: '1'\n        word: A1\n    -   entrez: \"2\"\n        word: B2\n"
    'schema-jsonld:\n    keywords:\n    - k\n    "@id": x\n',
}


@pytest.mark.parametrize("layout", LAID_OUT)
@pytest.mark.parametrize("ending", ["\n", "\r\n"])
def test_places_are_those_of_the_parser(layout: str, ending: str) -> None:
    """However a record is laid out, a note points to where the YAML parser sees the value."""
    text = f"---\nfigid: x\n{LAID_OUT[layout]}---\nbody B2\n".replace("\n", ending)
    front = yaml_text(text)
    wanted: dict[Note, tuple[str | int, ...]] = {
        Note("r", "m", "figtitle"): ("figtitle",),
        Note("r", "m", "caption"): ("caption",),
        Note("r", "m", "organisms", "", "Mus"): ("organisms", 1),
        Note("r", "m", "genes", "word", "B2"): ("genes", 1, "word"),
        Note("r", "m", "genes", "entrez", "2"): ("genes", 1, "entrez"),
        Note("r", "m", "schema-jsonld", "@id"): ("schema-jsonld", "@id"),
        Note("r", "m", "schema-jsonld", "keywords"): ("schema-jsonld", "keywords"),
        Note("r", "m", "doi"): (),
    }
    assert {n: place(text, front, n) for n in wanted} == {n: locate(front, where) for n, where in wanted.items()}
    if layout == "block":
        assert all(offset_of(front, n) for n in list(wanted)[:5])
    assert place(text, front, Note("r", "m", BODY, "", "body B2")) == (text.count("\n"), 1)


@pytest.mark.parametrize("odd", ["\u2028", "\x85", "\r", "\x0c"])
def test_places_in_tables(odd: str) -> None:
    """A cell is told with the line on which editors show it, whatever stands in cells before it."""
    table = f"word\tsymbol\na{odd}b\tA\nc\tB\r\n"
    assert cell_of(table, Note("r", "m", "genes", "symbol", "B")) == (3, 3)
    assert cell_of("", Note("r", "m", "genes", "symbol", "B")) is None


def test_messages_are_one_line() -> None:
    """Whatever a field holds, a message is one printable line."""
    odd = "МЕК\n\u202e\x07"
    text = record("PMC1__a", pmcid=odd, year=odd, organisms=[odd], figtitle="x\ny", genes=[gene("A", odd, odd)])
    figure, _ = read_text(text, "PMC1__a.md")
    assert figure is not None
    notes = notes_on(figure, Ground(frozenset(RULES), 2026, frozenset()))
    assert len({n.rule for n in notes}) >= 6
    assert all(n.message.isprintable() for n in notes)


ANY = st.text(st.characters(), max_size=12) | st.sampled_from(["МЕК", "Œ∫", "()", "\ud800", "- a: b", "'\"#", "NA"])
TREES = st.recursive(
    ANY | st.none(), lambda t: st.lists(t, max_size=3) | st.dictionaries(ANY, t, max_size=3), max_leaves=8
)


@given(
    st.dictionaries(st.sampled_from(["@id", "description", "keywords", "license"]), TREES), st.lists(ANY, max_size=20)
)
def test_nothing_in_a_record_stops_a_check(schema: dict[str, Any], texts: list[str]) -> None:
    """Whatever texts and structured data a record holds, notes come out as printable lines with a place."""
    t = [*texts, *[""] * 20]
    genes = (GeneMention(*t[:6]), GeneMention(*t[6:12]))
    named: dict[str, Any] = {k: t[12 + i] for i, k in enumerate(("title", "caption", "paper", "year", "body"))}
    figure = Figure(figid="PMC1__a", pmcid=t[17], schema=schema, genes=genes, organisms=(t[18], t[19]), **named)
    text = "---\n" + yaml.safe_dump({"caption": t[13], "genes": [{"word": t[0]}]}) + "---\n" + t[16]
    for note in notes_on(figure, Ground(frozenset(RULES), 2026, frozenset())):
        assert note.message.isprintable()
        assert min(place(text, yaml_text(text), note)) >= 1


def test_very_many_notes_on_a_record_are_counted() -> None:
    """Of thousands of notes of a kind the first are told one by one, so that a check does not look for each of them."""
    genes = tuple(GeneMention("w", "w", "", f"S{n}", f"x{n}") for n in range(5_000))
    figure = Figure(figid="PMC1__a", pmcid="PMC1", genes=genes, title="a" * 10, caption="b" * 10)
    notes = notes_on(figure, Ground(frozenset(RULES), 2026, frozenset()))
    assert [n.rule for n in notes] == ["entrez-not-number"] * 201
    assert notes[199].value == "x199"
    assert notes[200].message == "found 4,800 more of the kind in this record, expected none"


def test_long_values_are_no_burden() -> None:
    """Values of many characters are looked at once, not again from each of them."""
    for filling in (" ", "a", "a ", "(", "[ ", "Œ", "'"):
        long = filling * (200_000 // len(filling))
        data = f"---\norganisms: x{long}!\nschema-jsonld:\n  license: C{long}\n---\n{long}".encode()
        assert mend(data, MENDED) == data
        assert likely(long) == ""


@pytest.mark.parametrize(
    "more",
    ["pmid: '31234567'", "figtitle_de: Ein Titel", "redirect_to: /x", "title: Another", "captions: More of them",
     "genes:\n- {word: AKT, hgnc_symbol: AKT1, entrez: '207', ncbigene_id: '207', organism_id: '9606'}"],
)  # fmt: skip
def test_fields_of_their_own_are_not_taken_for_others(more: str) -> None:
    """A field that only looks like another is told of only where that one has no value."""
    text = f"---\nfigid: PMC1__a\npmcid: PMC1\nfigtitle: A title\ncaption: A caption\n{more}\n---\n"
    figure, _ = read_text(text, "PMC1__a.md")
    assert figure is not None
    assert list(unread_fields(figure)) == []
