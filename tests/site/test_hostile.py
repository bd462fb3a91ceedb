"""Hostile records: whatever a field holds, it is harmless text wherever it comes out, or the record is refused."""

from __future__ import annotations

import gzip
import json
import os
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import unquote, urlsplit
from xml.etree import ElementTree as ET

import pytest
from selectolax.lexbor import LexborHTMLParser

from builder.read.source import Scan, Source, scan_records
from tests.hostile.records import FIELDS, PAYLOADS, PRODUCT, REFUSED, good_records, write_hostile
from tests.site.building import build, in_process, record, tree, write_site
from tests.support.jsonld import read_blocks
from tests.support.links import check_site

if TYPE_CHECKING:
    from collections.abc import Iterator

HOME = "https://example.org/sub/"
OWN_SCRIPT = re.compile(r"/sub/assets/\w+\.[0-9a-f]{10}\.js")
URL_ATTRIBUTES = frozenset({"href", "src", "action", "content", "data", "poster", "srcset", "formaction", "xlink:href"})
ELEMENTS = frozenset({"base", "iframe", "object", "embed", "applet", "style", "math", "template", "noscript", "frame"})
ATOM = "{http://www.w3.org/2005/Atom}"


class Built(NamedTuple):
    """A site of hostile records."""

    out: Path
    refused: set[str]
    told: list[str]


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Built:
    """Return the site, what had to be refused, and what the build said."""
    root = tmp_path_factory.mktemp("hostile")
    source, refused = write_hostile(root / "source")
    ran = build(source, root / "out", root / "cache", "--keep-going")
    assert ran.code == 1
    assert {p.name for p in root.iterdir()} == {"source", "out", "cache", "outside.md"}
    return Built(root / "out", refused, [line.partition("source/figures/")[2] for line in ran.err.splitlines()])


@pytest.fixture(scope="module")
def pages(built: Built) -> dict[str, LexborHTMLParser]:
    """Return every page as a browser parses it."""
    return {n: LexborHTMLParser(d.decode()) for n, d in tree(built.out).items() if n.endswith(".html")}


def test_there_are_three_hundred(built: Built) -> None:
    """Each field meets attacks alone, each attack stands in all fields at once, and the rest is refused."""
    figids = good_records().keys()
    assert len(figids) + len(built.refused) >= 300
    assert {f.split("__all-")[1] for f in figids if "__all-" in f} == PAYLOADS.keys() - {"surrogates"}
    assert len([f for f in figids if f.startswith("PMC9__") and "__all-" not in f]) == 4 * len(FIELDS)


def test_refused_or_published(built: Built) -> None:
    """A record is published, or an error names its file, line and column; nothing in between."""
    errors = {line.split(":")[0] for line in built.told if re.match(r"[^:]+:\d+:\d+: error: ", line)}
    assert errors == built.refused
    made = {
        p.stem for p in (built.out / "figures").glob("PMC*.html") if b"<meta http-equiv=refresh" not in p.read_bytes()
    }
    assert made == good_records().keys()


@pytest.mark.parametrize("name", REFUSED)
def test_refused_by_its_rule(built: Built, name: str) -> None:
    """Each bad file is refused for what is wrong with it, in one printable line."""
    lines = [line for line in built.told if line.startswith(f"{name}/")]
    assert len(lines) == 1
    assert f" {REFUSED[name][1]}]" in lines[0]
    assert lines[0].isprintable()


def attributes(page: LexborHTMLParser) -> Iterator[tuple[str, str, str]]:
    """Yield element, attribute and value of everything on a page."""
    for node in page.css("*"):
        for name, value in node.attributes.items():
            yield node.tag or "", name, value or ""


def test_no_page_has_a_place_for_code(pages: dict[str, LexborHTMLParser]) -> None:
    """No handler, no inline style, no script but the site's own files and JSON-LD, no element that loads or embeds."""
    for path, page in pages.items():
        found = list(attributes(page))
        assert not [a for a in found if a[1].startswith("on") or a[1] in {"style", "srcdoc", "autofocus"}], path
        assert not [t for t in ELEMENTS if page.css_first(t)], path
        for script in page.css("script"):
            if script.attributes.get("type") != "application/ld+json":
                assert OWN_SCRIPT.fullmatch(script.attributes.get("src") or ""), path
                assert not script.text(), path
        assert len(page.css("meta[http-equiv]")) == 1 + (page.css_first("link[rel=stylesheet]") is None), path


