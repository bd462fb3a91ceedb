"""The tables beside a record: genes, chemicals and diseases, one row a mention, tab-separated and unquoted.

This is the layout of PFOCR's own checkout. A whole table is split in one go and read column by column, as there are
millions of rows. The columns ``count_direct``, ``count_synonym`` and ``count_match`` are counts of the rows themselves,
and are not read.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from itertools import compress
from typing import TYPE_CHECKING, Any, NamedTuple

from builder.model import ChemicalMention, DiseaseMention, GeneMention, Taxon
from builder.problems import Problem
from builder.read.texts import ABSENT, CONTROL, LEFT_OUT, MAX_TEXT, one_line, published, short, too_many

if TYPE_CHECKING:
    from collections.abc import Callable

    from builder.problems import Severity

__all__ = ["KINDS", "identifiers", "read_chemicals", "read_diseases", "read_genes"]

KINDS = ("genes", "chemicals", "diseases")
"""Endings of the tables' names: ``<figid>-genes.tsv``."""

GENE_COLUMNS = (
    "organism_name", "organism_id", "organism_group", "word", "match", "ncbigene_symbol", "ncbigene_id", "source",
)  # fmt: skip
IN_RECORDS = {"match": "symbol", "ncbigene_symbol": "hgnc_symbol", "ncbigene_id": "entrez"}
"""Columns that records call otherwise."""
COUNTS = ("count_direct", "count_synonym", "count_match")
MENTION_COLUMNS = ("word", "match", "name", "mesh", "source", "identifier")

_DESCRIPTOR = re.compile(r"D[0-9]{6}(?:[0-9]{3})?\Z")
_MESH = re.compile(r"(?:mesh:)?([CD][0-9]{6,9})\Z", re.IGNORECASE)
_CHEBI = re.compile(r"(?:chebi:)?([0-9]+)\Z", re.IGNORECASE)
_DOID = re.compile(r"(?:doid:)?([0-9]+)\Z", re.IGNORECASE)


class Identifiers(NamedTuple):
    """What a mention is called by vocabularies; each empty if it has none."""

    mesh: str = ""
    """``D004286``."""
    chebi: str = ""
    """``CHEBI:16113``."""
    doid: str = ""
    """``DOID:162``."""


def identifiers(source: str, identifier: str) -> Identifiers:
    """The identifiers in ``mesh:D004286``, ``chebi:16113``, ``DOID:162``, or in a bare one of a named vocabulary.

    Where none is named a descriptor of MeSH can be told by its form.
    """
    source = source.upper()
    prefixed = ":" in identifier
    if (prefixed or source == "MESH" or (not source and _DESCRIPTOR.match(identifier))) and (
        found := _MESH.match(identifier)
    ):
        return Identifiers(mesh=found[1].upper())
    if (prefixed or source == "CHEBI") and (found := _CHEBI.match(identifier)):
        return Identifiers(chebi=f"CHEBI:{found[1]}")
    if (prefixed or source == "DOID") and (found := _DOID.match(identifier)):
        return Identifiers(doid=f"DOID:{found[1]}")
    return Identifiers()


@dataclass
class _Table:
    """A table, column by column."""

    path: str
    names: list[str]
    """Of the columns, in their order."""
    cells: list[str]
    """Row by row."""
    lines: list[int] = field(default_factory=list)
    """Line of each row where rows were left out before it; else empty: row ``r`` is on line ``r + 2``."""
    problems: list[Problem] = field(default_factory=list)
    gone: dict[int, list[int]] = field(default_factory=dict)
    """By line the places, from 0, of characters that were left out."""

    @property
    def rows(self) -> int:
        """Rows, the header not counted."""
        return len(self.cells) // len(self.names)

    def column(self, name: str) -> list[str]:
        """The values of a column, absent ones empty; all of them where there is no such column."""
        name = name if name in self.names else IN_RECORDS.get(name, name)
        if name not in self.names:
            return [""] * self.rows
        values = map(str.strip, self.cells[self.names.index(name) :: len(self.names)])
        return ["" if v in ABSENT else v for v in values]

    def tell(self, line: int, column: int, severity: Severity, rule: str, message: str) -> None:
        """Note a problem at a place in the file."""
        self.problems.append(Problem(self.path, line, column, severity, rule, message))

    def warn(self, place: tuple[int, str], rule: str, message: str) -> None:
        """Note a problem in a cell, given by its row and column."""
        row, name = place
        width = len(self.names)
        name = name if name in self.names else self.names[0]
        before = self.cells[row * width : row * width + self.names.index(name)]
        line, at = self.lines[row] if self.lines else row + 2, sum(len(c.lstrip("\n")) + 1 for c in before)
        for gone in self.gone.get(line, ()):
            at += gone <= at
        self.tell(line, at + 1, "warning", rule, message)

    def check_header(self, needed: tuple[str, ...], known: tuple[str, ...], more: tuple[str, ...] = ()) -> None:
        """Note what is wrong with the header; rows below one that cannot be read are left out.

        Args:
            needed: columns of which there must be one.
            known: columns that are read.
            more: columns that may be there too.
        """
        if self.names == [""] and not self.cells:
            return  # an empty file, like no file
        place = 1
        for i, name in enumerate(self.names):
            if name in self.names[:i]:
                self.tell(1, place, "error", "table-header", f"found the column '{short(name, 40)}' again")
            elif name not in known and name not in more:
                message = f"found the column '{short(name, 40)}', which is not read"
                self.tell(1, place, "warning", "table-column", message)
            place += len(name) + 1
        if not any(n in self.names for n in needed):
            message = f"found no column '{needed[0]}', expected {', '.join(known)}"
            self.tell(1, 1, "error", "table-header", message)
            self.cells = []


