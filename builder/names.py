"""Names become file names by one reversible escape; figure ids and stub paths are checked.

The escape keeps ASCII letters, digits and ``-``, writes a space as ``_`` and every other
byte of the UTF-8 form as ``~XX`` (after ``tilde_encode`` of Datasette), so that any gene
symbol or organism name is a safe, readable file name: ``a/b`` -> ``a~2Fb``, ``..`` ->
``~2E~2E``, ``Mus musculus`` -> ``Mus_musculus``. A name that the site needs for itself
(``index``, ``letters``, ``con``) has its first letter escaped too. Since an escaped name never
holds a full stop, suffixes after one (``Mar1.17158``, ``AKT1.p2``) cannot meet another name.
"""

from __future__ import annotations

import os
import re
from hashlib import blake2b
from pathlib import Path
from typing import TYPE_CHECKING
from unicodedata import normalize
from urllib.parse import unquote, urlsplit

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

__all__ = [
    "DEMONSTRATION",
    "DOI",
    "HUMAN",
    "MAX_FIGID_BYTES",
    "NDEX",
    "WPID",
    "beginning",
    "difference",
    "escape",
    "figid_fault",
    "fold",
    "fold_all",
    "is_number",
    "is_pmc",
    "leads_to",
    "letter_of",
    "stub_path",
    "stub_paths",
    "unescape",
    "work_kind",
    "year_number",
]

MAX_FIGID_BYTES = 200
"""File systems allow 255 bytes a name; ``.html`` and a temporary suffix need room."""

_MAX_PATH_BYTES = 800
"""Systems allow 1,024 bytes (macOS) or more a path, that of the output folder included."""

DOI = re.compile(r"10\.[0-9]+(?:\.[0-9]+)*/\S+\Z")
"""Prefix and suffix of a DOI (DOI Handbook 2.2)."""
WPID = re.compile(r"WP[0-9]+\Z")
"""A WikiPathways id."""
NDEX = re.compile(r"[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}\Z")
"""The UUID of a network at NDEx."""

_MAX_ESCAPED = 150
_KEPT = re.compile(rb"[A-Za-z0-9-]")
_YEAR = re.compile(r"[0-9]{4}\Z")
_SAFE = re.compile(r"[A-Za-z0-9-]+\Z")
# Controls, line separators, unpaired surrogates, bidirectional marks, byte order mark.
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff\ufeff]")
# What nearly every redirect_from looks like: nothing in it can be unsafe.
_DEVICE = "(?i:con|prn|aux|nul|com[0-9]|lpt[0-9])"
"""Names that Windows keeps for devices, whatever their ending."""
_PLAIN_STUB = re.compile(rf"/?(figures/(?!{_DEVICE}\Z)[A-Za-z0-9_-]{{1,150}})\Z")
_PLAIN_STUBS = re.compile(rf"^/?(figures/(?!{_DEVICE}$)[A-Za-z0-9_-]{{1,150}})$", re.MULTILINE)
_DEVICE_STEP = re.compile(rf"{_DEVICE}(?:\..*)?\Z", re.DOTALL)
_MANY = 512
"""Addresses that are looked at together."""
# Endings as files have them; a folder of such a name could stand where a file must.
_FILE = re.compile(r"\.[A-Za-z][A-Za-z0-9]*\Z", re.ASCII)
_TABLE = {
    byte: chr(byte) if _KEPT.match(bytes([byte])) else "_" if byte == ord(" ") else f"~{byte:02X}"
    for byte in range(256)
}
# Names with a meaning to a web server or to Windows, compared without case.
_RESERVED = {"index", "letters", "names", "con", "prn", "aux", "nul"} | {
    f"{device}{n}" for device in ("com", "lpt") for n in range(10)
}


