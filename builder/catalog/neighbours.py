"""What figures and genes are near each other, computed anew only where something changed.

Similar figures and partners of genes depend on the whole collection, but a new record changes few of them: ranks are
made of whole numbers that move in steps (``similar.py``, ``partners.py``). What the build before found is taken over
for every figure and gene that no change can have reached; the rest is computed, with the result of a clean build.
"""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import blake2b
from typing import TYPE_CHECKING, Any

import numpy as np

from builder.catalog import partners, similar
from builder.catalog.arrays import Longs, starts
from builder.catalog.former import Memory, Was, genes_of
from builder.catalog.outline import Outline, identities, outline
from builder.catalog.partners import Over, partner_rows
from builder.catalog.sightings import Families, Sightings, WordRows, sightings, word_rows
from builder.catalog.similar import ALL, MASK, KeyGenes, SimilarRows, shared_genes, similar_rows

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from builder.catalog.figures import Figures, RawMentions
    from builder.catalog.genes import Genes

__all__ = ["HERE", "Neighbours", "Ways", "find_neighbours", "no_neighbours"]


def _here(keys: KeyGenes, rows: Longs, genes: int) -> Callable[[], SimilarRows]:
    """Similar figures computed in this process."""
    return lambda: similar_rows(keys, rows, genes)


@dataclass(frozen=True)
class Ways:
    """How neighbours are computed: in this process and thread, or in others too."""

    similar: Callable[[KeyGenes, Longs, int], Callable[[], SimilarRows]] = _here
    """Begins to compute the similar figures of some figures, and gives a function that waits for them."""
    over: Over = map
    """As ``partner_rows`` is given it."""


HERE = Ways()


@dataclass(slots=True)
class Neighbours:
    """Similar figures of each figure, and partners of each gene, best first."""

    similar: NDArray[np.int32]
    """Figures; those of figure ``f`` are ``similar[similar_start[f] : similar_start[f + 1]]``."""
    similar_start: Longs
    shared: NDArray[np.int32]
    """Genes that both figures show."""
    common: NDArray[np.uint8]
    """Key genes of the figure that the other shows too: bit ``r`` for the ``r``-th."""
    key_gene: NDArray[np.int32]
    """The rarest genes of each figure, rarest first; those of figure ``f`` begin at ``key_start[f]``."""
    key_start: Longs
    partner: NDArray[np.int32]
    partner_start: Longs
    together: NDArray[np.int32]
    """Figures that show both genes."""
    partner_totals: NDArray[np.int32]
    """How many partners each gene has in all."""
    gene: NDArray[np.int32]
    """Genes of each figure; those of figure ``f`` are ``gene[gene_start[f] : gene_start[f + 1]]``."""
    gene_start: Longs


def _whole(figures: Figures, raw: RawMentions) -> bytes:
    """Digest of all that neighbours depend on: which figures there are, and what their records say of genes."""
    state = blake2b(digest_size=16)
    for texts in (figures.figid, [raw.spelling]):
        state.update(len(texts).to_bytes(8, "big") + "\n".join(texts).encode("utf-8", "surrogatepass"))
    for array in (figures.year, figures.mention_hash):
        state.update(_view(array))
    return state.digest()


def _as_before(memory: Memory) -> Neighbours:
    """The neighbours that the build before left, where nothing moved that they depend on."""

    def array(name: str, kind: Any) -> NDArray[Any]:
        return np.frombuffer(getattr(memory, name), kind)

    return Neighbours(
        array("similar", np.int32),
        array("similar_start", np.int64),
        *_parts(array("shared", np.int32)),
        array("key_gene", np.int32),
        array("key_start", np.int64),
        array("partner", np.int32),
        array("partner_start", np.int64),
        array("together", np.int32),
        array("partner_totals", np.int32),
        array("gene", np.int32),
        array("gene_start", np.int64),
    )


def _figures_to_do(was: Was, now: Outline) -> Longs:
    """Figures whose similar ones may have changed.

    They changed, or list one that did, or may list it now: by its score, or because there is room in the list.
    """
    same = was.same(now.keys_hash, "keys") & was.same(now.shows, "shows")
    count, changed = len(same), np.flatnonzero(~same)
    if len(changed) > count // 2:
        return np.arange(count)
    todo = ~same | was.listing(was.gone(same), ("similar", "similar_start"), was.figure_now, count)
    todo |= similar.reached(now.keys, changed, len(now.gene_who), was.worst("similar_worst", was.figure))
    return np.flatnonzero(todo)


