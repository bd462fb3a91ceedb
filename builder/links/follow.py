"""Follow every link of a built site: what leads to no file, to no anchor, or out in a form that is none.

Pages are read in worker processes, each against the list of all files; what is found wrong comes back, and the few
pairs of page and anchor that other pages ask for, which a second round looks up.
"""

from __future__ import annotations

import os
import re
import tempfile
import zlib
from collections import defaultdict
from functools import lru_cache
from html import unescape
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import unquote, urljoin
from xml.etree import ElementTree as ET

import msgspec

from builder.links.data import packed_addresses
from builder.links.outgoing import outgoing_fault
from builder.links.scan import Known, Page, kind_of, read_page
from builder.names import fold
from builder.urls import Urls

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from builder.reporter import Reporter
    from builder.workers import Workers

__all__ = ["LinksResult", "check_links"]

FILES_A_TASK = 1000
KNOWN = 1 << 18
"""Tags and links that a worker remembers to be good."""
_SCHEME = re.compile(r"[a-zA-Z][a-zA-Z0-9+.-]*:")
_CANONICAL = re.compile(r"<link\b[^>]*\brel=[\"']?canonical[\"']?[^>]*>", re.IGNORECASE)
_EMBEDDED = re.compile(r"data:(?:image|font|application/(?:x-)?font)[/-]", re.IGNORECASE)
"""A picture or a font within a drawing."""
_HREF = re.compile(r"\bhref=[\"']?([^\"'\s>]+)")
UNREADABLE = (OSError, ET.ParseError, ValueError, EOFError, zlib.error)
_UNKNOWN = "http://site.invalid"
"""Stands in where the site's own address is not known."""
_NO_ADDRESS = "index.html: no canonical link, expected the address of the site; give it with --url"


class _Task(msgspec.Struct, frozen=True):
    """Some files to read; plain data."""

    root: str
    listing: str
    """File that lists all files of the site."""
    origin: str
    base: str
    names: list[str]
    anchors: bool = False
    """Whether only the anchors are asked for."""


class _Found(msgspec.Struct):
    """What came of some files."""

    wrong: dict[str, tuple[str, int]] = {}
    """What is wrong -> the first file that has it, by name, and how many have."""
    asked: dict[tuple[str, str], tuple[str, int]] = {}
    """A page and an anchor of it that others link to -> likewise."""
    ids: dict[str, list[str]] = {}
    """Anchors of pages."""
    links: int = 0

    def note(self, where: dict[tuple[str, str], tuple[str, int]] | dict[str, tuple[str, int]], key: object, name: str,
             count: int = 1) -> None:  # fmt: skip
        """Count a file that has something."""
        table: dict[object, tuple[str, int]] = where  # type: ignore[assignment]
        first, before = table.get(key, (name, 0))
        table[key] = (min(first, name), before + count)


class LinksResult(NamedTuple):
    """What a check of links came to."""

    problems: list[str]
    files: int
    links: int
    """Links of all files."""


class _Listing:
    """All files of a site."""

    def __init__(self, files: Iterable[str]) -> None:
        self.files = frozenset(files)
        self.folders = frozenset(_parents(self.files))
        self.folded: dict[str, str] = {}

    def near(self, name: str) -> str:
        """Why a file is not found, with the likely slip."""
        if not self.folded:
            self.folded = {f.casefold(): f for f in self.files}
        near = self.folded.get(name.casefold())
        return f"differs in case from {near}" if near else "leads to no file"


def _parents(files: Iterable[str]) -> set[str]:
    """Every folder on the way to a file."""
    found: set[str] = set()
    for folder in {f.rpartition("/")[0] for f in files} - {""}:
        parts = folder.split("/")
        found.update("/".join(parts[: n + 1]) for n in range(len(parts)))
    return found


