"""The genes of the collection: identity, page, figures, words, and what they are seen with."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property
from hashlib import blake2b
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from builder.catalog.arrays import Longs, run_starts, starts
from builder.names import escape, fold, is_number
from builder.urls import gene_path
from builder.vocabulary import text_hashes

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from builder.catalog.figures import RawMentions

__all__ = ["Genes", "Identity", "by_count", "gene_key", "identity_of", "make_genes", "spelt_best"]

GeneKey = tuple[str, str]
"""Organism (empty for the default one) and NCBI Gene id, or ``=symbol`` where there is no id."""


Arrays = tuple["NDArray[np.int32]", "NDArray[np.int32]", "NDArray[np.int64]"]


@dataclass
class Genes:
    """One entry a gene in every list, in the order of the index: default organism first, then A-Z."""

    key: list[GeneKey]
    symbol: list[str]
    """The symbol that most mentions give."""
    ncbi: list[str]
    organism: list[str]
    """Latin name; empty for the default organism."""
    path: list[str]
    """Path of the gene's page."""
    mention_gene: NDArray[np.int32]
    """The gene of each mention."""
    pair_gene: NDArray[np.int32]
    """With ``pair_figure``: every figure of every gene once, by gene, newest figure first."""
    pair_figure: NDArray[np.int32]
    start: NDArray[np.int64]
    """Where the pairs of gene ``g`` begin; they end at ``start[g + 1]``."""
    word: NDArray[np.int32]
    """With ``word_count``: words that stand for each gene and in how many figures, most frequent first."""
    word_count: NDArray[np.int32]
    word_start: NDArray[np.int64]
    spelling: NDArray[np.int32]
    """The gene of each spelling that mentions have."""

    @classmethod
    def of(cls, identity: Identity, mention_gene: NDArray[np.int32], pairs: Arrays, words: Arrays) -> Genes:
        """The genes of this identity, with the arrays as they are told of above."""
        key, symbol, path, spelling = identity
        ncbi = ["" if ident.startswith("=") else ident for _, ident in key]
        organism = [organism for organism, _ in key]
        return cls(key, symbol, ncbi, organism, path, mention_gene, *pairs, *words, spelling)

    def __len__(self) -> int:
        return len(self.symbol)

    @cached_property
    def hashes(self) -> NDArray[np.uint64]:
        """For each gene a hash of its identity, symbol and page."""
        texts = [
            f"{organism}\0{ident}\0{symbol}\0{path}".encode("utf-8", "surrogatepass")
            for (organism, ident), symbol, path in zip(self.key, self.symbol, self.path, strict=True)
        ]
        return text_hashes(b"".join(texts), np.fromiter(map(len, texts), np.int64, len(texts)))

    def totals(self) -> NDArray[np.int64]:
        """Figures that show each gene."""
        return np.diff(self.start)

    def figures(self, gene: int) -> NDArray[np.int32]:
        """Figures that show a gene, newest first."""
        return self.pair_figure[self.start[gene] : self.start[gene + 1]]

    def words(self, gene: int, words: list[str], most: int) -> list[tuple[str, int]]:
        """The most frequent words that stood for a gene, and in how many figures each did."""
        first = self.word_start[gene]
        part = slice(first, min(first + most, self.word_start[gene + 1]))
        pairs = zip(self.word[part].tolist(), self.word_count[part].tolist(), strict=True)
        return [(words[w], n) for w, n in pairs]


def gene_key(ncbi: str, symbol: str, organism: str, default_organism: str) -> GeneKey:
    """What makes a gene that gene: its NCBI Gene id, or failing that its symbol, in an organism."""
    return ("" if organism == default_organism else organism, ncbi or "=" + symbol)


class Identity(NamedTuple):
    """Which genes there are, in the order of the index, as ``Genes`` has them."""

    key: list[GeneKey]
    symbol: list[str]
    path: list[str]
    spelling: NDArray[np.int32]


def spelt_best(found: list[int], genes: list[tuple[str, str, str]], uses: Sequence[int]) -> int:
    """Of the spellings of one gene, given by their numbers, the one that most mentions have."""
    return max(found, key=lambda i: (uses[i], [-ord(c) for c in genes[i][1]])) if len(found) > 1 else found[0]


