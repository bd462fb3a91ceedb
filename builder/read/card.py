"""What other pages and the downloads tell of a figure."""

from __future__ import annotations

import re
from array import array
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import msgspec
from xxhash import xxh3_64

from builder.model import ChemicalMention, compact_identifier, other_id
from builder.urls import bare_doi

if TYPE_CHECKING:
    from collections.abc import Sequence

    from builder.model import DiseaseMention, Figure

__all__ = [
    "CHEMICAL_COLUMNS",
    "DISEASE_COLUMNS",
    "FIGURE_COLUMNS",
    "Card",
    "card_of",
    "cell",
    "chemical_rows",
    "disease_rows",
    "figure_row",
    "table_lines",
    "web_address",
]

_BREAKS = re.compile(r"[\t\r\n\v\f\x1c-\x1e\x85\u2028\u2029]+")


FIGURE_COLUMNS = (
    "figid", "pmcid", "year", "figtype", "number", "title", "papertitle", "reftext", "organisms", "filename",
    "wpid", "ndex", "doi", "journal", "keywords", "uri",
)  # fmt: skip
"""Columns of the table of figures."""
CHEMICAL_COLUMNS = ("figid", "word", "match", "name", "mesh", "chebi", "other_id")
"""Columns of the table of chemical mentions."""
DISEASE_COLUMNS = ("figid", "word", "match", "name", "mesh", "doid", "other_id")
"""Columns of the table of disease mentions."""


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
    """A value of an unquoted table: tabs and line breaks become spaces."""
    return _BREAKS.sub(" ", text)


def web_address(value: object) -> str:
    """The value if it is a web address, else an empty string."""
    return value if isinstance(value, str) and re.match(r"https?://[^\s<>\"{}|\\^`]+\Z", value) else ""


def _row(*cells: str) -> str:
    """A line of a table."""
    row = "\t".join(cells)
    inside = row.replace("\t", "")
    if len(row) - len(inside) == len(cells) - 1 and (inside.isprintable() or _BREAKS.search(inside) is None):
        return f"{row}\n"
    return "\t".join(map(cell, cells)) + "\n"


def figure_row(figure: Figure) -> bytes:
    """The line of a figure in the table of figures."""
    f = figure
    row = _row(
        f.figid, f.pmcid, f.year, f.figtype, f.number, f.title, f.paper, f.reftext, "|".join(f.organisms), f.filename,
        f.wpid, f.ndex, bare_doi(f.doi), f.journal, "|".join(f.keywords), web_address(f.schema.get("@id")),
    )  # fmt: skip
    return row.encode("utf-8", "replace")


@lru_cache(maxsize=8192)
def _cells(m: ChemicalMention | DiseaseMention) -> str:
    """What the line of a mention says behind the figid; kept, since most mentions recur."""
    own = other_id(m)
    other = "" if m.mesh or own or not m.identifier else compact_identifier(m.source, m.identifier)
    return _row(m.word, m.match, m.name, m.mesh, own, other)


def _concept_rows(figid: str, mentions: Sequence[ChemicalMention | DiseaseMention]) -> bytes:
    """The lines of mentions of a figure."""
    first = cell(figid)
    return "".join([f"{first}\t{_cells(m)}" for m in mentions]).encode("utf-8", "replace")


def chemical_rows(figure: Figure) -> bytes:
    """The lines of a figure in the table of chemical mentions."""
    return _concept_rows(figure.figid, figure.chemicals)


def disease_rows(figure: Figure) -> bytes:
    """The lines of a figure in the table of disease mentions."""
    return _concept_rows(figure.figid, figure.diseases)


def table_lines(figures: list[Figure]) -> dict[str, Any]:
    """The columns of a bucket that hold lines of the tables of figures, chemical and disease mentions.

    For each table the lines of all figures as one, and how many bytes each figure's are (int32); and ``row_hashes``,
    8 bytes for each table of each figure.
    """
    tables = {
        "table": [figure_row(f) for f in figures],
        "chemical_lines": [chemical_rows(f) for f in figures],
        "disease_lines": [disease_rows(f) for f in figures],
    }
    hashes = (xxh3_64(part).digest() for parts in zip(*tables.values(), strict=True) for part in parts)
    columns: dict[str, Any] = {"row_hashes": b"".join(hashes)}
    for name, parts in tables.items():
        columns |= {name: b"".join(parts), f"{name}_size": array("i", map(len, parts)).tobytes()}
    return columns
