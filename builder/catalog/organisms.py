"""Organisms whose names differ only by case are one organism; what is known of each."""

from __future__ import annotations

from collections import Counter
from itertools import chain
from typing import TYPE_CHECKING

from msgspec.structs import replace

from builder.model import Organism
from builder.names import fold

if TYPE_CHECKING:
    from collections.abc import Iterable

    from builder.catalog.figures import Figures, RawMentions
    from builder.model import Taxon

__all__ = ["known_organisms", "spell_alike"]

TAXA = {
    "Homo sapiens": "9606",
    "Mus musculus": "10090",
    "Rattus norvegicus": "10116",
    "Danio rerio": "7955",
    "Drosophila melanogaster": "7227",
    "Caenorhabditis elegans": "6239",
    "Saccharomyces cerevisiae": "4932",
    "Arabidopsis thaliana": "3702",
    "Escherichia coli": "562",
    "Gallus gallus": "9031",
    "Sus scrofa": "9823",
    "Bos taurus": "9913",
    "Canis lupus familiaris": "9615",
    "Oryza sativa": "4530",
    "Zea mays": "4577",
    "Bacillus subtilis": "1423",
    "Schizosaccharomyces pombe": "4896",
    "Xenopus laevis": "8355",
}
"""NCBI Taxonomy ids of organisms that figures often show."""
_TAXA = {fold(name): taxon for name, taxon in TAXA.items()}


def spell_alike(figures: Figures, mentions: RawMentions, default_organism: str) -> None:
    """Give every organism one spelling: that of the default organism, else the most frequent one.

    ``homo sapiens`` and ``Homo sapiens`` would otherwise claim pages that differ only by case.
    Figures and mentions are changed in place.
    """
    counts = Counter(chain.from_iterable(figures.organisms))
    counts.update({o: 0 for _, _, o in mentions.genes if o and o not in counts})
    best: dict[str, str] = {}
    for name in sorted(counts, key=lambda o: (-counts[o], o)):
        best.setdefault(fold(name), name)
    best[fold(default_organism)] = default_organism
    changed = {name for name in counts if best[fold(name)] != name}
    mentions.spelling = "\0".join(
        (default_organism, *(t for name in sorted(changed) for t in (name, best[fold(name)])))
    )
    if not changed:
        return
    figures.organisms = [
        tuple(dict.fromkeys(best[fold(o)] for o in organisms)) if changed.intersection(organisms) else organisms
        for organisms in figures.organisms
    ]
    mentions.genes = [(n, s, best[fold(o)] if o in changed else o) for n, s, o in mentions.genes]


def _both(first: Organism, other: Organism) -> Organism:
    """What two files tell of one organism; where they differ, what the first one tells."""
    gaps = {key: getattr(other, key) for key in ("ncbi", "group", "common", "title") if not getattr(first, key)}
    if not first.image:
        gaps |= {"image": other.image, "width": other.width, "height": other.height}
    return replace(first, slugs=first.slugs + other.slugs, **gaps)


def known_organisms(names: Iterable[str], taxa: Iterable[Taxon], told: Iterable[Organism]) -> dict[str, Organism]:
    """What is known of the organisms of a collection, by their names folded.

    Args:
        names: of the organisms, as the collection spells them.
        taxa: organisms of tables of genes.
        told: what a checkout tells of organisms, which goes before the tables.
    """
    own: dict[str, Organism] = {}
    for organism in told:
        first = own.setdefault(fold(organism.name), organism)
        if first is not organism:
            own[fold(organism.name)] = _both(first, organism)
    tables: dict[str, tuple[str, str]] = {}
    for taxon in sorted(taxa, key=lambda t: (t.name, t.ncbi, t.group)):
        was = tables.get(fold(taxon.name), ("", ""))
        tables[fold(taxon.name)] = (was[0] or taxon.ncbi, was[1] or taxon.group)
    out = {}
    for name in names:
        key = fold(name)
        ncbi, group = tables.get(key, ("", ""))
        o = own.get(key, Organism(name))
        known = replace(o, name=name, ncbi=o.ncbi or ncbi or _TAXA.get(key, ""), group=o.group or group)
        if known != Organism(name):
            out[key] = known
    # Of two spellings of a group the first by the alphabet, which is that with capitals.
    spelt = {fold(group): group for group in sorted({o.group for o in out.values()}, reverse=True)}
    return {key: replace(o, group=spelt[fold(o.group)]) for key, o in out.items()}
