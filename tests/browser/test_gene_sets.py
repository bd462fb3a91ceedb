"""Gene sets: what is pasted, what is recognised, the figures that share most, and what a reader takes away."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.browser import exploring
from tests.browser.exploring import count, renewed, titles
from tests.browser.pages import SEED

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.browser.conftest import Go

pytestmark = pytest.mark.browser

GIVEN = "YAP1, LATS1;LATS2\n7003 | her2 Her-2 NOSUCH1 LATS11"
"""Symbols, an id (TEAD1), a word that OCR saw twice (ERBB2), and two names of no gene, one of them a slip."""
SET = "explore/?view=genes#YAP1,LATS1,LATS2,7003,her2,Her-2,NOSUCH1,LATS11"


def found(page: Page) -> int:
    """Return how many figures share genes, once it is said."""
    return exploring.found(page, "figures? shares? genes")


def shared(page: Page) -> list[int]:
    """Return the numbers of genes that the listed figures share with the set."""
    return [int(t.split(" of ")[0]) for t in page.locator(".nums div:first-child dd").all_text_contents()]


def test_paste_a_set(go: Go) -> None:
    """A pasted list in any form is read, and figures come ranked, each with the genes that it shares."""
    seen = go("explore/")
    page = seen.page
    page.get_by_role("link", name="Gene set").click()
    page.get_by_label("Genes", exact=True).fill(GIVEN)
    page.get_by_role("button", name="Find figures").click()
    assert found(page) > 1
    titles(page)
    first = page.locator(".hits li").first
    expect(first).to_contain_text("Hippo")
    expect(first.locator(".flat a")).to_have_count(shared(page)[0])
    expect(first.get_by_role("link", name="YAP1", exact=True)).to_be_visible()
    expect(first).to_contain_text(re.compile("p.*q"))
    expect(page.get_by_role("main")).to_contain_text("5 genes of Homo sapiens of 8 names.")
    assert (seen.errors, seen.missing) == ([], [])


def test_names_that_were_not_recognised(go: Go) -> None:
    """Names of no gene are listed; a gene of a similar name is offered, and taken on a click."""
    page = go(SET).page
    before = found(page)
    unknown = page.locator(".unknown li")
    expect(unknown).to_have_count(2)
    expect(unknown.first).to_contain_text("NOSUCH1")
    unknown.nth(1).get_by_role("button").first.click()
    expect(unknown).to_have_count(1)
    expect(page).not_to_have_url(re.compile("LATS11"))
    assert found(page) >= before


def test_filters_leave_p_as_it_is(go: Go) -> None:
    """Years, organism and size choose what is listed; a figure that is left keeps its p and q; Back undoes a filter."""
    page = go("explore/?view=genes#AKT1,PTEN,MTOR,ERBB2").page
    before = found(page)
    card = page.locator(".hits li", has_text="mechanism of action")
    titles(page)
    numbers = card.locator(".nums").text_content()
    page.get_by_label("Years, from").fill("2020")
    with renewed(page):
        page.get_by_label("Years, from").press("Enter")
    page.get_by_label("Years, to").fill("2020")
    with renewed(page):
        page.get_by_label("Years, to").press("Enter")
    expect(page).to_have_url(re.compile("year%3A2020#"))
    expect(count(page)).not_to_have_text(f"{before} figures share genes")
    expect(card.locator(".nums")).to_have_text(str(numbers))
    assert 0 < found(page) < before
    page.get_by_label("Genes in figure, to").fill("5")
    page.get_by_label("Genes in figure, to").press("Enter")
    expect(card).to_have_count(0)
    page.go_back()
    expect(card).to_have_count(1)
    page.get_by_label("Organism").select_option("Arabidopsis thaliana")
    expect(page.get_by_role("main")).to_contain_text("No figure is left.")


def test_shared_address(go: Go) -> None:
    """The address of a set shows the same to someone else, and no server is told the genes."""
    page = go(SET).page
    mine = found(page)
    other = go("").page
    asked: list[str] = []
    other.on("request", lambda request: asked.append(request.url))
    other.goto(page.url)
    assert found(other) == mine
    expect(other.get_by_label("Genes", exact=True)).to_have_value(re.compile("YAP1, LATS1"))
    assert [url for url in asked if "LATS2" in url.split("#")[0]] == []


def test_skip_link_keeps_the_set(go: Go) -> None:
    """The link past the header goes to the content, and does not take the place of the set in the address."""
    page = go("explore/?view=genes#AKT1,PTEN").page
    expect(page.locator(".hits li").first).to_be_visible()
    said, address = count(page).text_content(), page.url
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()
    assert page.url == address
    expect(count(page)).to_have_text(str(said))


def test_filters_of_a_shared_address(go: Go) -> None:
    """A set that is shared with filters is opened with them, and its address stays as it is."""
    page = go("explore/?view=genes&q=year%3A2019-2021#AKT1,PTEN,TP53").page
    found(page)
    page.wait_for_timeout(400)  # what is typed is answered after less
    assert page.url.endswith("?view=genes&q=year%3A2019-2021#AKT1,PTEN,TP53")
    expect(page.get_by_label("Years, from")).to_have_value("2019")


def test_save_as_tsv(go: Go) -> None:
    """All ranked figures are saved with overlap, p, q and their genes of the set."""
    page = go(SET).page
    total = found(page)
    with page.expect_download() as waiting:
        page.get_by_role("button", name="Save as TSV").click()
    text = Path(waiting.value.path()).read_text(encoding="utf-8")
    head, *lines = (line.split("\t") for line in text.splitlines())
    rows = [dict(zip(head, line, strict=True)) for line in lines]
    assert len(rows) == total
    assert all(len(row["genes"].split("|")) == int(row["overlap"]) <= int(row["size"]) for row in rows)
    assert [float(row["p"]) for row in rows] == sorted(float(row["p"]) for row in rows)
    assert all(float(row["p"]) <= float(row["q"]) for row in rows)
    assert next(row for row in rows if row["figid"] == SEED)["genes"] == "ERBB2"


def test_example_and_file(go: Go, tmp_path: Path) -> None:
    """An example fills the box and finds figures; so does a file, chosen or dropped, of whatever separators."""
    page = go("explore/?view=genes").page
    page.get_by_role("button", name="Hippo signaling").click()
    expect(page.locator(".hits li").first).to_contain_text("Hippo")
    file = tmp_path / "genes.tsv"
    file.write_text('"ATG5"\t2.5\n"ATG7"\t1.2\nULK1\t0.3\n', encoding="utf-8")
    page.get_by_label("From a file").set_input_files(file)
    expect(page.locator(".hits li").first).to_contain_text("utophagy")
    expect(page.get_by_label("Genes", exact=True)).to_have_value("ATG5, ATG7, ULK1")
    page.evaluate(
        """() => {
          const dataTransfer = new DataTransfer();
          dataTransfer.items.add(new File(['CASP3;CASP8 CASP9'], 'x.txt'));
          document.querySelector('form.set').dispatchEvent(new DragEvent('drop', {dataTransfer, bubbles: true}));
        }"""
    )
    expect(page.get_by_label("Genes", exact=True)).to_have_value("CASP3, CASP8, CASP9")
    expect(page.locator(".hits li").first).to_contain_text("poptosis")


def test_name_of_several_genes(go: Go) -> None:
    """The name of a family counts as the gene that most figures show, says so, and all of the family can be taken."""
    page = go("explore/?view=genes#PI3K,YAP1").page
    before = found(page)
    (line,) = page.locator(".several li").all_text_contents()
    assert re.fullmatch(r"PI3K PIK3\w+, one of \d genes Take all \d", line), line
    with renewed(page):
        page.get_by_role("button", name="Take all").click()
    expect(page.locator(".several")).to_have_count(0)
    expect(page.get_by_role("main")).to_contain_text(re.compile(r"[4-9] genes of Homo sapiens of [4-9] names"))
    assert found(page) >= before


def test_which_gene_each_name_was_taken_for(go: Go) -> None:
    """Every name can be looked at with its gene, left out, and saved."""
    page = go(SET).page
    found(page)
    page.get_by_text("Which gene each name was taken for").click()
    rows = page.locator(".taken tbody tr")
    expect(rows).to_have_count(5)
    expect(rows.filter(has_text="her2")).to_contain_text("ERBB2")
    with page.expect_download() as waiting:
        page.get_by_role("button", name="Save names as TSV").click()
    lines = Path(waiting.value.path()).read_text(encoding="utf-8").splitlines()
    assert [line.split("\t")[:3] for line in lines if line.startswith(("7003", "NOSUCH1"))] == [
        ["7003", "TEAD1", "7003"], ["NOSUCH1", "", ""],
    ]  # fmt: skip
    with renewed(page):
        rows.filter(has_text="her2").get_by_role("button", name="Leave out").click()
    expect(page).not_to_have_url(re.compile("her-?2", re.IGNORECASE))  # its other name goes too


def test_what_is_no_list_of_genes_is_told(go: Go, tmp_path: Path) -> None:
    """A spreadsheet is not searched as if it were text, nor is an empty box sent without a word."""
    page = go("explore/?view=genes").page
    page.get_by_role("button", name="Find figures").click()
    expect(page.locator(".toast")).to_contain_text("paste some genes")
    expect(page.get_by_label("Genes", exact=True)).to_be_focused()
    file = tmp_path / "genes.xlsx"
    file.write_bytes(b"PK\x03\x04\x14\0\x06\0AKT1 PTEN")
    page.get_by_label("From a file").set_input_files(file)
    expect(page.locator(".toast")).to_contain_text("spreadsheet")
    expect(page.get_by_label("Genes", exact=True)).to_have_value("")


def test_genes_in_the_ordinary_search(go: Go) -> None:
    """Where no figure shows all of some genes, the search leads to those that show most of them."""
    page = go("explore/?q=YAP1+LATS1+CASP3+ULK1+NOSUCH1").page
    page.get_by_role("link", name="Rank figures by how many").click()
    expect(page).to_have_url(re.compile("view=genes.*#YAP1,LATS1,CASP3,ULK1$"))
    assert found(page) > 1
    expect(page).to_have_title(re.compile("YAP1, LATS1, CASP3, ULK1 · Explore"))


def test_set_without_a_gene(go: Go) -> None:
    """A set of which nothing is recognised says so and lists the names."""
    page = go("explore/?view=genes#NOSUCH1,NOSUCH2").page
    expect(count(page)).to_have_text("No gene was recognised")
    expect(page.locator(".unknown li")).to_have_count(2)


def test_set_by_keyboard_on_a_phone(go: Go) -> None:
    """By keyboard, on a phone: the set is typed and sent, results come, and nothing scrolls sideways."""
    page = go("explore/?view=genes", viewport={"width": 390, "height": 800}).page
    page.get_by_label("Genes", exact=True).focus()
    page.keyboard.type("AKT1 PTEN MTOR")
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Find figures")).to_be_focused()
    page.keyboard.press("Enter")
    assert found(page) > 1
    titles(page)
    assert page.evaluate("document.scrollingElement.scrollWidth <= innerWidth")
    page.get_by_label("Years, from").focus()
    page.keyboard.type("2021")
    page.keyboard.press("Tab")
    expect(page).to_have_url(re.compile("year"))
    assert page.evaluate("document.querySelector('.explore').contains(document.activeElement)")
