"""The 719 real figures of the sample data: every record a page, every link sound, every table complete."""

from __future__ import annotations

import csv
import gzip
import io
import json
import subprocess
import sys
from collections import Counter
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import unquote, urlsplit
from xml.etree import ElementTree as ET

import pytest
import yaml
from rdflib import URIRef
from rdflib.compare import isomorphic
from selectolax.lexbor import LexborHTMLParser

from builder.read import fastyaml, yamltext
from builder.read.frontmatter import yaml_text
from tests.site.building import figpages, in_process, tree
from tests.support.google import check_google
from tests.support.graphs import by_pyld, by_rdflib
from tests.support.jsonld import check_html, extract
from tests.support.links import check_site
from tests.support.shared import SHARED, needs_shared

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = [needs_shared, pytest.mark.shared]

URL = "https://example.org/pfocr/"
RECORDS = 719


class Real(NamedTuple):
    """The real figures and what was made of them."""

    source: Path
    out: Path
    records: dict[str, dict[str, Any]]
    """Front matter by figid, as plain PyYAML reads it."""


@pytest.fixture(scope="module")
def real(tmp_path_factory: pytest.TempPathFactory) -> Real:
    """Return the site of the real figures, built once by the command."""
    root = tmp_path_factory.mktemp("real")
    maker = [sys.executable, str(SHARED / "corpus/make_corpus.py"), str(RECORDS), str(root / "source")]
    subprocess.run(maker, check=True, capture_output=True)
    ran = figpages("build", "--source", root / "source", "--out", root / "out", "--cache", root / "cache", "--url", URL)
    assert ran.code == 0, ran.err
    assert f"\n{RECORDS} figures, " in f"\n{ran.out}"
    records = {}
    for path in sorted((root / "source").glob("*.md")):
        front = path.read_text(encoding="utf-8").split("\n---\n")[0].removeprefix("---\n")
        records[path.stem] = yaml.load(front, yaml.CBaseLoader)  # noqa: S506 - the base loader makes text alone
    return Real(root / "source", root / "out", records)


def pages(real: Real, folder: str = "") -> list[Path]:
    """Return the HTML files of the site that are no stubs."""
    return [p for p in sorted((real.out / folder).rglob("*.html")) if b"http-equiv=refresh" not in p.read_bytes()]


def table(real: Real, name: str) -> list[dict[str, str]]:
    """Return the rows of a download."""
    text = gzip.decompress((real.out / "downloads" / name).read_bytes()).decode()
    return list(csv.DictReader(io.StringIO(text, newline="\n"), delimiter="\t", quoting=csv.QUOTE_NONE))


def squeezed(text: str) -> str:
    """Return a text with each run of white space as one blank, and without what cannot be published."""
    return " ".join("".join(c for c in text if c >= " " or c.isspace()).split())


def test_every_record_has_its_page(real: Real) -> None:
    """Each figid has its page, with its title as heading, and there is no other page of a figure."""
    assert {p.stem for p in pages(real, "figures")} == set(real.records)
    for figid, record in real.records.items():
        heading = LexborHTMLParser((real.out / f"figures/{figid}.html").read_text(encoding="utf-8")).css_first("h1")
        assert heading is not None
        assert squeezed(heading.text()) == squeezed(record["figtitle"] or figid)


def test_every_caption_and_gene_is_on_the_page(real: Real) -> None:
    """The caption is shown whole, and each gene with a link, under each word that stands for it."""
    for figid, record in real.records.items():
        page = LexborHTMLParser((real.out / f"figures/{figid}.html").read_text(encoding="utf-8"))
        caption = page.css_first(".caption")
        assert squeezed(caption.text() if caption else "") == squeezed(record["caption"])
        shown = Counter(n.text() for n in page.css("#genes dd a"))
        wanted = Counter(g["hgnc_symbol"] for g in {tuple(sorted(g.items())): g for g in record["genes"]}.values())
        assert set(shown) == set(wanted), figid


def test_every_internal_link_resolves(real: Real) -> None:
    """No link, anchor, sitemap entry or redirect of the site leads nowhere, and no two names clash."""
    assert check_site(real.out, URL) == []


def test_every_block_of_structured_data_is_sound(real: Real) -> None:
    """Every JSON-LD block passes the vocabulary of schema.org, the profiles of Bioschemas and Google's rules."""
    found = pages(real)
    assert len(found) > RECORDS
    assert {p.name: errors for p in found if (errors := faults(p))} == {}