def identity_of(raw: RawMentions, default_organism: str) -> Identity:
    """Which genes mentions are of.

    Args:
        raw: the mentions.
        default_organism: organism of mentions that name none.
    """
    uses = raw.uses["gene"].tolist()
    spellings: dict[GeneKey, list[int]] = defaultdict(list)
    for i, (ncbi, symbol, organism) in enumerate(raw.genes):
        if uses[i]:
            spellings[gene_key(ncbi, symbol, organism, default_organism)].append(i)
    best = {key: raw.genes[spelt_best(found, raw.genes, uses)][1] for key, found in spellings.items()}
    order = sorted(best, key=lambda k: (k[0], best[k].upper(), best[k], len(k[1]), k[1]))
    symbols = [best[k] for k in order]
    to_gene = np.zeros(len(raw.genes), np.int32)
    for number, key in enumerate(order):
        to_gene[spellings[key]] = number
    return Identity(order, symbols, _paths(symbols, order), to_gene)


def _paths(symbols: list[str], keys: list[GeneKey]) -> list[str]:
    """A page for each gene, no two equal even where case is ignored.

    Of genes whose names meet, the one with the smallest NCBI Gene id has the plain name, the
    others carry their id: ``Mar1.html``, ``MAR1.17158.html``.
    """
    meeting: dict[tuple[str, str], list[int]] = defaultdict(list)
    for i, (symbol, (organism, _)) in enumerate(zip(symbols, keys, strict=True)):
        meeting[organism, fold(escape(symbol))].append(i)
    paths = [""] * len(symbols)
    for (organism, _), group in meeting.items():
        group.sort(key=lambda i: (len(keys[i][1]), keys[i][1]))
        for rank, i in enumerate(group):
            name = keys[i][1]
            if not is_number(name):
                name = "h" + blake2b(name.encode("utf-8", "surrogatepass"), digest_size=6).hexdigest()
            paths[i] = gene_path(symbols[i], organism, name if rank else "")
    return paths


def by_count(gene: Longs, word: Longs, count: Longs, words: list[str]) -> Longs:
    """An order: by gene, the most frequent word first, equal ones by the alphabet."""
    used, number = np.unique(word, return_inverse=True)
    alphabet = np.empty(len(used), np.int64)
    texts = [words[w] for w in used.tolist()]
    alphabet[sorted(range(len(texts)), key=texts.__getitem__)] = np.arange(len(texts))
    return np.lexsort((alphabet[number], -count, gene))


def make_genes(raw: RawMentions, figures: int, identity: Identity) -> Genes:
    """The genes of the collection, from its mentions.

    Args:
        raw: the mentions.
        figures: how many figures there are.
        identity: which genes they are of.
    """
    count = len(identity.key)
    gene = identity.spelling[raw.gene] if len(raw.gene) else np.zeros(0, np.int32)
    pair_gene, pair_figure = _pairs(gene, raw, figures, count)
    pairs = pair_gene, pair_figure, starts(pair_gene, count)
    return Genes.of(identity, gene, pairs, _words(gene, raw, figures, count))


# The temporary arrays of these are the largest of a build: each function lets go of its own before the next one begins.


def _pairs(
    gene: NDArray[np.int32], raw: RawMentions, figures: int, genes: int
) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """Every figure of every gene once: gene and figure, by gene, newest figure first."""
    from builder.catalog.matrices import sparse  # noqa: PLC0415 - slow to load, and most builds need it not

    # Figures by genes turned over: mentions stand by figure, and a matrix is turned without a comparison.
    turned = sparse.csr_matrix((np.ones(len(gene), np.int8), gene, raw.start), (figures, genes)).tocsc()
    owner = np.repeat(np.arange(genes, dtype=np.int32), np.diff(turned.indptr))
    figure = turned.indices
    new = np.ones(len(gene), np.bool_)
    new[1:] = (figure[1:] != figure[:-1]) | (owner[1:] != owner[:-1])
    return owner[new], figure[new].astype(np.int32)


def _words(
    gene: NDArray[np.int32], raw: RawMentions, figures: int, genes: int
) -> tuple[NDArray[np.int32], NDArray[np.int32], NDArray[np.int64]]:
    """The words of each gene, the most frequent first, in how many figures, and where those of each gene begin."""
    n, w = max(figures, 1), max(len(raw.words), 1)
    keys = gene.astype(np.int64)
    keys *= w
    keys += raw.word
    keys *= n
    keys += raw.figure
    keys.sort()
    keys = keys[run_starts(keys)]
    keys //= n
    first = run_starts(keys)
    counts = np.diff(np.append(first, len(keys)))
    keys = keys[first]
    order = by_count(keys // w, keys % w, counts, raw.words)
    keys, counts = keys[order], counts[order]
    return (keys % w).astype(np.int32), counts.astype(np.int32), starts(keys // w, genes)
