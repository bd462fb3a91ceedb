"""Sitemaps, robots.txt, the Atom feed, and the redirects in the forms that servers read."""

from __future__ import annotations

import re
from html import escape
from typing import TYPE_CHECKING
from urllib.parse import quote, unquote

import msgspec

from builder.names import year_number

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from builder.plan.moved import Moved
    from builder.read.card import Card
    from builder.render.atlas import Atlas

__all__ = ["feed", "names_json", "redirect_files", "robots", "sitemap_names", "sitemaps"]

URLS_A_SITEMAP = 45_000
"""The protocol allows 50,000 (sitemaps.org)."""
SAFE = "/~+!,:@-._()"
"""What needs no quoting in the path of an address."""
COMMAS = 9
"""Between the values of a parameter, which nginx takes for the ends of values."""

_HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'
_SPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"


def sitemap_names(pages: int) -> list[str]:
    """Names of the index and of the sitemaps of so many pages."""
    return ["sitemap.xml", *(f"sitemap-{n}.xml" for n in range(1, max(-(-pages // URLS_A_SITEMAP), 1) + 1))]


def sitemaps(atlas: Atlas, paths: Sequence[str]) -> dict[str, bytes]:
    """``sitemap.xml``, an index, and the sitemaps that it names.

    Args:
        atlas: gives addresses.
        paths: pages to list, in the order wanted.
    """
    files = {}
    index = []
    names = sitemap_names(len(paths))
    root, base = escape(atlas.urls.root), len(atlas.urls.base)
    for number, name in enumerate(names[1:]):
        part = paths[number * URLS_A_SITEMAP : (number + 1) * URLS_A_SITEMAP]
        # What HTML gives a meaning to is percent-encoded in a path.
        urls = "".join([f"<url><loc>{root}{href[base:]}</loc></url>\n" for href in atlas.urls.hrefs(part)])
        files[name] = f'{_HEAD}<urlset xmlns="{_SPACE}">\n{urls}</urlset>\n'.encode()
        index.append(f"<sitemap><loc>{escape(atlas.urls.absolute(name))}</loc></sitemap>\n")
    files[names[0]] = f'{_HEAD}<sitemapindex xmlns="{_SPACE}">\n{"".join(index)}</sitemapindex>\n'.encode()
    return files


def robots(atlas: Atlas) -> bytes:
    """``robots.txt``: everything may be read; where the sitemap is."""
    return f"User-agent: *\nAllow: /\n\nSitemap: {atlas.urls.absolute('sitemap.xml')}\n".encode()


def _xml(text: str) -> str:
    """Text for XML, without the characters that XML 1.0 forbids."""
    return escape("".join(c for c in text if c >= " " or c in "\t\n\r").replace("\ufffe", "").replace("\uffff", ""))


def feed(atlas: Atlas, cards: Sequence[Card]) -> bytes:
    """The Atom feed of the newest figures (RFC 4287).

    A figure's date is the first day of its year: records give no more, and outputs hold no clock. One without a year is
    no news; where none has one, all are as old as can be.
    """
    s = atlas.settings
    cards = [c for c in cards if year_number(c.year)] or cards
    dates = [f"{year_number(c.year) or 1970:04}-01-01T00:00:00Z" for c in cards]
    entries = "".join(
        f"<entry><title>{_xml(c.title)}</title><id>{escape(url)}</id>"
        f'<link rel="alternate" type="text/html" href="{escape(url)}"/><updated>{date}</updated>'
        f"<summary>{_xml(c.paper or c.pmcid)}</summary></entry>\n"
        for c, date in zip(cards, dates, strict=True)
        for url in (atlas.figure_url(c.figid),)
    )
    home = escape(atlas.site.home)
    author = _xml(s.publisher or s.title)
    return (
        f'{_HEAD}<feed xmlns="http://www.w3.org/2005/Atom">\n<title>{_xml(s.title)}: newest figures</title>\n'
        f"<id>{home}</id>\n<updated>{max(dates, default='1970-01-01T00:00:00Z')}</updated>\n"
        f'<link rel="self" type="application/atom+xml" href="{escape(atlas.urls.absolute("feed.xml"))}"/>\n'
        f'<link rel="alternate" type="text/html" href="{home}"/>\n<author><name>{author}</name></author>\n'
        f"{entries}</feed>\n"
    ).encode()


def names_json(atlas: Atlas, words: Mapping[str, str], most: int) -> bytes:
    """Genes for filter as you type: ``[[symbol, path below genes/, figures, words], ...]``.

    Args:
        atlas: the collection.
        words: by path of a gene, the words it was seen as.
        most: how many at most: those of most figures.
    """
    genes = atlas.data.genes
    if len(genes) > most:
        kept = sorted(range(len(genes)), key=lambda i: (-genes[i].total, i))[:most]
        genes = [genes[i] for i in sorted(kept)]
    rows = [
        (g.symbol, atlas.urls.href(g.path).removeprefix(atlas.site.genes), g.total, words.get(g.path, ""))
        for g in genes
    ]
    return b"[" + b",\n".join(msgspec.json.encode(r) for r in rows) + b"]\n"


def redirect_files(atlas: Atlas, stubs: Iterable[tuple[str, str]], moved: Sequence[Moved] = ()) -> dict[str, bytes]:
    """The redirects as data, and in the forms that ``site.yml`` asks for.

    Args:
        atlas: gives addresses and settings.
        stubs: path of each stub and of the page that it leads to.
        moved: addresses of PFOCR's first site.
    """
    pairs = sorted([*stubs, *((m.path, m.target) for m in moved)])
    asking = [m for m in moved if m.parameter]
    asked = {m.path for m in asking}
    kinds = atlas.settings.redirects
    hrefs = (atlas.urls.hrefs([pair[side] for pair in pairs]) for side in range(2))
    data = dict(zip(*hrefs, strict=True))
    for m in asking:
        data[f"{atlas.urls.href(m.path)}?{m.parameter}={{}}"] = f"{atlas.urls.href(m.target)}?q={_asked(m.query, '{}')}"
    files = {"redirects.json": msgspec.json.format(msgspec.json.encode(data), indent=0) + b"\n"}
    if "netlify" in kinds:
        # What its rules cannot split, the stub does, which stands there with no rule in front of it.
        left = {m.path for m in asking if _joint(m)} if "html" in kinds else set()
        plain, ruled = [(s, t) for s, t in pairs if s not in left], [m for m in asking if m.path not in left]
        files["_redirects"] = "".join(_netlify(atlas, plain, ruled)).encode()
    if "nginx" in kinds:
        # For `map $uri $figpages_redirect { include redirects.nginx.conf; }`; $uri is decoded, so quoted text.
        plain = [(s, t) for s, t in pairs if s not in asked]
        files["redirects.nginx.conf"] = "".join(f'"{_nginx(a)}" "{b}";\n' for a, b in _decoded(atlas, plain)).encode()
        files["rewrites.nginx.conf"] = "".join(_nginx_rules(atlas, asking)).encode()
    if "apache" in kinds:
        # For `RewriteMap figpages txt:redirects.apache.txt`; %{REQUEST_URI} is decoded. A key ends at a space, whatever
        # quotes are around it, so addresses that hold one are rules.
        spaced = [(s, t) for s, t in pairs if re.search(r"\s", f"{_base(atlas)}/{s}")]
        plain = sorted({*pairs}.difference(spaced)) if spaced else pairs
        files["redirects.apache.txt"] = "".join(f"{a} {b}\n" for a, b in _decoded(atlas, plain)).encode()
        rules = (*_apache_rules(atlas, asking), *_apache_spaced(atlas, spaced))
        files["rewrites.apache.conf"] = "".join(rules).encode()
    return files


def _forms(path: str) -> tuple[str, str]:
    """The addresses below the base path that a stub answers: with and without .html, or the folder and its index."""
    short = path.removesuffix("index.html") if path.endswith("/index.html") else path.removesuffix(".html")
    return f"/{short}", f"/{short}index.html" if short.endswith("/") else f"/{short}.html"


def _decoded(atlas: Atlas, pairs: Iterable[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    """Old addresses decoded, in all their forms, and the new ones."""
    for stub, target in pairs:
        for old in _forms(stub):
            yield _base(atlas) + old, atlas.urls.href(target)


def _base(atlas: Atlas) -> str:
    """The base path without its last slash, decoded: so nginx and Apache compare addresses."""
    return unquote(atlas.urls.base[:-1])


def _asked(query: str, value: str, percent: str = "%") -> str:
    """A query for an address, with a server's own word for the parameter in it."""
    return value.join(quote(part, safe=":").replace("%", percent) for part in query.split("{}"))


def _netlify(atlas: Atlas, pairs: Iterable[tuple[str, str]], asking: Iterable[Moved]) -> Iterator[str]:
    """Lines of ``_redirects``.

    Source: Netlify docs, "Redirects and rewrites": from, to, status; the query is passed on. A rule that names a
    parameter counts only where it is given, and the first that counts is taken.
    """
    base = atlas.urls.base[:-1]
    for m in asking:
        query = _asked(m.query, ":value")
        for old in _forms(m.path):
            yield f"{base}{quote(old, safe=SAFE)} {m.parameter}=:value {atlas.urls.href(m.target)}?q={query} 301!\n"
    for stub, target in pairs:
        for old in _forms(stub):
            yield f"{base}{quote(old, safe=SAFE)} {atlas.urls.href(target)} 301!\n"


def _joint(m: Moved, percent: str = "%") -> str:
    """What to put for a comma between several values of a parameter; empty where a value may hold commas itself."""
    before, after = m.query.split("{}")
    return quote(f"{after} {before}", safe=":").replace("%", percent) if before or after else ""


def _questions(m: Moved, mark: str, percent: str = "%") -> Iterator[tuple[str, str]]:
    """Queries of an old address that give its parameter, as expressions, and the query of the new one for each.

    What else is asked for is kept. Each is a case of its own, so that no ``&`` is left over.

    Args:
        m: the address.
        mark: what a server calls its groups with.
        percent: how it writes a percent sign.
    """
    for pattern, value, more in ((f"{m.parameter}=([^&]+)", 1, ""), (f"(.+)&{m.parameter}=([^&]+)", 2, f"&{mark}1"),
                                 (f"(.*&)?{m.parameter}=([^&]+)&(.+)", 2, f"&{mark}1{mark}3")):  # fmt: skip
        yield f"^{pattern}$", f"?q={_asked(m.query, f'{mark}{value}', percent)}{more}"


def _several(m: Moved) -> str:
    """A query in which a comma stands between values of the parameter, as an expression."""
    return f"^((?:.*&)?{m.parameter}=[^&]*?)(?:,|%2[Cc])+(.*)$"


def _nginx_rules(atlas: Atlas, asking: Iterable[Moved]) -> Iterator[str]:
    """Locations of a server block for addresses whose parameter has another name now."""
    for m in asking:
        target = atlas.urls.href(m.target)
        # A location has no loops: a rule for each comma.
        rules = [f'if ($args ~ "{_several(m)}") {{ set $args "$1{_joint(m)}$2"; }}'] * (COMMAS if _joint(m) else 0)
        rules += [f'if ($args ~ "{asked}") {{ return 301 "{target}{query}"; }}' for asked, query in _questions(m, "$")]
        own = "".join(f"  {rule}\n" for rule in rules)
        for old in _forms(m.path):
            address = _nginx(f"{_base(atlas)}{old}")
            yield f'location = "{address}" {{\n{own}  return 301 "{target}$is_args$args";\n}}\n'


def _apache_rules(atlas: Atlas, asking: Iterable[Moved]) -> Iterator[str]:
    """Rewrite rules of a virtual host for addresses whose parameter has another name now."""
    percent = chr(92) + "%"
    for m in asking:
        old = _apache_address(atlas, m.path)
        if joint := _joint(m, percent):
            yield f"RewriteCond %{{QUERY_STRING}} {_several(m)}\nRewriteRule {old} $0?%1{joint}%2 [N,NE]\n"
        for asked, query in _questions(m, "%", percent):
            new = atlas.urls.href(m.target).replace("%", percent) + query
            yield f"RewriteCond %{{QUERY_STRING}} {asked}\nRewriteRule {old} {new} [R=301,L,NE]\n"


def _apache_spaced(atlas: Atlas, pairs: Iterable[tuple[str, str]]) -> Iterator[str]:
    """Rewrite rules of a virtual host for addresses that hold spaces."""
    for stub, target in pairs:
        new = atlas.urls.href(target).replace("%", chr(92) + "%")
        yield f"RewriteRule {_apache_address(atlas, stub)} {new} [R=301,L,NE]\n"


def _apache_address(atlas: Atlas, path: str) -> str:
    """An expression for all forms of an old address."""
    short, _ = _forms(path)
    end = r"(?:index\.html)?" if short.endswith("/") else r"(?:\.html)?"
    text = re.escape(f"{_base(atlas)}{short}")
    return "^" + re.sub(r"\\?(\s)", lambda m: "".join(f"\\x{b:02x}" for b in m[1].encode()), text) + end + "$"


def _nginx(text: str) -> str:
    """A key of a map, or an address, inside double quotes of an nginx configuration; no variable can stand there."""
    return text.replace("\\", "\\\\").replace('"', '\\"')