def faults(page: Path) -> list[str]:
    """Return what is wrong with a page's structured data, by all rules."""
    text = page.read_text(encoding="utf-8")
    return check_html(text) + [message for doc in extract(text) for message in check_google(doc)]


def test_structured_data_of_the_other_layout(tmp_path: Path) -> None:
    """Of records in the layout of PFOCR's own checkout, too, every block is sound, with genes among its mentions."""
    maker = [sys.executable, str(SHARED / "corpus/make_corpus.py"), "60", str(tmp_path / "source"), "--layout", "pfocr"]
    subprocess.run(maker, check=True, capture_output=True)
    ran = in_process(
        "build", "--source", tmp_path / "source", "--out", tmp_path / "out", "--cache", tmp_path / "c", "--url", URL
    )
    assert ran.code == 0, ran.err
    found = [p for p in (tmp_path / "out").rglob("*.html") if b"http-equiv=refresh" not in p.read_bytes()]
    assert {p.name: errors for p in found if (errors := faults(p))} == {}
    assert any(b'"gene:' in p.read_bytes() for p in (tmp_path / "out/figures").glob("*.html"))


def test_readers_of_rdf_agree_on_real_pages(real: Real) -> None:
    """PyLD and rdflib read the same triples out of pages of real figures and genes, one for each mention of a gene."""
    for page in [*pages(real, "figures")[::36], *pages(real, "genes")[::600]]:
        for doc in extract(page.read_text(encoding="utf-8")):
            found = by_pyld(doc)
            assert isomorphic(found, by_rdflib(doc)), page
            record = real.records.get(page.stem)
            if record:
                mentioned = {
                    str(o).rsplit(":", 1)[-1] for o in found.objects(None, URIRef("http://schema.org/mentions"))
                }
                assert {g["entrez"] for g in record["genes"]} <= mentioned


def test_every_figure_and_gene_has_structured_data(real: Real) -> None:
    """Each figure page describes a Dataset, each first gene page a Gene, the home page the catalogue."""
    kinds = {
        p: {n["@type"] for d in extract(p.read_text(encoding="utf-8")) for n in d["@graph"]}
        for folder in ("figures", "genes")
        for p in pages(real, folder)
    }
    for path, found in kinds.items():
        if path.parent.name == "figures":
            assert {"Dataset", "ScholarlyArticle", "BreadcrumbList"} <= found, path
        elif path.parent.name == "genes" and path.name != "index.html":
            assert {"CollectionPage", "Gene", "ItemList"} <= found, path
    home = {n["@type"] for d in extract((real.out / "index.html").read_text(encoding="utf-8")) for n in d["@graph"]}
    assert {"WebSite", "DataCatalog"} <= home


def test_every_stub_leads_to_its_page(real: Real) -> None:
    """Each redirect_from of a record has a stub that leads to the record's page, at once and for search engines."""
    every = json.loads((real.out / "redirects.json").read_bytes())
    redirects = {k: v for k, v in every.items() if k.startswith("/pfocr/figures/")}
    wanted: dict[str, str] = {}
    for figid in sorted(real.records):
        wanted.setdefault(f"/pfocr{real.records[figid]['redirect_from']}.html", f"/pfocr/figures/{figid}.html")
    assert {unquote(k): unquote(v) for k, v in redirects.items()} == wanted
    for source, target in redirects.items():
        stub = LexborHTMLParser((real.out / unquote(source).removeprefix("/pfocr/")).read_text(encoding="utf-8"))
        refresh, canonical, link = (stub.css_first(s) for s in ("meta[http-equiv=refresh]", "link[rel=canonical]", "a"))
        assert refresh is not None
        assert canonical is not None
        assert link is not None
        assert refresh.attributes["content"] == f"0; url={target}"
        assert link.attributes["href"] == target
        assert canonical.attributes["href"] == f"https://example.org{target}"


def test_sitemap_is_complete(real: Real) -> None:
    """The sitemaps list every page once, stubs and the 404 page aside."""
    space = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
    files = [e.text or "" for e in ET.fromstring((real.out / "sitemap.xml").read_bytes()).iter(f"{space}loc")]
    listed = [
        unquote(urlsplit(e.text or "").path).removeprefix("/pfocr/")
        for f in files
        for e in ET.fromstring((real.out / f.rsplit("/", 1)[-1]).read_bytes()).iter(f"{space}loc")
    ]
    found = {p.relative_to(real.out).as_posix() for p in pages(real)} - {"404.html"}
    named = {p + "index.html" if p.endswith("/") or not p else p for p in listed}
    assert len(named) == len(listed)
    assert {p for p in found if "/letters/" not in p} <= named <= found


