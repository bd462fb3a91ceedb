"""Names that hurt: every one has a page of its own, and comes out escaped and complete wherever it is shown."""

from __future__ import annotations

import csv
import gzip
import io
import json
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote
from xml.etree import ElementTree as ET

import pytest
from selectolax.lexbor import LexborHTMLParser

from tests.site.building import build, gene, record, tree, write_site
from tests.support.jsonld import check_graph, extract, read_blocks
from tests.support.links import check_site

if TYPE_CHECKING:
    from pathlib import Path

CYRILLIC = "\u041c\u0415\u041a"
"""MEK in letters that only look Latin, as OCR reads it."""
SYMBOLS = {
    "a/b": "101", "..": "102", "index": "103", "C'EBPA": "104", "CEBPA": "1050", "MAR1": "54996", "Mar1": "17158",
    "NO": "107", "ON": "108", "1E5": "109", "null": "110", "letters": "111", "names": "112", "con": "113", "a b": "114",
    "a_b": "115", "IFN-\u03b3": "116", "\U0001f9ec": "117", "\u05d0\u05d1\u05d2": "118", 'x<y>&"z"': "119",
    "%2F": "120",
    "?q": "121", "#h": "122", "a\\b": "123", "mar1": "", "Index": "125", ".hidden": "126", "-dash": "127", "~": "128",
    "AKT1.p2": "129", "G" * 300: "130", "{{ 7*7 }}": "131", "true": "132", "0x1F": "133", "1_000": "134", "ß": "135",
    "SS": "136",
}  # fmt: skip
WORDS = (":TP53", "IPP----", "|(ppsA)", "MSTN\u2193\u2193", CYRILLIC, "NO", "yes", "1:30", "- a", "# b", "<i>w</i>",
'"q"', "it's", "a\tb",
         "---", "\U0001f9ea", "{{ x }}", "=SUM(A1)", "null")  # fmt: skip
TITLES = {
    "PMC10__ten-kilobytes": "Pathway " + '\u00e4 b\u00e7 <tag> & "quote" ' * 450 + "end",
    "PMC10__emoji": "DNA \U0001f9ec \U0001f468\u200d\U0001f469\u200d\U0001f467 \u26a0\ufe0f",
    "PMC10__right-to-left": "\u05de\u05e1\u05dc\u05d5\u05dc \u0645\u0633\u0627\u0631",
    "PMC10__markup": "</title></script><script>alert(1)</script> <!-- {{ 7*7 }} --> & &amp; ' \"",
    "PMC10__one-word": "W" * 3000,
    "PMC10__lines": "first\nsecond\tthird\u2028fourth",
}
FIGIDS = (
    "2e3",
    "PMC10__fig.1.2.3",
    "PMC10__\u00dcn\u00ef",
    "PMC10__a b+c,d@e",
    "1_000",
    "PMC10__it's",
    "0x1f",
    "PMC10__x.html",
    "PMC10__x",
)
REDIRECTS = (
    "/figures/\u00c9 t\u00e9",
    "/figures/it's",
    "/figures/a$b",
    "/figures/a;b",
    "/figures/{b}",
    "/figures/a,b@c",
    "/~old/x",
    "/a%20b",
    "/v1.2/f",
)


def plain(figid: str) -> str:
    """Return a record in which nothing is quoted, so that YAML would make numbers and truth values of it."""
    return (
        f"---\nfigid: {figid}\npmcid: PMC10\nyear: 2020\nnumber: 1.10\nfigtitle: 1e3\npapertitle: Yes\n"
        "organisms: Homo sapiens\n"
        "genes:\n- {word: NO, symbol: ON, source: hgnc_symbol, hgnc_symbol: NO, entrez: 107}\n"
        "- {word: 1E5, symbol: 0x1F, source: off, hgnc_symbol: 1E5, entrez: 0109}\n---\n"
    )


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a site of all those names."""
    root = tmp_path_factory.mktemp("names")
    rows = [gene(s, n) for s, n in SYMBOLS.items()]
    files = {
        "PMC10__genes": record("PMC10__genes", pmcid="PMC10", genes=rows),
        "PMC10__words": record(
            "PMC10__words", pmcid="PMC10", genes=[gene("TP53", "7157", w) for w in WORDS], redirect_from=list(REDIRECTS)
        ),
        **{figid: record(figid, pmcid="PMC10", figtitle=title, caption=title) for figid, title in TITLES.items()},
        **{f"figures/{f}.md": plain(f) if f in {"2e3", "1_000", "0x1f"} else record(f, pmcid="PMC10") for f in FIGIDS},
    }
    source = write_site(
        root / "source",
        files,
        "url: https://example.org/sub/\nfeed_size: 100\nredirects: [html, netlify, nginx, apache]\n",
    )
    ran = build(source, root / "out", root / "cache")
    assert (ran.code, ran.err) == (0, "")
    return root / "out"


def page(site: Path, path: str) -> LexborHTMLParser:
    """Return a page as a browser parses it."""
    return LexborHTMLParser((site / path).read_text(encoding="utf-8"))


def names(site: Path) -> list[tuple[str, str, int, str]]:
    """Return the rows of the list of all genes."""
    return [tuple(row) for row in json.loads((site / "genes/names.json").read_bytes())]


def table(site: Path, name: str) -> list[dict[str, str]]:
    """Return the rows of a download."""
    text = gzip.decompress((site / "downloads" / name).read_bytes()).decode()
    return list(csv.DictReader(io.StringIO(text, newline="\n"), delimiter="\t", quoting=csv.QUOTE_NONE))


def heading(site: Path, path: str) -> str:
    """Return the text of a page's heading."""
    node = page(site, path).css_first("h1")
    assert node is not None
    return node.text()


