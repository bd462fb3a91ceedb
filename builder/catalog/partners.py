"""Which genes a gene is seen with, the most specific first."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from builder.catalog.arrays import best_of_rows, run_starts, starts
from builder.catalog.sightings import STEPS
from builder.catalog.similar import ALL

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray
    from scipy import sparse

    from builder.catalog.arrays import Longs
    from builder.catalog.sightings import Sightings

__all__ = ["Over", "PartnerRows", "partner_rows", "reached"]

BLOCK = 1024
"""Genes whose pairs with all others are held at a time."""
LEAST = 64
"""Genes that one thread is done with before another has started."""
PARTNERS = 10
CANDIDATES = 60
FINE = 256
"""Parts of an octave in which the number of common figures counts."""


@dataclass(slots=True)
class PartnerRows:
    """The most specific partners of some genes, by gene and rank."""

    gene: Longs
    partner: Longs
    shared: Longs
    """Figures that show both."""
    totals: Longs
    """How many partners each of the genes asked for has."""
    worst: Longs
    """Of each of the genes asked for the score of the last in its list; ``ALL`` where the list is not full."""


Over = Callable[[Callable[["Longs"], PartnerRows], "Sequence[Longs]"], "Iterable[PartnerRows]"]
"""Applies a function to each of some parts, in their order: ``map``, or one that uses several threads."""


def partner_rows(seen: Sightings, rows: Longs, over: Over = map) -> PartnerRows:
    """For each of some genes its ten most specific partners.

    Partners are of the gene's own organism. One counts where another word of the figure stands
    for it: the members of a family that one word expands to (``AKT`` -> AKT1, AKT2, AKT3) are not
    seen with each other. Partners are ranked by their share of the log-likelihood of meeting by
    chance, ``k log(k N / (a b))`` for ``k`` common figures of genes with ``a`` and ``b`` of ``N`` figures
    (pointwise mutual information weighted by frequency), so that what is merely frequent does not come first;
    ``N`` is the number of figures rounded up to a power of two.
    Of a family that goes through one word most of the time, only the best member is listed.
    Whole numbers make the ranks exact, so that a later build may compute the rows alone that changed.

    Args:
        seen: the mentions.
        rows: the genes to find partners for, ascending.
        over: applies a function to parts; scipy and numpy let other threads go on while they compute.
    """
    size = min(BLOCK, max(LEAST, -(-len(rows) // 2)))  # of few genes two blocks, for two that compute them
    blocks = [rows[i : i + size] for i in range(0, len(rows), size)]
    parts = list(over(partial(_block, seen), blocks))
    none = np.zeros(0, np.int64)
    if not parts:
        return PartnerRows(none, none, none, none, none)
    columns = ("gene", "partner", "shared", "totals", "worst")
    return PartnerRows(*(np.concatenate([getattr(p, c) for p in parts]) for c in columns))


def reached(seen: Sightings, rows: Longs, worst: Longs) -> NDArray[np.bool_]:
    """Which genes may list one of some genes among their partners.

    Args:
        seen: the mentions.
        rows: the genes that may be listed, ascending.
        worst: of each gene the score from which on another one is listed; as ``PartnerRows`` has it.
    """
    out = np.zeros(len(worst), np.bool_)
    for i in range(0, len(rows), BLOCK):
        _, other, _, score = _pairs(seen, rows[i : i + BLOCK])
        out[other[(score > 0) & (score >= worst[other])]] = True
    return out


def _pairs(seen: Sightings, rows: Longs) -> tuple[Longs, Longs, Longs, Longs]:
    """All partners of few genes, by gene.

    Returns:
        Place of the gene in ``rows``, partner, figures that show both, score.
    """
    both = seen.sheets.together(rows)
    owner = np.repeat(np.arange(len(rows)), np.diff(both.indptr))
    apart = _apart(both, seen.words.together(rows), owner, rows)
    keep = apart > 0
    owner, other, shared, apart = owner[keep], both.indices[keep].astype(np.int64), both.data[keep], apart[keep]
    chance = (seen.octaves * STEPS - seen.level[rows][owner] - seen.level[other]) * (FINE // STEPS)
    # Of few numbers each logarithm is found once.
    logarithm = np.rint(FINE * np.log2(np.maximum(np.arange(int(apart.max(initial=0)) + 1), 1))).astype(np.int64)
    return owner, other, shared, apart * (logarithm[apart] + chance)


def _block(seen: Sightings, rows: Longs) -> PartnerRows:
    """As ``partner_rows``, for few genes."""
    owner, other, shared, score = _pairs(seen, rows)
    totals = np.bincount(owner, minlength=len(rows))
    keep = score > 0
    found, partner, rank, best = best_of_rows(owner[keep], other[keep], score[keep], CANDIDATES)
    chosen = _without_mates(found, partner, rank, seen.families)
    found, partner, best = found[chosen], partner[chosen], best[chosen]
    worst = np.full(len(rows), ALL, np.int64)
    full = np.bincount(found, minlength=len(rows)) >= PARTNERS
    last = np.flatnonzero(np.append(found[1:] != found[:-1], len(found) > 0) & full[found])
    worst[found[last]] = best[last]
    at = _places((starts(owner, len(rows)), other), (starts(found, len(rows)), partner), len(seen.level))
    return PartnerRows(rows[found], partner, shared[at].astype(np.int64), totals, worst)


def _apart(both: sparse.csr_matrix, same: sparse.csr_matrix, owner: NDArray[np.int64], rows: Longs) -> Longs:
    """Common figures of each pair in ``both`` less those where one word stands for both genes."""
    apart = both.data.astype(np.int64)
    # Genes of one word are in one sheet, so that each pair of theirs is there.
    apart[_places((both.indptr, both.indices), (same.indptr, same.indices), both.shape[1])] -= same.data
    apart[rows[owner] == both.indices] = 0
    return np.maximum(apart, 0)


_Rows = tuple["NDArray[np.integer]", "NDArray[np.integer]"]
"""Where each row begins, and where the last one ends; the columns of all rows."""


def _places(rows: _Rows, asked: _Rows, width: int) -> Longs:
    """Where some columns of each row stand among all of its columns, which are in no order; to sort them takes longer.

    Args:
        rows: all columns, each once in a row.
        asked: those to find, which are there.
        width: how many columns there may be.
    """
    place, out = np.empty(width, np.int64), np.empty(len(asked[1]), np.int64)
    bounds = zip(pairwise(rows[0].tolist()), pairwise(asked[0].tolist()), strict=True)
    for (first, last), (begin, end) in bounds:
        if begin < end:
            place[rows[1][first:last]] = np.arange(first, last)
            out[begin:end] = place[asked[1][begin:end]]
    return out


def _without_mates(gene: Longs, partner: Longs, rank: Longs, families: sparse.csr_matrix) -> NDArray[np.bool_]:
    """Which candidates are listed: the best ten of a gene of which no two are of one family."""
    chosen = rank < PARTNERS
    sizes = np.diff(families.indptr)
    first = run_starts(gene)
    # Only where two candidates may be of one family does it take a look at each.
    related = np.add.reduceat((sizes[partner] > 1).astype(np.int64), first) if len(first) else first
    bounds = np.append(first, len(gene)).tolist()
    for i in np.flatnonzero(related > 1).tolist():
        mates: set[int] = set()
        listed = 0
        for k in range(bounds[i], bounds[i + 1]):
            other = int(partner[k])
            chosen[k] = listed < PARTNERS and other not in mates
            if chosen[k]:
                listed += 1
                if sizes[other] > 1:
                    mates.update(families.indices[families.indptr[other] : families.indptr[other + 1]].tolist())
    return chosen
