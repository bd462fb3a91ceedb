"""What a reader takes away from a figure's page: link, table, DataNodes, citation, gene lists."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, quote, urlsplit
from xml.etree import ElementTree as ET

import pytest
from playwright.sync_api import expect

from tests.browser.looking import unfold, until
from tests.browser.pages import DEMO, MANY, MARKUP, NONE, ORIGIN, OTHER, SEED, SPECIES, front_matter

if TYPE_CHECKING:
    from playwright.sync_api import Page, Request

    from tests.browser.conftest import Go

pytestmark = pytest.mark.browser

COPY = {"permissions": ["clipboard-read", "clipboard-write"]}
COLUMNS = ["word", "symbol", "source", "hgnc_symbol", "entrez"]
GPML = "{http://pathvisio.org/GPML/2013a}"
ENRICHR = "https://maayanlab.cloud/Enrichr/enrich"
HGNC = "https://www.genenames.org/data/gene-symbol-report/#!/symbol/"
NCBI = "https://www.ncbi.nlm.nih.gov/gene/"
TABLE = """[...document.querySelector('#table table').tBodies[0].rows].map(row => [
  ...[...row.cells].slice(0, 3).map(cell => cell.textContent),
  ...[...row.cells].slice(-2).flatMap(cell => [cell.textContent, cell.querySelector('a')?.getAttribute('href') ?? '']),
])"""
"""Word, match, lexicon, symbol, its address, id and its address, of each row."""
LEXICONS = {
    "hgnc_symbol": "symbol at HGNC",
    "hgnc_alias_symbol": "alias at HGNC",
    "hgnc_prev_symbol": "previous symbol at HGNC",
    "bioentities_symbol": "family in Bioentities",
}
HIDE_CLIPBOARD = """
Object.defineProperty(navigator, 'clipboard', {value: undefined});
addEventListener('copy', () => { window.copied = document.activeElement.value; });
"""


def press(page: Page, name: str) -> None:
    """Press a button by its name."""
    page.get_by_role("button", name=name, exact=True).first.click()


def clipboard(page: Page) -> str:
    """Return the text of the clipboard."""
    return str(page.evaluate("navigator.clipboard.readText()"))


def saved(page: Page, button: str) -> tuple[str, str]:
    """Return name and text of the file that a button offers."""
    with page.expect_download() as waiting:
        press(page, button)
    return waiting.value.suggested_filename, Path(waiting.value.path()).read_text(encoding="utf-8")


def rows(genes: list[dict[str, str]]) -> list[list[str]]:
    """Return the rows of a record's genes, each once, sorted."""
    return sorted(map(list, {tuple(g.get(c, "") for c in COLUMNS) for g in genes}))


def part(node: ET.Element, name: str, *attributes: str) -> tuple[str, ...]:
    """Return attributes of a part of a DataNode."""
    found = node.find(GPML + name)
    assert found is not None
    return tuple(found.attrib[a] for a in attributes)


def balanced(text: str) -> str:
    """Return what stands between the brace that a text starts with and the one that closes it, as BibTeX counts."""
    depth = 0
    for i, character in enumerate(text):
        depth += {"{": 1, "}": -1}.get(character, 0)
        if depth == 0:
            return text[1:i]
    message = f"a brace is not closed: {text[:80]}"
    raise ValueError(message)


def bibtex(text: str) -> dict[str, dict[str, str]]:
    """Return the entries of a BibTeX text by kind, with its key as ``key``; nothing may stand beside."""
    entries: dict[str, dict[str, str]] = {}
    while text := text.strip():
        start = re.match(r"@(\w+)(?=\{)", text)
        assert start, text
        inner = balanced(text[start.end() :])
        text = text[start.end() + len(inner) + 2 :]
        key, rest = inner.split(",", 1)
        fields = {m[1]: balanced(rest[m.end() - 1 :]) for m in re.finditer(r"^\s*(\w+) = \{", rest, re.MULTILINE)}
        entries[start[1]] = {"key": key} | fields
    return entries


