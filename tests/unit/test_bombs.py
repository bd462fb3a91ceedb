"""Inputs that would take all memory or time are refused or shown as they were written, at once."""

from __future__ import annotations

import re
import time
import zlib
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from builder.problems import BuildError
from builder.publish.cells import guarded, guarded_lines
from builder.publish.tables import readme
from builder.read.bucket import MAX_FINDINGS, read_text
from builder.read.card import cell
from builder.read.drawings import drawing_fault
from builder.read.images import MAX_PIXELS, image_size
from builder.read.settings import Settings
from builder.read.tables import read_genes
from builder.read.texts import LONGEST, MAX_MENTIONS, MAX_TEXT, MOST_LINES, MOST_SIGNS
from builder.read.yamltext import MAX_NESTING
from builder.render.markdown import render_markdown
from builder.urls import Urls
from builder.write.output import make_thumb

if TYPE_CHECKING:
    from collections.abc import Callable

NESTED = {
    "brackets": "x: " + "[" * 1_000_000,
    "closed brackets": "x: " + "[" * 300_000 + "]" * 300_000,
    "braces": "x: " + "{a: " * 300_000,
    "dashes": "x:\n" + "- " * 300_000 + "a",
    "keys": "x:\n" + "? " * 300_000 + "a",
    "mixed": "x:\n" + "- ? " * 150_000 + "a",
    "brackets and quotes": "x: " + '["]]]]",' * 100_000,
    "lines": "".join(" " * i + "k:\n" for i in range(1500)),
    "short": "x: " + "[" * 200 + "]" * 200,
}
"""Lines of front matter in which values are nested without end."""


def told(lines: str, body: str = "") -> list[str]:
    """Return the problems of a record with these lines."""
    figure, problems = read_text(f"---\nfigid: PMC1__a\npmcid: PMC1\n{lines}\n---\n{body}", "PMC1__a.md")
    assert (figure is None) is any(p.severity == "error" for p in problems)
    return [f"{p.line} {p.severity} {p.rule}: {p.message}" for p in problems]


@pytest.mark.parametrize("kind", NESTED)
def test_nesting_is_refused(kind: str) -> None:
    """Whatever is nested without end is refused in words, at the line where it becomes too deep; no parser crashes."""
    (problem,) = told(NESTED[kind])
    deep = f"error front-matter: found values nested more than {MAX_NESTING} levels deep"
    assert problem.endswith((deep, "error too-large: found more than 200,000 values or 40 levels"))


def test_many_things_wrong_are_told_at_once() -> None:
    """A record with tens of thousands of faults is refused, and the first are told with their places."""
    problems = told("genes:\n" + "- {word: w}\n" * 20_000)
    assert len(problems) == MAX_FINDINGS + 1
    assert problems[0].startswith("5 warning gene-without-symbol")
    assert problems[999].startswith("1004 warning gene-without-symbol")
    assert problems[-1].endswith("found 20,000 things wrong with this record; the first 1,000 are told")


LONG = {
    "caption": (f"caption: {'x' * 10_000_000}", ""),
    "title": (f"figtitle: '{'y ' * MAX_TEXT}'", ""),
    "word": (
        f"genes:\n- word: {'w' * (MAX_TEXT + 1)}\n  symbol: A\n  source: s\n  hgnc_symbol: A\n  entrez: 1\nyear: 1",
        "",
    ),
    "key": (f"? {'k' * (MAX_TEXT + 1)}\n: value", ""),
    "description": (f"schema-jsonld:\n  description: {'x' * (MAX_TEXT + 1)}", ""),
    "body": ("year: '2020'", "z" * (MAX_TEXT + 1)),
}


@pytest.mark.parametrize("place", LONG)
def test_long_texts_are_refused(place: str) -> None:
    """A text of millions of characters is refused wherever it stands."""
    (problem,) = told(*LONG[place])
    assert "too-large: found a text of " in problem


def test_long_cells_are_refused() -> None:
    """So is a cell of a table that stands beside a record."""
    text = f"word\tncbigene_symbol\nw\tA\n{'w' * (MAX_TEXT + 1)}\tB\n"
    _, _, problems = read_genes(text, "x-genes.tsv")
    assert [(p.line, p.rule) for p in problems] == [(3, "too-large")]


