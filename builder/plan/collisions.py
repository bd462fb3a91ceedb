"""Paths that two outputs claim: found before anything is written, all of them, naming both files."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, field
from itertools import chain
from types import MappingProxyType
from typing import TYPE_CHECKING, Protocol

import numpy as np

from builder.catalog.arrays import spans
from builder.names import difference, fold, fold_all, stub_paths
from builder.problems import KeyPath, Severity
from builder.read.addresses import path_keys
from builder.urls import figure_path

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

    from numpy.typing import NDArray

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
    page_key: NDArray[np.uint64]
    """Key of the page of each, as ``address_columns`` has it."""
    stub_key: NDArray[np.uint64]
    """Keys of their redirects, those of one figure after those of another."""


def _keys(buckets: Sequence[Columns | Facts], column: str) -> NDArray[np.uint64]:
    """A column of keys of all buckets."""
    return np.frombuffer(b"".join([getattr(c, column) for c in buckets]), np.uint64)


def _path_keys(paths: Sequence[str]) -> NDArray[np.uint64]:
    """Keys of some paths."""
    return np.frombuffer(path_keys(paths), np.uint64)


def _repeated(keys: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """The keys that stand more than once."""
    ordered = np.sort(keys)
    repeated: NDArray[np.uint64] = ordered[1:][ordered[1:] == ordered[:-1]]
    return repeated


def duplicate_figids(buckets: Sequence[Columns | Facts]) -> list[Clash]:
    """Records that claim one page: the same figid, or one that differs only by case or Unicode form.

    Where one alone has it as its name, the others are to blame: they are copies of its file.
    """
    bad_pages = _path_keys([figure_path(figid or name) for c in buckets for name, figid in c.bad])
    if not len(_repeated(np.concatenate((_keys(buckets, "page_keys"), bad_pages)))):
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
        named = [name for name, figid in group if name.rpartition("/")[2] == f"{figid}.md"]
        for i, (name, figid) in enumerate(group):
            if named == [name]:
                continue
            other, other_figid = group[0 if i else 1]
            told = f"only {difference(figid, other_figid)} tells it from {other_figid} of"
            same = "it is also the figid of" if figid == other_figid else told
            message = f"found the figid '{figid}', expected it in one record; {same} "
            clashes.append(Clash(name, ("figid",), "error", "figid-twice", message, other))
    return clashes


def _picked(buckets: Sequence[Columns | Facts], wanted: NDArray[np.bool_]) -> Iterator[tuple[Columns | Facts, int]]:
    """The bucket, and the place in it, of each of some figures of all buckets."""
    ends = np.cumsum([len(c.figid) for c in buckets])
    places = np.flatnonzero(wanted)
    owners = np.searchsorted(ends, places, side="right")
    for place, owner in zip(places.tolist(), owners.tolist(), strict=True):
        yield buckets[owner], place - int(ends[owner]) + len(buckets[owner].figid)


def alias_clashes(buckets: Sequence[Columns | Facts]) -> list[Clash]:
    """Records whose other identifier names another figure too: it is that one's figid, or its other identifier.

    What ``resolve_redirects`` tells of an address made of the same identifier is not told again.
    """
    aliases, pages = _keys(buckets, "alias_keys"), _keys(buckets, "page_keys")
    none = _path_keys([figure_path("")])
    bad = [(figid, name) for c in buckets for name, figid in c.bad]
    owned = np.concatenate((pages, _path_keys([figure_path(figid) for figid, _ in bad])))
    given = aliases[aliases != none]
    common = _repeated(np.concatenate((given, owned)))
    if not np.isin(given, common).any():
        return []  # the usual case
    found = _picked(buckets, np.isin(aliases, common))
    rows = [(c.alias[i], c.figid[i], c.name[i], c.redirects[i]) for c, i in found if c.alias[i]]
    owners = {fold(c.figid[i]): c.name[i] for c, i in _picked(buckets, np.isin(pages, common))}
    owners |= {fold(figid): name for figid, name in bad}
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
    closed, pages = {fold(name) for name in (*kept, *SERVERS)}, [*pages]
    order = sorted(range(len(figures.figid)), key=figures.figid.__getitem__) if by_figid is None else by_figid
    wishes, addresses, keys = _wishes(figures, order)
    paths = stub_paths(addresses)
    stubs = dict(zip(paths, wishes, strict=True))
    others = _path_keys([*pages, *map(figure_path, refused)])
    doubtful = _near(paths, closed)
    # Pages do not meet each other, or hardly so: what stands twice is a stub's key for the most part.
    doubtful |= np.isin(keys, _repeated(np.concatenate((keys, others, figures.page_key))))
    if not doubtful.any():  # of a hundred thousand stubs hardly one is not as it is wished for
        return Redirects(stubs)
    rest = [(wishes[k], addresses[k], paths[k], fold(paths[k])) for k in np.flatnonzero(doubtful).tolist()]
    for _, _, path, _ in rest:
        stubs.pop(path, None)
    mine = np.flatnonzero(np.isin(figures.page_key, keys[doubtful])).tolist()
    taken = _taken({key for _, _, _, key in rest}, figures, mine, pages, refused)
    return Redirects(stubs, list(_settled(rest, figures, taken, closed, stubs)))


def _wishes(figures: Claimants, order: Sequence[int]) -> tuple[list[int], list[str], NDArray[np.uint64]]:
    """Every redirect, those of one figure after those of another: the figure, the address, its key.

    Args:
        figures: the collection.
        order: of its figures.
    """
    given, places = figures.redirects, np.array(order, np.int64)
    addresses = list(chain.from_iterable(map(given.__getitem__, order)))
    count = np.fromiter(map(len, given), np.int64, len(given))
    ends = np.cumsum(count)
    keys = figures.stub_key[spans((ends - count)[places], ends[places])]
    return np.repeat(places, count[places]).tolist(), addresses, keys


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


def _taken(
    wanted: set[str], figures: Claimants, mine: Iterable[int], pages: Iterable[str], refused: Mapping[str, str]
) -> dict[str, str]:
    """Which folded paths of stubs are pages, with the name of the record whose page it is; empty for other pages.

    Args:
        wanted: the folded paths.
        figures: the collection.
        mine: the figures whose pages may be among them.
        pages: paths of all other pages.
        refused: as ``unpublished`` gives them.
    """
    taken = dict.fromkeys(wanted.intersection(fold_all([*pages])), "")
    own = [(figures.figid[n], figures.name[n]) for n in mine]
    return taken | {
        key: name for figid, name in (*own, *refused.items()) if (key := fold(figure_path(figid))) in wanted
    }


def _near(paths: Sequence[str], closed: set[str]) -> NDArray[np.bool_]:
    """Which paths of stubs lie where no stub may."""
    out = np.zeros(len(paths), np.bool_)
    near = (*closed, *_NEAR_FILES)
    # Where nearly all of them are, no file of ours is.
    some = [k for k, path in enumerate(paths) if "figures" in closed or not path.startswith("figures/")]
    keys = fold_all([paths[k] for k in some])
    out[[k for k, key in zip(some, keys, strict=True) if key.startswith(near) and _keeper(key, closed)]] = True
    return out


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
