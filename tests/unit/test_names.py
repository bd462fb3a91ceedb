"""Names become safe file names and come back; addresses of redirects never leave the site."""

from __future__ import annotations

import re
import unicodedata
from pathlib import PurePosixPath
from urllib.parse import quote

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from builder.catalog.figures import RawMentions
from builder.catalog.genes import Genes, identity_of, make_genes
from builder.names import (
    MAX_FIGID_BYTES,
    escape,
    figid_fault,
    fold,
    fold_all,
    letter_of,
    stub_path,
    stub_paths,
    unescape,
)
from builder.render.tables import LETTERS
from builder.urls import figure_path, gene_path, listing_path

SYMBOLS = st.text(max_size=12) | st.sampled_from(
    [
        "a/b",
        "..",
        ".",
        "index",
        "INDEX",
        "C'EBPA",
        "CEBPA",
        "MAR1",
        "Mar1",
        "NO",
        "con",
        "",
        " ",
        "_",
        "~",
        "a b",
        "a_b",
        "ß",
        "ss",
        "ẞ",
        "K",
        "k",
    ]
)
STEPS = st.sampled_from(
    [
        "..",
        ".",
        "/",
        "//",
        "\\",
        "%2e",
        "%2F",
        "%00",
        "?",
        "#",
        ":",
        "http:",
        "//[",
        "@",
        "a",
        "figures",
        ".html",
        "index",
        " ",
        "é",
        "\u2100",
        "\n",
        "%",
    ]
)
ADDRESSES = st.text(max_size=20) | st.lists(STEPS, max_size=8).map("".join)


@pytest.mark.parametrize(
    ("name", "stem"),
    [
        ("TP53", "TP53"),
        ("a/b", "a~2Fb"),
        ("..", "~2E~2E"),
        ("Mus musculus", "Mus_musculus"),
        ("C'EBPA", "C~27EBPA"),
        ("index", "~69ndex"),
        ("names", "~6Eames"),
        ("Con", "~43on"),
        ("a_b", "a~5Fb"),
        ("~", "~7E"),
        ("IL-1β", "IL-1~CE~B2"),
        ("", "~~"),
    ],
)
def test_escape_is_readable(name: str, stem: str) -> None:
    """Plain names stay as they are; what is not safe is written by its bytes."""
    assert escape(name) == stem
    assert unescape(stem) == name


@given(SYMBOLS)
def test_unescape_gives_back_what_escape_took(name: str) -> None:
    """No two names share a file name, since each comes back from its own."""
    stem = escape(name)
    if "~~" not in stem[1:]:
        assert unescape(stem) == name


@given(st.lists(st.text(max_size=5) | st.sampled_from(["\u00e9", "e\u0301", "\u0301", "\u212b", "A\u030a", "\n"])))
@example(["E\u0301", "\u00e9", "\u0301"])
def test_fold_of_many_is_that_of_each(names: list[str]) -> None:
    """Names are equal for a disk that ignores case and Unicode form, whether one or many are compared."""
    assert fold_all(names) == [fold(n) for n in names]
    assert all(fold(unicodedata.normalize(form, n)) == fold(n) for n in names for form in ("NFC", "NFD"))


@given(st.text(max_size=400))
@example("x" * 10_000)
@example("ä" * 10_000)
def test_escape_is_safe(name: str) -> None:
    """Any text becomes a name of letters, digits and - _ ~ that fits every file system."""
    stem = escape(name)
    assert re.fullmatch(r"[A-Za-z0-9_~-]{1,150}", stem)
    assert stem.lower() not in {"index", "letters", "names", "con", "nul", "aux", "prn", "com1", "lpt9"}


@given(st.text("AB", min_size=151, max_size=160), st.text("AB", min_size=151, max_size=160))
def test_long_names_stay_apart(one: str, two: str) -> None:
    """Names that are too long for a file name are cut and still differ."""
    assert (escape(one) == escape(two)) is (one == two)