def test_table_of_figures_agrees_with_the_records(real: Real) -> None:
    """Each record is one row with its values."""
    rows = {r["figid"]: r for r in table(real, "figures.tsv.gz")}
    assert set(rows) == set(real.records)
    columns = {
        "pmcid": "pmcid",
        "year": "year",
        "title": "figtitle",
        "papertitle": "papertitle",
        "reftext": "reftext",
        "filename": "filename",
    }
    for figid, row in rows.items():
        for column, key in columns.items():
            assert squeezed(row[column]) == squeezed(real.records[figid][key]), (figid, column)


def test_table_of_mentions_agrees_with_the_records(real: Real) -> None:
    """Each gene mention of each record is one row, in the order of the record."""
    found: dict[str, list[tuple[str, ...]]] = {}
    for r in table(real, "gene-mentions.tsv.gz"):
        found.setdefault(r["figid"], []).append(
            (squeezed(r["word"]), r["match"], r["lexicon"], r["symbol"], r["ncbigene_id"])
        )
    for figid, record in real.records.items():
        wanted = [
            (squeezed(g["word"]), g["symbol"], g["source"], g["hgnc_symbol"], g["entrez"]) for g in record["genes"]
        ]
        assert found.get(figid, []) == wanted, figid


def test_gene_sets_agree_with_the_records(real: Real) -> None:
    """The gene set of a figure is the set of its NCBI Gene ids; figures of less than three genes have none."""
    lines = [
        line.split("\t")
        for line in (real.out / "downloads/pfocr-Homo_sapiens.gmt").read_text(encoding="utf-8").splitlines()
    ]
    wanted = {f: {g["entrez"] for g in r["genes"]} for f, r in real.records.items()}
    assert {line[0]: set(line[2:]) for line in lines} == {f: ids for f, ids in wanted.items() if len(ids) >= 3}
    assert all(len(line) == len(set(line[2:])) + 2 for line in lines)


def test_gene_pages_agree_with_the_records(real: Real) -> None:
    """Every gene of every record has a page; the list of names gives it the right number of figures."""
    figures: dict[str, set[str]] = {}
    for figid, record in real.records.items():
        for g in record["genes"]:
            figures.setdefault(g["entrez"], set()).add(figid)
    rows = json.loads((real.out / "genes/names.json").read_bytes())
    assert len(rows) == len(figures)
    assert Counter(row[2] for row in rows) == Counter(map(len, figures.values()))
    for symbol, path, _, _ in rows:
        assert (real.out / "genes" / unquote(path)).exists(), symbol


def test_every_figure_is_listed_on_its_genes_pages(real: Real) -> None:
    """A gene's page lists every figure that shows it, and its own page shows the gene."""
    listed: dict[str, set[str]] = {}
    for page in pages(real, "genes"):
        if page.name == "index.html" or page.parent.name == "letters":
            continue
        links = [
            n.attributes["href"] or "" for n in LexborHTMLParser(page.read_text(encoding="utf-8")).css("ol.list li a")
        ]
        listed.setdefault(page.name.split(".")[0], set()).update(
            unquote(x.rsplit("/", 1)[-1]).removesuffix(".html") for x in links
        )
    shown: dict[str, set[str]] = {}
    for figid in real.records:
        page_text = LexborHTMLParser((real.out / f"figures/{figid}.html").read_text(encoding="utf-8"))
        for link in page_text.css("#genes dd a"):
            shown.setdefault(unquote((link.attributes["href"] or "").rsplit("/", 1)[-1]).split(".")[0], set()).add(
                figid
            )
    assert listed == shown


def test_outputs_hold_no_path_of_this_machine(real: Real) -> None:
    """Nothing that is published tells where it was built."""
    here = str(real.source.parent).encode()
    assert [name for name, data in tree(real.out).items() if here in data] == []


def test_fast_reader_agrees_on_real_records(real: Real) -> None:
    """Both readers of YAML give the same data for every real record."""
    for path in sorted(real.source.glob("*.md")):
        front = yaml_text(path.read_text(encoding="utf-8"))
        assert fastyaml.load(front) == yamltext.load(front), path.name


def test_check_finds_no_error(real: Real) -> None:
    """The real records have no error; what is odd in them are warnings with their place."""
    ran = in_process("check", "--source", real.source, "--jobs", "1", "--cache", real.out.parent / "cache")
    assert ran.code == 0
    assert all(line.startswith((str(real.source), "... and ")) for line in ran.out.splitlines())
