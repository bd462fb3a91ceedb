"""What the site publishes beside its pages: downloads, sitemaps, feed, redirects."""

from __future__ import annotations

import json
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builder.catalog.organisms import known_organisms
from builder.model import Organism
from builder.names import fold
from builder.plan.moved import moved_pages
from builder.problems import BuildError
from builder.publish import maps
from builder.publish.maps import feed, names_json, redirect_files, robots, sitemap_names, sitemaps
from builder.publishing import _refuse_case_twins
from builder.read.settings import Settings
from builder.urls import organism_path
from tests.site.building import gene, record
from tests.unit.collection import atlas_of

SITEMAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
ATOM = "{http://www.w3.org/2005/Atom}"
GENES = [gene("TP53", "7157", "p53"), gene("MDM2", "4193"), gene("AKT1", "207"), gene("AKT1", "207", "Akt")]
RECORDS = {
    "PMC2__b": record("PMC2__b", pmcid="PMC2", genes=GENES, filename="b.jpg", wpid="WP1", reftext="A\tB\nC"),
    "PMC1__a": record(
        "PMC1__a", genes=[gene("TP53", "7157"), gene("Trp53", "22059", organism="Mus musculus")], year="2021"
    ),
    "PMC1__c": record("PMC1__c", organisms=["Homo sapiens", "Mus musculus"], figtitle="<b> & 'c'", year=""),
}


