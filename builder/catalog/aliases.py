"""Other names of genes: the terms of lexicons of symbols under which figures mention them.

A word of a figure may be misread, or name a family; the term that it matched in HGNC or at NCBI Gene is a name of
the one gene.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from builder.catalog.arrays import distinct, run_starts, starts, unique
from builder.catalog.genes import by_count
from builder.vocabulary import blocks

if TYPE_CHECKING:
    from builder.catalog.arrays import Longs
    from builder.catalog.figures import RawMentions
    from builder.catalog.genes import Genes

__all__ = ["Aliases", "aliases_of"]

OF_ONE_GENE = frozenset({"hgnc_symbol", "hgnc_alias_symbol", "hgnc_prev_symbol", "ncbigene_symbol", "ncbigene_synonym"})
"""Lexicons each of whose terms names one gene of an organism; those of families are none of them."""
MOST = 16
"""Names of a gene that are kept."""


class Aliases(NamedTuple):
    """Other names of each gene, those in most figures first."""

    start: Longs
    """Where the names of gene ``g`` begin; they end at ``start[g + 1]``."""
    term: Longs
    """Into the terms of lexicons that mentions matched."""
    figures: Longs
    """In how many figures each names its gene."""

    def of(self, gene: int, most: int) -> list[int]:
        """The terms that name a gene, at most so many."""
        first = int(self.start[gene])
        terms: list[int] = self.term[first : min(first + most, int(self.start[gene + 1]))].tolist()
        return terms


def _pairs(genes: Genes, mentions: RawMentions) -> tuple[Longs, Longs]:
    """Each gene with each term that names it, as one number, and in how many figures it does."""
    wanted = np.array([name in OF_ONE_GENE for name in mentions.lexicons], bool)
    terms = max(len(mentions.matches), 1)
    keys, counts = [np.zeros(0, np.int64)], [np.zeros(0, np.int64)]
    # Some figures at a time: what is held of millions of mentions at once would be more than all names.
    for a, b in blocks(mentions.start):
        part = slice(mentions.start[a], mentions.start[b])
        at = np.flatnonzero(wanted[mentions.lexicon[part]])
        pairs = genes.mention_gene[part][at].astype(np.int64) * terms + mentions.match[part][at]
        figures = mentions.figure[part][at].astype(np.int64) - a
        own, number = distinct(unique(pairs * (b - a) + figures) // (b - a))
        keys.append(own)
        counts.append(number)
    every = np.concatenate(keys)
    order = np.argsort(every, kind="stable")
    first = run_starts(every[order])
    sums = np.add.reduceat(np.concatenate(counts)[order], first) if len(first) else first
    return every[order][first], sums


def aliases_of(genes: Genes, mentions: RawMentions) -> Aliases:
    """The names of all genes, their symbols aside."""
    keys, counts = _pairs(genes, mentions)
    terms = max(len(mentions.matches), 1)
    gene, term = keys // terms, keys % terms
    names = map(mentions.matches.__getitem__, term.tolist())
    other = [name not in {"", genes.symbol[g]} for name, g in zip(names, gene.tolist(), strict=True)]
    chosen = np.flatnonzero(np.array(other, bool))
    gene, term, counts = gene[chosen], term[chosen], counts[chosen]
    order = by_count(gene, term, counts, mentions.matches)
    gene, term, counts = gene[order], term[order], counts[order]
    first = starts(gene, len(genes))
    kept = np.flatnonzero(np.arange(len(gene)) - first[gene] < MOST)
    return Aliases(starts(gene[kept], len(genes)), term[kept], counts[kept])