def test_every_page_has_its_policy_first(built: Built, pages: dict[str, LexborHTMLParser]) -> None:
    """The policy stands before the first script, forbids what it does not name, and allows nothing inline."""
    for path in pages:
        text = (built.out / path).read_text(encoding="utf-8")
        found = re.search(r'<meta http-equiv=content-security-policy content="([^"]*)">', text)
        assert found, path
        assert found.start() < text.index("<script"), path
        assert found[1].startswith("default-src 'none';"), path
        assert "unsafe" not in found[1], path


def test_addresses_are_addresses(pages: dict[str, LexborHTMLParser]) -> None:
    """No address is a script or data; images are the site's own or the publisher's; links out have rel=noopener."""
    for path, page in pages.items():
        for tag, name, value in attributes(page):
            if name in URL_ATTRIBUTES and not (tag == "meta" and name == "content"):
                scheme = re.match(r"[\x00-\x20]*([a-z][\x09\x0a\x0da-z0-9+.-]*):", value, re.IGNORECASE)
                assert not scheme or scheme[1].lower() in {"http", "https", "mailto"}, (path, value)
                assert not re.match(r"\s*[/\\]{2}", value), (path, value)
            if name == "src" and tag == "img":
                own = re.fullmatch(r"(?!//)[\w./~%+,@()=-]+", value)
                assert own or value.startswith("https://europepmc.org/articles/PMC"), (path, value)
                assert ".." not in urlsplit(unquote(value)).path.split("/"), (path, value)
        for link in page.css("a[href]"):
            if urlsplit(link.attributes["href"] or "").netloc not in {"", "example.org"}:
                assert "noopener" in (link.attributes.get("rel") or "").split(), (path, link.html)
        assert {f.attributes["action"] for f in page.css("form")} <= {"/sub/genes/", "/sub/explore/"}, path


def test_ids_are_the_pages_own(pages: dict[str, LexborHTMLParser]) -> None:
    """No text of a record takes an id or a name that scripts and links of the page look for."""
    for path, page in pages.items():
        ids = [i for i in (n.attributes["id"] for n in page.css("[id]")) if not (i or "").startswith("text-")]
        assert len(ids) == len(set(ids)), path
        assert {n.attributes["name"] for n in page.css("[name]:not(meta)")} <= {"q"}, path


def test_nothing_was_evaluated(built: Built) -> None:
    """No template engine took a text for its own, in any file."""
    for path, data in tree(built.out).items():
        plain = gzip.decompress(data) if path.endswith(".gz") else data
        assert PRODUCT.encode() not in plain, path
        assert b"__subclasses__" in plain or b"<class " not in plain, path


def squeezed(text: str) -> str:
    """Return a text without what is left out on purpose, white space being one blank."""
    text = re.sub("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u202a-\u202e\u2066-\u2069\ufffe\uffff]", "", text)
    return " ".join(text.split())


@pytest.mark.parametrize("name", sorted(PAYLOADS.keys() - {"surrogates"}))
def test_texts_are_whole(built: Built, pages: dict[str, LexborHTMLParser], name: str) -> None:
    """An attack is seen as the text that it is, in the heading and in the structured data, nothing lost or decoded."""
    figid = next(f for f in good_records() if f.endswith(f"__all-{name}"))
    page = pages[f"figures/{figid}.html"]
    heading = page.css_first("h1")
    assert heading is not None
    expected = squeezed(PAYLOADS[name])
    assert squeezed(heading.text()) == expected or "\ufeff" in PAYLOADS[name]
    text = (built.out / f"figures/{figid}.html").read_text(encoding="utf-8")
    (document,), errors = read_blocks(text)
    assert errors == []
    dataset = next(n for n in document["@graph"] if n.get("@type") == "Dataset")
    assert squeezed(dataset["name"]) == expected
    assert re.match(r"https?://", dataset["@id"])
    assert not [n for n in document["@graph"] if n.get("@type") == "Evil"]


