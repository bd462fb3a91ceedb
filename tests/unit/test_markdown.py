"""Texts in Markdown show the site's own pictures and no others, and tables as they are written; DOIs are bare."""

from __future__ import annotations

import re
import sys

import pytest

from builder.render.markdown import render_markdown
from builder.urls import Urls, bare_doi, doi_href


@pytest.mark.parametrize(
    ("source", "shown"),
    [
        ("/images/R&D.png", "/atlas/images/R&amp;D.png"),
        ("</images/fig 1.png>", "/atlas/images/fig%201.png"),
        ("/images/o'brien;a!$.png?v=2", "/atlas/images/o'brien;a!$.png?v=2"),
    ],
)
def test_own_pictures_of_a_text(source: str, shown: str) -> None:
    """A picture of the site is shown whatever signs its name has."""
    body, _ = render_markdown(f"![a]({source})", Urls("https://example.org/atlas/"))
    assert body == f'<p><img alt="a" src="{shown}"></p>'


def test_interrupt_amid_a_link_is_not_swallowed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ctrl+C while a link is looked at ends the build: a page that lost the link is not taken for a good one."""

    def interrupted(*_: object) -> str:
        raise KeyboardInterrupt

    told = sys.unraisablehook
    monkeypatch.setattr("builder.render.markdown._attribute", interrupted)
    with pytest.raises(KeyboardInterrupt):
        render_markdown("[a](/genes/)", Urls("https://example.org/"))
    assert sys.unraisablehook is told


@pytest.mark.parametrize("source", ["https://e.org/a.png", "//e.org/a.png", " https://e.org/a", "ht&#10;tps://e.org/a"])
def test_pictures_of_other_hosts(source: str) -> None:
    """A picture of another host is a link to it, however its address is written."""
    body, _ = render_markdown(f'<img src="{source}" alt="a">', Urls("https://example.org/atlas/"))
    assert "<img" not in body
    assert ">a</a>" in body


def test_columns_of_a_table_keep_their_alignment() -> None:
    """Markdown's ``--:`` aligns a column to the right, ``:-:`` centres it."""
    body, _ = render_markdown("| a | b |\n|--:|:-:|\n| 1 | 2 |", Urls("https://example.org/"))
    assert re.findall(r"<(t[hd]) align=\"(\w+)\">", body) == [
        ("th", "right"), ("th", "center"), ("td", "right"), ("td", "center"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("written", "bare"),
    [
        ("10.1000/A%2Fb", "10.1000/A%2Fb"),
        ("doi: 10.1000/x", "10.1000/x"),
        ("DOI:https://doi.org/10.1016%2Fj.x", "10.1016/j.x"),
        ("https://www.doi.org/10.1002/(SICI)1:1%3C1::AID%3E3.0.CO;2-X", "10.1002/(SICI)1:1<1::AID>3.0.CO;2-X"),
    ],
)
def test_bare_doi(written: str, bare: str) -> None:
    """Of the address of a DOI the DOI itself is shown and linked, not what its signs are percent-encoded as."""
    assert bare_doi(written) == bare
    assert doi_href(bare).count("%25") == bare.count("%")
