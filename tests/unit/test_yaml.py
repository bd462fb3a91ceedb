"""Text stays text, whatever YAML would make of it; the fast reader and the reference agree."""

from __future__ import annotations

from typing import Any

import pytest
import yaml
from hypothesis import example, given, settings
from hypothesis import strategies as st

from builder.read import fastyaml, yamltext
from builder.read.yamltext import YamlError, load, locate

TEXTS = (
    "NO", "no", "Yes", "ON", "off", "y", "n", "true", "False", "1E5", "1e5", "2020", "007", "0x1F", "0o17", "0b1",
    "1_000", "1.10", "+1",
    ".5", "-.inf", ".nan", "2020-01-01", "2001-12-14t21:59:43.10-05:00", "12:30:45", "190:20:30", "1:30", "Null",
    "NULL", "none", "=", "<<",
    "1.", "12e03", "-2E+05", "0", "00", "1,000", "~x", "nullx",
)  # fmt: skip
PLACES = (
    "key: {}\n",
    "key:\n- {}\n",
    "key: [{}]\n",
    "key:\n  deep: {}\n",
    "key:\n- {{a: {}}}\n",
    "other: x\nkey:   {}   \nmore: y\n",
)


def leaf(data: Any) -> Any:
    """Return the one value of ``key`` in data of any of the places."""
    value = data["key"]
    while not isinstance(value, str) and value is not None:
        value = value[0] if isinstance(value, list) else next(iter(value.values()))
    return value


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("text", TEXTS)
def test_text_stays_text(text: str, place: str) -> None:
    """What other readers take for a number, a date or a truth value is the text that the curator wrote."""
    if "," in text and ("[" in place or "{{" in place):
        text = text.replace(",", ";")
    for reader in (yamltext.load, fastyaml.load):
        assert leaf(reader("\n" + place.format(text))) == text


@pytest.mark.parametrize("text", ["", "~", "null"])
@pytest.mark.parametrize("place", ["key: {}\n", "key:\n- {}\n", "key:\n  deep: {}\nmore: x\n"])
def test_nothing_is_nothing(text: str, place: str) -> None:
    """An empty value, ~ and null mean that there is none."""
    for reader in (yamltext.load, fastyaml.load):
        assert leaf(reader("\n" + place.format(text))) is None


@pytest.mark.parametrize("text", ["'null'", '"~"', "''"])
def test_quoted_is_text(text: str) -> None:
    """In quotes even null is text."""
    for reader in (yamltext.load, fastyaml.load):
        assert leaf(reader(f"\nkey: {text}\n")) == text[1:-1]


def outcome(reader: Any, text: str) -> object:
    """Return what a reader makes of a text: its data, or its error with the place."""
    try:
        return reader(text)
    except YamlError as error:
        return (str(error), error.line, error.column)


FRAGMENTS = st.sampled_from(
    ["key", "other", "a", ":", ": ", "- ", "\n", "\n  ", "\n- ", "\n  - ", "'", '"', "[", "]", "{", "}", ", ", "#",
     " #", "&x ", "*x", "!!str ",
     "!!int ", "!x ", "|", ">", "|-", ">+", "\n\n", "? ", "<<: ", "2020", "no", "null", "~", "\\n", "\\u00e4",
     "\\x41", "\\0", "\t", "%", "@", "`",
     "...", "---", "\u00e4", "\U0001f9ec", "text", " ", "  ", "''", "\r\n", "\\ud83d\\ude00", "\u00a0", "=", "1e5",
     "\\", "\n\t", "\x01", "\x7f", "\ufffe", "\x85"]
)  # fmt: skip
DOCUMENTS = st.lists(FRAGMENTS, max_size=14).map("".join).map(lambda t: "\n" + t) | st.lists(FRAGMENTS, max_size=8).map(
    lambda parts: "\nkey: " + "".join(parts) + "\nother: x\n"
)


