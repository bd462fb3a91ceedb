"""Cells of the bulk tables that a spreadsheet would run: an apostrophe in front makes them text.

RDF, JSON and gene sets, which no spreadsheet opens, have every value as it is.
"""

from __future__ import annotations

import re

__all__ = ["guarded", "guarded_lines"]

_SIGNS = "=+@\uff1d\uff0b\uff0d\uff20-"
# Quotation marks in front may be taken away by whoever reads the table.
_FORMULA = re.compile(r"[\s\"]*(?:[=\uff1d]|[+@\uff0b\uff0d\uff20-].*[(|!\uff08\uff5c\uff01])", re.DOTALL)
_OWN_APOSTROPHE = re.compile(rf"'[\s\"']*[{_SIGNS}]")
"""What would lose an apostrophe of its own to whoever takes ours away."""
_SUSPECT = re.compile(rf"\t(?:[^\S\t\n]|[\"'])*[{_SIGNS}]")


def guarded(text: str) -> str:
    """A cell with an apostrophe in front if a spreadsheet would take it for a formula that does something.

    That is a text that begins with ``=``, or with ``+ - @`` and holds what calls a function, a program or a file, also
    behind quotation marks; ``-catenin`` stays as it is. Whoever takes away the apostrophe in front that ``= + - @``
    follow, with nothing but blanks, quotation marks and apostrophes between, has every text as it was.
    """
    return f"'{text}" if _FORMULA.match(text) or _OWN_APOSTROPHE.match(text) else text


def guarded_lines(lines: str) -> str:
    """Lines of a table, each of their cells as ``guarded`` gives it."""
    # As is usual: and a search that begins with one character is fast.
    if _SUSPECT.search("\t" + lines.replace("\n", "\n\t")) is None:
        return lines
    return "\n".join("\t".join(map(guarded, line.split("\t"))) for line in lines.split("\n"))
