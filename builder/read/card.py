"""What other pages and the downloads tell of a figure."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from builder.model import Figure

__all__ = ["FIGURE_COLUMNS", "Card", "card_of", "cell", "figure_row"]

_BREAKS = re.compile(r"[\t\r\n\v\f\x1c-\x1e\x85\u2028\u2029]+")

_SIGNS = frozenset("=+-@\uff1d\uff0b\uff0d\uff20")
_FORMULA = re.compile(r"\s*(?:[=\uff1d]|[+@\uff0b\uff0d\uff20-].*[(|!\uff08\uff5c\uff01])", re.DOTALL)

FIGURE_COLUMNS = (
    "figid", "pmcid", "year", "figtype", "number", "title", "papertitle", "reftext", "organisms", "filename",
    "wpid", "ndex",
)  # fmt: skip
"""Columns of the table of figures."""


class Card(msgspec.Struct, array_like=True, frozen=True):
    """What lists show of a figure."""

    figid: str
    title: str
    """The figid where the record has no title."""
    number: str
    year: str
    paper: str
    pmcid: str
    organisms: tuple[str, ...]
    filename: str


def card_of(figure: Figure) -> Card:
    """The card of a figure."""
    f = figure
    return Card(f.figid, f.title or f.figid, f.number, f.year, f.paper, f.pmcid, f.organisms, f.filename)


def cell(text: str) -> str:
    """A value of an unquoted table: tabs and line breaks become spaces.

    What a spreadsheet would take for a formula that does something gets an apostrophe in front: a text that begins with
    ``=``, or with ``+ - @`` and holds what calls a function, a program or a file. ``-catenin`` stays as it is.
    """
    text = _BREAKS.sub(" ", text)
    return f"'{text}" if text.lstrip()[:1] in _SIGNS and _FORMULA.match(text) else text


def figure_row(figure: Figure) -> bytes:
    """The line of a figure in the table of figures."""
    f = figure
    cells = (
        f.figid, f.pmcid, f.year, f.figtype, f.number, f.title, f.paper, f.reftext, "|".join(f.organisms), f.filename,
        f.wpid, f.ndex,
    )  # fmt: skip
    return ("\t".join(map(cell, cells)) + "\n").encode("utf-8", "replace")
