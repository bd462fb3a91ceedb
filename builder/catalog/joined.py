"""What a build leaves of the joined gene mentions, for one in which no mention changed, or few.

An edit of a title or a caption leaves the mentions of all figures as they are, and with them the genes: what buckets
say of their mentions is a hash, and the mentions themselves are not even loaded.
"""

from __future__ import annotations

from hashlib import blake2b
from typing import TYPE_CHECKING, Any

import msgspec
import numpy as np

from builder.catalog.figures import RawMentions, join_mentions
from builder.catalog.genes import Genes, make_genes
from builder.catalog.rejoined import Layout, layout_of, rejoin
from builder.memory import return_memory

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from builder.catalog.arrays import Longs
    from builder.read.columns import Columns, MentionColumns

__all__ = ["Joined", "joined_genes", "joined_mentions", "to_keep"]

_ARRAYS = ("figure", "gene", "word", "match", "lexicon")
_HASHES = ("gene_hashes", "word_hashes", "match_hashes", "lexicon_hashes")
_GENES = ("mention_gene", "pair_gene", "pair_figure", "start", "word", "word_count", "word_start")
_LONG = ("start", "word_start")
_SIZE = 16


class Texts(msgspec.Struct, array_like=True):
    """Many texts as two byte strings."""

    data: memoryview
    """All of them, as UTF-8, one after the other."""
    lengths: memoryview
    """Characters of each, int32."""


class Joined(msgspec.Struct, array_like=True):
    """What a build leaves of mentions and genes; arrays as views of bytes."""

    own: bytes
    """Digest of all that the mentions depend on."""
    genes_own: bytes
    """Digest of all that the genes depend on."""
    layout: list[memoryview]
    """As ``Layout`` has it."""
    mentions: list[memoryview]
    texts: list[Texts]
    """Of mentions: genes, words, matches, lexicons; of genes: keys, symbols, paths."""
    genes: list[memoryview]


def _packed(texts: Sequence[str]) -> Texts:
    """Texts as bytes."""
    lengths = np.fromiter(map(len, texts), np.int32, len(texts))
    return Texts(memoryview("".join(texts).encode("utf-8", "surrogatepass")), memoryview(lengths.tobytes()))


def _opened(packed: Texts) -> list[str]:
    """Texts from their bytes."""
    data = bytes(packed.data).decode("utf-8", "surrogatepass")
    ends = np.cumsum(np.frombuffer(packed.lengths, np.int32)).tolist()
    return [data[a:b] for a, b in zip([0, *ends[:-1]], ends, strict=True)] if ends else []


class Mentions:
    """The mentions of a build, and how it came to them."""

    def __init__(self, raw: RawMentions, layout: Layout, own: bytes, kept: Joined | None) -> None:
        self.raw = raw
        self.layout = layout
        self.own = own
        self.kept = kept
        """What the build before left, if it still holds."""


def joined_mentions(
    buckets: Sequence[Columns], load: Callable[[int], MentionColumns], order: Longs, before: Joined | None
) -> Mentions:
    """The mentions of all figures in their order: those of the build before where none changed.

    Args:
        buckets: the columns of every bucket, by number.
        load: loads the mentions of a bucket, by its number.
        order: the figures that are published, as places in all buckets one after another.
        before: what the build before left; None for nothing.
    """
    layout = layout_of(buckets, order)
    own = blake2b(layout.digests.tobytes() + order.tobytes(), digest_size=_SIZE).digest()
    raw = _former(before) if before else None
    if before and raw and before.own == own:
        return Mentions(raw, layout, own, before)
    if before and raw:
        places, counts, digests = before.layout
        was = Layout(np.frombuffer(places, np.int64), np.frombuffer(counts, np.int32),
                     np.frombuffer(digests, np.uint64).reshape(-1, 2))  # fmt: skip
        raw = rejoin(raw, was, layout, buckets, load)
    if raw is None:
        return_memory()  # what is made now is most of what a first build makes
        raw = join_mentions(buckets, [load(n) for n in range(len(buckets))], order)
    return Mentions(raw, layout, own, None)


def _former(before: Joined) -> RawMentions:
    """The mentions that the build before joined."""
    arrays = [np.frombuffer(a, np.int32) for a in before.mentions[: len(_ARRAYS)]]
    hashes = [np.frombuffer(a, np.uint64) for a in before.mentions[len(_ARRAYS) :]]
    genes, words, matches, lexicons = (_opened(t) for t in before.texts[:4])
    triples = [(n, s, o) for n, s, o in (g.split("\0") for g in genes)]
    named: dict[str, Any] = dict(zip((*_ARRAYS, *_HASHES), (*arrays, *hashes), strict=True))
    return RawMentions(**named, genes=triples, words=words, matches=matches, lexicons=lexicons)


def _genes_own(mentions: Mentions, figures: int, default_organism: str) -> bytes:
    """Digest of all that the genes depend on."""
    texts = ["\0".join(g) for g in mentions.raw.genes]
    said = "\n".join((str(figures), default_organism, *texts)).encode("utf-8", "surrogatepass")
    return blake2b(mentions.own + said, digest_size=_SIZE).digest()


def joined_genes(mentions: Mentions, figures: int, default_organism: str) -> tuple[Genes, bytes]:
    """The genes: those of the build before, if nothing changed that they depend on; and the digest of all that is.

    Args:
        mentions: of all figures, organisms spelt alike.
        figures: how many figures there are.
        default_organism: organism of mentions that name none.
    """
    own, before = _genes_own(mentions, figures, default_organism), mentions.kept
    if before is None or before.genes_own != own:
        return make_genes(mentions.raw, figures, default_organism), own
    keys, symbols, paths = (_opened(t) for t in before.texts[4:])
    pairs = [(organism, ident) for organism, ident in (k.split("\0") for k in keys)]
    arrays: dict[str, Any] = {
        name: np.frombuffer(a, np.int64 if name in _LONG else np.int32)
        for name, a in zip(_GENES, before.genes, strict=True)
    }
    ncbi = ["" if ident.startswith("=") else ident for _, ident in pairs]
    return Genes(key=pairs, symbol=symbols, ncbi=ncbi, organism=[o for o, _ in pairs], path=paths, **arrays), own


def _view(array: NDArray[Any]) -> memoryview:
    """The bytes of an array, not copied."""
    return np.ascontiguousarray(array).data.cast("B") if array.size else memoryview(b"")


def to_keep(mentions: Mentions, spelling: list[tuple[str, str, str]], genes: Genes, genes_own: bytes) -> Joined:
    """What to leave for the next build.

    Args:
        mentions: of all figures.
        spelling: genes as records write them, before organisms were spelt alike.
        genes: of the collection.
        genes_own: digest of all that they depend on.
    """
    raw = mentions.raw
    texts = (["\0".join(g) for g in spelling], raw.words, raw.matches, raw.lexicons)
    of_genes = (["\0".join(k) for k in genes.key], genes.symbol, genes.path)
    return Joined(
        mentions.own,
        genes_own,
        [_view(part) for part in mentions.layout],
        [_view(getattr(raw, name)) for name in (*_ARRAYS, *_HASHES)],
        [_packed(t) for t in (*texts, *of_genes)],
        [_view(getattr(genes, name)) for name in _GENES],
    )