@settings(max_examples=1500)
@given(DOCUMENTS)
@example("\nkey: !!int 5\nother: x\n")
@example("\nkey: !!python/object/apply:os.system ['x']\n")
@example("\nkey: !x text\n")
@example("\na: &x 1\nb: *x\n")
@example("\nkey: a\nkey: b\n")
@example("\nkey: {a: 1, a: 2}\n")
@example("\nkey: a\n... \nb: c\n")
@example("\n<<: {a: b}\nc: d\n")
@example('\nkey: "\\ud83d\\ude00"\n')
@example("\nkey: |\n  a\n\n   b\n")
@example("\nkey: a\r\nb: c\r\n")
@example("\nkey: 'it''s'\n")
@example("\nkey: a  # note\n")
@example("\nkey: a#b\n")
@example("\nkey: 1 \nother: x\n")
@example("\nkey: a\x01b\n")
@example("\nkey: 'a\x00b'\n")
@example("\n? key\n: text\n")
def test_fast_reader_equals_the_reference(text: str) -> None:
    """Whatever the text, the fast reader gives the data or the error of the reference."""
    assert repr(outcome(fastyaml.load, text)) == repr(outcome(yamltext.load, text))  # repr: a value may hold itself


WRITTEN = st.lists(FRAGMENTS, min_size=1, max_size=3).map("".join) | st.sampled_from(
    ["AKT1", "'207'", "NO", "1E5", "2020-01-01", ":TP53", "-cat", "- a", "?x", "p53 # seen", "p53#", "a: b", "a:",
     "a:b", "NA", ".na.character", "''", "'it''s'",
     "' x'", '"AKT"', "", "Null", "\u03b2-catenin", "x ", "%a", "[x]", "A, B"]
)  # fmt: skip
ROWS = st.lists(st.tuples(*[WRITTEN] * 5) | st.just(("A", "B", "hgnc_symbol", "B", "'1'")), max_size=4).map(
    lambda rows: "".join(
        f"- word: {a}\n  symbol: {b}\n  source: {c}\n  hgnc_symbol: {d}\n  entrez: {e}\n" for a, b, c, d, e in rows
    )
)
LISTS = st.tuples(
    st.sampled_from(
        ["figid: x\n", "caption: 'text\n", 'caption: "text\n', "caption: |\n", "genes: []\n", "a: {b: c,\n", ""]
    ),
    st.sampled_from(["genes", "chemicals", "other"]),
    ROWS,
    st.sampled_from(
        ["", "figtype: Figure\n", "end'\n", 'end"\n', "}\n", "genes: []\n", "\n", "# note\n", "  more\n", "- word: a\n"]
    ),
).map(lambda parts: f"\n{parts[0]}{parts[1]}:\n{parts[2]}{parts[3]}")


@settings(max_examples=1000)
@given(LISTS)
@example("\ncaption: 'text\ngenes:\n- word: A\n  symbol: A\n  source: a\n  hgnc_symbol: A\n  entrez: 1\nend'\n")
@example("\ngenes:\n- word: A\n  symbol: A\n  source: a\n  hgnc_symbol: A\n  entrez: 1\ngenes: []\n")
@example("\ngenes:\n- word: A\n  symbol: A\n  source: a\n  hgnc_symbol: A\n  entrez: 1\n    2\n")
def test_mentions_read_by_rows_equal_the_reference(text: str) -> None:
    """Lists of mentions, which are read without a parser, are what the reference makes of them, wherever they stand."""
    assert repr(outcome(fastyaml.load, text)) == repr(outcome(yamltext.load, text))