def squeezed(text: str) -> str:
    """Return a text as HTML shows it, runs of white space being one blank."""
    return " ".join(text.split())


def test_all_links_resolve_and_no_names_clash(site: Path) -> None:
    """Every link of the site works below its path, and no two outputs differ only by case."""
    assert check_site(site, "https://example.org/sub/") == []


def test_every_symbol_has_its_page(site: Path) -> None:
    """Each gene has one page, whose heading is its symbol as it was written."""
    found = {symbol: "genes/" + unquote(path) for symbol, path, _, _ in names(site)}
    assert set(found) == {*SYMBOLS, "TP53"}
    assert len({p.casefold() for p in found.values()}) == len(found)
    for symbol, path in found.items():
        assert squeezed(heading(site, path)) == squeezed(symbol)


def test_every_figure_has_its_page(site: Path) -> None:
    """Each figure has its page at the address that its figid says, exactly."""
    made = {
        p
        for p in tree(site / "figures")
        if not LexborHTMLParser((site / "figures" / p).read_text("utf-8")).css("meta[http-equiv=refresh]")
    }
    assert made == {f"{f}.html" for f in (*TITLES, *FIGIDS, "PMC10__genes", "PMC10__words")}


@pytest.mark.parametrize("figid", TITLES)
def test_titles_are_escaped_and_complete(site: Path, figid: str) -> None:
    """A title comes out whole in the heading, the structured data, the table and the feed, and runs nowhere as code."""
    title = TITLES[figid]
    text = (site / f"figures/{figid}.html").read_text(encoding="utf-8")
    assert squeezed(heading(site, f"figures/{figid}.html")) == squeezed(title)
    documents = extract(text)
    assert [n["name"] for d in documents for n in d["@graph"] if n["@type"] == "Dataset"] == [" ".join(title.split())]
    assert [e for d in documents for e in check_graph(d)] == []
    assert "<script>alert" not in text
    assert "49" not in heading(site, f"figures/{figid}.html")
    rows = {r["figid"]: r["title"] for r in table(site, "figures.tsv.gz")}
    assert squeezed(rows[figid]) == squeezed(title)
    feed = ET.fromstring((site / "feed.xml").read_bytes())
    atom = "{http://www.w3.org/2005/Atom}"
    assert squeezed(title) in [squeezed(e.findtext(f"{atom}title") or "") for e in feed.iter(f"{atom}entry")]


def test_words_are_complete_on_the_figure_page(site: Path) -> None:
    """Words of any characters are shown as OCR read them, each with its gene."""
    shown = [squeezed(n.text()) for n in page(site, "figures/PMC10__words.html").css("#genes dt")]
    assert shown == [squeezed(w) for w in WORDS]


def test_words_are_complete_on_the_gene_page(site: Path) -> None:
    """The words by which a gene was seen are all on its page, each as it was read."""
    items = [squeezed(n.text()).rsplit(" ", 1)[0] for n in page(site, "genes/TP53.html").css(".words li")]
    assert sorted(items) == sorted(squeezed(w) for w in WORDS)