class _Follower:
    """Resolves links of one site; keeps what it knows to be good."""

    def __init__(self, task: _Task) -> None:
        self.origin, self.base, self.inside = task.origin, task.base, task.origin + "/"
        self.own = task.origin + task.base
        self.listing = _Listing(msgspec.msgpack.decode(Path(task.listing).read_bytes(), type=list[str]))
        self.good: set[str] = set()
        """Links, as written, that lead to a file from every page, or out in a good form."""
        self.known: dict[str, int] = {}
        """Tags, as written, whose links are all good, with their number."""
        self._targets: dict[str, tuple[str, str]] = {}

    def target(self, address: str) -> tuple[str, str]:
        """The file that an address within the site leads to, and what is wrong with it."""
        if address not in self._targets:
            self._targets[address] = self._resolve(address)
        return self._targets[address]

    def _resolve(self, address: str) -> tuple[str, str]:
        """As ``target``, looked up."""
        path = unquote(address[len(self.origin) :].partition("?")[0]) or "/"
        base = unquote(self.base)
        if not path.startswith(base):
            slash = path + "/" == base
            return "", f"wants a slash at its end: {self.base}" if slash else f"is outside the site's path {self.base}"
        inner = path[len(base) :]
        name = inner + "index.html" if inner.endswith("/") or not inner else inner
        if name in self.listing.files:
            return name, ""
        if inner in self.listing.folders:
            return "", "is a folder and wants a slash at its end"
        return "", self.listing.near(name)

    def full(self, link: str, start: str) -> str:
        """An address in full."""
        if _SCHEME.match(link):
            return link
        if link.startswith("/") and not link.startswith("//") and "/." not in link:
            return self.origin + link
        if link.startswith("#"):
            return start.partition("#")[0] + link
        return urljoin(start, link)

    def visit(self, name: str, link: str, start: str, found: _Found, *, anchored: bool) -> tuple[str, str]:
        """Judge one link of one file; gives the page and the anchor that it leads to, if any."""
        if _EMBEDDED.match(link) and name.lower().endswith(".svg"):
            return "", ""
        try:
            full = self.full(link, start)
        except ValueError:
            found.note(found.wrong, f"{link} is no address", name)
            return "", ""
        # Others may have the host's other paths, but only what is written in full can mean them.
        elsewhere = full is link and self.base != "/" and not f"{full.partition('#')[0]}/".startswith(self.own)
        if elsewhere or not (full.startswith(self.inside) or full.partition("#")[0] == self.origin):
            if fault := outgoing_fault(full):
                found.note(found.wrong, f"{link} {fault}", name)
            elif full is link and len(self.good) < KNOWN:
                self.good.add(link)
            return "", ""
        address, _, fragment = full.partition("#")
        target, wrong = self.target(address)
        if wrong:
            found.note(found.wrong, f"{link if full is link else address[len(self.origin) :]} {wrong}", name)
            return "", ""
        if not fragment and (full is link or link.startswith("/")) and len(self.good) < KNOWN:
            self.good.add(link)
        return target, unquote(fragment) if anchored else ""

    def learn(self, page: Page) -> None:
        """Remember the tags of a page whose links are all good: they are passed over on the next."""
        if len(self.known) > KNOWN:
            self.known.clear()
        good = self.good
        self.known.update((tag, len(links)) for tag, links in page.plain.items() if good.issuperset(links))

    def follow(self, name: str, page: Page, found: _Found) -> None:
        """Judge every link of a file."""
        here = f"{self.origin}{self.base}{name}"
        start = urljoin(here, page.base) if page.base else here
        found.links += page.count or len(page.links)
        pairs = {self.visit(name, link, start, found, anchored=True) for link in page.links - self.good}
        for link in page.silent - page.links - self.good:
            # Data may name what is elsewhere on the host, as records made for another address of the site do.
            if not link.startswith(self.inside) or link.startswith(self.origin + self.base):
                self.visit(name, link, start, found, anchored=False)
        self.learn(page)
        for target, fragment in pairs:
            # "#", "#top" and text fragments are the browser's own; "#genes=TP53" is the state of a script.
            if not fragment or not target.endswith(".html") or fragment == "top" or fragment.startswith(":~:"):
                continue
            if "=" not in fragment and (target != name or fragment not in page.ids):
                found.note(found.asked, (target, fragment), name)


@lru_cache(maxsize=1)
def _follower(listing: str, root: str, origin: str, base: str) -> _Follower:
    """The follower of a worker."""
    return _Follower(_Task(root, listing, origin, base, []))


def _page(task: _Task, name: str, known: Known) -> Page:
    """What a file says.

    Raises:
        OSError, ValueError or one of ``UNREADABLE``: if it is not what its name says.
    """
    kind, path = kind_of(name), f"{task.root}/{name}"
    if not kind:
        return Page()
    if kind == "gz":
        return Page(silent=packed_addresses(Path(path), task.origin))
    with open(path, "rb") as file:  # noqa: PTH123 - runs for every file
        return read_page(kind, file.read().decode(), task.origin, task.base, known)


def _read(task: _Task) -> _Found:
    """Read some files and judge their links, or give their anchors."""
    found = _Found()
    follower = _follower(task.listing, task.root, task.origin, task.base)
    for name in task.names:
        try:
            page = _page(task, name, {} if task.anchors else follower.known)
        except UNREADABLE as error:
            found.note(found.wrong, f"cannot be read: {error}", name)
            continue
        if task.anchors:
            found.ids[name] = sorted(page.ids)
            continue
        for problem in page.problems:
            found.note(found.wrong, problem, name)
        follower.follow(name, page, found)
    return found