def test_figures_of_too_many_genes_are_refused() -> None:
    """What is seen together grows with the square of a figure's genes, so they are bounded, and the record is named."""
    genes = "\n".join(
        f"- word: G{i}\n  symbol: G{i}\n  source: s\n  hgnc_symbol: G{i}\n  entrez: '{i + 1}'"
        for i in range(MAX_MENTIONS + 1)
    )
    message = f"found {MAX_MENTIONS + 1:,} mentions of genes, expected at most {MAX_MENTIONS:,}"
    (problem,) = told(f"genes:\n{genes}", "")
    assert problem.endswith(f"error too-large: {message}")
    rows = [f"G{i}\tG{i}\n" for i in range(MAX_MENTIONS + 1)]
    _, _, problems = read_genes("word\tncbigene_symbol\n" + "".join(rows), "x-genes.tsv")
    assert [(p.line, p.severity, p.message) for p in problems] == [(1, "error", message)]
    assert not read_genes("word\tncbigene_symbol\n" + "".join(rows[1:]), "x-genes.tsv")[2]


@pytest.mark.parametrize("kind", ["chemicals", "diseases", "organisms"])
def test_figures_of_too_many_mentions_are_refused(kind: str) -> None:
    """Each chemical, disease and organism has a page of its own, so they are bounded too."""
    rows = [f"- {i}x" if kind == "organisms" else f"- word: a{i}" for i in range(MAX_MENTIONS + 1)]
    what = kind if kind == "organisms" else f"mentions of {kind}"
    (problem,) = told(f"{kind}:\n" + "\n".join(rows), "")
    assert problem.endswith(f"error too-large: found {MAX_MENTIONS + 1:,} {what}, expected at most {MAX_MENTIONS:,}")
    assert told(f"{kind}:\n" + "\n".join(rows[1:]), "") == []


BOMBS = {
    "brackets": "[" * 9_000,
    "images": "![" * 4_000,
    "links": "[a](" * 2_400,
    "tags": "<a " * 3_000,
    "sections": "<![CDATA[" * 1_100,
    "lists in lists": "1. " * 3_000 + "a",
    "spaced lists": "- " * 3_000 + "a",
    "quotations": "> " * 60 + "a",
    "definitions": "a\n: b\n" * 1_600,
    "long": "*a* " * LONGEST,
    "code": "``a ``" * 1_600,
    "underlines": "=\n" * 4_900,
    "headings": "a\n-\n" * 2_400,
}
"""Markdown on which python-markdown takes minutes, or ends with an error."""


@pytest.mark.parametrize(
    "rule",
    ["- " * 60, "* " * 60, "-" * 70, "*" * 70, "A heading\n" + "-" * 60, "> " * 50 + "x", "- " * 40 + "x", "1. " * 50],
)
def test_rules_and_quotations_are_formatted_at_once(rule: str) -> None:
    """Rules, underlined headings, and as much within each other as may be, are no bombs, which takes no time."""
    began = time.process_time()
    assert told("", f"Text\n\n{rule}\n") == []
    assert not render_markdown(rule, Urls("https://example.org/"))[0].startswith("<p class=caption>")
    assert time.process_time() - began < 2


@pytest.mark.parametrize("kind", BOMBS)
def test_text_that_cannot_be_formatted(kind: str) -> None:
    """A body that could not be formatted in a moment comes out as it was written, escaped."""
    html, _ = render_markdown(BOMBS[kind], Urls("https://example.org/"))
    assert html.striptags() == " ".join(BOMBS[kind].split())
    assert html.startswith("<p class=caption>")
    (problem,) = told("", BOMBS[kind])
    assert "warning text-plain: found " in problem


