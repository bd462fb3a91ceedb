"""The search index of one output folder: what of it must be made, and what the next build may take over."""

from __future__ import annotations

from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from builder import kept
from builder.plan.digest import digest
from builder.problems import BuildError
from builder.read.bucket import drop_bucket, load_terms
from builder.search.change import Memory
from builder.search.files import FOLDER, LostError, Published
from builder.search.index import META, Index, shown_images, whole_index
from builder.search.renewed import remembered, renewed_index
from builder.urls import Urls

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from builder.outputs import Outputs
    from builder.publishing import Site
    from builder.read.terms import Terms

__all__ = ["Search"]


class Search:
    """The search index of one output folder."""

    def __init__(self, site: Site, out: str, cache: str, known: Outputs, memory: Path, version: bytes) -> None:
        """Find out what stands.

        Args:
            site: what to publish.
            out: the output folder.
            cache: the cache folder.
            known: what the build before left in the output folder, by path.
            memory: file of what is remembered of the index.
            version: digest of the program.
        """
        self._site, self._out, self._cache, self._known = site, out, cache, known
        self._path, self._version = memory, version
        self._memory: Memory | None = None
        images = shown_images(site.around.images)
        self.own = digest(version, site.around.settings, site.buckets, site.catalog.figures.figid, images)
        """Digest of all that the index depends on."""

    def files(self, spoiled: Collection[str]) -> Iterator[tuple[str, bytes, bytes | None]]:
        """Path, digest and bytes of each file; no bytes where it is as the build before left it.

        Args:
            spoiled: files of the output folder that are not as they were left.

        Raises:
            BuildError: if the cache loses files while they are in use.
        """
        # Redirects from addresses in the same folder are pages, of which the plan tells.
        folder, size = f"{FOLDER}/", len(FOLDER) + 1
        before = {p: self._known.digest(p) for p in self._known.at if p[:size] == folder and not p.endswith(".html")}
        whole = META in before and before.keys().isdisjoint(spoiled)
        if whole and before[META] == self.own:
            yield from ((path, own, None) for path, own in before.items())
            return
        for path, data in self._made(before if whole else {}).items():
            own = before[path] if data is None else self.own if path == META else digest(data)
            yield path, own, data

    def _made(self, before: Mapping[str, bytes]) -> dict[str, bytes | None]:
        """The files of the index by path, none for those that are as they were.

        Args:
            before: digests of the files that stand in the output folder, by path; empty to make all of them.
        """
        site = self._site
        around = site.around
        index = Index(site.catalog, around.settings, around.images, Urls(around.settings.url).href)
        now = self._memory = remembered(index, self.own, site.buckets)
        made: dict[str, bytes | None] = {}
        was: Memory | None = kept.load(self._path, Memory, self._version) if before else None
        if was is not None and was.own == before[META]:
            published = Published(before, lambda path: Path(self._out, path).read_bytes())
            with suppress(LostError):
                made = renewed_index(index, was, now, published, partial(self._terms, lost=LostError))
        if not made:
            made = whole_index(index, len(site.buckets), lambda: map(self._terms, site.buckets))
        now.meta = made[META] or b""
        return made

    def _terms(self, key: str, lost: type[Exception] | None = None) -> Terms:
        """The words of a bucket.

        Args:
            key: of the bucket.
            lost: what to raise if the cache lost them; None for what tells the user.
        """
        found = load_terms(self._cache, key)
        if found is None:
            if lost is not None:
                raise lost(key)
            drop_bucket(self._cache, key)
            raise BuildError(f"the cache folder {self._cache} lost a file while it was in use; build again")
        return found

    def remember(self) -> None:
        """Keep what the next build can use, once the files are published."""
        if self._memory is not None:
            kept.leave(self._path, self._memory, self._version)