def test_xml_is_xml(built: Built) -> None:
    """Feed and sitemaps parse; every dated figure is an entry with its whole title; addresses are the site's."""
    feed = ET.fromstring((built.out / "feed.xml").read_bytes())
    titles = {squeezed(e.findtext(f"{ATOM}title") or "") for e in feed.iter(f"{ATOM}entry")}
    assert {squeezed(p) for n, p in PAYLOADS.items() if n not in {"surrogates", "noncharacters"}} <= titles
    assert all((e.get("href") or "").startswith(HOME) for e in feed.iter(f"{ATOM}link"))
    for path in built.out.glob("sitemap*.xml"):
        places = [e.text or "" for e in ET.fromstring(path.read_bytes()).iter() if e.tag.endswith("}loc")]
        assert places
        assert all(re.fullmatch(re.escape(HOME) + r"[\w/~%.+!,:@()-]*", p, re.ASCII) for p in places)


def test_tables_hold_their_shape(built: Built) -> None:
    """Every row has the cells of the header, and no cell is a formula that does something in a spreadsheet."""
    for path in sorted(p for p in built.out.rglob("*") if p.name.endswith((".tsv.gz", ".gmt", ".tsv"))):
        data = path.read_bytes()
        lines = (gzip.decompress(data) if path.suffix == ".gz" else data).decode().split("\n")
        cells = [line.split("\t") for line in lines[:-1]]
        assert not [c for row in cells for c in row if re.search("[\r\v\f\x85\u2028\u2029\x00]", c)], path
        assert not [c for row in cells for c in row if re.match(r"\s*(=|[+@-].*[(|!])", c)], path
        if path.suffix != ".gmt":
            assert {len(row) for row in cells} == {len(cells[0])}, path


def test_maps_of_servers_hold_their_shape(built: Built) -> None:
    """In the maps for Netlify, nginx and Apache each line is one redirect within the site."""
    inside = r"/sub/[\w/~%.+!,:@()?=-]*"
    for line in (built.out / "_redirects").read_text(encoding="utf-8").splitlines():
        assert re.fullmatch(rf"{inside}( \w+=:\w+)? {inside} 301!", line, re.ASCII), line
    for line in (built.out / "redirects.nginx.conf").read_text(encoding="utf-8").splitlines():
        assert re.fullmatch(rf'"/sub/(?:[^"\\]|\\["\\])*" "{inside}";', line), line  # a key holds no variable
    for line in (built.out / "redirects.apache.txt").read_text(encoding="utf-8").splitlines():
        assert re.fullmatch(rf"/sub/\S+ {inside}", line), line
    assert {urlsplit(a).netloc for a in json.loads((built.out / "redirects.json").read_bytes())} == {""}


def test_json_is_json(built: Built) -> None:
    """Every list for scripts parses, as UTF-8 without half surrogate pairs."""
    for path in built.out.rglob("*.json"):
        assert json.dumps(json.loads(path.read_text(encoding="utf-8"))), path


def test_links_hold(built: Built) -> None:
    """Every link within the site leads somewhere."""
    # A name that looks like a path stands in a title for previews; a text names an image that is not there.
    known = (" is outside the site's path /sub/", "/sub/figures/x leads to no file")
    assert [m for m in check_site(built.out, HOME) if not m.endswith(known)] == []


def test_incremental_and_clean_are_the_same(built: Built) -> None:
    """Built again from the cache, nothing is written."""
    root = built.out.parent
    ran = build(root / "source", root / "out", root / "cache", "--keep-going")
    assert "files: 0 written" in ran.out


def test_check_tells_the_same(built: Built) -> None:
    """The command ``check`` ends with the same errors."""
    ran = in_process("check", "--source", built.out.parent / "source", "--jobs", "1")
    lines = [line.partition("source/figures/")[2] for line in ran.out.splitlines()]
    assert [x for x in lines if ": error: " in x] == [x for x in built.told if ": error: " in x]


