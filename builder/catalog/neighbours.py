"""What figures and genes are near each other, computed anew only where something changed.

Similar figures and partners of genes depend on the whole collection, but a new record changes few of them: ranks are
made of whole numbers that move in steps (``similar.py``, ``partners.py``). What the build before found is taken over
for every figure and gene that no change can have reached; the rest is computed, with the result of a clean build.
"""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import blake2b
from typing import TYPE_CHECKING, Any

import msgspec
import numpy as np

from builder.catalog.arrays import Longs, spans, starts
from builder.catalog.partners import Over, partner_rows
from builder.catalog.sightings import Families, Sightings, WordRows, by_figure, sightings, word_rows
from builder.catalog.similar import MASK, KeyGenes, key_genes, shared_genes, similar_rows
from builder.vocabulary import fold, fold_columns, mix, summed, text_hashes

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray
    from scipy import sparse

    from builder.catalog.figures import Figures, RawMentions
    from builder.catalog.genes import Genes

__all__ = ["HERE", "Memory", "Neighbours", "SimilarRows", "Ways", "find_neighbours", "no_neighbours"]

SimilarRows = tuple[Longs, Longs]
"""Figure and other figure, by figure and rank."""


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


class Memory(msgspec.Struct, array_like=True):
    """What a build leaves for the next one; arrays as views of bytes."""

    whole: bytes
    """Digest of all that neighbours depend on."""
    octaves: int
    who: memoryview
    """Identity of each figure in its order: figid and year."""
    shows: memoryview
    """Hash of the genes of each figure."""
    reads: memoryview
    """Hash of the genes of each figure with the words that stand for them."""
    keys: memoryview
    """Hash of the key genes of each figure with their weights."""
    key_gene: memoryview
    key_start: memoryview
    gene: memoryview
    """Genes of each figure, by figure."""
    gene_start: memoryview
    gene_who: memoryview
    """Identity of each gene in its order: organism, id and symbol."""
    level: memoryview
    family: memoryview
    """With ``mate``: pairs of genes of one family."""
    mate: memoryview
    row_figure: memoryview
    """With the next two: the rows of ``WordRows``."""
    row_size: memoryview
    row_gene: memoryview
    similar: memoryview
    similar_start: memoryview
    shared: memoryview
    """As ``shared_genes`` gives it."""
    partner: memoryview
    partner_start: memoryview
    together: memoryview
    partner_totals: memoryview


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


@dataclass(slots=True)
class _Now:
    """The collection as it is now, in the terms in which it is remembered."""

    octaves: int
    who: NDArray[np.uint64]
    shows: NDArray[np.uint64]
    reads: NDArray[np.uint64]
    keys_hash: NDArray[np.uint64]
    keys: KeyGenes
    gene: NDArray[np.int32]
    gene_start: Longs
    gene_who: NDArray[np.uint64]
    shown: sparse.csr_matrix
    """Figures by genes."""


def _hashes(texts: list[str]) -> NDArray[np.uint64]:
    """A hash of each text."""
    parts = [t.encode("utf-8", "surrogatepass") for t in texts]
    return text_hashes(b"".join(parts), np.fromiter(map(len, parts), np.int64, len(parts)))


def _whole(figures: Figures, genes: Genes, raw: RawMentions) -> bytes:
    """Digest of all that neighbours depend on: which figures there are, and which words show which genes in them."""
    state = blake2b(digest_size=16)
    for texts in (figures.figid, ["\0".join((*k, s)) for k, s in zip(genes.key, genes.symbol, strict=True)]):
        state.update(len(texts).to_bytes(8, "big") + "\n".join(texts).encode("utf-8", "surrogatepass"))
    for array in (figures.year, raw.figure, raw.word, raw.word_hashes, genes.mention_gene):
        state.update(len(array).to_bytes(8, "big"))
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


def _now(figures: Figures, genes: Genes, raw: RawMentions) -> _Now:
    """Lay out the collection."""
    count = len(figures)
    shown = by_figure(genes, count)
    keys = key_genes(genes, count)
    gene_who = _hashes(["\0".join((*k, s)) for k, s in zip(genes.key, genes.symbol, strict=True)])
    own = mix(gene_who) if len(genes) else gene_who
    start = shown.indptr.astype(np.int64)
    mention = fold_columns((raw.word_hashes, raw.word), (gene_who, genes.mention_gene))
    return _Now(
        count.bit_length(),
        fold(_hashes(figures.figid), figures.year.astype(np.uint64)),
        summed(own[shown.indices], start),
        summed(mention, starts(raw.figure, count)),
        summed(fold(gene_who[keys.gene], keys.weight.astype(np.uint64)), keys.start),
        keys,
        shown.indices.astype(np.int32),
        start,
        gene_who,
        shown,
    )


