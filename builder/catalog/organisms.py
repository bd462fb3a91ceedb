"""Organisms whose names differ only by case are one organism."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from builder.names import fold

if TYPE_CHECKING:
    from builder.catalog.figures import Figures, RawMentions

__all__ = ["spell_alike"]


def spell_alike(figures: Figures, mentions: RawMentions, default_organism: str) -> None:
    """Give every organism one spelling: that of the default organism, else the most frequent one.

    ``homo sapiens`` and ``Homo sapiens`` would otherwise claim pages that differ only by case.
    Figures and mentions are changed in place.
    """
    counts = Counter(o for organisms in figures.organisms for o in organisms)
    counts.update({o: 0 for _, _, o in mentions.genes if o and o not in counts})
    best: dict[str, str] = {}
    for name in sorted(counts, key=lambda o: (-counts[o], o)):
        best.setdefault(fold(name), name)
    best[fold(default_organism)] = default_organism
    changed = {name for name in counts if best[fold(name)] != name}
    if not changed:
        return
    figures.organisms = [
        tuple(dict.fromkeys(best[fold(o)] for o in organisms)) if changed.intersection(organisms) else organisms
        for organisms in figures.organisms
    ]
    mentions.genes = [(n, s, best[fold(o)] if o in changed else o) for n, s, o in mentions.genes]