def test_words_are_complete_in_the_table(site: Path) -> None:
    """Every mention is one row of as many cells as the header, its word unquoted and unbroken."""
    rows = [r for r in table(site, "gene-mentions.tsv.gz") if r["figid"] == "PMC10__words"]
    assert [r["word"] for r in rows] == [w.replace("\t", " ").replace("=SUM", "'=SUM") for w in WORDS]
    assert all(None not in r and None not in r.values() for r in rows)
    symbols = [r["symbol"] for r in table(site, "gene-mentions.tsv.gz") if r["figid"] == "PMC10__genes"]
    assert symbols == list(SYMBOLS)


def test_gene_sets_are_complete(site: Path) -> None:
    """The gene set of a figure holds every id once, and its lines have the form that enrichment tools read."""
    lines = (site / "downloads/pfocr-Homo_sapiens.gmt").read_text(encoding="utf-8").splitlines()
    sets = {line.split("\t")[0]: line.split("\t")[2:] for line in lines}
    assert sorted(sets["PMC10__genes"]) == sorted(n for n in SYMBOLS.values() if n)
    assert set(sets) == {"PMC10__genes"}


def test_unquoted_values_stay_text(site: Path) -> None:
    """What looks like a number or a truth value is shown as the curator wrote it."""
    text = page(site, "figures/2e3.html")
    assert heading(site, "figures/2e3.html") == "1e3"
    shown = text.body.text(separator=" ") if text.body else ""
    assert "1.10" in shown
    assert [n.text() for n in text.css("#genes dt")] == ["NO", "1E5"]
    assert [n.text() for n in text.css("#genes dd a")] == ["NO", "1E5"]
    rows = {r["figid"]: r for r in table(site, "figures.tsv.gz")}
    assert (rows["2e3"]["year"], rows["2e3"]["papertitle"], rows["2e3"]["number"]) == ("2020", "Yes", "1.10")
    assert {"2e3", "1_000", "0x1f"} <= set(rows)


def test_redirects_lead_to_their_page(site: Path) -> None:
    """Each address of a redirect has a stub, and a line in each map, that leads to the figure."""
    every: dict[str, Any] = json.loads((site / "redirects.json").read_bytes())
    data = {a: t for a, t in every.items() if "/figures/" in t}
    assert len(data) == len(REDIRECTS)
    assert set(data.values()) == {"/sub/figures/PMC10__words.html"}
    assert {unquote(a) for a in data} == {"/sub" + unquote(r) + ".html" for r in REDIRECTS}
    for address in data:
        stub = (site / unquote(address).removeprefix("/sub/")).read_text(encoding="utf-8")
        assert 'content="0; url=/sub/figures/PMC10__words.html"' in stub
        assert "https://example.org/sub/figures/PMC10__words.html" in stub


def test_redirect_maps_have_one_blank_a_field(site: Path) -> None:
    """In the maps of servers an address with blanks, quotes or dollars breaks no line."""
    names = ("_redirects", "redirects.apache.txt", "redirects.nginx.conf")
    netlify, apache, nginx = (
        [line for line in (site / name).read_text(encoding="utf-8").splitlines() if "PMC10__words" in line]
        for name in names
    )
    blanks = sum(" " in unquote(r) for r in REDIRECTS)
    assert len(netlify) == len(nginx) == 2 * len(REDIRECTS)
    assert len(apache) == 2 * (len(REDIRECTS) - blanks)
    assert all(len(line.split()) == 3 for line in netlify)
    assert all(len(line.split()) == 2 for line in apache)
    rules = (site / "rewrites.apache.conf").read_text(encoding="utf-8").splitlines()
    assert [len(line.split()) for line in rules if "PMC10__words" in line] == [4] * blanks
    assert '"/sub/figures/\u00c9 t\u00e9" "/sub/figures/PMC10__words.html";' in nginx
    assert '"/sub/figures/a$b.html" "/sub/figures/PMC10__words.html";' in nginx


def test_structured_data_is_sound_everywhere(site: Path) -> None:
    """Every JSON-LD block of the site is JSON, holds no ``<``, and uses schema.org as it should."""
    for path in sorted(site.rglob("*.html")):
        documents, errors = read_blocks(path.read_text(encoding="utf-8"))
        assert errors == [], path
        assert [e for d in documents for e in check_graph(d)] == [], path


def test_text_files_are_utf8(site: Path) -> None:
    """Every text file of the site is UTF-8 without characters that XML and HTML forbid."""
    for name, data in tree(site).items():
        if name.endswith((".html", ".xml", ".json", ".txt", ".gmt", ".conf", "_redirects")):
            text = data.decode("utf-8")
            assert not {c for c in text if c < " " and c not in "\t\n\r"}, name