def ris(text: str) -> list[dict[str, str]]:
    """Return the records of a RIS text, each a field by tag; every line must be one of tag and value."""
    records: list[dict[str, str]] = [{}]
    for line in filter(None, text.replace("\r\n", "\n").split("\n")):
        found = re.fullmatch("([A-Z][A-Z0-9])  - (.*)", line)
        assert found, line
        if found[1] == "ER":
            records.append({})
        else:
            records[-1][found[1]] = found[2]
    assert records.pop() == {}, "the last record is not ended"
    return records


@pytest.mark.parametrize("figid", [SEED, DEMO, MANY, MARKUP])
def test_gene_table(go: Go, figid: str) -> None:
    """The gene table holds every gene row of the record, with links to HGNC and NCBI Gene."""
    page = go(f"figures/{figid}.html").page
    wanted = {tuple(g.get(c, "") for c in COLUMNS) for g in front_matter(figid)["genes"]}
    assert sorted(map(tuple, page.evaluate(TABLE))) == sorted(
        (word, match, LEXICONS[source], symbol, HGNC + quote(symbol, "!'()*"), ncbi, NCBI + ncbi)
        for word, match, source, symbol, ncbi in wanted
    )


def test_meanings_of_lexicons(go: Go) -> None:
    """Below the gene table stands what a match means in each lexicon that the figure's words were found in."""
    page = go(f"figures/{SEED}.html").page
    unfold(page)
    meanings = page.locator("#table .lexicons")
    used = dict.fromkeys(LEXICONS[g["source"]] for g in front_matter(SEED)["genes"])
    expect(meanings.locator("dt")).to_have_text(list(used))
    expect(meanings.locator("dd").first).to_have_text("The word is the approved symbol of the gene.")
    expect(meanings.locator("dd").first).to_be_visible()


def test_notes_without_scripts(go: Go) -> None:
    """Without scripts the panel says what each word matched and in which lexicon, and offers no empty table."""
    page = go(f"figures/{SEED}.html", java_script_enabled=False).page
    for word, notes in (("Her2", ["HER2 · alias at HGNC"]), ("RAS", ["family in Bioentities"]), ("PTEN", [])):
        expect(page.locator(f"#genes dt:text('{word}') + dd small")).to_have_text(notes)
    expect(page.get_by_text("HER2 · alias at HGNC")).to_be_visible()
    expect(page.locator("#table")).to_be_hidden()


def test_notes_with_scripts(go: Go) -> None:
    """With scripts the gene table has the notes, and the panel is free of them."""
    page = go(f"figures/{SEED}.html").page
    assert [note for note in page.locator("#genes dd small").all() if note.is_visible()] == []


@pytest.mark.parametrize("figid", [SEED, DEMO, MANY, MARKUP])
def test_gene_table_as_tsv(go: Go, figid: str) -> None:
    """The TSV holds every gene row of the record, in the columns of PFOCR's own files."""
    genes = front_matter(figid)["genes"]
    name, text = saved(go(f"figures/{figid}.html").page, "TSV")
    assert name == f"{figid}-genes.tsv"
    head, *body = [line.split("\t") for line in text.removesuffix("\n").split("\n")]
    assert head == COLUMNS
    assert sorted(body) == rows(genes)


@pytest.mark.parametrize("figid", [SEED, MANY, MARKUP])
def test_genes_as_datanodes(go: Go, figid: str) -> None:
    """The GPML is well-formed and holds one DataNode a gene, each with its NCBI Gene id, none upon another."""
    genes = front_matter(figid)["genes"]
    page = go(f"figures/{figid}.html", **COPY).page
    press(page, "PathVisio")
    expect(page.get_by_role("status")).to_have_text("DataNodes for PathVisio copied")
    nodes = ET.fromstring(clipboard(page)).findall(f"{GPML}DataNode")
    refs = [(n.attrib["TextLabel"], *part(n, "Xref", "Database", "ID")) for n in nodes]
    wanted = dict.fromkeys((g["hgnc_symbol"], "Entrez Gene", g["entrez"]) for g in genes)
    assert sorted(refs) == sorted(wanted)
    places = {part(n, "Graphics", "CenterX", "CenterY") for n in nodes}
    assert len(places) == len(nodes)
    assert len({n.get("GraphId") for n in nodes}) == len(nodes)


