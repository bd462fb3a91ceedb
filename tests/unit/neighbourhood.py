"""Small random collections, their changes, and what is near each other in them by definition."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass, field
from itertools import pairwise, product
from random import Random
from typing import TYPE_CHECKING

import numpy as np
from hypothesis import strategies as st

from builder.catalog import partners, sightings, similar
from builder.catalog.catalog import Catalog, add_neighbours, make_catalog
from builder.model import Figure, GeneMention
from tests.unit.collection import columns_of

if TYPE_CHECKING:
    from collections.abc import Container

    from builder.catalog.former import Memory

__all__ = [
    "FAMILIES",
    "OTHER_ORGANISM",
    "WORDS",
    "Collection",
    "Definition",
    "Edit",
    "Shown",
    "build",
    "changed",
    "collections",
    "edits",
    "listed",
]

GENES = "ABCDEFGHIJKL"
FAMILIES = {"AB*": "AB", "ABC*": "ABC", "ABD*": "ABD", "CDE*": "CDE", "FG*": "FG"}
"""Words that stand for several genes; some pairs of genes have several of them."""
RENAMED = {"a-old": ("A", "Z"), "k-old": ("K", "B")}
"""Words with which records write another symbol for a gene, which is called what most of its mentions call it."""
REWORDED = (
    (frozenset({"AB*"}), ("A", "B")),
    (frozenset("ABab"), ("AB*",)),
    (frozenset("CDEcde"), ("CDE*",)),
    (frozenset("Aa"), ("a-old",)),
    (frozenset({"a-old"}), ("A",)),
    (frozenset("Kk"), ("k-old",)),
    (frozenset("LGH"), ("l", "g", "h")),
)
"""Words, and others that stand for the same genes."""
OTHER_ORGANISM = "Mus musculus"
WORDS = (
    *GENES,
    *(g.lower() for g in GENES),
    *FAMILIES,
    *RENAMED,
    "A in mouse",
    "A in a mouse spelt otherwise",
    "A with a mouse's id",
    "nameless",
)
YEARS = ("2021", "2020", "1999", "")
FIGURES = 25


@dataclass(frozen=True)
class Shown:
    """A figure: its year and the words in it."""

    year: str
    words: tuple[str, ...]


Collection = dict[int, Shown]
"""Figures by number."""


@dataclass(frozen=True)
class Edit:
    """What becomes of a figure: it goes, or it has another year, more words or less; it comes if it was not there."""

    figure: int
    gone: bool = False
    year: str | None = None
    more: tuple[str, ...] = ()
    less: frozenset[str] = field(default_factory=frozenset)


def _random(seed: int, count: int, most: int, variety: int, years: int) -> Collection:
    """Return a collection of figures that show up to so many of so many words, and are of so many years."""
    random = Random(seed)  # noqa: S311 - it has to be repeatable
    words = random.sample(WORDS, variety)
    return {
        number: Shown(random.choice(YEARS[:years]), tuple(random.choices(words, k=random.randint(0, most))))
        for number in random.sample(range(FIGURES), count)
    }


def collections(least: int = 3) -> st.SearchStrategy[Collection]:
    """Return a strategy for collections, many of them dense: each figure shares genes with many others."""
    numbers = ((0, 2**32), (least, FIGURES), (1, 14), (1, len(WORDS)), (1, len(YEARS)))
    return st.builds(_random, *(st.integers(*n) for n in numbers))


def _one_edit() -> st.SearchStrategy[list[Edit]]:
    """Return a strategy for changes of one figure, mostly small ones."""
    figure, word = st.integers(0, FIGURES - 1), st.sampled_from(WORDS)
    words, less = st.lists(word, max_size=4).map(tuple), st.frozensets(word, min_size=1, max_size=12)
    edit = st.one_of(
        st.builds(lambda f, w: Edit(f, more=(w,)), figure, word),
        st.builds(lambda f, w: Edit(f, less=w), figure, less),
        st.builds(lambda f, y: Edit(f, year=y), figure, st.sampled_from(YEARS)),
        st.builds(lambda f: Edit(f, gone=True), figure),
        st.builds(
            lambda f, y, more: Edit(f, year=y, more=more, less=frozenset(WORDS)), figure, st.sampled_from(YEARS), words
        ),
    )
    return edit.map(lambda e: [e])


def edits() -> st.SearchStrategy[list[Edit]]:
    """Return a strategy for changes: of one figure, of several, and such as leave the frequency of genes."""
    some = st.lists(st.integers(0, FIGURES - 1), min_size=1, max_size=FIGURES, unique=True)
    moved = st.builds(
        lambda here, there, w: [Edit(here, less=frozenset({w})), Edit(there, more=(w,))],
        st.integers(0, FIGURES - 1),
        st.integers(0, FIGURES - 1),
        st.sampled_from(WORDS),
    )
    reworded = st.builds(
        lambda figures, words: [Edit(f, less=words[0], more=words[1]) for f in figures], some, st.sampled_from(REWORDED)
    )
    several = st.lists(_one_edit(), min_size=2, max_size=4).map(lambda parts: [e for part in parts for e in part])
    return st.one_of(_one_edit(), moved, reworded, several)


def changed(collection: Collection, change: list[Edit]) -> Collection:
    """Return a collection after a change."""
    out = dict(collection)
    for e in change:
        if e.gone:
            out.pop(e.figure, None)
            continue
        was = out.get(e.figure, Shown("2020", ()))
        words = (*(w for w in was.words if w not in e.less), *e.more)
        out[e.figure] = Shown(was.year if e.year is None else e.year, words)
    return out


def _mentions(word: str) -> list[GeneMention]:
    """Return what a word stands for."""
    if word == "nameless":
        return [GeneMention(word, word, "lexicon", word, "")]
    if word == "A in mouse":
        return [GeneMention(word, "A", "lexicon", "A", "900", OTHER_ORGANISM)]
    if word == "A in a mouse spelt otherwise":
        return [GeneMention(word, "A", "lexicon", "A", "900", OTHER_ORGANISM.lower())]
    if word == "A with a mouse's id":
        return [GeneMention(word, "A", "lexicon", "A", "900")]
    if word in RENAMED:
        gene, symbol = RENAMED[word]
        return [GeneMention(word, symbol, "lexicon", symbol, str(ord(gene)))]
    return [GeneMention(word, word, "lexicon", g, str(ord(g))) for g in FAMILIES.get(word, word.upper())]


def build(
    collection: Collection,
    memory: Memory | None = None,
    split: int = 0,
    default_organism: str = "Homo sapiens",
    left_out: Container[int] = (),
) -> tuple[Catalog, Memory]:
    """Return the catalogue of a collection, and what it leaves for the next one.

    Args:
        collection: the figures.
        memory: what the catalogue before left to know.
        split: how many figures are in the first of two buckets.
        default_organism: organism of gene mentions that name none.
        left_out: figures that are not published.
    """
    figures = [
        Figure(
            figid=f"PMC{number:02}__f",
            pmcid=f"PMC{number:02}",
            year=shown.year,
            genes=tuple(m for word in shown.words for m in _mentions(word)),
        )
        for number, shown in collection.items()
    ]
    names = {f"{f.figid}.md" for f, number in zip(figures, collection, strict=True) if number in left_out}
    buckets = [columns_of(figures[:split]), columns_of(figures[split:])]
    catalog = make_catalog(buckets, names, default_organism)
    return catalog, add_neighbours(catalog, memory)


def listed(*columns: np.ndarray, start: np.ndarray) -> list[list[tuple[int, ...]]]:
    """Return the entries of each owner, from columns that stand owner by owner."""
    rows = list(zip(*(c.tolist() for c in columns), strict=True))
    return [rows[a:b] for a, b in pairwise(start.tolist())]


class Definition:
    """Neighbours one by one: for each pair of figures and of genes what the documentation says of it."""

    def __init__(self, c: Catalog) -> None:
        """Lay out which figures show which genes, and which genes share a word in which figures."""
        self.count = len(c.figures)
        self.shown: list[set[int]] = [set() for _ in range(self.count)]
        by_word: dict[tuple[int, int], set[int]] = {}
        for figure, word, gene in zip(
            c.mentions.figure.tolist(), c.mentions.word.tolist(), c.genes.mention_gene.tolist(), strict=True
        ):
            self.shown[figure].add(gene)
            by_word.setdefault((figure, word), set()).add(gene)
        self.figures = [{f for f, shown in enumerate(self.shown) if g in shown} for g in range(len(c.genes))]
        self.one_word: dict[tuple[int, int], set[int]] = {}
        """Figures in which one word stands for both genes."""
        for (figure, _), genes in by_word.items():
            for pair in product(genes, genes):
                self.one_word.setdefault(pair, set()).add(figure)
        self.organism = c.genes.organism
        self.octaves = self.count.bit_length()

    def _level(self, gene: int, steps: int) -> int:
        """Return how frequent a gene is, in steps of an octave."""
        return round(steps * math.log2(len(self.figures[gene])))

    def _key_genes(self, figure: int) -> dict[int, int]:
        """Return the rarest genes that another figure shows too, with their weights."""
        rarity = {
            g: max(similar.STEPS * self.octaves - self._level(g, similar.STEPS), 1)
            for g in self.shown[figure]
            if len(self.figures[g]) > 1
        }
        best = sorted(rarity, key=lambda g: (-rarity[g], g))[: similar.KEY_GENES]
        return {g: rarity[g] ** 2 for g in best}

    def similar(self) -> list[list[tuple[int, int, set[int]]]]:
        """Return the similar figures of each figure, best first.

        Each with the number of genes that both show, and those of them that are among the figure's rarest.
        """
        keys = [self._key_genes(f) for f in range(self.count)]
        out = []
        for figure, own in enumerate(keys):
            scores = {
                other: int((sum(own[g] for g in own.keys() & theirs) << 20) / math.sqrt(sum(theirs.values())))
                for other, theirs in enumerate(keys)
                if other != figure and len(own.keys() & theirs) >= similar.LEAST_SHARED
            }
            best = sorted(scores, key=lambda f: (-scores[f], f))[: similar.SIMILAR]
            shared = [(f, self.shown[figure] & self.shown[f]) for f in best]
            out.append([(f, len(genes), genes & own.keys()) for f, genes in shared])
        return out

    def _apart(self, gene: int) -> Counter[int]:
        """Return the genes of its organism seen with a gene, and in how many figures no word stands for both."""
        return Counter(
            {
                other: n
                for other, figures in enumerate(self.figures)
                if other != gene
                and self.organism[other] == self.organism[gene]
                and (n := len((self.figures[gene] & figures) - self.one_word.get((gene, other), set())))
            }
        )

    def _score(self, gene: int, other: int, common: int) -> int:
        """Return how much more often two genes meet than by chance, with regard to how often they meet."""
        fine = partners.FINE // sightings.STEPS
        chance = (
            self.octaves * sightings.STEPS - self._level(gene, sightings.STEPS) - self._level(other, sightings.STEPS)
        )
        return common * (round(partners.FINE * math.log2(common)) + chance * fine)

    def _one_family(self, gene: int, other: int) -> bool:
        """Tell whether two genes stand together for one word in most figures of either."""
        together = len(self.one_word.get((gene, other), ()))
        return together * 2 > min(len(self.figures[gene]), len(self.figures[other]))

    def partners(self) -> list[list[tuple[int, int]]]:
        """Return the partners of each gene, best first, with the number of figures that show both."""
        out = []
        for gene in range(len(self.figures)):
            scores = {g: s for g, n in self._apart(gene).items() if (s := self._score(gene, g, n)) > 0}
            best: list[int] = []
            for other in sorted(scores, key=lambda g: (-scores[g], g))[: partners.CANDIDATES]:
                if len(best) < partners.PARTNERS and not any(self._one_family(other, b) for b in best):
                    best.append(other)
            out.append([(g, len(self.figures[gene] & self.figures[g])) for g in best])
        return out

    def partner_totals(self) -> list[int]:
        """Return how many partners each gene has in all."""
        return [len(self._apart(g)) for g in range(len(self.figures))]
