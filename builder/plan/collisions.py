"""Paths that two outputs claim: found before anything is written, all of them, naming both files."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING, Protocol

from builder.names import difference, fold, fold_all, stub_paths
from builder.problems import KeyPath, Severity
from builder.urls import figure_path

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

    from builder.read.columns import Columns
    from builder.read.facts import Facts

__all__ = [
    "LISTINGS", "Claimants", "Clash", "Redirects", "alias_clashes", "duplicate_figids", "fixed_pages",
    "resolve_redirects", "unpublished", "with_sections",
]  # fmt: skip


LISTINGS = frozenset({"genes", "organisms", "browse", "chemicals", "diseases", "wikipathways", "ndex"})
"""Folders in which it depends on the records which pages there are, beside that of figures."""


@dataclass(frozen=True)
class Clash:
    """Something wrong between two records; the place is looked up when it is reported."""

    name: str
    """File name of the record to blame."""
    where: KeyPath
    severity: Severity
    rule: str
    message: str
    other: str = ""
    """File name of the other record, which is told behind the message; empty where none is to be named."""
    rest: str = ""
    """What is told behind that."""


class Claimants(Protocol):
    """Figures that want addresses, column by column."""

    name: list[str]
    """File names of the records."""
    figid: list[str]
    redirects: list[tuple[str, ...]]


def duplicate_figids(buckets: Sequence[Columns | Facts]) -> list[Clash]:
    """Records that claim one page: the same figid, or one that differs only by case or Unicode form."""
    count = sum(len(c.figid) + len(c.bad) for c in buckets)
    if len({*fold_all([f for c in buckets for f in (*c.figid, *(figid or name for name, figid in c.bad))])}) == count:
        return []  # the usual case, found out at once
    claims: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for columns in buckets:
        bad = ((figid, name) for name, figid in columns.bad if figid)
        for figid, name in (*zip(columns.figid, columns.name, strict=True), *bad):
            claims[fold(figid)].append((name, figid))
    clashes = []
    for group in claims.values():
        if len(group) < 2:  # noqa: PLR2004 - it takes two
            continue
        group.sort()
        for i, (name, figid) in enumerate(group):
            other, other_figid = group[0 if i else 1]
            told = f"only {difference(figid, other_figid)} tells it from {other_figid} of"
            same = "it is also the figid of" if figid == other_figid else told
            message = f"found the figid '{figid}', expected it in one record; {same} "
            clashes.append(Clash(name, ("figid",), "error", "figid-twice", message, other))
    return clashes


def alias_clashes(buckets: Sequence[Columns | Facts]) -> list[Clash]:
    """Records whose other identifier names another figure too: it is that one's figid, or its other identifier.

    What ``resolve_redirects`` tells of an address made of the same identifier is not told again.
    """
    aliases = fold_all([alias for c in buckets for alias in c.alias if alias])
    distinct = set(aliases)
    owned = fold_all([f for c in buckets for f in (*c.figid, *(figid for _, figid in c.bad))])
    common = distinct.intersection(owned)
    if len(distinct) < len(aliases):
        common |= {alias for alias, n in Counter(aliases).items() if n > 1}
    if not common:
        return []  # the usual case
    rows = [r for c in buckets for r in zip(c.alias, c.figid, c.name, c.redirects, strict=True) if r[0]]
    rows = [row for row, alias in zip(rows, aliases, strict=True) if alias in common]
    names = [n for c in buckets for n in (*c.name, *(name for name, _ in c.bad))]
    owners = {figid: name for figid, name in zip(owned, names, strict=True) if figid in common}
    clashes = []
    first: dict[str, tuple[str, bool]] = {}
    for alias, _, name, redirects in sorted(rows, key=lambda r: (r[1], r[2])):
        address = f"/figures/{alias}" in redirects
        winner, told = first.setdefault(fold(alias), (name, address))
        owner = owners.get(fold(alias), name)
        message = f"found the figid_alias '{alias}', expected it to name one figure; "
        if owner != name and not address:
            other, message = owner, f"{message}it is the figid of "
        elif owner == name and winner != name and not (told and address):
            other, message = winner, f"{message}it is also the figid_alias of "
        else:
            continue
        clashes.append(Clash(name, ("figid_alias",), "warning", "alias-collision", message, other))
    return clashes


def fixed_pages(texts: Iterable[str]) -> list[str]:
    """Pages outside ``LISTINGS`` that every site has.

    Args:
        texts: names of the text pages.
    """
    return [
        "index.html",
        "404.html",
        "explore/index.html",
        "statistics/index.html",
        *(f"{name}.html" for name in texts),
    ]


def with_sections(pages: Iterable[str]) -> Iterator[str]:
    """Pages, and for each ``genes/index.html`` among them ``genes.html``, which servers would show in its place."""
    for page in pages:
        yield page
        if page.endswith("/index.html"):
            yield page.removesuffix("/index.html") + ".html"


@dataclass
class Redirects:
    """Stubs that are published, and those that had to give way."""

    stubs: dict[str, int] = field(default_factory=dict)
    """Path -> number of the figure that it leads to."""
    clashes: list[Clash] = field(default_factory=list)


SERVERS = ("_redirects", "_headers")
"""Files that servers look for, whose names no folder may have."""

_FILES = re.compile(
    r"(?:(?:(downloads/SHA256SUMS)|genes/names\.json|robots\.txt|feed\.xml|sitemap(?:-[0-9]+)?\.xml"
    r"|re(?:directs|writes)\.[a-z.]+)(?:/.*)?|(?:assets|downloads|images|json|search|thumbs)/.*\.[a-z][a-z0-9]*)\.html\Z",
    re.IGNORECASE,
)
"""Stubs that would answer at, or lie below, a file of ours that is no page. All but the one named have an ending."""
_NEAR_FILES = (
    "assets/", "downloads/", "images/", "json/", "search/", "thumbs/", "genes/names.", "robots.", "feed.", "sitemap",
    "redirects.", "rewrites.",
)  # fmt: skip
"""How the paths of those begin, for a quick look at a hundred thousand."""


def unpublished(buckets: Sequence[Columns | Facts], left_out: Collection[str]) -> dict[str, str]:
    """Figids of records that an error keeps from being published, each with the name of the record.

    Args:
        buckets: the columns of every bucket.
        left_out: names of good records that are left out all the same.
    """
    out = {figid: name for c in buckets for name, figid in c.bad if figid}
    if left_out:
        rows = (row for c in buckets for row in zip(c.figid, c.name, strict=True))
        out |= {figid: name for figid, name in rows if name in left_out}
    return out


def resolve_redirects(
    figures: Claimants,
    pages: Iterable[str],
    kept: Iterable[str] = (),
    refused: Mapping[str, str] = MappingProxyType({}),
    by_figid: Sequence[int] | None = None,
) -> Redirects:
    """Which stub stands at which path.

    A page always wins over a stub; of two stubs for one path the one of the smaller figid wins. No stub stands at or
    below a name that builds leave alone, or that a server looks for, or a file of ours. The page of a record with
    an error will be back once that is mended, so its address is nobody else's.

    Args:
        figures: the collection.
        pages: paths of all pages beside those of figures, and others where no stub may stand.
        kept: names at the top of the output folder that builds leave alone.
        refused: as ``unpublished`` gives them.
        by_figid: the figures in the order of their figids, if that is known.
    """
    closed = {fold(name) for name in (*kept, *SERVERS)}
    order = by_figid or sorted(range(len(figures.figid)), key=figures.figid.__getitem__)
    given = figures.redirects
    addresses = [address for i in order for address in given[i]]
    wishes = [i for i in order for _ in given[i]]
    paths = stub_paths(addresses)
    keys = fold_all(paths)
    odd, taken = _odd(keys, closed), _taken({*keys}, figures, pages, refused)
    stubs = dict(zip(paths, wishes, strict=True))
    if not (odd or taken):  # of a hundred thousand stubs hardly one is not as it is wished for
        return Redirects(stubs)
    rest = [w for w in zip(wishes, addresses, paths, keys, strict=True) if w[3] in odd or w[3] in taken]
    for _, _, path, _ in rest:
        stubs.pop(path, None)
    return Redirects(stubs, list(_settled(rest, figures, taken, closed, stubs)))


def _settled(
    wishes: Iterable[tuple[int, str, str, str]],
    figures: Claimants,
    taken: Mapping[str, str],
    closed: set[str],
    stubs: dict[str, int],
) -> Iterator[Clash]:
    """Yield what is wrong with wishes that may not be granted; the others are added to the stubs.

    Args:
        wishes: figure, address, path and folded path, the smaller figid first.
        figures: the collection.
        taken: as ``_taken`` gives it.
        closed: folded names at the top of the output folder that are not for stubs.
        stubs: gets those that are granted.
    """
    claimed: dict[str, int] = {}
    for i, address, path, key in wishes:
        if keeper := _keeper(path, closed):
            yield _kept_clash(figures, i, address, keeper)
        elif key in taken:
            yield _page_clash(figures, i, address, taken[key])
        elif key not in claimed:
            claimed[key] = stubs[path] = i
        elif claimed[key] != i:
            yield _stub_clash(figures, i, address, claimed[key])


def _taken(wanted: set[str], figures: Claimants, pages: Iterable[str], refused: Mapping[str, str]) -> dict[str, str]:
    """Which folded paths of stubs are pages, with the name of the record whose page it is; empty for other pages."""
    taken = dict.fromkeys(wanted.intersection(fold_all([*pages])), "")
    own = fold_all([*map(figure_path, figures.figid)])
    if not wanted.isdisjoint(own):
        taken |= {key: figures.name[n] for n, key in enumerate(own) if key in wanted}
    return taken | {key: name for figid, name in refused.items() if (key := fold(figure_path(figid))) in wanted}


def _odd(keys: list[str], closed: set[str]) -> set[str]:
    """Which folded paths of stubs are wished for more than once, or lie where no stub may."""
    distinct = {*keys}
    twice = {key for key, n in Counter(keys).items() if n > 1} if len(distinct) < len(keys) else set()
    near = (*closed, *_NEAR_FILES)
    # Where nearly all of them are, no file of ours is.
    some = distinct if "figures" in closed else [key for key in distinct if not key.startswith("figures/")]
    return twice | {key for key in some if key.startswith(near) and _keeper(key, closed)}


def _keeper(path: str, closed: set[str]) -> str:
    """What stands where a stub would lie or answer, the names of builds and servers or a file; empty for nothing."""
    top = path.split("/", 1)[0]
    if (name := next((n for n in (top, top.removesuffix(".html")) if fold(n) in closed), None)) is not None:
        return name
    found = _FILES.match(path)
    return (found[1] or "files of its own") if found else ""


def _page_clash(figures: Claimants, i: int, address: str, owner: str) -> Clash:
    """A stub where a page stands."""
    name = figures.name[i]
    other = owner if owner != name else ""
    whose = "this figure" if owner == name else "the figure of " if owner else "the site"
    message = f"found the redirect_from '{address}', where a page of {whose}"
    kept = " stands; the page is kept, not the redirect"
    return Clash(name, ("redirect_from", address), "warning", "alias-collision", message, other, kept)


def _kept_clash(figures: Claimants, i: int, address: str, keeper: str) -> Clash:
    """A stub where the site keeps a file of its own."""
    message = f"found the redirect_from '{address}', where the site keeps {keeper}; the redirect is left out"
    return Clash(figures.name[i], ("redirect_from", address), "warning", "alias-collision", message)


def _stub_clash(figures: Claimants, i: int, address: str, winner: int) -> Clash:
    """A stub where another stands."""
    message = f"found the redirect_from '{address}', which "
    leads = f" has too; it leads to {figures.figid[winner]}, the smaller figid"
    other = figures.name[winner]
    return Clash(figures.name[i], ("redirect_from", address), "warning", "alias-collision", message, other, leads)