@given(st.lists(st.sampled_from(["/figures/a", "figures/B-1", "/old/c", "/x\n/figures/y", "figures/a\nfigures/b", ""])))
def test_many_stubs_are_those_of_each(addresses: list[str]) -> None:
    """Paths of many stubs found together are those found one by one."""
    assert stub_paths(addresses) == [stub_path(address)[0] for address in addresses]


def genes_of(mentions: list[tuple[str, str, str]]) -> Genes:
    """Return the genes of one figure that mentions the given id, symbol and organism."""
    unique = list(dict.fromkeys(mentions))
    count = len(unique)
    zeros, start = np.zeros(count, np.int32), np.array([0, count])
    texts, hashes = ["x"], np.zeros(1, np.uint64)
    words, matches, lexicons = [(texts, hashes)] * 3
    number = np.arange(count, dtype=np.int32)
    uses = {"gene": np.ones(count, np.int32)}
    raw = RawMentions(start, zeros, number, zeros, zeros, zeros, unique, hashes, *words, *matches, *lexicons, uses)
    return make_genes(raw, 1, identity_of(raw, "Homo sapiens"))


@given(
    st.lists(
        st.tuples(st.sampled_from(["", "1", "2", "12"]), SYMBOLS, st.sampled_from(["", "Mus musculus", "Homo sapiens"]))
    )
)
def test_no_two_genes_share_a_page(mentions: list[tuple[str, str, str]]) -> None:
    """Every gene has a page of its own, also on a disk that ignores case."""
    genes = genes_of(mentions)
    expected = {("" if o == "Homo sapiens" else o, n or "=" + s) for n, s, o in mentions}
    assert set(genes.key) == expected
    assert len({fold(p) for p in genes.path}) == len(expected)


@given(
    st.permutations([("1", "MAR1", ""), ("17158", "Mar1", ""), ("", "mar1", ""), ("3", "TP53", ""), ("3", "p53", "")])
)
def test_pages_do_not_depend_on_the_order_of_records(mentions: list[tuple[str, str, str]]) -> None:
    """The address of a gene is the same in whatever order its records are read."""
    assert dict(zip(genes_of(mentions).key, genes_of(mentions).path, strict=True)) == dict(
        zip(genes_of(sorted(mentions)).key, genes_of(sorted(mentions)).path, strict=True)
    )


def test_smallest_id_has_the_plain_name() -> None:
    """Of genes whose symbols meet, the one with the smallest NCBI Gene id keeps the plain address."""
    genes = genes_of([("17158", "Mar1", ""), ("54996", "MAR1", ""), ("", "mar1", "")])
    paths = dict(zip(genes.key, genes.path, strict=True))
    assert paths["", "17158"] == "genes/Mar1.html" or paths["", "=mar1"] == "genes/mar1.html"
    assert paths["", "54996"] == "genes/MAR1.54996.html"


@given(ADDRESSES)
@example("//[")
@example("//\u2100a")
@example("/a.html/b")
@example("/.html")
@example("/%2e%2e/%2e%2e/etc/passwd")
@example("/a%2f..%2f..%2fb")
@example("/index.html/")
def test_stub_never_leaves_the_site(address: str) -> None:
    """A redirect has either a path inside the site or a reason why it has none, never both and never neither."""
    path, fault = stub_path(address)
    assert bool(path) != bool(fault)
    if path:
        steps = path.split("/")
        assert path.endswith(".html")
        assert not {"", ".", ".."} & set(steps)
        assert str(PurePosixPath(path)) == path
        assert not re.search(r'[\x00-\x1f\x7f\\?#<>:"|*]', path)
        assert all(len(step.encode()) < 256 for step in steps)
        assert len(path.encode()) <= 800
        assert not any(step.endswith(".html") for step in steps[:-1]), "a page cannot be a folder"


