"""The genes of the index: their figures, and the names by which people look for them."""

from __future__ import annotations

from itertools import groupby, pairwise
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from builder.catalog.arrays import counted, run_starts, spans, unique
from builder.plan.digest import digest
from builder.read.card import cell
from builder.read.tokens import word_hashes
from builder.read.words import joined_word
from builder.search.lists import id_lists, run_bytes
from builder.search.shards import Table, table_of, varints
from builder.vocabulary import blocks, fold, mix, summed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from builder.catalog.catalog import Catalog

__all__ = [
    "figure_genes",
    "gene_keys",
    "gene_table",
    "gene_texts",
    "name_table",
    "names_digest",
    "piece_hashes",
    "shown_hashes",
    "size_columns",
]

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


def gene_texts(catalog: Catalog, keys: list[str]) -> list[bytes]:
    """The keys of the table of genes.

    Normalised symbol, key, symbol, NCBI Gene id and organism (empty for the default one), with a tab between them.
    """
    g = catalog.genes
    organisms = {o: cell(o) for o in set(g.organism)}
    return [
        f"{_key_of(s)}\t{k}\t{s if s.isalnum() else cell(s)}\t{cell(n) if n else n}\t{organisms[o]}".encode(
            "utf-8", "replace"
        )
        for s, k, n, o in zip(g.symbol, keys, g.ncbi, g.organism, strict=True)
    ]


def gene_table(catalog: Catalog, texts: list[bytes], ids: NDArray[np.int64]) -> Table:
    """The figures of every gene.

    Args:
        catalog: the collection.
        texts: keys of the table.
        ids: of the figures.
    """
    g = catalog.genes
    order = sorted(range(len(texts)), key=texts.__getitem__)
    rank = np.empty(len(texts), np.int64)
    rank[order] = np.arange(len(texts))
    span = int(ids.max()) + 1 if len(ids) else 1
    pairs = rank[g.pair_gene] * span + ids[g.pair_figure]
    pairs.sort()
    data, sizes = id_lists(pairs % span, np.searchsorted(pairs, np.arange(len(texts)) * span))
    ordered = [texts[i] for i in order]
    return Table(ordered, word_hashes(ordered)[2], data, sizes)


class _Names(NamedTuple):
    """Names by which genes are looked up: one entry a name and gene, by name and the best gene first."""

    texts: list[str]
    """The distinct names."""
    name: NDArray[np.int64]
    """Into ``texts``."""
    gene: NDArray[np.int64]
    figures: NDArray[np.int64]
    """In how many figures the name stands for the gene."""
    word: NDArray[np.int64]
    """The name as it is seen, into ``_seen``; -1 where it is the gene's symbol or its id."""

    def at(self, chosen: NDArray[np.integer]) -> _Names:
        """Some entries, in an order."""
        return _Names(self.texts, *(column[chosen] for column in self[1:]))


def _first_of(*keys: NDArray[Any]) -> NDArray[np.int64]:
    """Entries in the order of the last key but one, then of those before it; of each last key's the first alone."""
    order = np.lexsort(keys)
    last = keys[-1][order]
    return order[run_starts(last)]


def _seen(catalog: Catalog) -> list[str]:
    """Names as they are seen: words of figures, then terms of lexicons."""
    return [*catalog.mentions.words, *catalog.mentions.matches]


def _names(catalog: Catalog, alphabet: NDArray[np.int64]) -> _Names:
    """Every name of a gene as it is looked up: its symbol, its NCBI Gene id, its most frequent words, and other names.

    Args:
        catalog: the collection.
        alphabet: rank of each gene among the genes by what the index calls them.
    """
    g, a, count, shown = catalog.genes, catalog.aliases, len(catalog.genes), _seen(catalog)
    rank = np.arange(len(g.word)) - np.repeat(g.word_start[:-1], np.diff(g.word_start))
    keep = np.flatnonzero(rank < WORDS_A_GENE)
    word = np.concatenate((g.word[keep].astype(np.int64), a.term + len(catalog.mentions.words)))
    seen = unique(word)
    ids = np.array([i for i, ncbi in enumerate(g.ncbi) if ncbi], np.int64)
    texts = [_key_of(symbol) for symbol in g.symbol]
    texts += [f"#{cell(g.ncbi[i])}" for i in ids.tolist()]
    texts += [_key_of(shown[w]) for w in seen.tolist()]
    index: dict[str, int] = {}
    number = np.array([index.setdefault(text, len(index)) for text in texts], np.int64)
    own, totals = number[: count + len(ids)], g.totals()
    everyone = np.concatenate((np.arange(count), ids))
    genes = np.arange(count)
    names = _Names(
        list(index),
        np.concatenate((own, number[count + len(ids) :][np.searchsorted(seen, word)])),
        np.concatenate((everyone, np.repeat(genes, np.diff(g.word_start))[keep], np.repeat(genes, np.diff(a.start)))),
        np.concatenate((totals[everyone], g.word_count[keep], a.figures)),
        np.concatenate((np.full(len(own), -1), word)),
    )
    # The symbol comes before words that are the same but for case, and a frequent word before a rare one.
    names = names.at(_first_of(np.arange(len(names.name)), names.name * max(count, 1) + names.gene))
    return names.at(np.lexsort((alphabet[names.gene], -names.figures, names.word >= 0, names.name)))


