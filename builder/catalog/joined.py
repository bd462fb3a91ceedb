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
from builder.catalog.genes import Genes, Identity, identity_of, make_genes
from builder.catalog.genes_again import genes_again
from builder.catalog.rejoined import Change, Layout, layout_of, rejoin
from builder.memory import return_memory

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from builder.catalog.arrays import Longs
    from builder.catalog.figures import Figures
    from builder.read.columns import Columns, MentionColumns

__all__ = ["Joined", "joined_genes", "joined_mentions", "to_keep"]

_ARRAYS = ("gene", "word", "match", "lexicon")
_HASHES = ("gene_hashes", "word_hashes", "match_hashes", "lexicon_hashes")
_GENES = ("mention_gene", "pair_figure", "start", "word", "word_count", "word_start", "spelling", "hashes")
_KINDS = {"start": np.int64, "word_start": np.int64, "hashes": np.uint64}
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
    spelt: bytes
    """Digest of the default organism, and of genes as they are spelt."""
    layout: list[memoryview]
    """The arrays of ``Layout``."""
    left_out: int
    """Likewise."""
    start: memoryview
    """Of ``RawMentions``, likewise the next."""
    mentions: list[memoryview]
    """Its columns of numbers, then hashes, then uses of their texts."""
    texts: list[Texts]
    """Of mentions: genes, words, matches, lexicons; of genes: keys, symbols, paths."""
    genes: list[memoryview]
    spelling: str
    """Which organisms were spelt as others, as ``RawMentions`` has it."""


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

    def __init__(
        self, raw: RawMentions, layout: Layout, own: bytes, before: Joined | None, change: Change | None = None
    ) -> None:
        self.raw = raw
        self.layout = layout
        self.own = own
        self.before = before
        """What the build before left, if mentions are as they were, or ``change`` tells what became of them."""
        self.change = change


def joined_mentions(
    buckets: Sequence[Columns],
    load: Callable[[int], MentionColumns],
    figures: Figures,
    order: Longs,
    before: Joined | None,
) -> Mentions:
    """The mentions of all figures in their order: those of the build before where none changed.

    Args:
        buckets: the columns of every bucket, by number.
        load: loads the mentions of a bucket, by its number.
        figures: those that are published.
        order: they, as places in all buckets one after another.
        before: what the build before left; None for nothing.
    """
    layout = layout_of(buckets, figures)
    told = b"".join([c.mentions_digest for c in buckets])
    own = blake2b(told + order.tobytes() + layout.who.tobytes(), digest_size=_SIZE).digest()
    former = _former(before) if before else None
    if before and former:
        if before.own == own:
            return Mentions(former, layout, own, before)
        who, says = (np.frombuffer(part, np.uint64) for part in before.layout)
        if found := rejoin(former, (Layout(who, says, before.left_out), layout), order, buckets, load):
            raw, change = found
            return Mentions(raw, layout, own, before, change)
    return_memory()  # what is made now is most of what a first build makes
    return Mentions(join_mentions(buckets, [load(n) for n in range(len(buckets))], order), layout, own, None)


def _former(before: Joined) -> RawMentions:
    """The mentions that the build before joined."""
    count = len(_ARRAYS)
    arrays = [np.frombuffer(a, np.int32) for a in before.mentions[:count]]
    hashes = [np.frombuffer(a, np.uint64) for a in before.mentions[count : 2 * count]]
    uses = {name: np.frombuffer(a, np.int32) for name, a in zip(_ARRAYS, before.mentions[2 * count :], strict=True)}
    start = np.frombuffer(before.start, np.int64)
    figure = np.repeat(np.arange(len(start) - 1, dtype=np.int32), np.diff(start))
    genes, words, matches, lexicons = (_opened(t) for t in before.texts[:4])
    triples = [(n, s, o) for n, s, o in (g.split("\0") for g in genes)]
    named: dict[str, Any] = dict(zip((*_ARRAYS, *_HASHES), (*arrays, *hashes), strict=True))
    named |= {"genes": triples, "words": words, "matches": matches, "lexicons": lexicons}
    return RawMentions(start=start, figure=figure, **named, uses=uses)


