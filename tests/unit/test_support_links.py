"""The link checker finds every way in which a link can fail, and nothing else."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from tests.support.links import check_site

if TYPE_CHECKING:
    from pathlib import Path

HOME = """<!doctype html><html><head><title>Home</title>
<link rel="canonical" href="https://example.org/pfocr/">
<link rel="stylesheet" href="/pfocr/assets/a.css">
<meta property="og:image" content="https://example.org/pfocr/assets/a.svg">
</head><body id="body"><a href="genes/">genes</a> <a href="/pfocr/genes/A%C3%9F.html#figures">Aß</a>
<a href="#body">up</a> <a href="#top">top</a> <a href="genes/#genes=TP53,AKT1">state</a>
<a href="mailto:a@example.org">mail</a> <a href="https://example.com/pfocr/nothing">elsewhere</a>
<img src="assets/a.svg" srcset="assets/a.svg 1x, assets/a.svg 2x" alt="a"></body></html>"""
GENE = """<!doctype html><html><head><title>A</title>
<link rel="canonical" href="https://example.org/pfocr/genes/A%C3%9F.html"></head>
<body><h2 id="figures">Figures</h2><a href="../?q=1">home</a><form action="./"></form></body></html>"""
STUB = """<!doctype html><title>moved</title><meta http-equiv="refresh" content="0; url=../">"""
SITEMAP = """<?xml version="1.0" encoding="UTF-8"?>
<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"><url><loc>{}</loc></url></urlset>"""
FEED = """<feed xmlns="http://www.w3.org/2005/Atom"><link href="{}"/></feed>"""


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """Return a small site without fault, published under /pfocr/."""
    write(tmp_path, "index.html", HOME)
    write(tmp_path, "genes/index.html", "<!doctype html><title>Genes</title>")
    write(tmp_path, "genes/Aß.html", GENE)
    write(tmp_path, "genes/old.html", STUB)
    write(tmp_path, "assets/a.css", "body { background: url('a.svg') } i { color: red }")
    write(tmp_path, "assets/a.svg", "<svg xmlns='http://www.w3.org/2000/svg'/>")
    write(tmp_path, "sitemap.xml", SITEMAP.format("https://example.org/pfocr/genes/A%C3%9F.html"))
    write(tmp_path, "feed.xml", FEED.format("https://example.org/pfocr/"))
    write(tmp_path, "robots.txt", "User-agent: *\nSitemap: https://example.org/pfocr/sitemap.xml\n")
    write(tmp_path, "redirects.json", json.dumps({"/pfocr/genes/old": "/pfocr/"}))
    return tmp_path


def write(root: Path, name: str, text: str) -> None:
    """Write one file of a site."""
    path = root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


@pytest.mark.parametrize("base", ["/pfocr/", "pfocr", "https://example.org/pfocr/"])
def test_whole_site_passes(site: Path, base: str) -> None:
    """A site whose links all lead somewhere has no message, however its address is given."""
    assert check_site(site, base) == []


@pytest.mark.parametrize(
    ("html", "message"),
    [
        ('<a href="nothing.html">', "x.html: /pfocr/nothing.html leads to no file"),
        ('<a href="Genes/">', "/pfocr/Genes/ differs in case from genes/index.html"),
        ('<a href="genes">', "/pfocr/genes is a folder and wants a slash at its end"),
        ('<a href="/genes/">', "/genes/ is outside the site's path /pfocr/"),
        ('<a href="../">', "/ is outside the site's path /pfocr/"),
        ('<a href="https://example.org/other">', "is outside the site's path /pfocr/"),
        ('<a href="genes/A%C3%9F.html#nothing">', "genes/Aß.html has no id 'nothing'"),
        ('<a href="#nothing">', "x.html has no id 'nothing'"),
        ('<img src="no.png" alt="">', "/pfocr/no.png leads to no file"),
        ('<img src="" alt="">', "x.html: empty src on <img>"),
        ('<img srcset="no1.png 1x, assets/a.svg 2x" alt="">', "/pfocr/no1.png leads to no file"),
        ('<form action="find">', "/pfocr/find leads to no file"),
        ('<meta http-equiv="refresh" content="0;URL=\'gone.html\'">', "/pfocr/gone.html leads"),
        ('<link rel="canonical" href="https://example.org/pfocr/y.html">', "y.html leads to no"),
        ('<meta property="og:url" content="https://example.org/pfocr/z.html">', "z.html leads to"),
        ('<p id="a"></p><p id="a"></p>', "x.html: id 'a' is given twice"),
        (
            '<script type="application/ld+json">{"url": "https://example.org/pfocr/j.html#x"}</script>',
            "https://example.org/pfocr/j.html#x leads to no file",
        ),
    ],
)
def test_broken_links(site: Path, html: str, message: str) -> None:
    """Every kind of broken link is reported once, with the page that has it."""
    write(site, "x.html", f"<!doctype html><title>x</title>{html}")
    found = check_site(site, "/pfocr/")
    assert len(found) == 1
    assert found[0].startswith("x.html: ")
    assert message in found[0]


def test_other_files(site: Path) -> None:
    """Style sheets, sitemaps, feeds and redirects are followed as pages are."""
    write(site, "assets/b.css", "@import 'no.css'; i { background: url(no.png) }")
    write(site, "sitemap-1.xml", SITEMAP.format("https://example.org/pfocr/no1.html"))
    write(site, "atom.xml", FEED.format("/pfocr/no2.html"))
    write(site, "redirects.json", json.dumps([{"from": "/pfocr/no3", "to": "/pfocr/no4.html"}]))
    assert check_site(site, "/pfocr/") == [
        "assets/b.css: /pfocr/assets/no.css leads to no file",
        "assets/b.css: /pfocr/assets/no.png leads to no file",
        "atom.xml: /pfocr/no2.html leads to no file",
        "redirects.json: /pfocr/no3 has no stub",
        "redirects.json: /pfocr/no4.html leads to no file",
        "sitemap-1.xml: https://example.org/pfocr/no1.html leads to no file",
    ]


def test_names_that_differ_by_case(site: Path) -> None:
    """Two outputs, or two folders, that differ only by case are reported."""
    write(site, "genes/MAR1.html", GENE)
    write(site, "genes/Mar1.html", GENE)
    write(site, "Assets/c.svg", "<svg xmlns='http://www.w3.org/2000/svg'/>")
    assert check_site(site, "/pfocr/")[-2:] == [
        "genes/MAR1.html, genes/Mar1.html: differ only by case",
        "Assets, assets: differ only by case",
    ]


def test_same_target_is_reported_once(site: Path) -> None:
    """A broken link of every page is one message with a count."""
    for name in "abc":
        write(site, f"{name}.html", "<!doctype html><a href='/pfocr/gone.html'>gone</a>")
    assert check_site(site, "/pfocr/") == ["a.html (and 2 more): /pfocr/gone.html leads to no file"]


def test_unreadable_and_empty(tmp_path: Path) -> None:
    """A file that is no XML is a message, and so is a site without files."""
    assert check_site(tmp_path) == [f"{tmp_path}: no file"]
    write(tmp_path, "sitemap.xml", "<urlset>")
    assert check_site(tmp_path)[0].startswith("sitemap.xml: cannot be read: ")