def test_sitemaps_are_split(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every page is in one sitemap, no sitemap is too long, and the index names them all."""
    monkeypatch.setattr(maps, "URLS_A_SITEMAP", 4)
    paths = ["index.html", *(f"genes/{i}.html" for i in range(9)), "genes/C~27 & x.html"]
    files = sitemaps(atlas_of({}), paths)
    index = [e.text for e in ET.fromstring(files.pop("sitemap.xml")).iter(f"{SITEMAP}loc")]
    assert index == [f"https://example.org/sub/{name}" for name in files]
    parts = [[e.text or "" for e in ET.fromstring(data).iter(f"{SITEMAP}loc")] for data in files.values()]
    assert [len(p) for p in parts] == [4, 4, 3]
    assert parts[0][0] == "https://example.org/sub/"
    assert parts[2][2] == "https://example.org/sub/genes/C~27%20%26%20x.html"


def test_sitemap_of_nothing() -> None:
    """A site without pages to list has a sitemap all the same, as robots.txt names it."""
    # https://www.sitemaps.org/protocol.html: 50,000 addresses at most
    assert len(sitemap_names(50_001)) > 2
    assert set(sitemaps(atlas_of({}), [])) == set(sitemap_names(0)) == {"sitemap.xml", "sitemap-1.xml"}
    assert b"Sitemap: https://example.org/sub/sitemap.xml" in robots(atlas_of({}))


def test_feed_is_valid() -> None:
    """The feed has what RFC 4287 asks for: ids, titles, dates, an author and a link to itself."""
    atlas = atlas_of(RECORDS, Settings(url="https://example.org/", title="A & B <c>", publisher="The <publisher>"))
    root = ET.fromstring(feed(atlas, [atlas.card(i) for i in range(3)]))
    assert root.findtext(f"{ATOM}title") == "A & B <c>: newest figures"
    assert root.findtext(f"{ATOM}author/{ATOM}name") == "The <publisher>"
    assert root.findtext(f"{ATOM}id") == "https://example.org/"
    assert {e.attrib["rel"]: e.attrib["href"] for e in root.findall(f"{ATOM}link")}[
        "self"
    ] == "https://example.org/feed.xml"
    entries = root.findall(f"{ATOM}entry")
    assert [e.findtext(f"{ATOM}id") for e in entries] == [
        f"https://example.org/figures/{f}.html" for f in ("PMC1__a", "PMC2__b")
    ]
    assert [e.findtext(f"{ATOM}updated") for e in entries] == ["2021-01-01T00:00:00Z", "2020-01-01T00:00:00Z"]
    assert root.findtext(f"{ATOM}updated") == "2021-01-01T00:00:00Z"


def test_feed_without_years() -> None:
    """A figure without a year is no news beside others; where none has one they are there, as old as can be."""
    atlas = atlas_of(RECORDS, Settings(url="https://example.org/"))
    entry = ET.fromstring(feed(atlas, [atlas.card(2)])).find(f"{ATOM}entry")
    assert entry is not None
    assert entry.findtext(f"{ATOM}title") == "<b> & 'c'"
    assert entry.findtext(f"{ATOM}updated") == "1970-01-01T00:00:00Z"


def test_feed_of_nothing() -> None:
    """A site without figures has a valid feed without entries."""
    root = ET.fromstring(feed(atlas_of({}), []))
    assert root.findall(f"{ATOM}entry") == []
    assert root.findtext(f"{ATOM}updated") == "1970-01-01T00:00:00Z"


def test_list_of_names() -> None:
    """The list for filter as you type has each gene with its path, its figures and its words."""
    words = {"genes/TP53.html": "p53"}
    rows = json.loads(names_json(atlas_of(RECORDS), words, 10))
    assert ["TP53", "TP53.html", 2, "p53"] in rows
    assert ["Trp53", "Mus_musculus/Trp53.html", 1, ""] in rows
    assert len(rows) == 4
    assert json.loads(names_json(atlas_of(RECORDS), words, 1)) == [["TP53", "TP53.html", 2, "p53"]]


STUBS = [("figures/old.html", "figures/new.html"), ("a b/~$x.html", "figures/n w.html")]


def test_redirects_as_data() -> None:
    """The redirects are always there as JSON, from address to address."""
    files = redirect_files(atlas_of({}), STUBS)
    assert set(files) == {"redirects.json"}
    assert json.loads(files["redirects.json"]) == {
        "/sub/figures/old.html": "/sub/figures/new.html", "/sub/a%20b/~%24x.html": "/sub/figures/n%20w.html",
    }  # fmt: skip


def test_redirects_for_servers() -> None:
    """Each server's map has both forms of an old address, with and without .html, in its own quoting.

    In Apache's a key ends at a blank, so an address that holds one has a rule beside the map.
    """
    atlas = atlas_of({}, Settings(url="https://example.org/", redirects=("netlify", "nginx", "apache")))
    files = {name: data.decode().splitlines() for name, data in redirect_files(atlas, STUBS).items()}
    assert files["_redirects"] == [
        "/a%20b/~%24x /figures/n%20w.html 301!", "/a%20b/~%24x.html /figures/n%20w.html 301!",
        "/figures/old /figures/new.html 301!", "/figures/old.html /figures/new.html 301!",
    ]  # fmt: skip
    assert files["redirects.apache.txt"] == [
        "/figures/old /figures/new.html",
        "/figures/old.html /figures/new.html",
    ]
    assert files["rewrites.nginx.conf"] == []
    assert files["rewrites.apache.conf"] == [
        r"RewriteRule ^/a\x20b/\~\$x(?:\.html)?$ /figures/n\%20w.html [R=301,L,NE]",
    ]
    assert files["redirects.nginx.conf"][0] == '"/a b/~$x" "/figures/n%20w.html";'


def test_redirects_below_a_path_that_is_encoded() -> None:
    """Apache and nginx compare decoded addresses, that of the site included; where they lead to is encoded."""
    atlas = atlas_of({}, Settings(url="https://example.org/a%20b/", redirects=("nginx", "apache")))
    files = redirect_files(atlas, [("old.html", "figures/new.html")])
    assert files["redirects.nginx.conf"].startswith(b'"/a b/old" "/a%20b/figures/new.html";\n')
    assert files["redirects.apache.txt"] == b""
    rule = rb"RewriteRule ^/a\x20b/old(?:\.html)?$ /a\%20b/figures/new.html [R=301,L,NE]"
    assert files["rewrites.apache.conf"] == rule + b"\n"


EXPLORE = {"explore/index.html", "organisms/index.html", "browse/index.html", "organisms/homo_sapiens.html"}


def test_what_leads_on() -> None:
    """PFOCR's addresses lead to the pages that there are, and none covers a page, not even one of other case."""
    moved = moved_pages([], EXPLORE | {"Browse/Table.html"})
    assert {m.path: m.target for m in moved} == {
        "search.html": "explore/index.html",
        "browse/filters.html": "explore/index.html",
        "browse/organisms.html": "organisms/index.html",
        "browse/wikipathways.html": "browse/index.html",
        "browse/ndex.html": "browse/index.html",
    }
    assert [(m.parameter, m.query) for m in moved if m.parameter] == [("query", "{}"), ("Organism", 'organism:"{}"')]


def test_organisms_keep_their_addresses() -> None:
    """An organism's page stands at PFOCR's address, or a stub does where that address lost something of the name."""
    names = ["Homo sapiens", "Acinetobacter sp.", "acinetobacter (sp)", "A. baumannii ATCC 19606 = CIP 7034", "?"]
    pages = {organism_path(n) for n in names}
    assert "organisms/homo_sapiens.html" in pages
    assert [(m.path, m.title) for m in moved_pages(names, pages)] == [
        ("organisms/a_baumannii_atcc_19606__cip_7034.html", "A. baumannii ATCC 19606 = CIP 7034"),
        ("organisms/acinetobacter_sp.html", "Acinetobacter sp."),
    ]


def test_two_files_on_one_organism() -> None:
    """Of two files that spell one organism with other case both addresses lead on, and the first counts."""
    told = [
        Organism("Homo sapiens", common="human", slugs=("human",)),
        Organism("homo sapiens", common="man", group="Primates", image="thumbs/h.webp", slugs=("sapiens",), width=3),
    ]
    known = known_organisms(["Homo sapiens"], (), told)
    one = known["homo sapiens"]
    assert (one.common, one.group, one.image, one.width) == ("human", "Primates", "thumbs/h.webp", 3)
    moved = moved_pages(["Homo sapiens"], {organism_path("Homo sapiens")}, known)
    assert [m.path for m in moved] == ["organisms/human.html", "organisms/sapiens.html"]


def test_parameters_of_old_addresses() -> None:
    """A parameter of an old address becomes a query of Explore, in the form of each server."""
    atlas = atlas_of({}, Settings(url="https://example.org/sub/", redirects=("netlify", "nginx", "apache")))
    files = {n: d.decode().splitlines() for n, d in redirect_files(atlas, (), moved_pages([], EXPLORE)).items()}
    data = json.loads("".join(files["redirects.json"]))
    assert data["/sub/search.html"] == "/sub/explore/"
    assert data["/sub/search.html?query={}"] == "/sub/explore/?q={}"
    assert data["/sub/browse/filters.html?Organism={}"] == "/sub/explore/?q=organism:%22{}%22"
    netlify = files["_redirects"]
    asked = netlify.index("/sub/search.html query=:value /sub/explore/?q=:value 301!")
    assert asked < netlify.index("/sub/search.html /sub/explore/ 301!")
    assert not [line for line in files["redirects.nginx.conf"] if "explore" in line]
    assert 'if ($args ~ "^query=([^&]+)$") { return 301 "/sub/explore/?q=$1"; }' in map(
        str.strip, files["rewrites.nginx.conf"]
    )
    assert files["rewrites.apache.conf"][-2:] == [
        "RewriteCond %{QUERY_STRING} ^(.*&)?Organism=([^&]+)&(.+)$",
        r"RewriteRule ^/sub/browse/filters(?:\.html)?$ /sub/explore/?q=organism:\%22%2\%22&%1%3 [R=301,L,NE]",
    ]
    assert "/sub/search.html /sub/explore/" in files["redirects.apache.txt"]


def test_several_values_at_netlify() -> None:
    """Netlify cannot split a parameter, so it leaves the address to the stub where there is one."""
    for kinds, lines in ((("html", "netlify"), 0), (("netlify",), 4)):
        atlas = atlas_of({}, Settings(url="https://example.org/", redirects=kinds))
        rules = redirect_files(atlas, (), moved_pages([], EXPLORE))["_redirects"].decode().splitlines()
        assert sum(line.startswith("/browse/filters") for line in rules) == lines
        assert sum(line.startswith("/search") for line in rules) == 4


@given(
    st.lists(st.sampled_from(["a", "A", "b/a", "B/a", "ss", "\u00df", "\u00e9", "e\u0301", "c"]), unique=True),
    st.data(),
)
def test_outputs_that_differ_by_case_are_refused(paths: list[str], data: st.DataObject) -> None:
    """Two outputs that a file system may take for one are refused, whichever of them stood before."""
    folded = [fold(path) for path in paths]
    known = [p for p, f in zip(paths, folded, strict=True) if folded.count(f) == 1 or folded.index(f) == paths.index(p)]
    known = data.draw(st.lists(st.sampled_from(known), unique=True)) if known else []
    if len(set(folded)) == len(paths):
        _refuse_case_twins(paths, known)
    else:
        with pytest.raises(BuildError, match="differ only by case"):
            _refuse_case_twins(paths, known)