def escape(name: str) -> str:
    """A file name stem for any text, from which ``unescape`` restores the text.

    A name whose escape is longer than 150 bytes is cut and ends in ``~~`` and a hash: still
    unique, no longer reversible (no such gene symbol or organism exists).
    """
    if _SAFE.match(name) and name.lower() not in _RESERVED and len(name) <= _MAX_ESCAPED:
        return name
    data = name.encode("utf-8", "surrogatepass")
    out = "".join(map(_TABLE.__getitem__, data))
    if name.lower() in _RESERVED:
        out = f"~{data[0]:02X}{out[1:]}"
    if len(out) > _MAX_ESCAPED:
        out = f"{out[:100].rstrip('~')}~~{blake2b(data, digest_size=8).hexdigest()}"
    return out or "~~"


def unescape(stem: str) -> str:
    """The name that ``escape`` made the stem from."""
    if stem == "~~":
        return ""
    data = re.sub(
        rb"~([0-9A-F]{2})|_",
        lambda m: bytes([int(m[1], 16)]) if m[1] else b" ",
        stem.encode(),
    )
    return data.decode("utf-8", "surrogatepass")


def beginning(name: str, size: int) -> str:
    """The beginning of a file name, of so many bytes at most: file systems count bytes, not characters."""
    return name.encode("utf-8", "surrogateescape")[:size].decode("utf-8", "ignore")


def fold(path: str) -> str:
    """The form in which two paths are compared: equal on a file system that ignores case, or the form of letters.

    An ``é`` may be one character or two (NFC and NFD of Unicode), which some file systems take for one name.
    """
    return path.casefold() if path.isascii() else normalize("NFC", normalize("NFC", path).casefold())


def difference(one: str, other: str) -> str:
    """What tells two names from each other that ``fold`` makes equal."""
    return "case" if normalize("NFC", one) != normalize("NFC", other) else "the Unicode form of its letters"


def fold_all(paths: Collection[str]) -> list[str]:
    """Every path as ``fold`` gives it; for many at once."""
    # No letter joins with a line break, so a text of all of them has the forms of each.
    out = fold("\n".join(paths)).split("\n") if paths else []
    return out if len(out) == len(paths) else [fold(p) for p in paths]  # a line break in one of them


def year_number(year: str) -> int:
    """The year as a number for sorting; 0 where the record gives none of four digits."""
    return int(year) if _YEAR.match(year) else 0


def letter_of(symbol: str) -> str:
    """The page of the A-Z index on which a gene symbol stands: ``A`` .. ``Z``, ``0-9`` or ``other``."""
    first = symbol[:1]
    if first.isascii() and first.isalpha():
        return first.upper()
    return "0-9" if first.isascii() and first.isdigit() else "other"


def _control(text: str) -> bool:
    """Whether the text holds a character that no file name or address should have."""
    return _CONTROL.search(text) is not None


def figid_fault(figid: str) -> str:
    """Why a figure id cannot be a file name, or an empty string if it can.

    Figure ids are used as they are, since their addresses are published.
    """
    if "/" in figid or "\\" in figid:
        return "it holds a slash"
    if figid.startswith((".", " ")) or figid.endswith((".", " ")):
        return "it starts or ends with a full stop or a space"
    if _control(figid):
        return "it holds a control character"
    if any(c in figid for c in '<>:"|?*#%'):
        return 'it holds one of < > : " | ? * # %'
    if len(figid.encode("utf-8", "surrogatepass")) > MAX_FIGID_BYTES:
        return f"it is longer than {MAX_FIGID_BYTES} bytes"
    if figid.lower() in _RESERVED:
        return "the site needs that name for itself"
    return ""