def test_permalink_and_symbols(go: Go) -> None:
    """Copy link gives the figure's published address, nothing behind it; Copy symbols gives each gene once."""
    page = go(f"figures/{SEED}.html?from=mail#table", **COPY).page
    press(page, "Copy link")
    expect(page.get_by_role("status")).to_have_text("Link copied")
    assert clipboard(page) == f"{ORIGIN}figures/{SEED}.html"
    press(page, "Copy symbols")
    expect(page.get_by_role("status")).to_have_text("Gene symbols copied")
    assert clipboard(page).split("\n") == list(dict.fromkeys(g["hgnc_symbol"] for g in front_matter(SEED)["genes"]))


def test_each_message_stays_its_time(go: Go) -> None:
    """The message of a script that was fetched later is not taken away when the time of the one before is over."""
    page = go("", **COPY).page
    page.clock.install(time=0)
    page.goto(f"figures/{SEED}.html")
    page.get_by_text("Gene table", exact=True).click()
    copier = page.locator("#table").get_by_role("button", name="Copy")
    expect(copier).to_be_visible()
    page.clock.pause_at(3_600_000)
    press(page, "Copy link")
    said = page.locator(".toast")
    expect(said).to_have_text("Link copied")
    page.clock.run_for(3000)
    copier.click()
    expect(said).to_have_text("Gene table copied")
    page.clock.run_for(3000)
    expect(said).to_have_text("Gene table copied")
    page.clock.run_for(2000)
    expect(said).to_have_text("")


def test_copying_where_the_clipboard_is_closed(go: Go) -> None:
    """On plain http, where scripts have no clipboard, copying still works, in the citation dialog too."""
    seen = go("")
    seen.page.add_init_script(HIDE_CLIPBOARD)
    seen.page.goto(f"figures/{SEED}.html")
    press(seen.page, "Copy link")
    expect(seen.page.get_by_role("status")).to_have_text("Link copied")
    assert seen.page.evaluate("window.copied") == f"{ORIGIN}figures/{SEED}.html"
    press(seen.page, "Cite")
    press(seen.page, "Copy BibTeX")
    expect(seen.page.get_by_role("dialog").get_by_role("status")).to_have_text("BibTeX copied")
    assert seen.page.evaluate("window.copied").startswith("@misc{")
    press(seen.page, "Close")
    press(seen.page, "Copy link")
    expect(seen.page.get_by_role("status")).to_have_text("Link copied")
    assert seen.errors == []


def test_citation(go: Go) -> None:
    """The citation dialog gives the figure and its paper as text, BibTeX and RIS, with nothing made up."""
    page = go(f"figures/{SEED}.html", **COPY).page
    record, url = front_matter(SEED), f"{ORIGIN}figures/{SEED}.html"
    press(page, "Cite")
    dialog = page.get_by_role("dialog", name="Cite this figure")
    expect(dialog.locator("pre")).to_have_count(3)
    plain, bib, text = (t or "" for t in dialog.locator("pre").all_text_contents())
    for piece in (
        record["figtitle"],
        record["papertitle"].rstrip("."),
        record["reftext"].rstrip("."),
        "PMC7464074",
        url,
    ):
        assert piece in plain
    entries = bibtex(bib)
    assert list(entries) == ["misc", "article"]
    assert record["figtitle"] in entries["misc"]["title"]
    assert (entries["misc"]["url"], entries["misc"]["year"]) == (url, "2020")
    article = entries["article"]
    assert article["title"] == "{The Changing Paradigm for the Treatment of HER2-Positive Breast Cancer}"
    assert (article["author"], article["journal"], article["year"]) == (
        "Patel, Aena and others",
        "Cancers (Basel)",
        "2020",
    )
    assert (article["volume"], article["number"], article["pages"]) == ("12", "8", "2081")
    figure, paper = ris(text)
    assert (figure["TY"], figure["UR"], figure["PY"]) == ("FIGURE", url, "2020")
    assert (paper["TY"], paper["AU"], paper["T2"], paper["VL"]) == ("JOUR", "Patel, Aena", "Cancers (Basel)", "12")
    press(page, "Copy RIS")
    expect(dialog.get_by_role("status")).to_have_text("RIS copied")
    assert clipboard(page).replace("\r", "") == text.replace("\r", "")