def _spelt(raw: RawMentions, default_organism: str) -> bytes:
    """Digest of the default organism, and of genes as they are spelt."""
    texts = "\n".join((default_organism, *["\0".join(g) for g in raw.genes]))
    return blake2b(texts.encode("utf-8", "surrogatepass"), digest_size=_SIZE).digest()


def joined_genes(mentions: Mentions, figures: int, default_organism: str) -> tuple[Genes, tuple[bytes, bytes]]:
    """The genes, of the build before as far as may be; digests of all that they depend on, and of how they are spelt.

    Args:
        mentions: of all figures, organisms spelt alike.
        figures: how many figures there are.
        default_organism: organism of mentions that name none.
    """
    spelt = _spelt(mentions.raw, default_organism)
    own = blake2b(mentions.own + figures.to_bytes(8, "big") + spelt, digest_size=_SIZE).digest()
    before, change = mentions.before, mentions.change
    genes = None
    if before and before.genes_own == own:
        genes = _former_genes(before)
    elif before and change and before.spelling == mentions.raw.spelling:
        # Otherwise genes have other keys than before, those of figures without a change too.
        import builder.catalog.matrices  # noqa: F401, PLC0415 - neighbours need it; who is forked before has it for nothing

        alike = before.spelt == spelt
        genes = genes_again(_former_genes(before), change, mentions.raw, default_organism, alike=alike)
    genes = genes or make_genes(mentions.raw, figures, identity_of(mentions.raw, default_organism))
    return genes, (own, spelt)


def _former_genes(before: Joined) -> Genes:
    """The genes that the build before left."""
    keys, symbols, paths = (_opened(t) for t in before.texts[4:])
    pairs = [(organism, ident) for organism, ident in (k.split("\0") for k in keys)]
    named: dict[str, Any] = {
        name: np.frombuffer(a, _KINDS.get(name, np.int32)) for name, a in zip(_GENES, before.genes, strict=True)
    }
    pair_gene = np.repeat(np.arange(len(pairs), dtype=np.int32), np.diff(named["start"]))
    of_pairs, of_words = (
        (pair_gene, named["pair_figure"], named["start"]),
        (named["word"], named["word_count"], named["word_start"]),
    )
    genes = Genes.of(Identity(pairs, symbols, paths, named["spelling"]), named["mention_gene"], of_pairs, of_words)
    genes.hashes = named["hashes"]
    return genes


def _view(array: NDArray[Any]) -> memoryview:
    """The bytes of an array, not copied."""
    return np.ascontiguousarray(array).data.cast("B") if array.size else memoryview(b"")


def to_keep(mentions: Mentions, written: list[tuple[str, str, str]], genes: Genes, own: tuple[bytes, bytes]) -> Joined:
    """What to leave for the next build.

    Args:
        mentions: of all figures.
        written: genes as records write them, before organisms were spelt alike.
        genes: of the collection.
        own: digest of all that they depend on, and of how they are spelt.
    """
    raw = mentions.raw
    texts = (["\0".join(g) for g in written], raw.words, raw.matches, raw.lexicons)
    of_genes = (["\0".join(k) for k in genes.key], genes.symbol, genes.path)
    return Joined(
        mentions.own,
        *own,
        [_view(mentions.layout.who), _view(mentions.layout.says)],
        mentions.layout.left_out,
        _view(raw.start),
        [_view(array) for array in (*(getattr(raw, name) for name in (*_ARRAYS, *_HASHES)), *raw.uses.values())],
        [_packed(t) for t in (*texts, *of_genes)],
        [_view(getattr(genes, name)) for name in _GENES],
        raw.spelling,
    )
