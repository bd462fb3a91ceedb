"""The command ``links`` finds every broken link of a built site, and reads pages as an HTML parser does."""

from __future__ import annotations

import gzip
import os
import re
import shutil
from pathlib import Path

import pytest

from builder.links import follow
from builder.links.outgoing import outgoing_fault
from builder.links.scan import read_page
from tests.site.building import build, gene, in_process, record, write_site
from tests.support.links import _read_html, check_site

URL = "https://example.org/sub/"


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a small site with every kind of page, whose links are good."""
    root = tmp_path_factory.mktemp("links")
    genes = [gene("TP53", "7157"), gene("MDM2", "4193"), gene("Trp53", "22059", organism="Mus musculus")]
    names = ("0", "1", "2", "b(c)")
    files: dict[str, str | bytes] = {
        f"PMC1__{i}": record(f"PMC1__{i}", genes=genes, redirect_from=f"/figures/PMC1__F{i}", filename="drawn.svg")
        for i in names
    }
    inner = '<image href="data:image/png;base64,iVBORw0KGgo="/>'
    files["images/drawn.svg"] = f'<svg xmlns="http://www.w3.org/2000/svg" width="40" height="30">{inner}</svg>'
    write_site(root / "source", files, f"url: {URL}\nredirects: [html, netlify, nginx, apache]\n")
    assert build(root / "source", root / "out", root / "cache").code == 0
    return root / "out"


@pytest.fixture
def site(built: Path, tmp_path: Path) -> Path:
    """Return a copy of the site, to break."""
    return shutil.copytree(built, tmp_path / "out")


def links(site: Path, *options: str) -> list[str]:
    """Return what the command prints of a site; its exit code says whether there is anything."""
    ran = in_process("links", "--out", site, "--jobs", "1", *options)
    lines = ran.out.splitlines()
    assert ran.code == (1 if lines else 0)
    assert ran.err.endswith(f" links, {len(lines)} problem{'' if len(lines) == 1 else 's'}\n")
    return lines


def test_good_site(built: Path) -> None:
    """A site as it is built has no broken link, also by several processes; its home page gives its address."""
    assert links(built) == []
    assert links(built, "--url", URL) == []
    assert in_process("links", "--out", built, "--jobs", "2").code == 0
    assert check_site(built, URL) == []


def test_addresses_elsewhere_on_the_host(tmp_path: Path) -> None:
    """What is written in full may lie beside the site on its host, as at GitHub Pages; no other links."""
    settings = "publisher: Lab\npublisher_url: https://lab.example/\ncontact: https://lab.example/contact/\n"
    settings += "image_url: https://lab.example/pictures/{filename}\n"
    page = "---\ntitle: A\n---\n[Lab](https://lab.example/) [typo](https://lab.example/sub/nowhere.html)\n"
    files = {"PMC1__1": record("PMC1__1", filename="a.png"), "pages/zed.md": page}
    source = write_site(tmp_path / "source", files, settings)
    assert build(source, tmp_path / "out", tmp_path / "cache", "--url", "https://lab.example/sub/").code == 0
    assert links(tmp_path / "out") == ["zed.html: https://lab.example/sub/nowhere.html leads to no file"]


@pytest.mark.parametrize(
    ("url", "given"),
    [("https://e.org/p", "https://e.org/p"), ("https://exämple.org/é/", "https://exämple.org/é/"),
     ("https://exämple.org/é/", "https://xn--exmple-cua.org/%C3%A9")],
)  # fmt: skip
def test_address_that_is_given_in_another_form(tmp_path: Path, url: str, given: str) -> None:
    """The address may be given as a build takes it, and as pages have it, with a slash at its end or without."""
    source = write_site(tmp_path / "source", {"PMC1__1": record("PMC1__1")}, "title: T\n")
    assert build(source, tmp_path / "out", tmp_path / "cache", "--url", url).code == 0
    assert links(tmp_path / "out", "--url", given) == []
    (tmp_path / "out/figures/PMC1__1.html").unlink()
    found = links(tmp_path / "out", "--url", given)
    assert found == links(tmp_path / "out")
    assert any("//" in line and "leads to no file" in line for line in found)


@pytest.mark.parametrize("path", ["größe", "gr%C3%B6%C3%9Fe", "a%20b", "plants&crystals"])
def test_path_that_is_sent_in_another_form(tmp_path: Path, path: str) -> None:
    """A path in another alphabet, or with a space, is sent as %XX: in links, and where they are followed."""
    address = f"https://example.org/{path}/"
    write_site(tmp_path / "source", {"PMC1__1": record("PMC1__1", redirect_from="/figures/PMC1__F1")})
    assert build(tmp_path / "source", tmp_path / "out", tmp_path / "cache", "--url", address).code == 0
    assert (tmp_path / "out/robots.txt").read_text("utf-8").isascii()
    assert links(tmp_path / "out") == links(tmp_path / "out", "--url", address) == []


def test_links_are_counted_as_they_stand(built: Path) -> None:
    """Each link of a tag counts, whatever was seen before it and by whom."""
    told = {in_process("links", "--out", built, "--jobs", jobs).err.split(", ")[1] for jobs in ("1", "2")}
    pages = [p.read_text("utf-8") for p in built.rglob("*.html")]
    anchors = sum(len(re.findall(r"<a\s[^>]*href", page)) for page in pages)
    [count] = {int(t.removesuffix(" links").replace(",", "")) for t in told}
    assert count > anchors


def test_wrong_address(built: Path) -> None:
    """Where the site is said to stand elsewhere, its links lead outside."""
    assert any("is outside the site's path /other/" in x for x in links(built, "--url", "https://example.org/other/"))


BREAKS = {
    "<a href=/sub/genes/NONE.html>": "genes/TP53.html: /sub/genes/NONE.html leads to no file",
    '<a href="/sub/genes/mdm2.html">': "genes/TP53.html: /sub/genes/mdm2.html differs in case from genes/MDM2.html",
    "<a href='/genes/TP53.html'>": "genes/TP53.html: /genes/TP53.html is outside the site's path /sub/",
    "<a href=/sub/figures>": "genes/TP53.html: /sub/figures is a folder and wants a slash at its end",
    "<a href=#nowhere>": "genes/TP53.html: genes/TP53.html has no id 'nowhere'",
    "<a href=/sub/genes/MDM2.html#x%20y>": "genes/TP53.html: genes/MDM2.html has no id 'x y'",
    "<img src=missing.png>": "genes/TP53.html: /sub/genes/missing.png leads to no file",
    "<img src=/sub/404.html srcset='/sub/a.png 1x, /sub/404.html 2x'>":
        "genes/TP53.html: /sub/a.png leads to no file",
    "<a href>x</a><a href=''>": "genes/TP53.html: empty href",
    "<i id=a></i><b id='a'>": "genes/TP53.html: id 'a' is given twice",
    '<a title="a > b" href=/sub/none>': "genes/TP53.html: /sub/none leads to no file",
    "<a href=https://example.org/sub/x.html>": "genes/TP53.html: https://example.org/sub/x.html leads to no file",
    '<script type="application/ld+json">{"url":"https://example.org/sub/y.html"}</script>':
        "genes/TP53.html: https://example.org/sub/y.html leads to no file",
    '<script type="application/ld+json">{"@graph":[{"@id":"gene:1"},{"url":"javascript:alert(1)"}]}</script>':
        "genes/TP53.html: javascript:alert(1) has the scheme javascript, expected https",
    '<script type="application/ld+json">{"contentUrl":"/sub/z.jpg"}</script>':
        "genes/TP53.html: /sub/z.jpg leads to no file",
    '<script type="application/ld+json">{"license":"https://doi.org/abc"}</script>':
        "genes/TP53.html: https://doi.org/abc ends in 'abc', expected 10., digits, a slash and a name after doi.org/",
    "<a href='javascript:alert(1)'>": "genes/TP53.html: javascript:alert(1) has the scheme javascript, expected https",
    "<a href='https://doi.org/abc'>":
        "genes/TP53.html: https://doi.org/abc ends in 'abc', expected 10., digits, a slash and a name after doi.org/",
}  # fmt: skip


@pytest.mark.parametrize("markup", BREAKS)
def test_broken_markup(site: Path, markup: str) -> None:
    """Each way in which a link of a page can be broken is told, once, with the page."""
    path = site / "genes/TP53.html"
    path.write_text(path.read_text(encoding="utf-8").replace("</main>", f"{markup}</main>"), encoding="utf-8")
    assert links(site) == [BREAKS[markup]]


@pytest.mark.parametrize(
    "markup",
    ["<!-- <a href=/none> -->", "<script>'<a href=/none>'</script>", "<style>a[href=/none]{}</style>", "href=/none",
     "<a href=#>", "<a href='#top'>", "<a href='#genes=TP53'>", "<p title='href=/none <a href=/none>'>"],
)  # fmt: skip
def test_what_is_no_broken_link(site: Path, markup: str) -> None:
    """What is no link, and anchors that are the browser's or a script's own, are not told."""
    path = site / "genes/TP53.html"
    path.write_text(path.read_text(encoding="utf-8").replace("</main>", f"{markup}</main>"), encoding="utf-8")
    assert links(site) == []


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("sitemap-1.xml", "/sub/genes/TP53.html", "/sub/genes/NONE.html"),
        ("feed.xml", "/sub/figures/PMC1__0.html", "/sub/figures/NONE.html"),
        ("robots.txt", "sitemap.xml", "none.xml"),
        ("redirects.json", ':"/sub/figures/PMC1__0.html', ':"/sub/figures/NONE.html'),
        ("_redirects", " /sub/figures/PMC1__0.html", " /sub/figures/NONE.html"),
        ("redirects.nginx.conf", '"/sub/figures/PMC1__0.html";', '"/sub/figures/NONE.html";'),
        ("redirects.apache.txt", " /sub/figures/PMC1__0.html\n", " /sub/figures/NONE.html\n"),
    ],
)  # fmt: skip
def test_other_files(site: Path, name: str, old: str, new: str) -> None:
    """Sitemaps, the feed, robots.txt and maps of redirects are followed too."""
    path = site / name
    text = path.read_text(encoding="utf-8").replace('": "', '":"')
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")
    found = links(site)
    assert len(found) == 1
    assert found[0].startswith(f"{name}: ")
    assert found[0].endswith("leads to no file")


@pytest.mark.parametrize(
    ("name", "old", "new", "told"),
    [
        ("genes/names.json", '"MDM2.html"', '"NONE.html"', "/sub/genes/NONE.html"),
        ("json/getFigureInfo.json", "figures/PMC1__0.html", "figures/NONE.html", "https://example.org/sub/figures/NONE.html"),
        ("json/getFigureInfo.json", '"figid":"PMC1__0"', '"figid":"NONE"', "/sub/figures/NONE.html"),
        ("json/listFiguresByOrganism.json", '"figid":"PMC1__0"', '"figid":"é/b"', "/sub/figures/%C3%A9/b.html"),
        ("search/rows/*?.json", '"PMC1__0"', '"NONE"', "/sub/figures/NONE.html"),
        ("search/rows/*.list.json", '"', '"x ', "/sub/search/rows/x.json"),
        ("search/index.json", "homo_sapiens.html", "none.html", "/sub/organisms/none.html"),
        ("search/index.json", '"figureGenes":"', '"figureGenes":"x ', "/sub/search/figures/x.bin"),
        ("downloads/datapackage.json", '"path": "figures.tsv.gz"', '"path": "none.gz"', "/sub/downloads/none.gz"),
        ("downloads/SHA256SUMS", "  figures.tsv.gz", "  none.gz", "/sub/downloads/none.gz"),
        ("downloads/README.md", "https://example.org/sub/", "https://example.org/sub/x, ", "https://example.org/sub/x"),
        ("downloads/pfocr.ttl.gz", "genes/TP53.html", "genes/NONE.html", "https://example.org/sub/genes/NONE.html"),
    ],
)  # fmt: skip
def test_data_files(site: Path, name: str, old: str, new: str, told: str) -> None:
    """Of data, addresses in full are followed, and what stands for an address: paths, files, figures' identifiers."""
    path = next(p for p in sorted(site.glob(name)) if not p.name.endswith(".list.json") or "list" in name)
    packed = path.suffix == ".gz"
    data = gzip.decompress(path.read_bytes()) if packed else path.read_bytes()
    assert old.encode() in data
    broken = data.replace(old.encode(), new.encode(), 1)
    path.write_bytes(gzip.compress(broken) if packed else broken)
    assert links(site) == [f"{path.relative_to(site).as_posix()}: {told} leads to no file"]


