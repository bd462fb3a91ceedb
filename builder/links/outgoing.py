"""The form of links that lead out of the site, judged without asking anybody."""

from __future__ import annotations

import re
from collections import defaultdict
from functools import lru_cache
from urllib.parse import urlsplit

from builder.urls import ascii_host

__all__ = ["outgoing_fault"]

_OUT_OF_PLACE = re.compile(r"[^!#$%&'()*+,\-./:;=?@\[\]_~A-Za-z0-9\u0080-\U0010FFFF]")
"""What no address may hold unless percent-encoded (RFC 3986, section 2); letters beyond ASCII browsers encode
themselves (RFC 3987), if they are any that can be seen."""
_PERCENT = re.compile(r"%(?![0-9A-Fa-f]{2})")
_HOST = re.compile(
    r"(?=.{1,253}\Z)(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z][A-Za-z0-9-]*[A-Za-z0-9]\Z"
)
_MAIL = re.compile(r"mailto:[^@\s]+@[^@\s?]+\.[^@\s?]+(?:\?\S*)?\Z", re.IGNORECASE)
_LOCAL = frozenset({"localhost", "127.0.0.1", "[::1]"})

_FORMS: tuple[tuple[str, str, str], ...] = (
    ("www.ncbi.nlm.nih.gov/gene/", r"\d+/?", "a number"),
    ("pmc.ncbi.nlm.nih.gov/articles/", r"PMC\d+(?:/.*)?", "PMC and digits"),
    ("europepmc.org/articles/", r"PMC\d+(?:/.*)?", "PMC and digits"),
    ("doi.org/", r"10\.\d{4,9}/.+", "10., digits, a slash and a name"),
    ("www.wikipathways.org/pathways/", r"WP\d+(?:\.html)?", "WP and digits"),
    ("www.ndexbio.org/viewer/networks/", r"[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}", "a UUID"),
    ("identifiers.org/ncbigene:", r"\d+", "a number"),
    ("bioregistry.io/mesh:", r"[A-Z]\d+", "a letter and digits"),
    ("bioregistry.io/doid:", r"\d+", "a number"),
    ("bioregistry.io/chebi:", r"\d+", "a number"),
)
"""Addresses of databases with the form of what follows, and that form in words."""
_BY_HOST: dict[str, list[tuple[str, re.Pattern[str], str]]] = defaultdict(list)
for _prefix, _form, _words in _FORMS:
    _BY_HOST[_prefix.partition("/")[0]].append((_prefix, re.compile(_form), _words))


def _identifier_fault(rest: str) -> str:
    """What is wrong with an address at a database whose identifiers have a form; ``rest`` follows ``https://``."""
    for prefix, form, words in _BY_HOST.get(rest.partition("/")[0], ()):
        if rest.startswith(prefix):
            name = re.split(r"[?#]", rest.removeprefix(prefix), maxsplit=1)[0]
            return "" if not name or form.fullmatch(name) else f"ends in '{name}', expected {words} after {prefix}"
    return ""


_PLAIN = re.compile(
    r"https?://((?:[A-Za-z0-9-]++\.)*[A-Za-z0-9-]++)(?:[/?#](?:[!#$&'()*+,\-./:;=?@\[\]_~A-Za-z0-9]|%[0-9A-Fa-f]{2})*)?\Z"
)
"""An address without a user's name or a port, of characters that it may hold."""


@lru_cache(maxsize=1 << 12)
def _is_host(name: str) -> bool:
    return name in _LOCAL or _HOST.match(name) is not None


def outgoing_fault(link: str) -> str:
    """Why a link out of the site cannot lead anywhere or must not be there; empty if its form is good."""
    if (found := _PLAIN.match(link)) and _is_host(found[1].lower()):
        return _identifier_fault(link.partition("://")[2])
    return _fault(link)


@lru_cache(maxsize=1 << 12)
def _fault(link: str) -> str:
    """As ``outgoing_fault``, for links that are not as nearly all are."""
    scheme = link.partition(":")[0].lower()
    if scheme == "mailto":
        return "" if _MAIL.match(link) else "is no mail address"
    if scheme in {"tel", "about"}:
        return ""
    if scheme not in {"http", "https"}:
        return f"has the scheme {scheme}, expected https"
    found = _OUT_OF_PLACE.search(link)
    if found or not link.isprintable():
        return f"holds {repr(found[0]) if found else 'what cannot be seen'}, expected it percent-encoded"
    if _PERCENT.search(link):
        return "holds a % without two hexadecimal digits"
    try:
        parts = urlsplit(link)
        host, _ = ascii_host(parts.hostname or ""), parts.port
    except ValueError:
        return "has a host or port that is none"
    if parts.username is not None:
        return "holds a user name"
    if host not in _LOCAL and not _HOST.match(host):
        return f"has the host '{host}', which is none"
    return _identifier_fault(link.partition("://")[2])
