"""The search index of one output folder: what of it must be made, and what the next build may take over."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from builder import kept
from builder.plan.digest import digest
from builder.problems import BuildError
from builder.read.bucket import drop_bucket, load_terms
from builder.search.change import Memory
from builder.search.files import FOLDER, LostError, Published
from builder.search.index import META, shown_images, whole_index
from builder.search.renewed import remembered, renewed_index
from builder.state import State

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping
    from pathlib import Path

    from builder.outputs import Outputs
    from builder.read.terms import Terms
    from builder.search.index import Index
    from builder.workers import Workers

__all__ = ["Search"]


Found = tuple[dict[str, "bytes | None"], Memory]
"""Bytes of each file, None for one that is as it was; and what to leave for the next build."""


def _published(outputs: Outputs) -> dict[str, bytes]:
    """Digests of the files of the index that stands, by path."""
    folder, size = f"{FOLDER}/", len(FOLDER) + 1
    # Redirects from addresses in the same folder are pages, of which the plan tells.
    return {p: outputs.digest(p) for p in outputs.at if p[:size] == folder and not p.endswith(".html")}


class Search:
    """The search index of one output folder."""

    def __init__(self, index: Index, buckets: list[str], out: Path, cache: Path, version: bytes) -> None:
        """Find out on what it depends.

        Args:
            index: what the catalogue tells.
            buckets: keys of the buckets of records, by number.
            out: the output folder.
            cache: the cache folder.
            version: digest of the program.
        """
        self._index, self._buckets, self._out, self._cache = index, buckets, out, cache
        self._path, self._version = cache / f"search-{kept.folder_mark(out)}.msgpack", version
        self._memory: Memory | None = None
        self._begun: Callable[[], Found | None] | None = None
        figids, images = index.catalog.figures.figid, shown_images(index.images)
        self.own = digest(version, index.settings, buckets, figids, images)
        """Digest of all that the index depends on."""

    def begin(self, workers: Workers) -> None:
        """Begin to renew the index that stands, if one does: it takes the catalogue alone."""
        if self._path.exists():
            self._begun = workers.aside(self._begin)

    def _begin(self) -> Found | None:
        """The index made of the one that stands; None where none stands, it is what is wanted, or too much changed."""
        with State(self._cache) as state:
            before = _published(state.outputs(str(self._out)))
        return self._renewed(before) if before.get(META, self.own) != self.own else None

    def files(self, known: Outputs, spoiled: Collection[str]) -> Iterator[tuple[str, bytes, bytes | None]]:
        """Path, digest and bytes of each file; no bytes where it is as the build before left it.

        Args:
            known: what the build before left in the output folder.
            spoiled: files there that are not as they were left.

        Raises:
            BuildError: if the cache loses files while they are in use.
        """
        before = _published(known)
        whole = META in before and before.keys().isdisjoint(spoiled)
        if whole and before[META] == self.own:
            yield from ((path, own, None) for path, own in before.items())
            return
        renewed = (self._begun() if self._begun else self._renewed(before)) if whole else None
        made, self._memory = renewed or self._whole()
        for path, data in made.items():
            own = before[path] if data is None else self.own if path == META else digest(data)
            yield path, own, data

    def _renewed(self, before: Mapping[str, bytes]) -> Found | None:
        """The index made of the one that stands; None where too much changed, or not all of it is as it was left.

        Args:
            before: digests of its files, by path.
        """
        was: Memory | None = kept.load(self._path, Memory, self._version)
        if was is None or was.own != before[META]:
            return None
        now = remembered(self._index, self.own, self._buckets)
        published = Published(before, lambda path: (self._out / path).read_bytes())
        try:
            made = renewed_index(self._index, was, now, published, partial(self._terms, lost=LostError))
        except LostError:
            return None
        now.meta = made[META] or b""
        return made, now

    def _whole(self) -> Found:
        """The index made anew; of several hundred megabytes, so it is not begun beside other work."""
        now = remembered(self._index, self.own, self._buckets)
        made = whole_index(self._index, len(self._buckets), lambda: map(self._terms, self._buckets))
        now.meta = made[META] or b""
        return made, now

    def _terms(self, key: str, lost: type[Exception] | None = None) -> Terms:
        """The words of a bucket.

        Args:
            key: of the bucket.
            lost: what to raise if the cache lost them; None for what tells the user.
        """
        found = load_terms(str(self._cache), key)
        if found is None:
            if lost is not None:
                raise lost(key)
            drop_bucket(str(self._cache), key)
            raise BuildError(f"the cache folder {self._cache} lost a file while it was in use; build again")
        return found

    def remember(self) -> None:
        """Keep what the next build can use, once the files are published."""
        if self._memory is not None:
            kept.leave(self._path, self._memory, self._version)