BEHIND_KEYS = st.lists(
    FRAGMENTS
    | st.sampled_from(
        [
            "word ",
            "two\n  lines",
            "'quoted'",
            "'it''s'",
            "- x",
            "a, b",
            "(*)",
            "# c",
            "x#y",
            "x:y",
            "\n    deep",
            "''''",
        ]
    ),
    min_size=1,
    max_size=5,
).map("".join)
ORDINARY_KEYS = st.sampled_from(["figid", "caption", "schema-jsonld", "'@id'", "a b", "genes", "1"])
ENTRIES = st.lists(
    st.tuples(ORDINARY_KEYS, BEHIND_KEYS).map(lambda e: f"{e[0]}: {e[1]}\n")
    | st.tuples(ORDINARY_KEYS, st.lists(BEHIND_KEYS, max_size=3)).map(
        lambda e: f"{e[0]}:\n" + "".join(f"- {v}\n" for v in e[1])
    )
    | st.tuples(ORDINARY_KEYS, st.lists(st.tuples(ORDINARY_KEYS, BEHIND_KEYS), max_size=3)).map(
        lambda e: f"{e[0]}:\n" + "".join(f"  {k}: {v}\n" for k, v in e[1])
    ),
    max_size=5,
).map(lambda entries: "\n" + "".join(entries))


@settings(max_examples=1000)
@given(ENTRIES)
@example("\na: b\n  - c\n  *d & e\n")
@example("\na:\n    b: c\n  d: e\n")
@example("\na:\n  - b\n  - c\n    d\ne: f\n")
@example("\na: 'b\n\n  c'\n")
@example("\na: b  \n   c  \nd:   \n  e\n")
@example("\na: ' b\n  c '\n")
@example("\na: (b, *c) | d > e\n  ? f\n")
@example("\na: b:\n  *c\n")
@example("\n'a\n  b': c\n")
@example(f"\n{'a' * 1100}: b\n")
@example(f"\n'{'a' * 1100}': b\n")
def test_entries_read_line_by_line_equal_the_reference(text: str) -> None:
    """Keys with texts, lists and mappings, read without a parser, are what the reference makes of them."""
    assert repr(outcome(fastyaml.load, text)) == repr(outcome(yamltext.load, text))


def test_ordinary_front_matter_needs_no_parser(monkeypatch: pytest.MonkeyPatch) -> None:
    """What nearly all records write is read line by line."""
    text = (
        "\nfigid: x\nyear: '2019'\ncaption: 'It''s (a, *b) | one:\n  and two'\norganisms:\n- Homo sapiens\nndex: ''\n"
        "doi:\nannotations: []\nschema-jsonld:\n  '@id': https://example.org/x\n  creator:\n    name: A\n"
        "  keywords:\n  - NO\n  - 1E5\n"
    )
    expected = yamltext.load(text)
    for name in ("load", "loads"):
        monkeypatch.delattr(yamltext if name == "load" else fastyaml, name)
    assert fastyaml.load_rows(text) == expected


def test_ordinary_mentions_are_read_by_rows() -> None:
    """The quick way is taken for the mentions of an ordinary record."""
    text = "\nfigid: x\ngenes:\n- word: A\n  symbol: B\n  source: s\n  hgnc_symbol: C\n  entrez: '1'\nfigtype: F\n"
    assert fastyaml.load_rows(text)["genes"] == (
        ("word", "symbol", "source", "hgnc_symbol", "entrez"),
        [("A", "B", "s", "C", "1")],
    )


# Line breaks that only YAML 1.1 knows are left out: PyYAML writes them so that it reads them as blanks.
VALUES = st.recursive(
    st.text(st.characters(codec="utf-8", exclude_characters="\x85\u2028\u2029\ufeff"), max_size=30)
    | st.sampled_from(TEXTS),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text("abKey", min_size=1, max_size=4), inner, max_size=3)
    ),
    max_leaves=8,
)
STYLES = st.fixed_dictionaries(
    {"default_style": st.sampled_from([None, "'", '"', "|", ">"]), "width": st.sampled_from([20, 80, 10_000]),
     "allow_unicode": st.booleans(),
     "default_flow_style": st.sampled_from([None, False, True])}
)  # fmt: skip