def test_citation_of_a_hostile_record(go: Go) -> None:
    """Braces, breaks and markup of a record neither break BibTeX nor RIS, and stay text on the page."""
    page = go(f"figures/{MARKUP}.html").page
    press(page, "Cite")
    dialog = page.get_by_role("dialog")
    expect(dialog.locator("pre")).to_have_count(3)
    _, bib, text = (t or "" for t in dialog.locator("pre").all_text_contents())
    title = re.sub(r"\\([{}$&#_%])", r"\1", bibtex(bib)["misc"]["title"]).replace(r"\textbackslash{}", "\\")
    title = title.replace(r"\textbraceleft{}", "{").replace(r"\textbraceright{}", "}")
    assert title.removesuffix("}").endswith(front_matter(MARKUP)["figtitle"])
    assert "onerror=alert(1)" in ris(text)[0]["TI"]
    assert dialog.locator("img, svg, script").count() == 0


def test_drugst_one(go: Go) -> None:
    """Drugst.One is a link to the figure's human genes there, in a new tab that knows nothing of the page."""
    tool = go(f"figures/{SEED}.html").page.get_by_role("link", name="Drugst.One")
    link = urlsplit(tool.get_attribute("href"))
    assert (link.scheme, link.netloc, link.path) == ("https", "drugst.one", "/standalone")
    wanted = dict.fromkeys(g["hgnc_symbol"] for g in front_matter(SEED)["genes"])
    assert parse_qs(str(link.query))["nodes"][0].split(",") == list(wanted)
    assert (tool.get_attribute("target"), tool.get_attribute("rel")) == ("_blank", "noopener")


def test_enrichr(go: Go) -> None:
    """Enrichr gets the human genes, one a line, and the title, by a form that it takes, in a new tab."""
    seen = go(f"figures/{SEED}.html")
    posted: list[Request] = []
    seen.context.on("request", lambda request: posted.append(request) if request.method == "POST" else None)
    with seen.context.expect_page(), seen.context.expect_event("request", lambda request: request.method == "POST"):
        press(seen.page, "Enrichr")
    until(seen.page, lambda: ENRICHR in seen.blocked)
    assert [r.url for r in posted] == [ENRICHR]
    kind = posted[0].headers["content-type"]
    assert kind.startswith("multipart/form-data; boundary=")
    pieces = (posted[0].post_data or "").split("--" + kind.split("boundary=")[1])
    fields = {m[1]: piece[m.end() :].strip() for piece in pieces if (m := re.search(r'name="(\w+)"\r\n\r\n', piece))}
    record = front_matter(SEED)
    assert fields["list"].split() == list(dict.fromkeys(g["hgnc_symbol"] for g in record["genes"]))
    assert fields["description"] == record["figtitle"]
    assert seen.page.url.endswith(f"{SEED}.html")


