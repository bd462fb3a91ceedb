"""What the data files of a site link to: JSON, tables, RDF, checksums.

Whatever the file, addresses of the site in full count. Of the files that pages and programs read, the paths and
the identifiers of figures that stand for addresses count too.
"""

from __future__ import annotations

import gzip
import json
import re
from functools import lru_cache
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

__all__ = ["data_kind", "data_links", "full_addresses", "packed_addresses"]

PIECE = 1 << 22
"""Bytes of a packed file that are looked at at a time."""

_NAMED = {
    "redirects.json": "moved",
    "genes/names.json": "names",
    "json/listFiguresByOrganism.json": "by-organism",
    "json/getFigureInfo.json": "figures",
    "search/index.json": "search",
    "downloads/datapackage.json": "package",
    "downloads/SHA256SUMS": "sums",
}
"""Files whose form is known, with what they are read as."""
_SUM = re.compile(r"^[0-9a-f]{64} [ *](.+)$", re.MULTILINE)


def data_kind(name: str) -> str:
    """What the links of a data file are read as; empty where its kind has none."""
    if name in _NAMED:
        return _NAMED[name]
    if name.startswith("search/rows/"):
        return "row-names" if name.endswith(".list.json") else "rows"
    if name.endswith(".gz"):
        return "gz"
    return "data" if name.endswith((".json", ".md", ".txt", ".tsv", ".ttl", ".nt", ".nq")) else ""


@lru_cache(maxsize=8)
def _full(origin: str) -> re.Pattern[str]:
    """What finds addresses of a site in full, wherever they end in text, JSON, tables and RDF."""
    plain = re.escape(origin)
    return re.compile(rf"{plain}(?<![\w.:/-]{plain})/[^\s<>\"\\`|]*")  # in this order, so that a search is fast


def full_addresses(text: str, origin: str) -> set[str]:
    """Addresses of the site in a text; a full stop, a comma or a closing bracket behind one is the sentence's."""
    return {_without_end(found.rstrip(".,;")) for found in _full(origin).findall(text)}


def _without_end(address: str) -> str:
    """An address up to the first bracket that it closes and did not open; figids may hold both."""
    if ")" in address:
        depth = 0
        for at, character in enumerate(address):
            depth += (character == "(") - (character == ")")
            if depth < 0:
                return address[:at]
    return address


def packed_addresses(path: Path, origin: str) -> set[str]:
    """Addresses of the site in a text that is packed, read piece by piece.

    Raises:
        OSError: if it cannot be unpacked; EOFError, or zlib.error, likewise.
    """
    found: set[str] = set()
    with gzip.open(path) as file:
        rest = b""
        while piece := file.read(PIECE):
            whole, cut, rest = (rest + piece).rpartition(b"\n")
            found |= full_addresses((whole + cut).decode("utf-8", "replace"), origin)
    return found | full_addresses(rest.decode("utf-8", "replace"), origin)


def _texts(values: Iterable[Any]) -> Iterator[str]:
    return (v for v in values if isinstance(v, str))


def _figures(figids: Iterable[Any], base: str) -> set[str]:
    """Addresses of the pages of figures."""
    return {f"{base}figures/{quote(figid)}.html" for figid in _texts(figids)}


def _by_organism(data: Any, base: str) -> set[str]:
    return _figures((f["figid"] for o in data["organisms"] for f in o["figures"]), base)


def _rows(data: Any, base: str) -> set[str]:
    rows = (row for key, row in data.items() if key != "thumbs" and row)
    return {*_figures((row[0] for row in rows), base), *data.get("thumbs", {}).values()}


def _search(data: Any, _: str) -> set[str]:
    """The files of the search index, which is named by their contents, and the pages of organisms."""
    kinds = {k: v["names"] for k, v in data.items() if isinstance(v, dict) and "names" in v}
    kinds["figures"] = data["figureGenes"]
    files = {f"{kind}/{name}.bin" for kind, names in kinds.items() for name in names.split() if name != "-"}
    return {*files, f"rows/{data['rows']}.list.json", *(o[2] for o in data["organisms"])}


_READERS: dict[str, Callable[[Any, str], Iterable[Any]]] = {
    "moved": lambda data, _: data.values() if isinstance(data, dict) else (),
    "names": lambda data, _: [row[1] for row in data],
    "by-organism": _by_organism,
    "figures": lambda data, base: _figures((f["figid"] for f in data["figureInfo"]), base),
    "search": _search,
    "package": lambda data, _: [r["path"] for r in data["resources"]],
    "rows": _rows,
    "row-names": lambda data, _: (f"{name}.json" for name in data.split() if name != "-"),
}
"""What the files of a form link to beside addresses in full."""


def data_links(kind: str, text: str, base: str) -> set[str]:
    """What a data file links to beside addresses in full.

    Args:
        kind: as ``data_kind`` says.
        text: its contents.
        base: path of the site.

    Raises:
        ValueError: if it is not of its form.
    """
    if kind == "sums":
        return set(_SUM.findall(text))
    if kind not in _READERS:
        return set()
    try:
        return set(_texts(_READERS[kind](json.loads(text), base)))
    except (LookupError, TypeError, AttributeError) as error:
        message = f"not of the form of such a file ({type(error).__name__}: {error})"
        raise ValueError(message) from error