@settings(max_examples=300)
@given(st.dictionaries(st.text("abcde", min_size=1, max_size=3), VALUES, min_size=1, max_size=4), STYLES)
def test_what_was_written_is_read(data: dict[str, Any], style: dict[str, Any]) -> None:
    """Data that PyYAML writes, in any of its styles, comes back as it was, by either reader."""
    text = "\n" + yaml.safe_dump(data, **style)
    assert load(text) == data
    assert outcome(fastyaml.load, text) == data


@pytest.mark.parametrize(
    ("text", "message", "place"),
    [
        ("\na: 1\na: 2\n", "found the key 'a' again, expected it once; it is first on line 2", (3, 1)),
        ("\nx:\n  - b: 1\n    b: 2\n", "found the key 'b' again, expected it once; it is first on line 3", (4, 5)),
        (
            "\na: !!python/object:os.system x\n",
            "found the YAML tag !!python/object:os.system, expected plain text, lists and mappings",
            (2, 4),
        ),
        ("\na: !x y\n", "found the YAML tag !x, expected plain text, lists and mappings", (2, 4)),
        ("\na: !!str\n- b\n", "found the YAML tag !!str, expected plain text, lists and mappings", (2, 4)),
        ("\na: !!seq b\n", "found the YAML tag !!seq, expected plain text, lists and mappings", (2, 4)),
        ("\n[a, b]: c\n", "found a key that is not text, expected text", (2, 1)),
        ("\na: b\x01\n", "found the character U+0001, which YAML does not allow", (2, 5)),
        ("\na: It\x92s\n", "found the character U+0092, which YAML does not allow", (2, 6)),
        ("\nc: 'a\u2028b'\nx: !y z\n", "found the YAML tag !y", (3, 4)),
        ("\nc: 'a\x85b'\nx: 1\nx: 2\n", "found the key 'x' again", (4, 1)),
        ("\nc: 'a\u2029b'\nd: b: c\n", "needs quotes", (3, 5)),
        ("\ns:\n  a: some text\n  !x k: foo\n", "found a key that is not text", (4, 3)),
        ("\ns:\n  a: some\n    text\n  !x k: foo\n", "found a key that is not text", (5, 3)),
        ("\ns:\n- a: some text\n  !x k: foo\n", "found a key that is not text", (4, 3)),
        ("\na: @b\n", "expected quotes", (2, 4)),
        ("\na: b: c\n", "needs quotes", (2, 5)),
    ],
)
def test_errors_have_a_place(text: str, message: str, place: tuple[int, int]) -> None:
    """What cannot be read is told in words, with line and column."""
    for reader in (yamltext.load, fastyaml.load):
        with pytest.raises(YamlError) as caught:
            reader(text)
        assert message in str(caught.value)
        assert (caught.value.line, caught.value.column) == place


def test_deep_nesting_is_an_error_not_a_crash() -> None:
    """A text of ten thousand brackets is refused."""
    for reader in (yamltext.load, fastyaml.load):
        with pytest.raises(YamlError):
            reader("\na: " + "[" * 10_000)


@pytest.mark.parametrize(
    ("where", "place"),
    [
        ((), (2, 1)),
        (("a",), (2, 4)),
        (("list", 1), (5, 3)),
        (("list", 1, "deep"), (5, 9)),
        (("list", 9), (4, 1)),
        (("gone",), (2, 1)),
        (("list", 1, "gone"), (5, 3)),
    ],
)
def test_locate(where: tuple[str | int, ...], place: tuple[int, int]) -> None:
    """A field is found by its line and column; of one that is not there, the nearest thing around it."""
    assert locate("\na: x\nlist:\n- one\n- deep: two\n", where) == place


@pytest.mark.parametrize("sign", ["\u2028", "\u2029", "\x85", "\r"])
def test_lines_are_those_of_editors(sign: str) -> None:
    """Signs that end a line for YAML, but for no editor, do not shift what stands below, nor beside."""
    text = f"\na: 'b{sign}c'\nd: [e, f]\ng: {{h: 'i{sign}j', k: l}}\n"
    assert [locate(text, where) for where in (("a",), ("d", 1), ("g", "k"))] == [(2, 4), (3, 8), (4, 18)]