def _changed_genes(was: Was, now: Outline) -> NDArray[np.bool_]:
    """Genes that a changed figure shows, or showed."""
    same = was.same(now.reads, "reads")
    former = genes_of(was.gone(same), was.array("gene", np.int32), was.array("gene_start", np.int64))
    return was.marked(former, genes_of(np.flatnonzero(~same), now.gene, now.gene_start), len(now.gene_who))


def _sightings(was: Was | None, now: Outline, genes: Genes, raw: RawMentions) -> Sightings:
    """The mentions laid out: of what the build before found all that no change can have reached."""
    if was is None:
        return sightings(genes, (now.gene, now.gene_start), word_rows(genes, raw, np.arange(len(raw.start) - 1)), None)
    same = was.same(now.reads, "reads")
    family, mate = (was.gene_now[was.array(name, np.int32)] for name in ("family", "mate"))
    there = (family >= 0) & (mate >= 0)
    families = Families(family[there], mate[there], _changed_genes(was, now))
    first, border = was.array("row_first", np.int64), was.array("row_border", np.int64)
    former = WordRows(first, border, was.array("row_size", np.int32), was.genes("row_gene"))
    rows = former.with_rows(np.where(same, was.figure, -1), word_rows(genes, raw, np.flatnonzero(~same)))
    return sightings(genes, (now.gene, now.gene_start), rows, families)


def _genes_to_do(was: Was, now: Outline, seen: Sightings) -> Longs:
    """Genes whose partners may have changed.

    A changed figure shows them, or their frequency counts otherwise than before or their family changed; or they list a
    gene of which that holds, or may list it now: by its score, or because there is room in the list.
    """
    count, known = len(seen.level), was.gene >= 0
    moved = ~known
    moved[known] = was.array("level", np.int64)[was.gene[known]] != seen.level[known]
    moved[_changed_families(was, seen)] = True
    rows = np.flatnonzero(moved)
    if len(rows) > count // 2:
        return np.arange(count)
    former = was.gene[rows]
    todo = moved | _changed_genes(was, now)
    todo |= was.listing(former[former >= 0], ("partner", "partner_start"), was.gene_now, count)
    todo |= partners.reached(seen, rows, was.worst("partner_worst", was.gene))
    return np.flatnonzero(todo)


def _changed_families(was: Was, seen: Sightings) -> Longs:
    """Genes with a mate that they had not before, or have no more."""
    count = len(seen.level)
    today = was.gene_now
    family, mate = (today[was.array(name, np.int32)] for name in ("family", "mate"))
    there = (family >= 0) & (mate >= 0)
    former = family[there].astype(np.int64) * count + mate[there]
    relations = seen.families.tocoo()
    present = relations.row.astype(np.int64) * count + relations.col
    return np.setxor1d(former, present, assume_unique=True) // max(count, 1)


def _merged(
    old: tuple[Longs, Longs, Longs], new: tuple[Longs, Longs, Longs], count: int
) -> tuple[NDArray[np.int32], Longs, NDArray[np.int32]]:
    """Both as one, by owner: others, where those of each owner begin, counts."""
    owner, other, number = (np.concatenate(pair) for pair in zip(old, new, strict=True))
    order = np.argsort(owner, kind="stable")
    return other[order].astype(np.int32), starts(owner[order], count), number[order].astype(np.int32)


def _parts(shared: NDArray[np.int32]) -> tuple[NDArray[np.int32], NDArray[np.uint8]]:
    """What ``shared_genes`` packs into one number: how many genes both figures show, and which key genes."""
    return shared & ((1 << MASK) - 1), (shared >> MASK).astype(np.uint8)


_NONE = (np.zeros(0, np.int64),) * 3


def _similar_before(was: Was | None, rows: Longs) -> tuple[Longs, Longs, Longs]:
    """Similar figures that the build before found, of all but some figures."""
    if was is None:
        return _NONE
    return was.taken_over(rows, was.figure, ("similar", "similar_start", "shared"), was.figure_now)


