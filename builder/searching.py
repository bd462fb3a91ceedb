"""The search index of one output folder: what of it must be made, and what the next build may take over."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from builder import kept
from builder.bulk import MANY
from builder.memory import return_memory
from builder.plan.digest import digest
from builder.read.bucket import drop_bucket, load_terms
from builder.read.collect import LostBucketError, lost_bucket
from builder.search.change import Memory
from builder.search.files import LostError, Published
from builder.search.index import META, joined_index, shown_images, whole_genes, whole_words
from builder.search.renewed import remembered, renewed_genes, renewed_words

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator
    from pathlib import Path

    from builder.outputs import Outputs
    from builder.read.terms import Terms
    from builder.search.index import FigureIndex, GeneFiles, Index, Made, WordFiles, WordsAsked
    from builder.workers import Workers

__all__ = ["Search"]


Found = tuple["Made", dict[str, bytes], Memory]
"""The files, digests of those of whose contents they are known already, and what to leave for the next build."""

GenesFound = tuple["GeneFiles", Memory]
"""What of the index follows from genes, and what to leave for the next build, less the file that all begins with."""


class _Files(msgspec.Struct, array_like=True):
    """The files of the index that a build published; what else it leaves is behind them."""

    files: dict[str, bytes]
    """Digest of each, by path."""


class _Left(_Files, array_like=True):
    """What a build leaves of the index that it published."""

    memory: Memory


class _Wanted(NamedTuple):
    """Words of an index that are made anew, by this process or another."""

    asked: WordsAsked
    cache: Path
    buckets: list[str]


def _terms(cache: Path, key: str, lost: type[Exception] | None = None) -> Terms:
    """The words of a bucket.

    Args:
        cache: the cache folder.
        key: of the bucket.
        lost: what to raise if the cache lost them; None for what tells the user.
    """
    found = load_terms(str(cache), key)
    if found is None:
        if lost is not None:
            raise lost(key)
        raise lost_bucket(str(cache))
    return found


def _whole_words(wanted: _Wanted) -> WordFiles:
    """What follows from words, made anew.

    Raises:
        LostBucketError: if the cache lost files.
    """
    return_memory()
    try:
        return whole_words(wanted.asked, lambda: map(partial(_terms, wanted.cache), wanted.buckets))
    except LostBucketError:
        cache = str(wanted.cache)
        for key in wanted.buckets:  # what took the words of one may have taken others'
            if load_terms(cache, key) is None:
                drop_bucket(cache, key)
        raise


class Search:
    """The search index of one output folder."""

    def __init__(self, index: FigureIndex, buckets: list[str], out: Path, cache: Path, version: bytes) -> None:
        """Find out on what it depends.

        Args:
            index: what the figures tell.
            buckets: keys of the buckets of records, by number.
            out: the output folder.
            cache: the cache folder.
            version: digest of the program.
        """
        self._figures, self._buckets, self._out, self._cache = index, buckets, out, cache
        self._path, self._version = cache / f"search-{kept.folder_mark(out)}.msgpack", version
        self._left: _Left | None = None
        self._words: Callable[[], WordFiles | None] = self._renew_words
        self._whole_words: Iterator[WordFiles] | None = None
        self._genes: Callable[[], GenesFound | None] = self._renew_genes
        images = shown_images(index.images)
        self.own = digest(version, index.settings, buckets, index.figures.figid_hash.tobytes(), images)
        """Digest of all that the index depends on."""

    def begin(self, workers: Workers) -> None:
        """Begin what follows from words, as it takes the figures alone: renew that which stands, or make all anew."""
        if not self._path.exists():
            # While the catalogue is made, which takes one process, a worker has nothing else to do.
            self._whole_words = workers.run(_whole_words, [self._wanted()], small=not workers.started)
        elif len(self._figures.figures) >= MANY:
            self._words = workers.aside(self._renew_words)

    def complete(self, index: Index) -> Callable[[], GenesFound | None]:
        """Take what the catalogue tells; gives a function that renews the genes of the index."""
        self._index = index
        return self._renew_genes

    def take(self, genes: Callable[[], GenesFound | None]) -> None:
        """Take a function that waits for what comes of the one that ``complete`` gave."""
        self._genes = genes

    def _standing(self) -> tuple[Memory, Published] | None:
        """What the build before left to know of the index, and of its files; None if it is not there or what is wanted.

        Whether those files stand as they were left is known only later.
        """
        left: _Left | None = kept.load(self._path, _Left, self._version)
        if left is None or left.memory.own == self.own:
            return None
        return left.memory, Published(left.files, lambda path: (self._out / path).read_bytes())

    def _wanted(self) -> _Wanted:
        """The words of the index, to be made anew."""
        return _Wanted(self._figures.asked(len(self._buckets)), self._cache, self._buckets)

    def _renew_words(self) -> WordFiles | None:
        """What follows from words; None where too much changed, or not all of it is as it was left."""
        try:
            if found := self._standing():
                was, standing = found
                load = partial(_terms, self._cache, lost=LostError)
                return renewed_words(self._figures, was, self._buckets, standing, load)
        except LostError:
            pass
        return None

    def _renew_genes(self) -> GenesFound | None:
        """What follows from genes, and what to leave for the next build; None likewise."""
        try:
            if found := self._standing():
                was, standing = found
                now = remembered(self._index, self.own, self._buckets)
                return renewed_genes(self._index, was, now, standing), now
        except LostError:
            pass
        return None

    def files(self, known: Outputs, spoiled: Collection[str]) -> Iterator[tuple[str, bytes, bytes | None]]:
        """Path, digest and bytes of each file; no bytes where it is as the build before left it.

        Args:
            known: what the build before left in the output folder.
            spoiled: files there that are not as they were left.

        Raises:
            BuildError: if the cache loses files while they are in use.
        """
        left: _Files | None = kept.load(self._path, _Files, self._version)
        # Without it the index is made anew, and of what stands nothing need be known.
        before = {path: known.digest(path) for path in left.files} if left else {}
        whole = left is not None and before == left.files and before.keys().isdisjoint(spoiled)
        if whole and before[META] == self.own:
            yield from ((path, own, None) for path, own in before.items())
            return
        made, digests, memory = (self._renewed() if whole else None) or self._whole()
        self._left = _Left({}, memory)
        for path, data in made.items():
            if data is None:
                own = before[path]
            elif path == META:
                own = self.own
            else:
                own = digests.get(path) or digest(data)
            self._left.files[path] = own
            yield path, own, data

    def _renewed(self) -> Found | None:
        """The index made of the one that stands; None where too much changed, or not all of it is as it was left."""
        words, genes = self._words(), self._genes()
        if words is None or genes is None:
            return None
        made, now = joined_index(words, genes[0]), genes[1]
        now.meta = made[META] or b""
        return made, words.digests | genes[0].digests, now

    def _whole(self) -> Found:
        """The index made anew."""
        now = remembered(self._index, self.own, self._buckets)
        words = next(self._whole_words or map(_whole_words, [self._wanted()]))
        made = joined_index(words, whole_genes(self._index))
        now.meta = made[META] or b""
        return made, {}, now

    def remember(self) -> None:
        """Keep what the next build can use, once the files are published."""
        if self._left is not None:
            kept.leave(self._path, self._left, self._version)
