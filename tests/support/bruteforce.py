"""Search and rank by looking at every record: slow, plain, and what the index must agree with."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cache, cached_property, lru_cache
from typing import TYPE_CHECKING

from builder.read.words import _PART, GREEK, _folded, _kept, chunk_words, chunks_of, joined_word, words_of

if TYPE_CHECKING:
    import random
    from collections.abc import Callable, Sequence

    from builder.model import Figure

__all__ = ["Asked", "Collection", "Look", "Sought", "random_query"]

TITLE, GENE, TEXT = 1, 2, 4
_WHOLE = False
WEIGHTS = {TITLE: 8, GENE: 4, TEXT: 1}


@dataclass(frozen=True)
class Asked:
    """A query."""

    words: tuple[str, ...] = ()
    """Each without a space; the last may go on."""
    without: tuple[str, ...] = ()
    genes: tuple[str, ...] = ()
    years: tuple[int, int] | None = None
    organism: str = ""

    @property
    def text(self) -> str:
        """The query as people write it, its filters before and behind its words."""
        before, behind = [f"gene:{g}" for g in self.genes[1:]], [f"gene:{g}" for g in self.genes[:1]]
        before += [f"-{w}" for w in self.without]
        behind += [f"year:{self.years[0]}-{self.years[1]}"] if self.years else []
        before += [f'organism:"{self.organism}"'] if self.organism else []
        return " ".join([*before, *self.words, *behind])


def _stems(word: str) -> list[str]:
    """Return the words of which a word may be the plural, or the word."""
    if re.search("[^aeiou]ies$", word) and len(word) > 4:
        return [word[:-3] + "y"]
    if re.search("(ss|x|z|ch|sh)es$", word):
        return [word[:-2]]
    if re.search("[aeioy]ses$", word):
        return [word[:-1], word[:-2] + "is", *([word[:-2]] if word[-4] in "ai" else [])]
    if re.search("[^aeo]uses$", word):
        return [word[:-1], word[:-2]]
    if re.search("[^su]s$", word) and not word.endswith("is"):
        return [word[:-1]]
    return [word]


def _plurals(word: str) -> set[str]:
    """Return the spellings of a word in singular and plural."""
    if re.search(r"[0-9]", word) and re.fullmatch(r"[a-z][a-z0-9]{2,6}[a-rt-z]s", word):
        return {word, word.removesuffix("s")}
    if len(word) < 4 or not re.fullmatch("[a-z]+", word):
        return {word}
    out = {word}
    for stem in _stems(word):
        out |= {stem, stem + "s"}
        if re.search("(s|x|z|ch|sh)$", stem):
            out.add(stem + "es")
        if re.search("[aeioy]sis$", stem):
            out.add(stem[:-2] + "es")
        if re.search("[^aeiou]y$", stem):
            out.add(stem[:-1] + "ies")
    return out


_words = lru_cache(maxsize=200_000)(words_of)
_joined = lru_cache(maxsize=200_000)(joined_word)


@dataclass
class _Page:
    """A figure as a search sees it."""

    figure: Figure
    words: dict[str, int] = field(default_factory=dict)
    """Where each word stands."""

    def __post_init__(self) -> None:
        f = self.figure
        genes = [w for g in f.genes for w in (g.word, g.match, g.symbol)]
        others = [f.caption, f.paper, f.reftext, f.journal, f.body, f.pmcid, *f.organisms]
        others += [w for m in f.chemicals for w in (m.word, m.name, m.match)]
        others += [w for m in f.diseases for w in (m.word, m.name, m.match)]
        found = [(TITLE, _words(f.title)), (TEXT, {joined_word(f.figid)})]
        found += [(GENE, _words(t)) for t in genes] + [(TEXT, _words(t)) for t in others]
        for bit, words in found:
            for word in words:
                self.words[word] = self.words.get(word, 0) | bit

    @cached_property
    def symbols(self) -> set[str]:
        """Normalised symbols of its genes."""
        return {_joined(g.symbol) for g in self.figure.genes}


def _weight_of(bits: int) -> int:
    """Return what a word weighs by where it stands."""
    return sum(w for bit, w in WEIGHTS.items() if bits & bit)


def _most(ways: list[dict[int, int]]) -> dict[int, int]:
    """Return the most that each figure weighs in one of some ways."""
    best: dict[int, int] = {}
    for own in ways:
        for i, weight in own.items():
            best[i] = max(best.get(i, 0), weight)
    return best


class Collection:
    """All figures."""

    def __init__(self, figures: Sequence[Figure]) -> None:
        self.pages = [_Page(f) for f in figures]
        self.holders: dict[str, dict[int, int]] = {}
        for i, page in enumerate(self.pages):
            for word, bits in page.words.items():
                self.holders.setdefault(word, {})[i] = _weight_of(bits)
        self.weight: Callable[[str, bool], dict[int, int]] = cache(self._weight)
        self.chunk = cache(self._chunk)

    def _weight(self, word: str, prefix: bool) -> dict[int, int]:  # noqa: FBT001 - one of two ways to look
        """Return what a word of a query weighs in each figure that has it."""
        wanted = {}
        if prefix and len(word) >= (7 if re.fullmatch(r"pmc\d*", word) else 3):
            wanted = dict.fromkeys((w for w in self.holders if w.startswith(word)), 1)
        wanted |= dict.fromkeys(_plurals(word), 2)
        return _most([{i: n * factor for i, n in self.holders.get(w, {}).items()} for w, factor in wanted.items()])

    def _chunk(self, chunk: str, prefix: bool) -> dict[int, int]:  # noqa: FBT001 - as above
        """Return what a chunk of a query weighs in each figure that has it."""
        plain = _folded(chunk)
        parts = _PART.findall("".join(f"-{GREEK[c]}-" if c in GREEK else c for c in plain))
        if len(parts) == 1:
            return self.weight(parts[0], prefix)
        ways = [self.weight(w, prefix) for w in chunk_words(chunk)[len([p for p in parts if _kept(p)]) :]]
        if all(_kept(p) and not p.isnumeric() for p in parts):
            each = [self.weight(p, prefix and i == len(parts) - 1) for i, p in enumerate(parts)]
            ways.append({i: min(own[i] for own in each) for i in each[0] if all(i in own for own in each)})
        return _most(ways)

    def search(self, asked: Asked) -> dict[str, int]:
        """Return the score of each figure that answers, by figid."""
        found = self.scores(asked)
        return {self.pages[i].figure.figid: n for i, n in found.items() if passes(self.pages[i], asked)}

    @property
    def size(self) -> int:
        """How many figures there are."""
        return len(self.pages)

    def scores(self, asked: Asked) -> dict[int, int]:
        """Return the score of each figure that has the words of a query, whatever its filters say, by number."""
        chunks = [c for w in asked.words for c in chunks_of(w)]
        last = len(chunks) - 1
        weights = [self.chunk(c, i == last) for i, c in enumerate(chunks) if chunk_words(c)]
        barred = [[self.chunk(c, _WHOLE) for c in chunks_of(w) if chunk_words(c)] for w in asked.without]
        rarity = [1 + (self.size // max(len(own), 1)).bit_length() for own in weights]
        scores = {}
        for i in min(weights, key=len) if weights else range(self.size):
            out = any(all(i in own for own in each) for each in barred if each)
            if all(i in own for own in weights) and not out:
                scores[i] = sum(own[i] * b for own, b in zip(weights, rarity, strict=True))
        return scores


def passes(page: _Page, asked: Asked) -> bool:
    """Return whether a figure passes the filters of a query."""
    f = page.figure
    year = int(f.year) if re.fullmatch(r"\d{4}", f.year) else 0
    return (
        all(_joined(g) in page.symbols for g in asked.genes)
        and (not asked.years or asked.years[0] <= year <= asked.years[1])
        and (not asked.organism or asked.organism.lower() in {o.lower() for o in f.organisms})
    )


Wanted = tuple[str, bool]
"""A word of a query, and whether it may go on."""


class _Asking(Collection):
    """No figures at all: finds out which words queries look for."""

    def __init__(self) -> None:
        super().__init__(())
        self.wanted: set[Wanted] = set()
        self.weight = self._note

    def _note(self, word: str, prefix: bool) -> dict[int, int]:  # noqa: FBT001 - as above
        """Remember a word."""
        self.wanted.add((word, prefix))
        return {}


@dataclass
class Look:
    """What a look at some figures found of the words of some queries: all that is kept of large collections."""

    figids: list[str] = field(default_factory=list)
    weights: dict[Wanted, dict[int, int]] = field(default_factory=dict)
    """What each word weighs in each figure that has it."""
    passing: list[set[int]] = field(default_factory=list)
    """For each query the figures that pass its filters."""

    def add(self, other: Look) -> None:
        """Put what was found of other figures behind."""
        first = len(self.figids)
        self.figids += other.figids
        for word, own in other.weights.items():
            self.weights.setdefault(word, {}).update({first + i: n for i, n in own.items()})
        self.passing = self.passing or [set() for _ in other.passing]
        for mine, theirs in zip(self.passing, other.passing, strict=True):
            mine.update(first + i for i in theirs)


class Sought(Collection):
    """A collection too large to keep, of which some queries are asked: each figure is looked at once."""

    def __init__(self, asked: Sequence[Asked]) -> None:
        """Find out what to look for."""
        super().__init__(())
        self.asked = asked
        asking = _Asking()
        for query in asked:
            asking.scores(query)
        self._exact: dict[str, list[Wanted]] = {}
        self._starts: dict[str, list[Wanted]] = {}
        for wanted in sorted(asking.wanted):
            for word in _plurals(wanted[0]):
                self._exact.setdefault(word, []).append(wanted)
            if wanted[1] and len(wanted[0]) >= (7 if re.fullmatch(r"pmc\d*", wanted[0]) else 3):
                self._starts.setdefault(wanted[0][:3], []).append(wanted)
        self.found = Look()
        self.weight = lambda word, prefix: self.found.weights.get((word, prefix), {})

    def look(self, figures: Sequence[Figure]) -> Look:
        """Return what some figures have of what is looked for."""
        found = Look([f.figid for f in figures], {}, [set() for _ in self.asked])
        for i, page in enumerate(map(_Page, figures)):
            for word, bits in page.words.items():
                weight = _weight_of(bits)
                ways = [(w, 2 * weight) for w in self._exact.get(word, ())]
                ways += [(w, weight) for w in self._starts.get(word[:3], ()) if word.startswith(w[0])]
                for wanted, most in ways:
                    own = found.weights.setdefault(wanted, {})
                    own[i] = max(own.get(i, 0), most)
            for own_set, query in zip(found.passing, self.asked, strict=True):
                if passes(page, query):
                    own_set.add(i)
        return found

    @property
    def size(self) -> int:
        """How many figures were looked at."""
        return len(self.found.figids)

    def search(self, asked: Asked) -> dict[str, int]:
        """Return the score of each figure that answers, by figid."""
        allowed = self.found.passing[self.asked.index(asked)]
        return {self.found.figids[i]: n for i, n in self.scores(asked).items() if i in allowed}


def random_query(rng: random.Random, figures: Sequence[Figure]) -> Asked:
    """Return a query that people could ask of a collection, and that most often has an answer."""
    figure = rng.choice(figures)
    chunks = list(chunks_of(f"{figure.title} {figure.caption} {figure.paper}")) or ["cancer"]
    chunks += [g.word for g in figure.genes if list(chunks_of(g.word)) == [g.word]][:20]
    words = [rng.choice(chunks) for _ in range(rng.choice([1, 1, 2, 2, 3]))]
    if rng.random() < 0.3:
        words[-1] = words[-1][: rng.randint(1, len(words[-1]))]
    if rng.random() < 0.1:
        words[-1] = figure.pmcid[: rng.randint(5, len(figure.pmcid))]
    if rng.random() < 0.1:
        words.append(figure.figid)
    genes = [g.symbol for g in figure.genes if re.fullmatch("[A-Za-z0-9-]+", g.symbol)]
    year = rng.randint(2000, 2021)
    return Asked(
        tuple(w.strip("-") or "x" for w in words),
        (rng.choice(chunks).strip("-"),) if rng.random() < 0.15 else (),
        tuple(rng.sample(genes, min(len(genes), rng.choice([0, 0, 0, 0, 1, 2])))),
        (year, year + rng.randint(0, 9)) if rng.random() < 0.15 else None,
        rng.choice(figure.organisms) if figure.organisms and rng.random() < 0.1 else "",
    )
