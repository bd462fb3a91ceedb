"""Markdown to HTML that is safe to publish: python-markdown, then nh3."""

from __future__ import annotations

import re
from copy import deepcopy
from typing import TYPE_CHECKING

import markdown
import nh3
from markupsafe import Markup

if TYPE_CHECKING:
    from builder.urls import Urls

__all__ = ["render_markdown"]

HEADINGS_FOR_TOC = 3

_ATTRIBUTES = deepcopy(nh3.ALLOWED_ATTRIBUTES)
for _tag in ("h2", "h3", "h4", "h5", "h6", "li", "sup", "div"):
    _ATTRIBUTES.setdefault(_tag, set()).add("id")
for _tag in ("th", "td"):
    _ATTRIBUTES.setdefault(_tag, set()).add("align")
_ATTRIBUTES.setdefault("code", set()).add("class")
_ATTRIBUTES["a"] = {"href", "title", "hreflang"}
_SCHEMES = {"http", "https", "mailto"}


def _link(urls: Urls, tag: str, attribute: str, value: str) -> str:
    """Site-absolute links get the base path of the site before them."""
    return urls.own(value) if (tag, attribute) in {("a", "href"), ("img", "src")} else value


def render_markdown(text: str, urls: Urls, *, toc: bool = False) -> tuple[Markup, Markup]:
    """Safe HTML of a Markdown text and its table of contents.

    Args:
        text: Markdown.
        urls: gives links that start with ``/`` the base path of the site.
        toc: whether to make a table of contents, for texts of three or more headings.
    """
    if not text.strip():
        return Markup(), Markup()
    engine = markdown.Markdown(
        extensions=["tables", "fenced_code", "footnotes", "def_list", "sane_lists", "toc"],
        extension_configs={"toc": {"toc_depth": "2-3", "baselevel": 2 if not toc else 1}},
    )
    html = engine.convert(text)
    clean = nh3.clean(
        html,
        attributes=_ATTRIBUTES,
        url_schemes=_SCHEMES,
        attribute_filter=lambda tag, attribute, value: _link(urls, tag, attribute, value),
        link_rel="noopener",
    )
    # The page has a heading of the first level already.
    clean = re.sub(r"<(/?)h1(?=[\s>])", r"<\1h2", clean)
    headings = len(re.findall(r"<h[23][\s>]", clean))
    contents = ""
    if toc and headings >= HEADINGS_FOR_TOC:
        listed = re.search(r"<ul>.*</ul>", getattr(engine, "toc", ""), re.DOTALL)
        contents = nh3.clean(listed[0]) if listed else ""
    return Markup(clean), Markup(contents)  # noqa: S704 - sanitised above
