"""Markdown to HTML that is safe to publish: python-markdown, then nh3."""

from __future__ import annotations

import re
import sys
from contextlib import contextmanager
from copy import deepcopy
from html import unescape
from typing import TYPE_CHECKING

import nh3
from markupsafe import Markup

from builder.read.texts import unformatted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from markdown import Markdown

    from builder.urls import Urls

__all__ = ["render_markdown"]

HEADINGS_FOR_TOC = 3

_ATTRIBUTES = deepcopy(nh3.ALLOWED_ATTRIBUTES)
for _tag in ("h1", "h2", "h3", "h4", "h5", "h6", "li", "sup", "div"):
    _ATTRIBUTES.setdefault(_tag, set()).add("id")
for _tag in ("th", "td"):
    _ATTRIBUTES.setdefault(_tag, set()).add("align")
_ATTRIBUTES.setdefault("code", set()).add("class")
_ATTRIBUTES["a"] = {"href", "title", "hreflang"}
_SCHEMES = {"http", "https", "mailto"}
_IMAGE = re.compile(r"""<img\b(?:[^>"']|"[^"]*"|'[^']*')*>""")
"""A tag whole, whatever its quoted values hold: before nh3 0.3.7 they may hold ``>``."""
_SOURCE = re.compile(r'\bsrc="([^"]*)"')
_ALT = re.compile(r'\balt="([^"]*)"')
_ELSEWHERE = re.compile(
    r"\s*(?:[a-z][a-z0-9+.-]*:|//)|.*(?:[\\\x00-\x1f\x7f]|(?: |%20){2}|/(?: |%20))", re.IGNORECASE | re.DOTALL
)
"""An address that is none of the site, as it begins with a scheme or a host; or one that browsers read in their own
way: with what they take out of it, or take for a slash."""
OWN = "text-"
"""Begins the ids in a record's text, so that they are none of the page's."""


def _attribute(urls: Urls, own: str, attribute: str, value: str) -> str:
    """A link with the base path of the site before it where it is of the site; an id with what ids begin with."""
    if attribute == "id":
        return own + value
    if attribute == "href" and value.startswith("#"):
        return f"#{own}{value[1:]}"
    return urls.own(value) if attribute in {"href", "src"} else value


def _remote_to_link(found: re.Match[str]) -> str:
    """An image of another host as a link to it: pages fetch nothing from there but figures."""
    source, alt = _SOURCE.search(found[0]), _ALT.search(found[0])
    if source is None:
        return _text(alt[1]) if alt else ""
    if not _ELSEWHERE.match(unescape(source[1])):
        return found[0].replace(source[0], f'src="{source[1].strip().replace(" ", "%20")}"')
    text = alt[1] if alt and alt[1] else source[1]
    return f'<a href="{source[1]}" rel="noopener">{_text(text)}</a>'


def _text(value: str) -> str:
    """The value of an attribute as text between tags."""
    return value.replace("<", "&lt;").replace(">", "&gt;")


def _plain(text: str) -> Markup:
    """A text as it was written."""
    return Markup("<p class=caption>%s") % text


def _engine(highest: int) -> Markdown:
    """What turns Markdown to HTML, with headings of that level as the highest."""
    # Hardly a record has a text, and all of this is slow to load.
    import markdown  # noqa: PLC0415
    from markdown.extensions.def_list import DefListExtension  # noqa: PLC0415
    from markdown.extensions.fenced_code import FencedCodeExtension  # noqa: PLC0415
    from markdown.extensions.footnotes import FootnoteExtension  # noqa: PLC0415
    from markdown.extensions.sane_lists import SaneListExtension  # noqa: PLC0415
    from markdown.extensions.tables import TableExtension  # noqa: PLC0415
    from markdown.extensions.toc import TocExtension  # noqa: PLC0415

    own = (
        TableExtension(use_align_attribute=True),
        FencedCodeExtension(),
        FootnoteExtension(),
        DefListExtension(),
        SaneListExtension(),
    )
    # By their names they would be looked for among all that is installed.
    return markdown.Markdown(extensions=[*own, TocExtension(toc_depth="1-3", baselevel=highest)])


_NOTHING = Markup(), Markup()


@contextmanager
def _raised() -> Iterator[None]:
    """Raise afterwards what is raised where nh3 calls back: it only tells of it, and drops the attribute.

    Such as Ctrl+C, which may come at any moment: a page without one of its links would be published.
    """
    found: list[BaseException] = []
    told = sys.unraisablehook
    sys.unraisablehook = lambda fault: found.append(fault.exc_value or fault.exc_type())
    try:
        yield
    finally:
        sys.unraisablehook = told
    if found:
        raise found[0]


def render_markdown(text: str, urls: Urls, *, toc: bool = False) -> tuple[Markup, Markup]:
    """Safe HTML of a Markdown text and its table of contents.

    Args:
        text: Markdown; of a record's, one that cannot be formatted in a moment comes out as it was written.
        urls: gives links that start with ``/`` the base path of the site.
        toc: whether it is a page's own text, which gets a table of contents if it has three or more headings.
    """
    if not text.strip():
        return _NOTHING
    if not toc and unformatted(text):
        return _plain(text), Markup()
    engine = _engine(1 if toc else 2)
    try:
        html = engine.convert(text)
    except RecursionError:
        return _plain(text), Markup()
    own = "" if toc else OWN
    with _raised():
        clean = nh3.clean(
            html,
            attributes=_ATTRIBUTES,
            url_schemes=_SCHEMES,
            attribute_filter=lambda _, attribute, value: _attribute(urls, own, attribute, value),
            link_rel="noopener",
        )
    # The page has a heading of the first level already.
    clean = _IMAGE.sub(_remote_to_link, re.sub(r"<(/?)h1(?=[\s>])", r"<\1h2", clean))
    headings = len(re.findall(r"<h[23][\s>]", clean))
    contents = ""
    if toc and headings >= HEADINGS_FOR_TOC:
        listed = re.search(r"<ul>.*</ul>", getattr(engine, "toc", ""), re.DOTALL)
        contents = nh3.clean(listed[0]) if listed else ""
    return Markup(clean), Markup(contents)  # noqa: S704 - sanitised above