def _cleaned(table: _Table, text: str) -> str:
    """A text without the characters that cannot be published, with a warning for each line that had one."""
    lines = text.split("\n")
    for number, line in enumerate(lines, 1):
        if found := CONTROL.search(line):
            message = LEFT_OUT.format(ord(found[0]))
            table.tell(number, found.start() + 1, "warning", "control-character", message)
            table.gone[number] = [i for i, character in enumerate(line) if not published(character)]
    return "\n".join(map(published, lines))


def _split(text: str, path: str) -> _Table:
    """A table; a row of another length than the header is an error and is left out."""
    table = _Table(path, [""], [])
    if "\r" in text:
        text = text.replace("\r\n", "\n")
    if CONTROL.search(text):
        text = _cleaned(table, text)
    head, _, body = text.partition("\n")
    table.names = [n.strip() for n in head.split("\t")]
    if not (body := body.rstrip("\n")):
        return table
    width, breaks = len(table.names), body.count("\n")
    # Each line break becomes a border of cells and the first character of the next cell: where every row has as many
    # cells as the header, the breaks stand in the first column and nowhere else.
    cells = body.replace("\n", "\t\n").split("\t")
    if len(cells) != (breaks + 1) * width or "".join(cells[width::width]).count("\n") != breaks:
        cells = _ragged(table, body)
    table.cells = cells
    if len(text) > MAX_TEXT:
        _refuse_long(table)
    if '"\t' in body or '"\n' in body or body[-1] == '"':
        _tell_of_quotes(table)
    return table