@pytest.mark.parametrize(
    ("address", "path"),
    [
        ("/figures/PMC7464074__F1", "figures/PMC7464074__F1.html"),
        ("figures/PMC7464074__F1", "figures/PMC7464074__F1.html"),
        ("/figures/PMC1__F1.html", "figures/PMC1__F1.html"),
        ("/old/", "old/index.html"),
        ("/v1.2/fig", "v1.2/fig.html"),
        ("/a%20b", "a b.html"),
        ("/figures/control", "figures/control.html"),
        ("/figures/letters", "figures/letters.html"),
        ("/aaa" * 198 + "/bbb", "aaa/" * 198 + "bbb.html"),
    ],
)
def test_stub_path(address: str, path: str) -> None:
    """A redirect stands where a server looks for its address."""
    assert stub_path(address) == (path, "")


@pytest.mark.parametrize(
    ("address", "reason"),
    [
        ("https://example.org/x", "it names a host"),
        ("//example.org/x", "it names a host"),
        ("mailto:x", "it names a host"),
        ("//[", "it names a host"),
        ("/x?y=1", "it holds a query"),
        ("/x#y", "it holds a query or fragment"),
        ("/x?", "it holds a query"),
        ("/../x", "it leaves the site"),
        ("/%2e%2e/x", "it leaves the site"),
        ("/x\\y", "it holds a backslash"),
        ("/x\ny", "it holds a backslash or a control character"),
        ("/", "it is empty"),
        ("/a//b", "it is empty or has an empty step"),
        ("/.htaccess", "full stop"),
        ("/nul", "Windows keeps for devices"),
        ("/figures/Con", "Windows keeps for devices"),
        ("/com1.old/x", "Windows keeps for devices"),
        ("/figures/aux.html", "Windows keeps for devices"),
        ("/aaa" * 198 + "/bbbb", "it is longer than 800 bytes"),
        ("/aaa" * 198 + "/", "it is longer than 800 bytes"),
        (quote("/éé" * 160), "it is longer than 800 bytes"),
    ],
)
def test_stub_refused(address: str, reason: str) -> None:
    """An address that no file can answer is refused, with the reason."""
    path, fault = stub_path(address)
    assert path == ""
    assert reason in fault


@pytest.mark.parametrize("figid", ["PMC1__a", "PMC1__1471-2105.g001", "2e3", "a b", "Ünï", "PMC1__nihms-1.2.3_f1"])
def test_figid_that_is_a_file_name(figid: str) -> None:
    """Figure ids of the kind that is published are taken as they are."""
    assert figid_fault(figid) == ""


@pytest.mark.parametrize(
    "figid",
    ["../x", "a/b", "a\\b", ".x", "x.", " x", "x ", "a\nb", "a\u202eb", "a?b", "a#b", "a%2f", "index", "CON", "nul",
     "x" * (MAX_FIGID_BYTES + 1), "ä" * 101],
)  # fmt: skip
def test_figid_that_is_no_file_name(figid: str) -> None:
    """A figure id that cannot be a file on every system is refused."""
    assert figid_fault(figid)


@pytest.mark.parametrize(
    ("symbol", "letter"),
    [("TP53", "T"), ("tp53", "T"), ("7SK", "0-9"), ("β-catenin", "other"), ("", "other"), ("²x", "other")],
)
def test_letter_of_the_index(symbol: str, letter: str) -> None:
    """Every symbol stands on one page of the A-Z index."""
    assert letter_of(symbol) == letter


@given(st.text(min_size=1, max_size=1))
@example("\u00df")
@example("\ufb01")
def test_every_letter_has_a_page(letter: str) -> None:
    """Whatever a symbol begins with, it stands on a page that the index has."""
    assert letter_of(letter) in LETTERS


def test_paths_of_listings() -> None:
    """Later pages of a listing carry their number after a full stop, which no escaped name can hold."""
    assert listing_path(gene_path("AKT1", ""), 1) == "genes/AKT1.html"
    assert listing_path(gene_path("AKT1", ""), 2) == "genes/AKT1.p2.html"
    assert gene_path("Mar1", "Mus musculus", "17158") == "genes/Mus_musculus/Mar1.17158.html"
    assert figure_path("PMC1__1.5") == "figures/PMC1__1.5.html"
    assert "." not in escape("AKT1.p2")
