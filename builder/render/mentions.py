"""What pages show of the mentions in a figure: of each, found by its encoded form, made once and kept.

A few thousand mentions make up most of those of a hundred thousand figures. So a figure's page has its mentions as the
cache has them, in bytes, and neither decodes one that it has seen nor works out again what is shown of it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Generic, NamedTuple, TypeVar

import msgspec

from builder.model import ChemicalMention, DiseaseMention, EncodedFigure, GeneMention, concept_key
from builder.names import fold
from builder.render.contexts import GeneRef, Mention, WordGroup
from builder.render.engine import safe
from builder.render.jsonld import concept_mention, gene_mention
from builder.render.lexicons import UNKNOWN_LEXICON, lexicon

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from markupsafe import Markup

    from builder.model import Figure
    from builder.plan.facts import AtlasData, ConceptEntry
    from builder.render.engine import Engine
    from builder.urls import Urls

__all__ = ["Mentions", "Said", "SaidConcept", "SaidGene", "ShownGene", "ShownWord", "decode", "encoded"]

PLAIN_LEXICON = "hgnc_symbol"
NOTHING = "no entry"
_TIMES = 3
"""Letters that how often a word stands in a figure takes."""
MOST_WORDS = 80_000
"""Words with their genes that a worker keeps, some 400 bytes each."""
MOST_KEPT = 4_000_000
"""Bytes of the different mentions that are kept, some 80 each; what is shown of them takes several times as much."""

T = TypeVar("T")

decode = msgspec.msgpack.Decoder(EncodedFigure).decode
"""A record as its page takes it, from its bytes in the cache."""


def encoded(figure: Figure) -> EncodedFigure:
    """A record that was just read, as its page takes it."""
    return decode(msgspec.msgpack.encode(figure))


class ShownGene(NamedTuple):
    """A gene as figures show it."""

    href: str
    """Address of its page."""
    symbol: str
    link: Markup
    """HTML of the panel."""
    mention: msgspec.Raw
    """JSON of the structured data."""
    organism: str
    """Latin name."""


class Said(msgspec.Struct, eq=False):
    """A word with what it matched in which lexicon, by which a figure's genes are grouped.

    There is one of each, so that it is looked up as itself, without a look at its texts.
    """

    word: str
    """As the panel shows it."""
    note: str
    """As ``WordGroup`` has it."""


class SaidGene(msgspec.Struct, eq=False):
    """A gene that a word stands for: one of each kind of mention, likewise."""

    said: Said
    gene: ShownGene


class ShownWord(msgspec.Struct):
    """A word of a figure with the genes that it stands for there."""

    word: str
    letters: int
    """That the word takes with how often it stands there."""
    html: str


class _Words(dict[tuple["SaidGene | int", ...], ShownWord]):
    """What is shown of words: by their genes, and how often they stand there in front of these if more than once."""

    def __init__(self, engine: Engine) -> None:
        super().__init__()
        self._engine = engine

    def __missing__(self, key: tuple[SaidGene | int, ...]) -> ShownWord:
        times = key[0] if isinstance(key[0], int) else 1
        genes = [one for one in key if isinstance(one, SaidGene)]
        said = genes[0].said
        group = WordGroup(said.word, times, safe("".join([one.gene.link for one in genes])), said.note)
        html = self._engine.fragment("macros/genes.html", "word_group", group)
        self[key] = shown = ShownWord(said.word, len(said.word) + (_TIMES if times > 1 else 0), html)
        return shown


class SaidConcept(NamedTuple):
    """A chemical or disease that a word stands for."""

    path: str
    """Its page: of a figure, each word is listed once for each."""
    shown: Mention
    node: msgspec.Raw
    """JSON of the structured data."""


class _Recurring(dict[bytes, T], Generic[T]):
    """What is shown of mentions by their encoded form."""

    def __init__(self, make: Callable[[bytes], T]) -> None:
        super().__init__()
        self._make = make
        self._size = 0

    def __missing__(self, mention: bytes) -> T:
        self[mention] = shown = self._make(mention)
        self._size += len(mention)
        return shown

    def bound(self) -> bool:
        """Forget all once it is too much; returns whether it was."""
        if self._size <= MOST_KEPT:
            return False
        self.clear()
        self._size = 0
        return True


def _note(word: str, match: str, source: str) -> str:
    """What the word matched, and in which lexicon: nothing for a word that is itself a symbol of HGNC.

    The script takes it apart again (``static/js/genetable.js``): the part behind the last `` · `` is the lexicon.
    """
    if match == word:
        return "" if source == PLAIN_LEXICON else lexicon(source) or UNKNOWN_LEXICON
    return f"{match or NOTHING} · {lexicon(source) or UNKNOWN_LEXICON}"


class Mentions:
    """The mentions of a collection as pages show them."""

    def __init__(self, data: AtlasData, urls: Urls, engine: Engine) -> None:
        """Make ready.

        Args:
            data: the collection.
            urls: the site's addresses.
            engine: makes the links to genes.
        """
        self.genes = _Recurring(self._said_gene)
        """By the encoded ``GeneMention``."""
        self.chemicals = _Recurring(self._concepts(ChemicalMention, "chemicals", data.chemicals))
        self.diseases = _Recurring(self._concepts(DiseaseMention, "diseases", data.diseases))
        self.words = _Words(engine)
        self._said: dict[tuple[str, str, str], Said] = {}
        self._urls, self._engine, self._entries = urls, engine, data.genes
        self._default = data.settings.default_organism
        self._shown: dict[tuple[str, str, str], ShownGene] = {}
        self._spelling = {fold(g.organism): g.organism for g in data.genes if g.organism}
        self._spelling[fold(self._default)] = self._default
        self._numbers = {(g.organism, g.ident): i for i, g in enumerate(data.genes)}
        self._decode_gene = msgspec.msgpack.Decoder(GeneMention).decode

    def bound(self) -> None:
        """Forget what is kept once it is too much.

        To be called between figures: within one, each word must stay what it is.
        """
        if self.genes.bound():
            self._said.clear()
            self.words.clear()
        elif len(self.words) > MOST_WORDS:
            self.words.clear()
        self.chemicals.bound()
        self.diseases.bound()

    def concepts(self, figure: EncodedFigure) -> tuple[list[SaidConcept], list[SaidConcept]]:
        """The chemicals and the diseases of a figure."""
        chemicals, diseases = self.chemicals, self.diseases
        return [chemicals[bytes(m)] for m in figure.chemicals], [diseases[bytes(m)] for m in figure.diseases]

    def link(self, symbol: str, href: str) -> Markup:
        """A gene as a link to its page."""
        return safe(self._engine.fragment("macros/genes.html", "gene_link", GeneRef(symbol, href)))

    def _show(self, m: GeneMention) -> ShownGene:
        """What figures show of the gene of a mention; made once, as many words stand for it."""
        known = m.organism, m.ncbi, m.symbol
        if (shown := self._shown.get(known)) is None:
            spelt = self._spelling.get(fold(m.organism), m.organism)
            key = ("" if spelt == self._default else spelt, m.ncbi or "=" + m.symbol)
            path = self._entries[self._numbers[key]].path
            href, page = self._urls.href(path), self._urls.absolute(path)
            mention = gene_mention(m.symbol, m.ncbi, page)
            link = self.link(m.symbol, href)
            shown = self._shown[known] = ShownGene(href, m.symbol, link, mention, spelt or self._default)
        return shown

    def _said_gene(self, mention: bytes) -> SaidGene:
        """What is shown of a gene mention."""
        m = self._decode_gene(mention)
        key = m.word, m.match, m.source
        if (said := self._said.get(key)) is None:
            word = m.word.strip() or m.match
            said = self._said[key] = Said(word, _note(word, m.match, m.source))
        return SaidGene(said, self._show(m))

    def _concepts(self, kind: Any, what: str, pages: Mapping[str, ConceptEntry]) -> Callable[[bytes], SaidConcept]:
        """What makes what is shown of mentions of chemicals, or of diseases."""
        decode = msgspec.msgpack.Decoder(kind).decode

        def make(mention: bytes) -> SaidConcept:
            m: ChemicalMention | DiseaseMention = decode(mention)
            entry = pages[concept_key(m)]
            name = m.name if m.name.casefold() != m.word.casefold() else ""
            node = concept_mention(what, entry, self._urls.absolute(entry.path))
            return SaidConcept(entry.path, Mention(m.word, name, self._urls.href(entry.path)), node)

        return make
