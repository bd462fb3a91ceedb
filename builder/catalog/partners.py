"""Which genes a gene is seen with, the most specific first."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from builder.catalog.arrays import best_of_rows, run_starts
from builder.catalog.sightings import STEPS

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray
    from scipy import sparse

    from builder.catalog.arrays import Longs
    from builder.catalog.sightings import Sightings

__all__ = ["Over", "PartnerRows", "partner_rows"]

BLOCK = 1024
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
    blocks = [rows[i : i + BLOCK] for i in range(0, len(rows), BLOCK)]
    parts = list(over(partial(_block, seen), blocks))
    none = np.zeros(0, np.int64)
    if not parts:
        return PartnerRows(none, none, none, none)
    columns = ("gene", "partner", "shared", "totals")
    return PartnerRows(*(np.concatenate([getattr(p, c) for p in parts]) for c in columns))


def _block(seen: Sightings, rows: Longs) -> PartnerRows:
    """As ``partner_rows``, for few genes."""
    both = (seen.shown[rows] @ seen.sheets).tocsr()
    both.sort_indices()
    owner = np.repeat(np.arange(len(rows)), np.diff(both.indptr))
    apart = _apart(both, (seen.by_word[rows] @ seen.words).tocsr(), owner, rows)
    totals = np.bincount(owner[apart > 0], minlength=len(rows))
    keep = apart > 0
    owner, other, shared, apart = owner[keep], both.indices[keep].astype(np.int64), both.data[keep], apart[keep]
    chance = (seen.octaves * STEPS - seen.level[rows][owner] - seen.level[other]) * (FINE // STEPS)
    score = apart * (np.rint(FINE * np.log2(apart)).astype(np.int64) + chance)
    keep = score > 0
    found, partner, rank = best_of_rows(owner[keep], other[keep], score[keep], CANDIDATES)
    chosen = _without_mates(found, partner, rank, seen.families)
    found, partner = found[chosen], partner[chosen]
    at = np.searchsorted(owner * len(seen.level) + other, found * len(seen.level) + partner)
    return PartnerRows(rows[found], partner, shared[at].astype(np.int64), totals)


def _apart(both: sparse.csr_matrix, same: sparse.csr_matrix, owner: NDArray[np.int64], rows: Longs) -> Longs:
    """Common figures of each pair in ``both`` less those where one word stands for both genes."""
    width = both.shape[1]
    same.sort_indices()
    apart = both.data.astype(np.int64)
    pairs = owner * width + both.indices
    same_owner = np.repeat(np.arange(same.shape[0]), np.diff(same.indptr))
    apart[np.searchsorted(pairs, same_owner * width + same.indices)] -= same.data
    apart[rows[owner] == both.indices] = 0
    return np.maximum(apart, 0)


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