@pytest.mark.parametrize(
    ("part", "most"),
    [("[", MOST_SIGNS), ("<a ", MOST_SIGNS), ("`a", MOST_SIGNS), ("=\n", MOST_LINES), ("# a\n", MOST_LINES),
     ("a\n-\n", MOST_LINES // 2), ("- a\n", MOST_LINES), ("> ", LONGEST // 2), ("*a _b ", LONGEST // 6)],
)  # fmt: skip
def test_text_within_the_limits_takes_a_moment(part: str, most: int) -> None:
    """A body of as much of one thing as may be is formatted, without anyone waiting for it."""
    began = time.process_time()
    render_markdown(part * most, Urls("https://example.org/"))
    assert time.process_time() - began < 2


@pytest.mark.parametrize(
    "source",
    ["https://evil.example/x.png", "//evil.example/x.png", "/\\evil.example/x.png", "data:image/png;base64,AAAA",
     "HTTPS:evil.example/x.png", "/\t/evil.example/x.png"],
)  # fmt: skip
def test_images_of_other_hosts_become_links(source: str) -> None:
    """No text fetches an image from elsewhere; one of the site itself stays an image."""
    urls = Urls("https://example.org/sub/")
    for text in (f"![seen]({source})", f'<img src="{source}" alt="seen">'):
        html, _ = render_markdown(text, urls)
        assert "<img" not in html
    html, _ = render_markdown("![seen](/images/a.png)", urls)
    assert 'src="/sub/images/a.png"' in html


def test_ids_of_a_text_are_none_of_the_page() -> None:
    """A heading or an element of a record cannot take the place of a part of the page, and notes still lead there."""
    text = '# Genes\n\n<div id="main">x</div>\n\nNote[^1]\n\n[^1]: Said here.\n'
    html, _ = render_markdown(text, Urls("https://example.org/"))
    assert 'id="text-genes"' in html
    assert 'id="text-main"' in html
    assert 'href="#text-fn:1"' in html
    assert 'id="text-fn:1"' in html


@pytest.mark.parametrize(
    "text",
    ["=1+1", "=cmd|'/C calc'!A0", "+cmd|' /C calc'!A0", "-2+3+cmd|'/C calc'!A0", "@SUM(1,2)", "\t=1", " =1", "\r\n=1",
     '=HYPERLINK("https://evil.example/")', "=IMAGE(1)", "+A1!B2", "\uff1d1+1", "@x\n|y",
     '"=1+1', '"=HYPERLINK(""https://evil.example/"")"', '""+cmd|x!A0'],
)  # fmt: skip
def test_formulas_are_text_in_tables(text: str) -> None:
    """A cell that a spreadsheet would run begins with an apostrophe, which makes it text."""
    told = guarded(cell(text))
    assert told.startswith("'")
    assert not set("\t\r\n") & set(told)
    assert guarded_lines(f"a\tb\nc\t{cell(text)}\n") == f"a\tb\nc\t{told}\n"


@pytest.mark.parametrize(
    "text",
    ["-catenin", "+p53", "@home", "TP53", "-1", "a=b", '"AKT"', '"-catenin', "(=1)", "'a", "", "\u2212x(", "|(ppsA)"],
)
def test_words_are_themselves_in_tables(text: str) -> None:
    """What does nothing in a spreadsheet is in the table as it was read."""
    assert guarded(cell(text)) == text


UNDO = re.compile(re.findall(r"^  `(\^'.*)`\.$", readme(Settings()).decode(), re.MULTILINE)[0])
"""The expression that the downloads' README gives."""


@given(st.text(st.sampled_from("'\"=+-@\uff1d (!ab"), max_size=8))
def test_apostrophes_can_be_taken_away(text: str) -> None:
    """The rule of the README gives every cell as it was."""
    told = guarded(text)
    assert (told[1:] if UNDO.match(told) else told) == text


def png(width: int, height: int) -> bytes:
    """Return a picture of one colour that is small packed and large unpacked."""
    row = b"\0" + b"\0" * -(-width // 8)
    header = width.to_bytes(4) + height.to_bytes(4) + b"\1\0\0\0\0"

    def chunk(kind: bytes, data: bytes) -> bytes:
        return len(data).to_bytes(4) + kind + data + zlib.crc32(kind + data).to_bytes(4)

    body = zlib.compress(row * min(height, 100))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", body) + chunk(b"IEND", b"")


def eps() -> bytes:
    """Return a PostScript program, for which Pillow would start another one."""
    return b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n%%EndComments\n(/etc/passwd) run\n%%EOF\n"


@pytest.mark.parametrize(
    ("data", "message"),
    [(lambda: png(60_000, 60_000), "cannot be read|pixels"), (lambda: png(9_000, 9_000), f"at most {MAX_PIXELS:,}"),
     (eps, "no image that can be read"), (lambda: b"P6 9 9 255 " + b"x" * 243, "no image that can be read")],
)  # fmt: skip
def test_pictures_that_explode(tmp_path: Path, data: Callable[[], bytes], message: str) -> None:
    """A picture that unpacks to more than memory holds, or that only a program could draw, is refused by its header."""
    path = tmp_path / "x.png"
    path.write_bytes(data())
    with pytest.raises(ValueError, match=message):
        image_size(path)


def test_thumbnails_of_other_formats(tmp_path: Path) -> None:
    """No small picture is made of what is no picture of a format that sites show."""
    path = tmp_path / "x.jpg"
    path.write_bytes(eps())
    with pytest.raises(BuildError, match="cannot make a small picture"):
        make_thumb(path, (10, 10))
    Image.new("L", (20, 20)).save(tmp_path / "y.gif")
    assert make_thumb(tmp_path / "y.gif", (10, 10))[:4] == b"RIFF"


@pytest.mark.parametrize(
    "inside",
    ["<image href='https://evil.example/a.png'/>", '<feImage xlink:href="//evil.example/a"/>',
     "<style>@import 'a.css'</style>", "<style>.a{fill:url( 'https://evil.example/a')}</style>",
     "<use href='data:image/svg+xml,x'/>", "<h:link rel='stylesheet'/>",
     "<a href='vbscript:x'/>", "<a href='data:text/html,x'/>",
     "<script>alert(1)</script>", "<svg:script/>", '<g onload="alert(1)"/>', "<a href='javascript:alert(1)'/>",
     "<foreignObject/>", '<a href="&#106;avascript:alert(1)"/>', '<set attributeName="href"/>', "<g\nonclick = 'x'/>",
     "<SCRIPT\n/>", "<b xmlns='http://www.w3.org/1999/xhtml'/>", "<style>.a{fill:u\\72l(//evil.example/a)}</style>",
     "<style>@im\\70ort 'a'</style>", "<style><g/>@import url(a)</style>",
     "<style>a{content:'/*'} b{fill:url(http://evil.example/)}</style>", "<image href='/\\evil.example/a'/>",
     "<style>a{src:url('ht\\9 tp://evil.example/')}</style>", "<style>a{src:url('/\\\n/evil.example/')}</style>",
     "<a\xb7:script xmlns:a\xb7='http://www.w3.org/2000/svg'/>",
     "<g style='fill:url(https://evil.example/a)'/>", "<image href=' &#x68;ttps://evil.example/a'/>",
     "<a href='java&#10;script:x'/>", "<rect fill='url(//evil.example/a)'/>", "<discard href='#a'/>",
     "<g xml:base='https://evil.example/'><image href='a.png'/></g>"],
)  # fmt: skip
def test_drawings_that_run(inside: str) -> None:
    """A drawing that runs scripts or fetches files when it is opened is refused; nothing else about it is wrong."""
    space = "xmlns='http://www.w3.org/2000/svg' xmlns:svg='http://www.w3.org/2000/svg'"
    space += " xmlns:xlink='http://www.w3.org/1999/xlink' xmlns:h='http://www.w3.org/1999/xhtml'"
    fault = drawing_fault(f"<svg {space}>{inside}</svg>".encode())
    assert "which may run scripts or fetch files" in fault


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b'<!DOCTYPE svg [<!ENTITY x "y">]><svg/>', "<!DOCTYPE ["),
        (b'<!DOCTYPE svg [<!ATTLIST svg onload CDATA "alert(1)">]><svg/>', "<!DOCTYPE ["),
        (b'<?xml version="1.0" encoding="ISO-2022-JP"?><svg><scr\x1b(Bipt/></svg>', "ISO-2022-JP"),
        (b'<?xml version="1.0" encoding="UTF-7"?><svg>+ADw-script/+AD4-</svg>', "UTF-7"),
        (b'<!DOCTYPE svg PUBLIC "-//W3C//DTD XHTML 1.0 Strict//EN" "x"><svg><a href="java&colon;x"/></svg>', "&colon;"),
        (b'<?xml version="1.0" encoding="iso-8859-1"?><svg>\xc3\xa9</svg>', "iso-8859-1"),
        (b'<?xml-stylesheet href="a.css"?><svg/>', "<?xml-stylesheet"),
        ("<svg/>".encode("utf-16"), "not UTF-8"), (b"<svg><g></svg>", "no XML"), (b"", "no XML"),
        (b"<svg><h:script/></svg>", "no XML"),
    ],
)  # fmt: skip
def test_drawings_that_could_hide_what_they_are(data: bytes, told: str) -> None:
    """What would let a browser read other elements than those that were looked at is refused."""
    assert told in drawing_fault(data)