def _partners(
    was: Was | None, seen: Sightings, todo: Longs, over: Over
) -> tuple[tuple[NDArray[np.int32], Longs, NDArray[np.int32], NDArray[np.int32]], Longs]:
    """Partners of all genes as ``Neighbours`` has them; and the scores that ``Memory`` has."""
    count = len(seen.level)
    found = partner_rows(seen, todo, over)
    totals, worst, old = np.zeros(count, np.int64), np.full(count, ALL, np.int64), _NONE
    if was:
        old = was.taken_over(todo, was.gene, ("partner", "partner_start", "together"), was.gene_now)
        worst = was.worst("partner_worst", was.gene)
        known = was.gene >= 0
        totals[known] = was.array("partner_totals", np.int32)[was.gene[known]]
    totals[todo], worst[todo] = found.totals, found.worst
    return (*_merged(old, (found.gene, found.partner, found.shared), count), totals.astype(np.int32)), worst


def find_neighbours(
    figures: Figures, genes: Genes, raw: RawMentions, memory: Memory | None, ways: Ways
) -> tuple[Neighbours, Memory]:
    """Similar figures and partners, and what to remember of them.

    Args:
        figures: the collection.
        genes: its genes.
        raw: its mentions.
        memory: what the build before left; None for nothing.
        ways: how they are computed.
    """
    whole, octaves = _whole(figures, raw), len(figures).bit_length()
    if memory is not None and memory.whole == whole:
        return _as_before(memory), memory
    who = identities(figures, genes)
    was = Was(memory, *who) if memory is not None and memory.octaves == octaves else None
    now = outline(figures, genes, raw, who, was)
    rows = _figures_to_do(was, now) if was else np.arange(len(figures))
    waiting = ways.similar(now.keys, rows, len(genes))
    seen = _sightings(was, now, genes, raw)
    todo = _genes_to_do(was, now, seen) if was else np.arange(len(genes))
    near_genes, partner_worst = _partners(was, seen, todo, ways.over)
    figure, other, own = waiting()
    worst = was.worst("similar_worst", was.figure) if was else np.full(len(figures), ALL, np.int64)
    worst[rows] = own
    found = (figure, other, shared_genes(now.shown, now.keys, figure, other))
    near, near_start, shared = _merged(_similar_before(was, rows), found, len(figures))
    key_gene, key_start = now.keys.gene.astype(np.int32), now.keys.start
    similar_figures = (near, near_start, *_parts(shared), key_gene, key_start)
    out = Neighbours(*similar_figures, *near_genes, now.gene, now.gene_start)
    return out, _remember((whole, octaves, raw.spelling), now, seen, out, (shared, worst, partner_worst))


def _view(array: NDArray[Any]) -> memoryview:
    """The bytes of an array, not copied."""
    return np.ascontiguousarray(array).data.cast("B") if array.size else memoryview(b"")


def no_neighbours(figures: int, genes: int) -> Neighbours:
    """Nothing near anything: for a check, which makes no page."""
    none = np.zeros(0, np.int32)
    of_figures, of_genes = np.zeros(figures + 1, np.int64), np.zeros(genes + 1, np.int64)
    near = (none, of_figures, none, none.astype(np.uint8), none, of_figures)
    return Neighbours(*near, none, of_genes, none, np.zeros(genes, np.int32), none, of_figures)


def _remember(
    own: tuple[bytes, int, str],
    now: Outline,
    seen: Sightings,
    out: Neighbours,
    scores: tuple[NDArray[np.int32], Longs, Longs],
) -> Memory:
    """What to leave for the next build.

    Args:
        own: what ``Memory`` begins with.
        now: the collection.
        seen: its mentions.
        out: the neighbours.
        scores: what ``Memory`` has as shared, similar_worst and partner_worst.
    """
    shared, worst, partner_worst = scores
    relations = seen.families.tocoo()
    words = seen.rows
    key_gene, family, mate = (a.astype(np.int32) for a in (now.keys.gene, relations.row, relations.col))
    columns: tuple[NDArray[Any], ...] = (
        now.who, now.says, now.shows, now.reads, now.keys_hash, key_gene, now.keys.start.astype(np.int64), now.gene,
        now.gene_start, now.gene_who, now.rarity, seen.level, family, mate,
        words.first, words.border, words.size, words.gene,
        out.similar, out.similar_start, shared, worst, out.partner, out.partner_start, out.together,
        out.partner_totals, partner_worst,
    )  # fmt: skip
    return Memory(*own, *map(_view, columns))