class _Was:
    """What the build before left, and how its figures and genes are numbered now."""

    def __init__(self, memory: Memory, now: _Now) -> None:
        self.memory = memory
        self.figure = _places(self.array("who", np.uint64), now.who)
        self.gene = _places(self.array("gene_who", np.uint64), now.gene_who)

    def array(self, name: str, kind: Any) -> NDArray[Any]:
        """An array of the memory."""
        return np.frombuffer(getattr(self.memory, name), kind)

    def former_genes(self) -> NDArray[np.int64]:
        """Today's numbers of former genes, -1 for those that are gone."""
        return self.now_of(self.gene, len(self.memory.gene_who) // 8)

    def now_of(self, places: NDArray[np.int64], count: int) -> NDArray[np.int64]:
        """Today's numbers of former ones, -1 for what is gone."""
        out = np.full(count, -1, np.int64)
        known = np.flatnonzero(places >= 0)
        out[places[known]] = known
        return out


def _places(former: NDArray[np.uint64], now: NDArray[np.uint64]) -> NDArray[np.int64]:
    """Where each of today's things stood before; -1 for a new one."""
    if not len(former):
        return np.full(len(now), -1, np.int64)
    order = np.argsort(former)
    at = np.minimum(np.searchsorted(former[order], now), len(former) - 1)
    return np.where(former[order[at]] == now, order[at], -1)


def _same(was: _Was, now: NDArray[np.uint64], name: str) -> NDArray[np.bool_]:
    """Figures that were there before, with the same hash of this name."""
    former = was.array(name, np.uint64)
    known = was.figure >= 0
    out = np.zeros(len(now), bool)
    out[known] = former[was.figure[known]] == now[known]
    return out


def _gone(was: _Was, same: NDArray[np.bool_]) -> Longs:
    """Former figures that are no more, or no more the same."""
    kept = np.zeros(len(was.memory.who) // 8, bool)
    kept[was.figure[same]] = True
    return np.flatnonzero(~kept)


def _genes_of(figures: Longs, gene: NDArray[np.integer], start: Longs) -> NDArray[np.integer]:
    """Genes of some figures, with repeats."""
    return gene[spans(start[figures], start[figures + 1])]


def _marked(was: _Was, former: NDArray[np.integer], now: NDArray[np.integer], count: int) -> NDArray[np.bool_]:
    """Today's genes that are among some former and some present ones."""
    marks = np.zeros(count, bool)
    marks[now] = True
    today = was.former_genes()[former]
    marks[today[today >= 0]] = True
    return marks


def _figures_to_do(was: _Was, now: _Now) -> Longs:
    """Figures whose similar ones may have changed: they changed, or share a key gene with one that did."""
    same = _same(was, now.keys_hash, "keys") & _same(was, now.shows, "shows")
    former = _genes_of(_gone(was, same), was.array("key_gene", np.int32), was.array("key_start", np.int64))
    todo = ~same
    marks = _marked(was, former, _genes_of(np.flatnonzero(todo), now.keys.gene, now.keys.start), len(now.gene_who))
    todo[now.keys.figure[marks[now.keys.gene]]] = True
    return np.flatnonzero(todo)


def _changed_genes(was: _Was, now: _Now) -> NDArray[np.bool_]:
    """Genes that a changed figure shows, or showed."""
    same = _same(was, now.reads, "reads")
    former = _genes_of(_gone(was, same), was.array("gene", np.int32), was.array("gene_start", np.int64))
    return _marked(was, former, _genes_of(np.flatnonzero(~same), now.gene, now.gene_start), len(now.gene_who))


def _sightings(was: _Was | None, now: _Now, genes: Genes, raw: RawMentions) -> Sightings:
    """The mentions laid out: of what the build before found all that no change can have reached."""
    if was is None:
        return sightings(genes, now.shown, word_rows(genes, raw), None)
    same = _same(was, now.reads, "reads")
    figure, gene = was.now_of(was.figure, len(was.memory.who) // 8), was.former_genes()
    family, mate = (gene[was.array(name, np.int32)] for name in ("family", "mate"))
    there = (family >= 0) & (mate >= 0)
    families = Families(family[there], mate[there], _changed_genes(was, now))
    owner, size = figure[was.array("row_figure", np.int32)], was.array("row_size", np.int32)
    kept = (owner >= 0) & same[owner]
    former = WordRows(
        owner[kept].astype(np.int32),
        size[kept],
        gene[was.array("row_gene", np.int32)[np.repeat(kept, size)]].astype(np.int32),
    )
    rows = former.with_rows(word_rows(genes, raw, ~same))
    return sightings(genes, now.shown, rows, families)


def _genes_to_do(was: _Was, now: _Now, seen: Sightings) -> Longs:
    """Genes whose partners may have changed.

    A changed figure shows them, or they are seen with a gene whose frequency counts otherwise than before,
    or with one whose family changed.
    """
    todo = _changed_genes(was, now)
    known = was.gene >= 0
    moved = ~known
    moved[known] = was.array("level", np.int64)[was.gene[known]] != seen.level[known]
    moved[_changed_families(was, seen)] = True
    near = seen.shown[np.flatnonzero(moved)] @ seen.sheets
    todo |= moved
    todo[near.indices] = True
    return np.flatnonzero(todo)


def _changed_families(was: _Was, seen: Sightings) -> Longs:
    """Genes with a mate that they had not before, or have no more."""
    count = len(seen.level)
    today = was.former_genes()
    family, mate = (today[was.array(name, np.int32)] for name in ("family", "mate"))
    there = (family >= 0) & (mate >= 0)
    former = family[there] * count + mate[there]
    relations = seen.families.tocoo()
    present = relations.row.astype(np.int64) * count + relations.col
    return np.setxor1d(former, present, assume_unique=True) // max(count, 1)


def _taken_over(
    was: _Was, todo: Longs, places: NDArray[np.int64], names: tuple[str, str, str], other: NDArray[np.int64]
) -> tuple[Longs, Longs, Longs]:
    """The former entries of all that is not to do, by today's numbers: owner, other, count."""
    keep = np.ones(len(places), bool)
    keep[todo] = False
    owners = np.flatnonzero(keep)
    start = was.array(names[1], np.int64)
    first, last = start[places[owners]], start[places[owners] + 1]
    at = spans(first, last)
    return (
        np.repeat(owners, last - first),
        other[was.array(names[0], np.int32)[at]],
        was.array(names[2], np.int32)[at].astype(np.int64),
    )


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


def _similar_before(was: _Was | None, rows: Longs) -> tuple[Longs, Longs, Longs]:
    """Similar figures that the build before found, of all but some figures."""
    if was is None:
        return _NONE
    before = was.now_of(was.figure, len(was.memory.who) // 8)
    return _taken_over(was, rows, was.figure, ("similar", "similar_start", "shared"), before)


def _partners(
    was: _Was | None, seen: Sightings, todo: Longs, over: Over
) -> tuple[NDArray[np.int32], Longs, NDArray[np.int32], NDArray[np.int32]]:
    """Partners of all genes: where those of each begin, figures that show both, and how many there are in all."""
    count = len(seen.level)
    found = partner_rows(seen, todo, over)
    totals, old = np.zeros(count, np.int64), _NONE
    if was:
        old = _taken_over(was, todo, was.gene, ("partner", "partner_start", "together"), was.former_genes())
        known = was.gene >= 0
        totals[known] = was.array("partner_totals", np.int32)[was.gene[known]]
    totals[todo] = found.totals
    return *_merged(old, (found.gene, found.partner, found.shared), count), totals.astype(np.int32)


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
    whole = _whole(figures, genes, raw)
    if memory is not None and memory.whole == whole:
        return _as_before(memory), memory
    now = _now(figures, genes, raw)
    was = _Was(memory, now) if memory is not None and memory.octaves == now.octaves else None
    rows = _figures_to_do(was, now) if was else np.arange(len(figures))
    waiting = ways.similar(now.keys, rows, len(genes))
    seen = _sightings(was, now, genes, raw)
    todo = _genes_to_do(was, now, seen) if was else np.arange(len(genes))
    partners = _partners(was, seen, todo, ways.over)
    figure, other = waiting()
    found = (figure, other, shared_genes(now.shown, now.keys, figure, other))
    near, near_start, shared = _merged(_similar_before(was, rows), found, len(figures))
    key_gene, key_start = now.keys.gene.astype(np.int32), now.keys.start
    similar = (near, near_start, *_parts(shared), key_gene, key_start)
    out = Neighbours(*similar, *partners, now.gene, now.gene_start)
    return out, _remember(whole, now, seen, out, shared)


def _view(array: NDArray[Any]) -> memoryview:
    """The bytes of an array, not copied."""
    return np.ascontiguousarray(array).data.cast("B") if array.size else memoryview(b"")


def no_neighbours(figures: int, genes: int) -> Neighbours:
    """Nothing near anything: for a check, which makes no page."""
    none = np.zeros(0, np.int32)
    of_figures, of_genes = np.zeros(figures + 1, np.int64), np.zeros(genes + 1, np.int64)
    near = (none, of_figures, none, none.astype(np.uint8), none, of_figures)
    return Neighbours(*near, none, of_genes, none, np.zeros(genes, np.int32), none, of_figures)


def _remember(whole: bytes, now: _Now, seen: Sightings, out: Neighbours, shared: NDArray[np.int32]) -> Memory:
    """What to leave for the next build."""
    relations = seen.families.tocoo()
    return Memory(
        whole,
        now.octaves,
        _view(now.who),
        _view(now.shows),
        _view(now.reads),
        _view(now.keys_hash),
        _view(now.keys.gene.astype(np.int32)),
        _view(now.keys.start.astype(np.int64)),
        _view(now.gene),
        _view(now.gene_start),
        _view(now.gene_who),
        _view(seen.level),
        _view(relations.row.astype(np.int32)),
        _view(relations.col.astype(np.int32)),
        _view(seen.rows.figure),
        _view(seen.rows.size),
        _view(seen.rows.gene),
        _view(out.similar),
        _view(out.similar_start),
        _view(shared),
        _view(out.partner),
        _view(out.partner_start),
        _view(out.together),
        _view(out.partner_totals),
    )
