"""The genes of the index: their figures, and the names by which people look for them."""

from __future__ import annotations

from collections import defaultdict
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from builder.read.card import cell
from builder.read.tokens import word_hashes
from builder.read.words import joined_word
from builder.search.lists import id_lists
from builder.search.shards import Table, table_of, varints

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from builder.catalog.catalog import Catalog

__all__ = ["figure_genes", "gene_keys", "gene_table", "name_table", "size_columns"]

WORDS_A_GENE = 16
"""The most frequent words of a gene by which it is found."""
SHORT = 2
"""Beginnings of so many letters have their best genes ready, as too many names begin with them."""
BEST_OF_SHORT = 8


def gene_keys(catalog: Catalog) -> list[str]:
    """What the index calls each gene: the path of its page below ``genes/``, without the ending."""
    return [p.removeprefix("genes/").removesuffix(".html") for p in catalog.genes.path]


def _key_of(text: str) -> str:
    """A name as it is looked up."""
    return text.lower() if text.isascii() and text.isalnum() else joined_word(text)


def gene_table(catalog: Catalog, keys: list[str], ids: NDArray[np.int64]) -> Table:
    """The figures of every gene.

    Keys are normalised symbol, key, symbol, NCBI Gene id and organism (empty for the default one), with a tab between
    them.
    """
    g = catalog.genes
    texts = [
        "\t".join((_key_of(s), k, cell(s), cell(n), cell(o))).encode("utf-8", "replace")
        for s, k, n, o in zip(g.symbol, keys, g.ncbi, g.organism, strict=True)
    ]
    order = sorted(range(len(texts)), key=texts.__getitem__)
    rank = np.empty(len(texts), np.int64)
    rank[order] = np.arange(len(texts))
    span = int(ids.max()) + 1 if len(ids) else 1
    pairs = rank[g.pair_gene] * span + ids[g.pair_figure]
    pairs.sort()
    data, sizes = id_lists(pairs % span, np.searchsorted(pairs, np.arange(len(texts)) * span))
    ordered = [texts[i] for i in order]
    return Table(ordered, word_hashes(ordered)[2], data, sizes)


def _names(catalog: Catalog) -> Iterator[tuple[str, int, int, str]]:
    """Every name of a gene as it is looked up, the gene, in how many figures it stands for it, and the name as seen.

    The last is empty where it is the gene's symbol.
    """
    g = catalog.genes
    totals = g.totals().tolist()
    for i, (symbol, ncbi) in enumerate(zip(g.symbol, g.ncbi, strict=True)):
        yield _key_of(symbol), i, totals[i], ""
        if ncbi:
            yield f"#{cell(ncbi)}", i, totals[i], ""
    rank = np.arange(len(g.word)) - np.repeat(g.word_start[:-1], np.diff(g.word_start))
    keep = np.flatnonzero(rank < WORDS_A_GENE)
    gene = np.repeat(np.arange(len(g)), np.diff(g.word_start))[keep].tolist()
    words = catalog.mentions.words
    known: dict[int, str] = {}
    for i, w, count in zip(gene, g.word[keep].tolist(), g.word_count[keep].tolist(), strict=True):
        key = known.get(w)
        if key is None:
            key = known[w] = _key_of(words[w])
        if key:
            yield key, i, count, cell(words[w])


def name_table(catalog: Catalog, keys: list[str]) -> Table:
    """The genes that each name may mean, best first: whose symbol it is, then by figures.

    Keys are normalised names, ``#`` and NCBI Gene ids, and ``=`` with the first one or two letters of names. A value
    has a line for each gene: key, figures in which the name stands for it, figures that show it, the name as seen
    (empty for the symbol).
    """
    totals = catalog.genes.totals().tolist()
    found: dict[str, dict[int, tuple[int, str]]] = defaultdict(dict)
    for name, gene, count, word in _names(catalog):
        # The symbol comes before words that are the same but for case, and a frequent word before a rare one.
        found[name].setdefault(gene, (count, word))
    best: dict[str, dict[int, tuple[int, str]]] = defaultdict(dict)
    for name, genes in found.items():
        for size in range(1, min(SHORT, len(name)) + 1) if not name.startswith("#") else ():
            for gene, (count, word) in genes.items():
                was = best[name[:size]].get(gene)
                # A symbol that begins so is better than any word.
                if was is None or (was[1] != "", -was[0], was[1]) > (word != "", -count, word):
                    best[name[:size]][gene] = (count, word)

    def line(gene: int, count: int, word: str) -> str:
        return f"{keys[gene]}\t{count}\t{totals[gene]}\t{word}"

    def value(genes: dict[int, tuple[int, str]], most: int | None = None) -> bytes:
        order = sorted(genes.items(), key=lambda x: (x[1][1] != "", -x[1][0], keys[x[0]]))
        return "\n".join([line(g, n, w) for g, (n, w) in order[:most]]).encode("utf-8", "replace")

    entries = [(name.encode(), value(genes)) for name, genes in found.items() if name]
    entries += [(f"={start}".encode(), value(genes, BEST_OF_SHORT)) for start, genes in best.items()]
    return table_of(sorted(entries))