def test_drawings_that_only_draw() -> None:
    """Shapes, styles and Greek letters by their numbers are fine."""
    text = '<?xml version="1.0" encoding="UTF-8"?><!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://www.w3.org/a">'
    text += '<svg width="9" xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink">'
    text += '<style>.a{fill:red}</style><text class="a">&#945; on = setting</text><path d="M0 0"/>'
    text += '<a href="https://example.org/"><image xlink:href="data:image/png;base64,AAAA"/></a><use href="#b"/>'
    text += "<style>@font-face{src:url(data:font/woff2;base64,AAAA)}</style>"
    text += '<path style="fill:url(#b)"/></svg>'
    assert drawing_fault(text.encode()) == ""
    assert drawing_fault(b"\xef\xbb\xbf" + text.encode()) == ""


@pytest.mark.parametrize(
    "text",
    [
        '<svg xmlns="http://www.w3.org/2000/svg" aria-label="data: n=3" id="data:1"><style>/* a */</style></svg>',
        '<?xml version="1.0" encoding="ISO-8859-1"?><svg xmlns="http://www.w3.org/2000/svg"/>',
        '<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://www.w3.org/a" []><svg>&amp;&#945;</svg>',
    ],
)
def test_drawings_of_other_programs(text: str) -> None:
    """Labels, older encodings and empty declarations, as drawing programs write them, are fine."""
    assert drawing_fault(text.encode()) == ""