def stub_path(address: str) -> tuple[str, str]:
    """Where a ``redirect_from`` puts its stub, and why it cannot, one of the two empty.

    ``/figures/PMC1__F1`` -> ``figures/PMC1__F1.html``; an address that ends in a slash gets
    an ``index.html``, one that ends in ``.html`` is used as it is.
    """
    if plain := _PLAIN_STUB.match(address):
        return plain[1] + ".html", ""
    if "\\" in address or _control(address):
        return "", "it holds a backslash or a control character"
    try:
        parts = urlsplit(address)
    except ValueError:
        return "", "it names a host, expected a path of this site such as /figures/NAME"
    if parts.scheme or parts.netloc:
        return "", "it names a host, expected a path of this site such as /figures/NAME"
    if parts.query or parts.fragment or "?" in address or "#" in address:
        return "", "it holds a query or fragment, which a static file cannot answer"
    path = unquote(parts.path)
    steps = path.strip("/").split("/")
    fault = next((f for s in steps if (f := _step_fault(s))), "")
    folders = steps if path.endswith("/") else steps[:-1]
    if not fault and (file := next((m for s in folders if (m := _FILE.search(s))), None)):
        fault = f"it holds a step that ends in {file[0]}, where a page may stand"
    stub = "/".join([*steps, "index.html"]) if path.endswith("/") else "/".join(steps)
    stub += "" if stub.endswith(".html") else ".html"
    if not fault and len(stub.encode()) > _MAX_PATH_BYTES:
        fault = f"it is longer than {_MAX_PATH_BYTES} bytes"
    return ("", fault) if fault else (stub, "")


def stub_paths(addresses: Sequence[str]) -> list[str]:
    """Where each ``redirect_from`` puts its stub, empty where it cannot; hardly one needs a look of its own."""
    paths: list[str] = []
    for first in range(0, len(addresses), _MANY):
        part = addresses[first : first + _MANY]
        whole = "\n".join(part)
        plain = _PLAIN_STUBS.findall(whole) if whole.count("\n") == len(part) - 1 else ()
        paths += [f"{p}.html" for p in plain] if len(plain) == len(part) else [stub_path(a)[0] for a in part]
    return paths


def _step_fault(step: str) -> str:
    """Why a step of a path cannot be a file or folder name, or an empty string."""
    if not step:
        return "it is empty or has an empty step"
    if step in {".", ".."}:
        return "it leaves the site with . or .."
    if _DEVICE_STEP.match(step):
        return "it holds a name that Windows keeps for devices"
    fault = figid_fault(step)
    return "" if fault.startswith("the site needs") else fault


def is_number(text: str) -> bool:
    """Whether a text is digits alone, as the ids of NCBI's databases are; ``\u00b2`` is no digit of these."""
    return text.isascii() and text.isdigit()


def is_pmc(pmcid: str) -> bool:
    """Whether a pmcid is one that PubMed Central can have issued."""
    return pmcid.startswith("PMC") and is_number(pmcid[3:])


_OF_PMC = ("ncbi.nlm.nih.gov/", "europepmc.org/")
"""Hosts that have papers of PubMed Central under its identifiers, and no others."""


def leads_to(template: str, pmcid: str) -> bool:
    """Whether an address template (``article_url``, ``image_url``) leads to something of a paper.

    Args:
        template: one that names ``{pmcid}`` at a host of PubMed Central leads to its papers alone; any other to all.
        pmcid: as the record gives it.
    """
    return is_pmc(pmcid) or "{pmcid}" not in template or not any(host in template for host in _OF_PMC)


HUMAN = "Homo sapiens"
"""The organism of HGNC, and of tools that take symbols alone."""
DEMONSTRATION = "Demonstration"
"""Type of figures that were drawn to be shown, and published by nobody."""


def work_kind(figtype: str, pmcid: str, *told: str) -> str:
    """Type in schema.org of what a figure is from.

    Args:
        figtype: of the figure: nothing scholarly is behind a demonstration.
        pmcid: as the record gives it.
        told: title, reference and DOI of the paper; without all of them, and outside PubMed Central, no paper is known.
    """
    known = figtype != DEMONSTRATION and (any(told) or is_pmc(pmcid))
    return "ScholarlyArticle" if known else "CreativeWork"


def real(path: str | Path) -> Path:
    """A path without links on its way; of links that lead in a circle as it is, where ``Path.resolve`` raises."""
    return Path(os.path.realpath(path))
