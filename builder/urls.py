"""The one place that builds paths and addresses.

Paths are relative to the output folder and unquoted; hrefs carry the base path of the
site and are percent-encoded; absolute addresses start with the site's URL.
"""

from __future__ import annotations

import re
from hashlib import blake2b
from typing import TYPE_CHECKING
from urllib.parse import quote, unquote, urlsplit

from builder.names import DOI, MAX_FIGID_BYTES, escape

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

__all__ = [
    "SEARCH_META", "Urls", "ascii_host", "concept_path", "figure_path", "gene_path", "group_path", "listing_path",
    "organism_path", "quoted",
]  # fmt: skip

SEARCH_META = "search/index.json"
"""Path of the file of the search index that names all others."""
# Nothing that HTML or an unquoted attribute gives a meaning to.
_SAFE = "/~+!,:@-._()"
_WORD = re.compile(r"[A-Za-z0-9._-]*\Z")
_FURTHER = re.compile(r"p[0-9]+\Z")
_MANY = 512
"""Addresses that are looked at together."""
_PLAIN = re.compile(r"[A-Za-z0-9/~+!,:@._()-]*\Z")


def figure_path(figid: str) -> str:
    """Path of a figure's page; published for years, so it must not change."""
    return f"figures/{figid}.html"


def gene_path(symbol: str, organism: str, distinct: str = "") -> str:
    """Path of a gene's page.

    Args:
        symbol: gene symbol.
        organism: Latin name, empty for the default organism.
        distinct: the gene's id where another gene of the organism has the same symbol up to case.
    """
    folder = f"genes/{escape(organism)}" if organism else "genes"
    return f"{folder}/{_joined(symbol, distinct) if distinct else escape(symbol)}.html"


def _joined(name: str, more: str) -> str:
    """Two texts as one file name stem; the beginning and a hash of both where they are too long together.

    So it is where the second could be that of a further page of a list (``x.p2``), too.
    """
    stem = f"{escape(name)}.{escape(more)}"
    if len(stem) <= MAX_FIGID_BYTES and not _FURTHER.match(more):
        return stem
    own = blake2b(f"{name}\0{more}".encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()
    return f"{escape(name)[:100].rstrip('~')}.~~{own}"


def organism_path(name: str) -> str:
    """Path of an organism's page, in small letters: so PFOCR has published those of most organisms.

    Names that differ only by case are one organism, so no two of them meet.
    """
    return f"organisms/{escape(name.lower())}.html"


def concept_path(kind: str, key: str, name: str) -> str:
    """Path of the page of a chemical or disease: by its identifier, failing that by its name.

    Args:
        kind: ``chemicals`` or ``diseases``.
        key: as in ``Concepts``; an escaped text holds no full stop, so that names and identifiers cannot meet.
        name: its name.
    """
    vocabulary, _, identifier = key.partition(":")
    if key.startswith("="):
        return f"{kind}/{escape(name)}.html"
    return f"{kind}/{_joined(vocabulary.lower(), identifier)}.html"


def group_path(group: str) -> str:
    """Path of the page of all organisms of a group; empty for those of none."""
    return f"organisms/groups/{escape(group.lower()) if group else '~~'}.html"


def listing_path(path: str, page: int) -> str:
    """Path of page ``page`` (from 1) of a listing that starts at ``path``: ``x.html``, ``x.p2.html``."""
    return path if page == 1 else f"{path.removesuffix('.html')}.p{page}.html"


def quoted(text: str, safe: str = "") -> str:
    """Text percent-encoded for an address; most symbols and ids have nothing to encode."""
    return text if _WORD.match(text) else quote(text, safe=safe)


_DOI_ADDRESS = re.compile(r"https?://(?:dx\.|www\.)?doi\.org/", re.IGNORECASE)
_BEFORE_DOI = re.compile(r"doi:\s*", re.IGNORECASE)
_ENCODED = re.compile(r"(?:%[0-9A-Fa-f]{2})+")


def bare_doi(doi: str) -> str:
    """A DOI without what records write before it; of its address, whose signs are percent-encoded, the DOI itself."""
    if doi.startswith("10."):
        return doi
    if before := _BEFORE_DOI.match(doi):
        doi = doi[before.end() :]
    found = _DOI_ADDRESS.match(doi)
    return _ENCODED.sub(lambda code: unquote(code[0]), doi[found.end() :]) if found else doi


def doi_href(doi: str) -> str:
    """Address of a bare DOI; empty for what is none."""
    return f"https://doi.org/{quoted(doi, '/()-._;:')}" if DOI.match(doi) else ""


def ascii_host(host: str) -> str:
    """A host, perhaps with a user and a port, in ASCII; as it is where it cannot be."""
    if host.isascii():
        return host
    user, mark, name = host.rpartition("@")
    try:
        return f"{quote(user, safe=':')}{mark}{name.encode('idna').decode()}"
    except UnicodeError:
        return host


class Urls:
    """Addresses on a site with a given URL, which may have a path of its own."""

    def __init__(self, url: str) -> None:
        whole = url.rstrip("/") + "/"
        parts = urlsplit(whole)
        # As addresses are sent: letters of other alphabets as %XX, those of a host as IDNA writes them.
        self.base = quote(parts.path, safe="/%:@!$&'()*+,;=~")
        self.root = f"{parts.scheme}://{ascii_host(parts.netloc)}{self.base}"

    def href(self, path: str) -> str:
        """Address with base path of an output path; ``index.html`` is its folder's address."""
        if path == "index.html":
            return self.base
        if path.endswith("/index.html"):
            path = path[:-10]
        return self.base + (path if _PLAIN.match(path) else quote(path, safe=_SAFE))

    def hrefs(self, paths: Sequence[str]) -> list[str]:
        """Addresses of many paths, of which hardly one needs more than the base path before it."""
        out: list[str] = []
        for first in range(0, len(paths), _MANY):
            part = paths[first : first + _MANY]
            whole = "".join(part)
            plain = _PLAIN.match(whole) and "index.html" not in whole
            out += [self.base + path for path in part] if plain else map(self.href, part)
        return out

    def absolute(self, path: str) -> str:
        """Full address of an output path."""
        return self.root + self.href(path)[len(self.base) :]

    def figure(self, figid: str) -> str:
        """Address of a figure's page."""
        return self.href(figure_path(figid))

    def explore(self, query: str) -> str:
        """Address of Explore with a query in its box, safe without quotes."""
        return f"{self.base}explore/?q={quote(query, safe=':-._~')}"

    def gene_set(self, symbols: Iterable[str]) -> str:
        """Address of Explore with the figures that show most of some genes, safe without quotes."""
        return f"{self.base}explore/?view=genes#genes={','.join(quote(s, safe='-._~') for s in symbols)}"

    def paper(self, pmcid: str, doi: str, article: str) -> str:
        """What names a paper in structured data, in that of all of its figures: an address.

        Args:
            pmcid: as the record gives it.
            doi: ``doi_href``.
            article: the paper's address at PMC; empty if it is not there.
        """
        return article or doi.lower() or f"{self.absolute('index.html')}#paper-{quote(pmcid, safe='-._~')}"

    def own(self, href: str) -> str:
        """A site-absolute link of a text page (``/genes/``) with the base path put before it."""
        return self.base + href[1:] if href.startswith("/") and not href.startswith("//") else href
