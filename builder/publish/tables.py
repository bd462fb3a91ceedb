"""What the tables among the downloads hold, column by column: for their README and for ``datapackage.json``.

The form of the latter is Data Package 1 of the Frictionless standards (https://specs.frictionlessdata.io/), whose
libraries read it for Python and R.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec

from builder.read.card import CHEMICAL_COLUMNS, DISEASE_COLUMNS, FIGURE_COLUMNS
from builder.urls import Urls

if TYPE_CHECKING:
    from collections.abc import Sequence

    from builder.read.settings import Settings

__all__ = ["GENE_COLUMNS", "TABLES", "Download", "Table", "checksums", "data_package", "readme"]

GENE_COLUMNS = ("figid", "word", "match", "lexicon", "symbol", "ncbigene_id", "organism", "other_id")
"""Columns of the table of gene mentions."""

_FIGID = "Identifier of the figure, as in the address of its page"
_WORD = "The word as it was read in the figure"
_MATCH = "The entry of the lexicon that the word matched"
_OTHER = "Identifier of another vocabulary, with that before it, where there is none of the two"
_TEXTS = {
    "figures": (
        _FIGID,
        "PubMed Central identifier of the paper",
        "Year of the paper, as published",
        "Figure, Scheme, Graphical abstract, Supplemental figure or another type",
        "Label of the figure in its paper",
        "Title of the figure",
        "Title of the paper",
        "Citation of the paper in one line",
        "Latin names of organisms, with | between them",
        "Name of the image file",
        "WikiPathways identifier of a model of the figure",
        "NDEx identifier (UUID) of a model of the figure",
        "DOI of the paper",
        "Title of the journal",
        "Keywords of the paper, with | between them",
        "Address that names the figure in structured data, where its record gives one",
    ),
    "genes": (
        _FIGID,
        _WORD,
        _MATCH,
        "The lexicon: what kind of entry it is",
        "Symbol of the gene",
        "NCBI Gene identifier",
        "Latin name of the gene's organism",
        "Identifier of the gene in another database, as its record has it, where there is none of NCBI Gene",
    ),
    "chemicals": (_FIGID, _WORD, _MATCH, "Name of the chemical", "MeSH identifier", "ChEBI identifier", _OTHER),
    "diseases": (
        _FIGID,
        _WORD,
        _MATCH,
        "Name of the disease",
        "MeSH identifier",
        "Disease Ontology identifier",
        _OTHER,
    ),
}


class Download(msgspec.Struct, frozen=True, array_like=True):
    """What the download page says of a file."""

    path: str
    description: str
    rows: int
    size: int
    """Bytes."""
    sha256: str

    @property
    def name(self) -> str:
        """Name of the file."""
        return self.path.rsplit("/", 1)[-1]


class Table(NamedTuple):
    """A table among the downloads."""

    name: str
    """Of its pieces."""
    stem: str
    """Name of its files without the ending."""
    about: str
    columns: tuple[str, ...]

    @property
    def texts(self) -> tuple[str, ...]:
        """What each column holds."""
        return _TEXTS[self.name]


TABLES = (
    Table("figures", "figures", "One row a figure: title, paper, year, organisms, image file", FIGURE_COLUMNS),
    Table(
        "genes", "gene-mentions",
        "One row a gene mention: the word in the figure, the lexicon that knows it, gene symbol, NCBI Gene id",
        GENE_COLUMNS,
    ),
    Table(
        "chemicals", "chemical-mentions", "One row a chemical mention: the word in the figure, name, MeSH and ChEBI id",
        CHEMICAL_COLUMNS,
    ),
    Table(
        "diseases", "disease-mentions",
        "One row a disease mention: the word in the figure, name, MeSH and Disease Ontology id",
        DISEASE_COLUMNS,
    ),
)  # fmt: skip


def _fields(table: Table) -> list[dict[str, Any]]:
    """The columns of a table in a Table Schema."""
    fields: list[dict[str, Any]] = [
        {"name": name, "type": "string", "description": text}
        for name, text in zip(table.columns, table.texts, strict=True)
    ]
    fields[0]["constraints"] = {"required": True} | ({"unique": True} if table.name == "figures" else {})
    return fields


def _resource(table: Table, download: Download) -> dict[str, Any]:
    """A file of a table."""
    packed = download.path.endswith(".gz")
    schema: dict[str, Any] = {"fields": _fields(table), "missingValues": [""]}
    if table.name == "figures":
        schema["primaryKey"] = "figid"
    elif packed:
        schema["foreignKeys"] = [{"fields": "figid", "reference": {"resource": "figures", "fields": "figid"}}]
    resource: dict[str, Any] = {
        "name": table.stem if packed else f"{table.stem}-parquet",
        "path": download.name,
        "description": f"{table.about}. An apostrophe stands before what a spreadsheet would run as a formula.",
    }
    if packed:
        # Quotes are characters like any other: the quote character, of which there must be one, occurs nowhere.
        resource |= {
            "bytes": download.size, "hash": f"sha256:{download.sha256}",
            "profile": "tabular-data-resource", "format": "tsv", "mediatype": "text/tab-separated-values",
            "encoding": "utf-8", "compression": "gz",
            "dialect": {"delimiter": "\t", "quoteChar": "\x01", "header": True},
        }  # fmt: skip
    else:
        # Without size and checksum, since frictionless-py, which has another library read the file, finds neither.
        resource |= {"format": "parquet", "mediatype": "application/vnd.apache.parquet"}
    return resource | {"schema": schema}


def data_package(settings: Settings, downloads: Sequence[Download]) -> bytes:
    """``datapackage.json``.

    Args:
        settings: of the site.
        downloads: what is said of the other files.
    """
    named = {d.name: d for d in downloads}
    package: dict[str, Any] = {
        "profile": "data-package",
        "name": re.sub(r"[^a-z0-9]+", "-", f"{settings.figure_kind}s".lower()).strip("-") or "figures",
        "title": settings.title,
        "description": settings.description or settings.tagline,
        "homepage": Urls(settings.url).root,
    }
    if settings.license_url:
        package["licenses"] = [{"title": settings.license, "path": settings.license_url}]
    package["resources"] = [
        _resource(table, named[name])
        for ending in (".tsv.gz", ".parquet")
        for table in TABLES
        if (name := table.stem + ending) in named
    ]
    return msgspec.json.format(msgspec.json.encode(package), indent=2) + b"\n"


def checksums(downloads: Sequence[Download]) -> bytes:
    """``SHA256SUMS``, for ``sha256sum --check``."""
    return "".join(f"{d.sha256}  {d.name}\n" for d in downloads).encode()


def readme(settings: Settings) -> bytes:
    """``README.md`` beside the files."""
    parts = [
        f"# {settings.title}: downloads\n\nFrom {Urls(settings.url).root}. "
        f"{settings.license} {settings.license_url}".rstrip()
        + "\n\n"
        "The same records always give the same bytes. Rows are in the order of figids.\n\n"
        "- `.tsv.gz`: tab-separated UTF-8 text with a header line, without quotes, packed with gzip. An empty cell is\n"
        "  an absent value. Tabs and line breaks inside values are blanks. A value that a spreadsheet would run as a\n"
        "  formula has an apostrophe in front. To have it exactly, take away the one that this expression finds:\n"
        "  `^'(?=[\\s\"']*[-=+@\\uFF1D\\uFF0B\\uFF0D\\uFF20])`.\n"
        "- `.parquet`: the same columns and values as text; an absent value is null.\n"
        "- `pfocr-<organism>.gmt`: gene sets. Each line is a figure: its figid, its title, the NCBI Gene\n"
        "  identifiers of its genes; figures of three such genes of the organism or more. Organisms with genes in\n"
        "  more than 100 figures have a file, and the site's default organism always.\n"
        "- `pfocr.ttl.gz`: figures, genes, papers and mentions as RDF (Turtle), in the words of schema.org.\n"
        "- `datapackage.json`: all tables, described for Frictionless tools.\n"
        "- `SHA256SUMS`: `sha256sum --check SHA256SUMS` tells whether all files arrived as they were sent.\n"
    ]
    for table in TABLES:
        texts = [t.replace("|", "\\|") for t in table.texts]
        rows = "".join(f"| `{c}` | {t} |\n" for c, t in zip(table.columns, texts, strict=True))
        about = f"{table.about}.\n\n| Column | What it holds |\n| --- | --- |\n{rows}"
        parts.append(f"\n## {table.stem}\n\n{about}")
    return "".join(parts).encode()