def test_genes_of_other_organisms_are_not_sent(go: Go) -> None:
    """A figure of genes that are not human offers neither Enrichr nor Drugst.One, which know human genes alone."""
    page = go(f"figures/{OTHER}.html").page
    expect(page.get_by_role("button", name="TSV")).to_be_visible()
    expect(page.get_by_role("button", name="Enrichr")).to_have_count(0)
    expect(page.get_by_role("link", name="Drugst.One")).to_have_count(0)


def test_figure_without_genes(go: Go) -> None:
    """A figure without genes says so and offers no gene actions; link and citation remain."""
    seen = go(f"figures/{NONE}.html", **COPY)
    expect(seen.page.locator("#genes")).to_contain_text("No genes were recognised in this figure.")
    expect(seen.page.locator("#genes button")).to_have_count(0)
    press(seen.page, "Copy link")
    expect(seen.page.get_by_role("status")).to_have_text("Link copied")
    assert clipboard(seen.page) == f"{ORIGIN}figures/{NONE}.html"
    press(seen.page, "Cite")
    expect(seen.page.get_by_role("dialog")).to_be_visible()
    assert seen.errors == []


def test_edit_link(go: Go) -> None:
    """The link to edit the record follows the site's address template with the file's name."""
    link = go(f"figures/{SEED}.html").page.get_by_role("link", name="Edit this record")
    assert link.get_attribute("href") == f"https://example.org/edit/{SEED}.md"


def test_choice_of_organism(go: Go) -> None:
    """Genes, count, table, TSV, copies and Drugst.One are those of the organism and lexicon that are chosen."""
    page = go(f"figures/{SPECIES}.html", **COPY).page
    shown = page.locator("#genes dd a:visible")
    expect(shown).to_have_text(["SPEC1 ", "SPEC2 ", "Spec1 ", "Spec3 ", "SPECP "])
    page.get_by_label("Organism").select_option("Mus musculus")
    expect(shown).to_have_text(["Spec1 ", "Spec3 "])
    expect(page.locator("#genes h2")).to_contain_text("2 genes in 2 words")
    assert [row[3] for row in page.evaluate(TABLE)] == ["Spec1", "Spec3"]
    press(page, "Copy symbols")
    expect(page.get_by_role("status")).to_have_text("Gene symbols copied")
    assert clipboard(page) == "Spec1\nSpec3"
    _, text = saved(page, "TSV")
    lines = [line.split("\t") for line in text.splitlines()]
    assert lines[0] == [*COLUMNS, "organism_name"]
    assert [line[3:] for line in lines[1:]] == [
        ["Spec1", "990021", "Mus musculus"],
        ["Spec3", "990023", "Mus musculus"],
    ]
    nodes = page.get_by_role("link", name="Drugst.One").get_attribute("href") or ""
    assert parse_qs(urlsplit(nodes).query)["nodes"] == ["Spec1,Spec3"]
    page.get_by_label("Lexicon").select_option("family in Bioentities")
    expect(shown).to_have_text(["Spec1 "])
    page.get_by_label("Organism").select_option("All organisms")
    expect(shown).to_have_text(["SPEC1 ", "SPEC2 ", "Spec1 "])
    nodes = page.get_by_role("link", name="Drugst.One").get_attribute("href") or ""
    assert parse_qs(urlsplit(nodes).query)["nodes"] == ["SPEC1,SPEC2"]


def test_choice_without_script(go: Go) -> None:
    """Without JavaScript the page names the organisms of its genes and shows all genes."""
    page = go(f"figures/{SPECIES}.html", java_script_enabled=False).page
    expect(page.locator("#genes .of li")).to_have_text(["Homo sapiens", "Mus musculus", "Arabidopsis thaliana"])
    expect(page.locator("#genes dd a:visible")).to_have_count(5)


def test_image_alone(go: Go) -> None:
    """Beside the citation a link leads to the picture in its full size."""
    page = go(f"figures/{DEMO}.html").page
    link = page.locator(".pub").get_by_role("link", name="Image")
    assert link.get_attribute("href") == page.locator(".plate img").evaluate("e => e.src")