@pytest.mark.parametrize(
    ("name", "data"),
    [("genes/names.json", b"[1]"), ("search/index.json", b"{}"), ("redirects.json", b"{"),
     ("downloads/pfocr.ttl.gz", b"x"), ("json/getFigureInfo.json", b"[]"), ("genes/TP53.html", b"\xff"),
     ("feed.xml", b"<")],
)  # fmt: skip
def test_files_that_are_not_what_they_should_be(site: Path, name: str, data: bytes) -> None:
    """A file that cannot be read as what its name says is told."""
    (site / name).write_bytes(data)
    assert [line.split(": ")[:2] for line in links(site)] == [[name, "cannot be read"]]


def test_what_was_good_once_is_judged_again(site: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Tags that are passed over on one page do not hide what is wrong on others: anchors and relative links."""
    for folder, mark in (("genes", "a"), ("figures", "b")):
        for path in (site / folder).glob("*.html"):
            text = path.read_text(encoding="utf-8").replace(
                "</main>", "<a href=TP53.html><b id=x></b><a href=#x></main>"
            )
            path.write_text(text.replace("</main>", f"<i id={mark}></i><a href=#a></main>"), encoding="utf-8")
    for known in (1 << 18, 1):
        monkeypatch.setattr("builder.links.follow.KNOWN", known)
        follow._follower.cache_clear()
        found = links(site)
        assert sum("leads to no file" in line for line in found) == 1
        assert sum(line.endswith("has no id 'a'") for line in found) > 1
        assert len(found) == 1 + sum(line.endswith("has no id 'a'") for line in found)


def test_lost_assets_and_pages(site: Path) -> None:
    """A file that is gone is told once, with how many link to it."""
    gone = [next(site.glob("assets/site.*.css")), site / "genes/MDM2.html", site / "figures/PMC1__1.html"]
    names = [p.relative_to(site).as_posix() for p in gone]
    for path in gone:
        path.unlink()
    found = links(site)
    for name in names:
        assert any(f"/sub/{name} leads to no file" in line and "more)" in line for line in found)


@pytest.mark.parametrize(
    "text",
    ["", "<!doctype html><title>T</title><a href=/about.html>A</a>", '<link rel=canonical href="https://[bad/">'],
)
def test_address_of_the_site_that_cannot_be_known(site: Path, text: str) -> None:
    """Without the canonical link of the home page the address must be given: which links are own cannot be told."""
    (site / "index.html").write_text(text, encoding="utf-8")
    ran = in_process("links", "--out", str(site))
    assert ran.code == 1
    assert "index.html: no canonical link, expected the address of the site; give it with --url" in ran.out


def test_names_that_clash(site: Path) -> None:
    """Two files whose names differ only by case are told."""
    (site / "genes/tp53.html").write_bytes((site / "genes/TP53.html").read_bytes())
    assert "genes/TP53.html, genes/tp53.html: differ only by case" in links(site)


def test_folders_that_differ_by_case(site: Path) -> None:
    """An older address may lie in a folder of other capitals: where case does not count both become one."""
    (site / "GENES").mkdir()
    (site / "GENES/old.html").write_bytes((site / "genes/TP53.html").read_bytes())
    assert not [line for line in links(site) if "differ only by case" in line]
    (site / "FIGURES").write_bytes(b"")
    assert "FIGURES, figures: differ only by case" in links(site)


def test_file_name_that_is_no_text(site: Path) -> None:
    """A file whose name is not UTF-8 is told, and the links of the others are followed."""
    try:
        Path(os.fsdecode(os.fsencode(site) + b"/caf\xe9.html")).write_bytes(b"")
    except OSError:
        pytest.skip("this file system has no such names")
    (site / "genes/MDM2.html").unlink()
    found = links(site)
    assert "caf\ufffd.html: a file name that is not UTF-8" in found
    assert any("/sub/genes/MDM2.html leads to no file" in line for line in found)


def test_folder_that_is_no_site(tmp_path: Path) -> None:
    """A folder without a home page is refused."""
    ran = in_process("links", "--out", tmp_path)
    assert ran.code == 1
    assert "holds no index.html" in ran.err


def test_pages_are_read_as_a_parser_reads_them(built: Path) -> None:
    """Of every page, links, anchors and addresses in structured data are those that an HTML parser finds."""
    for path in built.rglob("*.html"):
        text = path.read_text(encoding="utf-8")
        mine, wanted = read_page("html", text, "https://example.org"), _read_html(text, "https://example.org")
        assert (mine.links, mine.ids, mine.silent) == (wanted.links, wanted.ids, wanted.silent), path


@pytest.mark.parametrize(
    "link",
    ["https://example.org/a?b=c#d", "http://localhost:8000/", "mailto:a@example.org?subject=x", "https://doi.org/10.1000/x",
     "https://www.ncbi.nlm.nih.gov/gene/7157", "https://pmc.ncbi.nlm.nih.gov/articles/PMC1/",
     "https://sub.example.co.uk/%C3%A9", "https://example.org/é", "https://zh.wikipedia.org/wiki/拟南芥",
     "https://pflanzenzüchtung.example/x",
     "https://bioregistry.io/mesh:D002118", "https://example.org:8080/(a)/[b]"],
)  # fmt: skip
def test_good_outgoing(link: str) -> None:
    """Addresses of good form are not told."""
    assert outgoing_fault(link) == ""


@pytest.mark.parametrize(
    "link",
    ["https://", "https://a b.org/", "https://example/", "https://example.org/a b", "https://example.org/a\u3000b",
     "https://example.org/\u200b", "https://\u2024.org/",
     "ftp://example.org/",
     "https://example.org/%zz", "https://user@example.org/", "https://example.org:port/", "mailto:nobody",
     "data:text/html,x",
     "https://www.ncbi.nlm.nih.gov/gene/TP53", "https://pmc.ncbi.nlm.nih.gov/articles/123/", "https://-a.org/",
     "https://bioregistry.io/doid:x", 'https://example.org/"'],
)  # fmt: skip
def test_bad_outgoing(link: str) -> None:
    """Addresses that cannot lead anywhere, or must not be on a page, are told."""
    assert outgoing_fault(link)