def test_file_that_vanishes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A record that is gone when it is to be read is told, and the others are published."""
    source = write_site(tmp_path / "source", {f"PMC1__{n}": record(f"PMC1__{n}") for n in "ab"}, "title: Gone\n")

    def scanned(wanted: Source) -> Scan:
        """Return what is there, of which one file then goes."""
        found = scan_records(wanted)
        (source / "figures/PMC1__a.md").unlink(missing_ok=True)
        return found

    monkeypatch.setattr("builder.sight.scan_records", scanned)
    ran = build(source, tmp_path / "out", tmp_path / "cache", "--keep-going")
    assert ran.code == 1
    assert "PMC1__a.md:1:1: error: cannot read it: No such file or directory [FP018 unreadable]" in ran.err
    assert [p.name for p in (tmp_path / "out/figures").iterdir()] == ["PMC1__b.html"]


def test_another_file_that_cannot_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where a record can be read again and its table cannot, it is the table that is told of."""
    files = {"_figures/PMC1__a.md": record("PMC1__a"), "_data/PMC1__a-genes.tsv": "word\tsymbol\nTP53\tTP53\n"}
    source = write_site(tmp_path / "source", files)
    (source / "figures").rmdir()
    told = []
    for ending in (".md", ".tsv"):

        def opened(path: str, *more: Any, ending: str = ending, **options: Any) -> Any:
            if path.endswith(ending):
                raise PermissionError(13, "Permission denied")  # as root every file can be read
            return open(path, *more, **options)  # noqa: PTH123 - what stands in for it

        monkeypatch.setattr("builder.read.bucket.open", opened, raising=False)
        told += build(source, tmp_path / "out", tmp_path / "cache").err.splitlines()
    assert [line.partition(":")[0].rpartition("/source/")[2] for line in told if "Permission denied" in line] == [
        "_figures/PMC1__a.md",
        "_data/PMC1__a-genes.tsv",
    ]


def test_settings_that_are_a_pipe(tmp_path: Path) -> None:
    """A site.yml that is no file is told; nobody waits for it."""
    source = write_site(tmp_path / "source", {"PMC1__a": record("PMC1__a")})
    os.mkfifo(source / "site.yml")
    ran = in_process("check", "--source", source, "--jobs", "1")
    assert ran.code == 1
    assert "site.yml:1:1: error: found a pipe, expected a file" in ran.out


def test_kept_files_are_left_alone(tmp_path: Path) -> None:
    """No redirect removes, covers or replaces a file that builds are to leave alone."""
    kept = {"CNAME": "example.org", "google1.html": "proof", ".git/config": "x"}
    addresses = ["/CNAME/x", "/cname", "/google1", "/GOOGLE1.html", "/_redirects/x", "/fine"]
    source = write_site(
        tmp_path / "source", {"PMC1__a": record("PMC1__a", redirect_from=addresses)}, "keep_files: [google1.html]\n"
    )
    for name, text in kept.items():
        (tmp_path / "out" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "out" / name).write_text(text, encoding="utf-8")
    (tmp_path / "out/.figpages").touch()
    ran = build(source, tmp_path / "out", tmp_path / "cache")
    assert ran.code == 0
    assert {n: (tmp_path / "out" / n).read_text() for n in kept} == kept
    assert "/sub/fine" not in ran.err
    assert (tmp_path / "out/fine.html").exists()


def test_links_in_the_output_lead_nowhere(tmp_path: Path) -> None:
    """A link that stands where a folder of the site must be is replaced; nothing is written behind it."""
    source = write_site(tmp_path / "source", {"PMC1__a": record("PMC1__a")})
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (tmp_path / "out").mkdir()
    (tmp_path / "out/.figpages").touch()
    (tmp_path / "out/figures").symlink_to(elsewhere)
    assert build(source, tmp_path / "out", tmp_path / "cache").code == 0
    assert list(elsewhere.iterdir()) == []
    assert (tmp_path / "out/figures/PMC1__a.html").exists()
