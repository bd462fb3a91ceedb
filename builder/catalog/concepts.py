"""The chemicals and diseases of the collection: identity, page, figures, and the words by which they were read."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from builder.catalog.arrays import Longs, run_starts, starts
from builder.model import ChemicalMention, DiseaseMention, compact_identifier, concept_key, other_id
from builder.names import fold
from builder.urls import concept_path

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

__all__ = ["ConceptRow", "Concepts", "RawConcepts", "make_concepts"]

ConceptRow = ChemicalMention | DiseaseMention
"""A mention without its figure."""


@dataclass(slots=True)
class RawConcepts:
    """Mentions of chemicals or of diseases: one entry a mention in each array, in the order of figures."""

    kind: str
    """``chemicals`` or ``diseases``."""
    figure: NDArray[np.int32]
    row: NDArray[np.int32]
    """Into ``rows``."""
    rows: list[ConceptRow]


@dataclass(slots=True)
class Concepts:
    """One entry a chemical or disease in every list, by name."""

    kind: str
    """``chemicals`` or ``diseases``."""
    key: list[str]
    """``mesh:D002784``, ``chebi:16113``, ``doid:162``, another vocabulary's, or ``=`` and the name in small letters."""
    name: list[str]
    """The name that most mentions give."""
    mesh: list[str]
    """``D002784``; empty if no mention has one."""
    other: list[str]
    """``CHEBI:16113``, ``DOID:162``, or another vocabulary's; empty if no mention has one that is of nothing else."""
    path: list[str]
    """Path of the page."""
    keys: dict[str, int]
    """What ``concept_key`` gives for a mention -> the concept."""
    mention_figure: NDArray[np.int32]
    mention_concept: NDArray[np.int32]
    pair_concept: NDArray[np.int32]
    """With ``pair_figure``: every figure of every concept once, by concept, newest figure first."""
    pair_figure: NDArray[np.int32]
    start: Longs
    """Where the pairs of concept ``c`` begin; they end at ``start[c + 1]``."""
    words: list[list[tuple[str, int]]]
    """Words that stand for each, with their figures, most frequent first."""

    def __len__(self) -> int:
        return len(self.key)

    def identifiers(self, concept: int) -> tuple[str, ...]:
        """Compact identifiers of a concept, the first the one by which structured data know it: ``mesh:D002784``."""
        mesh, other = self.mesh[concept], self.other[concept]
        return (*((f"mesh:{mesh}",) if mesh else ()), *((other,) if other else ()))

    def totals(self) -> Longs:
        """Figures that mention each."""
        return np.diff(self.start)

    def figures(self, concept: int) -> NDArray[np.int32]:
        """Figures that mention a concept, newest first."""
        return self.pair_figure[self.start[concept] : self.start[concept + 1]]


def _merged(rows: list[ConceptRow]) -> dict[str, str]:
    """By the key of a row that of its concept: an id that always stands with one MeSH id is that one's."""
    with_mesh: dict[str, set[str]] = defaultdict(set)
    for row in rows:
        if row.mesh and other_id(row):
            with_mesh[other_id(row).lower()].add(f"mesh:{row.mesh}")
    keys = dict.fromkeys((*map(concept_key, rows), *with_mesh))
    return {k: next(iter(found)) if len(found := with_mesh.get(k, ())) == 1 else k for k in keys}


def _most(counts: Mapping[str, int]) -> str:
    """The most frequent text, of equal ones the first by the alphabet; empty for none."""
    return min(counts, key=lambda t: (-counts[t], t), default="")


def _other(row: ConceptRow, merged: Mapping[str, str]) -> str:
    """The identifier of a mention beside its MeSH id, in its compact form; empty where another concept has it too."""
    if known := other_id(row):
        return known if merged.get(known.lower(), concept_key(row)) == merged[concept_key(row)] else ""
    return compact_identifier(row.source, row.identifier) if row.identifier and not row.mesh else ""


class _Names:
    """What the mentions of one concept call it."""

    def __init__(self) -> None:
        self.names, self.words, self.mesh, self.other = Counter[str](), Counter[str](), Counter[str](), Counter[str]()

    def add(self, row: ConceptRow, other: str, count: int) -> None:
        for counter, text in ((self.names, row.name), (self.words, row.word), (self.mesh, row.mesh),
                              (self.other, other)):  # fmt: skip
            if text:
                counter[text] += count

    @property
    def name(self) -> str:
        """The most frequent name; failing that the most frequent word."""
        return _most(self.names) or _most(self.words)


def make_concepts(raw: RawConcepts, figures: int) -> Concepts:
    """The chemicals or diseases of the collection, from their mentions.

    Args:
        raw: the mentions.
        figures: how many figures there are.
    """
    uses = np.bincount(raw.row, minlength=len(raw.rows)).tolist()
    used = [i for i, n in enumerate(uses) if n]
    merged = _merged([raw.rows[i] for i in used])
    found: dict[str, _Names] = defaultdict(_Names)
    for i in used:
        row = raw.rows[i]
        found[merged[concept_key(row)]].add(row, _other(row, merged), uses[i])
    order = sorted(found, key=lambda k: (fold(found[k].name), found[k].name, k))
    place = {key: number for number, key in enumerate(order)}
    to_concept = np.zeros(len(raw.rows), np.int32)
    for i in used:
        to_concept[i] = place[merged[concept_key(raw.rows[i])]]
    concept = to_concept[raw.row] if len(raw.row) else np.zeros(0, np.int32)
    pair_concept, pair_figure = _pairs(concept, raw.figure, figures)
    names = [found[k].name for k in order]
    return Concepts(
        raw.kind,
        order,
        names,
        [_most(found[k].mesh) for k in order],
        [_most(found[k].other) for k in order],
        [concept_path(raw.kind, key, name) for key, name in zip(order, names, strict=True)],
        {key: place[own] for key, own in merged.items() if own in place},
        raw.figure,
        concept,
        pair_concept,
        pair_figure,
        starts(pair_concept, len(order)),
        _words(concept, raw, len(order)),
    )


def _pairs(
    concept: NDArray[np.int32], figure: NDArray[np.int32], figures: int
) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """Every figure of every concept once: concept and figure, by concept, newest figure first."""
    n = max(figures, 1)
    keys = np.sort(concept.astype(np.int64) * n + figure)
    keys = keys[run_starts(keys)]
    return (keys // n).astype(np.int32), (keys % n).astype(np.int32)


def _words(concept: NDArray[np.int32], raw: RawConcepts, count: int) -> list[list[tuple[str, int]]]:
    """The words of each concept with the figures in which they stand for it, most frequent first."""
    index: dict[str, int] = {}
    word_of_row = np.array([index.setdefault(r.word, len(index)) for r in raw.rows], np.int64)
    texts, w = list(index), max(len(index), 1)
    out: list[Counter[str]] = [Counter() for _ in range(count)]
    if len(concept):
        n = int(raw.figure.max()) + 1
        keys = np.sort((concept.astype(np.int64) * w + word_of_row[raw.row]) * n + raw.figure)
        keys = keys[run_starts(keys)] // n
        first = run_starts(keys)
        counts = np.diff(np.append(first, len(keys))).tolist()
        for key, number in zip(keys[first].tolist(), counts, strict=True):
            out[key // w][texts[key % w]] = number
    return [sorted(c.items(), key=lambda p: (-p[1], p[0])) for c in out]