def _beginnings(names: _Names, words: Sequence[str], alphabet: NDArray[np.int64]) -> _Names:
    """The best genes of which a name begins with one or two letters, as ``names`` gives those of whole names."""
    used = unique(names.word[names.word >= 0])
    order = np.empty(len(used), np.int64)
    order[sorted(range(len(used)), key=[cell(words[w]) for w in used.tolist()].__getitem__)] = np.arange(len(used))
    # A symbol that begins so is better than any word.
    spelt = np.where(names.word < 0, -1, order[np.searchsorted(used, names.word)] if len(used) else -1)
    texts: dict[str, int] = {}
    parts = []
    for size in range(1, SHORT + 1):
        starts_with = [
            texts.setdefault(f"={text[:size]}", len(texts)) if len(text) >= size and text[0] != "#" else -1
            for text in names.texts
        ]
        start = np.array(starts_with, np.int64)[names.name]
        at = np.flatnonzero(start >= 0)
        part, own = names.at(at)._replace(name=start[at]), spelt[at]
        parts.append(part.at(_first_of(own, -part.figures, own >= 0, part.name * len(alphabet) + part.gene)))
    both = _Names(list(texts), *(np.concatenate(columns) for columns in zip(*(p[1:] for p in parts), strict=True)))
    both = both.at(np.lexsort((alphabet[both.gene], -both.figures, both.word >= 0, both.name)))
    first = run_starts(both.name)
    rank = np.arange(len(both.name)) - np.repeat(first, np.diff(np.append(first, len(both.name))))
    return both.at(np.flatnonzero(rank < BEST_OF_SHORT))


def names_digest(catalog: Catalog, keys: list[str]) -> bytes:
    """Digest of all that ``name_table`` tells."""
    g = catalog.genes
    last = np.minimum(g.word_start[:-1] + WORDS_A_GENE, g.word_start[1:])
    at = spans(g.word_start[:-1], last)
    a, terms = catalog.aliases, catalog.mentions.match_hashes
    counted = (
        g.totals(), last - g.word_start[:-1], catalog.mentions.word_hashes[g.word[at]], g.word_count[at],
        a.start, terms[a.term], a.figures,
    )  # fmt: skip
    return digest(keys, g.symbol, g.ncbi, *(c.tobytes() for c in counted))


def name_table(catalog: Catalog, keys: list[str]) -> Table:
    """The genes that each name may mean, best first: whose symbol it is, then by figures.

    Keys are normalised names, ``#`` and NCBI Gene ids, and ``=`` with the first one or two letters of names. A value
    has a line for each gene: key, figures in which the name stands for it, figures that show it, the name as seen
    (empty for the symbol).
    """
    totals = catalog.genes.totals().tolist()
    alphabet = np.empty(len(keys), np.int64)
    alphabet[sorted(range(len(keys)), key=keys.__getitem__)] = np.arange(len(keys))
    words = _seen(catalog)
    names = _names(catalog, alphabet)
    entries: list[tuple[bytes, bytes]] = []
    for some in (names, _beginnings(names, words, alphabet)):
        columns = zip(some.gene.tolist(), some.figures.tolist(), some.word.tolist(), strict=True)
        lines = [f"{keys[g]}\t{count}\t{totals[g]}\t{cell(words[w]) if w >= 0 else ''}" for g, count, w in columns]
        first = run_starts(some.name)
        bounds = np.append(first, len(lines)).tolist()
        entries += [
            (some.texts[name].encode(), "\n".join(lines[a:b]).encode("utf-8", "replace"))
            for name, (a, b) in zip(some.name[first].tolist(), pairwise(bounds), strict=True)
            if some.texts[name]
        ]
    return table_of(sorted(entries))