def figure_genes(catalog: Catalog, keys: list[str], ids: NDArray[np.int64], end: int, ids_a_shard: int) -> list[bytes]:
    """The genes of each figure, in pieces of so many ids; empty where none of them shows a gene.

    A piece has the number of its genes, the bytes of their keys, the keys by how many of its figures show them, and for
    each id how many genes, and how far each is from the one before in that list (the first from -1).
    """
    g = catalog.genes
    names = [k.encode("utf-8", "replace") for k in keys]
    alphabet = np.empty(len(keys), np.int64)
    alphabet[sorted(range(len(keys)), key=keys.__getitem__)] = np.arange(len(keys))
    order = np.argsort(ids[g.pair_figure], kind="stable")
    figure, gene = ids[g.pair_figure][order], g.pair_gene[order]
    bounds = np.searchsorted(figure, np.arange(0, end + ids_a_shard, ids_a_shard)).tolist()
    return [
        _genes_of(names, alphabet, gene[a:b], figure[a:b] - n * ids_a_shard, min(ids_a_shard, end - n * ids_a_shard))
        if b > a
        else b""
        for n, (a, b) in enumerate(pairwise(bounds))
    ]


def _genes_of(
    names: list[bytes], alphabet: NDArray[np.int64], gene: NDArray[np.int32], figure: NDArray[np.int64], count: int
) -> bytes:
    """A piece of the genes of figures, which are numbered from 0 to ``count``."""
    known, number, uses = np.unique(gene, return_inverse=True, return_counts=True)
    best = np.lexsort((alphabet[known], -uses))
    rank = np.empty(len(known), np.int64)
    rank[best] = np.arange(len(known))
    pairs = figure * len(known) + rank[number]
    pairs.sort()
    first = np.searchsorted(pairs, np.arange(count) * len(known))
    steps = np.diff(pairs % len(known), prepend=-1)
    mine = np.diff(np.append(first, len(pairs)))
    heads = first[mine > 0]
    steps[heads] = pairs[heads] % len(known) + 1
    own = [names[known[i]] for i in best.tolist()]
    sizes = np.array([len(own), *map(len, own)], np.int64)
    return b"".join((varints(sizes)[0], *own, varints(np.insert(steps, first, mine))[0]))


def size_columns(
    catalog: Catalog, ids: NDArray[np.int64], end: int, default_organism: str
) -> list[tuple[bytes, bytes]]:
    """How many genes of each organism each figure shows: ``n``, a tab and the organism.

    A value begins with 0 and has a number for every id, or begins with 1 and has pairs of a step from the id before
    (the first from -1) and a number; whichever is shorter.
    """
    g = catalog.genes
    organisms = sorted(set(g.organism))
    number = {o: i for i, o in enumerate(organisms)}
    organism = (
        np.fromiter((number[o] for o in g.organism), np.int64, len(g))[g.pair_gene] if len(g) else np.zeros(0, int)
    )
    counts = np.bincount(organism * end + ids[g.pair_figure], minlength=len(organisms) * end)
    out = []
    for name, own in zip(organisms, counts.reshape(-1, end) if organisms else (), strict=True):
        at = np.flatnonzero(own)
        dense = varints(own)[0]
        sparse = varints(np.column_stack((np.diff(at, prepend=-1), own[at])).ravel())[0]
        value = b"\0" + dense if len(dense) <= len(sparse) else b"\1" + sparse
        out.append((f"n\t{cell(name or default_organism)}".encode("utf-8", "replace"), value))
    return out