def _files(root: Path) -> tuple[list[str], list[str]]:
    """The path of every file below a folder, with forward slashes, sorted; and lines on what cannot be looked at."""
    found: list[str] = []
    lines: list[str] = []

    def tell(error: OSError) -> None:
        lines.append(f"{os.path.relpath(str(error.filename), root)}: cannot be read: {error.strerror}")

    for folder, _, names in os.walk(root, onerror=tell):
        inner = os.path.relpath(folder, root).replace(os.sep, "/")
        found += [name if inner == "." else f"{inner}/{name}" for name in names]
    odd = [name for name in found if not name.isascii() and not _is_text(name)]
    lines += [f"{os.fsencode(name).decode(errors='replace')}: a file name that is not UTF-8" for name in odd]
    return sorted(set(found).difference(odd)), lines


def _is_text(name: str) -> bool:
    """Whether a file name is UTF-8."""
    try:
        name.encode()
    except UnicodeEncodeError:
        return False
    return True


def _address(root: Path, url: str | None) -> tuple[str, str]:
    """Origin and path of the site: as given, else those of the home page's canonical link."""
    if url is None:
        try:
            link = _CANONICAL.search((root / "index.html").read_text("utf-8"))
        except (OSError, ValueError):
            link = None
        href = _HREF.search(link[0]) if link else None
        url = unescape(href[1]).rpartition("/")[0] if href else f"{_UNKNOWN}/"
    try:
        urls = Urls(url)
    except ValueError:  # an address that is none
        urls = Urls(_UNKNOWN)
    return urls.root.removesuffix(urls.base), urls.base


def _case_clashes(files: Iterable[str]) -> list[str]:
    """Files, and folders beside a file, that one name would hold where case does not count.

    Two folders do no harm there: they become one, which has the files of both.
    """
    same: dict[str, list[str]] = defaultdict(list)
    files = sorted(files)
    for name in files:
        same[fold(name)].append(name)
    for name in sorted(_parents(files)):
        if fold(name) in same:
            same[fold(name)].append(name)
    return [f"{', '.join(names)}: differ only by case" for names in same.values() if len(names) > 1]


def _line(what: str, first: str, count: int) -> str:
    """A problem as a line: the first file that has it, the others as a number."""
    return f"{first}{f' (and {count - 1:,} more)' if count > 1 else ''}: {what}"


def _rounds(
    tasks: list[_Task], run: Callable[..., Iterator[_Found]], step: Callable[[int], None]
) -> tuple[_Found, list[str]]:
    """Both rounds: what is wrong with links, and lines for anchors that are not there."""
    total = _Found()
    for task, part in zip(tasks, run(_read, tasks, small=len(tasks) <= 1), strict=True):
        for what, (name, count) in part.wrong.items():
            total.note(total.wrong, what, name, count)
        for pair, (name, count) in part.asked.items():
            total.note(total.asked, pair, name, count)
        total.links += part.links
        step(len(task.names))
    names = sorted({target for target, _ in total.asked})
    again = [
        msgspec.structs.replace(tasks[0], names=names[i : i + FILES_A_TASK], anchors=True)
        for i in range(0, len(names), FILES_A_TASK)
    ]
    ids: dict[str, frozenset[str]] = {}
    for part in run(_read, again, small=len(again) <= 1):
        ids |= {name: frozenset(own) for name, own in part.ids.items()}
    lines = [
        _line(f"{target} has no id {fragment!r}", name, count)
        for (target, fragment), (name, count) in total.asked.items()
        if fragment not in ids.get(target, ())
    ]
    return total, lines


def check_links(root: Path, url: str | None, workers: Workers, reporter: Reporter) -> LinksResult:
    """Every link, anchor, sitemap entry and redirect of a built site that leads nowhere, and names that clash.

    Args:
        root: the folder that the site was built into.
        url: its address; None for that of the home page's canonical link.
        workers: run batches.
        reporter: is told of progress.
    """
    files, odd = _files(root)
    origin, base = _address(root, url)
    unknown = [_NO_ADDRESS] if origin == _UNKNOWN else []
    with tempfile.TemporaryDirectory(prefix="figpages-") as folder:
        listing = Path(folder, "files.msgpack")
        listing.write_bytes(msgspec.msgpack.encode(files))
        tasks = [
            _Task(str(root), str(listing), origin, base, files[i : i + FILES_A_TASK])
            for i in range(0, len(files), FILES_A_TASK)
        ]
        with reporter.phase("Following links", len(files)) as step:
            found, lines = _rounds(tasks, workers.run, step)
    lines += [_line(what, name, count) for what, (name, count) in found.wrong.items()]
    return LinksResult([*unknown, *sorted([*odd, *lines]), *_case_clashes(files)], len(files), found.links)