def shown_hashes(
    catalog: Catalog, keys: list[str], ids: NDArray[np.int64]
) -> tuple[NDArray[np.uint64], NDArray[np.uint64]]:
    """For every gene a hash of the figures that show it, and for every figure one of its genes.

    Both are sums, modulo 2**64, of a number for each gene or figure, so they tell sets apart in any order; as products
    of matrices with those numbers they cost one look at each pair.

    Args:
        catalog: the collection.
        keys: of the genes.
        ids: of the figures.
    """
    from builder.catalog.matrices import sparse  # noqa: PLC0415 - slow to load, and most builds need it not

    g = catalog.genes
    own = word_hashes([k.encode("utf-8", "replace") for k in keys])[2]
    figure, gene = mix(ids.astype(np.uint64) + np.uint64(1)), mix(own)  # what is mixed of 0 is 0
    shown, genes = np.zeros(len(gene), np.uint64), np.zeros(len(figure), np.uint64)
    for a, b in blocks(g.start):
        start = g.start[a : b + 1]
        pairs = g.pair_figure[start[0] : start[-1]]
        part: Any = sparse.csr_matrix((np.ones(len(pairs), np.uint64), pairs, start - start[0]), (b - a, len(ids)))
        shown[a:b] = part @ figure
        genes += part.T @ gene[a:b]
    return shown, genes


def piece_hashes(genes: NDArray[np.uint64], ids: NDArray[np.int64], end: int, ids_a_shard: int) -> NDArray[np.uint64]:
    """A hash of what each piece of ``figure_genes`` tells.

    Args:
        genes: of every figure a hash of its genes, as ``shown_hashes`` gives it.
        ids: of the figures.
        end: behind the last id.
        ids_a_shard: ids of a piece.
    """
    order = np.argsort(ids)
    own = np.where(genes == 0, genes, fold(genes, ids.astype(np.uint64)))[order]
    return summed(own, np.searchsorted(ids[order], np.arange(0, end + ids_a_shard, ids_a_shard)))


def figure_genes(
    catalog: Catalog,
    keys: list[str],
    ids: NDArray[np.int64],
    end: int,
    ids_a_shard: int,
    wanted: NDArray[np.bool_] | None = None,
) -> list[bytes]:
    """The genes of each figure, in pieces of so many ids; empty where none of them shows a gene.

    A piece has the number of its genes, the bytes of their keys, the keys by how many of its figures show them, and for
    each id how many genes, and how far each is from the one before in that list (the first from -1).

    Args:
        catalog: the collection.
        keys: of the genes.
        ids: of the figures.
        end: behind the last id.
        ids_a_shard: ids of a piece.
        wanted: which pieces to make, the others are left empty; None for all.
    """
    shown, gene = catalog.genes.pair_figure, catalog.genes.pair_gene
    if wanted is not None:
        at = np.flatnonzero(wanted[ids // ids_a_shard][shown])
        shown, gene = shown[at], gene[at]
    figure = ids[shown]
    names = [k.encode("utf-8", "replace") for k in keys]
    alphabet = np.empty(len(keys), np.int64)
    alphabet[sorted(range(len(keys)), key=keys.__getitem__)] = np.arange(len(keys))
    order = np.argsort(figure, kind="stable")
    figure, gene = figure[order], gene[order]
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

    A value is a list of two runs: the ids of figures that show one, and for each of them, less 1, how many genes it
    and those before show together.
    """
    g = catalog.genes
    out = []
    first = 0
    # Genes stand by organism, and so do their pairs with figures.
    for name, genes in groupby(g.organism):
        last = first + sum(1 for _ in genes)
        own = np.zeros(end, np.int64)
        own[ids] = counted(g.pair_figure[g.start[first] : g.start[last]], len(ids))
        first, at = last, np.flatnonzero(own)
        value = run_bytes(np.concatenate((at, np.cumsum(own[at]) - 1)), np.array([0, len(at)]), np.array([0, 1]))[0]
        out.append((f"n\t{cell(name or default_organism)}".encode("utf-8", "replace"), value))
    return out