def _tell_of_quotes(table: _Table) -> None:
    """Warn of the first cell that a spreadsheet put in quotation marks, as it does where there is a comma.

    Marks alone tell nothing: OCR reads some in figures.
    """
    width = len(table.names)
    for place, cell in enumerate(table.cells):
        text = cell.strip("\n")
        inner = text[1:-1] if len(text) > 1 and text[0] == text[-1] == '"' else ""
        if "," in inner and '"' not in inner.replace('""', ""):
            seen = short(cell.strip(), 40)
            message = f"found '{seen}' in quotation marks, which are taken as they are, expected none"
            table.warn((place // width, table.names[place % width]), "table-quoted", message)
            return


def _refuse_long(table: _Table) -> None:
    """Note the cells that hold more than a text can have, and empty them."""
    width = len(table.names)
    for place, cell in enumerate(table.cells):
        if len(cell) > MAX_TEXT:
            row = place // width
            line = table.lines[row] if table.lines else row + 2
            message = f"found a text of {len(cell):,} characters, expected at most {MAX_TEXT:,}"
            table.tell(line, 1, "error", "too-large", message)
            table.cells[place] = ""


def _ragged(table: _Table, body: str) -> list[str]:
    """The cells of the rows that have as many as the header; the others are errors, but for empty lines."""
    width = len(table.names)
    cells: list[str] = []
    for number, line in enumerate(body.split("\n"), 2):
        found = line.split("\t")
        if len(found) == width and line:
            cells += found
            table.lines.append(number)
        elif line.strip():
            column = len("\t".join(found[:width])) + 1
            message = f"found {len(found)} cell{'s' if len(found) > 1 else ''}, expected {width} as in the header"
            table.tell(number, column, "error", "table-row", message)
    return cells


def read_genes(text: str, path: str) -> tuple[tuple[GeneMention, ...], tuple[Taxon, ...], list[Problem]]:
    """The gene mentions of a table, its organisms, and what is wrong with it.

    Args:
        text: the whole file.
        path: its name, for messages.
    """
    table = _split(text, path)
    table.check_header(("ncbigene_symbol", "hgnc_symbol"), GENE_COLUMNS, (*IN_RECORDS.values(), *COUNTS))
    organism, taxid, group, word, match, symbol, ncbi, source = map(table.column, GENE_COLUMNS)
    if any(one_line(o) != o for o in set(organism)):
        organism = list(map(one_line, organism))
    if "" in symbol or "" in word:
        symbol = [s or (m if n else "") for s, m, n in zip(symbol, match, ncbi, strict=True)]
        word = [w or m or s for w, m, s in zip(word, match, symbol, strict=True)]
    mentions = tuple(map(GeneMention, word, match, source, symbol, ncbi, organism))
    if "" in symbol:
        for row, mention in enumerate(mentions):
            if not mention.symbol:
                found = f"found a gene mention '{short(mention.word)}' without ncbigene_symbol"
                table.warn((row, "ncbigene_symbol"), "gene-without-symbol", f"{found}; it is left out")
        mentions = tuple([m for m in mentions if m.symbol])
        kept = [bool(s) for s in symbol]
        organism, taxid, group = (list(compress(column, kept)) for column in (organism, taxid, group))
    taxa = tuple([Taxon(*t) for t in dict.fromkeys(zip(organism, taxid, group, strict=True)) if t[0]])
    if fault := too_many("mentions of genes", len(mentions)):
        table.tell(1, 1, "error", "too-large", fault)
    return mentions, taxa, table.problems


EXAMPLES = {"mesh": "mesh:D004286", "chebi": "chebi:16113", "doid": "DOID:162"}


def _known(table: _Table, row: int, column: str, value: str) -> str:
    """The identifier in a cell; one of another form is left out, with a warning."""
    if not value:
        return ""
    found: str = getattr(
        identifiers(column, value if ":" in value or column == "mesh" else f"{column}:{value}"), column
    )
    if not found:
        message = f"found '{short(value, 40)}' in '{column}', expected as {EXAMPLES[column]}; it is left out"
        table.warn((row, column), "mention-identifier", message)
    return found


def _mentions(text: str, path: str, other: str, make: Callable[..., Any]) -> tuple[tuple[Any, ...], list[Problem]]:
    """The mentions of a table of chemicals or diseases, and what is wrong with it.

    Args:
        text: the whole file.
        path: its name, for messages.
        other: the column of ids beside MeSH: ``chebi`` or ``doid``.
        make: a mention from word, source, identifier, name, match, MeSH id and other id.
    """
    table = _split(text, path)
    columns = (*MENTION_COLUMNS, other)
    table.check_header(("word", "match", "name"), columns)
    out = []
    for row, values in enumerate(zip(*map(table.column, columns), strict=True)):
        word, match, name, mesh, source, identifier, second = values
        mesh, second = _known(table, row, "mesh", mesh), _known(table, row, other, second)
        seen = word or match or name or mesh or second or identifier
        if not seen:
            message = "found a mention without a word; it is left out"
            table.warn((row, "word"), "mention-without-word", message)
            continue
        if identifier:
            own = identifiers(source, identifier)
            mesh, second = mesh or own.mesh, second or getattr(own, other)
        else:
            source = "MESH" if mesh else other.upper() if second else ""
        out.append(make(seen, source, identifier or mesh or second, name, match, mesh, second))
    if fault := too_many("mentions", len(out)):
        table.tell(1, 1, "error", "too-large", fault)
    return tuple(out), table.problems


def read_chemicals(text: str, path: str) -> tuple[tuple[ChemicalMention, ...], list[Problem]]:
    """The chemicals of a table, of today's columns or of the older ones, and what is wrong with it."""
    return _mentions(text, path, "chebi", ChemicalMention)


def read_diseases(text: str, path: str) -> tuple[tuple[DiseaseMention, ...], list[Problem]]:
    """The diseases of a table, and what is wrong with it."""
    return _mentions(text, path, "doid", DiseaseMention)
